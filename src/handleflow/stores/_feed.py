"""Event feed: how is the feed read from a database, and numbered?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Row, func, select

from handleflow.hash_chain import Private
from handleflow.model.fields import is_writable
from handleflow.store import FeedDigest, FeedItem, Numbered
from handleflow.stores import _feed_statements, _row_values
from handleflow.stores._alike import at_most, require_name, withheld, within
from handleflow.stores._connected import Connected
from handleflow.stores._schema import HEADER


class SqlFeed(Connected):
    """The protocol ``Feed``, in a database."""

    def feed(self, after: int = 0, *, limit: int = 500, private: bool = False) -> tuple[FeedItem, ...]:
        self._number()
        with self._connect() as connection:
            rows = connection.execute(_feed_statements.after(self._t, within(after), at_most(limit))).all()
            kept = (
                _feed_statements.private_of(connection, self._t, {row.suggestion_id for row in rows})
                if private
                else {}
            )
        return tuple(self._item(row, kept.get((row.suggestion_id, row.number), ()), private) for row in rows)

    def _item(self, row: Row[Any], kept: tuple[Private, ...], private: bool) -> FeedItem:
        header = [getattr(row, name) for name in HEADER]
        entry = self.codec.decode(_row_values.stored_entry(header, row.salt, row.body, row.hash, kept))
        is_shown = private or not row.is_confidential
        return FeedItem(row.position, row.suggestion_id, entry if is_shown else withheld(entry, row.salt))

    def _number(self) -> None:
        """Give everything that has committed its position; in turns, so that no transaction is long."""
        waiting = select(func.count()).select_from(select(self._t.outbox).limit(1).subquery())
        with self._connect() as connection:
            if connection.scalar(waiting) == 0:
                return
        # A turn that is not full took all there was; until nothing waits it would be for ever, while others write.
        is_full = True
        while is_full:
            with self._connect(writes=True) as connection:
                is_full = _feed_statements.number(connection, self._t) == _feed_statements.AT_ONCE

    def digest(self, *, numbering: bool = True) -> FeedDigest:
        if numbering:
            self._number()
        with self._connect() as connection:
            tree = _feed_statements.frontier_of(connection, self._t)
        return FeedDigest(tree.size, tree.head.hex())

    def numbered(self, after: int = 0) -> Iterator[Numbered]:
        last = within(after)
        while rows := self._read(_feed_statements.numbered(self._t, last)):
            yield from (Numbered(row.position, row.suggestion_id, row.number, row.hash) for row in rows)
            last = rows[-1].position

    def number_as(self, first: int, entries: Sequence[tuple[str, int]]) -> bool:
        if not all(is_writable(id) for id, _ in entries):
            return False
        with self._connect(writes=True) as connection:
            return _feed_statements.number_as(connection, self._t, first, entries)

    def cursor(self, name: str) -> int:
        with self._connect() as connection:
            return _feed_statements.cursor(connection, self._t, name)

    def advance(self, name: str, position: int) -> None:
        require_name(name)
        with self._connect(writes=True) as connection:
            _feed_statements.advance(connection, self._t, name, within(position))
