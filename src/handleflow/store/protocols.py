"""Repository interfaces: what does every store promise? Four protocols, and two for what a database can do better."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol, runtime_checkable

from pendulum import DateTime

from handleflow.codec import Codec
from handleflow.hash_chain import IntegrityFault, StoredEntry
from handleflow.model import Entry, Suggestion, TermKey
from handleflow.store.batch import Batch, IdempotencyKey
from handleflow.store.queries import Page, PageToken, Query
from handleflow.store.readings import DerivedRows, FeedDigest, FeedItem, LastSweep, Numbered, Waking
from handleflow.store.texts import Anchor, StoredCalendar, StoredRulebook

_NOTHING = datetime.timedelta(0)


class Histories(Protocol):
    """
    Where histories lie. Nothing is ever lost, doubled or half-written.

    *codec* writes and reads their entries. *commits* is False where a host's own transaction decides whether anything
    is kept: nobody hears of its entries then but through the feed. Under an id, a key or a name that cannot be
    written (half of a surrogate pair, NUL) nothing is found.
    """

    commits: bool
    codec: Codec

    def load(self, id: str) -> Suggestion | None:
        """The suggestion as it is now, or None when there is none."""

    def load_many(self, ids: Iterable[str]) -> dict[str, Suggestion]:
        """Those suggestions that are there, by their ids."""

    def append(self, *batches: Batch) -> None:
        """
        Add the batches, each of another suggestion, in one transaction, all or none; a firing key is taken once.

        Raises:
            StaleSuggestion: when one of them was decided on what is no longer the newest, or takes a key that was
                taken.
            CommitInDoubt: when the answer to the commit was lost; after any other error nothing was written.
        """

    def history(self, id: str) -> tuple[Entry, ...]:
        """All entries of one suggestion in order; empty when there is no such suggestion."""

    def entries(self, id: str, first: int = 1, last: int | None = None) -> tuple[StoredEntry, ...]:
        """Entries of one suggestion as they are stored, in order; empty when there is no such suggestion."""

    def keys(self, id: str) -> tuple[IdempotencyKey, ...]:
        """The idempotency keys of one suggestion, by their first entries."""

    def key(self, id: str, key: str) -> IdempotencyKey | None:
        """One of them."""

    def ids(self) -> Iterator[str]:
        """The id of every suggestion, in order."""

    def snapshots(self) -> Iterator[Suggestion]:
        """Every suggestion as it is now, in order of id."""

    def import_history(self, batch: Batch) -> None:
        """
        Take in a whole history as it was stored elsewhere, its hashes as they are.

        Raises:
            StaleSuggestion: when there is a suggestion of that id already.
        """

    def rebuild(self, batch: Batch) -> bool:
        """
        Put all that is derived of a history in the place of what stands there; whether that was something else.

        *batch* holds the whole history that it was derived of, as its entries, and their number as *expected*.

        Raises:
            StaleSuggestion: when somebody wrote meanwhile.
            BrokenHistory: when more was recorded than the history holds.
        """

    def erase(self, id: str) -> int:
        """Delete the private fields of one suggestion with their salts; how many. The chain stays whole."""


class ClockIndex(Protocol):
    """Whom must the clock wake, and when did it last?"""

    def due(self, at: DateTime, *, after: Waking | None = None, limit: int = 500) -> tuple[Waking, ...]:
        """The suggestions that wake by *at*, by instant and id, after one already read; a limit below 1 is none."""

    def due_count(self, at: DateTime, *, after: Waking | None = None) -> int:
        """How many suggestions wake by *at*, after one already read."""

    def record_sweep(self, at: DateTime, *, has_effect: bool) -> None:
        """Remember that the clock was let speak at *at*, and whether it said something; the latest counts."""

    def set_last_sweep_back(self, at: DateTime) -> None:
        """Remember what is remembered as of later as of *at*: when the clock was let speak, and said something."""

    def last_sweep(self) -> LastSweep:
        """When the clock was last let speak, and last said something."""

    def terms_without_day(self, limit: int = 100) -> tuple[tuple[str, TermKey], ...]:
        """The terms of open suggestions that have no day, with their suggestions' ids, in order."""


