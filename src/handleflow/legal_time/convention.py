"""Day count convention: how is a span counted, and what if its last day is a rest day?"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable

from attrs import field

from handleflow.choices import OneOf
from handleflow.legal_time.calendar import WorkCalendar
from handleflow.legal_time.days import Day, days_later, unreached
from handleflow.legal_time.span import Span
from handleflow.values import frozen

FIRST_DAYS = ("next_day", "next_working_day", "same_day", "rolled_forward")
ROLLS = ("any_rest_day", "statutory_holiday", "none")
DIRECTIONS = ("following", "preceding")


@frozen
class Convention:
    """
    A way of counting, under its own name.

    *first_day* is day one of the span: the day after the anchor, the next working day, the anchor
    itself, or the anchor rolled forward to a working day and then counted from. *roll_on* says which
    rest days the last day moves off, *direction* where to.
    """

    name: str
    first_day: str = field(default="next_day", validator=OneOf(*FIRST_DAYS))
    roll_on: str = field(default="any_rest_day", validator=OneOf(*ROLLS))
    direction: str = field(default="following", validator=OneOf(*DIRECTIONS))


CIVIL_CODE = Convention("cn.civil_code")
"""Civil Code arts 201 to 203 by analogy: the day of the event is not counted, months end on the
corresponding day or the month's last, a last day that rests moves to the next working day."""


@frozen
class Counted:
    """A counted span: the day it ends on before and after rolling, and whether a notice covers it."""

    unrolled_on: Day
    due_on: Day
    is_provisional: bool


Note = Callable[[str, Day, object], None]
"""Hears each step of a reckoning: what was done, the day it led to, and what it rests on."""


def count(
    anchor: Day, span: Span, convention: Convention, calendar: WorkCalendar, note: Note | None = None
) -> Counted:
    """
    The last day of *span* from *anchor*; *note* hears how it came about.

    Months are added once, clipped once to the month's last day, and rolled once at the end
    (Civil Code art. 202, 203). Working days are never rolled: they end on one.

    Raises:
        OutsideCalendar: when the calendar does not reach that far.
    """
    unrolled = _unrolled(anchor, span, convention, calendar)
    due = unrolled if span.unit == "workday" else roll(unrolled, convention, calendar)
    asks_the_anchor = span.unit == "workday" or convention.first_day in {"next_working_day", "rolled_forward"}
    is_known = calendar.is_known(due) and (calendar.is_known(anchor) or not asks_the_anchor)
    if note is not None:
        note("anchor", anchor, convention.first_day)
        note("counted", unrolled, span)
        if span.unit == "month" and unrolled.day < anchor.day and convention.first_day == "next_day":
            note("clipped", unrolled, anchor.day)
        if due != unrolled:
            note("rolled", due, calendar.rest_days_between(unrolled, due))
    return Counted(unrolled, due, not is_known)


def roll(last: Day, convention: Convention, calendar: WorkCalendar) -> Day:
    """*last*, moved off a rest day the way the convention says."""
    if convention.roll_on == "none" or calendar.is_working_day(last):
        return last
    if convention.roll_on == "statutory_holiday" and not calendar.is_statutory_rest(last):
        return last
    return calendar.working_day_after(last, 1 if convention.direction == "following" else -1)


def shift(start: Day, span: Span, calendar: WorkCalendar) -> Day:
    """*start* moved by *span* without any convention: what rungs and answers are counted by."""
    if span.unit == "workday":
        return calendar.working_day_after(start, span.n)
    return _plain_sum(start, span)


def _unrolled(anchor: Day, span: Span, convention: Convention, calendar: WorkCalendar) -> Day:
    if convention.first_day == "next_day":
        return shift(anchor, span, calendar)
    if convention.first_day == "rolled_forward":
        start = anchor if calendar.is_working_day(anchor) else calendar.working_day_after(anchor, 1)
        return shift(start, span, calendar)
    day_one = anchor if convention.first_day == "same_day" else calendar.working_day_after(anchor, 1)
    if span.unit == "month":
        last = _plain_sum(day_one, span)
        # A month begun on the 1st ends on the last of that month; one begun on the 31st ends where it is clipped.
        return last if last.day < day_one.day else _plain_sum(last, Span(-1, "day"))
    return shift(_plain_sum(day_one, Span(-1, "day")), span, calendar)


def _plain_sum(start: Day, span: Span) -> Day:
    try:
        if span.unit == "day":
            return days_later(start, span.n)
        months = start.year * 12 + start.month - 1 + span.n
        year, month = divmod(months, 12)
        return Day(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))
    except (ValueError, OverflowError):
        raise unreached(start, span.n, span.unit) from None
