"""Questions many rooms ask: is this its unit, its lead, its deputy?"""

from __future__ import annotations

from collections.abc import Iterator

from handleflow.errors import Objection
from handleflow.model import Actor, Suggestion
from handleflow.words import refusals as say


def unit_objections(suggestion: Suggestion, by: Actor) -> Iterator[Objection]:
    """Why *by* does not speak for a unit that has a part in it."""
    if suggestion.assignment_of(by.name) is None:
        yield say.not_its_unit(by.name, suggestion.units)


def lead_objections(suggestion: Suggestion, by: Actor) -> Iterator[Objection]:
    """Why *by* is no lead that has accepted."""
    assignment = suggestion.assignment_of(by.name)
    if assignment is None or assignment.role != "lead":
        yield say.not_a_lead(by.name, (a.unit for a in suggestion.leads))
    elif not assignment.is_accepted:
        yield say.not_accepted(by.name)


def deputy_objections(suggestion: Suggestion, by: Actor) -> Iterator[Objection]:
    """Why *by* is none of its deputies; where nobody knows who made it, there is no saying."""
    if by.role == "deputy" and suggestion.deputies and by.name not in suggestion.deputies:
        yield say.not_its_deputy(by.name, suggestion.deputies)


def twice(names: tuple[str, ...]) -> tuple[str, ...]:
    """The names that stand more than once, each once, in order."""
    return tuple(dict.fromkeys(name for name in names if names.count(name) > 1))
