"""
Anchors of deadlines: which day does a term (期限) count from, once a correction or an office says another one?

What stopped its clock and let it go on is set right with it.
"""

from __future__ import annotations

from collections.abc import Mapping

from handleflow.acts import Resume, Suspend
from handleflow.core import _terms
from handleflow.core._lateness import judge
from handleflow.core._plan import AT_ASSIGNMENT, kinds_of
from handleflow.core._recorder import Recorder
from handleflow.core.due_day import span_of
from handleflow.events import TermUndated
from handleflow.legal_time import Day, day
from handleflow.legal_time.convention import shift
from handleflow.model import Act, Entry, Event, Term
from handleflow.model.changing import changed
from handleflow.model.corrections import Correction
from handleflow.model.term import Pause
from handleflow.rules import TermRule


def correct(recorder: Recorder, rule: TermRule | None, term: Term, correction: Correction) -> None:
    """
    Where it is the day that *term* counts from that was set right, it moves.

    Without a day so far, it has one; where that day is unknown now, it has none.
    """
    if rule is None or not _counts_from(rule, term, correction):
        return
    if correction.new is None:
        if term.is_running:
            recorder.append(TermUndated(term.key, correction.corrected))
        return
    anchored = changed(term, anchor_on=day(correction.new))
    if term.end == "unknown" and anchored != term and _is_still_owed(recorder, term):
        recorder.append(TermUndated(term.key, correction.corrected))
    _anchor(recorder, rule, term, anchored, "corrected", correction.corrected)


def receive(recorder: Recorder, act: Entry, units: tuple[str, ...], on: Day) -> None:
    """The terms of the parts that *units* have now count from *on*, where their rule is anchored at what *act* is."""
    parts = {(a.unit, a.entry) for a in recorder.suggestion.active() if a.unit in units}
    kinds = kinds_of(type(act.event)) if isinstance(act.event, Act) else ()
    for term in recorder.suggestion.terms:
        rule = recorder.rules.term_rule(term.key.rule)
        is_its = (term.key.unit, term.anchor_entry) in parts
        if rule is not None and is_its and rule.anchor in kinds and not rule.counts_from:
            _anchor(recorder, rule, term, changed(term, anchor_on=on, anchor_entry=act.number), "received")


def _anchor(
    recorder: Recorder, rule: TermRule, term: Term, anchored: Term, reason: str, corrected: int | None = None
) -> None:
    """What becomes of *term* where it counts from another day than it did, as it would now stand *anchored*."""
    if term.end not in {"not_computable", "unknown"}:
        pauses = tuple(_from_anchor(recorder, pause, anchored.anchor_on or pause.start) for pause in term.pauses)
        _terms.move(recorder, changed(anchored, pauses=pauses), reason, corrected=corrected)
    elif anchored != term and _is_still_owed(recorder, term):
        _date(recorder, rule, term, anchored)


def _from_anchor(recorder: Recorder, pause: Pause, anchor: Day) -> Pause:
    """A pause that begins when the clock was stopped, where the history says so, but no earlier than the anchor."""
    earlier = (each for each in reversed(recorder.history) if each.number < pause.entry)
    stopped_on = next((each.happened_on for each in earlier if isinstance(each.event, Suspend)), pause.start)
    start = max(stopped_on, anchor)
    return changed(pause, start=start if pause.end is None else min(start, pause.end))


def _is_still_owed(recorder: Recorder, term: Term) -> bool:
    """Whether it is open, and of the whole or of a unit that has a part in it."""
    suggestion = recorder.suggestion
    return term.key.unit in {"", *suggestion.units} and not recorder.rules.is_over(suggestion)


def _date(recorder: Recorder, rule: TermRule, term: Term, anchored: Term) -> None:
    """A term that had no day, or of which nobody knew how it ended by a wrong one, has a day and goes by that."""
    known = changed(anchored, end="not_computable", span=span_of(rule, recorder.suggestion))
    _terms.move(recorder, known, "anchor_known")
    _terms.pause_begun(recorder, rule, term.key, anchored.anchor_on or recorder.provenance.on)
    if term.original_on is None or term.end == "unknown":
        _terms.settle_taken_over(recorder, rule, term.key)
    else:
        _settle_dated_again(recorder, rule, term)


def _settle_dated_again(recorder: Recorder, rule: TermRule, before: Term) -> None:
    """A term that had a day, and for a time none: what was replied meanwhile meets it."""
    reply = _terms.known_reply(recorder.suggestion, before.key.unit) if "replied" in rule.met_by else None
    term = recorder.suggestion.term(before.key)
    if term is not None and reply is not None and reply.on is not None:
        _terms.meet(recorder, term, reply.on)


def _counts_from(rule: TermRule, term: Term, correction: Correction) -> bool:
    if rule.counts_from:
        return correction.field == f"suggestion.{rule.counts_from}"
    noun, _, name = correction.field.partition(".")
    is_its_day = (
        (noun, name) in {("assignment", "assigned_on"), ("receipt", "on")}
        if rule.anchor in AT_ASSIGNMENT
        else name in {"on", "received_on"}
    )
    return term.anchor_entry == correction.corrected and is_its_day


def write_corrected(recorder: Recorder, days: Mapping[int, tuple[Day, Day]]) -> None:
    """What becomes of terms whose beginning, standstill or end was on another day than was thought."""
    right_days = {right for _, right in days.values()}
    stops = [(each.number, each.event, *days[each.number]) for each in recorder.history if each.number in days]
    receipts = {a.receipt.entry for a in recorder.suggestion.assignments if a.receipt}  # these name their own day
    for term in recorder.suggestion.terms:
        was, right = days.get(term.anchor_entry, (None, None)) if term.anchor_entry not in receipts else (None, None)
        anchored = changed(term, anchor_on=right) if right is not None and term.anchor_on == was else term
        paused = changed(anchored, pauses=tuple(_pause_on(recorder, anchored, each, stops) for each in term.pauses))
        if paused != term:
            _terms.move(recorder, paused, "time_corrected", corrected=term.anchor_entry)
        if term.ended_on in right_days:
            judge(recorder, term.key)


def _pause_on(recorder: Recorder, term: Term, pause: Pause, stops: list[tuple[int, Event, Day, Day]]) -> Pause:
    """A pause by the right days of what stopped the clock and let it go on; it reaches back to the anchor at most."""
    for number, event, was, right in stops:
        if isinstance(event, Suspend) and pause.start == was and number < pause.entry:
            until = shift(right, event.within, recorder.rules.calendar) if event.within else pause.end
            pause = changed(pause, start=max(right, term.anchor_on or right), end=until if pause.end else None)
        elif isinstance(event, Resume) and pause.end == was and number > pause.entry:
            pause = changed(pause, end=max(pause.start, right))
    return pause
