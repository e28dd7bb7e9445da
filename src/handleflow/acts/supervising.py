"""Who is urged, what did they answer, and how does their work stand? (督办)"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from attrs import field

from handleflow.errors import Objection
from handleflow.legal_time import Day, day
from handleflow.model import Act, Actor, Asked, Claim, Suggestion
from handleflow.model.changing import changed
from handleflow.model.fields import day_or_none, maybe_spoken, names, spoken
from handleflow.model.supervision import ProgressMark, Supervision
from handleflow.values import frozen
from handleflow.words import refusals as say


def _begun(suggestion: Suggestion, supervision: Supervision) -> Suggestion:
    return changed(suggestion, supervisions=(*suggestion.supervisions, supervision))


def _changed(suggestion: Suggestion, number: int, **change: Any) -> Suggestion:
    supervisions = tuple(
        changed(each, **change) if each.number == number else each for each in suggestion.supervisions
    )
    return changed(suggestion, supervisions=supervisions)


@frozen
class Supervise(Act):
    """
    A person or the clock urges a unit, by a measure, and may ask for an answer by a day (督办).

    The clock's carries the *claim* of the rung that speaks, and *meant_on*, the day it should have.
    *issuer* is the role in whose name it goes out, *to* whom it is addressed beside the unit,
    *attachments* are references to documents kept elsewhere. *insisting* is the reason why a person urges
    though somebody has lately.
    """

    verb = "supervise"
    kind = "supervised"
    unit: str = field(validator=spoken)
    measure: str = field(validator=spoken)
    text: str = field(validator=spoken)
    answer_by: Day | None = field(default=None, converter=day_or_none)
    claim: Claim | None = None
    meant_on: Day | None = field(default=None, converter=day_or_none)
    issuer: str | None = field(default=None, validator=maybe_spoken)
    to: str | None = field(default=None, validator=maybe_spoken)
    attachments: tuple[str, ...] = field(default=(), converter=names)
    insisting: str | None = field(default=None, validator=maybe_spoken)

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
        supervision = Supervision(
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
            issuer=self.issuer,
            to=self.to,
            attachments=self.attachments,
            insisting=self.insisting,
        )
        claims = (*suggestion.claims, self.claim) if self.claim else suggestion.claims
        return _begun(changed(suggestion, claims=claims), supervision)


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
        return _changed(suggestion, self.supervision, answer=self.text, answered_on=self.happened_on(asked))


@frozen
class RejectAnswer(Act):
    """
    The answer to a supervision is not enough; a better one is wanted by a new day, once.

    It urges the same unit by the same measure anew, as a supervision that follows the first.
    """

    verb = "reject_answer"
    kind = "answer_rejected"
    supervision: int
    reason: str = field(validator=spoken)
    answer_by: Day = field(converter=day)

    @classmethod
    def hindrances(cls, suggestion: Suggestion, by: Actor) -> Iterator[Objection]:
        if not any(
            s.answered_on is not None and s.rejected is None and s.follows is None for s in suggestion.supervisions
        ):
            yield say.nothing_open("no_answer_to_judge", "answer to a supervision", "督办答复")

    def objections(self, suggestion: Suggestion, asked: Asked) -> Iterator[Objection]:
        found = suggestion.supervision(self.supervision)
        if found is None or found.answered_on is None:
            answered = (s.number for s in suggestion.supervisions if s.answered_on is not None)
            yield say.no_such("answered supervision", "已答复的督办", self.supervision, answered)
        elif found.rejected is not None or found.follows is not None:
            yield say.rejected_once(found.number)
        elif found.unit not in suggestion.units:
            yield say.not_its_unit(found.unit, suggestion.units)
        if self.answer_by < asked.on:
            yield say.day_too_early(self.answer_by, asked.on, "it is asked for", "要求答复")

    def effect(self, suggestion: Suggestion, asked: Asked) -> Suggestion:
        first = suggestion.supervisions[self.supervision - 1]
        again = Supervision(
            len(suggestion.supervisions) + 1,
            suggestion.next_entry,
            asked.by,
            first.unit,
            first.measure,
            self.happened_on(asked),
            self.reason,
            self.answer_by,
            follows=first.number,
        )
        return _begun(_changed(suggestion, first.number, rejected=self.reason), again)


@frozen
class MarkProgress(Act):
    """An office or a leader says by a colour how a unit's work stands (亮灯); the newest colour holds."""

    verb = "mark_progress"
    kind = "progress_marked"
    unit: str = field(validator=spoken)
    colour: str = field(validator=spoken)
    reason: str | None = field(default=None, validator=maybe_spoken)

    def objections(self, suggestion: Suggestion, asked: Asked) -> Iterator[Objection]:
        if self.unit not in suggestion.units:
            yield say.not_its_unit(self.unit, suggestion.units)

    def units(self, asked: Asked) -> tuple[str, ...]:
        return (self.unit,)

    def effect(self, suggestion: Suggestion, asked: Asked) -> Suggestion:
        mark = ProgressMark(
            suggestion.next_entry, asked.by, self.unit, self.colour, self.happened_on(asked), self.reason
        )
        return changed(suggestion, progress_marks=(*suggestion.progress_marks, mark))
