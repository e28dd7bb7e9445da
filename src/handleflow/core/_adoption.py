"""
Adoption of a rulebook version: which terms move, end and begin when another version decides from here on?

So it is when what a rule holds for, the longer track or the session, is set right.
"""

from __future__ import annotations

from collections.abc import Iterator

from handleflow.core import _terms
from handleflow.core._recorder import Recorder
from handleflow.core.due_day import span_of
from handleflow.events import TermDropped
from handleflow.legal_time import Day
from handleflow.model import Suggestion, Term, TermKey
from handleflow.model.changing import changed
from handleflow.model.corrections import Correction
from handleflow.model.nouns import PARTS
from handleflow.rules import TermRule
from handleflow.rules.facts import FACTS, Fact

_SEEN_IN = {"replied", "contact_recorded", "accepted", "return_requested", "assigned"}
"""What may meet a term and can be seen in a suggestion without its history."""


def write_adopted(recorder: Recorder) -> None:
    """What the version adopted makes of the terms there are, and those it knows that the one left did not."""
    for term in recorder.suggestion.terms:
        _count_anew(recorder, term)
    for rule in recorder.rules.terms:
        _begin_missing(recorder, rule)


def write_of_another_class(recorder: Recorder, correction: Correction) -> None:
    """What becomes of terms whose rules ask for the longer track, or the session, that was just set right."""
    for term in recorder.suggestion.terms:
        rule = recorder.rules.term_rule(term.key.rule)
        if rule and rule.long_span and correction.field == "suggestion.is_long_track":
            longer = changed(term, span=span_of(rule, recorder.suggestion))
            _terms.move(recorder, longer, "corrected", corrected=correction.corrected)
        elif rule and term.is_running and not rule.holds_for(recorder.suggestion):
            _terms.drop(recorder, term, "no_longer_so")
    for rule in recorder.rules.terms if correction.field == "suggestion.in_session" else ():
        if rule.applies_to:
            _begin_missing(recorder, rule)


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


def _begin_missing(recorder: Recorder, rule: TermRule) -> None:
    """The terms of *rule* whose anchor happened before it decided, where none was begun and nothing met it yet."""
    suggestion = recorder.suggestion
    is_seen = rule.span is not None and _SEEN_IN.issuperset(rule.met_by)
    if not is_seen or not rule.holds_for(suggestion) or recorder.rules.is_over(suggestion):
        return
    begun = {term.key.unit for term in suggestion.terms if term.key.rule == rule.id}
    for fact in _anchors(rule, suggestion):
        unit = "" if rule.of == "whole" else fact.unit
        if unit not in begun and not _is_met(rule, suggestion, unit, fact.on):
            begun.add(unit)
            assignment = suggestion.assignment_of(unit) if unit else None
            key = TermKey(rule.id, unit, assignment.round if assignment else suggestion.round)
            _terms.begin_late(recorder, rule, key, fact.entry, rule.anchor_day(suggestion, fact.on))


def _anchors(rule: TermRule, suggestion: Suggestion) -> Iterator[Fact]:
    """What would have begun terms of *rule*, as far as the suggestion shows it."""
    facts = FACTS[rule.anchor](suggestion) if rule.anchor in FACTS else iter(())
    units = {a.unit for a in suggestion.active(rule.of)} if rule.of in PARTS else suggestion.units
    return (fact for fact in facts if fact.unit in units)


def _is_met(rule: TermRule, suggestion: Suggestion, unit: str, since: Day) -> bool:
    """Whether what *rule* waits for has come since its anchor."""
    is_replied = suggestion.reply_of(unit) is not None if unit else not suggestion.leads_without_reply
    seen = [fact for kind in rule.met_by if kind in FACTS for fact in FACTS[kind](suggestion)]
    is_seen = any(fact.on >= since and unit in {"", fact.unit} for fact in seen)
    return is_seen or ("replied" in rule.met_by and is_replied)
