"""Follow-up commands: was the promise kept? Commitments after the reply (承诺事项)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from attrs import field

from handleflow.acts._common_checks import deputy_made_it, no_earlier
from handleflow.choices import OneOf
from handleflow.errors import Reason
from handleflow.model import Act, Bearing, Check, Provenance, Question, Suggestion, nouns, reads_the_act
from handleflow.model.changing import changed
from handleflow.model.commitments import Progress
from handleflow.model.fields import not_blank, not_blank_or_none
from handleflow.values import frozen


@reads_the_act
def _is_its_own_commitment(act: _OfACommitment, question: Question[_OfACommitment]) -> Iterator[Reason]:
    by, found = question.by, question.suggestion.commitment(act.commitment)
    if found is None:
        there = tuple(c.number for c in question.suggestion.commitments)
        yield Reason("no_such_commitment", {"named": act.commitment, "there": there}, "value")
    elif by.role == "unit" and found.unit != by.party:
        yield Reason("not_its_unit", {"unit": by.party, "units": (found.unit,)}, "who")


@frozen
class _OfACommitment(Act):
    checks: ClassVar[tuple[Check, ...]] = (_is_its_own_commitment,)
    commitment: int

    def _changed(self, suggestion: Suggestion, **change: Any) -> Suggestion:
        commitments = tuple(
            changed(c, **change) if c.number == self.commitment else c for c in suggestion.commitments
        )
        return changed(suggestion, commitments=commitments)


def _unit_has_an_open_commitment(question: Question[Any]) -> Iterator[Reason]:
    name = question.by.party
    if not any(c.unit == name for c in question.suggestion.open_commitments):
        yield Reason("no_commitment_open", {"unit": name})


@reads_the_act
def _is_not_fulfilled(act: _OfACommitment, question: Question[_OfACommitment]) -> Iterator[Reason]:
    found = question.suggestion.commitment(act.commitment)
    if found is not None and not found.is_open:
        yield Reason("already_fulfilled", {"commitment": found.number, "on": found.fulfilled_on}, "race")


@reads_the_act
def _was_promised_by_then(act: _OfACommitment, question: Question[_OfACommitment]) -> Iterator[Reason]:
    found = question.suggestion.commitment(act.commitment)
    return no_earlier(act.happened_on(question.provenance), found.on if found else None, "promised")


@frozen
class _KeepingACommitment(_OfACommitment):
    checks: ClassVar[tuple[Check, ...]] = (
        _unit_has_an_open_commitment,
        *_OfACommitment.checks,
        _is_not_fulfilled,
        _was_promised_by_then,
    )
    text: str = field(validator=not_blank)


@frozen
class ReportCommitment(_KeepingACommitment):
    """How far a commitment has come."""

    verb = "report_commitment"
    kind = "commitment_reported"

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        found = suggestion.commitment(self.commitment)
        earlier = found.progress if found else ()
        step = Progress(suggestion.next_entry, self.happened_on(provenance), self.text)
        return self._changed(suggestion, progress=(*earlier, step))


@frozen
class FulfilCommitment(_KeepingACommitment):
    """A commitment is kept; *text* says how (销号)."""

    verb = "fulfil_commitment"
    kind = "commitment_fulfilled"

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        return self._changed(suggestion, fulfilled_on=self.happened_on(provenance))

    def bearing(self, suggestion: Suggestion, provenance: Provenance) -> Bearing:
        return Bearing(ref=self.commitment)


@reads_the_act
def _says_why_when_dissatisfied(act: RateCommitment, question: Question[RateCommitment]) -> Iterator[Reason]:
    if act.grade == "dissatisfied" and act.reason is None:
        yield Reason("reason_when_dissatisfied", {"grade": act.grade}, "value")


@reads_the_act
def _is_fulfilled(act: RateCommitment, question: Question[RateCommitment]) -> Iterator[Reason]:
    found = question.suggestion.commitment(act.commitment)
    if found is not None and found.is_open:
        yield Reason("commitments_open", {"commitments": (found.number,)})


@reads_the_act
def _is_not_rated(act: RateCommitment, question: Question[RateCommitment]) -> Iterator[Reason]:
    found = question.suggestion.commitment(act.commitment)
    if found is not None and found.grade is not None:
        yield Reason("already_rated", {"what": "commitment", "deputy": None, "commitment": found.number}, "race")


@frozen
class RateCommitment(_OfACommitment):
    """The deputy's verdict on how a commitment was kept (重庆市工作条例 art. 28)."""

    verb = "rate_commitment"
    kind = "commitment_rated"
    checks = (
        deputy_made_it,
        *_OfACommitment.checks,
        _says_why_when_dissatisfied,
        _is_fulfilled,
        _is_not_rated,
    )
    grade: str = field(validator=OneOf(*nouns.GRADES))
    reason: str | None = field(default=None, validator=not_blank_or_none)

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        return self._changed(suggestion, grade=self.grade, grade_reason=self.reason)
