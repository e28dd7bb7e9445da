"""Event stream repository: how are histories read from a database and written to it?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any

from pendulum import DateTime
from sqlalchemy import ColumnElement, delete, select

from handleflow.core.corrected_time import replay
from handleflow.core.evolve import fold
from handleflow.errors import StaleSuggestion, UnknownKind, WrongSuggestion
from handleflow.hash_chain import StoredEntry, chained
from handleflow.model import Entry, Suggestion
from handleflow.model.fields import is_text, is_writable
from handleflow.store import Batch, IdempotencyKey
from handleflow.store.projection import unknown_to_store
from handleflow.stores import _append, _derived_rows, _load, _single_statement
from handleflow.stores._alike import is_there, stale
from handleflow.stores._connected import Connected
from handleflow.stores._load import SnapshotRow
from handleflow.stores._snapshots import Held
from handleflow.stores._statements import snapshot_columns
from handleflow.stores._translation import VersionConflict
from handleflow.words import Message


class SqlHistories(Connected):
    """The protocol ``Histories``, in a database."""

    def load(self, id: str) -> Suggestion | None:
        return self._loaded(id)[1]

    def _loaded(self, id: str) -> tuple[DateTime | None, Suggestion | None]:
        held = self._held.get(id)
        at, row = self._snapshot(id, is_held=held is not None)
        if row is None:
            return at, None
        current = self._current(id, row, held)
        if held is None or current is not held.suggestion:
            self._held.put(Held(current, row.rebuilt))
        return at, current

    def _snapshot(self, id: str, *, is_held: bool) -> tuple[DateTime | None, SnapshotRow | None]:
        with self._drive() as executor:
            return _load.snapshot(executor, self._t, id, is_held=is_held)

    def load_many(self, ids: Iterable[str]) -> dict[str, Suggestion]:
        return self._loaded_many(ids)[1]

    def _loaded_many(self, ids: Iterable[str]) -> tuple[DateTime | None, dict[str, Suggestion]]:
        with self._drive() as executor:
            at, rows = _load.snapshots_of(executor, self._t, ids)
        return at, {id: self._current(id, row, self._held.get(id)) for id, row in rows}

    def _current(self, id: str, row: SnapshotRow, held: Held | None = None) -> Suggestion:
        """The suggestion as *row* tells it: what is held, if that is it, else its snapshot and the entries since."""
        version: Any = row.version
        if not isinstance(version, int):  # SQLite keeps whatever is written into it
            return replay(id, self.history(id))
        if held is not None and held.rebuilt == row.rebuilt and held.suggestion.version <= row.version:
            # A host's own event, which may not be known here, is followed by a snapshot that says what it did.
            with suppress(UnknownKind):
                found = self._continued(held.suggestion, row)
                if found is not None:
                    return found
        if row.snapshot is None:  # it was thought to be held
            _, again = self._snapshot(id, is_held=False)
            return self._current(id, again) if again is not None else replay(id, self.history(id))
        snapshot = self.codec.snapshot(row.snapshot)
        current = self._continued(_load.of(id, snapshot), row) if snapshot is not None else None
        return current if current is not None else replay(id, self.history(id))

    def _continued(self, before: Suggestion, row: SnapshotRow) -> Suggestion | None:
        """
        *before* with the entries recorded since; None where they are not chained to it.

        Raises:
            UnknownKind: when one tells of an event that is not known here, so that nobody can say what it did.
        """
        if before.version == row.version:
            return before if before.last_hash == row.last_hash else None
        last_hash, stored = before.last_hash, self.entries(before.id, before.version + 1, row.version)
        for entry in stored:
            last_hash = entry.hash if chained(last_hash, entry) == entry.hash else ""
        if last_hash != row.last_hash or len(stored) != row.version - before.version:
            return None
        entries = tuple(map(self.codec.decode, stored))
        if unknown := unknown_to_store(entries):
            raise UnknownKind(f"suggestion {before.id}: {unknown}")
        if any(entry.event.right_times for entry in entries):
            return None  # it goes for entries before these
        return fold(before, entries)

    def append(self, *batches: Batch) -> None:
        # Two that merge each other's suggestions take their rows in one order, and none waits for the other.
        ordered = sorted(batches, key=lambda batch: batch.id)
        writes = self._needs_transaction(batches)
        try:
            with self._drive(writes, is_commit=not writes, may_conflict=True) as executor:
                if len({batch.id for batch in batches}) < len(batches):
                    raise VersionConflict
                _append.write(executor, self._t, self.codec, ordered)
        except VersionConflict:
            raise StaleSuggestion(self._lost(ordered)) from None
        if len(batches) == 1:
            self._held.written(batches[0].before if batches[0].expected else None, batches[0].suggestion)

    def _needs_transaction(self, batches: Sequence[Batch]) -> bool:
        return not _single_statement.is_possible(self._database.dialect, batches)

    def _lost(self, batches: list[Batch]) -> Message:
        """Which of some batches came too late, as far as can be seen when they have."""
        found = {batch.id: self._version(batch.id) for batch in batches}
        batch = next((batch for batch in batches if found[batch.id] != batch.expected), batches[-1])
        return stale(batch, found[batch.id])

    def _version(self, id: str) -> int:
        s = self._t.suggestions.c
        with self._connect() as connection:
            return connection.scalar(select(s.version).where(s.id == id)) or 0

    def history(self, id: str) -> tuple[Entry, ...]:
        """All entries of one suggestion in order; empty when there is no such suggestion."""
        return tuple(map(self.codec.decode, self.entries(id)))

    def entries(self, id: str, first: int = 1, last: int | None = None) -> tuple[StoredEntry, ...]:
        with self._drive() as executor:
            return _load.entries(executor, self._t, id, first, last)

    def keys(self, id: str) -> tuple[IdempotencyKey, ...]:
        k = self._t.keys.c
        wanted = select(self._t.keys).where(k.suggestion_id == id).order_by(k.first, k.key)
        rows = self._read(wanted) if is_writable(id) else ()
        return tuple(IdempotencyKey(row.key, row.digest, row.first, row.last) for row in rows)

    def key(self, id: str, key: str) -> IdempotencyKey | None:
        with self._drive() as executor:
            row = _load.under_key(executor, self._t, id, key)
        return None if row is None else IdempotencyKey(key, *row)

    def ids(self) -> Iterator[str]:
        yield from (row.id for row in self._each_row())
        # Where somebody removed the row of a suggestion, its history is still there, and is told of last.
        yield from (id for (id,) in self._read(_load.left_alone(self._t)))

    def snapshots(self) -> Iterator[Suggestion]:
        yield from (self._shown(row) for row in self._each_row(*snapshot_columns(self._t)) if is_text(row.id))

    def _shown(self, row: Any) -> Suggestion:
        """
        What a row that tells its own id says of it: of many, one that was changed by hand stops no other.

        Nor does one of which a newer library told since its snapshot: as far as that goes it is shown.
        """
        read = SnapshotRow(*row[-5:])
        try:
            return self._current(row.id, read)
        except WrongSuggestion:
            return replay(row.id, self.history(row.id))
        except UnknownKind:
            shown = self.codec.snapshot(read.snapshot or "")
            if shown is None:
                raise
            return shown

    def _each_row(self, *columns: ColumnElement[Any]) -> Iterator[Any]:
        s, last = self._t.suggestions.c, None
        query = select(s.id, *columns).order_by(s.id).limit(500)
        while rows := self._read(query if last is None else query.where(s.id > last)):
            yield from rows
            last = rows[-1].id

    def import_history(self, batch: Batch) -> None:
        try:
            with self._drive(writes=True, may_conflict=True) as executor:
                _append.write(executor, self._t, self.codec, [batch])
        except VersionConflict:
            raise StaleSuggestion(is_there(batch)) from None

    def rebuild(self, batch: Batch) -> bool:
        try:
            with self._connect(writes=True, may_conflict=True) as connection:
                return _derived_rows.rebuild(connection, self._t, self.codec, batch)
        except VersionConflict:
            raise StaleSuggestion(stale(batch, self._version(batch.id))) from None

    def erase(self, id: str) -> int:
        p = self._t.private
        if not is_writable(id):
            return 0
        with self._connect(writes=True) as connection:
            return connection.execute(delete(p).where(p.c.suggestion_id == id)).rowcount
