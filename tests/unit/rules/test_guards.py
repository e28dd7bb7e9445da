"""What may a law ask before an act? Each guard says no with its reason and its ground, or nothing."""

from __future__ import annotations

from typing import Any

import pytest

from handleflow import (
    Accept,
    Act,
    Actor,
    ApproveDraft,
    Assign,
    DraftReply,
    Evaluate,
    GiveOpinion,
    Reassign,
    Receive,
    RecordContact,
    Refused,
    Rehandle,
    RejectOpinion,
    Reply,
    ReturnDraft,
    Rulebook,
    TakeOver,
    Withdraw,
)
from tests.story import DEPUTY, OFFICE, ROADS, SCHOOLS, SECOND, WATER, Story, rulebook, unit

NATIONAL = rulebook()


def guarded(ask: str, *of: str, cite: str = "host", **settings: Any) -> Rulebook:
    """The national rulebook with one guard more."""
    return rulebook(guard=[{"ask": ask, "of": list(of), "cite": cite, "settings": settings}])


def handling(rules: Rulebook, co_units: tuple[str, ...] = (), co_signers: tuple[str, ...] = ()) -> Story:
    """Received, assigned to the Water Bureau and accepted by it."""
    story = Story(rules).then(Receive("Pipes", "Deputy A", co_signers), OFFICE, "2026-02-09")
    return story.then(Assign(("Water Bureau",), co_units), OFFICE, "2026-02-10").then(Accept(), WATER)


def replied(story: Story, by: Actor = WATER) -> Story:
    return story.then(RecordContact("before"), by).then(Reply("A", "done"), by)


def dissatisfied(story: Story, of: str = "Water Bureau") -> Story:
    return story.then(Evaluate(of, "dissatisfied", reason="nothing was done"), DEPUTY)


def refusal(story: Story) -> Refused:
    assert story.refused is not None
    return story.refused


class TestMatterIsAccepted:
    """The law on deputies governs deputies' suggestions."""

    @pytest.mark.parametrize(
        ("matter", "reasons"),
        [
            pytest.param("suggestion", (), id="a deputy's suggestion"),
            pytest.param("unclear", (), id="what is not yet clear"),
            pytest.param("motion", ("matter_is_accepted",), id="a motion goes through the congress"),
            pytest.param("proposal", ("matter_is_accepted",), id="a proposal of the CPPCC has its own rules"),
        ],
    )
    @pytest.mark.parametrize("is_new", [True, False], ids=["received", "taken over"])
    def test_only_deputies_suggestions_are_handled(self, matter: str, reasons: tuple[str, ...], is_new: bool) -> None:
        act: Act = Receive("Pipes", "Deputy A", matter=matter) if is_new else TakeOver("Pipes", matter=matter)

        assert Story(NATIONAL).ask(act, OFFICE).reasons == reasons

    def test_who_is_refused_reads_where_it_belongs_and_by_which_article(self) -> None:
        story = Story(NATIONAL).ask(Receive("Pipes", "Deputy A", matter="proposal"), OFFICE)
        (objection,) = refusal(story).objections

        assert (objection.citation, "CPPCC proposals under" in objection.en, "政协提案" in objection.zh) == (
            "DBF25 art. 51",
            True,
            True,
        )


class TestUnitsAreKnown:
    """Only units of the place's register are named."""

    RULES = guarded("units_are_known", "assign", "reassign", units=["Water Bureau", "Roads Bureau"])

    def received(self) -> Story:
        return Story(self.RULES).then(Receive("Pipes", "Deputy A"), OFFICE)

    def test_a_registered_unit_is_assigned(self) -> None:
        assert self.received().ask(Assign(("Water Bureau",), ("Roads Bureau",)), OFFICE).reasons == ()

    def test_a_misspelt_unit_is_refused_with_the_nearest_name(self) -> None:
        story = self.received().ask(Assign(("Watr Bureau",)), OFFICE)

        assert "not in the register of units: Watr Bureau; did you mean 'Water Bureau'?" in str(story.refused)

    def test_a_stranger_among_co_units_is_refused_too(self) -> None:
        story = self.received().ask(Assign(("Water Bureau",), ("Schools Bureau",)), OFFICE)

        assert story.reasons == ("units_are_known",)

    def test_whoever_comes_later_is_looked_up_as_well(self) -> None:
        story = self.received().then(Assign(("Water Bureau",)), OFFICE)

        assert story.ask(Reassign(("Schools Bureau",), reason="schools"), OFFICE).reasons == ("units_are_known",)


