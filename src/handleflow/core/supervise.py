"""What has the clock to say?"""

from __future__ import annotations

from collections.abc import Iterator

from pendulum import DateTime

from handleflow.acts import RungLapsed, Supervise
from handleflow.core._machine import table
from handleflow.core._misses import is_paused, may_be_missed, misses
from handleflow.core._pen import Pen
from handleflow.core._terms import write_terms
from handleflow.core.rungs import RungDay, rungs_until, unspoken
from handleflow.legal_time import Day
from handleflow.legal_time.convention import shift
from handleflow.model import CLOCK, OFFICES, Asked, Entry, Event, Suggestion
from handleflow.rules import Rulebook


def supervise(rules: Rulebook, suggestion: Suggestion, *, at: DateTime) -> tuple[Entry, ...]:
    """
    What the clock has to say about *suggestion* at *at*: days missed, and rungs, in order of their days.

    A rung that should have spoken earlier, while nobody swept, speaks now with both days. Ask twice
    and the second answer is empty: what was said is in the history.
    """
    pen = Pen(rules, suggestion)
    asked = Asked(CLOCK, at, rules.calendar.day_of(at))
    for _, event in sorted(_due(rules, suggestion, asked.on), key=lambda due: due[0]):
        before = pen.suggestion
        pen.write(event, asked)
        if isinstance(event, Supervise):
            write_terms(pen, before, event, asked)
    return tuple(pen.entries)


def wakes_on(rules: Rulebook, suggestion: Suggestion) -> Day | None:
    """The day the clock next has something to say if nobody acts; what a store's index keeps."""
    found = [_next_day(term.due_on) for term in suggestion.running_terms() if may_be_missed(term) and term.due_on]
    if _speaks_in(rules, suggestion):
        for term in suggestion.running_terms():
            found.extend(rung_day.on for rung_day in unspoken(rules, suggestion, term) if not is_paused(term))
    return min(found, default=None)


def _next_day(due_on: Day) -> Day:
    found = Day.fromordinal(due_on.toordinal() + 1)
    return Day(found.year, found.month, found.day)


def _speaks_in(rules: Rulebook, suggestion: Suggestion) -> bool:
    arrows = table(rules.lifecycle).get((suggestion.state, Supervise), ())
    return any(CLOCK.role in arrow.roles for arrow in arrows)


def _due(rules: Rulebook, suggestion: Suggestion, on: Day) -> Iterator[tuple[tuple[int, int], Event]]:
    """Each event with where it stands in order: its day, and a miss before what is said about it."""
    for missed in misses(suggestion, on):
        yield (missed.due_on.toordinal() + 1, 0), missed
    if not _speaks_in(rules, suggestion):
        return
    for term in suggestion.running_terms():
        passed = () if is_paused(term) else rungs_until(rules, suggestion, term, on)
        for place, rung_day in enumerate(passed):
            is_last = place == len(passed) - 1
            event = _collapsed(rung_day) if rules.is_collapsing and not is_last else _spoken(rules, rung_day, on)
            yield (rung_day.on.toordinal(), 1), event


def _collapsed(rung_day: RungDay) -> RungLapsed:
    return RungLapsed(rung_day.claim, rung_day.on, "a later rung speaks for it")


def _spoken(rules: Rulebook, rung_day: RungDay, on: Day) -> Supervise:
    rung, term = rung_day.rung, rung_day.term
    answer_by = shift(on, rung.answer_within, rules.calendar) if rung.answer_within else None
    text = f"{rung.zh or rung.id} / {rung.en or rung.id} ({term.due_on})"
    return Supervise(
        term.key.unit or OFFICES[0], rung.measure, text, answer_by, claim=rung_day.claim, meant_on=rung_day.on
    )
