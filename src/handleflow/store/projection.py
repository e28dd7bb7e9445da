"""Projection: what is kept beside a history, derived from it and its rulebook?"""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter

import attrs
from pendulum import DateTime

from handleflow.core import wakes_on
from handleflow.core.corrected_time import replay
from handleflow.core.evolve import fold
from handleflow.errors import BrokenHistory, UnknownRulebook, UnknownSuggestion, in_words
from handleflow.hash_chain import faults_in_history
from handleflow.model import Entry, Suggestion, TermKey, UnknownEvent
from handleflow.rules import Rulebook
from handleflow.store.batch import Batch
from handleflow.store.protocols import Store
from handleflow.views.access import WITHHELD, Level, Sees
from handleflow.words import Message

_naming = attrgetter("assignments", "deputy", "co_signers", "category", "is_key", "rulebook", "replies", "round")
"""What the names a suggestion is found by hang on, unless a host names leaders its own way."""


def build_batch(
    rules: Rulebook,
    before: Suggestion,
    entries: tuple[Entry, ...],
    after: Suggestion | None = None,
) -> Batch:
    """
    What *entries*, decided on *before*, add to its history, with all that is derived from them.

    *after* is the suggestion they leave, where whoever decided them has it already.
    """
    after = fold(before, entries) if after is None else after
    without_day = _terms_without_day(rules, after)
    moves_terms = _moves_terms(rules, before, after, without_day)
    names_others = rules.leader_by is not None or _naming(before) != _naming(after)
    return Batch(
        before.id,
        before.version,
        entries,
        after,
        _wakes_at(rules, after),
        (),
        without_day,
        _leaders(rules, after) if names_others else (),
        has_moved_terms=moves_terms,
        has_other_facets=names_others,
        # Without a ladder a suggestion wakes when a term is missed, and for nothing else.
        may_wake_otherwise=moves_terms or bool(rules.rungs),
        before=before,
    )


def derived_anew(rules: Rulebook, suggestion: Suggestion, entries: tuple[Entry, ...]) -> Batch:
    """All that *entries*, the whole history of *suggestion*, leave; whatever stood beside them before."""
    batch = build_batch(rules, Suggestion(suggestion.id), entries, after=suggestion)
    return attrs.evolve(batch, expected=suggestion.version, before=None)


def rebuilt(store: Store, id: str, rules_of: Callable[[Suggestion], Rulebook]) -> Batch:
    """
    All that the history of *id* leaves, under the rulebook that *rules_of* finds for it.

    Raises:
        UnknownSuggestion: when there is none.
        BrokenHistory: when it was changed, cannot be folded, or tells of events this store does not know.
        UnknownRulebook: when its rulebook is not held here.
    """
    stored = store.entries(id)
    entries = tuple(map(store.codec.decode, stored))
    if not entries:
        is_there = store.load(id) is not None
        raise BrokenHistory(f"suggestion {id}: it has no entry") if is_there else unknown_suggestion(id)
    for fault in faults_in_history(id, stored):
        raise BrokenHistory(str(fault))
    unknown = unknown_to_store(entries)
    if unknown:
        raise BrokenHistory(f"suggestion {id}: {unknown}")
    try:
        suggestion = replay(id, entries)
        return derived_anew(rules_of(suggestion), suggestion, entries)
    except UnknownRulebook:
        raise
    except Exception as error:  # whatever its events, or a host's own functions, say of it
        raise BrokenHistory(f"suggestion {id}: it cannot be folded: {in_words(error)}") from error


def unknown_suggestion(id: str) -> UnknownSuggestion:
    """What is raised of one that is not there."""
    return UnknownSuggestion(Message("error-no_suggestion", {"id": id}))


def unknown_to_store(entries: tuple[Entry, ...]) -> str:
    """Which entry tells of an event the store has no class for, and what would help; empty when there is none."""
    for entry in entries:
        if isinstance(entry.event, UnknownEvent):
            return (
                f"entry {entry.number} is of the kind {entry.kind!r}, which this store does not know in that form; "
                "hand a host's own acts to the store when it is opened (own=), or use a newer handleflow"
            )
    return ""


def _wakes_at(rules: Rulebook, after: Suggestion) -> DateTime | None:
    on = wakes_on(rules, after)
    return None if on is None else rules.calendar.start_of(on)


def _terms_without_day(rules: Rulebook, suggestion: Suggestion) -> tuple[TermKey, ...]:
    waiting = tuple([term.key for term in suggestion.terms if term.end == "not_computable"])
    return () if waiting and rules.is_over(suggestion) else waiting


def _moves_terms(rules: Rulebook, before: Suggestion, after: Suggestion, without_day: tuple[TermKey, ...]) -> bool:
    """Whether the terms that run, or those that wait for a day, are others than before."""
    is_same = before.terms is after.terms or before.terms == after.terms
    return not is_same or before.rulebook != after.rulebook or _terms_without_day(rules, before) != without_day


def _leaders(rules: Rulebook, suggestion: Suggestion) -> tuple[str, ...]:
    named = {rules.leader_of(suggestion, assignment.unit, assignment) for assignment in suggestion.active()}
    return tuple(sorted(leader for leader in named if leader))


def seen_by_its_history(store: Store, id: str, sees: Sees) -> Level:
    """What a reader *sees* by its history, since a snapshot may be an older one; one that cannot be folded not."""
    try:
        return sees(replay(id, map(store.codec.decode, store.entries(id))))
    except Exception:
        return WITHHELD
