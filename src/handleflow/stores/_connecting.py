"""How is a database opened, and what is asked of it before anything is written?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import OperationalError
from time import sleep
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, insert, inspect, make_url, select
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from handleflow.errors import NotAStore
from handleflow.stores._tables import META, METADATA, SCHEMA_VERSION

_WRITES = "handleflow_writes"
_TRIES = 100


def open_database(where: str) -> Engine:
    """
    The database at *where*, a path of an SQLite file or a URL, with this version's tables.

    Raises:
        NotAStore: when it cannot be opened, holds something else or another schema version.
    """
    url = _url(where)
    try:
        database = create_engine(url)
        if database.dialect.name == "sqlite":
            _prepare_sqlite(database)
        _prepare_tables(database, where)
    except (SQLAlchemyError, ImportError) as error:
        raise NotAStore(f"{where} cannot be opened as a store: {error}") from error
    return database


@contextmanager
def connect(database: Engine, *, writes: bool = False) -> Iterator[Connection]:
    """A connection in one transaction, committed when the block ends well."""
    with database.connect() as connection:
        connection.execution_options(**{_WRITES: writes})
        with connection.begin():
            yield connection


def _url(where: str) -> URL:
    try:
        if "://" in where:
            return make_url(where)
        path = Path(where)
        if path.is_dir() or not path.absolute().parent.is_dir():
            raise NotAStore(f"{where} is no file and cannot become one; give a path in a folder that exists")
        return URL.create("sqlite", database=str(path))
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        raise NotAStore(f"{where} is no database URL: {error}") from error


def _prepare_sqlite(database: Engine) -> None:
    @event.listens_for(database, "connect")
    def _on_connect(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # this module begins transactions, not the driver
        for pragma in ("foreign_keys=ON", "busy_timeout=30000"):
            connection.execute(f"PRAGMA {pragma}")
        _write_ahead(connection)

    @event.listens_for(database, "begin")
    def _on_begin(connection: Connection) -> None:
        # A writer that begins as a reader can deadlock with another one; IMMEDIATE waits its turn.
        writes = connection.get_execution_options().get(_WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _write_ahead(connection: Any) -> None:
    """Switch a new file to write-ahead logging, which SQLite does not wait for while another process does it too."""
    for last in reversed(range(_TRIES)):
        if connection.execute("PRAGMA journal_mode").fetchone()[0] in {"wal", "memory"}:
            return
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except OperationalError:
            if not last:
                raise
            sleep(0.02)


def _prepare_tables(database: Engine, where: str) -> None:
    with connect(database, writes=True) as connection:
        present = set(inspect(connection).get_table_names())
        if META.name not in present:
            if strangers := present.difference(METADATA.tables):
                raise NotAStore(f"{where} holds other tables ({', '.join(sorted(strangers)[:3])}) and no store")
            METADATA.create_all(connection)
            connection.execute(insert(META).values(name="schema_version", value=str(SCHEMA_VERSION)))
        found = connection.scalar(select(META.c.value).where(META.c.name == "schema_version"))
        if found != str(SCHEMA_VERSION):
            raise NotAStore(
                f"{where} is a store of schema version {found}; this library reads version {SCHEMA_VERSION}"
            )
