"""Does a connection that stays open between acts stay whole, alone, counted, and let go of? Real ones, on both."""

from __future__ import annotations

import gc
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from itertools import islice
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine as Database
from sqlalchemy import Pool, create_engine, event, make_url, select, text, update
from sqlalchemy.pool import NullPool, QueuePool, SingletonThreadPool

from handleflow import Engine
from handleflow.acts import Classify, Receive
from handleflow.errors import StoreError
from handleflow.stores._schema import tables
from handleflow.stores.sql import SqlStore, prepare_sqlite
from handleflow.verification import verify
from tests.beginnings import OFFICE
from tests.databases import fresh_postgres
from tests.driven import heard
from tests.markers import POSTGRES
from tests.promises.faults.children import RECORDED_AT, RULES, fill

S = tables().suggestions
RECEIVE = Receive("Lamps", "Deputy B")
MANY = 40
"""More than the connections a pool lends."""


@pytest.fixture(scope="module", autouse=True)
def _what_lives_is_walked_once() -> Iterator[None]:
    """Thousands of collected tests live meanwhile: to walk them before each of these takes a third of a second."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture(autouse=True)
def _no_collector() -> Iterator[None]:
    """What is let go of is let go of by name: the collector would hide what hangs on a traceback."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.fixture(params=["sqlite", POSTGRES])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database with two suggestions."""
    return prepared(request.param, tmp_path)


def prepared(kind: str, folder: Path) -> str:
    """Of its kind; the server knows who opens it by the folder's name."""
    where = str(folder / "a.db")
    if kind == "postgres":
        named = make_url(fresh_postgres()).update_query_dict({"application_name": folder.name[:60]})
        where = named.render_as_string(hide_password=False)
    with closing(SqlStore(where)) as store:
        Engine(store, [RULES])
        fill(store, 2)
    return where


def classify(engine: Engine, category: str, id: str = "0000") -> None:
    engine.execute(id, Classify(category), by=OFFICE, at=RECORDED_AT)


def opened(where: str) -> int:
    """How many connections the operating system or the server knows of."""
    if "://" not in where:
        found = [each.readlink() for each in Path("/proc/self/fd").iterdir() if each.is_symlink()]
        return found.count(Path(where).resolve())
    named = make_url(where).query["application_name"]
    query = text("SELECT count(*) FROM pg_stat_activity WHERE application_name = :named")
    database = create_engine(make_url(where).update_query_dict({"application_name": "counting"}), poolclass=NullPool)
    with database.connect() as connection:
        return int(connection.scalar(query, {"named": named}) or 0)


def none_is_left(where: str) -> bool:
    """Whether all are closed; a server takes a moment to see it."""
    return any(opened(where) == 0 for _ in range(1_000))


def hosts(where: str, pool: type[Pool] = QueuePool, **how: Any) -> Database:
    """A host's own engine."""
    made = create_engine(where if "://" in where else f"sqlite:///{where}", poolclass=pool, **how)
    if made.dialect.name == "sqlite":
        prepare_sqlite(made)
    return made


def is_closed(driven: Any) -> bool:
    if isinstance(driven, psycopg.Connection):
        return driven.closed
    try:
        return bool(driven.total_changes < 0)
    except sqlite3.ProgrammingError:
        return True


def is_in_transaction(driven: Any) -> bool:
    if isinstance(driven, psycopg.Connection):
        return driven.info.transaction_status != psycopg.pq.TransactionStatus.IDLE
    return bool(driven.in_transaction)


@pytest.fixture
def store(where: str) -> Iterator[SqlStore]:
    with closing(SqlStore(where)) as store:
        yield store


def used(store: SqlStore) -> Any:
    """The driver's connection that the next act would use."""
    with store._drive() as hand:
        return hand.cursor.connection  # type: ignore[attr-defined]  # the driver's, of a store that is not bound


