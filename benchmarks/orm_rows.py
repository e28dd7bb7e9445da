"""
What does one act cost when SQLAlchemy's ORM writes the same rows?

What an act adds and changes is looked up in the tables before and after it, and written again under other ids by
mapped objects in a session: no decision, no hash, no JSON; every value is there before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from attrs import frozen
from sqlalchemy.orm import Session, registry

NAME, NOTE = "SQLAlchemy ORM, the same rows", "values made before; no decision, hash, race check"
Row = dict[str, Any]
Rows = dict[str, dict[tuple[Any, ...], Row]]
"""The rows of each table by their primary keys."""


@frozen
class Written:
    """What an act did to the rows of *id*: those it added, and by their keys what it changed."""

    id: str
    added: tuple[tuple[str, Row], ...]
    changed: tuple[tuple[str, Row, Row], ...]

    def under(self, value: Any, id: str) -> Any:
        """A value for another suggestion."""
        return value.replace(self.id, id) if isinstance(value, str) else value


def reflected(database: sa.Engine) -> sa.MetaData:
    """The tables as SQLAlchemy finds them."""
    tables = sa.MetaData()
    tables.reflect(database)
    return tables


def rows(database: sa.Engine, tables: sa.MetaData) -> Rows:
    """Everything there is."""
    with database.connect() as connection:
        return {
            name: {_key(table, row): row for row in map(dict, connection.execute(sa.select(table)).mappings())}
            for name, table in tables.tables.items()
        }


def _key(table: sa.Table, row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row[column.name] for column in table.primary_key)


def written(database: sa.Engine, id: str, act: Callable[[], object]) -> Written:
    """What *act* does to the rows of the only suggestion there is."""
    tables = reflected(database)
    before = rows(database, tables)
    act()
    after = rows(database, tables)
    if any(key not in after[name] for name in before for key in before[name]):
        raise RuntimeError("the act deleted rows, which this way does not do")
    added = tuple((name, after[name][key]) for name in after for key in after[name] if key not in before[name])
    changed = tuple(
        (name, row, {column: value for column, value in after[name][key].items() if row[column] != value})
        for name in before
        for key, row in before[name].items()
    )
    return Written(id, added, tuple(change for change in changed if change[2]))


@contextmanager
def opened(database: sa.Engine, told: Written) -> Iterator[Callable[[str], object]]:
    """What writes the same under another id."""
    tables, mapped = reflected(database), registry()
    nouns = {name: type(name, (), {}) for name, table in tables.tables.items() if table.primary_key.columns}
    for name, noun in nouns.items():
        mapped.map_imperatively(noun, tables.tables[name])

    def write(id: str) -> None:
        with Session(database) as session:
            for name, before, change in told.changed:
                key = tuple(told.under(value, id) for value in _key(tables.tables[name], before))
                found: Any = session.get_one(nouns[name], key)
                for column, value in change.items():
                    setattr(found, column, told.under(value, id))
            for name, row in told.added:
                session.add(
                    nouns[name](**{c: told.under(v, id) for c, v in row.items() if _is_given(tables, name, c)})
                )
            session.commit()

    yield write


def _is_given(tables: sa.MetaData, name: str, column: str) -> bool:
    """Whether a column's value is the writer's to give; the place in the outbox is counted up by the database."""
    keys = tables.tables[name].primary_key.columns
    return not (keys.keys() == [column] and isinstance(keys[column].type, sa.Integer))
