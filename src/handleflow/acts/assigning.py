"""Assignment commands: who handles it? Assignment, distribution, reassignment, objections (交办)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from attrs import field

from handleflow.acts._common_checks import (
    deputy_made_it,
    is_its_unit,
    named_once,
    no_earlier,
    owes_its_reply,
    twice,
)
from handleflow.errors import Reason
from handleflow.legal_time import Day
from handleflow.model import Act, Check, Provenance, Question, Suggestion, nouns, reads_the_act
from handleflow.model.changing import changed
from handleflow.model.fields import day_or_none, not_blank, not_blank_or_none, parties
from handleflow.values import frozen


@reads_the_act
def _names_each_unit_once(act: AssigningAct, question: Question[AssigningAct]) -> Iterator[Reason]:
    units = (*act.leads, *act.co_units)
    return named_once(units if twice(units) else tuple(part.unit for part in act.parts))


@reads_the_act
def _names_units_without_a_part(act: AssigningAct, question: Question[AssigningAct]) -> Iterator[Reason]:
    staying = {a.unit for a in act.staying(question.suggestion)}
    if again := tuple(unit for unit in dict.fromkeys((*act.leads, *act.co_units)) if unit in staying):
        yield Reason("already_has_a_part", {"units": again}, "value")


@reads_the_act
def _describes_parts_of_units_it_names(act: AssigningAct, question: Question[AssigningAct]) -> Iterator[Reason]:
    named = (*act.leads, *act.co_units)
    if strangers := tuple(part.unit for part in act.parts if part.unit not in named):
        yield Reason("part_of_nobody", {"units": strangers}, "value")


@reads_the_act
def _leaves_it_a_lead(act: AssigningAct, question: Question[AssigningAct]) -> Iterator[Reason]:
    if not act.leads and not any(a.role == "lead" for a in act.staying(question.suggestion)):
        yield Reason("no_lead", kind="value")


@frozen
class AssigningAct(Act):
    """What ``Assign``, ``Distribute`` and ``Reassign`` share: they name units. Not an act by itself."""

    checks: ClassVar[tuple[Check, ...]] = (
        _names_each_unit_once,
        _names_units_without_a_part,
        _describes_parts_of_units_it_names,
        _leaves_it_a_lead,
    )
    leads: tuple[str, ...] = field(converter=parties)
    co_units: tuple[str, ...] = field(default=(), converter=parties)
    parts: tuple[nouns.Part, ...] = ()

    def units(self, provenance: Provenance) -> tuple[str, ...]:
        return (*self.leads, *self.co_units)

    def staying(self, suggestion: Suggestion) -> tuple[nouns.Assignment, ...]:
        """The parts that it leaves as they are."""
        return suggestion.active()

    def _named(self, suggestion: Suggestion, assigned_on: Day | None) -> tuple[nouns.Assignment, ...]:
        """The suggestion's assignments and the new ones; a unit named before starts a new ref."""
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


@reads_the_act
def _notice_is_no_earlier(act: Assign, question: Question[Assign]) -> Iterator[Reason]:
    return no_earlier(act.notice_on, act.happened_on(question.provenance), "assigned")


@frozen
class Assign(AssigningAct):
    """
    The office names who handles it (交办); the reply's term runs from this day (代表法 art. 51).

    Several leads mean separate handling (分别办理): each owes its own reply. *notice_on* is one fixed
    day set by a notice; *is_long_track* says the matter is broad and hard (涉及面广、处理难度大).
    """

    verb = "assign"
    kind = "assigned"
    checks = (*AssigningAct.checks, _notice_is_no_earlier)
    notice_on: Day | None = field(default=None, converter=day_or_none)
    is_long_track: bool = False

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        return changed(
            suggestion,
            assignments=self._named(suggestion, self.happened_on(provenance)),
            notice_on=self.notice_on,
            is_long_track=self.is_long_track,
        )


