"""More stores that break a promise each: of the clock, of counting, and of what they can write."""

from __future__ import annotations

import attrs
from pendulum import DateTime

from handleflow import Event, MemoryStore
from handleflow.codec import Codec
from handleflow.hash_chain import StoredEntry
from handleflow.store import LastSweep, Page, PageToken, Query, Waking
from tests.promises.faults.broken_stores import FINDS, ByACodec, found_by

__all__ = ["FINDS"]


@found_by("in_the_hour_that_comes_twice_the_later_sweep_counts_whatever_clocks_show")
class ReadsClocks(MemoryStore):
    def record_sweep(self, at: DateTime, *, has_effect: bool) -> None:
        before = self._last_sweep.at
        self._last_sweep = LastSweep(*[at if before is None else max(before, at)] * 2)


@found_by("the_last_sweep_is_set_back_and_never_on")
class SetsOn(MemoryStore):
    def set_last_sweep_back(self, at: DateTime) -> None:
        self._last_sweep = LastSweep(at, at)


@found_by("a_request_under_its_key_with_another_private_word_is_another_until_that_is_erased")
class TellsNoSalts(MemoryStore):
    def entries(self, id: str, first: int = 1, last: int | None = None) -> tuple[StoredEntry, ...]:
        return tuple(attrs.evolve(each, private=()) for each in super().entries(id, first, last))


@found_by("whatever_is_asked_what_it_is_true_of_is_counted_by_everything_there_is_a_count_of")
class CountsUnitsOfAUnitAlone(MemoryStore):
    def count(self, query: Query, by: str) -> dict[str, int]:
        found = super().count(query, by)
        value = getattr(query, by)
        return {value: found.get(value, 0)} if by == "unit" and value is not None else found


@found_by("a_rulebook_that_suggestions_hang_on_and_an_engine_does_not_hold_is_told_with_their_number")
class CountsTheRulebooksItKeeps(MemoryStore):
    def count(self, query: Query, by: str) -> dict[str, int]:
        kept = {f"{each.name} {each.version}": 1 for each in self.rulebooks()}
        return kept if by == "rulebook" else super().count(query, by)


class _KnowsKinds(Codec):
    def knows(self, event: type[Event]) -> bool:
        return event.kind in self._classes


@found_by("a_store_says_which_classes_of_events_it_can_write")
class KnowsKindsAlone(ByACodec):
    by = _KnowsKinds


@found_by("before_the_first_position_a_reader_is_nowhere")
class BeginsBeforeTheFirst(MemoryStore):
    def advance(self, name: str, position: int) -> None:
        self._cursors[name] = max(self._cursors.get(name, position), position)


@found_by("a_reader_whose_name_cannot_be_written_has_come_nowhere_and_is_refused")
class NamesAnybody(MemoryStore):
    def advance(self, name: str, position: int) -> None:
        self._cursors[name] = max(self._cursors.get(name, 0), position)


@found_by("at_a_limit_below_one_nothing_is_told")
class TakesLessThanNoneForAll(MemoryStore):
    def due(self, at: DateTime, *, after: Waking | None = None, limit: int = 500) -> tuple[Waking, ...]:
        return super().due(at, after=after, limit=limit if limit >= 0 else 500)


@found_by("a_limit_beyond_all_numbers_leaves_nothing_out")
class CountsInThirtyTwoBits(MemoryStore):
    def due(self, at: DateTime, *, after: Waking | None = None, limit: int = 500) -> tuple[Waking, ...]:
        return super().due(at, after=after, limit=limit % 2**30)


@found_by("what_cannot_be_written_is_found_nowhere")
class LooksForWhatCanBeWritten(MemoryStore):
    def find(self, query: Query, *, order: str = "id", after: PageToken | None = None, limit: int = 50) -> Page:
        text = query.text and query.text.partition("\ud800")[0].partition("\x00")[0][:1]
        return super().find(attrs.evolve(query, text=text), order=order, after=after, limit=limit)
