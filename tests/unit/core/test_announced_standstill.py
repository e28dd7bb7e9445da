"""A standstill announced until a day ends by itself: do replay, the clock, the board and the explanation agree?"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handleflow.acts import Accept, Assign, Receive, RecordContact, Reply, Resume, Suspend
from handleflow.core import explain, replay
from handleflow.core.lights import light_of
from handleflow.core.term_status import term_status
from handleflow.legal_time import Span, day, days_later
from handleflow.model import Term
from handleflow.rulebooks import load
from handleflow.rules import Rulebook
from handleflow.testing import Scenario, office
from handleflow.testing import given as given_rules
from handleflow.views import board
from tests.beginnings import WATER

FOI = load("gb.foi")
AUTHORITY = office("Information Office", "information_office")


def begun(rules: Rulebook = FOI) -> Scenario:
    """An answer due on 30 March 2026."""
    story = given_rules(rules, "1").and_(Receive("Pipes", "Requester A"), by=AUTHORITY, on="2026-03-02")
    return story.and_(Assign((WATER.name,)), by=AUTHORITY, on="2026-03-03").and_(Accept(), by=WATER)


def announced(**end: Any) -> Scenario:
    return begun().and_(Suspend("a fees notice", **end), by=AUTHORITY, on="2026-03-09")


def answer(story: Scenario) -> Term:
    (term,) = story.suggestion.terms
    return term


@pytest.mark.parametrize("end", [{"until": "2026-03-16"}, {"within": Span(7, "day")}, {"within": Span(5, "workday")}])
def test_it_moves_the_day_as_a_resumption_on_that_day_would(end: dict[str, Any]) -> None:
    story = announced(**end)

    assert str(answer(story).due_on) == "2026-04-08"
    assert [p.is_announced for p in answer(story).pauses] == [True]
    assert story.last.kinds == ("suspended", "suspension_ended", "term_paused", "term_moved")


def test_it_stands_until_that_day_and_goes_on_from_it_without_an_act() -> None:
    story = announced(until="2026-03-16")
    status = [answer(story).status(day(f"2026-03-{on:02}")) for on in (8, 9, 15, 16)]
    (line,) = board([(FOI, story.suggestion)], day("2026-03-10"))

    assert status == ["not_due", "paused", "paused", "not_due"]
    assert term_status(FOI.calendar, answer(story), day("2026-04-09")).status == "overdue"
    assert (str(line.due_on), line.term_status and line.term_status.days_left) == ("2026-04-08", 29)
    assert [story.suggestion.is_suspended_on(day(f"2026-03-{on}")) for on in (15, 16)] == [True, False]


def test_the_clock_notes_the_miss_on_the_day_after_the_moved_day() -> None:
    story = announced(until="2026-03-16")

    assert story.when_the_clock_reads("2026-04-08").kinds == ()
    assert story.when_the_clock_reads("2026-04-09").kinds == ("deadline_missed",)


def test_once_it_is_over_there_is_nothing_to_resume_and_it_may_stand_again() -> None:
    story = announced(until="2026-03-16")

    assert story.when(Resume("paid"), by=AUTHORITY, on="2026-03-16").rules == ("not_suspended",)
    assert story.when(Suspend("again"), by=AUTHORITY, on="2026-03-15").rules == (
        "already_suspended",
        "day_too_early",
    )
    again = story.and_(Suspend("again"), by=AUTHORITY, on="2026-03-17")
    assert (answer(again).is_paused, again.suggestion.is_suspended) == (True, True)


def test_it_may_be_resumed_earlier() -> None:
    earlier = announced(until="2026-03-16").and_(Resume("paid"), by=AUTHORITY, on="2026-03-12")
    open_one = announced().and_(Resume("paid"), by=AUTHORITY, on="2026-03-12")

    assert answer(earlier).due_on == answer(open_one).due_on
    assert answer(earlier).pauses[0].is_announced is False
    assert earlier.suggestion.suspended_until is None


def test_what_is_answered_while_it_stands_is_answered_on_that_day() -> None:
    story = announced(until="2026-03-16").and_(RecordContact("before"), by=WATER, on="2026-03-10")
    story = story.and_(Reply("disclosed", "Here they are."), by=WATER, on="2026-03-10")

    assert (answer(story).end, str(answer(story).ended_on), answer(story).is_late) == ("met", "2026-03-10", False)


def test_one_told_when_it_is_over_still_moves_the_day() -> None:
    backdating = [{"role": "information_office", "within": "30 days", "cite": "host"}]
    rules = load("gb.foi", changes={"name": "test", "version": "1", "backdating": backdating})
    suspended = Suspend("a fees notice", until="2026-03-16", on="2026-03-09")
    story = begun(rules).and_(suspended, by=AUTHORITY, on="2026-03-20")

    assert str(answer(story).due_on) == "2026-04-08"
    assert story.suggestion.suspended_on is None


@pytest.mark.parametrize(
    ("end", "rules"),
    [
        ({"until": "2026-03-09"}, ("day_too_early",)),
        ({"within": Span(0, "day")}, ("day_too_early",)),
        ({"until": "2026-03-16", "within": Span(7, "day")}, ("two_ends",)),
    ],
)
def test_an_end_that_makes_no_sense_is_refused(end: dict[str, Any], rules: tuple[str, ...]) -> None:
    outcome = begun().when(Suspend("a fees notice", **end), by=AUTHORITY, on="2026-03-09")

    assert outcome.rules == rules


def test_what_begins_while_it_stands_stands_until_that_day_and_not_after_it() -> None:
    received = given_rules(FOI, "1").and_(Receive("Pipes", "Requester A"), by=AUTHORITY, on="2026-03-02")
    told = received.and_(Suspend("a fees notice", until="2026-03-16"), by=AUTHORITY, on="2026-03-03")

    assert [str(p.end) for p in answer(told).pauses] == ["2026-03-16"]


@settings(max_examples=40)
@given(st.integers(0, 15), st.integers(1, 30), st.integers(0, 60))
def test_an_announced_end_and_a_resumption_on_it_come_to_the_same(after: int, length: int, looked: int) -> None:
    start = days_later(day("2026-03-04"), after)
    end = days_later(start, length)
    by_itself = begun().and_(Suspend("a fees notice", until=str(end)), by=AUTHORITY, on=str(start))
    by_an_act = begun().and_(Suspend("a fees notice"), by=AUTHORITY, on=str(start))
    by_an_act = by_an_act.and_(Resume("paid"), by=AUTHORITY, on=str(end))
    on = days_later(end, looked)
    one, other = answer(by_itself), answer(by_an_act)

    assert (one.due_on, one.unrolled_on) == (other.due_on, other.unrolled_on)
    assert term_status(FOI.calendar, one, on) == term_status(FOI.calendar, other, on)
    assert light_of(FOI, [one], on) == light_of(FOI, [other], on)
    assert explain(FOI, one)[-1].on == one.due_on
    assert by_itself.when_the_clock_reads(str(on)).kinds == by_an_act.when_the_clock_reads(str(on)).kinds
    assert replay("1", by_itself.history) == by_itself.suggestion
