"""
Derived events: what follows from an act, or from a day that passes, and is written down with it?

An act says what it does to terms (期限), its ``Bearing``; the rulebook says which terms there are. Here they meet.
"""

from __future__ import annotations

from handleflow.acts import Reply, Resume
from handleflow.core import _anchors, _terms
from handleflow.core._adoption import write_adopted, write_of_another_class
from handleflow.core._met_terms import judge_again
from handleflow.core._plan import Plan, begun_by, kinds_of
from handleflow.core._recorder import Recorder
from handleflow.core.due_day import awaits_notice
from handleflow.core.rungs import DueStep, Ladder, speaks_in
from handleflow.events import (
    CommitmentOpened,
    DeadlineMissed,
    ReplyClassified,
    RungLapsed,
    SuspensionEnded,
)
from handleflow.legal_time import Day
from handleflow.legal_time.convention import shift
from handleflow.model import CLOCK, Bearing, Entry, Suggestion, Term, TermKey
from handleflow.model.bearing import NO_BEARING
from handleflow.model.changing import changed
from handleflow.model.nouns import PARTS, Answer, OutcomeSnapshot, Promise
from handleflow.model.term import Extension
from handleflow.rules import Rulebook
from handleflow.rules.builtin_checks import extendable, extended_by


def write_consequences(recorder: Recorder, before: Suggestion, plan: Plan) -> None:
    """
    Everything the rulebook contributes to the act written last, so that replay needs no rulebook.

    The order of these lines is the order of the entries, and so a part of every history and hash.
    """
    act = recorder.entries[-1]
    bearing = act.event.bearing(recorder.suggestion, act.provenance) if plan.has_bearing else NO_BEARING
    if bearing.passes_on:
        before = recorder.suggestion  # as if it had been the successor's from the beginning
        _drop_of_lost_roles(recorder)
    opened = _classify_replies(recorder, before, bearing)
    _end_suspension(recorder, act.happened_on)
    if plan.meets:
        _meet(recorder, before, plan, act, bearing)
    _drop(recorder, before)
    _drop_no_longer_so(recorder)
    if recorder.suggestion.corrections is not before.corrections:
        _correct(recorder)
    if bearing is not NO_BEARING:
        _move(recorder, act, bearing)
    if plan.is_anchor or len(recorder.suggestion.assignments) > len(before.assignments):
        _terms.begin(recorder, plan.begins, before, act, bearing)
    for entry in opened:
        promised = entry.event.bearing(recorder.suggestion, entry.provenance)
        _terms.begin(recorder, begun_by(recorder.rules, (entry.kind,)), before, entry, promised)
    if recorder.rules.rungs:
        _write_overtaken(recorder, before)


def _classify_replies(recorder: Recorder, before: Suggestion, bearing: Bearing) -> list[Entry]:
    """What the class of a reply means, and what it promised; the entries of the commitments that this opened."""
    opened: list[Entry] = []
    if recorder.suggestion.replies is before.replies and not bearing.recounts:
        return opened
    for reply in recorder.suggestion.replies:
        outcome = recorder.rules.outcome(reply.outcome) if reply.outcome and reply.snapshot is None else None
        if outcome is not None and reply.unit is not None:
            recorder.append(ReplyClassified(reply.unit, reply.round, outcome.snapshot))
            for promise in bearing.promises or _promised(recorder.suggestion, reply, outcome.snapshot):
                number, promised_on = len(recorder.suggestion.commitments) + 1, reply.on or recorder.provenance.on
                text, due_on = promise.text, promise.due_on
                recorder.append(CommitmentOpened(number, promised_on, reply.unit, text, reply.round, due_on))
                opened.append(recorder.entries[-1])
    return opened


def _promised(suggestion: Suggestion, reply: Answer, snapshot: OutcomeSnapshot) -> tuple[Promise, ...]:
    """A class that is a promise in itself is followed though the reply names no single one."""
    whose = (reply.unit, reply.round)
    if not snapshot.is_commitment or any((c.unit, c.round) == whose for c in suggestion.commitments):
        return ()
    return (Promise(reply.text or snapshot.label),)


