"""Do backups and restores stand others who write at the same time? Merges come whole, and nobody is stopped."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from handleflow import Act, Engine, MemoryStore, Store, Suggestion
from handleflow.acts import Assign, Classify, MergeWith, Receive
from handleflow.backup import Restored, backup, restore
from handleflow.errors import BrokenBackup, StaleSuggestion
from handleflow.hash_chain import StoredEntry
from handleflow.store import Batch
from handleflow.stores.sql import SqlStore
from handleflow.testing._lives import RULES as CONTRACT
from handleflow.testing._lives import adding, begun
from handleflow.values import frozen
from handleflow.verification import verify
from tests.beginnings import OFFICE, instant, rulebook
from tests.databases import fresh_postgres
from tests.markers import POSTGRES
from tests.paths import ROOT

RULES, AT = rulebook(), instant("2026-02-09")
RECEIVE = Receive("Pipes", "Deputy A")


@pytest.fixture(params=["memory", "sqlite", POSTGRES])
def opening(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Store]]:
    """Opens one store again and again, each time on connections of its own; in memory the same one."""
    opened: list[SqlStore] = []
    if request.param == "memory":
        store = MemoryStore()
        yield lambda: store
        return
    where = str(tmp_path / "a.db") if request.param == "sqlite" else fresh_postgres()

    def open_again() -> Store:
        opened.append(SqlStore(where))
        return opened[-1]

    yield open_again
    for each in opened:
        each.close()


def received(store: Store, *ids: str) -> Engine:
    engine = Engine(store, [RULES])
    for id in ids:
        engine.execute(id, RECEIVE, by=OFFICE, at=AT)
    return engine


def merged(engine: Engine, id: str, other: str) -> Suggestion:
    return engine.execute(id, MergeWith(other), by=OFFICE, at=AT, key=f"{id} with {other}")


def restored(lines: list[str]) -> Store:
    store = MemoryStore()
    restore(Engine(store, [RULES]), lines)
    return store


def half_merges(store: Store) -> list[tuple[str, str]]:
    """Who says to be merged with somebody who is there and does not say so."""
    found = {suggestion.id: suggestion for suggestion in store.snapshots()}
    return [
        (p.id, o) for p in found.values() for o in p.merged_with if o in found and p.id not in found[o].merged_with
    ]


class Written(list[str]):
    """The lines of a backup, with something that is done when the line of a suggestion has been written."""

    def __init__(self, then: dict[str, Callable[[], Any]]) -> None:
        super().__init__()
        self._then = then

    def __call__(self, line: str) -> None:
        self.append(line)
        id = json.loads(line).get("suggestion")
        self._then.pop(id, lambda: None)()

    @property
    def ids(self) -> list[str]:
        return [plain["suggestion"] for plain in map(json.loads, self) if "suggestion" in plain]


class TestMerges:
    """Both sides of a merge, or neither."""

    def test_one_that_commits_between_its_two_suggestions_is_in_neither(self, opening: Callable[[], Store]) -> None:
        store, other = opening(), Engine(opening(), [RULES])
        received(store, "1", "2", "3")
        lines = Written({"1": lambda: (merged(other, "1", "3"), other.execute("3", Classify("roads"), by=OFFICE))})
        done = backup(store, lines)
        copied = restored(lines)

        assert (half_merges(copied), done.suggestions, lines.ids) == ([], 3, ["1", "2", "3"])
        assert [(len(copied.history(id)), len(store.history(id))) for id in "13"] == [(1, 2), (1, 3)]
        assert (copied.keys("1"), copied.keys("3"), list(verify(copied))) == ((), (), [])

    def test_those_merged_before_stand_together_and_keep_all_they_say(self, opening: Callable[[], Store]) -> None:
        store = opening()
        engine = received(store, "1", "2", "3", "4")
        merged(engine, "1", "4")
        merged(engine, "4", "2")
        lines = Written({})
        backup(store, lines)
        copied = restored(lines)

        assert (half_merges(copied), sorted(lines.ids), lines.ids[-1]) == ([], ["1", "2", "3", "4"], "3")
        assert [copied.entries(id) for id in "1234"] == [store.entries(id) for id in "1234"]

    def test_merges_of_several_are_cut_off_at_one_moment(self, opening: Callable[[], Store]) -> None:
        """The third was merged with the first, which was read before, and then with the second, read after."""
        store, other = opening(), Engine(opening(), [RULES])
        received(store, "1", "2", "3")
        lines = Written({"1": lambda: (merged(other, "1", "3"), merged(other, "2", "3"))})
        backup(store, lines)
        copied = restored(lines)

        assert (half_merges(copied), [copied.history(id)[-1].kind for id in "123"]) == ([], ["received"] * 3)

    def test_one_that_commits_while_a_group_is_read_is_in_neither(self, opening: Callable[[], Store]) -> None:
        store, other = opening(), Engine(opening(), [RULES])
        merged(received(store, "1", "2"), "1", "2")
        received(store, "3")
        merged(other, "2", "3")
        reading = Reading(store, "2", lambda: merged(other, "1", "3"))
        lines = Written({})
        backup(reading, lines)
        copied = restored(lines)

        assert half_merges(copied) == []
        assert [len(copied.history(id)) for id in "123"] == [2, 3, 2]

    def test_a_half_merge_that_stands_in_the_store_is_copied_as_it_is(self) -> None:
        """What was lost on the way to the store is not lost again: what the other one says goes with it."""
        whole = MemoryStore()
        merged(received(whole, "1", "2"), "1", "2")
        half = MemoryStore()
        engine = received(half, "1")
        engine.import_history("2", whole.entries("2"), whole.keys("2"))
        engine.execute("2", Classify("roads"), by=OFFICE, at=AT)
        lines = Written({})
        backup(half, lines)

        assert half_merges(half) == [("2", "1")]
        assert restored(lines).entries("2") == half.entries("2")

    def test_one_begun_and_merged_meanwhile_is_merged_in_the_next_backup_alone(
        self, opening: Callable[[], Store]
    ) -> None:
        store, other = opening(), Engine(opening(), [RULES])
        received(store, "1", "2")

        def begin_and_merge() -> None:
            other.execute("3", RECEIVE, by=OFFICE, at=AT)
            merged(other, "3", "1")

        lines = Written({"1": begin_and_merge})
        backup(store, lines)
        copied = restored(lines)

        assert half_merges(copied) == []
        assert [len(copied.history(id)) for id in "12"] == [1, 1]
        assert len(copied.history("3")) < len(store.history("3"))

    def test_of_a_merge_with_a_confidential_one_the_other_keeps_its_side(self) -> None:
        store = MemoryStore()
        engine = received(store, "1", "2")
        merged(engine, "1", "2")
        engine.execute("2", Classify(is_confidential=True), by=OFFICE, at=AT)
        public, everything = Written({}), Written({})
        done = backup(store, public)
        backup(store, everything, private=True)
        copied = restored(public)

        assert (done.suggestions, done.withheld, list(copied.ids())) == (1, 1, ["1"])
        assert (copied.entries("1"), list(verify(copied))) == (store.entries("1"), [])
        again = Written({})
        assert (backup(copied, again).withheld, again.ids) == (0, ["1"])
        assert restore(Engine(copied, [RULES]), everything) == Restored(1, 1)
        assert half_merges(copied) == []

    def test_a_hosts_own_act_that_is_mirrored_is_taken_together_too(self) -> None:
        store = MemoryStore(own=[Linked])
        begun(store, "1", "2")

        def link() -> None:
            store.append(adding(store, "1", Linked("2")), adding(store, "2", Linked("1")))

        link()
        link()
        lines = Written({})
        backup(Reading(store, "1", link), lines)
        copied = MemoryStore(own=[Linked])
        restore(Engine(copied, [CONTRACT]), lines)

        assert [[e.kind for e in copied.history(id)].count("linked") for id in "12"] == [2, 2]
        assert [[e.kind for e in store.history(id)].count("linked") for id in "12"] == [3, 3]

    def test_a_history_that_cannot_say_what_it_was_is_copied_as_it_stands(self) -> None:
        store = MemoryStore(own=[Forgetful])
        begun(store, "1", "2")
        store.append(adding(store, "1", Forgetful("2")))
        lines = Written({})
        backup(store, lines, private=True)
        copied = MemoryStore(own=[Forgetful])
        restore(Engine(copied, [CONTRACT]), lines)

        assert copied.entries("1") == store.entries("1")

    def test_one_that_became_confidential_while_it_was_read_stays_behind(self, opening: Callable[[], Store]) -> None:
        store, other = opening(), Engine(opening(), [RULES])
        received(store, "1")
        hides = Reading(store, "1", lambda: other.execute("1", Classify(is_confidential=True), by=OFFICE, at=AT))
        lines = Written({})
        done = backup(hides, lines)

        assert (done.suggestions, done.withheld, lines.ids) == (0, 1, [])

    def test_a_key_that_was_taken_while_its_suggestion_was_read_stays_behind(
        self, opening: Callable[[], Store]
    ) -> None:
        store, other = opening(), Engine(opening(), [RULES])
        received(store, "1").execute("1", Classify("water"), by=OFFICE, at=AT, key="before")
        late = Reading(store, "1", lambda: other.execute("1", Classify("roads"), by=OFFICE, at=AT, key="late"))
        lines = Written({})
        backup(late, lines)

        assert [kept.key for kept in restored(lines).keys("1")] == ["before"]


class Reading:
    """A store, in which something is done right after the entries of one suggestion were read."""

    def __init__(self, store: Store, id: str, then: Callable[[], object]) -> None:
        self._store, self._id, self._then = store, id, [then]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def entries(self, id: str, first: int = 1, last: int | None = None) -> tuple[StoredEntry, ...]:
        found = self._store.entries(id, first, last)
        if id == self._id and self._then:
            self._then.pop()()
        return found


@frozen
class Linked(Act):
    """A host's own act that stands in two suggestions, and may stand there several times."""

    verb = "link"
    kind = "linked"
    other: str

    def mirrored_act(self, suggestion: Suggestion) -> tuple[str, Act]:
        return self.other, Linked(suggestion.id)


