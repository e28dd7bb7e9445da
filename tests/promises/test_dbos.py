"""Do several hosts share one clock and one post, though some of them die? A real DBOS, real files and servers."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, TypeVar

import pytest
from attrs import evolve, frozen
from dbos import DBOS, DBOSClient, DBOSConfig, EnqueueOptions, WorkflowHandle, WorkflowStatus, error
from sqlalchemy import Connection, create_engine, make_url

from handleflow import Engine, Entry, MemoryStore, Suggestion
from handleflow.acts import Accept, Assign, Receive
from handleflow.errors import NonsenseError, NoTransaction, StoreError
from handleflow.integrations.dbos import APPLICATION_VERSION, Delivery, Ownership, enqueue_wake, keep_watch
from handleflow.store import FeedItem
from handleflow.store.projection import build_batch
from handleflow.stores.sql import SqlStore, prepare_sqlite
from handleflow.verification import verify
from tests.beginnings import OFFICE, WATER, instant, rulebook
from tests.databases import fresh_postgres

pytestmark = [pytest.mark.process, pytest.mark.database]

RULES = rulebook(
    rung=[{"id": "urged", "term": "reply", "offset": "1 day", "channel": "written", "cite": "host"}],
)
BEGUN, RECORDED_AT = instant("2026-02-10"), instant("2026-06-01")
NEVER, EACH_SECOND = "0 0 29 2 *", "* * * * * *"
MANY, DIED, AT_MOST = 12, 86, 30.0
R = TypeVar("R")
SPAWN = multiprocessing.get_context("spawn")


@frozen
class Place:
    """Where a store and the tables of DBOS lie, and the page on which deliveries are noted; known to all hosts."""

    store: str
    config: DBOSConfig
    page: str

    def as_host(self, executor: str) -> Place:
        """The same as one host sees it."""
        return evolve(self, config={**self.config, "executor_id": executor})

    def engine(self, store: SqlStore) -> Engine:
        """An engine whose clock stands still, long after everything is due."""
        return Engine(store, [RULES], clock=lambda: RECORDED_AT)

    def note(self, item: FeedItem) -> None:
        """A delivery: one line by whoever delivered what; short lines are appended whole."""
        with Path(self.page).open("a") as page:
            page.write(f"{self.config.get('executor_id')} {item.key}\n")

    def noted(self) -> list[tuple[str, str]]:
        """Who delivered what, in order."""
        lines = Path(self.page).read_text().splitlines() if Path(self.page).exists() else []
        return [(executor, key) for executor, key in (line.split(" ") for line in lines)]

    def delivered(self) -> list[str]:
        """The keys of what was delivered, in order."""
        return [key for _, key in self.noted()]

    def client(self) -> DBOSClient:
        """Somebody beside the hosts who looks at DBOS's tables."""
        url, schema = self.config["system_database_url"], self.config.get("dbos_system_schema")
        name = self.config["name"]
        return DBOSClient(system_database_url=url, dbos_system_schema=schema, application_name=name, lazy=True)


def place_in(folder: Path, kind: str) -> Place:
    """A place that holds nothing yet; on PostgreSQL, the tables of DBOS lie in a schema of their own."""
    config: DBOSConfig = {"name": "handleflow", "executor_id": "a", "log_level": "ERROR"}
    config["notification_listener_polling_interval_sec"] = 0.05
    if kind == "sqlite":
        config |= {"system_database_url": f"sqlite:///{folder}/dbos.db"}
        return made_quick(Place(str(folder / "store.db"), config, str(folder / "page")))
    store = fresh_postgres()
    schema = str(make_url(store).query["options"]).rpartition("=")[2]
    config |= {"system_database_url": store, "dbos_system_schema": f"{schema}_dbos"}
    return made_quick(Place(store, config, str(folder / "page")))


def made_quick(place: Place) -> Place:
    """The same, with queues that are there already and are looked at every 50 ms, as a host may set them."""
    url, schema = place.config["system_database_url"], place.config.get("dbos_system_schema")
    DBOS.migrate(str(url), schema=schema or "dbos")
    with closing_client(place) as client:
        for queue in ("handleflow.rounds", "handleflow.post"):
            client.register_queue(queue, polling_interval_sec=0.05)
    return place


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """A place of each kind."""
    return place_in(tmp_path, request.param)


