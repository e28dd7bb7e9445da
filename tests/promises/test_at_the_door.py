"""Is what no rulebook and no store can use refused by name, and never by an error of Python's own?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from pendulum import DateTime

from handleflow import Engine, MemoryStore, Promise, Refused, Request, Store, Suggestion, load
from handleflow.acts import Accept, Assign, Receive, RecordContact, Reply, Supervise
from handleflow.engine import rebuild
from handleflow.errors import EmptyWords, HandleflowError, ImpossibleDay, NonsenseError, in_words
from handleflow.legal_time import day
from handleflow.rules import Fact
from handleflow.store import Query, find
from handleflow.stores.sql import SqlStore
from handleflow.testing._lives import UNWRITABLE
from handleflow.verification import verify
from handleflow.views import board
from tests.beginnings import OFFICE, WATER, instant, later, rulebook
from tests.databases import fresh_postgres
from tests.markers import POSTGRES

BEGUN, RECORDED_AT, TODAY = instant("2026-02-10"), instant("2026-06-01"), day("2026-06-01")
REMINDED = {"id": "reminded", "term": "reply", "offset": "-15 days", "channel": "phone", "cite": "host"}
LAST = DateTime(9999, 12, 31, 20, tzinfo=BEGUN.tzinfo)
PIPES, ASSIGN = Receive("Pipes", "Deputy A"), Assign(("Water Bureau",))
NAMED: dict[str, Any] = {}
"""Whom the host's own function names, by suggestions; Leader (placeholder) of all others."""
MUTE: set[str] = set()
"""The suggestions on which a host's fact raises what cannot say anything."""


class MuteError(Exception):
    """An error of a host's own that fails when it is put into words."""

    def __str__(self) -> str:
        raise AttributeError("detail")


def leader_of(suggestion: Suggestion, unit: str) -> Any:
    """A host's own way to name the leader."""
    return NAMED.get(suggestion.id, "Leader (placeholder)")


def visited(suggestion: Suggestion) -> Iterator[Fact]:
    """A host's own fact."""
    if suggestion.id in MUTE:
        raise MuteError
    yield from ()


BY_LEADER = load(
    "cn.national",
    leaders={"ours": leader_of},
    changes={"name": "t", "version": "1", "rung": [{**REMINDED, "recipient": "leader"}], "leader_by": "ours"},
)
BY_FACT = load(
    "cn.national",
    facts={"visited": visited},
    changes={
        "name": "f",
        "version": "1",
        "rung": [REMINDED, {"id": "visit", "after": "visited", "channel": "phone", "cite": "host"}],
    },
)


@pytest.fixture(autouse=True)
def as_usual() -> Iterator[None]:
    NAMED.clear()
    MUTE.clear()
    yield
    NAMED.clear()
    MUTE.clear()


@pytest.fixture(params=["memory", "sqlite", POSTGRES])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "memory":
        yield MemoryStore()
        return
    where = fresh_postgres() if request.param == "postgres" else str(tmp_path / "a.db")
    with closing(SqlStore(where)) as kept:
        yield kept


def begun(store: Store, rules: Any) -> Engine:
    engine = Engine(store, [rules], clock=lambda: BEGUN)
    for id in "123":
        engine.execute(id, PIPES, by=OFFICE)
        engine.execute(id, ASSIGN, by=OFFICE)
    return engine


class TestMuteErrors:
    """A host's exception that cannot be put into words."""

    @pytest.mark.parametrize("error", [MuteError(), type("Ours", (MuteError, HandleflowError), {})()])
    def test_it_is_told_by_its_class(self, error: Exception) -> None:
        assert in_words(error) == type(error).__name__

    @pytest.mark.parametrize("together", [1, 10])
    def test_it_stops_neither_the_clock_nor_health_nor_what_verifies_and_mends(
        self, store: Store, together: int
    ) -> None:
        engine = begun(store, BY_FACT)
        MUTE.add("2")
        swept = later(engine, RECORDED_AT).sweep(together=together)
        health = engine.health(at=RECORDED_AT)
        left = rebuild(engine).left
        faults = [str(fault) for fault in verify(store, engine.rulebooks)]

        assert ({id for id, _ in swept.said}, swept.failed) == ({"1", "3"}, (("2", "MuteError"),))
        assert health.oldest is not None
        assert (health.oldest.id, health.oldest.what) == ("2", "MuteError")
        assert left == (("2", "suggestion 2: it cannot be folded: MuteError"),)
        assert [fault for fault in faults if "cannot be folded: MuteError" in fault] == faults
        assert len(faults) == 1


class TestLeaders:
    """What a host's function names as a leader."""

    @pytest.mark.parametrize("named", [5, b"x", ["a"], {"a": 1}, True, "", " ", *UNWRITABLE], ids=ascii)
    def test_what_is_no_name_is_refused_by_name_and_shown_on_the_board_by_every_store(
        self, store: Store, named: Any
    ) -> None:
        engine = begun(store, BY_LEADER)
        NAMED["2"] = named
        with pytest.raises(EmptyWords, match=r"leader_by names .* for Water Bureau: give a name"):
            engine.execute("2", Accept(), by=WATER)
        answers = engine.execute_many([Request(id, Accept(), WATER) for id in "123"])
        swept = later(engine, RECORDED_AT).sweep()
        lines = [
            (line.id, line.leader, line.unjudged.partition(" names ")[0])
            for line in board(engine.with_rulebooks(), TODAY)
        ]

        assert [type(answer) for answer in answers] == [Suggestion, EmptyWords, Suggestion]
        assert ({id for id, _ in swept.said}, [id for id, _ in swept.failed]) == ({"1", "3"}, ["2"])
        assert sorted(lines) == [
            ("1", "Leader (placeholder)", ""),
            ("2", "", "leader_by"),
            ("3", "Leader (placeholder)", ""),
        ]
        assert len(store.history("2")) == 3

    def test_nobody_may_be_named(self, store: Store) -> None:
        engine = begun(store, BY_LEADER)
        NAMED["2"] = None
        engine.execute("2", Accept(), by=WATER)

        assert [line.leader for line in board(engine.with_rulebooks(), TODAY) if line.id == "2"] == [""]


