"""How does an older store come up to this version?"""

from __future__ import annotations

import json
from collections.abc import Callable

from sqlalchemy import Connection, insert, inspect, select, text, update
from sqlalchemy.schema import CreateColumn, DropTable

from handleflow.errors import NotAStore
from handleflow.stores import _connecting
from handleflow.stores._tables import PREFIX, SCHEMA_VERSION, Tables, tables


def upgrade(where: str, *, prefix: str = PREFIX, schema: str | None = None) -> tuple[str, ...]:
    """
    Bring the tables of a store up to this version, step by step in one transaction; what was done, in words.

    Histories are left as they are, byte by byte. The pictures are to be folded anew afterwards, since what they are
    looked for by is derived from them.

    Raises:
        NotAStore: when there is no store, or a newer handleflow wrote it.
    """
    t, database = tables(prefix, schema), _connecting.open_database(where)
    try:
        with _connecting.named(), _connecting.connect(database, writes=True) as connection:
            if not _connecting.has_tables(connection, t):
                raise NotAStore(f"{where} holds no store to upgrade")
            _take_all(connection, t)
            found = _version(connection, t)
            done = [_STEPS[version](connection, t) for version in range(found, SCHEMA_VERSION) if version in _STEPS]
            named = t.meta.c.name == "schema_version"
            if done:
                connection.execute(update(t.meta).where(named).values(value=str(SCHEMA_VERSION)))
            _connecting.require_version(connection, t, where)
    finally:
        database.dispose()
    return tuple(done)


def _take_all(connection: Connection, t: Tables) -> None:
    """Wait for whoever writes or upgrades, and let nobody begin: an entry told now would be in no outbox."""
    if connection.dialect.name == "postgresql":  # on SQLite whoever has begun to write is the only one
        taken = f"{t.suggestions.fullname}, {t.entries.fullname}"
        connection.execute(text(f"LOCK TABLE {taken} IN ACCESS EXCLUSIVE MODE"))


def _version(connection: Connection, t: Tables) -> int:
    found = connection.scalar(select(t.meta.c.value).where(t.meta.c.name == "schema_version"))
    return int(found) if found is not None and found.isdecimal() else 0


def _from_1(connection: Connection, t: Tables) -> str:
    """Claims, a feed, parties and what suggestions are looked for by; terms may have no day."""
    connection.execute(DropTable(t.terms))
    present = {column["name"] for column in inspect(connection).get_columns(t.suggestions.name, t.suggestions.schema)}
    for column in t.suggestions.columns:
        if column.name not in present:
            definition = CreateColumn(column).compile(connection)
            # The names and types are this library's own; nothing of a user's comes in.
            connection.execute(text(f"ALTER TABLE {t.suggestions.fullname} ADD COLUMN {definition}"))
    t.metadata.create_all(connection)
    for index in t.suggestions.indexes:
        index.create(connection, checkfirst=True)
    connection.execute(insert(t.meta).values(name="feed", value=_connecting.FEED))
    _fill_outbox(connection, t)
    _fill_claims(connection, t)
    return "schema 1 to 2: claims, a feed, and queries"


def _fill_outbox(connection: Connection, t: Tables) -> None:
    e = t.entries.c
    told = select(e.suggestion_id, e.number).order_by(e.at, e.suggestion_id, e.number)
    connection.execute(insert(t.outbox).from_select(["suggestion_id", "number"], told))


def _fill_claims(connection: Connection, t: Tables) -> None:
    e = t.entries.c
    asked = select(e.suggestion_id, e.number, e.body).where(e.kind.in_(["supervised", "rung_lapsed"]))
    rows = []
    for row in connection.execute(asked):
        claim = json.loads(row.body).get("claim")
        if claim is not None:
            taken = {"rung": claim["rung"], "occurrence": claim["occurrence"], "entry": row.number}
            rows.append({"suggestion_id": row.suggestion_id, **claim["term"], **taken})
    if rows:
        connection.execute(insert(t.claims), rows)


_STEPS: dict[int, Callable[[Connection, Tables], str]] = {1: _from_1}
"""What leads from each version to the next."""
