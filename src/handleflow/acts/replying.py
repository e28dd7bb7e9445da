"""What does the unit answer? Drafts, their review, the reply, its class (答复)."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import field

from handleflow.acts._who import lead_objections
from handleflow.errors import Objection
from handleflow.model import Act, Actor, Asked, Suggestion
from handleflow.model import parts as nouns
from handleflow.model.changing import changed
from handleflow.model.fields import maybe_spoken, spoken
from handleflow.model.suggestion import answered
from handleflow.values import frozen
from handleflow.words import refusals as say


def _replying_lead(suggestion: Suggestion, by: Actor) -> Iterator[Objection]:
    yield from lead_objections(suggestion, by)
    if reply := suggestion.reply_of(by.name):
        yield say.already_replied(by.name, reply.round)


@frozen
class DraftReply(Act):
    """A lead's draft, for review before it goes out."""

    verb = "draft_reply"
    kind = "reply_drafted"
    outcome: str = field(validator=spoken)
    text: str = field(validator=spoken)

    @classmethod
    def hindrances(cls, suggestion: Suggestion, by: Actor) -> Iterator[Objection]:
        yield from _replying_lead(suggestion, by)
        if _waiting(suggestion, by.name):
            yield say.already_open("draft_waiting", "draft", "待审答复意见")

    def effect(self, suggestion: Suggestion, asked: Asked) -> Suggestion:
        draft = nouns.Draft(suggestion.next_entry, asked.by.name, self.outcome, self.text, suggestion.round)
        return changed(suggestion, drafts=(*suggestion.drafts, draft))


def _waiting(suggestion: Suggestion, unit: str | None = None) -> list[str]:
    return [d.unit for d in suggestion.drafts if d.verdict is None and unit in {None, d.unit}]


@frozen
class _Reviewing(Act):
    unit: str = field(validator=spoken)

    @classmethod
    def hindrances(cls, suggestion: Suggestion, by: Actor) -> Iterator[Objection]:
        if not _waiting(suggestion):
            yield say.nothing_open("no_draft_waiting", "draft", "待审答复意见")

    def objections(self, suggestion: Suggestion, asked: Asked) -> Iterator[Objection]:
        waiting = _waiting(suggestion)
        if waiting and self.unit not in waiting:
            yield say.no_such("draft", "待审答复意见", self.unit, waiting)

    def units(self, asked: Asked) -> tuple[str, ...]:
        return (self.unit,)

    def _judged(self, suggestion: Suggestion, verdict: str) -> Suggestion:
        return changed(suggestion, drafts=answered(suggestion.drafts, self.unit, "verdict", verdict))


@frozen
class ApproveDraft(_Reviewing):
    """The office lets a draft go out (审核答复意见)."""

    verb = "approve_draft"
    kind = "draft_approved"

    def effect(self, suggestion: Suggestion, asked: Asked) -> Suggestion:
        return self._judged(suggestion, "approved")


@frozen
class ReturnDraft(_Reviewing):
    """The office sends a draft back, and says why."""

    verb = "return_draft"
    kind = "draft_returned"
    reason: str = field(validator=spoken)

    def effect(self, suggestion: Suggestion, asked: Asked) -> Suggestion:
        return self._judged(suggestion, "returned")


@frozen
class Reply(Act):
    """
    A lead that has accepted answers the deputy (答复), with a class of outcome and what it promises.

    *outcome* is a code of the rulebook's classes; *signed_by* the person answering for the unit.
    """

    verb = "reply"
    kind = "replied"
    outcome: str = field(validator=spoken)
    text: str = field(validator=spoken)
    commitments: tuple[nouns.Promise, ...] = ()
    signed_by: str | None = field(default=None, validator=maybe_spoken)

    @classmethod
    def hindrances(cls, suggestion: Suggestion, by: Actor) -> Iterator[Objection]:
        yield from _replying_lead(suggestion, by)

    def objections(self, suggestion: Suggestion, asked: Asked) -> Iterator[Objection]:
        assignment = suggestion.assignment_of(asked.by.name)
        began = assignment.assigned_on if assignment else None
        happened = self.happened_on(asked)
        if began is not None and happened < began:
            yield say.before_it_began(happened, began)
        for promise in self.commitments:
            if promise.due_on is not None and promise.due_on < happened:
                yield say.day_too_early(promise.due_on, happened, "it is promised", "作出承诺")

    @property
    def names_a_day(self) -> bool:
        """Whether a commitment names the day it is promised for."""
        return any(promise.due_on is not None for promise in self.commitments)

    def effect(self, suggestion: Suggestion, asked: Asked) -> Suggestion:
        assignment = suggestion.assignment_of(asked.by.name)
        answer = nouns.Answer(
            suggestion.next_entry,
            asked.by.name,
            assignment.round if assignment else suggestion.round,
            self.happened_on(asked),
            self.outcome,
            text=self.text,
            signed_by=self.signed_by,
        )
        return changed(suggestion, replies=(*suggestion.replies, answer)).without_requests(asked.by.name)


@frozen
class Regrade(Act):
    """The office corrects a reply's class of outcome; what was promised stays promised."""

    verb = "regrade"
    kind = "regraded"
    unit: str = field(validator=spoken)
    outcome: str = field(validator=spoken)
    reason: str = field(validator=spoken)

    def objections(self, suggestion: Suggestion, asked: Asked) -> Iterator[Objection]:
        if suggestion.reply_of(self.unit) is None:
            yield say.no_reply(self.unit, (r.unit for r in suggestion.current_replies))

    def units(self, asked: Asked) -> tuple[str, ...]:
        return (self.unit,)

    def effect(self, suggestion: Suggestion, asked: Asked) -> Suggestion:
        current = suggestion.reply_of(self.unit)
        replies = tuple(
            changed(r, outcome=self.outcome, classified=None) if r is current else r for r in suggestion.replies
        )
        return changed(suggestion, replies=replies)
