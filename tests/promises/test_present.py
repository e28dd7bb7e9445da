"""How far is a clock believed? What has not come is refused, and what may not have passed is not missed."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from pendulum import DateTime
from sqlalchemy import create_engine

from handleflow import Engine, MemoryStore, Request, Store, Suggestion
from handleflow.acts import Accept, Assign, Classify, MergeWith, Receive
from handleflow.engine.present import Present, PresentReader
from handleflow.errors import FromTheFuture, NonsenseError, UnconfirmedDay
from handleflow.legal_time import as_plain_utc, day, utc
from handleflow.store import LastSweep, TimeSource, Waking
from handleflow.stores.sql import SqlStore
from tests.beginnings import OFFICE, WATER, instant, later, rulebook
from tests.databases import fresh_postgres
from tests.markers import POSTGRES

RULES = rulebook(rung=[{"id": "reminded", "term": "reply", "offset": "-15 days", "channel": "phone", "cite": "host"}])
GROWN = rulebook(version="2")
NOW, SECOND = instant("2026-02-10"), datetime.timedelta(seconds=1)
TWO_MINUTES = datetime.timedelta(minutes=2)
PIPES, ASSIGN = Receive("Pipes", "Deputy A"), Assign((WATER.name,))
DUE_ON = "2026-05-11"
MIDNIGHT = RULES.calendar.start_of(day("2026-05-12"))
"""When the day after that on which the reply is due begins."""


@pytest.fixture
def store(any_store: Store) -> Store:
    return any_store


@pytest.fixture(params=[POSTGRES])
def postgres() -> Iterator[SqlStore]:
    with closing(SqlStore(fresh_postgres())) as kept:
        yield kept


class Elsewhere(SqlStore):
    """A database whose server's clock is *off* that of its hosts."""

    def __init__(self, like: SqlStore, off: datetime.timedelta) -> None:
        super().__init__(like._database.url.render_as_string(hide_password=False))
        self._off = off

    def load_now(self, ids: Sequence[str]) -> tuple[DateTime | None, dict[str, Suggestion]]:
        at, found = super().load_now(ids)
        return at and at + self._off, found

    def due_now(
        self, ago: datetime.timedelta = 0 * SECOND, *, limit: int = 500
    ) -> tuple[DateTime, tuple[Waking, ...]]:
        at, waking = super().due_now(ago, limit=limit)
        return at + self._off, waking


def at_work(store: Store, now: DateTime = NOW, **more: Any) -> Engine:
    return Engine(store, [RULES, GROWN], clock=lambda: now, **more)


def begun(store: Store, id: str = "1") -> Engine:
    engine = at_work(store)
    engine.execute(id, PIPES, by=OFFICE)
    engine.execute(id, ASSIGN, by=OFFICE)
    return engine


def raised(answers: Any) -> None:
    """The first answer that is an error, raised."""
    for answer in answers:
        if isinstance(answer, Exception):
            raise answer


DOORS: dict[str, Callable[[Engine, DateTime], object]] = {
    "execute": lambda engine, at: engine.execute("1", ASSIGN, by=OFFICE, at=at),
    "execute many": lambda engine, at: raised(engine.execute_many([Request("1", ASSIGN, OFFICE, at)])),
    "of several": lambda engine, at: raised(
        engine.execute_many([Request("1", ASSIGN, OFFICE, at), Request("2", PIPES, OFFICE)])
    ),
    "ask": lambda engine, at: engine.ask("1", ASSIGN, by=OFFICE, at=at),
    "adopt a calendar": lambda engine, at: engine.adopt_calendar("test", "2", by=OFFICE, at=at),
    "adopt calendars": lambda engine, at: engine.adopt_calendars(by=OFFICE, at=at),
    "sweep": lambda engine, at: engine.sweep(at=at),
    "set the last sweep back": lambda engine, at: engine.set_last_sweep_back(at),
}


