"""When is it due, what moves the day, and what ends the term?"""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from handleflow import Promise, Rulebook
from handleflow.acts import (
    Accept,
    Adopt,
    Assign,
    Correct,
    DeclareExtension,
    Evaluate,
    FulfilCommitment,
    GrantExtension,
    GrantReturn,
    Reassign,
    Receive,
    RecordContact,
    Rehandle,
    Reply,
    RequestExtension,
    RequestReturn,
    Resume,
    Supervise,
    Suspend,
    TakeOver,
    Withdraw,
)
from handleflow.core import wakes_on
from handleflow.events import TermMoved
from handleflow.legal_time import day
from handleflow.model import Term, TermKey
from handleflow.testing import Scenario, given
from tests.beginnings import DEPUTY, OFFICE, ROADS, WATER, rulebook

PLAIN = rulebook()
OPEN = {"source": ["handling"], "target": "same", "who": ["congress_office"]}
ALLOWED = rulebook(
    term=[
        {
            "id": "reply",
            "of": "lead",
            "anchor": "assigned",
            "met_by": ["replied"],
            "span": "3 months",
            "cite": "DBF25 51",
            "extension": {"span": "3 months", "base": "chained", "mode": "consent", "cite": "host"},
            "is_pausable": True,
        },
        {
            "id": "first_contact",
            "of": "lead",
            "anchor": "accepted",
            "met_by": ["contact_recorded"],
            "span": "20 workdays",
            "cite": "host",
            "is_pausable": True,
        },
        {
            "id": "evaluation",
            "of": "whole",
            "anchor": "replied",
            "met_by": ["evaluated"],
            "span": "20 workdays",
            "cite": "host",
        },
    ],
    transition=[{"act": "suspend", **OPEN}, {"act": "resume", **OPEN}],
    backdating=[
        {"role": "unit", "within": "30 days", "cite": "host"},
        {"role": "congress_office", "within": "90 days", "cite": "host", "of": ["suspend", "resume"]},
    ],
)


def assigned(rules: Any = PLAIN, *leads: str, **how: Any) -> Scenario:
    story = given(rules).and_(Receive("Pipes", "Deputy A"), by=OFFICE, on="2026-02-09")
    return story.and_(Assign(leads or ("Water Bureau",), **how), by=OFFICE, on="2026-02-10")


def handling(rules: Any = PLAIN, on: str = "2026-02-11") -> Scenario:
    return assigned(rules).and_(Accept(), by=WATER, on=on).and_(RecordContact("before"), by=WATER, on=on)


def the(story: Scenario, rule: str = "reply") -> Term:
    return [term for term in story.suggestion.terms if term.key.rule == rule][-1]


def test_a_reply_is_due_three_months_after_the_assignment() -> None:
    """代表法 art. 51; 2026-05-10 is a Sunday."""
    term = the(assigned())

    assert (str(term.unrolled_on), str(term.due_on)) == ("2026-05-10", "2026-05-11")


def test_a_broad_and_hard_matter_has_six_months() -> None:
    """代表法 art. 51: by the nature of the matter, at assignment."""
    assert str(the(assigned(is_long_track=True)).due_on) == "2026-08-10"


@pytest.mark.parametrize(
    ("notice", "due"),
    [
        pytest.param("2026-04-30", "2026-04-30", id="an earlier notice holds"),
        pytest.param("2026-06-30", "2026-05-11", id="a later notice does not lengthen the law"),
    ],
)
def test_the_earlier_of_notice_and_statute_holds(notice: str, due: str) -> None:
    assert str(the(assigned(notice_on=notice)).due_on) == due


def test_a_notice_later_than_the_statute_is_flagged() -> None:
    (_, term_set) = assigned(notice_on="2026-06-30").last.entries

    assert getattr(term_set.event, "is_notice_late", None) is True


def test_a_term_past_the_known_calendar_is_provisional() -> None:
    story = given(PLAIN).and_(Receive("Pipes", "Deputy A"), by=OFFICE, on="2026-11-05")
    term = the(story.and_(Assign(("Water Bureau",)), by=OFFICE, on="2026-11-06"))

    assert (str(term.due_on), term.is_provisional) == ("2027-02-09", True)


def test_met_on_the_due_day_is_met_in_time() -> None:
    story = handling().and_(Reply("A", "done"), by=WATER, on="2026-05-11")

    assert (the(story).end, the(story).is_late) == ("met", False)


def test_a_reply_after_the_day_writes_the_miss_and_how_late_it_was() -> None:
    story = handling().and_(Reply("A", "done"), by=WATER, on="2026-05-14")
    met = next(e.event for e in story.last.entries if e.kind == "term_met")

    assert (story.last.kinds[0], getattr(met, "days_late", 0), the(story).is_breached) == ("deadline_missed", 3, True)


