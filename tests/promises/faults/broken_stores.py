"""Stores that break a promise each, and the tests of the contract that must find it out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, ClassVar

import attrs
from pendulum import DateTime

from handleflow import Act, Actor, Entry, Event, MemoryStore, Suggestion
from handleflow.acts import Classify, Receive, Reply
from handleflow.codec import Codec, Entropy
from handleflow.core import replay
from handleflow.engine.chainer import Chainer
from handleflow.errors import StaleSuggestion, StoreError
from handleflow.hash_chain import IntegrityFault, StoredEntry
from handleflow.model import TermKey, UnknownEvent
from handleflow.store import (
    Anchor,
    Batch,
    DerivedRows,
    FeedDigest,
    FeedItem,
    IdempotencyKey,
    LastSweep,
    Numbered,
    Page,
    PageToken,
    Query,
    StoredCalendar,
    StoredRulebook,
    Waking,
)
from handleflow.testing._lives import LATE, at
from handleflow.tree_head import Frontier, entry_leaf, frontier
from handleflow.views.access import WITHHELD, entry_as_seen

Broken = type[MemoryStore]
FINDS: list[tuple[Broken, tuple[str, ...]]] = []
"""Every broken store with the tests that find it out."""


def found_by(*tests: str) -> Callable[[Broken], Broken]:
    """Says which tests must fail on a broken store."""

    def known(broken: Broken) -> Broken:
        FINDS.append((broken, tuple(f"test_{name}" for name in tests)))
        return broken

    return known


class ByACodec(MemoryStore):
    """A store whose entries are written and read by a codec of its own."""

    by: ClassVar[type[Codec]] = Codec

    def __init__(self, own: Iterable[type[Event]] = ()) -> None:
        super().__init__(own)
        self.codec = self.by(own)


# histories, snapshots, keys


@found_by("what_is_not_there_is_nothing", "where_there_is_no_suggestion_nothing_is_folded")
class Invents(MemoryStore):
    def load(self, id: str) -> Suggestion | None:
        return super().load(id) or Suggestion(id)


@found_by(
    "those_of_many_ids_that_are_there_are_loaded_as_each_by_itself",
    "more_than_a_database_takes_in_one_statement_are_loaded",
)
class LoadsSome(MemoryStore):
    def load_many(self, ids: Iterable[str]) -> dict[str, Suggestion]:
        return super().load_many(list(ids)[:1])


@found_by("a_history_is_told_as_it_was_lived", "every_entry_keeps_its_day_its_state_and_its_rulebook")
class TellsBackwards(MemoryStore):
    def history(self, id: str) -> tuple[Entry, ...]:
        return super().history(id)[::-1]


@found_by(
    "the_suggestion_is_the_history_replayed",
    "any_words_are_kept_as_they_were_written",
    "what_is_found_is_the_newest_suggestion",
)
class Retitles(MemoryStore):
    def load(self, id: str) -> Suggestion | None:
        found = super().load(id)
        return attrs.evolve(found, title=(found.title or "?").swapcase()) if found else None


@found_by("every_entry_is_chained_to_the_one_before_from_the_beginning_on")
class Unchained(MemoryStore):
    def entries(self, id: str, first: int = 1, last: int | None = None) -> tuple[StoredEntry, ...]:
        return tuple(attrs.evolve(one, hash="0" * 64) for one in super().entries(id, first, last))


@found_by("what_is_sealed_is_the_history_and_is_read_back_as_it")
class TellsNoHashes(MemoryStore):
    def history(self, id: str) -> tuple[Entry, ...]:
        return tuple(attrs.evolve(entry, hash="") for entry in super().history(id))


@found_by("entries_are_read_from_one_number_to_another")
class ReadsToTheEnd(MemoryStore):
    def entries(self, id: str, first: int = 1, last: int | None = None) -> tuple[StoredEntry, ...]:
        return super().entries(id, first)


class _OneSalt(Codec):
    def encode(self, entry: Entry, previous: str, entropy: Entropy) -> StoredEntry:
        return super().encode(entry, previous, bytes)


@found_by("no_two_entries_have_the_same_salt")
class OneSaltForAll(ByACodec):
    by = _OneSalt


@found_by("private_words_come_back_in_the_history_and_enter_neither_suggestion_nor_body")
class ForgetsPhones(MemoryStore):
    def history(self, id: str) -> tuple[Entry, ...]:
        return tuple(attrs.evolve(entry, event=self._without(entry.event)) for entry in super().history(id))

    def _without(self, event: Event) -> Event:
        return attrs.evolve(event, phone=None) if isinstance(event, Receive) else event


@found_by(
    "what_was_recorded_under_a_key_is_told_whole_with_its_fingerprint",
    "the_same_request_under_a_key_is_recorded_once_and_another_one_is_refused",
    "of_two_copies_of_a_request_at_once_the_second_gets_what_the_first_recorded",
)
class ForgetsKeys(MemoryStore):
    def key(self, id: str, key: str) -> IdempotencyKey | None:
        return None


@found_by("the_keys_of_a_suggestion_are_told_with_their_entries_oldest_first")
class SortsKeys(MemoryStore):
    def keys(self, id: str) -> tuple[IdempotencyKey, ...]:
        return tuple(sorted(super().keys(id), key=lambda kept: kept.key))


@found_by("a_key_stands_for_nothing_where_it_was_not_given")
class OneKeyForAll(MemoryStore):
    def key(self, id: str, key: str) -> IdempotencyKey | None:
        kept = [id for id, life in self._lives.items() if key in life.keys]
        return super().key(kept[0], key) if kept else None


@found_by("a_refused_act_leaves_no_trace_and_its_key_free")
class TakesKeysWhenAsked(MemoryStore):
    def key(self, id: str, key: str) -> IdempotencyKey | None:
        found = super().key(id, key)
        self._lives[id].keys.setdefault(key, IdempotencyKey(key, "", 1, 1))
        return found


class _OfItself(Codec):
    def fingerprint(self, act: Act, by: Actor) -> str:
        return f"{id(self)} {super().fingerprint(act, by)}"


@found_by("a_fingerprint_is_the_same_for_the_same_request_in_every_store")
class OwnFingerprint(ByACodec):
    by = _OfItself


class _OfNothing(Codec):
    def fingerprint(self, act: Act, by: Actor) -> str:
        return "x"


@found_by("a_fingerprint_tells_acts_and_actors_apart_and_gives_no_private_words_away")
class OneFingerprint(ByACodec):
    by = _OfNothing


@found_by("an_event_of_a_host_is_read_back_where_its_class_was_handed_in")
class KnowsNoHost(MemoryStore):
    def __init__(self, own: Iterable[type[Event]] = ()) -> None:
        super().__init__()


class _LearnsClasses(Codec):
    def require(self, event: Event) -> None:
        self._classes.setdefault(event.kind, type(event))
        self._private.setdefault(event.kind, ())


@found_by("an_event_of_a_class_nobody_handed_in_is_refused_by_its_kind_and_not_written")
class WritesAnyClass(ByACodec):
    by = _LearnsClasses


@found_by("an_event_of_a_kind_of_tomorrow_is_kept_byte_by_byte")
class DropsTomorrow(MemoryStore):
    def history(self, id: str) -> tuple[Entry, ...]:
        return tuple(entry for entry in super().history(id) if not isinstance(entry.event, UnknownEvent))


@found_by("rulebooks_are_kept_oldest_first_and_the_same_again_changes_nothing")
class SortsRulebooks(MemoryStore):
    def rulebooks(self) -> tuple[StoredRulebook, ...]:
        return tuple(sorted(super().rulebooks(), key=lambda kept: kept.name))


@found_by("a_rulebook_is_never_altered_under_its_name_and_version")
class AltersRulebooks(MemoryStore):
    def add_rulebook(self, stored: StoredRulebook) -> None:
        self._rulebooks[stored.name, stored.version] = stored


@found_by(
    "calendars_are_kept_oldest_first_and_each_text_once",
    "a_calendar_that_grew_under_its_name_and_version_comes_into_no_use_but_that_it_had",
)
class AltersCalendars(MemoryStore):
    def add_calendar(self, stored: StoredCalendar) -> None:
        for key in [key for key in self._calendars if key[:2] == (stored.name, stored.version)]:
            del self._calendars[key]
        super().add_calendar(stored)


@found_by("calendars_are_kept_oldest_first_and_each_text_once")
class SortsCalendars(MemoryStore):
    def calendars(self) -> tuple[StoredCalendar, ...]:
        return tuple(sorted(super().calendars(), key=lambda kept: kept.name))


@found_by("anchors_are_kept_oldest_first_and_each_once")
class ForgetsTheFirstAnchor(MemoryStore):
    def add_anchor(self, anchor: Anchor) -> None:
        self._anchors = [anchor]


@found_by("anchors_are_kept_oldest_first_and_each_once")
class KeepsAnchorsTwice(MemoryStore):
    def add_anchor(self, anchor: Anchor) -> None:
        self._anchors.append(anchor)


# writing


@found_by("what_one_act_writes_to_two_suggestions_is_written_to_both")
class WritesTheFirst(MemoryStore):
    def append(self, *batches: Batch) -> None:
        super().append(batches[0])


@found_by("of_several_batches_none_is_written_when_one_is_stale")
class WritesOneByOne(MemoryStore):
    def append(self, *batches: Batch) -> None:
        for batch in batches:
            super().append(batch)


@found_by(
    "a_batch_decided_on_any_version_but_the_newest_is_stale",
    "a_batch_for_a_suggestion_that_should_be_there_and_is_not_is_stale",
    "a_version_somebody_saw_that_raced_away_is_stale_and_nothing_is_written_over_it",
)
class ForgetsVersions(MemoryStore):
    def append(self, *batches: Batch) -> None:
        found = {batch.id: self.load(batch.id) for batch in batches}
        versions = {id: newest.version if newest else 0 for id, newest in found.items()}
        super().append(*(attrs.evolve(b, expected=versions[b.id], before=found[b.id]) for b in batches))


@found_by("a_key_that_was_taken_is_stale_and_is_free_in_another_suggestion")
class ForgetsToTakeKeys(MemoryStore):
    def append(self, *batches: Batch) -> None:
        super().append(*(attrs.evolve(batch, keys=()) for batch in batches))


@found_by("a_rungs_chance_that_was_taken_is_stale_even_on_the_newest_version")
class ForgetsFiringKeys(MemoryStore):
    def append(self, *batches: Batch) -> None:
        for life in self._lives.values():
            life.firing_keys.clear()
        super().append(*batches)


@found_by("a_rungs_chance_is_another_one_in_another_suggestion")
class OneChanceForAll(MemoryStore):
    def append(self, *batches: Batch) -> None:
        taken = {firing_key for life in self._lives.values() for firing_key in life.firing_keys}
        if any(firing_key in taken for batch in batches for _, firing_key in batch.firing_keys):
            raise StaleSuggestion("taken somewhere")
        super().append(*batches)


@found_by("listeners_hear_of_entries_where_the_store_itself_commits_and_nowhere_else")
class ChangesItsMind(MemoryStore):
    calls = 0

    @property
    def commits(self) -> bool:  # type: ignore[override]  # what it breaks is that this never changes
        self.calls += 1
        return self.calls % 2 == 0


@found_by("what_is_recorded_comes_back_with_the_hash_it_got")
class ChainsAnewWhatItIsGiven(MemoryStore):
    def _add(self, batch: Batch) -> None:
        super()._add(batch)
        life = self._lives[batch.id]
        again = Chainer(self.codec).chained(Batch(batch.id, 0, self.history(batch.id), life.suggestion))
        life.stored, life.suggestion = list(again.stored), again.suggestion


@found_by(
    "eight_threads_on_one_engine_lose_nothing_and_double_nothing",
    "eight_threads_that_sweep_at_once_say_every_rung_once",
)
class Doubles(MemoryStore):
    def _add(self, batch: Batch) -> None:
        super()._add(batch)
        self._lives[batch.id].stored.append(batch.stored[-1])


@found_by("what_cannot_be_written_is_refused_by_name_before_anything_is_kept")
class KeepsWhatItRefuses(MemoryStore):
    def append(self, *batches: Batch) -> None:
        try:
            super().append(*batches)
        except StoreError as error:
            if type(error) is StoreError:
                self._add(batches[0])
            raise


# the clock


@found_by("those_who_wake_come_in_order_of_instant_and_id", "pages_of_any_size_hold_everything_that_is_due_once")
class DueBackwards(MemoryStore):
    def due(self, at: DateTime, *, after: Waking | None = None, limit: int = 500) -> tuple[Waking, ...]:
        return super().due(at, after=after, limit=limit)[::-1]


@found_by("who_wakes_later_is_not_due", "what_the_clock_has_said_is_not_due_again_on_that_day")
class AlwaysDue(MemoryStore):
    def due(self, at: DateTime, *, after: Waking | None = None, limit: int = 500) -> tuple[Waking, ...]:
        return super().due(LATE, after=after, limit=limit)


@found_by("who_wakes_on_a_day_is_due_from_its_first_instant_on")
class CountsByDaysInUtc(MemoryStore):
    def due_count(self, at: DateTime, *, after: Waking | None = None) -> int:
        return super().due_count(at.in_timezone("UTC").end_of("day"), after=after)


@found_by("what_is_due_after_a_place_is_counted_as_it_is_told")
class CountsFromTheBeginning(MemoryStore):
    def due_count(self, at: DateTime, *, after: Waking | None = None) -> int:
        return super().due_count(at)


@found_by("a_place_need_not_be_due_any_more_to_page_on_from")
class PagesByTheOneBefore(MemoryStore):
    def due(self, at: DateTime, *, after: Waking | None = None, limit: int = 500) -> tuple[Waking, ...]:
        is_there = after is None or after in super().due(at)
        return super().due(at, after=after, limit=limit) if is_there else ()


@found_by("what_is_over_never_wakes")
class WakesTheDead(MemoryStore):
    def append(self, *batches: Batch) -> None:
        super().append(*(attrs.evolve(batch, wakes_at=batch.wakes_at or at("2026-03-01")) for batch in batches))


@found_by("before_the_clock_was_ever_let_speak_nobody_knows_of_it")
class BornSwept(MemoryStore):
    def last_sweep(self) -> LastSweep:
        return attrs.evolve(super().last_sweep(), at=DateTime(2026, 1, 1))


@found_by("a_sweep_that_said_nothing_is_remembered_beside_the_last_that_did")
class AlwaysSpoke(MemoryStore):
    def record_sweep(self, at: DateTime, *, has_effect: bool) -> None:
        super().record_sweep(at, has_effect=True)


@found_by("a_sweep_that_ends_after_a_later_one_does_not_turn_time_back")
class TurnsTimeBack(MemoryStore):
    def record_sweep(self, at: DateTime, *, has_effect: bool) -> None:
        self._last_sweep = LastSweep(at, at if has_effect else self._last_sweep.last_effect_at)


@found_by("a_term_nobody_knows_the_beginning_of_is_unarmed_until_its_life_is_over")
class AllArmed(MemoryStore):
    def terms_without_day(self, limit: int = 100) -> tuple[tuple[str, TermKey], ...]:
        return ()


# the feed


class Told(MemoryStore):
    """A store that changes what its feed tells."""

    def feed(self, after: int = 0, *, limit: int = 500, private: bool = False) -> tuple[FeedItem, ...]:
        return tuple(self.items_shown(list(super().feed(after, limit=limit, private=private))))

    def items_shown(self, items: list[FeedItem]) -> Iterable[FeedItem]:
        return items


@found_by("an_empty_store_has_an_empty_feed_and_the_digest_of_nothing")
class NoDigestOfNothing(MemoryStore):
    def digest(self, *, numbering: bool = True) -> FeedDigest:
        return super().digest(numbering=numbering) if self._order else FeedDigest(0, "")


@found_by("positions_count_from_one_without_gaps_and_hold_every_entry_once")
class Skips(Told):
    def items_shown(self, items: list[FeedItem]) -> Iterable[FeedItem]:
        return (item for item in items if item.position % 3)


@found_by("the_entries_of_one_suggestion_come_in_their_order")
class FeedsBackwards(Told):
    def items_shown(self, items: list[FeedItem]) -> Iterable[FeedItem]:
        return reversed(items)


@found_by("pages_of_any_size_hold_the_same_items")
class GoesOnTooFar(MemoryStore):
    def feed(self, after: int = 0, *, limit: int = 500, private: bool = False) -> tuple[FeedItem, ...]:
        return super().feed(after + bool(after), limit=limit, private=private)


@found_by("what_was_read_once_keeps_its_position")
class FeedsInOrderOfId(MemoryStore):
    def _number(self) -> None:
        self._order.sort()
        self._tree = Frontier()
        super()._number()


@found_by(
    "private_words_are_not_told_unless_they_are_asked_for",
    "a_confidential_suggestion_is_withheld_from_its_first_entry_on_unless_it_is_asked_for",
)
class TellsEverything(MemoryStore):
    def feed(self, after: int = 0, *, limit: int = 500, private: bool = False) -> tuple[FeedItem, ...]:
        return super().feed(after, limit=limit, private=True)


@found_by("what_is_confidential_no_more_is_told_again")
class WithholdsEverything(Told):
    def items_shown(self, items: list[FeedItem]) -> Iterable[FeedItem]:
        return (attrs.evolve(item, entry=entry_as_seen(item.entry, WITHHELD, b"a salt")) for item in items)


@found_by("the_digest_is_the_tree_head_of_the_hashes_in_the_order_of_the_feed")
class LeavesTheNewestOutOfItsDigest(MemoryStore):
    def digest(self, *, numbering: bool = True) -> FeedDigest:
        found = super().digest(numbering=numbering)
        leaves = [entry_leaf(one.hash) for one in self.numbered() if one.hash and one.position < found.position]
        return FeedDigest(found.position, frontier(leaves).head.hex())


@found_by("the_digest_is_the_tree_head_of_the_hashes_in_the_order_of_the_feed")
class SaysHowFarWithoutADigest(MemoryStore):
    def digest(self, *, numbering: bool = True) -> FeedDigest:
        return attrs.evolve(super().digest(numbering=numbering), digest=Frontier().head.hex())


@found_by("what_is_numbered_bit_by_bit_has_the_same_digest")
class ForgetsItsTreeBetweenTurns(MemoryStore):
    def _number(self) -> None:
        numbered = self._tree.size
        waiting = [self._lives[id].stored[number - 1] for id, number in self._order[numbered:]]
        if waiting:
            tree = frontier(entry_leaf(one.hash) for one in waiting)
            self._tree = Frontier(numbered + tree.size, tree.roots)


@found_by("what_is_numbered_is_what_the_feed_tells")
class LeavesOneOut(MemoryStore):
    def numbered(self, after: int = 0) -> Iterator[Numbered]:
        return (one for one in super().numbered(after) if one.position != 2)


@found_by("what_is_numbered_is_what_the_feed_tells")
class NumbersFromTheBeginning(MemoryStore):
    def numbered(self, after: int = 0) -> Iterator[Numbered]:
        return super().numbered()


@found_by("entries_get_the_positions_they_have_elsewhere_where_those_come_next")
class NumbersAsItsOwnActsCame(MemoryStore):
    def number_as(self, first: int, entries: Sequence[tuple[str, int]]) -> bool:
        self._number()
        return True


@found_by("what_was_numbered_keeps_its_position_whatever_it_has_elsewhere")
class NumbersAnew(MemoryStore):
    def number_as(self, first: int, entries: Sequence[tuple[str, int]]) -> bool:
        self._tree = Frontier()
        return super().number_as(first, entries)


@found_by("a_reader_goes_on_from_where_it_was_and_never_back")
class GoesBack(MemoryStore):
    def advance(self, name: str, position: int) -> None:
        self._cursors[name] = position


@found_by("a_reader_may_be_done_with_more_than_anybody_counts_to")
class CountsBeyondAll(MemoryStore):
    def advance(self, name: str, position: int) -> None:
        self._cursors[name] = max(self._cursors.get(name, 0), position)


@found_by("readers_do_not_know_of_each_other")
class MixesReaders(MemoryStore):
    def advance(self, name: str, position: int) -> None:
        super().advance(name.lower(), position)


# finding


class Found(MemoryStore):
    """A store that finds something else than it was asked for."""

    def find(self, query: Query, *, order: str = "id", after: PageToken | None = None, limit: int = 50) -> Page:
        return self.found(query, order, after, limit)

    def found(self, query: Query, order: str, after: PageToken | None, limit: int) -> Page:
        return super().find(query, order=order, after=after, limit=limit)


@found_by("every_field_of_a_query_finds_what_it_is_true_of")
class FindsAll(Found):
    def found(self, query: Query, order: str, after: PageToken | None, limit: int) -> Page:
        return super().found(Query(), order, after, limit)


@found_by("by_day_comes_the_nearest_first_and_what_has_no_day_last", "an_order_or_a_count_there_is_none_of_is_named")
class OneOrder(Found):
    def found(self, query: Query, order: str, after: PageToken | None, limit: int) -> Page:
        return super().found(query, "id", after, limit)


@found_by(
    "pages_of_any_size_hold_everything_once_and_in_order",
    "the_place_to_go_on_from_is_that_of_the_last_one_told",
)
class PagesTooFar(Found):
    def found(self, query: Query, order: str, after: PageToken | None, limit: int) -> Page:
        page = super().found(query, order, after, limit + 1)
        if len(page.suggestions) <= limit:
            return page
        last = page.suggestions[limit]
        return Page(page.suggestions[:limit], PageToken(last.id, last.first_due if order == "due_on" else None))


@found_by("who_asks_nothing_finds_everything")
class FindsFour(Found):
    def found(self, query: Query, order: str, after: PageToken | None, limit: int) -> Page:
        return super().found(query, order, after, min(limit, 4))


@found_by("a_last_page_that_is_full_has_none_after_it")
class AlwaysMore(Found):
    def found(self, query: Query, order: str, after: PageToken | None, limit: int) -> Page:
        page = super().found(query, order, after, limit)
        return attrs.evolve(page, next=PageToken(page.suggestions[-1].id))


@found_by("a_suggestion_is_found_by_what_it_is_now_and_not_by_what_it_was")
class FindsWhatWas(Found):
    def _put(self, batch: Batch) -> Any:
        life = super()._put(batch)
        self.__dict__.setdefault("first", {}).setdefault(batch.id, batch.suggestion)
        return life

    def found(self, query: Query, order: str, after: PageToken | None, limit: int) -> Page:
        now, first = self._lives, self.__dict__["first"]
        self._lives = {id: attrs.evolve(life, suggestion=first[id]) for id, life in now.items()}
        try:
            return super().found(query, order, after, limit)
        finally:
            self._lives = now


@found_by("suggestions_are_counted_by_what_they_have_and_those_without_under_nothing")
class CountsThoseWith(MemoryStore):
    def count(self, query: Query, by: str) -> dict[str, int]:
        return {value: n for value, n in super().count(query, by).items() if value}


@found_by("a_suggestion_is_found_and_counted_by_the_class_of_the_reply_that_stands")
class CountsEachReplyByTheClassItWasGivenFirst(MemoryStore):
    def count(self, query: Query, by: str) -> dict[str, int]:
        if by != "outcome":
            return super().count(query, by)
        replies = [[e.event for e in self.history(id) if isinstance(e.event, Reply)] for id in self.ids()]
        return dict(Counter(items_shown[0].outcome or "" if items_shown else "" for items_shown in replies))


@found_by("only_what_a_query_is_true_of_is_counted")
class CountsAll(MemoryStore):
    def count(self, query: Query, by: str) -> dict[str, int]:
        return super().count(Query(), by)


# whole histories


@found_by("ids_and_suggestions_come_in_order_of_id_and_every_one_once")
class AsTheyCame(MemoryStore):
    def ids(self) -> Iterator[str]:
        return iter(list(self._lives))


@found_by("more_suggestions_than_anybody_reads_at_once_come_all")
class FirstThousand(MemoryStore):
    def ids(self) -> Iterator[str]:
        return iter(list(super().ids())[:1_000])


def seal_anew(store: MemoryStore, batch: Batch) -> None:
    """Give a whole history other hashes than those it has."""
    store._lives[batch.id].stored = list(Chainer(store.codec).chained(batch).stored)


class Restoring(MemoryStore):
    """A store that takes a history in its own way."""

    def import_history(self, batch: Batch) -> None:
        super().import_history(batch)
        self.restored(batch)

    def restored(self, batch: Batch) -> None:
        """What comes after."""


@found_by(
    "a_history_taken_in_is_the_same_byte_by_byte_with_its_hashes_and_keys",
    "a_history_taken_in_can_be_gone_on_with",
)
class SealsAnew(Restoring):
    def restored(self, batch: Batch) -> None:
        seal_anew(self, batch)


@found_by("a_suggestion_taken_in_is_due_and_told_as_where_it_came_from")
class RestoresAsleep(Restoring):
    def restored(self, batch: Batch) -> None:
        self._put(attrs.evolve(batch, wakes_at=None))


@found_by("a_suggestion_taken_in_is_found_as_where_it_came_from")
class RestoresWithoutLeaders(Restoring):
    def restored(self, batch: Batch) -> None:
        self._put(attrs.evolve(batch, leaders=()))


@found_by("a_rungs_chance_that_was_taken_stays_taken_where_the_history_is_taken_in")
class RestoresEveryChance(Restoring):
    def restored(self, batch: Batch) -> None:
        self._lives[batch.id].firing_keys.clear()


@found_by("a_suggestion_is_taken_in_once_and_what_is_there_is_left_as_it_is")
class RestoresOver(MemoryStore):
    def import_history(self, batch: Batch) -> None:
        self._lives.pop(batch.id, None)
        super().import_history(batch)


@found_by("folding_anew_changes_nothing_where_nothing_was_wrong")
class RewritesKeysAway(MemoryStore):
    def rebuild(self, batch: Batch) -> bool:
        self._lives[batch.id].keys.clear()
        return super().rebuild(batch)


@found_by("a_suggestion_rebuilt_takes_all_that_is_derived_from_it_along_and_no_entry")
class RewritesTheSuggestionAlone(MemoryStore):
    def rebuild(self, batch: Batch) -> bool:
        self._lives[batch.id].suggestion = batch.suggestion
        return True


@found_by(
    "a_wrong_suggestion_is_a_fault_until_it_is_folded_anew",
    "whatever_is_derived_and_wrong_is_a_fault_until_it_is_derived_anew",
)
class ShowsWhatShouldStandThere(MemoryStore):
    def derived_rows(self, id: str) -> DerivedRows | None:
        found = super().derived_rows(id)
        return found and attrs.evolve(found, snapshot=replay(id, self.history(id)), derived={})

    def derived(self, batch: Batch) -> dict[str, object]:
        return {}


@found_by(
    "a_suggestion_somebody_went_on_from_meanwhile_is_not_written_anew",
    "an_act_while_a_history_is_folded_anew_stays",
    "who_folds_all_anew_comes_back_to_what_moved",
)
class RewritesAnyway(MemoryStore):
    def rebuild(self, batch: Batch) -> bool:
        found = self.load(batch.id)
        return super().rebuild(attrs.evolve(batch, expected=found.version if found else 0))


@found_by("verifying_numbers_nothing_and_tells_how_far_others_have")
class NumbersWhateverIsAsked(MemoryStore):
    def digest(self, *, numbering: bool = True) -> FeedDigest:
        return super().digest()


class _Guesses(Codec):
    def decode(self, stored: StoredEntry) -> Entry:
        entry = super().decode(stored)
        return attrs.evolve(entry, event=Classify()) if isinstance(entry.event, UnknownEvent) else entry


@found_by("nothing_is_folded_from_events_the_store_does_not_know")
class GuessesWhatItDoesNotKnow(ByACodec):
    by = _Guesses


@found_by("what_eight_threads_write_while_it_is_verified_and_folded_anew_stays_and_is_no_fault")
class ReadsInTwoMoments(MemoryStore):
    """The snapshot is another one than stands beside the history, as though somebody wrote between the two."""

    def derived_rows(self, id: str) -> DerivedRows | None:
        found = super().derived_rows(id)
        return found and attrs.evolve(found, snapshot=replay(id, self.history(id)[:-1]))


@found_by(
    "erased_words_are_gone_everywhere_and_how_many_is_told",
    "only_the_words_of_one_suggestion_are_erased_and_only_once",
)
class ErasesNothing(MemoryStore):
    def erase(self, id: str) -> int:
        return sum(len(one.private) for one in self.entries(id))


@found_by(
    "the_chain_the_head_and_the_suggestion_stay_whole_when_words_are_erased",
    "a_suggestion_whose_words_were_erased_goes_on",
)
class ErasesEntries(MemoryStore):
    def erase(self, id: str) -> int:
        erased = super().erase(id)
        first, *others = self.history(id)
        entries = (attrs.evolve(first, event=Receive("Erased", "Erased")), *others)
        seal_anew(self, Batch(id, 0, entries, self._lives[id].suggestion))
        return erased


@found_by("a_store_that_only_its_own_doors_were_used_of_has_no_fault")
class SeesFaults(MemoryStore):
    def strays(self) -> Iterator[IntegrityFault]:
        yield IntegrityFault("1", 0, "it looks odd")
