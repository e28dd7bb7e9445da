"""Versioned documents: which texts does a store keep, and what did a record stand for elsewhere?"""

from __future__ import annotations

from handleflow.values import frozen


@frozen
class StoredRulebook:
    """A rulebook's whole text as a store keeps it, under its name and version."""

    name: str
    version: str
    digest: str
    document: str


@frozen
class StoredCalendar:
    """A calendar's whole text as a store keeps it, under its name and version."""

    name: str
    version: str
    digest: str
    document: str


@frozen
class Anchor:
    """What a record stood for elsewhere before it came here or was chained anew: its last position and digest."""

    origin: str
    position: int
    digest: str
