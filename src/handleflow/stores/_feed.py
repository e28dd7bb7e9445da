"""How does everything come into one order, though it commits in another?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, Select, delete, except_, func, insert, select, update

from handleflow.errors import NotAStore
from handleflow.model.fields import is_writable
from handleflow.sealing import BEFORE_ALL, Private, headed
from handleflow.stores._tables import Tables
from handleflow.stores._writing import insert_once

_AT_ONCE = 1000


def number(connection: Connection, t: Tables) -> int:
    """
    Give the entries that have committed their positions, and extend the head of the store; how many.

    One at a time: the row ``feed`` of the meta table is locked, which no act ever asks for. An entry that commits
    later, under a lower place of the outbox, gets a later position, so no reader passes it by.
    """
    if connection.execute(select(t.meta.c.value).where(t.meta.c.name == "feed").with_for_update()).first() is None:
        raise NotAStore("the store has no row to lock while its feed is numbered; open it anew, which makes it")
    waiting = connection.execute(_waiting(t)).all()
    if not waiting:
        return 0
    position, head = newest(connection, t)
    rows = []
    for place in waiting:
        position += 1
        head = headed(head, position, place.suggestion_id, place.number, place.hash)
        rows.append(
            {"position": position, "suggestion_id": place.suggestion_id, "number": place.number, "head": head}
        )
    connection.execute(insert(t.feed), rows)
    connection.execute(delete(t.outbox).where(t.outbox.c.place.in_([place.place for place in waiting])))
    return len(rows)


def _waiting(t: Tables) -> Select[Any]:
    o, e, s = t.outbox.c, t.entries.c, t.suggestions.c
    its_entry = (e.suggestion_id == o.suggestion_id) & (e.number == o.number)
    # An act writes its entries and the version in one transaction: an entry behind the version was put in by others.
    is_recorded = (s.id == o.suggestion_id) & (s.version >= o.number)
    asked = select(o.place, o.suggestion_id, o.number, e.hash).join_from(t.outbox, t.entries, its_entry)
    return asked.join(t.suggestions, is_recorded).order_by(o.place).limit(_AT_ONCE)


def newest(connection: Connection, t: Tables) -> tuple[int, str]:
    """The newest position and its head."""
    last = connection.execute(
        select(t.feed.c.position, t.feed.c.head).order_by(t.feed.c.position.desc()).limit(1)
    ).one_or_none()
    return (last.position, last.head) if last else (0, BEFORE_ALL)


def after(t: Tables, position: int, limit: int) -> Select[Any]:
    """The entries after a position, with it and its head, and whether their suggestion is confidential."""
    f, e, s = t.feed, t.entries, t.suggestions
    its_entry = (e.c.suggestion_id == f.c.suggestion_id) & (e.c.number == f.c.number)
    joined = f.join(e, its_entry).join(s, s.c.id == f.c.suggestion_id)
    asked = select(f.c.position, f.c.head, e, s.c.is_confidential).select_from(joined)
    return asked.where(f.c.position > position).order_by(f.c.position).limit(limit)


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


def positions(t: Tables, after: int) -> Select[Any]:
    """The next positions after one, as many as are read at once."""
    return select(t.feed).where(t.feed.c.position > after).order_by(t.feed.c.position).limit(_AT_ONCE)


def private_of(connection: Connection, t: Tables, ids: Iterable[str]) -> dict[tuple[str, int], tuple[Private, ...]]:
    """The private fields of some suggestions, by id and number of the entry."""
    p, kept = t.private, dict[tuple[str, int], tuple[Private, ...]]()
    for row in connection.execute(select(p).where(p.c.suggestion_id.in_(list(ids))).order_by(p.c.field)):
        key = (row.suggestion_id, row.number)
        kept[key] = (*kept.get(key, ()), Private(row.field, row.salt, row.value))
    return kept


def numbered(t: Tables, after: int | None) -> Select[Any]:
    """The next positions after one, or the first; each with the hash of the entry it names, if that is there."""
    f, e = t.feed, t.entries
    its_entry = (e.c.suggestion_id == f.c.suggestion_id) & (e.c.number == f.c.number)
    asked = select(f, e.c.hash).select_from(f.outerjoin(e, its_entry)).order_by(f.c.position).limit(_AT_ONCE)
    return asked if after is None else asked.where(f.c.position > after)


def strays(connection: Connection, t: Tables) -> Iterator[tuple[str, int, str]]:
    """The first thousand entries that came past the feed, and as many that wait for it and never should; with why."""
    o, e, f = t.outbox.c, t.entries.c, t.feed.c
    both = (select(table.c.suggestion_id, table.c.number) for table in (t.entries, t.feed, t.outbox))
    never = except_(*both).limit(_AT_ONCE)
    for id, number in connection.execute(never).all():
        yield id, number, "it never came into the feed; somebody inserted it"
    its_entry = (e.suggestion_id == o.suggestion_id) & (e.number == o.number)
    its_place = (f.suggestion_id == o.suggestion_id) & (f.number == o.number)
    joined = t.outbox.outerjoin(t.entries, its_entry).outerjoin(t.feed, its_place)
    is_wrong = (func.count() > 1) | (func.count(e.number) == 0) | (func.count(f.position) > 0)
    asked = select(o.suggestion_id, o.number).select_from(joined).group_by(o.suggestion_id, o.number).having(is_wrong)
    for id, number in connection.execute(asked.limit(_AT_ONCE)).all():
        yield id, number, "it waits for a position in the feed and is not there, waits twice, or has one"
