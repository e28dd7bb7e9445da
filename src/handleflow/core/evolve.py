"""What is the picture after an entry, and after all of them?"""

from __future__ import annotations

from collections.abc import Iterable

from handleflow.model import Entry, Suggestion
from handleflow.model.changing import changed, completed


def evolve(suggestion: Suggestion, entry: Entry) -> Suggestion:
    """The picture after *entry*: the event's effect, then number, state, instant and rulebook."""
    return stamp(entry.event.effect(suggestion, entry.asked), suggestion, entry)


def stamp(after: Suggestion, before: Suggestion, entry: Entry) -> Suggestion:
    """A picture an event left of the one *before*, stamped with what the entry itself says."""
    # One that was just made of it has been seen by nobody, and need not be copied again: a tenth of a life.
    is_fresh = after is not before and after.last_at is before.last_at and after.version == before.version
    return (completed if is_fresh else changed)(
        after,
        state=entry.state,
        version=entry.number,
        last_at=entry.at,
        rulebook=entry.rulebook,
        head=entry.hash,
    )


def replay(id: str, history: Iterable[Entry]) -> Suggestion:
    """The picture folded from a whole history; it needs no rulebook."""
    return replay_onto(Suggestion(id), history)


def replay_onto(suggestion: Suggestion, entries: Iterable[Entry]) -> Suggestion:
    """The picture after further *entries*."""
    for entry in entries:
        suggestion = evolve(suggestion, entry)
    return suggestion
