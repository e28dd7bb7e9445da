"""
Evaluation commands: is the deputy satisfied, and what follows if not? Ratings, no response, rehandling, closing
(评价).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from attrs import field

from handleflow.acts._common_checks import (
    deputy_made_it,
    deputy_unknown,
    has_come,
    its_reply_is_there,
    named_once,
    no_earlier,
)
from handleflow.choices import OneOf
from handleflow.errors import Reason
from handleflow.legal_time import Day
from handleflow.model import OFFICES, Act, Actor, Provenance, Question, Suggestion, nouns, reads_the_act
from handleflow.model.changing import changed
from handleflow.model.fields import days, maybe_named, not_blank, not_blank_or_none, parties, party_or_none
from handleflow.values import frozen


@frozen
class _OfAReply(Act):
    """An act about one reply, named by its unit; None names the reply of a unit nobody knows."""

    unit: str | None = field(converter=party_or_none, validator=maybe_named)

    def units(self, provenance: Provenance) -> tuple[str, ...]:
        return (self.unit,) if self.unit else ()

    def _round(self, suggestion: Suggestion) -> int:
        reply = suggestion.reply_of(self.unit)
        return reply.round if reply else suggestion.round


@reads_the_act
def _says_why_when_dissatisfied(act: Evaluate, question: Question[Evaluate]) -> Iterator[Reason]:
    if "dissatisfied" in {act.result, act.attitude} and act.reason is None:
        yield Reason("reason_when_dissatisfied", {"grade": "dissatisfied"}, "value")


@reads_the_act
def _names_whose_verdict_it_is(act: Evaluate, question: Question[Evaluate]) -> Iterator[Reason]:
    by, deputies = question.by, question.suggestion.deputies
    if by.role == "deputy":
        if act.rater not in {None, by.party}:
            yield Reason("rated_for_another", {"by": by.party, "rater": act.rater}, "value")
    elif act.rater is None:
        yield Reason("rater_needed", {"role": by.role}, "value")
    elif deputies and act.rater not in deputies:
        yield Reason("not_its_deputy", {"deputy": act.rater, "deputies": deputies}, "value")
    elif not deputies and by.role not in OFFICES:  # whose it is an office alone may say then
        yield deputy_unknown(question, act.rater)


@reads_the_act
def _was_replied_by_then(act: Evaluate, question: Question[Evaluate]) -> Iterator[Reason]:
    reply = question.suggestion.reply_of(act.unit)
    return no_earlier(act.happened_on(question.provenance), reply.on if reply else None, "replied")


@reads_the_act
def _rater_has_not_rated(act: Evaluate, question: Question[Evaluate]) -> Iterator[Reason]:
    rater, reply = act.rated_by(question.by), question.suggestion.reply_of(act.unit)
    earlier = question.suggestion.ratings_of(reply) if reply is not None and rater is not None else ()
    if any(r.rater == rater and not r.is_no_response for r in earlier):
        yield Reason("already_rated", {"what": "verdict", "deputy": rater, "commitment": None}, "race")


@frozen
class Evaluate(_OfAReply):
    """
    A deputy's verdict on one reply: the *result* and, where asked for, the *attitude* (上海 art. 21).

    Each is ``satisfied``, ``basically_satisfied`` or ``dissatisfied``; dissatisfied says why. Who
    entered it and by which *channel* is kept. Entered by anyone but a deputy (only where the
    lifecycle's transition names that role), it names the *rater* and is marked as a proxy's.
    """

    verb = "evaluate"
    kind = "evaluated"
    checks = (
        deputy_made_it,
        its_reply_is_there,
        _says_why_when_dissatisfied,
        _names_whose_verdict_it_is,
        _was_replied_by_then,
        _rater_has_not_rated,
    )
    result: str = field(validator=OneOf(*nouns.GRADES))
    attitude: str | None = field(default=None, validator=OneOf(*nouns.GRADES, or_none=True))
    reason: str | None = field(default=None, validator=not_blank_or_none)
    channel: str = field(default="platform", validator=not_blank)
    rater: str | None = field(default=None, converter=party_or_none, validator=maybe_named)

    def rated_by(self, by: Actor) -> str | None:
        """The deputy whose verdict it is, when *by* enters it."""
        return by.party if by.role == "deputy" else self.rater

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        rating = nouns.Rating(
            suggestion.next_entry,
            provenance.by,
            self.unit,
            self._round(suggestion),
            self.rated_by(provenance.by),
            self.attitude,
            self.result,
            self.happened_on(provenance),
            self.reason,
            self.channel,
            is_proxy=provenance.by.role != "deputy",
        )
        return changed(suggestion, ratings=(*suggestion.ratings, rating))


@reads_the_act
def _deputy_was_reminded(act: RecordNoResponse, question: Question[RecordNoResponse]) -> Iterator[Reason]:
    if not act.reminded_on:
        yield Reason("no_reminder", kind="value")
    for reminded in act.reminded_on:
        yield from has_come(reminded, question)


@reads_the_act
def _nobody_has_rated(act: RecordNoResponse, question: Question[RecordNoResponse]) -> Iterator[Reason]:
    reply = question.suggestion.reply_of(act.unit)
    if reply and question.suggestion.ratings_of(reply):
        yield Reason("already_rated", {"what": "reply", "deputy": None, "commitment": None}, "race")


@frozen
class RecordNoResponse(_OfAReply):
    """
    No rating came after reminders; never counted as satisfied (重庆市工作条例 arts 27, 29).

    *reminded_on* are the days the deputy was reminded, at least one.
    """

    verb = "record_no_response"
    kind = "no_response_recorded"
    checks = (its_reply_is_there, _deputy_was_reminded, _nobody_has_rated)
    reminded_on: tuple[Day, ...] = field(converter=days)

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        silence = nouns.Rating(
            suggestion.next_entry,
            provenance.by,
            self.unit,
            self._round(suggestion),
            on=self.happened_on(provenance),
            is_no_response=True,
        )
        return changed(suggestion, ratings=(*suggestion.ratings, silence))


@reads_the_act
def _names_each_lead_once(act: Rehandle, question: Question[Rehandle]) -> Iterator[Reason]:
    if not act.leads:
        yield Reason("no_lead", kind="value")
    yield from named_once(act.leads)


@reads_the_act
def _its_leads_have_replied(act: Rehandle, question: Question[Rehandle]) -> Iterator[Reason]:
    suggestion = question.suggestion
    replied = tuple(a.unit for a in suggestion.leads if suggestion.reply_of(a.unit, a.round))
    for unit in dict.fromkeys(act.leads):
        if unit not in replied:
            yield Reason("no_such_reply", {"unit": unit, "replied": replied}, "value")


@frozen
class Rehandle(Act):
    """Back to work (重新办理): only the units named owe a new reply, the other replies stand."""

    verb = "rehandle"
    kind = "rehandling_demanded"
    checks = (_names_each_lead_once, _its_leads_have_replied)
    leads: tuple[str, ...] = field(converter=parties)
    reason: str = field(validator=not_blank)

    def units(self, provenance: Provenance) -> tuple[str, ...]:
        return self.leads

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        begun = nouns.Rehandling(
            suggestion.next_entry, self.happened_on(provenance), self.leads, suggestion.round + 1, self.reason
        )
        after = changed(suggestion, round=begun.round, rehandlings=(*suggestion.rehandlings, begun))
        for unit in self.leads:
            after = after.with_assignment(unit, round=after.round)
        return after


def _commitments_are_kept(question: Question[Any]) -> Iterator[Reason]:
    if still_open := question.suggestion.open_commitments:
        yield Reason("commitments_open", {"commitments": tuple(c.number for c in still_open)})


@frozen
class Close(Act):
    """The office closes it (办结); not while a commitment is open."""

    verb = "close"
    kind = "closed"
    checks = (_commitments_are_kept,)
