"""What does the unit answer? Drafts and their review, one reply a round, and its class."""

from __future__ import annotations

import pytest

from handleflow import Promise
from handleflow.acts import (
    Accept,
    ApproveDraft,
    Assign,
    DraftReply,
    Evaluate,
    RecordContact,
    Regrade,
    Rehandle,
    Reply,
    ReturnDraft,
)
from handleflow.errors import EmptyWords, ImpossibleDay
from handleflow.legal_time import day
from handleflow.testing import Scenario
from tests.beginnings import DEPUTY, OFFICE, ROADS, SCHOOLS, WATER, accepted, assigned, received, replied, rulebook

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


def heard(*leads: str) -> Scenario:
    story = accepted(RULES, *leads)
    for lead in (WATER, ROADS)[: max(1, len(leads))]:
        story = story.and_(RecordContact("before"), by=lead)
    return story


class TestReply:
    """One lead answers once a round."""

    def test_it_stands_with_its_words_its_signature_and_its_day(self) -> None:
        story = heard().and_(Reply("A", "the pipes are new", signed_by="Person P"), by=WATER, on="2026-03-02")
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

        assert reply.snapshot is not None
        assert (reply.snapshot.is_resolved, reply.snapshot.label) == (True, "已经解决或者基本解决")

    def test_a_second_reply_in_the_round_is_refused_with_the_way_out(self) -> None:
        story = heard("Water Bureau", "Roads Bureau").and_(Reply("A", "done"), by=WATER)
        outcome = story.when(Reply("A", "done better"), by=WATER)

        assert outcome.rules == ("already_replied",)
        assert "Water Bureau has replied in round 1 already; a new reply needs rehandling" in outcome.text()

    def test_a_round_later_it_replies_again_and_the_first_reply_stays(self) -> None:
        story = replied(RULES).and_(Evaluate("Water Bureau", "dissatisfied", reason="dry"), by=DEPUTY)
        story = story.and_(Rehandle(("Water Bureau",), "dry"), by=OFFICE).and_(RecordContact("before"), by=WATER)
        story = story.and_(Reply("A", "done better"), by=WATER)

        assert [(r.round, r.text) for r in story.suggestion.replies] == [(1, "done"), (2, "done better")]

    def test_a_lead_that_has_not_signed_for_it_does_not_reply(self) -> None:
        story = assigned(RULES, "Water Bureau", "Roads Bureau").and_(Accept(), by=ROADS)
        outcome = story.when(Reply("A", "done"), by=WATER)

        assert outcome.rules == ("not_accepted", "deputy_was_heard")

    def test_a_stranger_is_told_everything_at_once(self) -> None:
        outcome = accepted(RULES).when(Reply("Z", "done", on="2026-02-11"), by=SCHOOLS)

        assert outcome.rules == ("day_in_future", "not_a_lead", "outcome_is_known", "deputy_was_heard")

    def test_it_did_not_reply_before_it_was_assigned(self) -> None:
        story = received(BACKDATED).and_(Assign(("Water Bureau",)), by=OFFICE, on="2026-02-20")
        story = story.and_(Accept(), by=WATER).and_(RecordContact("before"), by=WATER)
        outcome = story.when(Reply("A", "done", on="2026-02-18"), by=WATER, on="2026-02-24")

        assert outcome.rules == ("before_it_began",)

    def test_a_timely_reply_told_late_takes_the_miss_out_of_the_counts(self) -> None:
        story = accepted(BACKDATED).and_(RecordContact("before"), by=WATER)
        story = story.and_(Reply("A", "done", on="2026-05-11"), by=WATER, on="2026-05-13")
        (term,) = story.suggestion.terms

        assert story.last.kinds[0] == "deadline_missed"
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
        story = heard().and_(act, by=WATER)

        assert [(c.number, c.text, str(c.due_on)) for c in story.suggestion.commitments] == [
            (1, "pipes", "2026-12-31"),
            (2, "pumps", "None"),
        ]

    def test_it_does_not_promise_for_a_day_before_the_reply(self) -> None:
        act = Reply("B", "partly", (Promise("pipes", "2026-02-09"), Promise("pumps", "2026-02-10")))
        outcome = heard().when(act, by=WATER)

        assert outcome.rules == ("day_too_early",)
        assert "2026-02-09 is before 2026-02-10, when it is promised" in outcome.text()

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
        outcome = (
            accepted(DATED)
            .when(RecordContact("before"), by=WATER)
            .and_then()
            .when(Reply("B", "x", promises), by=WATER)
        )

        assert outcome.rules == reasons

    def test_a_promised_day_is_a_day(self) -> None:
        with pytest.raises(ImpossibleDay, match="2008-09-31"):
            Promise("pipes", "2008-09-31")


