"""More stores that break a promise each: of the clock, of counting, and of what they can write."""

from __future__ import annotations

from pendulum import DateTime

from handleflow import Event, MemoryStore
from handleflow.store import Query, Swept
from tests.promises.faults.broken_stores import FINDS, found_by

__all__ = ["FINDS"]


@found_by("in_the_hour_that_comes_twice_the_later_sweep_counts_whatever_clocks_show")
class ReadsClocks(MemoryStore):
    def mark_swept(self, at: DateTime, *, spoke: bool) -> None:
        before = self._swept.at
        self._swept = Swept(*[at if before is None else max(before, at)] * 2)


@found_by("whatever_is_asked_what_it_is_true_of_is_counted_by_everything_there_is_a_count_of")
class CountsUnitsOfAUnitAlone(MemoryStore):
    def count(self, query: Query, by: str) -> dict[str, int]:
        found = super().count(query, by)
        asked = getattr(query, by)
        return {asked: found.get(asked, 0)} if by == "unit" and asked is not None else found


@found_by("a_store_says_which_classes_of_events_it_can_write")
class KnowsKindsAlone(MemoryStore):
    def knows(self, event: type[Event]) -> bool:
        return event.kind in self._codec._classes
