"""Fold of an aggregate: what is the suggestion after an entry, and after several?"""

from __future__ import annotations

from collections.abc import Iterable

from handleflow.model import Entry, Suggestion
from handleflow.model.changing import changed


def evolve(suggestion: Suggestion, entry: Entry) -> Suggestion:
    """The suggestion after *entry*: the event's effect, then number, state, instant and rulebook."""
    return finalize(entry.event.effect(suggestion, entry.provenance), entry)


def finalize(after: Suggestion, entry: Entry) -> Suggestion:
    """The suggestion *after* an event, stamped with what the entry itself says."""
    return changed(
        after,
        state=entry.state,
        version=entry.number,
        last_at=entry.provenance.at,
        rulebook=entry.rulebook,
        last_hash=entry.hash,
    )


def fold(suggestion: Suggestion, entries: Iterable[Entry]) -> Suggestion:
    """The suggestion after further *entries*, at the instants they were recorded at."""
    for entry in entries:
        suggestion = evolve(suggestion, entry)
    return suggestion