class TestFuture:
    """What has not come is not told."""

    @pytest.mark.parametrize("door", DOORS)
    def test_what_is_told_beyond_the_tolerance_is_refused_and_nothing_is_recorded(
        self, store: Store, door: str
    ) -> None:
        engine = at_work(store)
        engine.execute("1", PIPES, by=OFFICE)
        with pytest.raises(FromTheFuture, match="what has not come is not recorded") as refused:
            DOORS[door](engine, NOW + TWO_MINUTES + SECOND)

        assert (engine.look_up("1").version, store.last_sweep().at) == (1, None)
        assert "尚未到来的时刻不予记录" in refused.value.text("zh")

    @pytest.mark.parametrize("door", DOORS)
    def test_what_is_told_within_the_tolerance_is_believed(self, store: Store, door: str) -> None:
        engine = at_work(store)
        engine.execute("1", PIPES, by=OFFICE)

        DOORS[door](engine, NOW + TWO_MINUTES)

    def test_the_tolerance_is_the_hosts_to_say(self, store: Store) -> None:
        strict, lax = (at_work(store, tolerance=span) for span in (SECOND, 60 * TWO_MINUTES))
        with pytest.raises(FromTheFuture, match="1 seconds ahead at most"):
            strict.execute("1", PIPES, by=OFFICE, at=NOW + TWO_MINUTES)

        assert lax.execute("1", PIPES, by=OFFICE, at=NOW + 60 * TWO_MINUTES).version == 1

    @pytest.mark.parametrize("tolerance", [-SECOND, datetime.timedelta(days=2), 120])
    def test_a_tolerance_is_a_span_up_to_a_day(self, tolerance: Any) -> None:
        with pytest.raises(NonsenseError, match="give a timedelta, from nothing to a day"):
            at_work(MemoryStore(), tolerance=tolerance)

    def test_without_a_clock_handed_in_2062_is_refused_by_the_hosts_or_the_stores(self, store: Store) -> None:
        for tell in DOORS.values():
            with pytest.raises(FromTheFuture):
                tell(Engine(store, [RULES, GROWN]), instant("2062-02-10"))

        assert "1" not in list(store.ids())

    def test_a_merge_told_too_early_for_its_counterpart_writes_neither(self, store: Store) -> None:
        engine = begun(store)
        engine.execute("2", PIPES, by=OFFICE)
        with pytest.raises(FromTheFuture):
            engine.execute("2", MergeWith("1"), by=OFFICE, at=NOW + 2 * TWO_MINUTES)

        assert (engine.look_up("1").version, engine.look_up("2").version) == (3, 1)


class TestMidnight:
    """A clock that runs fast makes nobody late."""

    @pytest.mark.parametrize(
        ("passed", "missed"), [(-SECOND, 0), (0 * SECOND, 0), (TWO_MINUTES - SECOND, 0), (TWO_MINUTES, 1)]
    )
    def test_a_miss_is_written_when_midnight_is_past_by_the_tolerance(
        self, store: Store, passed: datetime.timedelta, missed: int
    ) -> None:
        late = later(begun(store), MIDNIGHT + passed)
        late.execute("1", Classify("roads"), by=OFFICE)
        late.sweep()

        assert [entry.kind for entry in late.history("1")].count("deadline_missed") == missed

    def test_by_an_act_alone_as_well(self, store: Store) -> None:
        begun(store)
        kinds = []
        for passed in (TWO_MINUTES - SECOND, TWO_MINUTES):
            later(at_work(store), MIDNIGHT + passed).execute("1", Classify("roads"), by=OFFICE)
            kinds.append([entry.kind for entry in store.history("1")].count("deadline_missed"))

        assert kinds == [0, 1]

    def test_a_sweep_within_the_tolerance_says_nothing_ends_and_leaves_all_for_the_next(self, store: Store) -> None:
        for id in "123":
            begun(store, id)
        later(at_work(store), MIDNIGHT.subtract(hours=1)).sweep()
        early, health = later(at_work(store), MIDNIGHT + SECOND), later(at_work(store), MIDNIGHT + SECOND).health()
        first, second = early.sweep(), early.sweep()
        third = later(early, MIDNIGHT + TWO_MINUTES).sweep()

        assert [(swept.said, swept.remaining) for swept in (first, second)] == [((), 0)] * 2
        assert (health.oldest, health.waiting) == (None, 0)
        assert [(id, entry.kind) for id, entry in third.said] == [(id, "deadline_missed") for id in "123"]

    def test_what_is_told_of_a_day_long_past_is_past_from_its_first_second(self, store: Store) -> None:
        begun(store)
        swept = later(at_work(store), MIDNIGHT.add(days=3)).sweep(at=MIDNIGHT)

        assert [entry.kind for _, entry in swept.said] == ["supervised", "deadline_missed"]

    def test_a_clock_that_runs_fast_does_not_make_others_late_by_its_entries(self, store: Store) -> None:
        """It wrote of the day after; who comes with the true time, before midnight, is not late."""
        begun(store)
        later(at_work(store), MIDNIGHT + SECOND).execute("1", Classify("roads"), by=OFFICE)
        true = later(at_work(store), MIDNIGHT - SECOND)
        true.execute("1", Accept(), by=WATER)
        true.sweep()

        assert "deadline_missed" not in [entry.kind for entry in store.history("1")]


