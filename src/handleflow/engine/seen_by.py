"""Access control of the record: what of it may one reader see? Looked up, found, counted and fed, each as allowed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from handleflow.engine.held_rulebooks import HeldRulebooks
from handleflow.engine.requests import look_up
from handleflow.errors import UnknownChoice
from handleflow.model import Entry, Suggestion
from handleflow.rules import Rulebook
from handleflow.store import FeedItem, Page, PageToken, Query, Store, find
from handleflow.store.search import Led, count_among
from handleflow.views.access import (
    LEVELS,
    WITHHELD,
    Level,
    entry_as_seen,
    leaders_of,
    suggestion_as_seen,
)
from handleflow.words import did_you_mean

_WORDS = ("category", "deputy", "text")
"""What a query may ask that words answer which may be withheld."""


class SeenBy:
    """
    The record of *store* as one reader may see it; *may_see* says what of a suggestion, by the rulebook among *held*.

    What is withheld is there, with its units, days and states, and a mark in the place of its words.
    """

    def __init__(
        self, store: Store, held: HeldRulebooks, may_see: Callable[[Suggestion, Rulebook | None], Level]
    ) -> None:
        self._store, self._held, self._may_see = store, held, may_see

    def sees(self, suggestion: Suggestion) -> Level:
        """
        What the reader may see of *suggestion*: hand it to a board, a workload or a summary.

        Raises:
            UnknownChoice: when a host's own function gives what is no level.
        """
        level: str = self._may_see(suggestion, self._rules_of(suggestion))
        for known in LEVELS:
            if level == known:
                return known
        raise UnknownChoice(f"a reader sees {level!r} of {suggestion.id}{did_you_mean(level, LEVELS)}")

    def _rules_of(self, suggestion: Suggestion) -> Rulebook | None:
        found = self._held.ruling(suggestion)
        return found if isinstance(found, Rulebook) else None

    def _shown(self, suggestion: Suggestion) -> Suggestion:
        return suggestion_as_seen(suggestion, self.sees(suggestion))

    def look_up(self, id: str) -> Suggestion:
        """
        One suggestion.

        Raises:
            UnknownSuggestion: when there is none.
        """
        return self._shown(look_up(self._store, id))

    def history(self, id: str) -> tuple[Entry, ...]:
        """
        All entries of one suggestion, in order.

        Raises:
            UnknownSuggestion: when there is none.
        """
        level, decode = self.sees(look_up(self._store, id)), self._store.codec.decode
        return tuple(entry_as_seen(decode(stored), level, stored.salt) for stored in self._store.entries(id))

    def find(self, query: Query, *, order: str = "id", after: PageToken | None = None, limit: int = 50) -> Page:
        """
        Suggestions that *query* is true of, as ``handleflow.store.find`` finds them.

        One that is withheld is not found by its words: a page may hold fewer than *limit* then.
        """
        page = find(self._store, query, order=order, after=after, limit=limit)
        return Page(tuple(self._found(page.suggestions, query)), page.next)

    def _found(self, suggestions: tuple[Suggestion, ...], query: Query) -> Iterator[Suggestion]:
        asks_for_words = any(getattr(query, name) is not None for name in _WORDS)
        for suggestion in suggestions:
            level = self.sees(suggestion)
            if level != WITHHELD or not asks_for_words:
                yield suggestion_as_seen(suggestion, level)

    def count(self, query: Query, by: str) -> dict[str, int]:
        """How many suggestions *query* is true of, by one of ``COUNTED_BY``; it walks through all of them."""
        return count_among(map(self._led, self._store.snapshots()), query, by)

    def _led(self, suggestion: Suggestion) -> Led:
        return self._shown(suggestion), leaders_of(suggestion, self._rules_of(suggestion))

    def feed(self, after: int = 0, *, limit: int = 500) -> tuple[FeedItem, ...]:
        """The entries of all suggestions after a position, as ``Store.feed`` gives them."""
        items = self._store.feed(after, limit=limit, private=True)
        found = self._store.load_many({item.suggestion_id for item in items})
        levels = {id: self.sees(suggestion) for id, suggestion in found.items()}
        return tuple(self._item(item, levels.get(item.suggestion_id, WITHHELD)) for item in items)

    def _item(self, item: FeedItem, level: Level) -> FeedItem:
        id, number = item.suggestion_id, item.entry.number
        salt = self._store.entries(id, number, number)[0].salt if level == WITHHELD else b""
        return FeedItem(item.position, id, entry_as_seen(item.entry, level, salt))