def test_a_timely_fact_told_late_rebuts_the_miss() -> None:
    story = handling(ALLOWED).and_the_clock_reads("2026-05-13")
    missed = the(story).is_breached
    story = story.and_(Reply("A", "done", on="2026-05-08"), by=WATER, on="2026-05-14")

    assert (missed, "miss_rebutted" in story.last.kinds, the(story).is_late) == (True, True, False)


def test_the_law_knows_no_extension_and_says_so_with_its_article() -> None:
    outcome = handling().when(RequestExtension("2026-06-30", "hard"), by=WATER)
    (reason,) = outcome.reasons

    assert (reason.rule, reason.citation) == ("no_extension", "DBF25 51")


def test_a_granted_extension_moves_the_day_and_says_why() -> None:
    story = handling(ALLOWED).and_(RequestExtension("2026-08-10", "hard"), by=WATER)
    story = story.and_(GrantExtension("Water Bureau"), by=OFFICE)
    moved = story.last.entries[-1].event

    assert (getattr(moved, "reason", ""), str(the(story).due_on), str(the(story).original_on)) == (
        "extended",
        "2026-08-10",
        "2026-05-11",
    )


def test_an_extension_may_be_granted_shorter_than_asked() -> None:
    story = handling(ALLOWED).and_(RequestExtension("2026-08-10", "hard"), by=WATER)
    story = story.and_(GrantExtension("Water Bureau", "2026-06-30"), by=OFFICE)

    assert str(the(story).due_on) == "2026-06-30"


def test_an_extension_asked_for_in_time_and_granted_after_the_day_takes_the_miss_out_of_the_counts() -> None:
    story = handling(ALLOWED).and_(RequestExtension("2026-06-30", "hard"), by=WATER, on="2026-05-08")
    story = story.and_(GrantExtension("Water Bureau"), by=OFFICE, on="2026-05-20")
    granted = story.last.kinds
    story = story.and_(Reply("A", "done"), by=WATER, on="2026-06-01")

    assert granted == ("deadline_missed", "extension_granted", "term_moved", "miss_rebutted")
    assert (the(story).is_breached, str(the(story).missed_on)) == (False, "2026-05-11")


def test_a_declared_extension_moves_the_day_by_the_units_own_word() -> None:
    """河南省办理办法 art. 20: no consent, an explanation to the deputy."""
    extension = {"span": "3 months", "base": "capped", "mode": "declaration", "cite": "host"}
    term = {"id": "reply", "of": "lead", "anchor": "assigned", "met_by": ["replied"], "span": "3 months"}
    rules = rulebook(term=[{**term, "cite": "DBF25 51", "extension": {**extension, "span": "6 months"}}])
    story = handling(rules).and_(DeclareExtension("2026-08-10", "pipes are long"), by=WATER)

    assert str(the(story).due_on) == "2026-08-10"


def test_a_pause_moves_a_term_in_its_own_unit() -> None:
    """Five calendar days out of three months; three working days out of twenty (14 and 28 Feb work)."""
    story = assigned(ALLOWED).and_(Accept(), by=WATER, on="2026-03-02")
    before = (str(the(story).due_on), str(the(story, "first_contact").due_on))
    story = story.and_(Suspend("flood"), by=OFFICE, on="2026-03-05").and_(Resume("dry"), by=OFFICE, on="2026-03-10")

    assert (before, (str(the(story).due_on), str(the(story, "first_contact").due_on))) == (
        ("2026-05-11", "2026-03-30"),
        ("2026-05-15", "2026-04-02"),
    )


def test_an_empty_pause_moves_nothing_but_is_closed() -> None:
    story = handling(ALLOWED).and_(Suspend("flood"), by=OFFICE, on="2026-03-05").and_(Resume("dry"), by=OFFICE)

    assert (str(the(story).due_on), the(story).pauses[0].end is not None) == ("2026-05-11", True)


def test_a_term_does_not_run_out_while_its_clock_stands() -> None:
    story = handling(ALLOWED).and_(Suspend("flood"), by=OFFICE, on="2026-03-05").and_the_clock_reads("2026-06-30")

    assert (story.last.kinds, wakes_on(ALLOWED, story.suggestion)) == ((), None)


def test_a_stop_told_late_counts_from_the_day_it_happened() -> None:
    story = handling(ALLOWED).and_(Suspend("flood", on=day("2026-03-05")), by=OFFICE, on="2026-03-09")
    story = story.and_(Resume("dry"), by=OFFICE, on="2026-03-10")

    assert str(the(story).due_on) == "2026-05-15"