class TestDeputyWasHeard:
    """No reply before the deputy was heard in this round, by the unit that replies (代表法 art. 51)."""

    @pytest.mark.parametrize(
        ("stages", "reasons"),
        [
            pytest.param([], ("deputy_was_heard",), id="never"),
            pytest.param(["before"], (), id="before handling"),
            pytest.param(["during"], (), id="during handling"),
            pytest.param(["after"], ("deputy_was_heard",), id="only after the fact"),
            pytest.param(["after", "during"], (), id="after, then during"),
        ],
    )
    def test_a_reply_needs_a_contact_before_or_during(self, stages: list[str], reasons: tuple[str, ...]) -> None:
        story = handling(NATIONAL)
        for stage in stages:
            story = story.then(RecordContact(stage), WATER)

        assert story.ask(Reply("A", "done"), WATER).reasons == reasons

    def test_another_units_contact_does_not_count(self) -> None:
        story = handling(NATIONAL, ("Roads Bureau",)).then(RecordContact("before"), ROADS)

        assert story.ask(Reply("A", "done"), WATER).reasons == ("deputy_was_heard",)

    def test_a_contact_of_the_round_before_does_not_count(self) -> None:
        story = dissatisfied(replied(handling(NATIONAL)))
        story = story.then(Rehandle(("Water Bureau",), "nothing was done"), OFFICE)

        assert story.ask(Reply("A", "done"), WATER).reasons == ("deputy_was_heard",)

    def test_who_is_refused_reads_the_article_and_what_would_help(self) -> None:
        (objection,) = refusal(handling(NATIONAL).ask(Reply("A", "done"), WATER)).objections

        assert objection.text() == (
            "Water Bureau has not yet heard the deputy in round 1; "
            "record a contact before or during handling [DBF25 art. 51]"
        )

    def test_a_unit_without_a_part_is_told_that_as_well(self) -> None:
        story = handling(NATIONAL).ask(Reply("A", "done"), SCHOOLS)

        assert story.reasons == ("not_a_lead", "deputy_was_heard")


class TestDraftWasApproved:
    """A reply goes out only after the office has approved its draft."""

    RULES = guarded("draft_was_approved", "reply")

    def heard(self) -> Story:
        return handling(self.RULES).then(RecordContact("before"), WATER)

    def test_no_draft_is_no_approval(self) -> None:
        assert self.heard().ask(Reply("A", "done"), WATER).reasons == ("draft_was_approved",)

    def test_a_draft_that_waits_is_not_approved(self) -> None:
        story = self.heard().then(DraftReply("A", "done"), WATER)

        assert story.ask(Reply("A", "done"), WATER).reasons == ("draft_was_approved",)

    def test_a_draft_that_came_back_is_not_approved(self) -> None:
        story = self.heard().then(DraftReply("A", "done"), WATER)
        story = story.then(ReturnDraft("Water Bureau", "too short"), OFFICE)

        assert story.ask(Reply("A", "done"), WATER).reasons == ("draft_was_approved",)

    def test_an_approved_draft_goes_out(self) -> None:
        story = self.heard().then(DraftReply("A", "done"), WATER).then(ApproveDraft("Water Bureau"), OFFICE)

        assert story.ask(Reply("A", "done"), WATER).reasons == ()

    def test_a_newer_draft_takes_the_approval_away(self) -> None:
        story = self.heard().then(DraftReply("A", "done"), WATER).then(ApproveDraft("Water Bureau"), OFFICE)
        story = story.then(DraftReply("B", "later"), WATER)

        assert story.ask(Reply("B", "later"), WATER).reasons == ("draft_was_approved",)

    def test_an_approval_of_the_round_before_does_not_count(self) -> None:
        story = self.heard().then(DraftReply("A", "done"), WATER).then(ApproveDraft("Water Bureau"), OFFICE)
        story = dissatisfied(story.then(Reply("A", "done"), WATER))
        story = story.then(Rehandle(("Water Bureau",), "nothing was done"), OFFICE)
        story = story.then(RecordContact("before"), WATER)

        assert story.ask(Reply("A", "done"), WATER).reasons == ("draft_was_approved",)

    def test_another_units_draft_does_not_count(self) -> None:
        story = self.heard().then(DraftReply("A", "done"), WATER).then(ApproveDraft("Water Bureau"), OFFICE)

        assert "draft_was_approved" in story.ask(Reply("A", "done"), ROADS).reasons


