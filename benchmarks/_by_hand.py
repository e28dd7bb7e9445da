"""
What would a good hand write for one life, with nothing to spare? The limit that the library is held against.

Frozen classes with slots, a dictionary of transitions, a list that is appended to, and a table of working days. It
knows one rulebook, one unit and one reply, gives no reasons and explains nothing.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from itertools import accumulate

from attrs import frozen

from handleflow.legal_time import WorkCalendar


class WorkTable:
    """Working days laid out once, and the rank of every day among them."""

    def __init__(self, calendar: WorkCalendar, first: datetime.date, last: datetime.date) -> None:
        days = [datetime.date.fromordinal(n) for n in range(first.toordinal(), last.toordinal() + 1)]
        works = [calendar.is_working_day(calendar.known_from.fromordinal(each.toordinal())) for each in days]
        self.first = first.toordinal()
        self.days = [each for each, is_working in zip(days, works, strict=True) if is_working]
        self.ranks = list(accumulate(works))

    def after(self, start: datetime.date, n: int) -> datetime.date:
        """The n-th working day after a day."""
        return self.days[self.ranks[start.toordinal() - self.first] + n - 1]


@frozen
class Received:
    """It came in."""

    title: str
    deputy: str


@frozen
class Assigned:
    """A unit got it."""

    unit: str


@frozen
class Accepted:
    """The unit signed for it."""


@frozen
class Heard:
    """The unit spoke with the deputy."""

    means: str
    text: str


@frozen
class Replied:
    """The unit answered."""

    outcome: str
    text: str


@frozen
class Evaluated:
    """The deputy judged."""

    result: str


Fact = Received | Assigned | Accepted | Heard | Replied | Evaluated


@frozen
class Line:
    """A line of the history."""

    number: int
    fact: Fact
    by: str
    at: datetime.datetime
    on: datetime.date
    state: str


@frozen
class Matter:
    """What is known of one suggestion."""

    id: str
    state: str = ""
    version: int = 0
    last_at: datetime.datetime | None = None
    title: str = ""
    deputy: str = ""
    unit: str = ""
    due_on: datetime.date | None = None
    accepted_on: datetime.date | None = None
    heard_on: datetime.date | None = None
    outcome: str = ""
    replied_on: datetime.date | None = None
    result: str = ""


Made = Callable[[Matter, Fact, str, datetime.datetime, datetime.date, WorkTable], Matter]


def _received(
    m: Matter, fact: Received, state: str, at: datetime.datetime, on: datetime.date, _: WorkTable
) -> Matter:
    return Matter(m.id, state, m.version + 1, at, fact.title, fact.deputy)


def _assigned(
    m: Matter, fact: Assigned, state: str, at: datetime.datetime, on: datetime.date, w: WorkTable
) -> Matter:
    return Matter(m.id, state, m.version + 1, at, m.title, m.deputy, fact.unit, w.after(on, 60))


def _accepted(m: Matter, _: Accepted, state: str, at: datetime.datetime, on: datetime.date, __: WorkTable) -> Matter:
    return Matter(m.id, state, m.version + 1, at, m.title, m.deputy, m.unit, m.due_on, on)


def _heard(m: Matter, _: Heard, state: str, at: datetime.datetime, on: datetime.date, __: WorkTable) -> Matter:
    return Matter(m.id, state, m.version + 1, at, m.title, m.deputy, m.unit, m.due_on, m.accepted_on, on)


def _replied(m: Matter, fact: Replied, state: str, at: datetime.datetime, on: datetime.date, _: WorkTable) -> Matter:
    known = (m.title, m.deputy, m.unit, m.due_on, m.accepted_on, m.heard_on)
    return Matter(m.id, state, m.version + 1, at, *known, fact.outcome, on)


def _evaluated(
    m: Matter, fact: Evaluated, state: str, at: datetime.datetime, _: datetime.date, __: WorkTable
) -> Matter:
    known = (m.title, m.deputy, m.unit, m.due_on, m.accepted_on, m.heard_on, m.outcome, m.replied_on)
    return Matter(m.id, state, m.version + 1, at, *known, fact.result)


TRANSITIONS: dict[tuple[str, type[Fact]], tuple[str, str, Made]] = {
    ("", Received): ("received", "office", _received),  # type: ignore[dict-item]  # each makes of its own fact
    ("received", Assigned): ("assigned", "office", _assigned),  # type: ignore[dict-item]
    ("assigned", Accepted): ("handling", "unit", _accepted),  # type: ignore[dict-item]
    ("handling", Heard): ("handling", "unit", _heard),  # type: ignore[dict-item]
    ("handling", Replied): ("replied", "unit", _replied),  # type: ignore[dict-item]
    ("replied", Evaluated): ("evaluated", "deputy", _evaluated),  # type: ignore[dict-item]
}


def tell(m: Matter, history: list[Line], fact: Fact, by: str, at: datetime.datetime, days: WorkTable) -> Matter:
    """The suggestion after a fact, with a line more in its history."""
    transition = TRANSITIONS.get((m.state, type(fact)))
    if transition is None or transition[1] != by:
        raise ValueError(f"not from {m.state!r}")
    if type(fact) is Replied and m.heard_on is None:
        raise ValueError("the deputy was not heard")
    state, _, made = transition
    on = at.date()
    after = made(m, fact, state, at, on, days)
    history.append(Line(after.version, fact, by, at, on, state))
    return after
