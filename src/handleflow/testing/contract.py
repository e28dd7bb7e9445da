"""
Contract test suite: what must a store of one's own keep? Every promise of the four protocols, and of the optional
one, as tests.
"""
# ruff: noqa: S101

from __future__ import annotations

from collections.abc import Callable

from handleflow.store import Store
from handleflow.testing._clock import Clock
from handleflow.testing._derived import Derived
from handleflow.testing._feed_contract import Feed
from handleflow.testing._finding import Finding
from handleflow.testing._histories_contract import Histories
from handleflow.testing._lives import at, lived, swept_life
from handleflow.testing._moving import Moving
from handleflow.testing._verifying import Verifying
from handleflow.testing._writing import Writing
from handleflow.verification import verify

__all__ = ["IndexedContract", "LastingContract", "StoreContract"]

Reopen = Callable[[Store], Store]


class StoreContract(Histories, Writing, Clock, Feed, Moving, Verifying):
    """
    Every promise of ``handleflow.Store``: subclass it, and give it a fixture.

    *make_store* gives a callable that opens a new and empty store each time it is called, with ``own=(...)`` one
    that knows a host's own event classes.
    """


class IndexedContract(Finding, Derived, StoreContract):
    """Every promise of ``handleflow.store.IndexedStore``: those of a store, and what it finds, counts and derives."""


class LastingContract(StoreContract):
    """
    Every promise of a store that outlives a process: those of a store, and that nothing is lost when it is closed.

    It takes a second fixture: *reopen* gives a callable that takes a store, lets go of it and opens the same place
    anew. One that is indexed as well inherits both: ``class TestMyStore(LastingContract, IndexedContract)``.
    """

    def test_a_store_opened_again_tells_the_same_histories_and_suggestions(
        self, store: Store, reopen: Reopen
    ) -> None:
        lived(store)
        histories, suggestions = store.history("1"), tuple(store.snapshots())
        again = reopen(store)

        assert (again.history("1"), tuple(again.snapshots())) == (histories, suggestions)
        assert tuple(verify(again)) == ()

    def test_a_store_opened_again_tells_the_same_feed_and_where_its_readers_were(
        self, store: Store, reopen: Reopen
    ) -> None:
        lived(store)
        store.advance("reader", 3)
        feed, digest = store.feed(private=True), store.digest()
        again = reopen(store)

        assert (again.feed(private=True), again.digest(), again.cursor("reader")) == (feed, digest, 3)

    def test_a_store_opened_again_knows_its_keys_its_rulebooks_and_when_the_clock_spoke(
        self, store: Store, reopen: Reopen
    ) -> None:
        swept_life(store)
        keys, rulebooks, swept = store.keys("1"), store.rulebooks(), store.last_sweep()
        again = reopen(store)

        assert (again.keys("1"), again.rulebooks(), again.last_sweep()) == (keys, rulebooks, swept)
        assert (len(keys), len(rulebooks), swept.at) == (1, 1, at("2026-04-26"))
