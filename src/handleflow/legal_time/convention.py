"""How is a span counted, and what if its last day is a rest day?"""

from __future__ import annotations

import datetime
from calendar import monthrange

from attrs import field, frozen
from attrs.validators import in_

from handleflow.legal_time.calendar import WorkCalendar
from handleflow.legal_time.days import Day
from handleflow.legal_time.span import Span

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
    first_day: str = field(default="next_day", validator=in_(FIRST_DAYS))
    roll_on: str = field(default="any_rest_day", validator=in_(ROLLS))
    direction: str = field(default="following", validator=in_(DIRECTIONS))


CIVIL_CODE = Convention("cn.civil_code")
"""Civil Code arts 201 to 203 by analogy: the day of the event is not counted, months end on the
corresponding day or the month's last, a last day that rests moves to the next working day."""


@frozen
class Counted:
    """A counted span: the day it ends on before and after rolling, and whether a notice covers it."""

    unrolled_on: Day
    due_on: Day
    is_provisional: bool


def count(anchor: Day, span: Span, convention: Convention, calendar: WorkCalendar) -> Counted:
    """
    The last day of *span* from *anchor*.

    Months are added once, clipped once to the month's last day, and rolled once at the end
    (Civil Code art. 202, 203). Working days are never rolled: they end on one.

    Raises:
        OutsideCalendar: when the calendar does not reach that far.
    """
    unrolled = _unrolled(anchor, span, convention, calendar)
    due = unrolled if span.unit == "workday" else roll(unrolled, convention, calendar)
    return Counted(unrolled, due, not calendar.is_known(due))


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
    start = anchor
    if convention.first_day == "rolled_forward" and not calendar.is_working_day(anchor):
        start = calendar.working_day_after(anchor, 1)
    elif convention.first_day == "next_working_day":
        # Day one is that working day, so the span is counted from the day before it.
        start = _plain_sum(calendar.working_day_after(anchor, 1), Span(-1, "day"))
    elif convention.first_day == "same_day":
        start = _plain_sum(anchor, Span(-1, "day"))
    return shift(start, span, calendar)


def _plain_sum(start: Day, span: Span) -> Day:
    if span.unit == "day":
        found = datetime.date.fromordinal(start.toordinal() + span.n)
        return Day(found.year, found.month, found.day)
    months = start.year * 12 + start.month - 1 + span.n
    year, month = divmod(months, 12)
    return Day(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))
