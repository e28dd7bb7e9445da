"""Who is urged, and what did they answer? (督办)"""

from __future__ import annotations

from collections.abc import Iterator

import attrs
from attrs import field, frozen

from handleflow.errors import Objection
from handleflow.legal_time import Day
from handleflow.model import Act, Actor, Asked, Claim, Suggestion
from handleflow.model import parts as nouns
from handleflow.model.fields import day_or_none, spoken
from handleflow.words import refusals as say


@frozen
class Supervise(Act):
    """
    A person or the clock urges a unit, by a measure, and may ask for an answer by a day (督办).

    The clock's carries the *claim* of the rung that speaks, and *meant_on*, the day it should have.
    """

    verb = "supervise"
    kind = "supervised"
    unit: str = field(validator=spoken)
    measure: str = field(validator=spoken)
    text: str = field(validator=spoken)
    answer_by: Day | None = field(default=None, converter=day_or_none)
    claim: Claim | None = None
    meant_on: Day | None = field(default=None, converter=day_or_none)

    def objections(self, suggestion: Suggestion, asked: Asked) -> Iterator[Objection]:
        if suggestion.units and self.unit not in suggestion.units:
            yield say.not_its_unit(self.unit, suggestion.units)
        if self.claim is not None and asked.by.role != "clock":
            yield say.already(
                "rung_is_the_clocks", "a rung of a ladder is spoken by the clock", "督办梯次由系统按期发出"
            )
        if self.answer_by is not None and self.answer_by < asked.on:
            yield say.day_too_early(self.answer_by, asked.on, "it is asked for", "要求答复")

    def units(self, asked: Asked) -> tuple[str, ...]:
        return (self.unit,)

    def effect(self, suggestion: Suggestion, asked: Asked) -> Suggestion:
        supervision = nouns.Supervision(
            len(suggestion.supervisions) + 1,
            suggestion.next_entry,
            asked.by,
            self.unit,
            self.measure,
            self.happened_on(asked),
            self.text,
            self.answer_by,
            self.claim.rung if self.claim else None,
            self.meant_on,
        )
        claims = (*suggestion.claims, self.claim) if self.claim else suggestion.claims
        return attrs.evolve(suggestion, supervisions=(*suggestion.supervisions, supervision), claims=claims)


@frozen
class AnswerSupervision(Act):
    """The unit answers a supervision, named by its number."""

    verb = "answer_supervision"
    kind = "supervision_answered"
    supervision: int
    text: str = field(validator=spoken)

    @classmethod
    def hindrances(cls, suggestion: Suggestion, by: Actor) -> Iterator[Objection]:
        if not any(s.unit == by.name and s.answered_on is None for s in suggestion.supervisions):
            yield say.nothing_open("no_supervision_open", f"supervision of {by.name}", f"对{by.name}的督办")

    def objections(self, suggestion: Suggestion, asked: Asked) -> Iterator[Objection]:
        found = suggestion.supervision(self.supervision)
        if found is None:
            yield say.no_such("supervision", "督办", self.supervision, (s.number for s in suggestion.supervisions))
        elif found.unit != asked.by.name:
            yield say.not_its_unit(asked.by.name, (found.unit,))
        elif found.answered_on is not None:
            yield say.already(
                "already_answered",
                f"supervision {found.number} was answered on {found.answered_on}",
                f"督办 {found.number} 已于 {found.answered_on} 答复",
                supervision=found.number,
            )
        elif self.happened_on(asked) < found.on:
            yield say.day_too_early(self.happened_on(asked), found.on, "it was supervised", "督办")

    def effect(self, suggestion: Suggestion, asked: Asked) -> Suggestion:
        answered = tuple(
            attrs.evolve(s, answer=self.text, answered_on=self.happened_on(asked))
            if s.number == self.supervision
            else s
            for s in suggestion.supervisions
        )
        return attrs.evolve(suggestion, supervisions=answered)