ASKED_LATE: dict[str, Callable[[Engine], object]] = {
    "execute": lambda engine: engine.execute("4", PIPES, by=OFFICE, at=LAST),
    "ask": lambda engine: engine.ask("4", PIPES, by=OFFICE, at=LAST),
    "sweep": lambda engine: engine.sweep(at=LAST),
    "health": lambda engine: engine.health(at=LAST),
}


class TestEndsOfTime:
    """Days and instants that nothing comes after."""

    @pytest.mark.parametrize("ask", ASKED_LATE.values(), ids=ASKED_LATE)
    def test_an_instant_of_the_last_year_is_refused(self, ask: Callable[[Engine], object]) -> None:
        engine = begun(MemoryStore(), rulebook(rung=[REMINDED]))
        with pytest.raises(ImpossibleDay, match="lies at the end of time"):
            ask(engine)

    def test_a_promise_for_the_last_day_is_refused_and_nothing_is_written(self, store: Store) -> None:
        engine = begun(store, rulebook())
        engine.execute("1", Accept(), by=WATER)
        engine.execute("1", RecordContact("before"), by=WATER)
        with pytest.raises(Refused, match="no calendar reaches 1 day from 9999-12-31; name a day within the reach"):
            engine.execute("1", Reply("B", "soon", (Promise("pipes", "9999-12-31"),)), by=WATER)

        assert len(store.history("1")) == 5

    def test_an_answer_wanted_by_the_last_day_is_refused(self, store: Store) -> None:
        engine = begun(store, rulebook())
        with pytest.raises(Refused, match="from 9999-12-31"):
            engine.execute("1", Supervise("Water Bureau", "phone", "now", "9999-12-31"), by=OFFICE)

        assert len(store.history("1")) == 3

    def test_an_assignment_in_a_year_that_no_calendar_reaches_is_refused(self, store: Store) -> None:
        engine, long_ago = Engine(store, [rulebook()]), RECORDED_AT.set(year=1000)
        engine.execute("1", PIPES, by=OFFICE, at=long_ago)
        with pytest.raises(Refused) as caught:
            engine.execute("1", Assign(("Water Bureau",)), by=OFFICE, at=long_ago)

        assert caught.value.rules == ("outside_calendar",)
        assert "calendar 'cn' does not reach 1000-" in caught.value.text("en")
        assert "日历“cn”推算不到 1000-" in caught.value.text("zh")
        assert engine.ask("1", Assign(("Water Bureau",)), by=OFFICE, at=long_ago) == caught.value.reasons
        assert len(store.history("1")) == 1

    def test_a_promise_for_2060_is_recorded_and_stops_nobody(self, store: Store) -> None:
        engine = begun(store, rulebook())
        engine.execute("1", Accept(), by=WATER)
        engine.execute("1", RecordContact("before"), by=WATER)
        engine.execute("1", Reply("B", "soon", (Promise("pipes", "2060-06-01"),)), by=WATER)

        later = Engine(store, [rulebook()], clock=lambda: RECORDED_AT.add(years=3))
        assert later.sweep().failed == ()
        assert [str(c.due_on) for c in engine.look_up("1").commitments] == ["2060-06-01"]

    def test_no_day_is_looked_for_that_is_none(self, store: Store) -> None:
        begun(store, rulebook())
        with pytest.raises(ImpossibleDay, match="'2026-02-30' is no day of the calendar"):
            Query(due_until="2026-02-30")

        assert [s.id for s in find(store, Query(due_until="9999-12-31")).suggestions]


class TestGroups:
    """How many go together, and of whom."""

    @pytest.mark.parametrize("id", [["x"], {}, None, 5, "", *UNWRITABLE], ids=ascii)
    def test_an_id_that_is_none_is_an_answer_and_stops_no_other(self, store: Store, id: Any) -> None:
        engine = begun(store, rulebook())
        requests = [Request("1", Accept(), WATER), Request(id, PIPES, OFFICE), Request("3", Accept(), WATER)]
        answers = engine.execute_many([*requests, Request(id, PIPES, OFFICE)])

        assert [type(answer) for answer in answers] == [Suggestion, EmptyWords, Suggestion, EmptyWords]

    @pytest.mark.parametrize("together", [0, -1, 10_001, 10**30])
    def test_how_many_go_together_is_asked_for_by_name(self, together: int) -> None:
        engine = begun(MemoryStore(), rulebook(rung=[REMINDED]))
        for ask in (engine.sweep, lambda together: engine.execute_many([], together=together)):
            with pytest.raises(NonsenseError, match="how many go into one transaction, 1 to 10000"):
                ask(together=together)

    def test_as_many_as_may_go_together_do(self, store: Store) -> None:
        swept = later(begun(store, rulebook(rung=[REMINDED])), RECORDED_AT).sweep(together=10_000)

        assert {id for id, _ in swept.said} == {"1", "2", "3"}

    def test_a_sweep_of_less_than_none_speaks_of_none(self, store: Store) -> None:
        swept = later(begun(store, rulebook(rung=[REMINDED])), RECORDED_AT).sweep(limit=-1)

        assert (swept.said, swept.remaining) == ((), 3)
