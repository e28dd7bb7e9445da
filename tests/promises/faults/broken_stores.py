"""Stores that break a promise each, and the tests of the contract that must find it out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import attrs
from pendulum import DateTime

from handleflow import Act, Actor, Entry, Event, MemoryStore, Receive, Reply, Suggestion
from handleflow.errors import StaleSuggestion, StoreError, UnknownKind
from handleflow.legal_time import Day, day
from handleflow.model import TermKey, UnknownEvent
from handleflow.rules import Rulebook
from handleflow.sealing import Flaw, Sealed
from handleflow.store import Batch, FeedItem, KeptKey, KeptRulebook, Page, Place, Query, Recorded, Swept, Waking
from handleflow.stores._verifying import Stored
from handleflow.stores.memory import withheld

Broken = type[MemoryStore]
FINDS: list[tuple[Broken, tuple[str, ...]]] = []
"""Every broken store with the tests that find it out."""


def found_by(*tests: str) -> Callable[[Broken], Broken]:
    """Says which tests must fail on a broken store."""

    def known(broken: Broken) -> Broken:
        FINDS.append((broken, tuple(f"test_{name}" for name in tests)))
        return broken

    return known


# histories, pictures, keys


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
    "the_picture_is_the_history_replayed",
    "any_words_are_kept_as_they_were_written",
    "what_is_found_is_the_newest_picture",
)
class Retitles(MemoryStore):
    def load(self, id: str) -> Suggestion | None:
        found = super().load(id)
        return attrs.evolve(found, title=(found.title or "?").swapcase()) if found else None


@found_by("every_entry_is_chained_to_the_one_before_from_the_beginning_on")
class Unchained(MemoryStore):
    def sealed(self, id: str) -> tuple[Sealed, ...]:
        return tuple(attrs.evolve(one, hash="0" * 64) for one in super().sealed(id))


@found_by("what_is_sealed_is_the_history_and_is_read_back_as_it")
class CannotUnseal(MemoryStore):
    def unsealed(self, sealed: Iterable[Sealed]) -> tuple[Entry, ...]:
        return ()


@found_by("private_words_come_back_in_the_history_and_enter_neither_picture_nor_body")
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
    def recorded_under(self, id: str, key: str) -> Recorded | None:
        return None


@found_by("the_keys_of_a_suggestion_are_told_with_their_entries_oldest_first")
class SortsKeys(MemoryStore):
    def keys(self, id: str) -> tuple[KeptKey, ...]:
        return tuple(sorted(super().keys(id), key=lambda kept: kept.key))


@found_by("a_key_stands_for_nothing_where_it_was_not_given")
class OneKeyForAll(MemoryStore):
    def recorded_under(self, id: str, key: str) -> Recorded | None:
        kept = [id for id, life in self._lives.items() if key in life.keys]
        return super().recorded_under(kept[0], key) if kept else None


@found_by("a_refused_act_leaves_no_trace_and_its_key_free")
class TakesKeysWhenAsked(MemoryStore):
    def recorded_under(self, id: str, key: str) -> Recorded | None:
        found = super().recorded_under(id, key)
        self._lives[id].keys.setdefault(key, KeptKey(key, "", 1, 1))
        return found


@found_by("a_fingerprint_is_the_same_for_the_same_request_in_every_store")
class OwnFingerprint(MemoryStore):
    def fingerprint(self, act: Act, by: Actor) -> str:
        return f"{id(self)} {super().fingerprint(act, by)}"


@found_by("a_fingerprint_tells_acts_and_actors_apart_and_gives_no_private_words_away")
class OneFingerprint(MemoryStore):
    def fingerprint(self, act: Act, by: Actor) -> str:
        return "x"


@found_by("an_event_of_a_host_is_read_back_where_its_class_was_handed_in")
class KnowsNoHost(MemoryStore):
    def __init__(self, own: Iterable[type[Event]] = ()) -> None:
        super().__init__()


@found_by("an_event_of_a_class_nobody_handed_in_is_refused_by_its_kind_and_not_written")
class SaysNothing(MemoryStore):
    def append(self, *batches: Batch) -> None:
        try:
            super().append(*batches)
        except UnknownKind:
            return


@found_by("an_event_of_a_kind_of_tomorrow_is_kept_byte_by_byte")
class DropsTomorrow(MemoryStore):
    def history(self, id: str) -> tuple[Entry, ...]:
        return tuple(entry for entry in super().history(id) if not isinstance(entry.event, UnknownEvent))


@found_by("rulebooks_are_kept_oldest_first_and_the_same_again_changes_nothing")
class SortsRulebooks(MemoryStore):
    def kept_rulebooks(self) -> tuple[KeptRulebook, ...]:
        return tuple(sorted(super().kept_rulebooks(), key=lambda kept: kept.name))


@found_by("a_rulebook_is_never_altered_under_its_name_and_version")
class AltersRulebooks(MemoryStore):
    def keep_rulebook(self, kept: KeptRulebook) -> None:
        self._rulebooks[kept.name, kept.version] = kept


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
        versions = {id: picture.version if picture else 0 for id, picture in found.items()}
        super().append(*(attrs.evolve(batch, expected=versions[batch.id]) for batch in batches))


@found_by("a_key_that_was_taken_is_stale_and_is_free_in_another_suggestion")
class ForgetsToTakeKeys(MemoryStore):
    def append(self, *batches: Batch) -> None:
        super().append(*(attrs.evolve(batch, key=None) for batch in batches))


@found_by("a_rungs_chance_that_was_taken_is_stale_even_on_the_newest_version")
class ForgetsClaims(MemoryStore):
    def append(self, *batches: Batch) -> None:
        for life in self._lives.values():
            life.claims.clear()
        super().append(*batches)


@found_by("a_rungs_chance_is_another_one_in_another_suggestion")
class OneChanceForAll(MemoryStore):
    def append(self, *batches: Batch) -> None:
        taken = {claim for life in self._lives.values() for claim in life.claims}
        if any(claim in taken for batch in batches for _, claim in batch.claims):
            raise StaleSuggestion("taken somewhere")
        super().append(*batches)


@found_by("listeners_hear_of_entries_where_the_store_itself_commits_and_nowhere_else")
class ChangesItsMind(MemoryStore):
    asked = 0

    @property
    def commits(self) -> bool:  # type: ignore[override]  # what it breaks is that this never changes
        self.asked += 1
        return self.asked % 2 == 0


@found_by(
    "eight_threads_on_one_engine_lose_nothing_and_double_nothing",
    "eight_threads_that_sweep_at_once_say_every_rung_once",
)
class Doubles(MemoryStore):
    def _add(self, batch: Batch, sealed: Sequence[Sealed]) -> None:
        super()._add(batch, sealed)
        self._lives[batch.id].entries.append(batch.entries[-1])


@found_by("what_cannot_be_written_is_refused_by_name_before_anything_is_kept")
class KeepsWhatItRefuses(MemoryStore):
    def append(self, *batches: Batch) -> None:
        try:
            super().append(*batches)
        except StoreError as error:
            if type(error) is StoreError:
                self._add(batches[0], self._written(batches[0]))
            raise


# the clock


@found_by("those_who_wake_come_in_order_of_day_and_id", "pages_of_any_size_hold_everything_that_is_due_once")
class DueBackwards(MemoryStore):
    def due(self, on: Day, *, after: Waking | None = None, limit: int = 500) -> tuple[Waking, ...]:
        return super().due(on, after=after, limit=limit)[::-1]


@found_by("who_wakes_later_is_not_due", "what_the_clock_has_said_is_not_due_again_on_that_day")
class AlwaysDue(MemoryStore):
    def due(self, on: Day, *, after: Waking | None = None, limit: int = 500) -> tuple[Waking, ...]:
        return super().due(day("9999-12-31"), after=after, limit=limit)


@found_by("what_is_due_after_a_place_is_counted_as_it_is_told")
class CountsFromTheBeginning(MemoryStore):
    def due_count(self, on: Day, *, after: Waking | None = None) -> int:
        return super().due_count(on)


@found_by("a_place_need_not_be_due_any_more_to_page_on_from")
class PagesByTheOneBefore(MemoryStore):
    def due(self, on: Day, *, after: Waking | None = None, limit: int = 500) -> tuple[Waking, ...]:
        is_there = after is None or after in super().due(on)
        return super().due(on, after=after, limit=limit) if is_there else ()


@found_by("what_is_over_never_wakes")
class WakesTheDead(MemoryStore):
    def append(self, *batches: Batch) -> None:
        super().append(*(attrs.evolve(batch, wakes_on=batch.wakes_on or day("2026-03-01")) for batch in batches))


@found_by("before_the_clock_was_ever_let_speak_nobody_knows_of_it")
class BornSwept(MemoryStore):
    def swept(self) -> Swept:
        return attrs.evolve(super().swept(), at=DateTime(2026, 1, 1))


@found_by("a_sweep_that_said_nothing_is_remembered_beside_the_last_that_did")
class AlwaysSpoke(MemoryStore):
    def mark_swept(self, at: DateTime, *, spoke: bool) -> None:
        super().mark_swept(at, spoke=True)


@found_by("a_sweep_that_ends_after_a_later_one_does_not_turn_time_back")
class TurnsTimeBack(MemoryStore):
    def mark_swept(self, at: DateTime, *, spoke: bool) -> None:
        self._swept = Swept(at, at if spoke else self._swept.spoke_at)


@found_by("a_term_nobody_knows_the_beginning_of_is_unarmed_until_its_life_is_over")
class AllArmed(MemoryStore):
    def unarmed(self, limit: int = 100) -> tuple[tuple[str, TermKey], ...]:
        return ()


# the feed


class Told(MemoryStore):
    """A store that changes what its feed tells."""

    def feed(self, after: int = 0, *, limit: int = 500, private: bool = False) -> tuple[FeedItem, ...]:
        return tuple(self.told(list(super().feed(after, limit=limit, private=private))))

    def told(self, items: list[FeedItem]) -> Iterable[FeedItem]:
        return items


@found_by("an_empty_store_has_an_empty_feed_and_the_first_head")
class OwnFirstHead(MemoryStore):
    def head(self, *, numbering: bool = True) -> tuple[int, str]:
        return (0, "") if not self._order else super().head(numbering=numbering)


@found_by("positions_count_from_one_without_gaps_and_hold_every_entry_once")
class Skips(Told):
    def told(self, items: list[FeedItem]) -> Iterable[FeedItem]:
        return (item for item in items if item.position % 3)


@found_by("the_entries_of_one_suggestion_come_in_their_order")
class FeedsBackwards(Told):
    def told(self, items: list[FeedItem]) -> Iterable[FeedItem]:
        return reversed(items)


@found_by("pages_of_any_size_hold_the_same_items")
class GoesOnTooFar(MemoryStore):
    def feed(self, after: int = 0, *, limit: int = 500, private: bool = False) -> tuple[FeedItem, ...]:
        return super().feed(after + bool(after), limit=limit, private=private)


@found_by("what_was_read_once_keeps_its_position_and_its_head")
class FeedsInOrderOfId(MemoryStore):
    def _number(self) -> None:
        self._order.sort()
        self._heads.clear()
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
    def told(self, items: list[FeedItem]) -> Iterable[FeedItem]:
        return (attrs.evolve(item, entry=withheld(item.entry)) for item in items)


@found_by(
    "every_head_follows_from_the_one_before_and_the_entry_that_stands_there",
    "the_head_of_the_store_is_that_of_its_newest_position",
)
class HeadsOfEntries(Told):
    def told(self, items: list[FeedItem]) -> Iterable[FeedItem]:
        return (attrs.evolve(item, head=item.entry.hash) for item in items)


@found_by("the_positions_are_those_of_the_feed")
class HidesPositions(MemoryStore):
    def positions(self) -> Iterator[tuple[int, str, int, str]]:
        return iter(())


@found_by("a_reader_goes_on_from_where_it_was_and_never_back")
class GoesBack(MemoryStore):
    def advance(self, name: str, position: int) -> None:
        self._cursors[name] = position


@found_by("readers_do_not_know_of_each_other")
class MixesReaders(MemoryStore):
    def advance(self, name: str, position: int) -> None:
        super().advance(name.lower(), position)


# finding


class Found(MemoryStore):
    """A store that finds something else than it was asked for."""

    def find(self, query: Query, *, order: str = "id", after: Place | None = None, limit: int = 50) -> Page:
        return self.found(query, order, after, limit)

    def found(self, query: Query, order: str, after: Place | None, limit: int) -> Page:
        return super().find(query, order=order, after=after, limit=limit)


@found_by("every_field_of_a_query_finds_what_it_is_true_of")
class FindsAll(Found):
    def found(self, query: Query, order: str, after: Place | None, limit: int) -> Page:
        return super().found(Query(), order, after, limit)


@found_by("by_day_comes_the_nearest_first_and_what_has_no_day_last", "an_order_or_a_count_there_is_none_of_is_named")
class OneOrder(Found):
    def found(self, query: Query, order: str, after: Place | None, limit: int) -> Page:
        return super().found(query, "id", after, limit)


@found_by(
    "pages_of_any_size_hold_everything_once_and_in_order",
    "the_place_to_go_on_from_is_that_of_the_last_one_told",
)
class PagesTooFar(Found):
    def found(self, query: Query, order: str, after: Place | None, limit: int) -> Page:
        page = super().found(query, order, after, limit + 1)
        if len(page.suggestions) <= limit:
            return page
        last = page.suggestions[limit]
        return Page(page.suggestions[:limit], Place(last.id, last.first_due if order == "due_on" else None))


@found_by("who_asks_nothing_finds_everything")
class FindsFour(Found):
    def found(self, query: Query, order: str, after: Place | None, limit: int) -> Page:
        return super().found(query, order, after, min(limit, 4))


@found_by("a_last_page_that_is_full_has_none_after_it")
class AlwaysMore(Found):
    def found(self, query: Query, order: str, after: Place | None, limit: int) -> Page:
        page = super().found(query, order, after, limit)
        return attrs.evolve(page, next=Place(page.suggestions[-1].id))


@found_by("a_suggestion_is_found_by_what_it_is_now_and_not_by_what_it_was")
class FindsWhatWas(Found):
    def _put(self, batch: Batch) -> Any:
        life = super()._put(batch)
        self.__dict__.setdefault("first", {}).setdefault(batch.id, batch.picture)
        return life

    def found(self, query: Query, order: str, after: Place | None, limit: int) -> Page:
        now, first = self._lives, self.__dict__["first"]
        self._lives = {id: attrs.evolve(life, picture=first[id]) for id, life in now.items()}
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
        return dict(Counter(told[0].outcome or "" if told else "" for told in replies))


@found_by("only_what_a_query_is_true_of_is_counted")
class CountsAll(MemoryStore):
    def count(self, query: Query, by: str) -> dict[str, int]:
        return super().count(Query(), by)


# whole histories


@found_by("ids_and_pictures_come_in_order_of_id_and_every_one_once")
class AsTheyCame(MemoryStore):
    def ids(self) -> Iterator[str]:
        return iter(list(self._lives))


@found_by("more_pictures_than_anybody_reads_at_once_come_all")
class FirstThousand(MemoryStore):
    def ids(self) -> Iterator[str]:
        return iter(list(super().ids())[:1_000])


def seal_anew(store: MemoryStore, batch: Batch) -> None:
    """Give a whole history other hashes than those it has."""
    life = store._lives[batch.id]
    life.sealed.clear()
    life.sealed.extend(store._written(batch))


class Restoring(MemoryStore):
    """A store that takes a history in its own way."""

    def restore(self, batch: Batch, sealed: tuple[Sealed, ...], keys: tuple[KeptKey, ...] = ()) -> None:
        super().restore(batch, sealed, keys)
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


@found_by("a_suggestion_taken_in_is_due_found_and_told_as_where_it_came_from")
class RestoresAsleep(Restoring):
    def restored(self, batch: Batch) -> None:
        self._put(attrs.evolve(batch, wakes_on=None))


@found_by("a_rungs_chance_that_was_taken_stays_taken_where_the_history_is_taken_in")
class RestoresEveryChance(Restoring):
    def restored(self, batch: Batch) -> None:
        self._lives[batch.id].claims.clear()


@found_by("a_suggestion_is_taken_in_once_and_what_is_there_is_left_as_it_is")
class RestoresOver(MemoryStore):
    def restore(self, batch: Batch, sealed: tuple[Sealed, ...], keys: tuple[KeptKey, ...] = ()) -> None:
        self._lives.pop(batch.id, None)
        super().restore(batch, sealed, keys)


@found_by("folding_anew_changes_nothing_where_nothing_was_wrong")
class RewritesKeysAway(MemoryStore):
    def rewrite(self, batch: Batch) -> bool:
        self._lives[batch.id].keys.clear()
        return super().rewrite(batch)


@found_by("a_picture_written_anew_takes_all_that_is_derived_from_it_along_and_no_entry")
class RewritesThePictureAlone(MemoryStore):
    def rewrite(self, batch: Batch) -> bool:
        self._lives[batch.id].picture = batch.picture
        return True


@found_by(
    "a_wrong_picture_is_a_flaw_until_it_is_folded_anew",
    "whatever_is_derived_and_wrong_is_a_flaw_until_it_is_derived_anew",
)
class SeesNoFlaw(MemoryStore):
    def flaws(self, rulebooks: Iterable[Rulebook] = ()) -> Iterator[Flaw]:
        return iter(())


@found_by(
    "a_picture_somebody_went_on_from_meanwhile_is_not_written_anew",
    "an_act_while_a_history_is_folded_anew_stays",
    "who_folds_all_anew_comes_back_to_what_moved",
)
class RewritesAnyway(MemoryStore):
    def rewrite(self, batch: Batch) -> bool:
        found = self.load(batch.id)
        return super().rewrite(attrs.evolve(batch, expected=found.version if found else 0))


@found_by("verifying_numbers_nothing_and_tells_how_far_others_have")
class NumbersWhateverIsAsked(MemoryStore):
    def head(self, *, numbering: bool = True) -> tuple[int, str]:
        return super().head()


@found_by("nothing_is_folded_from_events_the_store_does_not_know")
class DropsWhatItDoesNotKnow(MemoryStore):
    def unsealed(self, sealed: Iterable[Sealed]) -> tuple[Entry, ...]:
        return tuple(e for e in super().unsealed(sealed) if not isinstance(e.event, UnknownEvent))


@found_by("what_eight_threads_write_while_it_is_verified_and_folded_anew_stays_and_is_no_flaw")
class ReadsInTwoMoments(MemoryStore):
    """The snapshot is another one than stands beside the history, as though somebody wrote between the two."""

    def stored(self, id: str) -> Stored | None:
        found = super().stored(id)
        return found and attrs.evolve(found, derived={**found.derived, "snapshot": None})


@found_by(
    "erased_words_are_gone_everywhere_and_how_many_is_told",
    "only_the_words_of_one_suggestion_are_erased_and_only_once",
)
class ErasesNothing(MemoryStore):
    def erase(self, id: str) -> int:
        return sum(len(one.private) for one in self.sealed(id))


@found_by(
    "the_chain_the_head_and_the_picture_stay_whole_when_words_are_erased",
    "a_suggestion_whose_words_were_erased_goes_on",
)
class ErasesEntries(MemoryStore):
    def erase(self, id: str) -> int:
        erased = super().erase(id)
        life = self._lives[id]
        life.entries[0] = attrs.evolve(life.entries[0], event=Receive("Erased", "Erased"))
        seal_anew(self, Batch(id, 0, tuple(life.entries), life.picture))
        return erased


@found_by("a_store_that_only_its_own_doors_were_used_of_has_no_flaw")
class SeesFlaws(MemoryStore):
    def flaws(self, rulebooks: Iterable[Rulebook] = ()) -> Iterator[Flaw]:
        yield Flaw("1", 0, "it looks odd")
