"""What is left when machines fail? Processes that die, connections that break, disks that are full; no mocks."""

from __future__ import annotations

import re
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, select, text, update
from sqlalchemy import Engine as Database

from handleflow import Engine
from handleflow.acts import Classify, MergeWith, Receive, RecordContact
from handleflow.core import replay
from handleflow.errors import NotAStore, StaleSuggestion, StoreError, UnreadableLedger
from handleflow.ledgers import take_over
from handleflow.stores._schema import SCHEMA_VERSION
from handleflow.stores.sql import SqlStore, prepare_sqlite
from handleflow.verification import verify
from tests.beginnings import OFFICE, WATER
from tests.databases import fresh_postgres, postgres_server
from tests.driven import heard
from tests.promises.faults import children
from tests.promises.faults.children import (
    DIED,
    PAGE,
    RECORDED_AT,
    RULES,
    Start,
    T,
    each_once,
    family,
    fill,
    rungs_said,
    spoken,
)
from tests.sizes import DUE_AT_ONCE

pytestmark = [pytest.mark.process, pytest.mark.database]

MANY, TIMES, THREADS = DUE_AT_ONCE, 500, 32
SORTED = (Classify, Receive)


@pytest.fixture
def start() -> Iterator[Start]:
    with family() as start:
        yield start


