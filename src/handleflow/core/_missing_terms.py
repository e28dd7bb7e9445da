"""
Terms (期限) begun late: which would run, had the version that decides now decided from the start?

The acts are re-run under it, so that every anchor counts, whatever trace it left in the suggestion.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from handleflow.core import _terms
from handleflow.core._consequences import write_consequences, write_misses
from handleflow.core._plan import begun_by, plan_of
from handleflow.core._recorder import Recorder
from handleflow.events import (
    CommitmentOpened,
    ReplyClassified,
    TermMoved,
    TermOutcomeUnknown,
    TermPaused,
    TermSet,
)
from handleflow.model import Act, Entry, Suggestion, Term
from handleflow.model.changing import changed
from handleflow.rules import Rulebook, TermRule

_OPEN = ("running", "not_computable")


def rerun(rules: Rulebook, id: str, history: Iterable[Entry], in_session: bool | None) -> Suggestion:
    """
    The suggestion of that *id*, had *rules* decided on the terms of *history* from the start.

    Nothing is asked: what was granted is granted, and states, numbers, classes and promises are those recorded. What
    is known at last of *in_session* is known at once. An adoption finds everything as it would have it.
    """
    # No rung speaks here but those that spoke, and no reply means anything but what it meant.
    bare, suggestion, written = attrs.evolve(rules, rungs=(), outcomes=()), Suggestion(id), list[Entry]()
    for entry in history:
        if isinstance(entry.event, (Act, CommitmentOpened, ReplyClassified)):
            recorder = Recorder(bare, suggestion, entry.provenance)
            recorder.history = written
            write_misses(recorder, entry.on)
            _write_again(recorder, entry, in_session)
            suggestion = recorder.suggestion
            written.extend(recorder.entries)
    return suggestion


def _write_again(recorder: Recorder, entry: Entry, in_session: bool | None) -> None:
    event, before = entry.event, changed(recorder.suggestion, version=entry.number - 1)
    recorder.suggestion = before
    after = changed(event.effect(before, entry.provenance), in_session=in_session)
    recorder.append_act(event, entry.provenance, entry.state, after)
    if isinstance(event, Act):
        write_consequences(recorder, before, plan_of(recorder.rules, before.state, type(event)))
    else:
        promised = event.bearing(recorder.suggestion, entry.provenance)
        _terms.begin(recorder, begun_by(recorder.rules, (entry.kind,)), before, entry, promised)


def begin_missing(recorder: Recorder, history: Iterable[Entry]) -> None:
    """
    The terms that would be open, had the rules that decide now decided from the start, where none was begun.

    Each has the day it would have had; where that is over, nobody was to keep it, and how it ended is unknown.
    """
    suggestion = recorder.suggestion
    if recorder.rules.is_over(suggestion):
        return
    for term in rerun(recorder.rules, suggestion.id, history, suggestion.in_session).terms:
        rule = recorder.rules.term_rule(term.key.rule)
        if rule is not None and term.end in _OPEN and not any(_is_it(rule, each, term) for each in suggestion.terms):
            _begin(recorder, rule, term)


def _is_it(rule: TermRule, there: Term, missing: Term) -> bool:
    """Whether *there* is what seems *missing*: of its anchor, or another that waits for the same of the same unit."""
    if rule.span is None or not there.key.is_of(rule.id, missing.key.unit):
        return there.key == missing.key
    return there.end in _OPEN or (there.anchor_entry == missing.anchor_entry and there.end != "dropped")


def _begin(recorder: Recorder, rule: TermRule, term: Term) -> None:
    """*term* begins as it would stand by now, with its ledger: what stopped its clock, and what lengthened it."""
    fresh = _terms.next_ref(recorder.suggestion, rule, term.key.unit)
    key = term.key if rule.span is None else changed(term.key, ref=fresh)
    for event in _ledger(changed(term, key=key)):
        recorder.append(event)
    begun, today = recorder.suggestion.terms[-1], recorder.provenance.on
    if begun.status(today) == "overdue":
        recorder.append(TermOutcomeUnknown(key))
    elif begun.is_running:
        _terms.lapse(recorder, begun, today, "passed_before")


def _ledger(term: Term) -> Iterator[TermSet | TermPaused | TermMoved]:
    """The entries that make *term*, which has the day it stands at."""
    due, unrolled, is_provisional = term.due_on, term.unrolled_on, term.is_provisional
    is_late = term.notice_on is not None and due is not None and term.notice_on > due
    days = unrolled, due, term.notice_on, is_late, is_provisional
    yield TermSet(term.key, term.anchor_entry, term.anchor_on, term.span if due else None, *days)
    yield from (TermPaused(term.key, pause) for pause in term.pauses)
    if due is not None and unrolled is not None and term.anchor_on is not None and term.span is not None:
        rests_on = term.anchor_on, term.span, term.pauses
        for extension in term.extensions:
            yield TermMoved(term.key, due, unrolled, "extended", *rests_on, extension, is_provisional)
