"""Checks of acts in many rooms: is this its unit, its lead, its deputy, and has it replied?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from handleflow.errors import Reason
from handleflow.model import Act, Question, reads_the_act
from handleflow.words import refusals as say


def unit_has_a_part(question: Question[Any]) -> Iterator[Reason]:
    """Who asks speaks for a unit that handles it."""
    if question.suggestion.assignment_of(question.by.name) is None:
        yield say.not_its_unit(question.by.name, question.suggestion.units)


def lead_has_accepted(question: Question[Any]) -> Iterator[Reason]:
    """Who asks speaks for a lead that has signed for it."""
    assignment = question.suggestion.assignment_of(question.by.name)
    if assignment is None or assignment.role != "lead":
        yield say.not_a_lead(question.by.name, (a.unit for a in question.suggestion.leads))
    elif not assignment.is_accepted:
        yield say.not_accepted(question.by.name)


def unit_has_not_replied(question: Question[Any]) -> Iterator[Reason]:
    """The unit of who asks owes its reply still: one a round."""
    if reply := question.suggestion.reply_of(question.by.name):
        yield say.already_replied(question.by.name, reply.round)


@reads_the_act
def unit_was_assigned_by_then(act: Act, question: Question[Act]) -> Iterator[Reason]:
    """On the day it happened the unit of who asks had been assigned."""
    assignment = question.suggestion.assignment_of(question.by.name)
    began, happened = assignment.assigned_on if assignment else None, act.happened_on(question.provenance)
    if began is not None and happened < began:
        yield say.before_it_began(happened, began)


def deputy_made_it(question: Question[Any]) -> Iterator[Reason]:
    """A deputy who asks made or signed it; where nobody knows who made it, there is no saying."""
    by, deputies = question.by, question.suggestion.deputies
    if by.role == "deputy" and deputies and by.name not in deputies:
        yield say.not_its_deputy(by.name, deputies)


def twice(names: tuple[str, ...]) -> tuple[str, ...]:
    """The names that stand more than once, each once, in order."""
    if len(set(names)) == len(names):
        return ()
    return tuple(dict.fromkeys(name for name in names if names.count(name) > 1))
