"""
Integrity verification: is what stands in a store what its histories derive? Verification: it writes nothing and
judges each by itself.

Others may write meanwhile, and what they add is no fault: what stands beside a history is read in one statement, and
whatever looks wrong is looked at again before it is called so.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Any

from handleflow.core import replay
from handleflow.errors import HandleflowError, in_words
from handleflow.hash_chain import IntegrityFault, StoredEntry, faults_in_history
from handleflow.model import Entry, Suggestion
from handleflow.model.fields import is_text
from handleflow.rules import Rulebook
from handleflow.store import Batch, DerivedRows, IdempotencyKey, Indexed, Store, StoredCalendar, StoredRulebook
from handleflow.store.projection import derived_anew, unknown_to_store
from handleflow.tree_head import Frontier, leaf_in_store
from handleflow.values import frozen

_OF_A_RULEBOOK = frozenset({"waking instant", "undated terms", "leaders"})
"""What of all that is derived no history tells without its rulebook."""


def verify(store: Store, rulebooks: Iterable[Rulebook] = ()) -> Iterator[IntegrityFault]:
    """
    Whatever was changed, removed, inserted or cut off behind the store's back; it writes nothing.

    What is derived of a history is derived again under *rulebooks*, and under those kept in the store, where their
    texts say all there is to them. What it cannot see before a digest was published: docs/explanation/stores.md.
    """
    handed_in = {str(rules.ref): rules for rules in rulebooks}
    yield from _altered(store, handed_in)
    verification = _Verification(store, handed_in | _built(store.rulebooks(), handed_in))
    for id in store.ids():
        if verification.look(id):
            yield from verification.look(id)
    yield from verification.not_compared()
    try:
        yield from _faults_in_feed(store)
    except Exception as error:  # as with a suggestion
        yield IntegrityFault("(feed)", 0, "unreadable", {"why": in_words(error)})


def texts_in(store: Store) -> Iterator[StoredRulebook | StoredCalendar]:
    """Every text a store keeps: of rulebooks, then of calendars."""
    yield from store.rulebooks()
    yield from store.calendars()


def _altered(store: Store, rulebooks: Mapping[str, Rulebook]) -> Iterator[IntegrityFault]:
    for kept in texts_in(store):
        name = f"{kept.name} {kept.version}"
        where = f"({_what(kept)} {name})"
        own = rulebooks.get(name) if isinstance(kept, StoredRulebook) else None
        if not _is_whole(kept):
            yield IntegrityFault(where, 0, "text_altered")
        elif own is not None and own.digest != kept.digest:
            yield IntegrityFault(where, 0, "text_not_handed_in")
        elif named_in(kept) not in {name, ""}:
            yield IntegrityFault(where, 0, "text_of_another", {"name": named_in(kept)})


def _what(kept: StoredRulebook | StoredCalendar) -> str:
    return "rulebook" if isinstance(kept, StoredRulebook) else "calendar"


def _is_whole(kept: StoredRulebook | StoredCalendar) -> bool:
    """Whether it is the text that was kept; SQLite keeps whatever is written in the place of one."""
    document: Any = kept.document
    return isinstance(document, str) and sha256(document.encode()).hexdigest() == kept.digest


def named_in(kept: StoredRulebook | StoredCalendar) -> str:
    """The name and version a kept text gives itself; nothing where it cannot be read."""
    try:
        document = json.loads(kept.document)
        return f"{document['name']} {document['version']}"
    except (ValueError, TypeError, KeyError):
        return ""


def _built(kept: Iterable[StoredRulebook], rulebooks: Mapping[str, Rulebook]) -> dict[str, Rulebook]:
    """The rulebooks that are kept whole and need nothing of a host's own."""
    from handleflow.rulebooks import from_document  # noqa: PLC0415  the loader is loaded when it is asked for

    found = {}
    for one in kept:
        name = f"{one.name} {one.version}"
        if _is_whole(one) and name not in rulebooks:
            try:
                found[name] = from_document(one.document)
            except HandleflowError:
                continue  # what is missing is told of when a suggestion asks for it
    return found


