"""Reply commands: what does the unit answer? Drafts, their review, the reply, its class (答复)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from attrs import field

from handleflow.acts._common_checks import lead_has_accepted, unit_has_not_replied, unit_was_assigned_by_then
from handleflow.errors import Reason
from handleflow.model import Act, Bearing, Check, Provenance, Question, Suggestion, nouns, reads_the_act
from handleflow.model.changing import changed
from handleflow.model.fields import named, not_blank, not_blank_or_none
from handleflow.model.suggestion import answered
from handleflow.values import frozen


def _waiting(suggestion: Suggestion) -> tuple[str, ...]:
    return tuple(draft.unit for draft in suggestion.drafts if draft.verdict is None)


def _no_own_draft_waits(question: Question[Any]) -> Iterator[Reason]:
    if question.by.name in _waiting(question.suggestion):
        yield Reason("draft_waiting")


@frozen
class DraftReply(Act):
    """A lead's draft, for review before it goes out."""

    verb = "draft_reply"
    kind = "reply_drafted"
    checks = (lead_has_accepted, unit_has_not_replied, _no_own_draft_waits)
    outcome: str = field(validator=named)
    text: str = field(validator=not_blank)

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        draft = nouns.Draft(suggestion.next_entry, provenance.by.name, self.outcome, self.text, suggestion.round)
        return changed(suggestion, drafts=(*suggestion.drafts, draft))


def _a_draft_waits(question: Question[Any]) -> Iterator[Reason]:
    if not _waiting(question.suggestion):
        yield Reason("no_draft_waiting")


@reads_the_act
def _its_draft_waits(act: _Reviewing, question: Question[_Reviewing]) -> Iterator[Reason]:
    waiting = _waiting(question.suggestion)
    if waiting and act.unit not in waiting:
        yield Reason("no_such_draft", {"named": act.unit, "there": waiting}, "value")


@frozen
class _Reviewing(Act):
    checks: ClassVar[tuple[Check, ...]] = (_a_draft_waits, _its_draft_waits)
    unit: str = field(validator=named)

    def units(self, provenance: Provenance) -> tuple[str, ...]:
        return (self.unit,)

    def _judged(self, suggestion: Suggestion, verdict: str) -> Suggestion:
        return changed(suggestion, drafts=answered(suggestion.drafts, self.unit, "verdict", verdict))


@frozen
class ApproveDraft(_Reviewing):
    """The office lets a draft go out (审核答复意见)."""

    verb = "approve_draft"
    kind = "draft_approved"

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        return self._judged(suggestion, "approved")


@frozen
class ReturnDraft(_Reviewing):
    """The office sends a draft back, and says why."""

    verb = "return_draft"
    kind = "draft_returned"
    reason: str = field(validator=not_blank)

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        return self._judged(suggestion, "returned")


@reads_the_act
def _promises_days_to_come(act: Reply, question: Question[Reply]) -> Iterator[Reason]:
    happened = act.happened_on(question.provenance)
    for promise in act.commitments:
        if promise.due_on is not None and promise.due_on < happened:
            yield Reason("day_too_early", {"on": promise.due_on, "earliest": happened, "when": "promising"}, "value")


@frozen
class Reply(Act):
    """
    A lead that has accepted answers the deputy (答复), with a class of outcome and what it promises.

    *outcome* is a code of the rulebook's classes; *signed_by* the person answering for the unit.
    """

    verb = "reply"
    kind = "replied"
    checks = (lead_has_accepted, unit_has_not_replied, unit_was_assigned_by_then, _promises_days_to_come)
    outcome: str = field(validator=named)
    text: str = field(validator=not_blank)
    commitments: tuple[nouns.Promise, ...] = ()
    signed_by: str | None = field(default=None, validator=not_blank_or_none)

    @property
    def names_a_day(self) -> bool:
        """Whether a commitment names the day it is promised for."""
        return any(promise.due_on is not None for promise in self.commitments)

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        assignment = suggestion.assignment_of(provenance.by.name)
        answer = nouns.Answer(
            suggestion.next_entry,
            provenance.by.name,
            assignment.round if assignment else suggestion.round,
            self.happened_on(provenance),
            self.outcome,
            text=self.text,
            signed_by=self.signed_by,
        )
        return changed(suggestion, replies=(*suggestion.replies, answer)).without_requests(provenance.by.name)

    def bearing(self, suggestion: Suggestion, provenance: Provenance) -> Bearing:
        return Bearing(promises=self.commitments)


@reads_the_act
def _its_unit_has_replied(act: Regrade, question: Question[Regrade]) -> Iterator[Reason]:
    if question.suggestion.reply_of(act.unit) is None:
        yield Reason(
            "no_such_reply",
            {"unit": act.unit, "replied": tuple(r.unit for r in question.suggestion.current_replies)},
            "value",
        )


@frozen
class Regrade(Act):
    """The office corrects a reply's class of outcome; what was promised stays promised."""

    verb = "regrade"
    kind = "regraded"
    checks = (_its_unit_has_replied,)
    unit: str = field(validator=named)
    outcome: str = field(validator=named)
    reason: str = field(validator=not_blank)

    def units(self, provenance: Provenance) -> tuple[str, ...]:
        return (self.unit,)

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        current = suggestion.reply_of(self.unit)
        replies = tuple(
            changed(r, outcome=self.outcome, snapshot=None) if r is current else r for r in suggestion.replies
        )
        return changed(suggestion, replies=replies)
