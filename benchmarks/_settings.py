"""Which databases are measured, how safe are their commits, and what lies in them?"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa
from attrs import frozen
from tests.databases import fresh_postgres

from handleflow.stores.sql import SqlStore, prepare_sqlite

TABLES = ("suggestions", "entries", "terms", "facets", "outbox")
_files = count(1)


@frozen
class Setting:
    """A database and how safe its commits are."""

    name: str
    is_sqlite: bool
    synchronous: str


SETTINGS = (
    Setting("SQLite FULL", True, "FULL"),
    Setting("SQLite NORMAL", True, "NORMAL"),
    Setting("PostgreSQL durable", False, "on"),
    Setting("PostgreSQL not durable", False, "off"),
)


def fresh(setting: Setting, folder: Path) -> sa.URL:
    """An empty file or schema."""
    if setting.is_sqlite:
        return sa.URL.create("sqlite", database=str(folder / f"{next(_files)}.db"))
    url = sa.make_url(fresh_postgres())
    return url.update_query_dict({"options": f"{url.query['options']} -csynchronous_commit={setting.synchronous}"})


def database(setting: Setting, url: sa.URL, *, begins: bool = False) -> sa.Engine:
    """SQLAlchemy's engine; it *begins* transactions on SQLite as the store needs it, or leaves that to statements."""
    made = sa.create_engine(url)
    if setting.is_sqlite and begins:
        prepare_sqlite(made)
    if setting.is_sqlite:
        sa.event.listen(made, "connect", lambda connection, _: tune(connection, setting))
    return made


def opened(setting: Setting, url: sa.URL) -> SqlStore:
    """A store that keeps a connection ready between acts, as one does that opens its database by itself."""
    return SqlStore(database(setting, url, begins=True), max_idle=1)


def tune(connection: Any, setting: Setting) -> Any:
    """What the store asks of each SQLite connection, and how safe its commits are."""
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute(f"PRAGMA synchronous={setting.synchronous}")
    return connection


def driven(setting: Setting, url: sa.URL) -> Any:
    """The driver's own connection."""
    if setting.is_sqlite:
        return tune(sqlite3.connect(str(url.database)), setting)
    return psycopg.connect(**sa.create_engine(url).dialect.create_connect_args(url)[1])


def tally(setting: Setting, url: sa.URL) -> list[int]:
    """How many rows each table has, and all versions' sum; before that, the database looks at its tables anew."""
    with closing(driven(setting, url)) as connection:
        connection.execute("ANALYZE")
        connection.commit()
        args = [f"count(*) FROM handleflow_{name}" for name in TABLES] + ["sum(version) FROM handleflow_suggestions"]
        return [connection.execute(f"SELECT {each}").fetchone()[0] for each in args]


def require_same(tallies: list[list[int]]) -> None:
    """Make sure that every way wrote as many rows as the others."""
    if any(found != tallies[0] for found in tallies):
        raise RuntimeError(f"not every way wrote the same rows: {tallies}")