@reads_the_act
def _names_somebody(act: _Replacing, question: Question[_Replacing]) -> Iterator[Reason]:
    if not (act.leads or act.co_units or act.relieves(question.suggestion)):
        yield Reason("nobody_named", kind="value")


@reads_the_act
def _replaces_a_unit_that_owes_its_reply(act: _Replacing, question: Question[_Replacing]) -> Iterator[Reason]:
    if act.instead_of is not None:
        yield from tuple(is_its_unit(question, act.instead_of)) or owes_its_reply(question, act.instead_of)


@frozen
class _Replacing(AssigningAct):
    """Naming that may take one unit's part away and give it to others."""

    checks: ClassVar[tuple[Check, ...]] = (
        *AssigningAct.checks,
        _names_somebody,
        _replaces_a_unit_that_owes_its_reply,
    )
    instead_of: str | None = field(default=None, validator=not_blank_or_none)

    def staying(self, suggestion: Suggestion) -> tuple[nouns.Assignment, ...]:
        return tuple(a for a in suggestion.active() if a.unit != self.instead_of)

    def relieves(self, suggestion: Suggestion) -> bool:
        """Whether it may name nobody, since it takes the part away from a unit that nobody need stand in for."""
        return False

    def _without(self, suggestion: Suggestion, ended: str) -> Suggestion:
        if self.instead_of is None:
            return suggestion
        left = suggestion.with_answer(self.instead_of, "granted", "return_requests")
        return left.relieved(self.instead_of, ended)


@frozen
class Distribute(_Replacing):
    """
    The government office passes it on to departments (分办).

    In place of a unit, the departments inherit the day it was assigned: passing on inside the
    government does not lengthen the term, which runs from the assignment (代表法 art. 51).
    """

    verb = "distribute"
    kind = "distributed"

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        replaced = suggestion.assignment_of(self.instead_of) if self.instead_of else None
        assigned_on = replaced.assigned_on if replaced else self.happened_on(provenance)
        left = self._without(suggestion, "distributed")
        return changed(left, assignments=self._named(left, assigned_on))


@frozen
class Reassign(_Replacing):
    """
    Another unit handles it (改办), beside the others or *instead_of* one; its clock starts fresh.

    Of a co unit's part it may relieve the unit and name nobody.
    """

    verb = "reassign"
    kind = "reassigned"
    reason: str = field(kw_only=True, validator=not_blank)

    def relieves(self, suggestion: Suggestion) -> bool:
        return any(a.unit == self.instead_of for a in suggestion.active("co"))

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        left = self._without(suggestion, "replaced" if self.leads or self.co_units else "relieved")
        return changed(left, assignments=self._named(left, self.happened_on(provenance)))


def _no_own_objection_waits(question: Question[Any]) -> Iterator[Reason]:
    waiting = (o.deputy for o in question.suggestion.assignment_objections if o.answer is None)
    if question.by.party in waiting:
        yield Reason("objection_waiting")


@frozen
class ObjectToAssignment(Act):
    """The deputy thinks another unit should handle it."""

    verb = "object_to_assignment"
    kind = "assignment_objected"
    checks = (deputy_made_it, _no_own_objection_waits)
    reason: str = field(validator=not_blank)

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        objection = nouns.AssignmentObjection(suggestion.next_entry, provenance.by.party, self.reason)
        return changed(suggestion, assignment_objections=(*suggestion.assignment_objections, objection))


def _an_objection_waits(question: Question[Any]) -> Iterator[Reason]:
    if all(o.answer is not None for o in question.suggestion.assignment_objections):
        yield Reason("no_objection_waiting")


@frozen
class AnswerAssignmentObjection(Act):
    """The office answers the deputy's objections to who handles it."""

    verb = "answer_assignment_objection"
    kind = "assignment_objection_answered"
    checks = (_an_objection_waits,)
    answer: str = field(validator=not_blank)

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        answered = tuple(
            o if o.answer is not None else changed(o, answer=self.answer) for o in suggestion.assignment_objections
        )
        return changed(suggestion, assignment_objections=answered)
