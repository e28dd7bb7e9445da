"""Contract tests of concurrent writes: who may write, and what is written when several want to? In every store."""
# ruff: noqa: S101

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import cast

import attrs
import pytest

from handleflow.acts import Classify, MergeWith
from handleflow.engine import Engine
from handleflow.engine.requests import Request
from handleflow.errors import StaleSuggestion, StoreError
from handleflow.model import Entry, Event, Suggestion
from handleflow.store import Batch, IdempotencyKey, Store
from handleflow.testing._lives import (
    OFFICE,
    RECEIVE,
    MakeStore,
    Opened,
    Own,
    OwnAnew,
    OwnEffect,
    adding,
    begun,
    engine_of,
    lived,
    swept_life,
    trace,
)
from handleflow.verification import verify

THREADS, ACTS = 8, 12


KEY = IdempotencyKey("k", "d", 1, 1)
UNWRITABLE = [
    pytest.param(OwnAnew("words"), id="what would be read back as something else"),
    pytest.param(Own("half \ud800"), id="half of a surrogate pair"),
    pytest.param(OwnEffect("whole"), id="half of one in the suggestion alone"),
]


def rung_of(store: Store, id: str) -> Event:
    """The event by which the clock took a rung's chance."""
    return next(e.event for e in store.history(id) if getattr(e.event, "firing_key", None) is not None)


