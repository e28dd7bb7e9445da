"""How does a history lie in memory?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from threading import RLock

import attrs
from pendulum import DateTime

from handleflow.errors import AlteredRulebook, StaleSuggestion, UnknownChoice
from handleflow.legal_time import Day, latest
from handleflow.model import Act, Actor, Claim, Entry, Event, Suggestion, TermKey, UnknownEvent
from handleflow.rules import Rulebook
from handleflow.sealing import BEFORE_ALL, Flaw, Sealed, genesis, headed
from handleflow.store import (
    COUNTED_BY,
    ORDERS,
    Batch,
    FeedItem,
    KeptKey,
    KeptRulebook,
    Page,
    Place,
    Query,
    Recorded,
    Swept,
    Waking,
)
from handleflow.stores import _verifying
from handleflow.stores._asking import at_most, require_name
from handleflow.stores._codec import Codec
from handleflow.stores._matching import fits, placed, placed_after, values
from handleflow.words import did_you_mean


@attrs.define
class _Life:
    picture: Suggestion
    wakes_on: Day | None = None
    unarmed: tuple[TermKey, ...] = ()
    leaders: tuple[str, ...] = ()
    claims: set[Claim] = attrs.field(factory=set)
    entries: list[Entry] = attrs.field(factory=list)
    sealed: list[Sealed] = attrs.field(factory=list)
    keys: dict[str, KeptKey] = attrs.field(factory=dict)


class MemoryStore:
    """
    A store in memory: for tests, what-ifs and hosts that keep their own record. A product, not a stub.

    Safe to share between threads. What is appended is written as any store writes it, before anything of it is kept:
    so what another store would refuse is refused here too, and never met by who reads later.
    """

    commits = True

    def __init__(self, own: Iterable[type[Event]] = ()) -> None:
        self._codec = Codec(own)
        self._lives: dict[str, _Life] = {}
        self._waking: dict[Day, set[str]] = {}
        self._rulebooks: dict[tuple[str, str], KeptRulebook] = {}
        self._order: list[tuple[str, int]] = []
        self._heads: list[str] = []
        self._cursors: dict[str, int] = {}
        self._swept = Swept()
        self._lock = RLock()

    # one suggestion

    def load(self, id: str) -> Suggestion | None:
        life = self._lives.get(id)
        return life.picture if life else None

    def load_many(self, ids: Iterable[str]) -> dict[str, Suggestion]:
        with self._lock:
            return {id: self._lives[id].picture for id in ids if id in self._lives}

    def append(self, *batches: Batch) -> None:
        with self._lock:
            if len({batch.id for batch in batches}) < len(batches):
                raise StaleSuggestion(stale(batches[-1], batches[0].picture.version))
            for batch in batches:
                life = self._lives.get(batch.id)
                found = life.picture.version if life else 0
                if found != batch.expected or (life and _is_taken(life, batch)):
                    raise StaleSuggestion(stale(batch, found))
            written = [self._written(batch) for batch in batches]
            for batch, sealed in zip(batches, written, strict=True):
                self._add(batch, sealed)

    def _written(self, batch: Batch) -> list[Sealed]:
        """The entries of *batch* as they are stored; all that it says has been written once then."""
        life, sealed = self._lives.get(batch.id), list[Sealed]()
        previous = life.sealed[-1].hash if life and life.sealed else genesis(batch.id)
        for entry in batch.entries:
            sealed.append(self._codec.seal(entry, previous))
            previous = sealed[-1].hash
        if any(self._codec.is_own(entry.event) for entry in batch.entries):
            self._codec.picture_text(batch.picture)  # effects of the library's events put there what they say alone
        return sealed

    def _add(self, batch: Batch, sealed: Sequence[Sealed]) -> None:
        life = self._put(batch)
        life.claims.update(claim for _, claim in batch.claims)
        life.sealed.extend(sealed)
        life.entries.extend(attrs.evolve(e, hash=s.hash) for e, s in zip(batch.entries, sealed, strict=True))
        self._order.extend((batch.id, entry.number) for entry in batch.entries)
        if batch.key is not None:
            first, last = batch.entries[0].number, batch.entries[-1].number
            life.keys[batch.key.key] = KeptKey(batch.key.key, batch.key.digest, first, last)

    def _put(self, batch: Batch) -> _Life:
        """The picture and all that is derived from it."""
        life = self._lives.setdefault(batch.id, _Life(batch.picture))
        if life.wakes_on != batch.wakes_on:
            if life.wakes_on is not None:
                self._waking[life.wakes_on].discard(batch.id)
                if not self._waking[life.wakes_on]:
                    del self._waking[life.wakes_on]
            if batch.wakes_on is not None:
                self._waking.setdefault(batch.wakes_on, set()).add(batch.id)
        life.picture, life.wakes_on = batch.picture, batch.wakes_on
        life.unarmed = batch.unarmed
        if batch.has_other_parties:
            life.leaders = batch.leaders
        return life

    def history(self, id: str) -> tuple[Entry, ...]:
        with self._lock:
            life = self._lives.get(id)
            return tuple(life.entries) if life else ()

    def sealed(self, id: str) -> tuple[Sealed, ...]:
        with self._lock:
            life = self._lives.get(id)
            return tuple(life.sealed) if life else ()

    def recorded_under(self, id: str, key: str) -> Recorded | None:
        life = self._lives.get(id)
        kept = life.keys.get(key) if life else None
        if kept is None:
            return None
        return Recorded(kept.digest, self.history(id)[kept.first - 1 : kept.last])

    def keys(self, id: str) -> tuple[KeptKey, ...]:
        life = self._lives.get(id)
        return tuple(sorted(life.keys.values(), key=lambda kept: (kept.first, kept.key))) if life else ()

    def knows(self, event: type[Event]) -> bool:
        return self._codec.knows(event)

    def fingerprint(self, act: Act, by: Actor) -> str:
        return self._codec.fingerprint(act, by)

    def fingerprint_in(self, sealed: Sealed) -> str | None:
        """The fingerprint of the act in an entry as it lies here."""
        return self._codec.fingerprint_in(sealed)

    # the clock

    def due(self, on: Day, *, after: Waking | None = None, limit: int = 500) -> tuple[Waking, ...]:
        with self._lock:
            return tuple(islice(self._due(on, after), at_most(limit)))

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
            found = [(id, key) for id, life in sorted(self._lives.items()) for key in sorted(life.unarmed, key=str)]
        return tuple(found[: at_most(limit)])

    # everything

    def feed(self, after: int = 0, *, limit: int = 500, private: bool = False) -> tuple[FeedItem, ...]:
        with self._lock:
            self._number()
            wanted = range(max(after, 0), min(max(after, 0) + at_most(limit), len(self._order)))
            return tuple(self._item(place, private) for place in wanted)

    def _item(self, place: int, private: bool) -> FeedItem:
        id, number = self._order[place]
        sealed = self.sealed(id)[number - 1]
        entry = self._codec.unseal(sealed if private else attrs.evolve(sealed, private=()))
        shown = entry if private or not self._lives[id].picture.is_confidential else withheld(entry)
        return FeedItem(place + 1, id, shown, self._heads[place])

    def _number(self) -> None:
        for place in range(len(self._heads), len(self._order)):
            id, number = self._order[place]
            previous = self._heads[-1] if self._heads else BEFORE_ALL
            self._heads.append(headed(previous, place + 1, id, number, self.sealed(id)[number - 1].hash))

    def head(self, *, numbering: bool = True) -> tuple[int, str]:
        with self._lock:
            if numbering:
                self._number()
            return len(self._heads), self._heads[-1] if self._heads else BEFORE_ALL

    def positions(self) -> Iterator[tuple[int, str, int, str]]:
        with self._lock:
            self._number()
            numbered = list(zip(self._order, self._heads, strict=True))
        yield from ((place, id, number, head) for place, ((id, number), head) in enumerate(numbered, 1))

    def cursor(self, name: str) -> int:
        return self._cursors.get(name, 0)

    def advance(self, name: str, position: int) -> None:
        with self._lock:
            self._cursors[require_name(name)] = max(self._cursors.get(name, 0), position)

    def find(self, query: Query, *, order: str = "id", after: Place | None = None, limit: int = 50) -> Page:
        if order not in ORDERS:
            raise UnknownChoice(f"no order by {order!r}{did_you_mean(order, ORDERS)}")
        limit = max(at_most(limit), 1)
        with self._lock:
            found = [life.picture for life in self._lives.values() if fits(life.picture, life.leaders, query)]
        in_order = [(placed(picture, order), picture) for picture in sorted(found, key=lambda p: placed(p, order))]
        beyond = placed_after(after, order) if after else None
        left = [picture for place, picture in in_order if beyond is None or place > beyond]
        last = left[limit - 1] if len(left) > limit else None
        return Page(
            tuple(left[:limit]), Place(last.id, last.first_due if order == "due_on" else None) if last else None
        )

    def count(self, query: Query, by: str) -> dict[str, int]:
        if by not in COUNTED_BY:
            raise UnknownChoice(f"no counting by {by!r}{did_you_mean(by, COUNTED_BY)}")
        with self._lock:
            found = [
                values(life.picture, life.leaders, by) or ("",)
                for life in self._lives.values()
                if fits(life.picture, life.leaders, query)
            ]
        return dict(sorted(Counter(value for some in found for value in some).items()))

    def ids(self) -> Iterator[str]:
        with self._lock:
            found = sorted(self._lives)
        yield from found

    def pictures(self) -> Iterator[Suggestion]:
        with self._lock:
            found = [self._lives[id].picture for id in sorted(self._lives)]
        yield from found

    def unsealed(self, sealed: Iterable[Sealed]) -> tuple[Entry, ...]:
        return tuple(self._codec.unseal(one) for one in sealed)

    def restore(self, batch: Batch, sealed: tuple[Sealed, ...], keys: tuple[KeptKey, ...] = ()) -> None:
        with self._lock:
            if batch.id in self._lives:
                raise StaleSuggestion(f"suggestion {batch.id} is there already; nothing of it was written")
            self._codec.picture_text(batch.picture)
            self._add(batch, sealed)
            self._lives[batch.id].keys = {kept.key: kept for kept in keys}

    def rewrite(self, batch: Batch) -> bool:
        with self._lock:
            life = self._lives.get(batch.id)
            if life is None or life.picture.version != batch.expected:
                raise StaleSuggestion(stale(batch, life.picture.version if life else 0))
            stored = self.stored(batch.id)
            if stored is not None and stored.derived == self.derived(batch):
                return False
            self._put(batch).claims = {claim for _, claim in batch.claims}
            return True

    def erase(self, id: str) -> int:
        with self._lock:
            sealed = self.sealed(id)
            if sealed:
                life = self._lives[id]
                life.sealed = [attrs.evolve(one, private=()) for one in sealed]
                life.entries = [self._codec.unseal(one) for one in life.sealed]
            return sum(len(one.private) for one in sealed)

    # what is looked at when it is verified

    def flaws(self, rulebooks: Iterable[Rulebook] = ()) -> Iterator[Flaw]:
        return _verifying.flaws(self, rulebooks)

    def stored(self, id: str) -> _verifying.Stored | None:
        """What stands beside a history, all of it at one moment."""
        with self._lock:
            life, sealed = self._lives.get(id), self.sealed(id)
            if life is None:
                return None
            version, on = life.picture.version, life.wakes_on
            wakes_on = on if on is None or id in self._waking.get(on, ()) else None
            head = sealed[version - 1].hash if version <= len(sealed) else ""
            return _verifying.Stored(
                version, head, _derived(life.picture, wakes_on, life.leaders, life.unarmed, life.claims)
            )

    def derived(self, batch: Batch) -> dict[str, object]:
        """What should stand there."""
        claims = (claim for _, claim in batch.claims)
        return _derived(batch.picture, batch.wakes_on, batch.leaders, batch.unarmed, claims)

    def numbered(self) -> Iterator[_verifying.Numbered]:
        """Every position with the hash of the entry it names; it numbers none."""
        with self._lock:
            heads = list(self._heads)
        for place, ((id, number), head) in enumerate(zip(self._order, heads, strict=False)):
            yield _verifying.Numbered(place + 1, id, number, head, self.sealed(id)[number - 1].hash)

    def strays(self) -> Iterator[Flaw]:
        """Nothing: positions are given in the order of acts, as they are asked for."""
        return iter(())

    # rulebooks

    def keep_rulebook(self, kept: KeptRulebook) -> None:
        with self._lock:
            same = self._rulebooks.setdefault((kept.name, kept.version), kept)
        if same.digest != kept.digest:
            raise AlteredRulebook(altered(kept))

    def kept_rulebooks(self) -> tuple[KeptRulebook, ...]:
        return tuple(self._rulebooks.values())


def _derived(
    picture: Suggestion,
    wakes_on: Day | None,
    leaders: Iterable[str],
    unarmed: Iterable[TermKey],
    claims: Iterable[Claim],
) -> dict[str, object]:
    """What stands beside a history here, by names."""
    beside = {"leaders": frozenset(leaders), "undated terms": frozenset(unarmed), "firing keys": frozenset(claims)}
    return {"snapshot": picture, "waking day": wakes_on, **beside}


def _is_taken(life: _Life, batch: Batch) -> bool:
    """Whether a key or a chance the batch takes was taken before."""
    is_used = batch.key is not None and batch.key.key in life.keys
    return is_used or any(claim in life.claims for _, claim in batch.claims)


def withheld(entry: Entry) -> Entry:
    """An entry of a confidential suggestion, as those see it who did not ask for it: what kind, not what."""
    return attrs.evolve(entry, event=UnknownEvent(entry.kind, b"{}"))


def later_of(swept: Swept, at: DateTime, spoke: bool) -> Swept:
    """What is remembered of sweeping, told of one more sweep that may have ended before another."""
    spoke_at = latest(at, swept.spoke_at or at) if spoke else swept.spoke_at
    return Swept(latest(at, swept.at or at), spoke_at)


def stale(batch: Batch, found: int) -> str:
    """The words for a lost race."""
    return (
        f"suggestion {batch.id}: decided on version {batch.expected}, but it is at {found}; "
        "load it again and decide again"
    )


def altered(kept: KeptRulebook) -> str:
    """The words for a rulebook changed under its name and version."""
    return f"rulebook {kept.name} {kept.version} is kept here with other content; give the changed one a new version"
