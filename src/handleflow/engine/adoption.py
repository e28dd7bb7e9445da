"""Bulk migration of policy versions: which open suggestions adopt another version, and which could not?"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from handleflow.acts import Adopt
from handleflow.chunks import batched
from handleflow.core.adopt_calendar import is_moved, may_move
from handleflow.engine.optimistic_writer import OptimisticWriter
from handleflow.engine.requests import Outcomes
from handleflow.model import Act, Entry, Suggestion
from handleflow.rules import Rulebook
from handleflow.store import Batch, Store
from handleflow.values import frozen

_TOGETHER = 100


@frozen
class CalendarAdoption:
    """
    The entries by which suggestions adopted another version, which suggestions somebody else wrote meanwhile (do it
    again), and which could not adopt it and why (one of the two rulebooks refuses, or the one left is not held).

    *error* is what broke it off, after it had begun; what moved stands all the same.
    """

    moved: tuple[tuple[str, Entry], ...]
    stale: tuple[str, ...] = ()
    failed: tuple[tuple[str, str], ...] = ()
    error: str = ""


def adopted(
    store: Store, writer: OptimisticWriter, rules: Rulebook, decided: Callable[[Suggestion, Act], Batch]
) -> CalendarAdoption:
    """Let every open suggestion under another version of *rules* adopt this one, as *decided*, where a day moves."""
    outcomes = Outcomes()

    def decide(suggestion: Suggestion) -> list[Batch]:
        if not may_move(rules, suggestion):  # somebody was first
            return []
        batch = decided(suggestion, Adopt(rules.name, rules.version))
        return [batch] if is_moved(batch.entries) else []

    for ids in batched(_concerned(store, rules, outcomes), _TOGETHER):
        for id, outcome in zip(ids, writer.write_together(ids, decide), strict=True):
            outcomes.add(id, outcome)
    return CalendarAdoption(tuple(outcomes.written), tuple(outcomes.stale), tuple(outcomes.failed), outcomes.error)


def _concerned(store: Store, rules: Rulebook, outcomes: Outcomes) -> Iterator[str]:
    """The suggestions under other versions of *rules*; it ends where the store cannot say so any more."""
    seen = 0
    try:
        for suggestion in store.snapshots():
            seen += 1
            pinned = suggestion.rulebook
            if pinned is not None and pinned.name == rules.name and may_move(rules, suggestion):
                yield suggestion.id
    except Exception as error:
        if not seen:
            raise
        outcomes.break_off(error)