def test_a_stop_never_reaches_back_into_an_earlier_one() -> None:
    story = (
        handling(ALLOWED)
        .and_(Suspend("flood"), by=OFFICE, on="2026-03-05")
        .and_(Resume("dry"), by=OFFICE, on="2026-03-10")
    )
    outcome = story.when(Suspend("flood", on=day("2026-03-09")), by=OFFICE, on="2026-03-12")
    again = story.and_(Suspend("flood", on=day("2026-03-10")), by=OFFICE, on="2026-03-12")

    assert outcome.rules == ("day_too_early",)
    assert [(str(p.start), str(p.end)) for p in the(again).pauses] == [
        ("2026-03-05", "2026-03-10"),
        ("2026-03-10", "None"),
    ]


def test_a_stop_told_late_reaches_back_to_the_anchor_at_most() -> None:
    story = (
        assigned(ALLOWED)
        .and_(Accept(), by=WATER, on="2026-03-02")
        .and_(Suspend("flood", on=day("2026-02-20")), by=OFFICE, on="2026-03-05")
    )

    assert [str(term.pauses[0].start) for term in story.suggestion.running_terms()] == ["2026-02-20", "2026-03-02"]


def test_a_stop_told_after_the_day_takes_the_miss_out_of_the_counts() -> None:
    story = (
        handling(ALLOWED)
        .and_the_clock_reads("2026-05-13")
        .and_(Suspend("flood", on=day("2026-05-08")), by=OFFICE, on="2026-05-14")
    )
    after = story.and_(Resume("dry"), by=OFFICE, on="2026-05-15")

    assert (the(story).is_breached, story.last.kinds[-1]) == (False, "miss_rebutted")
    assert (str(the(after).due_on), str(the(after).missed_on)) == ("2026-05-18", "2026-05-11")


def test_a_stop_after_the_day_leaves_the_miss() -> None:
    story = (
        handling(ALLOWED)
        .and_the_clock_reads("2026-05-13")
        .and_(Suspend("flood", on=day("2026-05-12")), by=OFFICE, on="2026-05-14")
    )

    assert the(story).is_breached


def test_a_pause_stops_no_term_with_a_day_of_its_own() -> None:
    story = handling(ALLOWED).and_(
        Supervise("Water Bureau", "phone", "soon", "2026-03-06"), by=OFFICE, on="2026-03-04"
    )
    story = story.and_(Suspend("flood"), by=OFFICE, on="2026-03-05").and_(Resume("dry"), by=OFFICE, on="2026-03-06")

    assert str(the(story, "supervision_answer").due_on) == "2026-03-06"


def test_an_extension_granted_while_the_clock_stands_counts_the_pause_when_it_ends() -> None:
    story = handling(ALLOWED).and_(RequestExtension("2026-06-30", "hard"), by=WATER, on="2026-03-04")
    story = story.and_(Suspend("flood"), by=OFFICE, on="2026-03-05").and_(GrantExtension("Water Bureau"), by=OFFICE)
    granted = str(the(story).due_on)
    story = story.and_(Resume("dry"), by=OFFICE, on="2026-03-10")

    assert (granted, str(the(story).due_on)) == ("2026-06-30", "2026-07-06")


def test_a_pausable_term_that_begins_while_the_clock_stands_begins_standing() -> None:
    story = assigned(ALLOWED, "Water Bureau", "Roads Bureau").and_(Accept(), by=WATER, on="2026-02-11")
    story = story.and_(Suspend("flood"), by=OFFICE, on="2026-03-05").and_(Accept(), by=ROADS, on="2026-03-06")
    begun = story.last.kinds
    story = story.and_(Resume("dry"), by=OFFICE, on="2026-03-10")
    (term,) = story.suggestion.running_terms("first_contact", "Roads Bureau")

    assert begun == ("accepted", "term_set", "term_paused")
    assert [(str(p.start), str(p.end)) for p in term.pauses] == [("2026-03-06", "2026-03-10")]
    assert (str(term.original_on), str(term.due_on)) == ("2026-04-03", "2026-04-08")


def test_a_term_that_cannot_be_paused_begins_running_while_the_clock_stands() -> None:
    story = handling(ALLOWED).and_(Suspend("flood"), by=OFFICE, on="2026-03-05")
    story = story.and_(Supervise("Water Bureau", "phone", "soon", "2026-03-09"), by=OFFICE)

    assert story.last.kinds == ("supervised", "term_set")


def test_the_clock_stands_no_longer_once_the_last_reply_is_in() -> None:
    story = assigned(ALLOWED, "Water Bureau", "Roads Bureau")
    for lead in (WATER, ROADS):
        story = story.and_(Accept(), by=lead).and_(RecordContact("before"), by=lead)
    story = story.and_(Suspend("flood"), by=OFFICE, on="2026-03-05").and_(Reply("A", "done"), by=WATER)
    one = story.suggestion.is_suspended
    story = story.and_(Reply("A", "done"), by=ROADS)

    assert (one, story.suggestion.is_suspended, story.state) == (True, False, "replied")