class TestCounting:
    """How many there are."""

    def test_act_after_act_goes_over_one_connection(self, where: str, store: SqlStore) -> None:
        engine, driven = Engine(store, [RULES]), used(store)
        for n in range(20):
            classify(engine, f"c{n}")

        assert (used(store) is driven, opened(where)) == (True, 1)

    def test_queries_between_acts_open_no_second_one(self, where: str, store: SqlStore) -> None:
        engine = Engine(store, [RULES])
        for n in range(5):
            classify(engine, f"c{n}")
            store.digest()
            assert len(tuple(store.snapshots())) == 2

        assert opened(where) == 1

    def test_fifty_threads_that_come_and_go_leave_no_more_than_one(self, where: str, store: SqlStore) -> None:
        engine = Engine(store, [RULES])
        for n in range(50):
            thread = threading.Thread(target=classify, args=(engine, f"c{n}"))
            thread.start()
            thread.join()

        assert (opened(where), engine.look_up("0000").category) == (1, "c49")

    def test_threads_at_once_open_no_more_than_a_pool_lends_and_all_are_closed_with_the_store(
        self, where: str
    ) -> None:
        with closing(SqlStore(where)) as store:
            gate = threading.Barrier(MANY)

            def read(_: int) -> int:
                gate.wait()
                return max(len(store.history("0000")) for _ in range(20))

            with ThreadPoolExecutor(MANY) as threads:
                lengths = set(threads.map(read, range(MANY)))
            most = opened(where)

        assert (lengths, most <= 15, none_is_left(where)) == ({4}, True, True)

    @pytest.mark.parametrize("iterate", [SqlStore.numbered, SqlStore.ids, SqlStore.snapshots, verify])
    def test_iterators_read_half_way_keep_no_connection(
        self, where: str, store: SqlStore, iterate: Callable[[SqlStore], Iterator[Any]]
    ) -> None:
        engine = Engine(store, [RULES])
        store.digest()
        with store._connect(writes=True) as connection:
            connection.execute(update(S).where(S.c.id == "0000").values(title="changed behind its back"))
        half = [iterate(store) for _ in range(MANY)]
        assert [len(list(islice(one, 1))) for one in half] == [1] * MANY
        classify(engine, "roads")

        assert (opened(where), engine.look_up("0000").category) == (1, "roads")

    def test_a_store_that_is_closed_leaves_none_and_may_be_used_again(self, where: str) -> None:
        store = SqlStore(where)
        engine = Engine(store, [RULES])
        for category in ("roads", "water"):
            classify(engine, category)
            assert store.load("0000").category == category  # type: ignore[union-attr]  # it is there
            store.close()
            assert none_is_left(where)

    def test_one_in_use_while_another_thread_closes_the_store_is_closed_when_it_comes_back(self, where: str) -> None:
        store = SqlStore(where)
        is_open, is_disposed = threading.Event(), threading.Event()

        def read() -> None:
            with store._drive():
                is_open.set()
                is_disposed.wait()

        reading = threading.Thread(target=read)
        reading.start()
        is_open.wait()
        store.close()
        is_disposed.set()
        reading.join()

        assert none_is_left(where)


