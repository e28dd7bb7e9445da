"""What becomes of a store of schema version 1 or 2 that is upgraded while others write or the upgrade is killed?"""

from __future__ import annotations

import datetime
import json
import random
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import reduce
from hashlib import sha256
from pathlib import Path

import attrs
import psycopg
import pytest
from sqlalchemy import Connection, Engine, TextClause, create_engine, inspect, make_url, text

from handleflow import before_schema_3
from handleflow.acts import Classify, Receive
from handleflow.canonical_json import canonical
from handleflow.codec import Codec, fingerprint_without
from handleflow.engine import Engine as HandleflowEngine
from handleflow.engine import Rebuilt, rebuild
from handleflow.errors import BrokenHistory, KeyReused, NotAStore, StoreError
from handleflow.legal_time import day, instant
from handleflow.model import Act, Actor, TermKey, UnknownEvent
from handleflow.model.fields import PRIVATE
from handleflow.rulebooks import from_document
from handleflow.store import Anchor
from handleflow.stores.sql import SqlStore, upgrade
from handleflow.values import frozen
from handleflow.verification import verify
from handleflow.words import Message
from tests.databases import fresh_postgres
from tests.markers import POSTGRES
from tests.paths import DATA
from tests.promises.faults.children import AT_MOST

DUMPS = {version: (DATA / f"schema_{version}.sql").read_text(encoding="utf-8") for version in (1, 2)}
WHOLE = {
    1: {"2026-001": 6, "2026-002": 5, "2026-003": 2},
    2: {"2026-001": 23, "2026-002": 15, "2026-003": 3, "2026-004": 2},
}
"""How many entries each suggestion of those dumps has."""
TABLES = (
    *("meta", "rulebooks", "suggestions", "entries", "private", "keys", "terms"),
    *("parties", "claims", "outbox", "feed", "cursors"),
)
"""In an order in which a row is there before others name it."""
WITHOUT_ID = ("meta", "rulebooks", "cursors")
POSTGRES_TYPES = {
    "BLOB": "BYTEA",
    "DATETIME": "TIMESTAMP",
    "place INTEGER NOT NULL": "place BIGSERIAL NOT NULL",
    "position BIGINT": "position BIGINT",
}
OFFICE = Actor("congress_office", "Standing Committee Office (placeholder)")
KILLED = """
import sys
from handleflow.stores.sql import upgrade

def wait(id):
    if id == "2026-002":
        print("half-way", flush=True)
        sys.stdin.read()

upgrade(sys.argv[1], on_each=wait)
"""


def dumped(version: int) -> sqlite3.Connection:
    """The dump, in a database of its own."""
    database = sqlite3.connect(":memory:")
    database.executescript(DUMPS[version])
    return database


