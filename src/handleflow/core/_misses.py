"""Which days passed unmet, and which rungs will not speak any more?"""

from __future__ import annotations

import attrs

from handleflow.acts import (
    DeadlineMissed,
    RungLapsed,
)
from handleflow.core._pen import Pen
from handleflow.core.rungs import rungs_until
from handleflow.legal_time import Day
from handleflow.model import CLOCK, Asked, Suggestion, Term


def write_misses(pen: Pen, asked: Asked) -> None:
    """The terms whose day has passed unmet by the day of *asked*, oldest first, by the clock."""
    for missed in misses(pen.suggestion, asked.on):
        pen.write(missed, attrs.evolve(asked, by=CLOCK))


def misses(suggestion: Suggestion, on: Day) -> tuple[DeadlineMissed, ...]:
    """The misses that are news on *on*: running terms whose day lies before it, oldest first."""
    found = [
        DeadlineMissed(term.key, term.due_on)
        for term in suggestion.running_terms()
        if term.due_on is not None and term.due_on < on and may_be_missed(term)
    ]
    return tuple(sorted(found, key=lambda missed: missed.due_on))


def may_be_missed(term: Term) -> bool:
    """Whether a miss of its present day would be news: the clock runs and none is written since it moved."""
    if is_paused(term) or term.due_on is None:
        return False
    return term.missed_on is None or term.missed_on < term.due_on


def is_paused(term: Term) -> bool:
    """Whether its clock stands still."""
    return any(pause.end is None for pause in term.pauses)


def write_lapsed(pen: Pen, term: Term, until: Day, asked: Asked, reason: str) -> None:
    """The rungs of *term* whose day had come by *until* will not speak."""
    for passed in rungs_until(pen.rules, pen.suggestion, term, until):
        pen.write(RungLapsed(passed.claim, passed.on, reason), asked)
