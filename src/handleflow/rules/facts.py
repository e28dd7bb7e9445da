"""Trigger conditions: which facts of a suggestion may a rung speak of, by their names on disk?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from handleflow.legal_time import Day, days_later
from handleflow.model import Suggestion, Term, TermKey
from handleflow.model.changing import changed
from handleflow.rules.term_rules import SUPERVISION_ANSWER
from handleflow.values import frozen


@frozen
class Fact:
    """
    Something that happened to a unit's part on a day; *key* says which, and is what a rung's firing_key holds.

    *entry* puts facts in order. *term* is the rule of a due or a missed day, *colour* that of a progress mark.
    *is_over*: it counts, but nobody needs to be urged for it any more. *moved* is how often its day moved.
    """

    key: TermKey
    on: Day
    entry: int
    term: str = ""
    colour: str = ""
    is_over: bool = False
    moved: int = 0

    @property
    def unit(self) -> str:
        """Whose part it happened to; empty where it is the suggestion's."""
        return self.key.unit


FactOf = Callable[[Suggestion], Iterator[Fact]]
"""Finds the facts of one kind in a suggestion, in the order they were told."""


def due(suggestion: Suggestion) -> Iterator[Fact]:
    """The day of a term that runs and whose clock does not stand, known before it comes."""
    for term in suggestion.running_terms():
        if term.awaited_on is not None:
            yield Fact(term.key, term.awaited_on, term.anchor_entry, term.key.rule, moved=term.moved)


def _of(kind: str, unit: str, round_number: int, on: Day, entry: int, colour: str = "") -> Fact:
    return Fact(TermKey(kind, unit, round_number, entry), on, entry, colour=colour)


def assigned(suggestion: Suggestion) -> Iterator[Fact]:
    """A unit got its part and still has it."""
    for a in suggestion.active():
        if a.assigned_on is not None:
            yield _of("assigned", a.unit, 1, a.assigned_on, a.entry)


def accepted(suggestion: Suggestion) -> Iterator[Fact]:
    """A unit signed for its part."""
    for a in suggestion.active():
        if a.acceptance is not None:
            yield _of("accepted", a.unit, 1, a.acceptance.on, a.acceptance.entry)


def unit_received(suggestion: Suggestion) -> Iterator[Fact]:
    """A unit received its part, on the day of its assignment or on the later one that an office recorded."""
    for a in suggestion.active():
        if a.received_on is not None:
            yield _of("unit_received", a.unit, 1, a.received_on, a.receipt.entry if a.receipt else a.entry)


def contact_recorded(suggestion: Suggestion) -> Iterator[Fact]:
    """The deputy was heard by a unit."""
    for c in suggestion.contacts:
        if c.unit is not None:
            yield _of("contact_recorded", c.unit, c.round, c.on, c.entry)


def return_requested(suggestion: Suggestion) -> Iterator[Fact]:
    """A unit asked to be relieved, whatever came of it."""
    for r in suggestion.return_requests:
        if r.on is not None:
            request = _of("return_requested", r.unit, 1, r.on, r.entry)
            yield changed(request, is_over=r.decision is not None)


def return_granted(suggestion: Suggestion) -> Iterator[Fact]:
    """A unit was relieved at its own request, on the day that was granted."""
    for r in suggestion.return_requests:
        if r.granted_on is not None:
            yield _of("return_granted", r.unit, 1, r.granted_on, r.entry)


def rehandling_demanded(suggestion: Suggestion) -> Iterator[Fact]:
    """It was to be handled again, for each unit that was to."""
    for r in suggestion.rehandlings:
        yield from (_of("rehandling_demanded", unit, r.round, r.on, r.entry) for unit in r.units)


def dissatisfied(suggestion: Suggestion) -> Iterator[Fact]:
    """A deputy was dissatisfied with a unit's reply or its attitude."""
    for r in suggestion.ratings:
        if "dissatisfied" in {r.result, r.attitude} and r.on is not None:
            yield _of("dissatisfied", r.unit or "", r.round, r.on, r.entry)


def deadline_missed(suggestion: Suggestion) -> Iterator[Fact]:
    """A day passed unmet; it is a fact of the day after."""
    for term in suggestion.terms:
        yield from _missed(term)


def supervision_unanswered(suggestion: Suggestion) -> Iterator[Fact]:
    """A supervision was not answered by the day it asked for, whatever came later."""
    for term in suggestion.terms:
        if term.key.rule == SUPERVISION_ANSWER.id:
            yield from _missed(term)


def _missed(term: Term) -> Iterator[Fact]:
    if term.is_breached and term.missed_on is not None:
        yield Fact(
            term.key, days_later(term.missed_on), term.anchor_entry, term.key.rule, is_over=not term.is_running
        )


def progress_marked(suggestion: Suggestion) -> Iterator[Fact]:
    """Somebody gave a unit's work a colour, which is still its newest."""
    newest = {mark.unit: mark for mark in suggestion.progress_marks}
    for mark in newest.values():
        yield _of("progress_marked", mark.unit, 1, mark.on, mark.entry, mark.colour)


FACTS: Mapping[str, FactOf] = {
    "assigned": assigned,
    "accepted": accepted,
    "unit_received": unit_received,
    "contact_recorded": contact_recorded,
    "return_requested": return_requested,
    "return_granted": return_granted,
    "rehandling_demanded": rehandling_demanded,
    "dissatisfied": dissatisfied,
    "deadline_missed": deadline_missed,
    "supervision_unanswered": supervision_unanswered,
    "progress_marked": progress_marked,
}
"""What a rulebook file may name in a rung's ``after`` and ``unless``; hosts hand in more."""
