"""What does every store promise?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

import attrs
from attrs import field
from pendulum import DateTime

from handleflow.core.board import days_of_light
from handleflow.errors import UnknownChoice
from handleflow.legal_time import Day
from handleflow.model import Act, Actor, Claim, Entry, Event, Suggestion, TermKey
from handleflow.model.fields import spoken
from handleflow.rules import Rulebook
from handleflow.sealing import Flaw, Sealed
from handleflow.values import frozen
from handleflow.words import did_you_mean


@frozen
class KeyUse:
    """An idempotency *key* and the fingerprint of the act and actor it stands for."""

    key: str = field(validator=spoken)
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
    open suggestion that have no day, since nobody knows what they count from; *leaders* those in charge of it.
    *has_moved_terms* and *has_other_parties* are False where what is derived of terms or of names stays as it is, and
    *leaders* are not named again then; *may_wake_otherwise* is False where the day it wakes is known to stay.
    *before* is the picture it was decided on, where that is known: what stays as it was need not be written again.
    """

    id: str
    expected: int
    entries: tuple[Entry, ...]
    picture: Suggestion
    wakes_on: Day | None = None
    key: KeyUse | None = None
    unarmed: tuple[TermKey, ...] = ()
    leaders: tuple[str, ...] = ()
    has_moved_terms: bool = True
    has_other_parties: bool = True
    before: Suggestion | None = None
    may_wake_otherwise: bool = True

    @property
    def claims(self) -> tuple[tuple[int, Claim], ...]:
        """The chances of rungs that its entries take, each with the number of its entry."""
        found = [(entry.number, getattr(entry.event, "claim", None)) for entry in self.entries]
        return tuple([(number, claim) for number, claim in found if claim is not None])


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


@frozen
class FeedItem:
    """
    One entry in the one order of everything.

    *position* counts from 1 without gaps, *head* is the hash of the store up to it. An entry of a confidential
    suggestion is withheld, its body empty, unless it was asked for.
    """

    position: int
    suggestion_id: str
    entry: Entry
    head: str

    @property
    def key(self) -> str:
        """What a reader knows it again by, however often it is delivered."""
        return f"{self.suggestion_id}/{self.entry.number}"


@frozen
class Query:
    """
    What to look for; None asks nothing. *outcome* is the code of the class of a reply that stands; *text* is looked
    for in titles, in any case of letters.

    *due_from* to *due_until* is where the nearest running day lies, *or_no_day* takes those without one as well;
    *rulebook* is ``name version``.
    """

    state: str | None = None
    unit: str | None = None
    leader: str | None = None
    category: str | None = None
    deputy: str | None = None
    outcome: str | None = None
    session: str | None = None
    is_key: bool | None = None
    rulebook: str | None = None
    due_from: Day | None = None
    due_until: Day | None = None
    or_no_day: bool = False
    text: str | None = None


def lit(query: Query, rules: Rulebook, colour: str, on: Day) -> Query:
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
    return attrs.evolve(query, rulebook=str(rules.ref), due_from=first, due_until=last, or_no_day=last is None)


ORDERS = ("id", "due_on")
COUNTED_BY = ("state", "category", "session", "rulebook", "unit", "leader", "deputy", "outcome")


@frozen
class Place:
    """Where a page ended, to go on from: the id, and the day where it was ordered by days."""

    id: str
    due_on: Day | None = None


@frozen
class Page:
    """Suggestions found, in order, and the place to go on from; None when there is no more."""

    suggestions: tuple[Suggestion, ...]
    next: Place | None = None


@frozen
class KeptKey:
    """An idempotency key as it is kept: what it stands for, and its first and last entry."""

    key: str
    digest: str
    first: int
    last: int


