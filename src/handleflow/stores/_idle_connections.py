"""
Idle connections: those that stay open between one act and the next.

To take one out of SQLAlchemy's pool and give it back, twice for every act, took a sixth of an act's time on SQLite.
"""

from __future__ import annotations

import os
import sys
from collections import deque
from contextlib import AbstractContextManager, suppress
from types import TracebackType
from typing import Any, cast
from weakref import WeakSet, ref

from sqlalchemy import Engine, event
from sqlalchemy.pool import PoolProxiedConnection, QueuePool

from handleflow.stores._driving import BEGIN, Driver, Hand, driving, failed, give_back


class _Slot:
    """Room for one open connection of the pool, and the connection while there is one."""

    __slots__ = ("driven", "pool", "taken")

    def __init__(self) -> None:
        self.taken: PoolProxiedConnection | None = None
        self.pool: object = None
        self.driven: Any = None

    def open(self, database: Engine) -> None:
        """Take one out of the pool; on PostgreSQL each of its statements is a transaction by itself."""
        self.pool, self.taken = database.pool, database.raw_connection()
        self.driven = cast("Any", self.taken.driver_connection)
        if database.dialect.name == "postgresql":
            self.driven.autocommit = True

    def empty(self) -> PoolProxiedConnection | None:
        """The connection that was here."""
        taken, self.taken, self.pool, self.driven = self.taken, None, None, None
        return taken


class IdleConnections:
    """
    Connections of an engine's pool that nobody uses at the moment, at most *most*, the one used last on top.

    Whoever wants one takes it off, and puts it back when all went well; no two ever have the same. One on which
    anything went wrong goes back to the pool. Where none is left, one is taken out of the pool and given back, as
    without this class; of a pool's size one stays there, so whoever waits for it gets it.

    They are closed when the engine is disposed of. A forked child leaves its parent's alone.
    """

    def __init__(self, database: Engine, most: int) -> None:
        self._database = database
        # Other pools lend one connection to several at once, or to one thread alone.
        room = database.pool.size() - 1 if isinstance(database.pool, QueuePool) else 0
        self._slots = deque([_Slot() for _ in range(min(most, room))])
        self._begins = database.dialect.name == "sqlite"
        if self._slots:
            _close_with(database, ref(self))
            _EVERY.add(self)

    def use(self, *, writes: bool) -> AbstractContextManager[Hand]:
        """The driver as ``driving`` says; a transaction on PostgreSQL is a pipeline and goes by way of the pool."""
        if writes and not self._begins:
            self.release()
            return driving(self._database, writes=True)
        try:
            slot = self._slots.pop()
        except IndexError:
            return driving(self._database, writes=writes)
        return _Use(self, self._database, slot, writes)

    def put(self, slot: _Slot) -> None:
        """On top, ready for the next."""
        self._slots.append(slot)
        if slot.pool is not self._database.pool:
            self.close()  # the engine was disposed of meanwhile, perhaps before this one was back

    def put_empty(self, slot: _Slot) -> None:
        """At the bottom, below those that hold a connection."""
        self._slots.appendleft(slot)

    def release(self, *, is_broken: bool = False) -> None:
        """One that is idle back into the pool, so that whoever asks there next opens no other."""
        try:
            slot = self._slots.pop()
        except IndexError:
            return
        taken = slot.empty()
        if taken is not None:
            give_back(taken, self._database.dialect, is_broken=is_broken)
        self.put_empty(slot)

    def close(self) -> None:
        """Close those that are idle; one in use is closed when it comes back."""
        for _ in range(len(self._slots)):
            self.release(is_broken=True)

    def leave(self) -> None:
        """Leave them, and all of the pool, to the process this one was forked from: neither used nor closed here."""
        _LEFT.append((self._slots, self._database.pool))
        self._slots = deque([_Slot() for _ in self._slots])
        self._database.dispose(close=False)


class _Use:
    """The block in which one connection is used."""

    __slots__ = ("_cursor", "_database", "_idle", "_slot", "_writes")

    def __init__(self, idle: IdleConnections, database: Engine, slot: _Slot, writes: bool) -> None:
        self._idle, self._database, self._slot, self._writes = idle, database, slot, writes
        self._cursor: Any = None

    def __enter__(self) -> Hand:
        slot = self._slot
        try:
            if slot.taken is None:
                slot.open(self._database)
            self._cursor = cursor = slot.driven.cursor()
            if self._writes:
                cursor.execute(BEGIN)
            return Driver(self._database.dialect, cursor)
        except BaseException as error:
            self._fail(error)
            raise

    def __exit__(self, _: type[BaseException] | None, error: BaseException | None, __: TracebackType | None) -> None:
        if error is not None:
            self._fail(error)
            return
        try:
            self._cursor.close()  # a row left unread would hold on to what SQLite read
            if self._writes:
                self._slot.driven.commit()
        except BaseException as failed_late:
            self._fail(failed_late)
            raise
        self._idle.put(self._slot)

    def _fail(self, error: BaseException) -> None:
        """Nothing is kept of a block that failed, nor the connection it failed on; told as ``driving`` tells it."""
        if self._cursor is not None:
            # The traceback may hold it for long, and with its statement SQLite's file open.
            with suppress(self._database.dialect.loaded_dbapi.Error):
                self._cursor.close()
        told = failed(error, self._database.dialect, self._slot.empty())
        self._idle.put_empty(self._slot)
        if getattr(told, "connection_invalidated", False):
            self._idle.close()  # a server that closed one has most likely closed them all
        if told is not error:
            raise told from error


def _close_with(database: Engine, idle: ref[IdleConnections]) -> None:
    def close(_: Engine) -> None:
        found = idle()
        if found is not None:
            found.close()

    event.listen(database, "engine_disposed", close)


_EVERY = WeakSet[IdleConnections]()
_LEFT: list[object] = []
"""What is the parent's in a forked child. SQLite forbids a child even to close it."""


def _leave_to_parent() -> None:
    for idle in list(_EVERY):
        idle.leave()


if sys.platform != "win32":
    os.register_at_fork(after_in_child=_leave_to_parent)
