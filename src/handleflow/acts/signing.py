"""Receipt commands: has a unit received its part, and has it signed for it? (收到、签收)"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from attrs import field

from handleflow.acts._common_checks import (
    AboutAUnit,
    calendar_reaches,
    days_stay_in_order,
    has_come,
    is_its_unit,
    unit_has_a_part,
    unit_was_assigned_by_then,
)
from handleflow.errors import Reason
from handleflow.legal_time import Day, day
from handleflow.model import Act, Bearing, Provenance, Question, Suggestion, nouns, reads_the_act
from handleflow.model.fields import not_blank
from handleflow.values import frozen


def _unit_has_not_accepted(question: Question[Any]) -> Iterator[Reason]:
    assignment = question.suggestion.assignment_of(question.by.party)
    if assignment is not None and assignment.is_accepted:
        yield Reason("already_accepted", {"unit": question.by.party}, "race")


@frozen
class Accept(Act):
    """A unit signs for it (签收); once a lead has, it is being handled."""

    verb = "accept"
    kind = "accepted"
    checks = (unit_has_a_part, _unit_has_not_accepted, unit_was_assigned_by_then)

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        acceptance = nouns.Acceptance(suggestion.next_entry, self.happened_on(provenance))
        return suggestion.with_assignment(provenance.by.party, acceptance=acceptance)


@reads_the_act
def _receipt_is_not_recorded(act: RecordReceipt, question: Question[RecordReceipt]) -> Iterator[Reason]:
    assignment = question.suggestion.assignment_of(act.unit)
    if assignment is None:
        yield from is_its_unit(question, act.unit)
    elif assignment.receipt is not None:
        known = assignment.receipt
        yield Reason("receipt_is_recorded", {"unit": act.unit, "on": known.on, "entry": known.entry}, "race")


@reads_the_act
def _its_day_fits(act: RecordReceipt, question: Question[RecordReceipt]) -> Iterator[Reason]:
    yield from has_come(act.received_on, question)
    yield from calendar_reaches(act.received_on, question)
    yield from days_stay_in_order(question.suggestion, act.effect(question.suggestion, question.provenance))


@frozen
class RecordReceipt(AboutAUnit):
    """
    The office records that a unit received its part on a later day than it was assigned (收到), and on what ground.

    Assignment brings receipt about: what counts from a unit's receipt counts from the day of its assignment, until an
    office says so. The unit itself cannot, and that it signs for its part (``Accept``) is another fact. *received_on*
    is what the office finds out, however long ago: no limit to telling late holds for it.
    """

    verb = "record_receipt"
    kind = "unit_received"
    checks = (_receipt_is_not_recorded, _its_day_fits)
    received_on: Day = field(converter=day)
    reason: str = field(validator=not_blank)

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        receipt = nouns.Receipt(suggestion.next_entry, self.received_on, self.reason)
        return suggestion.with_assignment(self.unit, receipt=receipt)

    def bearing(self, suggestion: Suggestion, provenance: Provenance) -> Bearing:
        return Bearing(anchored_on=self.received_on)
