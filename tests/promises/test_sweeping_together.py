"""What if several clocks sweep one store at once, beside people, and one dies? Real processes on a real file."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from itertools import count
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen
from sqlalchemy import Row, Select, create_engine, func, select

from handleflow import CLOCK, Engine, Entry, MemoryStore, Store, Suggestion
from handleflow.acts import MergeWith, Receive, RecordContact, Supervise
from handleflow.core import replay
from handleflow.errors import StaleSuggestion
from handleflow.hash_chain import StoredEntry, chained, genesis
from handleflow.model import FiringKey, TermKey
from handleflow.stores._schema import tables as tables_of
from handleflow.stores.sql import SqlStore
from tests.beginnings import LEADER, OFFICE, WATER, instant, rulebook
from tests.driven import heard
from tests.promises.faults.children import fill
from tests.sizes import DUE_AT_ONCE

pytestmark = pytest.mark.process

T = tables_of()
SHARED = {T.meta, T.rulebooks, T.calendars, T.feed, T.feed_tree, T.cursors, T.anchors, T.outbox}
LADDER: list[dict[str, Any]] = [
    {"id": "reminded", "term": "reply", "offset": "-15 days", "channel": "phone", "answer_within": "3 workdays"},
    {"id": "urged", "term": "reply", "offset": "1 day", "channel": "written"},
]
RUNGS = ["reminded", "urged"]
RULES = rulebook(rung=[{**rung, "cite": "host"} for rung in LADDER])
RECORDED_AT = instant("2026-06-01")
MANY, THREADS, DIED = DUE_AT_ONCE, 8, 86
TRIES, A_MOMENT, AT_MOST = 12_000, 0.01, 120.0
SPAWN = multiprocessing.get_context("spawn")


def filled(folder: Path, many: int) -> str:
    """A file with *many* suggestions whose whole ladder is due."""
    path = str(folder / "together.db")
    with closing(SqlStore(path)) as store:
        fill(store, many, RULES)
    return path


def read(path: str, *queries: Select[Any]) -> list[list[Row[Any]]]:
    """What the file itself holds, whatever the store would say of it; all from one moment."""
    database = create_engine(f"sqlite:///{path}")
    with database.connect() as connection:
        found = [list(connection.execute(each)) for each in queries]
    database.dispose()
    return found


def everything(path: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row an append wrote, by suggestion."""
    tables = [table for table in T.metadata.sorted_tables if table not in SHARED]
    found: dict[str, list[tuple[Any, ...]]] = {}
    for table, rows in zip(tables, read(path, *(select(t).order_by(*t.primary_key) for t in tables)), strict=True):
        for row in rows:
            found.setdefault(row[0], []).append((table.name, *row))
    return found


def firing_key_of(entry: Entry) -> FiringKey | None:
    """The chance of a rung that *entry* takes, if it takes one."""
    found: FiringKey | None = getattr(entry.event, "firing_key", None)
    return found


def histories_of(store: Store) -> dict[str, tuple[Entry, ...]]:
    """All there is, by id."""
    return {suggestion.id: store.history(suggestion.id) for suggestion in store.snapshots()}


def rungs_said(histories: dict[str, tuple[Entry, ...]]) -> Counter[tuple[str, FiringKey, int]]:
    """How often each chance is taken in the histories, and by which entry."""
    lines = ((id, firing_key_of(entry), entry.number) for id, entries in histories.items() for entry in entries)
    return Counter((id, firing_key, number) for id, firing_key, number in lines if firing_key is not None)


def rungs_taken(path: str) -> Counter[tuple[str, FiringKey, int]]:
    """How often each chance is taken in the table of firing_keys, and by which entry."""
    (rows,) = read(path, select(T.firing_keys))
    keys = [TermKey(row.rule, row.unit, row.round, row.ref) for row in rows]
    return Counter(
        (row.suggestion_id, FiringKey(key, row.rung, row.occurrence), row.entry)
        for key, row in zip(keys, rows, strict=True)
    )