class TestStoresTime:
    """On PostgreSQL all hosts go by one clock."""

    def test_an_act_is_recorded_at_the_time_of_the_server(self, postgres: SqlStore) -> None:
        engine, before = Engine(postgres, [RULES]), postgres.due_now()[0]
        one = engine.execute("1", PIPES, by=OFFICE).last_at
        many = engine.execute_many([Request(id, PIPES, OFFICE) for id in ("2", "3")])
        swept = engine.sweep()
        times = [as_plain_utc(at) for at in (before, one, *(each.last_at for each in many), postgres.due_now()[0])]  # type: ignore[union-attr, arg-type]  # they were granted

        assert times == sorted(times)
        assert times[2] == times[3]
        assert (swept.clock_skew, engine.health().clock_skew) == (None, None)

    @pytest.mark.parametrize("off", [datetime.timedelta(hours=-3), datetime.timedelta(days=400)])
    def test_a_host_whose_clock_is_wrong_records_what_the_server_says_and_is_told(
        self, postgres: SqlStore, off: datetime.timedelta, caplog: pytest.LogCaptureFixture
    ) -> None:
        with closing(Elsewhere(postgres, off)) as store:
            engine = Engine(store, [RULES])
            recorded, servers = engine.execute("1", PIPES, by=OFFICE).last_at, store.due_now()[0]
            with caplog.at_level(logging.WARNING, "handleflow"):
                swept = engine.sweep()
            health = engine.health()

        assert recorded is not None
        assert abs(as_plain_utc(recorded) - as_plain_utc(servers)) < TWO_MINUTES
        for skew in (swept.clock_skew, health.clock_skew):
            assert skew is not None
            assert abs(skew + off) < TWO_MINUTES
        assert "ahead of the store's time" in caplog.text

    def test_an_instant_is_told_by_the_servers_present(self, postgres: SqlStore) -> None:
        behind = Elsewhere(postgres, datetime.timedelta(days=-30_000))
        with closing(behind), pytest.raises(FromTheFuture):
            Engine(behind, [RULES]).execute("1", PIPES, by=OFFICE, at=NOW)
        engine = begun(postgres)
        swept = Engine(postgres, engine.rulebooks).sweep(at=instant("2026-04-26"))

        assert [entry.kind for _, entry in swept.said] == ["supervised"]
        assert engine.health(at=instant("2026-05-12")).waiting == 1

    def test_a_clock_that_is_handed_in_is_the_present_and_the_server_is_not_asked(self, postgres: SqlStore) -> None:
        engine = begun(postgres)

        assert engine.look_up("1").last_at == utc(NOW)
        assert (engine.sweep().clock_skew, engine.health().clock_skew) == (None, None)
        assert postgres.last_sweep().at == utc(NOW)

    def test_the_present_comes_with_what_is_read_though_nothing_is_there(self, postgres: SqlStore) -> None:
        before = postgres.due_now()[0]
        for ids in (("1",), ("1", "2"), tuple(map(str, range(700)))):
            at, found = postgres.load_now(ids)

            assert found == {}
            assert at is not None
            assert at >= before

    def test_of_what_cannot_be_written_nothing_is_asked(self, postgres: SqlStore) -> None:
        reader = PresentReader(postgres, None, TWO_MINUTES)

        assert postgres.load_now(("\ud800",)) == (None, {})
        assert reader.load("\ud800")[0] is None

    def test_who_woke_so_long_ago_is_told_with_the_time_up_to_a_limit(self, postgres: SqlStore) -> None:
        for id in "213":
            begun(postgres, id)
        (at, waking), (_, first) = postgres.due_now(), postgres.due_now(limit=1)
        woken = RULES.calendar.start_of(day("2026-04-26"))

        assert waking == tuple(Waking(woken, id) for id in "123")
        assert first == waking[:1]
        assert postgres.due_now(as_plain_utc(at) - as_plain_utc(woken))[1] == waking
        assert postgres.due_now(as_plain_utc(at) - as_plain_utc(woken) + datetime.timedelta(days=1))[1] == ()

    def test_in_a_hosts_transaction_that_is_open_for_long_time_goes_on(self, postgres: SqlStore) -> None:
        database = create_engine(postgres._database.url)
        with database.begin() as connection:
            bound = Engine(postgres.bind(connection), [RULES])
            first = bound.execute("1", PIPES, by=OFFICE).last_at
            second = bound.execute("1", ASSIGN, by=OFFICE).last_at
        database.dispose()

        assert first is not None
        assert second is not None
        assert second > first

    def test_a_store_on_sqlite_keeps_no_time_and_is_not_asked_for_it(self, tmp_path: Path) -> None:
        with closing(SqlStore(str(tmp_path / "a.db"))) as store:
            engine = Engine(store, [RULES])
            engine.execute("1", PIPES, by=OFFICE)
            engine.execute_many([Request(id, PIPES, OFFICE) for id in ("2", "3")])

            assert (isinstance(store, TimeSource), store.keeps_time) == (True, False)
            assert (engine.sweep().clock_skew, engine.health().clock_skew) == (None, None)


