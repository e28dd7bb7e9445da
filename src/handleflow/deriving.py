"""What is kept beside a history, derived from it and its rulebook?"""

from __future__ import annotations

from operator import attrgetter

from handleflow.core import wakes_on
from handleflow.core.evolve import replay_onto
from handleflow.model import Entry, Suggestion, TermKey
from handleflow.rules import Rulebook
from handleflow.store import Batch, KeyUse

_naming = attrgetter("assignments", "deputy", "co_signers", "category", "is_key", "rulebook", "replies", "round")
"""What the names a suggestion is found by hang on, unless a host names leaders its own way."""


def batch_of(
    rules: Rulebook,
    before: Suggestion,
    entries: tuple[Entry, ...],
    use: KeyUse | None = None,
    after: Suggestion | None = None,
) -> Batch:
    """
    What *entries*, decided on the picture *before*, add to its history, with all that is derived from them.

    *after* is the picture they leave, where whoever decided them has it already.
    """
    after = replay_onto(before, entries) if after is None else after
    unarmed = _unarmed(rules, after)
    moves_terms = _moves_terms(rules, before, after, unarmed)
    names_others = _names_others(rules, before, after)
    return Batch(
        before.id,
        before.version,
        entries,
        after,
        wakes_on(rules, after),
        use,
        unarmed,
        _leaders(rules, after) if names_others else (),
        has_moved_terms=moves_terms,
        has_other_parties=names_others,
        # Without a ladder a suggestion wakes when a term is missed, and for nothing else.
        may_wake_otherwise=moves_terms or bool(rules.rungs),
        before=before,
    )


def _unarmed(rules: Rulebook, picture: Suggestion) -> tuple[TermKey, ...]:
    waiting = tuple([term.key for term in picture.terms if term.end == "not_computable"])
    return () if waiting and picture.state in rules.lifecycle.final_states else waiting


def _moves_terms(rules: Rulebook, before: Suggestion, after: Suggestion, unarmed: tuple[TermKey, ...]) -> bool:
    """Whether the terms that run, or those that wait for a day, are others than before."""
    is_same = before.terms is after.terms or before.terms == after.terms
    return not is_same or before.rulebook != after.rulebook or _unarmed(rules, before) != unarmed


def _leaders(rules: Rulebook, picture: Suggestion) -> tuple[str, ...]:
    named = {rules.leader_of(picture, assignment.unit, assignment) for assignment in picture.active()}
    return tuple(sorted(leader for leader in named if leader))


def _names_others(rules: Rulebook, before: Suggestion, after: Suggestion) -> bool:
    return rules.leader_by is not None or _naming(before) != _naming(after)
