"""What does every store promise?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from attrs import frozen
from pendulum import DateTime

from handleflow.legal_time import Day
from handleflow.model import Act, Actor, Claim, Entry, Suggestion, TermKey


@frozen
class KeyUse:
    """An idempotency *key* and the fingerprint of the act and actor it stands for."""

    key: str
    digest: str


@frozen
class Recorded:
    """What was recorded under a key: the fingerprint of act and actor, and the entries."""

    digest: str
    entries: tuple[Entry, ...]


@frozen
class Batch:
    """
    What one decision adds to one history.

    *expected* is the version it was decided on, 0 for a new suggestion; *picture* the suggestion after
    the entries; *wakes_on* the day the clock next has something to say of it; *unarmed* the terms of an
    open suggestion that have no day, since nobody knows what they count from.
    """

    id: str
    expected: int
    entries: tuple[Entry, ...]
    picture: Suggestion
    wakes_on: Day | None = None
    key: KeyUse | None = None
    unarmed: tuple[TermKey, ...] = ()

    @property
    def claims(self) -> tuple[tuple[int, Claim], ...]:
        """The chances of rungs that its entries take, each with the number of its entry."""
        found = ((entry.number, getattr(entry.event, "claim", None)) for entry in self.entries)
        return tuple((number, claim) for number, claim in found if claim is not None)


@frozen
class KeptRulebook:
    """A rulebook's whole text as a store keeps it, under its name and version."""

    name: str
    version: str
    digest: str
    document: str


@frozen
class Waking:
    """A suggestion the clock has something to say of, and the day it is due; a place to page on from."""

    on: Day
    id: str


@frozen
class Swept:
    """When the clock was last let speak, and when it last said something; None when it never was."""

    at: DateTime | None = None
    spoke_at: DateTime | None = None


class Store(Protocol):
    """
    Where histories lie. Nothing is ever lost, doubled or half-written.

    ``append`` is all or none over all its batches; entries come back sealed, each with its hash.
    """

    def load(self, id: str) -> Suggestion | None:
        """The newest picture, or None when there is no such suggestion."""

    def append(self, *batches: Batch) -> None:
        """
        Add the batches in one transaction; a rung's chance is taken once.

        Raises:
            StaleSuggestion: when one of them was decided on a version that is no longer the newest, or takes
                a chance that was taken.
            UnknownKind: when an event's class is not known to the codec.
        """

    def history(self, id: str) -> tuple[Entry, ...]:
        """All entries of one suggestion in order, sealed; empty when there is no such suggestion."""

    def recorded_under(self, id: str, key: str) -> Recorded | None:
        """What was recorded under *key* in one suggestion."""

    def fingerprint(self, act: Act, by: Actor) -> str:
        """A digest of act and actor: the same for the same request, however often it is made."""

    def due(self, on: Day, *, after: Waking | None = None, limit: int = 500) -> tuple[Waking, ...]:
        """The suggestions that wake by *on*, in order of day and id, after a place already read."""

    def due_count(self, on: Day, *, after: Waking | None = None) -> int:
        """How many suggestions wake by *on*, after a place already read."""

    def mark_swept(self, at: DateTime, *, spoke: bool) -> None:
        """Remember that the clock was let speak at *at*, and whether it said something; the latest counts."""

    def swept(self) -> Swept:
        """When the clock was last let speak, and last said something."""

    def unarmed(self, limit: int = 100) -> tuple[tuple[str, TermKey], ...]:
        """The terms of open suggestions that have no day, with their suggestions' ids, in order."""

    def pictures(self) -> Iterator[Suggestion]:
        """The newest picture of every suggestion, in order of id."""

    def keep_rulebook(self, kept: KeptRulebook) -> None:
        """
        Keep a rulebook's text; the same again changes nothing.

        Raises:
            AlteredRulebook: when its name and version stand for other content.
        """

    def kept_rulebooks(self) -> tuple[KeptRulebook, ...]:
        """Every rulebook kept, oldest first."""
