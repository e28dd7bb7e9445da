"""Which terms begin, move, end or stop with an act?"""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from handleflow.acts import (
    Adopt,
    AnswerSupervision,
    Correct,
    DeadlineMissed,
    DeclareExtension,
    FulfilCommitment,
    GrantExtension,
    MissRebutted,
    Resume,
    RungLapsed,
    Supervise,
    Suspend,
    SuspensionEnded,
    TakeOver,
    TermDropped,
    TermMet,
    TermMoved,
    TermPassed,
    TermPaused,
    TermSet,
)
from handleflow.core._machine import table
from handleflow.core._pen import Pen
from handleflow.core.reckon import days_after, notice_for, reckon, span_of
from handleflow.core.rungs import rungs_until
from handleflow.errors import OutsideCalendar
from handleflow.legal_time import Day, day
from handleflow.model import CLOCK, Act, Asked, Suggestion, Term, TermKey
from handleflow.model.parts import Answer
from handleflow.model.term import COMMITMENT, SUPERVISION_ANSWER, Extension, Pause
from handleflow.rules import Rulebook, TermRule
from handleflow.rules.standing import extendable


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


def write_terms(pen: Pen, before: Suggestion, act: Act, asked: Asked) -> None:
    """All that *act* does to terms, in the order: met, dropped, moved, stopped, begun."""
    _write_met(pen, act, asked)
    _write_dropped(pen, asked)
    _write_unsuspended(pen, act, asked)
    _write_moved(pen, act, asked)
    _write_stopped(pen, act, asked)
    _write_begun(pen, before, act, asked)


def _write_met(pen: Pen, act: Act, asked: Asked) -> None:
    units, happened = act.units(asked), act.happened_on(asked)
    for term in tuple(pen.suggestion.running_terms()):
        if _meets(pen.rules, term, act, units):
            _end(pen, term, happened, asked)


def _meets(rules: Rulebook, term: Term, act: Act, units: tuple[str, ...]) -> bool:
    if isinstance(act, FulfilCommitment):
        return term.key.rule == COMMITMENT and term.key.generation == act.commitment
    if isinstance(act, AnswerSupervision):
        return term.key.rule == SUPERVISION_ANSWER and term.key.generation == act.supervision
    rule = rules.term_rule(term.key.rule)
    return rule is not None and act.kind in rule.met_by and (not term.key.unit or term.key.unit in units)


def _end(pen: Pen, term: Term, met_on: Day, asked: Asked) -> None:
    _write_lapsed(pen, term, asked.on, asked, "its term was met")
    late = days_after(met_on, term.due_on) if term.due_on else 0
    pen.write(TermMet(term.key, met_on, late), asked)
    if term.missed_on is not None and met_on <= term.missed_on:
        pen.write(MissRebutted(term.key, met_on), asked)


def _write_lapsed(pen: Pen, term: Term, until: Day, asked: Asked, reason: str) -> None:
    for passed in rungs_until(pen.rules, pen.suggestion, term, until):
        pen.write(RungLapsed(passed.claim, passed.on, reason), asked)


def _write_dropped(pen: Pen, asked: Asked) -> None:
    suggestion = pen.suggestion
    is_over = suggestion.state in pen.rules.lifecycle.final_states
    relieved = {a.unit for a in suggestion.assignments}.difference(suggestion.units)
    for term in tuple(suggestion.running_terms()):
        if is_over or (term.key.unit in relieved and term.key.rule != COMMITMENT):
            reason = f"it is {suggestion.state}" if is_over else f"{term.key.unit} no longer handles it"
            _write_lapsed(pen, term, asked.on, asked, reason)
            pen.write(TermDropped(term.key, reason), asked)


def _write_moved(pen: Pen, act: Act, asked: Asked) -> None:
    if isinstance(act, (GrantExtension, DeclareExtension)):
        _write_extended(pen, act, asked)
    elif isinstance(act, Resume):
        _write_resumed(pen, act.happened_on(asked), asked)
    elif isinstance(act, Correct):
        _write_corrected(pen, act, asked)
    elif isinstance(act, Adopt):
        _write_adopted(pen, asked)


def _write_unsuspended(pen: Pen, act: Act, asked: Asked) -> None:
    """Where nobody could resume it any more, the suspension ends by itself and the clocks go on."""
    suggestion = pen.suggestion
    if suggestion.is_suspended and (suggestion.state, Resume) not in table(pen.rules.lifecycle):
        pen.write(SuspensionEnded(act.happened_on(asked)), asked)
        _write_resumed(pen, act.happened_on(asked), asked)


