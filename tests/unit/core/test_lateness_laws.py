"""Law of lateness: is it, in every report, that of a life which had known the last days and rules from the start?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from typing import Any

import attrs
from hypothesis import HealthCheck, settings
from hypothesis import given as drawn
from hypothesis import strategies as st

from handleflow import Act, Entry, Refused, Rulebook, Suggestion
from handleflow.acts import Adopt, Assign, Correct, CorrectTime, Distribute, TakeOver
from handleflow.core import corrected_by, decide, supervise
from handleflow.core._missing_terms import rerun
from handleflow.core.corrected_time import as_corrected
from handleflow.legal_time import Day, day, days_later
from handleflow.model import Provenance, Term, TermKey
from handleflow.model.changing import changed
from handleflow.model.corrections import Correction
from handleflow.testing import Outcome, Scenario, given
from handleflow.testing._making import NAMES
from handleflow.testing.strategies import Life, lives
from handleflow.views import board, board_data, report_data, summarize, workload
from tests.beginnings import OFFICE, instant, rulebook
from tests.unit.core.test_explain import STOPPABLE

LAST_DAY = day("2031-06-30")
"""When all is judged: every day of a life has come."""


def under(version: str, calendar: dict[str, Any], spans: tuple[str, ...] = ("3 months", "20 workdays")) -> Rulebook:
    """Whatever can bear on a day: longer tracks, extensions, pauses, terms of all parties and the whole."""
    reply, short = spans
    extension = {"span": "9 months", "base": "capped", "mode": "consent", "cite": "host", "times": 2}
    long = {"long_span": "6 months", "long_cite": "host", "extension": extension, "is_pausable": True}
    rows: list[dict[str, Any]] = [
        {"id": "reply", "of": "lead", "anchor": "assigned", "met_by": ["replied"], "span": reply, **long},
        {"id": "rehandled", "of": "lead", "anchor": "rehandling_demanded", "met_by": ["replied"], "span": short},
        {"id": "first_contact", "of": "lead", "anchor": "accepted", "met_by": ["contact_recorded"], "span": short},
        {"id": "opinion", "of": "co", "anchor": "assigned", "met_by": ["opinion_given"], "span": short},
        {"id": "rating", "of": "lead", "anchor": "replied", "met_by": ["evaluated"], "span": short},
        {"id": "assignment", "of": "whole", "anchor": "received", "met_by": ["assigned"], "span": short},
        {"id": "all_replies", "of": "whole", "anchor": "assigned", "met_by": ["replied"], "span": reply},
    ]
    rows[4]["owed_by"] = "deputy"
    terms = [{**row, "cite": "host"} for row in rows]
    return rulebook(term=terms, version=version, calendar=calendar, transition=STOPPABLE)


def calendar(version: str, known_through: str, holidays: Iterable[date] = (), worked: Iterable[date] = ()) -> Any:
    off, on = sorted(map(str, holidays)), sorted(map(str, worked))
    return {
        "name": "grown",
        "version": version,
        "zone": "Asia/Shanghai",
        "rest_days": ["sat", "sun"],
        "known_from": "2025-01-01",
        "known_through": known_through,
        "year": [{"year": 2026, "source": "host", "holidays": off, "make_up_days": on}],
    }


EARLY = under("early", calendar("1", "2026-03-31"))
LATER = [date(2026, 4, 1) + timedelta(days=n) for n in range(240)]
HOLIDAYS = st.sets(st.sampled_from([on for on in LATER if on.isoweekday() < 6]), max_size=40)
WORKED = st.sets(st.sampled_from([on for on in LATER if on.isoweekday() > 5]), max_size=20)
SPANS = st.tuples(
    st.sampled_from(["2 months", "3 months", "5 months"]),
    st.sampled_from(["10 workdays", "20 workdays", "40 workdays"]),
)
LATER_CALENDARS = st.builds(lambda off, on: calendar("2", "2031-12-31", off, on), HOLIDAYS, WORKED)
"""Calendars that know more than the early one, and nothing else of what it knew."""
STEADY = under("steady", calendar("2", "2031-12-31"))


def days_of(s: Suggestion) -> Iterator[tuple[int, str, date | None]]:
    """What was recorded of days, by the entry and the field that hold it."""
    yield s.entry, "suggestion.received_on", s.received_on
    for a in s.assignments:
        yield a.entry, "assignment.assigned_on", a.assigned_on
        if a.acceptance:
            yield a.acceptance.entry, "acceptance.on", a.acceptance.on
    dated: tuple[Any, ...] = (*s.contacts, *s.opinions, *s.replies, *s.ratings)
    yield from ((each.entry, f"{each.noun}.on", each.on) for each in dated)


def corrections(suggestion: Suggestion, on: date, told: Callable[[int], date | None]) -> st.SearchStrategy[Act]:
    """Corrections of days, by weeks; no act happened after it was told, or before a take-over where it came later."""

    def right(entry: int, field: str, was: date | None, days: int) -> Act:
        moved = min((was or on) + timedelta(days=days), told(entry) or was or on)
        watched_from = suggestion.taken_over_on if entry != suggestion.entry else None
        return Correct(entry, field, str(max(moved, watched_from or moved)), "typing error")

    found = st.sampled_from(list(days_of(suggestion)))
    return st.tuples(found, st.integers(-60, 60)).map(lambda it: right(*it[0], it[1]))


OWN = {
    Correct: lambda r, s, d: corrections(s, d, lambda entry: None),
    Distribute: lambda r, s, d: st.builds(Distribute, NAMES, NAMES),
}


def lived(rules: Rulebook, life: Life, *, is_swept: bool) -> Scenario:
    story = given(rules)
    for on, by, act in life:
        if isinstance(act, CorrectTime) and not _names_an_act(story, act):
            continue  # what followed from an act, at another instant than the act
        story = story.and_the_clock_reads(on) if is_swept and story.history else story
        story = story.when(act, by=by, on=on).and_then()
    return story


def _names_an_act(story: Scenario, act: CorrectTime) -> bool:
    named = [entry.event for entry in story.history if entry.number == act.times[0].entry]
    return bool(named) and isinstance(named[0], Act)


def set_right(data: st.DataObject, story: Scenario, *, is_swept: bool) -> Scenario:
    """The story in which some days, and the track, are set right, while time goes by."""
    for _ in range(data.draw(st.integers(0, 4)) if story.history else 0):
        on = days_later(story.steps[-1].on, data.draw(st.sampled_from([0, 1, 100, 400])))
        story = story.and_the_clock_reads(on) if is_swept else story
        track = st.sampled_from(["true", "false"]).map(lambda so: Correct(1, "is_long_track", so, "many pipes"))
        has_one = any(isinstance(entry.event, Assign) for entry in story.history)
        told = {entry.number: entry.on for entry in story.history}
        days = [corrections(story.suggestion, on, told.get)] * 4
        act = data.draw(st.one_of(*days, track) if has_one else days[0])
        story = story.when(act, by=OFFICE, on=on).and_then()
    return story


def adopted(story: Scenario, rules: Rulebook, on: Day) -> Scenario:
    """The story in which another version decides from *on*, where it may; as it was where its life is over."""
    act, provenance = Adopt(rules.name, rules.version), Provenance(OFFICE, instant(str(on)), on)
    corrected = corrected_by(act, story.suggestion, story.history)
    decision = decide(rules, story.suggestion, act, provenance, story.rules, corrected)
    if isinstance(decision, Refused):
        return story
    outcome = Outcome(story, "adopt", OFFICE, on, decision.suggestion, decision.entries)
    return attrs.evolve(story.after(outcome), rules=rules)


DAYS = dict.fromkeys(
    (
        "suggestion.received_on",
        "assignment.assigned_on",
        "acceptance.on",
        "contact.on",
        "opinion.on",
        "reply.on",
        "rating.on",
    ),
    "on",
)
DAYS_OF_A_TAKE_OVER = {
    "assignment.assigned_on": "assigned_on",
    "contact.on": "contacted_on",
    "opinion.on": "opinion_on",
    "reply.on": "replied_on",
}


def as_known_at_last(history: tuple[Entry, ...], corrections: tuple[Correction, ...]) -> Iterator[Entry]:
    """The entries with the instants and the days of acts that hold at last; what set days right is not among them."""
    by_number, set_right = {entry.number: entry.event for entry in history}, set()
    days: dict[int, dict[str, Any]] = {}
    for each in corrections:
        if each.field == "suggestion.is_long_track":
            set_right.add(each.entry)
            assigned = [number for number, event in by_number.items() if isinstance(event, Assign)]
            for number in assigned:
                days.setdefault(number, {})["is_long_track"] = each.new == "true"
        named = DAYS_OF_A_TAKE_OVER if isinstance(by_number[each.corrected], TakeOver) else DAYS
        if each.field in named:
            days.setdefault(each.corrected, {})[named[each.field]] = each.new
            set_right.add(each.entry)
    for entry in as_corrected(history):
        known = days.get(entry.number)
        if entry.number not in set_right:
            yield changed(entry, event=attrs.evolve(entry.event, **known)) if known else entry


def judged(rules: Rulebook, suggestion: Suggestion) -> Suggestion:
    """The suggestion when the clock has said all that it has to."""
    return supervise(rules, suggestion, at=instant(str(LAST_DAY))).suggestion


def lateness(term: Term) -> tuple[object, ...]:
    """How a term stands, with its day while that is to come: of one that ended it counts whether it was late."""
    day_to_come = term.due_on if term.is_running else None
    return term.key, term.end, day_to_come, term.status(LAST_DAY), term.is_breached, term.is_late


def reports(rules: Rulebook, suggestion: Suggestion) -> dict[str, Any]:
    of, on = [(rules, suggestion)], LAST_DAY
    lines = [{k: v for k, v in line.items() if k != "last_said"} for line in board_data(board(of, on))]
    report = report_data(summarize(of, on=on))
    return {
        "terms": sorted(map(lateness, suggestion.terms), key=repr),
        "units": workload(of, on),
        "board": lines,
        "report": report,
    }


def stopped(suggestion: Suggestion) -> dict[TermKey, int]:
    """How often the clock of each term stood, by the entries that say so."""
    return {term.key: len(term.pauses) for term in suggestion.terms}


def known_at_once(story: Scenario, rules: Rulebook) -> Suggestion:
    """The life had it been under *rules* from the start, and all days been known."""
    history = tuple(as_known_at_last(story.history, story.suggestion.corrections))
    return judged(rules, rerun(rules, "1", history, story.suggestion.in_session))


@settings(suppress_health_check=list(HealthCheck), deadline=None)
@drawn(data=st.data(), is_swept=st.booleans())
def test_a_day_set_right_is_as_if_it_had_been_known(data: st.DataObject, is_swept: bool) -> None:
    """
    Days of acts, instants and the longer track are set right, once or again, whenever the clock has spoken.

    Entries say otherwise where a unit got its part by distribution: its day is recorded as inherited, and is set
    right by itself; and of a standstill that found a day passed by what was known then: ``term_paused`` says which
    terms it stopped, and no other stands still afterwards. A day made unknown leaves what was found by it, and
    nobody missed a day before a take-over.
    """
    story = set_right(data, lived(STEADY, data.draw(lives(STEADY, own=OWN)), is_swept=is_swept), is_swept=is_swept)

    known = known_at_once(story, STEADY)
    if stopped(story.suggestion) == stopped(known):
        assert reports(STEADY, judged(STEADY, story.suggestion)) == reports(STEADY, known)


@settings(suppress_health_check=list(HealthCheck), deadline=None)
@drawn(data=st.data(), spans=SPANS, calendar=LATER_CALENDARS, is_swept=st.booleans())
def test_a_version_and_a_calendar_adopted_are_as_if_they_had_held_from_the_start(
    data: st.DataObject, spans: tuple[str, str], calendar: Any, is_swept: bool
) -> None:
    """
    The version adopted knows a calendar that reaches further, and other spans.

    An entry says otherwise of a term that had ended: a new law does not reach back, and it keeps the span of the
    version that it ended under, counted by the calendar that is known now. So does one whose end was unknown. And
    ``term_paused`` says which terms a standstill stopped.
    """
    last, left = under("last", calendar, spans), under("left", calendar)
    story = set_right(data, lived(EARLY, data.draw(lives(EARLY, own=OWN)), is_swept=is_swept), is_swept=is_swept)
    before = {term.key: term.end for term in story.suggestion.terms}
    story = adopted(story, last, days_later(story.steps[-1].on, data.draw(st.sampled_from([0, 30, 400]))))
    if story.rules is last:
        anew, known = known_at_once(story, last), {term.key: term for term in known_at_once(story, left).terms}
        terms = [known[t.key] if before[t.key] not in {"running", "not_computable"} else t for t in anew.terms]
        expected = changed(anew, terms=tuple(terms))

        if stopped(story.suggestion) == stopped(expected):
            assert reports(last, judged(last, story.suggestion)) == reports(last, expected)
