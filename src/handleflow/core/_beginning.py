"""Which terms begin with an act, and from which day?"""

from __future__ import annotations

from collections.abc import Iterator

from handleflow.acts import (
    TakeOver,
    TermMet,
    TermPassed,
    TermPaused,
    TermSet,
)
from handleflow.core._misses import write_lapsed
from handleflow.core._pen import Pen
from handleflow.core.reckon import days_after, notice_for, reckon, span_of
from handleflow.errors import OutsideCalendar
from handleflow.legal_time import Day
from handleflow.model import Act, Asked, Suggestion, Term, TermKey
from handleflow.model.parts import Answer
from handleflow.model.term import COMMITMENT, SUPERVISION_ANSWER, Pause
from handleflow.rules import Rulebook, TermRule


def write_begun(pen: Pen, before: Suggestion, act: Act, asked: Asked) -> None:
    """The terms that *act* begins: a unit got its part, an event anchored one, a promise named a day."""
    for rule in pen.rules.terms:
        if not rule.applies_to(pen.suggestion):
            continue
        for unit, anchor_on in tuple(_beginnings(pen.suggestion, rule, before, act, asked)):
            start = rule.anchor_day(pen.suggestion, anchor_on)
            _begin(pen, rule, unit, before.next_entry, start, act, asked)
    _begin_dated(pen, before, asked)


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
    counted = statutory if notice is None else reckon(pen.rules, anchor_on, span, notice)
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
    pause_if_suspended(pen, rule, key, anchor_on, asked)
    if isinstance(act, TakeOver):
        for term in pen.suggestion.running_terms(rule.id, unit):
            settle_taken_over(pen, rule, term, asked)


def pause_if_suspended(pen: Pen, rule: TermRule, key: TermKey, anchor_on: Day, asked: Asked) -> None:
    """A pausable term that begins while the clock stands begins paused, from its anchor at the earliest."""
    began = pen.suggestion.suspended_on
    if rule.is_pausable and began is not None:
        pen.write(TermPaused(key, Pause(pen.suggestion.next_entry, max(began, anchor_on))), asked)


def settle_taken_over(pen: Pen, rule: TermRule, term: Term, asked: Asked) -> None:
    """A term from before a take-over: met where a day says so, passed where nobody knows, else running."""
    reply = _known_reply(pen.suggestion, term.key.unit) if "replied" in rule.met_by else None
    taken_on, due_on = pen.suggestion.taken_over_on or asked.on, term.due_on or asked.on
    if reply is not None and reply.on is not None:
        pen.write(TermMet(term.key, reply.on, days_after(reply.on, due_on)), asked)
    elif reply is not None or due_on < taken_on:
        pen.write(TermPassed(term.key), asked)
    else:
        write_lapsed(pen, term, taken_on, asked, "its day lies before the take-over")


def _known_reply(suggestion: Suggestion, unit: str) -> Answer | None:
    """The reply that meets a term of *unit*; for a term of the whole, the last one once all are in."""
    if unit:
        return suggestion.reply_of(unit)
    return suggestion.replies[-1] if suggestion.replies and not suggestion.owing else None


def _begin_dated(pen: Pen, before: Suggestion, asked: Asked) -> None:
    """Terms with a day of their own: what was promised, and a supervision that wants an answer."""
    for commitment in pen.suggestion.commitments[len(before.commitments) :]:
        if commitment.due_on is not None:
            key = TermKey(COMMITMENT, commitment.unit, commitment.round, commitment.number)
            pen.write(_dated(key, commitment.entry, commitment.due_on, pen.rules), asked)
    for supervision in pen.suggestion.supervisions[len(before.supervisions) :]:
        if supervision.answer_by is not None:
            key = TermKey(SUPERVISION_ANSWER, supervision.unit, pen.suggestion.round, supervision.number)
            pen.write(_dated(key, supervision.entry, supervision.answer_by, pen.rules), asked)


def _dated(key: TermKey, entry: int, due_on: Day, rules: Rulebook) -> TermSet:
    return TermSet(key, entry, unrolled_on=due_on, due_on=due_on, is_provisional=not rules.calendar.is_known(due_on))
