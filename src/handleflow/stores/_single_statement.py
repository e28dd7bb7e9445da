"""
Single-statement append: how does a whole act become one statement? On PostgreSQL alone: no WITH of SQLite's can
write.

The database does it all or nothing by itself, so no transaction is begun and no commit waited for (docs/adr/0016).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import CTE, ColumnElement, Delete, Dialect, Select, Table, and_, bindparam, delete, func, or_, select
from sqlalchemy import union_all as all_of
from sqlalchemy.dialects.postgresql import Insert, insert

from handleflow.store import Batch
from handleflow.stores._schema import Tables
from handleflow.stores._statements import Prepared, beginning, changing, prepared

_FEW = 24  # rows beside the snapshot: each other number of them is a statement of its own, to be built and kept
_REPLACED = ("terms", "facets")
"""Tables whose rows stand in the place of what stood there before; others only grow."""

Beside = dict[str, list[dict[str, Any]]]
"""Rows by the name of their table in ``Tables``."""
Counts = tuple[tuple[str, int], ...]
"""How many rows there are of each table."""
Columns = tuple[str, ...]


def is_possible(dialect: Dialect, batches: Sequence[Batch]) -> bool:
    """Whether the database can, and the statement keeps a readable length."""
    return dialect.name == "postgresql" and len(batches) == 1 and _rows(batches[0]) <= _FEW


def _rows(batch: Batch) -> int:
    """About how many rows go with a snapshot."""
    suggestion = batch.suggestion
    terms = len(suggestion.terms) if batch.has_moved_terms else 0
    facets = len(suggestion.deputies) + len(suggestion.assignments) if batch.has_other_facets else 0
    return len(batch.entries) + terms + facets


def statement(t: Tables, dialect: Dialect, change: Columns | None, related_rows: Beside) -> Prepared:
    """
    One that changes the columns *change* of a suggestion, or begins it where that is None, and writes *related_rows*.

    It counts the suggestions it found as they were decided on: 1, or 0 and nothing was written.
    """
    counts = ((name, len(rows)) for name, rows in related_rows.items())
    return _built(t, dialect, change, tuple((name, n) for name, n in counts if n or _replaces(name, change)))


def values(related_rows: Beside) -> dict[str, Any]:
    """The values of *related_rows* in such a statement, each under a name of its own."""
    return {
        f"{table}_{n}_{name}": value
        for table, rows in related_rows.items()
        for n, row in enumerate(rows)
        for name, value in row.items()
    }


@lru_cache(maxsize=256)
def _built(t: Tables, dialect: Dialect, change: Columns | None, related_rows: Counts) -> Prepared:
    return prepared(written(t, change, related_rows), dialect)


def written(t: Tables, change: Columns | None, related_rows: Counts) -> Select[Any]:
    """That statement as SQLAlchemy builds it, for as many rows of each table."""
    root = beginning(t) if change is None else changing(t, change)
    found = root.returning(t.suggestions.c.id).cte("found")
    parts = (part for name, n in related_rows for part in _parts(getattr(t, name), name, n, change, found))
    return select(func.count()).select_from(found).add_cte(*parts)


def _replaces(name: str, change: Columns | None) -> bool:
    return change is not None and name in _REPLACED


def _parts(table: Table, name: str, n: int, change: Columns | None, found: CTE) -> Iterator[CTE]:
    if _replaces(name, change):
        yield _drop(table, name, n, found).cte(f"no_{name}")
    if n:
        put = _put(table, name, n, found)
        yield (_replacing(put) if _replaces(name, change) else put).cte(name)


def _put(table: Table, name: str, n: int, found: CTE) -> Insert:
    """*n* rows of *table*, if the suggestion was found."""
    columns = [column for column in table.columns if column.autoincrement is not True]
    each = (select(*(_value(name, row, c) for c in columns)).select_from(found) for row in range(n))
    return insert(table).from_select([c.name for c in columns], all_of(*each))


def _replacing(put: Insert) -> Insert:
    table: Any = put.table
    values = {column.name: put.excluded[column.name] for column in table.columns if not column.primary_key}
    key = list(table.primary_key)
    return put.on_conflict_do_update(index_elements=key, set_=values) if values else put.on_conflict_do_nothing()


def _drop(table: Table, name: str, n: int, found: CTE) -> Delete:
    """The suggestion's rows that are not among the *n* new ones: no row may be dropped and put by one statement."""
    stays = (and_(*(c == _value(name, row, c) for c in table.primary_key)) for row in range(n))
    its = delete(table).where(table.c.suggestion_id == found.c.id)
    return its.where(~or_(*stays)) if n else its


def _value(name: str, row: int, column: ColumnElement[Any]) -> ColumnElement[Any]:
    return bindparam(f"{name}_{row}_{column.key}", type_=column.type)
