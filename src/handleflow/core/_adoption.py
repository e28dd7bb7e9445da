"""
Adoption of a rulebook version: which terms move, end and begin when another version decides from here on?
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
from handleflow.rules import TermRule
from handleflow.rules.facts import FACTS, Fact

_SEEN_IN = {"replied", "contact_recorded", "accepted", "return_requested", "assigned"}
"""What may meet a term and can be seen in a suggestion without its history."""


def write_adopted(recorder: Recorder) -> None:
    """What the version adopted makes of the terms there are, and those it knows that the one left did not."""
    for term in recorder.suggestion.terms:
        _count_anew(recorder, term)
    if not recorder.rules.is_over(recorder.suggestion):
        for rule in recorder.rules.terms:
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
    if rule.span is None or not rule.holds_for(suggestion) or not _SEEN_IN.issuperset(rule.met_by):
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
    found = FACTS.get(rule.anchor)
    units = {a.unit for a in suggestion.active(rule.of)} if rule.of in {"lead", "co"} else None
    for fact in found(suggestion) if found else ():
        if units is None or fact.unit in units:
            yield fact


def _is_met(rule: TermRule, suggestion: Suggestion, unit: str, since: Day) -> bool:
    """Whether what *rule* waits for has come since its anchor."""
    if "replied" in rule.met_by and (suggestion.reply_of(unit) if unit else not suggestion.leads_without_reply):
        return True
    seen = [fact for kind in rule.met_by if kind in FACTS for fact in FACTS[kind](suggestion)]
    return any(fact.on >= since and unit in {"", fact.unit} for fact in seen)