class Writing(Opened):
    """All or none, and whoever comes second is told so."""

    def test_what_one_act_writes_to_two_suggestions_is_written_to_both(self, store: Store) -> None:
        engine = begun(store, "1", "2")
        engine.execute("1", MergeWith("2"), by=OFFICE)
        one, other = engine.look_up("1"), engine.look_up("2")

        assert (one.merged_with, other.merged_with) == (("2",), ("1",))
        assert [store.history(id)[-1].event for id in "12"] == [MergeWith("2"), MergeWith("1")]

    @pytest.mark.parametrize("fresh", ["0", "3"])
    @pytest.mark.parametrize("is_first", [True, False])
    def test_of_several_batches_none_is_written_when_one_is_stale(
        self, store: Store, fresh: str, is_first: bool
    ) -> None:
        lived(store, "1", "2")
        before = trace(store, fresh, "1", "2")
        good = [adding(store, "2", Classify("roads"), keys=(KEY,)), adding(store, fresh, RECEIVE)]
        stale = attrs.evolve(adding(store, "1", Classify("roads")), expected=1)
        with pytest.raises(StaleSuggestion):
            store.append(*([stale, *good] if is_first else [*good, stale]))

        assert trace(store, fresh, "1", "2") == before

    @pytest.mark.parametrize("expected", [0, 1, 99])
    def test_a_batch_decided_on_any_version_but_the_newest_is_stale(self, store: Store, expected: int) -> None:
        lived(store)
        before = trace(store, "1")
        with pytest.raises(StaleSuggestion):
            store.append(attrs.evolve(adding(store, "1", Classify("roads")), expected=expected))

        assert trace(store, "1") == before

    def test_a_batch_for_a_suggestion_that_should_be_there_and_is_not_is_stale(self, store: Store) -> None:
        with pytest.raises(StaleSuggestion):
            store.append(attrs.evolve(adding(store, "404", RECEIVE), expected=3))

        assert (store.load("404"), store.history("404")) == (None, ())

    @pytest.mark.parametrize("event", UNWRITABLE)
    def test_what_cannot_be_written_is_refused_by_name_before_anything_is_kept(
        self, make_store: MakeStore, event: Event
    ) -> None:
        store = make_store(own=(Own, OwnAnew, OwnEffect))
        lived(store, "1", "2")
        before = trace(store, "1", "2")
        good = adding(store, "2", Classify("roads"), keys=(KEY,))
        with pytest.raises(StoreError, match="cannot be written"):
            store.append(good, adding(store, "1", event))

        assert trace(store, "1", "2") == before

    def test_a_key_that_was_taken_is_stale_and_is_free_in_another_suggestion(self, store: Store) -> None:
        lived(store, "1", key="k")
        lived(store, "2")
        before = trace(store, "1")
        with pytest.raises(StaleSuggestion):
            store.append(adding(store, "1", Classify("roads"), keys=(KEY,)))
        store.append(adding(store, "2", Classify("roads"), keys=(KEY,)))

        assert trace(store, "1")[0] == before[0]
        assert [kept.key for kept in store.keys("2")] == ["k"]

    @pytest.mark.parametrize("together", [0, 1, 2])
    def test_of_two_copies_of_a_request_at_once_the_second_gets_what_the_first_recorded(
        self, store: Store, together: int
    ) -> None:
        lived(store)
        request = Request("1", Classify("roads"), OFFICE, expect=store_version(store), key="k")
        group = [request, Request("2", RECEIVE, OFFICE, expect=0, key="k")][:together]
        with overtaking(store, lambda engine: engine.execute_many([request])) as engine:
            answers = engine.execute_many(group) or (execute(engine, request),)

        assert answers == tuple(store.load(id) for id in "12"[: together or 1])
        assert [entry.event for entry in store.history("1")].count(request.act) == 1

    def test_a_version_somebody_saw_that_raced_away_is_stale_and_nothing_is_written_over_it(
        self, store: Store
    ) -> None:
        lived(store)
        seen = store_version(store)
        request = Request("1", Classify("water"), OFFICE, expect=seen, key="k2")

        def sort(engine: Engine) -> None:
            engine.execute("1", Classify("roads"), by=OFFICE)

        with overtaking(store, sort) as engine, pytest.raises(StaleSuggestion):
            engine.execute("1", request.act, by=OFFICE, expect=seen)
        with overtaking(store, sort) as engine:
            answers = engine.execute_many([attrs.evolve(request, expect=seen + 1), Request("2", RECEIVE, OFFICE)])

        assert [type(each) for each in answers] == [StaleSuggestion, Suggestion]
        assert [e.event for e in store.history("1")[seen:]] == [Classify("roads")] * 2

    def test_a_rungs_chance_that_was_taken_is_stale_even_on_the_newest_version(self, store: Store) -> None:
        swept_life(store)
        before = trace(store, "1")
        with pytest.raises(StaleSuggestion):
            store.append(adding(store, "1", rung_of(store, "1")))

        assert trace(store, "1") == before

    def test_a_rungs_chance_is_another_one_in_another_suggestion(self, store: Store) -> None:
        swept_life(store)
        begun(store, "2")
        store.append(adding(store, "2", rung_of(store, "1")))

        assert store.history("2")[-1].event == rung_of(store, "1")

    def test_listeners_hear_of_entries_where_the_store_itself_commits_and_nowhere_else(self, store: Store) -> None:
        heard: list[Entry] = []
        engine = engine_of(store)
        engine.listen(lambda _, entry: heard.append(entry), private=True)
        engine.execute("1", RECEIVE, by=OFFICE)

        assert heard == (list(store.history("1")) if store.commits else [])

    def test_what_is_recorded_comes_back_with_the_hash_it_got(self, store: Store) -> None:
        after = begun(store, "1").execute("1", Classify("roads"), by=OFFICE)
        stored = store.entries("1")

        assert (after.version, after.last_hash) == (len(stored), stored[-1].hash)

    def test_eight_threads_on_one_engine_lose_nothing_and_double_nothing(self, store: Store) -> None:
        engine, recorded, stale = lived(store), list[str](), list[str]()
        before, gate = store.history("1"), threading.Barrier(THREADS)

        def work(thread: int) -> None:
            gate.wait()
            for category in (f"{thread}-{n}" for n in range(ACTS)):
                try:
                    engine.execute("1", Classify(category), by=OFFICE)
                    recorded.append(category)
                except StaleSuggestion:
                    stale.append(category)

        in_threads(work)
        written = store.history("1")[len(before) :]

        assert len(recorded) + len(stale) == THREADS * ACTS
        assert [entry.number for entry in written] == [len(before) + n for n in range(1, len(recorded) + 1)]
        assert sorted(e.event.category or "" for e in written if isinstance(e.event, Classify)) == sorted(recorded)
        assert tuple(verify(store)) == ()

    def test_eight_threads_that_sweep_at_once_say_every_rung_once(self, store: Store) -> None:
        ids = [str(n) for n in range(10)]
        begun(store, *ids)
        engine = engine_of(store, "2026-04-26")

        def work(_: int) -> None:
            while engine.sweep().stale:
                pass

        in_threads(work)

        assert [[e.kind for e in store.history(id)].count("supervised") for id in ids] == [1] * len(ids)


def execute(engine: Engine, request: Request) -> Suggestion:
    """What a request by itself is answered with."""
    return engine.execute(request.id, request.act, by=request.by, expect=request.expect, key=request.key)


def store_version(store: Store) -> int:
    """The version of the one suggestion that acts are asked of."""
    found = store.load("1")
    return found.version if found else 0


@contextmanager
def overtaking(store: Store, overtake: Callable[[Engine], object]) -> Iterator[Engine]:
    """An engine whose first append comes after what another engine does, on the same store, when it has decided."""
    other, waiting = engine_of(store), [overtake]

    class Overtaken:
        def __getattr__(self, name: str) -> object:
            return getattr(store, name)

        def append(self, *batches: Batch) -> None:
            while waiting:
                waiting.pop()(other)
            store.append(*batches)

    yield engine_of(cast("Store", Overtaken()))
    assert not waiting


def in_threads(work: Callable[[int], None]) -> None:
    """*work* in eight threads, each with its number; what one of them raises is raised."""
    failed: list[BaseException] = []

    def begin(thread: int) -> None:
        try:
            work(thread)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=begin, args=(n,)) for n in range(THREADS)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    if failed:
        raise failed[0]
