"""Who folds anew, verifies and acts at once? Forced at named points, by real second connections."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, event, text

from handleflow import Engine, MemoryStore
from handleflow.acts import Classify
from handleflow.engine import rebuild
from handleflow.store import Batch, DerivedRows, Store
from handleflow.stores.sql import SqlStore, prepare_sqlite
from handleflow.verification import verify
from tests.beginnings import OFFICE
from tests.databases import fresh_postgres
from tests.driven import heard
from tests.markers import POSTGRES
from tests.promises.tampering import engine_on, forge, lived

Meanwhile = Callable[[str], object]


def hooked(base: type[Any]) -> type[Any]:
    """A store that lets something happen at the named points of folding anew and of verifying."""

    class Hooked(base):  # type: ignore[misc]  # of either kind
        before_rebuild: Meanwhile = staticmethod(bool)
        after_derived_rows: Meanwhile = staticmethod(bool)

        def rebuild(self, batch: Batch) -> bool:
            self.before_rebuild(batch.id)
            return bool(super().rebuild(batch))

        def derived_rows(self, id: str) -> DerivedRows | None:
            found: DerivedRows | None = super().derived_rows(id)
            self.after_derived_rows(id)
            return found

    return Hooked


def place(kind: str, tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'a.db'}" if kind == "sqlite" else fresh_postgres()


@pytest.fixture(params=["sqlite", POSTGRES])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return place(request.param, tmp_path)


@pytest.fixture
def two(where: str) -> Iterator[tuple[Any, SqlStore]]:
    """A store in a database with hooks, and the same place by another connection."""
    with closing(hooked(SqlStore)(where)) as store, closing(SqlStore(where)) as other:
        yield store, other


@pytest.fixture(params=["memory", "sqlite", POSTGRES])
def stores(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Any, Store]]:
    """The same, and a store in memory, which is its own second connection."""
    if request.param == "memory":
        store = hooked(MemoryStore)()
        yield store, store
        return
    url = place(request.param, tmp_path)
    with closing(hooked(SqlStore)(url)) as store, closing(SqlStore(url)) as other:
        yield store, other


@pytest.fixture
def postgres() -> str:
    return fresh_postgres()


def sorting(engine: Engine) -> Meanwhile:
    """Sorts a suggestion anew each time it is called."""
    numbers = count()

    def sort(id: str) -> None:
        n = next(numbers)
        engine.execute(id, Classify(f"c{n}", is_key=bool(n % 2)), by=OFFICE)

    return sort


def once(act: Meanwhile, tried: list[str]) -> Meanwhile:
    """*act*, the first time it comes to suggestion ``1``; *tried* tells what it came to."""

    def meanwhile(id: str) -> None:
        tried.append(id)
        if tried.count("1") == 1 and id == "1":
            act(id)

    return meanwhile


class TestRebuilding:
    """No act is lost to it, and it stops at nothing."""

    def test_an_act_between_folding_and_writing_stays_and_its_suggestion_is_come_back_to(
        self, stores: tuple[Any, Store]
    ) -> None:
        store, other = stores
        engine = lived(store)
        tried = list[str]()
        store.before_rebuild = once(sorting(engine_on(other)), tried)
        rebuilt = rebuild(engine)

        assert (tried, rebuilt.left) == (["1", "2", "3", "1"], ())
        assert (engine.look_up("1").category, engine.look_up("1").version, list(verify(store))) == ("c0", 5, [])
        assert engine.execute("1", Classify("roads"), by=OFFICE).version == 6

    def test_one_that_is_written_each_time_is_left_and_named_and_stops_no_other(
        self, stores: tuple[Any, Store]
    ) -> None:
        store, other = stores
        engine = lived(store)
        sort = sorting(engine_on(other))
        store.before_rebuild = lambda its: its == "1" and sort(its)
        rebuilt = rebuild(engine)

        assert [(id, "load it again and decide again" in why) for id, why in rebuilt.left] == [("1", True)]
        assert list(verify(store)) == []

    @pytest.mark.database
    def test_an_act_that_commits_while_it_waits_is_not_overwritten(self, postgres: str) -> None:
        """The rebuild has folded the history as it was before the act, and waits for the act's row."""
        host = create_engine(postgres)
        with closing(SqlStore(postgres)) as store, ThreadPoolExecutor() as pool:
            engine = lived(store)
            forge(postgres, "{set} title = 'Gates' WHERE id = '1'")
            with host.begin() as connection:
                engine_on(SqlStore(host).bind(connection)).execute("1", Classify("roads"), by=OFFICE)
                folding = pool.submit(rebuild, engine)
                waits_for_a_row(postgres)
            rebuilt = folding.result()

            assert (rebuilt.changed, rebuilt.left, list(verify(store))) == (("1",), (), [])
            assert (engine.look_up("1").category, engine.look_up("1").version) == ("roads", 5)
            assert engine.execute("1", Classify("water"), by=OFFICE).version == 6
        host.dispose()

    def test_two_at_once_leave_nothing_out_and_stop_at_nothing(self, two: tuple[Any, SqlStore], where: str) -> None:
        store, _ = two
        engine, gate = lived(store), threading.Barrier(2)
        forge(where, "UPDATE {p}suggestions SET title = 'Gates', version = 9")
        store.before_rebuild = lambda _: gate.wait()
        with ThreadPoolExecutor() as pool:
            both = [each.result() for each in [pool.submit(rebuild, engine) for _ in range(2)]]

        assert [rebuilt.left for rebuilt in both] == [(), ()]
        assert sorted(id for rebuilt in both for id in rebuilt.changed) == ["1", "2", "3"]
        assert list(verify(store)) == []


