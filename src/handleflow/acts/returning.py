"""Return commands: is it not for this unit? Requests to return it, and the office's decision (申退)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from attrs import field

from handleflow.acts._common_checks import unit_has_a_part, unit_has_not_replied
from handleflow.errors import Reason
from handleflow.model import Act, Check, Provenance, Question, Suggestion, nouns, reads_the_act
from handleflow.model.changing import changed
from handleflow.model.fields import named, not_blank
from handleflow.model.suggestion import answered
from handleflow.values import frozen


def with_return_decided(suggestion: Suggestion, unit: str, decision: str) -> Suggestion:
    """*suggestion* with the open request of *unit*, if there is one, decided."""
    requests = answered(suggestion.return_requests, unit, "decision", decision)
    return changed(suggestion, return_requests=requests)


def _waiting(suggestion: Suggestion) -> tuple[str, ...]:
    return tuple(request.unit for request in suggestion.return_requests if request.decision is None)


def _no_own_return_waits(question: Question[Any]) -> Iterator[Reason]:
    if question.by.name in _waiting(question.suggestion):
        yield Reason("return_waiting")


@frozen
class RequestReturn(Act):
    """A unit says it is not the one to handle this (申退); only the office decides."""

    verb = "request_return"
    kind = "return_requested"
    checks = (unit_has_a_part, _no_own_return_waits, unit_has_not_replied)
    reason: str = field(validator=not_blank)

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        request = nouns.ReturnRequest(
            suggestion.next_entry, provenance.by.name, self.reason, on=self.happened_on(provenance)
        )
        return changed(suggestion, return_requests=(*suggestion.return_requests, request))


def _a_return_waits(question: Question[Any]) -> Iterator[Reason]:
    if not _waiting(question.suggestion):
        yield Reason("no_return_waiting")


@reads_the_act
def _its_return_waits(act: _DecidingReturn, question: Question[_DecidingReturn]) -> Iterator[Reason]:
    waiting = _waiting(question.suggestion)
    if waiting and act.unit not in waiting:
        yield Reason("no_such_return_request", {"named": act.unit, "there": waiting}, "value")


@frozen
class _DecidingReturn(Act):
    checks: ClassVar[tuple[Check, ...]] = (_a_return_waits, _its_return_waits)
    unit: str = field(validator=named)

    def units(self, provenance: Provenance) -> tuple[str, ...]:
        return (self.unit,)


@reads_the_act
def _it_has_not_replied(act: _DecidingReturn, question: Question[_DecidingReturn]) -> Iterator[Reason]:
    if reply := question.suggestion.reply_of(act.unit):
        yield Reason("already_replied", {"unit": act.unit, "round": reply.round}, "race")


@frozen
class GrantReturn(_DecidingReturn):
    """The office takes it back from a unit; the next one gets a fresh clock."""

    verb = "grant_return"
    kind = "return_granted"
    checks = (*_DecidingReturn.checks, _it_has_not_replied)

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        return with_return_decided(suggestion, self.unit, "granted").relieved(self.unit, "returned")


@frozen
class RefuseReturn(_DecidingReturn):
    """The office leaves it with the unit, which must go on handling it."""

    verb = "refuse_return"
    kind = "return_refused"
    reason: str = field(validator=not_blank)

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        return with_return_decided(suggestion, self.unit, "refused")
