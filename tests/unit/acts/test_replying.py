"""What does the unit answer? Drafts and their review, one reply a round, and its class."""

from __future__ import annotations

import pytest

from handleflow import (
    Accept,
    ApproveDraft,
    Assign,
    DraftReply,
    Evaluate,
    Promise,
    RecordContact,
    Regrade,
    Rehandle,
    Reply,
    ReturnDraft,
)
from handleflow.errors import EmptyWords, ImpossibleDay
from handleflow.legal_time import day
from tests.story import (
    DEPUTY,
    OFFICE,
    ROADS,
    SCHOOLS,
    WATER,
    Story,
    accepted,
    assigned,
    received,
    replied,
    rulebook,
)

RULES = rulebook()
REVIEWED = rulebook(guard=[{"ask": "draft_was_approved", "of": ["reply"], "cite": "host"}])
DATED = rulebook(
    outcome=[
        {"code": "A", "en": "solved", "zh": "已解决", "cite": "host"},
        {
            "code": "B",
            "en": "planned",
            "zh": "列入计划",
            "cite": "host",
            "is_commitment": True,
            "needs_day": True,
        },
    ]
)
BACKDATED = rulebook(backdating=[{"role": "unit", "within": "30 days", "cite": "host"}])


def heard(*leads: str) -> Story:
    story = accepted(RULES, *leads)
    for lead in (WATER, ROADS)[: max(1, len(leads))]:
        story = story.then(RecordContact("before"), lead)
    return story


class TestReply:
    """One lead answers once a round."""

    def test_it_stands_with_its_words_its_signature_and_its_day(self) -> None:
        story = heard().then(Reply("A", "the pipes are new", signed_by="Person P"), WATER, "2026-03-02")
        (reply,) = story.suggestion.replies

        assert (reply.unit, reply.round, reply.outcome, reply.text, reply.signed_by, reply.on) == (
            "Water Bureau",
            1,
            "A",
            "the pipes are new",
            "Person P",
            day("2026-03-02"),
        )

    def test_what_its_class_meant_that_day_is_written_down(self) -> None:
        (reply,) = replied(RULES).suggestion.replies

        assert reply.classified is not None
        assert (reply.classified.is_resolved, reply.classified.label) == (True, "已经解决或者基本解决")

    def test_a_second_reply_in_the_round_is_refused_with_the_way_out(self) -> None:
        story = heard("Water Bureau", "Roads Bureau").then(Reply("A", "done"), WATER)
        story = story.ask(Reply("A", "done better"), WATER)

        assert story.reasons == ("already_replied",)
        assert "Water Bureau has replied in round 1 already; a new reply needs rehandling" in story.told_why()

    def test_a_round_later_it_replies_again_and_the_first_reply_stays(self) -> None:
        story = replied(RULES).then(Evaluate("Water Bureau", "dissatisfied", reason="dry"), DEPUTY)
        story = story.then(Rehandle(("Water Bureau",), "dry"), OFFICE).then(RecordContact("before"), WATER)
        story = story.then(Reply("A", "done better"), WATER)

        assert [(r.round, r.text) for r in story.suggestion.replies] == [(1, "done"), (2, "done better")]

    def test_a_lead_that_has_not_signed_for_it_does_not_reply(self) -> None:
        story = assigned(RULES, "Water Bureau", "Roads Bureau").then(Accept(), ROADS)
        story = story.ask(Reply("A", "done"), WATER)

        assert story.reasons == ("not_accepted", "deputy_was_heard")

    def test_a_stranger_is_told_everything_at_once(self) -> None:
        story = accepted(RULES).ask(Reply("Z", "done", on="2026-02-11"), SCHOOLS)

        assert story.reasons == ("day_in_future", "not_a_lead", "outcome_is_known", "deputy_was_heard")

    def test_it_did_not_reply_before_it_was_assigned(self) -> None:
        story = received(BACKDATED).then(Assign(("Water Bureau",)), OFFICE, "2026-02-20")
        story = story.then(Accept(), WATER).then(RecordContact("before"), WATER)
        story = story.ask(Reply("A", "done", on="2026-02-18"), WATER, "2026-02-24")

        assert story.reasons == ("before_it_began",)

    def test_a_timely_reply_told_late_takes_the_miss_out_of_the_counts(self) -> None:
        story = accepted(BACKDATED).then(RecordContact("before"), WATER)
        story = story.then(Reply("A", "done", on="2026-05-11"), WATER, "2026-05-13")
        (term,) = story.suggestion.terms

        assert story.kinds[0] == "deadline_missed"
        assert (term.end, str(term.missed_on), term.is_breached, term.is_late) == (
            "met",
            "2026-05-11",
            False,
            False,
        )

    def test_a_reply_says_something(self) -> None:
        with pytest.raises(EmptyWords, match="Reply needs words for 'text'"):
            Reply("A", "")


