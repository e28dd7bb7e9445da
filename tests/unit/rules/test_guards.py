"""What may a law ask before an act? Each guard says no with its reason and its ground, or nothing."""

from __future__ import annotations

from typing import Any

import pytest

from handleflow import Act, Actor, Rulebook
from handleflow.acts import (
    Accept,
    ApproveDraft,
    Assign,
    DraftReply,
    Evaluate,
    GiveOpinion,
    Reassign,
    Receive,
    RecordContact,
    Rehandle,
    RejectOpinion,
    Reply,
    ReturnDraft,
    TakeOver,
    Withdraw,
)
from handleflow.errors import BrokenRulebook
from handleflow.testing import Scenario, given, unit
from tests.beginnings import DEPUTY, GOVERNMENT, OFFICE, ROADS, SCHOOLS, SECOND, WATER, rulebook

NATIONAL = rulebook()


def guarded(ask: str, *of: str, cite: str = "host", **settings: Any) -> Rulebook:
    """The national rulebook with one guard more."""
    return rulebook(guard=[{"ask": ask, "of": list(of), "cite": cite, "settings": settings}])


def handling(rules: Rulebook, co_units: tuple[str, ...] = (), co_signers: tuple[str, ...] = ()) -> Scenario:
    """Received, assigned to the Water Bureau and accepted by it."""
    story = given(rules).and_(Receive("Pipes", "Deputy A", co_signers), by=OFFICE, on="2026-02-09")
    return story.and_(Assign(("Water Bureau",), co_units), by=OFFICE, on="2026-02-10").and_(Accept(), by=WATER)


def replied(story: Scenario, by: Actor = WATER) -> Scenario:
    return story.and_(RecordContact("before"), by=by).and_(Reply("A", "done"), by=by)


def dissatisfied(story: Scenario, of: str = "Water Bureau") -> Scenario:
    return story.and_(Evaluate(of, "dissatisfied", reason="nothing was done"), by=DEPUTY)


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

        assert given(NATIONAL).when(act, by=OFFICE, on="2026-02-09").rules == reasons

    def test_who_is_refused_reads_where_it_belongs_and_by_which_article(self) -> None:
        outcome = given(NATIONAL).when(Receive("Pipes", "Deputy A", matter="proposal"), by=OFFICE, on="2026-02-09")
        (reason,) = outcome.reasons

        assert (reason.citation, "CPPCC proposals under" in reason.words(), "政协提案" in reason.words("zh")) == (
            "DBF25 51",
            True,
            True,
        )


class TestUnitsAreKnown:
    """Only units of the place's register are named."""

    RULES = guarded("units_are_known", "assign", "reassign", units=["Water Bureau", "Roads Bureau"])

    def received(self) -> Scenario:
        return given(self.RULES).and_(Receive("Pipes", "Deputy A"), by=OFFICE, on="2026-02-09")

    def test_a_registered_unit_is_assigned(self) -> None:
        assert self.received().when(Assign(("Water Bureau",), ("Roads Bureau",)), by=OFFICE).rules == ()

    def test_a_misspelt_unit_is_refused_with_the_nearest_name(self) -> None:
        outcome = self.received().when(Assign(("Watr Bureau",)), by=OFFICE)

        assert "not in the register of units: Watr Bureau; did you mean 'Water Bureau'?" in outcome.text()

    def test_a_stranger_among_co_units_is_refused_too(self) -> None:
        outcome = self.received().when(Assign(("Water Bureau",), ("Schools Bureau",)), by=OFFICE)

        assert outcome.rules == ("units_are_known",)

    def test_whoever_comes_later_is_looked_up_as_well(self) -> None:
        story = self.received().and_(Assign(("Water Bureau",)), by=OFFICE)

        assert story.when(Reassign(("Schools Bureau",), reason="schools"), by=OFFICE).rules == ("units_are_known",)


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
            story = story.and_(RecordContact(stage), by=WATER)

        assert story.when(Reply("A", "done"), by=WATER).rules == reasons

    def test_another_units_contact_does_not_count(self) -> None:
        story = handling(NATIONAL, ("Roads Bureau",)).and_(RecordContact("before"), by=ROADS)

        assert story.when(Reply("A", "done"), by=WATER).rules == ("deputy_was_heard",)

    def test_a_contact_of_the_round_before_does_not_count(self) -> None:
        story = dissatisfied(replied(handling(NATIONAL)))
        story = story.and_(Rehandle(("Water Bureau",), "nothing was done"), by=OFFICE)

        assert story.when(Reply("A", "done"), by=WATER).rules == ("deputy_was_heard",)

    def test_who_is_refused_reads_the_article_and_what_would_help(self) -> None:
        (reason,) = handling(NATIONAL).when(Reply("A", "done"), by=WATER).reasons

        assert reason.text() == (
            "Water Bureau has not yet heard the deputy in round 1; "
            "record a contact before or during handling [DBF25 art. 51]"
        )

    def test_a_unit_without_a_part_is_told_that_as_well(self) -> None:
        outcome = handling(NATIONAL).when(Reply("A", "done"), by=SCHOOLS)

        assert outcome.rules == ("not_a_lead", "deputy_was_heard")