def _end_suspension(recorder: Recorder, on: Day) -> None:
    """Where nobody could resume it any more, the suspension ends by itself and the clocks go on."""
    if not recorder.suggestion.is_suspended_on(on):
        return
    left = recorder.rules.lifecycle.leaving(recorder.suggestion.state)
    if not any(Resume.kind in kinds_of(transition.act) for transition in left):
        recorder.append(SuspensionEnded(on))
        _resume(recorder, on)


def _resume(recorder: Recorder, on: Day) -> None:
    for term in tuple(recorder.suggestion.running_terms()):
        _terms.resume(recorder, term, on)


def _meet(recorder: Recorder, before: Suggestion, plan: Plan, act: Entry, bearing: Bearing) -> None:
    """The running terms that the act meets; one of the whole that replies meet waits for the last that is due."""
    units, suggestion = _terms.units_of(act, bearing), recorder.suggestion
    for term in suggestion.terms:
        rule = plan.meets.get(term.key.rule) if term.is_running else None
        if rule is None:
            continue
        if rule.span is None and bearing.ref is not None:
            is_met = term.key.ref == bearing.ref
        elif term.key.unit:
            is_met = term.key.unit in units
        else:
            is_met = len(suggestion.replies) == len(before.replies) or not suggestion.leads_without_reply
        if is_met:
            _terms.meet(recorder, term, act.happened_on)


def _drop(recorder: Recorder, before: Suggestion) -> None:
    """The terms of a life that is over, of units relieved of their parts, and of replies that are asked for again."""
    suggestion = recorder.suggestion
    is_over = recorder.rules.is_over(suggestion)
    if not is_over and (suggestion.assignments is before.assignments or not suggestion.terms):
        return
    parts = {(a.unit, a.entry) for a in suggestion.active()}
    relieved = {a.unit for a in before.active() if (a.unit, a.entry) not in parts}
    rounds = {a.unit: a.round for a in suggestion.active()}
    for term in tuple(suggestion.running_terms()):
        rule, unit = recorder.rules.term_rule(term.key.rule), term.key.unit
        if is_over:
            _terms.drop(recorder, term, "over")
        elif unit in relieved and (rule is None or not rule.outlives_its_part):
            _terms.drop(recorder, term, "relieved")
        elif rule is not None and rule.anchor == Reply.kind and term.key.round < rounds.get(unit, 0):
            _terms.drop(recorder, term, "handled_again")


def _drop_no_longer_so(recorder: Recorder) -> None:
    """The terms whose rules ask for what is so no more: a rating was set right, publication was ruled out."""
    for rule in recorder.rules.terms_with_condition:
        if rule.when is not None and not rule.when(recorder.suggestion):
            for term in tuple(recorder.suggestion.running_terms(rule.id)):
                _terms.drop(recorder, term, "no_longer_so")


def _drop_of_lost_roles(recorder: Recorder) -> None:
    """The terms of a unit that leads from here on, or leads no more, which were those of its other role."""
    roles = {a.unit: a.role for a in recorder.suggestion.active()}
    for term in tuple(recorder.suggestion.running_terms()):
        rule, role = recorder.rules.term_rule(term.key.rule), roles.get(term.key.unit)
        if rule is not None and role is not None and rule.of in PARTS and rule.of != role:
            _terms.drop(recorder, term, "relieved")


def _correct(recorder: Recorder) -> None:
    """The terms that count from what was just set right, hang on it, or were met on that day."""
    correction = recorder.suggestion.corrections[-1]
    if correction.field in {"suggestion.is_long_track", "suggestion.in_session", "suggestion.notice_on"}:
        write_of_another_class(recorder, correction)
        return
    for term in recorder.suggestion.terms:
        _anchors.correct(recorder, recorder.rules.term_rule(term.key.rule), term, correction)
    judge_again(recorder, correction)


def _move(recorder: Recorder, act: Entry, bearing: Bearing) -> None:
    """The terms that the act anchors anew, extends, resumes, has counted anew by another version, or pauses."""
    if bearing.anchored_on is not None:
        _anchors.receive(recorder, act, _terms.units_of(act, bearing), bearing.anchored_on)
    _extend(recorder, act, bearing)
    if bearing.resumed_on is not None:
        _resume(recorder, bearing.resumed_on)
    if bearing.recounts:
        write_adopted(recorder)
    if bearing.paused_on is not None:
        until = bearing.paused_until
        if bearing.paused_within is not None:
            until = shift(bearing.paused_on, bearing.paused_within, recorder.rules.calendar)
        _pause(recorder, bearing.paused_on, until)


