"""Wake-up index: whom must the clock wake, asked of a database, and when did it last?"""

from __future__ import annotations

from pendulum import DateTime
from sqlalchemy import ColumnElement, func, literal, select, tuple_, update

from handleflow.hash_chain import as_instant, written
from handleflow.model import TermKey
from handleflow.store import LastSweep, Waking
from handleflow.stores._alike import at_most
from handleflow.stores._append import insert_once
from handleflow.stores._connected import Connected

_SWEPT, _EFFECT = "last_sweep_at", "last_effect_at"


class SqlClockIndex(Connected):
    """The protocol ``ClockIndex``, in a database."""

    def due(self, at: DateTime, *, after: Waking | None = None, limit: int = 500) -> tuple[Waking, ...]:
        s = self._t.suggestions.c
        query = select(s.wakes_at, s.id).where(*self._is_due(at, after)).order_by(s.wakes_at, s.id)
        return tuple(Waking(row.wakes_at, row.id) for row in self._read(query.limit(at_most(limit))))

    def due_count(self, at: DateTime, *, after: Waking | None = None) -> int:
        query = select(func.count()).select_from(self._t.suggestions).where(*self._is_due(at, after))
        with self._connect() as connection:
            return connection.scalar(query) or 0

    def _is_due(self, at: DateTime, after: Waking | None) -> list[ColumnElement[bool]]:
        s = self._t.suggestions.c
        if after is None:
            return [s.wakes_at <= at]
        return [s.wakes_at <= at, tuple_(s.wakes_at, s.id) > tuple_(literal(after.at, s.wakes_at.type), after.id)]

    def record_sweep(self, at: DateTime, *, has_effect: bool) -> None:
        meta, written_at = self._t.meta, written(at)
        with self._connect(writes=True) as connection:
            for name in (_SWEPT, _EFFECT) if has_effect else (_SWEPT,):
                insert_once(connection, meta, name=name, value=written_at)
                # Another host's may have been later. Instants are written so that later ones sort after earlier ones.
                earlier = (meta.c.name == name) & (meta.c.value < written_at)
                connection.execute(update(meta).where(earlier).values(value=written_at))

    def set_last_sweep_back(self, at: DateTime) -> None:
        meta, written_at = self._t.meta, written(at)
        with self._connect(writes=True) as connection:
            later = meta.c.name.in_([_SWEPT, _EFFECT]) & (meta.c.value > written_at)
            connection.execute(update(meta).where(later).values(value=written_at))

    def last_sweep(self) -> LastSweep:
        rows = self._read(select(self._t.meta).where(self._t.meta.c.name.in_([_SWEPT, _EFFECT])))
        instants = {row.name: as_instant(row.value) for row in rows}
        return LastSweep(instants.get(_SWEPT), instants.get(_EFFECT))

    def terms_without_day(self, limit: int = 100) -> tuple[tuple[str, TermKey], ...]:
        c = self._t.terms.c
        columns = (c.suggestion_id, c.rule, c.unit, c.round, c.ref)
        rows = self._read(select(*columns).where(c.due_on.is_(None)).order_by(*columns).limit(at_most(limit)))
        return tuple((r.suggestion_id, TermKey(r.rule, r.unit, r.round, r.ref)) for r in rows)
