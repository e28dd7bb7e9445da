"""Which tables hold a store?"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from pendulum import DateTime
from sqlalchemy import (
    BigInteger,
    Boolean,
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

from handleflow.errors import NotAStore
from handleflow.legal_time import Day, as_plain_utc, day, in_utc
from handleflow.values import frozen

SCHEMA_VERSION = 2
PREFIX = "handleflow_"
HEADER = (
    "number",
    "kind",
    "at",
    "on",
    "by_role",
    "by_name",
    "state",
    "rulebook_name",
    "rulebook_version",
)
"""The columns of an entry beside its body and its hash, in the order of ``Sealed``."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,29}")
_COUNTER = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts up by itself only in an INTEGER


class Instant(TypeDecorator[DateTime]):
    """An instant in UTC. SQLite drops the zone of what it is given, so none is given and none expected."""

    impl = SqlDateTime
    cache_ok = True

    def process_bind_param(self, value: DateTime | None, dialect: Any) -> datetime.datetime | None:
        return None if value is None else as_plain_utc(value)

    def bind_processor(self, dialect: Any) -> Callable[[Any], Any] | None:
        # SQLAlchemy fills in the same text from a dict of seven numbers, which took 4 µs an entry.
        return _as_sqlites_text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def process_result_value(self, value: datetime.datetime | None, dialect: Any) -> DateTime | None:
        return None if value is None else in_utc(value)


def _as_sqlites_text(at: DateTime | None) -> str | None:
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


@frozen(eq=False)
class Tables:
    """
    The tables of one store, under the host's prefix and in its schema.

    *suggestions* hold the pictures and what they are looked for by, *parties* the names that have to do with
    them and the classes of their replies, *entries* the histories, *private* what may be erased. *terms*, *claims*
    and *keys* are the terms that run, the chances that rungs took, and the idempotency keys. *outbox* holds what the
    feed has not numbered yet, *feed* the one order of everything, *cursors* how far its readers have come.
    """

    metadata: MetaData
    meta: Table
    rulebooks: Table
    suggestions: Table
    parties: Table
    entries: Table
    private: Table
    terms: Table
    claims: Table
    keys: Table
    outbox: Table
    feed: Table
    cursors: Table


@lru_cache(maxsize=32)
def tables(prefix: str = PREFIX, schema: str | None = None) -> Tables:
    """
    The tables under a prefix and in a schema.

    Raises:
        NotAStore: when prefix or schema is no plain name.
    """
    for what, name in (("prefix", prefix), ("schema", schema)):
        if name is not None and not _NAME.fullmatch(name):
            raise NotAStore(f"{name!r} is no {what} for tables: letters, digits and _, at most 30, no digit first")
    metadata = MetaData(schema=schema)
    under = _Naming(metadata, prefix, f"{schema}.{prefix}" if schema else prefix)
    suggestions = under.suggestions()
    entries = under.entries()
    return Tables(
        metadata,
        under.table(
            "meta", Column("name", String(64), primary_key=True), Column("value", String(255), nullable=False)
        ),
        under.rulebooks(),
        suggestions,
        under.parties(),
        entries,
        under.private(),
        under.terms(),
        under.claims(),
        under.keys(),
        under.outbox(),
        under.feed(),
        under.table(
            "cursors",
            Column("name", String(255), primary_key=True),
            Column("position", BigInteger, nullable=False),
        ),
    )


