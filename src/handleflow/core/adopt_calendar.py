"""Recalculation of due days: what moves when a calendar grows?"""

from __future__ import annotations

from handleflow.acts import Adopt
from handleflow.core.decide import decide
from handleflow.errors import Refused
from handleflow.model import Entry, Provenance, Suggestion
from handleflow.rules import Rulebook


def adopt_calendar(
    rules: Rulebook, suggestion: Suggestion, provenance: Provenance, leaving: Rulebook | None = None
) -> tuple[Entry, ...] | Refused:
    """
    The entries by which *suggestion* adopts *rules*, a version with a newer calendar; empty when no day moves.

    *leaving* is the rulebook it is pinned to, which is asked too; either may refuse.

    A running term is reckoned anew with its anchor, extensions and pauses; it moves only when its day, or
    whether that day is provisional, really changes. Ask twice and the second answer is empty.
    """
    if not may_move(rules, suggestion):
        return ()
    decided = decide(rules, suggestion, Adopt(rules.name, rules.version), provenance, leaving)
    return decided if isinstance(decided, Refused) else decided.entries if is_moved(decided.entries) else ()


def is_moved(entries: tuple[Entry, ...]) -> bool:
    """Whether a day moves by *entries*."""
    return any(entry.kind == "term_moved" for entry in entries)


def may_move(rules: Rulebook, suggestion: Suggestion) -> bool:
    """Whether *suggestion* is under another version than *rules*, and a term of it runs that could move."""
    pinned = suggestion.rulebook
    is_there = pinned is not None and pinned.is_of(rules.name, rules.version)
    return not is_there and next(suggestion.running_terms(), None) is not None
