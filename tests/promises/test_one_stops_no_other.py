"""Does one suggestion that a host's own code fails on, or somebody else writes, stop what is done for the others?"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pendulum import DateTime

from handleflow import (
    Act,
    Asked,
    Assign,
    Classify,
    Engine,
    MemoryStore,
    Receive,
    Reprojection,
    Request,
    Store,
    Suggestion,
    load,
)
from handleflow.core import board
from handleflow.errors import StoreError
from handleflow.legal_time import Day, day
from handleflow.model import Question
from handleflow.rules import Fact
from handleflow.store import Waking
from handleflow.stores.sql import SqlStore
from handleflow.testing.strategies import Life, lives
from handleflow.values import frozen
from tests.beginnings import OFFICE, instant
from tests.databases import fresh_postgres
from tests.markers import POSTGRES

DOWN: set[str] = set()
"""The suggestions a host's own code fails on at present."""

BEGUN, TOLD, TODAY = instant("2026-02-10"), instant("2026-06-01"), day("2026-06-01")
FIVE = ("0", "1", "2", "3", "4")
WHY = "KeyError: 'the register of visits'"


def look_into_the_register(id: str) -> None:
    """What a host's code asks of something that may be down."""
    if id in DOWN:
        raise KeyError("the register of visits")


def visited(suggestion: Suggestion) -> Iterator[Fact]:
    """A host's own fact."""
    look_into_the_register(suggestion.id)
    yield from ()


def leader_of(suggestion: Suggestion, unit: str) -> str | None:
    """A host's own way to name the leader."""
    look_into_the_register(suggestion.id)
    return "Leader (placeholder)"


@frozen
class IsInTheRegister:
    """A host's own guard."""

    def __call__(self, question: Question[Any]) -> Iterable[Any]:
        look_into_the_register(question.suggestion.id)
        return ()


@frozen
class Note(Act):
    """A host's own act."""

    verb = "note"
    kind = "noted"

    def effect(self, suggestion: Suggestion, asked: Asked) -> Suggestion:
        look_into_the_register(suggestion.id)
        return suggestion.with_own("noted", "yes")


REMINDED = {"id": "reminded", "term": "reply", "offset": "-15 days", "measure": "phone", "cite": "host"}
VISIT = {"id": "visit", "after": "visited", "measure": "phone", "cite": "host"}
NOTED = [{"act": "note", "source": ["received", "assigned"], "target": "same", "who": ["congress_office"]}]
BY_FACT = load(
    "cn.national", facts={"visited": visited}, changes={"name": "t", "version": "1", "rung": [REMINDED, VISIT]}
)
BY_LEADER = load(
    "cn.national",
    leaders={"ours": leader_of},
    changes={"name": "t", "version": "1", "rung": [{**REMINDED, "recipient": "leader"}], "leader_by": "ours"},
)
BY_GUARD = load(
    "cn.national",
    acts=[Note],
    guards={"registered": IsInTheRegister},
    changes={
        "name": "t",
        "version": "1",
        "arrow": NOTED,
        "guard": [{"id": "registered", "ask": "registered", "of": ["assign"], "cite": "host"}],
    },
)


@pytest.fixture(autouse=True)
def up_again() -> Iterator[None]:
    DOWN.clear()
    yield
    DOWN.clear()


@pytest.fixture(params=["memory", "sqlite", POSTGRES])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "memory":
        yield MemoryStore(own=[Note])
        return
    where = fresh_postgres() if request.param == "postgres" else str(tmp_path / "a.db")
    with closing(SqlStore(where, own=[Note])) as kept:
        yield kept


def begun(store: Store, rules: Any = BY_FACT, ids: Iterable[str] = FIVE) -> Engine:
    """Suggestions of which the clock has something to say."""
    engine = Engine(store, [rules], clock=lambda: BEGUN)
    for act in (Receive("Pipes", "Deputy A"), Assign(("Water Bureau",))):
        for answer in engine.execute_many([Request(id, act, OFFICE) for id in ids]):
            assert isinstance(answer, Suggestion)
    return engine


