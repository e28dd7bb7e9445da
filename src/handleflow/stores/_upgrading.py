"""
Schema migration: how does an older store come up to this version? In one transaction, its histories chained anew
(docs/adr/0023).
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, inspect, select, text

from handleflow.codec import Entropy
from handleflow.errors import NotAStore
from handleflow.stores import _database, _schema_2, _schema_version
from handleflow.stores._chaining_anew import Upgrade
from handleflow.stores._dependents import require_alone, roles
from handleflow.stores._schema import PREFIX, SCHEMA_VERSION, Tables, tables
from handleflow.stores._schema_2 import OldTables
from handleflow.stores._translation import translating_errors
from handleflow.words import Message

_OLDEST = 1


def upgrade(
    where: str,
    *,
    prefix: str = PREFIX,
    schema: str | None = None,
    entropy: Entropy = os.urandom,
    on_each: Callable[[str], Any] = lambda _: None,
) -> tuple[Message, ...]:
    """
    Bring the tables of a store up to this version, in one transaction; what was done, in words.

    Histories say what they said, under the names of now, and are chained anew with salts from *entropy*: what the old
    chain stood for is looked at first, and its last head kept as an anchor. What is derived of them is to be rebuilt
    afterwards. *on_each* hears each suggestion's id.

    Raises:
        NotAStore: when there is no store, or a newer handleflow wrote it.
        StoreError: when something of a host's hangs on its tables, which are dropped.
        BrokenHistory: when an old entry is not what its hash stands for; nothing was changed.
    """
    t, database = tables(prefix, schema), _database.open_database(where)
    try:
        with translating_errors(_database.connect(database, writes=True)) as connection:
            if not _schema_version.has_tables(connection, t):
                raise NotAStore(f"{where} holds no store to upgrade")
            _take_all(connection, t)
            found = _version(connection, t)
            if _OLDEST <= found < SCHEMA_VERSION:
                present = _present(connection, prefix, schema)
                granted = roles(connection, prefix, schema, present)
                Upgrade(connection, t, _set_aside(connection, t, prefix, schema, present), entropy).run(on_each)
                done = Message("upgrade-done", {"old": found, "new": SCHEMA_VERSION})
                return (done, Message("upgrade-grant_anew", {"granted": tuple(granted)})) if granted else (done,)
            _schema_version.require_version(connection, t, where)
    finally:
        database.dispose()
    return ()


def _take_all(connection: Connection, t: Tables) -> None:
    """Wait for whoever writes or upgrades, and let nobody begin: an entry told now would be in no outbox."""
    if connection.dialect.name == "postgresql":  # on SQLite whoever has begun to write is the only one
        taken = ", ".join(map(_preparer(connection).format_table, (t.suggestions, t.entries)))
        connection.execute(text(f"LOCK TABLE {taken} IN ACCESS EXCLUSIVE MODE"))


def _preparer(connection: Connection) -> Any:
    """What quotes names where they must be quoted."""
    return connection.dialect.identifier_preparer


def _version(connection: Connection, t: Tables) -> int:
    found = connection.scalar(select(t.meta.c.value).where(t.meta.c.name == "schema_version"))
    return int(found) if found is not None and found.isdecimal() else 0


def _present(connection: Connection, prefix: str, schema: str | None) -> frozenset[str]:
    """Which of the tables of schema 2 are there."""
    look = inspect(connection)
    return frozenset(n for n in _schema_2.NAMES if look.has_table(f"{prefix}{n}", schema=schema))


def _set_aside(
    connection: Connection, t: Tables, prefix: str, schema: str | None, present: frozenset[str]
) -> OldTables:
    """The old tables under other names, so that those of now can be made beside them."""
    look, quoted = inspect(connection), _preparer(connection).quote
    require_alone(connection, prefix, schema, present)
    old = _schema_2.old_tables(prefix, schema, present)
    where = f"{quoted(schema)}." if schema else ""
    for name in present:
        for index in look.get_indexes(f"{prefix}{name}", schema=schema):
            named = index["name"]
            if named and not named.startswith("sqlite_"):
                connection.execute(text(f"DROP INDEX {where}{quoted(named)}"))
    for name in present:
        own, other = quoted(f"{prefix}{name}"), quoted(old[name].name)
        connection.execute(text(f"ALTER TABLE {where}{own} RENAME TO {other}"))
    t.metadata.create_all(connection)
    return old