class Feed(Protocol):
    """Everything in one order, and how far its readers have come."""

    def feed(self, after: int = 0, *, limit: int = 500, private: bool = False) -> tuple[FeedItem, ...]:
        """
        The entries of all suggestions after a position, in one order that skips none that commits late.

        Private fields are None and confidential suggestions' entries withheld, unless *private* is asked for.
        """

    def digest(self, *, numbering: bool = True) -> FeedDigest:
        """
        The newest position, and what stands for all entries up to it: what may be published elsewhere.

        Without *numbering* nothing is written: what waits for a position goes on waiting.
        """

    def numbered(self, after: int = 0) -> Iterator[Numbered]:
        """Every position after one, with the entry it names and that entry's hash; it numbers none."""

    def number_as(self, first: int, entries: Sequence[tuple[str, int]]) -> bool:
        """
        Give *entries* (ids and numbers) the positions from *first* on, as the feed of another store has them.

        Whether it could be: nothing is numbered where *first* is not the next position, or one of them does not wait
        for one.
        """

    def cursor(self, name: str) -> int:
        """The position a named reader has come to; 0 before it began."""

    def advance(self, name: str, position: int) -> None:
        """
        Remember that a named reader is done with everything up to *position*; it never goes back, nor before 0.

        Raises:
            StoreError: when its name cannot be written everywhere.
        """


class Catalogue(Protocol):
    """Under which texts was anything decided, and what did the record stand for before?"""

    def add_rulebook(self, stored: StoredRulebook) -> None:
        """
        Keep a rulebook's text; the same again changes nothing.

        Raises:
            AlteredRulebook: when its name and version stand for other content.
        """

    def rulebooks(self) -> tuple[StoredRulebook, ...]:
        """Every rulebook kept, oldest first."""

    def add_calendar(self, stored: StoredCalendar) -> None:
        """
        Keep a calendar's text, by name, version and digest; the same again changes nothing.

        Another one under its name and version is kept beside it: an engine lets none come into use anew.
        """

    def calendars(self) -> tuple[StoredCalendar, ...]:
        """Every calendar kept, oldest first."""

    def add_anchor(self, anchor: Anchor) -> None:
        """Remember what a record stood for elsewhere; the same again changes nothing."""

    def anchors(self) -> tuple[Anchor, ...]:
        """Every anchor, oldest first."""


class Store(Histories, ClockIndex, Feed, Catalogue, Protocol):
    """Where a record lies: histories, the clock's index over them, the feed, and the catalogue of texts."""


@runtime_checkable
class Indexed(Protocol):
    """
    What a store may do better than a walk over all it holds: find and count, and be verified in what it derives.

    ``finding`` and ``verification`` ask for it, and go without where a store has none of it.
    """

    def find(self, query: Query, *, order: str = "id", after: PageToken | None = None, limit: int = 50) -> Page:
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

    def derived_rows(self, id: str) -> DerivedRows | None:
        """What stands beside a history, all of it as it was at one moment."""

    def derived(self, batch: Batch) -> Mapping[str, object]:
        """What should stand there beside the snapshot, by the same names."""

    def strays(self) -> Iterator[IntegrityFault]:
        """Entries that neither have a position nor wait for one, and what waits for one and never should."""


@runtime_checkable
class TimeSource(Protocol):
    """
    What a store may have: a time of its own, one for all its hosts, told by the statement that reads something else.

    ``Engine`` goes by it where nobody hands in a clock. A store in which there is none to be told, as on SQLite,
    says that it keeps none, and is not asked for it.
    """

    @property
    def keeps_time(self) -> bool:
        """Whether there is one."""

    def load_now(self, ids: Sequence[str]) -> tuple[DateTime | None, dict[str, Suggestion]]:
        """What time it is there, and those suggestions that are there; None where nothing had to be asked."""

    def due_now(self, ago: datetime.timedelta = _NOTHING, *, limit: int = 500) -> tuple[DateTime, tuple[Waking, ...]]:
        """What time it is there, and the first suggestions that woke by so long *ago*, by instant and id."""


class IndexedStore(Store, Indexed, Protocol):
    """A store that is both, as all of the library's are."""