def test_the_clock_stands_no_longer_once_no_lead_is_left() -> None:
    story = assigned(ALLOWED, "Water Bureau", "Roads Bureau").and_(Accept(), by=WATER).and_(Accept(), by=ROADS)
    story = story.and_(Suspend("flood"), by=OFFICE, on="2026-03-05")
    story = story.and_(RequestReturn("not ours"), by=WATER).and_(RequestReturn("nor ours"), by=ROADS)
    story = story.and_(GrantReturn("Water Bureau"), by=OFFICE)
    one = story.suggestion.is_suspended
    story = story.and_(GrantReturn("Roads Bureau"), by=OFFICE)

    assert (one, story.suggestion.is_suspended, story.state) == (True, False, "received")


def test_what_begins_after_the_clock_went_on_begins_running() -> None:
    story = (
        handling(ALLOWED)
        .and_(Suspend("flood"), by=OFFICE, on="2026-03-05")
        .and_(Resume("dry"), by=OFFICE, on="2026-03-06")
    )
    story = story.and_(Reassign(("Roads Bureau",), reason="roads too"), by=OFFICE).and_(Accept(), by=ROADS)

    assert story.last.kinds == ("accepted", "term_set")


def test_a_promise_without_a_day_is_followed_without_a_term() -> None:
    story = handling().and_(Reply("B", "in the plan"), by=WATER)

    assert (len(story.suggestion.open_commitments), list(story.suggestion.running_terms())) == (1, [])


def test_a_suspension_that_ends_by_itself_lets_every_clock_go_on() -> None:
    """A co unit's term stood too; after the last reply nobody could resume it."""
    opinion = {"id": "opinion", "of": "co", "anchor": "assigned", "met_by": ["opinion_given"], "span": "1 month"}
    transitions = [{"act": "suspend", **OPEN}, {"act": "resume", **OPEN}]
    rules = rulebook(term=[{**opinion, "cite": "host", "is_pausable": True}], transition=transitions)
    story = assigned(rules, co_units=("Roads Bureau",)).and_(Accept(), by=WATER)
    story = story.and_(RecordContact("before"), by=WATER)
    story = story.and_(Suspend("flood"), by=OFFICE, on="2026-03-05")
    story = story.and_(Reply("A", "done"), by=WATER, on="2026-03-10")

    assert ("suspension_ended" in story.last.kinds, str(the(story, "opinion").due_on)) == (True, "2026-03-16")


def test_what_was_told_late_is_not_paused_before_the_clock_stood() -> None:
    story = assigned(ALLOWED, "Water Bureau", "Roads Bureau").and_(Accept(), by=WATER, on="2026-02-20")
    story = story.and_(Suspend("flood"), by=OFFICE, on="2026-03-05")
    story = story.and_(Accept(on="2026-02-24"), by=ROADS, on="2026-03-06")
    story = story.and_(Resume("dry"), by=OFFICE, on="2026-03-10")
    (pause,) = the(story, "first_contact").pauses

    assert (str(pause.start), str(pause.end)) == ("2026-03-05", "2026-03-10")


def test_a_corrected_anchor_is_kept_even_where_the_day_stays() -> None:
    """2026-05-10 is a Sunday: assigned on the 10th or the 11th, it is due on 2026-05-11."""
    story = given(PLAIN).and_(Receive("Pipes", "Deputy A"), by=OFFICE, on="2026-02-09")
    story = story.and_(Assign(("Water Bureau",)), by=OFFICE, on="2026-02-11")
    story = story.and_(Correct(2, "assigned_on", "2026-02-10", "typo"), by=OFFICE, on="2026-02-12")

    assert (str(the(story).anchor_on), str(the(story).due_on)) == ("2026-02-10", "2026-05-11")


def test_a_term_of_a_unit_that_left_is_not_armed_by_a_correction() -> None:
    story = given(PLAIN).and_(TakeOver("Pipes", leads=("Water Bureau", "Roads Bureau")), by=OFFICE, on="2026-03-02")
    story = story.and_(Reassign(("Schools Bureau",), instead_of="Water Bureau", reason="x"), by=OFFICE)
    story = story.and_(Correct(1, "assigned_on", "2026-02-10", "found"), by=OFFICE)
    ends = {term.key.unit: term.end for term in story.suggestion.terms}

    assert ends == {"Water Bureau": "not_computable", "Roads Bureau": "running", "Schools Bureau": "running"}


