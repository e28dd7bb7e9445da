"""
Prepared statements: which statements does every act need, and as what does the driver get them?

SQLAlchemy builds and compiles each of them once: to do so for every act took a third of its time on SQLite.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Dialect,
    Insert,
    Select,
    Subquery,
    Table,
    Update,
    bindparam,
    case,
    delete,
    func,
    insert,
    literal_column,
    null,
    select,
    update,
)
from sqlalchemy.sql.expression import ClauseElement

from handleflow.hash_chain import HEADER
from handleflow.stores._column_types import Instant
from handleflow.stores._executor import Executor, Result
from handleflow.stores._schema import Tables
from handleflow.values import frozen

Row = Mapping[str, Any]
Convert = Callable[[Any], Any]
_REPLACED = ("terms", "facets", "firing_keys")
_GROWING = ("entries", "private", "outbox", "keys")


@frozen(eq=False)
class Prepared:
    """
    A statement as one database's driver takes it: its text, and the *params* it takes of a row.

    *reads* are the places of columns that are not taken as they are.
    """

    text: str
    params: Callable[[Row], Any]
    reads: tuple[tuple[int, Convert], ...] = ()

    def run(self, executor: Executor, row: Row) -> Result:
        """What comes of it."""
        return executor.exec_driver_sql(self.text, self.params(row))

    def run_all(self, executor: Executor, rows: Sequence[Row]) -> None:
        """Run it for all *rows*, if there are any."""
        if rows:
            self._executed(executor, rows)

    def changed(self, executor: Executor, rows: Sequence[Row]) -> int:
        """How many rows of the database it changed in all, run for each of one or more *rows*."""
        return self._executed(executor, rows).rowcount

    def _executed(self, executor: Executor, rows: Sequence[Row]) -> Result:
        params = self.params(rows[0]) if len(rows) == 1 else [self.params(row) for row in rows]
        return executor.exec_driver_sql(self.text, params)

    def found(self, executor: Executor, row: Row) -> list[list[Any]]:
        """The rows it finds."""
        rows = [list(each) for each in self.run(executor, row).fetchall()]
        for each in rows:
            for column, read in self.reads:
                each[column] = read(each[column])
        return rows


@frozen(eq=False)
class Statements:
    """
    What an act reads and writes; values come as ``its_id``, ``its_version``, ``its_key`` and by the names of columns,
    those of a new suggestion with ``new_`` before them. *snapshot* tells the time first, and leaves out the text
    where it ``is_held``.

    *history* reads entries from ``its_first`` to ``its_last``, each once and again for every further private field.
    *put* adds rows to the other tables, *drop* takes all of a suggestion out of them, each by the table's name.
    """

    snapshot: Prepared
    history: Prepared
    key: Prepared
    begin: Prepared
    put: Mapping[str, Prepared]
    drop: Mapping[str, Prepared]


@lru_cache(maxsize=32)
def statements(t: Tables, dialect: Dialect) -> Statements:
    """The statements for some tables in one kind of database."""
    s, k = t.suggestions.c, t.keys.c
    unless_held = case((bindparam("is_held", type_=Boolean()), null()), else_=s.snapshot)
    its_key = (k.suggestion_id == bindparam("its_id")) & (k.key == bindparam("its_key"))
    return Statements(
        prepared(_timed(t, dialect, (*_beside(t), unless_held), s.id == bindparam("its_id")), dialect),
        prepared(_history(t), dialect),
        prepared(select(k.digest, k.first, k.last).where(its_key), dialect),
        prepared(beginning(t), dialect),
        {name: _inserted(getattr(t, name), dialect) for name in (*_REPLACED, *_GROWING)},
        {name: _dropped(getattr(t, name), dialect) for name in _REPLACED},
    )


@lru_cache(maxsize=128)
def snapshots(t: Tables, dialect: Dialect, n: int) -> Prepared:
    """
    The snapshots of *n* suggestions, whose ids come as ``id_0``, ``id_1`` and so on, each after its id.

    Before all of it the time is told.
    """
    s = t.suggestions.c
    ids = [bindparam(f"id_{number}", type_=s.id.type) for number in range(n)]
    return prepared(_timed(t, dialect, (s.id, *snapshot_columns(t)), s.id.in_(ids)), dialect)


def keeps_time(dialect: Dialect) -> bool:
    """Whether a database has a time of its own: PostgreSQL's server has, SQLite is the host itself."""
    return dialect.name == "postgresql"


def clock() -> Subquery:
    """One row with what time it is in the database when a statement arrives there, as ``at``."""
    # Not the time at which its transaction began: a host's own may be open for long. And it is one for all the rows,
    # so that an index may be walked up to it.
    return select(
        func.timezone(literal_column("'UTC'"), func.statement_timestamp(), type_=Instant()).label("at")
    ).subquery("clock")


