"""SQL of the wake-up index: whom must the clock wake, and when did it last?"""

from __future__ import annotations

from typing import Any

from pendulum import DateTime
from sqlalchemy import ColumnElement, Connection, Select, and_, func, literal, select, tuple_, update

from handleflow.hash_chain import as_instant, written
from handleflow.store import LastSweep, Waking
from handleflow.stores._append import insert_once
from handleflow.stores._schema import Tables

_SWEPT, _EFFECT = "last_sweep_at", "last_effect_at"


def due(t: Tables, at: DateTime, after: Waking | None) -> Select[Any]:
    """The suggestions that wake by *at*, in order, after one already read."""
    s = t.suggestions.c
    return select(s.wakes_at, s.id).where(_is_due(t, at, after)).order_by(s.wakes_at, s.id)


def due_count(t: Tables, at: DateTime, after: Waking | None) -> Select[Any]:
    """How many there are."""
    return select(func.count()).select_from(t.suggestions).where(_is_due(t, at, after))


def _is_due(t: Tables, at: DateTime, after: Waking | None) -> ColumnElement[bool]:
    s = t.suggestions.c
    if after is None:
        return s.wakes_at <= at
    return and_(s.wakes_at <= at, tuple_(s.wakes_at, s.id) > tuple_(literal(after.at, s.wakes_at.type), after.id))


def record_sweep(connection: Connection, t: Tables, at: DateTime, has_effect: bool) -> None:
    """Remember a sweep; another host's may have been later."""
    written_at = written(at)
    for name in (_SWEPT, _EFFECT) if has_effect else (_SWEPT,):
        insert_once(connection, t.meta, name=name, value=written_at)
        # Instants are written so that later ones sort after earlier ones.
        earlier = (t.meta.c.name == name) & (t.meta.c.value < written_at)
        connection.execute(update(t.meta).where(earlier).values(value=written_at))


def last_sweep(connection: Connection, t: Tables) -> LastSweep:
    """When the clock was last let speak, and last said something."""
    rows = connection.execute(select(t.meta).where(t.meta.c.name.in_([_SWEPT, _EFFECT])))
    instants = {row.name: as_instant(row.value) for row in rows}
    return LastSweep(instants.get(_SWEPT), instants.get(_EFFECT))


def terms_without_day(t: Tables) -> Select[Any]:
    """The terms of open suggestions that have no day."""
    c = t.terms.c
    order = (c.suggestion_id, c.rule, c.unit, c.round, c.ref)
    return select(t.terms).where(c.due_on.is_(None)).order_by(*order)