def test_a_term_of_the_whole_is_met_by_the_replies_known_at_a_take_over() -> None:
    whole = {"id": "whole", "of": "whole", "anchor": "assigned", "met_by": ["replied"], "span": "6 months"}
    rules = rulebook(term=[{**whole, "cite": "host"}])
    known = TakeOver("Pipes", leads=("Water Bureau",), assigned_on="2026-02-10", replied_on="2026-03-02")
    story = given(rules).and_(known, by=OFFICE, on="2026-04-01")

    assert (the(story, "whole").end, str(the(story, "whole").ended_on)) == ("met", "2026-03-02")


def test_a_correction_while_the_clock_stands_counts_no_pause_yet() -> None:
    story = handling(ALLOWED).and_(Suspend("flood"), by=OFFICE, on="2026-03-05")
    story = story.and_(Correct(2, "assigned_on", "2026-02-09", "typo"), by=OFFICE, on="2026-03-06")

    assert str(the(story).due_on) == "2026-05-09"


def test_a_pause_after_an_extension_moves_the_extended_day() -> None:
    story = handling(ALLOWED).and_(RequestExtension("2026-06-30", "hard"), by=WATER)
    story = story.and_(GrantExtension("Water Bureau"), by=OFFICE)
    story = story.and_(Suspend("flood"), by=OFFICE, on="2026-03-05").and_(Resume("dry"), by=OFFICE, on="2026-03-10")

    assert str(the(story).due_on) == "2026-07-06"


def test_a_term_anchored_at_acceptance_waits_for_it() -> None:
    story = assigned(ALLOWED)
    waiting = [t.key.rule for t in story.suggestion.terms]
    story = story.and_(Accept(), by=WATER, on="2026-03-02")

    assert (waiting, str(the(story, "first_contact").due_on)) == (["reply"], "2026-03-30")


def test_a_term_of_the_whole_is_set_once_and_met_by_anyone() -> None:
    story = handling(ALLOWED).and_(Reply("A", "done"), by=WATER, on="2026-03-02")
    key = the(story, "evaluation").key
    story = story.and_(Evaluate("Water Bureau", "satisfied"), by=DEPUTY)

    assert (key, the(story, "evaluation").end) == (TermKey("evaluation", ""), "met")


def test_a_running_term_is_not_set_a_second_time() -> None:
    rules = rulebook(
        term=[
            {
                "id": "news",
                "of": "whole",
                "anchor": "contact_recorded",
                "met_by": ["replied"],
                "span": "5 days",
                "cite": "host",
            }
        ]
    )
    story = handling(rules).and_(RecordContact("during"), by=WATER)

    assert [t.key.ref for t in story.suggestion.terms if t.key.rule == "news"] == [1]


class TestWhole:
    """A term of the whole, anchored at the assignment: one clock, whoever handles it."""

    RULES = rulebook(
        term=[
            {
                "id": "handling",
                "of": "whole",
                "anchor": "assigned",
                "met_by": ["evaluated"],
                "span": "4 months",
                "cite": "host",
            }
        ]
    )

    def test_it_begins_once_for_all_units_on_the_day_of_the_assignment(self) -> None:
        story = assigned(self.RULES, "Water Bureau", "Roads Bureau", co_units=("Schools Bureau",))
        found = [(t.key, str(t.due_on)) for t in story.suggestion.terms if t.key.rule == "handling"]

        assert found == [(TermKey("handling", ""), "2026-06-10")]

    def test_a_unit_that_joins_does_not_begin_it_again(self) -> None:
        story = assigned(self.RULES).and_(Reassign(("Roads Bureau",), reason="roads too"), by=OFFICE, on="2026-03-02")

        assert [str(t.anchor_on) for t in story.suggestion.terms if not t.key.unit] == ["2026-02-10"]

    def test_a_unit_relieved_does_not_end_it(self) -> None:
        story = (
            assigned(self.RULES)
            .and_(RequestReturn("not ours"), by=WATER)
            .and_(GrantReturn("Water Bureau"), by=OFFICE)
        )
        story = story.and_(Assign(("Roads Bureau",)), by=OFFICE, on="2026-03-02")

        assert [(str(t.anchor_on), t.end) for t in story.suggestion.terms if not t.key.unit] == [
            ("2026-02-10", "running")
        ]

    def test_a_deputys_verdict_meets_it(self) -> None:
        story = handling(self.RULES).and_(Reply("A", "done"), by=WATER, on="2026-03-02")
        story = story.and_(Evaluate("Water Bureau", "satisfied"), by=DEPUTY)

        assert the(story, "handling").end == "met"


