"""Does each guard of concurrency hold by itself? Second connections at named points, on both databases."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event, insert, make_url, text, update
from sqlalchemy import Engine as Database

from handleflow import Engine
from handleflow.acts import Classify, MergeWith
from handleflow.errors import StaleSuggestion, StoreError
from handleflow.store import Batch
from handleflow.stores._schema import tables
from handleflow.stores.sql import SqlStore
from handleflow.testing._lives import adding
from tests.beginnings import OFFICE
from tests.databases import fresh_postgres
from tests.driven import heard
from tests.markers import POSTGRES
from tests.promises.faults.children import RECORDED_AT, RULES, fill
from tests.promises.test_embedding import NOTES, OWN
from tests.promises.test_faults import backend, disposed, everything, until_it_waits

S = tables().suggestions
IDS = ("0000", "0001")


@pytest.fixture(params=["sqlite", POSTGRES])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database with three suggestions."""
    return prepared(fresh_postgres() if request.param == "postgres" else str(tmp_path / "a.db"))


@pytest.fixture
def postgres() -> str:
    return prepared(fresh_postgres())


@pytest.fixture
def file(tmp_path: Path) -> str:
    return prepared(str(tmp_path / "a.db"))


def prepared(where: str) -> str:
    with closing(SqlStore(where)) as store:
        Engine(store, [RULES])
        fill(store, 3)
    return where


def decided(store: SqlStore, id: str) -> Batch:
    """What an act adds, decided on the newest version."""
    return adding(store, id, Classify("roads"))


@pytest.mark.parametrize("changed", [{"version": 9}, {"last_hash": "0" * 64}], ids=["version", "hash"])
@pytest.mark.parametrize("ids", [IDS[:1], IDS], ids=["one", "several"])
def test_what_was_decided_on_another_version_or_another_hash_writes_no_row(
    where: str, ids: tuple[str, ...], changed: dict[str, Any]
) -> None:
    with closing(SqlStore(where)) as store:
        batches = [decided(store, id) for id in ids]
        with disposed(where) as other, other.begin() as connection:
            connection.execute(update(S).where(S.c.id == IDS[0]).values(changed))
        before = everything(where)
        with pytest.raises(StaleSuggestion):
            store.append(*batches)

    assert everything(where) == before


@pytest.mark.parametrize("max_idle", [0, 4])
@pytest.mark.parametrize("turn", [1, -1], ids=["one way", "the other"])
def test_two_suggestions_are_taken_in_one_order_whichever_merges_the_other(
    where: str, max_idle: int, turn: int
) -> None:
    taken = list[str]()

    def executed(_: Any, said: str, params: Any) -> None:
        if said.startswith("UPDATE handleflow_suggestions"):
            for each in params if isinstance(params, list) else [params]:
                values = each.values() if isinstance(each, dict) else each
                taken.extend(id for id in IDS if id in values)

    one, other = IDS[::turn]
    with heard(executed), closing(SqlStore(where, max_idle=max_idle)) as store:
        Engine(store, [RULES]).execute(one, MergeWith(other), by=OFFICE, at=RECORDED_AT)

    assert taken == list(IDS)


class TestTurns:
    """On SQLite a writer has its turn from its first word on: one that began as a reader could only fail."""

    @pytest.mark.parametrize("max_idle", [0, 4])
    @pytest.mark.parametrize("way", ["an append", "a cursor", "a host's own"])
    def test_from_its_begin_on_nobody_else_begins_to_write(self, file: str, max_idle: int, way: str) -> None:
        met = list[str]()

        def executed(_: Any, said: str, __: Any = None) -> None:
            if said.startswith("BEGIN") and not met:
                with closing(sqlite3.connect(file, timeout=0, isolation_level=None)) as other:
                    try:
                        other.execute("BEGIN IMMEDIATE")
                    except sqlite3.OperationalError as error:
                        met.append(str(error))
                    else:
                        met.append("it began too")

        with disposed(file) as database:
            store = SqlStore(database, max_idle=max_idle)
            batch = decided(store, IDS[0])
            with heard(executed, on=database):
                if way == "an append":
                    store.append(batch)
                elif way == "a cursor":
                    store.advance("reader", 1)
                else:
                    with database.begin() as connection:
                        connection.execute(update(S).values(title="a host's"))

        assert met == ["database is locked"]


# deadlocks, and transactions that cannot be put in a row


TWO_LOCKS = """
CREATE FUNCTION held() RETURNS trigger LANGUAGE plpgsql AS
'BEGIN PERFORM pg_advisory_xact_lock(85); PERFORM pg_advisory_xact_lock(86); RETURN NEW; END';
CREATE TRIGGER held BEFORE INSERT ON handleflow_entries FOR EACH ROW EXECUTE FUNCTION held()
"""


def with_options(where: str, *options: str) -> str:
    """The same database, where each connection is set so."""
    url = make_url(where)
    found = " ".join([str(url.query["options"]), *(f"-c{option}" for option in options)])
    return url.update_query_dict({"options": found}).render_as_string(hide_password=False)


