"""Whom must the clock wake, and when did it last?"""

from __future__ import annotations

from typing import Any

from pendulum import DateTime
from sqlalchemy import ColumnElement, Connection, Select, and_, func, select, tuple_, update

from handleflow.legal_time import Day
from handleflow.sealing import as_instant, written
from handleflow.store import Swept, Waking
from handleflow.stores._tables import Tables
from handleflow.stores._writing import insert_once


def due(t: Tables, on: Day, after: Waking | None) -> Select[Any]:
    """The suggestions that wake by *on*, in order, after a place already read."""
    s = t.suggestions.c
    return select(s.wakes_on, s.id).where(_is_due(t, on, after)).order_by(s.wakes_on, s.id)


def due_count(t: Tables, on: Day, after: Waking | None) -> Select[Any]:
    """How many there are."""
    return select(func.count()).select_from(t.suggestions).where(_is_due(t, on, after))


def _is_due(t: Tables, on: Day, after: Waking | None) -> ColumnElement[bool]:
    s = t.suggestions.c
    if after is None:
        return s.wakes_on <= on
    return and_(s.wakes_on <= on, tuple_(s.wakes_on, s.id) > (after.on, after.id))


def mark_swept(connection: Connection, t: Tables, at: DateTime, spoke: bool) -> None:
    """Remember a sweep; another host's may have been later."""
    told = written(at)
    for name in ("swept_at", "spoke_at") if spoke else ("swept_at",):
        insert_once(connection, t.meta, name=name, value=told)
        # Instants are written so that later ones sort after earlier ones.
        earlier = (t.meta.c.name == name) & (t.meta.c.value < told)
        connection.execute(update(t.meta).where(earlier).values(value=told))


def swept(connection: Connection, t: Tables) -> Swept:
    """When the clock was last let speak, and last said something."""
    rows = connection.execute(select(t.meta).where(t.meta.c.name.in_(["swept_at", "spoke_at"])))
    told = {row.name: as_instant(row.value) for row in rows}
    return Swept(told.get("swept_at"), told.get("spoke_at"))


def unarmed(t: Tables) -> Select[Any]:
    """The terms of open suggestions that have no day."""
    c = t.terms.c
    order = (c.suggestion_id, c.rule, c.unit, c.round, c.generation)
    return select(t.terms).where(c.due_on.is_(None)).order_by(*order)
