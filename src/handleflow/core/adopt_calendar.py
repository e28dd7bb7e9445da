"""Recalculation of due days: what moves when a calendar grows?"""

from __future__ import annotations

from handleflow.model import Entry, Suggestion
from handleflow.rules import Rulebook


def is_moved(entries: tuple[Entry, ...]) -> bool:
    """Whether a day moves by *entries*."""
    return any(entry.kind == "term_moved" for entry in entries)


def may_move(rules: Rulebook, suggestion: Suggestion) -> bool:
    """
    Whether *suggestion* is under another version than *rules*, and the day of a term could move.

    It runs, or its day was provisional when it ended.
    """
    pinned = suggestion.rulebook
    is_there = pinned is not None and pinned.is_of(rules.name, rules.version)
    return not is_there and any(term.is_running or term.is_provisional for term in suggestion.terms)
