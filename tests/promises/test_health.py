"""Does anybody notice when the clock is dead? In every store."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from pendulum import DateTime
from sqlalchemy import create_engine

from handleflow import Engine, MemoryStore, Store
from handleflow.acts import Assign, Close, Receive, Supervise, TakeOver
from handleflow.core import supervise
from handleflow.engine.chainer import Chainer
from handleflow.errors import StaleSuggestion, UnknownRulebook
from handleflow.legal_time import day
from handleflow.model import CLOCK, Entry, Provenance
from handleflow.model.term import FiringKey, TermKey
from handleflow.store import LastSweep
from handleflow.store.projection import build_batch
from handleflow.stores.sql import SqlStore, prepare_sqlite
from tests.beginnings import OFFICE, instant, later, rulebook
from tests.databases import fresh_postgres
from tests.markers import POSTGRES

LADDER = [{"id": "reminded", "term": "reply", "offset": "-15 days", "channel": "phone", "cite": "host"}]
RULES = rulebook(rung=LADDER)


@pytest.fixture(params=["memory", "sqlite", POSTGRES])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "memory":
        yield MemoryStore()
        return
    kept = SqlStore(fresh_postgres() if request.param == "postgres" else str(tmp_path / "a.db"))
    yield kept
    kept.close()


def engine_of(store: Store, today: str = "2026-02-10") -> Engine:
    return Engine(store, [RULES], clock=lambda: instant(today))


def begun(store: Store, *ids: str, assigned_on: str = "2026-02-10") -> Engine:
    engine = engine_of(store, assigned_on)
    for id in ids:
        engine.execute(id, Receive("Pipes", "Deputy A"), by=OFFICE, at=instant(assigned_on, 8))
        engine.execute(id, Assign(("Water Bureau",)), by=OFFICE, at=instant(assigned_on))
    return engine


class TestHealth:
    """What should have been said and was not, and when the clock last spoke."""

    def test_before_any_sweep_nobody_knows_of_one(self, store: Store) -> None:
        health = begun(store, "1").health()

        assert (health.oldest, health.waiting, health.last_sweep_at, health.last_effect_at) == (None, 0, None, None)

    def test_a_dead_scheduler_is_visible_by_the_oldest_thing_unsaid(self, store: Store) -> None:
        engine = begun(store, "2", assigned_on="2026-02-11")
        begun(store, "1", "3")
        health = engine.health(at=instant("2026-06-01"))
        assert health.oldest is not None

        assert (health.oldest.id, str(health.oldest.on), health.oldest.what, health.waiting) == (
            "1",
            "2026-04-26",
            "reminded",
            3,
        )

    def test_a_missed_day_unsaid_is_told_as_such(self, store: Store) -> None:
        engine = begun(store, "1")
        later(engine, instant("2026-04-26")).sweep()
        health = engine.health(at=instant("2026-05-12"))

        assert health.oldest is not None
        assert (health.oldest.what, str(health.oldest.on)) == ("deadline_missed", "2026-05-12")

    def test_after_a_sweep_nothing_waits_and_both_instants_are_known(self, store: Store) -> None:
        engine = begun(store, "1")
        later(engine, instant("2026-04-26")).sweep()
        later(engine, instant("2026-04-27")).sweep()
        health = engine.health(at=instant("2026-04-27"))

        assert (health.oldest, health.waiting) == (None, 0)
        assert (health.last_sweep_at, health.last_effect_at) == (instant("2026-04-27"), instant("2026-04-26"))

    def test_a_sweep_that_ends_after_a_later_one_does_not_turn_time_back(self, store: Store) -> None:
        later, earlier = instant("2026-04-27"), instant("2026-04-26")
        store.record_sweep(later, has_effect=True)
        store.record_sweep(earlier, has_effect=True)

        assert store.last_sweep() == LastSweep(later, later)

    def test_a_term_nobody_knows_the_beginning_of_is_unarmed_until_its_life_is_over(self, store: Store) -> None:
        engine = engine_of(store)
        engine.execute("1", TakeOver("Pipes", leads=("Water Bureau",), mark="A", result="satisfied"), by=OFFICE)
        engine.execute("2", TakeOver("Pipes", leads=("Water Bureau",)), by=OFFICE)
        both = engine.health().terms_without_day
        engine.execute("1", Close(), by=OFFICE)

        assert [(id, key.rule, key.unit) for id, key in both] == [
            ("1", "reply", "Water Bureau"),
            ("2", "reply", "Water Bureau"),
        ]
        assert [id for id, _ in engine.health().terms_without_day] == ["2"]

    def test_what_cannot_be_spoken_of_is_told_with_its_reason(self, store: Store) -> None:
        begun(store, "1")
        other = Engine(store, [rulebook(name="other")], clock=lambda: instant("2026-06-01"))
        health = other.health()

        assert health.oldest is not None
        assert health.oldest.what.startswith("no rulebook test 1 is held here")
        assert [(type(rules), suggestion.id) for rules, suggestion in other.with_rulebooks()] == [
            (UnknownRulebook, "1")
        ]

    def test_an_engine_without_rulebooks_has_nothing_to_wait_for(self, store: Store) -> None:
        engine = Engine(store, [], clock=lambda: instant("2026-06-01"))

        assert (engine.health().waiting, engine.today(), engine.sweep().remaining) == (0, day("2026-06-01"), 0)


class TestSweeping:
    """What was said, what was skipped, what remains."""

    def test_what_remains_beyond_the_limit_is_counted(self, store: Store) -> None:
        engine = begun(store, *map(str, range(5)))
        swept = later(engine, instant("2026-04-26")).sweep(limit=2)
        rest = later(engine, instant("2026-04-26")).sweep()

        assert ([id for id, _ in swept.said], swept.remaining) == (["0", "1"], 3)
        assert ([id for id, _ in rest.said], rest.remaining) == (["2", "3", "4"], 0)

    def test_one_that_cannot_be_spoken_of_holds_up_no_other(self, store: Store) -> None:
        other = Engine(store, [rulebook(name="other", rung=LADDER)], clock=lambda: instant("2026-02-10"))
        other.execute("0", Receive("Pipes", "Deputy A"), by=OFFICE, at=instant("2026-02-10", 8))
        other.execute("0", Assign(("Water Bureau",)), by=OFFICE, at=instant("2026-02-10"))
        swept = later(begun(store, "1"), instant("2026-04-26")).sweep(limit=1)

        assert ([id for id, _ in swept.said], [id for id, _ in swept.failed]) == (["1"], ["0"])

    def test_what_is_due_is_paged_and_counted_alike(self, store: Store) -> None:
        engine = begun(store, "1", "2", assigned_on="2026-02-12")
        begun(store, "0", "9")
        at, first = instant("2026-04-30"), engine.store.due(instant("2026-04-30"), limit=2)

        assert [(str(RULES.calendar.day_of(w.at)), w.id) for w in first] == [("2026-04-26", "0"), ("2026-04-26", "9")]
        assert [w.id for w in store.due(at, after=first[0])] == ["9", "1", "2"]
        assert (store.due_count(at), store.due_count(at, after=first[-1])) == (4, 2)
        assert store.due_count(instant("2026-04-25")) == 0


class TestFiringKeys:
    """A rung's chance is taken once, whoever asks."""

    @staticmethod
    def spoken(engine: Engine, at: DateTime) -> tuple[Entry, ...]:
        return supervise(RULES, engine.look_up("1"), at=at).entries

    def test_two_who_decided_at_once_leave_one_entry(self, store: Store) -> None:
        engine = begun(store, "1")
        suggestion = engine.look_up("1")
        entries = self.spoken(engine, instant("2026-04-26"))
        batch = Chainer(store.codec).chained(build_batch(RULES, suggestion, entries))
        store.append(batch)
        with pytest.raises(StaleSuggestion):
            store.append(batch)

        assert [e.kind for e in engine.history("1")].count("supervised") == 1

    def test_a_firing_key_is_refused_even_at_the_right_version(self, store: Store) -> None:
        """As when a host wrote entries of its own between."""
        engine = begun(store, "1")
        later(engine, instant("2026-04-26")).sweep()
        suggestion = engine.look_up("1")
        again = Supervise(
            "Water Bureau", "phone", "again", firing_key=FiringKey(TermKey("reply", "Water Bureau"), "reminded")
        )
        provenance = Provenance(CLOCK, instant("2026-04-27"), day("2026-04-27"))
        entry = Entry(
            suggestion.next_entry, again, provenance, suggestion.state, RULES.ref, calendar=RULES.calendar_ref
        )
        batch = Chainer(store.codec).chained(build_batch(RULES, suggestion, (entry,)))
        with pytest.raises(StaleSuggestion):
            store.append(batch)

        assert len(engine.history("1")) == suggestion.version


