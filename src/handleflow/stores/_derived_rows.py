"""What lies beside a history in a database, derived of it: read in one statement, compared, and written anew."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable
from typing import Any

import attrs
from sqlalchemy import (
    Connection,
    Dialect,
    Row,
    ScalarSelect,
    Select,
    String,
    bindparam,
    func,
    insert,
    select,
    type_coerce,
    update,
)

from handleflow.codec import Codec
from handleflow.core import replay
from handleflow.errors import BrokenHistory
from handleflow.legal_time import Day, in_utc, utc
from handleflow.model import Suggestion
from handleflow.store import Batch, DerivedRows
from handleflow.stores import _append, _row_values
from handleflow.stores._column_types import as_sqlites_text
from handleflow.stores._schema import Tables
from handleflow.stores._translation import VersionConflict

Rows = Iterable[tuple[Any, ...]]

_TERM = ("rule", "unit", "round", "ref")
_BESIDE: dict[str, tuple[_row_values.RowsOf, tuple[str, ...]]] = {
    "facets": (_row_values.facet_rows, ("kind", "value")),
    "terms": (_row_values.term_rows, (*_TERM, "due_on")),
    "firing_keys": (_row_values.firing_key_rows, (*_TERM, "rung", "occurrence", "entry")),
}
"""What stands in other tables: how its rows are derived, and which of their columns are compared."""


def read(connection: Connection, t: Tables, codec: Codec, id: str) -> DerivedRows | None:
    """What stands beside the history of one suggestion, all of it at one moment."""
    row = connection.execute(_statement(t, connection.dialect), {"its_id": id}).mappings().one_or_none()
    if row is None:
        return None
    rows = [[tuple(each) for each in _values(row[name])] for name in _BESIDE]
    columns = dict(zip(_row_values.LOOKED_FOR, _values(row["its_columns"]), strict=True))
    return DerivedRows(
        row["version"],
        row["last_hash"],
        row["snapshot_version"],
        codec.snapshot(row["snapshot"]),
        {**columns, "waking instant": _as_it_lies(row["wakes_at"])} | _sets(*rows),
    )


def _as_it_lies(wakes_at: Any) -> Any:
    """An instant; on SQLite what stands there, where that is not written as one is and would be sorted elsewhere."""
    if not isinstance(wakes_at, str):
        return in_utc(wakes_at) if isinstance(wakes_at, datetime.datetime) else wakes_at
    try:
        found = in_utc(datetime.datetime.fromisoformat(wakes_at))
    except ValueError:
        return wakes_at
    return found if as_sqlites_text(found) == wakes_at else wakes_at


def derived(batch: Batch) -> dict[str, object]:
    """What should stand there."""
    columns = {name: _written(value) for name, value in _row_values.looked_for(batch.suggestion).items()}
    found = {"waking instant": utc(batch.wakes_at) if batch.wakes_at else None, **columns}
    beside = ([_compared(row, names) for row in rows_of(batch)] for rows_of, names in _BESIDE.values())
    return found | _sets(*beside)


def _compared(row: _row_values.Values, names: Iterable[str]) -> tuple[Any, ...]:
    return tuple(_written(row[name]) for name in names)


def _written(value: Any) -> Any:
    return value.isoformat() if isinstance(value, Day) else value


def _sets(facets: Rows, terms: Rows, firing_keys: Rows) -> dict[str, object]:
    names, days = frozenset(facets), frozenset(terms)
    return {
        "facets": frozenset(name for name in names if name[0] != "leader"),
        "leaders": frozenset(name for name in names if name[0] == "leader"),
        "terms": frozenset(term for term in days if term[-1] is not None),
        "undated terms": frozenset(term for term in days if term[-1] is None),
        "firing keys": frozenset(firing_keys),
    }


def _values(value: Any) -> list[Any]:
    """A JSON array as a database gives it: SQLite as text, PostgreSQL's driver as a list, or as nothing."""
    return json.loads(value) if isinstance(value, str) else value or []


