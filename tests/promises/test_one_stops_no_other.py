"""Does one suggestion that a host's own code fails on, or somebody else writes, stop what is done for the others?"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pendulum import DateTime

from handleflow import Act, Engine, MemoryStore, Request, Store, Suggestion
from handleflow.acts import Assign, Classify, Receive
from handleflow.errors import StoreError
from handleflow.legal_time import day
from handleflow.store import Waking
from handleflow.stores.sql import SqlStore
from handleflow.testing.strategies import Life, lives
from handleflow.views import board
from tests.beginnings import OFFICE, instant, later
from tests.databases import fresh_postgres
from tests.markers import POSTGRES
from tests.promises.faults.failing_host import (
    BEGUN,
    BOTH,
    BY_FACT,
    BY_GUARD,
    BY_LEADER,
    DOWN,
    FIVE,
    RECORDED_AT,
    WHY,
    Note,
    begun,
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


class TestSweep:
    """The clock."""

    @pytest.mark.parametrize("together", [1, 2, 100])
    @pytest.mark.parametrize("rules", [BY_FACT, BY_LEADER], ids=["a fact", "a leader"])
    def test_a_hosts_exception_stops_nobody_else_and_is_told_and_logged(
        self, store: Store, rules: Any, together: int, caplog: pytest.LogCaptureFixture
    ) -> None:
        engine = begun(store, rules)
        DOWN.add("2")
        swept = later(engine, RECORDED_AT).sweep(together=together)
        DOWN.clear()
        again = later(engine, RECORDED_AT).sweep(together=together)

        assert ({id for id, _ in swept.said}, swept.failed) == ({"0", "1", "3", "4"}, (("2", WHY),))
        assert ({id for id, _ in again.said}, again.failed) == ({"2"}, ())
        (record,) = [r for r in caplog.records if r.levelno == logging.ERROR]
        assert "look_into_the_register" in (record.exc_text or "")

    def test_every_other_one_is_spoken_of_though_all_failed_before_it(self, store: Store) -> None:
        engine = begun(store)
        DOWN.update("0123")
        swept = later(engine, RECORDED_AT).sweep(limit=1)

        assert ({id for id, _ in swept.said}, len(swept.failed), swept.remaining) == ({"4"}, 4, 0)

    def test_health_tells_why_the_first_one_cannot_be_spoken_of(self, store: Store) -> None:
        engine = begun(store)
        DOWN.add("0")
        health = engine.health(at=RECORDED_AT)

        assert health.oldest is not None
        assert (health.oldest.id, health.oldest.what, health.waiting) == ("0", WHY, 5)


class Failing(MemoryStore):
    """A store whose database fails on one question, from the *nth* time on."""

    def __init__(self, question: str, nth: int = 1) -> None:
        super().__init__()
        self.question, self.left = question, nth

    def _provenance(self, question: str) -> None:
        self.left -= question == self.question
        if question == self.question and self.left <= 0:
            raise StoreError(f"{question} failed")

    def record_sweep(self, at: DateTime, *, has_effect: bool) -> None:
        self._provenance("record_sweep")
        super().record_sweep(at, has_effect=has_effect)

    def due(self, at: DateTime, *, after: Waking | None = None, limit: int = 500) -> tuple[Waking, ...]:
        self._provenance("due")
        return super().due(at, after=after, limit=min(limit, 2))

    def due_count(self, at: DateTime, *, after: Waking | None = None) -> int:
        self._provenance("due_count")
        return super().due_count(at, after=after)


class TestStoreThatFails:
    """What was said is never lost with what came after."""

    @pytest.mark.parametrize(
        ("question", "nth", "limit", "said", "remaining"),
        [
            ("record_sweep", 1, None, "01234", 0),
            ("record_sweep", 1, 3, "012", 2),
            ("due", 2, None, "01", 0),
            ("due", 3, None, "0123", 0),
            ("due_count", 1, 2, "01", 2),
        ],
    )
    def test_what_was_said_is_told_with_what_the_store_failed_on(
        self, question: str, nth: int, limit: int | None, said: str, remaining: int, caplog: pytest.LogCaptureFixture
    ) -> None:
        store = Failing(question, nth)
        swept = later(begun(store), RECORDED_AT).sweep(limit=limit)

        assert ("".join(sorted({id for id, _ in swept.said})), swept.remaining) == (said, remaining)
        assert (swept.failed, swept.error) == ((), f"{question} failed")
        assert [record.message for record in caplog.records] == [f"broken off: {question} failed"]
        assert {id: len(store.history(id)) for id in said} == dict.fromkeys(said, 5)

    def test_before_anything_was_said_the_error_is_the_answer(self) -> None:
        with pytest.raises(StoreError, match="due failed"):
            later(begun(Failing("due")), RECORDED_AT).sweep()

    def test_both_are_told_where_two_questions_fail(self) -> None:
        class Away(Failing):
            def record_sweep(self, at: DateTime, *, has_effect: bool) -> None:
                raise StoreError("nobody is there")

        assert later(begun(Away("due", 2)), RECORDED_AT).sweep().error == "due failed; nobody is there"


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
        swept = later(engine, RECORDED_AT).sweep(together=together)

        assert [type(answer) for answer in answers] == [Suggestion, Suggestion, StoreError, Suggestion, Suggestion]
        assert ({id for id, _ in swept.said}, swept.failed) == ({"0", "1", "3", "4"}, (("2", "2 cannot be read"),))


def outcomes_of(
    several: list[Life], down: set[str], together: int
) -> tuple[dict[str, Any], dict[str, Any], set[str]]:
    """What a sweep says and what the board shows of each of several lives; and of whom the clock could not speak."""
    DOWN.clear()
    engine = begun(MemoryStore(), BOTH, ("well before", "xy sick", "yz well"))
    for n, life in enumerate(several):
        for on, by, act in life:
            engine.execute_many([Request(str(n), act, by, instant(str(on)))])
    DOWN.update(down)
    swept = later(engine, instant("2027-02-10")).sweep(together=together)
    said: dict[str, Any] = {}
    for id, entry in swept.said:
        said.setdefault(id, []).append((entry.number, entry.event))
    lines: dict[str, Any] = {}
    for line in board(engine.with_rulebooks(), day("2027-02-10")):
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
    said, lines, failed = outcomes_of(several, down, together)
    expected, shown, none = outcomes_of(several, set(), together)

    assert ("xy sick" in failed, failed - down, none) == (True, set(), set())
    for id in {"well before", "yz well", *numbers} - down:
        assert (said.get(id), lines.get(id)) == (expected.get(id), shown.get(id))
    assert set(lines) == set(shown)
