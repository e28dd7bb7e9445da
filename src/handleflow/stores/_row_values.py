"""Row mapping: how do batches and entries become rows, and rows entries?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from operator import attrgetter
from typing import Any

from handleflow.hash_chain import HEADER, Private, StoredEntry
from handleflow.legal_time import Day
from handleflow.model import FiringKey, Suggestion, TermKey
from handleflow.store import Batch, IdempotencyKey

Values = dict[str, Any]
RowsOf = Callable[[Batch], list[Values]]
_ENTRY = (*HEADER, "salt", "body", "hash")
_entry = attrgetter(*_ENTRY)


def suggestion_row(batch: Batch, snapshot: str | None) -> Values:
    """The columns of a suggestion, apart from its id, that are not known to be as they were."""
    after = batch.suggestion
    row: Values = {"version": after.version, "wakes_at": batch.wakes_at, "last_hash": after.last_hash}
    if snapshot is not None:
        row |= {"snapshot": snapshot, "snapshot_version": after.version}
    if batch.before is None or not batch.expected:
        return {**row, "rebuilt": 0, **looked_for(after)}
    if not batch.may_wake_otherwise:
        del row["wakes_at"]  # an index hangs on it, which SQLite writes anew even where the instant is the same
    return {**row, **_looked_for_anew(batch.before, after)}


_AS_THEY_ARE = ("state", "title", "category", "session", "is_key", "is_confidential")
_looked_for_by = attrgetter("rulebook", "terms", *_AS_THEY_ARE)
LOOKED_FOR = (*_AS_THEY_ARE, "due_on", "rulebook")
"""The columns of what a suggestion is looked for by."""


def looked_for(suggestion: Suggestion) -> Values:
    """What a suggestion is looked for by, apart from the names that have to do with it."""
    rulebook, _, *same = _looked_for_by(suggestion)
    related_rows = {"due_on": suggestion.first_due, "rulebook": str(rulebook) if rulebook else None}
    return {**dict(zip(_AS_THEY_ARE, same, strict=True)), **related_rows}


def _looked_for_anew(before: Suggestion, after: Suggestion) -> Values:
    if _looked_for_by(before) == _looked_for_by(after):
        return {}  # so it is with most acts, and the first day alone takes 3 µs to be found
    was = looked_for(before)
    return {name: value for name, value in looked_for(after).items() if value != was[name]}


def facet_rows(batch: Batch) -> list[Values]:
    """Who has to do with it (deputies, units, leaders in charge), and how it was answered."""
    after = batch.suggestion
    named = {"deputy": after.deputies, "unit": after.units, "leader": batch.leaders, "outcome": after.outcomes}
    facets = {(kind, name) for kind, names in named.items() for name in names}
    return [{"suggestion_id": batch.id, "kind": kind, "value": name} for kind, name in sorted(facets)]


def term_rows(batch: Batch) -> list[Values]:
    """The terms that run, with their days, and those of an open suggestion that have none."""
    running = [(term.key, term.due_on) for term in batch.suggestion.running_terms()]
    found: list[tuple[TermKey, Day | None]] = [*running, *((key, None) for key in batch.terms_without_day)]
    return [{"suggestion_id": batch.id, **_key_row(key), "due_on": due_on} for key, due_on in found]


def firing_key_rows(batch: Batch) -> list[Values]:
    """What the rungs spoke of, and the entries that did."""
    return [firing_key_row(batch.id, *taken) for taken in batch.firing_keys]


def firing_key_row(id: str, entry: int, key: FiringKey) -> Values:
    """What a rung spoke of, and the entry that did."""
    return {"suggestion_id": id, **_key_row(key.term), "rung": key.rung, "occurrence": key.occurrence, "entry": entry}


def _key_row(key: TermKey) -> Values:
    return {"rule": key.rule, "unit": key.unit, "round": key.round, "ref": key.ref}


def key_row(id: str, key: IdempotencyKey) -> Values:
    """An idempotency key and what it stands for."""
    return {"suggestion_id": id, "key": key.key, "digest": key.digest, "first": key.first, "last": key.last}


def entry_row(id: str, stored: StoredEntry) -> Values:
    """An entry as it is stored."""
    return {"suggestion_id": id, **dict(zip(_ENTRY, _entry(stored), strict=True))}


def private_rows(id: str, stored: StoredEntry) -> Iterator[Values]:
    """What of an entry may be erased."""
    for kept in stored.private:
        about = {"suggestion_id": id, "number": stored.number, "field": kept.field}
        yield {**about, "salt": kept.salt, "value": kept.value}


def stored_entry(header: Sequence[Any], salt: Any, body: Any, hash: str, private: tuple[Private, ...]) -> StoredEntry:
    """An entry as it was stored."""
    columns: tuple[Any, ...] = (*header, _as_bytes(salt), _as_bytes(body), hash, private)
    return StoredEntry(*columns)


def _as_bytes(value: Any) -> bytes:
    # SQLite gives back text where somebody put text behind our back; it is read, and its hash tells.
    return value if isinstance(value, bytes) else str(value).encode()
