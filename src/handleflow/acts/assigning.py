"""Who handles it? Assignment, distribution, acceptance, return, reassignment (交办)."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import field

from handleflow.acts._who import deputy_objections, twice, unit_objections
from handleflow.errors import Objection
from handleflow.legal_time import Day
from handleflow.model import Act, Actor, Asked, Suggestion
from handleflow.model import parts as nouns
from handleflow.model.changing import changed
from handleflow.model.fields import day_or_none, maybe_spoken, names, spoken
from handleflow.model.suggestion import answered
from handleflow.values import frozen
from handleflow.words import refusals as say


def _decided(suggestion: Suggestion, unit: str, decision: str) -> Suggestion:
    requests = answered(suggestion.return_requests, unit, "decision", decision)
    return changed(suggestion, return_requests=requests)


@frozen
class Naming(Act):
    """What ``Assign``, ``Distribute`` and ``Reassign`` share: they name units. Not an act by itself."""

    leads: tuple[str, ...] = field(converter=names)
    co_units: tuple[str, ...] = field(default=(), converter=names)
    parts: tuple[nouns.Part, ...] = ()

    def units(self, asked: Asked) -> tuple[str, ...]:
        return (*self.leads, *self.co_units)

    def objections(self, suggestion: Suggestion, asked: Asked) -> Iterator[Objection]:
        named = (*self.leads, *self.co_units)
        if doubled := twice(named) or twice(tuple(part.unit for part in self.parts)):
            yield say.unit_named_twice(doubled)
        staying = {a.unit for a in self._staying(suggestion)}
        if again := tuple(unit for unit in dict.fromkeys(named) if unit in staying):
            yield say.already_has_a_part(again)
        if strangers := tuple(part.unit for part in self.parts if part.unit not in named):
            yield say.part_of_nobody(strangers)
        if not self.leads and not any(a.role == "lead" for a in self._staying(suggestion)):
            yield say.no_lead()

    def _staying(self, suggestion: Suggestion) -> tuple[nouns.Assignment, ...]:
        return suggestion.active()

    def _named(self, suggestion: Suggestion, assigned_on: Day | None) -> tuple[nouns.Assignment, ...]:
        """The picture's assignments and the new ones; a unit named before starts a new generation."""
        described = {part.unit: part for part in self.parts}
        fresh = []
        for role, units in (("lead", self.leads), ("co", self.co_units)):
            for unit in units:
                part = described.get(unit, nouns.Part(unit))
                fresh.append(
                    nouns.Assignment(
                        suggestion.next_entry,
                        unit,
                        role,
                        suggestion.round,
                        1 + sum(a.unit == unit for a in suggestion.assignments),
                        assigned_on,
                        part=part.text,
                        section=part.section,
                        person=part.person,
                        leader=part.leader,
                    )
                )
        return (*suggestion.assignments, *fresh)


@frozen
class Assign(Naming):
    """
    The office names who handles it (交办); the reply's term runs from this day (代表法 art. 51).

    Several leads mean separate handling (分别办理): each owes its own reply. *notice_on* is one fixed
    day set by a notice; *is_long_track* says the matter is broad and hard (涉及面广、处理难度大).
    """

    verb = "assign"
    kind = "assigned"
    notice_on: Day | None = field(default=None, converter=day_or_none)
    is_long_track: bool = False

    def objections(self, suggestion: Suggestion, asked: Asked) -> Iterator[Objection]:
        yield from super().objections(suggestion, asked)
        if self.notice_on is not None and self.notice_on < self.happened_on(asked):
            yield say.day_too_early(self.notice_on, self.happened_on(asked), "it is assigned", "交办")

    def effect(self, suggestion: Suggestion, asked: Asked) -> Suggestion:
        return changed(
            suggestion,
            assignments=self._named(suggestion, self.happened_on(asked)),
            notice_on=self.notice_on,
            is_long_track=self.is_long_track,
        )


@frozen
class _Replacing(Naming):
    """Naming that may take one unit's part away and give it to others."""

    instead_of: str | None = field(default=None, validator=maybe_spoken)

    def objections(self, suggestion: Suggestion, asked: Asked) -> Iterator[Objection]:
        yield from super().objections(suggestion, asked)
        if not (self.leads or self.co_units):
            yield say.already("nobody_named", "it names no unit", "未指定单位")
        if self.instead_of is None:
            return
        if suggestion.assignment_of(self.instead_of) is None:
            yield say.not_its_unit(self.instead_of, suggestion.units)
        elif reply := suggestion.reply_of(self.instead_of):
            yield say.already_replied(self.instead_of, reply.round)

    def _staying(self, suggestion: Suggestion) -> tuple[nouns.Assignment, ...]:
        return tuple(a for a in suggestion.active() if a.unit != self.instead_of)

    def _without(self, suggestion: Suggestion, ended: str) -> Suggestion:
        if self.instead_of is None:
            return suggestion
        return _decided(suggestion, self.instead_of, "granted").relieved(self.instead_of, ended)


@frozen
class Distribute(_Replacing):
    """
    The government office passes it on to departments (分办).

    In place of a unit, the departments inherit the day it was assigned: passing on inside the
    government does not lengthen the term, which runs from the assignment (代表法 art. 51).
    """

    verb = "distribute"
    kind = "distributed"

    def effect(self, suggestion: Suggestion, asked: Asked) -> Suggestion:
        replaced = suggestion.assignment_of(self.instead_of) if self.instead_of else None
        assigned_on = replaced.assigned_on if replaced else self.happened_on(asked)
        left = self._without(suggestion, "distributed")
        return changed(left, assignments=self._named(left, assigned_on))