class TestBreakingOff:
    """Where an act ends early nothing is written, and nobody meets its connection as it was left."""

    PLACES = (("sqlite", "BEGIN"), ("sqlite", "UPDATE"), ("sqlite", "INSERT"), ("sqlite", "COMMIT"))

    @pytest.mark.parametrize(("kind", "place"), [*PLACES, pytest.param("postgres", "COMMIT", marks=POSTGRES.marks)])
    @pytest.mark.parametrize("error", [KeyboardInterrupt, MemoryError, sqlite3.OperationalError])
    def test_wherever_an_act_breaks_off_nothing_is_written_and_the_next_one_is_recorded(
        self, tmp_path: Path, kind: str, place: str, error: type[BaseException]
    ) -> None:
        where, met = prepared(kind, tmp_path), list[Any]()
        if kind == "postgres" and error is sqlite3.OperationalError:
            error = psycopg.OperationalError

        def executed(driven: Any, said: str, _: Any = None) -> None:
            if said.startswith(place) and not met:
                met.append(driven)
                raise error("here")

        found = StoreError if issubclass(error, (sqlite3.Error, psycopg.Error)) else error
        with heard(executed, lambda driven: executed(driven, "COMMIT")), closing(SqlStore(where)) as store:
            engine = Engine(store, [RULES])
            met.clear()
            used(store)
            before = store.history("0000")
            with pytest.raises(found, match="here"):
                classify(engine, "roads")
            is_left_whole = is_closed(met[0]) or not is_in_transaction(met[0])

            assert (is_left_whole, is_closed(met[0])) == (True, error is KeyboardInterrupt)
            assert store.history("0000") == before
            classify(engine, "water")
            assert (store.history("0000")[-1].event, tuple(verify(store))) == (Classify("water"), ())
            assert opened(where) == 1
        assert none_is_left(where)

    def test_a_writer_that_does_not_get_its_turn_is_told_so_and_goes_on_when_it_does(self, tmp_path: Path) -> None:
        where = prepared("sqlite", tmp_path)
        database = hosts(where)
        event.listen(database, "connect", lambda driven, _: driven.execute("PRAGMA busy_timeout=0"))
        with closing(SqlStore(database, max_idle=4)) as store, closing(sqlite3.connect(where)) as other:
            engine = Engine(store, [RULES])
            classify(engine, "roads")
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreError, match="locked"):
                classify(engine, "lamps")
            other.rollback()
            classify(engine, "water")

            assert [e.event for e in store.history("0000")[-2:]] == [Classify("roads"), Classify("water")]

    @pytest.mark.database
    def test_a_statement_the_server_cancels_leaves_its_connection_fit_for_the_next(self, tmp_path: Path) -> None:
        url = make_url(prepared("postgres", tmp_path))
        options = f"{url.query['options']} -cstatement_timeout=300"
        where = url.update_query_dict({"options": options}).render_as_string(hide_password=False)
        other = hosts(url.render_as_string(hide_password=False))
        with closing(SqlStore(where)) as store:
            engine = Engine(store, [RULES])
            classify(engine, "roads")
            with other.connect() as holding:
                holding.execute(update(S).where(S.c.id == "0000").values(title="held"))
                with pytest.raises(StoreError, match="statement timeout"):
                    classify(engine, "lamps")
            other.dispose()
            classify(engine, "water")

            assert [e.event for e in store.history("0000")[-2:]] == [Classify("roads"), Classify("water")]
            assert opened(where) == 1

    def test_when_one_was_closed_from_outside_one_act_fails_and_the_next_has_a_new_one(self, where: str) -> None:
        with closing(SqlStore(where)) as store:
            engine = Engine(store, [RULES])
            with ExitStack() as left:
                several = [left.enter_context(store._drive()).cursor for _ in range(3)]  # type: ignore[attr-defined]
                driven = [cursor.connection for cursor in several]
            for one in driven:
                end(where, one)
            with pytest.raises(StoreError):
                classify(engine, "lamps")
            classify(engine, "water")

            assert (engine.look_up("0000").category, all(map(is_closed, driven))) == ("water", True)

    def test_one_that_cannot_be_opened_is_told_so_and_is_opened_the_next_time(self, where: str) -> None:
        database, fails = hosts(where), [False, False]

        def connect(*_: Any) -> None:
            if fails.pop(0):
                raise KeyboardInterrupt

        with closing(SqlStore(database, max_idle=4)) as store:
            engine = Engine(store, [RULES])
            database.dispose()
            fails[:] = [True, False, False, False]
            event.listen(database, "do_connect", connect)
            with pytest.raises(KeyboardInterrupt):
                store.load("0000")
            classify(engine, "water")

            assert engine.look_up("0000").category == "water"


def end(where: str, driven: Any) -> None:
    """Close a connection behind the store's back."""
    if isinstance(driven, sqlite3.Connection):
        driven.close()
        return
    with closing(psycopg.connect(**create_engine(where).dialect.create_connect_args(make_url(where))[1])) as other:
        assert other.execute("SELECT pg_terminate_backend(%s, 10000)", [driven.info.backend_pid]).fetchone() == (
            True,
        )