def waits_for_a_row(where: str) -> None:
    """Returns when some connection waits for another one's transaction."""
    database = create_engine(where)
    with database.connect() as connection:
        waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype IN ('transactionid', 'tuple')")
        while not connection.scalar(waiting):
            connection.rollback()
    database.dispose()


class TestVerifying:
    """What others write meanwhile is no fault, wherever they write it."""

    def test_an_act_after_each_reading_of_a_suggestion_is_no_fault(self, stores: tuple[Any, Store]) -> None:
        store, other = stores
        lived(store)
        store.after_derived_rows = sorting(engine_on(other))

        assert list(verify(store)) == []
        assert [len(other.history(id)) for id in "123"] == [6, 6, 3]

    def test_an_act_after_each_statement_of_it_is_no_fault(self, where: str) -> None:
        host, acted = create_engine(where), list[str]()
        with closing(SqlStore(where)) as other:
            sort = sorting(lived(other))

            def executed(_: Any, statement: str, __: Any) -> None:
                if statement.lstrip().startswith(("SELECT", "WITH")):
                    acted.append(statement)
                    sort("1")

            if host.dialect.name == "sqlite":
                prepare_sqlite(host)
            store = SqlStore(host)
            with heard(executed, on=host):
                faults = list(verify(store))

            assert (faults, len(acted) > 10) == ([], True)
            assert len(other.history("1")) == 4 + len(acted)
        host.dispose()

    def test_what_is_mended_while_it_is_looked_at_is_no_fault(self, where: str, two: tuple[Any, SqlStore]) -> None:
        """Seen once it looks wrong; looked at again it is not."""
        store, other = two
        lived(store)
        forge(where, "UPDATE {p}suggestions SET wakes_at = NULL WHERE id = '1'")
        store.after_derived_rows = once(lambda _: rebuild(engine_on(other)), [])

        assert list(verify(store)) == []

    def test_an_entry_forged_while_it_is_looked_at_is_found(self, where: str, two: tuple[Any, SqlStore]) -> None:
        store, _ = two
        lived(store)
        store.after_derived_rows = once(lambda _: forge(where, "{set} snapshot = '' WHERE id = '2'"), [])

        assert [fault.id for fault in verify(store)] == ["2"]


class TestNumbering:
    """The pass that gives positions: one at a time, in the outbox's order, and no further than what was recorded."""

    @pytest.mark.database
    def test_of_two_at_once_the_second_waits_for_the_first(self, postgres: str) -> None:
        host = create_engine(postgres)
        with closing(SqlStore(postgres)) as store, ThreadPoolExecutor() as pool:
            lived(store)
            second = list[Any]()

            def executed(_: Any, statement: str, __: Any) -> None:
                if statement.startswith("INSERT INTO handleflow_feed") and not second:
                    second.append(pool.submit(store.feed))
                    waits_for_a_row(postgres)

            with heard(executed, on=host):
                first = SqlStore(host).feed()

            assert (second[0].result(), len(first)) == (first, 9)
        host.dispose()

    def test_it_ends_though_somebody_writes_before_each_turn(self, where: str) -> None:
        host, turns = create_engine(where), count(1)
        if host.dialect.name == "sqlite":
            prepare_sqlite(host)
        store = SqlStore(host)
        with closing(SqlStore(where)) as other:
            sort = sorting(lived(other))

            def connected(*_: object) -> None:
                assert next(turns) < 9, "it goes on for ever"
                sort("1")

            event.listen(host, "checkout", connected)
            position = store.digest().position
        host.dispose()

        assert position == 9 + 2

    def test_positions_follow_the_outbox_in_whatever_order_rows_are_read(self, where: str) -> None:
        """SQLite can read backwards what was not asked for in an order; PostgreSQL does after rows were moved."""
        host = create_engine(where)
        if host.dialect.name == "sqlite":
            prepare_sqlite(host)
            event.listen(host, "connect", lambda driven, _: driven.execute("PRAGMA reverse_unordered_selects=ON"))
        store = SqlStore(host)
        lived(store)
        if host.dialect.name == "postgresql":
            for seq in range(9, 0, -1):
                forge(where, "UPDATE {p}outbox SET seq = seq WHERE seq = :seq", seq=seq)
        found = [(item.suggestion_id, item.entry.number) for item in store.feed()]

        assert [[number for id, number in found if id == one] for one in "123"] == [[1, 2, 3, 4], [1, 2, 3, 4], [1]]
        assert found[:3] == [("1", 1), ("1", 2), ("1", 3)]
        host.dispose()
