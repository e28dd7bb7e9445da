"""Is the deputy satisfied, and what follows if not? Ratings, no response, rehandling, closing (评价)."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import field

from handleflow.acts._who import deputy_objections, twice
from handleflow.errors import Objection
from handleflow.legal_time import Day
from handleflow.model import Act, Actor, Asked, Suggestion
from handleflow.model import parts as nouns
from handleflow.model.changing import changed
from handleflow.model.fields import days, maybe_spoken, names, spoken
from handleflow.values import frozen
from handleflow.words import refusals as say
from handleflow.words.choices import OneOf


@frozen
class _OfAReply(Act):
    """An act about one reply, named by its unit; None names the reply of a unit nobody knows."""

    unit: str | None = field(validator=maybe_spoken)

    def objections(self, suggestion: Suggestion, asked: Asked) -> Iterator[Objection]:
        if suggestion.reply_of(self.unit) is None:
            yield say.no_reply(self.unit, (r.unit for r in suggestion.current_replies))

    def units(self, asked: Asked) -> tuple[str, ...]:
        return (self.unit,) if self.unit else ()

    def _round(self, suggestion: Suggestion) -> int:
        reply = suggestion.reply_of(self.unit)
        return reply.round if reply else suggestion.round


@frozen
class Evaluate(_OfAReply):
    """
    A deputy's verdict on one reply: the *result* and, where asked for, the *attitude* (上海 art. 21).

    Each is ``satisfied``, ``basically_satisfied`` or ``dissatisfied``; dissatisfied says why. Who
    entered it and by which *channel* is kept. Entered by anyone but a deputy (only where the
    lifecycle's arrow names that role), it names the *rater* and is marked as a proxy's.
    """

    verb = "evaluate"
    kind = "evaluated"
    result: str = field(validator=OneOf(*nouns.GRADES))
    attitude: str | None = field(default=None, validator=OneOf(*nouns.GRADES, or_none=True))
    reason: str | None = field(default=None, validator=maybe_spoken)
    channel: str = field(default="platform", validator=spoken)
    rater: str | None = field(default=None, validator=maybe_spoken)

    @classmethod
    def hindrances(cls, suggestion: Suggestion, by: Actor) -> Iterator[Objection]:
        yield from deputy_objections(suggestion, by)

    def objections(self, suggestion: Suggestion, asked: Asked) -> Iterator[Objection]:
        yield from super().objections(suggestion, asked)
        if "dissatisfied" in {self.result, self.attitude} and self.reason is None:
            yield say.reason_needed("dissatisfied")
        if asked.by.role != "deputy" and self.rater is None:
            yield say.rater_needed(asked.by.role)
        if asked.by.role == "deputy" and self.rater not in {None, asked.by.name}:
            yield say.rated_for_another(asked.by.name, str(self.rater))
        if asked.by.role != "deputy" and self.rater is not None:
            yield from deputy_objections(suggestion, Actor("deputy", self.rater))
        rater, reply = self._rater(asked), suggestion.reply_of(self.unit)
        if reply is not None and reply.on is not None and self.happened_on(asked) < reply.on:
            yield say.day_too_early(self.happened_on(asked), reply.on, "the reply was given", "作出答复")
        earlier = suggestion.ratings_of(reply) if reply is not None else ()
        if rater is not None and any(r.rater == rater and not r.is_no_response for r in earlier):
            yield say.already("already_rated", f"{rater} has rated this reply", f"{rater}已评价该答复", deputy=rater)

    def _rater(self, asked: Asked) -> str | None:
        return asked.by.name if asked.by.role == "deputy" else self.rater

    def effect(self, suggestion: Suggestion, asked: Asked) -> Suggestion:
        rating = nouns.Rating(
            suggestion.next_entry,
            asked.by,
            self.unit,
            self._round(suggestion),
            self._rater(asked),
            self.attitude,
            self.result,
            self.happened_on(asked),
            self.reason,
            self.channel,
            is_proxy=asked.by.role != "deputy",
        )
        return changed(suggestion, ratings=(*suggestion.ratings, rating))


@frozen
class RecordNoResponse(_OfAReply):
    """
    No rating came after reminders; never counted as satisfied (重庆市工作条例 arts 27, 29).

    *reminded_on* are the days the deputy was reminded, at least one.
    """

    verb = "record_no_response"
    kind = "no_response_recorded"
    reminded_on: tuple[Day, ...] = field(converter=days)

    def objections(self, suggestion: Suggestion, asked: Asked) -> Iterator[Objection]:
        yield from super().objections(suggestion, asked)
        if not self.reminded_on:
            yield say.no_reminder()
        for reminded in self.reminded_on:
            if reminded > asked.on:
                yield say.day_in_future(reminded, asked.on)
        reply = suggestion.reply_of(self.unit)
        if reply and suggestion.ratings_of(reply):
            yield say.already("already_rated", "this reply has a rating already", "该答复已有评价")

    def effect(self, suggestion: Suggestion, asked: Asked) -> Suggestion:
        silence = nouns.Rating(
            suggestion.next_entry,
            asked.by,
            self.unit,
            self._round(suggestion),
            on=self.happened_on(asked),
            is_no_response=True,
        )
        return changed(suggestion, ratings=(*suggestion.ratings, silence))


@frozen
class Rehandle(Act):
    """Back to work (重新办理): only the units named owe a new reply, the other replies stand."""

    verb = "rehandle"
    kind = "rehandling_demanded"
    leads: tuple[str, ...] = field(converter=names)
    reason: str = field(validator=spoken)

    def objections(self, suggestion: Suggestion, asked: Asked) -> Iterator[Objection]:
        if not self.leads:
            yield say.no_lead()
        if doubled := twice(self.leads):
            yield say.unit_named_twice(doubled)
        replied = [a.unit for a in suggestion.leads if suggestion.reply_of(a.unit, a.round)]
        for unit in dict.fromkeys(self.leads):
            if unit not in replied:
                yield say.no_reply(unit, replied)

    def units(self, asked: Asked) -> tuple[str, ...]:
        return self.leads

    def effect(self, suggestion: Suggestion, asked: Asked) -> Suggestion:
        begun = nouns.Rehandling(
            suggestion.next_entry, self.happened_on(asked), self.leads, suggestion.round + 1, self.reason
        )
        after = changed(suggestion, round=begun.round, rehandlings=(*suggestion.rehandlings, begun))
        for unit in self.leads:
            after = after.with_assignment(unit, round=after.round)
        return after


@frozen
class Close(Act):
    """The office closes it (办结); not while a commitment is open."""

    verb = "close"
    kind = "closed"

    @classmethod
    def hindrances(cls, suggestion: Suggestion, by: Actor) -> Iterator[Objection]:
        if suggestion.open_commitments:
            yield say.commitments_open(c.number for c in suggestion.open_commitments)
