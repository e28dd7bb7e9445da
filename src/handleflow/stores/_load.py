"""Loading snapshots and events: how are snapshots read, and histories as they are stored?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pendulum import DateTime
from sqlalchemy import CompoundSelect, except_, select, union

from handleflow.chunks import batched
from handleflow.errors import WrongSuggestion
from handleflow.hash_chain import Private, StoredEntry
from handleflow.legal_time import in_utc
from handleflow.model import Suggestion
from handleflow.model.fields import is_writable
from handleflow.stores._executor import Executor
from handleflow.stores._row_values import stored_entry
from handleflow.stores._schema import Tables
from handleflow.stores._statements import snapshots, statements
from handleflow.values import frozen

_NEWEST = 2**31 - 1
_AT_ONCE = 512  # well below the number of parameters either database takes


@frozen
class SnapshotRow:
    """
    A suggestion's version and last hash, how often what is derived of it was rebuilt, and its snapshot's version.

    *snapshot* is None where it was not asked for.
    """

    version: int
    last_hash: str
    rebuilt: int
    snapshot_version: int
    snapshot: str | None


def snapshot(executor: Executor, t: Tables, id: str, *, is_held: bool) -> tuple[DateTime | None, SnapshotRow | None]:
    """
    The snapshot of one suggestion, after the database's own time, where it has one.

    None where it is not there, as nothing is that cannot be written.
    """
    if not is_writable(id):
        return None, None
    row = statements(t, executor.dialect).snapshot.run(executor, {"its_id": id, "is_held": is_held}).fetchone()
    if row is None:
        return None, None
    at, *columns = row
    return (None if at is None else in_utc(at)), (None if columns[0] is None else SnapshotRow(*columns))


def under_key(executor: Executor, t: Tables, id: str, key: str) -> Any:
    """What an idempotency key stands for, with its first and its last entry."""
    if not is_writable(id + key):
        return None
    return statements(t, executor.dialect).key.run(executor, {"its_id": id, "its_key": key}).fetchone()


def snapshots_of(
    executor: Executor, t: Tables, ids: Iterable[str]
) -> tuple[DateTime | None, list[tuple[str, SnapshotRow]]]:
    """The database's own time, where it has one; id and snapshot of those that are there, read so many at once."""
    read_at, found = None, list[tuple[str, SnapshotRow]]()
    for some in batched(filter(is_writable, dict.fromkeys(ids)), _AT_ONCE):
        # The last one asked for again and again up to a power of two: ten statements are built, not five hundred.
        some.extend(some[-1:] * ((1 << (len(some) - 1).bit_length()) - len(some)))
        params, wanted = {f"id_{n}": id for n, id in enumerate(some)}, set(some)
        for at, id, *columns in snapshots(t, executor.dialect, len(some)).found(executor, params):
            read_at = read_at or at
            if id is None:
                continue  # the time alone
            if id not in wanted:
                raise _wrong(", ".join(sorted(wanted)), id)
            found.append((id, SnapshotRow(*columns)))
    return read_at, found


def of(id: str, suggestion: Suggestion) -> Suggestion:
    """
    *suggestion*, which is that of *id*.

    Raises:
        WrongSuggestion: when it is another's.
    """
    if suggestion.id != id:
        raise _wrong(id, suggestion.id)
    return suggestion


def _wrong(wanted: str, found: str) -> WrongSuggestion:
    return WrongSuggestion(
        f"the database was asked for suggestion {wanted!r} and answered with {found!r}; do two processes use "
        "one connection, as after a fork, or was the row changed behind the store's back?"
    )


def entries(
    executor: Executor, t: Tables, id: str, first: int = 1, last: int | None = None
) -> tuple[StoredEntry, ...]:
    """The entries of one suggestion from number *first* to *last*, with their private fields."""
    # Whoever asks beyond what a database counts to gets what there is.
    first, last = min(max(first, 0), _NEWEST), _NEWEST if last is None else min(max(last, 0), _NEWEST)
    wanted = {"its_id": id, "its_first": first, "its_last": last}
    rows = statements(t, executor.dialect).history.found(executor, wanted) if is_writable(id) else ()
    found: list[StoredEntry] = []
    for *columns, salt, body, hash, field, private_salt, value in rows:
        private: tuple[Private, ...] = () if field is None else (Private(field, private_salt, value),)
        if private and found and found[-1].number == columns[0]:
            private = (*found.pop().private, *private)
        found.append(stored_entry(columns, salt, body, hash, private))
    return tuple(found)


def left_alone(t: Tables) -> CompoundSelect[Any]:
    """The ids of histories, and of rows derived of one, beside which no suggestion stands."""
    related_rows = (t.entries, t.facets, t.terms, t.firing_keys, t.keys, t.private)
    every = union(*(select(table.c.suggestion_id) for table in related_rows)).subquery()
    return except_(select(every.c.suggestion_id), select(t.suggestions.c.id))
