"""Verbs: pure functions over the nouns, one a file. Nothing here reads the world."""

from handleflow.core._check_finding import Finding
from handleflow.core._recorder import Decision
from handleflow.core.adopt_calendar import adopt_calendar
from handleflow.core.board import board
from handleflow.core.check import check, check_parts, notes
from handleflow.core.decide import decide, open_acts
from handleflow.core.draw import draw
from handleflow.core.evolve import evolve, replay
from handleflow.core.explain import Step, explain, explain_count
from handleflow.core.owing import owing
from handleflow.core.standing import TermStanding, stands
from handleflow.core.summarize import summarize
from handleflow.core.supervise import supervise, wakes_on

__all__ = [
    "Decision",
    "Finding",
    "Settled",
    "Step",
    "TermStanding",
    "adopt_calendar",
    "board",
    "check",
    "check_parts",
    "decide",
    "draw",
    "evolve",
    "explain",
    "explain_count",
    "notes",
    "open_acts",
    "owing",
    "replay",
    "stands",
    "summarize",
    "supervise",
    "wakes_on",
]