def test_relieving_a_unit_drops_its_term() -> None:
    story = assigned().and_(RequestReturn("not ours"), by=WATER).and_(GrantReturn("Water Bureau"), by=OFFICE)

    assert (the(story).end, str(the(story).ended_on)) == ("dropped", "2026-02-10")


def test_withdrawal_drops_every_term() -> None:
    story = assigned().and_(Withdraw("solved by itself"), by=DEPUTY)

    assert [t.end for t in story.suggestion.terms] == ["dropped"]


def test_rehandling_has_no_term_where_the_law_gives_no_number() -> None:
    story = handling().and_(Reply("A", "done"), by=WATER)
    story = story.and_(Evaluate("Water Bureau", "dissatisfied", reason="no"), by=DEPUTY)
    story = story.and_(Rehandle(("Water Bureau",), "no"), by=OFFICE)

    assert list(story.suggestion.running_terms()) == []


def test_a_corrected_anchor_moves_its_term_with_that_reason() -> None:
    story = assigned().and_(Correct(2, "assigned_on", "2026-02-09", "typing error"), by=OFFICE, on="2026-02-12")
    moved = story.last.entries[-1].event

    assert isinstance(moved, TermMoved)
    assert (moved.reason, moved.corrected, str(the(story).due_on)) == ("corrected", 2, "2026-05-09")


def test_a_move_says_the_anchor_and_the_span_its_day_rests_on() -> None:
    story = handling(ALLOWED).and_(RequestExtension("2026-08-10", "hard"), by=WATER)
    moved = story.when(GrantExtension("Water Bureau"), by=OFFICE).entries[-1].event

    assert isinstance(moved, TermMoved)
    assert (str(moved.anchor_on), str(moved.span), str(moved.due_on)) == ("2026-02-10", "3 months", "2026-08-10")


def test_a_move_without_what_it_rests_on_cannot_be_written() -> None:
    with pytest.raises(TypeError, match="anchor_on"):
        TermMoved(TermKey("reply"), "2026-05-11", "2026-05-10", "resumed")  # type: ignore[call-arg]  # the point


def test_a_corrected_anchor_of_another_kind_moves_its_term() -> None:
    story = assigned(ALLOWED).and_(Accept(), by=WATER, on="2026-03-02")
    accepted = story.last.entries[0].number
    story = story.and_(Correct(accepted, "on", "2026-03-01", "typing error"), by=OFFICE, on="2026-03-03")

    assert str(the(story, "first_contact").anchor_on) == "2026-03-01"


def test_correcting_words_or_other_entries_moves_no_term() -> None:
    story = (
        assigned(ALLOWED)
        .and_(Accept(), by=WATER, on="2026-03-02")
        .and_(Correct(1, "title", "Pipe", "typo"), by=OFFICE)
    )

    assert story.last.kinds == ("corrected",)


def test_correcting_the_day_it_was_received_moves_no_term() -> None:
    story = assigned(ALLOWED).and_(Correct(1, "received_on", "2026-02-06", "typo"), by=OFFICE)

    assert story.last.kinds == ("corrected",)


def test_a_miss_of_a_day_that_was_never_the_true_one_leaves_the_counts() -> None:
    story = assigned().and_the_clock_reads("2026-05-20")
    story = story.and_(Correct(2, "assigned_on", "2026-05-10", "wrong month"), by=OFFICE, on="2026-05-20")

    assert (story.last.kinds, the(story).is_breached) == (("corrected", "term_moved", "miss_rebutted"), False)


def test_a_day_that_moved_can_be_missed_anew() -> None:
    story = assigned().and_the_clock_reads("2026-05-20")
    story = story.and_(Correct(2, "assigned_on", "2026-05-10", "wrong month"), by=OFFICE, on="2026-05-20")
    story = story.and_the_clock_reads("2026-09-01")

    assert (story.last.kinds, the(story).is_breached) == (("deadline_missed",), True)


def test_another_unit_has_a_fresh_clock_and_the_first_keeps_its_own() -> None:
    story = assigned(PLAIN, "Water Bureau", "Schools Bureau")
    story = story.and_(Reassign(("Roads Bureau",), instead_of="Water Bureau", reason="x"), by=OFFICE, on="2026-03-02")
    running = sorted((t.key.unit, str(t.due_on)) for t in story.suggestion.running_terms())

    assert running == [("Roads Bureau", "2026-06-02"), ("Schools Bureau", "2026-05-11")]


def test_a_promise_has_its_own_term_that_outlives_the_reply() -> None:
    story = handling().and_(Reply("B", "next year", (Promise("new pipes", "2026-12-31"),)), by=WATER)
    (term,) = story.suggestion.running_terms()
    story = story.and_(FulfilCommitment(1, "laid"), by=WATER, on="2026-12-01")

    assert (term.key.rule, str(term.due_on), the(story, "commitment").end) == ("commitment", "2026-12-31", "met")


