"""Checks of acts in many rooms: is this its unit, its lead, its deputy, and has it replied?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from handleflow.errors import Reason
from handleflow.model import Act, Question, reads_the_act


def unit_has_a_part(question: Question[Any]) -> Iterator[Reason]:
    """Who asks speaks for a unit that handles it."""
    if question.suggestion.assignment_of(question.by.name) is None:
        yield Reason("not_its_unit", {"unit": question.by.name, "units": question.suggestion.units}, "who")


def lead_has_accepted(question: Question[Any]) -> Iterator[Reason]:
    """Who asks speaks for a lead that has signed for it."""
    assignment = question.suggestion.assignment_of(question.by.name)
    if assignment is None or assignment.role != "lead":
        yield Reason("not_a_lead", {"leads": tuple(a.unit for a in question.suggestion.leads)}, "who")
    elif not assignment.is_accepted:
        yield Reason("not_accepted", {"unit": question.by.name})


def unit_has_not_replied(question: Question[Any]) -> Iterator[Reason]:
    """The unit of who asks owes its reply still: one a round."""
    if reply := question.suggestion.reply_of(question.by.name):
        yield Reason("already_replied", {"unit": question.by.name, "round": reply.round}, "race")


@reads_the_act
def unit_was_assigned_by_then(act: Act, question: Question[Act]) -> Iterator[Reason]:
    """On the day it happened the unit of who asks had been assigned."""
    assignment = question.suggestion.assignment_of(question.by.name)
    began, happened = assignment.assigned_on if assignment else None, act.happened_on(question.provenance)
    if began is not None and happened < began:
        yield Reason("before_it_began", {"on": happened, "began": began}, "value")


def deputy_made_it(question: Question[Any]) -> Iterator[Reason]:
    """A deputy who asks made or signed it; where nobody knows who made it, there is no saying."""
    by, deputies = question.by, question.suggestion.deputies
    if by.role == "deputy" and deputies and by.name not in deputies:
        yield Reason("not_its_deputy", {"deputy": by.name, "deputies": deputies}, "who")


def twice(names: tuple[str, ...]) -> tuple[str, ...]:
    """The names that stand more than once, each once, in order."""
    if len(set(names)) == len(names):
        return ()
    return tuple(dict.fromkeys(name for name in names if names.count(name) > 1))
