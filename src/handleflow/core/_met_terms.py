"""Judgement of met deadlines: what becomes of a term that was met on another day than was recorded?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import dropwhile, takewhile

from handleflow.core._lateness import judge
from handleflow.core._recorder import Recorder
from handleflow.core.due_day import days_after
from handleflow.events import MissRebutted, TermMet, TermOutcomeUnknown
from handleflow.legal_time import Day, day
from handleflow.model import Act, Entry, Term, TermKey
from handleflow.model.corrections import Correction
from handleflow.model.fields import day_or_none
from handleflow.model.nouns import Answer


def judge_again(recorder: Recorder, correction: Correction) -> None:
    """Where it was the day of what met a term that was set right, that term is met on the right day, late or not."""
    if correction.field.rpartition(".")[2] not in {"on", "assigned_on"} or correction.old == correction.new:
        return
    old = day_or_none(correction.old)
    for term in _met_on(recorder, correction, old) if old else _met_on_no_day(recorder, correction):
        if correction.new is None:
            recorder.append(TermOutcomeUnknown(term.key))
            if term.is_breached:
                recorder.append(MissRebutted(term.key, recorder.provenance.on))
        else:
            _meet_on(recorder, term, day(correction.new))


def _met_on(recorder: Recorder, correction: Correction, on: Day) -> list[Term]:
    """The terms that ended on the day that was recorded, by the act that was set right."""
    keys = set(_keys_met_by(recorder.history, correction.corrected))
    passed_on = {(key.rule, key.round) for key in keys.intersection(recorder.suggestion.keys_passed_on)}
    met = [term for term in recorder.suggestion.terms if (term.end, term.ended_on) == ("met", on)]
    return [term for term in met if term.key in keys or (term.key.rule, term.key.round) in passed_on]


def _keys_met_by(history: Iterable[Entry], number: int) -> Iterator[TermKey]:
    """The terms that entry *number* met: what followed from an act stands behind it."""
    after = dropwhile(lambda entry: entry.number != number or not isinstance(entry.event, Act), history)
    next(after, None)
    for entry in takewhile(lambda entry: not isinstance(entry.event, Act), after):
        if isinstance(entry.event, TermMet):
            yield entry.event.key


def _met_on_no_day(recorder: Recorder, correction: Correction) -> list[Term]:
    """The terms that a reply on an unknown day met: nobody knows when."""
    replies = [reply for reply in recorder.suggestion.replies if reply.entry == correction.corrected]
    is_a_reply = correction.field == f"{Answer.noun}.on"
    return [term for reply in replies if is_a_reply for term in _of_unknown_end(recorder, reply)]


def _of_unknown_end(recorder: Recorder, reply: Answer) -> Iterator[Term]:
    for term in recorder.suggestion.terms:
        rule, is_its = recorder.rules.term_rule(term.key.rule), term.key.unit in {"", reply.unit}
        is_met = rule is not None and "replied" in rule.met_by and term.key.round == reply.round
        if is_met and is_its and term.end == "unknown":
            yield term


def _meet_on(recorder: Recorder, term: Term, on: Day) -> None:
    """It ends on *on*: a day that passed before was missed, and one that had not come was not."""
    recorder.append(TermMet(term.key, on, days_after(on, term.due_on) if term.due_on else 0))
    judge(recorder, term.key)