def _write_resumed(pen: Pen, resumed_on: Day, asked: Asked) -> None:
    for term in tuple(pen.suggestion.running_terms()):
        if is_paused(term):
            closed = tuple(attrs.evolve(p, end=p.end or max(p.start, resumed_on)) for p in term.pauses)
            _move(pen, attrs.evolve(term, pauses=closed), "resumed", asked)


def _write_corrected(pen: Pen, act: Correct, asked: Asked) -> None:
    for term in pen.suggestion.terms:
        rule = pen.rules.term_rule(term.key.rule)
        if rule is None or not _is_anchor(pen.suggestion, rule, term, act):
            continue
        anchor, is_over = day(act.value), pen.suggestion.is_final
        if term.end == "not_computable" and term.key.unit in pen.suggestion.units and not is_over:
            _arm(pen, rule, term, anchor, asked)
        elif term.is_running and anchor != term.anchor_on:
            _move(pen, attrs.evolve(term, anchor_on=anchor), f"entry {act.entry} was corrected", asked)
            _rebut_corrected(pen, term, asked)


def _write_extended(pen: Pen, act: GrantExtension | DeclareExtension, asked: Asked) -> None:
    unit = act.unit if isinstance(act, GrantExtension) else asked.by.name
    until = act.until if act.until is not None else _granted(pen.suggestion, unit)
    extension = Extension(pen.suggestion.version, until, isinstance(act, GrantExtension))
    for term, _ in extendable(pen.rules, pen.suggestion, unit)[:1]:
        longer = attrs.evolve(term, extensions=(*term.extensions, extension))
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
            _move(pen, attrs.evolve(term, span=span), f"{pen.rules.ref} adopted", asked)


def _is_anchor(suggestion: Suggestion, rule: TermRule, term: Term, act: Correct) -> bool:
    """Whether *act*, which was the last to correct, corrected the day *term* counts from."""
    corrected = suggestion.corrections[-1].field
    if rule.counts_from:
        return corrected == f"suggestion.{rule.counts_from}"
    anchors = {"assigned_on"} if rule.anchor == "assigned" else {"on", "received_on"}
    return term.anchor_entry == act.entry and corrected.partition(".")[2] in anchors


def _arm(pen: Pen, rule: TermRule, term: Term, anchor: Day, asked: Asked) -> None:
    """A term taken over without its anchor learns it."""
    armed = attrs.evolve(term, anchor_on=anchor, span=span_of(rule, pen.suggestion))
    _move(pen, armed, "its anchor became known", asked)
    _pause_if_suspended(pen, rule, term.key, anchor, asked)
    for known in pen.suggestion.running_terms(rule.id, term.key.unit):
        _settle_taken_over(pen, rule, known, asked)


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


def _write_stopped(pen: Pen, act: Act, asked: Asked) -> None:
    if not isinstance(act, Suspend):
        return
    for term in tuple(pen.suggestion.running_terms()):
        rule = pen.rules.term_rule(term.key.rule)
        if rule is not None and rule.is_pausable:
            pen.write(TermPaused(term.key, Pause(pen.suggestion.next_entry, act.happened_on(asked))), asked)


def _write_begun(pen: Pen, before: Suggestion, act: Act, asked: Asked) -> None:
    for rule in pen.rules.terms:
        if not rule.applies_to(pen.suggestion):
            continue
        for unit, anchor_on in tuple(_beginnings(pen.suggestion, rule, before, act, asked)):
            start = rule.anchor_day(pen.suggestion, anchor_on)
            _begin(pen, rule, unit, before.next_entry, start, act, asked)
    _begin_dated(pen, before, act, asked)


def _beginnings(
    suggestion: Suggestion, rule: TermRule, before: Suggestion, act: Act, asked: Asked
) -> Iterator[tuple[str, Day | None]]:
    """Whose terms of *rule* the act begins, and the day each is anchored at."""
    if rule.anchor != "assigned":
        if rule.anchor == act.kind:
            yield from ((unit, act.happened_on(asked)) for unit in _whose(suggestion, rule, act.units(asked)))
        return
    fresh = suggestion.assignments[len(before.assignments) :]
    if rule.of == "whole":
        yield from (("", assignment.assigned_on) for assignment in fresh[:1])
    else:
        yield from ((a.unit, a.assigned_on) for a in fresh if a.role == rule.of)


