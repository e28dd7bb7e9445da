"""Which running terms move with an act, and why?"""

from __future__ import annotations

from handleflow.acts import Adopt, Correct, DeclareExtension, GrantExtension, Resume
from handleflow.core._beginning import pause_if_suspended, settle_taken_over
from handleflow.core._machine import table
from handleflow.core._recorder import Recorder
from handleflow.core.due_day import compute_due_day, span_of
from handleflow.events import MissRebutted, SuspensionEnded, TermDropped, TermMoved
from handleflow.legal_time import Day, day
from handleflow.model import Act, Provenance, Suggestion, Term
from handleflow.model.changing import changed
from handleflow.model.term import Extension, Pause
from handleflow.rules import TermRule
from handleflow.rules.builtin_checks import extendable


def write_moved(recorder: Recorder, act: Act, provenance: Provenance) -> None:
    """The running terms that *act* moves: extended, resumed, corrected, another version adopted."""
    if isinstance(act, (GrantExtension, DeclareExtension)):
        _write_extended(recorder, act, provenance)
    elif isinstance(act, Resume):
        _write_resumed(recorder, act.happened_on(provenance), provenance)
    elif isinstance(act, Correct):
        _write_corrected(recorder, act, provenance)
    elif isinstance(act, Adopt):
        _write_adopted(recorder, provenance)


def write_unsuspended(recorder: Recorder, act: Act, provenance: Provenance) -> None:
    """Where nobody could resume it any more, the suspension ends by itself and the clocks go on."""
    suggestion = recorder.suggestion
    if suggestion.is_suspended and (suggestion.state, Resume) not in table(recorder.rules.lifecycle):
        recorder.append(SuspensionEnded(act.happened_on(provenance)), provenance)
        _write_resumed(recorder, act.happened_on(provenance), provenance)


def _write_resumed(recorder: Recorder, resumed_on: Day, provenance: Provenance) -> None:
    for term in tuple(recorder.suggestion.running_terms()):
        write_unpaused(recorder, term, resumed_on, provenance)


def write_unpaused(recorder: Recorder, term: Term, on: Day, provenance: Provenance) -> Term:
    """*term* with its clock going on from *on*; as it was where its clock does not stand."""
    if not term.is_paused:
        return term
    closed = tuple(changed(p, end=p.end or max(p.start, on)) for p in term.pauses)
    _move(recorder, changed(term, pauses=closed), "resumed", provenance)
    return recorder.suggestion.term(term.key) or term


def _write_corrected(recorder: Recorder, act: Correct, provenance: Provenance) -> None:
    for term in recorder.suggestion.terms:
        rule = recorder.rules.term_rule(term.key.rule)
        if rule is None or not _is_anchor(recorder.suggestion, rule, term, act):
            continue
        anchor, is_over = day(act.value), recorder.suggestion.state in recorder.rules.lifecycle.final_states
        if term.end == "not_computable" and term.key.unit in recorder.suggestion.units and not is_over:
            _arm(recorder, rule, term, anchor, provenance)
        elif term.is_running and anchor != term.anchor_on:
            _move(recorder, changed(term, anchor_on=anchor), f"entry {act.entry} was corrected", provenance)
            _rebut_corrected(recorder, term, provenance)


def _write_extended(recorder: Recorder, act: GrantExtension | DeclareExtension, provenance: Provenance) -> None:
    unit = act.unit if isinstance(act, GrantExtension) else provenance.by.name
    until = act.until if act.until is not None else _granted(recorder.suggestion, unit)
    extension = Extension(recorder.suggestion.version, until, isinstance(act, GrantExtension))
    for term, _ in extendable(recorder.rules, recorder.suggestion, unit)[:1]:
        longer = changed(term, extensions=(*term.extensions, extension))
        _move(recorder, longer, "extended", provenance, extension)


def _granted(suggestion: Suggestion, unit: str) -> Day:
    return [r.until for r in suggestion.extension_requests if r.unit == unit and r.decision == "granted"][-1]


def _write_adopted(recorder: Recorder, provenance: Provenance) -> None:
    for term in tuple(recorder.suggestion.running_terms()):
        rule = recorder.rules.term_rule(term.key.rule)
        if rule is None and term.anchor_on is not None:
            recorder.append(TermDropped(term.key, f"{recorder.rules.ref} knows no such term"), provenance)
        else:
            span = span_of(rule, recorder.suggestion) if rule else None
            _move(recorder, changed(term, span=span), f"{recorder.rules.ref} adopted", provenance)


def _is_anchor(suggestion: Suggestion, rule: TermRule, term: Term, act: Correct) -> bool:
    """Whether *act*, which was the last to correct, corrected the day *term* counts from."""
    corrected = suggestion.corrections[-1].field
    if rule.counts_from:
        return corrected == f"suggestion.{rule.counts_from}"
    anchors = {"assigned_on"} if rule.anchor == "assigned" else {"on", "received_on"}
    return term.anchor_entry == act.entry and corrected.partition(".")[2] in anchors


def _arm(recorder: Recorder, rule: TermRule, term: Term, anchor: Day, provenance: Provenance) -> None:
    """A term taken over without its anchor learns it."""
    armed = changed(term, anchor_on=anchor, span=span_of(rule, recorder.suggestion))
    _move(recorder, armed, "its anchor became known", provenance)
    pause_if_suspended(recorder, rule, term.key, anchor, provenance)
    for known in recorder.suggestion.running_terms(rule.id, term.key.unit):
        settle_taken_over(recorder, rule, known, provenance)


def _rebut_corrected(recorder: Recorder, before: Term, provenance: Provenance) -> None:
    """A miss of a day that was never the true one leaves the counts."""
    after = recorder.suggestion.term(before.key)
    if before.missed_on is not None and after is not None and after.due_on and before.missed_on < after.due_on:
        recorder.append(MissRebutted(before.key, provenance.on), provenance)


def _move(
    recorder: Recorder, term: Term, reason: str, provenance: Provenance, extension: Extension | None = None
) -> None:
    """Write that *term*, as it would now stand, moves; nothing when its day stays and nothing was stopped."""
    start, span = term.anchor_on, term.span
    if start is None or span is None:
        return  # it has a day of its own
    counted = compute_due_day(recorder.rules, start, span, term.notice_on, term.extensions, term.pauses)
    due, unrolled, is_provisional = counted.due_on, counted.unrolled_on, counted.is_provisional
    recorded = recorder.suggestion.term(term.key)
    if recorded and _standing(recorded) == (due, unrolled, start, is_provisional, term.pauses):
        return
    moved = TermMoved(term.key, due, unrolled, reason, start, span, term.pauses, extension, is_provisional)
    recorder.append(moved, provenance)


def _standing(term: Term) -> tuple[Day | None, Day | None, Day | None, bool, tuple[Pause, ...]]:
    """What a move would have to change to be one."""
    return term.due_on, term.unrolled_on, term.anchor_on, term.is_provisional, term.pauses
