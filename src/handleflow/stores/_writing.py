"""Which rows does an append write, and who loses a race?"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from types import TracebackType
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError, OperationalError

from handleflow.codec import Codec
from handleflow.store import Batch
from handleflow.stores import _at_once as at_once
from handleflow.stores import _rows
from handleflow.stores._driving import Hand
from handleflow.stores._rows import Values
from handleflow.stores._snapshots import is_due
from handleflow.stores._statements import Prepared, Statements, change, statements
from handleflow.stores._tables import Tables


class VersionConflict(Exception):
    """Somebody wrote first; nothing of the batches is kept."""


class translating_conflicts:  # noqa: N801  a block, as contextlib's own
    """
    A number, key or chance that somebody else wrote first is a lost race.

    So is a deadlock that PostgreSQL broke, unless it *is_bound*: a host's transaction holds its locks while an act is
    decided again, and would meet the same deadlock until its tries are used up.
    """

    __slots__ = ("_is_bound",)

    def __init__(self, *, is_bound: bool = False) -> None:
        self._is_bound = is_bound

    def __enter__(self) -> None:
        """Nothing is to be done before."""

    def __exit__(self, _: type[BaseException] | None, error: BaseException | None, __: TracebackType | None) -> None:
        """Tell it."""
        if is_taken(error) or (not self._is_bound and is_broken_off(error)):
            raise VersionConflict from None


def write(hand: Hand, t: Tables, codec: Codec, many: Sequence[Batch]) -> None:
    """
    The rows of batches of as many suggestions, a statement for each table: snapshots, entries, all derived from them.

    Raises:
        VersionConflict: when somebody wrote first.
    """
    if at_once.is_possible(hand.dialect, many):
        _write_at_once(hand, t, codec, many[0])
        return
    write_suggestions(hand, t, codec, many)
    do = statements(t, hand.dialect)
    for name, rows in _beside(many).items():
        getattr(do, name).run_all(hand, rows)


def _beside(many: Sequence[Batch]) -> at_once.Beside:
    """The rows that only ever come to those that are there."""
    each = [(one.id, stored) for one in many for stored in one.stored]
    return {
        "entries": [_rows.entry_row(*one) for one in each],
        "private": [row for one in each for row in _rows.private_rows(*one)],
        "firing_keys": [_rows.firing_key_row(one.id, *taken) for one in many for taken in one.firing_keys],
        "outbox": [{"suggestion_id": id, "number": stored.number} for id, stored in each],
        "keys": [_rows.key_row(one.id, key) for one in many for key in one.keys],
    }


def _write_at_once(hand: Hand, t: Tables, codec: Codec, one: Batch) -> None:
    row, beside, change = _suggestion_row(one, codec), _beside([one]), None
    if one.expected:
        change = tuple(row)
    else:
        row["id"] = one.id
    if one.has_moved_terms:
        beside["terms"] = _rows.term_rows(one)
    if one.has_other_facets:
        beside["facets"] = _rows.facet_rows(one)
    values = _as_it_was(one) | _as_new(row) | at_once.values(beside)
    if not at_once.statement(t, hand.dialect, change, beside).run(hand, values).fetchone()[0]:
        raise VersionConflict


def write_suggestions(hand: Hand, t: Tables, codec: Codec, many: Sequence[Batch]) -> None:
    """
    The snapshots, and what is derived from them, in the place of what stands there.

    Raises:
        VersionConflict: when what stands there is not what was decided on.
    """
    do, begun = statements(t, hand.dialect), list[Values]()
    changes = list[tuple[tuple[str, ...], Values]]()
    for one in many:
        row = _suggestion_row(one, codec)
        if one.expected:
            changes.append((tuple(row), _as_it_was(one) | _as_new(row)))
        else:
            begun.append(_as_new({"id": one.id, **row}))
    # Those of the same columns that stand together go together; to sort them would lock rows in another order.
    for columns, same in groupby(changes, key=itemgetter(0)):
        _change(hand, t, columns, [values for _, values in same])
    do.begin.run_all(hand, begun)
    _write_beside(hand, do, many)


def _write_beside(hand: Hand, do: Statements, many: Sequence[Batch]) -> None:
    moved = [batch for batch in many if batch.has_moved_terms]
    _put(hand, do.drop_terms, do.terms, moved, [row for batch in moved for row in _rows.term_rows(batch)])
    named = [batch for batch in many if batch.has_other_facets]
    _put(hand, do.drop_facets, do.facets, named, [row for batch in named for row in _rows.facet_rows(batch)])


def write_derived(hand: Hand, t: Tables, batch: Batch) -> None:
    """What *batch*, a whole history, derives beside the suggestion: terms, facets and firing keys."""
    do, rows = statements(t, hand.dialect), [_rows.firing_key_row(batch.id, *taken) for taken in batch.firing_keys]
    _write_beside(hand, do, [batch])
    _put(hand, do.drop_firing_keys, do.firing_keys, [batch], rows)


def _suggestion_row(one: Batch, codec: Codec) -> Values:
    # Whoever has not the classes of a host's own events could not fold them.
    has_own = any(codec.is_own(entry.event) for entry in one.entries)
    is_written = has_own or not one.expected or is_due(one.expected, one.suggestion.version)
    return _rows.suggestion_row(one, codec.snapshot_text(one.suggestion) if is_written else None)


def _change(hand: Hand, t: Tables, columns: tuple[str, ...], rows: list[Values]) -> None:
    if change(t, hand.dialect, columns).changed(hand, rows) != len(rows):
        raise VersionConflict


def _as_it_was(one: Batch) -> Values:
    """What the UPDATE asks of the suggestion: that it is still what was decided on."""
    return {"its_id": one.id, "its_version": one.expected, "its_last_hash": one.previous}


def _as_new(row: Values) -> Values:
    return {f"new_{name}": value for name, value in row.items()}


def _put(hand: Hand, drop: Prepared, put: Prepared, batches: list[Batch], rows: list[Values]) -> None:
    """Rows derived from suggestions, in the place of those that stood there before."""
    drop.run_all(hand, [{"its_id": batch.id} for batch in batches if batch.expected])
    put.run_all(hand, rows)


def insert_once(connection: Connection, table: Table, **row: object) -> None:
    """A row, unless it is there already or somebody else writes the same one at once."""
    both: Any = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[connection.dialect.name]
    connection.execute(both(table).values(**row).on_conflict_do_nothing())


_KEYS = ("FOREIGNKEY", "PRIMARYKEY", "ROWID", "UNIQUE")
_TAKEN = {"23503", "23505", *(f"SQLITE_CONSTRAINT_{key}" for key in _KEYS)}


def is_taken(error: BaseException | None) -> bool:
    """Whether somebody wrote the same number, key or chance first; a host's own trigger refuses for other reasons."""
    origin = error.orig if isinstance(error, IntegrityError) else None
    return not _TAKEN.isdisjoint({getattr(origin, "sqlstate", None), getattr(origin, "sqlite_errorname", None)})


def is_broken_off(error: BaseException | None) -> bool:
    """Whether PostgreSQL broke a deadlock, or could not put two transactions in a row: decide again."""
    return isinstance(error, OperationalError) and getattr(error.orig, "sqlstate", "") in {"40P01", "40001"}
