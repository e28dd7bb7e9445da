"""Was the promise kept? Commitments after the reply (承诺事项)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from attrs import field

from handleflow.acts._who import deputy_objections
from handleflow.errors import Objection
from handleflow.model import Act, Actor, Asked, Suggestion
from handleflow.model import parts as nouns
from handleflow.model.changing import changed
from handleflow.model.fields import maybe_spoken, spoken
from handleflow.values import frozen
from handleflow.words import refusals as say
from handleflow.words.choices import OneOf


@frozen
class _OfACommitment(Act):
    commitment: int

    def objections(self, suggestion: Suggestion, asked: Asked) -> Iterator[Objection]:
        found = suggestion.commitment(self.commitment)
        if found is None:
            yield say.no_such("commitment", "承诺", self.commitment, (c.number for c in suggestion.commitments))
        elif asked.by.role == "unit" and found.unit != asked.by.name:
            yield say.not_its_unit(asked.by.name, (found.unit,))

    def _changed(self, suggestion: Suggestion, **change: Any) -> Suggestion:
        commitments = tuple(
            changed(c, **change) if c.number == self.commitment else c for c in suggestion.commitments
        )
        return changed(suggestion, commitments=commitments)


@frozen
class _KeepingACommitment(_OfACommitment):
    text: str = field(validator=spoken)

    @classmethod
    def hindrances(cls, suggestion: Suggestion, by: Actor) -> Iterator[Objection]:
        if not any(c.unit == by.name for c in suggestion.open_commitments):
            yield say.nothing_open("no_commitment_open", f"commitment of {by.name}", f"{by.name}的承诺")

    def objections(self, suggestion: Suggestion, asked: Asked) -> Iterator[Objection]:
        yield from super().objections(suggestion, asked)
        found = suggestion.commitment(self.commitment)
        if found is not None and not found.is_open:
            yield say.already(
                "already_fulfilled",
                f"commitment {found.number} was fulfilled on {found.fulfilled_on}",
                f"承诺 {found.number} 已于 {found.fulfilled_on} 办结",
                commitment=found.number,
            )
        if found is not None and self.happened_on(asked) < found.on:
            yield say.day_too_early(self.happened_on(asked), found.on, "it was promised", "作出承诺")


@frozen
class ReportCommitment(_KeepingACommitment):
    """How far a commitment has come."""

    verb = "report_commitment"
    kind = "commitment_reported"

    def effect(self, suggestion: Suggestion, asked: Asked) -> Suggestion:
        found = suggestion.commitment(self.commitment)
        earlier = found.progress if found else ()
        step = nouns.Progress(suggestion.next_entry, self.happened_on(asked), self.text)
        return self._changed(suggestion, progress=(*earlier, step))


@frozen
class FulfilCommitment(_KeepingACommitment):
    """A commitment is kept; *text* says how (销号)."""

    verb = "fulfil_commitment"
    kind = "commitment_fulfilled"

    def effect(self, suggestion: Suggestion, asked: Asked) -> Suggestion:
        return self._changed(suggestion, fulfilled_on=self.happened_on(asked))


@frozen
class RateCommitment(_OfACommitment):
    """The deputy's verdict on how a commitment was kept (重庆市工作条例 art. 28)."""

    verb = "rate_commitment"
    kind = "commitment_rated"
    grade: str = field(validator=OneOf(*nouns.GRADES))
    reason: str | None = field(default=None, validator=maybe_spoken)

    @classmethod
    def hindrances(cls, suggestion: Suggestion, by: Actor) -> Iterator[Objection]:
        yield from deputy_objections(suggestion, by)

    def objections(self, suggestion: Suggestion, asked: Asked) -> Iterator[Objection]:
        yield from super().objections(suggestion, asked)
        if self.grade == "dissatisfied" and self.reason is None:
            yield say.reason_needed(self.grade)
        found = suggestion.commitment(self.commitment)
        if found is not None and found.is_open:
            yield say.commitments_open((found.number,))
        if found is not None and found.grade is not None:
            yield say.already("already_rated", f"commitment {found.number} is rated", f"承诺 {found.number} 已评价")

    def effect(self, suggestion: Suggestion, asked: Asked) -> Suggestion:
        return self._changed(suggestion, grade=self.grade, grade_reason=self.reason)
