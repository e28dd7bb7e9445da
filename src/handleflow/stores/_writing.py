"""Which rows does an append write, and who loses a race?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError, OperationalError

from handleflow.errors import StaleSuggestion
from handleflow.sealing import Sealed, genesis
from handleflow.store import Batch, KeptKey
from handleflow.stores import _rows
from handleflow.stores._codec import Codec
from handleflow.stores._tables import Tables
from handleflow.stores.memory import stale


def write(connection: Connection, t: Tables, codec: Codec, batch: Batch) -> None:
    """
    The rows of one batch: the picture under its version, the entries sealed, and all that is derived from them.

    Raises:
        StaleSuggestion: when somebody wrote first.
    """
    s = t.suggestions.c
    found = connection.execute(select(s.version, s.head).where(s.id == batch.id)).one_or_none()
    version, head = (found.version, found.head) if found else (0, genesis(batch.id))
    if version != batch.expected:
        raise StaleSuggestion(stale(batch, version))
    sealed = []
    for entry in batch.entries:
        sealed.append(codec.seal(entry, head))
        head = sealed[-1].hash
    write_picture(connection, t, codec, batch, head)
    write_entries(connection, t, batch, sealed)
    if batch.key is not None:
        key = KeptKey(batch.key.key, batch.key.digest, batch.entries[0].number, batch.entries[-1].number)
        write_keys(connection, t, batch.id, (key,))


def write_picture(connection: Connection, t: Tables, codec: Codec, batch: Batch, head: str) -> None:
    """The picture, and what is derived from it, in the place of what stands there."""
    row = _rows.picture_row(batch, head, codec.picture_text(batch.picture))
    if batch.expected == 0:
        connection.execute(insert(t.suggestions).values(id=batch.id, **row))
    else:
        still = (t.suggestions.c.id == batch.id) & (t.suggestions.c.version == batch.expected)
        if connection.execute(update(t.suggestions).where(still).values(**row)).rowcount != 1:
            raise StaleSuggestion(stale(batch, batch.expected))
    if batch.has_moved_terms:
        _put(connection, t.terms, batch, _rows.term_rows(batch))
    if batch.has_other_parties:
        _put(connection, t.parties, batch, _rows.party_rows(batch))


def _put(connection: Connection, table: Table, batch: Batch, rows: list[dict[str, Any]]) -> None:
    """*rows* in the place of those that stand there."""
    if batch.expected:
        connection.execute(delete(table).where(table.c.suggestion_id == batch.id))
    _insert(connection, table, rows)


def write_entries(connection: Connection, t: Tables, batch: Batch, sealed: list[Sealed]) -> None:
    """The entries, what of them may be erased, the chances they take, and their places in the outbox."""
    _insert(connection, t.entries, [_rows.entry_row(batch.id, one) for one in sealed])
    _insert(connection, t.private, list(_rows.private_rows(batch.id, sealed)))
    _insert(connection, t.claims, [_rows.claim_row(batch.id, *taken) for taken in batch.claims])
    _insert(connection, t.outbox, [{"suggestion_id": batch.id, "number": one.number} for one in sealed])


def write_keys(connection: Connection, t: Tables, id: str, keys: Iterable[KeptKey]) -> None:
    """Idempotency keys and what they stand for."""
    rows = [{"suggestion_id": id, "key": k.key, "digest": k.digest, "first": k.first, "last": k.last} for k in keys]
    _insert(connection, t.keys, rows)


def _insert(connection: Connection, table: Any, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(insert(table), rows)


def insert_once(connection: Connection, table: Table, **row: object) -> None:
    """A row, unless it is there already or somebody else writes the same one at once."""
    both: Any = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[connection.dialect.name]
    connection.execute(both(table).values(**row).on_conflict_do_nothing())


def is_lost_race(error: IntegrityError | OperationalError) -> bool:
    """Whether somebody wrote the same number, key or chance, or PostgreSQL broke a deadlock: decide again."""
    return isinstance(error, IntegrityError) or getattr(error.orig, "sqlstate", "") in {"40P01", "40001"}
