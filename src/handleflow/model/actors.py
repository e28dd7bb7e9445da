"""Principal: who speaks?"""

from __future__ import annotations

from operator import attrgetter

from attrs import Factory, field

from handleflow.model.fields import coded, named
from handleflow.values import frozen

ROLES = ("deputy", "congress_office", "government_office", "leader", "unit", "clock")
OFFICES = ("congress_office", "government_office")


@frozen
class Actor:
    """
    Somebody with a role, a name and an id, which is the name where none is given; a unit is its name.

    Roles are those of ``ROLES`` and whatever further ones a rulebook's lifecycle names.
    """

    role: str = field(validator=coded)
    name: str = field(validator=named)
    id: str = field(default=Factory(attrgetter("name"), takes_self=True), validator=named)

    def __str__(self) -> str:
        return f"{self.name} ({self.role})"


CLOCK = Actor("clock", "clock")
"""Time itself, which speaks when a day has come."""
