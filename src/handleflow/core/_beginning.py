"""Which terms begin with an act, and from which day?"""

from __future__ import annotations

from collections.abc import Iterator

from handleflow.acts import (
    TakeOver,
    TermMet,
    TermOutcomeUnknown,
    TermPaused,
    TermSet,
)
from handleflow.core._misses import write_lapsed
from handleflow.core._pen import Pen
from handleflow.core._plan import ASSIGNED
from handleflow.core.reckon import days_after, notice_for, reckon, span_of
from handleflow.errors import OutsideCalendar
from handleflow.legal_time import Day
from handleflow.model import Act, Asked, Suggestion, Term, TermKey
from handleflow.model.parts import Answer
from handleflow.model.term import COMMITMENT, SUPERVISION_ANSWER, Pause
from handleflow.rules import Rulebook, TermRule


def write_begun(pen: Pen, before: Suggestion, act: Act, asked: Asked, may_begin: tuple[TermRule, ...]) -> None:
    """The terms that *act* begins: a unit got its part, an event anchored one, a promise named a day."""
    names_units = len(pen.suggestion.assignments) > len(before.assignments)
    for rule in may_begin:
        if (rule.anchor == ASSIGNED and not names_units) or not rule.holds_for(pen.suggestion):
            continue
        earlier = _terms_by_unit(pen.suggestion, rule)
        for unit, round_, anchor_on in tuple(_beginnings(pen.suggestion, rule, before, act, asked)):
            terms = earlier.get(unit, ())
            if not any(term.is_running for term in terms):
                key = TermKey(rule.id, unit, round_, len(terms) + 1)
                start = rule.anchor_day(pen.suggestion, anchor_on)
                _begin(pen, rule, key, before.next_entry, start, act, asked)
    _begin_dated(pen, before, asked)


def _terms_by_unit(suggestion: Suggestion, rule: TermRule) -> dict[str, list[Term]]:
    """The terms of *rule* there have been, looked through once: an act may name a thousand units."""
    found: dict[str, list[Term]] = {}
    for term in suggestion.terms:
        if term.key.rule == rule.id:
            found.setdefault(term.key.unit, []).append(term)
    return found


def _beginnings(
    suggestion: Suggestion, rule: TermRule, before: Suggestion, act: Act, asked: Asked
) -> Iterator[tuple[str, int, Day | None]]:
    """Whose terms of *rule* the act begins, in which round, and the day each is anchored at."""
    happened = act.happened_on(asked)
    fresh = suggestion.assignments[len(before.assignments) :]
    if rule.of == "whole":
        days = [a.assigned_on for a in fresh[:1]] if rule.anchor == ASSIGNED else [happened]
        yield from (("", suggestion.round, on) for on in days)
    elif rule.anchor == ASSIGNED:
        yield from ((a.unit, a.round, a.assigned_on) for a in fresh if a.role == rule.of)
    else:
        units = act.units(asked)
        yield from ((a.unit, a.round, happened) for a in suggestion.active(rule.of) if a.unit in units)


def _begin(pen: Pen, rule: TermRule, key: TermKey, entry: int, anchor_on: Day | None, act: Act, asked: Asked) -> None:
    if anchor_on is None:
        pen.write(TermSet(key, entry), asked)
        return
    try:
        begun = _counted(pen.rules, pen.suggestion, rule, key, entry, anchor_on)
    except OutsideCalendar:
        if not isinstance(act, TakeOver):
            raise
        pen.write(TermSet(key, entry, anchor_on), asked)
        return
    pen.write(begun, asked)
    pause_if_suspended(pen, rule, key, anchor_on, asked)
    if isinstance(act, TakeOver):
        for term in pen.suggestion.running_terms(rule.id, key.unit):
            settle_taken_over(pen, rule, term, asked)


def _counted(
    rules: Rulebook, suggestion: Suggestion, rule: TermRule, key: TermKey, entry: int, anchor_on: Day
) -> TermSet:
    """The term of *rule* from its anchor on: its span, and its day by the law and by a notice."""
    span, notice = span_of(rule, suggestion), notice_for(rule, suggestion)
    statutory = reckon(rules, anchor_on, span)
    counted = statutory if notice is None else reckon(rules, anchor_on, span, notice)
    return TermSet(
        key,
        entry,
        anchor_on,
        span,
        counted.unrolled_on,
        counted.due_on,
        notice,
        is_notice_late=notice is not None and notice > statutory.due_on,
        is_provisional=counted.is_provisional,
    )


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
        pen.write(TermOutcomeUnknown(term.key), asked)
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
