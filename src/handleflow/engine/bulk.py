"""Bulk operations: one act asked for every suggestion that it concerns, and what became of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from handleflow.acts import Adopt, Succeed
from handleflow.acts.succeeding import has_something
from handleflow.chunks import batched
from handleflow.core.adopt_calendar import is_moved, may_move
from handleflow.engine.held_rulebooks import HeldRulebooks
from handleflow.engine.optimistic_writer import Decide, OptimisticWriter
from handleflow.engine.present import Present
from handleflow.engine.requests import Outcomes
from handleflow.model import Act, Entry, Suggestion
from handleflow.rules import Rulebook
from handleflow.store import Batch, Store
from handleflow.values import frozen

_TOGETHER = 100
Concerns = Callable[[Suggestion], bool]
Decided = Callable[[Suggestion, Present, Act], Batch]


@frozen
class BulkOutcome:
    """
    The entries that were written, which suggestions somebody else wrote meanwhile (do it again), and which refused
    and why, a rulebook that is not held among the reasons.

    *error* is what broke it off, after it had begun; what was written stands all the same.
    """

    entries: tuple[tuple[str, Entry], ...]
    stale: tuple[str, ...] = ()
    failed: tuple[tuple[str, str], ...] = ()
    error: str = ""


def adopted(store: Store, writer: OptimisticWriter, rules: Rulebook, decided: Decided) -> BulkOutcome:
    """Let every open suggestion under another version of *rules* adopt this one, as *decided*, where a day moves."""

    def concerns(suggestion: Suggestion) -> bool:
        pinned = suggestion.rulebook
        return pinned is not None and pinned.name == rules.name and may_move(rules, suggestion)

    def decide(suggestion: Suggestion, present: Present) -> list[Batch]:
        if not may_move(rules, suggestion):  # somebody was first
            return []
        batch = decided(suggestion, present, Adopt(rules.name, rules.version))
        return [batch] if is_moved(batch.entries) else []

    return applied(store, writer, concerns, decide)


def succeeded(
    store: Store, writer: OptimisticWriter, held: HeldRulebooks, act: Succeed, decided: Decided
) -> BulkOutcome:
    """Let the successor that *act* names go on in every open suggestion in which the unit has something."""

    def concerns(suggestion: Suggestion) -> bool:
        rules = held.ruling(suggestion)
        is_over = isinstance(rules, Rulebook) and rules.is_over(suggestion)
        return not is_over and has_something(suggestion, act.unit)

    def decide(suggestion: Suggestion, present: Present) -> list[Batch]:
        return [decided(suggestion, present, act)] if concerns(suggestion) else []

    return applied(store, writer, concerns, decide)


def applied(store: Store, writer: OptimisticWriter, concerns: Concerns, decide: Decide) -> BulkOutcome:
    """Write what is decided of every suggestion that it concerns, a hundred in one transaction."""
    outcomes = Outcomes()
    for ids in batched(_concerned(store, concerns, outcomes), _TOGETHER):
        for id, outcome in zip(ids, writer.write_together(ids, decide), strict=True):
            outcomes.add(id, outcome)
    return BulkOutcome(tuple(outcomes.written), tuple(outcomes.stale), tuple(outcomes.failed), outcomes.error)


def _concerned(store: Store, concerns: Concerns, outcomes: Outcomes) -> Iterator[str]:
    """The suggestions that it concerns; it ends where the store cannot say so any more."""
    seen = 0
    try:
        for suggestion in store.snapshots():
            seen += 1
            if concerns(suggestion):
                yield suggestion.id
    except Exception as error:
        if not seen:
            raise
        outcomes.break_off(error)