@pytest.fixture
def files(tmp_path: Path) -> Place:
    """A place of files, for what is the same wherever it lies."""
    return place_in(tmp_path, "sqlite")


@pytest.fixture(autouse=True)
def _leave_no_dbos() -> Iterator[None]:
    """The next test begins in a process that has none, and that knows none of this one's workflows."""
    yield
    DBOS.destroy(destroy_registry=True)


def fill(store: SqlStore, many: int = MANY) -> None:
    """*many* suggestions of which the clock has one thing to say each: told in memory, carried over at once."""
    memory = MemoryStore()
    engine = Engine(memory, [RULES])
    for n in range(many):
        engine.execute(f"{n:04}", Receive("Pipes", "Deputy A", phone="placeholder"), by=OFFICE, at=BEGUN)
        engine.execute(f"{n:04}", Assign(("Water Bureau",)), by=OFFICE, at=BEGUN)
        engine.execute(f"{n:04}", Accept(), by=WATER, at=BEGUN)
    each = ((id, build_batch(RULES, Suggestion(id), memory.history(id))) for id in memory.ids())
    store.append(*(evolve(batch, stored=memory.entries(id)) for id, batch in each))


@contextmanager
def filled(place: Place, many: int = MANY) -> Iterator[SqlStore]:
    """The store of a place, with *many* suggestions that wait for the clock."""
    with closing(SqlStore(place.store)) as store:
        fill(store, many)
        yield store


def rungs_said(store: SqlStore) -> Counter[str]:
    """How often the clock urged whom."""
    return Counter(p.id for p in store.snapshots() for entry in store.history(p.id) if entry.kind == "supervised")


def each_once(many: int = MANY) -> Counter[str]:
    """Everybody once."""
    return Counter(f"{n:04}" for n in range(many))


def keys_of(store: SqlStore) -> list[str]:
    """The keys of all there is, in the order of the feed."""
    return [item.key for item in store.feed()]


def wait_until(is_so: Callable[[], bool]) -> None:
    """Until it is so, and not for ever."""
    until = time.monotonic() + AT_MOST
    while not is_so():
        assert time.monotonic() < until, "it never came to be"
        time.sleep(0.02)


def result(handle: WorkflowHandle[R]) -> R:
    """What comes of a workflow, soon after it came."""
    return handle.get_result(polling_interval_sec=0.02)


def done(name: str, *, status: str = "SUCCESS", many: int = 1) -> list[WorkflowStatus]:
    """The workflows of that name that came to an end, once there are that many."""
    wait_until(lambda: len(DBOS.list_workflows(name=name, status=status)) >= many)
    return DBOS.list_workflows(name=name, status=status)


# what the processes do


def hosts(place: Place, cron: str, deadly: str) -> None:
    """Is one of the hosts, until it is ended; it dies when it has just delivered what is *deadly*."""

    def deliver(item: FeedItem) -> None:
        place.note(item)
        if item.key == deadly:
            os._exit(DIED)

    with closing(SqlStore(place.store)) as store:
        watch = keep_watch(place.engine(store), cron, [Delivery("mail", deliver)], config=place.config, chunk=5)
        if cron == NEVER:
            watch.wake()
        time.sleep(AT_MOST * 4)


@contextmanager
def host(place: Place, cron: str = NEVER, deadly: str = "") -> Iterator[multiprocessing.process.BaseProcess]:
    """A process of its own that keeps the watch; ended by its own id if it still lives."""
    process = SPAWN.Process(target=hosts, args=(place, cron, deadly))
    process.start()
    try:
        yield process
    finally:
        process.kill()
        process.join(AT_MOST)


def sweepers(place: Place, found: Any) -> None:
    """Is one of the hosts; it tells of each suggestion the clock has spoken of, and waits there to be killed."""

    def speaks(suggestion: Suggestion, entry: Entry) -> None:
        if entry.kind == "supervised":
            found.send(suggestion.id)
            threading.Event().wait(AT_MOST * 4)

    with closing(SqlStore(place.store)) as store:
        engine = place.engine(store)
        engine.listen(speaks)
        keep_watch(engine, NEVER, [Delivery("mail", place.note)], config=place.config, chunk=5).wake()
        threading.Event().wait(AT_MOST * 4)