class TestDraft:
    """A draft is reviewed before it goes out."""

    def test_an_approved_draft_lets_the_reply_out(self) -> None:
        story = accepted(REVIEWED).and_(RecordContact("before"), by=WATER)
        before = story.when(Reply("A", "done"), by=WATER)
        story = story.and_(DraftReply("A", "done"), by=WATER).and_(ApproveDraft("Water Bureau"), by=OFFICE)

        assert before.rules == ("draft_was_approved",)
        assert story.and_(Reply("A", "done"), by=WATER).state == "replied"

    def test_a_returned_draft_does_not(self) -> None:
        story = accepted(REVIEWED).and_(RecordContact("before"), by=WATER)
        story = story.and_(DraftReply("A", "done"), by=WATER).and_(ReturnDraft("Water Bureau", "how?"), by=OFFICE)

        assert [draft.verdict for draft in story.suggestion.drafts] == ["returned"]
        assert story.when(Reply("A", "done"), by=WATER).rules == ("draft_was_approved",)

    def test_a_second_draft_waits_for_the_verdict_on_the_first(self) -> None:
        outcome = accepted(RULES).and_(DraftReply("A", "done"), by=WATER).when(DraftReply("A", "well done"), by=WATER)

        assert outcome.rules == ("draft_waiting",)

    def test_a_returned_draft_is_drawn_up_again(self) -> None:
        story = accepted(RULES).and_(DraftReply("A", "done"), by=WATER)
        story = story.and_(ReturnDraft("Water Bureau", "how?"), by=OFFICE)
        story = story.and_(DraftReply("A", "with new pipes"), by=WATER).and_(ApproveDraft("Water Bureau"), by=OFFICE)

        assert [draft.verdict for draft in story.suggestion.drafts] == ["returned", "approved"]

    def test_one_units_verdict_leaves_the_others_draft_open(self) -> None:
        story = accepted(RULES, "Water Bureau", "Roads Bureau").and_(DraftReply("A", "done"), by=WATER)
        story = story.and_(DraftReply("A", "done"), by=ROADS).and_(ApproveDraft("Roads Bureau"), by=OFFICE)

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
        assert accepted(RULES).when(act, by=OFFICE).rules == ("no_draft_waiting",)

    def test_only_a_unit_that_drafted_is_reviewed(self) -> None:
        story = accepted(RULES, "Water Bureau", "Roads Bureau").and_(DraftReply("A", "done"), by=WATER)

        assert story.when(ApproveDraft("Roads Bureau"), by=OFFICE).rules == ("no_such_draft",)

    def test_a_unit_that_has_replied_drafts_no_more(self) -> None:
        story = heard("Water Bureau", "Roads Bureau").and_(Reply("A", "done"), by=WATER)

        assert story.when(DraftReply("A", "done"), by=WATER).rules == ("already_replied",)

    def test_a_draft_nobody_judged_lapses_with_the_reply(self) -> None:
        story = heard("Water Bureau", "Roads Bureau").and_(DraftReply("A", "done"), by=WATER)
        story = story.and_(DraftReply("A", "done"), by=ROADS).and_(Reply("A", "done"), by=WATER)

        assert [(d.unit, d.verdict) for d in story.suggestion.drafts] == [
            ("Water Bureau", "lapsed"),
            ("Roads Bureau", None),
        ]
        assert story.when(ApproveDraft("Water Bureau"), by=OFFICE).rules == ("no_such_draft",)

    @pytest.mark.parametrize(
        "act",
        [ApproveDraft("Water Bureau"), ReturnDraft("Water Bureau", "how?")],
        ids=["approving", "returning"],
    )
    def test_after_the_reply_there_is_no_draft_to_judge(self, act: ApproveDraft | ReturnDraft) -> None:
        story = heard("Water Bureau", "Roads Bureau").and_(DraftReply("A", "done"), by=WATER)
        story = story.and_(Reply("A", "done"), by=WATER)

        assert story.when(act, by=OFFICE).rules == ("no_draft_waiting",)

    def test_a_verdict_given_before_the_reply_stands(self) -> None:
        story = heard().and_(DraftReply("A", "done"), by=WATER).and_(ApproveDraft("Water Bureau"), by=OFFICE)

        assert [d.verdict for d in story.and_(Reply("A", "done"), by=WATER).suggestion.drafts] == ["approved"]

    def test_a_new_round_drafts_anew(self) -> None:
        story = heard().and_(DraftReply("A", "done"), by=WATER).and_(Reply("A", "done"), by=WATER)
        story = story.and_(Evaluate("Water Bureau", "dissatisfied", reason="dry"), by=DEPUTY)
        story = story.and_(Rehandle(("Water Bureau",), "dry"), by=OFFICE)
        story = story.and_(DraftReply("A", "done better"), by=WATER)

        assert [(d.round, d.verdict) for d in story.suggestion.drafts] == [(1, "lapsed"), (2, None)]

    def test_a_draft_of_an_unknown_class_is_refused_with_those_known(self) -> None:
        outcome = accepted(RULES).when(DraftReply("E", "done"), by=WATER)

        assert outcome.rules == ("outcome_is_known",)
        assert "'E' is no class of outcome of test 1; known: A, B, C, D" in outcome.text()

    def test_the_lead_does_not_approve_its_own_draft(self) -> None:
        story = accepted(RULES).and_(DraftReply("A", "done"), by=WATER)

        assert story.when(ApproveDraft("Water Bureau"), by=WATER).rules == ("wrong_role",)


