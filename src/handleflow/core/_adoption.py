"""
Adoption of a rulebook version: which terms move and end when another version decides from here on?

So it is when what a rule holds for, the longer track, the session or a notice, is set right.
"""

from __future__ import annotations

from handleflow.core import _terms
from handleflow.core._recorder import Recorder
from handleflow.core.due_day import notice_for, span_of
from handleflow.events import TermDropped
from handleflow.model import Term
from handleflow.model.changing import changed
from handleflow.model.corrections import Correction


def write_adopted(recorder: Recorder) -> None:
    """What the version adopted makes of the terms there are."""
    for term in recorder.suggestion.terms:
        _count_anew(recorder, term)


def write_of_another_class(recorder: Recorder, correction: Correction) -> None:
    """What becomes of terms whose rules ask for the longer track, the session or a notice that was just set right."""
    for term in recorder.suggestion.terms:
        rule = recorder.rules.term_rule(term.key.rule)
        if rule and rule.long_span and correction.field == "suggestion.is_long_track":
            longer = changed(term, span=span_of(rule, recorder.suggestion))
            _terms.move(recorder, longer, "corrected", corrected=correction.corrected)
        elif rule and rule.is_of_a_reply and correction.field == "suggestion.notice_on":
            noticed = changed(term, notice_on=notice_for(rule, recorder.suggestion))
            _terms.move(recorder, noticed, "notice_corrected", corrected=correction.corrected)
        elif rule and term.is_running and not rule.holds_for(recorder.suggestion):
            _terms.drop(recorder, term, "no_longer_so")


def _count_anew(recorder: Recorder, term: Term) -> None:
    """A running term, by the law as it is now; one that ended, by its own, where its day was provisional."""
    rule, is_waiting = recorder.rules.term_rule(term.key.rule), term.end == "not_computable"
    if rule is None and (is_waiting or (term.is_running and term.anchor_on is not None)):
        recorder.append(TermDropped(term.key, "unknown_rule"))
    elif term.is_running:
        span = span_of(rule, recorder.suggestion) if rule else None
        _terms.move(recorder, changed(term, span=span), "adopted")
    elif term.is_provisional:
        _terms.move(recorder, term, "adopted")
