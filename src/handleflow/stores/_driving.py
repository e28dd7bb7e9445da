"""
How do the statements of every act come to the driver?

In the store's own transactions straight to it, on a connection of SQLAlchemy's pool: through SQLAlchemy's own
execution the same statements took four times as long on SQLite. In a host's transaction through the host's
connection, whose events and logs tell of them as of the host's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol, cast

from sqlalchemy import Dialect, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import PoolProxiedConnection

from handleflow.values import frozen


class Answer(Protocol):
    """What came of a statement."""

    @property
    def rowcount(self) -> int:
        """How many rows it changed."""

    def fetchone(self) -> Any:
        """The next row it found; None after the last."""

    def fetchall(self) -> Any:
        """The rows it found."""


class Hand(Protocol):
    """Whatever takes a statement as text: SQLAlchemy's ``Connection``, or the driver."""

    @property
    def dialect(self) -> Dialect:
        """Which database it speaks to, and how."""

    def exec_driver_sql(self, statement: str, parameters: Any) -> Answer:
        """Let the driver execute *statement*, once for each of a list of parameters."""


@frozen
class Driver:
    """The driver's own cursor on a connection of the pool."""

    dialect: Dialect
    cursor: Any
    pipeline: Any = None

    def exec_driver_sql(self, statement: str, parameters: Any = ()) -> Answer:
        """As ``Hand`` says."""
        (self.cursor.executemany if isinstance(parameters, list) else self.cursor.execute)(statement, parameters)
        return self

    @property
    def rowcount(self) -> int:
        """How many rows the last statement changed."""
        if self.pipeline is not None:
            self.pipeline.sync()
        return int(self.cursor.rowcount)

    def fetchone(self) -> Any:
        """The next row the last statement found."""
        return self.cursor.fetchone()

    def fetchall(self) -> Any:
        """The rows the last statement found."""
        return self.cursor.fetchall()


@contextmanager
def driving(database: Engine, *, writes: bool = False) -> Iterator[Hand]:
    """
    The driver, in one transaction that is committed when the block ends well; reading goes without one.

    Whatever the driver says goes wrong is told as SQLAlchemy tells it, when the transaction was rolled back.
    """
    held = None
    try:
        held = database.raw_connection()
        with _begun(database.dialect, held, writes) as driver:
            yield driver
            if writes:
                held.commit()
    except database.dialect.loaded_dbapi.Error as error:
        raise _told(database.dialect, error, held) from error
    finally:
        if held is not None:
            _let_go(held, database.dialect)


@contextmanager
def _begun(dialect: Dialect, held: PoolProxiedConnection, writes: bool) -> Iterator[Driver]:
    driven, driver = cast("Any", held.driver_connection), Driver(dialect, held.cursor())
    if dialect.name == "sqlite":
        if writes:
            # A writer that begins as a reader can deadlock with another one; IMMEDIATE waits its turn.
            driver.exec_driver_sql("BEGIN IMMEDIATE")
        yield driver
        return
    driven.autocommit = not writes
    pipelines: Any = dialect.loaded_dbapi
    if not writes or not pipelines.Pipeline.is_supported():
        yield driver
        return
    # Statements are sent without waiting for each other's answers: over a network that is most of an act's time.
    with driven.pipeline() as pipeline:
        yield Driver(dialect, driver.cursor, pipeline)


def _let_go(held: PoolProxiedConnection, dialect: Dialect) -> None:
    """Back into the pool, which rolls back what was not committed."""
    try:
        if held.is_valid and dialect.name == "postgresql":
            held.rollback()
            cast("Any", held.driver_connection).autocommit = False
    except dialect.loaded_dbapi.Error as error:
        held.invalidate(error)
    finally:
        held.close()


def _told(dialect: Dialect, error: Any, held: PoolProxiedConnection | None) -> DBAPIError:
    """*error* under SQLAlchemy's name for it; a connection that is lost leaves the pool."""
    driven: Any = held.driver_connection if held is not None else None
    is_lost = driven is not None and dialect.is_disconnect(error, driven, None)
    if held is not None and is_lost:
        held.invalidate(error)
    told = DBAPIError.instance(
        None,
        None,
        error,
        dialect.loaded_dbapi.Error,
        hide_parameters=True,
        connection_invalidated=is_lost,
        dialect=dialect,
    )
    return cast("DBAPIError", told)