class TestCoOpinionsAreIn:
    """A lead replies after every co unit gave its opinion."""

    RULES = guarded("co_opinions_are_in", "reply")

    def heard(self, *co_units: str) -> Story:
        return handling(self.RULES, co_units).then(RecordContact("before"), WATER)

    def test_without_co_units_nothing_is_missing(self) -> None:
        assert self.heard().ask(Reply("A", "done"), WATER).reasons == ()

    def test_one_missing_opinion_is_named(self) -> None:
        story = self.heard("Roads Bureau", "Schools Bureau").then(GiveOpinion("yes"), ROADS)
        (objection,) = refusal(story.ask(Reply("A", "done"), WATER)).objections

        assert (objection.rule, objection.en) == (
            "co_opinions_are_in",
            "no standing opinion of Schools Bureau",
        )

    def test_every_opinion_given_lets_the_lead_reply(self) -> None:
        story = self.heard("Roads Bureau", "Schools Bureau")
        story = story.then(GiveOpinion("yes"), ROADS).then(GiveOpinion("yes"), SCHOOLS)

        assert story.ask(Reply("A", "done"), WATER).reasons == ()

    def test_a_rejected_opinion_must_be_given_again(self) -> None:
        story = self.heard("Roads Bureau").then(GiveOpinion("yes"), ROADS)
        rejected = story.then(RejectOpinion("Roads Bureau", "it says nothing"), WATER)
        again = rejected.then(GiveOpinion("yes, by May"), ROADS)

        assert [s.ask(Reply("A", "done"), WATER).reasons for s in (rejected, again)] == [
            ("co_opinions_are_in",),
            (),
        ]


class TestLeadDeputyRates:
    """Of those who made a joint suggestion, the lead deputy rates (重庆 art. 26, 浙江 art. 23)."""

    RULES = guarded("lead_deputy_rates", "evaluate")

    def test_a_co_signer_is_referred_to_the_lead_deputy(self) -> None:
        story = replied(handling(self.RULES, co_signers=("Deputy B",)))
        (objection,) = refusal(story.ask(Evaluate("Water Bureau", "satisfied"), SECOND)).objections

        assert (objection.rule, objection.en) == (
            "lead_deputy_rates",
            "the lead deputy rates it, and that is Deputy A",
        )

    def test_the_lead_deputy_rates(self) -> None:
        story = replied(handling(self.RULES, co_signers=("Deputy B",)))

        assert story.ask(Evaluate("Water Bureau", "satisfied"), DEPUTY).reasons == ()

    def test_where_nobody_knows_who_made_it_any_deputy_rates(self) -> None:
        story = Story(self.RULES).then(TakeOver("Pipes", leads=("Water Bureau",), mark="A"), OFFICE)

        assert story.ask(Evaluate("Water Bureau", "satisfied"), SECOND).reasons == ()

    @pytest.mark.parametrize(
        ("rater", "reasons"), [("Deputy A", ()), ("Deputy B", ("lead_deputy_rates",))], ids=["lead", "co-signer"]
    )
    def test_a_rating_entered_by_the_office_counts_as_the_raters(self, rater: str, reasons: tuple[str, ...]) -> None:
        arrow = {
            "act": "evaluate",
            "source": ["replied"],
            "target": "evaluated",
            "who": ["deputy", "congress_office"],
        }
        guard = {"ask": "lead_deputy_rates", "of": ["evaluate"], "cite": "host"}
        story = replied(handling(rulebook(arrow=[arrow], guard=[guard]), co_signers=("Deputy B",)))

        assert story.ask(Evaluate("Water Bureau", "satisfied", rater=rater), OFFICE).reasons == reasons


class TestWithdrawal:
    """Who may take a joint suggestion back is the rulebook's question."""

    def joint(self, ask: str) -> Story:
        return handling(guarded(ask, "withdraw"), co_signers=("Deputy B",))

    @pytest.mark.parametrize(
        ("ask", "by", "agreed_by", "reasons"),
        [
            pytest.param("lead_deputy_withdraws", DEPUTY, (), (), id="the lead deputy alone may"),
            pytest.param(
                "lead_deputy_withdraws", SECOND, (), ("lead_deputy_withdraws",), id="a co-signer alone may not"
            ),
            pytest.param(
                "withdrawal_is_unanimous",
                DEPUTY,
                (),
                ("withdrawal_is_unanimous",),
                id="where all must agree, the lead deputy alone may not",
            ),
            pytest.param("withdrawal_is_unanimous", DEPUTY, ("Deputy B",), (), id="where all must agree, and all do"),
            pytest.param("withdrawal_is_unanimous", SECOND, ("Deputy A",), (), id="and it matters not who says so"),
        ],
    )
    def test_a_joint_suggestion_is_withdrawn_as_the_rulebook_says(
        self, ask: str, by: Actor, agreed_by: tuple[str, ...], reasons: tuple[str, ...]
    ) -> None:
        assert self.joint(ask).ask(Withdraw("it is solved", agreed_by), by).reasons == reasons

    def test_those_who_have_not_agreed_are_named(self) -> None:
        story = self.joint("withdrawal_is_unanimous").ask(Withdraw("it is solved"), DEPUTY)

        assert [o.en for o in refusal(story).objections] == ["not yet agreed: Deputy B"]


