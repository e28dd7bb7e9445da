"""
Dependency check before a migration: what has a host hung on the tables of an older store, that would go with them
when it is upgraded?
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlalchemy import Connection, Inspector, inspect, text

from handleflow.errors import StoreError
from handleflow.stores import _schema_2
from handleflow.words import listed


def require_alone(connection: Connection, prefix: str, schema: str | None, present: frozenset[str]) -> None:
    """
    Make sure that nothing of a host's hangs on the old tables, which are dropped.

    SQLite would let foreign keys delete a host's own rows then, and leave its views and triggers without a table;
    PostgreSQL refuses some of it by itself, and drops the rest in silence.

    Raises:
        StoreError: when something does, with the name of each.
    """
    look, names = inspect(connection), sorted(f"{prefix}{name}" for name in present)
    found = [*_foreign_keys(look, names, schema), *_indexes(look, names, schema, prefix)]
    if connection.dialect.name == "sqlite":
        found += _views_and_triggers(connection, names)
    else:
        found += _triggers_and_policies(connection, names, schema or look.default_schema_name)
    if found:
        raise StoreError(
            f"nothing was changed: on the tables of this store hangs what is not its own ({listed(found)}); "
            "drop it, upgrade, and make it anew on the tables of now"
        )


def _foreign_keys(look: Inspector, names: list[str], schema: str | None) -> Iterator[str]:
    known = {name.lower() for name in names}  # SQLite tells them as the host spelled them
    for table in look.get_table_names(schema=schema):
        referred = {key["referred_table"].lower() for key in look.get_foreign_keys(table, schema=schema)}
        if table.lower() not in known and referred & known:
            yield f"a foreign key of table {table}"


def _indexes(look: Inspector, names: list[str], schema: str | None, prefix: str) -> Iterator[str]:
    own = {f"{prefix}{name}" for name in _schema_2.INDEXES}
    for name in names:
        for index in look.get_indexes(name, schema=schema):
            if index["name"] not in own:
                yield f"index {index['name']}"


def _views_and_triggers(connection: Connection, names: list[str]) -> Iterator[str]:
    named = re.compile(rf"\b({'|'.join(names)})\b", re.IGNORECASE)
    rows = connection.execute(text("SELECT type, name, sql FROM sqlite_master WHERE type IN ('trigger', 'view')"))
    yield from (f"{kind} {name}" for kind, name, made in rows if named.search(made))


def _triggers_and_policies(connection: Connection, names: list[str], schema: str | None) -> Iterator[str]:
    query = text(
        "SELECT 'trigger', tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
        "JOIN pg_namespace ON pg_namespace.oid = relnamespace "
        "WHERE NOT tgisinternal AND nspname = :schema AND relname = ANY(:names) "
        "UNION ALL SELECT 'policy', policyname FROM pg_policies "
        "WHERE schemaname = :schema AND tablename = ANY(:names)"
    )
    rows = connection.execute(query, {"schema": schema, "names": names})
    yield from (f"{kind} {name}" for kind, name in rows)


def roles(connection: Connection, prefix: str, schema: str | None, present: frozenset[str]) -> list[str]:
    """To whom anything was granted of the old tables on PostgreSQL, apart from their owner."""
    if connection.dialect.name == "sqlite":
        return []
    query = text(
        "SELECT DISTINCT coalesce(rolname, 'PUBLIC') FROM pg_class "
        "JOIN pg_namespace ON pg_namespace.oid = relnamespace "
        "CROSS JOIN LATERAL aclexplode(relacl) AS given LEFT JOIN pg_roles ON pg_roles.oid = given.grantee "
        "WHERE nspname = :schema AND relname = ANY(:names) AND given.grantee <> relowner ORDER BY 1"
    )
    names = [f"{prefix}{name}" for name in sorted(present)]
    where = {"schema": schema or inspect(connection).default_schema_name, "names": names}
    return list(connection.scalars(query, where))