class TestOneUserAtATime:
    """Nobody is handed one that somebody uses."""

    def test_a_history_read_while_an_append_is_open_in_the_same_thread_is_what_was_committed(
        self, store: SqlStore
    ) -> None:
        before = store.history("0000"), store.load("0000")
        with store._drive(writes=True) as hand:
            hand.exec_driver_sql("UPDATE handleflow_suggestions SET title = 'half'", ())
            within = store.history("0000"), store.load("0000")

        assert within == before

    def test_two_open_blocks_of_one_thread_have_two_connections(self, store: SqlStore) -> None:
        with store._drive() as first, store._drive() as second:
            assert first.cursor.connection is not second.cursor.connection  # type: ignore[attr-defined]

    def test_what_was_read_half_way_keeps_nothing_from_sqlites_writers_when_the_block_has_ended(
        self, tmp_path: Path
    ) -> None:
        where = prepared("sqlite", tmp_path)
        with closing(SqlStore(where)) as store, closing(sqlite3.connect(where, timeout=0)) as other:
            with store._drive() as hand:
                assert hand.exec_driver_sql("SELECT number FROM handleflow_entries", ()).fetchone() == (1,)
                other.execute("UPDATE handleflow_suggestions SET title = 'new'")
                other.commit()
                is_busy_within = other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            is_busy_after = other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]

        assert (is_busy_within, is_busy_after) == (1, 0)

    def test_no_two_threads_are_on_one_connection_at_once(self, where: str) -> None:
        owners, mixed = dict[Any, int](), list[str]()

        def executed(driven: Any, said: str, _: Any) -> None:
            if said.startswith("BEGIN"):
                owners[driven] = threading.get_ident()
            elif owners.get(driven, threading.get_ident()) != threading.get_ident():
                mixed.append(said)

        with (
            heard(executed, lambda driven: owners.pop(driven, None)),
            closing(SqlStore(where)) as store,
            ThreadPoolExecutor(8) as threads,
        ):
            engine = Engine(store, [RULES])

            def act(n: int) -> None:
                engine.execute(f"0{n}", RECEIVE, by=OFFICE, at=RECORDED_AT)

            list(threads.map(act, range(100, 180)))
            ids = set(store.ids())

        assert (mixed, len(ids)) == ([], 82)


def title_of(database: Database) -> str | None:
    """The title that stands beside the history."""
    with database.connect() as connection:
        return connection.scalar(select(S.c.title).where(S.c.id == "0000"))


class TestHosts:
    """A host's own engine lends as it always did, unless the host says otherwise."""

    @pytest.mark.parametrize(
        ("pool", "how"),
        [
            pytest.param(QueuePool, {"pool_size": 1, "max_overflow": 0, "pool_timeout": 0.5}, id="one and no more"),
            pytest.param(QueuePool, {}, id="five and ten more"),
            pytest.param(NullPool, {}, id="none"),
            pytest.param(SingletonThreadPool, {}, id="one a thread"),
        ],
    )
    def test_its_pool_is_asked_for_every_act_and_given_back_all(
        self, where: str, pool: type[Pool], how: dict[str, Any]
    ) -> None:
        database, heard_of = hosts(where, pool, **how), list[str]()
        store = SqlStore(database)
        engine = Engine(store, [RULES])
        for said in ("checkout", "checkin"):
            event.listen(database, said, lambda *_, said=said: heard_of.append(said))
        for category in ("roads", "water"):
            classify(engine, category)
            with database.connect() as connection:
                assert connection.scalar(text("SELECT count(*) FROM handleflow_suggestions")) == 2
        store.close()

        assert heard_of == ["checkout", "checkin"] * 6
        assert pool is SingletonThreadPool or none_is_left(where)

    @pytest.mark.parametrize(
        ("pool", "how", "kept"),
        [
            pytest.param(QueuePool, {}, 1, id="five"),
            pytest.param(
                QueuePool, {"pool_size": 1, "max_overflow": 0, "pool_timeout": 0.5}, 0, id="one and no more"
            ),
            pytest.param(
                QueuePool, {"pool_size": 2, "max_overflow": 0, "pool_timeout": 0.5}, 1, id="two and no more"
            ),
            pytest.param(SingletonThreadPool, {}, 0, id="one a thread"),
        ],
    )
    def test_told_to_keep_some_ready_a_store_leaves_one_to_who_asks_the_pool(
        self, where: str, pool: type[Pool], how: dict[str, Any], kept: int
    ) -> None:
        database, out = hosts(where, pool, **how), set[object]()
        event.listen(database, "checkout", lambda _, record, __: out.add(record))
        event.listen(database, "checkin", lambda _, record: out.discard(record))
        with closing(SqlStore(database, max_idle=9)) as store:
            engine = Engine(store, [RULES])
            for category in ("roads", "water"):
                classify(engine, category)
                assert len(out) == kept
                with database.connect() as connection:
                    assert connection.scalar(text("SELECT count(*) FROM handleflow_suggestions")) == 2

    def test_those_kept_ready_are_closed_when_the_host_disposes_of_its_engine(self, where: str) -> None:
        database = hosts(where)
        store = SqlStore(database, max_idle=4)
        classify(Engine(store, [RULES]), "roads")
        database.dispose()

        assert none_is_left(where)

    @pytest.mark.parametrize("max_idle", [0, 4])
    def test_one_that_is_given_back_begins_transactions_for_the_host_as_before(
        self, where: str, max_idle: int
    ) -> None:
        database = hosts(where)
        with closing(SqlStore(database, max_idle=max_idle)) as store:
            engine = Engine(store, [RULES])
            classify(engine, "roads")
            title = engine.look_up("0000").title
            with pytest.raises(RuntimeError), store._drive():
                raise RuntimeError
            with database.connect() as connection:
                connection.execute(update(S).values(title="half"))
                connection.rollback()

            assert title_of(database) == title

    def test_a_store_told_to_keep_none_gives_every_one_back(self, where: str) -> None:
        with closing(SqlStore(where, max_idle=0)) as store:
            classify(Engine(store, [RULES]), "roads")

            assert store._database.pool.checkedout() == 0  # type: ignore[attr-defined]  # a QueuePool


