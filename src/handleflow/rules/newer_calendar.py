"""
Rulebook version under a newer calendar: the same rules, counted by the days that are known now.

Its version is that of the rulebook with the calendar's behind a plus sign, ``2025.3+cn.2027.1``: of one rulebook and
one calendar everybody makes the same text.
"""

from __future__ import annotations

import json
import re
from itertools import groupby
from typing import Any

import attrs

from handleflow.legal_time import WorkCalendar, day
from handleflow.rules.rulebook import Rulebook

_DAYS = ("holidays", "make_up_days", "statutory_days")


def kept_calendar(text: str) -> WorkCalendar:
    """The calendar of which a store keeps this text, ``WorkCalendar.document``."""
    plain: dict[str, Any] = json.loads(text)
    holidays, make_up_days, statutory_days = (frozenset(map(day, plain.get(key, ()))) for key in _DAYS)
    return WorkCalendar(
        plain["name"],
        plain["version"],
        plain["zone"],
        tuple(plain["rest_days"]),
        holidays,
        make_up_days,
        day(plain["known_from"]),
        day(plain["known_through"]),
        statutory_days,
    )


def is_newer(calendar: WorkCalendar, than: WorkCalendar) -> bool:
    """Whether a calendar of the same name is known for longer, or as long and of a later version."""
    return calendar.name == than.name and newest_last(calendar) > newest_last(than)


def newest_last(calendar: WorkCalendar) -> tuple[object, ...]:
    """What orders the versions of one calendar, the newest last: the day it ends, then the numbers of its version."""
    return calendar.known_through, tuple(map(int, re.findall(r"\d+", calendar.version))), calendar.version


def own_version(version: str) -> str:
    """The version of a rulebook without that of a calendar that it was brought under."""
    return version.partition("+")[0]


def version_under(version: str, calendar_name: str, calendar_version: str) -> str:
    """What the version of a rulebook is called under a calendar."""
    return f"{own_version(version)}+{calendar_name}.{calendar_version}"


def under_calendar(rules: Rulebook, calendar: WorkCalendar) -> Rulebook:
    """*rules*, a host's own acts and guards with them, counted by *calendar*, as a version of its own."""
    version = version_under(rules.version, calendar.name, calendar.version)
    document = {**json.loads(rules.document), "version": version, "calendar": _as_table(calendar)}
    # As ``rulebooks`` writes one: sorted keys, and no spaces.
    text = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return attrs.evolve(rules, version=version, calendar=calendar, document=text)


def _as_table(calendar: WorkCalendar) -> dict[str, Any]:
    """A calendar as it stands in a rulebook; where its days are from, its own file says."""
    source = f"calendar {calendar.name} {calendar.version}"
    found = sorted(
        [*((on, "holidays") for on in calendar.holidays), *((on, "make_up_days") for on in calendar.make_up_days)]
    )
    years = [
        {
            "year": year,
            "source": source,
            **{key: [str(on) for on, kind in days if kind == key] for key in ("holidays", "make_up_days")},
        }
        for year, days in ((year, tuple(some)) for year, some in groupby(found, key=lambda each: each[0].year))
    ]
    days = sorted(map(str, calendar.statutory_days))
    return {
        **{key: getattr(calendar, key) for key in ("name", "version")},
        "zone": calendar.zone_name,
        "rest_days": list(calendar.rest_days),
        **{key: str(getattr(calendar, key)) for key in ("known_from", "known_through")},
        **({"year": years} if years else {}),
        **({"statutory": {"source": source, "days": days}} if days else {}),
    }
