"""Column types: as what do days and instants lie in a column?"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from pendulum import DateTime
from sqlalchemy import Date, TypeDecorator
from sqlalchemy import DateTime as SqlDateTime

from handleflow.legal_time import Day, as_plain_utc, day, in_utc


class Instant(TypeDecorator[DateTime]):
    """An instant in UTC. SQLite drops the zone of what it is given, so none is given and none expected."""

    impl = SqlDateTime
    cache_ok = True

    def process_bind_param(self, value: DateTime | None, dialect: Any) -> datetime.datetime | None:
        return None if value is None else as_plain_utc(value)

    def bind_processor(self, dialect: Any) -> Callable[[Any], Any] | None:
        # SQLAlchemy fills in the same text from a dict of seven numbers, which took 4 µs an entry.
        return as_sqlites_text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def process_result_value(self, value: datetime.datetime | None, dialect: Any) -> DateTime | None:
        return None if value is None else in_utc(value)


def as_sqlites_text(at: DateTime | None) -> str | None:
    """An instant as it lies in a column on SQLite."""
    return None if at is None else as_plain_utc(at).isoformat(" ", "microseconds")


class CalendarDay(TypeDecorator[Day]):
    """A day."""

    impl = Date
    cache_ok = True

    def process_result_value(self, value: datetime.date | None, dialect: Any) -> Day | None:
        return None if value is None else day(value)

    def result_processor(self, dialect: Any, coltype: object) -> Callable[[Any], Day | None] | None:
        # Looked up by what the driver gives: SQLite gives text, and to read it twice was a tenth of a replay.
        read = super().result_processor(dialect, coltype)
        return None if read is None else lru_cache(maxsize=1024)(read)
