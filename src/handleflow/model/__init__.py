"""Nouns: who speaks, the suggestion and its parts, the event and the entry, the term as a ledger."""

from handleflow.model.actors import CLOCK, OFFICES, ROLES, Actor
from handleflow.model.event import (
    NO_CALENDAR,
    Act,
    Asked,
    CalendarRef,
    Check,
    Entry,
    Event,
    Question,
    UnknownEvent,
    reads_the_act,
)
from handleflow.model.suggestion import FINAL_STATES, RulebookRef, Suggestion
from handleflow.model.term import FiringKey, Term, TermKey

__all__ = [
    "CLOCK",
    "FINAL_STATES",
    "NO_CALENDAR",
    "OFFICES",
    "ROLES",
    "Act",
    "Actor",
    "Asked",
    "CalendarRef",
    "Check",
    "Entry",
    "Event",
    "FiringKey",
    "Question",
    "RulebookRef",
    "Suggestion",
    "Term",
    "TermKey",
    "UnknownEvent",
    "reads_the_act",
]
