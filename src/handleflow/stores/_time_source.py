"""Time source: which time is it in a database, told by the statement that reads something else?"""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from pendulum import DateTime
from sqlalchemy import Interval, literal, select, true

from handleflow.model import Suggestion
from handleflow.store import Waking
from handleflow.stores._alike import at_most
from handleflow.stores._histories import SqlHistories
from handleflow.stores._statements import clock, keeps_time

_NOTHING = datetime.timedelta(0)


class SqlTimeSource(SqlHistories):
    """The protocol ``TimeSource``, in a database."""

    @property
    def keeps_time(self) -> bool:
        """Whether the database has a time of its own."""
        return keeps_time(self._database.dialect)

    def load_now(self, ids: Sequence[str]) -> tuple[DateTime | None, dict[str, Suggestion]]:
        if len(ids) != 1:
            return self._loaded_many(ids)
        at, found = self._loaded(ids[0])
        return at, {} if found is None else {found.id: found}

    def due_now(self, ago: datetime.timedelta = _NOTHING, *, limit: int = 500) -> tuple[DateTime, tuple[Waking, ...]]:
        s, its_clock = self._t.suggestions.c, clock()
        until = its_clock.c.at - literal(ago, Interval())
        wakes = select(s.wakes_at, s.id).where(s.wakes_at <= until).order_by(s.wakes_at, s.id).limit(at_most(limit))
        due = wakes.lateral("due")
        query = select(its_clock.c.at, due.c.wakes_at, due.c.id).select_from(its_clock.outerjoin(due, true()))
        rows = self._read(query.order_by(due.c.wakes_at, due.c.id))
        return rows[0].at, tuple(Waking(row.wakes_at, row.id) for row in rows if row.id is not None)
