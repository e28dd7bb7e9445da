"""What does the driver of a database hear? Faults are put there, and measurements taken: whoever speaks to it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import sqlalchemy
from sqlalchemy import event

Executed = Callable[[Any, str, Any], object]
"""Told the driver's connection, a statement that was executed, and its parameters."""


@contextmanager
def heard(
    executed: Executed, committing: Callable[[Any], object] = bool, on: Any = sqlalchemy.Engine
) -> Iterator[None]:
    """
    Hears every statement just after the driver executed it, and every commit just before it.

    A statement that writes outside a transaction is its own commit.

    On SQLAlchemy's engine *on*, whose connections are opened anew for it, or on all engines that are made meanwhile.
    """
    dispose: Callable[[], object] = on.dispose if isinstance(on, sqlalchemy.Engine) else bool
    lite, post = _sqlite(executed, committing), _postgres(executed, committing)

    def connect(dialect: Any, _: Any, found: Any, named: Any) -> Any:
        return lite(*found, **named) if dialect.name == "sqlite" else post.connect(*found, **named)

    dispose()
    event.listen(on, "do_connect", connect)
    try:
        yield
    finally:
        event.remove(on, "do_connect", connect)
        dispose()


def _sqlite(executed: Executed, committing: Callable[[Any], object]) -> type[sqlite3.Connection]:
    class Cursor(sqlite3.Cursor):
        def execute(self, sql: str, parameters: Any = ()) -> Any:
            done = super().execute(sql, parameters)
            executed(self.connection, sql, parameters)
            return done

        def executemany(self, sql: str, parameters: Any) -> Any:
            done = super().executemany(sql, parameters)
            executed(self.connection, sql, parameters)
            return done

    class Connection(sqlite3.Connection):
        def cursor(self, factory: Any = Cursor) -> Any:
            return super().cursor(factory)

        def commit(self) -> None:
            committing(self)
            super().commit()

    return Connection


def _postgres(executed: Executed, committing: Callable[[Any], object]) -> type[psycopg.Connection[Any]]:
    class Cursor(psycopg.Cursor[Any]):
        def execute(self, query: Any, params: Any = None, **more: Any) -> Any:
            if self.connection.autocommit and str(query).startswith("WITH"):
                committing(self.connection)
            done = super().execute(query, params, **more)
            executed(self.connection, str(query), params)
            return done

        def executemany(self, query: Any, params_seq: Any, **more: Any) -> None:
            super().executemany(query, params_seq, **more)
            executed(self.connection, str(query), params_seq)

    class Connection(psycopg.Connection[Any]):
        def __init__(self, *found: Any, **named: Any) -> None:
            super().__init__(*found, **named)
            self.cursor_factory = Cursor

        def commit(self) -> None:
            committing(self)
            super().commit()

    return Connection
