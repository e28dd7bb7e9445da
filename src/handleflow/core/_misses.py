"""Which days passed unmet, and which rungs will not speak any more?"""

from __future__ import annotations

from handleflow.core._recorder import Recorder
from handleflow.core.rungs import DueStep, Ladder, speaks_in
from handleflow.events import DeadlineMissed, RungLapsed
from handleflow.legal_time import Day
from handleflow.model import CLOCK, Provenance, Suggestion, Term, TermKey
from handleflow.model.changing import changed


def write_misses(recorder: Recorder, provenance: Provenance) -> None:
    """The terms whose day has passed unmet by the day of *provenance*, oldest first, by the clock."""
    for missed in misses(recorder.suggestion, provenance.on) if recorder.suggestion.terms else ():
        recorder.append(missed, changed(provenance, by=CLOCK))


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


def write_lapsed(recorder: Recorder, term: Term, until: Day, provenance: Provenance, reason: str) -> None:
    """The rungs of *term* whose day had come by *until* will not speak."""
    rungs = recorder.rules.rungs_of(term.key.rule)
    for passed in Ladder(recorder.rules, recorder.suggestion).passed(until, rungs) if rungs else ():
        if passed.subject == term.key:
            recorder.append(RungLapsed(passed.firing_key, passed.on, reason), provenance)


def write_overtaken(recorder: Recorder, before: Suggestion, provenance: Provenance) -> None:
    """
    The rungs whose day had come and which the act made pointless: the silence is broken, the unit relieved.

    Those that only now hold for it, since it became a key suggestion, do not speak of days before.
    """
    _write_pointless(recorder, before, provenance)
    _write_too_late(recorder, before, provenance)


def _write_pointless(recorder: Recorder, before: Suggestion, provenance: Provenance) -> None:
    rungs = recorder.rules.rungs_of_facts
    if not rungs:
        return
    waiting = Ladder(recorder.rules, before)
    waited = set(map(_chance, waiting.next_ones(provenance.on, rungs)))
    if not waited:
        return
    after = recorder.suggestion
    alive = set(map(_chance, Ladder(recorder.rules, after).next_ones())) if speaks_in(recorder.rules, after) else ()
    gone = waited.difference(alive)
    claimed = frozenset(after.firing_keys) if gone else ()
    for passed in waiting.passed(provenance.on, rungs) if gone else ():
        if _chance(passed) in gone and passed.firing_key not in claimed:
            recorder.append(RungLapsed(passed.firing_key, passed.on, "it is no longer so"), provenance)


def _write_too_late(recorder: Recorder, before: Suggestion, provenance: Provenance) -> None:
    rungs = recorder.rules.rungs_of_some
    come = (
        [o for o in Ladder(recorder.rules, recorder.suggestion).passed(provenance.on, rungs) if o.on < provenance.on]
        if rungs
        else ()
    )
    known = set(map(_chance, Ladder(recorder.rules, before).next_ones(rungs=rungs))) if come else ()
    for passed in come:
        if _chance(passed) not in known:
            recorder.append(
                RungLapsed(passed.firing_key, passed.on, "its day had passed before it applied"), provenance
            )


def _chance(step: DueStep) -> tuple[TermKey, str]:
    return step.subject, step.rung.id
