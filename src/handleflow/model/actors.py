"""Principal: who speaks?"""

from __future__ import annotations

from operator import attrgetter

from attrs import Factory, field

from handleflow.model.fields import as_name, coded, named
from handleflow.party import Party
from handleflow.values import frozen

ROLES = ("deputy", "congress_office", "government_office", "leader", "unit", "clock")
OFFICES = ("congress_office", "government_office")


@frozen
class Actor:
    """
    Somebody with a role, a name and an id, which is the name where none is given.

    Role and id say who it is: two of one name are two, and one who is renamed is the same. Both are normalised.

    Roles are those of ``ROLES`` and whatever further ones a rulebook's lifecycle names.
    """

    role: str = field(validator=coded)
    name: str = field(converter=as_name, validator=named, eq=False)
    id: str = field(default=Factory(attrgetter("name"), takes_self=True), converter=as_name, validator=named)

    @property
    def party(self) -> str:
        """Who it is, as facts hold it: the id, which knows the name."""
        return self.id if self.id == self.name else Party(self.id, self.name)

    def __str__(self) -> str:
        return f"{self.name} ({self.role})"


CLOCK = Actor("clock", "clock")
"""Time itself, which speaks when a day has come."""
