"""Judgement of met deadlines: what becomes of a term whose reply came on another day than was recorded?"""

from __future__ import annotations

from collections.abc import Iterator

from handleflow.core._lateness import judge
from handleflow.core._recorder import Recorder
from handleflow.core.due_day import days_after
from handleflow.events import MissRebutted, TermMet, TermOutcomeUnknown
from handleflow.legal_time import Day, day
from handleflow.model import Term
from handleflow.model.corrections import Correction
from handleflow.model.fields import day_or_none
from handleflow.model.nouns import Answer


def judge_again(recorder: Recorder, correction: Correction) -> None:
    """Where it was a reply's own day that was set right, the terms it met are met on the right day, late or not."""
    if correction.field != f"{Answer.noun}.on" or correction.old == correction.new:
        return
    replies = [reply for reply in recorder.suggestion.replies if reply.entry == correction.corrected]
    for term in [term for reply in replies for term in _met_by(recorder, reply, day_or_none(correction.old))]:
        if correction.new is None:
            recorder.append(TermOutcomeUnknown(term.key))
            if term.is_breached:
                recorder.append(MissRebutted(term.key, recorder.provenance.on))
        else:
            _meet_on(recorder, term, day(correction.new))


def _met_by(recorder: Recorder, reply: Answer, on: Day | None) -> Iterator[Term]:
    """The terms that ended by *reply* on the day that was recorded; or, where none was, whose end nobody knows."""
    for term in recorder.suggestion.terms:
        rule = recorder.rules.term_rule(term.key.rule)
        if rule is None or "replied" not in rule.met_by or term.key.unit not in {"", reply.unit}:
            continue
        is_it = (term.end, term.ended_on) == ("met", on) if on is not None else term.end == "unknown"
        if is_it and term.key.round == reply.round:
            yield term


def _meet_on(recorder: Recorder, term: Term, on: Day) -> None:
    """It ends on *on*: a day that passed before was missed, and one that had not come was not."""
    recorder.append(TermMet(term.key, on, days_after(on, term.due_on) if term.due_on else 0))
    judge(recorder, term.key)
