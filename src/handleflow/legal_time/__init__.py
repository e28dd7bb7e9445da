"""Days, spans and calendars as the law counts them. Knows nothing of suggestions."""

from handleflow.legal_time.calendar import WorkCalendar
from handleflow.legal_time.convention import CIVIL_CODE, Convention, Counted, Note, count
from handleflow.legal_time.days import (
    Day,
    as_plain,
    as_plain_utc,
    day,
    days_later,
    earliest,
    in_utc,
    instant,
    is_before,
    latest,
    utc,
)
from handleflow.legal_time.hours import WorkingHours
from handleflow.legal_time.span import Span

__all__ = [
    "CIVIL_CODE",
    "Convention",
    "Counted",
    "Day",
    "Note",
    "Span",
    "WorkCalendar",
    "WorkingHours",
    "as_plain",
    "as_plain_utc",
    "count",
    "day",
    "days_later",
    "earliest",
    "in_utc",
    "instant",
    "is_before",
    "latest",
    "utc",
]
