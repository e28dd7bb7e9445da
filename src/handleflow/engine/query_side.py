"""Query side of the engine (CQRS): what is read of the record and of rulebooks, and writes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from handleflow.codec import Codec
from handleflow.engine.held_rulebooks import HeldRulebooks
from handleflow.engine.requests import look_up
from handleflow.engine.seen_by import SeenBy
from handleflow.errors import WrongType
from handleflow.hash_chain import StoredEntry
from handleflow.model import Actor, Entry, Suggestion
from handleflow.model.field_types import checks_arguments
from handleflow.model.supervision import Supervision
from handleflow.rules import Rulebook, WithRulebook
from handleflow.store import Store
from handleflow.views.access import EVERYTHING, MaySee
from handleflow.words import CATALOGUE, Message, MessageCatalogue


class QuerySide:
    """Reads *store* under the rulebooks *held*; *may_see* says what a reader may see of a suggestion."""

    def __init__(self, store: Store, held: HeldRulebooks, may_see: MaySee) -> None:
        if not isinstance(getattr(store, "codec", None), Codec):
            raise WrongType(Message("error-no_store", {"given": f"{store!r:.80}"}))
        self.store, self._held, self._may_see = store, held, may_see

    def look_up(self, id: str) -> Suggestion:
        """
        One suggestion as it is now.

        Raises:
            UnknownSuggestion: when there is none.
        """
        return look_up(self.store, id)

    def history(self, id: str) -> tuple[Entry, ...]:
        """
        All entries of one suggestion, in order.

        Raises:
            UnknownSuggestion: when there is none.
        """
        self.look_up(id)
        return self._decoded(self.store.entries(id))

    @checks_arguments()
    def recorded_under(self, id: str, key: str) -> tuple[Entry, ...]:
        """The entries first recorded under an idempotency key; empty when there are none."""
        found = self.store.key(id, key)
        return self._decoded(self.store.entries(id, found.first, found.last)) if found else ()

    def _decoded(self, stored: Iterable[StoredEntry]) -> tuple[Entry, ...]:
        return tuple(map(self.store.codec.decode, stored))

    def with_rulebooks(self) -> Iterator[WithRulebook]:
        """
        Every suggestion with the rulebook it is pinned to, in order of id: what boards are made of.

        In the place of a rulebook that is not held here stands the error that says so.
        """
        return ((self._held.ruling(suggestion), suggestion) for suggestion in self.store.snapshots())

    @property
    def rulebooks(self) -> tuple[Rulebook, ...]:
        """The rulebooks held here, the one for new suggestions first."""
        return tuple(self._held)

    def rulebook(self, name: str, version: str) -> Rulebook:
        """
        The rulebook of that name and version.

        Raises:
            UnknownRulebook: when it is not held here.
        """
        return self._held.find(name, version)

    @checks_arguments()
    def rulebook_of(self, suggestion: Suggestion) -> Rulebook:
        """
        The rulebook a suggestion is pinned to.

        Raises:
            UnknownRulebook: when it is not held here.
        """
        return self._held.deciding(suggestion)

    @checks_arguments()
    def words_of(self, of: Suggestion | Entry | Supervision, words: MessageCatalogue = CATALOGUE) -> MessageCatalogue:
        """
        The catalogue that what is shown of *of* is said by: *words*, with what its rulebook calls its codes.

        It is that of the version which decided the entry or the supervision, or which a suggestion is pinned to, held
        here or not: the store keeps its text.
        """
        return words.naming(self._held.labels_of(of.rulebook, self.store))

    @checks_arguments()
    def seen_by(self, reader: Actor | None = None, *, private: bool = False) -> SeenBy:
        """The record as *reader* may see it; all of it, whoever reads, where *private* asks for that."""
        return SeenBy(self.store, self._held, lambda *of: EVERYTHING if private else self._may_see(reader, *of))
