"""Time correction: which instants hold for the entries of a history, once an office has set wrong ones right?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from handleflow.core.evolve import fold
from handleflow.legal_time import Day
from handleflow.model import Act, Entry, Event, Provenance, RightTime, Suggestion
from handleflow.model.changing import changed
from handleflow.values import frozen

EMPTY: Mapping[int, tuple[Day, Day]] = {}


@frozen
class Corrected:
    """
    A suggestion as it is with its entries at the instants that an act says were the right ones.

    *days* are those of the entries that happened on another day than was thought: that day, and the right one.
    """

    suggestion: Suggestion
    history: tuple[Entry, ...] = ()
    days: Mapping[int, tuple[Day, Day]] = EMPTY


def corrected_by(act: Act, suggestion: Suggestion, history: Iterable[Entry]) -> Corrected:
    """What *suggestion*, folded from *history*, is by the instants that *act* sets right, before it is recorded."""
    recorded = tuple(history)
    before = as_corrected(recorded)
    if not act.right_times:
        return Corrected(suggestion, before)
    after = as_corrected(recorded, act.right_times)
    days = {
        was.number: (was.happened_on, entry.happened_on)
        for was, entry in zip(before, after, strict=True)
        if was.happened_on != entry.happened_on
    }
    return Corrected(fold(Suggestion(suggestion.id), after), after, days)


def as_corrected(recorded: tuple[Entry, ...], more: tuple[RightTime, ...] = ()) -> tuple[Entry, ...]:
    """The entries of a whole history at the instants that hold for them, by what stands in it and by *more*."""
    corrections = [(entry.number - 1, entry.event.right_times) for entry in recorded if entry.event.right_times]
    entries = list(recorded)
    for until, rights in (*corrections, (len(recorded), more)):
        for right in rights:
            for index in _alike(recorded[:until], right.entry):
                entries[index] = _at(recorded[index], right)
    return tuple(entries)


def _alike(recorded: tuple[Entry, ...], number: int) -> range:
    """Where the entry of that number stands, and those after it that were recorded at the same instant."""
    first = number - 1
    following = enumerate(recorded[first:], first) if 0 <= first < len(recorded) else ()
    end = next((index for index, entry in following if entry.at != recorded[first].at), len(recorded))
    return range(first, end)


def _at(entry: Entry, right: RightTime) -> Entry:
    """*entry* as if it had been recorded at the right instant; what followed from that day by itself too."""
    event, provenance = _on(entry.event, entry.on, right.on), Provenance(entry.by, right.at, right.on)
    return changed(entry, event=event, provenance=provenance)


def _on(event: Event, was: Day, right: Day) -> Event:
    """What the core wrote of the day it was written on, of the right day; what an act says of days it said itself."""
    is_of_that_day = not isinstance(event, Act) and getattr(event, "on", None) == was
    return changed(event, on=right) if is_of_that_day else event


def replay(id: str, history: Iterable[Entry]) -> Suggestion:
    """The suggestion folded from a whole history, at the instants that hold; it needs no rulebook."""
    recorded = tuple(history)
    is_corrected = any(entry.event.right_times for entry in recorded)
    return fold(Suggestion(id), as_corrected(recorded) if is_corrected else recorded)
