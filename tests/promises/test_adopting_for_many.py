"""Another version for many: does one that is lost, refused or failed on stop the others?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from pendulum import DateTime

from handleflow import BulkOutcome, Engine, MemoryStore, Store, Suggestion, load
from handleflow.acts import Adopt, Classify
from handleflow.errors import StoreError
from handleflow.stores.sql import SqlStore
from tests.beginnings import OFFICE
from tests.databases import fresh_postgres
from tests.markers import POSTGRES
from tests.promises.faults.failing_host import BEGUN, DOWN, FIVE, WHY, begun, leader_of


@pytest.fixture(autouse=True)
def up_again() -> Iterator[None]:
    DOWN.clear()
    yield
    DOWN.clear()


@pytest.fixture(params=["memory", "sqlite", POSTGRES])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "memory":
        yield MemoryStore()
        return
    where = fresh_postgres() if request.param == "postgres" else str(tmp_path / "a.db")
    with closing(SqlStore(where)) as kept:
        yield kept


CALENDAR: dict[str, Any] = {
    "name": "grown",
    "version": "1",
    "zone": "Asia/Shanghai",
    "rest_days": ["sat", "sun"],
    "known_from": "2026-01-01",
    "known_through": "2026-12-31",
    "year": [{"year": 2026, "source": "host", "holidays": ["2026-05-11"]}],
}
GROWN = load("cn.national", changes={"name": "t", "version": "2", "calendar": CALENDAR})
BEFORE = load("cn.national", changes={"name": "t", "version": "1"})


class _Overtaken:
    """A store in which somebody writes suggestion ``2`` each time it was read, while *is_racing*."""

    is_racing = False
    elsewhere: Callable[[], Any]

    def load(self, id: str) -> Suggestion | None:
        found: Suggestion | None = super().load(id)  # type: ignore[misc]  # the store's
        if self.is_racing and id == "2":
            self._overtake()
        return found

    def load_many(self, ids: Iterable[str]) -> dict[str, Suggestion]:
        found: dict[str, Suggestion] = super().load_many(ids)  # type: ignore[misc]  # the store's
        if self.is_racing and "2" in found:
            self._overtake()
        return found

    def _overtake(self) -> None:
        self.is_racing = False
        try:
            self.elsewhere()
        finally:
            self.is_racing = True


class OvertakenMemory(_Overtaken, MemoryStore):
    """In memory."""


class OvertakenSql(_Overtaken, SqlStore):
    """In a database, by a second connection."""

    def load_now(self, ids: Sequence[str]) -> tuple[DateTime | None, dict[str, Suggestion]]:
        at, found = super().load_now(ids)
        if self.is_racing and "2" in found:
            self._overtake()
        return at, found


class TestReprojecting:
    """Another version for many."""

    @pytest.fixture(params=["memory", "sqlite", POSTGRES])
    def overtaken(self, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
        classify = Classify("water")
        if request.param == "memory":
            memory = OvertakenMemory()
            memory.elsewhere = lambda: Engine(memory, [BEFORE]).execute("2", classify, by=OFFICE, at=BEGUN)
            yield memory
            return
        where = fresh_postgres() if request.param == "postgres" else str(tmp_path / "a.db")
        with closing(OvertakenSql(where)) as kept, closing(SqlStore(where)) as other:
            kept.elsewhere = lambda: Engine(other, [BEFORE]).execute("2", classify, by=OFFICE, at=BEGUN)
            yield kept

    def test_a_lost_race_is_skipped_and_told_and_the_others_move(self, overtaken: Any) -> None:
        begun(overtaken, BEFORE)
        engine = Engine(overtaken, [GROWN, BEFORE])
        overtaken.is_racing = True
        first = engine.adopt_calendar("t", "2", by=OFFICE, at=BEGUN)
        overtaken.is_racing = False
        second = engine.adopt_calendar("t", "2", by=OFFICE, at=BEGUN)

        assert ({id for id, _ in first.entries}, first.stale, first.failed) == ({"0", "1", "3", "4"}, ("2",), ())
        assert ({id for id, _ in second.entries}, second.stale) == ({"2"}, ())
        assert engine.adopt_calendar("t", "2", by=OFFICE, at=BEGUN) == BulkOutcome(())

    def test_a_hosts_exception_in_one_stops_no_other(self, store: Store) -> None:
        begun(store, BEFORE)
        grown = load(
            "cn.national",
            leaders={"ours": leader_of},
            changes={"name": "t", "version": "2", "leader_by": "ours", "calendar": CALENDAR},
        )
        DOWN.add("2")
        found = Engine(store, [grown, BEFORE]).adopt_calendar("t", "2", by=OFFICE, at=BEGUN)

        assert ({id for id, _ in found.entries}, found.failed) == ({"0", "1", "3", "4"}, (("2", WHY),))

    def test_where_the_version_left_is_not_held_that_is_told_of_each_and_nothing_moves(self, store: Store) -> None:
        begun(store, BEFORE)
        found = Engine(store, [GROWN]).adopt_calendar("t", "2", by=OFFICE, at=BEGUN)

        assert (found.entries, [id for id, _ in found.failed]) == ((), list(FIVE))
        assert found.failed[0][1].startswith("no rulebook t 1 is held here")

    def test_one_that_somebody_let_adopt_it_meanwhile_is_left_as_it_is(self) -> None:
        class Adopting(MemoryStore):
            def snapshots(self) -> Iterator[Suggestion]:
                found = list(super().snapshots())
                Engine(self, [GROWN, BEFORE]).execute("2", Adopt("t", "2"), by=OFFICE, at=BEGUN)
                yield from found

        store = Adopting()
        begun(store, BEFORE)
        found = Engine(store, [GROWN, BEFORE]).adopt_calendar("t", "2", by=OFFICE, at=BEGUN)

        assert ({id for id, _ in found.entries}, found.stale, found.failed) == ({"0", "1", "3", "4"}, (), ())

    def test_what_moved_is_told_though_the_store_breaks_off(self) -> None:
        class BreaksOff(MemoryStore):
            is_failing = False

            def snapshots(self) -> Iterator[Suggestion]:
                for number, suggestion in enumerate(super().snapshots()):
                    if self.is_failing and number == self.after:
                        raise StoreError("nobody is there")
                    yield suggestion

            after = 2

        store = BreaksOff()
        begun(store, BEFORE)
        engine = Engine(store, [GROWN, BEFORE])
        store.is_failing = True
        found = engine.adopt_calendar("t", "2", by=OFFICE, at=BEGUN)
        store.after = 0

        assert ({id for id, _ in found.entries}, found.error) == ({"0", "1"}, "nobody is there")
        with pytest.raises(StoreError):
            engine.adopt_calendar("t", "2", by=OFFICE, at=BEGUN)