@pytest.mark.database
class TestBrokenOff:
    """PostgreSQL breaks off one of two that stand in each other's way."""

    def test_an_act_that_is_broken_off_in_a_deadlock_is_decided_again(self, postgres: str) -> None:
        """It has a row and waits for a lock, while who has the lock waits for the row; it is the last to wait."""
        patient = with_options(postgres, "deadlock_timeout=60s")
        with disposed(patient) as others, others.connect() as pausing, others.connect() as holding:
            pausing.execute(text(TWO_LOCKS))
            pausing.commit()
            pausing.execute(text("SELECT pg_advisory_xact_lock(85)"))
            holding.execute(text("SELECT pg_advisory_xact_lock(86)"))
            with closing(Tried(with_options(postgres, "deadlock_timeout=100ms"))) as store:
                acting = acts_in_a_thread(store)
                until_they_wait(others, 1)
                wanting = threading.Thread(target=holding.execute, args=(update(S).values(title="held"),))
                wanting.start()
                until_they_wait(others, 2)
                pausing.rollback()
                wanting.join()
                holding.rollback()
                acting.join()

                assert (store.tries > 1, store.history(IDS[0])[-1].event) == (True, Classify("roads"))

    def test_an_act_that_cannot_be_put_in_a_row_is_decided_again(self, postgres: str) -> None:
        with disposed(postgres) as others, others.connect() as holding:
            holding.execute(update(S).where(S.c.id == IDS[0]).values(title="new"))
            where = with_options(postgres, r"default_transaction_isolation=repeatable\ read")
            with closing(Tried(where)) as store:
                acting = acts_in_a_thread(store)
                until_they_wait(others, 1)
                holding.commit()
                acting.join()

                assert (store.tries, store.history(IDS[0])[-1].event) == (2, Classify("roads"))

    def test_in_a_hosts_transaction_a_deadlock_is_told_at_once_and_the_other_goes_on(self, postgres: str) -> None:
        with disposed(with_options(postgres, "deadlock_timeout=100ms")) as database:
            OWN.create_all(database)
            store, said = SqlStore(database), list[str]()
            with database.connect() as second, database.connect() as first:  # the first lets go first
                bound = [
                    in_its_own_transaction(store, each, id) for each, id in zip((first, second), IDS, strict=True)
                ]
                second.execute(text("SET LOCAL deadlock_timeout = '60s'"))
                second_pid = backend(second)
                who_and_when = {"by": OFFICE, "at": RECORDED_AT}
                waiting = threading.Thread(target=bound[1].execute, args=(IDS[0], Classify("c")), kwargs=who_and_when)
                waiting.start()
                until_it_waits(postgres, second_pid)
                event.listen(first, "before_cursor_execute", lambda *found: said.append(found[2]))
                with pytest.raises(StoreError, match="deadlock detected") as caught:
                    bound[0].execute(IDS[1], Classify("d"), by=OFFICE, at=RECORDED_AT)
                first.rollback()
                waiting.join()
                second.commit()

            assert (type(caught.value), sum(one.startswith("WITH") for one in said)) == (StoreError, 1)
            assert [store.history(id)[-1].event for id in IDS] == [Classify("c"), Classify("own 0001")]

    def test_in_a_hosts_transaction_what_cannot_be_put_in_a_row_is_told_at_once(self, postgres: str) -> None:
        with disposed(with_options(postgres, r"default_transaction_isolation=repeatable\ read")) as database:
            store, said = SqlStore(database), list[str]()
            with database.connect() as connection:
                connection.begin()
                bound = Engine(store.bind(connection), [RULES])
                bound.look_up(IDS[0])
                Engine(store, [RULES]).execute(IDS[0], Classify("won"), by=OFFICE, at=RECORDED_AT)
                event.listen(connection, "before_cursor_execute", lambda *found: said.append(found[2]))
                with pytest.raises(StoreError, match="could not serialize") as caught:
                    bound.execute(IDS[0], Classify("lost"), by=OFFICE, at=RECORDED_AT)

            assert (type(caught.value), sum(one.startswith("WITH") for one in said)) == (StoreError, 1)


class Tried(SqlStore):
    """A store that counts how often it was asked to append."""

    tries = 0

    def append(self, *batches: Batch) -> None:
        self.tries += 1
        super().append(*batches)


def acts_in_a_thread(store: SqlStore) -> threading.Thread:
    who_and_when = {"by": OFFICE, "at": RECORDED_AT}
    acting = threading.Thread(
        target=Engine(store, [RULES]).execute, args=(IDS[0], Classify("roads")), kwargs=who_and_when
    )
    acting.start()
    return acting


def until_they_wait(database: Database, many: int) -> None:
    """Ask PostgreSQL until so many wait for a lock."""
    query = text("SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted")
    with database.connect() as connection:
        while connection.scalar(query) != many:
            connection.rollback()


def in_its_own_transaction(store: SqlStore, connection: Connection, id: str) -> Engine:
    """A host that has begun, and has written to one suggestion."""
    connection.begin()
    connection.execute(insert(NOTES).values(text=id))
    bound = Engine(store.bind(connection), [RULES])
    bound.execute(id, Classify(f"own {id}"), by=OFFICE, at=RECORDED_AT)
    return bound
