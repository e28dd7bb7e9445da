"""
Event feed: how is it read from a database, and how does everything come into one order, though it commits in another?
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Join,
    Row,
    Select,
    Table,
    delete,
    except_,
    func,
    insert,
    select,
    true,
    tuple_,
    update,
)

from handleflow.errors import NotAStore, StoreError
from handleflow.hash_chain import HEADER, IntegrityFault, Private
from handleflow.model import Suggestion
from handleflow.model.fields import is_writable
from handleflow.store import FeedDigest, FeedItem, Numbered
from handleflow.stores import _row_values
from handleflow.stores._alike import asked_for, at_most, require_name, within
from handleflow.stores._append import insert_once
from handleflow.stores._connected import Connected
from handleflow.stores._schema import Tables
from handleflow.tree_head import Frontier, Hash, entry_leaf, leaf_in_store

AT_ONCE = 1000
"""How many entries are numbered, and how many positions are read, in one turn."""


class SqlFeed(Connected):
    """The protocol ``Feed``, in a database."""

    def feed(self, after: int = 0, *, limit: int = 500, private: bool = False) -> tuple[FeedItem, ...]:
        self._number()
        f, e, s = self._t.feed.c, self._t.entries, self._t.suggestions
        joined = _with_entries(self._t).join(s, s.c.id == f.suggestion_id)
        query = select(f.position, e, s.c.is_confidential).select_from(joined).where(f.position > within(after))
        with self._connect() as connection:
            rows = connection.execute(query.order_by(f.position).limit(at_most(limit))).all()
            kept = _private_of(connection, self._t, {row.suggestion_id for row in rows}) if private else {}
        return tuple(self._item(row, kept.get((row.suggestion_id, row.number), ()), private) for row in rows)

    def _item(self, row: Row[Any], kept: tuple[Private, ...], private: bool) -> FeedItem:
        header = [getattr(row, name) for name in HEADER]
        entry = self.codec.decode(_row_values.stored_entry(header, row.salt, row.body, row.hash, kept))
        # What anybody may see hangs on this alone, and an index has it: no snapshot is read.
        suggestion = Suggestion(row.suggestion_id, is_confidential=bool(row.is_confidential))
        return FeedItem(row.position, suggestion.id, asked_for(entry, suggestion, row.salt, private=private))

    def _number(self) -> None:
        """Give everything that has committed its position; in turns, so that no transaction is long."""
        if not self._read(select(self._t.outbox.c.seq).limit(1)):
            return
        # A turn that is not full took all there was; until nothing waits it would be for ever, while others write.
        is_full = True
        while is_full:
            with self._connect(writes=True) as connection:
                is_full = number(connection, self._t) == AT_ONCE

    def digest(self, *, numbering: bool = True) -> FeedDigest:
        if numbering:
            self._number()
        with self._connect() as connection:
            tree = _frontier_of(connection, self._t)
        return FeedDigest(tree.size, tree.head.hex())

    def numbered(self, after: int = 0) -> Iterator[Numbered]:
        f, last = self._t.feed, within(after)
        query = select(f, self._t.entries.c.hash).select_from(_with_entries(self._t, isouter=True))
        query = query.order_by(f.c.position).limit(AT_ONCE)
        while rows := self._read(query.where(f.c.position > last)):
            yield from (Numbered(row.position, row.suggestion_id, row.number, row.hash) for row in rows)
            last = rows[-1].position

    def number_as(self, first: int, entries: Sequence[tuple[str, int]]) -> bool:
        if not all(is_writable(id) for id, _ in entries):
            return False
        with self._connect(writes=True) as connection:
            return _number_as(connection, self._t, first, entries)

    def cursor(self, name: str) -> int:
        c = self._t.cursors.c
        with self._connect() as connection:
            return connection.scalar(select(c.position).where(c.name == name)) or 0 if is_writable(name) else 0

    def advance(self, name: str, position: int) -> None:
        require_name(name)
        t, position = self._t.cursors, within(position)
        further = (t.c.name == name) & (t.c.position < position)
        with self._connect(writes=True) as connection:
            insert_once(connection, t, name=name, position=position)
            connection.execute(update(t).where(further).values(position=position))


def number(connection: Connection, t: Tables) -> int:
    """
    Give the entries that have committed their positions, and extend the tree of their hashes; how many.

    One at a time: the row ``feed`` of the meta table is locked, which no act ever asks for. An entry that commits
    later, under a lower seq of the outbox, gets a later position, so no reader passes it by.
    """
    _lock(connection, t)
    waiting = _found(connection, _waiting(t).order_by(t.outbox.c.seq).limit(AT_ONCE))
    if waiting:
        _give(connection, t, _frontier_of(connection, t), waiting)
    return len(waiting)


def _number_as(connection: Connection, t: Tables, first: int, entries: Sequence[tuple[str, int]]) -> bool:
    """Give *entries* the positions from *first* on; whether all of them waited and those positions come next."""
    _lock(connection, t)
    tree = _frontier_of(connection, t)
    if tree.size != first - 1:
        return False
    o = t.outbox.c
    rows = _found(connection, _waiting(t).where(tuple_(o.suggestion_id, o.number).in_(entries)))
    waiting = {(row.suggestion_id, row.number): row for row in rows}
    if waiting.keys() != set(entries) or len(rows) != len(entries):
        return False
    if rows:
        _give(connection, t, tree, [waiting[entry] for entry in entries])
    return True


def _lock(connection: Connection, t: Tables) -> None:
    if connection.execute(select(t.meta.c.value).where(t.meta.c.name == "feed").with_for_update()).first() is None:
        raise NotAStore("the store has no row to lock while its feed is numbered; open it anew, which makes it")


def _give(connection: Connection, t: Tables, tree: Frontier, waiting: Sequence[Row[Any]]) -> None:
    """The next positions, in the order of *waiting*."""
    rows = []
    for entry in waiting:
        tree = tree.appended(entry_leaf(entry.hash))
        rows.append({"position": tree.size, "suggestion_id": entry.suggestion_id, "number": entry.number})
    connection.execute(insert(t.feed), rows)
    connection.execute(delete(t.outbox).where(t.outbox.c.seq.in_([entry.seq for entry in waiting])))
    connection.execute(delete(t.feed_tree))
    roots = [{"level": level, "hash": root.hex()} for level, root in zip(tree.levels, tree.roots, strict=True)]
    connection.execute(insert(t.feed_tree), roots)


def _waiting(t: Tables) -> Select[Any]:
    o, s = t.outbox.c, t.suggestions.c
    # An act writes its entries and the version in one transaction: an entry behind the version was put in by others.
    is_recorded = (s.id == o.suggestion_id) & (s.version >= o.number)
    waiting = select(o.seq, o.suggestion_id, o.number, t.entries.c.hash)
    return waiting.join_from(t.outbox, t.entries, _is_same(t.outbox, t.entries)).join(t.suggestions, is_recorded)


def _found(connection: Connection, waiting: Select[Any]) -> list[Row[Any]]:
    """Those of *waiting* that have a hash: one whose hash somebody overwrote waits, and holds up no other."""
    return [row for row in connection.execute(waiting) if leaf_in_store(row.hash)]


def _frontier_of(connection: Connection, t: Tables) -> Frontier:
    """
    The tree of all that is numbered: its size is the newest position.

    Raises:
        StoreError: when what is kept of it is of another size, or no hashes.
    """
    # In one statement, so that both are of one moment.
    newest = select(func.coalesce(func.max(t.feed.c.position), 0).label("position")).subquery()
    both = newest.outerjoin(t.feed_tree, true())
    found = select(newest.c.position, t.feed_tree.c.level, t.feed_tree.c.hash).select_from(both)
    rows = connection.execute(found.order_by(t.feed_tree.c.level.desc())).all()
    roots = {row.level: _root(row.hash) for row in rows if row.level is not None}
    tree = Frontier(rows[0].position, tuple(roots.values()))
    if list(roots) != tree.levels or not all(tree.roots):
        raise StoreError(f"the feed's tree does not fit its {tree.size} positions; restore the store from a backup")
    return tree


def _root(kept: str) -> Hash:
    try:
        return bytes.fromhex(kept)
    except (TypeError, ValueError):
        return b""


def _private_of(connection: Connection, t: Tables, ids: Iterable[str]) -> dict[tuple[str, int], tuple[Private, ...]]:
    """The private fields of some suggestions, by id and number of the entry."""
    p, kept = t.private, dict[tuple[str, int], tuple[Private, ...]]()
    for row in connection.execute(select(p).where(p.c.suggestion_id.in_(list(ids))).order_by(p.c.field)):
        key = (row.suggestion_id, row.number)
        kept[key] = (*kept.get(key, ()), Private(row.field, row.salt, row.value))
    return kept


def _with_entries(t: Tables, *, isouter: bool = False) -> Join:
    """The feed with the entry that each position names; with *isouter* also those whose entry is not there."""
    return t.feed.join(t.entries, _is_same(t.feed, t.entries), isouter)


def _is_same(one: Table, other: Table) -> ColumnElement[bool]:
    """Whether rows of two tables are of one entry."""
    return (one.c.suggestion_id == other.c.suggestion_id) & (one.c.number == other.c.number)


def strays(connection: Connection, t: Tables) -> Iterator[IntegrityFault]:
    """The first thousand entries that came past the feed, stand before it, or wait and never should; as faults."""
    o, e, f = t.outbox.c, t.entries.c, t.feed.c
    both = (select(table.c.suggestion_id, table.c.number) for table in (t.entries, t.feed, t.outbox))
    hidden = select(f.suggestion_id, f.number).where(f.position < 1)
    joined = t.outbox.outerjoin(t.entries, _is_same(t.outbox, t.entries)).outerjoin(
        t.feed, _is_same(t.outbox, t.feed)
    )
    is_wrong = (func.count() > 1) | (func.count(e.number) == 0) | (func.count(f.position) > 0)
    wrong = select(o.suggestion_id, o.number).select_from(joined).group_by(o.suggestion_id, o.number).having(is_wrong)
    yield from (IntegrityFault(id, n, "never_in_feed") for id, n in _first(connection, except_(*both)))
    yield from (IntegrityFault(id, n, "before_first_position") for id, n in _first(connection, hidden))
    yield from (IntegrityFault(id, n, "waits_wrongly") for id, n in _first(connection, wrong))


def _first(connection: Connection, query: Any) -> Sequence[Any]:
    return connection.execute(query.limit(AT_ONCE)).all()
