"""Which days passed unmet, and which rungs will not speak any more?"""

from __future__ import annotations

from handleflow.acts import (
    DeadlineMissed,
    RungLapsed,
)
from handleflow.core._pen import Pen
from handleflow.core.rungs import Ladder, Occasion, speaks_in
from handleflow.legal_time import Day
from handleflow.model import CLOCK, Asked, Suggestion, Term, TermKey
from handleflow.model.changing import changed


def write_misses(pen: Pen, asked: Asked) -> None:
    """The terms whose day has passed unmet by the day of *asked*, oldest first, by the clock."""
    for missed in misses(pen.suggestion, asked.on) if pen.suggestion.terms else ():
        pen.write(missed, changed(asked, by=CLOCK))


def misses(suggestion: Suggestion, on: Day) -> tuple[DeadlineMissed, ...]:
    """The misses that are news on *on*: running terms whose day lies before it, oldest first."""
    found = [
        DeadlineMissed(term.key, term.due_on)
        for term in suggestion.running_terms()
        if term.due_on is not None and term.due_on < on and may_be_missed(term)
    ]
    return tuple(sorted(found, key=lambda missed: missed.due_on)) if found else ()


def may_be_missed(term: Term) -> bool:
    """Whether a miss of its present day would be news: the clock runs and none is written since it moved."""
    if term.is_paused or term.due_on is None:
        return False
    return term.missed_on is None or term.missed_on < term.due_on


def write_lapsed(pen: Pen, term: Term, until: Day, asked: Asked, reason: str) -> None:
    """The rungs of *term* whose day had come by *until* will not speak."""
    rungs = pen.rules.rungs_of(term.key.rule)
    for passed in Ladder(pen.rules, pen.suggestion).passed(until, rungs) if rungs else ():
        if passed.subject == term.key:
            pen.write(RungLapsed(passed.firing_key, passed.on, reason), asked)


def write_overtaken(pen: Pen, before: Suggestion, asked: Asked) -> None:
    """
    The rungs whose day had come and which the act made pointless: the silence is broken, the unit relieved.

    Those that only now hold for it, since it became a key suggestion, do not speak of days before.
    """
    _write_pointless(pen, before, asked)
    _write_too_late(pen, before, asked)


def _write_pointless(pen: Pen, before: Suggestion, asked: Asked) -> None:
    rungs = pen.rules.rungs_of_facts
    if not rungs:
        return
    waiting = Ladder(pen.rules, before)
    waited = set(map(_chance, waiting.next_ones(asked.on, rungs)))
    if not waited:
        return
    after = pen.suggestion
    alive = set(map(_chance, Ladder(pen.rules, after).next_ones())) if speaks_in(pen.rules, after) else ()
    gone = waited.difference(alive)
    claimed = frozenset(after.firing_keys) if gone else ()
    for passed in waiting.passed(asked.on, rungs) if gone else ():
        if _chance(passed) in gone and passed.firing_key not in claimed:
            pen.write(RungLapsed(passed.firing_key, passed.on, "it is no longer so"), asked)


def _write_too_late(pen: Pen, before: Suggestion, asked: Asked) -> None:
    rungs = pen.rules.rungs_of_some
    come = [o for o in Ladder(pen.rules, pen.suggestion).passed(asked.on, rungs) if o.on < asked.on] if rungs else ()
    known = set(map(_chance, Ladder(pen.rules, before).next_ones(rungs=rungs))) if come else ()
    for passed in come:
        if _chance(passed) not in known:
            pen.write(RungLapsed(passed.firing_key, passed.on, "its day had passed before it applied"), asked)


def _chance(occasion: Occasion) -> tuple[TermKey, str]:
    return occasion.subject, occasion.rung.id
