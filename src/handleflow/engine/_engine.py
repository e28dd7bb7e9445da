"""The shell: what people, the clock and a growing calendar ask for; ``optimistic_writer`` writes it."""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterable

from pendulum import DateTime

from handleflow.codec import Entropy
from handleflow.core import open_acts, replay
from handleflow.engine.bulk_side import BulkSide
from handleflow.engine.chainer import Chainer
from handleflow.engine.decider import Decider, provenance_of
from handleflow.engine.execution import Execution
from handleflow.engine.health import Health, health_of
from handleflow.engine.held_rulebooks import HeldRulebooks
from handleflow.engine.observer import Observer
from handleflow.engine.optimistic_writer import Listener, OptimisticWriter, without_private
from handleflow.engine.present import TOLERANCE, Clock, PresentReader
from handleflow.engine.requests import Request, size_of_group
from handleflow.engine.sweep import Sweep, Sweeper, require_confirmed
from handleflow.errors import BrokenBackup, Reason, UnknownRulebook, in_words
from handleflow.hash_chain import StoredEntry
from handleflow.legal_time import Day, day
from handleflow.model import Act, Actor, Suggestion
from handleflow.model.changing import changed
from handleflow.model.field_types import checks_arguments
from handleflow.rules import Rulebook
from handleflow.store import IdempotencyKey, Store
from handleflow.store.projection import build_batch, rebuilt
from handleflow.values import in_one_line
from handleflow.views.access import MaySee, may_see


