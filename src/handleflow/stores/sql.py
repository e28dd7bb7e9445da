"""How does a history lie in a database? SQLAlchemy Core, never its ORM (extras ``sql`` and ``postgres``)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from pendulum import DateTime
from sqlalchemy import (
    CompoundSelect,
    Connection,
    Engine,
    MetaData,
    Row,
    Select,
    delete,
    func,
    select,
)
from sqlalchemy.exc import SQLAlchemyError

from handleflow.core import replay
from handleflow.errors import AlteredRulebook, NotAStore, StaleSuggestion
from handleflow.legal_time import Day
from handleflow.model import Act, Actor, Entry, Event, Suggestion, TermKey
from handleflow.model.fields import is_writable, says_something
from handleflow.rules import Rulebook
from handleflow.sealing import Flaw, Private, Sealed
from handleflow.store import Batch, FeedItem, KeptKey, KeptRulebook, Page, Place, Query, Recorded, Swept, Waking
from handleflow.stores import (
    _at_once,
    _connecting,
    _derived_rows,
    _feed,
    _finding,
    _reading,
    _rows,
    _rulebooks,
    _verifying,
    _waking,
    _writing,
)
from handleflow.stores._asking import at_most, require_name
from handleflow.stores._codec import Codec
from handleflow.stores._connecting import prepare_sqlite, require_transaction
from handleflow.stores._driving import Hand
from handleflow.stores._idle_connections import IdleConnections
from handleflow.stores._read_only import read_only
from handleflow.stores._tables import HEADER, PREFIX, tables
from handleflow.stores._upgrading import upgrade
from handleflow.stores.memory import altered, stale, withheld

__all__ = ["BoundStore", "SqlStore", "metadata", "prepare_sqlite", "read_only", "upgrade"]

_MAX_IDLE = 4


def metadata(prefix: str = PREFIX, schema: str | None = None) -> MetaData:
    """
    The tables of a store, for a host's own migrations.

    Raises:
        NotAStore: when prefix or schema is no plain name.
    """
    return tables(prefix, schema).metadata


class SqlStore:
    """
    A store in a database: a path of an SQLite file, a database URL, or a host's own SQLAlchemy engine.

    One append is one transaction. *own* are a host's own event classes; *prefix* and *schema* say how the tables
    are called and where they lie. A new database gets the tables, unless *create* is False and the host's own
    migrations make them from ``metadata()``. Of connections that nobody uses, up to *max_idle* are kept ready for the
    next act: 4 unless told otherwise, none of a host's own engine, whose pool lends them one by one.

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
    ) -> None:
        self._codec = Codec(own)
        self._t = tables(prefix, schema)
        self._database = _connecting.open_database(where) if isinstance(where, str) else where
        if max_idle is None:
            max_idle = _MAX_IDLE if isinstance(where, str) else 0
        _connecting.require_fit(self._database, self._t)
        self._idle = IdleConnections(self._database, max_idle)
        try:
            with self._opening(where):
                _connecting.require_tables(self._database, self._t, where, create)
        except NotAStore:
            if isinstance(where, str):
                self._database.dispose()
            raise

    @contextmanager
    def _opening(self, where: str | Engine) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, ImportError, ValueError) as error:
            raise NotAStore(f"{_connecting.shown(where)} cannot be opened as a store: {error}") from error

    @staticmethod
    def create_schema(database: Engine, *, prefix: str = PREFIX, schema: str | None = None) -> None:
        """Make the tables of a store where a host has no migrations; where they are, nothing is changed."""
        t = tables(prefix, schema)
        with _connecting.named(), _connecting.connect(database, writes=True) as connection:
            if not _connecting.has_tables(connection, t):
                _connecting.create_tables(connection, t)

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
        _connecting.require_unmapped(connection, self._t)
        return BoundStore(self, connection)

    def _connect(self, writes: bool = False) -> AbstractContextManager[Connection]:
        self._idle.release()
        return _connecting.connect(self._database, writes=writes)

    def _drive(self, writes: bool = False, is_commit: bool = False) -> AbstractContextManager[Hand]:
        return self._idle.use(writes=writes, is_commit=is_commit)

    # one suggestion

    def load(self, id: str) -> Suggestion | None:
        with _connecting.named(), self._drive() as hand:
            row = _reading.snapshot(hand, self._t, id)
        return None if row is None else self._asked_for(id, *row)

    def load_many(self, ids: Iterable[str]) -> dict[str, Suggestion]:
        with _connecting.named(), self._drive() as hand:
            rows = list(_reading.snapshots_of(hand, self._t, ids))
        return {id: self._asked_for(id, text, head) for id, text, head in rows}

    def _asked_for(self, id: str, text: str, head: str) -> Suggestion:
        picture = self._codec.picture(text, head)
        return _reading.of(id, picture) if picture else replay(id, self.history(id))

    def _picture(self, row: Any) -> Suggestion:
        """What a row that tells its own id says of it: of many, one that was changed by hand stops no other."""
        picture = self._codec.picture(row.picture, row.head)
        return picture if picture and picture.id == row.id else replay(row.id, self.history(row.id))

    def append(self, *batches: Batch) -> None:
        # Two that merge each other's suggestions take their rows in one order, and none waits for the other.
        ordered = sorted(batches, key=lambda batch: batch.id)
        writes, losing = self._needs_transaction(batches), _writing.losing(is_bound=not self.commits)
        try:
            with _connecting.named(), losing, self._drive(writes, is_commit=not writes) as hand:
                if len({batch.id for batch in batches}) < len(batches):
                    raise _writing.LostRace
                chained = [_writing.chain(hand, self._t, self._codec, batch) for batch in ordered]
                _writing.write(hand, self._t, self._codec, chained)
        except _writing.LostRace:
            raise StaleSuggestion(self._lost(ordered)) from None

    def _needs_transaction(self, batches: Sequence[Batch]) -> bool:
        return not _at_once.is_possible(self._database.dialect, batches)

    def _lost(self, batches: list[Batch]) -> str:
        """Which of some batches came too late, as far as can be seen when they have."""
        found = {batch.id: self._version(batch.id) for batch in batches}
        batch = next((batch for batch in batches if found[batch.id] != batch.expected), batches[-1])
        return stale(batch, found[batch.id])

    def _version(self, id: str) -> int:
        s = self._t.suggestions.c
        with _connecting.named(), self._connect() as connection:
            return connection.scalar(select(s.version).where(s.id == id)) or 0

    def history(self, id: str) -> tuple[Entry, ...]:
        return self.unsealed(self.sealed(id))

    def sealed(self, id: str) -> tuple[Sealed, ...]:
        with _connecting.named(), self._drive() as hand:
            return _reading.sealed(hand, self._t, id)

    def recorded_under(self, id: str, key: str) -> Recorded | None:
        with _connecting.named(), self._drive() as hand:
            row = _reading.under_key(hand, self._t, id, key)
            if row is None:
                return None
            digest, first, last = row
            sealed = _reading.sealed(hand, self._t, id, first, last)
        return Recorded(digest, self.unsealed(sealed))

    def keys(self, id: str) -> tuple[KeptKey, ...]:
        k = self._t.keys.c
        asked = select(self._t.keys).where(k.suggestion_id == id).order_by(k.first, k.key)
        rows = self._read(asked) if is_writable(id) else ()
        return tuple(KeptKey(row.key, row.digest, row.first, row.last) for row in rows)

    def knows(self, event: type[Event]) -> bool:
        return self._codec.knows(event)

    def fingerprint(self, act: Act, by: Actor) -> str:
        return self._codec.fingerprint(act, by)

    def fingerprint_in(self, sealed: Sealed) -> str | None:
        """The fingerprint of the act in an entry as it lies here."""
        return self._codec.fingerprint_in(sealed)

    # the clock

    def due(self, on: Day, *, after: Waking | None = None, limit: int = 500) -> tuple[Waking, ...]:
        with _connecting.named(), self._connect() as connection:
            rows = connection.execute(_waking.due(self._t, on, after).limit(at_most(limit)))
            return tuple(Waking(row.wakes_on, row.id) for row in rows)

    def due_count(self, on: Day, *, after: Waking | None = None) -> int:
        with _connecting.named(), self._connect() as connection:
            return connection.scalar(_waking.due_count(self._t, on, after)) or 0

    def mark_swept(self, at: DateTime, *, spoke: bool) -> None:
        with _connecting.named(), self._connect(writes=True) as connection:
            _waking.mark_swept(connection, self._t, at, spoke)

    def swept(self) -> Swept:
        with _connecting.named(), self._connect() as connection:
            return _waking.swept(connection, self._t)

    def unarmed(self, limit: int = 100) -> tuple[tuple[str, TermKey], ...]:
        rows = self._read(_waking.unarmed(self._t).limit(at_most(limit)))
        return tuple((r.suggestion_id, TermKey(r.rule, r.unit, r.round, r.generation)) for r in rows)

    # everything

    def feed(self, after: int = 0, *, limit: int = 500, private: bool = False) -> tuple[FeedItem, ...]:
        self._number()
        with _connecting.named(), self._connect() as connection:
            rows = connection.execute(_feed.after(self._t, after, at_most(limit))).all()
            kept = _feed.private_of(connection, self._t, {row.suggestion_id for row in rows}) if private else {}
        return tuple(self._item(row, kept.get((row.suggestion_id, row.number), ()), private) for row in rows)

    def _item(self, row: Row[Any], kept: tuple[Private, ...], private: bool) -> FeedItem:
        header = [getattr(row, name) for name in HEADER]
        entry = self._codec.unseal(_rows.sealed_of(header, row.body, row.hash, kept))
        shown = entry if private or not row.is_confidential else withheld(entry)
        return FeedItem(row.position, row.suggestion_id, shown, row.head)

    def _number(self) -> None:
        """Give everything that has committed its position; in turns, so that no transaction is long."""
        while True:
            with _connecting.named(), self._connect() as connection:
                if (
                    connection.scalar(select(func.count()).select_from(select(self._t.outbox).limit(1).subquery()))
                    == 0
                ):
                    return
            with _connecting.named(), self._connect(writes=True) as connection:
                if _feed.number(connection, self._t) == 0:
                    return

    def head(self, *, numbering: bool = True) -> tuple[int, str]:
        if numbering:
            self._number()
        with _connecting.named(), self._connect() as connection:
            return _feed.newest(connection, self._t)

    def positions(self) -> Iterator[tuple[int, str, int, str]]:
        last = 0
        while rows := self._read(_feed.positions(self._t, last)):
            yield from ((row.position, row.suggestion_id, row.number, row.head) for row in rows)
            last = rows[-1].position

    def cursor(self, name: str) -> int:
        with _connecting.named(), self._connect() as connection:
            return _feed.cursor(connection, self._t, name)

    def advance(self, name: str, position: int) -> None:
        require_name(name)
        with _connecting.named(), self._connect(writes=True) as connection:
            _feed.advance(connection, self._t, name, max(position, 0))

    def find(self, query: Query, *, order: str = "id", after: Place | None = None, limit: int = 50) -> Page:
        limit = max(at_most(limit), 1)
        asked = _finding.page(self._t, query, order, after, limit)
        with _connecting.named(), self._connect() as connection:
            rows = connection.execute(asked).all()
        found = tuple(self._picture(row) for row in rows[:limit] if says_something(row.id))
        last = rows[limit - 1] if len(rows) > limit else None
        return Page(found, Place(last.id, last.due_on if order == "due_on" else None) if last else None)

    def count(self, query: Query, by: str) -> dict[str, int]:
        with _connecting.named(), self._connect() as connection:
            rows = connection.execute(_finding.counted(self._t, query, by, self._database.dialect)).all()
        return dict(sorted((str(value or ""), n) for value, n in rows if n))

    def ids(self) -> Iterator[str]:
        s, last = self._t.suggestions.c, None
        query = select(s.id).order_by(s.id).limit(500)
        while rows := self._read(query if last is None else query.where(s.id > last)):
            yield from (row.id for row in rows)
            last = rows[-1].id
        # Where somebody removed the row of a suggestion, its history is still there, and is told of last.
        yield from (id for (id,) in self._read(_reading.left_alone(self._t)))

    def pictures(self) -> Iterator[Suggestion]:
        yield from (self._picture(row) for row in self._each_row() if says_something(row.id))

    def _each_row(self) -> Iterator[Any]:
        s, last = self._t.suggestions.c, None
        query = select(s.id, s.picture, s.head).order_by(s.id).limit(500)
        while rows := self._read(query if last is None else query.where(s.id > last)):
            yield from rows
            last = rows[-1].id

    def unsealed(self, sealed: Iterable[Sealed]) -> tuple[Entry, ...]:
        return tuple(self._codec.unseal(one) for one in sealed)

    def restore(self, batch: Batch, sealed: tuple[Sealed, ...], keys: tuple[KeptKey, ...] = ()) -> None:
        restored = _writing.Chained(batch, "", sealed, keys)
        try:
            with _connecting.named(), _writing.losing(is_bound=not self.commits), self._drive(writes=True) as hand:
                _writing.write(hand, self._t, self._codec, [restored])
        except _writing.LostRace:
            raise StaleSuggestion(f"suggestion {batch.id} is there already; nothing of it was written") from None

    def rewrite(self, batch: Batch) -> bool:
        try:
            losing = _writing.losing(is_bound=not self.commits)
            with _connecting.named(), losing, self._connect(writes=True) as connection:
                return _derived_rows.rewrite(connection, self._t, self._codec, batch)
        except _writing.LostRace:
            raise StaleSuggestion(stale(batch, self._version(batch.id))) from None

    def erase(self, id: str) -> int:
        p = self._t.private
        with _connecting.named(), self._connect(writes=True) as connection:
            return connection.execute(delete(p).where(p.c.suggestion_id == id)).rowcount

    # what is looked at when it is verified

    def flaws(self, rulebooks: Iterable[Rulebook] = ()) -> Iterator[Flaw]:
        return _verifying.flaws(self, rulebooks)

    def stored(self, id: str) -> _verifying.Stored | None:
        """What stands beside a history, all of it at one moment."""
        with _connecting.named(), self._connect() as connection:
            return _derived_rows.read(connection, self._t, self._codec, id)

    def derived(self, batch: Batch) -> dict[str, object]:
        """What should stand there."""
        return _derived_rows.derived(batch)

    def numbered(self) -> Iterator[_verifying.Numbered]:
        """Every position with the hash of the entry it names; it numbers none."""
        last = None
        while rows := self._read(_feed.numbered(self._t, last)):
            yield from (_verifying.Numbered(r.position, r.suggestion_id, r.number, r.head, r.hash) for r in rows)
            last = rows[-1].position

    def strays(self) -> Iterator[Flaw]:
        """What came past the feed, and what waits for it and never should."""
        with _connecting.named(), self._connect() as connection:
            found = [Flaw(*stray) for stray in _feed.strays(connection, self._t)]
        yield from found

    def _read(self, query: Select[Any] | CompoundSelect[Any]) -> Sequence[Row[Any]]:
        """The rows of one page, on a connection that is given back before: who stops half-way keeps none."""
        with _connecting.named(), self._connect() as connection:
            return connection.execute(query).all()

    # rulebooks

    def keep_rulebook(self, kept: KeptRulebook) -> None:
        with _connecting.named(), self._connect() as connection:
            digest = _rulebooks.digest_of(connection, self._t, kept)
        if digest is None:
            with _connecting.named(), self._connect(writes=True) as connection:
                digest = _rulebooks.keep(connection, self._t, kept)
        if digest != kept.digest:
            raise AlteredRulebook(altered(kept))

    def kept_rulebooks(self) -> tuple[KeptRulebook, ...]:
        with _connecting.named(), self._connect() as connection:
            return _rulebooks.every(connection, self._t)


class BoundStore(SqlStore):
    """A store inside a host's open transaction; made by ``SqlStore.bind``."""

    commits = False

    def __init__(self, store: SqlStore, connection: Connection) -> None:
        self._codec, self._t, self._database = store._codec, store._t, store._database
        self._connection = connection

    @contextmanager
    def _connect(self, writes: bool = False) -> Iterator[Connection]:
        require_transaction(self._connection)
        if not writes:
            yield self._connection
            return
        try:
            with self._connection.begin_nested():
                yield self._connection
        except SQLAlchemyError:
            if _connecting.has_lost_its_transaction(self._connection):
                # A full disk makes SQLite give up the whole transaction; what the host wrote next would stand alone.
                self._connection.invalidate()
            raise

    def _drive(self, writes: bool = False, is_commit: bool = False) -> AbstractContextManager[Hand]:
        return self._connect(writes)

    def _needs_transaction(self, batches: Sequence[Batch]) -> bool:
        return True  # a statement that fails without a SAVEPOINT would take the host's own work with it

    def close(self) -> None:
        """Nothing: the connection is the host's."""