class TestRegrade:
    """The office corrects a class."""

    def test_only_that_units_class_changes_and_what_it_means_with_it(self) -> None:
        story = replied(RULES, "Water Bureau", "Roads Bureau")
        story = story.and_(Regrade("Water Bureau", "C", "nothing was built"), by=OFFICE)

        assert [(r.unit, r.outcome) for r in story.suggestion.replies] == [
            ("Water Bureau", "C"),
            ("Roads Bureau", "A"),
        ]
        assert [r.snapshot.code for r in story.suggestion.replies if r.snapshot] == ["C", "A"]

    def test_what_was_promised_stays_promised(self) -> None:
        story = replied(RULES, outcome="B").and_(Regrade("Water Bureau", "A", "it is solved"), by=OFFICE)

        assert [c.number for c in story.suggestion.open_commitments] == [1]

    def test_only_the_reply_of_the_present_round_is_graded_anew(self) -> None:
        story = replied(RULES).and_(Evaluate("Water Bureau", "dissatisfied", reason="dry"), by=DEPUTY)
        story = story.and_(Rehandle(("Water Bureau",), "dry"), by=OFFICE)
        early = story.when(Regrade("Water Bureau", "C", "x"), by=OFFICE)
        story = story.and_(RecordContact("before"), by=WATER).and_(Reply("A", "done better"), by=WATER)
        story = story.and_(Regrade("Water Bureau", "C", "x"), by=OFFICE)

        assert early.rules == ("no_such_reply",)
        assert [r.outcome for r in story.suggestion.replies] == ["A", "C"]

    def test_a_unit_without_a_reply_has_no_class(self) -> None:
        outcome = replied(RULES).when(Regrade("Roads Bureau", "C", "x"), by=OFFICE)

        assert outcome.rules == ("no_such_reply",)
        assert "there is no reply of Roads Bureau; replied: Water Bureau" in outcome.text()

    def test_the_unit_does_not_grade_itself(self) -> None:
        assert replied(RULES).when(Regrade("Water Bureau", "A", "x"), by=WATER).rules == ("wrong_role",)
