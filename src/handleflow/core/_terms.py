"""
Deadline bookkeeping: how does a term (期限) begin, move, stop and go on? The changes of its ledger, each written
down.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from handleflow.core._lateness import judge
from handleflow.core._plan import AT_ASSIGNMENT
from handleflow.core._recorder import Recorder
from handleflow.core.due_day import compute_due_day, days_after, notice_for, span_of
from handleflow.core.rungs import Ladder
from handleflow.errors import OutsideCalendar
from handleflow.events import (
    RungLapsed,
    TermDropped,
    TermMet,
    TermMoved,
    TermOutcomeUnknown,
    TermPaused,
    TermSet,
)
from handleflow.legal_time import Day, Span
from handleflow.model import Bearing, Entry, Suggestion, Term, TermKey
from handleflow.model.changing import changed
from handleflow.model.nouns import Answer, Assignment
from handleflow.model.term import Extension, Pause, last_ref
from handleflow.rules import TermRule


def begin(recorder: Recorder, rules: Iterable[TermRule], before: Suggestion, entry: Entry, bearing: Bearing) -> None:
    """The terms of *rules* that *entry* begins: those whose day it names, and those counted, unless one runs."""
    fresh = recorder.suggestion.assignments[len(before.assignments) :]
    for rule in rules:
        has_anchor = fresh or rule.anchor not in AT_ASSIGNMENT
        has_day = rule.span is not None or bearing.due_on is not None
        if not (has_anchor and has_day and rule.begins_for(recorder.suggestion)):
            continue
        earlier = _terms_by_unit(recorder.suggestion, rule)
        for unit, round_, anchor_on in tuple(_anchored(recorder.suggestion, rule, fresh, entry, bearing)):
            terms = earlier.get(unit, ())
            key = TermKey(rule.id, unit, round_, next_ref(recorder.suggestion, rule, unit, terms))
            if rule.span is None and bearing.due_on is not None:
                _begin_dated(recorder, changed(key, ref=bearing.ref or key.ref), entry, bearing.due_on)
            elif not any(term.is_running for term in terms):
                _begin_counted(
                    recorder, rule, before, key, entry.number, rule.anchor_day(recorder.suggestion, anchor_on)
                )


def next_ref(suggestion: Suggestion, rule: TermRule, unit: str, terms: Iterable[Term] | None = None) -> int:
    """
    The number of the next term of *rule* that *unit* has, beside *terms*, those it had where somebody looked.

    One that a unit had before another one succeeded it is not given twice.
    """
    keys = (term.key for term in (suggestion.terms if terms is None else terms))
    return 1 + last_ref(key for key in (*keys, *suggestion.keys_passed_on) if key.is_of(rule.id, unit))


def _terms_by_unit(suggestion: Suggestion, rule: TermRule) -> dict[str, list[Term]]:
    """The terms of *rule* there have been, looked through once: an act may name a thousand units."""
    found: dict[str, list[Term]] = {}
    for term in suggestion.terms:
        if term.key.rule == rule.id:
            found.setdefault(term.key.unit, []).append(term)
    return found


def _anchored(
    suggestion: Suggestion, rule: TermRule, fresh: tuple[Assignment, ...], entry: Entry, bearing: Bearing
) -> Iterator[tuple[str, int, Day | None]]:
    """Whose terms of *rule* the entry begins, in which round, and the day each is anchored at."""
    if rule.anchor in AT_ASSIGNMENT and rule.of == "whole":
        yield "", suggestion.round, fresh[0].assigned_on
    elif rule.anchor in AT_ASSIGNMENT:
        yield from ((a.unit, a.round, a.assigned_on) for a in fresh if rule.of in {a.role, "unit"})
    elif rule.of == "whole":
        yield "", suggestion.round, entry.happened_on
    elif rule.of == "unit":
        round_ = bearing.round or suggestion.round
        yield from ((unit, round_, entry.happened_on) for unit in units_of(entry, bearing))
    else:
        units = units_of(entry, bearing)
        yield from ((a.unit, a.round, entry.happened_on) for a in suggestion.active(rule.of) if a.unit in units)


def units_of(entry: Entry, bearing: Bearing) -> tuple[str, ...]:
    """The units whose terms the entry bears on."""
    return entry.event.units(entry.provenance) if bearing.units is None else bearing.units


def _begin_dated(recorder: Recorder, key: TermKey, entry: Entry, due_on: Day) -> None:
    """A term whose day somebody named: what was promised, what a supervision asks for."""
    is_provisional = not recorder.rules.calendar.is_known(due_on)
    recorder.append(TermSet(key, entry.number, unrolled_on=due_on, due_on=due_on, is_provisional=is_provisional))


def _begin_counted(
    recorder: Recorder, rule: TermRule, before: Suggestion, key: TermKey, entry: int, anchor_on: Day | None
) -> None:
    """A term counted from its anchor; one that a take-over begins may be over, or older than the calendar."""
    suggestion = recorder.suggestion
    is_taken_over, span = suggestion.taken_over_on != before.taken_over_on, span_of(rule, suggestion)
    if anchor_on is None or span is None:
        recorder.append(TermSet(key, entry))
        return
    try:
        begun = _counted(recorder, rule, key, entry, anchor_on, span)
    except OutsideCalendar:
        if not is_taken_over:
            raise
        recorder.append(TermSet(key, entry, anchor_on))
        return
    recorder.append(begun)
    pause_begun(recorder, rule, key, anchor_on)
    if is_taken_over:
        settle_taken_over(recorder, rule, key)


def _counted(recorder: Recorder, rule: TermRule, key: TermKey, entry: int, anchor_on: Day, span: Span) -> TermSet:
    """The term of *rule* from its anchor on: its span, and its day by the law and by a notice."""
    notice = notice_for(rule, recorder.suggestion)
    statutory = compute_due_day(recorder.rules, anchor_on, span)
    counted = statutory
    if notice is not None:
        counted = compute_due_day(recorder.rules, anchor_on, span, Term(key, entry, notice_on=notice))
    is_late = notice is not None and notice > statutory.due_on
    days = counted.unrolled_on, counted.due_on, notice, is_late, counted.is_provisional
    return TermSet(key, entry, anchor_on, span, *days)


def settle_taken_over(recorder: Recorder, rule: TermRule, key: TermKey) -> None:
    """Terms from before a take-over: met where a day says so, of unknown end where nobody knows, else running."""
    reply = known_reply(recorder.suggestion, key.unit) if "replied" in rule.met_by else None
    taken_on = recorder.suggestion.taken_over_on or recorder.provenance.on
    for term in recorder.suggestion.running_terms(key.rule, key.unit):
        due_on = term.due_on or recorder.provenance.on
        if reply is not None and reply.on is not None:
            recorder.append(TermMet(term.key, reply.on, days_after(reply.on, due_on)))
        elif reply is not None or due_on < taken_on:
            recorder.append(TermOutcomeUnknown(term.key))
        else:
            lapse(recorder, term, taken_on, "before_take_over")


def known_reply(suggestion: Suggestion, unit: str) -> Answer | None:
    """The reply that meets a term of *unit*; for a term of the whole, the last one once all are in."""
    if unit:
        return suggestion.reply_of(unit)
    return suggestion.replies[-1] if suggestion.replies and not suggestion.leads_without_reply else None


def move(
    recorder: Recorder, term: Term, reason: str, extension: Extension | None = None, corrected: int | None = None
) -> None:
    """
    Write that *term*, as it would now stand, moves, and judge it by its new day.

    Nothing when its day stays and nothing was stopped, nor where its day says nothing any more: nobody knows how it
    ended.
    """
    start, span = term.anchor_on, term.span
    if start is None or span is None or (term.end == "unknown" and not term.is_breached):
        return
    counted = compute_due_day(recorder.rules, start, span, term)
    due, unrolled, is_provisional = counted.due_on, counted.unrolled_on, counted.is_provisional
    was = recorder.suggestion.term(term.key) or term
    anchor = term.anchor_entry if term.anchor_entry != was.anchor_entry else None
    stood = was.due_on, was.unrolled_on, was.anchor_on, was.is_provisional, was.pauses, was.notice_on
    if anchor or stood != (due, unrolled, start, is_provisional, term.pauses, term.notice_on):
        rests_on = start, span, term.pauses, extension, is_provisional
        recorder.append(TermMoved(term.key, due, unrolled, reason, *rests_on, corrected, anchor))
        if was.end == "met" and was.ended_on is not None:
            recorder.append(TermMet(term.key, was.ended_on, days_after(was.ended_on, due)))
        judge(recorder, term.key)


def pause(recorder: Recorder, term: Term, on: Day, until: Day | None) -> None:
    """
    A stop told late reaches back to the anchor at most; a day missed while the clock stood was not missed.

    A day that had passed before the clock stood is not moved by it. One announced *until* a day moves it at once.
    """
    if term.is_paused or term.status(on) == "overdue":
        return
    _stop(recorder, term.key, max(on, term.anchor_on or on), until)
    judge(recorder, term.key)


def pause_begun(recorder: Recorder, rule: TermRule, key: TermKey, anchor_on: Day) -> None:
    """A pausable term that begins while the clock stands begins paused, from its anchor at the earliest."""
    began = recorder.suggestion.suspended_on
    if rule.is_pausable and began is not None:
        _stop(recorder, key, max(began, anchor_on), recorder.suggestion.suspended_until)


def _stop(recorder: Recorder, key: TermKey, start: Day, until: Day | None) -> None:
    """The clock of a term stops, unless what was announced is over by *start*."""
    if until is not None and until <= start:
        return
    recorder.append(TermPaused(key, Pause(recorder.suggestion.next_entry, start, until, until is not None)))
    stopped = recorder.suggestion.term(key)
    if until is not None and stopped is not None:
        move(recorder, stopped, "suspended")


def resume(recorder: Recorder, term: Term, on: Day) -> Term:
    """*term* with its clock going on from *on*; as it was where its clock does not stand."""
    closed = tuple(_closed(pause, on) for pause in term.pauses)
    if closed == term.pauses:
        return term
    move(recorder, changed(term, pauses=closed), "resumed")
    return recorder.suggestion.term(term.key) or term


def _closed(pause: Pause, on: Day) -> Pause:
    """A pause that is over by *on*; what was announced for longer ends earlier."""
    if pause.end is None or (pause.is_announced and on < pause.end):
        return changed(pause, end=max(pause.start, on), is_announced=False)
    return pause


def meet(recorder: Recorder, term: Term, on: Day) -> None:
    """*term* ends by what it waited for, on *on*; its clock goes on first."""
    resumed = resume(recorder, term, on)
    lapse(recorder, resumed, recorder.provenance.on, "term_met")
    recorder.append(TermMet(term.key, on, days_after(on, resumed.due_on) if resumed.due_on else 0))
    judge(recorder, term.key)


def drop(recorder: Recorder, term: Term, reason: str) -> None:
    """*term* ends without being met, and its rungs with it."""
    lapse(recorder, term, recorder.provenance.on, reason)
    recorder.append(TermDropped(term.key, reason))


def lapse(recorder: Recorder, term: Term, until: Day, reason: str) -> None:
    """The rungs of *term* whose day had come by *until* will not speak."""
    rungs = recorder.rules.rungs_of(term.key.rule) if recorder.rules.rungs else ()
    for passed in Ladder(recorder.rules, recorder.suggestion).passed(until, rungs) if rungs else ():
        if passed.firing_key.term == term.key:
            recorder.append(RungLapsed(passed.firing_key, passed.on, reason))
