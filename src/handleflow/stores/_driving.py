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

BEGIN = "BEGIN IMMEDIATE"
"""A writer that begins as a reader can deadlock with another one on SQLite; this one waits its turn."""


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
    taken = None
    try:
        taken = database.raw_connection()
        with _begun(database.dialect, taken, writes) as driver:
            yield driver
            if writes:
                taken.commit()
    except BaseException as error:
        told = failed(error, database.dialect, taken)
        if told is error:
            raise
        raise told from error
    give_back(taken, database.dialect)


@contextmanager
def _begun(dialect: Dialect, taken: PoolProxiedConnection, writes: bool) -> Iterator[Driver]:
    driven, driver = cast("Any", taken.driver_connection), Driver(dialect, taken.cursor())
    if dialect.name == "sqlite":
        if writes:
            driver.exec_driver_sql(BEGIN)
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


def failed(error: BaseException, dialect: Dialect, taken: PoolProxiedConnection | None) -> BaseException:
    """
    *error*, the driver's own as SQLAlchemy tells it, when the connection it happened on was given back.

    One that is lost, or was interrupted wherever it stood, is closed.
    """
    is_drivers, is_lost = isinstance(error, dialect.loaded_dbapi.Error), False
    if taken is not None:
        driven: Any = taken.driver_connection
        is_lost = is_drivers and driven is not None and dialect.is_disconnect(cast("Any", error), driven, None)
        give_back(taken, dialect, is_broken=is_lost or not isinstance(error, Exception))
    return _as_sqlalchemys(error, dialect, is_lost) if is_drivers else error


def give_back(taken: PoolProxiedConnection, dialect: Dialect, *, is_broken: bool = False) -> None:
    """Back into the pool, which rolls back what was not committed; what *is_broken* is closed."""
    try:
        if is_broken and taken.is_valid:
            taken.invalidate()
        if taken.is_valid and dialect.name == "postgresql":
            taken.rollback()
            cast("Any", taken.driver_connection).autocommit = False
    except dialect.loaded_dbapi.Error as error:
        taken.invalidate(error)
    finally:
        taken.close()


def _as_sqlalchemys(error: Any, dialect: Dialect, is_lost: bool) -> DBAPIError:
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