@frozen
class Forgetful(Act):
    """One that needs of its suggestion what a damaged one has not."""

    verb = "forget"
    kind = "forgotten"
    other: str

    def mirrored_act(self, suggestion: Suggestion) -> tuple[str, Act]:
        raise IndexError(self.other)


class Overtaken(SqlStore):
    """A store on which others are always a little quicker."""

    def __init__(self, where: str, others: Callable[[str], object]) -> None:
        super().__init__(where)
        self._others = others

    def import_history(self, batch: Batch) -> None:
        self._others(batch.id)
        super().import_history(batch)


def copy_of(count: int) -> list[str]:
    engine = received(MemoryStore(), *(f"{n:03}" for n in range(count)))
    lines = Written({})
    backup(engine.store, lines, private=True)
    return lines


def alone(store: Store, id: str) -> list[str]:
    """A backup of one of its suggestions."""
    engine = Engine(MemoryStore(), [RULES])
    engine.import_history(id, store.entries(id), store.keys(id))
    lines = Written({})
    backup(engine.store, lines, private=True)
    return lines


RESTORING = """
import sys
from contextlib import closing
from handleflow import Engine
from handleflow.backup import restore
from handleflow.stores.sql import SqlStore
from handleflow.verification import verify
from tests.beginnings import rulebook

with closing(SqlStore(sys.argv[1])) as store, open(sys.argv[2], encoding="utf-8") as lines:
    engine = Engine(store, [rulebook()])
    print("ready", flush=True)
    sys.stdin.readline()
    done = restore(engine, lines)
    print(done.taken_in, done.there_already, flush=True)
"""