def killed_sweeping(place: Place) -> str:
    """A host keeps the watch and is killed in the midst of a sweep; of whom it spoke last."""
    ours, theirs = SPAWN.Pipe(duplex=False)
    process = SPAWN.Process(target=sweepers, args=(place, theirs))
    process.start()
    assert ours.poll(AT_MOST)
    id = str(ours.recv())
    process.kill()
    process.join(AT_MOST)
    assert process.exitcode == -signal.SIGKILL
    return id


def dies_at(place: Place, deadly: str) -> None:
    """A host keeps the watch and dies where it has delivered what is *deadly*."""
    with host(place, deadly=deadly) as process:
        process.join(AT_MOST)
        assert process.exitcode == DIED


class TestTick:
    """One host, one tick after the other."""

    def test_a_tick_says_what_is_due_in_chunks_and_the_next_says_nothing(self, place: Place) -> None:
        with filled(place) as store:
            watch = keep_watch(place.engine(store), NEVER, config=place.config, chunk=5)
            first: WorkflowHandle[Any] = DBOS.trigger_schedule(watch.name)
            found = result(first)
            second: WorkflowHandle[Any] = DBOS.trigger_schedule(watch.name)
            again = result(second)
            steps = [step["function_name"] for step in DBOS.list_workflow_steps(first.workflow_id)]

            assert (found, again) == ({"said": MANY * 2, "failed": 0}, {"said": 0, "failed": 0})
            assert (steps, rungs_said(store)) == (["sweep"] * 3, each_once())

    def test_cron_is_read_in_the_zone_of_the_first_rulebook(self, files: Place) -> None:
        with filled(files, 0) as store:
            watch = keep_watch(files.engine(store), "0 9 * * *", config=files.config)
            schedule = DBOS.get_schedule(watch.name)

        assert schedule is not None
        assert (schedule["schedule"], schedule["cron_timezone"]) == ("0 9 * * *", "Asia/Shanghai")

    def test_the_version_of_the_application_is_pinned_across_deployments(self, files: Place) -> None:
        with filled(files, 0) as store:
            watch = keep_watch(files.engine(store), NEVER, config=files.config)
            result(watch.wake())

            assert {one.app_version for one in done("handleflow.round")} == {APPLICATION_VERSION}