class Store(Protocol):
    """
    Where histories lie. Nothing is ever lost, doubled or half-written.

    ``append`` is all or none over all its batches; entries come back sealed, each with its hash.
    *commits* is False where a host's own transaction decides whether anything is kept: nobody hears of its
    entries then but through the feed. Under an id, a key or a name that cannot be written (half of a surrogate pair,
    NUL) nothing is found.
    """

    commits: bool

    def load(self, id: str) -> Suggestion | None:
        """The newest picture, or None when there is no such suggestion."""

    def load_many(self, ids: Iterable[str]) -> dict[str, Suggestion]:
        """The newest pictures of those suggestions that are there, by their ids."""

    def append(self, *batches: Batch) -> None:
        """
        Add the batches, each of another suggestion, in one transaction; a rung's chance is taken once.

        Raises:
            StaleSuggestion: when one of them was decided on a version that is no longer the newest, or takes
                a chance that was taken.
            CommitInDoubt: when the answer to the commit was lost; after any other error nothing was written.
            UnknownKind: when an event's class is not known to the codec.
        """

    def history(self, id: str) -> tuple[Entry, ...]:
        """All entries of one suggestion in order, sealed; empty when there is no such suggestion."""

    def recorded_under(self, id: str, key: str) -> Recorded | None:
        """What was recorded under *key* in one suggestion."""

    def knows(self, event: type[Event]) -> bool:
        """Whether events of that class can be written here: the library's, and those the store was told of."""

    def fingerprint(self, act: Act, by: Actor) -> str:
        """A digest of act and actor: the same for the same request, however often it is made."""

    def due(self, on: Day, *, after: Waking | None = None, limit: int = 500) -> tuple[Waking, ...]:
        """The suggestions that wake by *on*, by day and id, after a place already read; a limit below 1 is none."""

    def due_count(self, on: Day, *, after: Waking | None = None) -> int:
        """How many suggestions wake by *on*, after a place already read."""

    def mark_swept(self, at: DateTime, *, spoke: bool) -> None:
        """Remember that the clock was let speak at *at*, and whether it said something; the latest counts."""

    def swept(self) -> Swept:
        """When the clock was last let speak, and last said something."""

    def unarmed(self, limit: int = 100) -> tuple[tuple[str, TermKey], ...]:
        """The terms of open suggestions that have no day, with their suggestions' ids, in order."""

    def feed(self, after: int = 0, *, limit: int = 500, private: bool = False) -> tuple[FeedItem, ...]:
        """
        The entries of all suggestions after a position, in one order that skips none that commits late.

        Private fields are None and confidential suggestions' entries withheld, unless *private* is asked for.
        """

    def head(self, *, numbering: bool = True) -> tuple[int, str]:
        """
        The newest position and the hash of the store up to it: what may be published elsewhere.

        Without *numbering* nothing is written: what waits for a position goes on waiting.
        """

    def positions(self) -> Iterator[tuple[int, str, int, str]]:
        """Every position with its suggestion, its entry's number and its head, in order."""

    def cursor(self, name: str) -> int:
        """The position a named reader has come to; 0 before it began."""

    def advance(self, name: str, position: int) -> None:
        """
        Remember that a named reader is done with everything up to *position*; it never goes back, nor before 0.

        Raises:
            StoreError: when its name cannot be written everywhere.
        """

    def find(self, query: Query, *, order: str = "id", after: Place | None = None, limit: int = 50) -> Page:
        """
        Suggestions that *query* is true of, by id or by their nearest day, a page at a time.

        Raises:
            UnknownChoice: when the order is none of ``ORDERS``.
        """

    def count(self, query: Query, by: str) -> dict[str, int]:
        """
        How many suggestions *query* is true of, by one of ``COUNTED_BY``; those without are under ``""``.

        Raises:
            UnknownChoice: when there is no counting by that.
        """

    def ids(self) -> Iterator[str]:
        """The id of every suggestion, in order."""

    def sealed(self, id: str) -> tuple[Sealed, ...]:
        """All entries of one suggestion as they are stored, bytes and all, in order."""

    def unsealed(self, sealed: Iterable[Sealed]) -> tuple[Entry, ...]:
        """The entries that were sealed."""

    def keys(self, id: str) -> tuple[KeptKey, ...]:
        """The idempotency keys of one suggestion."""

    def restore(self, batch: Batch, sealed: tuple[Sealed, ...], keys: tuple[KeptKey, ...] = ()) -> None:
        """
        Take in a whole history as it was stored elsewhere, its hashes as they are.

        Raises:
            StaleSuggestion: when there is a suggestion of that id already.
        """

    def rewrite(self, batch: Batch) -> bool:
        """
        Put all that is derived of a history in the place of what stands there; whether that was something else.

        *batch* holds the whole history that it was derived of, as its entries, and their number as *expected*.

        Raises:
            StaleSuggestion: when somebody wrote meanwhile.
            BrokenHistory: when more was recorded than the history holds.
        """

    def erase(self, id: str) -> int:
        """Delete the private fields of one suggestion with their salts; how many. The chain stays whole."""

    def flaws(self, rulebooks: Iterable[Rulebook] = ()) -> Iterator[Flaw]:
        """
        Whatever was changed, removed, inserted or cut off behind the store's back; it writes nothing.

        What is derived of a history is derived again under *rulebooks*, and under those kept here, where their texts
        say all there is to them.
        """

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