class TestTwoAtOnce:
    """Nothing is left out and nobody is stopped."""

    @pytest.mark.parametrize("kind", ["sqlite", POSTGRES])
    def test_a_history_another_one_takes_in_meanwhile_is_there_already(self, kind: str, tmp_path: Path) -> None:
        where, lines = str(tmp_path / "a.db") if kind == "sqlite" else fresh_postgres(), copy_of(4)
        with closing(SqlStore(where)) as theirs:
            quick = Engine(theirs, [RULES])

            def take(id: str) -> None:
                if id in {"001", "002"}:
                    restore(quick, alone(restored(lines), id))
                if id == "002":
                    quick.execute(id, Assign(("Water Bureau",)), by=OFFICE, at=AT)  # it has gone on, too

            with closing(Overtaken(where, take)) as store:
                done = restore(Engine(store, [RULES]), lines)

            assert (done, list(theirs.ids())) == (Restored(2, 2), ["000", "001", "002", "003"])
            assert (len(theirs.feed()), list(verify(theirs))) == (6, [])

    def test_another_history_that_comes_meanwhile_is_refused(self, tmp_path: Path) -> None:
        where, lines = str(tmp_path / "a.db"), copy_of(1)
        with closing(SqlStore(where)) as theirs:
            quick = Engine(theirs, [RULES])
            others = Receive("Lamps", "Deputy B")
            with closing(Overtaken(where, lambda it: quick.execute(it, others, by=OFFICE, at=AT))) as store:
                engine = Engine(store, [RULES])
                with pytest.raises(BrokenBackup, match="line 4: suggestion 000 is there with another history"):
                    restore(engine, lines)

            assert [suggestion.title for suggestion in theirs.snapshots()] == ["Lamps"]

    def test_less_of_a_history_than_the_backup_has_is_named(self) -> None:
        engine = received(MemoryStore(), "1")
        early = Written({})
        backup(engine.store, early)
        engine.execute("1", Classify("roads"), by=OFFICE, at=AT)
        late = Written({})
        backup(engine.store, late)
        second = Engine(MemoryStore(), [RULES])
        restore(second, early)
        with pytest.raises(BrokenBackup, match="line 4: suggestion 1 is there with only its first 1 entries"):
            restore(second, late)

        assert restore(engine, early) == Restored(0, 1)

    def test_one_that_loses_every_race_to_nobody_says_so(self) -> None:
        """A store that is never first, where nobody is before it either: the truth is told, not repeated for ever."""
        with pytest.raises(StaleSuggestion):
            restore(Engine(NeverFirst(), [RULES]), copy_of(1))

    @pytest.mark.process
    @pytest.mark.parametrize("kind", ["sqlite", POSTGRES])
    def test_two_processes_take_one_backup_into_one_store(self, kind: str, tmp_path: Path) -> None:
        where, lines = str(tmp_path / "a.db") if kind == "sqlite" else fresh_postgres(), copy_of(60)
        file = tmp_path / "a.jsonl"
        file.write_text("".join(lines), encoding="utf-8")
        args = [sys.executable, "-c", RESTORING, where, str(file)]
        both = [
            subprocess.Popen(args, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            for _ in range(2)
        ]
        for each in both:
            assert each.stdout is not None
            assert each.stdout.readline() == "ready\n"
        found = [process.communicate("go\n", timeout=120)[0].split() for process in both]
        with closing(SqlStore(where)) as store:
            assert [process.returncode for process in both] == [0, 0]
            assert [sum(map(int, figures)) for figures in zip(*found, strict=True)] == [60, 60]
            assert (len(list(store.ids())), len(store.feed()), list(verify(store))) == (60, 60, [])


class NeverFirst(MemoryStore):
    def import_history(self, batch: Batch) -> None:
        raise StaleSuggestion("somebody was first")
