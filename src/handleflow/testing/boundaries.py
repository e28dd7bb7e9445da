"""Boundary values: which days matter for a term? Those on either side of every edge it has."""

from __future__ import annotations

from collections.abc import Iterator

from handleflow.legal_time import Day, WorkCalendar, day, days_later
from handleflow.legal_time.convention import shift
from handleflow.model import Term
from handleflow.rules import Rulebook
from handleflow.values import frozen


@frozen
class BoundaryDay:
    """A day and why it matters, in words; *name* is what a test is called by."""

    on: Day
    name: str

    def __str__(self) -> str:
        return f"{self.name} {self.on}"


def boundary_days(rules: Rulebook, term: Term) -> tuple[BoundaryDay, ...]:
    """
    The days that matter for *term* under *rules*, in order, a day once though it may matter twice.

    The anchor and its neighbours, each rung's day and the day before it, the due day with its neighbours and the
    first working day after it, the ends of its month and year, and the edge of what the calendar knows. Days before
    the anchor are left out; a term without a day has none.

    Use it as ``pytest.mark.parametrize("boundary", boundary_days(rules, term), ids=str)``.
    """
    if term.due_on is None:
        return ()
    start = term.anchor_on or term.due_on
    named: dict[Day, str] = {}
    for on, name in _edges(rules, term, start, term.due_on):
        if on >= start:
            named[on] = f"{named[on]} and {name}" if on in named else name
    return tuple(BoundaryDay(on, named[on]) for on in sorted(named))


def _edges(rules: Rulebook, term: Term, start: Day, due: Day) -> Iterator[tuple[Day, str]]:
    calendar = rules.calendar
    yield start, "the anchor"
    yield days_later(start, 1), "the day after the anchor"
    for rung in rules.rungs_of(term.key.rule):
        on = shift(due, rung.trigger.offset, calendar)
        yield days_later(on, -1), f"the day before rung {rung.id}"
        yield on, f"rung {rung.id}"
    yield days_later(due, -1), "the day before the due day"
    yield due, "the due day"
    yield days_later(due, 1), "the day after the due day"
    yield calendar.working_day_after(due, 1), "the first working day after the due day"
    yield from _ends(calendar, due)


def _ends(calendar: WorkCalendar, due: Day) -> Iterator[tuple[Day, str]]:
    yield day(due.end_of("month")), "the end of the month"
    yield days_later(day(due.end_of("month")), 1), "the first of the next month"
    yield day(due.end_of("year")), "the end of the year"
    yield calendar.known_through, "the last day the calendar knows"
    yield days_later(calendar.known_through, 1), "the first day it does not know"
