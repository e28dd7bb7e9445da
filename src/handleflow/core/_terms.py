"""What does an act do to terms: which are met, dropped, stopped?"""

from __future__ import annotations

from handleflow.acts import AnswerSupervision, FulfilCommitment, Reply, Suspend
from handleflow.core._beginning import write_begun
from handleflow.core._misses import write_lapsed, write_overtaken
from handleflow.core._moving import write_moved, write_unpaused, write_unsuspended
from handleflow.core._plan import Plan
from handleflow.core._recorder import Recorder
from handleflow.core.due_day import days_after
from handleflow.events import MissRebutted, TermDropped, TermMet, TermPaused
from handleflow.legal_time import Day
from handleflow.model import Act, Provenance, Suggestion, Term
from handleflow.model.term import COMMITMENT, Pause


def write_terms(recorder: Recorder, before: Suggestion, act: Act, provenance: Provenance, plan: Plan) -> None:
    """All that *act* does to terms, in the order: resumed, met, dropped, moved, stopped, begun; then to rungs."""
    if recorder.suggestion.suspended_on is not None:
        write_unsuspended(recorder, act, provenance)
    if plan.meets:
        _write_met(recorder, act, provenance, plan.meets)
    _write_dropped(recorder, before, provenance)
    if plan.moves_terms:
        write_moved(recorder, act, provenance)
        _write_stopped(recorder, act, provenance)
    write_begun(recorder, before, act, provenance, plan.begins)
    if recorder.rules.rungs:
        write_overtaken(recorder, before, provenance)


def _write_met(recorder: Recorder, act: Act, provenance: Provenance, rules_met: frozenset[str]) -> None:
    units, happened = act.units(provenance), act.happened_on(provenance)
    for term in recorder.suggestion.terms:
        if term.is_running and term.key.rule in rules_met and _meets(recorder, term, act, units):
            _end(recorder, write_unpaused(recorder, term, happened, provenance), happened, provenance)


def _meets(recorder: Recorder, term: Term, act: Act, units: tuple[str, ...]) -> bool:
    if isinstance(act, FulfilCommitment):
        return term.key.ref == act.commitment
    if isinstance(act, AnswerSupervision):
        return term.key.ref == act.supervision
    if term.key.unit:
        return term.key.unit in units
    # A term of the whole that replies meet waits for the last of those that are due.
    return not isinstance(act, Reply) or not recorder.suggestion.owing


def _end(recorder: Recorder, term: Term, met_on: Day, provenance: Provenance) -> None:
    if recorder.rules.rungs:
        write_lapsed(recorder, term, provenance.on, provenance, "its term was met")
    late = days_after(met_on, term.due_on) if term.due_on else 0
    recorder.append(TermMet(term.key, met_on, late), provenance)
    if term.missed_on is not None and met_on <= term.missed_on:
        recorder.append(MissRebutted(term.key, met_on), provenance)


def _write_dropped(recorder: Recorder, before: Suggestion, provenance: Provenance) -> None:
    suggestion = recorder.suggestion
    is_over = suggestion.state in recorder.rules.lifecycle.final_states
    if not is_over and (suggestion.assignments is before.assignments or not suggestion.terms):
        return
    parts = {(a.unit, a.entry) for a in suggestion.active()}
    relieved = {a.unit for a in before.active() if (a.unit, a.entry) not in parts}
    for term in tuple(suggestion.running_terms()):
        if is_over or (term.key.unit in relieved and term.key.rule != COMMITMENT):
            reason = f"it is {suggestion.state}" if is_over else f"{term.key.unit} no longer handles it as it did"
            write_lapsed(recorder, term, provenance.on, provenance, reason)
            recorder.append(TermDropped(term.key, reason), provenance)


def _write_stopped(recorder: Recorder, act: Act, provenance: Provenance) -> None:
    if not isinstance(act, Suspend):
        return
    for term in tuple(recorder.suggestion.running_terms()):
        rule = recorder.rules.term_rule(term.key.rule)
        if rule is not None and rule.is_pausable:
            _stop(recorder, term, act.happened_on(provenance), provenance)


def _stop(recorder: Recorder, term: Term, stopped_on: Day, provenance: Provenance) -> None:
    """
    A stop told late reaches back to the anchor at most; a day missed while the clock stood was not missed.

    A day that had passed before the clock stood is not moved by it.
    """
    if term.due_on is not None and term.due_on < stopped_on:
        return
    start = max(stopped_on, term.anchor_on or stopped_on)
    recorder.append(TermPaused(term.key, Pause(recorder.suggestion.next_entry, start)), provenance)
    if term.is_breached and term.missed_on is not None and start <= term.missed_on:
        recorder.append(MissRebutted(term.key, start), provenance)