class TestDayOfASweep:
    """Long after the last sweep a person says which day it is, where no other clock does."""

    @pytest.fixture(params=["memory", "sqlite"])
    def clockless(self, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
        if request.param == "memory":
            yield MemoryStore()
            return
        with closing(SqlStore(str(tmp_path / "a.db"))) as kept:
            yield kept

    def test_the_first_sweep_is_free_and_one_a_month_later_is_too(self, clockless: Store) -> None:
        engine = Engine(clockless, [RULES])
        engine.sweep(at=NOW)
        engine.sweep(at=NOW.add(days=30))

        assert clockless.last_sweep().at == utc(NOW.add(days=30))

    def test_one_that_is_farther_is_refused_until_its_day_is_confirmed(self, clockless: Store) -> None:
        engine, far = Engine(clockless, [RULES]), NOW.add(days=31)
        engine.sweep(at=NOW)
        with pytest.raises(UnconfirmedDay, match="confirm the day: handleflow sweep --confirm 2026-03-13") as refused:
            engine.sweep(at=far)
        before = clockless.last_sweep()
        engine.sweep(at=far, confirmed="2026-03-13")

        assert (before.at, clockless.last_sweep().at) == (utc(NOW), utc(far))
        assert "确认日期" in refused.value.text("zh")

    def test_another_day_than_it_is_by_the_clock_is_refused_however_near(self, store: Store) -> None:
        with pytest.raises(UnconfirmedDay, match="it is 2026-02-10 by the clock, and 2026-02-11 was confirmed"):
            at_work(store).sweep(confirmed=day("2026-02-11"))
        at_work(store).sweep(confirmed=day("2026-02-10"))

        assert store.last_sweep().at == utc(NOW)

    def test_who_hands_in_a_clock_is_not_asked(self, store: Store) -> None:
        at_work(store).sweep()
        later(at_work(store), NOW.add(years=2)).sweep()

        assert store.last_sweep().at == utc(NOW.add(years=2))

    def test_where_the_store_keeps_time_nobody_is_asked(self, postgres: SqlStore) -> None:
        engine = Engine(postgres, [RULES])
        engine.sweep(at=NOW)
        engine.sweep(at=NOW.add(days=200))

        assert postgres.last_sweep().at == utc(NOW.add(days=200))

    def test_a_sweep_of_the_wrong_year_is_set_back_and_the_next_ones_are_asked_as_ever(
        self, clockless: Store
    ) -> None:
        later(Engine(clockless, [RULES]), instant("2062-02-10")).sweep()
        engine = Engine(clockless, [RULES])
        engine.set_last_sweep_back(NOW)
        with pytest.raises(UnconfirmedDay):
            engine.sweep(at=NOW.add(days=40))

        assert clockless.last_sweep() == LastSweep(utc(NOW), None)

    def test_a_clock_that_went_back_is_not_asked(self, clockless: Store) -> None:
        later(Engine(clockless, [RULES]), instant("2062-02-10")).sweep()

        assert Engine(clockless, [RULES]).sweep(at=NOW).said == ()


def test_the_present_of_an_engine_without_rulebooks_is_judged_in_utc() -> None:
    engine = Engine(MemoryStore(), [], clock=lambda: utc(instant("2026-02-10", 1)))
    with pytest.raises(UnconfirmedDay, match="it is 2026-02-09 by the clock"):
        engine.sweep(confirmed="2026-02-10")


def test_what_surely_passed_is_by_the_tolerance_before_the_present_and_never_after_what_is_told() -> None:
    present = Present(NOW, TWO_MINUTES)

    assert as_plain_utc(present.surely_passed(NOW)) == as_plain_utc(NOW) - TWO_MINUTES
    assert present.surely_passed(NOW.subtract(days=1)) == NOW.subtract(days=1)
