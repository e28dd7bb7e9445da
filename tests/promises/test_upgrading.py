"""What if somebody writes while a store of schema version 1 is upgraded, or two upgrade it at once?"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import reduce
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection, Engine, create_engine, make_url, text

from handleflow.stores.sql import SqlStore, upgrade
from tests.databases import fresh_postgres
from tests.markers import POSTGRES
from tests.paths import DATA
from tests.promises.faults.children import AT_MOST

SCHEMA_1 = (DATA / "schema_1.sql").read_text()
WHOLE = {"2026-001": 6, "2026-002": 5, "2026-003": 2}
"""How many entries each suggestion of that dump has."""
TABLES = ("meta", "rulebooks", "suggestions", "entries", "private", "keys", "terms")
"""In an order in which a row is there before others name it."""
POSTGRES_TYPES = {"BLOB": "BYTEA", "DATETIME": "TIMESTAMP", "place INTEGER NOT NULL": "place BIGSERIAL NOT NULL"}


def dumped() -> sqlite3.Connection:
    """The dump, in a database of its own."""
    database = sqlite3.connect(":memory:")
    database.executescript(SCHEMA_1)
    return database


def defined(dump: sqlite3.Connection, postgres: bool) -> Iterator[str]:
    """The statements that make its tables and indexes."""
    rows = dump.execute("SELECT tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    types = POSTGRES_TYPES if postgres else {}
    for _, made in sorted(rows, key=lambda row: TABLES.index(row[0].removeprefix("handleflow_"))):
        yield reduce(lambda said, kind: said.replace(*kind), types.items(), made)


def copy(dump: sqlite3.Connection, connection: Connection, *, only: str | None = None, but: str = "") -> None:
    """Its rows: all *but* those of one suggestion, or *only* those."""
    for table in TABLES:
        found = dump.execute(f"SELECT * FROM handleflow_{table}")  # noqa: S608  names of our own
        names = [column[0] for column in found.description]
        its = names.index("id" if table == "suggestions" else "suggestion_id") if table not in TABLES[:2] else None
        for row in found.fetchall():
            if (its is None and only) or (its is not None and (row[its] == but or only not in {None, row[its]})):
                continue
            columns, values = ", ".join(f'"{n}"' for n in names), ", ".join(f":{n}" for n in names)
            put = text(f"INSERT INTO handleflow_{table} ({columns}) VALUES ({values})")  # noqa: S608
            connection.execute(put, dict(zip(names, row, strict=True)))


@pytest.fixture(params=["sqlite", POSTGRES])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A store of schema version 1 in which one suggestion of the dump is missing."""
    found = fresh_postgres() if request.param == "postgres" else f"sqlite:///{tmp_path / 'old.db'}"
    database = create_engine(found)
    with closing(dumped()) as dump, database.begin() as connection:
        for statement in defined(dump, request.param == "postgres"):
            connection.execute(text(statement))
        copy(dump, connection, but="2026-003")
    database.dispose()
    return found


@pytest.fixture
def database(where: str) -> Iterator[Engine]:
    """What another process writes with."""
    found = create_engine(where)
    yield found
    found.dispose()


def entries(store: SqlStore) -> dict[str, int]:
    """How many entries of each suggestion the feed tells of."""
    keys = [item.suggestion_id for item in store.feed()]
    return {id: keys.count(id) for id in sorted(set(keys))}


def wait_until_it_waits(where: str) -> None:
    """Return when a connection of that PostgreSQL waits for a lock; SQLite lets nobody look."""
    if where.startswith("sqlite"):
        return
    asked = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    url = make_url(where).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as watching:
        for _ in range(100_000):
            if watching.execute(asked).fetchone() != (0,):
                return
    raise AssertionError("it never waited")


def test_what_a_writer_commits_while_it_waits_is_upgraded_too(where: str, database: Engine) -> None:
    with ThreadPoolExecutor() as pool, closing(dumped()) as dump:
        with database.begin() as connection:
            copy(dump, connection, only="2026-003")
            done = pool.submit(upgrade, where)
            wait_until_it_waits(where)
        steps = done.result(AT_MOST)
    with closing(SqlStore(where)) as store:
        found, flaws = entries(store), [str(flaw) for flaw in store.flaws() if "entry" in flaw.what]

    assert (len(steps), found, flaws) == (1, WHOLE, [])


def test_of_two_who_upgrade_at_once_one_does_it(where: str) -> None:
    gate = threading.Barrier(2)

    def begin() -> tuple[str, ...]:
        gate.wait(AT_MOST)
        return upgrade(where)

    with ThreadPoolExecutor() as pool:
        done = [pool.submit(begin) for _ in range(2)]
        steps = sorted(len(each.result(AT_MOST)) for each in done)
    with closing(SqlStore(where)) as store:
        found = entries(store)

    assert (steps, found) == ([0, 1], {id: many for id, many in WHOLE.items() if id != "2026-003"})
