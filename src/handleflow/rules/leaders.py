"""Routing table: who is the leader in charge of the field? (分领域、分类别)"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from attrs import field

from handleflow.choices import OneOf
from handleflow.model import Suggestion
from handleflow.model.fields import named
from handleflow.rules.ladders import KINDS, is_kind
from handleflow.values import frozen

LeaderOf = Callable[[Suggestion, str], str | None]
"""A host's own way to name the leader in charge of a suggestion and a unit, or None."""


@frozen
class LeaderInCharge:
    """
    A leader (分管领导) and the field: categories, units, or both; without either, everything that is left.

    *applies_to* keeps the leader to ``key`` suggestions (重点督办) or to ``ordinary`` ones.
    """

    name: str = field(validator=named)
    categories: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    applies_to: str = field(default="", validator=OneOf(*KINDS))

    def is_in_charge(self, suggestion: Suggestion, unit: str) -> bool:
        """Whether the suggestion, and *unit*'s part in it, belongs to the leader's field."""
        is_of_field = not self.categories or suggestion.category in self.categories
        return is_kind(self.applies_to, suggestion) and is_of_field and (not self.units or unit in self.units)


def leader_from(table: Iterable[LeaderInCharge], suggestion: Suggestion, unit: str) -> str | None:
    """The first leader of *table* whose field it is."""
    return next((row.name for row in table if row.is_in_charge(suggestion, unit)), None)
