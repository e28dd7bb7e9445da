"""What stands beside a history in every store that is indexed: is it found, moved, rebuilt and verified with it?"""
# ruff: noqa: S101

from __future__ import annotations

from typing import Any, cast

import attrs
import pytest

from handleflow.store import Indexed, IndexedStore, Query
from handleflow.testing._lives import LATE, MakeStore, Opened, begun, swept_life
from handleflow.testing._moving import moved, rebuilt
from handleflow.testing._verifying import whole
from handleflow.verification import verify

WRONG: dict[str, dict[str, Any]] = {
    "the day it wakes": {"wakes_at": LATE},
    "a leader": {"leaders": ("Mayor (placeholder)",)},
    "a firing key": {"entries": ()},
}


class Derived(Opened):
    """All that is derived of a history and lies in an index."""

    def test_a_suggestion_taken_in_is_found_as_where_it_came_from(self, make_store: MakeStore) -> None:
        store, other = indexed(make_store), indexed(make_store)
        begun(store, "1", units=("Roads Bureau",))
        moved(store, other)

        assert [other.count(Query(), by) for by in ("unit", "leader")] == [
            store.count(Query(), by) for by in ("unit", "leader")
        ]

    def test_a_suggestion_rebuilt_takes_all_that_is_derived_from_it_along_and_no_entry(
        self, store: IndexedStore
    ) -> None:
        begun(store, "1")
        history, digest = store.history("1"), store.digest()
        batch = rebuilt(store, "1", title="Lamps", category="roads", terms=())
        store.rebuild(attrs.evolve(batch, leaders=("Mayor (placeholder)",)))

        assert (store.load("1"), store.due(LATE)) == (batch.suggestion, ())
        assert [len(store.find(Query(text=text)).suggestions) for text in ("lamps", "pipes")] == [1, 0]
        assert store.count(Query(), "leader") == {"Mayor (placeholder)": 1}
        assert store.count(Query(), "category") == {"roads": 1}
        assert (store.history("1"), store.digest()) == (history, digest)

    @pytest.mark.parametrize("wrong", WRONG)
    def test_whatever_is_derived_and_wrong_is_a_fault_until_it_is_derived_anew(
        self, store: IndexedStore, wrong: str
    ) -> None:
        engine = swept_life(store)
        rewritten = store.rebuild(whole(store, "1", **WRONG[wrong]))
        found = [fault.id for fault in verify(store)]

        assert (rewritten, found, engine.rebuild("1")) == (True, ["1"], True)
        assert (engine.rebuild("1"), tuple(verify(store))) == (False, ())


def indexed(make_store: MakeStore) -> IndexedStore:
    """A new store, which says itself that it is indexed."""
    store = make_store()
    assert isinstance(store, Indexed)
    return cast("IndexedStore", store)