def _whose(suggestion: Suggestion, rule: TermRule, units: tuple[str, ...]) -> tuple[str, ...]:
    if rule.of == "whole":
        return ("",)
    return tuple(a.unit for a in suggestion.active(rule.of) if a.unit in units)


def _begin(pen: Pen, rule: TermRule, unit: str, entry: int, anchor_on: Day | None, act: Act, asked: Asked) -> None:
    suggestion = pen.suggestion
    earlier = [t for t in suggestion.terms if (t.key.rule, t.key.unit) == (rule.id, unit)]
    if any(t.is_running for t in earlier):
        return
    assignment = suggestion.assignment_of(unit)
    key = TermKey(rule.id, unit, assignment.round if assignment else suggestion.round, len(earlier) + 1)
    if anchor_on is None:
        pen.write(TermSet(key, entry), asked)
        return
    span, notice = span_of(rule, suggestion), notice_for(rule, suggestion)
    try:
        statutory = reckon(pen.rules, anchor_on, span)
    except OutsideCalendar:
        if not isinstance(act, TakeOver):
            raise
        pen.write(TermSet(key, entry, anchor_on), asked)
        return
    counted = reckon(pen.rules, anchor_on, span, notice)
    pen.write(
        TermSet(
            key,
            entry,
            anchor_on,
            span,
            counted.unrolled_on,
            counted.due_on,
            notice,
            notice is not None and notice > statutory.due_on,
            counted.is_provisional,
        ),
        asked,
    )
    _pause_if_suspended(pen, rule, key, anchor_on, asked)
    if isinstance(act, TakeOver):
        for term in pen.suggestion.running_terms(rule.id, unit):
            _settle_taken_over(pen, rule, term, asked)


def _pause_if_suspended(pen: Pen, rule: TermRule, key: TermKey, anchor_on: Day, asked: Asked) -> None:
    """A pausable term that begins while the clock stands begins paused, from its anchor at the earliest."""
    began = pen.suggestion.suspended_on
    if rule.is_pausable and began is not None:
        pen.write(TermPaused(key, Pause(pen.suggestion.next_entry, max(began, anchor_on))), asked)


def _settle_taken_over(pen: Pen, rule: TermRule, term: Term, asked: Asked) -> None:
    """A term from before a take-over: met where a day says so, passed where nobody knows, else running."""
    reply = _known_reply(pen.suggestion, term.key.unit) if "replied" in rule.met_by else None
    taken_on, due_on = pen.suggestion.taken_over_on or asked.on, term.due_on or asked.on
    if reply is not None and reply.on is not None:
        pen.write(TermMet(term.key, reply.on, days_after(reply.on, due_on)), asked)
    elif reply is not None or due_on < taken_on:
        pen.write(TermPassed(term.key), asked)
    else:
        _write_lapsed(pen, term, taken_on, asked, "its day lies before the take-over")


def _known_reply(suggestion: Suggestion, unit: str) -> Answer | None:
    """The reply that meets a term of *unit*; for a term of the whole, the last one once all are in."""
    if unit:
        return suggestion.reply_of(unit)
    return suggestion.replies[-1] if suggestion.replies and not suggestion.owing else None


def _begin_dated(pen: Pen, before: Suggestion, act: Act, asked: Asked) -> None:
    """Terms with a day of their own: what was promised, and a supervision that wants an answer."""
    for commitment in pen.suggestion.commitments[len(before.commitments) :]:
        if commitment.due_on is not None:
            key = TermKey(COMMITMENT, commitment.unit, commitment.round, commitment.number)
            pen.write(_dated(key, commitment.entry, commitment.due_on, pen.rules), asked)
    if isinstance(act, Supervise) and act.answer_by is not None:
        number = len(pen.suggestion.supervisions)
        key = TermKey(SUPERVISION_ANSWER, act.unit, pen.suggestion.round, number)
        pen.write(_dated(key, before.next_entry, act.answer_by, pen.rules), asked)


def _dated(key: TermKey, entry: int, due_on: Day, rules: Rulebook) -> TermSet:
    return TermSet(key, entry, unrolled_on=due_on, due_on=due_on, is_provisional=not rules.calendar.is_known(due_on))
