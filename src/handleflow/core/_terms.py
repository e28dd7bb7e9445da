"""What does an act do to terms: which are met, dropped, stopped?"""

from __future__ import annotations

from handleflow.acts import (
    AnswerSupervision,
    FulfilCommitment,
    MissRebutted,
    Reply,
    Suspend,
    TermDropped,
    TermMet,
    TermPaused,
)
from handleflow.core._beginning import write_begun
from handleflow.core._misses import write_lapsed, write_overtaken
from handleflow.core._moving import write_moved, write_unpaused, write_unsuspended
from handleflow.core._pen import Pen
from handleflow.core._plan import Plan
from handleflow.core.reckon import days_after
from handleflow.legal_time import Day
from handleflow.model import Act, Asked, Suggestion, Term
from handleflow.model.term import COMMITMENT, Pause


def write_terms(pen: Pen, before: Suggestion, act: Act, asked: Asked, plan: Plan) -> None:
    """All that *act* does to terms, in the order: resumed, met, dropped, moved, stopped, begun; then to rungs."""
    if pen.suggestion.suspended_on is not None:
        write_unsuspended(pen, act, asked)
    if plan.meets:
        _write_met(pen, act, asked, plan.meets)
    _write_dropped(pen, before, asked)
    if plan.moves_terms:
        write_moved(pen, act, asked)
        _write_stopped(pen, act, asked)
    write_begun(pen, before, act, asked, plan.begins)
    if pen.rules.rungs:
        write_overtaken(pen, before, asked)


def _write_met(pen: Pen, act: Act, asked: Asked, rules_met: frozenset[str]) -> None:
    units, happened = act.units(asked), act.happened_on(asked)
    for term in pen.suggestion.terms:
        if term.is_running and term.key.rule in rules_met and _meets(pen, term, act, units):
            _end(pen, write_unpaused(pen, term, happened, asked), happened, asked)


def _meets(pen: Pen, term: Term, act: Act, units: tuple[str, ...]) -> bool:
    if isinstance(act, FulfilCommitment):
        return term.key.ref == act.commitment
    if isinstance(act, AnswerSupervision):
        return term.key.ref == act.supervision
    if term.key.unit:
        return term.key.unit in units
    # A term of the whole that replies meet waits for the last of those that are due.
    return not isinstance(act, Reply) or not pen.suggestion.owing


def _end(pen: Pen, term: Term, met_on: Day, asked: Asked) -> None:
    if pen.rules.rungs:
        write_lapsed(pen, term, asked.on, asked, "its term was met")
    late = days_after(met_on, term.due_on) if term.due_on else 0
    pen.write(TermMet(term.key, met_on, late), asked)
    if term.missed_on is not None and met_on <= term.missed_on:
        pen.write(MissRebutted(term.key, met_on), asked)


def _write_dropped(pen: Pen, before: Suggestion, asked: Asked) -> None:
    suggestion = pen.suggestion
    is_over = suggestion.state in pen.rules.lifecycle.final_states
    if not is_over and (suggestion.assignments is before.assignments or not suggestion.terms):
        return
    parts = {(a.unit, a.entry) for a in suggestion.active()}
    relieved = {a.unit for a in before.active() if (a.unit, a.entry) not in parts}
    for term in tuple(suggestion.running_terms()):
        if is_over or (term.key.unit in relieved and term.key.rule != COMMITMENT):
            reason = f"it is {suggestion.state}" if is_over else f"{term.key.unit} no longer handles it as it did"
            write_lapsed(pen, term, asked.on, asked, reason)
            pen.write(TermDropped(term.key, reason), asked)


def _write_stopped(pen: Pen, act: Act, asked: Asked) -> None:
    if not isinstance(act, Suspend):
        return
    for term in tuple(pen.suggestion.running_terms()):
        rule = pen.rules.term_rule(term.key.rule)
        if rule is not None and rule.is_pausable:
            _stop(pen, term, act.happened_on(asked), asked)


def _stop(pen: Pen, term: Term, stopped_on: Day, asked: Asked) -> None:
    """
    A stop told late reaches back to the anchor at most; a day missed while the clock stood was not missed.

    A day that had passed before the clock stood is not moved by it.
    """
    if term.due_on is not None and term.due_on < stopped_on:
        return
    start = max(stopped_on, term.anchor_on or stopped_on)
    pen.write(TermPaused(term.key, Pause(pen.suggestion.next_entry, start)), asked)
    if term.is_breached and term.missed_on is not None and start <= term.missed_on:
        pen.write(MissRebutted(term.key, start), asked)
