"""Which terms begin with an act, and from which day?"""

from __future__ import annotations

from collections.abc import Iterator

from handleflow.acts import TakeOver
from handleflow.core._misses import write_lapsed
from handleflow.core._plan import ASSIGNED
from handleflow.core._recorder import Recorder
from handleflow.core.due_day import compute_due_day, days_after, notice_for, span_of
from handleflow.errors import OutsideCalendar
from handleflow.events import TermMet, TermOutcomeUnknown, TermPaused, TermSet
from handleflow.legal_time import Day
from handleflow.model import Act, Provenance, Suggestion, Term, TermKey
from handleflow.model.nouns import Answer
from handleflow.model.term import COMMITMENT, SUPERVISION_ANSWER, Pause
from handleflow.rules import Rulebook, TermRule


def write_begun(
    recorder: Recorder, before: Suggestion, act: Act, provenance: Provenance, may_begin: tuple[TermRule, ...]
) -> None:
    """The terms that *act* begins: a unit got its part, an event anchored one, a promise named a day."""
    names_units = len(recorder.suggestion.assignments) > len(before.assignments)
    for rule in may_begin:
        if (rule.anchor == ASSIGNED and not names_units) or not rule.holds_for(recorder.suggestion):
            continue
        earlier = _terms_by_unit(recorder.suggestion, rule)
        for unit, round_, anchor_on in tuple(_beginnings(recorder.suggestion, rule, before, act, provenance)):
            terms = earlier.get(unit, ())
            if not any(term.is_running for term in terms):
                key = TermKey(rule.id, unit, round_, len(terms) + 1)
                start = rule.anchor_day(recorder.suggestion, anchor_on)
                _begin(recorder, rule, key, before.next_entry, start, act, provenance)
    _begin_dated(recorder, before, provenance)


def _terms_by_unit(suggestion: Suggestion, rule: TermRule) -> dict[str, list[Term]]:
    """The terms of *rule* there have been, looked through once: an act may name a thousand units."""
    found: dict[str, list[Term]] = {}
    for term in suggestion.terms:
        if term.key.rule == rule.id:
            found.setdefault(term.key.unit, []).append(term)
    return found


def _beginnings(
    suggestion: Suggestion, rule: TermRule, before: Suggestion, act: Act, provenance: Provenance
) -> Iterator[tuple[str, int, Day | None]]:
    """Whose terms of *rule* the act begins, in which round, and the day each is anchored at."""
    happened = act.happened_on(provenance)
    fresh = suggestion.assignments[len(before.assignments) :]
    if rule.of == "whole":
        days = [a.assigned_on for a in fresh[:1]] if rule.anchor == ASSIGNED else [happened]
        yield from (("", suggestion.round, on) for on in days)
    elif rule.anchor == ASSIGNED:
        yield from ((a.unit, a.round, a.assigned_on) for a in fresh if a.role == rule.of)
    else:
        units = act.units(provenance)
        yield from ((a.unit, a.round, happened) for a in suggestion.active(rule.of) if a.unit in units)


def _begin(
    recorder: Recorder,
    rule: TermRule,
    key: TermKey,
    entry: int,
    anchor_on: Day | None,
    act: Act,
    provenance: Provenance,
) -> None:
    if anchor_on is None:
        recorder.append(TermSet(key, entry), provenance)
        return
    try:
        begun = _counted(recorder.rules, recorder.suggestion, rule, key, entry, anchor_on)
    except OutsideCalendar:
        if not isinstance(act, TakeOver):
            raise
        recorder.append(TermSet(key, entry, anchor_on), provenance)
        return
    recorder.append(begun, provenance)
    pause_if_suspended(recorder, rule, key, anchor_on, provenance)
    if isinstance(act, TakeOver):
        for term in recorder.suggestion.running_terms(rule.id, key.unit):
            settle_taken_over(recorder, rule, term, provenance)


def _counted(
    rules: Rulebook, suggestion: Suggestion, rule: TermRule, key: TermKey, entry: int, anchor_on: Day
) -> TermSet:
    """The term of *rule* from its anchor on: its span, and its day by the law and by a notice."""
    span, notice = span_of(rule, suggestion), notice_for(rule, suggestion)
    statutory = compute_due_day(rules, anchor_on, span)
    counted = statutory if notice is None else compute_due_day(rules, anchor_on, span, notice)
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


def pause_if_suspended(
    recorder: Recorder, rule: TermRule, key: TermKey, anchor_on: Day, provenance: Provenance
) -> None:
    """A pausable term that begins while the clock stands begins paused, from its anchor at the earliest."""
    began = recorder.suggestion.suspended_on
    if rule.is_pausable and began is not None:
        recorder.append(TermPaused(key, Pause(recorder.suggestion.next_entry, max(began, anchor_on))), provenance)


def settle_taken_over(recorder: Recorder, rule: TermRule, term: Term, provenance: Provenance) -> None:
    """A term from before a take-over: met where a day says so, passed where nobody knows, else running."""
    reply = _known_reply(recorder.suggestion, term.key.unit) if "replied" in rule.met_by else None
    taken_on, due_on = recorder.suggestion.taken_over_on or provenance.on, term.due_on or provenance.on
    if reply is not None and reply.on is not None:
        recorder.append(TermMet(term.key, reply.on, days_after(reply.on, due_on)), provenance)
    elif reply is not None or due_on < taken_on:
        recorder.append(TermOutcomeUnknown(term.key), provenance)
    else:
        write_lapsed(recorder, term, taken_on, provenance, "its day lies before the take-over")


def _known_reply(suggestion: Suggestion, unit: str) -> Answer | None:
    """The reply that meets a term of *unit*; for a term of the whole, the last one once all are in."""
    if unit:
        return suggestion.reply_of(unit)
    return suggestion.replies[-1] if suggestion.replies and not suggestion.owing else None


def _begin_dated(recorder: Recorder, before: Suggestion, provenance: Provenance) -> None:
    """Terms with a day of their own: what was promised, and a supervision that wants an answer."""
    for commitment in recorder.suggestion.commitments[len(before.commitments) :]:
        if commitment.due_on is not None:
            key = TermKey(COMMITMENT, commitment.unit, commitment.round, commitment.number)
            recorder.append(_dated(key, commitment.entry, commitment.due_on, recorder.rules), provenance)
    for supervision in recorder.suggestion.supervisions[len(before.supervisions) :]:
        if supervision.answer_by is not None:
            key = TermKey(SUPERVISION_ANSWER, supervision.unit, recorder.suggestion.round, supervision.number)
            recorder.append(_dated(key, supervision.entry, supervision.answer_by, recorder.rules), provenance)


def _dated(key: TermKey, entry: int, due_on: Day, rules: Rulebook) -> TermSet:
    return TermSet(key, entry, unrolled_on=due_on, due_on=due_on, is_provisional=not rules.calendar.is_known(due_on))
