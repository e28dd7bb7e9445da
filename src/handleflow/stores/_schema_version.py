"""Schema version: does a place hold the tables of a store, of the version that this library reads?"""

from __future__ import annotations

from sqlalchemy import Connection, Engine, func, insert, inspect, select

from handleflow.errors import NotAStore
from handleflow.stores._database import connect, require_file, shown
from handleflow.stores._schema import SCHEMA_VERSION, Tables
from handleflow.words import Message

FEED = "numbered by one at a time"
"""Stands in the row of the meta table that whoever numbers the feed locks."""


def has_tables(connection: Connection, tables: Tables) -> bool:
    """Whether a store's tables are there."""
    return inspect(connection).has_table(tables.meta.name, schema=tables.meta.schema)


def create_tables(connection: Connection, tables: Tables) -> None:
    """Make the tables of a new store; of several that do so at once, one does."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(tables.meta.fullname))))
    tables.metadata.create_all(connection)
    mark_version(connection, tables)


def mark_version(connection: Connection, tables: Tables) -> None:
    """Say of which version the tables are, where nobody has: a host's migrations may have made them."""
    named = set(connection.scalars(select(tables.meta.c.name)))
    is_new = "schema_version" not in named and connection.scalar(select(tables.suggestions.c.id).limit(1)) is None
    rows = {"schema_version": str(SCHEMA_VERSION), "feed": FEED} if is_new else {"feed": FEED}
    missing = [{"name": name, "value": value} for name, value in rows.items() if name not in named]
    if missing:
        connection.execute(insert(tables.meta), missing)


def is_marked(connection: Connection, tables: Tables) -> bool:
    """Whether the tables say of which version they are, and have the row that numbering the feed locks."""
    return {"schema_version", "feed"} <= set(connection.scalars(select(tables.meta.c.name)))


def strangers(connection: Connection, tables: Tables) -> list[str]:
    """Tables in the database that are no store's."""
    own = {table.name for table in tables.metadata.sorted_tables}
    return sorted(set(inspect(connection).get_table_names()).difference(own))


def require_version(connection: Connection, tables: Tables, where: str) -> None:
    """
    Make sure that the tables are of this library's version.

    Raises:
        NotAStore: when they are of another, with the way to upgrade an older one.
    """
    found = connection.scalar(select(tables.meta.c.value).where(tables.meta.c.name == "schema_version"))
    if found == str(SCHEMA_VERSION):
        return
    is_older = found is not None and found.isdecimal() and int(found) < SCHEMA_VERSION
    raise NotAStore(
        Message("error-other_schema", {"where": where, "found": found, "reads": SCHEMA_VERSION, "is_older": is_older})
    )


def require_tables(database: Engine, t: Tables, where: str | Engine, create: bool) -> None:
    """
    Make sure that a place holds a store's tables, of this version; make them where nothing is and *create* says so.

    Raises:
        NotAStore: when it holds something else, no tables, or those of another version.
    """
    url = shown(where)
    with connect(database) as connection:
        require_file(connection, url)
        is_there = has_tables(connection, t)
        is_file = isinstance(where, str) and database.dialect.name == "sqlite"
        others = [] if is_there or not is_file else strangers(connection, t)
        has_version = is_there and is_marked(connection, t)
    if others:
        raise NotAStore(Message("error-other_tables", {"where": url, "others": tuple(others[:3])}))
    if not is_there and not create:
        raise NotAStore(Message("error-no_tables", {"where": url}))
    if not has_version:
        with connect(database, writes=True) as connection:
            (mark_version if is_there else create_tables)(connection, t)
    with connect(database) as connection:
        require_version(connection, t, url)