def _statement(t: Tables, dialect: Dialect) -> Select[Any]:
    s = t.suggestions.c
    # As they lie there: SQLite keeps what it is given, reads '2026-W07-2' as a day and sorts it elsewhere.
    _, each = _arrays(dialect)
    found = (
        *(s.version, s.last_hash, s.snapshot_version, s.snapshot),
        type_coerce(s.wakes_at, String).label("wakes_at"),
        each(*(s[name] for name in _row_values.LOOKED_FOR)).label("its_columns"),
        *(_together(t, name, dialect).label(name) for name in _BESIDE),
    )
    return select(*found).where(s.id == bindparam("its_id"))


def _arrays(dialect: Dialect) -> tuple[Any, Any]:
    """What makes one JSON array of many rows, and what of several values."""
    if dialect.name == "sqlite":
        return func.json_group_array, func.json_array
    return func.json_agg, func.json_build_array


def _together(t: Tables, name: str, dialect: Dialect) -> ScalarSelect[Any]:
    """A suggestion's rows of another table as one value: a statement of their own would be of another moment."""
    c, (all_of, each), (_, columns) = getattr(t, name).c, _arrays(dialect), _BESIDE[name]
    rows = select(all_of(each(*(c[column] for column in columns)))).where(c.suggestion_id == t.suggestions.c.id)
    return rows.correlate(t.suggestions).scalar_subquery()


def rebuild(connection: Connection, t: Tables, codec: Codec, batch: Batch) -> bool:
    """
    Put what *batch* derives of a whole history in the place of what stands beside it; whether that was another.

    Raises:
        VersionConflict: when the history goes on by now, or is not there.
        BrokenHistory: when more was recorded than it holds.
    """
    s, e = t.suggestions, t.entries.c
    # Whoever writes an act changes this row first: from here to the commit nobody adds an entry.
    row = connection.execute(select(s.c.version).where(s.c.id == batch.id).with_for_update()).one_or_none()
    last = select(e.number, e.hash).where(e.suggestion_id == batch.id).order_by(e.number.desc()).limit(1)
    newest = connection.execute(last).one_or_none()
    if newest is None or newest.number != batch.expected:
        raise VersionConflict
    if _goes_on(connection, t, batch, row):
        raise BrokenHistory(f"suggestion {batch.id}: the history ends at {batch.expected}, yet more was recorded")
    if row is None:
        put = insert(s).values(
            id=batch.id, version=0, last_hash="", snapshot_version=0, rebuilt=0, snapshot="", state=""
        )
        connection.execute(put)
    elif _is_so(connection, t, codec, batch, newest.hash):
        return False
    columns = _row_values.suggestion_row(attrs.evolve(batch, before=None), codec.snapshot_text(batch.suggestion))
    its = update(s).where(s.c.id == batch.id)
    connection.execute(its.values({**columns, "last_hash": newest.hash, "rebuilt": s.c.rebuilt + 1}))
    _append.write_derived(connection, t, batch)
    return True


def _goes_on(connection: Connection, t: Tables, batch: Batch, row: Row[Any] | None) -> bool:
    """Whether a later entry was recorded, and is gone: a version is lowered only where nothing else tells of one."""
    # The outbox has no index by suggestions; it is asked where there is a doubt.
    tables = (t.feed, t.outbox) if row is not None and row.version > batch.expected else (t.feed,)
    later = (select(x).where((x.c.suggestion_id == batch.id) & (x.c.number > batch.expected)) for x in tables)
    return any(connection.execute(query.limit(1)).first() is not None for query in later)


def _is_so(connection: Connection, t: Tables, codec: Codec, batch: Batch, last_hash: str) -> bool:
    try:
        stored, whole = read(connection, t, codec, batch.id), derived(batch)
        if stored is None or stored.snapshot is None or not 0 < stored.snapshot_version <= batch.expected:
            return False
        folded = _folded(batch, stored.snapshot_version)
        return stored == DerivedRows(batch.expected, last_hash, stored.snapshot_version, folded, whole)
    except Exception:  # a value that is none of its kind: SQLite keeps whatever is written into it
        return False


def _folded(batch: Batch, version: int) -> Suggestion:
    """The suggestion as the first *version* entries of a whole history leave it."""
    return batch.suggestion if version == batch.expected else replay(batch.id, batch.entries[:version])