def _digests_kept(store: Store) -> dict[tuple[str, str, str], set[str]]:
    """The digests of all texts that are kept, by what they are, their names and versions."""
    found: dict[tuple[str, str, str], set[str]] = {}
    for each in texts_in(store):
        found.setdefault((_what(each), each.name, each.version), set()).add(each.digest)
    return found


class _Verification:
    """Looks at one suggestion after another."""

    def __init__(self, store: Store, rulebooks: Mapping[str, Rulebook]) -> None:
        self._store = store
        self._index: Indexed | _Unindexed = store if isinstance(store, Indexed) else _Unindexed(store)
        self._rulebooks = dict(rulebooks)
        self._digests = _digests_kept(store)
        self._missing = dict[str, tuple[int, str]]()

    def look(self, id: str) -> list[IntegrityFault]:
        """What is wrong with one suggestion now."""
        try:
            return list(self._faults(id))
        except Exception as error:  # whatever was written there, it is a fault and not the end of looking
            return [IntegrityFault(id, 0, "unreadable", {"why": in_words(error)})]

    def not_compared(self) -> Iterator[IntegrityFault]:
        """Under which rulebooks something could not be judged."""
        for name, (many, _) in sorted(self._missing.items()):
            yield IntegrityFault(f"(rulebook {name})", 0, "not_compared", {"many": many})

    def _faults(self, id: str) -> Iterator[IntegrityFault]:
        stored, keys, stored_entries = self._index.derived_rows(id), self._store.keys(id), self._store.entries(id)
        broken = tuple(faults_in_history(id, stored_entries))
        if not is_text(id):
            yield IntegrityFault(id, 0, "no_id")
        elif broken:
            yield from broken
        elif stored is None and not stored_entries:
            yield IntegrityFault(id, 0, "rows_without_history")
        elif stored is None:
            yield IntegrityFault(id, 0, "removed")
        elif not stored_entries or stored.version > len(stored_entries):
            yield IntegrityFault(id, len(stored_entries), "ends_early", {"version": stored.version})
        elif stored.version < 1 or stored_entries[stored.version - 1].hash != stored.last_hash:
            yield IntegrityFault(id, stored.version, "other_hash_beside_snapshot")
        else:
            yield from self._behind(id, stored, stored_entries)
            yield from self._other_texts(id, stored_entries)
            entries = tuple(map(self._store.codec.decode, stored_entries))
            yield from self._faults_in_keys(id, keys, stored_entries)
            yield from self._faults_beside(id, stored, entries[: stored.version])

    def _behind(
        self, id: str, stored: DerivedRows, stored_entries: tuple[StoredEntry, ...]
    ) -> Iterator[IntegrityFault]:
        """Entries that are there and count for nothing; what was added since it was read counts by now."""
        if len(stored_entries) == stored.version:
            return
        now = self._index.derived_rows(id)
        if now is None or now.version < len(stored_entries):
            yield IntegrityFault(id, stored.version + 1, "behind_newest", {"version": stored.version})

    def _other_texts(self, id: str, stored_entries: tuple[StoredEntry, ...]) -> Iterator[IntegrityFault]:
        """Rulebooks and calendars of which another text is kept now than entries were recorded under."""
        named: dict[tuple[str, str, str, str], int] = {}
        for e in stored_entries:
            named.setdefault(("rulebook", e.rulebook_name, e.rulebook_version, e.rulebook_digest), e.number)
            named.setdefault(("calendar", e.calendar_name, e.calendar_version, e.calendar_digest), e.number)
        for (what, name, version, digest), number in named.items():
            if digest and digest not in self._digests.get((what, name, version), {digest}):
                yield IntegrityFault(id, number, "other_text", {"what": what, "name": name, "version": version})

    def _faults_in_keys(
        self, id: str, keys: Iterable[IdempotencyKey], stored_entries: tuple[StoredEntry, ...]
    ) -> Iterator[IntegrityFault]:
        for kept in keys:
            is_within = 1 <= kept.first <= kept.last <= len(stored_entries)
            under = stored_entries[kept.first - 1 : kept.last] if is_within else ()
            if not any(self._store.codec.fingerprint_in(entry) in {kept.digest, None} for entry in under):
                yield IntegrityFault(id, kept.first, "key_of_no_act", {"key": kept.key})

    def _faults_beside(self, id: str, stored: DerivedRows, entries: tuple[Entry, ...]) -> Iterator[IntegrityFault]:
        try:
            suggestion = replay(id, entries)
            wanted, left_out = self._derived(suggestion, entries)
            folded = replay(id, entries[: stored.snapshot_version])
        except Exception as error:  # as an event, or a host's own function, says
            yield IntegrityFault(id, 0, "not_foldable", {"why": in_words(error)})
            return
        names = [name for name in wanted if name not in left_out and wanted[name] != stored.derived.get(name)]
        if stored.snapshot != folded or not 0 < stored.snapshot_version <= stored.version:
            names.insert(0, "snapshot")
        unknown = unknown_to_store(entries) if names else ""
        if unknown:
            yield IntegrityFault(id, 0, "not_foldable", {"why": unknown})
        elif names:
            yield IntegrityFault(id, 0, "derived_otherwise", {"names": tuple(names), "n": len(names)})

    def _derived(
        self, suggestion: Suggestion, entries: tuple[Entry, ...]
    ) -> tuple[Mapping[str, object], frozenset[str]]:
        """What should stand beside a history, and the names of what cannot be said of it."""
        rules = self._rulebooks.get(str(suggestion.rulebook)) or self._kept_since(str(suggestion.rulebook))
        if rules is None:
            self._miss(str(suggestion.rulebook), suggestion.id)
            return self._index.derived(Batch(suggestion.id, 0, entries, suggestion)), _OF_A_RULEBOOK
        # Whom a host's own function names today, it need not have named then.
        left_out = frozenset({"leaders"}) if rules.leader_by is not None else frozenset[str]()
        return self._index.derived(derived_anew(rules, suggestion, entries)), left_out

    def _kept_since(self, rulebook: str) -> Rulebook | None:
        """A rulebook that came into the store after this verification began."""
        if rulebook not in self._missing:
            self._rulebooks = _built(self._store.rulebooks(), self._rulebooks) | self._rulebooks
        return self._rulebooks.get(rulebook)

    def _miss(self, rulebook: str, id: str) -> None:
        """One more suggestion whose rulebook is not at hand; what is looked at again counts once."""
        many, last = self._missing.get(rulebook, (0, None))
        self._missing[rulebook] = (many + (id != last), id)


