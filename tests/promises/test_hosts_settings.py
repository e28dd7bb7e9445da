"""Does a host's own engine stay as the host set it, and is a connection refused on which nothing could be bound?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, create_engine, event, func, insert, select, text
from sqlalchemy import Engine as Database

from handleflow import Engine
from handleflow.acts import Accept, Assign, Classify, MergeWith, Receive
from handleflow.errors import NoTransaction
from handleflow.stores._schema import tables
from handleflow.stores.sql import SqlStore, prepare_sqlite
from handleflow.verification import verify
from tests.beginnings import OFFICE, WATER, instant, rulebook
from tests.databases import fresh_postgres
from tests.driven import heard
from tests.markers import POSTGRES
from tests.promises.test_embedding import NOTES, OWN, noted

RULES = rulebook(rung=[{"id": "urged", "term": "reply", "offset": "1 day", "channel": "written", "cite": "host"}])
T = tables()
BEGUN, LATE = instant("2026-02-10"), instant("2026-09-01")


def hosts(kind: str, folder: Path, **how: Any) -> Database:
    """A host's own engine, as it is set, on a database with a table of the host's."""
    made = create_engine(fresh_postgres() if kind == "postgres" else f"sqlite:///{folder / 'host.db'}", **how)
    OWN.create_all(made)
    return made


@pytest.fixture(params=["sqlite", POSTGRES])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=["of the engine", "of its options"])
def database(request: pytest.FixtureRequest, kind: str, tmp_path: Path) -> Iterator[Database]:
    """A host's own engine in autocommit mode, which says so in one of two ways."""
    how = {"isolation_level": "AUTOCOMMIT"}
    is_option = request.param == "of its options"
    made = hosts(kind, tmp_path, **({} if is_option else how))
    yield made.execution_options(**how) if is_option else made
    made.dispose()


def lived(store: SqlStore) -> Engine:
    """Acts of every kind: single ones, one that writes to two suggestions, the clock's, and a reader of the feed."""
    engine = Engine(store, [RULES])
    for id in "12":
        engine.execute(id, Receive("Pipes", "Deputy A"), by=OFFICE, at=BEGUN)
        engine.execute(id, Assign(("Water Bureau",)), by=OFFICE, at=BEGUN)
    engine.execute("1", MergeWith("2"), by=OFFICE, at=BEGUN)
    engine.sweep(at=LATE)
    store.advance("reader", len(store.feed()))
    return engine


READS: list[Callable[[SqlStore], object]] = [
    lambda store: store.load("1"),
    lambda store: store.history("1"),
    lambda store: store.digest(),
    lambda store: store.cursor("reader"),
    lambda store: store.advance("reader", 2),
    lambda store: tuple(store.ids()),
    lived,
]


class TestAutocommit:
    """An engine whose every statement is committed by itself."""

    @pytest.mark.parametrize("max_idle", [0, 4])
    @pytest.mark.parametrize("use", READS, ids=["load", "history", "digest", "cursor", "advance", "ids", "all of it"])
    def test_after_whatever_a_store_does_the_hosts_own_insert_stands(
        self, database: Database, max_idle: int, use: Callable[[SqlStore], object]
    ) -> None:
        store = SqlStore(database, max_idle=max_idle)
        use(store)
        for _ in range(3):
            with database.connect() as connection:
                connection.execute(insert(NOTES).values(text="no commit is asked for"))
        with database.connect() as connection:
            assert noted(connection) == 3

    def test_a_store_is_whole_there(self, database: Database) -> None:
        store = SqlStore(database)
        lived(store).execute("1", Accept(), by=WATER, at=LATE)

        assert (tuple(verify(store)), len(store.feed())) == ((), sum(len(store.history(id)) for id in "12"))

    def test_a_numbering_pass_that_is_broken_off_numbers_nothing_and_the_feed_goes_on(
        self, database: Database
    ) -> None:
        store = SqlStore(database)
        for id in "12":
            Engine(store, [RULES]).execute(id, Receive("Pipes", "Deputy A"), by=OFFICE)

        def breaks(_: Any, __: Any, said: str, *___: Any) -> None:
            if said.startswith("DELETE FROM handleflow_outbox"):
                raise MemoryError

        event.listen(database, "before_cursor_execute", breaks)
        with pytest.raises(MemoryError):
            store.feed()
        event.remove(database, "before_cursor_execute", breaks)
        with database.connect() as connection:
            numbered = connection.scalar(select(func.count()).select_from(T.feed))

        assert (numbered, [item.key for item in store.feed()], tuple(verify(store))) == (0, ["1/1", "2/1"], ())


