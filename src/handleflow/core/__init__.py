"""Verbs: pure functions over the nouns, one a file. Nothing here reads the world."""

from handleflow.core._pen import Settled
from handleflow.core.board import board
from handleflow.core.check import check, notes
from handleflow.core.decide import decide, open_acts, settle
from handleflow.core.draw import draw
from handleflow.core.evolve import evolve, replay
from handleflow.core.explain import Step, explain, explain_count
from handleflow.core.owing import owing
from handleflow.core.reproject import reproject
from handleflow.core.standing import TermStanding, stands
from handleflow.core.summarize import summarize
from handleflow.core.supervise import settle_clock, supervise, wakes_on

__all__ = [
    "Settled",
    "Step",
    "TermStanding",
    "board",
    "check",
    "decide",
    "draw",
    "evolve",
    "explain",
    "explain_count",
    "notes",
    "open_acts",
    "owing",
    "replay",
    "reproject",
    "settle",
    "settle_clock",
    "stands",
    "summarize",
    "supervise",
    "wakes_on",
]
