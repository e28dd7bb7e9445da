"""Does a forked child read and write what it asks for, whoever's engine it is? Real processes, on both databases."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select, update

from handleflow import Engine
from handleflow.acts import Classify
from handleflow.errors import StoreError, WrongSuggestion
from handleflow.stores._schema import tables
from handleflow.stores.sql import SqlStore
from tests.beginnings import OFFICE
from tests.databases import fresh_postgres
from tests.markers import POSTGRES
from tests.promises.faults.children import RECORDED_AT, RULES, fill

S = tables().suggestions


@pytest.fixture(params=["sqlite", POSTGRES])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database with a few suggestions."""
    return prepared(fresh_postgres() if request.param == "postgres" else str(tmp_path / "a.db"))


@pytest.fixture
def postgres() -> str:
    return prepared(fresh_postgres())


def prepared(where: str) -> str:
    with closing(SqlStore(where)) as store:
        Engine(store, [RULES])
        fill(store, 6)
    return where


BEGIN = """
import os, signal, sys
from handleflow import Engine
from handleflow.acts import Classify
from handleflow.errors import StoreError
from handleflow.stores.sql import SqlStore
from handleflow.verification import verify
from sqlalchemy import create_engine
from tests.beginnings import OFFICE
from tests.promises.faults.children import RULES, RECORDED_AT

def act(engine, id, category):
    engine.execute(id, Classify(category), by=OFFICE, at=RECORDED_AT)

def ended(child):
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
"""

TOGETHER = """
store = SqlStore(sys.argv[1], max_idle=int(sys.argv[2]))
engine = Engine(store, [RULES])
ids = sorted(store.ids())
ready, go = os.pipe()
children = []
for id in ids:
    store.load(id), store.due_count(RECORDED_AT)
    child = os.fork()
    if child == 0:
        signal.alarm(10)  # who is given another's answers may wait for ever
        os.close(go)
        os.read(ready, 1)
        try:
            for n in range(60):
                assert store.load(id).id == id
                assert {e.number for e in store.history(id)} == set(range(1, store.load(id).version + 1))
                if n % 20 == 0:
                    act(engine, id, f"{id}-{n}")
            assert tuple(store.ids()) == tuple(ids)
        except BaseException as error:
            print(repr(error), file=sys.stderr)
            os._exit(1)
        os._exit(86)
    children.append(child)
os.close(go)
assert [ended(child) for child in children] == [86] * len(ids)
for id in ids:
    assert [e.event.category for e in store.history(id)[-3:]] == [f"{id}-{n}" for n in (0, 20, 40)], id
assert tuple(verify(store)) == ()
store.close()
"""

MIXED = """
database = create_engine(sys.argv[1], pool_size=1, max_overflow=0)  # a host's, left as it is in a child
store = SqlStore(database)
engine = Engine(store, [RULES])
attempt = {"load": lambda: store.load("0001"), "act": lambda: act(engine, "0001", "child")}[sys.argv[2]]
store.load("0000")
asked, hear = os.pipe()
child = os.fork()
if child == 0:
    os.read(asked, 1)
    try:
        attempt()
    except StoreError as error:
        print(type(error).__name__, flush=True)
    os._exit(86)
shared = database.raw_connection().driver_connection.pgconn
# Asked by the parent, and answered to whoever reads first: the child.
columns = b"timezone('UTC', statement_timestamp()), version, last_hash, rebuilt, snapshot_version, snapshot"
shared.send_query_params(b"SELECT " + columns + b" FROM handleflow_suggestions WHERE id = $1", [b"0000"])
shared.flush()
os.write(hear, b".")
assert ended(child) == 86
os._exit(0)
"""


def ran(script: str, *more: str) -> subprocess.CompletedProcess[str]:
    args = [sys.executable, "-W", "ignore", "-c", BEGIN + script, *more]
    return subprocess.run(args, capture_output=True, text=True, check=False, timeout=120)


@pytest.mark.process
@pytest.mark.parametrize("max_idle", ["4", "0"])
def test_children_of_a_process_that_has_opened_its_store_read_and_write_each_its_own(
    where: str, max_idle: str
) -> None:
    done = ran(TOGETHER, where, max_idle)

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.process
@pytest.mark.database
@pytest.mark.parametrize("attempt", ["load", "act"])
def test_where_a_hosts_engine_is_left_as_it_is_an_answer_to_another_question_is_named_and_nothing_is_written(
    postgres: str, attempt: str
) -> None:
    done = ran(MIXED, postgres, attempt)

    assert (done.returncode, done.stdout.split(), done.stderr) == (0, ["WrongSuggestion"], "")
    with closing(SqlStore(postgres)) as store:
        assert [store.history(id)[-1].kind for id in ("0000", "0001")] == ["accepted"] * 2


class TestAnothersSnapshot:
    """What is read under one id and says another is handed to nobody."""

    @pytest.fixture
    def engine(self, where: str) -> Iterator[Engine]:
        with closing(SqlStore(where)) as store:
            with store._connect(writes=True) as connection:
                other = connection.scalar(select(S.c.snapshot).where(S.c.id == "0000"))
                connection.execute(update(S).where(S.c.id == "0001").values(snapshot=other))
            yield Engine(store, [RULES])

    def test_it_is_a_named_error_to_load_it_by_itself_and_among_others(self, engine: Engine) -> None:
        for attempt in (lambda: engine.look_up("0001"), lambda: engine.store.load_many(["0000", "0001"])):
            with pytest.raises(WrongSuggestion, match="asked for suggestion '0001' and answered with '0000'"):
                attempt()

    def test_an_act_on_it_is_written_to_neither(self, engine: Engine) -> None:
        with pytest.raises(StoreError):
            engine.execute("0001", Classify("roads"), by=OFFICE, at=RECORDED_AT)

        assert [engine.store.history(id)[-1].kind for id in ("0000", "0001")] == ["accepted"] * 2