def each_once(many: int) -> Counter[tuple[str, str]]:
    """Every rung of every suggestion, once."""
    return Counter((f"{n:04}", rung) for n in range(many) for rung in RUNGS)


def by_name(said: Counter[tuple[str, FiringKey, int]]) -> Counter[tuple[str, str]]:
    """The same by the rung's name alone, so that a chance taken by two entries counts twice."""
    found = Counter[tuple[str, str]]()
    for (id, firing_key, _), times in said.items():
        found[id, firing_key.rung] += times
    return found


# what the processes do


def clock(path: str, telling: Connection) -> None:
    """Sweeps until it meets nothing somebody else writes; tells how much it said, how often it came too late."""
    said = stale = 0
    with closing(SqlStore(path)) as store:
        engine = Engine(store, [RULES])
        for _ in range(100):
            sweep = engine.sweep(at=RECORDED_AT)
            said, stale = said + len(sweep.said), stale + len(sweep.stale)
            if not sweep.stale:
                break
    telling.send((said, stale))


def people(path: str, telling: Connection) -> None:
    """Write to whatever the clocks are about to speak of, and tell what was recorded."""
    recorded = Counter[tuple[str, str]]()
    with closing(SqlStore(path)) as store:
        engine = Engine(store, [RULES])
        for _ in range(MANY):
            ahead = store.due(RECORDED_AT, limit=4)
            for act, by in ((RecordContact("before"), WATER), (Supervise("Water Bureau", "phone", "soon"), LEADER)):
                for waking in ahead[-1:]:
                    with suppress(StaleSuggestion):
                        engine.execute(waking.id, act, by=by, at=RECORDED_AT)
                        recorded[waking.id, act.kind] += 1
    telling.send(recorded)


def sweeps(engine: Engine) -> None:
    """One sweep."""
    engine.sweep(at=RECORDED_AT)


def sweeps_and_dies_telling(engine: Engine) -> None:
    """One sweep, whose second suggestion is safe when the process dies, though nobody has heard of it."""
    engine.listen(lambda suggestion, _: os._exit(DIED) if suggestion.id == "0001" else None)
    sweeps(engine)


def receives(engine: Engine) -> None:
    """A suggestion with private words, taken in under a key."""
    received = Receive("Lamps", "Deputy B", phone="placeholder number")
    engine.execute("new", received, by=OFFICE, at=RECORDED_AT, key="k")


def merges(engine: Engine) -> None:
    """One act that writes to two suggestions."""
    engine.execute("0000", MergeWith("0001"), by=OFFICE, at=RECORDED_AT)


def dying(path: str, work: Callable[[Engine], None], statement: str, nth: int, is_whole: bool) -> None:
    """
    Does *work* and dies without a word inside a transaction, after the *nth* such statement.

    *is_whole* lets the transaction run to its end first: it dies on the threshold of the commit.
    """
    with closing(SqlStore(path)) as store:
        engine = Engine(store, [RULES])
        with dying_after(store, statement, nth, is_whole):
            work(engine)


@contextmanager
def dying_after(store: SqlStore, statement: str, nth: int, is_whole: bool) -> Iterator[None]:
    """Lets this process die so."""
    times, is_reached = count(1), threading.Event()

    def executed(driven: Any, said: str, _: Any) -> None:
        if statement and said.startswith(statement) and next(times) == nth:
            is_reached.set()
            if not is_whole:
                os._exit(DIED)

    def committing(driven: Any) -> None:
        if is_reached.is_set():
            os._exit(DIED)

    with heard(executed, committing, on=store._database):
        yield


# how the processes are started, and how they end


