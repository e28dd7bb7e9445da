"""Handling commands: what is being done about it? Plan, measures, contact, opinions (办理)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from attrs import field

from handleflow.acts._common_checks import AboutAUnit, lead_has_accepted, unit_has_a_part
from handleflow.choices import OneOf
from handleflow.errors import Reason
from handleflow.model import Act, Provenance, Question, Suggestion, nouns, reads_the_act
from handleflow.model.changing import changed
from handleflow.model.fields import names, not_blank, not_blank_or_none
from handleflow.values import frozen


@frozen
class Plan(Act):
    """A lead's plan for handling it (办理方案) and the measures decided."""

    verb = "plan"
    kind = "planned"
    checks = (lead_has_accepted,)
    text: str = field(validator=not_blank)
    measures: tuple[str, ...] = field(default=(), converter=names)

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        plan = nouns.HandlingPlan(suggestion.next_entry, provenance.by.party, self.text, self.measures)
        return changed(suggestion, plans=(*suggestion.plans, plan))


@frozen
class ReportMeasure(Act):
    """One measure and how far it has come; it need not stand in the plan."""

    verb = "report_measure"
    kind = "measure_reported"
    checks = (lead_has_accepted,)
    measure: str = field(validator=not_blank)
    is_done: bool = True
    text: str | None = field(default=None, validator=not_blank_or_none)

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        done = nouns.MeasureDone(suggestion.next_entry, provenance.by.party, self.measure, self.is_done, self.text)
        return changed(suggestion, measures=(*suggestion.measures, done))


@frozen
class RecordContact(Act):
    """The deputy was heard (沟通; 代表法 art. 51), before, during or after: by phone, visit or meeting."""

    verb = "record_contact"
    kind = "contact_recorded"
    checks = (unit_has_a_part,)
    stage: str = field(validator=OneOf(*nouns.STAGES))
    channel: str = field(default="phone", validator=not_blank)
    text: str | None = field(default=None, validator=not_blank_or_none)

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        contact = nouns.Contact(
            suggestion.next_entry,
            self.happened_on(provenance),
            provenance.by.party,
            self.stage,
            self.channel,
            suggestion.round,
            self.text,
        )
        return changed(suggestion, contacts=(*suggestion.contacts, contact))


def _unit_is_no_lead(question: Question[Any]) -> Iterator[Reason]:
    name = question.by.party
    assignment = question.suggestion.assignment_of(name)
    if assignment is not None and assignment.role != "co":
        yield Reason("not_a_co_unit", {"unit": name}, "who")


@frozen
class GiveOpinion(Act):
    """A co unit's opinion, to the lead (会办意见)."""

    verb = "give_opinion"
    kind = "opinion_given"
    checks = (unit_has_a_part, _unit_is_no_lead)
    text: str = field(validator=not_blank)

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        opinion = nouns.Opinion(suggestion.next_entry, provenance.by.party, self.text, self.happened_on(provenance))
        return changed(suggestion, opinions=(*suggestion.opinions, opinion))


@reads_the_act
def _its_opinion_stands(act: RejectOpinion, question: Question[RejectOpinion]) -> Iterator[Reason]:
    there = tuple(o.unit for o in question.suggestion.opinions if o.rejected is None)
    if act.unit not in there:
        yield Reason("no_such_opinion", {"named": act.unit, "there": there}, "value")


@frozen
class RejectOpinion(AboutAUnit):
    """The lead finds a co unit's opinion empty; it must be given again (重庆市工作条例 art. 20)."""

    verb = "reject_opinion"
    kind = "opinion_rejected"
    checks = (lead_has_accepted, _its_opinion_stands)
    reason: str = field(validator=not_blank)

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        judged = tuple(
            changed(o, rejected=self.reason) if o.unit == self.unit and o.rejected is None else o
            for o in suggestion.opinions
        )
        return changed(suggestion, opinions=judged)
