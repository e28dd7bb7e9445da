"""Which running terms move with an act, and why?"""

from __future__ import annotations

from handleflow.acts import (
    Adopt,
    Correct,
    DeclareExtension,
    GrantExtension,
    MissRebutted,
    Resume,
    SuspensionEnded,
    TermDropped,
    TermMoved,
)
from handleflow.core._beginning import pause_if_suspended, settle_taken_over
from handleflow.core._machine import table
from handleflow.core._pen import Pen
from handleflow.core.reckon import reckon, span_of
from handleflow.legal_time import Day, day
from handleflow.model import Act, Asked, Suggestion, Term
from handleflow.model.changing import changed
from handleflow.model.term import Extension, Pause
from handleflow.rules import TermRule
from handleflow.rules.builtin_checks import extendable


def write_moved(pen: Pen, act: Act, asked: Asked) -> None:
    """The running terms that *act* moves: extended, resumed, corrected, another version adopted."""
    if isinstance(act, (GrantExtension, DeclareExtension)):
        _write_extended(pen, act, asked)
    elif isinstance(act, Resume):
        _write_resumed(pen, act.happened_on(asked), asked)
    elif isinstance(act, Correct):
        _write_corrected(pen, act, asked)
    elif isinstance(act, Adopt):
        _write_adopted(pen, asked)


def write_unsuspended(pen: Pen, act: Act, asked: Asked) -> None:
    """Where nobody could resume it any more, the suspension ends by itself and the clocks go on."""
    suggestion = pen.suggestion
    if suggestion.is_suspended and (suggestion.state, Resume) not in table(pen.rules.lifecycle):
        pen.write(SuspensionEnded(act.happened_on(asked)), asked)
        _write_resumed(pen, act.happened_on(asked), asked)


def _write_resumed(pen: Pen, resumed_on: Day, asked: Asked) -> None:
    for term in tuple(pen.suggestion.running_terms()):
        write_unpaused(pen, term, resumed_on, asked)


def write_unpaused(pen: Pen, term: Term, on: Day, asked: Asked) -> Term:
    """*term* with its clock going on from *on*; as it was where its clock does not stand."""
    if not term.is_paused:
        return term
    closed = tuple(changed(p, end=p.end or max(p.start, on)) for p in term.pauses)
    _move(pen, changed(term, pauses=closed), "resumed", asked)
    return pen.suggestion.term(term.key) or term


def _write_corrected(pen: Pen, act: Correct, asked: Asked) -> None:
    for term in pen.suggestion.terms:
        rule = pen.rules.term_rule(term.key.rule)
        if rule is None or not _is_anchor(pen.suggestion, rule, term, act):
            continue
        anchor, is_over = day(act.value), pen.suggestion.state in pen.rules.lifecycle.final_states
        if term.end == "not_computable" and term.key.unit in pen.suggestion.units and not is_over:
            _arm(pen, rule, term, anchor, asked)
        elif term.is_running and anchor != term.anchor_on:
            _move(pen, changed(term, anchor_on=anchor), f"entry {act.entry} was corrected", asked)
            _rebut_corrected(pen, term, asked)


def _write_extended(pen: Pen, act: GrantExtension | DeclareExtension, asked: Asked) -> None:
    unit = act.unit if isinstance(act, GrantExtension) else asked.by.name
    until = act.until if act.until is not None else _granted(pen.suggestion, unit)
    extension = Extension(pen.suggestion.version, until, isinstance(act, GrantExtension))
    for term, _ in extendable(pen.rules, pen.suggestion, unit)[:1]:
        longer = changed(term, extensions=(*term.extensions, extension))
        _move(pen, longer, "extended", asked, extension)


def _granted(suggestion: Suggestion, unit: str) -> Day:
    return [r.until for r in suggestion.extension_requests if r.unit == unit and r.decision == "granted"][-1]


def _write_adopted(pen: Pen, asked: Asked) -> None:
    for term in tuple(pen.suggestion.running_terms()):
        rule = pen.rules.term_rule(term.key.rule)
        if rule is None and term.anchor_on is not None:
            pen.write(TermDropped(term.key, f"{pen.rules.ref} knows no such term"), asked)
        else:
            span = span_of(rule, pen.suggestion) if rule else None
            _move(pen, changed(term, span=span), f"{pen.rules.ref} adopted", asked)


def _is_anchor(suggestion: Suggestion, rule: TermRule, term: Term, act: Correct) -> bool:
    """Whether *act*, which was the last to correct, corrected the day *term* counts from."""
    corrected = suggestion.corrections[-1].field
    if rule.counts_from:
        return corrected == f"suggestion.{rule.counts_from}"
    anchors = {"assigned_on"} if rule.anchor == "assigned" else {"on", "received_on"}
    return term.anchor_entry == act.entry and corrected.partition(".")[2] in anchors


def _arm(pen: Pen, rule: TermRule, term: Term, anchor: Day, asked: Asked) -> None:
    """A term taken over without its anchor learns it."""
    armed = changed(term, anchor_on=anchor, span=span_of(rule, pen.suggestion))
    _move(pen, armed, "its anchor became known", asked)
    pause_if_suspended(pen, rule, term.key, anchor, asked)
    for known in pen.suggestion.running_terms(rule.id, term.key.unit):
        settle_taken_over(pen, rule, known, asked)


def _rebut_corrected(pen: Pen, before: Term, asked: Asked) -> None:
    """A miss of a day that was never the true one leaves the counts."""
    after = pen.suggestion.term(before.key)
    if before.missed_on is not None and after is not None and after.due_on and before.missed_on < after.due_on:
        pen.write(MissRebutted(before.key, asked.on), asked)


def _move(pen: Pen, term: Term, reason: str, asked: Asked, extension: Extension | None = None) -> None:
    """Write that *term*, as it would now stand, moves; nothing when its day stays and nothing was stopped."""
    start, span = term.anchor_on, term.span
    if start is None or span is None:
        return  # it has a day of its own
    counted = reckon(pen.rules, start, span, term.notice_on, term.extensions, term.pauses)
    due, unrolled, is_provisional = counted.due_on, counted.unrolled_on, counted.is_provisional
    recorded = pen.suggestion.term(term.key)
    if recorded and _standing(recorded) == (due, unrolled, start, is_provisional, term.pauses):
        return
    moved = TermMoved(term.key, due, unrolled, reason, start, span, term.pauses, extension, is_provisional)
    pen.write(moved, asked)


def _standing(term: Term) -> tuple[Day | None, Day | None, Day | None, bool, tuple[Pause, ...]]:
    """What a move would have to change to be one."""
    return term.due_on, term.unrolled_on, term.anchor_on, term.is_provisional, term.pauses
