"""
Contract tests of import and rebuild: what must hold in every store when histories are moved, folded anew, erased
and checked?
"""
# ruff: noqa: S101

from __future__ import annotations

from typing import Any

import attrs
import pytest

from handleflow.acts import Classify, MergeWith, Receive
from handleflow.core import replay
from handleflow.errors import StaleSuggestion
from handleflow.store import Batch, Store
from handleflow.testing._lives import (
    LATE,
    OFFICE,
    MakeStore,
    Opened,
    adding,
    begun,
    engine_of,
    lived,
    swept_life,
    trace,
)
from handleflow.verification import verify


def moved(store: Store, other: Store, *ids: str) -> Store:
    """*other*, when it has taken in suggestions of *store*."""
    engine = engine_of(other)
    for id in ids or tuple(store.ids()):
        engine.import_history(id, store.entries(id), store.keys(id))
    return other


def rebuilt(store: Store, id: str, /, **change: Any) -> Batch:
    """A batch to rewrite a suggestion by, with something of it changed."""
    suggestion = store.load(id)
    assert suggestion is not None
    return Batch(id, suggestion.version, (), attrs.evolve(suggestion, **change), before=suggestion)


class Moving(Opened):
    """Whole histories."""

    def test_ids_and_suggestions_come_in_order_of_id_and_every_one_once(self, store: Store) -> None:
        lived(store, "b", "9", "a", "10", "B")

        assert list(store.ids()) == ["10", "9", "B", "a", "b"]
        assert [suggestion.id for suggestion in store.snapshots()] == ["10", "9", "B", "a", "b"]

    def test_more_suggestions_than_anybody_reads_at_once_come_all(self, store: Store) -> None:
        wanted = [f"{n:04}" for n in range(1_100)]
        store.append(*(adding(store, id, Receive("Pipes", "Deputy A")) for id in wanted))

        assert list(store.ids()) == wanted
        assert [suggestion.id for suggestion in store.snapshots()] == wanted

    def test_those_of_many_ids_that_are_there_are_loaded_as_each_by_itself(self, store: Store) -> None:
        lived(store, "1", "2", "3")

        assert store.load_many(["3", "404", "1", "3"]) == {"1": store.load("1"), "3": store.load("3")}
        assert store.load_many([]) == {}

    def test_more_than_a_database_takes_in_one_statement_are_loaded(self, store: Store) -> None:
        wanted = [f"{n:04}" for n in range(1_100)]
        store.append(*(adding(store, id, Receive("Pipes", "Deputy A")) for id in wanted))

        assert list(store.load_many(wanted)) == wanted

    # restore

    def test_a_history_taken_in_is_the_same_byte_by_byte_with_its_hashes_and_keys(
        self, make_store: MakeStore
    ) -> None:
        store, other = make_store(), make_store()
        swept_life(store)
        moved(store, other)

        assert (other.entries("1"), other.keys("1")) == (store.entries("1"), store.keys("1"))
        assert (other.history("1"), other.load("1")) == (store.history("1"), store.load("1"))
        assert (other.key("1", "k"), other.key("1", "other")) == (store.key("1", "k"), None)

    def test_a_suggestion_taken_in_is_due_and_told_as_where_it_came_from(self, make_store: MakeStore) -> None:
        store, other = make_store(), make_store()
        begun(store, "1", units=("Roads Bureau",))
        moved(store, other)

        assert (other.due(LATE), other.due_count(LATE)) == (store.due(LATE), 1)
        assert other.feed(private=True) == store.feed(private=True)
        assert tuple(verify(other)) == ()

    def test_a_rungs_chance_that_was_taken_stays_taken_where_the_history_is_taken_in(
        self, make_store: MakeStore
    ) -> None:
        store, other = make_store(), make_store()
        swept_life(store)
        moved(store, other)
        spoken = next(e.event for e in other.history("1") if e.kind == "supervised")
        with pytest.raises(StaleSuggestion):
            other.append(adding(other, "1", spoken))

        assert engine_of(other, "2026-04-26").sweep().said == ()

    def test_a_history_taken_in_can_be_gone_on_with(self, make_store: MakeStore) -> None:
        store, other = make_store(), make_store()
        lived(store)
        engine = engine_of(moved(store, other))
        engine.execute("1", Classify("roads"), by=OFFICE)

        assert other.entries("1")[:-1] == store.entries("1")
        assert (replay("1", other.history("1")), tuple(verify(other))) == (other.load("1"), ())

    def test_a_suggestion_is_taken_in_once_and_what_is_there_is_left_as_it_is(self, make_store: MakeStore) -> None:
        store, other = make_store(), make_store()
        lived(store, key="k")
        engine_of(other).execute("1", Receive("Lamps", "Deputy B"), by=OFFICE)
        before = trace(other, "1")
        for _ in range(2):
            with pytest.raises(StaleSuggestion):
                moved(store, other)

        assert trace(other, "1") == before

    # rewrite

    def test_folding_anew_changes_nothing_where_nothing_was_wrong(self, store: Store) -> None:
        engine = swept_life(store)
        before = trace(store, "1")

        assert (engine.rebuild("1"), trace(store, "1")) == (False, before)

    def test_a_wrong_suggestion_is_a_fault_until_it_is_folded_anew(self, store: Store) -> None:
        engine = begun(store, "1")
        store.rebuild(rebuilt(store, "1", title="Lamps"))
        found = [fault.id for fault in verify(store)]

        assert (found, engine.rebuild("1"), tuple(verify(store))) == (["1"], True, ())
        assert [w.id for w in store.due(LATE)] == ["1"]

    @pytest.mark.parametrize("id", ["1", "404"])
    def test_a_suggestion_somebody_went_on_from_meanwhile_is_not_written_anew(self, store: Store, id: str) -> None:
        begun(store, "1")
        before = trace(store, "1", "404")
        newest = rebuilt(store, "1", title="Lamps")
        with pytest.raises(StaleSuggestion):
            store.rebuild(attrs.evolve(newest, id=id, expected=newest.expected - (id == "1")))

        assert trace(store, "1", "404") == before

    # erase

    def test_erased_words_are_gone_everywhere_and_how_many_is_told(self, store: Store) -> None:
        lived(store)
        erased = store.erase("1")
        received = store.history("1")[0].event
        found = [item.entry for item in store.feed(private=True)]

        assert isinstance(received, Receive)
        assert (erased, received.phone, received.address, received.title) == (2, None, None, "Pipes")
        assert [entry.private for entry in store.entries("1")] == [()] * len(store.entries("1"))
        assert found == list(store.history("1"))

    def test_the_chain_the_head_and_the_suggestion_stay_whole_when_words_are_erased(self, store: Store) -> None:
        lived(store, key="k")
        before = (store.load("1"), [entry.hash for entry in store.history("1")], store.digest(), store.keys("1"))
        store.erase("1")

        assert (
            store.load("1"),
            [entry.hash for entry in store.history("1")],
            store.digest(),
            store.keys("1"),
        ) == before
        assert tuple(verify(store)) == ()

    def test_only_the_words_of_one_suggestion_are_erased_and_only_once(self, store: Store) -> None:
        lived(store, "1", "2")
        counts = [store.erase(id) for id in ("1", "1", "404")]
        kept = store.history("2")[0].event

        assert (counts, isinstance(kept, Receive) and kept.phone) == ([2, 0, 0], "placeholder number")

    def test_a_suggestion_whose_words_were_erased_goes_on(self, store: Store) -> None:
        engine = lived(store)
        store.erase("1")
        engine.execute("1", Classify("roads"), by=OFFICE)

        assert (replay("1", store.history("1")), tuple(verify(store))) == (store.load("1"), ())

    # faults

    def test_a_store_that_only_its_own_doors_were_used_of_has_no_fault(self, make_store: MakeStore) -> None:
        store = make_store()
        lived(store, "2", key="k")
        swept_life(store)
        begun(store, "3").execute("3", MergeWith("1"), by=OFFICE)
        before = tuple(verify(store))
        store.feed(limit=3)

        assert (before, tuple(verify(store))) == ((), ())
