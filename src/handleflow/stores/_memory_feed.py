"""Global event feed in memory: in which one order do the entries of all histories lie?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from threading import RLock

import attrs
from pendulum import DateTime

from handleflow.codec import Codec
from handleflow.hash_chain import StoredEntry
from handleflow.model import FiringKey, Suggestion, TermKey
from handleflow.store import FeedDigest, FeedItem, IdempotencyKey, Numbered
from handleflow.stores._alike import asked_for, at_most, require_name, within
from handleflow.tree_head import Frontier, entry_leaf


@attrs.define
class Life:
    """What is kept of one suggestion: its entries and keys, and what is derived of them."""

    suggestion: Suggestion
    wakes_at: DateTime | None = None
    terms_without_day: tuple[TermKey, ...] = ()
    leaders: tuple[str, ...] = ()
    firing_keys: set[FiringKey] = attrs.field(factory=set)
    stored: list[StoredEntry] = attrs.field(factory=list)
    keys: dict[str, IdempotencyKey] = attrs.field(factory=dict)


class MemoryFeed:
    """The feed, its numbering and its readers' cursors, over the lives of suggestions, as *codec* writes them."""

    def __init__(self, codec: Codec) -> None:
        self.codec = codec
        self._lives: dict[str, Life] = {}
        self._order: list[tuple[str, int]] = []
        self._tree = Frontier()
        self._cursors: dict[str, int] = {}
        self._lock = RLock()

    def feed(self, after: int = 0, *, limit: int = 500, private: bool = False) -> tuple[FeedItem, ...]:
        with self._lock:
            self._number()
            wanted = range(max(after, 0), min(max(after, 0) + at_most(limit), self._tree.size))
            return tuple(self._item(index, private) for index in wanted)

    def _item(self, index: int, private: bool) -> FeedItem:
        id, number = self._order[index]
        stored, suggestion = self._lives[id].stored[number - 1], self._lives[id].suggestion
        entry = self.codec.decode(stored if private else attrs.evolve(stored, private=()))
        return FeedItem(index + 1, id, asked_for(entry, suggestion, stored.salt, private=private))

    def _number(self) -> None:
        for id, number in self._order[self._tree.size :]:
            self._tree = self._tree.appended(entry_leaf(self._lives[id].stored[number - 1].hash))

    def digest(self, *, numbering: bool = True) -> FeedDigest:
        with self._lock:
            if numbering:
                self._number()
            return FeedDigest(self._tree.size, self._tree.head.hex())

    def numbered(self, after: int = 0) -> Iterator[Numbered]:
        with self._lock:
            order = self._order[max(after, 0) : self._tree.size]
        for position, (id, number) in enumerate(order, max(after, 0) + 1):
            yield Numbered(position, id, number, self._lives[id].stored[number - 1].hash)

    def number_as(self, first: int, entries: Sequence[tuple[str, int]]) -> bool:
        with self._lock:
            waiting, wanted = self._order[self._tree.size :], list(entries)
            if self._tree.size != first - 1 or len(set(wanted)) < len(wanted) or not set(wanted) <= set(waiting):
                return False
            left = set(wanted)
            self._order[self._tree.size :] = [*wanted, *(each for each in waiting if each not in left)]
            for id, number in wanted:
                self._tree = self._tree.appended(entry_leaf(self._lives[id].stored[number - 1].hash))
            return True

    def cursor(self, name: str) -> int:
        return self._cursors.get(name, 0)

    def advance(self, name: str, position: int) -> None:
        with self._lock:
            self._cursors[require_name(name)] = max(self._cursors.get(name, 0), within(position))