class TestPromise:
    """What a reply promises."""

    def test_each_promise_is_followed_with_its_own_number_and_day(self) -> None:
        act = Reply("B", "partly", (Promise("pipes", "2026-12-31"), Promise("pumps")))
        story = heard().then(act, WATER)

        assert [(c.number, c.text, str(c.due_on)) for c in story.suggestion.commitments] == [
            (1, "pipes", "2026-12-31"),
            (2, "pumps", "None"),
        ]

    def test_it_does_not_promise_for_a_day_before_the_reply(self) -> None:
        act = Reply("B", "partly", (Promise("pipes", "2026-02-09"), Promise("pumps", "2026-02-10")))
        story = heard().ask(act, WATER)

        assert story.reasons == ("day_too_early",)
        assert "2026-02-09 is before 2026-02-10, when it is promised" in story.told_why()

    @pytest.mark.parametrize(
        ("promises", "reasons"),
        [
            pytest.param((), ("promise_needs_day",), id="no promise"),
            pytest.param((Promise("pipes"),), ("promise_needs_day",), id="a promise without a day"),
            pytest.param((Promise("pipes"), Promise("pumps", "2026-12-31")), (), id="one that names its day"),
        ],
    )
    def test_a_class_that_promises_a_day_names_one(
        self, promises: tuple[Promise, ...], reasons: tuple[str, ...]
    ) -> None:
        story = accepted(DATED).ask(RecordContact("before"), WATER).ask(Reply("B", "x", promises), WATER)

        assert story.reasons == reasons

    def test_a_promised_day_is_a_day(self) -> None:
        with pytest.raises(ImpossibleDay, match="2008-09-31"):
            Promise("pipes", "2008-09-31")


class TestDraft:
    """A draft is reviewed before it goes out."""

    def test_an_approved_draft_lets_the_reply_out(self) -> None:
        story = accepted(REVIEWED).then(RecordContact("before"), WATER)
        before = story.ask(Reply("A", "done"), WATER)
        story = story.then(DraftReply("A", "done"), WATER).then(ApproveDraft("Water Bureau"), OFFICE)

        assert before.reasons == ("draft_was_approved",)
        assert story.then(Reply("A", "done"), WATER).state == "replied"

    def test_a_returned_draft_does_not(self) -> None:
        story = accepted(REVIEWED).then(RecordContact("before"), WATER)
        story = story.then(DraftReply("A", "done"), WATER).then(ReturnDraft("Water Bureau", "how?"), OFFICE)

        assert [draft.verdict for draft in story.suggestion.drafts] == ["returned"]
        assert story.ask(Reply("A", "done"), WATER).reasons == ("draft_was_approved",)

    def test_a_second_draft_waits_for_the_verdict_on_the_first(self) -> None:
        story = accepted(RULES).then(DraftReply("A", "done"), WATER).ask(DraftReply("A", "well done"), WATER)

        assert story.reasons == ("draft_waiting",)

    def test_a_returned_draft_is_drawn_up_again(self) -> None:
        story = accepted(RULES).then(DraftReply("A", "done"), WATER)
        story = story.then(ReturnDraft("Water Bureau", "how?"), OFFICE)
        story = story.then(DraftReply("A", "with new pipes"), WATER).then(ApproveDraft("Water Bureau"), OFFICE)

        assert [draft.verdict for draft in story.suggestion.drafts] == ["returned", "approved"]

    def test_one_units_verdict_leaves_the_others_draft_open(self) -> None:
        story = accepted(RULES, "Water Bureau", "Roads Bureau").then(DraftReply("A", "done"), WATER)
        story = story.then(DraftReply("A", "done"), ROADS).then(ApproveDraft("Roads Bureau"), OFFICE)

        assert [(d.unit, d.verdict) for d in story.suggestion.drafts] == [
            ("Water Bureau", None),
            ("Roads Bureau", "approved"),
        ]

    @pytest.mark.parametrize(
        "act",
        [ApproveDraft("Water Bureau"), ReturnDraft("Water Bureau", "how?")],
        ids=["approving", "returning"],
    )
    def test_without_a_draft_there_is_nothing_to_review(self, act: ApproveDraft | ReturnDraft) -> None:
        assert accepted(RULES).ask(act, OFFICE).reasons == ("no_draft_waiting",)

    def test_only_a_unit_that_drafted_is_reviewed(self) -> None:
        story = accepted(RULES, "Water Bureau", "Roads Bureau").then(DraftReply("A", "done"), WATER)

        assert story.ask(ApproveDraft("Roads Bureau"), OFFICE).reasons == ("no_such_draft",)

    def test_a_unit_that_has_replied_drafts_no_more(self) -> None:
        story = heard("Water Bureau", "Roads Bureau").then(Reply("A", "done"), WATER)

        assert story.ask(DraftReply("A", "done"), WATER).reasons == ("already_replied",)

    def test_a_draft_nobody_judged_lapses_with_the_reply(self) -> None:
        story = heard("Water Bureau", "Roads Bureau").then(DraftReply("A", "done"), WATER)
        story = story.then(DraftReply("A", "done"), ROADS).then(Reply("A", "done"), WATER)

        assert [(d.unit, d.verdict) for d in story.suggestion.drafts] == [
            ("Water Bureau", "lapsed"),
            ("Roads Bureau", None),
        ]
        assert story.ask(ApproveDraft("Water Bureau"), OFFICE).reasons == ("no_such_draft",)

    @pytest.mark.parametrize(
        "act",
        [ApproveDraft("Water Bureau"), ReturnDraft("Water Bureau", "how?")],
        ids=["approving", "returning"],
    )
    def test_after_the_reply_there_is_no_draft_to_judge(self, act: ApproveDraft | ReturnDraft) -> None:
        story = heard("Water Bureau", "Roads Bureau").then(DraftReply("A", "done"), WATER)
        story = story.then(Reply("A", "done"), WATER)

        assert story.ask(act, OFFICE).reasons == ("no_draft_waiting",)

    def test_a_verdict_given_before_the_reply_stands(self) -> None:
        story = heard().then(DraftReply("A", "done"), WATER).then(ApproveDraft("Water Bureau"), OFFICE)

        assert [d.verdict for d in story.then(Reply("A", "done"), WATER).suggestion.drafts] == ["approved"]

    def test_a_new_round_drafts_anew(self) -> None:
        story = heard().then(DraftReply("A", "done"), WATER).then(Reply("A", "done"), WATER)
        story = story.then(Evaluate("Water Bureau", "dissatisfied", reason="dry"), DEPUTY)
        story = story.then(Rehandle(("Water Bureau",), "dry"), OFFICE).then(DraftReply("A", "done better"), WATER)

        assert [(d.round, d.verdict) for d in story.suggestion.drafts] == [(1, "lapsed"), (2, None)]

    def test_a_draft_of_an_unknown_class_is_refused_with_those_known(self) -> None:
        story = accepted(RULES).ask(DraftReply("E", "done"), WATER)

        assert story.reasons == ("outcome_is_known",)
        assert "'E' is no class of outcome of test 1; known: A, B, C, D" in story.told_why()

    def test_the_lead_does_not_approve_its_own_draft(self) -> None:
        story = accepted(RULES).then(DraftReply("A", "done"), WATER)

        assert story.ask(ApproveDraft("Water Bureau"), WATER).reasons == ("wrong_role",)


