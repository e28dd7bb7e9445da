"""
SQL event store: how does a history lie in a database? SQLAlchemy Core, never its ORM (extras ``sql`` and
``postgres``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager

from sqlalchemy import Connection, Engine, MetaData
from sqlalchemy.exc import SQLAlchemyError

from handleflow.codec import Codec
from handleflow.errors import NotAStore
from handleflow.model import Event
from handleflow.store import Batch
from handleflow.stores import _database, _schema_version
from handleflow.stores._catalogue import SqlCatalogue
from handleflow.stores._clock_index import SqlClockIndex
from handleflow.stores._database import prepare_sqlite, require_transaction
from handleflow.stores._executor import Executor
from handleflow.stores._feed import SqlFeed
from handleflow.stores._idle_connections import IdleConnections
from handleflow.stores._indexed import SqlIndex
from handleflow.stores._read_only import nothing_written
from handleflow.stores._schema import PREFIX, tables
from handleflow.stores._snapshots import HeldSuggestions
from handleflow.stores._time_source import SqlTimeSource
from handleflow.stores._translation import translating_errors
from handleflow.stores._upgrading import upgrade
from handleflow.values import in_one_line
from handleflow.words import Message

__all__ = ["BoundStore", "SqlStore", "metadata", "prepare_sqlite", "upgrade"]

_MAX_IDLE = 4
_MAX_HELD = 20_000


def metadata(prefix: str = PREFIX, schema: str | None = None) -> MetaData:
    """
    The tables of a store, for a host's own migrations.

    Raises:
        NotAStore: when prefix or schema is no plain name.
    """
    return tables(prefix, schema).metadata


class SqlStore(SqlIndex, SqlTimeSource, SqlClockIndex, SqlFeed, SqlCatalogue):
    """
    A store in a database: a path of an SQLite file, a database URL, or a host's own SQLAlchemy engine.

    One append is one transaction. *own* are a host's own event classes; *prefix* and *schema* say how the tables
    are called and where they lie. A new database gets the tables, unless *create* is False and the host's own
    migrations make them from ``metadata()``. Of connections that nobody uses, up to *max_idle* are kept ready for the
    next act: 4 unless told otherwise, none of a host's own engine, whose pool lends them one by one. The suggestions
    used last are held in memory, of up to *max_held* entries in all, and read again when somebody else wrote them.

    Raises:
        NotAStore: when the place holds something else, no tables, or those of another schema version.
    """

    commits = True

    def __init__(
        self,
        where: str | Engine,
        own: Iterable[type[Event]] = (),
        *,
        prefix: str = PREFIX,
        schema: str | None = None,
        create: bool = True,
        max_idle: int | None = None,
        max_held: int = _MAX_HELD,
    ) -> None:
        self.codec = Codec(own)
        self._held = HeldSuggestions(max_held)
        self._t = tables(prefix, schema)
        self._database = _database.open_database(where) if isinstance(where, str) else where
        if max_idle is None:
            max_idle = _MAX_IDLE if isinstance(where, str) else 0
        _database.require_fit(self._database, self._t)
        self._idle = IdleConnections(self._database, max_idle)
        try:
            _schema_version.require_tables(self._database, self._t, where, create)
        except (NotAStore, SQLAlchemyError, ImportError, ValueError) as error:
            if isinstance(where, str):
                self._database.dispose()
            if isinstance(error, NotAStore):
                raise
            raise NotAStore(
                Message("error-not_opened", {"where": _database.shown(where), "why": str(error)})
            ) from error

    @classmethod
    def read_only(
        cls, where: str, own: Iterable[type[Event]] = (), *, prefix: str = PREFIX, schema: str | None = None
    ) -> SqlStore:
        """The store at *where*, in which nothing can be written: it may lie on a medium that takes nothing."""
        return cls(nothing_written(where), own, prefix=prefix, schema=schema, create=False)

    def __repr__(self) -> str:
        url = self._database.url.set(query={})  # a password may stand there too
        return in_one_line(self, repr(url.render_as_string(hide_password=True)))

    @staticmethod
    def create_schema(database: Engine, *, prefix: str = PREFIX, schema: str | None = None) -> None:
        """Make the tables of a store where a host has no migrations; where they are, nothing is changed."""
        t = tables(prefix, schema)
        with translating_errors(_database.connect(database, writes=True)) as connection:
            if not _schema_version.has_tables(connection, t):
                _schema_version.create_tables(connection, t)

    def close(self) -> None:
        """Let go of the database."""
        self._database.dispose()

    def bind(self, connection: Connection) -> BoundStore:
        """
        This store inside the host's open transaction: it never commits.

        Each append runs in a SAVEPOINT; a lost race rolls back to it and raises ``StaleSuggestion``, and the host's
        own work stands. No listener hears of anything; read the feed after the commit.

        Raises:
            NoTransaction: when *connection* is in none, or in autocommit mode.
        """
        require_transaction(connection)
        _database.require_unmapped(connection, self._t)
        return BoundStore(self, connection)

    def _connection(self, writes: bool) -> AbstractContextManager[Connection]:
        self._idle.release()
        return _database.connect(self._database, writes=writes)

    def _executor(self, writes: bool, is_commit: bool) -> AbstractContextManager[Executor]:
        return self._idle.use(writes=writes, is_commit=is_commit)


class BoundStore(SqlStore):
    """A store inside a host's open transaction; made by ``SqlStore.bind``."""

    commits = False

    def __init__(self, store: SqlStore, connection: Connection) -> None:
        self.codec, self._t, self._database, self._held = store.codec, store._t, store._database, store._held
        self._hosts = connection

    @contextmanager
    def _connection(self, writes: bool) -> Iterator[Connection]:
        require_transaction(self._hosts)
        if not writes:
            yield self._hosts
            return
        try:
            with self._hosts.begin_nested():
                yield self._hosts
        except SQLAlchemyError:
            if _database.has_begun_nothing(self._hosts):
                # A full disk makes SQLite give up the whole transaction; what the host wrote next would stand alone.
                self._hosts.invalidate()
            raise

    def _executor(self, writes: bool, is_commit: bool) -> AbstractContextManager[Executor]:
        return self._connection(writes)

    def _needs_transaction(self, batches: Sequence[Batch]) -> bool:
        return True  # a statement that fails without a SAVEPOINT would take the host's own work with it

    def close(self) -> None:
        """Nothing: the connection is the host's."""
