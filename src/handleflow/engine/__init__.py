"""The shell: load, decide, append, announce. Here stands every side effect between a host and its store."""

from handleflow.engine._engine import Engine
from handleflow.engine.bulk import BulkOutcome
from handleflow.engine.health import Health, OverdueStep
from handleflow.engine.observer import Observed, Observer, observing
from handleflow.engine.optimistic_writer import Listener
from handleflow.engine.rebuild import Rebuilt, rebuild
from handleflow.engine.requests import Request
from handleflow.engine.seen_by import SeenBy
from handleflow.engine.sweep import Sweep

__all__ = [
    "BulkOutcome",
    "Engine",
    "Health",
    "Listener",
    "Observed",
    "Observer",
    "OverdueStep",
    "Rebuilt",
    "Request",
    "SeenBy",
    "Sweep",
    "observing",
    "rebuild",
]
