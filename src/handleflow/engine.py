"""The shell: load, decide, append, announce. All side effects are on this page."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256

import attrs
import pendulum
from pendulum import DateTime

from handleflow.acts import Adopt
from handleflow.core import open_acts, replay, reproject, settle, supervise
from handleflow.deriving import batch_of
from handleflow.errors import (
    AlteredRulebook,
    HandleflowError,
    KeyReused,
    OutOfOrder,
    Reason,
    Refused,
    StaleSuggestion,
    UnknownRulebook,
    UnknownSuggestion,
)
from handleflow.legal_time import Day, day, instant
from handleflow.model import Act, Actor, Asked, Entry, Suggestion
from handleflow.model.fields import says_something
from handleflow.rules import Rulebook
from handleflow.sealing import Sealed
from handleflow.store import Batch, KeptKey, KeptRulebook, KeyUse, Recorded, Store, Waking
from handleflow.sweeping import Health, Sweep, Unsaid
from handleflow.words import did_you_mean

Listener = Callable[[Suggestion, Entry], None]
"""Hears each entry after it is safe, with the suggestion as it is then."""

_log = logging.getLogger(__name__)
_TRIES = 8
_CHUNK = 500


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
        self._listeners = list(listeners)
        self._rulebooks: dict[tuple[str, str], Rulebook] = {}
        for rules in rulebooks:
            same = self._rulebooks.setdefault((rules.name, rules.version), rules)
            if same.digest != rules.digest:
                raise AlteredRulebook(f"two rulebooks are called {rules.ref} and differ; version one of them anew")
            store.keep_rulebook(KeptRulebook(rules.name, rules.version, rules.digest, rules.document))

    def listen(self, listener: Listener) -> None:
        """Let *listener* hear every entry from now on."""
        self._listeners.append(listener)

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
        under the same key is recorded once. Without *expect*, a lost race is decided again.

        Raises:
            Refused: with every reason; nothing was recorded.
            StaleSuggestion: when it is no longer at *expect*, or the race is lost again and again.
            KeyReused: when *key* stands for another act or actor.
            OutOfOrder: when *at* is before the last entry.
            UnknownSuggestion: when there is none and the act does not begin one.
            UnknownRulebook: when its rulebook is not held here.
        """
        for last in reversed(range(_TRIES)):
            try:
                return self._attempt(id, act, by, at, expect, key)
            except StaleSuggestion:
                if expect is not None or not last:
                    raise
        raise AssertionError("unreachable")  # pragma: no cover

    def _attempt(
        self, id: str, act: Act, by: Actor, at: datetime.datetime | None, expect: int | None, key: str | None
    ) -> Suggestion:
        suggestion = self._known(id)
        use = KeyUse(key, self.store.fingerprint(act, by)) if key is not None else None
        if use is not None and self._is_recorded(suggestion, use):
            return suggestion
        if expect is not None and suggestion.version != expect:
            raise StaleSuggestion(f"suggestion {id}: expected version {expect}, but it is at {suggestion.version}")
        batches = [self._decided(suggestion, act, by, at, use)]
        counterpart = act.counterpart(suggestion)
        if counterpart is not None:
            other, answering = counterpart
            batches.append(self._decided(self.look_up(other), answering, by, at, None))
        self.store.append(*batches)
        for batch in batches:
            self._announce(batch)
        return batches[0].picture

    def _known(self, id: str) -> Suggestion:
        """What is known of a suggestion; an id that says nothing is refused before any store is asked."""
        return (self.store.load(id) if says_something(id) else None) or Suggestion(id)

    def _is_recorded(self, suggestion: Suggestion, use: KeyUse) -> bool:
        recorded = self.store.recorded_under(suggestion.id, use.key) if suggestion.version else None
        if recorded is not None and recorded.digest != use.digest:
            raise KeyReused(f"suggestion {suggestion.id}: key {use.key!r} stands for another act or actor")
        return recorded is not None

    def _decided(
        self, suggestion: Suggestion, act: Act, by: Actor, at: datetime.datetime | None, use: KeyUse | None
    ) -> Batch:
        rules = self._rules_for(suggestion, act)
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

    def _rules_for(self, suggestion: Suggestion, act: Act | None = None) -> Rulebook:
        if isinstance(act, Adopt):
            return self.rulebook(act.name, act.version)
        if suggestion.rulebook is None:
            return next(iter(self._rulebooks.values()), None) or self.rulebook("", "")
        return self.rulebook(suggestion.rulebook.name, suggestion.rulebook.version)

    def ruled(self) -> Iterator[tuple[Rulebook, Suggestion]]:
        """Every suggestion with the rulebook it is pinned to, in order of id: what boards are made of."""
        return ((self._rules_for(suggestion), suggestion) for suggestion in self.store.pictures())

    @property
    def rulebooks(self) -> tuple[Rulebook, ...]:
        """The rulebooks held here, the one for new suggestions first."""
        return tuple(self._rulebooks.values())

    def rulebook(self, name: str, version: str) -> Rulebook:
        """
        The rulebook of that name and version.

        Raises:
            UnknownRulebook: when it is not held here.
        """
        found = self._rulebooks.get((name, version))
        if found is None:
            held = [f"{n} {v}" for n, v in self._rulebooks]
            raise UnknownRulebook(
                f"no rulebook {name} {version} is held here{did_you_mean(f'{name} {version}', held)}"
            )
        return found

    def rulebook_of(self, suggestion: Suggestion) -> Rulebook:
        """
        The rulebook a suggestion is pinned to.

        Raises:
            UnknownRulebook: when it is not held here.
        """
        return self._rules_for(suggestion)

    def ask(self, id: str, act: Act, *, by: Actor, at: datetime.datetime | None = None) -> tuple[Reason, ...]:
        """Every reason *act* would meet now; empty when it would be granted. Records nothing."""
        try:
            suggestion = self._known(id)
            self._decided(suggestion, act, by, at, None)
            counterpart = act.counterpart(suggestion)
            if counterpart is not None:
                self._decided(self.look_up(counterpart[0]), counterpart[1], by, at, None)
        except Refused as refused:
            return refused.reasons
        return ()

    def open_acts(self, id: str, *, by: Actor) -> tuple[type[Act], ...]:
        """The acts *by* could ask for now, as far as that can be said before their words are known."""
        suggestion = self._known(id)
        rules = self._rules_for(suggestion)
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

    def sweep(self, *, at: datetime.datetime | None = None, limit: int | None = None, host: str = "") -> Sweep:
        """
        Let the clock speak, at *at* or now, of at most *limit* suggestions.

        Sweeping twice says nothing twice. A suggestion somebody writes meanwhile is skipped, and speaks
        at the next sweep; one that cannot be spoken of holds up no other. Several hosts that sweep at once each
        give a name as *host*, and go their own ways through what is due instead of walking in step.
        """
        told = self._clock() if at is None else instant(at)
        latest = self._latest(told)
        said: list[tuple[str, Entry]] = []
        stale: list[str] = []
        failed: list[tuple[str, str]] = []
        spoken = remaining = 0
        for waking, left, end in self._waking(latest, host):
            if spoken == limit and latest is not None:
                remaining = left + self.store.due_count(latest, after=end)
                break
            try:
                spoken += self._speak(waking, told, said)
            except StaleSuggestion:
                stale.append(waking.id)
            except HandleflowError as error:
                failed.append((waking.id, str(error)))
        self.store.mark_swept(told, spoke=bool(said))
        return Sweep(tuple(said), tuple(stale), remaining, tuple(failed))

    def _waking(self, latest: Day | None, host: str) -> Iterator[tuple[Waking, int, Waking]]:
        """What wakes by a day, read in chunks and without a lock; with how many its chunk has left, and its end."""
        place = None
        while latest is not None and (chunk := self.store.due(latest, after=place, limit=_CHUNK)):
            place = chunk[-1]
            way = sorted(chunk, key=lambda waking: sha256(f"{host}/{waking.id}".encode()).digest()) if host else chunk
            yield from ((waking, len(chunk) - passed, place) for passed, waking in enumerate(way))

    def _speak(self, waking: Waking, told: DateTime, said: list[tuple[str, Entry]]) -> bool:
        suggestion = self.look_up(waking.id)
        rules = self._rules_for(suggestion)
        entries = supervise(rules, suggestion, at=max(told, suggestion.last_at or told))
        if entries:
            batch = batch_of(rules, suggestion, entries, None)
            self.store.append(batch)
            self._announce(batch)
            said.extend((waking.id, entry) for entry in entries)
        return bool(entries)

    def health(self, *, at: datetime.datetime | None = None) -> Health:
        """
        Whether the clock is let speak: what should have been said by *at* or now, and when it last spoke.

        It reads the store's index and one suggestion, whatever the store holds.
        """
        told = self._clock() if at is None else instant(at)
        latest = self._latest(told)
        waiting = self.store.due_count(latest) if latest else 0
        first = self.store.due(latest, limit=1) if latest and waiting else ()
        swept, oldest = self.store.swept(), self._unsaid(first[0], told) if first else None
        return Health(oldest, waiting, self.store.unarmed(), swept.at, swept.spoke_at)

    def _unsaid(self, waking: Waking, told: DateTime) -> Unsaid:
        suggestion = self.look_up(waking.id)
        try:
            entries = supervise(self._rules_for(suggestion), suggestion, at=max(told, suggestion.last_at or told))
        except HandleflowError as error:
            return Unsaid(waking.id, waking.on, str(error))
        claim = getattr(entries[0].event, "claim", None) if entries else None
        return Unsaid(waking.id, waking.on, claim.rung if claim else entries[0].kind if entries else "")

    def today(self) -> Day:
        """The day it is now where its first rulebook holds; in UTC where it has none."""
        told = self._clock()
        first = next(iter(self._rulebooks.values()), None)
        return first.calendar.day_of(told) if first else day(told.date())

    def _latest(self, told: DateTime) -> Day | None:
        """The latest day it is anywhere its rulebooks hold."""
        return max((rules.calendar.day_of(told) for rules in self._rulebooks.values()), default=None)

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
        for suggestion in self.store.pictures():
            if suggestion.rulebook is None or suggestion.rulebook.name != name:
                continue
            entries = reproject(rules, suggestion, self._asked(rules, suggestion, by, at))
            if entries:
                batch = batch_of(rules, suggestion, entries, None)
                self.store.append(batch)
                self._announce(batch)
                moved.extend((suggestion.id, entry) for entry in entries)
        return tuple(moved)

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
        return batch_of(self._rules_for(replay(id, entries)), Suggestion(id), entries, None)

    def _announce(self, batch: Batch) -> None:
        if not self.store.commits:
            return  # the host's transaction decides whether it ever was
        for listener in self._listeners:
            for entry in batch.entries:
                try:
                    listener(batch.picture, entry)
                except Exception:
                    _log.exception("a listener failed on entry %s of %s", entry.number, batch.id)