@frozen
class Child:
    """A process this test started, and the pipe on which it tells what came of it."""

    process: SpawnProcess
    pipe: Connection

    def answer(self) -> Any:
        """What it tells when it is done; an error when it ends without a word."""
        assert self.pipe.poll(AT_MOST), "it is still at work"
        found = self.pipe.recv()
        self.process.join(AT_MOST)
        return found

    def killed_when(self, is_time: Callable[[], bool]) -> int | None:
        """Its exit code, after it was killed as soon as it was time."""
        for _ in range(TRIES):
            if is_time():
                break
            self.process.join(A_MOMENT)
        self.process.kill()
        self.process.join(AT_MOST)
        return self.process.exitcode


@contextmanager
def family() -> Iterator[Callable[[Callable[[str, Connection], None], str], Child]]:
    """Starts processes; those that still run at the end are ended, each by its own id."""
    children: list[Child] = []

    def start(work: Callable[[str, Connection], None], path: str) -> Child:
        ours, theirs = SPAWN.Pipe()
        process = SPAWN.Process(target=work, args=(path, theirs))
        process.start()
        theirs.close()
        children.append(Child(process, ours))
        return children[-1]

    try:
        yield start
    finally:
        for child in children:
            child.process.kill()
            child.process.join(AT_MOST)
            child.pipe.close()


def died(
    path: str, work: Callable[[Engine], None], statement: str = "", nth: int = 1, is_whole: bool = False
) -> bool:
    """Whether a process that did *work* died where it was meant to."""
    process = SPAWN.Process(target=dying, args=(path, work, statement, nth, is_whole))
    process.start()
    process.join(AT_MOST)
    if process.exitcode is None:
        process.kill()
    return process.exitcode == DIED


@frozen
class Aftermath:
    """What is left when two clocks, one of them killed and started again, swept a file that people wrote to."""

    path: str
    exitcode: int | None
    left: int
    clocks: tuple[tuple[int, int], ...]
    recorded: Counter[tuple[str, str]]
    histories: dict[str, tuple[Entry, ...]]
    stored: dict[str, tuple[StoredEntry, ...]]
    suggestions: dict[str, Suggestion]