FORKS = """
import gc, os, sys, threading
from contextlib import closing
from handleflow import Engine
from handleflow.acts import Classify, Receive
from handleflow.stores.sql import SqlStore
from handleflow.verification import verify
from tests.beginnings import OFFICE
from tests.promises.faults.children import RULES, RECORDED_AT

def driven():
    with store._drive() as hand:
        return hand.cursor.connection

def act(id, category):
    engine.execute(id, Classify(category), by=OFFICE, at=RECORDED_AT)

def files():
    found = os.listdir("/proc/self/fd")
    return {(n, os.readlink(f"/proc/self/fd/{n}")) for n in found if os.path.lexists(f"/proc/self/fd/{n}")}

def write():
    with store._drive(writes=True) as hand:
        parents.append(hand.cursor.connection)
        hand.exec_driver_sql("UPDATE handleflow_meta SET value = value", ())
        begun.set()
        forked.wait()

store = SqlStore(sys.argv[1])
engine = Engine(store, [RULES])
act("0000", "before")
parents, begun, forked = [], threading.Event(), threading.Event()
writing = threading.Thread(target=write, daemon=True)
writing.start()
begun.wait()
mine = driven()
parents.append(mine)
child = os.fork()
if child == 0:
    inherited = files()
    assert not any(driven() is one for one in parents)
    parents = mine = None
    assert store.history("0000")[-1].event == Classify("before")
    store.close()
    gc.collect()
    assert inherited <= files()
    sys.exit(86)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 86
assert driven() is mine
forked.set()
writing.join()
act("0000", "after")
again = os.fork()
if again == 0:
    inherited, parents, mine = files(), None, None
    act("0001", "child")
    store.close()
    gc.collect()
    assert inherited <= files()
    sys.exit(86)
assert os.waitstatus_to_exitcode(os.waitpid(again, 0)[1]) == 86
act("0001", "parent")
assert any(driven() is one for one in parents)
assert [e.event.category for e in store.history("0001")[-2:]] == ["child", "parent"]
assert [e.event.category for e in store.history("0000")[-2:]] == ["before", "after"]
assert tuple(verify(store)) == ()
store.close()
"""


@pytest.mark.process
def test_a_forked_child_opens_its_own_and_leaves_its_parents_and_what_its_parent_had_begun_alone(where: str) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", FORKS, where], capture_output=True, text=True, check=False, timeout=120
    )

    assert (done.returncode, done.stderr) == (0, "")
