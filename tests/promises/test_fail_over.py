"""Does a store go on at once when its server was away for a moment? One call hears of it, and no more."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing

import pytest
from sqlalchemy import create_engine, make_url, text

from handleflow import Engine, HandleflowError, Request
from handleflow.acts import Classify, MergeWith
from handleflow.errors import StoreError
from handleflow.stores.sql import SqlStore
from handleflow.verification import verify
from tests.beginnings import OFFICE
from tests.databases import fresh_postgres
from tests.promises.faults.children import RECORDED_AT, RULES, fill

pytestmark = pytest.mark.database

CALLS: dict[str, Callable[[Engine], object]] = {
    "an act": lambda engine: engine.execute("0000", Classify("roads"), by=OFFICE, at=RECORDED_AT),
    "a merge": lambda engine: engine.execute("0000", MergeWith("0001"), by=OFFICE, at=RECORDED_AT),
    "a history": lambda engine: engine.history("0001"),
    "a query": lambda engine: engine.store.due_count(RECORDED_AT),
    "a cursor": lambda engine: engine.store.advance("reader", 1),
    "a feed": lambda engine: engine.store.feed(),
}
"""All ways a store goes to its database, by connections that are idle, by those of the pool, and by SQLAlchemy."""


@pytest.fixture
def where() -> str:
    """A database with three suggestions; the server knows who opens it by the name of its schema."""
    url = make_url(fresh_postgres())
    named = url.update_query_dict({"application_name": str(url.query["options"]).rpartition("=")[2]})
    where = named.render_as_string(hide_password=False)
    with closing(SqlStore(where)) as store:
        Engine(store, [RULES])
        fill(store, 3)
    return where


@pytest.fixture(params=["its own", "a host's", "a host's with idle ones"])
def store(request: pytest.FixtureRequest, where: str) -> Iterator[SqlStore]:
    """A store on an engine of each kind."""
    idle = 4 if request.param == "a host's with idle ones" else 0
    opened = SqlStore(where) if request.param == "its own" else SqlStore(create_engine(where), max_idle=idle)
    with closing(opened) as store:
        yield store


def warmed(store: SqlStore, many: int = 5) -> Engine:
    """An engine, when as many connections are open and nobody uses them."""
    engine = Engine(store, [RULES])  # at first: what it asks lets go of the idle ones
    with ExitStack() as open_ones:
        for _ in range(many):
            open_ones.enter_context(store._drive()).exec_driver_sql("SELECT 1", ())
    return engine


def fail_over(where: str) -> int:
    """Let the server close all connections of a store, as one does that is restarted; how many there were."""
    name = make_url(where).query["application_name"]
    other = create_engine(make_url(where).update_query_dict({"application_name": "the administrator"}))
    ended = text(
        "SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity WHERE application_name = :name"
    )
    with other.connect() as connection:
        many = int(connection.scalar(ended, {"name": name}) or 0)
    other.dispose()
    return many


@pytest.mark.parametrize("noticed", CALLS)
def test_whichever_call_hears_of_it_every_call_after_it_works_at_once(
    where: str, store: SqlStore, noticed: str
) -> None:
    engine = warmed(store)

    assert fail_over(where) == 5
    with pytest.raises(StoreError):
        CALLS[noticed](engine)
    for call in CALLS.values():
        call(engine)
    assert tuple(verify(store)) == ()


@pytest.mark.parametrize("call", ["an act", "a merge", "a history", "a query", "a feed"])
def test_an_act_that_had_asked_for_no_commit_is_not_in_doubt(where: str, store: SqlStore, call: str) -> None:
    engine = warmed(store)
    fail_over(where)
    with pytest.raises(StoreError, match="nothing was written") as caught:
        CALLS[call](engine)

    assert type(caught.value) is StoreError


def test_one_in_use_meanwhile_is_not_used_again_when_it_comes_back(where: str) -> None:
    with closing(SqlStore(where)) as store:
        engine = warmed(store, 2)
        is_used, is_over = threading.Event(), threading.Event()

        def read() -> None:
            with store._drive() as hand:
                hand.exec_driver_sql("SELECT 1", ())
                is_used.set()
                is_over.wait()

        reading = threading.Thread(target=read)
        reading.start()
        is_used.wait()
        assert fail_over(where) == 2
        with pytest.raises(StoreError):
            engine.look_up("0000")
        is_over.set()
        reading.join()
        for call in CALLS.values():
            call(engine)


def test_many_acts_go_on_in_the_midst_of_it(where: str, store: SqlStore) -> None:
    engine = warmed(store)
    fail_over(where)
    found = engine.execute_many(
        [Request(f"000{n}", Classify("roads"), OFFICE, RECORDED_AT, 4, "k") for n in range(3)]
    )
    again = engine.execute_many(
        [Request(f"000{n}", Classify("roads"), OFFICE, RECORDED_AT, 4, "k") for n in range(3)]
    )

    assert not any(isinstance(each, HandleflowError) for each in (*found, *again))
    assert [e.kind for n in range(3) for e in store.history(f"000{n}")].count("classified") == 3


def test_a_sweep_speaks_of_all_but_one_in_the_midst_of_it(where: str, store: SqlStore) -> None:
    engine = warmed(store)
    before = engine.sweep(at=RECORDED_AT, limit=1)
    fail_over(where)
    with pytest.raises(StoreError):
        engine.sweep(at=RECORDED_AT)
    after = engine.sweep(at=RECORDED_AT)

    assert [len(sweep.said) for sweep in (before, after)] == [1, 2]
