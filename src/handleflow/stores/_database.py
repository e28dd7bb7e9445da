"""Database connection: how is a database opened, and what is asked of it before anything is written?"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from sqlite3 import OperationalError
from time import sleep
from typing import Any
from urllib.parse import unquote, urlsplit

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import StaticPool

from handleflow.errors import NotAStore, NoTransaction
from handleflow.stores._executor import BEGIN, autocommit, committing
from handleflow.stores._idle_connections import leave_to_parent
from handleflow.stores._schema import Tables

_WRITES = "handleflow_writes"
_TRIES = 100
_USED_UP = "; where it has ended, bind a new store in the next"
_MAPPED = "maps schemas (schema_translate_map), also that of the store; name the store's own with schema="


def open_database(where: str) -> Engine:
    """
    The database at *where*, a path of an SQLite file or a URL.

    Raises:
        NotAStore: when it cannot be opened.
    """
    url = _url(where)
    try:
        database = create_engine(url, hide_parameters=True)  # what is recorded stays out of logs
    except (SQLAlchemyError, ImportError) as error:
        raise NotAStore(f"{shown(where)} cannot be opened as a store: {error}") from error
    if database.dialect.name not in {"sqlite", "postgresql"}:
        raise NotAStore(f"{shown(where)}: stores lie in SQLite or PostgreSQL, not in {database.dialect.name}")
    if database.dialect.name == "sqlite":
        _make_file(url)
        prepare_sqlite(database)
    leave_to_parent(database)
    return database


def _make_file(url: URL) -> None:
    """A new file for its owner alone, since private fields will lie in it. One that is there stays as it is."""
    named, is_uri = url.database or ":memory:", (url.database or "").startswith("file:")
    path = unquote(urlsplit(named).path) if is_uri else named
    if path in {"", ":memory:"} or url.query.get("mode", "rwc") != "rwc" or _is_memdb(url):
        return
    with suppress(OSError, RuntimeError):  # it is there, or cannot be, a link to itself: then SQLite says so
        # Where a link leads to is made, since SQLite follows it: the link itself is there already.
        os.close(os.open(Path(path).resolve(), os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))


def _is_memdb(url: URL) -> bool:
    return "memdb" in url.query.get("vfs", "")


def require_fit(database: Engine, t: Tables) -> None:
    """
    Make sure that statements sent straight to the driver go where the host's own go, and nobody else's with them.

    Raises:
        NotAStore: when its schemas are mapped, or its pool lends one connection to several threads at once.
    """
    if _is_mapped(database, t):
        raise NotAStore(f"{shown(database)} {_MAPPED}")
    if isinstance(database.pool, StaticPool):
        raise NotAStore(f"{shown(database)} has one connection for all threads (StaticPool); give it another pool")


def _is_mapped(database: Engine | Connection, t: Tables) -> bool:
    """Whether SQLAlchemy would look for the store's tables in another schema; the driver hears nothing of that."""
    schemas = database.get_execution_options().get("schema_translate_map") or {}
    return schemas.get(t.meta.schema, t.meta.schema) != t.meta.schema


def shown(where: str | Engine) -> str:
    """A place as it may be shown: without a password."""
    url = where.url if isinstance(where, Engine) else make_url(where) if "://" in where else None
    return url.render_as_string(hide_password=True) if url is not None else str(where)


@contextmanager
def connect(database: Engine, *, writes: bool = False) -> Iterator[Connection]:
    """
    A connection in one transaction, committed when the block ends well; reading goes without one.

    However an engine's owner sets its connections, they are set so again after the block.

    Raises:
        CommitInDoubt: when the connection is lost while it commits.
    """
    with (
        database.connect().execution_options(**{_WRITES: writes}) as connection,
        # Each read is a statement by itself; on PostgreSQL a transaction would be two more waits for the server.
        autocommit(database.dialect, drivers(connection), not writes),
    ):
        if not writes:
            yield connection
            return
        with connection.begin() as transaction:
            _begin(connection)
            yield connection
            with committing():
                transaction.commit()


def _begin(connection: Connection) -> None:
    """Begin on SQLite where nobody did: the driver of an engine in AUTOCOMMIT never does."""
    if has_begun_nothing(connection):
        connection.exec_driver_sql(BEGIN)


def drivers(connection: Connection) -> Any:
    """The driver's own connection."""
    return connection.connection.driver_connection