@pytest.mark.database
@pytest.mark.parametrize("max_idle", [0, 4])
@pytest.mark.parametrize("use", READS, ids=["load", "history", "digest", "cursor", "advance", "ids", "all of it"])
def test_what_a_host_sets_on_each_connection_it_opens_stays_set(
    tmp_path: Path, max_idle: int, use: Callable[[SqlStore], object]
) -> None:
    database = hosts("postgres", tmp_path)

    def connect(driven: Any, _: Any) -> None:
        driven.isolation_level = psycopg.IsolationLevel.SERIALIZABLE

    event.listen(database, "connect", connect)
    database.dispose()
    store = SqlStore(database, max_idle=max_idle)
    use(store)
    with database.connect() as connection:
        found = connection.scalar(text("SHOW transaction_isolation"))
    database.dispose()

    assert found == "serializable"


@pytest.mark.parametrize("max_idle", [0, 4])
def test_where_a_hosts_pool_rolls_nothing_back_the_store_does(kind: str, tmp_path: Path, max_idle: int) -> None:
    database = hosts(kind, tmp_path, pool_reset_on_return=None)
    store = SqlStore(database, max_idle=max_idle)
    lived(store)
    Engine(store, [RULES]).execute("3", Receive("Lamps", "Deputy B"), by=OFFICE, at=LATE)
    before = store.history("1")

    def executed(_: Any, said: str, __: Any) -> None:
        if said.startswith("INSERT INTO handleflow_entries"):
            raise MemoryError

    with heard(executed, on=database):
        with pytest.raises(MemoryError):
            Engine(store, [RULES]).execute("1", MergeWith("3"), by=OFFICE, at=LATE)
        sort_from_elsewhere(database)

    assert store.history("1") == before
    database.dispose()


def sort_from_elsewhere(database: Database) -> None:
    """Write to every suggestion over another connection, which waits five seconds for whoever is in its way."""
    other = create_engine(database.url)
    with other.begin() as connection:
        if database.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL lock_timeout = '5s'"))
        connection.execute(T.suggestions.update().values(category="roads"))
    other.dispose()


# binding


class TestNoTransaction:
    """What is bound waits for its host's commit, or is refused."""

    @pytest.fixture
    def store(self, kind: str, tmp_path: Path) -> Iterator[SqlStore]:
        database = hosts(kind, tmp_path)
        if kind == "sqlite":
            prepare_sqlite(database)
            database.dispose()
        store = SqlStore(database)
        Engine(store, [RULES])
        yield store
        store.close()

    def test_a_connection_that_has_begun_nothing_is_refused(self, store: SqlStore) -> None:
        with store._database.connect() as connection:
            with pytest.raises(NoTransaction, match=r"in no transaction: begin one first"):
                store.bind(connection)
            connection.execute(insert(NOTES).values(text="begun by itself"))
            store.bind(connection).load("1")

    def test_a_closed_one_is_refused(self, store: SqlStore) -> None:
        with store._database.connect() as connection:
            connection.begin()
        with pytest.raises(NoTransaction):
            store.bind(connection)

    def test_one_whose_transaction_has_ended_is_refused_at_the_next_act_and_begins_no_other(
        self, store: SqlStore
    ) -> None:
        with store._database.connect() as connection:
            with connection.begin():
                bound = Engine(store.bind(connection), [RULES])
                bound.execute("1", Receive("Pipes", "Deputy A"), by=OFFICE)
            with pytest.raises(NoTransaction, match="bind a new store"):
                bound.look_up("1")
            with pytest.raises(NoTransaction, match="bind a new store"):
                bound.execute("1", Classify("roads"), by=OFFICE)

            assert not connection.in_transaction()
        assert [entry.kind for entry in store.history("1")] == ["received"]

    @pytest.mark.parametrize("begin", [Connection.begin, noted], ids=["begun", "used"])
    def test_one_in_autocommit_mode_is_refused_and_nothing_is_written(
        self, store: SqlStore, begin: Callable[[Connection], object]
    ) -> None:
        other = create_engine(store._database.url, isolation_level="AUTOCOMMIT")
        with other.connect() as connection:
            begin(connection)
            with pytest.raises(NoTransaction, match=r"autocommit mode|prepare_sqlite"):
                store.bind(connection)
        other.dispose()

        assert list(store.ids()) == []

    def test_an_sqlite_engine_nobody_prepared_is_refused_since_its_savepoints_would_commit(
        self, tmp_path: Path
    ) -> None:
        database = hosts("sqlite", tmp_path)
        store = SqlStore(database)
        with database.begin() as connection, pytest.raises(NoTransaction, match="prepare_sqlite"):
            store.bind(connection)
        database.dispose()


@pytest.mark.parametrize("use", [SqlStore.digest, lived], ids=["digest", "all of it"])
def test_an_sqlite_engine_nobody_prepared_writes_all_or_nothing_too(
    tmp_path: Path, use: Callable[[SqlStore], object]
) -> None:
    database = hosts("sqlite", tmp_path)
    store = SqlStore(database)
    use(store)
    with pytest.raises(RuntimeError), store._connect(writes=True) as connection:  # noqa: PT012  it ends the block
        connection.execute(insert(NOTES).values(text="half"))
        raise RuntimeError
    with database.connect() as connection:
        assert (noted(connection), tuple(verify(store))) == (0, ())
    database.dispose()
