"""Decider: what do a request and the clock add to histories? Decided on what a store holds; nothing is written."""

from __future__ import annotations

import datetime
import logging
from functools import partial

from pendulum import DateTime

from handleflow.core import Corrected, corrected_by, decide, guard_answers, supervise
from handleflow.engine.held_rulebooks import HeldRulebooks
from handleflow.engine.names_in_use import NamesInUse
from handleflow.engine.observer import Observer, notify
from handleflow.engine.present import Present
from handleflow.engine.requests import Request, look_up
from handleflow.errors import (
    HandleflowError,
    KeyReused,
    OutOfOrder,
    OutsideCalendar,
    Reason,
    Refused,
    StaleSuggestion,
    UnknownSuggestion,
    reason_outside,
)
from handleflow.legal_time import is_before, latest
from handleflow.model import CLOCK, Act, Actor, Provenance, Suggestion
from handleflow.model.changing import changed
from handleflow.rules import Rulebook
from handleflow.store import Batch, IdempotencyKey, Store
from handleflow.store.projection import build_batch
from handleflow.words import Message

_log = logging.getLogger(__name__)


class Decider:
    """Decides by what *store* holds, under the rulebooks *held*, before *observers*."""

    def __init__(self, store: Store, held: HeldRulebooks, observers: tuple[Observer, ...]) -> None:
        self._store, self._held, self._observers = store, held, observers
        self.names_in_use = NamesInUse(store)

    def requested(self, suggestion: Suggestion, present: Present, request: Request) -> list[Batch]:
        """What granting *request* adds, to its counterpart too; nothing where it was granted under its key before."""
        use = None
        if request.key is not None:
            first, digest = suggestion.next_entry, self._store.codec.fingerprint(request.act, request.by)
            use = IdempotencyKey(request.key, digest, first, first)
        if use is not None and self._is_recorded(suggestion, use, request):
            return []
        try:
            return self._granted(suggestion, present, request, use)
        except HandleflowError:
            # The same request may have been granted to another copy of it since this one looked.
            if use is not None and self._is_recorded(suggestion, use, request):
                return []
            raise

    def _granted(
        self, suggestion: Suggestion, present: Present, request: Request, use: IdempotencyKey | None
    ) -> list[Batch]:
        if request.expect is not None and suggestion.version != request.expect:
            id, found = suggestion.id, suggestion.version
            raise StaleSuggestion(
                Message("error-other_version", {"id": id, "expected": request.expect, "found": found})
            )
        batch = self.decided(suggestion, present, request.act, request.by, request.at)
        if use is not None:
            batch = changed(batch, keys=(changed(use, last=batch.suggestion.version),))
        return [batch, *self._answered(suggestion, present, request.act, request.by, request.at)]

    def _answered(
        self, suggestion: Suggestion, present: Present, act: Act, by: Actor, at: datetime.datetime | None
    ) -> list[Batch]:
        """What granting *act* adds to its counterpart: nothing where there is none, or where it says so already."""
        mirrored_act = act.mirrored_act(suggestion)
        if mirrored_act is None:
            return []
        id, answering = mirrored_act
        other = look_up(self._store, id)
        return [] if answering.stands_in(other) else [self.decided(other, present, answering, by, at)]

    def _is_recorded(self, suggestion: Suggestion, use: IdempotencyKey, request: Request) -> bool:
        id, codec = suggestion.id, self._store.codec
        recorded = self._store.key(id, use.key) if suggestion.version else None
        if recorded is None:
            return False
        if recorded.digest != use.digest:
            raise KeyReused(Message("error-key_reused", {"id": id, "key": use.key}))
        if codec.has_private(request.act):
            entries = self._store.entries(id, recorded.first, recorded.last)
            if differing := codec.private_differences(request.act, request.by, entries):
                raise KeyReused(
                    Message("error-key_of_other_fields", {"id": id, "key": use.key, "fields": tuple(differing)})
                )
        return True

    def decided(
        self, suggestion: Suggestion, present: Present, act: Act, by: Actor, at: datetime.datetime | None
    ) -> Batch:
        """
        What granting *act* adds to the history of *suggestion*; what it is warned of is logged.

        Raises:
            Refused: with every reason.
            UnknownSuggestion: when there is none and the act does not begin one.
        """
        batch, warnings = self._warned(suggestion, present, act, by, at)
        for warning in warnings:
            _log.warning("suggestion %s, %s: %s", suggestion.id, act.verb, warning.text())
        self.names_in_use.add(batch.suggestion)
        return batch

    def _warned(
        self, suggestion: Suggestion, present: Present, act: Act, by: Actor, at: datetime.datetime | None
    ) -> tuple[Batch, tuple[Reason, ...]]:
        """What granting *act* adds, and what it is warned of."""
        rules, leaving = self._held.deciding(suggestion, act), self._held.left_by(suggestion, act)
        corrected = Corrected(suggestion)
        if act.reads_history and (leaving is None or leaving.terms != rules.terms):
            history = map(self._store.codec.decode, self._store.entries(suggestion.id))
            corrected = corrected_by(act, suggestion, history)
        provenance = provenance_of(rules, corrected.suggestion, present, by, at)
        begun_on = rules.calendar.day_of(present.surely_passed(provenance.at)) if suggestion.terms else None
        decision = decide(rules, corrected.suggestion, act, provenance, leaving, corrected, begun_on)
        answers = partial(guard_answers, rules, corrected.suggestion, act, provenance, leaving, begun_on)
        notify(self._observers, rules, corrected.suggestion, act, provenance, decision, answers)
        if isinstance(decision, Refused):
            self._require_known(suggestion, act, rules)
            raise decision
        try:
            batch = build_batch(rules, suggestion, decision.entries, decision.suggestion)
        except OutsideCalendar as outside:  # the day on which the clock would speak of it
            raise Refused(suggestion.id, act.verb, (reason_outside(outside),)) from outside
        return batch, (*decision.warnings, *self.names_in_use.twins(suggestion, decision.suggestion))

    def _require_known(self, suggestion: Suggestion, act: Act, rules: Rulebook) -> None:
        begins = {transition.act for transition in rules.lifecycle.leaving("")}
        if not suggestion.version and type(act) not in begins:
            acts = tuple(sorted(act.verb for act in begins))
            raise UnknownSuggestion(
                Message("error-not_begun", {"id": suggestion.id, "acts": acts}, labels=rules.labels)
            )

    def supervised(self, suggestion: Suggestion, now: DateTime, until: DateTime) -> list[Batch]:
        """What the clock has to say of *suggestion* at *now*, of days that have begun by *until*."""
        if not suggestion.version:
            look_up(self._store, suggestion.id)
        rules = self._held.deciding(suggestion)
        at = latest(now, suggestion.last_at or now)
        decision = supervise(rules, suggestion, at=at, begun_on=rules.calendar.day_of(until))
        provenance = Provenance(CLOCK, at, rules.calendar.day_of(at))
        notify(self._observers, rules, suggestion, None, provenance, decision)
        return [build_batch(rules, suggestion, decision.entries, decision.suggestion)] if decision.entries else []

    def reasons(self, suggestion: Suggestion, present: Present, request: Request) -> tuple[Reason, ...]:
        """Every reason to refuse *request*; warnings alone, or none, where it would be granted."""
        asked = request.act, request.by, request.at
        try:
            _, warnings = self._warned(suggestion, present, *asked)
            self._answered(suggestion, present, *asked)
        except Refused as refused:
            return refused.reasons
        return warnings


def provenance_of(
    rules: Rulebook, suggestion: Suggestion, present: Present, by: Actor, at: datetime.datetime | None
) -> Provenance:
    """
    By whom, when and on which day it is recorded: now, where *at* is not given, and never before the last entry.

    Raises:
        OutOfOrder: when *at* is before the last entry.
        FromTheFuture: when *at* has not come.
    """
    last, recorded_at = suggestion.last_at, present.told(at)
    if last is not None and is_before(recorded_at, last):
        if at is not None:
            id = suggestion.id
            raise OutOfOrder(Message("error-out_of_order", {"id": id, "at": recorded_at, "last": last}))
        recorded_at = last
    return Provenance(by, recorded_at, rules.calendar.day_of(recorded_at))