@frozen
class _Naming:
    """Makes tables under one prefix; *owner* is how their foreign keys name it."""

    metadata: MetaData
    prefix: str
    owner: str

    def table(self, name: str, *parts: Any) -> Table:
        return Table(f"{self.prefix}{name}", self.metadata, *parts)

    def index(self, name: str, *columns: str, unique: bool = False) -> Index:
        return Index(f"{self.prefix}{name}", *columns, unique=unique)

    def of_suggestion(self) -> Column[str]:
        return Column("suggestion_id", ForeignKey(f"{self.owner}suggestions.id"), primary_key=True)

    def term_key(self) -> tuple[Column[Any], ...]:
        return (
            Column("rule", String(64), primary_key=True),
            Column("unit", String(255), primary_key=True),
            Column("round", Integer, primary_key=True),
            Column("generation", Integer, primary_key=True),
        )

    def rulebooks(self) -> Table:
        return self.table(
            "rulebooks",
            Column("place", Integer, primary_key=True, autoincrement=True),
            Column("name", String(255), nullable=False),
            Column("version", String(255), nullable=False),
            Column("digest", String(64), nullable=False),
            Column("document", Text, nullable=False),
            self.index("rulebooks_ref", "name", "version", unique=True),
        )

    def suggestions(self) -> Table:
        looked_for = ("state", "category", "session", "is_key", "due_on", "rulebook")
        return self.table(
            "suggestions",
            Column("id", String(255), primary_key=True),
            Column("version", Integer, nullable=False),
            Column("state", String(64), nullable=False),
            Column("wakes_on", CalendarDay),
            Column("head", String(64), nullable=False),
            Column("picture", Text, nullable=False),
            Column("title", Text),
            Column("category", Text),
            Column("session", Text),
            Column("is_key", Boolean),
            Column("is_confidential", Boolean),
            Column("due_on", CalendarDay),
            Column("rulebook", Text),
            self.index("suggestions_wakes_on", "wakes_on", "id"),
            *(self.index(f"suggestions_{name}", name, "id") for name in looked_for),
        )

    def parties(self) -> Table:
        return self.table(
            "parties",
            self.of_suggestion(),
            Column("part", String(16), primary_key=True),
            Column("name", String(255), primary_key=True),
            self.index("parties_name", "part", "name", "suggestion_id"),
        )

    def entries(self) -> Table:
        return self.table(
            "entries",
            self.of_suggestion(),
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

    def private(self) -> Table:
        return self.table(
            "private",
            Column("suggestion_id", String(255), primary_key=True),
            Column("number", Integer, primary_key=True),
            Column("field", String(64), primary_key=True),
            Column("salt", LargeBinary, nullable=False),
            Column("value", Text, nullable=False),
            self.entry_key(),
        )

    def entry_key(self) -> ForeignKeyConstraint:
        entry = f"{self.owner}entries"
        return ForeignKeyConstraint(["suggestion_id", "number"], [f"{entry}.suggestion_id", f"{entry}.number"])

    def terms(self) -> Table:
        return self.table(
            "terms",
            self.of_suggestion(),
            *self.term_key(),
            Column("due_on", CalendarDay),
            self.index("terms_due_on", "due_on", "suggestion_id", "rule", "unit"),
        )

    def claims(self) -> Table:
        return self.table(
            "claims",
            self.of_suggestion(),
            *self.term_key(),
            Column("rung", String(64), primary_key=True),
            Column("occurrence", Integer, primary_key=True),
            Column("entry", Integer, nullable=False),
        )

    def keys(self) -> Table:
        return self.table(
            "keys",
            self.of_suggestion(),
            Column("key", String(255), primary_key=True),
            Column("digest", String(64), nullable=False),
            Column("first", Integer, nullable=False),
            Column("last", Integer, nullable=False),
        )

    def outbox(self) -> Table:
        return self.table(
            "outbox",
            Column("place", _COUNTER, primary_key=True, autoincrement=True),
            Column("suggestion_id", String(255), nullable=False),
            Column("number", Integer, nullable=False),
        )

    def feed(self) -> Table:
        return self.table(
            "feed",
            Column("position", BigInteger, primary_key=True, autoincrement=False),
            Column("suggestion_id", String(255), nullable=False),
            Column("number", Integer, nullable=False),
            Column("head", String(64), nullable=False),
            self.index("feed_entry", "suggestion_id", "number", unique=True),
        )
