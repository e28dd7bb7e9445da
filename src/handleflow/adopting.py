"""Which open suggestions adopt another version, and which could not?"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from handleflow.chunks import batched
from handleflow.core import adopt_calendar
from handleflow.core.adopt_calendar import may_move
from handleflow.deriving import batch_of
from handleflow.errors import Refused
from handleflow.held_rulebooks import HeldRulebooks
from handleflow.model import Entry, Provenance, Suggestion
from handleflow.optimistic_writer import OptimisticWriter
from handleflow.requests import Outcomes
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


ProvenanceOf = Callable[[Rulebook, Suggestion], Provenance]
"""By whom and when another version is adopted, as the rulebook entered reads the day."""


def adopted(
    store: Store, held: HeldRulebooks, writer: OptimisticWriter, rules: Rulebook, provenance: ProvenanceOf
) -> CalendarAdoption:
    """Let every open suggestion under another version of *rules* adopt this one where that moves a day."""
    outcomes = Outcomes()

    def decide(suggestion: Suggestion) -> list[Batch]:
        return _adopted(held, rules, suggestion, provenance)

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


def _adopted(held: HeldRulebooks, rules: Rulebook, suggestion: Suggestion, provenance: ProvenanceOf) -> list[Batch]:
    if not may_move(rules, suggestion):  # somebody was first
        return []
    leaving = held.deciding(suggestion)
    entries = adopt_calendar(rules, suggestion, provenance(rules, suggestion), leaving)
    if isinstance(entries, Refused):
        raise entries
    return [batch_of(rules, suggestion, entries)] if entries else []