class TestRegrade:
    """The office corrects a class."""

    def test_only_that_units_class_changes_and_what_it_means_with_it(self) -> None:
        story = replied(RULES, "Water Bureau", "Roads Bureau")
        story = story.then(Regrade("Water Bureau", "C", "nothing was built"), OFFICE)

        assert [(r.unit, r.outcome) for r in story.suggestion.replies] == [
            ("Water Bureau", "C"),
            ("Roads Bureau", "A"),
        ]
        assert [r.classified.code for r in story.suggestion.replies if r.classified] == ["C", "A"]

    def test_what_was_promised_stays_promised(self) -> None:
        story = replied(RULES, outcome="B").then(Regrade("Water Bureau", "A", "it is solved"), OFFICE)

        assert [c.number for c in story.suggestion.open_commitments] == [1]

    def test_only_the_reply_of_the_present_round_is_graded_anew(self) -> None:
        story = replied(RULES).then(Evaluate("Water Bureau", "dissatisfied", reason="dry"), DEPUTY)
        story = story.then(Rehandle(("Water Bureau",), "dry"), OFFICE)
        early = story.ask(Regrade("Water Bureau", "C", "x"), OFFICE)
        story = story.then(RecordContact("before"), WATER).then(Reply("A", "done better"), WATER)
        story = story.then(Regrade("Water Bureau", "C", "x"), OFFICE)

        assert early.reasons == ("no_such_reply",)
        assert [r.outcome for r in story.suggestion.replies] == ["A", "C"]

    def test_a_unit_without_a_reply_has_no_class(self) -> None:
        story = replied(RULES).ask(Regrade("Roads Bureau", "C", "x"), OFFICE)

        assert story.reasons == ("no_such_reply",)
        assert "there is no reply of Roads Bureau; replied: Water Bureau" in story.told_why()

    def test_the_unit_does_not_grade_itself(self) -> None:
        assert replied(RULES).ask(Regrade("Water Bureau", "A", "x"), WATER).reasons == ("wrong_role",)