class TestDelivery:
    """What a host's function gets, in one process."""

    def test_everything_is_delivered_once_in_the_order_of_the_feed_and_the_cursor_follows(self, files: Place) -> None:
        with filled(files) as store:
            watch = keep_watch(files.engine(store), NEVER, [Delivery("mail", files.note)], config=files.config)
            result(watch.wake())
            done("handleflow.carry")
            result(watch.wake())
            done("handleflow.carry", many=2)

            assert files.delivered() == keys_of(store)

    def test_dbos_holds_keys_and_counts_and_nothing_of_a_case(self, files: Place) -> None:
        with filled(files) as store:
            keep_watch(files.engine(store), NEVER, [Delivery("mail", files.note)], config=files.config).wake()
            done("handleflow.carry")
            found = [step for one in DBOS.list_workflows() for step in DBOS.list_workflow_steps(one.workflow_id)]
            outputs = {type(step["output"]) for step in found}
            inputs = {repr(one.input["args"]) for one in DBOS.list_workflows() if one.input}

        assert (outputs <= {int, dict, str, type(None)}, inputs) == (True, {"(None, None)", "('mail',)"})
        assert not any("Pipes" in str(step) or "Deputy" in str(step) for step in found)

    def test_only_a_private_delivery_sees_private_fields(self, files: Place) -> None:
        seen = set[tuple[str, str | None]]()
        deliveries = [
            Delivery("press", lambda item: seen.add(("press", getattr(item.entry.event, "phone", None)))),
            Delivery("archive", lambda item: seen.add(("archive", getattr(item.entry.event, "phone", None))), True),
        ]
        with filled(files, 1) as store:
            keep_watch(files.engine(store), NEVER, deliveries, config=files.config).wake()
            done("handleflow.carry", many=2)

        assert seen == {("press", None), ("archive", None), ("archive", "placeholder")}

    def test_what_fails_is_asked_again_then_rests_there_and_goes_on_with_the_next_round(self, files: Place) -> None:
        deliveries, is_up = Counter[str](), list[bool]()

        def deliver(item: FeedItem) -> None:
            deliveries[item.key] += 1
            if item.key == "0001/1" and not is_up:
                raise ConnectionError

        with filled(files, 2) as store:
            delivery = Delivery("mail", deliver, attempts=3, pause=0.01)
            watch = keep_watch(files.engine(store), NEVER, [delivery], config=files.config)
            watch.wake()
            done("handleflow.carry", status="ERROR")
            rested, tried = store.cursor("mail"), deliveries["0001/1"]
            is_up.append(True)
            watch.wake()
            done("handleflow.carry")
            keys, after = keys_of(store), store.cursor("mail")

        assert (rested, tried, after) == (keys.index("0001/1"), 3, len(keys))
        assert deliveries == {**dict.fromkeys(keys, 1), "0001/1": 4}

    def test_while_a_delivery_is_under_way_another_round_starts_no_second_one(self, place: Place) -> None:
        begun, may_go_on, keys = threading.Event(), threading.Event(), list[str]()

        def deliver(item: FeedItem) -> None:
            keys.append(item.key)
            begun.set()
            assert may_go_on.wait(AT_MOST)

        with filled(place, 1) as store:
            watch = keep_watch(place.engine(store), NEVER, [Delivery("mail", deliver)], config=place.config)
            result(watch.wake())
            assert begun.wait(AT_MOST)
            result(watch.wake())
            under_way = DBOS.list_workflows(name="handleflow.carry")
            may_go_on.set()
            done("handleflow.carry")

            assert (len(under_way), keys) == (1, keys_of(store))

    def test_a_delivery_that_waits_for_a_version_nobody_runs_any_more_holds_up_no_other(self, files: Place) -> None:
        with filled(files, 1) as store, closing_client(files) as client:
            waits: EnqueueOptions = {"workflow_name": "handleflow.carry", "queue_name": "handleflow.post"}
            client.enqueue({**waits, "app_version": "older", "deduplication_id": "mail"}, "mail")
            delivery = Delivery("mail", files.note)
            keep_watch(files.engine(store), NEVER, [delivery], config=files.config, patience=0).wake()
            done("handleflow.carry")

            assert files.delivered() == keys_of(store)


class TestHosts:
    """Real processes that share one store."""

    def test_two_hosts_on_one_schedule_say_each_rung_once_and_deliver_each_item_once(self, place: Place) -> None:
        with filled(place) as store, closing_client(place) as client:
            one, other = place.as_host("a"), place.as_host("b")
            with host(one, EACH_SECOND), host(other, EACH_SECOND):
                wait_until(lambda: both_did_a_round(client) and store.cursor("mail") == len(keys_of(store)))
            ticks = [tick for tick in client.list_workflows(name="handleflow.round") if tick.schedule_name]

            assert (rungs_said(store), place.delivered()) == (each_once(), keys_of(store))
            assert sum(found["said"] for tick in ticks if isinstance(found := tick.output, dict)) == MANY * 2
            assert len({tick.workflow_id for tick in ticks}) == len(ticks)

    def test_a_host_that_died_delivering_is_started_again_and_delivers_the_rest(self, place: Place) -> None:
        with filled(place) as store:
            dies_at(place, "0005/2")
            keys, left = keys_of(store), store.cursor("mail")
            keep_watch(place.engine(store), NEVER, [Delivery("mail", place.note)], config=place.config)
            done("handleflow.carry")

            assert left == keys.index("0005/2")
            assert place.delivered() == [*keys[: left + 1], *keys[left:]]

    def test_a_host_that_never_comes_back_is_relieved_by_another(self, place: Place) -> None:
        with filled(place) as store:
            dies_at(place, "0005/2")
            keys, other = keys_of(store), place.as_host("b")
            deliveries = [Delivery("mail", other.note)]
            keep_watch(other.engine(store), NEVER, deliveries, config=other.config, patience=0).wake()
            done("handleflow.carry")
            at = keys.index("0005/2")

            assert place.noted() == [*(("a", key) for key in keys[: at + 1]), *(("b", key) for key in keys[at:])]

    @pytest.mark.parametrize("executor", ["a", "b"], ids=["started again", "relieved by another"])
    def test_what_a_host_killed_in_the_midst_of_a_sweep_left_is_said_and_delivered_once(
        self, place: Place, executor: str
    ) -> None:
        with filled(place) as store:
            last = killed_sweeping(place)
            said, other = rungs_said(store), place.as_host(executor)
            deliveries = [Delivery("mail", other.note)]
            result(keep_watch(other.engine(store), NEVER, deliveries, config=other.config, chunk=5).wake())
            wait_until(lambda: store.cursor("mail") == len(keys_of(store)))
            faults = tuple(verify(store))

            assert (0 < said.total() < MANY, said[last]) == (True, 1)
            assert (rungs_said(store), place.delivered(), faults) == (each_once(), keys_of(store), ())

    def test_a_host_within_its_patience_is_not_relieved(self, files: Place) -> None:
        with filled(files) as store:
            dies_at(files, "0005/2")
            left, other = files.noted(), files.as_host("b")
            watch = keep_watch(other.engine(store), NEVER, [Delivery("mail", other.note)], config=other.config)
            result(watch.wake())
            held = DBOS.list_workflows(name="handleflow.carry")

            assert ([(one.status, one.executor_id) for one in held], files.noted()) == ([("PENDING", "a")], left)

    def test_a_slow_host_that_was_relieved_delivers_nothing_further(self, place: Place) -> None:
        counts, begun, may_go_on = Counter[str](), threading.Event(), threading.Event()

        def deliver(item: FeedItem) -> None:
            counts[item.key] += 1
            if not begun.is_set():
                begun.set()
                assert may_go_on.wait(AT_MOST)

        with filled(place, 2) as store:
            deliveries = [Delivery("mail", deliver)]
            watch = keep_watch(place.engine(store), NEVER, deliveries, config=place.config, patience=0)
            watch.wake()
            assert begun.wait(AT_MOST)
            watch.wake()
            done("handleflow.carry")
            may_go_on.set()
            watch.stop(within=int(AT_MOST))
            first, *others = keys_of(store)

        assert counts == {first: 2, **dict.fromkeys(others, 1)}


