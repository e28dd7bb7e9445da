"""Nouns: who speaks, the suggestion and its parts, the event and the entry, the term as a ledger."""

from handleflow.model.actors import CLOCK, OFFICES, ROLES, Actor
from handleflow.model.event import Act, Asked, Check, Entry, Event, Question, UnknownEvent, reads_the_act
from handleflow.model.suggestion import FINAL_STATES, RulebookRef, Suggestion
from handleflow.model.term import Claim, Term, TermKey

__all__ = [
    "CLOCK",
    "FINAL_STATES",
    "OFFICES",
    "ROLES",
    "Act",
    "Actor",
    "Asked",
    "Check",
    "Claim",
    "Entry",
    "Event",
    "Question",
    "RulebookRef",
    "Suggestion",
    "Term",
    "TermKey",
    "UnknownEvent",
    "reads_the_act",
]