@frozen
class _Unindexed:
    """A store that has nothing beside its histories but the suggestions themselves."""

    store: Store

    def derived_rows(self, id: str) -> DerivedRows | None:
        """The suggestion alone."""
        found = self.store.load(id)
        return None if found is None else DerivedRows(found.version, found.last_hash, found.version, found, {})

    def derived(self, batch: Batch) -> Mapping[str, object]:
        """Nothing."""
        return {}


def _faults_in_feed(store: Store) -> Iterator[IntegrityFault]:
    digest, tree = None, Frontier()
    try:
        digest = store.digest(numbering=False)
    except Exception as error:  # it hides nothing else that is wrong with the feed
        yield IntegrityFault("(feed)", 0, "digest_unreadable", {"why": in_words(error)})
    for each in store.numbered():
        expected = tree.size + 1
        if each.position != expected:
            yield IntegrityFault(
                each.suggestion_id, each.number, "position_missing", {"position": expected, "before": each.position}
            )
        if each.hash is None:
            yield IntegrityFault(each.suggestion_id, each.number, "entry_missing", {"position": each.position})
        tree = tree.appended(leaf_in_store(each.hash))
        if digest is not None and tree.size == digest.position and tree.head.hex() != digest.digest:
            yield IntegrityFault("(feed)", 0, "digest_does_not_fit", {"position": digest.position})
    if digest is not None and tree.size < digest.position:
        yield IntegrityFault("(feed)", 0, "feed_ends_early", {"size": tree.size, "numbered": digest.position})
    if isinstance(store, Indexed):
        yield from store.strays()
