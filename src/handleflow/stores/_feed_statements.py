"""Sequencer of the event feed: how does everything come into one order, though it commits in another?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, except_, func, insert, select, true, tuple_, update

from handleflow.errors import NotAStore, StoreError
from handleflow.hash_chain import IntegrityFault, Private
from handleflow.model.fields import is_writable
from handleflow.stores._append import insert_once
from handleflow.stores._schema import Tables
from handleflow.tree_head import Frontier, Hash, entry_leaf, leaf_in_store

AT_ONCE = 1000
"""How many entries are numbered, and how many positions are read, in one turn."""


def number(connection: Connection, t: Tables) -> int:
    """
    Give the entries that have committed their positions, and extend the tree of their hashes; how many.

    One at a time: the row ``feed`` of the meta table is locked, which no act ever asks for. An entry that commits
    later, under a lower seq of the outbox, gets a later position, so no reader passes it by.
    """
    _lock(connection, t)
    waiting = _found(connection, _waiting(t).order_by(t.outbox.c.seq).limit(AT_ONCE))
    if waiting:
        _give(connection, t, frontier_of(connection, t), waiting)
    return len(waiting)


def number_as(connection: Connection, t: Tables, first: int, entries: Sequence[tuple[str, int]]) -> bool:
    """Give *entries* the positions from *first* on; whether all of them waited and those positions come next."""
    _lock(connection, t)
    tree = frontier_of(connection, t)
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
    for place in waiting:
        tree = tree.appended(entry_leaf(place.hash))
        rows.append({"position": tree.size, "suggestion_id": place.suggestion_id, "number": place.number})
    connection.execute(insert(t.feed), rows)
    connection.execute(delete(t.outbox).where(t.outbox.c.seq.in_([place.seq for place in waiting])))
    connection.execute(delete(t.feed_tree))
    roots = [{"level": level, "hash": root.hex()} for level, root in zip(tree.levels, tree.roots, strict=True)]
    connection.execute(insert(t.feed_tree), roots)


def _waiting(t: Tables) -> Select[Any]:
    o, e, s = t.outbox.c, t.entries.c, t.suggestions.c
    its_entry = (e.suggestion_id == o.suggestion_id) & (e.number == o.number)
    # An act writes its entries and the version in one transaction: an entry behind the version was put in by others.
    is_recorded = (s.id == o.suggestion_id) & (s.version >= o.number)
    waiting = select(o.seq, o.suggestion_id, o.number, e.hash).join_from(t.outbox, t.entries, its_entry)
    return waiting.join(t.suggestions, is_recorded)


def _found(connection: Connection, waiting: Select[Any]) -> list[Row[Any]]:
    """Those of *waiting* that have a hash: one whose hash somebody overwrote waits, and holds up no other."""
    return [row for row in connection.execute(waiting) if leaf_in_store(row.hash)]


def frontier_of(connection: Connection, t: Tables) -> Frontier:
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


def after(t: Tables, position: int, limit: int) -> Select[Any]:
    """The entries after a position, with it, and whether their suggestion is confidential."""
    f, e, s = t.feed, t.entries, t.suggestions
    its_entry = (e.c.suggestion_id == f.c.suggestion_id) & (e.c.number == f.c.number)
    joined = f.join(e, its_entry).join(s, s.c.id == f.c.suggestion_id)
    query = select(f.c.position, e, s.c.is_confidential).select_from(joined)
    return query.where(f.c.position > position).order_by(f.c.position).limit(limit)


def cursor(connection: Connection, t: Tables, name: str) -> int:
    """The position a reader has come to."""
    c = t.cursors.c
    return connection.scalar(select(c.position).where(c.name == name)) or 0 if is_writable(name) else 0


def advance(connection: Connection, t: Tables, name: str, position: int) -> None:
    """Remember how far a reader has come; where it is further already it stays there."""
    c = t.cursors
    insert_once(connection, c, name=name, position=position)
    further = (c.c.name == name) & (c.c.position < position)
    connection.execute(update(c).where(further).values(position=position))


def private_of(connection: Connection, t: Tables, ids: Iterable[str]) -> dict[tuple[str, int], tuple[Private, ...]]:
    """The private fields of some suggestions, by id and number of the entry."""
    p, kept = t.private, dict[tuple[str, int], tuple[Private, ...]]()
    for row in connection.execute(select(p).where(p.c.suggestion_id.in_(list(ids))).order_by(p.c.field)):
        key = (row.suggestion_id, row.number)
        kept[key] = (*kept.get(key, ()), Private(row.field, row.salt, row.value))
    return kept


def numbered(t: Tables, after: int) -> Select[Any]:
    """The next positions after one, each with the hash of the entry it names, if that is there."""
    f, e = t.feed, t.entries
    its_entry = (e.c.suggestion_id == f.c.suggestion_id) & (e.c.number == f.c.number)
    query = select(f, e.c.hash).select_from(f.outerjoin(e, its_entry)).order_by(f.c.position).limit(AT_ONCE)
    return query.where(f.c.position > after)


def strays(connection: Connection, t: Tables) -> Iterator[IntegrityFault]:
    """The first thousand entries that came past the feed, stand before it, or wait and never should; as faults."""
    o, e, f = t.outbox.c, t.entries.c, t.feed.c
    both = (select(table.c.suggestion_id, table.c.number) for table in (t.entries, t.feed, t.outbox))
    never = except_(*both).limit(AT_ONCE)
    for id, number in connection.execute(never).all():
        yield IntegrityFault(id, number, "never_in_feed")
    hidden = select(f.suggestion_id, f.number).where(f.position < 1).limit(AT_ONCE)
    for id, number in connection.execute(hidden).all():
        yield IntegrityFault(id, number, "before_first_position")
    its_entry = (e.suggestion_id == o.suggestion_id) & (e.number == o.number)
    its_place = (f.suggestion_id == o.suggestion_id) & (f.number == o.number)
    joined = t.outbox.outerjoin(t.entries, its_entry).outerjoin(t.feed, its_place)
    is_wrong = (func.count() > 1) | (func.count(e.number) == 0) | (func.count(f.position) > 0)
    query = select(o.suggestion_id, o.number).select_from(joined).group_by(o.suggestion_id, o.number).having(is_wrong)
    for id, number in connection.execute(query.limit(AT_ONCE)).all():
        yield IntegrityFault(id, number, "waits_wrongly")