def test_the_table_of_firing_keys_holds_each_with_its_entry(tmp_path: Path) -> None:
    with closing(SqlStore(str(tmp_path / "a.db"))) as store:
        engine = begun(store, "1")
        later(engine, instant("2026-04-26")).sweep()
    with closing(sqlite3.connect(tmp_path / "a.db")) as database:
        rows = database.execute(
            "select suggestion_id, rule, unit, rung, occurrence, entry from handleflow_firing_keys"
        )

        assert rows.fetchall() == [("1", "reply", "Water Bureau", "reminded", 1, 4)]


def test_the_board_of_an_engine_holds_every_suggestion_with_its_rulebook(store: Store) -> None:
    engine = begun(store, "1", "2")
    engine.execute("3", Receive("Pipes", "Deputy A"), by=OFFICE)

    assert list(engine.with_rulebooks()) == [(RULES, engine.look_up(id)) for id in "123"]


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What an engine has warned of."""
    return [record.getMessage() for record in caplog.records if record.name.startswith("handleflow.engine")]


class TestNotHeld:
    """A rulebook that suggestions hang on, and that the engine was not given."""

    OTHER = rulebook(version="2")
    WARNED = "rulebook test 1 is not held here, and 3 suggestion(s) hang on it"

    def test_is_warned_of_when_the_engine_is_made_before_anything_fails_of_it(
        self, store: Store, caplog: pytest.LogCaptureFixture
    ) -> None:
        begun(store, "1", "2", "3")
        nobody_is_missing = warnings(caplog)
        engine = Engine(store, [self.OTHER])
        (warned,) = warnings(caplog)

        assert (nobody_is_missing, warned.startswith(self.WARNED)) == ([], True)
        assert engine.health(at=instant("2026-02-11")).not_held == (("test 1", 3),)

    def test_is_told_no_more_when_it_was_handed_in(self, store: Store, caplog: pytest.LogCaptureFixture) -> None:
        begun(store, "1")

        assert Engine(store, [self.OTHER, RULES]).health(at=instant("2026-02-11")).not_held == ()
        assert warnings(caplog) == []

    def test_an_engine_that_holds_none_decides_nothing_and_warns_of_nothing(
        self, store: Store, caplog: pytest.LogCaptureFixture
    ) -> None:
        begun(store, "1")

        assert Engine(store, []).health(at=instant("2026-02-11")).not_held == (("test 1", 1),)
        assert warnings(caplog) == []

    def test_inside_a_hosts_transaction_nothing_is_counted_until_somebody_asks(
        self, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        database = create_engine(f"sqlite:///{tmp_path / 'a.db'}")
        prepare_sqlite(database)
        store = SqlStore(database)
        begun(store, "1")
        with database.begin() as connection:
            health = Engine(store.bind(connection), [self.OTHER]).health(at=instant("2026-02-11"))
        database.dispose()

        assert (health.not_held, warnings(caplog)) == ((("test 1", 1),), [])
