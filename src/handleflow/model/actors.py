"""Who speaks?"""

from __future__ import annotations

from attrs import field

from handleflow.model.fields import spoken
from handleflow.values import frozen

ROLES = ("deputy", "congress_office", "government_office", "leader", "unit", "clock")
OFFICES = ("congress_office", "government_office")


@frozen
class Actor:
    """
    Somebody with a role and a name; a unit is its name.

    Roles are those of ``ROLES`` and whatever further ones a rulebook's lifecycle names.
    """

    role: str = field(validator=spoken)
    name: str = field(validator=spoken)

    def __str__(self) -> str:
        return f"{self.name} ({self.role})"


CLOCK = Actor("clock", "clock")
"""Time itself, which speaks when a day has come."""
