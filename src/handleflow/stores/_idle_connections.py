"""
Idle connections: those that stay open between one act and the next.

To take one out of SQLAlchemy's pool and give it back, twice for every act, took a sixth of an act's time on SQLite.
"""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from types import TracebackType
from typing import Any
from weakref import WeakSet, ref

from sqlalchemy import Engine, event
from sqlalchemy.pool import QueuePool

from handleflow.stores._executor import BEGIN, DbapiExecutor, Executor, Taken, executing, failed, set_autocommit


class _Slot:
    """Room for one open connection of the pool, and the connection while there is one."""

    __slots__ = ("driven", "era", "taken")

    def __init__(self) -> None:
        self.taken: Taken | None = None
        self.era: object = None
        self.driven: Any = None

    def open(self, database: Engine, era: object) -> None:
        """Take one out of the pool; on PostgreSQL each of its statements is a transaction by itself."""
        self.era, self.taken = era, Taken(database)
        self.driven = self.taken.driven
        set_autocommit(database.dialect, self.driven, True)

    def empty(self) -> Taken | None:
        """The connection that was here."""
        taken, self.taken, self.era, self.driven = self.taken, None, None, None
        return taken


class IdleConnections:
    """
    Connections of an engine's pool that nobody uses at the moment, at most *most*, the one used last on top.

    Whoever wants one takes it off, and puts it back when all went well; no two ever have the same. One on which
    anything went wrong goes back to the pool. Where none is left, one is taken out of the pool and given back, as
    without this class; of a pool's size one stays there, so whoever waits for it gets it.

    They are closed when the engine is disposed of, and when any connection of the pool is found to be lost. A forked
    child leaves its parent's alone.
    """

    def __init__(self, database: Engine, most: int) -> None:
        self._database = database
        # Other pools lend one connection to several at once, or to one thread alone.
        room = database.pool.size() - 1 if isinstance(database.pool, QueuePool) else 0
        self._slots = deque([_Slot() for _ in range(min(most, room))])
        self._begins = database.dialect.name == "sqlite"
        self._losses = 0
        if self._slots:
            _close_with(database, ref(self))
            leave_to_parent(database)
            _IDLE.add(self)

    @property
    def era(self) -> object:
        """One that was opened in another is not used again: the engine was disposed of since, or a server lost."""
        return self._database.pool, self._losses

    def use(self, *, writes: bool, is_commit: bool = False) -> AbstractContextManager[Executor]:
        """The driver as ``executing`` says; a transaction on PostgreSQL is a pipeline and goes by way of the pool."""
        if writes and not self._begins:
            self.release()
            return executing(self._database, writes=True)
        try:
            slot = self._slots.pop()
        except IndexError:
            return executing(self._database, writes=writes, is_commit=is_commit)
        return _Use(self, self._database, slot, writes, is_commit)

    def put(self, slot: _Slot) -> None:
        """On top, ready for the next."""
        self._slots.append(slot)
        if slot.era != self.era:
            self.close()  # what ended the era came meanwhile, perhaps before this one was back

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
            taken.give_back(is_broken=is_broken)
        self.put_empty(slot)

    def close(self) -> None:
        """Close those that are idle; one in use is closed when it comes back."""
        for _ in range(len(self._slots)):
            self.release(is_broken=True)

    def lose(self) -> None:
        """Close them, since a server that closed one has most likely closed them all."""
        self._losses += 1
        self.close()

    def leave(self) -> None:
        """Leave them to the process this one was forked from: neither used nor closed here."""
        _LEFT.append(self._slots)
        self._slots = deque([_Slot() for _ in self._slots])


class _Use:
    """The block in which one connection is used."""

    __slots__ = ("_cursor", "_database", "_idle", "_is_commit", "_slot", "_writes")

    def __init__(self, idle: IdleConnections, database: Engine, slot: _Slot, writes: bool, is_commit: bool) -> None:
        self._idle, self._database, self._slot = idle, database, slot
        self._writes, self._is_commit = writes, is_commit
        self._cursor: Any = None

    def __enter__(self) -> Executor:
        slot = self._slot
        try:
            if slot.taken is None:
                slot.open(self._database, self._idle.era)
            self._cursor = cursor = slot.driven.cursor()
            if self._writes:
                cursor.execute(BEGIN)
            return DbapiExecutor(self._database.dialect, cursor)
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
                self._is_commit = True
                self._slot.driven.commit()
        except BaseException as failed_late:
            self._fail(failed_late)
            raise
        self._idle.put(self._slot)

    def _fail(self, error: BaseException) -> None:
        """Nothing is kept of a block that failed, nor the connection it failed on; told as ``executing`` tells it."""
        if self._cursor is not None:
            # The traceback may hold it for long, and with its statement SQLite's file open.
            with suppress(self._database.dialect.loaded_dbapi.Error):
                self._cursor.close()
        converted = failed(error, self._database.dialect, self._slot.empty(), is_commit=self._is_commit)
        self._idle.put_empty(self._slot)
        if converted is not error:
            raise converted from error


def _close_with(database: Engine, idle: ref[IdleConnections]) -> None:
    """Let them be closed with the engine, and with any connection of its pool that is lost, whoever finds it so."""

    def notify(action: Callable[[IdleConnections], None]) -> None:
        found = idle()
        if found is not None:
            action(found)

    def invalidated(_: Any, __: Any, error: BaseException | None) -> None:
        if error is not None:  # without one, somebody only lets go of a connection
            notify(IdleConnections.lose)

    event.listen(database, "engine_disposed", lambda _: notify(IdleConnections.close))
    event.listen(database, "invalidate", invalidated)


_IDLE = WeakSet[IdleConnections]()
_ENGINES = WeakSet[Engine]()
_LEFT: list[object] = []
"""What is the parent's in a forked child. SQLite forbids a child even to close it."""


def leave_to_parent(database: Engine) -> None:
    """
    Let a forked child leave every connection of *database* to its parent, and open its own.

    Of a database in memory it keeps what it has: that is a copy, and there is no other.
    """
    if isinstance(database.pool, QueuePool):
        _ENGINES.add(database)


def _leave() -> None:
    for idle in list(_IDLE):  # first: an engine that is disposed of would close them
        idle.leave()
    for database in list(_ENGINES):
        _LEFT.append(database.pool)
        database.dispose(close=False)


if sys.platform != "win32":
    os.register_at_fork(after_in_child=_leave)
