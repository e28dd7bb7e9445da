"""
Contract tests of verification: what must hold in every store while it is verified and folded anew, and others
write?
"""
# ruff: noqa: S101

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import attrs
import pytest

from handleflow.acts import Classify
from handleflow.engine import Engine, rebuild
from handleflow.errors import BrokenHistory, StaleSuggestion, UnknownSuggestion
from handleflow.store import Batch, FeedDigest, Store
from handleflow.store.projection import derived_anew
from handleflow.testing._lives import (
    OFFICE,
    RULES,
    MakeStore,
    Opened,
    Own,
    adding,
    at,
    begun,
    lived,
    trace,
)
from handleflow.testing._writing import ACTS, in_threads
from handleflow.tree_head import EMPTY
from handleflow.verification import verify


def acting(store: Store, act: Callable[[], object]) -> Engine:
    """An engine in whose midst, while it folds something anew, somebody acts once."""
    done: list[bool] = []

    def leader(*_: object) -> None:
        if not done:
            done.append(True)
            act()

    return Engine(store, [attrs.evolve(RULES, leader_by=leader)], clock=lambda: at("2026-02-10"))


def whole(store: Store, id: str, **wrong: Any) -> Batch:
    """All that the history of a suggestion derives, with something of it wrong."""
    suggestion = store.load(id)
    assert suggestion is not None
    return attrs.evolve(derived_anew(RULES, suggestion, store.history(id)), **wrong)


class Verifying(Opened):
    """Nothing is lost, and nothing is called a fault that is none."""

    def test_an_act_while_a_history_is_folded_anew_stays(self, store: Store) -> None:
        engine = begun(store, "1", "2")
        folding = acting(store, lambda: engine.execute("1", Classify("roads"), by=OFFICE))
        with pytest.raises(StaleSuggestion):
            folding.rebuild("1")
        found = store.load("1")

        assert (found and found.category, tuple(verify(store))) == ("roads", ())

    def test_who_folds_all_anew_comes_back_to_what_moved(self, store: Store) -> None:
        engine = begun(store, "1", "2")
        store.rebuild(whole(store, "1", wakes_at=None))
        folding = acting(store, lambda: engine.execute("1", Classify(is_key=True), by=OFFICE))
        rebuilt = rebuild(folding)
        found = store.load("1")

        assert (rebuilt.left, found and found.is_key, tuple(verify(store))) == ((), True, ())

    def test_what_eight_threads_write_while_it_is_verified_and_folded_anew_stays_and_is_no_fault(
        self, store: Store
    ) -> None:
        engine, found, recorded = lived(store, "1", "2"), list[object](), list[str]()

        def work(thread: int) -> None:
            for n in range(ACTS):
                if thread % 4 == 0:
                    found.extend(verify(store))
                elif thread % 4 == 1:
                    rebuild(engine)
                else:
                    try:
                        engine.execute("1", Classify(f"{thread}-{n}"), by=OFFICE)
                        recorded.append(f"{thread}-{n}")
                    except StaleSuggestion:
                        continue

        in_threads(work)
        events = [entry.event for entry in store.history("1")]

        assert (found, tuple(verify(store))) == ([], ())
        assert sorted(e.category or "" for e in events if isinstance(e, Classify)) == sorted(recorded)

    def test_verifying_numbers_nothing_and_tells_how_far_others_have(self, store: Store) -> None:
        engine = begun(store, "1")
        first = (tuple(verify(store)), store.digest(numbering=False))
        numbered = store.digest()
        engine.execute("1", Classify("roads"), by=OFFICE)

        assert (first, tuple(verify(store))) == (((), FeedDigest(0, EMPTY.hex())), ())
        assert (store.digest(numbering=False), numbered.position) == (numbered, 3)

    def test_nothing_is_folded_from_events_the_store_does_not_know(self, make_store: MakeStore) -> None:
        knowing, store = make_store(own=(Own,)), make_store()
        begun(knowing, "1")
        knowing.append(adding(knowing, "1", Own("words")))
        stored = knowing.entries("1")
        store.import_history(whole(knowing, "1", expected=0, stored=stored))
        before = trace(store, "1")
        with pytest.raises(BrokenHistory, match="is of the kind 'contract_owned'"):
            Engine(store, [RULES]).rebuild("1")

        assert trace(store, "1") == before

    def test_where_there_is_no_suggestion_nothing_is_folded(self, store: Store) -> None:
        engine = begun(store, "1")
        before = trace(store, "1", "404")
        with pytest.raises(UnknownSuggestion):
            engine.rebuild("404")

        assert trace(store, "1", "404") == before
