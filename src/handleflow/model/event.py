"""What can stand in a history, and what may be asked for?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from attrs import field
from pendulum import DateTime

from handleflow.errors import Objection
from handleflow.legal_time import Day
from handleflow.model.actors import Actor
from handleflow.model.fields import day_or_none
from handleflow.model.suggestion import RulebookRef, Suggestion
from handleflow.values import frozen


@frozen
class Asked:
    """By whom and when; *on* is the day of *at* where the rulebook lives, worked out once."""

    by: Actor
    at: DateTime
    on: Day


@frozen
class Event:
    """
    A fact that can stand in a history.

    *kind* is permanent: it is what disks hold, never the name of the class. An effect depends on the
    picture and the entry alone, so replay needs no rulebook.
    """

    kind: ClassVar[str] = ""

    def effect(self, suggestion: Suggestion, asked: Asked) -> Suggestion:
        """The picture as this event leaves it: *suggestion*, or one made of it."""
        return suggestion


@frozen
class Act(Event):
    """
    An event that somebody may ask for: asked for, a request; granted, its own fact.

    *on* is the day it happened, where that is not the day it was told.
    """

    verb: ClassVar[str] = ""
    on: Day | None = field(default=None, converter=day_or_none, kw_only=True)

    @classmethod
    def hindrances(cls, suggestion: Suggestion, by: Actor) -> Iterator[Objection]:
        """What stands in *by*'s way under any rulebook, whatever the act would say."""
        yield from ()

    def objections(self, suggestion: Suggestion, asked: Asked) -> Iterator[Objection]:
        """What stands in the way of this very act under any rulebook."""
        yield from ()

    def units(self, asked: Asked) -> tuple[str, ...]:
        """The units this is about: terms anchored at its kind, or met by it, are theirs."""
        return (asked.by.name,) if asked.by.role == "unit" else ()

    def counterpart(self, suggestion: Suggestion) -> tuple[str, Act] | None:
        """Another suggestion and the act it must take in the same transaction, if there is one."""
        return None

    def happened_on(self, asked: Asked) -> Day:
        """The day it happened: the act's own, else the day it was told."""
        return self.on or asked.on


@frozen
class UnknownEvent(Event):
    """An event of a kind this version does not know: kept and shown, never dropped, without effect."""

    unknown_kind: str
    body: bytes


@frozen
class Entry:
    """
    One numbered line of a history.

    *state* is the state after it, *rulebook* the version that decided it. *hash* is empty until a
    store seals the entry.
    """

    number: int
    event: Event
    asked: Asked
    state: str
    rulebook: RulebookRef
    hash: str = ""

    @property
    def kind(self) -> str:
        """The permanent kind of its event."""
        return self.event.unknown_kind if isinstance(self.event, UnknownEvent) else self.event.kind

    @property
    def at(self) -> DateTime:
        """When the system was told."""
        return self.asked.at

    @property
    def on(self) -> Day:
        """The day of that instant where the rulebook lives."""
        return self.asked.on

    @property
    def by(self) -> Actor:
        """Who told it."""
        return self.asked.by

    @property
    def happened_on(self) -> Day:
        """The day it happened."""
        return self.event.happened_on(self.asked) if isinstance(self.event, Act) else self.on
