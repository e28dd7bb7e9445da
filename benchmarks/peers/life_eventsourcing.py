"""The life by the package ``eventsourcing``: the aggregate alone, and kept by an application in memory."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from eventsourcing.application import Application

from benchmarks.peers import _eventsourced


@lru_cache(maxsize=1)
def _in_memory() -> Application[Any]:
    return Application[Any](env={"PERSISTENCE_MODULE": "eventsourcing.popo"})


def alone(verbs: Sequence[str]) -> str:
    """A whole life, nothing kept."""
    return _eventsourced.lived(verbs).state


def kept(verbs: Sequence[str]) -> str:
    """A whole life, loaded and saved around each act, as the engine does."""
    return _eventsourced.kept(_in_memory(), verbs).state


LACKS = "keeps states, guard (by hand), history; no terms, actors, reasons"
WAYS = {
    "eventsourcing, aggregate alone": (alone, LACKS),
    "eventsourcing, kept in memory": (kept, LACKS),
}