def require_unmapped(connection: Connection, t: Tables) -> None:
    """
    Make sure that a host's connection looks for the store's tables where the store does.

    Raises:
        NoTransaction: when its schemas are mapped.
    """
    if _is_mapped(connection, t):
        raise NoTransaction(f"this connection {_MAPPED}")


def require_transaction(connection: Connection) -> None:
    """
    Make sure that what is written on *connection* waits for its owner's commit.

    Raises:
        NoTransaction: when it is in no transaction, or in autocommit mode.
    """
    if connection.closed or connection.invalidated or not connection.in_transaction():
        raise NoTransaction(f"this connection is in no transaction: begin one first, by connection.begin(){_USED_UP}")
    if has_begun_nothing(connection):
        # Its first SAVEPOINT would be a transaction, committed when it is released.
        raise NoTransaction("SQLite has begun no transaction here: call prepare_sqlite(engine) before its first use")
    if connection.dialect.name != "sqlite" and drivers(connection).autocommit:
        raise NoTransaction("this connection is in autocommit mode, where each statement is committed by itself")


def _url(where: str) -> URL:
    try:
        if where.startswith("file:"):
            raise NotAStore(f"{where} would be a file of that name; give a path, or sqlite:///{where} with uri=true")
        if "://" in where:
            url = make_url(where)
            if (url.database or "").startswith("file:") and "uri" not in url.query:
                raise NotAStore(f"{shown(where)} would be a file of that name; add uri=true to it, or give a path")
            # The driver this library is tested with; SQLAlchemy's own default is another one.
            return url.set(drivername="postgresql+psycopg") if url.drivername == "postgresql" else url
        path = Path(where)
        if path.is_dir() or not path.absolute().parent.is_dir():
            raise NotAStore(f"{where} is no file and cannot become one; give a path in a folder that exists")
        return URL.create("sqlite", database=str(path))
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        raise NotAStore(f"{where} is no database URL: {error}") from error


def prepare_sqlite(database: Engine) -> None:
    """
    Let SQLite keep its promises: foreign keys, write-ahead logging, and transactions that begin when asked for.

    For a host's own SQLAlchemy engine on SQLite, before its first connection: without it the driver begins
    transactions by itself, and a SAVEPOINT means nothing.
    """

    @event.listens_for(database, "connect")
    def _on_connect(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # this module begins transactions, not the driver
        for pragma in ("foreign_keys=ON", "busy_timeout=30000"):
            connection.execute(f"PRAGMA {pragma}")
        _write_ahead(connection)

    @event.listens_for(database, "begin")
    def _on_begin(connection: Connection) -> None:
        # A writer that begins as a reader can deadlock with another one; IMMEDIATE waits its turn. Reading needs
        # no transaction: each read is a statement by itself, as on PostgreSQL.
        if connection.get_execution_options().get(_WRITES, True):
            connection.exec_driver_sql(BEGIN)


def _write_ahead(connection: Any) -> None:
    """Switch a new file to write-ahead logging, which SQLite does not wait for while another process does it too."""
    for last in reversed(range(_TRIES)):
        if connection.execute("PRAGMA journal_mode").fetchone()[0] in {"wal", "memory"}:
            return
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except OperationalError as error:
            if "readonly" in str(error):
                return  # whoever only reads needs no log
            if not last or "locked" not in str(error):
                raise
            sleep(0.02)


def has_begun_nothing(connection: Connection) -> bool:
    """Whether SQLite is in no transaction, whatever SQLAlchemy takes it for."""
    return connection.dialect.name == "sqlite" and not drivers(connection).in_transaction


def require_file(connection: Connection, url: str) -> None:
    """
    Make sure that an SQLite database lies in a file, however its URL is spelled and whoever made the engine.

    Raises:
        NotAStore: when it lies in memory, where each connection has a database of its own, and so has each thread;
            those that SQLite lets several share refuse whoever comes while another one writes, or end with the last.
    """
    if connection.dialect.name != "sqlite":
        return
    files = {row.name: row.file for row in connection.exec_driver_sql("PRAGMA database_list")}
    if not files["main"] or _is_memdb(connection.engine.url) or _is_nowhere(connection, files["main"]):
        raise NotAStore(
            f"{url} lies in memory, where each thread has a database of its own; give a file, or use "
            "MemoryStore, which all threads of a process share"
        )


def _is_nowhere(connection: Connection, file: str) -> bool:
    """Whether it has a name alone (``vfs=memdb``): where SQLite opens a file, that is there."""
    (journal,) = connection.exec_driver_sql("PRAGMA journal_mode").one()
    return journal == "memory" and not Path(file).exists()