def both_did_a_round(client: DBOSClient) -> bool:
    """Whether each of the two hosts did one to its end."""
    rounds = client.list_workflows(name="handleflow.round", status="SUCCESS")
    return {one.executor_id for one in rounds} == {"a", "b"}


@contextmanager
def closing_client(place: Place) -> Iterator[DBOSClient]:
    """A client that lets go of the database."""
    client = place.client()
    try:
        yield client
    finally:
        client.destroy()


class TestOwnership:
    """Whose DBOS it is."""

    def test_a_hosts_own_dbos_is_used_and_outlives_the_watch(self, files: Place) -> None:
        @DBOS.workflow(name="the host's own")
        def own() -> str:
            return "done"

        ours = DBOS(config={**files.config, "application_version": "7"})
        with filled(files) as store:
            watch = keep_watch(files.engine(store), NEVER)
            result(watch.wake())
            watch.stop()
            again = result(watch.wake())
            found = done("handleflow.round", many=2)

            assert (rungs_said(store), again) == (each_once(), {"said": 0, "failed": 0})
        assert {one.app_version for one in found} == {"7"}
        assert (DBOS(config={"name": "ignored"}) is ours, result(DBOS.start_workflow(own))) == (True, "done")

    def test_a_hosts_dbos_that_is_launched_already_is_used_as_it_is(self, files: Place) -> None:
        DBOS(config=files.config)
        DBOS.launch()
        with filled(files, 1) as store:
            assert result(keep_watch(files.engine(store), NEVER).wake()) == {"said": 2, "failed": 0}

    def test_a_dbos_made_for_the_watch_ends_with_it(self, files: Place) -> None:
        with filled(files, 1) as store:
            for said in (2, 0):
                watch = keep_watch(files.engine(store), NEVER, config=files.config)
                assert result(watch.wake())["said"] == said
                watch.stop()
                watch.stop()

        with pytest.raises(error.DBOSException, match="No DBOS was created"):
            watch.wake()

    def test_a_config_that_nobody_would_read_is_refused(self, files: Place) -> None:
        DBOS(config=files.config)
        with filled(files, 0) as store, pytest.raises(Ownership, match="has a DBOS already"):
            keep_watch(files.engine(store), NEVER, config=files.config)

    @pytest.mark.parametrize("config", [None, {"name": "handleflow"}])
    def test_without_a_dbos_somebody_says_where_its_tables_lie(self, files: Place, config: DBOSConfig | None) -> None:
        with filled(files, 0) as store, pytest.raises(Ownership, match="system_database_url"):
            keep_watch(files.engine(store), NEVER, config=config)

    def test_a_cron_that_cannot_be_read_leaves_no_dbos_behind(self, files: Place) -> None:
        with filled(files, 0) as store:
            with pytest.raises(error.DBOSException, match="Invalid cron"):
                keep_watch(files.engine(store), "whenever", config=files.config)

            keep_watch(files.engine(store), NEVER, config=files.config)

    def test_what_can_mean_nothing_is_refused(self, files: Place) -> None:
        twice = [Delivery("mail", files.note), Delivery("mail", files.note)]
        with filled(files, 0) as store:
            engine = files.engine(store)
            with pytest.raises(NonsenseError):
                keep_watch(engine, NEVER, config=files.config, chunk=0)
            with pytest.raises(NonsenseError):
                keep_watch(engine, NEVER, config=files.config, patience=-1)
            with pytest.raises(NonsenseError):
                keep_watch(engine, NEVER, twice, config=files.config)