class TestDraftWasApproved:
    """A reply goes out only after the office has approved its draft."""

    RULES = guarded("draft_was_approved", "reply")

    def heard(self) -> Scenario:
        return handling(self.RULES).and_(RecordContact("before"), by=WATER)

    def test_no_draft_is_no_approval(self) -> None:
        assert self.heard().when(Reply("A", "done"), by=WATER).rules == ("draft_was_approved",)

    def test_a_draft_that_waits_is_not_approved(self) -> None:
        story = self.heard().and_(DraftReply("A", "done"), by=WATER)

        assert story.when(Reply("A", "done"), by=WATER).rules == ("draft_was_approved",)

    def test_a_draft_that_came_back_is_not_approved(self) -> None:
        story = self.heard().and_(DraftReply("A", "done"), by=WATER)
        story = story.and_(ReturnDraft("Water Bureau", "too short"), by=OFFICE)

        assert story.when(Reply("A", "done"), by=WATER).rules == ("draft_was_approved",)

    def test_an_approved_draft_goes_out(self) -> None:
        story = self.heard().and_(DraftReply("A", "done"), by=WATER).and_(ApproveDraft("Water Bureau"), by=OFFICE)

        assert story.when(Reply("A", "done"), by=WATER).rules == ()

    def test_a_newer_draft_takes_the_approval_away(self) -> None:
        story = self.heard().and_(DraftReply("A", "done"), by=WATER).and_(ApproveDraft("Water Bureau"), by=OFFICE)
        story = story.and_(DraftReply("B", "later"), by=WATER)

        assert story.when(Reply("B", "later"), by=WATER).rules == ("draft_was_approved",)

    def test_an_approval_of_the_round_before_does_not_count(self) -> None:
        story = self.heard().and_(DraftReply("A", "done"), by=WATER).and_(ApproveDraft("Water Bureau"), by=OFFICE)
        story = dissatisfied(story.and_(Reply("A", "done"), by=WATER))
        story = story.and_(Rehandle(("Water Bureau",), "nothing was done"), by=OFFICE)
        story = story.and_(RecordContact("before"), by=WATER)

        assert story.when(Reply("A", "done"), by=WATER).rules == ("draft_was_approved",)

    def test_another_units_draft_does_not_count(self) -> None:
        story = self.heard().and_(DraftReply("A", "done"), by=WATER).and_(ApproveDraft("Water Bureau"), by=OFFICE)

        assert "draft_was_approved" in story.when(Reply("A", "done"), by=ROADS).rules


