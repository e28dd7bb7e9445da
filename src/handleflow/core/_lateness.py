"""Lateness: was the day of a term (期限) missed, by the day that holds now?"""

from __future__ import annotations

from handleflow.core._recorder import Recorder
from handleflow.core.due_day import compute_due_day
from handleflow.events import DeadlineMissed, MissRebutted
from handleflow.legal_time import Day
from handleflow.model import CLOCK, Term, TermKey
from handleflow.model.changing import changed
from handleflow.rules import Rulebook


def judge(recorder: Recorder, key: TermKey) -> None:
    """
    What the day of a term, as it is now, says of it: a miss that was none leaves the counts.

    Where it ended after a day that only now is known to have been the last, that is a miss; but not of days before a
    take-over, which nobody here could watch.
    """
    for term in recorder.suggestion.terms:
        if term.key == key and term.due_on is not None:
            _judge(recorder, term, term.due_on)


def _judge(recorder: Recorder, term: Term, due_on: Day) -> None:
    ended_on, watched_from = term.ended_on, recorder.suggestion.taken_over_on or due_on
    stood_since = next((pause.start for pause in term.pauses if pause.end is None), None)
    if term.is_breached and not _is_missed(term, _judging_day(recorder.rules, term, due_on), stood_since):
        recorder.append(MissRebutted(term.key, ended_on or stood_since or recorder.provenance.on))
    elif ended_on is not None and watched_from <= due_on < ended_on and not term.is_breached:
        recorder.append(DeadlineMissed(term.key, due_on), changed(recorder.provenance, by=CLOCK))


def _judging_day(rules: Rulebook, term: Term, due_on: Day) -> Day:
    """The day by which a miss is judged: without what was granted after it, where the rulebook lets that stand."""
    rule = rules.term_rule(term.key.rule)
    is_kept = rule is not None and rule.extension is not None and not rule.extension.rebuts_miss
    if not is_kept or term.anchor_on is None or term.span is None or term.missed_on is None:
        return due_on
    earlier = tuple(each for each in term.extensions if each.until <= term.missed_on)
    return compute_due_day(rules, term.anchor_on, term.span, changed(term, extensions=earlier)).due_on


def _is_missed(term: Term, due_on: Day, stood_since: Day | None) -> bool:
    """Whether what was written as a miss of *term* is one by *due_on*, and of a day when its clock went."""
    if term.ended_on is not None:
        return term.ended_on > due_on
    return (
        term.missed_on is not None
        and term.missed_on >= due_on
        and (stood_since is None or term.missed_on < stood_since)
    )