def _extend(recorder: Recorder, act: Entry, bearing: Bearing) -> None:
    """The first term of each unit that may be lengthened, until a day, or by a span from the day it has."""
    within, by_consent = bearing.extended_within, bearing.by_consent
    for unit in _terms.units_of(act, bearing):
        for term, _ in extendable(recorder.rules, recorder.suggestion, unit)[:1]:
            given = extended_by(recorder.rules, term, within) if within is not None else None
            last = given.unrolled_on if given else bearing.extended_until
            if last is not None:
                extension = Extension(act.number, last, by_consent, act.happened_on, within, bearing.asked_on)
                longer = changed(term, extensions=(*term.extensions, extension))
                _terms.move(recorder, longer, "extended", extension)


def _pause(recorder: Recorder, on: Day, until: Day | None) -> None:
    if until is not None:
        recorder.append(SuspensionEnded(until))
    for term in tuple(recorder.suggestion.running_terms()):
        rule = recorder.rules.term_rule(term.key.rule)
        if rule is not None and rule.is_pausable:
            _terms.pause(recorder, term, on, until)


def _write_overtaken(recorder: Recorder, before: Suggestion) -> None:
    """
    The rungs whose day had come and which the act made pointless: the silence is broken, the unit relieved.

    Those that only now hold for it, since it became a key suggestion, do not speak of days before.
    """
    _write_pointless(recorder, before)
    _write_too_late(recorder, before)


def _write_pointless(recorder: Recorder, before: Suggestion) -> None:
    rungs = recorder.rules.rungs_of_facts
    if not rungs:
        return
    waiting = Ladder(recorder.rules, before)
    waited = set(map(_chance, waiting.next_ones(recorder.provenance.on, rungs)))
    if not waited:
        return
    after = recorder.suggestion
    alive = set(map(_chance, Ladder(recorder.rules, after).next_ones())) if speaks_in(recorder.rules, after) else ()
    gone = waited.difference(alive)
    claimed = frozenset(after.firing_keys) if gone else ()
    for passed in waiting.passed(recorder.provenance.on, rungs) if gone else ():
        if _chance(passed) in gone and passed.firing_key not in claimed:
            recorder.append(RungLapsed(passed.firing_key, passed.on, "no_longer_so"))


def _write_too_late(recorder: Recorder, before: Suggestion) -> None:
    rungs, today = recorder.rules.rungs_of_some, recorder.provenance.on
    if not rungs:
        return
    come = [o for o in Ladder(recorder.rules, recorder.suggestion).passed(today, rungs) if o.on < today]
    known = set(map(_chance, Ladder(recorder.rules, before).next_ones(rungs=rungs))) if come else ()
    for passed in come:
        if _chance(passed) not in known:
            recorder.append(RungLapsed(passed.firing_key, passed.on, "passed_before"))


def _chance(step: DueStep) -> tuple[TermKey, str]:
    return step.firing_key.term, step.rung.id


def write_misses(recorder: Recorder, on: Day) -> None:
    """The terms whose day has passed unmet by *on*, oldest first, by the clock."""
    for missed in misses(recorder.rules, recorder.suggestion, on) if recorder.suggestion.terms else ():
        recorder.append(missed, changed(recorder.provenance, by=CLOCK))


def misses(rules: Rulebook, suggestion: Suggestion, on: Day) -> tuple[DeadlineMissed, ...]:
    """The misses that are news on *on*: running terms whose day lies before it, oldest first."""
    found = [
        DeadlineMissed(term.key, term.due_on)
        for term in suggestion.running_terms()
        if term.status(on) == "overdue" and term.due_on is not None and may_be_missed(rules, term)
    ]
    return tuple(sorted(found, key=lambda missed: missed.due_on)) if found else ()


def may_be_missed(rules: Rulebook, term: Term) -> bool:
    """
    Whether a miss of its present day would be news: the clock runs and none is written since it moved.

    While the notice that may move the day is outstanding, a miss waits for it.
    """
    if term.is_paused or term.due_on is None or awaits_notice(rules.calendar, term):
        return False
    return term.missed_on is None or term.missed_on < term.due_on or term.is_rebutted
