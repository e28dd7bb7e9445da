"""
DBAPI executor: how do the statements of every act come to the driver?

In the store's own transactions straight to it, on a connection of SQLAlchemy's pool: through SQLAlchemy's own
execution the same statements took four times as long on SQLite. In a host's transaction through the host's
connection, whose events and logs tell of them as of the host's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Protocol, cast

from sqlalchemy import Dialect, Engine
from sqlalchemy.exc import DBAPIError

from handleflow.errors import CommitInDoubt
from handleflow.values import frozen

BEGIN = "BEGIN IMMEDIATE"
"""A writer that begins as a reader can deadlock with another one on SQLite; this one waits its turn."""


class Result(Protocol):
    """What came of a statement."""

    @property
    def rowcount(self) -> int:
        """How many rows it changed."""

    def fetchone(self) -> Any:
        """The next row it found; None after the last."""

    def fetchall(self) -> Any:
        """The rows it found."""


class Executor(Protocol):
    """Whatever takes a statement as text: SQLAlchemy's ``Connection``, or the driver."""

    @property
    def dialect(self) -> Dialect:
        """Which database it speaks to, and how."""

    def exec_driver_sql(self, statement: str, parameters: Any) -> Result:
        """Let the driver execute *statement*, once for each of a list of parameters."""


@frozen
class DbapiExecutor:
    """The driver's own cursor on a connection of the pool."""

    dialect: Dialect
    cursor: Any
    pipeline: Any = None

    def exec_driver_sql(self, statement: str, parameters: Any = ()) -> Result:
        """As ``Executor`` says."""
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


class Taken:
    """A connection out of an engine's pool. How it is set is for its owner to say: it goes back as it was."""

    __slots__ = ("_autocommit", "_database", "_proxied", "driven")

    def __init__(self, database: Engine) -> None:
        self._database = database
        self._proxied = database.raw_connection()
        self.driven: Any = cast("Any", self._proxied.driver_connection)
        self._autocommit = set_autocommit(database.dialect, self.driven)

    def give_back(self, *, is_broken: bool = False) -> None:
        """Back into the pool, when what was not committed is rolled back; what *is_broken* is closed."""
        taken, dialect = self._proxied, self._database.dialect
        try:
            if is_broken and taken.is_valid:
                taken.invalidate()
            if taken.is_valid:
                taken.rollback()  # the pool does it too, unless its owner told it not to
                set_autocommit(dialect, self.driven, self._autocommit)
        except dialect.loaded_dbapi.Error as error:
            taken.invalidate(error)
        finally:
            taken.close()

    def is_lost(self, error: BaseException) -> bool:
        """
        Whether *error* is the driver's word that the connection is gone; then its pool is emptied.

        A server that closed one has most likely closed them all.
        """
        dialect = self._database.dialect
        if not isinstance(error, dialect.loaded_dbapi.Error) or self._proxied.driver_connection is None:
            return False
        is_lost = dialect.is_disconnect(cast("Any", error), self.driven, None)
        if is_lost:
            # There is no public way to say so of a connection that goes without SQLAlchemy's own.
            self._database.pool._invalidate(self._proxied, error)
        return is_lost


def set_autocommit(dialect: Dialect, driven: Any, value: bool | None = None) -> bool:
    """
    Let each statement be a transaction by itself, or none; whether it was so before. None leaves it as it is.

    On SQLite nothing is set: there a transaction begins where somebody says BEGIN.
    """
    if dialect.name == "sqlite":
        return False
    before = bool(driven.autocommit)
    if value is not None and value is not before:
        driven.autocommit = value
    return before


@contextmanager
def executing(database: Engine, *, writes: bool = False, is_commit: bool = False) -> Iterator[Executor]:
    """
    The driver, in one transaction that is committed when the block ends well; without one where nothing is written,
    or where one statement is all, which then *is_commit* by itself.

    Whatever the driver says goes wrong is told as SQLAlchemy tells it, when the transaction was rolled back.

    Raises:
        CommitInDoubt: when the connection is lost while it commits.
    """
    taken = None
    try:
        taken = Taken(database)
        with _begun(database.dialect, taken, writes) as driver:
            yield driver
            if writes:
                is_commit = True
                taken.driven.commit()
    except BaseException as error:
        converted = failed(error, database.dialect, taken, is_commit=is_commit)
        if converted is error:
            raise
        raise converted from error
    taken.give_back()


@contextmanager
def _begun(dialect: Dialect, taken: Taken, writes: bool) -> Iterator[DbapiExecutor]:
    driver = DbapiExecutor(dialect, taken.driven.cursor())
    if dialect.name == "sqlite":
        if writes:
            driver.exec_driver_sql(BEGIN)
        yield driver
        return
    set_autocommit(dialect, taken.driven, not writes)
    pipelines: Any = dialect.loaded_dbapi
    if not writes or not pipelines.Pipeline.is_supported():
        yield driver
        return
    # Statements are sent without waiting for each other's answers: over a network that is most of an act's time.
    with taken.driven.pipeline() as pipeline:
        yield DbapiExecutor(dialect, driver.cursor, pipeline)


def failed(error: BaseException, dialect: Dialect, taken: Taken | None, *, is_commit: bool = False) -> BaseException:
    """
    *error*, the driver's own as SQLAlchemy tells it, when the connection it happened on was given back.

    One that was interrupted wherever it stood is closed; when it is lost while it commits, that is in doubt.
    """
    is_lost = False
    if taken is not None:
        is_lost = taken.is_lost(error)
        taken.give_back(is_broken=not isinstance(error, Exception))
    if not isinstance(error, dialect.loaded_dbapi.Error):
        return error
    how: Any = {"hide_parameters": True, "connection_invalidated": is_lost, "dialect": dialect}
    converted: Any = DBAPIError.instance(None, None, error, dialect.loaded_dbapi.Error, **how)
    return in_doubt(converted) if is_lost and is_commit else converted


def in_doubt(error: BaseException) -> CommitInDoubt:
    """What is said when a connection is lost between the question of a COMMIT and its answer."""
    return CommitInDoubt(
        "the connection was lost during the commit, so it is not known whether anything was written; ask again under "
        f"the same key: what was recorded is found by it, what was not is recorded then ({error})"
    )


@contextmanager
def committing() -> Iterator[None]:
    """
    A block in which SQLAlchemy commits.

    Raises:
        CommitInDoubt: when the connection is lost meanwhile.
    """
    try:
        yield
    except DBAPIError as error:
        if not error.connection_invalidated:
            raise
        raise in_doubt(error) from error


@contextmanager
def autocommit(dialect: Dialect, driven: Any, value: bool) -> Iterator[None]:
    """A block in which a connection is set so; after it, as it was."""
    before = set_autocommit(dialect, driven, value)
    try:
        yield
    finally:
        with suppress(dialect.loaded_dbapi.Error):  # it may be lost by now
            set_autocommit(dialect, driven, before)
