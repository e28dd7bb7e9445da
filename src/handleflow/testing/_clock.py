"""Contract tests of the wake-up index: what must every store know of the clock?"""
# ruff: noqa: S101

from __future__ import annotations

import pytest
from pendulum import DateTime, timezone

from handleflow.acts import Close, TakeOver
from handleflow.engine import Engine
from handleflow.legal_time import day, utc
from handleflow.model import TermKey
from handleflow.rulebooks import load
from handleflow.store import LastSweep, Store, Waking
from handleflow.testing._lives import LATE, OFFICE, RULES, Opened, at, begun, engine_of, lived

REMINDED, LATER = (RULES.calendar.start_of(day(on)) for on in ("2026-04-26", "2026-04-28"))


def waiting(store: Store) -> None:
    """Four suggestions that wake on two days."""
    begun(store, "c", "b", on="2026-02-13")
    begun(store, "d", "a", on="2026-02-10")


def twice(minute: int, fold: int = 0) -> DateTime:
    """An instant between two and three in the night in which Berlin sets its clocks back; *fold* 1 for later on."""
    return DateTime(2026, 10, 25, 2, minute, tzinfo=timezone("Europe/Berlin"), fold=fold)


def paged(store: Store, size: int) -> list[Waking]:
    """Everything that is due, read *size* at a time."""
    found: list[Waking] = []
    while page := store.due(LATE, after=found[-1] if found else None, limit=size):
        found.extend(page)
    return found