class TestAdopt:
    """Another version decides from here on."""

    LONGER = rulebook(
        term=[
            {
                "id": "reply",
                "of": "lead",
                "anchor": "assigned",
                "met_by": ["replied"],
                "span": "4 months",
                "cite": "host",
            }
        ],
        version="2",
    )
    NONE = rulebook(version="3")

    def adopted(self, story: Scenario, rules: Rulebook) -> Scenario:
        return attrs.evolve(story, rules=rules).and_(Adopt(rules.name, rules.version), by=OFFICE, on="2026-03-02")

    def test_running_terms_are_reckoned_anew(self) -> None:
        story = self.adopted(assigned(), self.LONGER)

        assert (str(the(story).due_on), str(story.suggestion.rulebook)) == ("2026-06-10", "test 2")

    def test_a_term_whose_rule_stays_does_not_move(self) -> None:
        assert self.adopted(assigned(), self.NONE).last.kinds == ("adopted",)

    def test_a_term_whose_rule_is_gone_is_dropped_but_a_promise_stays(self) -> None:
        story = handling(ALLOWED).and_(Reply("B", "soon", (Promise("new pipes", "2026-12-31"),)), by=WATER)
        story = self.adopted(story, self.NONE)

        assert (the(story, "evaluation").end, the(story, "commitment").end) == ("dropped", "running")


class TestTakeOver:
    """What came from an older ledger: the unknown stays unknown."""

    @staticmethod
    def taken(**known: Any) -> Scenario:
        rules = rulebook(
            rung=[{"id": "r", "term": "reply", "offset": "-15 days", "channel": "phone", "cite": "host"}]
        )
        return given(rules).and_(TakeOver("Pipes", **known), by=OFFICE, on="2026-11-23")

    @pytest.mark.parametrize(
        ("known", "end"),
        [
            pytest.param({}, "not_computable", id="no anchor, no day"),
            pytest.param({"assigned_on": "2026-03-02"}, "unknown", id="its day lies before"),
            pytest.param({"assigned_on": "2026-03-02", "mark": "A"}, "unknown", id="replied nobody knows when"),
            pytest.param({"assigned_on": "2026-03-02", "replied_on": "2026-06-01"}, "met", id="met in time"),
            pytest.param({"assigned_on": "2026-10-09"}, "running", id="its day is ahead"),
        ],
    )
    def test_a_term_is_what_the_facts_say(self, known: dict[str, str], end: str) -> None:
        assert the(self.taken(leads=("Water Bureau",), **known)).end == end

    def test_a_rung_whose_day_lies_before_lapses(self) -> None:
        story = self.taken(leads=("Water Bureau",), assigned_on="2026-08-31")

        assert (story.last.kinds, story.when_the_clock_reads("2026-11-23").kinds) == (
            ("taken_over", "term_set", "rung_lapsed"),
            (),
        )

    def test_a_sweep_the_same_day_says_nothing(self) -> None:
        story = self.taken(leads=("Water Bureau",), assigned_on="2026-03-02")

        assert story.when_the_clock_reads("2026-11-23").kinds == ()

    @pytest.mark.parametrize(
        ("known", "anchor", "kinds", "end"),
        [
            pytest.param({}, "2026-03-02", ["term_outcome_unknown"], "unknown", id="its day lies before"),
            pytest.param(
                {"mark": "A"}, "2026-10-09", ["term_outcome_unknown"], "unknown", id="replied nobody knows when"
            ),
            pytest.param({"replied_on": "2026-06-01"}, "2026-03-02", ["term_met"], "met", id="met in time"),
            pytest.param({}, "2026-10-09", [], "running", id="its day is ahead"),
            pytest.param({}, "2026-08-31", ["rung_lapsed"], "running", id="a rung's day lies before"),
        ],
    )
    def test_an_anchor_that_becomes_known_decides_as_the_take_over_would_have(
        self, known: dict[str, str], anchor: str, kinds: list[str], end: str
    ) -> None:
        before = self.taken(leads=("Water Bureau",), **known)
        story = before.and_(Correct(1, "assigned_on", anchor, "found"), by=OFFICE, on="2026-11-24")
        found = self.taken(leads=("Water Bureau",), assigned_on=anchor, **known)
        dated = [
            (the(s).end, the(s).anchor_on, the(s).due_on, the(s).original_on, the(s).span) for s in (story, found)
        ]

        assert (the(before).end, story.last.kinds, the(story).end) == (
            "not_computable",
            ("corrected", "term_moved", *kinds),
            end,
        )
        assert dated[0] == dated[1]

    def test_a_term_that_learns_its_anchor_says_so(self) -> None:
        story = self.taken(leads=("Water Bureau",))
        story = story.and_(Correct(1, "assigned_on", "2026-10-09", "found"), by=OFFICE, on="2026-11-24")
        moved = story.last.entries[1].event

        assert isinstance(moved, TermMoved)
        assert (moved.reason, str(moved.anchor_on), str(moved.due_on)) == (
            "anchor_known",
            "2026-10-09",
            "2027-01-11",
        )

    def test_a_day_between_the_take_over_and_the_correction_was_not_passed_but_missed(self) -> None:
        story = self.taken(leads=("Water Bureau",))
        story = story.and_(Correct(1, "assigned_on", "2026-08-24", "found"), by=OFFICE, on="2026-12-01")

        assert (str(the(story).due_on), the(story).end) == ("2026-11-24", "running")
        assert story.when_the_clock_reads("2026-12-01").kinds == ("deadline_missed",)

    def test_other_words_arm_no_term(self) -> None:
        story = self.taken(leads=("Water Bureau",))
        story = story.and_(Correct(1, "person", "Person P", "found"), by=OFFICE, on="2026-11-24")

        assert (story.last.kinds, the(story).end) == (("corrected",), "not_computable")


