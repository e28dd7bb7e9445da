"""Deadline and its ledger: when must it be done, and how did that day come about?"""

from __future__ import annotations

from collections.abc import Iterable

from attrs import field

from handleflow.choices import OneOf
from handleflow.legal_time import Day, Span, day
from handleflow.model.fields import coded, day_or_none
from handleflow.party import name_of
from handleflow.values import frozen

ENDS = ("running", "met", "dropped", "unknown", "not_computable")


@frozen
class TermKey:
    """
    Which promise: one rule, for one unit, in one round, for the n-th time.

    *unit* is empty where the rule holds for the whole suggestion. *ref* counts fresh starts; where what begins the
    term names its day (a commitment, a supervision's answer) it is the number that it names.
    """

    rule: str = field(validator=coded)
    unit: str = ""
    round: int = 1
    ref: int = 1

    def is_of(self, rule: str, unit: str) -> bool:
        """Whether it is a promise of that rule, made by that unit."""
        return (self.rule, self.unit) == (rule, unit)

    def __str__(self) -> str:
        whose = f" of {name_of(self.unit)}" if self.unit else ""
        return f"{self.rule}{whose} (round {self.round}, {self.ref})"


def last_ref(keys: Iterable[TermKey]) -> int:
    """The highest number among *keys*; 0 where there are none."""
    return max((key.ref for key in keys), default=0)


@frozen
class Extension:
    """
    Longer time until a day; *by_consent* tells a granted one from a declared one.

    *on* is the day it was granted or declared, since when a clock that stands makes it longer still; *asked_on* that
    of the request. None stands for both in what was recorded before. One given as a span, *within*, is added to the
    day of the law anew wherever that moves; *until*, which it came to when it was given, holds at least.
    """

    entry: int
    until: Day = field(converter=day)
    by_consent: bool = True
    on: Day | None = field(default=None, converter=day_or_none)
    within: Span | None = None
    asked_on: Day | None = field(default=None, converter=day_or_none)


@frozen
class Pause:
    """
    A stop of the clock from the day after *start* to *end*; open while *end* is unknown.

    *is_announced*: its end was named in advance, and may still come earlier.
    """

    entry: int
    start: Day = field(converter=day)
    end: Day | None = field(default=None, converter=day_or_none)
    is_announced: bool = False

    def holds_on(self, on: Day) -> bool:
        """Whether the clock stands on a day; on *end* it goes on."""
        return self.start <= on and (self.end is None or on < self.end)


@frozen
class Term:
    """
    A dated promise (期限) as a ledger; its due day is a day, and met on that day is met in time.

    *original_on* is what was first told, *due_on* what holds now. *end* says how it ended, *missed_on*
    that its day once passed unmet: a fact that stays, though *is_rebutted* takes it out of the counts. *moved* is how
    often its day became another one.
    """

    key: TermKey
    anchor_entry: int
    anchor_on: Day | None = field(default=None, converter=day_or_none)
    span: Span | None = None
    original_on: Day | None = field(default=None, converter=day_or_none)
    unrolled_on: Day | None = field(default=None, converter=day_or_none)
    due_on: Day | None = field(default=None, converter=day_or_none)
    notice_on: Day | None = field(default=None, converter=day_or_none)
    is_provisional: bool = False
    extensions: tuple[Extension, ...] = ()
    pauses: tuple[Pause, ...] = ()
    end: str = field(default="running", validator=OneOf(*ENDS))
    ended_on: Day | None = field(default=None, converter=day_or_none)
    missed_on: Day | None = field(default=None, converter=day_or_none)
    is_rebutted: bool = False
    moved: int = 0

    @property
    def has_own_day(self) -> bool:
        """Whether its day was named and not counted: that of a promise, or that a supervision asks for."""
        return self.span is None and self.original_on is not None

    @property
    def is_running(self) -> bool:
        """Whether it still waits to be met."""
        return self.end == "running"

    @property
    def is_paused(self) -> bool:
        """Whether its clock stands still, and nobody knows until when: its day is open."""
        return any(pause.end is None for pause in self.pauses)

    @property
    def awaited_on(self) -> Day | None:
        """The day it is to be met by, while it waits and somebody knows that day: not while its clock stands."""
        return self.due_on if self.is_running and not self.is_paused else None

    @property
    def is_breached(self) -> bool:
        """Whether its day passed unmet and no timely fact told later rebutted that."""
        return self.missed_on is not None and not self.is_rebutted

    @property
    def is_late(self) -> bool:
        """Whether it was met after its day, or missed."""
        return self.is_late_by(self.ended_on) if self.end == "met" and self.ended_on is not None else self.is_breached

    def is_late_by(self, on: Day) -> bool:
        """Whether what it waits for comes too late on that day."""
        return self.is_breached if self.due_on is None else on > self.due_on

    def is_late_on(self, on: Day) -> bool:
        """Whether it is late by what is known on a day: met after its day, missed, or overdue though nobody swept."""
        return self.is_late or self.status(on) == "overdue"

    def is_missed_on(self, on: Day) -> bool:
        """Whether its day has passed unmet by a day, recorded or not."""
        return self.is_breached or self.status(on) == "overdue"

    def status(self, on: Day) -> str:
        """
        Where it stands on a day: a running term is exactly one of ``not_due``, ``due_today``,
        ``overdue``, ``paused``; an ended one is how it ended.

        While its clock stands it is never overdue. A stop whose end is known has moved its day already.
        """
        if not self.is_running or self.due_on is None:
            return self.end
        standing = [pause for pause in self.pauses if pause.holds_on(on)]
        if on > self.due_on and all(pause.end is not None for pause in standing):
            return "overdue"
        if standing:
            return "paused"
        return "due_today" if on == self.due_on else "not_due"


@frozen
class FiringKey:
    """A rung's one chance to speak: once per term, ref, rung and occurrence."""

    term: TermKey
    rung: str = field(validator=coded)
    occurrence: int = 1
