"""The shell: what people, the clock and a growing calendar ask for; ``optimistic_writer`` writes it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from hashlib import sha256
from itertools import islice

import attrs
import pendulum
from pendulum import DateTime

from handleflow.core import open_acts, replay, reproject, settle, settle_clock, supervise
from handleflow.deriving import batch_of
from handleflow.errors import (
    HandleflowError,
    KeyReused,
    OutOfOrder,
    Reason,
    Refused,
    StaleSuggestion,
    UnknownSuggestion,
)
from handleflow.held_rulebooks import HeldRulebooks
from handleflow.legal_time import Day, day, instant
from handleflow.model import Act, Actor, Asked, Entry, Suggestion
from handleflow.optimistic_writer import Listener, OptimisticWriter
from handleflow.requests import Request, at_least_one, attempted, batched, rounds
from handleflow.rules import Rulebook
from handleflow.sealing import Sealed
from handleflow.store import Batch, KeptKey, KeptRulebook, KeyUse, Recorded, Store, Waking
from handleflow.sweeping import Health, Outcomes, Sweep, Unsaid

_TRIES = 8
_CHUNK = 500
_TOGETHER = 100


def _read_the_clock() -> DateTime:
    return pendulum.now("UTC")  # noqa: TID251  the one place that reads the time


class Engine:
    """
    The only door: people ask by ``execute``, time by ``sweep``.

    *rulebooks* are held by name and version and their text is kept in the store; a new suggestion is
    handled under the first one. *clock* gives the present instant. *listeners* hear entries after they
    are safe; one that fails is logged and stops nobody.

    Raises:
        AlteredRulebook: when a rulebook's name and version stand for other content in the store.
    """

    def __init__(
        self,
        store: Store,
        rulebooks: Iterable[Rulebook],
        *,
        clock: Callable[[], DateTime] = _read_the_clock,
        listeners: Iterable[Listener] = (),
    ) -> None:
        self.store = store
        self._clock = clock
        self._writer = OptimisticWriter(store, list(listeners))
        self._held = HeldRulebooks(rulebooks)
        for rules in self._held:
            store.keep_rulebook(KeptRulebook(rules.name, rules.version, rules.digest, rules.document))

    def listen(self, listener: Listener) -> None:
        """Let *listener* hear every entry from now on."""
        self._writer.listeners.append(listener)

    def execute(
        self,
        id: str,
        act: Act,
        *,
        by: Actor,
        at: datetime.datetime | None = None,
        expect: int | None = None,
        key: str | None = None,
    ) -> Suggestion:
        """
        Ask for *act* and return the suggestion after it.

        *expect* is the version the caller saw. *key* makes it idempotent: the same act by the same actor
        under the same key is recorded once. A lost race is decided again, unless it is no longer at *expect*.

        Raises:
            Refused: with every reason; nothing was recorded.
            StaleSuggestion: when it is no longer at *expect*, or the race is lost again and again.
            CommitInDoubt: when the answer to the commit was lost; asking again under the same key settles it.
            KeyReused: when *key* stands for another act or actor.
            OutOfOrder: when *at* is before the last entry.
            UnknownSuggestion: when there is none and the act does not begin one.
            UnknownRulebook: when its rulebook is not held here.
        """
        return self._executed(Request(id, act, by, at, expect, key))

    def execute_many(
        self, requests: Iterable[Request], *, together: int = 100
    ) -> tuple[Suggestion | HandleflowError, ...]:
        """
        Ask for many acts, so many *together* in one transaction; for each, the suggestion after it or why not.

        What one act meets stops no other: those that cannot be written together are asked for one by one. Of several
        acts of one suggestion each sees the one before. Listeners hear of a group when it is safe.
        """
        answers: list[Suggestion | HandleflowError] = []
        for chunk in batched(requests, at_least_one(together)):
            found: dict[int, Suggestion | HandleflowError] = {}
            for group in rounds(chunk):
                found |= zip(group, self._execute_together(list(group.values())), strict=True)
            answers += (found[position] for position in range(len(chunk)))
        return tuple(answers)

    def _execute_together(self, group: list[Request]) -> Iterator[Suggestion | HandleflowError]:
        by_id = {request.id: request for request in group}
        outcomes = self._writer.write_together(
            list(by_id), lambda suggestion: self._requested(suggestion, by_id[suggestion.id])
        )
        for request, outcome in zip(group, outcomes, strict=True):
            if isinstance(outcome, StaleSuggestion):
                yield attempted(self._executed, request)
            elif isinstance(outcome, HandleflowError):
                yield outcome
            else:
                yield outcome[0].picture if outcome else self.look_up(request.id)

    def _executed(self, request: Request) -> Suggestion:
        batches = self._writer.write(request.id, lambda suggestion: self._requested(suggestion, request), _TRIES)
        return batches[0].picture if batches else self.look_up(request.id)

    def _requested(self, suggestion: Suggestion, request: Request) -> list[Batch]:
        """What granting *request* adds, to its counterpart too; nothing where it was granted under its key before."""
        act, by, at = request.act, request.by, request.at
        use = KeyUse(request.key, self.store.fingerprint(act, by)) if request.key is not None else None
        if use is not None and self._is_recorded(suggestion, use):
            return []
        if request.expect is not None and suggestion.version != request.expect:
            is_at = f"expected version {request.expect}, but it is at {suggestion.version}"
            raise StaleSuggestion(f"suggestion {suggestion.id}: {is_at}")
        batches = [self._decided(suggestion, act, by, at, use)]
        counterpart = act.counterpart(suggestion)
        if counterpart is not None:
            other, answering = counterpart
            batches.append(self._decided(self.look_up(other), answering, by, at, None))
        return batches

    def _is_recorded(self, suggestion: Suggestion, use: KeyUse) -> bool:
        recorded = self.store.recorded_under(suggestion.id, use.key) if suggestion.version else None
        if recorded is not None and recorded.digest != use.digest:
            raise KeyReused(f"suggestion {suggestion.id}: key {use.key!r} stands for another act or actor")
        return recorded is not None

    def _decided(
        self, suggestion: Suggestion, act: Act, by: Actor, at: datetime.datetime | None, use: KeyUse | None
    ) -> Batch:
        rules = self._held.deciding(suggestion, act)
        asked = self._asked(rules, suggestion, by, at)
        settled = settle(rules, suggestion, act, asked)
        if isinstance(settled, Refused):
            self._require_known(suggestion, act, rules)
            raise settled
        return batch_of(rules, suggestion, settled.entries, use, settled.suggestion)

    def _require_known(self, suggestion: Suggestion, act: Act, rules: Rulebook) -> None:
        begins = {arrow.act for arrow in rules.lifecycle.leaving("")}
        if not suggestion.version and type(act) not in begins:
            verbs = ", ".join(sorted(a.verb for a in begins))
            raise UnknownSuggestion(f"there is no suggestion {suggestion.id!r}; one begins by {verbs}")

    def _asked(self, rules: Rulebook, suggestion: Suggestion, by: Actor, at: datetime.datetime | None) -> Asked:
        told = self._told_at(suggestion, at)
        return Asked(by, told, rules.calendar.day_of(told))

    def _told_at(self, suggestion: Suggestion, at: datetime.datetime | None) -> DateTime:
        last = suggestion.last_at
        if at is None:
            present = self._clock()
            return last if last is not None and last > present else present
        told = instant(at)
        if last is not None and told < last:
            raise OutOfOrder(f"suggestion {suggestion.id}: told at {told}, before its last entry at {last}")
        return told

    def ruled(self) -> Iterator[tuple[Rulebook, Suggestion]]:
        """Every suggestion with the rulebook it is pinned to, in order of id: what boards are made of."""
        return ((self._held.deciding(suggestion), suggestion) for suggestion in self.store.pictures())

    @property
    def rulebooks(self) -> tuple[Rulebook, ...]:
        """The rulebooks held here, the one for new suggestions first."""
        return tuple(self._held)

    def rulebook(self, name: str, version: str) -> Rulebook:
        """
        The rulebook of that name and version.

        Raises:
            UnknownRulebook: when it is not held here.
        """
        return self._held.find(name, version)

    def rulebook_of(self, suggestion: Suggestion) -> Rulebook:
        """
        The rulebook a suggestion is pinned to.

        Raises:
            UnknownRulebook: when it is not held here.
        """
        return self._held.deciding(suggestion)

    def ask(self, id: str, act: Act, *, by: Actor, at: datetime.datetime | None = None) -> tuple[Reason, ...]:
        """Every reason *act* would meet now; empty when it would be granted. Records nothing."""
        try:
            suggestion = self._writer.newest(id)
            self._decided(suggestion, act, by, at, None)
            counterpart = act.counterpart(suggestion)
            if counterpart is not None:
                self._decided(self.look_up(counterpart[0]), counterpart[1], by, at, None)
        except Refused as refused:
            return refused.reasons
        return ()

    def open_acts(self, id: str, *, by: Actor) -> tuple[type[Act], ...]:
        """The acts *by* could ask for now, as far as that can be said before their words are known."""
        suggestion = self._writer.newest(id)
        rules = self._held.deciding(suggestion)
        return open_acts(rules, suggestion, self._asked(rules, suggestion, by, None))

    def look_up(self, id: str) -> Suggestion:
        """
        The picture of one suggestion.

        Raises:
            UnknownSuggestion: when there is none.
        """
        suggestion = self.store.load(id)
        if suggestion is None:
            raise UnknownSuggestion(f"there is no suggestion {id!r} in this store")
        return suggestion

    def history(self, id: str) -> tuple[Entry, ...]:
        """
        All entries of one suggestion, in order.

        Raises:
            UnknownSuggestion: when there is none.
        """
        self.look_up(id)
        return self.store.history(id)

    def recorded_under(self, id: str, key: str) -> Recorded | None:
        """The entries first recorded under an idempotency key."""
        return self.store.recorded_under(id, key)

    def sweep(
        self, *, at: datetime.datetime | None = None, limit: int | None = None, host: str = "", together: int = 1
    ) -> Sweep:
        """
        Let the clock speak, at *at* or now, of at most *limit* suggestions, so many *together* in one transaction.

        Sweeping twice says nothing twice. A suggestion somebody writes meanwhile is skipped, and speaks
        at the next sweep; one that cannot be spoken of holds up no other. Several hosts that sweep at once each
        give a name as *host*, and go their own ways through what is due instead of walking in step.
        """
        together = at_least_one(together)
        now = self._clock() if at is None else instant(at)
        latest = self._held.latest_day(now)
        waking, outcomes, spoken = self._waking(latest, host), Outcomes(), 0
        while group := list(islice(waking, together if limit is None else min(together, limit - spoken))):
            ids = [waiting.id for waiting, _, _ in group]
            for id, outcome in zip(ids, self._writer.write_together(ids, partial(self._spoken, now)), strict=True):
                spoken += outcomes.add(id, outcome)
        remaining = 0
        if latest is not None and (next_one := next(waking, None)) is not None:
            remaining = next_one[1] + self.store.due_count(latest, after=next_one[2])
        self.store.mark_swept(now, spoke=bool(outcomes.said))
        return outcomes.as_sweep(remaining)

    def _waking(self, latest: Day | None, host: str) -> Iterator[tuple[Waking, int, Waking]]:
        """What wakes by a day, read in chunks and without a lock; with how many its chunk has left, and its end."""
        place = None
        while latest is not None and (chunk := self.store.due(latest, after=place, limit=_CHUNK)):
            place = chunk[-1]
            way = sorted(chunk, key=lambda waking: sha256(f"{host}/{waking.id}".encode()).digest()) if host else chunk
            yield from ((waking, len(chunk) - passed, place) for passed, waking in enumerate(way))

    def _spoken(self, now: DateTime, suggestion: Suggestion) -> list[Batch]:
        """What the clock has to say of a suggestion by *now*."""
        if not suggestion.version:
            self.look_up(suggestion.id)
        rules = self._held.deciding(suggestion)
        settled = settle_clock(rules, suggestion, at=max(now, suggestion.last_at or now))
        return [batch_of(rules, suggestion, settled.entries, None, settled.suggestion)] if settled.entries else []

    def health(self, *, at: datetime.datetime | None = None) -> Health:
        """
        Whether the clock is let speak: what should have been said by *at* or now, and when it last spoke.

        It reads the store's index and one suggestion, whatever the store holds.
        """
        told = self._clock() if at is None else instant(at)
        latest = self._held.latest_day(told)
        waiting = self.store.due_count(latest) if latest else 0
        first = self.store.due(latest, limit=1) if latest and waiting else ()
        swept, oldest = self.store.swept(), self._unsaid(first[0], told) if first else None
        return Health(oldest, waiting, self.store.unarmed(), swept.at, swept.spoke_at)

    def _unsaid(self, waking: Waking, told: DateTime) -> Unsaid:
        suggestion = self.look_up(waking.id)
        try:
            entries = supervise(self._held.deciding(suggestion), suggestion, at=max(told, suggestion.last_at or told))
        except HandleflowError as error:
            return Unsaid(waking.id, waking.on, str(error))
        claim = getattr(entries[0].event, "claim", None) if entries else None
        return Unsaid(waking.id, waking.on, claim.rung if claim else entries[0].kind if entries else "")

    def today(self) -> Day:
        """The day it is now where its first rulebook holds; in UTC where it has none."""
        now, first = self._clock(), self._held.first
        return first.calendar.day_of(now) if first else day(now.date())

    def reproject(
        self, name: str, version: str, *, by: Actor, at: datetime.datetime | None = None
    ) -> tuple[tuple[str, Entry], ...]:
        """
        Let every open suggestion under another version of rulebook *name* adopt *version* where that moves a
        day: when a calendar grows, provisional days become certain. Doing it twice changes nothing twice.

        Raises:
            UnknownRulebook: when that version is not held here.
        """
        rules = self.rulebook(name, version)
        moved: list[tuple[str, Entry]] = []
        for chunk in batched(self.store.pictures(), _TOGETHER):
            ids = [s.id for s in chunk if s.rulebook is not None and s.rulebook.name == name]
            for outcome in self._writer.write_together(
                ids, lambda suggestion: self._adopted(rules, suggestion, by, at)
            ):
                if isinstance(outcome, HandleflowError):
                    raise outcome
                moved.extend((batch.id, entry) for batch in outcome for entry in batch.entries)
        return tuple(moved)

    def _adopted(
        self, rules: Rulebook, suggestion: Suggestion, by: Actor, at: datetime.datetime | None
    ) -> list[Batch]:
        entries = reproject(rules, suggestion, self._asked(rules, suggestion, by, at))
        return [batch_of(rules, suggestion, entries, None)] if entries else []

    def take_in(self, id: str, sealed: tuple[Sealed, ...], keys: tuple[KeptKey, ...] = ()) -> Suggestion:
        """
        Take in a whole history as it was sealed elsewhere: nothing is decided, and nobody hears of it.

        Raises:
            UnknownRulebook: when its rulebook is not held here.
            StaleSuggestion: when there is a suggestion of that id already.
        """
        entries = self.store.unsealed(sealed)
        batch = self._folded(id, entries)
        self.store.restore(batch, sealed, keys)
        return batch.picture

    def refold(self, id: str) -> bool:
        """
        Fold the picture of one suggestion anew from its history; whether what stood there was another.

        Raises:
            UnknownSuggestion: when there is none.
            UnknownRulebook: when its rulebook is not held here.
        """
        kept = self.look_up(id)
        batch = self._folded(id, self.store.history(id))
        self.store.rewrite(attrs.evolve(batch, expected=batch.picture.version, entries=(), before=None))
        return batch.picture != kept

    def _folded(self, id: str, entries: tuple[Entry, ...]) -> Batch:
        return batch_of(self._held.deciding(replay(id, entries)), Suggestion(id), entries, None)