class TestSweep:
    """The clock."""

    @pytest.mark.parametrize("together", [1, 2, 100])
    @pytest.mark.parametrize("rules", [BY_FACT, BY_LEADER], ids=["a fact", "a leader"])
    def test_a_hosts_exception_stops_nobody_else_and_is_told_and_logged(
        self, store: Store, rules: Any, together: int, caplog: pytest.LogCaptureFixture
    ) -> None:
        engine = begun(store, rules)
        DOWN.add("2")
        swept = engine.sweep(at=TOLD, together=together)
        DOWN.clear()
        again = engine.sweep(at=TOLD, together=together)

        assert ({id for id, _ in swept.said}, swept.failed) == ({"0", "1", "3", "4"}, (("2", WHY),))
        assert ({id for id, _ in again.said}, again.failed) == ({"2"}, ())
        (record,) = [r for r in caplog.records if r.levelno == logging.ERROR]
        assert "look_into_the_register" in (record.exc_text or "")

    def test_every_other_one_is_spoken_of_though_all_failed_before_it(self, store: Store) -> None:
        engine = begun(store)
        DOWN.update("0123")
        swept = engine.sweep(at=TOLD, limit=1)

        assert ({id for id, _ in swept.said}, len(swept.failed), swept.remaining) == ({"4"}, 4, 0)

    def test_health_tells_why_the_first_one_cannot_be_spoken_of(self, store: Store) -> None:
        engine = begun(store)
        DOWN.add("0")
        health = engine.health(at=TOLD)

        assert health.oldest is not None
        assert (health.oldest.id, health.oldest.what, health.waiting) == ("0", WHY, 5)


class Failing(MemoryStore):
    """A store whose database fails on one question, from the *nth* time on."""

    def __init__(self, question: str, nth: int = 1) -> None:
        super().__init__()
        self.question, self.left = question, nth

    def _asked(self, question: str) -> None:
        self.left -= question == self.question
        if question == self.question and self.left <= 0:
            raise StoreError(f"{question} failed")

    def mark_swept(self, at: DateTime, *, spoke: bool) -> None:
        self._asked("mark_swept")
        super().mark_swept(at, spoke=spoke)

    def due(self, on: Day, *, after: Waking | None = None, limit: int = 500) -> tuple[Waking, ...]:
        self._asked("due")
        return super().due(on, after=after, limit=min(limit, 2))

    def due_count(self, on: Day, *, after: Waking | None = None) -> int:
        self._asked("due_count")
        return super().due_count(on, after=after)


class TestStoreThatFails:
    """What was said is never lost with what came after."""

    @pytest.mark.parametrize(
        ("question", "nth", "limit", "said", "remaining"),
        [
            ("mark_swept", 1, None, "01234", 0),
            ("mark_swept", 1, 3, "012", 2),
            ("due", 2, None, "01", 0),
            ("due", 3, None, "0123", 0),
            ("due_count", 1, 2, "01", 2),
        ],
    )
    def test_what_was_said_is_told_with_what_the_store_failed_on(
        self, question: str, nth: int, limit: int | None, said: str, remaining: int, caplog: pytest.LogCaptureFixture
    ) -> None:
        store = Failing(question, nth)
        swept = begun(store).sweep(at=TOLD, limit=limit)

        assert ("".join(sorted({id for id, _ in swept.said})), swept.remaining) == (said, remaining)
        assert (swept.failed, swept.error) == ((), f"{question} failed")
        assert [record.message for record in caplog.records] == [f"broken off: {question} failed"]
        assert {id: len(store.history(id)) for id in said} == dict.fromkeys(said, 5)

    def test_before_anything_was_said_the_error_is_the_answer(self) -> None:
        with pytest.raises(StoreError, match="due failed"):
            begun(Failing("due")).sweep(at=TOLD)

    def test_both_are_told_where_two_questions_fail(self) -> None:
        class Away(Failing):
            def mark_swept(self, at: DateTime, *, spoke: bool) -> None:
                raise StoreError("nobody is there")

        assert begun(Away("due", 2)).sweep(at=TOLD).error == "due failed; nobody is there"


class Unreadable(MemoryStore):
    """A store that cannot read one suggestion."""

    unread = ""

    def load(self, id: str) -> Suggestion | None:
        if id == self.unread:
            raise StoreError(f"{id} cannot be read")
        return super().load(id)

    def load_many(self, ids: Iterable[str]) -> dict[str, Suggestion]:
        return {id: found for id in ids if (found := self.load(id)) is not None}