@contextmanager
def own_transaction(place: Place) -> Iterator[Connection]:
    """A host's own connection to the database of the store, in a transaction."""
    database = create_engine(place.store if "://" in place.store else f"sqlite:///{place.store}")
    if database.dialect.name == "sqlite":
        prepare_sqlite(database)
    try:
        with database.begin() as connection:
            yield connection
    finally:
        database.dispose()


def receive(place: Place, store: SqlStore, connection: Connection, id: str) -> None:
    """An act inside the host's transaction."""
    place.engine(store.bind(connection)).execute(id, Receive("Pipes", "Deputy A"), by=OFFICE)


class TestTheHostsTransaction:
    """An act and a wake-up that both happen or both do not."""

    def test_a_wake_up_comes_with_the_act_if_the_host_commits_and_never_was_if_not(self, place: Place) -> None:
        with filled(place, 0) as store:
            if "://" not in place.store:  # on SQLite there is nothing to join but the store's own file
                url = f"sqlite:///{place.store}"
                place = made_quick(evolve(place, config={**place.config, "system_database_url": url}))
            self.wakes(place, store)

    def wakes(self, place: Place, store: SqlStore) -> None:
        with closing_client(place) as client:
            keep_watch(place.engine(store), NEVER, [Delivery("mail", place.note)], config=place.config)
            with own_transaction(place) as connection:
                kept = enqueue_wake(client, connection)
                receive(place, store, connection, "kept")
            with own_transaction(place) as connection:
                receive(place, store, connection, "lost")
                lost = enqueue_wake(client, connection)
                connection.rollback()
            done("handleflow.carry")

            assert place.delivered() == ["kept/1"]
            assert result(DBOS.retrieve_workflow(kept)) == {"said": 0, "failed": 0}
            assert (DBOS.get_workflow_status(lost), store.load("lost")) == (None, None)

    def test_a_wake_up_is_refused_on_a_connection_that_is_in_no_transaction(self, place: Place) -> None:
        with filled(place, 0) as store, closing_client(place) as client, store._database.connect() as connection:
            with pytest.raises(NoTransaction):
                enqueue_wake(client, connection)

            assert not connection.in_transaction()

    def test_where_dbos_lies_elsewhere_nothing_is_enqueued_and_the_hosts_work_stands(self, place: Place) -> None:
        elsewhere = evolve(place, config={**place.config, "dbos_system_schema": "nowhere"})
        with filled(place, 0) as store, closing_client(elsewhere) as client:
            with own_transaction(place) as connection:
                receive(place, store, connection, "kept")
                with pytest.raises(StoreError, match="DBOS's tables"):
                    enqueue_wake(client, connection)

            assert store.load("kept") is not None


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        ("import sys, handleflow.integrations; print('dbos' in sys.modules)", "False"),
        ("import sys; sys.modules['dbos'] = None; import handleflow.integrations.dbos", "handleflow[dbos]"),
    ],
)
def test_nobody_needs_dbos_who_does_not_ask_for_it(code: str, answer: str) -> None:
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert answer in run.stdout + run.stderr
