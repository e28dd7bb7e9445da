"""How does a document become a calendar?"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

import cattrs

from handleflow.errors import BrokenCalendar, NonsenseError
from handleflow.legal_time import Day, WorkCalendar, day
from handleflow.presets import _shapes as shapes
from handleflow.presets._findings import CONVERTER, Findings
from handleflow.presets._plain_data import name_of


@cache
def stand_in() -> WorkCalendar:
    """Stands where a calendar has findings, so that the rest can still be checked; never handed out."""
    any_day = Day(2026, 1, 1)
    return WorkCalendar("none", "0", "UTC", ("sat", "sun"), frozenset(), frozenset(), any_day, any_day)


def _days(written: str) -> list[Day]:
    first, is_range, last = written.partition("/")
    start, end = day(first), day(last if is_range else first)
    if end < start:
        raise BrokenCalendar(f"{written} ends before it begins")
    if end.toordinal() - start.toordinal() > 366:
        raise BrokenCalendar(f"{written} is longer than a year")
    return [day(Day.fromordinal(ordinal)) for ordinal in range(start.toordinal(), end.toordinal() + 1)]


@lru_cache(maxsize=64)
def calendar_of(shape: shapes.CalendarShape) -> WorkCalendar:
    # Laying one out takes milliseconds, and many rulebooks share one.
    holidays = [(d, year.year) for year in shape.year for written in year.holidays for d in _days(written)]
    make_up_days = [(day(written), year.year) for year in shape.year for written in year.make_up_days]
    for found, year in (*holidays, *make_up_days):
        if found.year != year:
            raise BrokenCalendar(f"{found} stands under {year}")
    return WorkCalendar(
        shape.name,
        shape.version,
        shape.zone,
        shape.rest_days,
        frozenset(found for found, _ in holidays),
        frozenset(found for found, _ in make_up_days),
        day(shape.known_from),
        day(shape.known_through),
    )


def build_calendar(document: Mapping[str, Any]) -> WorkCalendar:
    """
    A calendar from its document.

    Raises:
        BrokenCalendar: with every unknown key and whatever contradicts itself.
    """
    name = f"calendar {name_of(document)}"
    findings = Findings()
    known = findings.known_keys(name, document, shapes.CalendarShape)
    try:
        shape = CONVERTER.structure(known, shapes.CalendarShape)
    except Exception as error:
        findings.all.extend(cattrs.transform_error(error, path=name))
    if findings.all:
        raise BrokenCalendar("; ".join(findings.all))
    try:
        return calendar_of(shape)
    except NonsenseError as nonsense:
        raise BrokenCalendar(f"{name}: {nonsense}") from None
