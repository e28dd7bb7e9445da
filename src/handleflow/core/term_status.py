"""Status of a deadline: where does a term stand on a day, and how many days are left or late?"""

from __future__ import annotations

from handleflow.legal_time import Day, WorkCalendar
from handleflow.model import Term
from handleflow.values import frozen


@frozen
class TermStatus:
    """
    Where a term stands: *status* is exactly one of ``not_due``, ``due_today``, ``overdue``, ``paused`` while it
    runs, else how it ended.

    *days_left* and *days_late* count calendar days; *own_left* and *own_late* the same in working days
    for a term of working days. All are 0 where they do not apply: while its clock stands and nobody knows
    until when, there is no day to count to.
    """

    status: str
    days_left: int = 0
    days_late: int = 0
    own_left: int = 0
    own_late: int = 0


def term_status(calendar: WorkCalendar, term: Term, on: Day) -> TermStatus:
    """Where *term* stands on a day; an ended one is late by the day it ended."""
    if term.due_on is None:
        return TermStatus(term.end)
    until = on if term.is_running else (term.ended_on or on)
    status = term.status(on)
    is_own = term.span is not None and term.span.unit == "workday"
    between = calendar.working_days_between if is_own else _calendar_days
    if term.is_running and term.is_paused:
        return TermStatus(status)
    if status in {"not_due", "due_today", "paused"}:
        return TermStatus(status, _calendar_days(on, term.due_on), 0, between(on, term.due_on), 0)
    if until <= term.due_on or term.end in {"dropped", "unknown"}:
        return TermStatus(status)
    return TermStatus(status, 0, _calendar_days(term.due_on, until), 0, between(term.due_on, until))


def _calendar_days(start: Day, end: Day) -> int:
    return end.toordinal() - start.toordinal()
