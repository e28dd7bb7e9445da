"""Calendar loader: how does a document become a calendar?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache, partial
from itertools import chain
from typing import Any

from handleflow.errors import BrokenCalendar
from handleflow.legal_time import Day, WorkCalendar, day
from handleflow.rulebooks._documents import canonical
from handleflow.rulebooks._findings import found_in
from handleflow.rulebooks._plain_data import name_of
from handleflow.rulebooks._structuring import TABLES, Fault, Structurer, Unreadable, each, text
from handleflow.values import frozen

_STRUCTURER = Structurer()
_FROM_TABLES = ("holidays", "make_up_days", "statutory_days")


@frozen
class Year:
    """One yearly notice: holidays as days or ``first/last`` ranges, make-up days as days."""

    year: int
    source: str
    holidays: tuple[tuple[Day, ...], ...]
    make_up_days: tuple[Day, ...] = ()
    url: str = ""


@frozen
class Statutory:
    """The days that rest by a law also in years of which no notice has come; written as holidays are."""

    source: str
    days: tuple[tuple[Day, ...], ...]
    url: str = ""


def build_calendar(document: Mapping[str, Any]) -> WorkCalendar:
    """
    A calendar from its document.

    Raises:
        BrokenCalendar: with all that is wrong with it.
    """
    try:
        return calendar_of(document)
    except Unreadable as wrong:
        findings = (found_in(document, fault) for fault in wrong.faults)
        raise BrokenCalendar(f"calendar {name_of(document)}: {'; '.join(findings)}") from None


def calendar_of(document: Any) -> WorkCalendar:
    """
    The same, of what stands in a rulebook.

    Raises:
        Unreadable: with all that is wrong with it, each with the keys that lead to it.
        BrokenCalendar: when it contradicts itself.
    """
    return _laid_out(canonical(document))


@lru_cache(maxsize=64)  # laying one out takes ten milliseconds, and many rulebooks hold one of the same content
def _laid_out(document: str) -> WorkCalendar:
    table = json.loads(document)
    values, gathered = _STRUCTURER.table(
        WorkCalendar, table, also=("year", "statutory"), **dict.fromkeys(_FROM_TABLES)
    )
    years = tuple(chain(*gathered.tried("year", partial(each, _year, what=TABLES), table.get("year", ()))))
    statutory = gathered.tried("statutory", _statutory, table["statutory"]) if "statutory" in table else ()
    gathered.require_none()
    holidays = frozenset(chain(*(days for year in years for days in year.holidays)))
    make_up_days = frozenset(chain(*(year.make_up_days for year in years)))
    return WorkCalendar(
        holidays=holidays, make_up_days=make_up_days, statutory_days=frozenset(chain(*statutory)), **values
    )


def _statutory(table: Any) -> frozenset[Day]:
    return frozenset(chain(*_STRUCTURER.row(Statutory, table, days=partial(each, _days)).days))


def _year(row: Any) -> Year:
    year = _STRUCTURER.row(Year, row, holidays=partial(each, _days))
    listed = [("holidays", n, days) for n, days in enumerate(year.holidays)]
    listed += [("make_up_days", n, (found,)) for n, found in enumerate(year.make_up_days)]
    strays = ((key, n, [found for found in days if found.year != year.year]) for key, n, days in listed)
    faults = [Fault((key, n), f"{days[0]} stands under {year.year}") for key, n, days in strays if days]
    if faults:
        raise Unreadable(faults)
    return year


def _days(written: Any) -> tuple[Day, ...]:
    first, is_range, last = text(written).partition("/")
    start, end = day(first), day(last if is_range else first)
    if end < start:
        raise BrokenCalendar(f"{written} ends before it begins")
    if end.toordinal() - start.toordinal() > 366:
        raise BrokenCalendar(f"{written} is longer than a year")
    return tuple(day(Day.fromordinal(ordinal)) for ordinal in range(start.toordinal(), end.toordinal() + 1))
