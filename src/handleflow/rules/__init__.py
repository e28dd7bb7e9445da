"""What a rulebook is made of: lifecycle, guards, terms, ladders, outcome classes, citations."""

from handleflow.rules.citation import HOST, Citation, Source
from handleflow.rules.conditions import CONDITIONS
from handleflow.rules.guards import GUARDS, Guard, GuardRule, Question
from handleflow.rules.ladders import MEASURES, Rung
from handleflow.rules.lifecycle import Arrow, Condition, Lifecycle
from handleflow.rules.outcomes import OutcomeClass
from handleflow.rules.remarks import Disagreement, Duty, OpenPoint
from handleflow.rules.rulebook import Rulebook
from handleflow.rules.terms import Backdating, ExtensionRule, TermRule

__all__ = [
    "CONDITIONS",
    "GUARDS",
    "HOST",
    "MEASURES",
    "Arrow",
    "Backdating",
    "Citation",
    "Condition",
    "Disagreement",
    "Duty",
    "ExtensionRule",
    "Guard",
    "GuardRule",
    "Lifecycle",
    "OpenPoint",
    "OutcomeClass",
    "Question",
    "Rulebook",
    "Rung",
    "Source",
    "TermRule",
]
