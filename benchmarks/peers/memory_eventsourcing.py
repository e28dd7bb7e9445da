"""A life in memory by the package ``eventsourcing``, with the events that are to be saved."""

from __future__ import annotations

from benchmarks.peers import _eventsourced

NAME, NOTE = "eventsourcing, aggregate alone", "aggregate and six pending events"


def tell(id: str) -> object:
    """A whole life."""
    return _eventsourced.lived()
