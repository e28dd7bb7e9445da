"""Append with optimistic concurrency: which rows does an append write, and who loses a race?"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

from handleflow.codec import Codec
from handleflow.store import Batch
from handleflow.stores import _row_values
from handleflow.stores import _single_statement as at_once
from handleflow.stores._executor import Executor
from handleflow.stores._row_values import RowsOf, Values
from handleflow.stores._schema import Tables
from handleflow.stores._snapshots import is_due
from handleflow.stores._statements import Statements, change, statements
from handleflow.stores._translation import VersionConflict


def write(executor: Executor, t: Tables, codec: Codec, many: Sequence[Batch]) -> None:
    """
    The rows of batches of as many suggestions, a statement for each table: snapshots, entries, all derived from them.

    Raises:
        VersionConflict: when somebody wrote first.
    """
    if at_once.is_possible(executor.dialect, many):
        _write_at_once(executor, t, codec, many[0])
        return
    write_suggestions(executor, t, codec, many)
    put = statements(t, executor.dialect).put
    for name, rows in _beside(many).items():
        put[name].run_all(executor, rows)


def _beside(many: Sequence[Batch]) -> at_once.Beside:
    """The rows that only ever come to those that are there."""
    each = [(one.id, stored) for one in many for stored in one.stored]
    return {
        "entries": [_row_values.entry_row(*one) for one in each],
        "private": [row for one in each for row in _row_values.private_rows(*one)],
        "firing_keys": [row for one in many for row in _row_values.firing_key_rows(one)],
        "outbox": [{"suggestion_id": id, "number": stored.number} for id, stored in each],
        "keys": [_row_values.key_row(one.id, key) for one in many for key in one.keys],
    }


def _write_at_once(executor: Executor, t: Tables, codec: Codec, one: Batch) -> None:
    row, related_rows, change = _suggestion_row(one, codec), _beside([one]), None
    if one.expected:
        change = tuple(row)
    else:
        row["id"] = one.id
    if one.has_moved_terms:
        related_rows["terms"] = _row_values.term_rows(one)
    if one.has_other_facets:
        related_rows["facets"] = _row_values.facet_rows(one)
    values = _as_it_was(one) | _as_new(row) | at_once.values(related_rows)
    if not at_once.statement(t, executor.dialect, change, related_rows).run(executor, values).fetchone()[0]:
        raise VersionConflict


def write_suggestions(executor: Executor, t: Tables, codec: Codec, many: Sequence[Batch]) -> None:
    """
    The snapshots, and what is derived from them, in the place of what stands there.

    Raises:
        VersionConflict: when what stands there is not what was decided on.
    """
    do, begun = statements(t, executor.dialect), list[Values]()
    changes = list[tuple[tuple[str, ...], Values]]()
    for one in many:
        row = _suggestion_row(one, codec)
        if one.expected:
            changes.append((tuple(row), _as_it_was(one) | _as_new(row)))
        else:
            begun.append(_as_new({"id": one.id, **row}))
    # Those of the same columns that stand together go together; to sort them would lock rows in another order.
    for columns, same in groupby(changes, key=itemgetter(0)):
        rows = [values for _, values in same]
        if change(t, executor.dialect, columns).changed(executor, rows) != len(rows):
            raise VersionConflict
    do.begin.run_all(executor, begun)
    _write_beside(executor, do, many)


def _write_beside(executor: Executor, do: Statements, many: Sequence[Batch]) -> None:
    _replace(executor, do, "terms", [one for one in many if one.has_moved_terms], _row_values.term_rows)
    _replace(executor, do, "facets", [one for one in many if one.has_other_facets], _row_values.facet_rows)


def write_derived(executor: Executor, t: Tables, batch: Batch) -> None:
    """What *batch*, a whole history, derives beside the suggestion: terms, facets and firing keys."""
    do = statements(t, executor.dialect)
    _write_beside(executor, do, [batch])
    _replace(executor, do, "firing_keys", [batch], _row_values.firing_key_rows)


def _replace(executor: Executor, do: Statements, name: str, batches: list[Batch], rows_of: RowsOf) -> None:
    """Rows derived from suggestions, in the place of those that stood there before."""
    do.drop[name].run_all(executor, [{"its_id": one.id} for one in batches if one.expected])
    do.put[name].run_all(executor, [row for one in batches for row in rows_of(one)])


def _suggestion_row(one: Batch, codec: Codec) -> Values:
    # Whoever has not the classes of a host's own events could not fold them.
    has_own = any(codec.is_own(entry.event) for entry in one.entries)
    is_written = has_own or not one.expected or is_due(one.expected, one.suggestion.version)
    return _row_values.suggestion_row(one, codec.snapshot_text(one.suggestion) if is_written else None)


def _as_it_was(one: Batch) -> Values:
    """What the UPDATE asks of the suggestion: that it is still what was decided on."""
    return {"its_id": one.id, "its_version": one.expected, "its_last_hash": one.previous}


def _as_new(row: Values) -> Values:
    return {f"new_{name}": value for name, value in row.items()}


def insert_once(connection: Connection, table: Table, **row: object) -> None:
    """A row, unless it is there already or somebody else writes the same one at once."""
    both: Any = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[connection.dialect.name]
    connection.execute(both(table).values(**row).on_conflict_do_nothing())
