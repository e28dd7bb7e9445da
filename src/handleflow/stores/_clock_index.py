"""Wake-up index: whom must the clock wake, asked of a database?"""

from __future__ import annotations

from pendulum import DateTime

from handleflow.model import TermKey
from handleflow.store import LastSweep, Waking
from handleflow.stores import _clock_index_statements
from handleflow.stores._alike import at_most
from handleflow.stores._connected import Connected


class SqlClockIndex(Connected):
    """The protocol ``ClockIndex``, in a database."""

    def due(self, at: DateTime, *, after: Waking | None = None, limit: int = 500) -> tuple[Waking, ...]:
        rows = self._read(_clock_index_statements.due(self._t, at, after).limit(at_most(limit)))
        return tuple(Waking(row.wakes_at, row.id) for row in rows)

    def due_count(self, at: DateTime, *, after: Waking | None = None) -> int:
        with self._connect() as connection:
            return connection.scalar(_clock_index_statements.due_count(self._t, at, after)) or 0

    def record_sweep(self, at: DateTime, *, has_effect: bool) -> None:
        with self._connect(writes=True) as connection:
            _clock_index_statements.record_sweep(connection, self._t, at, has_effect)

    def last_sweep(self) -> LastSweep:
        with self._connect() as connection:
            return _clock_index_statements.last_sweep(connection, self._t)

    def terms_without_day(self, limit: int = 100) -> tuple[tuple[str, TermKey], ...]:
        rows = self._read(_clock_index_statements.terms_without_day(self._t).limit(at_most(limit)))
        return tuple((r.suggestion_id, TermKey(r.rule, r.unit, r.round, r.ref)) for r in rows)
