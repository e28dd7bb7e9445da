"""
handleflow carries a people's-congress deputy's suggestion from receipt to evaluation.

People ask, time asks; the rulebook answers; the history remembers.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from handleflow import acts, events
from handleflow.engine import BulkOutcome, Engine, Health, Listener, Request, Sweep
from handleflow.errors import HandleflowError, Reason, Refused
from handleflow.model import CLOCK, Act, Actor, Entry, Event, Provenance, Suggestion, Term
from handleflow.model.nouns import Part, Promise
from handleflow.party import Party
from handleflow.rules import Rulebook
from handleflow.store import Store
from handleflow.stores import MemoryStore
from handleflow.verification import verify

if TYPE_CHECKING:
    from handleflow.rulebooks import load, load_preset
else:
    # Hidden from type checkers, for which a module with __getattr__ has every name that anybody misspells.
    def __getattr__(name):
        """
        ``load``, ``load_preset`` and ``rulebooks``, loaded when first asked for (PEP 562).

        The strict loader and what it needs take a sixth of the import, and whoever is given a rulebook needs neither.
        """
        if name not in {"load", "load_preset", "rulebooks"}:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        rulebooks = import_module("handleflow.rulebooks")
        globals().update(load=rulebooks.load, load_preset=rulebooks.load_preset)
        return globals()[name]

    def __dir__():
        return sorted({*globals(), *__all__, "rulebooks"})


__all__ = [
    "CLOCK",
    "Act",
    "Actor",
    "BulkOutcome",
    "Engine",
    "Entry",
    "Event",
    "HandleflowError",
    "Health",
    "Listener",
    "MemoryStore",
    "Part",
    "Party",
    "Promise",
    "Provenance",
    "Reason",
    "Refused",
    "Request",
    "Rulebook",
    "Store",
    "Suggestion",
    "Sweep",
    "Term",
    "acts",
    "events",
    "load",
    "load_preset",
    "verify",
]
