"""Verbs: pure functions over the nouns, one a file. Nothing here reads the world."""

from handleflow.core._check_finding import Finding
from handleflow.core._recorder import Decision
from handleflow.core.check import check, check_parts, notes, text_notes
from handleflow.core.corrected_time import Corrected, corrected_by, replay
from handleflow.core.decide import decide, guard_answers, open_acts
from handleflow.core.evolve import evolve
from handleflow.core.explain import Step, explain, explain_count
from handleflow.core.private_values import private_values
from handleflow.core.supervise import supervise, wakes_on
from handleflow.core.term_status import TermStatus, term_status

__all__ = [
    "Corrected",
    "Decision",
    "Finding",
    "Step",
    "TermStatus",
    "check",
    "check_parts",
    "corrected_by",
    "decide",
    "evolve",
    "explain",
    "explain_count",
    "guard_answers",
    "notes",
    "open_acts",
    "private_values",
    "replay",
    "supervise",
    "term_status",
    "text_notes",
    "wakes_on",
]
