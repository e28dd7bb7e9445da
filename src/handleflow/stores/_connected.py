"""
Connection handling: on which connection does a store in a database ask and write? What all of its protocols share.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any

from sqlalchemy import CompoundSelect, Connection, Engine, Row, Select

from handleflow.codec import Codec
from handleflow.stores._executor import Executor
from handleflow.stores._schema import Tables
from handleflow.stores._snapshots import HeldSuggestions
from handleflow.stores._translation import translating_errors


class Connected(ABC):
    """A store's tables, its codec, what it holds in memory, and its connections."""

    commits: bool
    codec: Codec
    _t: Tables
    _database: Engine
    _held: HeldSuggestions

    @abstractmethod
    def _connection(self, writes: bool) -> AbstractContextManager[Connection]:
        """A connection of SQLAlchemy's, in a transaction."""

    @abstractmethod
    def _executor(self, writes: bool, is_commit: bool) -> AbstractContextManager[Executor]:
        """What takes the statements that every act needs."""

    def _connect(self, writes: bool = False, may_conflict: bool = False) -> AbstractContextManager[Connection]:
        """A connection whose errors are translated."""
        return translating_errors(self._connection(writes), may_conflict=may_conflict, is_bound=not self.commits)

    def _drive(
        self, writes: bool = False, is_commit: bool = False, may_conflict: bool = False
    ) -> AbstractContextManager[Executor]:
        """An executor whose errors are translated."""
        inner = self._executor(writes, is_commit)
        return translating_errors(inner, may_conflict=may_conflict, is_bound=not self.commits)

    def _read(self, query: Select[Any] | CompoundSelect[Any]) -> Sequence[Row[Any]]:
        """The rows of one page, on a connection that is given back before: who stops half-way keeps none."""
        with self._connect() as connection:
            return connection.execute(query).all()
