"""Business calendar: which days are working days?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cached_property, lru_cache
from hashlib import sha256
from itertools import accumulate

from attrs import field
from pendulum import DateTime, timezone
from pendulum.tz.timezone import Timezone

from handleflow.errors import BrokenCalendar, OutsideCalendar
from handleflow.legal_time.days import Day, calendar_day
from handleflow.values import frozen, in_one_line
from handleflow.words import Message, did_you_mean, listed

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_REACH_IN_YEARS = 15
ENDS_SOON = 60
"""So many days before a calendar ends it is told: the notice of a year comes out in the last weeks before it."""


@frozen
class WorkCalendar:
    """
    Working days of one place, with make-up working days (调休), known through a day.

    *rest_days* are weekly rest days as names (``sat``, ``sun``); a *make-up day* is a rest day that
    works, and wins over it. Outside *known_from* to *known_through* only the week is known and the
    *statutory_days*, which rest by a law whatever a notice will say; so a day there is provisional.
    Questions cost constant time: all working days and the rank of every day are laid out once, fifteen
    years beyond the known range on either side.
    """

    name: str
    version: str
    zone_name: str = field(metadata={"key": "zone"})
    rest_days: tuple[str, ...]
    holidays: frozenset[Day]
    make_up_days: frozenset[Day]
    known_from: Day
    known_through: Day
    statutory_days: frozenset[Day] = field(default=frozenset(), metadata={"key": "statutory"})
    zone: Timezone = field(init=False, eq=False)
    _first: int = field(init=False, eq=False, repr=False)
    _resting: frozenset[Day] = field(init=False, eq=False, repr=False)
    _days: tuple[Day, ...] = field(init=False, eq=False, repr=False)
    _ranks: tuple[int, ...] = field(init=False, eq=False, repr=False)

    @zone.default
    def _hold_one_zone(self) -> Timezone:
        # Asking pendulum for a zone by name can cost 32 µs; a calendar asks once.
        try:
            return timezone(self.zone_name)
        except (ValueError, OSError):
            raise BrokenCalendar(f"calendar {self.name!r}: {self.zone_name!r} is no time zone") from None

    @_first.default
    def _first_ordinal(self) -> int:
        if not 1 <= self.known_from.year - _REACH_IN_YEARS <= self.known_through.year + _REACH_IN_YEARS <= 9999:
            raise BrokenCalendar(
                f"calendar {self.name!r}: {self.known_from} to {self.known_through} is not a time it can count in"
            )
        return Day(self.known_from.year - _REACH_IN_YEARS, 1, 1).toordinal()

    @_resting.default
    def _rest(self) -> frozenset[Day]:
        """The days that rest by a notice, and where there is none yet by the law alone."""
        return self.holidays.union(each for each in self.statutory_days if not self.is_known(each))

    @_days.default
    def _lay_out(self) -> tuple[Day, ...]:
        """Every working day in reach, in order."""
        if unknown := set(self.rest_days).difference(WEEKDAYS):
            hint = did_you_mean(min(unknown), WEEKDAYS)
            raise BrokenCalendar(f"calendar {self.name!r}: {listed(sorted(unknown))} is no day of the week{hint}")
        resting = {WEEKDAYS.index(name) for name in self.rest_days}
        off = {d.toordinal() for d in self._resting}
        on = {d.toordinal() for d in self.make_up_days}
        last = Day(self.known_through.year + _REACH_IN_YEARS, 12, 31).toordinal()
        return tuple(
            _day_of(ordinal)
            for ordinal in range(self._first, last + 1)
            if ordinal in on or (ordinal not in off and (ordinal + 6) % 7 not in resting)
        )

    @_ranks.default
    def _rank(self) -> tuple[int, ...]:
        """For each day in reach, how many working days lie up to and with it."""
        working = {each.toordinal() for each in self._days}
        last = Day(self.known_through.year + _REACH_IN_YEARS, 12, 31).toordinal()
        return tuple(accumulate(ordinal in working for ordinal in range(self._first, last + 1)))

    def __attrs_post_init__(self) -> None:
        unnamed = [] if self.name.strip() and self.version.strip() else ["it needs a name and a version"]
        findings = (*unnamed, *self._contradictions())
        if findings:
            raise BrokenCalendar(f"calendar {self.name!r} cannot be used: {'; '.join(findings)}")

    def __repr__(self) -> str:
        known = f"known from {self.known_from} through {self.known_through}"
        return in_one_line(self, repr(self.name), repr(self.version), known)

    def _contradictions(self) -> Iterator[str]:
        if len(set(self.rest_days)) >= len(WEEKDAYS):
            yield "no day of the week works"
        if self.known_through < self.known_from:
            yield f"it is known through {self.known_through}, before it is known from {self.known_from}"
        for both in sorted(self.holidays & self.make_up_days):
            yield f"{both} is both a holiday and a make-up working day"
        for odd in sorted(self.make_up_days):
            if WEEKDAYS[odd.weekday()] not in self.rest_days:
                yield f"{odd} is a make-up working day but no weekly rest day"
        for stray in sorted(self.holidays | self.make_up_days):
            if not self.known_from <= stray <= self.known_through:
                yield f"{stray} lies outside what is known, {self.known_from} to {self.known_through}"

    @cached_property
    def document(self) -> str:
        """All that it counts by as canonical JSON text: what stores keep, and what its digest is taken over."""
        counted_by: dict[str, object] = {
            "name": self.name,
            "version": self.version,
            "zone": self.zone_name,
            "rest_days": self.rest_days,
            "holidays": [each.isoformat() for each in sorted(self.holidays)],
            "make_up_days": [each.isoformat() for each in sorted(self.make_up_days)],
            "known_from": self.known_from.isoformat(),
            "known_through": self.known_through.isoformat(),
        }
        if self.statutory_days:  # one without any is the text that it was before there were any
            counted_by["statutory_days"] = [each.isoformat() for each in sorted(self.statutory_days)]
        return json.dumps(counted_by, sort_keys=True, ensure_ascii=False, separators=(",", ":"))

    @cached_property
    def digest(self) -> str:
        """SHA-256 over its document."""
        return sha256(self.document.encode()).hexdigest()

    def is_working_day(self, on: Day) -> bool:
        """Whether people work on *on*."""
        rank = self._reached(on)
        return rank > 0 and self._days[rank - 1] == on

    def is_statutory_rest(self, on: Day) -> bool:
        """
        Whether *on* belongs to a holiday of the yearly notice, weekends apart from it not counted; where no notice
        covers it, whether it rests by the law.
        """
        return on in self._resting

    def working_day_after(self, start: Day, n: int) -> Day:
        """
        The *n*-th working day after *start*; before it when *n* is negative; *start* itself for 0.

        Raises:
            OutsideCalendar: when that day is out of the calendar's reach.
        """
        rank = self._reached(start)
        if n > 0:
            index = rank + n - 1
        elif n == 0:
            return start
        else:
            index = rank + n - self.is_working_day(start)
        if not 0 <= index < len(self._days):
            raise self._out_of_reach(start, n)
        return self._days[index]

    def working_days_between(self, start: Day, end: Day) -> int:
        """How many working days lie after *start* up to and with *end*; negative when *end* is earlier."""
        return self._reached(end) - self._reached(start)

    def rest_days_between(self, start: Day, end: Day) -> tuple[Day, ...]:
        """The rest days from *start* towards *end*, *start* among them and *end* not, in the order met."""
        step = 1 if end >= start else -1
        days = (_day_of(ordinal) for ordinal in range(start.toordinal(), end.toordinal(), step))
        return tuple(each for each in days if not self.is_working_day(each))

    def is_known(self, on: Day) -> bool:
        """Whether a notice covers *on*; a due day beyond is provisional."""
        return self.known_from <= on <= self.known_through

    def day_of(self, at: DateTime) -> Day:
        """The day of an instant where this calendar holds."""
        local = at if at.tzinfo is self.zone else at.in_timezone(self.zone)
        return calendar_day(local.year, local.month, local.day)

    def days_left(self, at: DateTime) -> int:
        """How many days after that of *at* it still knows; negative where it has ended."""
        return self.known_through.toordinal() - self.day_of(at).toordinal()

    def start_of(self, on: Day) -> DateTime:
        """
        The instant a day begins where this calendar holds, in UTC.

        Raises:
            OutsideCalendar: when there is none there, as for the first day there is.
        """
        try:
            return _start_of(on, self.zone)
        except (ValueError, OverflowError):
            raise self._out_of_reach(on) from None

    def _reached(self, on: Day) -> int:
        """The rank of a day in reach."""
        index = on.toordinal() - self._first
        if 0 <= index < len(self._ranks):
            return self._ranks[index]
        raise self._out_of_reach(on)

    def _out_of_reach(self, on: Day, n: int | None = None) -> OutsideCalendar:
        """What is raised of a day, or of the day that is so many working days from it."""
        name, first, last, years = self.name, self.known_from, self.known_through, _REACH_IN_YEARS
        if n is None:
            message = Message(
                "error-outside_calendar", {"calendar": name, "on": on, "first": first, "last": last, "years": years}
            )
            return OutsideCalendar(message)
        return OutsideCalendar(
            Message(
                "error-outside_calendar_by",
                {"calendar": name, "n": n, "on": on, "first": first, "last": last, "years": years},
            )
        )


@lru_cache(maxsize=4096)  # pendulum takes 10 µs, and every act asks for one of the same few days
def _start_of(day: Day, zone: Timezone) -> DateTime:
    return DateTime(day.year, day.month, day.day, tzinfo=zone).in_timezone("UTC")


def _day_of(ordinal: int) -> Day:
    found = Day.fromordinal(ordinal)
    return Day(found.year, found.month, found.day)
