"""On which connection does a store in a database ask and write? What all of its protocols share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any

from sqlalchemy import CompoundSelect, Connection, Engine, Row, Select

from handleflow.codec import Codec
from handleflow.stores import _connecting
from handleflow.stores._driving import Hand
from handleflow.stores._snapshots import HeldSuggestions
from handleflow.stores._tables import Tables


class Connected(ABC):
    """A store's tables, its codec, what it holds in memory, and its connections."""

    commits: bool
    codec: Codec
    _t: Tables
    _database: Engine
    _held: HeldSuggestions

    @abstractmethod
    def _connect(self, writes: bool = False) -> AbstractContextManager[Connection]:
        """A connection of SQLAlchemy's, in a transaction."""

    @abstractmethod
    def _drive(self, writes: bool = False, is_commit: bool = False) -> AbstractContextManager[Hand]:
        """What takes the statements that every act needs."""

    def _read(self, query: Select[Any] | CompoundSelect[Any]) -> Sequence[Row[Any]]:
        """The rows of one page, on a connection that is given back before: who stops half-way keeps none."""
        with _connecting.named(), self._connect() as connection:
            return connection.execute(query).all()
