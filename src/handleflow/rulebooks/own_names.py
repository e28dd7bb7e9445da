"""Vocabulary of a host: which acts, guards, conditions, facts and leaders have its rulebooks names for?"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from itertools import chain
from typing import TypedDict, TypeVar

from handleflow.acts import ACTS
from handleflow.model import Act
from handleflow.rules import CONDITIONS, FACTS, GUARDS, Condition, FactOf, Guard, LeaderOf, Rulebook

T = TypeVar("T")


class OwnNames(TypedDict):
    """What a host hands to ``load`` and ``from_document`` beside the library's own."""

    acts: tuple[type[Act], ...]
    guards: dict[str, type[Guard]]
    conditions: dict[str, Condition]
    facts: dict[str, FactOf]
    leaders: dict[str, LeaderOf]


def own_names(rulebooks: Iterable[Rulebook]) -> OwnNames:
    """What was handed in when *rulebooks* were loaded, as far as one of them uses it."""
    held = tuple(rulebooks)
    triggers = [rung.trigger for rules in held for rung in rules.rungs]
    facts = [(each.fact, each.find) for each in triggers] + [(each.unless, each.never) for each in triggers]
    transitions = [transition for rules in held for transition in rules.lifecycle.transitions]
    conditions = [(each.condition, each.when) for each in transitions]
    conditions += [(rule.condition, rule.when) for rules in held for rule in rules.terms]
    guards = [(rule.name, type(rule.guard)) for rules in held for rule in rules.guards]
    return {
        "acts": tuple(dict.fromkeys(act for rules in held for act in _acts_of(rules) if act not in ACTS)),
        "guards": _beside(GUARDS, guards),
        "conditions": _beside(CONDITIONS, conditions),
        "facts": _beside(FACTS, facts),
        "leaders": _beside({}, ((_leader_name(rules), rules.leader_by) for rules in held)),
    }


def _acts_of(rules: Rulebook) -> Iterable[type[Act]]:
    yield from rules.lifecycle.acts
    yield from chain(*(rule.acts for rule in rules.guards), *(limit.acts for limit in rules.backdating))


def _leader_name(rules: Rulebook) -> str:
    """Under which name its leaders were handed in: only its document tells."""
    return str(json.loads(rules.document).get("leader_by") or "")


def _beside(known: Mapping[str, T], named: Iterable[tuple[str, T | None]]) -> dict[str, T]:
    return {name: meaning for name, meaning in named if name and meaning is not None and name not in known}