@pytest.fixture(scope="module")
def aftermath(tmp_path_factory: pytest.TempPathFactory) -> Aftermath:
    path = filled(tmp_path_factory.mktemp("together"), MANY)

    def claimed() -> int:
        ((row,),) = read(path, select(func.count()).select_from(T.firing_keys))
        return int(row[0])

    with family() as start:
        first, second, writers = start(clock, path), start(clock, path), start(people, path)
        exitcode = first.killed_when(lambda: claimed() >= MANY * len(RUNGS) // 4)
        left = claimed()
        clocks = tuple(each.answer() for each in (start(clock, path), second))
        recorded = writers.answer()
    with closing(SqlStore(path)) as store:
        suggestions = {suggestion.id: suggestion for suggestion in store.snapshots()}
        stored = {id: store.entries(id) for id in suggestions}
        return Aftermath(path, exitcode, left, clocks, recorded, histories_of(store), stored, suggestions)


class TestTwoClocksBesidePeople:
    """Ten thousand suggestions, two clocks, people who write to the same, and a clock killed in the middle."""

    def test_the_clock_was_killed_when_a_part_was_said_and_not_all(self, aftermath: Aftermath) -> None:
        total = MANY * len(RUNGS)

        assert (aftermath.exitcode, total // 4 <= aftermath.left < total) == (-signal.SIGKILL, True)

    def test_the_clocks_met_each_other_or_people(self, aftermath: Aftermath) -> None:
        """Without this the others would prove nothing."""
        assert sum(stale for _, stale in aftermath.clocks) > 0
        assert sum(aftermath.recorded.values()) > 0

    def test_every_rung_stands_once_in_the_histories(self, aftermath: Aftermath) -> None:
        assert by_name(rungs_said(aftermath.histories)) == each_once(MANY)

    def test_the_firing_keys_are_those_of_the_histories_each_by_its_entry(self, aftermath: Aftermath) -> None:
        assert rungs_taken(aftermath.path) == rungs_said(aftermath.histories)

    def test_what_people_wrote_is_neither_lost_nor_doubled(self, aftermath: Aftermath) -> None:
        written = Counter(
            (id, entry.kind)
            for id, entries in aftermath.histories.items()
            for entry in entries
            if entry.kind in {"contact_recorded", "supervised"} and entry.by != CLOCK
        )

        assert written == aftermath.recorded

    def test_every_history_is_numbered_without_a_gap_and_replays_to_its_suggestion(
        self, aftermath: Aftermath
    ) -> None:
        numbers = {id: [entry.number for entry in entries] for id, entries in aftermath.histories.items()}

        assert numbers == {
            id: list(range(1, suggestion.version + 1)) for id, suggestion in aftermath.suggestions.items()
        }
        assert {id: replay(id, entries) for id, entries in aftermath.histories.items()} == aftermath.suggestions

    def test_every_hash_follows_from_the_one_before_up_to_the_last(self, aftermath: Aftermath) -> None:
        last = {}
        for id, entries in aftermath.stored.items():
            last[id] = genesis(id)
            for entry in entries:
                last[id] = chained(last[id], entry)
                assert last[id] == entry.hash
        (kept,) = read(aftermath.path, select(T.suggestions.c.id, T.suggestions.c.last_hash))

        assert {row.id: row.last_hash for row in kept} == last

    def test_a_further_sweep_says_nothing_and_nobody_waits(self, aftermath: Aftermath) -> None:
        with closing(SqlStore(aftermath.path)) as store:
            engine = Engine(store, [RULES])
            again, health = engine.sweep(at=RECORDED_AT), engine.health(at=RECORDED_AT)

        assert (again.said, again.stale, again.failed, again.remaining, health.waiting) == ((), (), (), 0, 0)

    def test_the_database_finds_its_file_sound(self, aftermath: Aftermath) -> None:
        database = create_engine(f"sqlite:///{aftermath.path}")
        with database.connect() as connection:
            found = [
                list(connection.exec_driver_sql(f"PRAGMA {p}")) for p in ("integrity_check", "foreign_key_check")
            ]
        database.dispose()

        assert found == [[("ok",)], []]


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "memory":
        yield MemoryStore()
    else:
        database = SqlStore(str(tmp_path / "threads.db"))
        yield database
        database.close()


def at_once(work: Callable[[], None]) -> None:
    """*work* in eight threads that begin together."""
    gate = threading.Barrier(THREADS)

    def begin() -> None:
        gate.wait(AT_MOST)
        work()

    threads = [threading.Thread(target=begin) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


class TestThreads:
    """Eight threads, one engine, one store."""

    def test_eight_threads_that_sweep_at_once_say_every_rung_once(self, store: Store) -> None:
        engine, answer = Engine(fill(store, 150, RULES), [RULES]), list[tuple[str, Entry]]()

        def work() -> None:
            for _ in range(100):
                sweep = engine.sweep(at=RECORDED_AT)
                answer.extend(sweep.said)
                if not sweep.stale:
                    return

        at_once(work)
        returned = Counter((id, firing_key.rung) for id, entry in answer if (firing_key := firing_key_of(entry)))

        assert by_name(rungs_said(histories_of(store))) == each_once(150)
        assert returned == each_once(150)

    def test_every_entry_is_announced_once_whichever_thread_wrote_it(self, store: Store) -> None:
        heard: list[tuple[str, int]] = []
        engine = Engine(
            fill(store, 100, RULES), [RULES], listeners=[lambda p, entry: heard.append((p.id, entry.number))]
        )
        before = {id: len(entries) for id, entries in histories_of(store).items()}
        at_once(lambda: sweeps(engine))
        engine.sweep(at=RECORDED_AT)
        written = [(id, e.number) for id, found in histories_of(store).items() for e in found[before[id] :]]

        assert sorted(heard) == written


def test_a_sweep_says_all_that_is_due_however_many_pages_it_reads(store: Store) -> None:
    engine = Engine(fill(store, 600, RULES), [RULES])
    engine.sweep(at=RECORDED_AT)

    assert by_name(rungs_said(histories_of(store))) == each_once(600)


SPEAKING = ["UPDATE handleflow_suggestions", "INSERT INTO handleflow_entries", "DELETE FROM handleflow_terms"]
SPEAKING += ["INSERT INTO handleflow_terms", "INSERT INTO handleflow_firing_keys", "INSERT INTO handleflow_outbox"]
BEGINNING = ["INSERT INTO handleflow_facets", "INSERT INTO handleflow_suggestions", "INSERT INTO handleflow_entries"]
BEGINNING += ["INSERT INTO handleflow_private", "INSERT INTO handleflow_keys"]
CRASHES = [*((statement, False) for statement in SPEAKING), (SPEAKING[-1], True)]


def table_of(statement: str) -> str:
    """The table a statement writes."""
    return statement.rpartition(" ")[2]


class TestCrash:
    """A process that dies inside an append, and is started again."""

    def test_every_table_an_append_writes_has_a_crash_of_its_own(self) -> None:
        tables = {table.name for table in T.metadata.sorted_tables if table not in SHARED} | {T.outbox.name}

        assert {table_of(statement) for statement in (*SPEAKING, *BEGINNING)} == tables

    @pytest.mark.parametrize(("statement", "is_whole"), CRASHES)
    def test_what_the_clock_was_about_to_say_is_unwritten_and_is_said_once_by_the_next_clock(
        self, tmp_path: Path, statement: str, is_whole: bool
    ) -> None:
        path = filled(tmp_path, 3)
        before = everything(path)
        assert died(path, sweeps, statement, 2, is_whole)
        left = everything(path)
        with closing(SqlStore(path)) as store:
            said = {id for id, _ in Engine(store, [RULES]).sweep(at=RECORDED_AT).said}
            histories = histories_of(store)

        assert {id: left[id] == before[id] for id in left} == {"0000": False, "0001": True, "0002": True}
        assert (said, by_name(rungs_said(histories))) == ({"0001", "0002"}, each_once(3))
        assert rungs_taken(path) == rungs_said(histories)

    def test_what_was_safe_when_the_clock_died_is_not_said_again(self, tmp_path: Path) -> None:
        path = filled(tmp_path, 3)
        assert died(path, sweeps_and_dies_telling)
        with closing(SqlStore(path)) as store:
            said = {id for id, _ in Engine(store, [RULES]).sweep(at=RECORDED_AT).said}

            assert (said, by_name(rungs_said(histories_of(store)))) == ({"0002"}, each_once(3))

    def test_a_clock_that_dies_before_it_notes_its_sweep_has_said_all_it_had_to(self, tmp_path: Path) -> None:
        path = filled(tmp_path, 3)
        assert died(path, sweeps, "INSERT INTO handleflow_meta")
        with closing(SqlStore(path)) as store:
            before, again = store.last_sweep(), Engine(store, [RULES]).sweep(at=RECORDED_AT)

            assert (before.at, again.said, store.last_sweep().at) == (None, (), RECORDED_AT)
            assert by_name(rungs_said(histories_of(store))) == each_once(3)

    @pytest.mark.parametrize("statement", BEGINNING)
    def test_an_act_that_dies_half_written_never_was_and_may_be_asked_anew(
        self, tmp_path: Path, statement: str
    ) -> None:
        path = filled(tmp_path, 1)
        before = everything(path)
        assert died(path, receives, statement)
        left = everything(path)
        with closing(SqlStore(path)) as store:
            receives(engine := Engine(store, [RULES]))
            receives(engine)
            history, recorded = store.history("new"), engine.recorded_under("new", "k")

        assert left == before
        assert ([entry.kind for entry in history], recorded) == (["received"], history)

    def test_an_act_on_two_suggestions_that_dies_between_them_is_written_to_neither(self, tmp_path: Path) -> None:
        path = filled(tmp_path, 2)
        before = everything(path)
        assert died(path, merges, "UPDATE handleflow_suggestions")
        left = everything(path)
        with closing(SqlStore(path)) as store:
            merges(Engine(store, [RULES]))
            merged = [suggestion.merged_with for suggestion in store.snapshots()]

        assert (left == before, merged) == (True, [("0001",), ("0000",)])


@contextmanager
def meanwhile(engine: Engine, write: Callable[[], object]) -> Iterator[None]:
    """Lets somebody *write* just after *engine* loaded its next suggestion and before anything is made of it."""
    is_over = threading.Event()

    def executed(driven: Any, said: str, _: Any) -> None:
        if "handleflow_suggestions.version" in said and said.startswith("SELECT") and not is_over.is_set():
            is_over.set()
            write()

    assert isinstance(engine.store, SqlStore)
    with heard(executed, on=engine.store._database):
        yield


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[Engine, Engine]]:
    """Two engines that each opened the same file, as two processes would; two suggestions are due."""
    path = filled(tmp_path, 2)
    with closing(SqlStore(path)) as ours, closing(SqlStore(path)) as theirs:
        yield Engine(ours, [RULES]), Engine(theirs, [RULES])


class TestTooLate:
    """Somebody else writes between the moment a suggestion is read and the moment it is written."""

    def test_what_a_person_wrote_meanwhile_is_left_for_the_next_sweep_and_said_then_once(
        self, pair: tuple[Engine, Engine]
    ) -> None:
        ours, theirs = pair
        with meanwhile(ours, lambda: theirs.execute("0000", RecordContact("before"), by=WATER, at=RECORDED_AT)):
            first = ours.sweep(at=RECORDED_AT)
        second, third = ours.sweep(at=RECORDED_AT), ours.sweep(at=RECORDED_AT)
        said = [{id for id, _ in sweep.said} for sweep in (first, second, third)]

        assert (first.stale, said) == (("0000",), [{"0001"}, {"0000"}, set()])
        assert by_name(rungs_said(histories_of(ours.store))) == each_once(2)

    def test_what_another_clock_said_meanwhile_is_not_said_again(self, pair: tuple[Engine, Engine]) -> None:
        ours, theirs = pair
        with meanwhile(ours, lambda: theirs.sweep(at=RECORDED_AT)):
            first = ours.sweep(at=RECORDED_AT)

        assert (first.said, first.stale, ours.sweep(at=RECORDED_AT).said) == ((), ("0000",), ())
        assert by_name(rungs_said(histories_of(ours.store))) == each_once(2)

    def test_an_act_the_clock_overtakes_is_decided_again_and_recorded_once_after_it(
        self, pair: tuple[Engine, Engine]
    ) -> None:
        ours, theirs = pair
        with meanwhile(ours, lambda: theirs.sweep(at=RECORDED_AT)):
            ours.execute("0000", RecordContact("before"), by=WATER, at=RECORDED_AT, key="k")
        again = ours.execute("0000", RecordContact("before"), by=WATER, at=RECORDED_AT, key="k")
        kinds = [entry.kind for entry in ours.history("0000")]

        assert (kinds.count("contact_recorded"), kinds[-1], len(again.contacts)) == (1, "contact_recorded", 1)
        assert by_name(rungs_said(histories_of(ours.store))) == each_once(2)

    def test_an_act_that_expects_a_version_is_not_decided_again_and_its_key_stays_free(
        self, pair: tuple[Engine, Engine]
    ) -> None:
        ours, theirs = pair
        seen = ours.look_up("0000").version
        with meanwhile(ours, lambda: theirs.sweep(at=RECORDED_AT)), pytest.raises(StaleSuggestion):
            ours.execute("0000", RecordContact("before"), by=WATER, at=RECORDED_AT, expect=seen, key="k")
        untaken, now = ours.recorded_under("0000", "k"), ours.look_up("0000").version
        ours.execute("0000", RecordContact("before"), by=WATER, at=RECORDED_AT, expect=now, key="k")

        assert (untaken, len(ours.look_up("0000").contacts)) == ((), 1)