@frozen
class Reassign(_Replacing):
    """Another unit handles it (改办), beside the others or *instead_of* one; its clock starts fresh."""

    verb = "reassign"
    kind = "reassigned"
    reason: str = field(kw_only=True, validator=spoken)

    def effect(self, suggestion: Suggestion, asked: Asked) -> Suggestion:
        left = self._without(suggestion, "replaced")
        return changed(left, assignments=self._named(left, self.happened_on(asked)))


@frozen
class ObjectToAssignment(Act):
    """The deputy thinks another unit should handle it."""

    verb = "object_to_assignment"
    kind = "assignment_objected"
    reason: str = field(validator=spoken)

    @classmethod
    def hindrances(cls, suggestion: Suggestion, by: Actor) -> Iterator[Objection]:
        yield from deputy_objections(suggestion, by)
        if any(o.answer is None and o.deputy == by.name for o in suggestion.assignment_objections):
            yield say.already_open("objection_waiting", "objection to the assignment", "交办异议")

    def effect(self, suggestion: Suggestion, asked: Asked) -> Suggestion:
        objection = nouns.AssignmentObjection(suggestion.next_entry, asked.by.name, self.reason)
        return changed(suggestion, assignment_objections=(*suggestion.assignment_objections, objection))


@frozen
class AnswerAssignmentObjection(Act):
    """The office answers the deputy's objections to who handles it."""

    verb = "answer_assignment_objection"
    kind = "assignment_objection_answered"
    answer: str = field(validator=spoken)

    @classmethod
    def hindrances(cls, suggestion: Suggestion, by: Actor) -> Iterator[Objection]:
        if all(o.answer is not None for o in suggestion.assignment_objections):
            yield say.nothing_open("no_objection_waiting", "objection to the assignment", "交办异议")

    def effect(self, suggestion: Suggestion, asked: Asked) -> Suggestion:
        answered = tuple(
            o if o.answer is not None else changed(o, answer=self.answer) for o in suggestion.assignment_objections
        )
        return changed(suggestion, assignment_objections=answered)


@frozen
class Accept(Act):
    """A unit signs for it (签收); once a lead has, it is being handled."""

    verb = "accept"
    kind = "accepted"

    @classmethod
    def hindrances(cls, suggestion: Suggestion, by: Actor) -> Iterator[Objection]:
        yield from unit_objections(suggestion, by)
        assignment = suggestion.assignment_of(by.name)
        if assignment is not None and assignment.is_accepted:
            yield say.already_accepted(by.name)

    def objections(self, suggestion: Suggestion, asked: Asked) -> Iterator[Objection]:
        assignment = suggestion.assignment_of(asked.by.name)
        began = assignment.assigned_on if assignment else None
        if began is not None and self.happened_on(asked) < began:
            yield say.before_it_began(self.happened_on(asked), began)

    def effect(self, suggestion: Suggestion, asked: Asked) -> Suggestion:
        acceptance = nouns.Acceptance(suggestion.next_entry, self.happened_on(asked))
        return suggestion.with_assignment(asked.by.name, acceptance=acceptance)


def _open_return(suggestion: Suggestion, unit: str) -> bool:
    return any(r.unit == unit and r.decision is None for r in suggestion.return_requests)


@frozen
class RequestReturn(Act):
    """A unit says it is not the one to handle this (申退); only the office decides."""

    verb = "request_return"
    kind = "return_requested"
    reason: str = field(validator=spoken)

    @classmethod
    def hindrances(cls, suggestion: Suggestion, by: Actor) -> Iterator[Objection]:
        yield from unit_objections(suggestion, by)
        if _open_return(suggestion, by.name):
            yield say.already_open("return_waiting", "request to return it", "申退")
        if reply := suggestion.reply_of(by.name):
            yield say.already_replied(by.name, reply.round)

    def effect(self, suggestion: Suggestion, asked: Asked) -> Suggestion:
        request = nouns.ReturnRequest(suggestion.next_entry, asked.by.name, self.reason, on=self.happened_on(asked))
        return changed(suggestion, return_requests=(*suggestion.return_requests, request))


@frozen
class _DecidingReturn(Act):
    unit: str = field(validator=spoken)

    def units(self, asked: Asked) -> tuple[str, ...]:
        return (self.unit,)

    @classmethod
    def hindrances(cls, suggestion: Suggestion, by: Actor) -> Iterator[Objection]:
        if all(r.decision is not None for r in suggestion.return_requests):
            yield say.nothing_open("no_return_waiting", "request to return it", "申退")

    def objections(self, suggestion: Suggestion, asked: Asked) -> Iterator[Objection]:
        waiting = [r.unit for r in suggestion.return_requests if r.decision is None]
        if waiting and self.unit not in waiting:
            yield say.no_such("return request", "申退单位", self.unit, waiting)


@frozen
class GrantReturn(_DecidingReturn):
    """The office takes it back from a unit; the next one gets a fresh clock."""

    verb = "grant_return"
    kind = "return_granted"

    def objections(self, suggestion: Suggestion, asked: Asked) -> Iterator[Objection]:
        yield from super().objections(suggestion, asked)
        if reply := suggestion.reply_of(self.unit):
            yield say.already_replied(self.unit, reply.round)

    def effect(self, suggestion: Suggestion, asked: Asked) -> Suggestion:
        return _decided(suggestion, self.unit, "granted").relieved(self.unit, "returned")


@frozen
class RefuseReturn(_DecidingReturn):
    """The office leaves it with the unit, which must go on handling it."""

    verb = "refuse_return"
    kind = "return_refused"
    reason: str = field(validator=spoken)

    def effect(self, suggestion: Suggestion, asked: Asked) -> Suggestion:
        return _decided(suggestion, self.unit, "refused")