@pytest.fixture(params=["sqlite", "postgres"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database with two suggestions that are due, and their rulebook."""
    return prepared(fresh_postgres() if request.param == "postgres" else str(tmp_path / "a.db"))


@pytest.fixture
def postgres() -> str:
    return prepared(fresh_postgres())


def prepared(where: str, many: int = 2) -> str:
    with closing(SqlStore(where)) as store:
        Engine(store, [RULES])
        fill(store, many)
    return where


@pytest.fixture(scope="module")
def thousands() -> str:
    """A PostgreSQL schema with two thousand suggestions that are due, all numbered in the feed."""
    where = prepared(fresh_postgres(), MANY)
    with closing(SqlStore(where)) as store:
        store.digest()
    return where


def everything(where: str) -> list[list[Any]]:
    """Every row of every table."""
    with closing(SqlStore(where)) as store, store._database.connect() as connection:
        tables = T.metadata.sorted_tables
        return [list(connection.execute(select(t).order_by(*t.primary_key))) for t in tables if t is not T.meta]


ACTS: dict[Callable[[Engine], None], set[str]] = {
    children.receives: {"INSERT suggestions", "INSERT private", "INSERT keys"},
    children.merges: {"UPDATE suggestions", "INSERT keys"},
    children.speaks: {"UPDATE suggestions", "INSERT firing_keys"},
}
"""What processes die of, and what each must at least have written."""


def deaths(start: Start, where: str, work: Callable[[Engine], None]) -> Iterator[tuple[bool, list[str]]]:
    """Whether a process that did *work* died, and what it had written; one process after another until one lives."""
    for nth in count(1):
        child = start(children.dies, where, work, nth)
        written = child.read_line()
        is_dead = child.ended() == DIED
        yield is_dead, written
        if not is_dead:
            return


class TestCrash:
    """A process dies in the middle of an act: after each statement that writes, in turn, and at the commit."""

    @pytest.mark.parametrize("work", ACTS, ids=lambda work: work.__name__)
    def test_nothing_of_an_act_is_left_wherever_it_dies_and_asked_anew_it_is_recorded(
        self, where: str, start: Start, work: Callable[[Engine], None]
    ) -> None:
        before, lines = everything(where), list[list[str]]()
        for is_dead, written in deaths(start, where, work):
            lines.append(written)

            assert (everything(where) == before) == is_dead, written
        *dead, at_the_commit, lived = lines
        steps = [lived[:n] for n in range(1, len(lived) + 1)]
        is_one_statement = "://" in where and work is not children.merges
        with closing(SqlStore(where)) as store:
            assert (dead, at_the_commit) == (([], ["COMMIT"]) if is_one_statement else (steps, [*lived, "COMMIT"]))
            assert ACTS[work] | {"INSERT entries", "INSERT outbox"} <= set(lived)
            assert tuple(verify(store)) == ()

    @pytest.mark.parametrize("work", [children.receives, children.merges], ids=lambda work: work.__name__)
    def test_who_heard_nothing_of_an_act_asks_anew_under_its_key_and_it_is_recorded_once(
        self, where: str, start: Start, work: Callable[[Engine], None]
    ) -> None:
        lived = start(children.dies, where, work, 99)
        assert (lived.read_line() != [], lived.ended()) == (True, 0)
        before = everything(where)
        with closing(SqlStore(where)) as store:
            work(Engine(store, [RULES]))

        assert everything(where) == before


class TestSweeping:
    """Several clocks on one PostgreSQL, ten thousand suggestions due."""

    def test_of_three_clocks_one_is_killed_and_every_rung_is_said_once(self, thousands: str, start: Start) -> None:
        where = children.copied(thousands, fresh_postgres())
        victim = start(children.sweeps_aloud, where)
        others = [start(children.sweeps, where, host) for host in "bc"]
        heard = [victim.read_line() for _ in range(100)]
        exitcode, left = victim.killed(), rungs_said(where)
        for other in others:
            other.read_line()

        assert (len(heard), exitcode, 0 < left.total() < MANY) == (100, -signal.SIGKILL, True)
        assert (rungs_said(where), set(spoken(where).values())) == (each_once(MANY), {1})

    def test_four_clocks_at_once_speak_of_every_suggestion_once_between_them(
        self, thousands: str, start: Start, record_property: Callable[[str, object], None]
    ) -> None:
        """
        Each goes its own way. How much of their work is done twice is recorded as a property of this test: about two
        thirds where all began at one place and walked in step.
        """
        where = children.copied(thousands, fresh_postgres())
        clocks = [start(children.sweeps, where, host) for host in "abcd"]
        lines = [clock.read_line() for clock in clocks]
        said, stale = sum(len(ids) for ids, _ in lines), sum(late for _, late in lines)
        record_property("said", said)
        record_property("stale", stale)
        record_property("share_of_stale_among_attempts", round(stale / (said + stale), 3))

        assert (rungs_said(where), set(spoken(where).values())) == (each_once(MANY), {1})
        assert (said, sorted(id for ids, _ in lines for id in ids)) == (MANY, [f"{n:04}" for n in range(MANY)])


class TestTogether:
    """Several writers, one suggestion or many."""

    def test_what_two_processes_write_to_one_suggestion_is_recorded_once_or_refused_as_stale(
        self, where: str, start: Start
    ) -> None:
        writers = [start(children.writes, where, name, TIMES) for name in "ab"]
        lines = [writer.read_line() for writer in writers]
        with closing(SqlStore(where)) as store:
            events = [entry.event for entry in store.history("0000")]
            faults = tuple(verify(store))
        written = [event.category for event in events if isinstance(event, Classify)]

        assert [len(recorded) + len(stale) for recorded, stale in lines] == [TIMES, TIMES]
        assert Counter(written) == Counter(category for recorded, _ in lines for category in recorded)
        assert [sorted(c for c in written if c and c in recorded) for recorded, _ in lines] == [
            sorted(r) for r, _ in lines
        ]
        assert faults == ()

    def test_of_what_thirty_two_threads_write_through_one_engine_nothing_is_lost_or_doubled(self, where: str) -> None:
        recorded = list[tuple[str, str]]()
        with closing(SqlStore(where)) as store:
            engine = Engine(store, [RULES])

            def work(thread: int) -> None:
                for id in (f"t{thread}", "0000"):
                    act = Classify(f"{id}-{thread}") if store.load(id) else Receive(f"{id}-{thread}", "Deputy A")
                    with suppress(StaleSuggestion):
                        engine.execute(id, act, by=OFFICE, at=RECORDED_AT)
                        recorded.append((id, f"{id}-{thread}"))

            failed = in_threads(work)
            histories = {id: store.history(id) for id in store.ids()}
            suggestions, faults = (
                {suggestion.id: suggestion for suggestion in store.snapshots()},
                tuple(verify(store)),
            )
        events = [
            (id, entry.event) for id, entries in histories.items() for entry in entries if entry.at == RECORDED_AT
        ]
        said = [(id, word_of(event)) for id, event in events if isinstance(event, SORTED)]

        assert (failed, faults, sorted(said)) == ([], (), sorted(recorded))
        assert {id for id, _ in recorded} == {"0000", *(f"t{n}" for n in range(THREADS))}
        assert {id: replay(id, entries) for id, entries in histories.items()} == suggestions


def word_of(event: Classify | Receive) -> str | None:
    """What a thread wrote."""
    return event.category if isinstance(event, Classify) else event.title


def in_threads(work: Callable[[int], None]) -> list[BaseException]:
    """*work* in thirty-two threads that begin together, each with its number; what went wrong in them."""
    gate, failed = threading.Barrier(THREADS), list[BaseException]()

    def begin(thread: int) -> None:
        gate.wait()
        try:
            work(thread)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=begin, args=(n,)) for n in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failed


@contextmanager
def disposed(where: str) -> Iterator[Database]:
    """A host's own engine, which lets go of its connections in the end."""
    database = create_engine(where if "://" in where else f"sqlite:///{where}")
    if database.dialect.name == "sqlite":
        prepare_sqlite(database)
    yield database
    database.dispose()


def backend(connection: Connection) -> int:
    """The process of the server that serves a connection."""
    driven: Any = connection.connection.dbapi_connection
    return int(driven.info.backend_pid)


@pytest.fixture
def host(postgres: str) -> Iterator[tuple[Database, SqlStore]]:
    """A host's own engine on PostgreSQL, and a store in it."""
    with disposed(postgres) as database:
        yield database, SqlStore(database)


@contextmanager
def terminating_at(database: Database, statement: str, where: str) -> Iterator[Callable[[], bool]]:
    """Ends the host's connection once, from another one, just after such a statement; asks whether it has."""
    done = threading.Event()

    def end(driven: Any) -> None:
        done.set()
        other = create_engine(where)
        with other.connect() as asking:
            assert asking.scalar(text("SELECT pg_terminate_backend(:pid, 10000)"), {"pid": driven.info.backend_pid})
        other.dispose()

    def executed(driven: Any, said: str, _: Any) -> None:
        if said.startswith(statement) and not done.is_set():
            end(driven)

    def committing(driven: Any) -> None:
        if statement == "COMMIT" and not done.is_set():
            end(driven)

    with heard(executed, committing, on=database):
        yield done.is_set


HELD = "pg_advisory_xact_lock(86)"
HOLDS = f"""
CREATE FUNCTION held() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM {HELD}; RETURN NEW; END';
CREATE TRIGGER held BEFORE INSERT ON {{table}} FOR EACH ROW EXECUTE FUNCTION held()
"""


@contextmanager
def terminating_within(where: str, table: str) -> Iterator[None]:
    """Ends the connection that first writes a row into a table, in the midst of its statement."""
    with disposed(where) as other, other.connect() as holding, other.connect() as asking:
        holding.execute(text(HOLDS.format(table=table)))
        holding.commit()
        holding.execute(text(f"SELECT {HELD}"))

        def end() -> None:
            waiting = text("SELECT pid FROM pg_locks WHERE NOT granted AND locktype = 'advisory'")
            while (pid := asking.scalar(waiting)) is None:
                asking.rollback()
            assert asking.scalar(text("SELECT pg_terminate_backend(:pid, 10000)"), {"pid": pid})
            holding.rollback()

        ending = threading.Thread(target=end)
        ending.start()
        yield
        ending.join()
        holding.execute(text("DROP FUNCTION held() CASCADE"))
        holding.commit()


CUT = ["SELECT clock.at", "UPDATE handleflow_suggestions", "INSERT INTO handleflow_entries"]
CUT += ["INSERT INTO handleflow_outbox", "INSERT INTO handleflow_keys", "COMMIT"]


class TestBrokenConnection:
    """PostgreSQL ends a connection in the middle."""

    @pytest.mark.parametrize("statement", CUT)
    def test_the_caller_hears_of_it_nothing_is_half_written_and_the_next_call_works(
        self, postgres: str, host: tuple[Database, SqlStore], statement: str
    ) -> None:
        before = everything(postgres)
        database, store = host
        engine = Engine(store, [RULES])
        with terminating_at(database, statement, postgres) as is_cut, pytest.raises(StoreError) as caught:
            engine.execute("0000", MergeWith("0001"), by=OFFICE, at=RECORDED_AT, key="k")
        left = everything(postgres)
        engine.execute("0000", MergeWith("0001"), by=OFFICE, at=RECORDED_AT, key="k")

        assert (is_cut(), left == before, isinstance(caught.value, StaleSuggestion)) == (True, True, False)
        assert ([e.kind for e in store.history("0000")].count("merged"), tuple(verify(store))) == (1, ())

    @pytest.mark.parametrize("table", ["entries", "outbox", "keys"])
    def test_of_an_act_that_is_one_statement_nothing_is_left_either_and_the_next_call_works(
        self, postgres: str, host: tuple[Database, SqlStore], table: str
    ) -> None:
        before = everything(postgres)
        engine, called = Engine(host[1], [RULES]), RecordContact("during", text="of the pipes")
        with terminating_within(postgres, f"handleflow_{table}"), pytest.raises(StoreError) as caught:
            engine.execute("0000", called, by=WATER, at=RECORDED_AT, key="k")
        left = everything(postgres)
        engine.execute("0000", called, by=WATER, at=RECORDED_AT, key="k")

        assert (left == before, isinstance(caught.value, StaleSuggestion)) == (True, False)
        assert ([e.kind for e in host[1].history("0000")].count("contact_recorded"), tuple(verify(host[1]))) == (
            1,
            (),
        )

    def test_a_host_whose_own_transaction_is_cut_hears_of_it_and_nothing_of_it_is_kept(
        self, postgres: str, host: tuple[Database, SqlStore]
    ) -> None:
        before = everything(postgres)
        database, store = host
        with (
            terminating_at(database, "WITH", postgres) as is_cut,
            pytest.raises(StoreError),
            database.begin() as connection,
        ):
            Engine(store.bind(connection), [RULES]).execute("0000", Classify("roads"), by=OFFICE, at=RECORDED_AT)

        assert (is_cut(), everything(postgres) == before) == (True, True)

    def test_a_clock_whose_connection_is_cut_goes_on_with_the_next_suggestion(
        self, postgres: str, host: tuple[Database, SqlStore]
    ) -> None:
        _, store = host
        engine = Engine(store, [RULES])
        with terminating_within(postgres, "handleflow_firing_keys"):
            swept = engine.sweep(at=RECORDED_AT)
        again = engine.sweep(at=RECORDED_AT)

        assert ([id for id, _ in swept.failed], {id for id, _ in swept.said}) == (["0000"], {"0001"})
        assert ({id for id, _ in again.said}, rungs_said(postgres)) == ({"0000"}, each_once(2))


@pytest.fixture
def file(tmp_path: Path) -> str:
    """An SQLite file with two suggestions."""
    return prepared(str(tmp_path / "file.db"))


class TestDisk:
    """An SQLite file that cannot be written, or has no room."""

    def test_a_read_only_file_is_read_and_every_writer_is_told_so(self, file: str) -> None:
        with closing(SqlStore(file)) as store:
            history, digest = store.history("0000"), store.digest()
        with closing(SqlStore(f"sqlite:///file:{file}?mode=ro&uri=true", create=False)) as store:
            engine = Engine(store, [RULES])
            with pytest.raises(StoreError, match="readonly"):
                engine.execute("0000", Classify("roads"), by=OFFICE, at=RECORDED_AT)
            with pytest.raises(StoreError, match="readonly"):
                store.advance("reader", 1)

            assert (store.history("0000"), store.digest(), tuple(verify(store))) == (history, digest, ())

    def test_a_read_only_file_that_should_be_made_a_store_is_named(self, tmp_path: Path) -> None:
        create_engine(f"sqlite:///{tmp_path / 'empty.db'}").connect().close()
        with pytest.raises(NotAStore, match="readonly"):
            SqlStore(f"sqlite:///file:{tmp_path / 'empty.db'}?mode=ro&uri=true")

    def test_when_the_disk_is_full_the_caller_is_told_nothing_is_lost_and_with_room_it_goes_on(
        self, file: str
    ) -> None:
        database = create_engine(f"sqlite:///{file}")
        prepare_sqlite(database)
        store = SqlStore(database)
        engine, recorded = Engine(store, [RULES]), 0
        pages = limit_pages(database, 8)
        with pytest.raises(StoreError, match="full"):  # noqa: PT012  which of them finds it full is for the disk to say
            while True:
                engine.execute("0000", Classify("roads" * 50), by=OFFICE, at=RECORDED_AT)
                recorded += 1
        full = [entry.kind for entry in store.history("0000")].count("classified"), tuple(verify(store))
        limit_pages(database, pages + 1_000)
        engine.execute("0000", Classify("water"), by=OFFICE, at=RECORDED_AT)

        assert full == (recorded, ())
        assert (recorded > 0, engine.look_up("0000").category, tuple(verify(store))) == (True, "water", ())
        store.close()


def limit_pages(database: Database, more: int) -> int:
    """Leave SQLite room for so many more pages in this connection; how many there are."""
    with database.connect() as connection:
        pages = int(connection.exec_driver_sql("PRAGMA page_count").scalar_one())
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + more}")
    return pages


class TestFeed:
    """Readers that die, and writers that commit late."""

    def test_a_reader_that_is_killed_and_started_again_skips_nothing(self, where: str, start: Start) -> None:
        times = 300
        with closing(SqlStore(where)) as store:
            until = store.digest().position + times
        start(children.receives_many, where, times)
        first = start(children.reads, where, "reader", until)
        lines = [first.read_line() for _ in range(3 * PAGE + 7)]
        exitcode = first.killed()
        lines.extend(first.lines_before_it_ended())
        again = list(start(children.reads, where, "reader", until).lines_before_it_ended())
        with closing(SqlStore(where)) as store:
            whole = [(item.position, item.key) for item in store.feed(limit=10_000)]

        assert (exitcode, len(whole)) == (-signal.SIGKILL, until)
        assert sorted({*lines, *again}) == whole
        assert 0 <= len(lines) + len(again) - len(whole) <= PAGE

    def test_what_commits_late_is_missed_by_who_reads_numbers_and_not_by_who_reads_the_feed(
        self, postgres: str, host: tuple[Database, SqlStore]
    ) -> None:
        database, store = host
        naive, seen = Naive(database), store.digest().position
        naive.read()
        with database.begin() as late, database.connect() as early:
            receive(store, late, "late")
            with early.begin():
                receive(store, early, "early")
            by_number, by_feed = naive.read(), store.feed(seen)
        by_number_later, by_feed_later = naive.read(), store.feed(seen + len(by_feed))

        assert (by_number, by_number_later) == (["early"], [])
        assert [[item.suggestion_id for item in items] for items in (by_feed, by_feed_later)] == [["early"], ["late"]]
        assert tuple(verify(store)) == ()

    def test_the_entries_of_one_suggestion_stay_in_order_when_two_hosts_write_them_at_once(
        self, postgres: str, host: tuple[Database, SqlStore]
    ) -> None:
        database, store = host
        seen = store.digest().position
        with database.connect() as first, database.connect() as second:
            for connection in (first, second):
                connection.begin()
            hosts = [Engine(store.bind(connection), [RULES]) for connection in (first, second)]
            hosts[0].execute("0000", Classify("a"), by=OFFICE, at=RECORDED_AT)
            hosts[1].execute("0001", Classify("b"), by=OFFICE, at=RECORDED_AT)
            pid, who_and_when = backend(second), {"by": OFFICE, "at": RECORDED_AT}
            waiting = threading.Thread(target=hosts[1].execute, args=("0000", Classify("c")), kwargs=who_and_when)
            waiting.start()
            until_it_waits(postgres, pid)
            hosts[0].execute("0000", Classify("d"), by=OFFICE, at=RECORDED_AT)
            first.commit()
            waiting.join()
            between = store.feed(seen)
            second.commit()
        items = store.feed(seen)
        categories = [i.entry.event.category for i in items if isinstance(i.entry.event, Classify)]

        assert ({item.suggestion_id for item in between}, items[:2]) == ({"0000"}, between)
        assert (categories, [i.entry.number for i in items if i.suggestion_id == "0000"]) == (list("adbc"), [5, 6, 7])
        assert tuple(verify(store)) == ()


def receive(store: SqlStore, connection: Connection, id: str) -> None:
    """A suggestion taken in, in a host's own transaction."""
    Engine(store.bind(connection), [RULES]).execute(id, Receive("Lamps", "Deputy B"), by=OFFICE, at=RECORDED_AT)


class Naive:
    """A reader that goes on from the highest number it saw, as one would who trusted a sequence."""

    def __init__(self, database: Database) -> None:
        self._database, self._last = database, 0

    def read(self) -> list[str]:
        seq = T.outbox.c.seq
        with self._database.connect() as connection:
            rows = connection.execute(select(T.outbox).where(seq > self._last).order_by(seq)).all()
        self._last = max([self._last, *(row.seq for row in rows)])
        return [row.suggestion_id for row in rows]


def until_it_waits(where: str, pid: int) -> None:
    """Ask PostgreSQL until that connection waits for a lock."""
    query = text("SELECT count(*) FROM pg_stat_activity WHERE pid = :pid AND wait_event_type = 'Lock'")
    database = create_engine(where)
    with database.connect() as connection:
        for _ in range(100_000):
            if connection.scalar(query, {"pid": pid}):
                break
            connection.rollback()
        else:
            raise AssertionError("it never waited")
    database.dispose()


class TestClearErrors:
    """A place that is no store, and a file that is no ledger."""

    @pytest.mark.parametrize(
        ("place", "words"),
        [
            ("postgresql://nobody@127.0.0.1:1/none", "cannot be opened as a store"),
            ("postgresql://nobody@127.0.0.1:port/none", "is no database URL"),
            ("postgresql+nodriver://nobody@127.0.0.1/none", "cannot be opened as a store"),
            ("nonsense://x", "Can't load plugin"),
            ("http://127.0.0.1/store", "Can't load plugin"),
            ("sqlite:////no/such/folder/a.db", "unable to open database file"),
            ("", "is no file"),
        ],
    )
    def test_a_wrong_url_is_named_with_what_is_wrong(self, place: str, words: str) -> None:
        with pytest.raises(NotAStore, match=words):
            SqlStore(place)

    def test_a_database_or_a_schema_that_is_not_there_is_named(self) -> None:
        server = create_engine(postgres_server()).url.set(drivername="postgresql+psycopg", database="nowhere")
        with pytest.raises(NotAStore, match="nowhere"):
            SqlStore(server.render_as_string(hide_password=False))
        with disposed(fresh_postgres()) as database, pytest.raises(NotAStore, match="no_such_schema"):
            SqlStore(database, schema="no_such_schema")

    @pytest.mark.parametrize(
        "name", ["x; DROP TABLE handleflow_entries; --", 'a"b', "a'b", "a b", "1a", "", "ä", "a" * 31]
    )
    def test_a_prefix_or_schema_that_is_no_plain_name_never_reaches_the_database(self, where: str, name: str) -> None:
        with pytest.raises(NotAStore, match="is no prefix for tables"):
            SqlStore(where, prefix=name)
        with pytest.raises(NotAStore, match="is no schema for tables"):
            SqlStore(where, schema=name)

    @pytest.mark.parametrize(
        ("version", "words"),
        [("1", "handleflow upgrade --store"), ("99", "a newer handleflow wrote it"), ("?", "schema version ?")],
    )
    def test_a_store_of_another_schema_version_is_named_and_left_as_it_is(
        self, where: str, version: str, words: str
    ) -> None:
        before, named = everything(where), T.meta.c.name == "schema_version"
        with disposed(where) as database:
            with database.begin() as connection:
                connection.execute(update(T.meta).where(named).values(value=version))
            with pytest.raises(NotAStore, match=re.escape(words)):
                SqlStore(database)
            with database.begin() as connection:
                assert connection.scalar(select(T.meta.c.value).where(named)) == version
                connection.execute(update(T.meta).where(named).values(value=str(SCHEMA_VERSION)))

        assert everything(where) == before

    @pytest.mark.parametrize("taken", [b"\xff\xfe\xff", "标题".encode() + b"\xff", b"title\n\x80\x80\xff"])
    def test_a_ledger_that_is_no_text_is_named_and_nothing_of_it_is_taken_in(
        self, where: str, tmp_path: Path, taken: bytes
    ) -> None:
        ledger, before = tmp_path / "ledger.csv", everything(where)
        ledger.write_bytes(taken)
        unread = pytest.raises(UnreadableLedger, match="neither UTF-8 nor GBK text")
        with closing(SqlStore(where)) as store, unread:
            take_over(Engine(store, [RULES]), ledger, by=OFFICE)

        assert everything(where) == before