def defined(dump: sqlite3.Connection, postgres: bool) -> Iterator[str]:
    """The statements that make its tables and indexes."""
    rows = dump.execute("SELECT tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    types = POSTGRES_TYPES if postgres else {}
    for _, made in sorted(rows, key=lambda row: TABLES.index(row[0].removeprefix("handleflow_"))):
        yield reduce(lambda said, kind: said.replace(*kind), types.items(), made)


def copy(dump: sqlite3.Connection, connection: Connection, *, only: str | None = None, but: str = "") -> None:
    """Its rows: all *but* those of one suggestion, or *only* those."""
    there = {name for (name,) in dump.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    for table in (table for table in TABLES if f"handleflow_{table}" in there):
        found = dump.execute(f"SELECT * FROM handleflow_{table}")  # noqa: S608  names of our own
        names = [column[0] for column in found.description]
        its = names.index("id" if table == "suggestions" else "suggestion_id") if table not in WITHOUT_ID else None
        for row in found.fetchall():
            if (its is None and only) or (its is not None and (row[its] == but or only not in {None, row[its]})):
                continue
            columns, values = ", ".join(f'"{n}"' for n in names), ", ".join(f":{n}" for n in names)
            put = text(f"INSERT INTO handleflow_{table} ({columns}) VALUES ({values})")  # noqa: S608
            values_of = zip(names, row, strict=True)
            connection.execute(
                put, {n: bool(v) if n.startswith("is_") and v is not None else v for n, v in values_of}
            )


def old_store(version: int, kind: str, folder: Path, *, but: str = "") -> str:
    """A store of schema *version*, in which one suggestion of the dump may be missing."""
    found = fresh_postgres() if kind == "postgres" else f"sqlite:///{folder / 'old.db'}"
    database = create_engine(found)
    with closing(dumped(version)) as dump, database.begin() as connection:
        for statement in defined(dump, kind == "postgres"):
            connection.execute(text(statement))
        copy(dump, connection, but=but)
    database.dispose()
    return found


@pytest.fixture(params=["sqlite", POSTGRES])
def kind(request: pytest.FixtureRequest) -> str:
    """Which database."""
    return str(request.param)


@pytest.fixture
def where(kind: str, tmp_path: Path) -> str:
    """A store of schema version 1 in which one suggestion of the dump is missing."""
    return old_store(1, kind, tmp_path, but="2026-003")


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
    query = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    url = make_url(where).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as watching:
        for _ in range(100_000):
            if watching.execute(query).fetchone() != (0,):
                return
    raise AssertionError("it never waited")


def test_what_a_writer_commits_while_it_waits_is_upgraded_too(where: str, database: Engine) -> None:
    with ThreadPoolExecutor() as pool, closing(dumped(1)) as dump:
        with database.begin() as connection:
            copy(dump, connection, only="2026-003")
            done = pool.submit(upgrade, where)
            wait_until_it_waits(where)
        steps = done.result(AT_MOST)
    with closing(SqlStore(where)) as store:
        found, faults = entries(store), [str(fault) for fault in verify(store) if "entry" in fault.what]

    assert (len(steps), found, faults) == (1, WHOLE[1], [])


def test_of_two_who_upgrade_at_once_one_does_it(where: str) -> None:
    gate = threading.Barrier(2)

    def begin() -> tuple[Message, ...]:
        gate.wait(AT_MOST)
        return upgrade(where)

    with ThreadPoolExecutor() as pool:
        done = [pool.submit(begin) for _ in range(2)]
        steps = sorted(len(each.result(AT_MOST)) for each in done)
    with closing(SqlStore(where)) as store:
        found = entries(store)

    assert (steps, found) == ([0, 1], {id: many for id, many in WHOLE[1].items() if id != "2026-003"})


@pytest.mark.parametrize("version", DUMPS)
def test_an_upgraded_store_tells_the_same_histories_and_has_no_fault(version: int, kind: str, tmp_path: Path) -> None:
    where = old_store(version, kind, tmp_path)
    with closing(dumped(version)) as dump:
        shown = dump.execute(
            'SELECT suggestion_id, number, "on", by_name, state FROM handleflow_entries ORDER BY 1, 2'
        )
        before = [tuple(row) for row in shown]
    steps, again = upgrade(where), upgrade(where)
    with closing(SqlStore(where)) as store:
        engine = engine_on(store)
        rebuild(engine)
        after = [
            (id, e.number, e.on.isoformat(), e.by.name, e.state) for id in store.ids() for e in store.history(id)
        ]
        unknown = [e for id in store.ids() for e in store.history(id) if isinstance(e.event, UnknownEvent)]
        faults, found = list(verify(store, engine.rulebooks)), entries(store)

    assert (len(steps), again, found) == (1, (), WHOLE[version])
    assert (after, unknown, faults) == (before, [], [])


def test_every_entry_gets_a_salt_the_digests_of_its_texts_and_an_id_of_its_actor(kind: str, tmp_path: Path) -> None:
    where = old_store(2, kind, tmp_path)
    upgrade(where)
    with closing(SqlStore(where)) as store:
        stored = [entry for id in store.ids() for entry in store.entries(id)]
        rulebooks = {(each.name, each.version): each.digest for each in store.rulebooks()}
        calendars = {(each.name, each.version): each.digest for each in store.calendars()}

    assert len({entry.salt for entry in stored}) == len(stored)
    assert all(rulebooks[e.rulebook_name, e.rulebook_version] == e.rulebook_digest for e in stored)
    assert all(calendars[e.calendar_name, e.calendar_version] == e.calendar_digest for e in stored)
    assert all(entry.by_id == entry.by_name for entry in stored)


def test_what_is_derived_of_a_store_of_schema_2_needs_not_be_rebuilt(kind: str, tmp_path: Path) -> None:
    where = old_store(2, kind, tmp_path)
    upgrade(where)
    with closing(SqlStore(where)) as store:
        assert rebuild(engine_on(store)) == Rebuilt(())


def test_a_request_recorded_before_is_known_by_its_key_and_not_recorded_again(kind: str, tmp_path: Path) -> None:
    where = old_store(2, kind, tmp_path)
    upgrade(where)
    received = Receive("Pipes", "Deputy A (placeholder)", phone="placeholder number", address="placeholder street")
    with closing(SqlStore(where)) as store:
        engine = engine_on(store)
        engine.execute("2026-001", received, by=OFFICE, key="k1")
        with pytest.raises(KeyReused):
            engine.execute("2026-001", Classify("other"), by=OFFICE, key="k1")

        assert len(store.history("2026-001")) == WHOLE[2]["2026-001"]
        first = store.history("2026-001")[0].event
        assert isinstance(first, Receive)
        assert first.phone == "placeholder number"


def test_the_feed_goes_on_where_it_was_and_its_old_head_is_an_anchor(kind: str, tmp_path: Path) -> None:
    where = old_store(2, kind, tmp_path)
    with closing(dumped(2)) as dump:
        rows = dump.execute("SELECT suggestion_id, number, head FROM handleflow_feed ORDER BY position").fetchall()
    upgrade(where)
    with closing(SqlStore(where)) as store:
        order = [(each.suggestion_id, each.number) for each in store.numbered()]
        cursor, anchors, last = store.cursor("mail"), store.anchors(), store.feed()[-1]

    assert order == [(id, number) for id, number, _ in rows]
    assert (cursor, anchors) == (5, (Anchor("schema 2", len(rows), rows[-1][2]),))
    assert last.key == "2026-002/15"


TAMPERED = {
    "an entry": "UPDATE handleflow_entries SET state = 'closed' WHERE suggestion_id = '2026-002' AND number = 2",
    "an entry cut off": "DELETE FROM handleflow_entries WHERE suggestion_id = '2026-004' AND number = 2",
    "a suggestion removed": "DELETE FROM handleflow_suggestions WHERE id = '2026-003'",
    "the feed's order": "UPDATE handleflow_feed SET number = 1 - number WHERE position = 3",
}


@pytest.mark.parametrize("what", TAMPERED)
def test_what_was_changed_before_is_not_made_whole_by_chaining_it_anew(what: str, kind: str, tmp_path: Path) -> None:
    where = old_store(2, kind, tmp_path)
    database = create_engine(where)
    with database.begin() as connection:
        if what == "an entry cut off":
            connection.execute(text("DELETE FROM handleflow_keys WHERE suggestion_id = '2026-004'"))
        if what == "a suggestion removed" and kind == "postgres":
            connection.execute(text("SET LOCAL session_replication_role = replica"))  # as with foreign keys off
        connection.execute(text(TAMPERED[what]))
    with pytest.raises(BrokenHistory, match="restore the store from a backup"):
        upgrade(where)
    with database.connect() as connection:
        schema = connection.scalar(text("SELECT value FROM handleflow_meta WHERE name = 'schema_version'"))
    database.dispose()

    assert schema == "2"
    with pytest.raises(NotAStore, match="upgrade"):
        SqlStore(where)


@pytest.mark.parametrize("document", ["nonsense", "[]", '{"calendar": 3}', '{"calendar": {"year": [1]}}', "changed"])
def test_a_rulebook_whose_text_was_changed_is_found_after_the_upgrade_and_its_calendar_is_nowhere(
    document: str, kind: str, tmp_path: Path
) -> None:
    where = old_store(2, kind, tmp_path)
    database = create_engine(where)
    with database.begin() as connection:
        if document == "changed":
            document = str(connection.scalar(text("SELECT document FROM handleflow_rulebooks ORDER BY place")))
            document = document.replace("2026-01-01", "2026-01-02")
        connection.execute(text("UPDATE handleflow_rulebooks SET document = :document"), {"document": document})
    database.dispose()
    upgrade(where)
    with closing(SqlStore(where)) as store:
        faults = [fault for fault in verify(store) if "its text is not the one" in fault.what]

        assert (len(faults), store.calendars()) == (len(store.rulebooks()), ())
        assert {entry.calendar_digest for id in store.ids() for entry in store.entries(id)} == {""}


HUNG_ON = {
    "a foreign key of table visits": (
        "CREATE TABLE visits (of_it VARCHAR(255) REFERENCES handleflow_suggestions (id) ON DELETE CASCADE)",
        "INSERT INTO visits VALUES ('2026-001')",
    ),
    "index by_whom": ("CREATE INDEX by_whom ON handleflow_entries (by_name)",),
    "view closed": ("CREATE VIEW closed AS SELECT id FROM handleflow_suggestions WHERE state = 'closed'",),
    "trigger counted": ("CREATE TRIGGER counted AFTER INSERT ON handleflow_entries BEGIN SELECT 1; END",),
}
"""What a host may have hung on the tables of its store."""
COUNTED = (
    "CREATE FUNCTION counted() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    "CREATE TRIGGER counted AFTER INSERT ON handleflow_entries EXECUTE FUNCTION counted()",
)


@pytest.mark.parametrize("what", HUNG_ON)
def test_what_a_host_hung_on_the_tables_is_named_and_neither_lost_nor_left_without_them(
    what: str, kind: str, tmp_path: Path
) -> None:
    where = old_store(2, kind, tmp_path)
    database = create_engine(where)
    with database.begin() as connection:
        for statement in COUNTED if what == "trigger counted" and kind == "postgres" else HUNG_ON[what]:
            connection.execute(text(statement))
    with pytest.raises(StoreError, match=what):
        upgrade(where)
    with database.connect() as connection:
        schema = connection.scalar(text("SELECT value FROM handleflow_meta WHERE name = 'schema_version'"))
        visits = connection.scalar(text("SELECT count(*) FROM visits")) if "visits" in what else 1
    database.dispose()

    assert (schema, visits) == ("2", 1)


@pytest.mark.database
def test_a_policy_of_a_host_is_named_and_so_is_to_whom_the_new_tables_must_be_granted() -> None:
    where = old_store(2, "postgres", Path())
    database = create_engine(where)
    with database.begin() as connection:
        connection.execute(text("GRANT SELECT ON handleflow_entries TO pg_monitor, PUBLIC"))
        connection.execute(text("CREATE POLICY of_hosts ON handleflow_entries USING (true)"))
    with pytest.raises(StoreError, match="policy of_hosts"):
        upgrade(where)
    with database.begin() as connection:
        connection.execute(text("DROP POLICY of_hosts ON handleflow_entries"))
    database.dispose()

    assert [str(step) for step in upgrade(where)[1:]] == [
        "the tables are new: grant anew what was granted to PUBLIC, pg_monitor"
    ]


@pytest.mark.database
@pytest.mark.parametrize(("prefix", "schema"), [("City_", None), ("handleflow_", "Order")])
def test_tables_whose_names_must_be_quoted_are_upgraded(prefix: str, schema: str | None) -> None:
    where = old_store(2, "postgres", Path())
    database = create_engine(where)
    try:
        with database.begin() as connection:
            if schema is not None:
                connection.execute(text(f'CREATE SCHEMA "{schema}"'))
            for name in inspect(connection).get_table_names():
                for index in inspect(connection).get_indexes(name):
                    _rename(connection, "INDEX", str(index["name"]), prefix)
                _rename(connection, "TABLE", name, prefix)
                if schema is not None:
                    connection.execute(text(f'ALTER TABLE {name} SET SCHEMA "{schema}"'))
        upgrade(where, prefix=prefix, schema=schema)
        with closing(SqlStore(where, prefix=prefix, schema=schema)) as store:
            assert (entries(store), list(verify(store))) == (WHOLE[2], [])
    finally:
        if schema is not None:
            with database.begin() as connection:
                connection.execute(text(f'DROP SCHEMA "{schema}" CASCADE'))
        database.dispose()


def _rename(connection: Connection, kind: str, name: str, prefix: str) -> None:
    named = prefix + name.removeprefix("handleflow_")
    if named != name:
        connection.execute(text(f'ALTER {kind} "{name}" RENAME TO "{named}"'))


@frozen
class Visit(Act):
    """A host's own act, which holds a term and what is private."""

    verb = "visit"
    kind = "visited"
    term: TermKey
    phone: str | None = attrs.field(default=None, metadata=PRIVATE)
    fax: str | None = attrs.field(default=None, metadata=PRIVATE)


@pytest.mark.parametrize("own", [(), (Visit,)])
def test_the_key_of_a_hosts_own_act_that_holds_a_term_stands_for_it_still(
    own: tuple[type[Visit], ...], kind: str, tmp_path: Path
) -> None:
    where = old_store(2, kind, tmp_path)
    database = create_engine(where)
    with database.begin() as connection:
        record_visit(connection, "2026-004")
    database.dispose()
    upgrade(where)
    with closing(SqlStore(where, own=own)) as store:
        faults = [fault for fault in verify(store) if "key" in fault.what]
        act = Visit(term=TermKey("reply", "Water Bureau", 1, 1), phone="placeholder")
        kept, wanted = store.key("2026-004", "visited"), Codec((Visit,)).fingerprint(act, OFFICE)

    assert (faults, kept and kept.digest) == ([], wanted)


def record_visit(connection: Connection, id: str) -> None:
    """A further entry of the host's own, as schema 2 had it, under a key."""
    rows = connection.execute(
        text("SELECT * FROM handleflow_entries WHERE suggestion_id = :id ORDER BY number"), {"id": id}
    ).mappings()
    last = dict(rows.all()[-1])
    term = {"rule": "reply", "unit": "Water Bureau", "round": 1, "generation": 1}
    salt, value = b"s" * 16, '"placeholder"'
    plain = {"on": None, "term": term, "phone": {"digest": sha256(salt + value.encode()).hexdigest()}, "fax": None}
    at = last["at"] if isinstance(last["at"], datetime.datetime) else datetime.datetime.fromisoformat(last["at"])
    on = day(last["on"])
    its = (last["number"] + 1, Visit.kind, instant(at.replace(tzinfo=datetime.UTC)), on, OFFICE.role, OFFICE.name)
    rulebook = (last["rulebook_name"], last["rulebook_version"])
    old = before_schema_3.OldEntry(*its, last["state"], *rulebook, canonical(plain), "")
    hash = before_schema_3.entry_hash(last["hash"], old)
    digest = fingerprint_without({"phone", "fax"}, Visit.kind, OFFICE.role, OFFICE.name, plain)
    row = last | {"number": old.number, "kind": old.kind, "by_role": old.by_role, "by_name": old.by_name}
    connection.execute(insert_into("entries", row), row | {"body": old.body, "hash": hash})
    about = {"suggestion_id": id, "number": old.number}
    for table, values in (
        ("private", about | {"field": "phone", "salt": salt, "value": value}),
        ("outbox", {"place": 1000, **about}),
        ("keys", {"suggestion_id": id, "key": "visited", "digest": digest, "first": old.number, "last": old.number}),
    ):
        connection.execute(insert_into(table, values), values)
    its_new = {"id": id, "version": old.number, "head": hash}
    connection.execute(
        text("UPDATE handleflow_suggestions SET version = :version, head = :head WHERE id = :id"), its_new
    )


def insert_into(table: str, row: Iterable[str]) -> TextClause:
    """What puts a row of such columns into a table of schema 2."""
    columns, values = ", ".join(f'"{name}"' for name in row), ", ".join(f":{name}" for name in row)
    return text(f"INSERT INTO handleflow_{table} ({columns}) VALUES ({values})")  # noqa: S608


@pytest.mark.process
def test_an_upgrade_that_is_killed_half_way_leaves_the_old_store_as_it_was(kind: str, tmp_path: Path) -> None:
    where = old_store(2, kind, tmp_path)
    child = subprocess.Popen(
        [sys.executable, "-c", KILLED, where], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with child:
        assert child.stdout is not None
        assert child.stdout.readline() == "half-way\n"
        child.kill()
    steps = upgrade(where)
    with closing(SqlStore(where)) as store:
        assert (len(steps), entries(store), list(verify(store))) == (1, WHOLE[2], [])


def test_the_same_randomness_upgrades_to_the_same_record(tmp_path: Path) -> None:
    digests = []
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        where = old_store(2, "sqlite", tmp_path / name)
        upgrade(where, entropy=random.Random(1).randbytes)  # noqa: S311  for the same salts twice
        with closing(SqlStore(where)) as store:
            digests.append(store.digest())

    assert digests[0] == digests[1]


@pytest.mark.parametrize("version", ["0", "4", "three"])
def test_a_store_of_no_version_that_is_known_is_left_alone(version: str, kind: str, tmp_path: Path) -> None:
    where = old_store(2, kind, tmp_path)
    database = create_engine(where)
    with database.begin() as connection:
        connection.execute(
            text("UPDATE handleflow_meta SET value = :value WHERE name = 'schema_version'"), {"value": version}
        )
    database.dispose()
    for use in (upgrade, SqlStore):
        with pytest.raises(NotAStore, match=version):
            use(where)


def engine_on(store: SqlStore) -> HandleflowEngine:
    """An engine that holds every rulebook of the store."""
    rulebooks = [from_document(kept.document) for kept in store.rulebooks()]
    return HandleflowEngine(
        store, rulebooks, clock=lambda: instant(datetime.datetime(2026, 12, 1, tzinfo=datetime.UTC))
    )


def test_a_calendar_that_grew_within_its_rulebooks_is_kept_in_both_texts_and_both_may_be_used(
    kind: str, tmp_path: Path
) -> None:
    where = old_store(2, kind, tmp_path)
    database = create_engine(where)
    with database.begin() as connection:
        document = connection.scalar(text("SELECT document FROM handleflow_rulebooks WHERE name = 'cn.national'"))
        grown = json.loads(document or "")
        grown |= {"version": "grown", "calendar": {**grown["calendar"], "known_through": "2031-12-31"}}
        later = json.dumps(grown, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        row = {"document": later, "digest": sha256(later.encode()).hexdigest()}
        put = "INSERT INTO handleflow_rulebooks (place, name, version, digest, document) "
        connection.execute(text(put + "VALUES (99, 'cn.national', 'grown', :digest, :document)"), row)
    database.dispose()
    upgrade(where)
    with closing(SqlStore(where)) as store:
        engine = engine_on(store)

        assert len({(each.name, each.version) for each in store.calendars()}) == 1
        assert len(store.calendars()) == len({rules.calendar.digest for rules in engine.rulebooks}) == 2
        assert list(verify(store, engine.rulebooks)) == []
