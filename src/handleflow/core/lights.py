"""Traffic-light status: which colour do the days of terms have on a day, and which days give a colour?"""

from __future__ import annotations

from collections.abc import Iterable

from handleflow.legal_time import Day, Span, days_later
from handleflow.legal_time.convention import shift
from handleflow.model import Term
from handleflow.rules import Rulebook


def light_of(rules: Rulebook, terms: Iterable[Term], on: Day) -> str:
    """
    The colour the days of *terms* have on a day: the last light any of them has come to.

    Before any, it is the first light, if that is lit by no day of its own.
    """
    reached = [0] if rules.lights and rules.lights[0].offset is None else []
    for term in terms:
        if term.awaited_on is not None:
            reached.extend(
                place
                for place, light in enumerate(rules.lights)
                if light.offset is not None and shift(term.awaited_on, light.offset, rules.calendar) <= on
            )
    return rules.lights[max(reached)].colour if reached else ""


def days_of_light(rules: Rulebook, colour: str, on: Day) -> tuple[Day | None, Day | None] | None:
    """
    From when to when a nearest day must lie for the light to have *colour* on *on*, None where it is open.

    None where no day gives that colour: people alone do. A suggestion without any day has the first light.
    """
    dated = [light for light in rules.lights if light.offset is not None]
    latest = [_latest_due(rules, light.offset, on) for light in dated if light.offset is not None]
    colours = [light.colour for light in dated]
    if colour in colours:
        place = colours.index(colour)
        after = latest[place + 1] if place + 1 < len(latest) else None
        return (days_later(after) if after else None), latest[place]
    is_first = bool(rules.lights) and rules.lights[0].offset is None and rules.lights[0].colour == colour
    return (days_later(latest[0]) if latest else None, None) if is_first else None


def _latest_due(rules: Rulebook, offset: Span, on: Day) -> Day:
    """The latest due day whose light at *offset* is lit on *on*."""
    found = shift(on, Span(-offset.n, offset.unit), rules.calendar)
    while shift(found, offset, rules.calendar) > on:
        found = days_later(found, -1)
    while shift(days_later(found), offset, rules.calendar) <= on:
        found = days_later(found)
    return found
