"""Query and keyset pagination: what can suggestions be looked for by, and how are they told a page at a time?"""

from __future__ import annotations

import attrs
from attrs import field

from handleflow.core.lights import days_of_light
from handleflow.errors import UnknownChoice
from handleflow.legal_time import Day
from handleflow.model import Suggestion
from handleflow.model.field_types import require_types
from handleflow.model.fields import day_or_none, party_or_none
from handleflow.rules import Rulebook
from handleflow.values import frozen
from handleflow.words import did_you_mean


@frozen
class Query:
    """
    What to look for; None asks nothing. *outcome* is the code of the class of a reply that stands; *text* is looked
    for in titles, in any case of letters. Units, leaders and deputies are looked for by their ids.

    *due_from* to *due_until* is where the nearest running day lies, *include_undated* takes those without one too;
    *rulebook* is ``name version``.
    """

    state: str | None = None
    unit: str | None = field(default=None, converter=party_or_none)
    leader: str | None = field(default=None, converter=party_or_none)
    category: str | None = None
    deputy: str | None = field(default=None, converter=party_or_none)
    outcome: str | None = None
    session: str | None = None
    is_key: bool | None = None
    rulebook: str | None = None
    due_from: Day | None = field(default=None, converter=day_or_none)
    due_until: Day | None = field(default=None, converter=day_or_none)
    include_undated: bool = False
    text: str | None = None

    def __attrs_post_init__(self) -> None:
        require_types(self)


def by_light(query: Query, rules: Rulebook, colour: str, on: Day) -> Query:
    """
    *query* narrowed to the suggestions under *rules* whose days give them the light *colour* on a day.

    Raises:
        UnknownChoice: when no day gives that colour under *rules*.
    """
    days = days_of_light(rules, colour, on)
    if days is None:
        known = [light.colour for light in rules.lights]
        raise UnknownChoice(f"no day gives the light {colour!r} under {rules.ref}{did_you_mean(colour, known)}")
    first, last = days
    return attrs.evolve(query, rulebook=str(rules.ref), due_from=first, due_until=last, include_undated=last is None)


ORDERS = ("id", "due_on")


COUNTED_BY = ("state", "category", "session", "rulebook", "unit", "leader", "deputy", "outcome")


@frozen
class PageToken:
    """Where a page ended, to go on from: the id, and the day where it was ordered by days."""

    id: str
    due_on: Day | None = None


@frozen
class Page:
    """Suggestions found, in order, and where to go on from; None when there is no more."""

    suggestions: tuple[Suggestion, ...]
    next: PageToken | None = None
