"""Nouns: who speaks, the suggestion and its parts, the event and the entry, the term as a ledger."""

from handleflow.model.actors import CLOCK, OFFICES, ROLES, Actor
from handleflow.model.bearing import Bearing
from handleflow.model.corrections import RightTime
from handleflow.model.event import (
    NO_CALENDAR,
    Act,
    CalendarRef,
    Check,
    Entry,
    Event,
    Provenance,
    Question,
    UnknownEvent,
    reads_the_act,
)
from handleflow.model.rulebook_ref import RulebookRef
from handleflow.model.suggestion import Suggestion
from handleflow.model.term import FiringKey, Term, TermKey

__all__ = [
    "CLOCK",
    "NO_CALENDAR",
    "OFFICES",
    "ROLES",
    "Act",
    "Actor",
    "Bearing",
    "CalendarRef",
    "Check",
    "Entry",
    "Event",
    "FiringKey",
    "Provenance",
    "Question",
    "RightTime",
    "RulebookRef",
    "Suggestion",
    "Term",
    "TermKey",
    "UnknownEvent",
    "reads_the_act",
]
