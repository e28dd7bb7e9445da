"""Which rows does an append write, and who loses a race?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Insert, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError, OperationalError

from handleflow.errors import StaleSuggestion
from handleflow.sealing import Sealed, genesis
from handleflow.store import Batch, KeptKey
from handleflow.stores import _rows
from handleflow.stores._codec import Codec
from handleflow.stores._statements import statements
from handleflow.stores._tables import Tables
from handleflow.stores.memory import stale


def write(connection: Connection, t: Tables, codec: Codec, batch: Batch) -> None:
    """
    The rows of one batch: the picture under its version, the entries sealed, and all that is derived from them.

    Raises:
        StaleSuggestion: when somebody wrote first.
    """
    found = connection.execute(statements(t).head, {"its_id": batch.id}).one_or_none()
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
    its, do = {"its_id": batch.id}, statements(t)
    row = _rows.picture_row(batch, head, codec.picture_text(batch.picture))
    if batch.expected == 0:
        connection.execute(do.begin, {"id": batch.id, **row})
    elif connection.execute(do.change, {**its, "its_version": batch.expected, **row}).rowcount != 1:
        raise StaleSuggestion(stale(batch, batch.expected))
    if batch.has_moved_terms:
        if batch.expected:
            connection.execute(do.drop_terms, its)
        _insert(connection, do.terms, _rows.term_rows(batch))
    if batch.has_other_parties:
        if batch.expected:
            connection.execute(do.drop_parties, its)
        _insert(connection, do.parties, _rows.party_rows(batch))


def write_entries(connection: Connection, t: Tables, batch: Batch, sealed: list[Sealed]) -> None:
    """The entries, what of them may be erased, the chances they take, and their places in the outbox."""
    do = statements(t)
    _insert(connection, do.entries, [_rows.entry_row(batch.id, one) for one in sealed])
    _insert(connection, do.private, list(_rows.private_rows(batch.id, sealed)))
    _insert(connection, do.claims, [_rows.claim_row(batch.id, *taken) for taken in batch.claims])
    _insert(connection, do.outbox, [{"suggestion_id": batch.id, "number": one.number} for one in sealed])


def write_keys(connection: Connection, t: Tables, id: str, keys: Iterable[KeptKey]) -> None:
    """Idempotency keys and what they stand for."""
    rows = [{"suggestion_id": id, "key": k.key, "digest": k.digest, "first": k.first, "last": k.last} for k in keys]
    _insert(connection, statements(t).keys, rows)


def _insert(connection: Connection, into: Insert, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(into, rows if len(rows) > 1 else rows[0])


def insert_once(connection: Connection, table: Table, **row: object) -> None:
    """A row, unless it is there already or somebody else writes the same one at once."""
    both: Any = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[connection.dialect.name]
    connection.execute(both(table).values(**row).on_conflict_do_nothing())


def is_lost_race(error: IntegrityError | OperationalError) -> bool:
    """Whether somebody wrote the same number, key or chance, or PostgreSQL broke a deadlock: decide again."""
    return isinstance(error, IntegrityError) or getattr(error.orig, "sqlstate", "") in {"40P01", "40001"}
