"""Extension commands: may it take longer? Extensions, and pauses of the clock (延期、中止)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from attrs import field

from handleflow.acts._common_checks import (
    Answering,
    an_end_is_named,
    lead_has_accepted,
    no_earlier,
    no_own_waits,
    no_two_ends,
    one_waits,
)
from handleflow.errors import Reason
from handleflow.legal_time import Day, Span, days_later
from handleflow.legal_time.convention import shift
from handleflow.model import Act, Bearing, Provenance, Question, Suggestion, nouns, reads_the_act
from handleflow.model.changing import changed
from handleflow.model.fields import day_or_none, not_blank
from handleflow.values import frozen


@frozen
class RequestExtension(Act):
    """A lead asks for time *until* a day, or for as long after its day as *within*, before its term ends."""

    verb = "request_extension"
    kind = "extension_requested"
    checks = (
        lead_has_accepted,
        no_own_waits("extension_requests", Reason("extension_waiting")),
        no_two_ends,
        an_end_is_named,
    )
    until: Day | None = field(converter=day_or_none)
    reason: str = field(validator=not_blank)
    within: Span | None = None

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        unit, on = provenance.by.party, self.happened_on(provenance)
        asked = nouns.ExtensionRequest(
            suggestion.next_entry, unit, self.until, self.reason, within=self.within, on=on
        )
        return changed(suggestion, extension_requests=(*suggestion.extension_requests, asked))


_a_request_waits = one_waits(
    "extension_requests",
    Reason("no_extension_waiting"),
    lambda unit, waiting: Reason("no_such_extension_request", {"named": unit, "there": waiting}, "value"),
)


@frozen
class GrantExtension(Answering):
    """The office grants longer time, as asked for or until an earlier day."""

    verb = "grant_extension"
    kind = "extension_granted"
    requests, answer = "extension_requests", "granted"
    checks = (_a_request_waits,)
    until: Day | None = field(default=None, converter=day_or_none)

    def request(self, suggestion: Suggestion) -> nouns.ExtensionRequest | None:
        """What it grants, while that waits."""
        waiting = (r for r in suggestion.extension_requests if r.unit == self.unit and r.decision is None)
        return next(waiting, None)

    def bearing(self, suggestion: Suggestion, provenance: Provenance) -> Bearing:
        requests = suggestion.extension_requests
        *_, asked = (r for r in requests if (r.unit, r.decision) == (self.unit, "granted"))
        within = None if self.until else asked.within
        return Bearing(extended_until=self.until or asked.until, extended_within=within, asked_on=asked.on)


@frozen
class RefuseExtension(Answering):
    """The office leaves the term as it is, and says why."""

    verb = "refuse_extension"
    kind = "extension_refused"
    requests, answer = "extension_requests", "refused"
    checks = (_a_request_waits,)
    reason: str = field(validator=not_blank)


@frozen
class DeclareExtension(Act):
    """
    A lead takes longer by its own declaration, explained to the deputy (河南省办理办法 art. 20).

    It does so *until* a day, or for as long after its day as *within*.
    """

    verb = "declare_extension"
    kind = "extension_declared"
    checks = (lead_has_accepted, no_two_ends, an_end_is_named)
    until: Day | None = field(converter=day_or_none)
    explanation: str = field(validator=not_blank)
    within: Span | None = None

    def bearing(self, suggestion: Suggestion, provenance: Provenance) -> Bearing:
        units = (provenance.by.party,)
        return Bearing(units=units, extended_until=self.until, extended_within=self.within, by_consent=False)


def _stands(question: Question[Any]) -> bool:
    return question.suggestion.is_suspended_on(question.happened_on or question.provenance.on)


def _is_not_suspended(question: Question[Any]) -> Iterator[Reason]:
    if _stands(question):
        yield Reason("already_suspended", kind="race")


@reads_the_act
def _clock_had_gone_on_by_then(act: Suspend, question: Question[Suspend]) -> Iterator[Reason]:
    ends = [pause.end for term in question.suggestion.terms for pause in term.pauses if pause.end is not None]
    return no_earlier(act.happened_on(question.provenance), max(ends, default=None), "resumed")


@reads_the_act
def _ends_after_it_begins(act: Suspend, question: Question[Suspend]) -> Iterator[Reason]:
    happened = act.happened_on(question.provenance)
    ends_on = shift(happened, act.within, question.calendar) if act.within else act.until
    return no_earlier(ends_on, days_later(happened), "suspended")


@frozen
class Suspend(Act):
    """
    The clock stops, in lifecycles whose law knows it; none of the Chinese ones does.

    Announced *until* a day, or for as long as *within*, it goes on from that day by itself; ``Resume`` lets it go on
    earlier. Without either, nobody knows until when it stands, and only ``Resume`` ends it.
    """

    verb = "suspend"
    kind = "suspended"
    checks = (_is_not_suspended, _clock_had_gone_on_by_then, no_two_ends, _ends_after_it_begins)
    reason: str = field(validator=not_blank)
    until: Day | None = field(default=None, converter=day_or_none)
    within: Span | None = None

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        return changed(suggestion, suspended_on=self.happened_on(provenance), suspended_until=None)

    def bearing(self, suggestion: Suggestion, provenance: Provenance) -> Bearing:
        return Bearing(paused_on=self.happened_on(provenance), paused_until=self.until, paused_within=self.within)


def _is_suspended(question: Question[Any]) -> Iterator[Reason]:
    if not _stands(question):
        yield Reason("not_suspended")


@reads_the_act
def _was_suspended_by_then(act: Resume, question: Question[Resume]) -> Iterator[Reason]:
    return no_earlier(act.happened_on(question.provenance), question.suggestion.suspended_on, "suspended")


@frozen
class Resume(Act):
    """The clock goes on."""

    verb = "resume"
    kind = "resumed"
    checks = (_is_suspended, _was_suspended_by_then)
    reason: str = field(validator=not_blank)

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        return changed(suggestion, suspended_on=None, suspended_until=None)

    def bearing(self, suggestion: Suggestion, provenance: Provenance) -> Bearing:
        return Bearing(resumed_on=self.happened_on(provenance))