def _timed(
    t: Tables, dialect: Dialect, columns: Iterable[ColumnElement[Any]], condition: ColumnElement[bool]
) -> Select[Any]:
    """*columns* of suggestions, after the time; where there is a time, it is told though no row is found."""
    if not keeps_time(dialect):
        return select(null(), *columns).where(condition)
    its_clock = clock()
    return select(its_clock.c.at, *columns).select_from(its_clock.outerjoin(t.suggestions, condition))


def _beside(t: Tables) -> tuple[ColumnElement[Any], ...]:
    s = t.suggestions.c
    return (s.version, s.last_hash, s.rebuilt, s.snapshot_version)


def snapshot_columns(t: Tables) -> tuple[ColumnElement[Any], ...]:
    """A snapshot, after what says how to read it, in the order of ``SnapshotRow``."""
    return (*_beside(t), t.suggestions.c.snapshot)


@lru_cache(maxsize=128)
def change(t: Tables, dialect: Dialect, columns: tuple[str, ...]) -> Prepared:
    """The update of some columns, where a suggestion is as it was decided on; each other one would cost an index."""
    return prepared(changing(t, columns), dialect)


def changing(t: Tables, columns: Iterable[str]) -> Update:
    """That update as SQLAlchemy builds it; new values come as ``new_`` and the name of the column."""
    s = t.suggestions.c
    is_unchanged = (s.id == bindparam("its_id")) & (s.version == bindparam("its_version"))
    updated = update(t.suggestions).where(is_unchanged & (s.last_hash == bindparam("its_last_hash")))
    return updated.values({name: bindparam(f"new_{name}", type_=s[name].type) for name in columns})


def beginning(t: Tables) -> Insert:
    """The row of a new suggestion as SQLAlchemy builds it, with values of such names."""
    return insert(t.suggestions).values({c.name: bindparam(f"new_{c.name}", type_=c.type) for c in t.suggestions.c})


def _history(t: Tables) -> Select[Any]:
    e, p = t.entries.c, t.private.c
    both = t.entries.outerjoin(t.private, (p.suggestion_id == e.suggestion_id) & (p.number == e.number))
    columns = (*(e[name] for name in HEADER), e.salt.label("entry_salt"), e.body, e.hash)
    found = select(*columns, p.field, p.salt, p.value).select_from(both)
    its = (e.suggestion_id == bindparam("its_id")) & e.number.between(bindparam("its_first"), bindparam("its_last"))
    return found.where(its).order_by(e.number, p.field)


def _inserted(table: Table, dialect: Dialect) -> Prepared:
    return prepared(insert(table).inline(), dialect, (c.name for c in table.columns if c.autoincrement is not True))


def _dropped(table: Table, dialect: Dialect) -> Prepared:
    return prepared(delete(table).where(table.c.suggestion_id == bindparam("its_id")), dialect)


def prepared(statement: ClauseElement, dialect: Dialect, columns: Iterable[str] | None = None) -> Prepared:
    """*statement* as the driver takes it, with values for some *columns*."""
    compiled: Any = statement.compile(dialect=dialect, column_keys=None if columns is None else list(columns))
    names = compiled.positiontup if compiled.positional else list(compiled.binds)
    kinds = {name: compiled.binds[name].type.dialect_impl(dialect) for name in names}
    selected = statement.selected_columns if isinstance(statement, Select) else ()
    processors = ((name, kind.bind_processor(dialect)) for name, kind in kinds.items())
    writes = {name: write for name, write in processors if write}
    found = enumerate(column.type.dialect_impl(dialect) for column in selected)
    reads = ((column, kind.result_processor(dialect, None)) for column, kind in found)
    return Prepared(
        compiled.string,
        _in_order(names, writes) if compiled.positional else _by_name(writes),
        tuple((column, read) for column, read in reads if read is not None),
    )


def _in_order(names: Sequence[str], writes: Mapping[str, Convert]) -> Callable[[Row], tuple[Any, ...]]:
    """What a driver takes that counts its parameters: a tuple, since a list would be many rows."""
    several = itemgetter(*names)
    values = several if len(names) > 1 else lambda row: (several(row),)
    columns = [(n, writes[name]) for n, name in enumerate(names) if name in writes]

    def converted(row: Row) -> tuple[Any, ...]:
        found = list(values(row))
        for column, write in columns:
            found[column] = write(found[column])
        return tuple(found)

    return converted if columns else values


def _by_name(writes: Mapping[str, Convert]) -> Callable[[Row], Row]:
    """What a driver takes that looks its parameters up, and passes by those it needs not."""
    if not writes:
        return lambda row: row

    def converted(row: Row) -> Row:
        found = dict(row)
        for name, write in writes.items():
            found[name] = write(found[name])
        return found

    return converted
