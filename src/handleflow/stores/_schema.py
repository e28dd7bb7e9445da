"""Database schema: which tables hold a store?"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)
from sqlalchemy.schema import SchemaItem

from handleflow.errors import NotAStore
from handleflow.stores._column_types import CalendarDay, Instant
from handleflow.values import frozen

SCHEMA_VERSION = 3
PREFIX = "handleflow_"

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,29}")
_ID, _CODE, _HASH, _TEXT = String(255), String(64), String(64), Text()
_NUMBER, _POSITION, _DAY, _INSTANT, _BYTES = Integer(), BigInteger(), CalendarDay(), Instant(), LargeBinary()
_COUNTER = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts up by itself only in an INTEGER

_TERM = {"suggestion_id": _ID, "rule": _CODE, "unit": _ID, "round": _NUMBER, "ref": _NUMBER}
_DOCUMENT = {"seq": _NUMBER, "name": _ID, "version": _ID, "digest": _HASH, "document": _TEXT}
_REF = {"name": _ID, "version": _ID, "digest": _HASH}
_COLUMNS: dict[str, tuple[int, dict[str, Any]]] = {
    "meta": (1, {"name": _CODE, "value": _ID}),
    "rulebooks": (1, _DOCUMENT),
    "calendars": (1, _DOCUMENT),
    "suggestions": (
        1,
        {
            "id": _ID,
            "version": _NUMBER,
            "state": _CODE,
            "wakes_at": _INSTANT,
            "last_hash": _HASH,
            "snapshot_version": _NUMBER,
            "rebuilt": _NUMBER,
            "title": _TEXT,
            "category": _TEXT,
            "session": _TEXT,
            "is_key": Boolean(),
            "is_confidential": Boolean(),
            "due_on": _DAY,
            "rulebook": _TEXT,
            # The last one: to read a column behind it SQLite would walk through all of it.
            "snapshot": _TEXT,
        },
    ),
    "facets": (3, {"suggestion_id": _ID, "kind": String(16), "value": _ID}),
    "entries": (
        2,
        {
            "suggestion_id": _ID,
            "number": _NUMBER,
            "kind": _CODE,
            "at": _INSTANT,
            "on": _DAY,
            "by_role": _CODE,
            "by_id": _TEXT,
            "by_name": _TEXT,
            "state": _CODE,
            **{f"rulebook_{part}": kind for part, kind in _REF.items()},
            **{f"calendar_{part}": kind for part, kind in _REF.items()},
            "salt": _BYTES,
            "body": _BYTES,
            "hash": _HASH,
        },
    ),
    "private": (3, {"suggestion_id": _ID, "number": _NUMBER, "field": _CODE, "salt": _BYTES, "value": _TEXT}),
    "terms": (5, {**_TERM, "due_on": _DAY}),
    "firing_keys": (7, {**_TERM, "rung": _CODE, "occurrence": _NUMBER, "entry": _NUMBER}),
    "keys": (2, {"suggestion_id": _ID, "key": _ID, "digest": _HASH, "first": _NUMBER, "last": _NUMBER}),
    "outbox": (1, {"seq": _COUNTER, "suggestion_id": _ID, "number": _NUMBER}),
    "feed": (1, {"position": _POSITION, "suggestion_id": _ID, "number": _NUMBER}),
    "feed_tree": (1, {"level": _NUMBER, "hash": _HASH}),
    "cursors": (1, {"name": _ID, "position": _POSITION}),
    "anchors": (1, {"seq": _NUMBER, "origin": _CODE, "position": _POSITION, "digest": _HASH}),
}
"""How many columns make up the primary key of each table, and all of them with their types."""
_MAY_BE_NULL = {"wakes_at", "title", "category", "session", "is_key", "is_confidential", "due_on", "rulebook"}
_LOOKED_FOR = ("wakes_at", "state", "category", "session", "is_key", "due_on", "rulebook")
_INDEXES: dict[str, dict[str, tuple[str, ...]]] = {
    "suggestions": {f"suggestions_{name}": (name, "id") for name in _LOOKED_FOR},
    "facets": {"facets_value": ("kind", "value", "suggestion_id")},
    "terms": {"terms_due_on": ("due_on", "suggestion_id", "rule", "unit")},
}
_UNIQUE: dict[str, dict[str, tuple[str, ...]]] = {
    "rulebooks": {"rulebooks_ref": ("name", "version")},
    "calendars": {"calendars_ref": ("name", "version", "digest")},
    "feed": {"feed_entry": ("suggestion_id", "number")},
    "anchors": {"anchors_of": ("origin", "position", "digest")},
}
_ENTRY = ("suggestion_id", "number")
_REFERENCES = {
    **dict.fromkeys(("facets", "entries", "terms", "firing_keys", "keys"), (_ENTRY[:1], "suggestions", ("id",))),
    "private": (_ENTRY, "entries", _ENTRY),
}
"""Which columns of a table name a row of which other one, by which of its columns."""


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
    return Tables(metadata, **{name: _table(name, metadata, prefix) for name in _COLUMNS})


def _table(name: str, metadata: MetaData, prefix: str) -> Table:
    keys, columns = _COLUMNS[name]
    parts: list[SchemaItem] = [
        Column(column, kind, primary_key=n < keys, nullable=column in _MAY_BE_NULL, autoincrement=column == "seq")
        for n, (column, kind) in enumerate(columns.items())
    ]
    for indexes, unique in ((_INDEXES, False), (_UNIQUE, True)):
        for index, on in indexes.get(name, {}).items():
            parts.append(Index(f"{prefix}{index}", *on, unique=unique))
    if name in _REFERENCES:
        own, other, theirs = _REFERENCES[name]
        owner = f"{metadata.schema}.{prefix}" if metadata.schema else prefix
        parts.append(ForeignKeyConstraint(own, [f"{owner}{other}.{column}" for column in theirs]))
    return Table(f"{prefix}{name}", metadata, *parts)