class TestCoOpinionsAreIn:
    """A lead replies after every co unit gave its opinion."""

    RULES = guarded("co_opinions_are_in", "reply")

    def heard(self, *co_units: str) -> Scenario:
        return handling(self.RULES, co_units).and_(RecordContact("before"), by=WATER)

    def test_without_co_units_nothing_is_missing(self) -> None:
        assert self.heard().when(Reply("A", "done"), by=WATER).rules == ()

    def test_one_missing_opinion_is_named(self) -> None:
        story = self.heard("Roads Bureau", "Schools Bureau").and_(GiveOpinion("yes"), by=ROADS)
        (reason,) = story.when(Reply("A", "done"), by=WATER).reasons

        assert (reason.rule, reason.words()) == (
            "co_opinions_are_in",
            "no standing opinion of Schools Bureau",
        )

    def test_every_opinion_given_lets_the_lead_reply(self) -> None:
        story = self.heard("Roads Bureau", "Schools Bureau")
        story = story.and_(GiveOpinion("yes"), by=ROADS).and_(GiveOpinion("yes"), by=SCHOOLS)

        assert story.when(Reply("A", "done"), by=WATER).rules == ()

    def test_a_rejected_opinion_must_be_given_again(self) -> None:
        story = self.heard("Roads Bureau").and_(GiveOpinion("yes"), by=ROADS)
        rejected = story.and_(RejectOpinion("Roads Bureau", "it says nothing"), by=WATER)
        again = rejected.and_(GiveOpinion("yes, by May"), by=ROADS)

        assert [s.when(Reply("A", "done"), by=WATER).rules for s in (rejected, again)] == [
            ("co_opinions_are_in",),
            (),
        ]


class TestLeadDeputyRates:
    """Of those who made a joint suggestion, the lead deputy rates (重庆 art. 26, 浙江 art. 23)."""

    RULES = guarded("lead_deputy_rates", "evaluate")

    def test_a_co_signer_is_referred_to_the_lead_deputy(self) -> None:
        story = replied(handling(self.RULES, co_signers=("Deputy B",)))
        (reason,) = story.when(Evaluate("Water Bureau", "satisfied"), by=SECOND).reasons

        assert (reason.rule, reason.words()) == (
            "lead_deputy_rates",
            "the lead deputy rates it, and that is Deputy A",
        )

    def test_the_lead_deputy_rates(self) -> None:
        story = replied(handling(self.RULES, co_signers=("Deputy B",)))

        assert story.when(Evaluate("Water Bureau", "satisfied"), by=DEPUTY).rules == ()

    def test_where_nobody_knows_who_made_it_the_act_itself_refuses_and_not_the_guard(self) -> None:
        story = given(self.RULES).and_(
            TakeOver("Pipes", leads=("Water Bureau",), mark="A"), by=OFFICE, on="2026-02-09"
        )

        assert story.when(Evaluate("Water Bureau", "satisfied"), by=SECOND).rules == ("deputy_unknown",)

    @pytest.mark.parametrize(
        ("rater", "reasons"), [("Deputy A", ()), ("Deputy B", ("lead_deputy_rates",))], ids=["lead", "co-signer"]
    )
    def test_a_rating_entered_by_the_office_counts_as_the_raters(self, rater: str, reasons: tuple[str, ...]) -> None:
        transition = {
            "act": "evaluate",
            "source": ["replied"],
            "target": "evaluated",
            "who": ["deputy", "congress_office"],
        }
        guard = {"ask": "lead_deputy_rates", "of": ["evaluate"], "cite": "host"}
        story = replied(handling(rulebook(transition=[transition], guard=[guard]), co_signers=("Deputy B",)))

        assert story.when(Evaluate("Water Bureau", "satisfied", rater=rater), by=OFFICE).rules == reasons


class TestWithdrawal:
    """Who may take a joint suggestion back is the rulebook's question."""

    def joint(self, ask: str) -> Scenario:
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
        assert self.joint(ask).when(Withdraw("it is solved", agreed_by), by=by).rules == reasons

    def test_those_who_have_not_agreed_are_named(self) -> None:
        outcome = self.joint("withdrawal_is_unanimous").when(Withdraw("it is solved"), by=DEPUTY)

        assert [o.words() for o in outcome.reasons] == ["not yet agreed: Deputy B"]