class TestManyActs:
    """Acts in groups."""

    @pytest.mark.parametrize("together", [1, 3, 100])
    @pytest.mark.parametrize("act", [Assign(("Roads Bureau",)), Note()], ids=["a guard", "an act's effect"])
    def test_a_hosts_exception_in_one_is_its_answer_and_the_others_are_recorded(
        self, store: Store, act: Act, together: int
    ) -> None:
        engine = Engine(store, [BY_GUARD], clock=lambda: BEGUN)
        engine.execute_many([Request(id, Receive("Pipes", "Deputy A"), OFFICE) for id in FIVE])
        DOWN.add("2")
        answers = engine.execute_many([Request(id, act, OFFICE) for id in FIVE], together=together)

        assert [type(answer) for answer in answers] == [Suggestion, Suggestion, KeyError, Suggestion, Suggestion]
        assert [len(store.history(id)) for id in FIVE][2] == 1

    @pytest.mark.parametrize("together", [1, 100])
    def test_one_that_cannot_be_read_stops_no_other(self, together: int) -> None:
        store = Unreadable()
        engine = begun(store)
        store.unread = "2"
        answers = engine.execute_many([Request(id, Classify("water"), OFFICE) for id in FIVE], together=together)
        swept = engine.sweep(at=TOLD, together=together)

        assert [type(answer) for answer in answers] == [Suggestion, Suggestion, StoreError, Suggestion, Suggestion]
        assert ({id for id, _ in swept.said}, swept.failed) == ({"0", "1", "3", "4"}, (("2", "2 cannot be read"),))


CALENDAR: dict[str, Any] = {
    "name": "grown",
    "version": "1",
    "zone": "Asia/Shanghai",
    "rest_days": ["sat", "sun"],
    "known_from": "2026-01-01",
    "known_through": "2026-12-31",
    "year": [{"year": 2026, "source": "host", "holidays": ["2026-05-11"]}],
}
GROWN = load("cn.national", changes={"name": "t", "version": "2", "calendar": CALENDAR})
BEFORE = load("cn.national", changes={"name": "t", "version": "1"})


class _Overtaken:
    """A store in which somebody writes suggestion ``2`` each time it was read, while *is_racing*."""

    is_racing = False
    elsewhere: Callable[[], Any]

    def load(self, id: str) -> Suggestion | None:
        found: Suggestion | None = super().load(id)  # type: ignore[misc]  # the store's
        if self.is_racing and id == "2":
            self._overtake()
        return found

    def load_many(self, ids: Iterable[str]) -> dict[str, Suggestion]:
        found: dict[str, Suggestion] = super().load_many(ids)  # type: ignore[misc]  # the store's
        if self.is_racing and "2" in found:
            self._overtake()
        return found

    def _overtake(self) -> None:
        self.is_racing = False
        try:
            self.elsewhere()
        finally:
            self.is_racing = True


class OvertakenMemory(_Overtaken, MemoryStore):
    """In memory."""


class OvertakenSql(_Overtaken, SqlStore):
    """In a database, by a second connection."""