class TestDeputyIsDissatisfied:
    """It is handled again only where a reply that stands was rated dissatisfied."""

    def test_a_satisfied_deputy_has_nothing_to_send_back(self) -> None:
        story = replied(handling(NATIONAL)).then(Evaluate("Water Bureau", "satisfied"), DEPUTY)
        story = story.ask(Rehandle(("Water Bureau",), "x"), OFFICE)

        assert [(o.rule, o.citation) for o in refusal(story).objections] == [
            ("deputy_is_dissatisfied", "NPC-YSGZ art. 32")
        ]

    def test_dissatisfaction_with_the_attitude_is_enough(self) -> None:
        verdict = Evaluate("Water Bureau", "satisfied", attitude="dissatisfied", reason="nobody called")
        story = replied(handling(NATIONAL)).then(verdict, DEPUTY)

        assert story.ask(Rehandle(("Water Bureau",), "nobody called"), OFFICE).reasons == ()

    def test_one_dissatisfying_reply_among_several_is_enough(self) -> None:
        story = Story(NATIONAL).then(Receive("Pipes", "Deputy A"), OFFICE)
        story = story.then(Assign(("Water Bureau", "Roads Bureau")), OFFICE)
        for by in (WATER, ROADS):
            story = replied(story.then(Accept(), by), by)
        story = story.then(Evaluate("Water Bureau", "satisfied"), DEPUTY)

        assert dissatisfied(story, "Roads Bureau").ask(Rehandle(("Roads Bureau",), "x"), OFFICE).reasons == ()

    def test_dissatisfaction_with_a_reply_since_replaced_does_not_count(self) -> None:
        story = dissatisfied(replied(handling(NATIONAL)))
        story = replied(story.then(Rehandle(("Water Bureau",), "nothing was done"), OFFICE))
        story = story.then(Evaluate("Water Bureau", "satisfied"), DEPUTY)

        assert story.ask(Rehandle(("Water Bureau",), "x"), OFFICE).reasons == ("deputy_is_dissatisfied",)


class TestRoundsAreLeft:
    """It is handled again so many times; then something else follows (重庆 art. 27)."""

    RULES = guarded(
        "rounds_are_left",
        "rehandle",
        limit=1,
        then_en="the congress convenes both",
        then_zh="由人大机构组织面商",
    )

    def test_the_first_rehandling_is_free_and_the_second_is_told_what_follows(self) -> None:
        story = dissatisfied(replied(handling(self.RULES)))
        story = story.then(Rehandle(("Water Bureau",), "nothing was done"), OFFICE)
        story = dissatisfied(replied(story)).ask(Rehandle(("Water Bureau",), "again nothing"), OFFICE)
        (objection,) = refusal(story).objections

        assert (objection.rule, objection.text(), objection.zh, objection.remedy_zh) == (
            "rounds_are_left",
            (
                "it was handled again 1 time(s), 1 at most; the congress convenes both "
                "[本机关规定 / the office's own rule]"
            ),
            "已重新办理 1 次，最多 1 次",
            "由人大机构组织面商",
        )


def test_every_guard_that_says_no_is_reported_at_once() -> None:
    rules = rulebook(
        guard=[
            {"ask": "co_opinions_are_in", "of": ["reply"], "cite": "host"},
            {"ask": "draft_was_approved", "of": ["reply"], "cite": "host"},
        ]
    )
    story = handling(rules, ("Roads Bureau",)).ask(Reply("A", "done"), WATER)

    assert story.reasons == ("deputy_was_heard", "co_opinions_are_in", "draft_was_approved")


def test_a_guard_is_asked_only_of_the_acts_its_rulebook_names() -> None:
    story = handling(guarded("draft_was_approved", "request_return")).then(RecordContact("before"), WATER)

    assert story.ask(Reply("A", "done"), unit("Water Bureau")).reasons == ()