class TestDeputyIsDissatisfied:
    """It is handled again only where a reply that stands was rated dissatisfied."""

    def test_a_satisfied_deputy_has_nothing_to_send_back(self) -> None:
        story = replied(handling(NATIONAL)).and_(Evaluate("Water Bureau", "satisfied"), by=DEPUTY)
        outcome = story.when(Rehandle(("Water Bureau",), "x"), by=OFFICE)

        assert [(o.rule, o.citation) for o in outcome.reasons] == [("deputy_is_dissatisfied", "NPC-YSGZ 32")]

    def test_a_role_that_is_not_asked_has_an_unrated_reply_handled_again_too(self) -> None:
        rules = guarded("deputy_is_dissatisfied", "rehandle", not_asked_of=["congress_office"])
        story = replied(handling(rules))
        story, again = story.and_(Evaluate("Water Bureau", "satisfied"), by=DEPUTY), Rehandle(("Water Bureau",), "x")

        assert story.when(again, by=OFFICE).rules == ()
        assert story.when(again, by=GOVERNMENT).rules == ("deputy_is_dissatisfied",)

    def test_a_role_that_there_is_not_is_a_finding(self) -> None:
        with pytest.raises(BrokenRulebook, match="unknown role 'congres_office'; did you mean 'congress_office'"):
            guarded("deputy_is_dissatisfied", "rehandle", not_asked_of=["congres_office"])

    def test_dissatisfaction_with_the_attitude_is_enough(self) -> None:
        verdict = Evaluate("Water Bureau", "satisfied", attitude="dissatisfied", reason="nobody called")
        story = replied(handling(NATIONAL)).and_(verdict, by=DEPUTY)

        assert story.when(Rehandle(("Water Bureau",), "nobody called"), by=OFFICE).rules == ()

    def test_one_dissatisfying_reply_among_several_is_enough(self) -> None:
        story = given(NATIONAL).and_(Receive("Pipes", "Deputy A"), by=OFFICE, on="2026-02-09")
        story = story.and_(Assign(("Water Bureau", "Roads Bureau")), by=OFFICE)
        for by in (WATER, ROADS):
            story = replied(story.and_(Accept(), by=by), by)
        story = story.and_(Evaluate("Water Bureau", "satisfied"), by=DEPUTY)

        assert dissatisfied(story, "Roads Bureau").when(Rehandle(("Roads Bureau",), "x"), by=OFFICE).rules == ()

    def test_dissatisfaction_with_a_reply_since_replaced_does_not_count(self) -> None:
        story = dissatisfied(replied(handling(NATIONAL)))
        story = replied(story.and_(Rehandle(("Water Bureau",), "nothing was done"), by=OFFICE))
        story = story.and_(Evaluate("Water Bureau", "satisfied"), by=DEPUTY)

        assert story.when(Rehandle(("Water Bureau",), "x"), by=OFFICE).rules == ("deputy_is_dissatisfied",)


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
        story = story.and_(Rehandle(("Water Bureau",), "nothing was done"), by=OFFICE)
        outcome = dissatisfied(replied(story)).when(Rehandle(("Water Bureau",), "again nothing"), by=OFFICE)
        (reason,) = outcome.reasons

        assert (reason.rule, reason.text(), reason.words("zh"), reason.remedy("zh")) == (
            "rounds_are_left",
            ("it was handled again 1 time(s), 1 at most; the congress convenes both [the office's own rule]"),
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
    outcome = handling(rules, ("Roads Bureau",)).when(Reply("A", "done"), by=WATER)

    assert outcome.rules == ("deputy_was_heard", "co_opinions_are_in", "draft_was_approved")


def test_a_guard_is_asked_only_of_the_acts_its_rulebook_names() -> None:
    story = handling(guarded("draft_was_approved", "request_return")).and_(RecordContact("before"), by=WATER)

    assert story.when(Reply("A", "done"), by=unit("Water Bureau")).rules == ()
