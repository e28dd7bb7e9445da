"""What is being done about it? Plan, measures, contact, opinions, longer time, pauses (办理)."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import field

from handleflow.acts._who import lead_objections, unit_objections
from handleflow.errors import Objection
from handleflow.legal_time import Day, day
from handleflow.model import Act, Actor, Asked, Suggestion
from handleflow.model import parts as nouns
from handleflow.model.changing import changed
from handleflow.model.fields import day_or_none, maybe_spoken, names, spoken
from handleflow.model.suggestion import answered
from handleflow.values import frozen
from handleflow.words import refusals as say
from handleflow.words.choices import OneOf


@frozen
class Plan(Act):
    """A lead's plan for handling it (办理方案) and the measures decided."""

    verb = "plan"
    kind = "planned"
    text: str = field(validator=spoken)
    measures: tuple[str, ...] = field(default=(), converter=names)

    @classmethod
    def hindrances(cls, suggestion: Suggestion, by: Actor) -> Iterator[Objection]:
        yield from lead_objections(suggestion, by)

    def effect(self, suggestion: Suggestion, asked: Asked) -> Suggestion:
        plan = nouns.HandlingPlan(suggestion.next_entry, asked.by.name, self.text, self.measures)
        return changed(suggestion, plans=(*suggestion.plans, plan))


@frozen
class ReportMeasure(Act):
    """One measure and how far it has come; it need not stand in the plan."""

    verb = "report_measure"
    kind = "measure_reported"
    measure: str = field(validator=spoken)
    is_done: bool = True
    text: str | None = field(default=None, validator=maybe_spoken)

    @classmethod
    def hindrances(cls, suggestion: Suggestion, by: Actor) -> Iterator[Objection]:
        yield from lead_objections(suggestion, by)

    def effect(self, suggestion: Suggestion, asked: Asked) -> Suggestion:
        done = nouns.MeasureDone(suggestion.next_entry, asked.by.name, self.measure, self.is_done, self.text)
        return changed(suggestion, measures=(*suggestion.measures, done))


@frozen
class RecordContact(Act):
    """The deputy was heard (沟通; 代表法 art. 51), before, during or after: by phone, visit or meeting."""

    verb = "record_contact"
    kind = "contact_recorded"
    stage: str = field(validator=OneOf(*nouns.STAGES))
    means: str = field(default="phone", validator=spoken)
    text: str | None = field(default=None, validator=maybe_spoken)

    @classmethod
    def hindrances(cls, suggestion: Suggestion, by: Actor) -> Iterator[Objection]:
        yield from unit_objections(suggestion, by)

    def effect(self, suggestion: Suggestion, asked: Asked) -> Suggestion:
        contact = nouns.Contact(
            suggestion.next_entry,
            self.happened_on(asked),
            asked.by.name,
            self.stage,
            self.means,
            suggestion.round,
            self.text,
        )
        return changed(suggestion, contacts=(*suggestion.contacts, contact))


@frozen
class GiveOpinion(Act):
    """A co unit's opinion, to the lead (会办意见)."""

    verb = "give_opinion"
    kind = "opinion_given"
    text: str = field(validator=spoken)

    @classmethod
    def hindrances(cls, suggestion: Suggestion, by: Actor) -> Iterator[Objection]:
        yield from unit_objections(suggestion, by)
        assignment = suggestion.assignment_of(by.name)
        if assignment is not None and assignment.role != "co":
            yield say.already("not_a_co_unit", f"{by.name} is a lead; it replies", f"{by.name}是主办单位，应作答复")

    def effect(self, suggestion: Suggestion, asked: Asked) -> Suggestion:
        opinion = nouns.Opinion(suggestion.next_entry, asked.by.name, self.text, self.happened_on(asked))
        return changed(suggestion, opinions=(*suggestion.opinions, opinion))


@frozen
class RejectOpinion(Act):
    """The lead finds a co unit's opinion empty; it must be given again (重庆市工作条例 art. 20)."""

    verb = "reject_opinion"
    kind = "opinion_rejected"
    unit: str = field(validator=spoken)
    reason: str = field(validator=spoken)

    @classmethod
    def hindrances(cls, suggestion: Suggestion, by: Actor) -> Iterator[Objection]:
        yield from lead_objections(suggestion, by)

    def objections(self, suggestion: Suggestion, asked: Asked) -> Iterator[Objection]:
        standing = [o.unit for o in suggestion.opinions if o.rejected is None]
        if self.unit not in standing:
            yield say.no_such("opinion", "会办意见", self.unit, standing)

    def units(self, asked: Asked) -> tuple[str, ...]:
        return (self.unit,)

    def effect(self, suggestion: Suggestion, asked: Asked) -> Suggestion:
        judged = tuple(
            changed(o, rejected=self.reason) if o.unit == self.unit and o.rejected is None else o
            for o in suggestion.opinions
        )
        return changed(suggestion, opinions=judged)


def _open_request(suggestion: Suggestion, unit: str) -> nouns.ExtensionRequest | None:
    waiting = (r for r in suggestion.extension_requests if r.unit == unit and r.decision is None)
    return next(waiting, None)