class Engine(BulkSide):
    """
    The only door: people ask by ``execute``, time by ``sweep``.

    *rulebooks* are held by name and version and their text is kept in the store; a new suggestion is
    handled under the first one. The present is what a *clock* that is handed in gives; else the store's own time,
    where it has one, or the host's. It is believed up to *tolerance*, two minutes unless told otherwise: what is told
    at a later instant is refused, and a day that ended less ago is not missed. *entropy* gives random bytes for the
    salts of entries. *listeners* hear entries after they are safe, *observers* what is decided before it is written,
    refusals too, and again where a race was lost; one that fails is logged and stops nobody. Neither is told private
    fields. *may_see* says what a reader may see of a suggestion.

    Raises:
        AlteredRulebook, AlteredCalendar: when a name and version stand for other content in the store.
        UnknownKind: when the store was not told of an act that a rulebook knows.
        WrongType: when anything is given that is of another type, here as in what is asked of the engine.
        NonsenseError: when *tolerance* is less than nothing or more than a day.
    """

    @checks_arguments("rulebooks", "tolerance")
    def __init__(  # noqa: PLR0913  one for each thing that an engine goes by or tells
        self,
        store: Store,
        rulebooks: Iterable[Rulebook],
        *,
        clock: Clock | None = None,
        tolerance: datetime.timedelta = TOLERANCE,
        entropy: Entropy = os.urandom,
        listeners: Iterable[Listener] = (),
        observers: Iterable[Observer] = (),
        may_see: MaySee = may_see,
    ) -> None:
        super().__init__(store, HeldRulebooks(rulebooks), may_see)
        self._reader, heard = PresentReader(store, clock, tolerance), list(map(without_private, listeners))
        self._writer = OptimisticWriter(store, self._reader, Chainer(store.codec, entropy), heard)
        self._decider = Decider(store, self._held, tuple(observers))
        self._execution = Execution(store, self._writer, self._decider)
        self._held.require_known(store)
        self._held.keep_in(store)
        self._held.warn_of_those_not_held(store)

    def __repr__(self) -> str:
        return in_one_line(self, self._held, self.store)

    @checks_arguments()
    def listen(self, listener: Listener, *, private: bool = False) -> None:
        """Let *listener* hear every entry from now on; its private fields too, where *private* asks for them."""
        self._writer.listeners.append(listener if private else without_private(listener))

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
            StaleSuggestion: when it is no longer at *expect*, the race is lost again and again, or somebody wrote
                meanwhile at an instant after *at*.
            CommitInDoubt: when the answer to the commit was lost; asking again under the same key settles it.
            KeyReused: when *key* stands for another act or actor.
            OutOfOrder: when *at* is before the last entry.
            FromTheFuture: when *at* has not come.
            UnknownSuggestion: when there is none and the act does not begin one.
            UnknownRulebook: when its rulebook is not held here.
        """
        return self._execution.one(Request(id, act, by, at, expect, key))

    @checks_arguments()
    def execute_many(self, requests: Iterable[Request], *, together: int = 100) -> tuple[Suggestion | Exception, ...]:
        """
        Ask for many acts, so many *together* in one transaction; for each, the suggestion after it or why not.

        What one act meets stops no other, an exception of a host's own check included: it is the answer. Those that
        cannot be written together are asked for one by one. Of several acts of one suggestion each sees the one
        before. Listeners hear of a group when it is safe.
        """
        return self._execution.many(requests, together)

    def ask(self, id: str, act: Act, *, by: Actor, at: datetime.datetime | None = None) -> tuple[Reason, ...]:
        """Every reason *act* would meet now; warnings alone, or none, when it would be granted. Records nothing."""
        request = Request(id, act, by, at)
        return self._decider.reasons(*self._writer.newest(id), request)

    @checks_arguments()
    def open_acts(self, id: str, *, by: Actor) -> tuple[type[Act], ...]:
        """The acts *by* could ask for now, as far as that can be said before their words are known."""
        suggestion, present = self._writer.newest(id)
        rules = self._held.deciding(suggestion)
        return open_acts(rules, suggestion, provenance_of(rules, suggestion, present, by, None))

    @checks_arguments()
    def sweep(
        self,
        *,
        at: datetime.datetime | None = None,
        limit: int | None = None,
        host: str = "",
        together: int = 1,
        confirmed: datetime.date | str | None = None,
    ) -> Sweep:
        """
        Let the clock speak, at *at* or now, of at most *limit* suggestions, so many *together* in one transaction.

        Sweeping twice says nothing twice. A suggestion somebody writes meanwhile is skipped, and speaks
        at the next sweep; one that cannot be spoken of, whatever a host's own code raises, holds up no other and is
        told in ``failed``. Several hosts that sweep at once each give a name as *host*, and go their own ways
        through what is due instead of walking in step. *confirmed* is the day that it is, by a person's word.

        Raises:
            FromTheFuture: when *at* has not come.
            UnconfirmedDay: when by the clock it is another day than *confirmed*; without it, when there is no clock
                but the host's and the last sweep is more than 30 days past.
        """
        if confirmed is not None or self._reader.is_hosts:
            now, last = self._reader.now().told(at), self.store.last_sweep().at
            is_on = None if confirmed is None else day(confirmed)
            require_confirmed(last if self._reader.is_hosts else None, now, self._day_of(now), is_on)
        sweeper = Sweeper(self.store, self._reader, self._writer, self._decider.supervised, host)
        return sweeper.sweep(at, limit, size_of_group(together))

    @checks_arguments()
    def set_last_sweep_back(self, to: datetime.datetime) -> None:
        """
        Forget that the clock was let speak after *to*: by a wrong clock it was, says whoever calls.

        Raises:
            FromTheFuture: when *to* has not come.
        """
        self.store.set_last_sweep_back(self._reader.now().told(to))

    @checks_arguments()
    def health(self, *, at: datetime.datetime | None = None) -> Health:
        """
        Whether the clock is let speak: what should have been said by *at* or now, and when it last spoke.

        It tells the rulebooks that suggestions hang on and that are not held here, too. It reads the store's index
        and one suggestion, whatever the store holds; a store without an index is walked through.
        """
        return health_of(self.store, self._held, self._reader, at, self._decider.names_in_use.near_twins())

    def now(self) -> DateTime:
        """The instant it is by the engine's clock; no store is asked for its time."""
        return self._reader.by_clock().at

    def today(self) -> Day:
        """The day it is now where its first rulebook holds; in UTC where it has none."""
        return self._day_of(self.now())

    def _day_of(self, now: DateTime) -> Day:
        first = self._held.first
        return first.calendar.day_of(now) if first else day(now.date())

    @checks_arguments()
    def import_history(
        self, id: str, stored: tuple[StoredEntry, ...], keys: tuple[IdempotencyKey, ...] = ()
    ) -> Suggestion:
        """
        Take in a whole history as it was stored elsewhere: nothing is decided, and nobody hears of it.

        Raises:
            BrokenBackup: when it cannot be folded.
            UnknownRulebook: when its rulebook is not held here.
            StaleSuggestion: when there is a suggestion of that id already.
        """
        try:
            entries = self._decoded(stored)
            suggestion = replay(id, entries)
            batch = build_batch(self._held.deciding(suggestion), Suggestion(id), entries, suggestion)
        except UnknownRulebook:
            raise
        except Exception as error:  # of a history that nobody lived an effect may find anything
            raise BrokenBackup(f"suggestion {id}: its history cannot be folded: {in_words(error)[:200]}") from error
        self.store.import_history(changed(batch, stored=stored, keys=keys))
        return batch.suggestion

    @checks_arguments()
    def rebuild(self, id: str) -> bool:
        """
        Derive anew what stands beside the history of one suggestion; whether something else stood there.

        Raises:
            UnknownSuggestion: when there is none.
            UnknownRulebook: when its rulebook is not held here.
            BrokenHistory: when nothing can be folded from it.
            StaleSuggestion: when somebody wrote meanwhile.
        """
        return self.store.rebuild(rebuilt(self.store, id, self._held.deciding))
