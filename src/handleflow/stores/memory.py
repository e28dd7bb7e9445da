"""How does a history lie in memory?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from threading import RLock

import attrs
from pendulum import DateTime

from handleflow.errors import AlteredRulebook, StaleSuggestion
from handleflow.legal_time import Day
from handleflow.model import Act, Actor, Claim, Entry, Event, Suggestion, TermKey
from handleflow.store import Batch, KeptRulebook, Recorded, Swept, Waking
from handleflow.stores._codec import Codec, genesis


@attrs.define
class _Life:
    picture: Suggestion
    wakes_on: Day | None = None
    unarmed: tuple[TermKey, ...] = ()
    claims: set[Claim] = attrs.field(factory=set)
    entries: list[Entry] = attrs.field(factory=list)
    sealed: list[Entry] = attrs.field(factory=list)
    keys: dict[str, Recorded] = attrs.field(factory=dict)


class MemoryStore:
    """
    A store in memory: for tests, what-ifs and hosts that keep their own record. A product, not a stub.

    Safe to share between threads. Entries are sealed when a history is first read.
    """

    def __init__(self, own: Iterable[type[Event]] = ()) -> None:
        self._codec = Codec(own)
        self._lives: dict[str, _Life] = {}
        self._waking: dict[Day, set[str]] = {}
        self._rulebooks: dict[tuple[str, str], KeptRulebook] = {}
        self._swept = Swept()
        self._lock = RLock()

    def load(self, id: str) -> Suggestion | None:
        life = self._lives.get(id)
        return life.picture if life else None

    def append(self, *batches: Batch) -> None:
        with self._lock:
            for batch in batches:
                life = self._lives.get(batch.id)
                found = life.picture.version if life else 0
                if found != batch.expected or (life and _is_taken(life, batch)):
                    raise StaleSuggestion(stale(batch, found))
                for entry in batch.entries:
                    self._codec.require(entry.event)
            for batch in batches:
                self._add(batch)

    def _add(self, batch: Batch) -> None:
        life = self._lives.setdefault(batch.id, _Life(batch.picture))
        if life.wakes_on != batch.wakes_on:
            if life.wakes_on is not None:
                self._waking[life.wakes_on].discard(batch.id)
                if not self._waking[life.wakes_on]:
                    del self._waking[life.wakes_on]
            if batch.wakes_on is not None:
                self._waking.setdefault(batch.wakes_on, set()).add(batch.id)
        life.picture, life.wakes_on, life.unarmed = batch.picture, batch.wakes_on, batch.unarmed
        life.claims.update(claim for _, claim in batch.claims)
        life.entries.extend(batch.entries)
        if batch.key is not None:
            life.keys[batch.key.key] = Recorded(batch.key.digest, batch.entries)

    def history(self, id: str) -> tuple[Entry, ...]:
        with self._lock:
            life = self._lives.get(id)
            if life is None:
                return ()
            for entry in life.entries[len(life.sealed) :]:
                previous = life.sealed[-1].hash if life.sealed else genesis(id)
                life.sealed.append(attrs.evolve(entry, hash=self._codec.seal(entry, previous).hash))
            return tuple(life.sealed)

    def recorded_under(self, id: str, key: str) -> Recorded | None:
        life = self._lives.get(id)
        recorded = life.keys.get(key) if life else None
        if recorded is None:
            return None
        numbers = {entry.number for entry in recorded.entries}
        return Recorded(recorded.digest, tuple(e for e in self.history(id) if e.number in numbers))

    def fingerprint(self, act: Act, by: Actor) -> str:
        return self._codec.fingerprint(act, by)

    def due(self, on: Day, *, after: Waking | None = None, limit: int = 500) -> tuple[Waking, ...]:
        with self._lock:
            return tuple(islice(self._due(on, after), limit))

    def due_count(self, on: Day, *, after: Waking | None = None) -> int:
        with self._lock:
            return sum(1 for _ in self._due(on, after))

    def _due(self, on: Day, after: Waking | None) -> Iterator[Waking]:
        start = (after.on, after.id) if after else (Day.min, "")
        for day in sorted(d for d in self._waking if start[0] <= d <= on):
            yield from (Waking(day, id) for id in sorted(self._waking[day]) if (day, id) > start)

    def mark_swept(self, at: DateTime, *, spoke: bool) -> None:
        with self._lock:
            self._swept = later_of(self._swept, at, spoke)

    def swept(self) -> Swept:
        return self._swept

    def unarmed(self, limit: int = 100) -> tuple[tuple[str, TermKey], ...]:
        with self._lock:
            found = [(id, key) for id, life in sorted(self._lives.items()) for key in life.unarmed]
        return tuple(found[:limit])

    def pictures(self) -> Iterator[Suggestion]:
        with self._lock:
            found = [self._lives[id].picture for id in sorted(self._lives)]
        yield from found

    def keep_rulebook(self, kept: KeptRulebook) -> None:
        with self._lock:
            same = self._rulebooks.setdefault((kept.name, kept.version), kept)
        if same.digest != kept.digest:
            raise AlteredRulebook(altered(kept))

    def kept_rulebooks(self) -> tuple[KeptRulebook, ...]:
        return tuple(self._rulebooks.values())


def _is_taken(life: _Life, batch: Batch) -> bool:
    """Whether a key or a chance the batch takes was taken before."""
    is_used = batch.key is not None and batch.key.key in life.keys
    return is_used or any(claim in life.claims for _, claim in batch.claims)


def later_of(swept: Swept, at: DateTime, spoke: bool) -> Swept:
    """What is remembered of sweeping, told of one more sweep that may have ended before another."""
    newest = at if swept.at is None else max(swept.at, at)
    spoke_at = swept.spoke_at if not spoke else at if swept.spoke_at is None else max(swept.spoke_at, at)
    return Swept(newest, spoke_at)


def stale(batch: Batch, found: int) -> str:
    """The words for a lost race."""
    return (
        f"suggestion {batch.id}: decided on version {batch.expected}, but it is at {found}; "
        "load it again and decide again"
    )


def altered(kept: KeptRulebook) -> str:
    """The words for a rulebook changed under its name and version."""
    return f"rulebook {kept.name} {kept.version} is kept here with other content; give the changed one a new version"
