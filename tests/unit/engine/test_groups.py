"""Are many acts written together what they would have been one by one, and does one that fails stop no other?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pendulum import DateTime

from handleflow import Act, Actor, Engine, HandleflowError, MemoryStore, Refused, Request, Store, Suggestion
from handleflow.acts import Accept, Assign, Classify, MergeWith, Receive
from handleflow.errors import (
    CommitInDoubt,
    EmptyWords,
    KeyReused,
    NonsenseError,
    StaleSuggestion,
    StoreError,
    UnknownSuggestion,
)
from handleflow.store import Batch
from handleflow.stores.sql import SqlStore
from handleflow.testing.strategies import Life, lives
from tests.beginnings import AFTER_ALL, OFFICE, WATER, instant, rulebook

RULES = rulebook(rung=[{"id": "reminded", "term": "reply", "offset": "-15 days", "channel": "phone", "cite": "host"}])
AT = instant("2026-02-10")
LATER = instant("2026-06-01")
PIPES, ASSIGN = Receive("Pipes", "Deputy A"), Assign(("Water Bureau",))


class Counting(MemoryStore):
    """A store that counts its transactions."""

    def __init__(self) -> None:
        super().__init__()
        self.transactions: list[int] = []

    def append(self, *batches: Batch) -> None:
        super().append(*batches)
        self.transactions.append(len(batches))


def request(id: str, act: Act = PIPES, by: Actor = OFFICE, **more: Any) -> Request:
    return Request(id, act, by, AT, **more)


def states(answers: tuple[Suggestion | Exception, ...]) -> list[str]:
    """Where each stands, or the class of its error."""
    return [a.state if isinstance(a, Suggestion) else type(a).__name__ for a in answers]


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "memory":
        yield MemoryStore()
        return
    with closing(SqlStore(str(tmp_path / "a.db"))) as kept:
        yield kept


class TestExecuteMany:
    """Acts in groups."""

    def test_each_answer_is_the_suggestion_after_its_act_in_the_order_asked(self, store: Store) -> None:
        engine = Engine(store, [RULES])
        answers = engine.execute_many([request(id) for id in ("3", "1", "2")])

        assert [a.id for a in answers if isinstance(a, Suggestion)] == ["3", "1", "2"]
        assert answers == tuple(engine.look_up(id) for id in ("3", "1", "2"))

    def test_so_many_are_written_by_one_transaction(self) -> None:
        store = Counting()
        Engine(store, [RULES]).execute_many([request(str(n)) for n in range(5)], together=2)

        assert store.transactions == [2, 2, 1]

    def test_of_one_suggestion_each_act_sees_the_one_before(self) -> None:
        store = Counting()
        acts = [request("1"), request("2"), request("1", ASSIGN), request("1", Accept(), WATER), request("2", ASSIGN)]
        answers = Engine(store, [RULES]).execute_many(acts)

        assert states(answers) == ["received", "received", "assigned", "handling", "assigned"]
        assert store.transactions == [2, 2, 1]

    def test_what_one_act_meets_stops_no_other(self, store: Store) -> None:
        engine = Engine(store, [RULES])
        engine.execute("2", PIPES, by=OFFICE, at=AT)
        requests = [request("1"), request("2"), request("404", ASSIGN), request(" "), request("3")]
        answers = engine.execute_many(requests)

        assert states(answers) == ["received", "Refused", "UnknownSuggestion", "EmptyWords", "received"]
        assert [type(a) for a in answers[1:4]] == [Refused, UnknownSuggestion, EmptyWords]
        assert list(store.ids()) == ["1", "2", "3"]

    def test_a_group_that_somebody_wrote_into_meanwhile_is_asked_one_by_one(self) -> None:
        store = Racing("2")
        engine = Engine(store, [RULES])
        engine.execute_many([request(id) for id in "123"])
        store.is_racing = True
        answers = engine.execute_many([request(id, ASSIGN) for id in "123"])

        assert states(answers) == ["assigned"] * 3
        assert [entry.kind for entry in engine.history("2")][:3] == ["received", "classified", "assigned"]

    def test_one_that_somebody_wrote_into_at_a_later_instant_is_stale_and_the_rest_is_written(self) -> None:
        store = Racing("2", AT.add(hours=1))
        engine = Engine(store, [RULES])
        engine.execute_many([request(id) for id in "123"])
        engine.execute("3", Classify("roads"), by=OFFICE, at=AT.add(hours=1))
        store.is_racing = True
        answers = engine.execute_many([request(id, ASSIGN) for id in "123"])

        assert states(answers) == ["assigned", "StaleSuggestion", "OutOfOrder"]

    def test_a_version_that_is_past_is_stale_and_the_rest_is_written(self, store: Store) -> None:
        engine = Engine(store, [RULES])
        engine.execute_many([request("1"), request("2")])
        answers = engine.execute_many([request("1", ASSIGN, expect=0), request("2", ASSIGN, expect=1)])

        assert states(answers) == ["StaleSuggestion", "assigned"]
        assert isinstance(answers[0], StaleSuggestion)

    def test_a_key_is_recorded_once_in_a_group_too(self, store: Store) -> None:
        engine = Engine(store, [RULES])
        first = engine.execute_many([request("1", key="k"), request("1", key="k"), request("2", key="k")])
        again = engine.execute_many([request("1", key="k"), request("1", ASSIGN, key="k")])

        assert states(first) == ["received"] * 3
        assert (states(again), type(again[1])) == (["received", "KeyReused"], KeyReused)
        assert len(engine.history("1")) == 1

    @pytest.mark.parametrize("together", [0, -1])
    def test_fewer_than_one_together_is_refused_and_nothing_is_written(self, store: Store, together: int) -> None:
        engine = Engine(store, [RULES])
        with pytest.raises(NonsenseError, match="1 to 10000"):
            engine.execute_many([request("1")], together=together)
        with pytest.raises(NonsenseError, match="1 to 10000"):
            engine.sweep(at=LATER, together=together)

        assert (list(store.ids()), store.last_sweep().at) == ([], None)

    def test_two_that_merge_within_one_group_are_written_both(self, store: Store) -> None:
        engine = Engine(store, [RULES])
        engine.execute_many([request("1"), request("2")])
        answers = engine.execute_many([request("1", MergeWith("2")), request("2", ASSIGN)])

        assert states(answers) == ["received", "assigned"]
        assert engine.look_up("2").merged_with == ("1",)

    def test_listeners_hear_of_a_group_when_all_of_it_is_safe(self, store: Store) -> None:
        engine = Engine(store, [RULES])
        heard: list[tuple[str, int]] = []
        engine.listen(lambda suggestion, entry: heard.append((suggestion.id, len(list(store.ids())))))
        engine.execute_many([request(id) for id in "123"])

        assert heard == [("1", 3), ("2", 3), ("3", 3)]


class Racing(MemoryStore):
    """A store in which somebody classifies *id* once, between decision and append."""

    def __init__(self, id: str, at: DateTime = AT) -> None:
        super().__init__()
        self.id, self.at, self.is_racing = id, at, False

    def append(self, *batches: Batch) -> None:
        if self.is_racing and len(batches) > 1:
            self.is_racing = False
            Engine(self, [RULES]).execute(self.id, Classify("water"), by=OFFICE, at=self.at)
        super().append(*batches)


class Failing(MemoryStore):
    """A store whose database says of one transaction of several that it failed, before or after it was written."""

    error: HandleflowError = StoreError("the server closed the connection")

    def __init__(self, *, is_written: bool) -> None:
        super().__init__()
        self.is_written, self.is_failing = is_written, True

    def append(self, *batches: Batch) -> None:
        if self.is_failing and len(batches) > 1:
            self.is_failing = False
            if self.is_written:
                super().append(*batches)
            raise self.error
        super().append(*batches)


class Doubting(Failing):
    """A store whose database was lost while it committed a transaction of several."""

    error = CommitInDoubt("the connection was lost during the commit")


class Late(Doubting):
    """One whose database does commit what was in doubt, when somebody has looked that it was not there."""

    pending: tuple[Batch, ...] = ()

    def append(self, *batches: Batch) -> None:
        if self.is_failing and len(batches) > 1:
            self.pending = batches
        elif self.pending:
            pending, self.pending = self.pending, ()
            MemoryStore.append(self, *pending)
        super().append(*batches)


class LostAndAway(Doubting):
    """One that cannot be read any more either."""

    def load(self, id: str) -> Suggestion | None:
        if not self.is_failing:
            raise StoreError("nobody is there")
        return super().load(id)


class Away(Failing):
    """A store whose database cannot be read any more either, once it has failed."""

    def load(self, id: str) -> Suggestion | None:
        if not self.is_failing:
            raise StoreError("nobody is there")
        return super().load(id)


class TestFailingDatabase:
    """A group that failed is written once or not at all, never twice."""

    def test_what_was_not_written_is_written_by_itself(self) -> None:
        store = Failing(is_written=False)
        answers = Engine(store, [RULES]).execute_many([request("1"), request("1", ASSIGN), request("2")])

        assert states(answers) == ["received", "assigned", "received"]
        assert [len(store.history(id)) for id in "12"] == [3, 1]

    def test_what_may_have_been_written_is_not_written_again(self) -> None:
        store = Failing(is_written=True)
        engine = Engine(store, [RULES])
        answers = engine.execute_many([request("1"), request("2")])

        assert states(answers) == ["StoreError", "StoreError"]
        assert [len(store.history(id)) for id in "12"] == [1, 1]

    def test_what_is_in_doubt_is_written_by_itself_where_it_is_not_there(self) -> None:
        answers = Engine(Doubting(is_written=False), [RULES]).execute_many([request("1"), request("2")])

        assert states(answers) == ["received", "received"]

    def test_what_is_in_doubt_and_moved_stays_in_doubt_and_asked_again_under_its_key_is_what_was_recorded(
        self,
    ) -> None:
        store = Doubting(is_written=True)
        engine, requests = Engine(store, [RULES]), [request("1", key="a"), request("2", key="b")]
        answers = engine.execute_many(requests)
        again = engine.execute_many(requests)

        assert (states(answers), states(again)) == (["CommitInDoubt"] * 2, ["received"] * 2)
        assert [len(store.history(id)) for id in "12"] == [1, 1]

    @pytest.mark.parametrize("kind", [Late, LostAndAway])
    def test_no_later_answer_says_that_what_is_in_doubt_was_not_written(self, kind: type[Doubting]) -> None:
        store = kind(is_written=False)
        answers = Engine(store, [RULES]).execute_many([request("1"), request("2")])

        assert states(answers) == ["CommitInDoubt"] * 2
        assert [len(store.history(id)) for id in "12"] == ([1, 1] if kind is Late else [0, 0])

    def test_a_sweep_whose_end_nobody_heard_of_failed_and_the_next_says_nothing_twice(self) -> None:
        store = Doubting(is_written=True)
        store.is_failing = False
        engine = Engine(store, [RULES])
        for act in (PIPES, ASSIGN):
            engine.execute_many([request(str(n), act) for n in range(3)])
        store.is_failing = True
        first, second = engine.sweep(at=LATER, together=3), engine.sweep(at=LATER, together=3)

        assert (first.said, [id for id, _ in first.failed]) == ((), ["0", "1", "2"])
        assert (second.said, second.failed) == ((), ())
        assert [[e.kind for e in store.history(str(n))].count("supervised") for n in range(3)] == [1] * 3

    def test_what_was_refused_in_a_group_that_failed_stays_refused(self) -> None:
        answers = Engine(Failing(is_written=False), [RULES]).execute_many(
            [request("1"), request("4", ASSIGN), request("2")]
        )

        assert states(answers) == ["received", "UnknownSuggestion", "received"]

    def test_where_the_database_stays_away_each_is_told_so(self) -> None:
        answers = Engine(Away(is_written=False), [RULES]).execute_many([request("1"), request("2")])

        assert states(answers) == ["StoreError", "StoreError"]


class TestSweep:
    """The clock in groups."""

    @pytest.fixture
    def engine(self, store: Store) -> Engine:
        engine = Engine(store, [RULES])
        for act in (PIPES, ASSIGN):
            engine.execute_many([request(str(n), act) for n in range(7)])
        return engine

    @pytest.mark.parametrize("together", [2, 3, 100])
    def test_it_says_what_it_says_one_by_one(self, engine: Engine, together: int) -> None:
        alone = Engine(MemoryStore(), [RULES])
        for act in (PIPES, ASSIGN):
            alone.execute_many([request(str(n), act) for n in range(7)])

        swept, one_by_one = engine.sweep(at=LATER, together=together), alone.sweep(at=LATER)

        assert [(id, e.number, e.event) for id, e in swept.said] == [
            (id, e.number, e.event) for id, e in one_by_one.said
        ]
        assert engine.sweep(at=LATER, together=together).said == ()

    @pytest.mark.parametrize("together", [1, 2, 3, 100])
    def test_a_limit_holds_and_the_rest_is_counted(self, engine: Engine, together: int) -> None:
        swept = engine.sweep(at=LATER, limit=5, together=together)

        assert (len({id for id, _ in swept.said}), swept.remaining) == (5, 2)

    def test_what_somebody_wrote_meanwhile_is_spoken_of_by_itself(self) -> None:
        store = Racing("1")
        engine = Engine(store, [RULES], clock=lambda: AFTER_ALL)
        for act in (PIPES, ASSIGN):
            engine.execute_many([request(id, act) for id in "012"])
        store.is_racing = True
        swept = engine.sweep(at=LATER, together=100)

        assert ({id for id, _ in swept.said}, swept.stale, swept.failed) == ({"0", "1", "2"}, (), ())
        assert "classified" in [entry.kind for entry in engine.history("1")]


@given(data=st.data(), together=st.integers(1, 7))
def test_many_lives_at_once_leave_the_histories_they_leave_one_by_one(data: st.DataObject, together: int) -> None:
    several: list[Life] = data.draw(st.lists(lives(RULES), min_size=1, max_size=4))
    requests = [
        Request(str(number), act, by, instant(str(day)))
        for number, life in enumerate(several)
        for day, by, act in life
    ]
    many, alone = (Engine(MemoryStore(), [RULES], clock=lambda: AFTER_ALL) for _ in range(2))
    answers = many.execute_many(requests, together=together)
    singly = [attempted(alone, each) for each in requests]

    assert [type(a) for a in answers] == [type(a) for a in singly]
    assert histories(many.store) == histories(alone.store)


def histories(store: Store) -> dict[str, list[object]]:
    """What each suggestion went through; hashes hang on salts drawn by chance."""
    return {id: [attrs.evolve(entry, hash="") for entry in store.history(id)] for id in store.ids()}


def attempted(engine: Engine, request: Request) -> Suggestion | HandleflowError:
    """What came of a request by itself."""
    try:
        return engine.execute(request.id, request.act, by=request.by, at=request.at)
    except HandleflowError as error:
        return error
