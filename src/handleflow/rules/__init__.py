"""What a rulebook is made of: lifecycle, guards, terms, ladders, outcome classes, citations."""

from handleflow.rules.citation import HOST, Citation, Source
from handleflow.rules.facts import FACTS, Fact, FactOf
from handleflow.rules.guards import GUARDS, Guard, GuardRule
from handleflow.rules.labels import LABELLED, Label, labels_in
from handleflow.rules.ladders import CHANNELS, Cooldown, LeaderInCharge, LeaderOf, Light, Rung, Trigger
from handleflow.rules.lifecycle import CONDITIONS, Condition, Lifecycle, State, Transition
from handleflow.rules.outcomes import OutcomeClass
from handleflow.rules.remarks import Disagreement, Duty, NewerText, OpenPoint
from handleflow.rules.rulebook import Rulebook, WithRulebook
from handleflow.rules.term_rules import Backdating, ExtensionRule, TermRule

__all__ = [
    "CHANNELS",
    "CONDITIONS",
    "FACTS",
    "GUARDS",
    "HOST",
    "LABELLED",
    "Backdating",
    "Citation",
    "Condition",
    "Cooldown",
    "Disagreement",
    "Duty",
    "ExtensionRule",
    "Fact",
    "FactOf",
    "Guard",
    "GuardRule",
    "Label",
    "LeaderInCharge",
    "LeaderOf",
    "Lifecycle",
    "Light",
    "NewerText",
    "OpenPoint",
    "OutcomeClass",
    "Rulebook",
    "Rung",
    "Source",
    "State",
    "TermRule",
    "Transition",
    "Trigger",
    "WithRulebook",
    "labels_in",
]
