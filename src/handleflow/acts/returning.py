"""Return commands: is it not for this unit? Requests to return it, and the office's decision (申退)."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import field

from handleflow.acts._common_checks import (
    Answering,
    no_own_waits,
    one_waits,
    owes_its_reply,
    unit_has_a_part,
    unit_has_not_replied,
)
from handleflow.errors import Reason
from handleflow.model import Act, Provenance, Question, Suggestion, nouns, reads_the_act
from handleflow.model.changing import changed
from handleflow.model.fields import not_blank
from handleflow.values import frozen


@frozen
class RequestReturn(Act):
    """A unit says it is not the one to handle this (申退); only the office decides."""

    verb = "request_return"
    kind = "return_requested"
    checks = (unit_has_a_part, no_own_waits("return_requests", Reason("return_waiting")), unit_has_not_replied)
    reason: str = field(validator=not_blank)

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        request = nouns.ReturnRequest(
            suggestion.next_entry, provenance.by.party, self.reason, on=self.happened_on(provenance)
        )
        return changed(suggestion, return_requests=(*suggestion.return_requests, request))


_a_return_waits = one_waits(
    "return_requests",
    Reason("no_return_waiting"),
    lambda unit, waiting: Reason("no_such_return_request", {"named": unit, "there": waiting}, "value"),
)


@reads_the_act
def _it_has_not_replied(act: GrantReturn, question: Question[GrantReturn]) -> Iterator[Reason]:
    return owes_its_reply(question, act.unit)


@frozen
class GrantReturn(Answering):
    """The office takes it back from a unit; the next one gets a fresh clock."""

    verb = "grant_return"
    kind = "return_granted"
    requests, answer = "return_requests", "granted"
    checks = (_a_return_waits, _it_has_not_replied)

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        granted_on = self.happened_on(provenance)
        requests = tuple(
            changed(r, decision=self.answer, granted_on=granted_on)
            if r.unit == self.unit and r.decision is None
            else r
            for r in suggestion.return_requests
        )
        return changed(suggestion, return_requests=requests).relieved(self.unit, "returned")


@frozen
class RefuseReturn(Answering):
    """The office leaves it with the unit, which must go on handling it."""

    verb = "refuse_return"
    kind = "return_refused"
    requests, answer = "return_requests", "refused"
    checks = (_a_return_waits,)
    reason: str = field(validator=not_blank)
