"""
Legacy database schema: which tables held a store of schema 1 or 2? Read when it is upgraded, and never written
again.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, MetaData, String, Table, Text

from handleflow.stores._column_types import CalendarDay, Instant
from handleflow.values import frozen

PREFIX = "old_"
"""Stands before the names of its tables while it is read."""
_ENTRY = (("suggestion_id", String), ("number", Integer))
_KEY = (("rule", String), ("unit", String), ("round", Integer), ("generation", Integer))
_COLUMNS: dict[str, tuple[tuple[str, Any], ...]] = {
    "meta": (("name", String), ("value", String)),
    "rulebooks": (("place", Integer), ("name", String), ("version", String), ("digest", String), ("document", Text)),
    "suggestions": (("id", String), ("version", Integer), ("wakes_on", CalendarDay), ("head", String)),
    "parties": (("suggestion_id", String), ("part", String), ("name", String)),
    "entries": (
        *_ENTRY,
        ("kind", String),
        ("at", Instant),
        ("on", CalendarDay),
        ("by_role", String),
        ("by_name", Text),
        ("state", String),
        ("rulebook_name", String),
        ("rulebook_version", String),
        ("body", LargeBinary),
        ("hash", String),
    ),
    "private": (*_ENTRY, ("field", String), ("salt", LargeBinary), ("value", Text)),
    "terms": (("suggestion_id", String), *_KEY, ("due_on", CalendarDay)),
    "claims": (("suggestion_id", String),),
    "keys": (_ENTRY[0], ("key", String), ("digest", String), ("first", Integer), ("last", Integer)),
    "outbox": (("place", BigInteger), *_ENTRY),
    "feed": (("position", BigInteger), *_ENTRY, ("head", String)),
    "cursors": (("name", String), ("position", BigInteger)),
}
NAMES = tuple(_COLUMNS)
_LOOKED_FOR = ("category", "due_on", "is_key", "rulebook", "session", "state", "wakes_on")
INDEXES = (
    *("feed_entry", "parties_name", "rulebooks_ref", "terms_due_on"),
    *(f"suggestions_{column}" for column in _LOOKED_FOR),
)
_LAST = ("private", "entries", "suggestions")
DROPPED = (*(name for name in NAMES if name not in _LAST), *_LAST)
"""In an order in which no row is gone while others name it."""


@frozen(eq=False)
class OldTables:
    """The tables of schema 2, as far as they are read; *present* are those that are there."""

    by_name: dict[str, Table]
    present: frozenset[str]

    def __getitem__(self, name: str) -> Table:
        return self.by_name[name]


def old_tables(prefix: str, schema: str | None, present: frozenset[str]) -> OldTables:
    """The tables under the names they have while they are read."""
    metadata = MetaData(schema=schema)
    columns = {name: [Column(*each) for each in given] for name, given in _COLUMNS.items()}
    made = {name: Table(f"{prefix}{PREFIX}{name}", metadata, *given) for name, given in columns.items()}
    return OldTables(made, present)
