"""Corrected anchors: what becomes of a deadline (期限) when the day that it counts from is set right?"""

from __future__ import annotations

from handleflow.acts import Suspend
from handleflow.core import _terms
from handleflow.core._plan import ASSIGNED
from handleflow.core._recorder import Recorder
from handleflow.core.due_day import span_of
from handleflow.events import TermUndated
from handleflow.legal_time import Day, day
from handleflow.model import Term
from handleflow.model.changing import changed
from handleflow.model.corrections import Correction
from handleflow.model.term import Pause
from handleflow.rules import TermRule


def correct_anchor(recorder: Recorder, rule: TermRule | None, term: Term, correction: Correction) -> None:
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
    anchor = day(correction.new)
    if term.end not in {"not_computable", "unknown"}:
        pauses = tuple(_from_anchor(recorder, pause, anchor) for pause in term.pauses)
        anchored = changed(term, anchor_on=anchor, pauses=pauses)
        _terms.move(recorder, anchored, "corrected", corrected=correction.corrected)
    elif anchor != term.anchor_on and _is_still_owed(recorder, term):
        _date(recorder, rule, term, anchor, correction)


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


def _date(recorder: Recorder, rule: TermRule, term: Term, anchor: Day, correction: Correction) -> None:
    """A term that had no day, or of which nobody knew how it ended by a wrong one, has a day and goes by that."""
    if term.end == "unknown":
        recorder.append(TermUndated(term.key, correction.corrected))
    known = changed(term, end="not_computable", anchor_on=anchor, span=span_of(rule, recorder.suggestion))
    _terms.move(recorder, known, "anchor_known")
    _terms.pause_begun(recorder, rule, term.key, anchor)
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
    anchors = {"assigned_on"} if rule.anchor == ASSIGNED else {"on", "received_on"}
    return term.anchor_entry == correction.corrected and correction.field.partition(".")[2] in anchors
