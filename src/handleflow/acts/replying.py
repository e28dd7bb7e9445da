"""Reply commands: what does the unit answer? Drafts, their review, the reply, its class, publication (答复)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from attrs import field

from handleflow.acts._common_checks import (
    AboutAUnit,
    Answering,
    its_reply_is_there,
    lead_has_accepted,
    no_earlier,
    no_own_waits,
    one_waits,
    unit_has_not_replied,
    unit_was_assigned_by_then,
)
from handleflow.errors import Reason
from handleflow.model import Act, Bearing, Provenance, Question, Suggestion, nouns, reads_the_act
from handleflow.model.changing import changed
from handleflow.model.fields import named, not_blank, not_blank_or_none
from handleflow.values import frozen


@frozen
class DraftReply(Act):
    """A lead's draft, for review before it goes out."""

    verb = "draft_reply"
    kind = "reply_drafted"
    checks = (lead_has_accepted, unit_has_not_replied, no_own_waits("drafts", Reason("draft_waiting")))
    outcome: str = field(validator=named)
    text: str = field(validator=not_blank)

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        draft = nouns.Draft(suggestion.next_entry, provenance.by.party, self.outcome, self.text, suggestion.round)
        return changed(suggestion, drafts=(*suggestion.drafts, draft))


_a_draft_waits = one_waits(
    "drafts",
    Reason("no_draft_waiting"),
    lambda unit, waiting: Reason("no_such_draft", {"named": unit, "there": waiting}, "value"),
)


@frozen
class ApproveDraft(Answering):
    """The office lets a draft go out (审核答复意见)."""

    verb = "approve_draft"
    kind = "draft_approved"
    requests, answer = "drafts", "approved"
    checks = (_a_draft_waits,)


@frozen
class ReturnDraft(Answering):
    """The office sends a draft back, and says why."""

    verb = "return_draft"
    kind = "draft_returned"
    requests, answer = "drafts", "returned"
    checks = (_a_draft_waits,)
    reason: str = field(validator=not_blank)


@reads_the_act
def _promises_days_to_come(act: Reply, question: Question[Reply]) -> Iterator[Reason]:
    happened = act.happened_on(question.provenance)
    for promise in act.commitments:
        yield from no_earlier(promise.due_on, happened, "promising")


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
        assignment = suggestion.assignment_of(provenance.by.party)
        answer = nouns.Answer(
            suggestion.next_entry,
            provenance.by.party,
            assignment.round if assignment else suggestion.round,
            self.happened_on(provenance),
            self.outcome,
            text=self.text,
            signed_by=self.signed_by,
        )
        return changed(suggestion, replies=(*suggestion.replies, answer)).without_requests(provenance.by.party)

    def bearing(self, suggestion: Suggestion, provenance: Provenance) -> Bearing:
        return Bearing(promises=self.commitments)


@frozen
class Regrade(AboutAUnit):
    """The office corrects a reply's class of outcome; what was promised stays promised."""

    verb = "regrade"
    kind = "regraded"
    checks = (its_reply_is_there,)
    outcome: str = field(validator=named)
    reason: str = field(validator=not_blank)

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        current = suggestion.reply_of(self.unit)
        replies = tuple(
            changed(r, outcome=self.outcome, snapshot=None) if r is current else r for r in suggestion.replies
        )
        return changed(suggestion, replies=replies)


def _is_public(question: Question[Any]) -> Iterator[Reason]:
    suggestion = question.suggestion
    if not suggestion.is_public:
        is_confidential, visibility = suggestion.is_confidential, suggestion.visibility
        yield Reason("not_public", {"is_confidential": is_confidential, "visibility": visibility})


@reads_the_act
def _is_by_its_unit_or_an_office(act: Publish, question: Question[Publish]) -> Iterator[Reason]:
    by = question.by
    if by.role == "unit" and by.party != act.unit:
        yield Reason("not_its_unit", {"unit": by.party, "units": (act.unit,)}, "who")


@reads_the_act
def _is_published_once_and_after_the_reply(act: Publish, question: Question[Publish]) -> Iterator[Reason]:
    reply = question.suggestion.reply_of(act.unit)
    if reply is not None and reply.published_on is not None:
        yield Reason("already_published", {"unit": act.unit, "on": reply.published_on}, "race")
    yield from no_earlier(act.happened_on(question.provenance), reply.on if reply else None, "replied")


@frozen
class Publish(AboutAUnit):
    """
    A unit's reply is published (公开), in full or as an abstract; *url* says where.

    Only of a suggestion that is public: somebody said so, and it is not confidential.
    """

    verb = "publish"
    kind = "published"
    checks = (its_reply_is_there, _is_public, _is_by_its_unit_or_an_office, _is_published_once_and_after_the_reply)
    is_abstract: bool = False
    url: str | None = field(default=None, validator=not_blank_or_none)

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        current, on = suggestion.reply_of(self.unit), self.happened_on(provenance)
        replies = tuple(changed(r, published_on=on) if r is current else r for r in suggestion.replies)
        return changed(suggestion, replies=replies)
