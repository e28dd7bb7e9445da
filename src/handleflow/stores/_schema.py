"""Database schema: which tables hold a store?"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

from handleflow.errors import NotAStore
from handleflow.stores._column_types import CalendarDay, Instant
from handleflow.values import frozen

SCHEMA_VERSION = 3
PREFIX = "handleflow_"
HEADER = (
    "number",
    "kind",
    "at",
    "on",
    "by_role",
    "by_id",
    "by_name",
    "state",
    "rulebook_name",
    "rulebook_version",
    "rulebook_digest",
    "calendar_name",
    "calendar_version",
    "calendar_digest",
)
"""The columns of an entry beside its salt, its body and its hash, in the order of ``StoredEntry``."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,29}")
_COUNTER = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts up by itself only in an INTEGER


@frozen(eq=False)
class Tables:
    """
    The tables of one store, under the host's prefix and in its schema.

    *suggestions* hold the snapshots and what they are looked for by, *facets* the names that have to do with them and
    the classes of their replies, *entries* the histories, *private* what may be erased. *terms*, *firing_keys* and
    *keys* are the terms that run, the steps that were spoken, and the idempotency keys. *outbox* holds what the feed
    has not numbered yet, *feed* the one order of everything, *feed_tree* the roots of the full trees that its hashes
    make up, by their levels, *cursors* how far its readers have come. *rulebooks* and *calendars* are the texts that
    anything was decided under, *anchors* what the record stood for before it was chained anew or restored here.
    """

    metadata: MetaData
    meta: Table
    rulebooks: Table
    calendars: Table
    suggestions: Table
    facets: Table
    entries: Table
    private: Table
    terms: Table
    firing_keys: Table
    keys: Table
    outbox: Table
    feed: Table
    feed_tree: Table
    cursors: Table
    anchors: Table


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
        under.meta(),
        under.texts("rulebooks"),
        under.texts("calendars", "digest"),
        suggestions,
        under.facets(),
        entries,
        under.private(),
        under.terms(),
        under.firing_keys(),
        under.keys(),
        under.outbox(),
        under.feed(),
        under.feed_tree(),
        under.cursors(),
        under.anchors(),
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
            Column("ref", Integer, primary_key=True),
        )

    def meta(self) -> Table:
        return self.table(
            "meta", Column("name", String(64), primary_key=True), Column("value", String(255), nullable=False)
        )

    def feed_tree(self) -> Table:
        return self.table(
            "feed_tree",
            Column("level", Integer, primary_key=True, autoincrement=False),
            Column("hash", String(64), nullable=False),
        )

    def cursors(self) -> Table:
        return self.table(
            "cursors",
            Column("name", String(255), primary_key=True),
            Column("position", BigInteger, nullable=False),
        )

    def texts(self, name: str, *each_by: str) -> Table:
        return self.table(
            name,
            Column("seq", Integer, primary_key=True, autoincrement=True),
            Column("name", String(255), nullable=False),
            Column("version", String(255), nullable=False),
            Column("digest", String(64), nullable=False),
            Column("document", Text, nullable=False),
            self.index(f"{name}_ref", "name", "version", *each_by, unique=True),
        )

    def anchors(self) -> Table:
        return self.table(
            "anchors",
            Column("seq", Integer, primary_key=True, autoincrement=True),
            Column("origin", String(64), nullable=False),
            Column("position", BigInteger, nullable=False),
            Column("digest", String(64), nullable=False),
            self.index("anchors_of", "origin", "position", "digest", unique=True),
        )

    def suggestions(self) -> Table:
        looked_for = ("state", "category", "session", "is_key", "due_on", "rulebook")
        return self.table(
            "suggestions",
            Column("id", String(255), primary_key=True),
            Column("version", Integer, nullable=False),
            Column("state", String(64), nullable=False),
            Column("wakes_at", Instant),
            Column("last_hash", String(64), nullable=False),
            Column("snapshot_version", Integer, nullable=False),
            Column("rebuilt", Integer, nullable=False),
            Column("title", Text),
            Column("category", Text),
            Column("session", Text),
            Column("is_key", Boolean),
            Column("is_confidential", Boolean),
            Column("due_on", CalendarDay),
            Column("rulebook", Text),
            # The last one: to read a column behind it SQLite would walk through all of it.
            Column("snapshot", Text, nullable=False),
            self.index("suggestions_wakes_at", "wakes_at", "id"),
            *(self.index(f"suggestions_{name}", name, "id") for name in looked_for),
        )

    def facets(self) -> Table:
        return self.table(
            "facets",
            self.of_suggestion(),
            Column("kind", String(16), primary_key=True),
            Column("value", String(255), primary_key=True),
            self.index("facets_value", "kind", "value", "suggestion_id"),
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
            Column("by_id", Text, nullable=False),
            Column("by_name", Text, nullable=False),
            Column("state", String(64), nullable=False),
            Column("rulebook_name", String(255), nullable=False),
            Column("rulebook_version", String(255), nullable=False),
            Column("rulebook_digest", String(64), nullable=False),
            Column("calendar_name", String(255), nullable=False),
            Column("calendar_version", String(255), nullable=False),
            Column("calendar_digest", String(64), nullable=False),
            Column("salt", LargeBinary, nullable=False),
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

    def firing_keys(self) -> Table:
        return self.table(
            "firing_keys",
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
            Column("seq", _COUNTER, primary_key=True, autoincrement=True),
            Column("suggestion_id", String(255), nullable=False),
            Column("number", Integer, nullable=False),
        )

    def feed(self) -> Table:
        return self.table(
            "feed",
            Column("position", BigInteger, primary_key=True, autoincrement=False),
            Column("suggestion_id", String(255), nullable=False),
            Column("number", Integer, nullable=False),
            self.index("feed_entry", "suggestion_id", "number", unique=True),
        )
