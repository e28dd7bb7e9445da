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
    return Batch(
        before.id,
        before.version,
        entries,
        after,
        wakes_on(rules, after),
        use,
        _unarmed(rules, after),
        _leaders(rules, after),
        has_moved_terms=_timing(rules, before) != _timing(rules, after),
        has_other_parties=_names_others(rules, before, after),
        before=before,
    )


def _unarmed(rules: Rulebook, picture: Suggestion) -> tuple[TermKey, ...]:
    is_over = picture.state in rules.lifecycle.final_states
    return () if is_over else tuple([term.key for term in picture.terms if term.end == "not_computable"])


def _timing(rules: Rulebook, picture: Suggestion) -> tuple[object, ...]:
    """What the terms that run, and those that wait for a day, hang on."""
    return picture.terms, picture.rulebook, _unarmed(rules, picture)


def _leaders(rules: Rulebook, picture: Suggestion) -> tuple[str, ...]:
    named = {rules.leader_of(picture, unit) for unit in picture.units}
    return tuple(sorted(leader for leader in named if leader))


def _names_others(rules: Rulebook, before: Suggestion, after: Suggestion) -> bool:
    return rules.leader_by is not None or _naming(before) != _naming(after)