class Clock(Opened):
    """What is due, when the clock spoke, and which terms have no day."""

    def test_those_who_wake_come_in_order_of_instant_and_id(self, store: Store) -> None:
        waiting(store)

        assert store.due(LATE) == (
            Waking(REMINDED, "a"),
            Waking(REMINDED, "d"),
            Waking(LATER, "b"),
            Waking(LATER, "c"),
        )

    def test_who_wakes_later_is_not_due(self, store: Store) -> None:
        waiting(store)

        assert [[w.id for w in store.due(at(on))] for on in ("2026-04-25", "2026-04-26", "2026-04-27")] == [
            [],
            ["a", "d"],
            ["a", "d"],
        ]

    def test_who_wakes_on_a_day_is_due_from_its_first_instant_on(self, store: Store) -> None:
        waiting(store)

        assert [store.due_count(when) for when in (REMINDED.subtract(microseconds=1), REMINDED)] == [0, 2]

    def test_pages_of_any_size_hold_everything_that_is_due_once(self, store: Store) -> None:
        waiting(store)

        assert [[w.id for w in paged(store, size)] for size in (1, 2, 3, 9)] == [["a", "d", "b", "c"]] * 4

    def test_what_is_due_after_a_place_is_counted_as_it_is_told(self, store: Store) -> None:
        waiting(store)
        pages = (None, *store.due(LATE))

        assert [store.due_count(LATE, after=last) for last in pages] == [4, 3, 2, 1, 0]
        assert [len(store.due(LATE, after=last)) for last in pages] == [4, 3, 2, 1, 0]
        assert [store.due_count(when) for when in (at("2026-04-25"), REMINDED, LATER)] == [0, 2, 4]

    def test_a_place_need_not_be_due_any_more_to_page_on_from(self, store: Store) -> None:
        waiting(store)
        last = Waking(REMINDED, "b")

        assert [w.id for w in store.due(LATE, after=last)] == ["d", "b", "c"]

    def test_what_the_clock_has_said_is_not_due_again_on_that_day(self, store: Store) -> None:
        waiting(store)
        engine_of(store, "2026-04-26").sweep()

        assert store.due(REMINDED) == ()
        assert [w.id for w in store.due(LATE)][:2] == ["b", "c"]

    def test_what_is_over_never_wakes(self, store: Store) -> None:
        engine = engine_of(store)
        over = TakeOver("Pipes", leads=("Water Bureau",), assigned_on="2026-02-01", mark="A", result="satisfied")
        engine.execute("1", over, by=OFFICE)
        engine.execute("1", Close(), by=OFFICE)

        assert (store.due(LATE), store.due_count(LATE)) == ((), 0)

    def test_before_the_clock_was_ever_let_speak_nobody_knows_of_it(self, store: Store) -> None:
        lived(store)

        assert store.last_sweep() == LastSweep(None, None)

    def test_a_sweep_that_said_nothing_is_remembered_beside_the_last_that_did(self, store: Store) -> None:
        store.record_sweep(at("2026-04-26"), has_effect=True)
        store.record_sweep(at("2026-04-27"), has_effect=False)

        assert store.last_sweep() == LastSweep(at("2026-04-27"), at("2026-04-26"))

    def test_a_sweep_that_ends_after_a_later_one_does_not_turn_time_back(self, store: Store) -> None:
        store.record_sweep(at("2026-04-27"), has_effect=True)
        store.record_sweep(at("2026-04-26"), has_effect=True)
        store.record_sweep(at("2026-04-25"), has_effect=False)

        assert store.last_sweep() == LastSweep(at("2026-04-27"), at("2026-04-27"))

    def test_the_last_sweep_is_set_back_and_never_on(self, store: Store) -> None:
        store.set_last_sweep_back(at("2026-04-26"))
        before = store.last_sweep()
        store.record_sweep(at("2026-04-26"), has_effect=True)
        store.record_sweep(at("2062-04-26"), has_effect=False)
        store.set_last_sweep_back(at("2026-04-28"))
        first = store.last_sweep()
        store.set_last_sweep_back(at("2026-04-25"))

        assert (before, first) == (LastSweep(None, None), LastSweep(at("2026-04-28"), at("2026-04-26")))
        assert store.last_sweep() == LastSweep(at("2026-04-25"), at("2026-04-25"))

    def test_in_the_hour_that_comes_twice_the_later_sweep_counts_whatever_clocks_show(self, store: Store) -> None:
        first, second = twice(30), twice(10, fold=1)
        for recorded_at in (second, first):
            store.record_sweep(recorded_at, has_effect=True)
        swept = store.last_sweep()
        assert swept.at is not None
        assert swept.last_effect_at is not None

        assert (utc(swept.at), utc(swept.last_effect_at)) == (utc(second), utc(second))

    def test_a_term_nobody_knows_the_beginning_of_is_unarmed_until_its_life_is_over(self, store: Store) -> None:
        engine = engine_of(store)
        taken = TakeOver("Pipes", leads=("Water Bureau",), mark="A", result="satisfied")
        for id in ("2", "1"):
            engine.execute(id, taken, by=OFFICE)
        begun(store, "0")
        key = TermKey("reply", "Water Bureau")
        both, first = store.terms_without_day(), store.terms_without_day(limit=1)
        engine.execute("1", Close(), by=OFFICE)

        assert (both, first, store.terms_without_day()) == ((("1", key), ("2", key)), (("1", key),), (("2", key),))

    @pytest.mark.parametrize("limit", [0, -1])
    def test_at_a_limit_below_one_nothing_is_told(self, store: Store, limit: int) -> None:
        waiting(store)
        engine_of(store).execute("u", TakeOver("Pipes", leads=("Water Bureau",), mark="A"), by=OFFICE)

        assert (store.due(LATE, limit=limit), store.terms_without_day(limit), store.feed(limit=limit)) == ((), (), ())

    def test_a_limit_beyond_all_numbers_leaves_nothing_out(self, store: Store) -> None:
        waiting(store)

        assert (len(store.due(LATE, limit=10**30)), store.feed(limit=10**30)) == (4, store.feed())

    def test_a_rulebook_that_suggestions_hang_on_and_an_engine_does_not_hold_is_told_with_their_number(
        self, store: Store
    ) -> None:
        begun(store, "a", "b")
        other = load("cn.national", changes={"name": "contract", "version": "2"})
        held = [Engine(store, rulebooks).health(at=LATE).not_held for rulebooks in ([other], [other, RULES], [])]

        assert held == [(("contract 1", 2),), (), (("contract 1", 2),)]