class TestReprojecting:
    """Another version for many."""

    @pytest.fixture(params=["memory", "sqlite", POSTGRES])
    def overtaken(self, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
        classify = Classify("water")
        if request.param == "memory":
            memory = OvertakenMemory()
            memory.elsewhere = lambda: Engine(memory, [BEFORE]).execute("2", classify, by=OFFICE, at=BEGUN)
            yield memory
            return
        where = fresh_postgres() if request.param == "postgres" else str(tmp_path / "a.db")
        with closing(OvertakenSql(where)) as kept, closing(SqlStore(where)) as other:
            kept.elsewhere = lambda: Engine(other, [BEFORE]).execute("2", classify, by=OFFICE, at=BEGUN)
            yield kept

    def test_a_lost_race_is_skipped_and_told_and_the_others_move(self, overtaken: Any) -> None:
        begun(overtaken, BEFORE)
        engine = Engine(overtaken, [GROWN, BEFORE])
        overtaken.is_racing = True
        first = engine.reproject("t", "2", by=OFFICE, at=BEGUN)
        overtaken.is_racing = False
        second = engine.reproject("t", "2", by=OFFICE, at=BEGUN)

        assert ({id for id, _ in first.moved}, first.stale, first.failed) == ({"0", "1", "3", "4"}, ("2",), ())
        assert ({id for id, _ in second.moved}, second.stale) == ({"2"}, ())
        assert engine.reproject("t", "2", by=OFFICE, at=BEGUN) == Reprojection(())

    def test_a_hosts_exception_in_one_stops_no_other(self, store: Store) -> None:
        begun(store, BEFORE)
        grown = load(
            "cn.national",
            leaders={"ours": leader_of},
            changes={"name": "t", "version": "2", "leader_by": "ours", "calendar": CALENDAR},
        )
        DOWN.add("2")
        found = Engine(store, [grown, BEFORE]).reproject("t", "2", by=OFFICE, at=BEGUN)

        assert ({id for id, _ in found.moved}, found.failed) == ({"0", "1", "3", "4"}, (("2", WHY),))

    def test_where_the_version_left_is_not_held_that_is_told_of_each_and_nothing_moves(self, store: Store) -> None:
        begun(store, BEFORE)
        found = Engine(store, [GROWN]).reproject("t", "2", by=OFFICE, at=BEGUN)

        assert (found.moved, [id for id, _ in found.failed]) == ((), list(FIVE))
        assert found.failed[0][1].startswith("no rulebook t 1 is held here")

    def test_what_moved_is_told_though_the_store_breaks_off(self) -> None:
        class BreaksOff(MemoryStore):
            is_failing = False

            def pictures(self) -> Iterator[Suggestion]:
                for number, picture in enumerate(super().pictures()):
                    if self.is_failing and number == self.after:
                        raise StoreError("nobody is there")
                    yield picture

            after = 2

        store = BreaksOff()
        begun(store, BEFORE)
        engine = Engine(store, [GROWN, BEFORE])
        store.is_failing = True
        found = engine.reproject("t", "2", by=OFFICE, at=BEGUN)
        store.after = 0

        assert ({id for id, _ in found.moved}, found.error) == ({"0", "1"}, "nobody is there")
        with pytest.raises(StoreError):
            engine.reproject("t", "2", by=OFFICE, at=BEGUN)


BOTH = load(
    "cn.national",
    facts={"visited": visited},
    leaders={"ours": leader_of},
    changes={
        "name": "both",
        "version": "1",
        "rung": [{**REMINDED, "recipient": "leader"}, VISIT],
        "leader_by": "ours",
    },
)


def told(several: list[Life], down: set[str], together: int) -> tuple[dict[str, Any], dict[str, Any], set[str]]:
    """What a sweep says and what the board shows of each of several lives; and of whom the clock could not speak."""
    DOWN.clear()
    engine = begun(MemoryStore(), BOTH, ("well before", "xy sick", "yz well"))
    for n, life in enumerate(several):
        for on, by, act in life:
            engine.execute_many([Request(str(n), act, by, instant(str(on)))])
    DOWN.update(down)
    swept = engine.sweep(at=instant("2027-02-10"), together=together)
    said: dict[str, Any] = {}
    for id, entry in swept.said:
        said.setdefault(id, []).append((entry.number, entry.event))
    lines: dict[str, Any] = {}
    for line in board(engine.ruled(), day("2027-02-10")):
        lines.setdefault(line.id, []).append(line)
    DOWN.clear()
    return said, lines, {id for id, _ in swept.failed}


@given(data=st.data(), together=st.integers(1, 4))
def test_an_exception_of_one_suggestion_never_changes_what_is_said_of_others(
    data: st.DataObject, together: int
) -> None:
    several = data.draw(st.lists(lives(BOTH), min_size=1, max_size=4))
    numbers = {str(n) for n in range(len(several))}
    down = {"xy sick", *data.draw(st.sets(st.sampled_from(sorted(numbers))))}
    said, lines, failed = told(several, down, together)
    expected, shown, none = told(several, set(), together)

    assert ("xy sick" in failed, failed - down, none) == (True, set(), set())
    for id in {"well before", "yz well", *numbers} - down:
        assert (said.get(id), lines.get(id)) == (expected.get(id), shown.get(id))
    assert set(lines) == set(shown)
