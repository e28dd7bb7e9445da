"""In-memory event store: how does a history lie in memory?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

import attrs
from pendulum import DateTime

from handleflow.codec import Codec
from handleflow.errors import AlteredRulebook, StaleSuggestion
from handleflow.hash_chain import IntegrityFault, StoredEntry
from handleflow.legal_time import earliest, latest, utc
from handleflow.model import Entry, Event, FiringKey, Suggestion, TermKey
from handleflow.store import (
    Anchor,
    Batch,
    DerivedRows,
    IdempotencyKey,
    LastSweep,
    Page,
    PageToken,
    Query,
    StoredCalendar,
    StoredRulebook,
    Waking,
)
from handleflow.store.search import Led, count_among, find_among
from handleflow.stores._alike import altered, at_most, is_there, stale
from handleflow.stores._memory_feed import Life, MemoryFeed
from handleflow.values import in_one_line


class MemoryStore(MemoryFeed):
    """
    A store in memory: for tests, what-ifs and hosts that keep their own record. A product, not a stub.

    Safe to share between threads. Entries are kept as the bytes that any store writes: so what another store would
    refuse is refused here too, and never met by who reads later.
    """

    commits = True

    def __init__(self, own: Iterable[type[Event]] = ()) -> None:
        super().__init__(Codec(own))
        self._waking: dict[DateTime, set[str]] = {}
        self._rulebooks: dict[tuple[str, str], StoredRulebook] = {}
        self._calendars: dict[tuple[str, str, str], StoredCalendar] = {}
        self._anchors: list[Anchor] = []
        self._last_sweep = LastSweep()

    def __repr__(self) -> str:
        return in_one_line(self, f"{len(self._lives)} suggestions")

    # one suggestion

    def load(self, id: str) -> Suggestion | None:
        life = self._lives.get(id)
        return life.suggestion if life else None

    def load_many(self, ids: Iterable[str]) -> dict[str, Suggestion]:
        with self._lock:
            return {id: self._lives[id].suggestion for id in ids if id in self._lives}

    def append(self, *batches: Batch) -> None:
        with self._lock:
            if len({batch.id for batch in batches}) < len(batches):
                raise StaleSuggestion(stale(batches[-1], batches[0].suggestion.version))
            for batch in batches:
                self._require_newest(batch)
            for batch in batches:
                # Effects of the library's own events put there what they say.
                if any(self.codec.is_own(entry.event) for entry in batch.entries):
                    self.codec.snapshot_text(batch.suggestion)
            for batch in batches:
                self._add(batch)

    def _require_newest(self, batch: Batch) -> None:
        life = self._lives.get(batch.id)
        found = life.suggestion.version if life else 0
        is_newest = found == batch.expected and (life is None or life.stored[-1].hash == batch.previous)
        if not is_newest or (life and _is_taken(life, batch)):
            raise StaleSuggestion(stale(batch, found))

    def _add(self, batch: Batch) -> None:
        life = self._put(batch)
        life.firing_keys.update(key for _, key in batch.firing_keys)
        life.stored.extend(batch.stored)
        life.keys.update({key.key: key for key in batch.keys})
        self._order.extend((batch.id, stored.number) for stored in batch.stored)

    def _put(self, batch: Batch) -> Life:
        """The suggestion and all that is derived of it."""
        life = self._lives.setdefault(batch.id, Life(batch.suggestion))
        wakes_at = utc(batch.wakes_at) if batch.wakes_at is not None else None
        if life.wakes_at != wakes_at:
            if life.wakes_at is not None:
                self._waking[life.wakes_at].discard(batch.id)
                if not self._waking[life.wakes_at]:
                    del self._waking[life.wakes_at]
            if wakes_at is not None:
                self._waking.setdefault(wakes_at, set()).add(batch.id)
        life.suggestion, life.wakes_at = batch.suggestion, wakes_at
        life.terms_without_day = batch.terms_without_day
        if batch.has_other_facets:
            life.leaders = batch.leaders
        return life

    def history(self, id: str) -> tuple[Entry, ...]:
        """All entries of one suggestion in order; empty when there is no such suggestion."""
        return tuple(map(self.codec.decode, self.entries(id)))

    def entries(self, id: str, first: int = 1, last: int | None = None) -> tuple[StoredEntry, ...]:
        with self._lock:
            life = self._lives.get(id)
            return tuple(life.stored[max(first - 1, 0) : None if last is None else max(last, 0)]) if life else ()

    def keys(self, id: str) -> tuple[IdempotencyKey, ...]:
        with self._lock:
            life = self._lives.get(id)
            return tuple(sorted(life.keys.values(), key=lambda key: (key.first, key.key))) if life else ()

    def key(self, id: str, key: str) -> IdempotencyKey | None:
        life = self._lives.get(id)
        return life.keys.get(key) if life else None

    # the clock

    def due(self, at: DateTime, *, after: Waking | None = None, limit: int = 500) -> tuple[Waking, ...]:
        with self._lock:
            return tuple(islice(self._due(at, after), at_most(limit)))

    def due_count(self, at: DateTime, *, after: Waking | None = None) -> int:
        with self._lock:
            return sum(1 for _ in self._due(at, after))

    def _due(self, at: DateTime, after: Waking | None) -> Iterator[Waking]:
        for instant in sorted(each for each in self._waking if each <= at and (after is None or each >= after.at)):
            ids = sorted(self._waking[instant])
            yield from (Waking(instant, id) for id in ids if after is None or (instant, id) > (after.at, after.id))

    def record_sweep(self, at: DateTime, *, has_effect: bool) -> None:
        with self._lock:
            last = self._last_sweep  # which may be of a later instant
            effect_at = latest(at, last.last_effect_at or at) if has_effect else last.last_effect_at
            self._last_sweep = LastSweep(latest(at, last.at or at), effect_at)

    def set_last_sweep_back(self, at: DateTime) -> None:
        with self._lock:
            last = self._last_sweep
            remembered = (last.at, last.last_effect_at)
            self._last_sweep = LastSweep(*(each if each is None else earliest(each, at) for each in remembered))

    def last_sweep(self) -> LastSweep:
        return self._last_sweep

    def terms_without_day(self, limit: int = 100) -> tuple[tuple[str, TermKey], ...]:
        with self._lock:
            each = sorted(self._lives.items())
            found = [(id, key) for id, life in each for key in sorted(life.terms_without_day, key=str)]
        return tuple(found[: at_most(limit)])

    # everything, but the feed

    def find(self, query: Query, *, order: str = "id", after: PageToken | None = None, limit: int = 50) -> Page:
        return find_among(self._led(), query, order, after, at_most(limit))

    def count(self, query: Query, by: str) -> dict[str, int]:
        return count_among(self._led(), query, by)

    def _led(self) -> list[Led]:
        with self._lock:
            return [(life.suggestion, life.leaders) for life in self._lives.values()]

    def ids(self) -> Iterator[str]:
        with self._lock:
            found = sorted(self._lives)
        yield from found

    def snapshots(self) -> Iterator[Suggestion]:
        with self._lock:
            found = [self._lives[id].suggestion for id in sorted(self._lives)]
        yield from found

    def import_history(self, batch: Batch) -> None:
        with self._lock:
            if batch.id in self._lives:
                raise StaleSuggestion(is_there(batch))
            self.codec.snapshot_text(batch.suggestion)
            self._add(batch)

    def rebuild(self, batch: Batch) -> bool:
        with self._lock:
            life = self._lives.get(batch.id)
            if life is None or life.suggestion.version != batch.expected:
                raise StaleSuggestion(stale(batch, life.suggestion.version if life else 0))
            rows = self.derived_rows(batch.id)
            if rows is not None and (rows.snapshot, rows.derived) == (batch.suggestion, self.derived(batch)):
                return False
            self._put(batch).firing_keys = {key for _, key in batch.firing_keys}
            return True

    def erase(self, id: str) -> int:
        with self._lock:
            stored = self.entries(id)
            if stored:
                self._lives[id].stored = [attrs.evolve(one, private=()) for one in stored]
            return sum(len(one.private) for one in stored)

    # what is looked at when it is verified

    def derived_rows(self, id: str) -> DerivedRows | None:
        with self._lock:
            life, stored = self._lives.get(id), self.entries(id)
            if life is None:
                return None
            version, at = life.suggestion.version, life.wakes_at
            wakes_at = at if at is None or id in self._waking.get(at, ()) else None
            last_hash = stored[version - 1].hash if version <= len(stored) else ""
            rows = _derived(wakes_at, life.leaders, life.terms_without_day, life.firing_keys)
            return DerivedRows(version, last_hash, version, life.suggestion, rows)

    def derived(self, batch: Batch) -> Mapping[str, object]:
        firing_keys = (key for _, key in batch.firing_keys)
        return _derived(batch.wakes_at, batch.leaders, batch.terms_without_day, firing_keys)

    def strays(self) -> Iterator[IntegrityFault]:
        return iter(())  # positions are given in the order of acts, as they are asked for

    # texts

    def add_rulebook(self, stored: StoredRulebook) -> None:
        with self._lock:
            same = self._rulebooks.setdefault((stored.name, stored.version), stored)
        if same.digest != stored.digest:
            raise AlteredRulebook(altered(stored))

    def rulebooks(self) -> tuple[StoredRulebook, ...]:
        return tuple(self._rulebooks.values())

    def add_calendar(self, stored: StoredCalendar) -> None:
        with self._lock:
            self._calendars.setdefault((stored.name, stored.version, stored.digest), stored)

    def calendars(self) -> tuple[StoredCalendar, ...]:
        return tuple(self._calendars.values())

    def add_anchor(self, anchor: Anchor) -> None:
        with self._lock:
            if anchor not in self._anchors:
                self._anchors.append(anchor)

    def anchors(self) -> tuple[Anchor, ...]:
        return tuple(self._anchors)


def _derived(
    wakes_at: DateTime | None,
    leaders: Iterable[str],
    terms_without_day: Iterable[TermKey],
    firing_keys: Iterable[FiringKey],
) -> dict[str, object]:
    """What stands beside a history here, by names."""
    return {
        "waking instant": utc(wakes_at) if wakes_at is not None else None,
        "leaders": frozenset(leaders),
        "undated terms": frozenset(terms_without_day),
        "firing keys": frozenset(firing_keys),
    }


def _is_taken(life: Life, batch: Batch) -> bool:
    """Whether an idempotency key or a firing key the batch takes was taken before."""
    is_used = any(key.key in life.keys for key in batch.keys)
    return is_used or any(key in life.firing_keys for _, key in batch.firing_keys)
