"""Which rows does an append write, and who loses a race?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from types import TracebackType
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError, OperationalError

from handleflow.sealing import Sealed, genesis
from handleflow.store import Batch, KeptKey
from handleflow.stores import _at_once as at_once
from handleflow.stores import _rows
from handleflow.stores._codec import Codec
from handleflow.stores._driving import Hand
from handleflow.stores._rows import Values
from handleflow.stores._statements import Prepared, change, statements
from handleflow.stores._tables import Tables
from handleflow.values import frozen


class LostRace(Exception):
    """Somebody wrote first; nothing of the batches is kept."""


class losing:  # noqa: N801  a block, as contextlib's own
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
            raise LostRace from None


@frozen
class Chained:
    """A batch with its entries sealed, the hash they are chained to and the keys it is known by."""

    batch: Batch
    previous: str
    sealed: tuple[Sealed, ...]
    keys: tuple[KeptKey, ...] = ()

    @property
    def id(self) -> str:
        """The id of its suggestion."""
        return self.batch.id

    @property
    def head(self) -> str:
        """The hash of its newest entry."""
        return self.sealed[-1].hash if self.sealed else self.previous


def chain(hand: Hand, t: Tables, codec: Codec, batch: Batch) -> Chained:
    """
    *batch* with its entries sealed on the head of its suggestion.

    Raises:
        LostRace: when the suggestion has another version by now.
    """
    previous = head = _head(hand, t, batch)
    sealed = []
    for entry in batch.entries:
        sealed.append(codec.seal(entry, head))
        head = sealed[-1].hash
    return Chained(batch, previous, tuple(sealed), tuple(_keys(batch)))


def _head(hand: Hand, t: Tables, batch: Batch) -> str:
    if not batch.expected:
        return genesis(batch.id)
    if batch.before is not None and batch.before.head:
        return batch.before.head
    version, head = statements(t, hand.dialect).version.run(hand, {"its_id": batch.id}).fetchone() or (0, "")
    if version != batch.expected:
        raise LostRace
    return str(head)


def _keys(batch: Batch) -> Iterator[KeptKey]:
    if batch.key is not None:
        yield KeptKey(batch.key.key, batch.key.digest, batch.entries[0].number, batch.entries[-1].number)


def write(hand: Hand, t: Tables, codec: Codec, many: Sequence[Chained]) -> None:
    """
    The rows of batches of as many suggestions, a statement for each table: pictures, entries, all derived from them.

    Raises:
        LostRace: when somebody wrote first.
    """
    if at_once.is_possible(hand.dialect, [one.batch for one in many]):
        _write_at_once(hand, t, codec, many[0])
        return
    write_pictures(hand, t, codec, many)
    do = statements(t, hand.dialect)
    for name, rows in _beside(many).items():
        getattr(do, name).run_all(hand, rows)


def _beside(many: Sequence[Chained]) -> at_once.Beside:
    """The rows that only ever come to those that are there."""
    each = [(one.id, sealed) for one in many for sealed in one.sealed]
    return {
        "entries": [_rows.entry_row(*one) for one in each],
        "private": [row for one in each for row in _rows.private_rows(*one)],
        "claims": [_rows.claim_row(one.id, *taken) for one in many for taken in one.batch.claims],
        "outbox": [{"suggestion_id": id, "number": sealed.number} for id, sealed in each],
        "keys": [_rows.key_row(one.id, key) for one in many for key in one.keys],
    }


def _write_at_once(hand: Hand, t: Tables, codec: Codec, one: Chained) -> None:
    row, beside, change = _picture_row(one, codec), _beside([one]), None
    if one.batch.expected:
        change = tuple(row)
    else:
        row["id"] = one.id
    if one.batch.has_moved_terms:
        beside["terms"] = _rows.term_rows(one.batch)
    if one.batch.has_other_parties:
        beside["parties"] = _rows.party_rows(one.batch)
    values = _as_it_was(one) | _as_new(row) | at_once.values(beside)
    if not at_once.statement(t, hand.dialect, change, beside).run(hand, values).fetchone()[0]:
        raise LostRace


def write_pictures(hand: Hand, t: Tables, codec: Codec, many: Iterable[Chained]) -> None:
    """
    The pictures, and what is derived from them, in the place of what stands there.

    Raises:
        LostRace: when what stands there is not what was decided on.
    """
    do, begun = statements(t, hand.dialect), list[Values]()
    changes = list[tuple[tuple[str, ...], Values]]()
    for one in many:
        row = _picture_row(one, codec)
        if one.batch.expected:
            changes.append((tuple(row), _as_it_was(one) | _as_new(row)))
        else:
            begun.append(_as_new({"id": one.id, **row}))
    # Those of the same columns that stand together go together; to sort them would lock rows in another order.
    for columns, same in groupby(changes, key=itemgetter(0)):
        _change(hand, t, columns, [values for _, values in same])
    do.begin.run_all(hand, begun)
    batches = [one.batch for one in many]
    moved = [batch for batch in batches if batch.has_moved_terms]
    _put(hand, do.drop_terms, do.terms, moved, [row for batch in moved for row in _rows.term_rows(batch)])
    named = [batch for batch in batches if batch.has_other_parties]
    _put(hand, do.drop_parties, do.parties, named, [row for batch in named for row in _rows.party_rows(batch)])


def write_derived(hand: Hand, t: Tables, codec: Codec, batch: Batch, head: str) -> None:
    """All that *batch*, a whole history, derives, beside the hash it has come to; firing keys among it."""
    write_pictures(hand, t, codec, [Chained(batch, head, ())])
    do, rows = statements(t, hand.dialect), [_rows.claim_row(batch.id, *taken) for taken in batch.claims]
    _put(hand, do.drop_claims, do.claims, [batch], rows)


def _picture_row(one: Chained, codec: Codec) -> Values:
    return _rows.picture_row(one.batch, one.head, codec.picture_text(one.batch.picture))


def _change(hand: Hand, t: Tables, columns: tuple[str, ...], rows: list[Values]) -> None:
    if change(t, hand.dialect, columns).changed(hand, rows) != len(rows):
        raise LostRace


def _as_it_was(one: Chained) -> Values:
    """What the UPDATE asks of the suggestion: that it is still what was decided on."""
    return {"its_id": one.id, "its_version": one.batch.expected, "its_head": one.previous}


def _as_new(row: Values) -> Values:
    return {f"new_{name}": value for name, value in row.items()}


def _put(hand: Hand, drop: Prepared, put: Prepared, batches: list[Batch], rows: list[Values]) -> None:
    """Rows derived from pictures, in the place of those that stood there before."""
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
