"""Which tables hold a store?"""

from __future__ import annotations

import datetime
from typing import Any

from pendulum import DateTime, instance, timezone
from sqlalchemy import (
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)
from sqlalchemy import DateTime as SqlDateTime

from handleflow.legal_time import Day, day, utc

SCHEMA_VERSION = 2
_UTC = timezone("UTC")


class Instant(TypeDecorator[DateTime]):
    """An instant in UTC. SQLite drops the zone of what it is given, so none is given and none expected."""

    impl = SqlDateTime
    cache_ok = True

    def process_bind_param(self, value: DateTime | None, dialect: Any) -> datetime.datetime | None:
        return None if value is None else utc(value).naive()

    def process_result_value(self, value: datetime.datetime | None, dialect: Any) -> DateTime | None:
        return None if value is None else instance(value, tz=_UTC)


class CalendarDay(TypeDecorator[Day]):
    """A day."""

    impl = Date
    cache_ok = True

    def process_result_value(self, value: datetime.date | None, dialect: Any) -> Day | None:
        return None if value is None else day(value)


METADATA = MetaData()

META = Table(
    "handleflow_meta",
    METADATA,
    Column("name", String(64), primary_key=True),
    Column("value", String(255), nullable=False),
)

RULEBOOKS = Table(
    "handleflow_rulebooks",
    METADATA,
    Column("place", Integer, primary_key=True, autoincrement=True),
    Column("name", String(255), nullable=False),
    Column("version", String(255), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("document", Text, nullable=False),
    Index("handleflow_rulebooks_ref", "name", "version", unique=True),
)

SUGGESTIONS = Table(
    "handleflow_suggestions",
    METADATA,
    Column("id", String(255), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("state", String(64), nullable=False),
    Column("wakes_on", CalendarDay),
    Column("head", String(64), nullable=False),
    Column("picture", Text, nullable=False),
    Index("handleflow_suggestions_wakes_on", "wakes_on", "id"),
)

ENTRIES = Table(
    "handleflow_entries",
    METADATA,
    Column("suggestion_id", ForeignKey("handleflow_suggestions.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("kind", String(64), nullable=False),
    Column("at", Instant, nullable=False),
    Column("on", CalendarDay, nullable=False),
    Column("by_role", String(64), nullable=False),
    Column("by_name", Text, nullable=False),
    Column("state", String(64), nullable=False),
    Column("rulebook_name", String(255), nullable=False),
    Column("rulebook_version", String(255), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("hash", String(64), nullable=False),
)

PRIVATE = Table(
    "handleflow_private",
    METADATA,
    Column("suggestion_id", String(255), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("field", String(64), primary_key=True),
    Column("salt", LargeBinary, nullable=False),
    Column("value", Text, nullable=False),
    ForeignKeyConstraint(
        ["suggestion_id", "number"], ["handleflow_entries.suggestion_id", "handleflow_entries.number"]
    ),
)

TERMS = Table(
    "handleflow_terms",
    METADATA,
    Column("suggestion_id", ForeignKey("handleflow_suggestions.id"), primary_key=True),
    Column("rule", String(64), primary_key=True),
    Column("unit", String(255), primary_key=True),
    Column("round", Integer, primary_key=True),
    Column("generation", Integer, primary_key=True),
    Column("due_on", CalendarDay),
    Index("handleflow_terms_due_on", "due_on", "suggestion_id", "rule", "unit"),
)
"""The running terms, by their due days; and those of open suggestions that have none."""

CLAIMS = Table(
    "handleflow_claims",
    METADATA,
    Column("suggestion_id", ForeignKey("handleflow_suggestions.id"), primary_key=True),
    Column("rule", String(64), primary_key=True),
    Column("unit", String(255), primary_key=True),
    Column("round", Integer, primary_key=True),
    Column("generation", Integer, primary_key=True),
    Column("rung", String(64), primary_key=True),
    Column("occurrence", Integer, primary_key=True),
    Column("entry", Integer, nullable=False),
)
"""The chances of rungs, each taken once by the entry that says so."""

KEYS = Table(
    "handleflow_keys",
    METADATA,
    Column("suggestion_id", ForeignKey("handleflow_suggestions.id"), primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("first", Integer, nullable=False),
    Column("last", Integer, nullable=False),
)
