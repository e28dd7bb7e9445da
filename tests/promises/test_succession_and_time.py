"""Successions and corrected instants in every store: replayed, verified, rebuilt, and found again."""

from __future__ import annotations

import pendulum
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handleflow import Actor, Engine, Request, Store, load_preset, verify
from handleflow.acts import Accept, Assign, Classify, CorrectTime, Receive, RecordContact, Reply, Succeed
from handleflow.core import replay
from handleflow.legal_time import instant
from handleflow.model import RightTime
from handleflow.store import Indexed, Query
from handleflow.stores import MemoryStore
from handleflow.stores.sql import SqlStore
from tests.beginnings import OFFICE, ROADS, WATER

RULES = load_preset("cn.national")
LAKES = Actor("unit", "水利局", id="u-17")
NOW = pendulum.datetime(2026, 3, 20, 9, tz="Asia/Shanghai")


def begun(store: Store, ids: str = "123") -> Engine:
    engine = Engine(store, [RULES], clock=lambda: NOW)
    for id in ids:
        received = Receive("Safe water", "Deputy A", phone="a placeholder")
        engine.execute(id, received, by=OFFICE, at=pendulum.datetime(2026, 2, 9, 9, tz="Asia/Shanghai"))
        engine.execute(id, Assign((WATER.name,), (ROADS.name,)), by=OFFICE, at=NOW.subtract(days=30))
    return engine


def right(entry: int, at: pendulum.DateTime) -> RightTime:
    return RightTime(entry, at, at.date())


def holds(engine: Engine, id: str) -> bool:
    """Whether what the store says of it is what its history says, whichever way it is asked."""
    is_replayed = replay(id, engine.history(id)) == engine.look_up(id)
    return is_replayed and not engine.rebuild(id) and not tuple(verify(engine.store))


class TestSucceedInAll:
    def test_every_open_one_goes_on_with_the_successor(self, any_store: Store) -> None:
        engine = begun(any_store)
        first = engine.succeed(WATER.name, LAKES.party, "merged", by=OFFICE, reason="机构改革")
        second = engine.succeed(WATER.name, LAKES.party, "merged", by=OFFICE)

        assert ([id for id, _ in first.entries], first.failed) == (["1", "2", "3"], ())
        assert second.entries == ()
        assert all(holds(engine, id) for id in "123")
        assert engine.execute("2", Accept(), by=LAKES).state == "handling"

    def test_it_is_found_under_the_successor_alone(self, any_store: Store) -> None:
        engine = begun(any_store)
        engine.succeed(WATER.name, LAKES.party, "renamed", by=OFFICE)

        assert isinstance(any_store, Indexed)
        assert [s.id for s in any_store.find(Query(unit="u-17")).suggestions] == ["1", "2", "3"]
        assert any_store.find(Query(unit=WATER.name)).suggestions == ()

    def test_who_may_not_say_so_is_told_for_each(self, any_store: Store) -> None:
        found = begun(any_store).succeed(WATER.name, LAKES.party, "renamed", by=WATER)

        assert (found.entries, [id for id, _ in found.failed]) == ((), ["1", "2", "3"])


class TestCorrectedTime:
    def test_every_later_act_is_free_of_the_wrong_day(self, any_store: Store) -> None:
        engine = begun(any_store, "1")
        fast = Engine(any_store, [RULES], clock=lambda: NOW.add(years=5))
        fast.execute("1", Accept(), by=WATER)
        wrong = engine.look_up("1").version
        accepted = next(entry.number for entry in engine.history("1") if entry.at == engine.history("1")[-1].at)
        engine.execute("1", CorrectTime((right(accepted, NOW),), "the host stood in 2031"), by=OFFICE)
        after = engine.execute("1", RecordContact("before", "phone"), by=WATER)

        assert after.last_at == NOW
        assert [str(contact.on) for contact in after.contacts] == ["2026-03-20"]
        assert not any(term.is_breached for term in after.terms)
        assert engine.history("1")[wrong - 1].at == NOW.add(years=5)
        assert holds(engine, "1")

    def test_what_is_due_wakes_on_its_right_day(self, any_store: Store) -> None:
        engine = begun(any_store, "1")
        before = engine.store.due(NOW.add(years=1))[0].at
        assign = next(entry.number for entry in engine.history("1") if entry.kind == "assigned")
        engine.execute("1", CorrectTime((right(assign, NOW.subtract(days=20)),), "ten days off"), by=OFFICE)

        assert engine.store.due(NOW.add(years=1))[0].at > before

    def test_a_snapshot_from_before_it_does_not_hide_it(self, tmp_path: object) -> None:
        where = f"sqlite:///{tmp_path}/a.db"
        engine, reader = begun(SqlStore(where), "1"), SqlStore(where)
        reader.load("1")
        assign = next(entry.number for entry in engine.history("1") if entry.kind == "assigned")
        engine.execute("1", CorrectTime((right(assign, NOW.subtract(days=20)),), "ten days off"), by=OFFICE)

        assert reader.load("1") == engine.look_up("1")


ACTS = st.sampled_from(
    [
        ("accept", Accept(), WATER),
        ("contact", RecordContact("before", "phone"), WATER),
        ("reply", Reply("A", "Done."), WATER),
        ("rename", Succeed(WATER.name, LAKES.party, "renamed"), OFFICE),
        ("merge", Succeed(ROADS.name, LAKES.party, "merged"), OFFICE),
        ("contact of the successor", RecordContact("during", "phone"), LAKES),
        ("reply of the successor", Reply("A", "Done."), LAKES),
        ("sort", Classify("water"), OFFICE),
    ]
)
STEPS = st.lists(st.tuples(ACTS, st.integers(0, 40)), max_size=8)


@settings(suppress_health_check=list(HealthCheck), deadline=None)
@given(steps=STEPS, wrong=st.integers(1, 12), shift=st.integers(-400, 400), erased=st.booleans())
@pytest.mark.parametrize("kind", ["memory", "sqlite"])
def test_a_history_with_a_succession_a_time_correction_and_an_erasure_holds(
    tmp_path_factory: pytest.TempPathFactory,
    kind: str,
    steps: list[tuple[tuple[str, object, Actor], int]],
    wrong: int,
    shift: int,
    erased: bool,
) -> None:
    store: Store = MemoryStore() if kind == "memory" else SqlStore(f"sqlite:///{tmp_path_factory.mktemp('law')}/a.db")
    at = pendulum.datetime(2026, 2, 11, 9, tz="Asia/Shanghai")
    engine = Engine(store, [RULES], clock=lambda: at)
    engine.execute("1", Receive("Safe water", "Deputy A", phone="a placeholder"), by=OFFICE)
    engine.execute("1", Assign((WATER.name,), (ROADS.name,)), by=OFFICE)
    for (_, act, by), days in steps:
        at = at.add(days=days)
        engine.execute_many([Request("1", act, by)])  # type: ignore[arg-type]  # each is an act
        engine.sweep()
    at = at.add(days=500)
    history = engine.history("1")
    moved = instant(history[min(wrong, len(history)) - 1].at).in_timezone("Asia/Shanghai").add(days=shift)
    engine.execute_many([Request("1", CorrectTime((right(wrong, moved),), "wrong"), OFFICE)])
    if erased:
        store.erase("1")
    engine.execute_many([Request("1", Classify("roads"), OFFICE)])

    assert holds(engine, "1")
