"""What is the picture after an entry, and after all of them?"""

from __future__ import annotations

from collections.abc import Iterable

from handleflow.model import Entry, Suggestion
from handleflow.model.changing import changed


def evolve(suggestion: Suggestion, entry: Entry) -> Suggestion:
    """The picture after *entry*: the event's effect, then number, state, instant and rulebook."""
    return stamp(entry.event.effect(suggestion, entry.asked), entry)


def stamp(after: Suggestion, entry: Entry) -> Suggestion:
    """The picture *after* an event, stamped with what the entry itself says."""
    return changed(
        after,
        state=entry.state,
        version=entry.number,
        last_at=entry.asked.at,
        rulebook=entry.rulebook,
        last_hash=entry.hash,
    )


def replay(id: str, history: Iterable[Entry]) -> Suggestion:
    """The picture folded from a whole history; it needs no rulebook."""
    return replay_onto(Suggestion(id), history)


def replay_onto(suggestion: Suggestion, entries: Iterable[Entry]) -> Suggestion:
    """The picture after further *entries*."""
    for entry in entries:
        suggestion = evolve(suggestion, entry)
    return suggestion