def test_a_co_unit_may_have_a_term_of_its_own() -> None:
    opinion = {"id": "opinion", "of": "co", "anchor": "assigned", "met_by": ["opinion_given"], "span": "1 month"}
    rules = rulebook(term=[{**opinion, "cite": "host"}])
    story = assigned(rules, co_units=("Roads Bureau",))

    assert sorted((t.key.rule, t.key.unit) for t in story.suggestion.terms) == [
        ("opinion", ROADS.name),
        ("reply", WATER.name),
    ]


def test_an_answer_given_while_the_clock_stands_is_in_time() -> None:
    story = handling(ALLOWED).and_(RecordContact("before"), by=WATER)
    story = story.and_(Suspend("flood"), by=OFFICE, on="2026-03-05")
    story = story.and_(Reply("A", "done"), by=WATER, on="2026-06-20")
    term = the(story)

    assert (term.end, term.is_late, str(term.pauses[0].end)) == ("met", False, "2026-06-20")


def test_of_two_leads_the_one_that_answers_while_the_clock_stands_is_in_time_and_the_other_waits() -> None:
    story = assigned(ALLOWED, "Water Bureau", "Roads Bureau").and_(Accept(), by=WATER).and_(Accept(), by=ROADS)
    story = story.and_(RecordContact("before"), by=WATER).and_(Suspend("flood"), by=OFFICE, on="2026-03-05")
    story = story.and_(Reply("A", "done"), by=WATER, on="2026-06-20")
    ends = {t.key.unit: (t.end, t.is_late, t.is_paused) for t in story.suggestion.terms if t.key.rule == "reply"}

    assert ends == {"Water Bureau": ("met", False, False), "Roads Bureau": ("running", False, True)}


def test_a_day_that_had_passed_before_the_clock_stood_is_not_moved_by_it() -> None:
    story = handling(ALLOWED).and_the_clock_reads("2026-05-13").and_(Suspend("flood"), by=OFFICE, on="2026-05-14")
    story = story.and_(Resume("dry"), by=OFFICE, on="2026-05-20").and_the_clock_reads("2026-08-01")

    assert (str(the(story).due_on), the(story).pauses, [e.kind for e in story.history].count("deadline_missed")) == (
        "2026-05-11",
        (),
        1,
    )


def test_a_term_of_the_whole_waits_for_the_last_reply_that_is_due() -> None:
    whole = {"id": "all", "of": "whole", "anchor": "assigned", "met_by": ["replied"], "span": "3 months"}
    story = assigned(rulebook(term=[{**whole, "cite": "host"}]), "Water Bureau", "Roads Bureau")
    for by in (WATER, ROADS):
        story = story.and_(Accept(), by=by).and_(RecordContact("before"), by=by)
    one = story.and_(Reply("A", "done"), by=WATER, on="2026-03-02")
    both = one.and_(Reply("A", "done"), by=ROADS, on="2026-03-03")

    assert [next(t.end for t in s.suggestion.terms if t.key.rule == "all") for s in (one, both)] == ["running", "met"]


def test_a_unit_that_takes_its_own_place_has_a_fresh_clock() -> None:
    story = assigned(PLAIN).and_(
        Reassign(("Water Bureau",), instead_of="Water Bureau", reason="anew"), by=OFFICE, on="2026-03-02"
    )
    terms = [(t.key.ref, str(t.due_on), t.end) for t in story.suggestion.terms]

    assert terms == [(1, "2026-05-11", "dropped"), (2, "2026-06-02", "running")]