@frozen
class RequestExtension(Act):
    """A lead asks for time until a day, before its term ends."""

    verb = "request_extension"
    kind = "extension_requested"
    until: Day = field(converter=day)
    reason: str = field(validator=spoken)

    @classmethod
    def hindrances(cls, suggestion: Suggestion, by: Actor) -> Iterator[Objection]:
        yield from lead_objections(suggestion, by)
        if _open_request(suggestion, by.name):
            yield say.already_open("extension_waiting", "request for longer time", "延期申请")

    def effect(self, suggestion: Suggestion, asked: Asked) -> Suggestion:
        request = nouns.ExtensionRequest(suggestion.next_entry, asked.by.name, self.until, self.reason)
        return changed(suggestion, extension_requests=(*suggestion.extension_requests, request))


@frozen
class _DecidingExtension(Act):
    unit: str = field(validator=spoken)

    def units(self, asked: Asked) -> tuple[str, ...]:
        return (self.unit,)

    @classmethod
    def hindrances(cls, suggestion: Suggestion, by: Actor) -> Iterator[Objection]:
        if all(r.decision is not None for r in suggestion.extension_requests):
            yield say.nothing_open("no_extension_waiting", "request for longer time", "延期申请")

    def objections(self, suggestion: Suggestion, asked: Asked) -> Iterator[Objection]:
        waiting = [r.unit for r in suggestion.extension_requests if r.decision is None]
        if waiting and self.unit not in waiting:
            yield say.no_such("extension request", "延期申请单位", self.unit, waiting)

    def _decided(self, suggestion: Suggestion, decision: str) -> Suggestion:
        requests = answered(suggestion.extension_requests, self.unit, "decision", decision)
        return changed(suggestion, extension_requests=requests)


@frozen
class GrantExtension(_DecidingExtension):
    """The office grants longer time, as asked for or until an earlier day."""

    verb = "grant_extension"
    kind = "extension_granted"
    until: Day | None = field(default=None, converter=day_or_none)

    def objections(self, suggestion: Suggestion, asked: Asked) -> Iterator[Objection]:
        yield from super().objections(suggestion, asked)
        request = _open_request(suggestion, self.unit)
        if request and self.until and self.until > request.until:
            yield say.already(
                "longer_than_asked",
                f"{self.until} is later than {request.until}, which was asked for",
                f"{self.until} 晚于申请的 {request.until}",
                until=self.until,
                asked=request.until,
            )

    def granted_until(self, suggestion: Suggestion) -> Day | None:
        """The day granted: its own, else the one asked for."""
        request = _open_request(suggestion, self.unit)
        return self.until or (request.until if request else None)

    def effect(self, suggestion: Suggestion, asked: Asked) -> Suggestion:
        return self._decided(suggestion, "granted")


@frozen
class RefuseExtension(_DecidingExtension):
    """The office leaves the term as it is, and says why."""

    verb = "refuse_extension"
    kind = "extension_refused"
    reason: str = field(validator=spoken)

    def effect(self, suggestion: Suggestion, asked: Asked) -> Suggestion:
        return self._decided(suggestion, "refused")


@frozen
class DeclareExtension(Act):
    """A lead takes longer by its own declaration, explained to the deputy (河南省办理办法 art. 20)."""

    verb = "declare_extension"
    kind = "extension_declared"
    until: Day = field(converter=day)
    explanation: str = field(validator=spoken)

    @classmethod
    def hindrances(cls, suggestion: Suggestion, by: Actor) -> Iterator[Objection]:
        yield from lead_objections(suggestion, by)


@frozen
class Suspend(Act):
    """The clock stops, in lifecycles whose law knows it; none of the Chinese ones does."""

    verb = "suspend"
    kind = "suspended"
    reason: str = field(validator=spoken)

    @classmethod
    def hindrances(cls, suggestion: Suggestion, by: Actor) -> Iterator[Objection]:
        if suggestion.is_suspended:
            yield say.already("already_suspended", "it is suspended already", "已处于中止状态")

    def objections(self, suggestion: Suggestion, asked: Asked) -> Iterator[Objection]:
        ends = [pause.end for term in suggestion.terms for pause in term.pauses if pause.end is not None]
        if ends and self.happened_on(asked) < max(ends):
            yield say.day_too_early(self.happened_on(asked), max(ends), "the clock went on", "恢复")

    def effect(self, suggestion: Suggestion, asked: Asked) -> Suggestion:
        return changed(suggestion, suspended_on=self.happened_on(asked))


@frozen
class Resume(Act):
    """The clock goes on."""

    verb = "resume"
    kind = "resumed"
    reason: str = field(validator=spoken)

    @classmethod
    def hindrances(cls, suggestion: Suggestion, by: Actor) -> Iterator[Objection]:
        if not suggestion.is_suspended:
            yield say.already("not_suspended", "it is not suspended", "并未中止")

    def objections(self, suggestion: Suggestion, asked: Asked) -> Iterator[Objection]:
        began, happened = suggestion.suspended_on, self.happened_on(asked)
        if began is not None and happened < began:
            yield say.day_too_early(happened, began, "it was suspended", "中止")

    def effect(self, suggestion: Suggestion, asked: Asked) -> Suggestion:
        return changed(suggestion, suspended_on=None)
