"""Succession commands: who goes on where a unit was renamed, merged, split or abolished (机构改革)?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs
from attrs import field

from handleflow.acts._common_checks import AboutAUnit
from handleflow.choices import OneOf
from handleflow.errors import Reason
from handleflow.model import Bearing, Provenance, Question, Suggestion, TermKey, nouns, reads_the_act
from handleflow.model.changing import changed
from handleflow.model.fields import named, not_blank_or_none, party
from handleflow.model.term import last_ref
from handleflow.party import name_of
from handleflow.values import frozen

HOW = ("renamed", "merged", "split", "abolished")


@reads_the_act
def _unit_has_something(act: Succeed, question: Question[Succeed]) -> Iterator[Reason]:
    if not has_something(question.suggestion, act.unit):
        yield Reason("nothing_to_pass_on", {"unit": act.unit, "units": question.suggestion.units}, "value")


@reads_the_act
def _successor_is_another(act: Succeed, question: Question[Succeed]) -> Iterator[Reason]:
    if (act.successor, name_of(act.successor)) == (act.unit, name_of(act.unit)):
        yield Reason("succeeds_itself", {"unit": act.unit}, "value")


@frozen
class Succeed(AboutAUnit):
    """
    Another unit goes on (承接) with everything that *unit* has in a suggestion, *how* it came to that.

    Its part, its terms as they run, contacts, open requests, supervisions and promises are the *successor*'s from
    here on, without a fresh clock; the history keeps the name of the time. One that was only renamed and has an id of
    its own keeps the id. Where the successor had a part already, the lead's stays, or the one of the later round, and
    the other ends as ``succeeded``; the terms of both run on.
    """

    verb = "succeed"
    kind = "succeeded"
    checks = (_unit_has_something, _successor_is_another)
    successor: str = field(converter=party, validator=named)
    how: str = field(validator=OneOf(*HOW))
    reason: str | None = field(default=None, validator=not_blank_or_none)

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        keys = _keys_after(suggestion, self.unit, self.successor)
        after: Suggestion = _passed_on(suggestion, self.unit, self.successor, keys)
        return changed(
            after,
            assignments=_one_part(after.assignments, self.successor),
            keys_passed_on=(*suggestion.keys_passed_on, *(key for key in keys if keys[key] != key)),
            # What was said under a name is said, also to one that is called so later.
            firing_keys=tuple(dict.fromkeys((*suggestion.firing_keys, *after.firing_keys))),
        )

    def bearing(self, suggestion: Suggestion, provenance: Provenance) -> Bearing:
        return Bearing(passes_on=True)


def has_something(value: Any, unit: str) -> bool:
    """Whether anything in a suggestion is *unit*'s, however deep."""
    if isinstance(value, tuple):
        return any(has_something(each, unit) for each in value)
    if not attrs.has(type(value)):
        return False
    return any(
        _is_its(each, unit) if attribute.name in _UNITS else has_something(each, unit)
        for attribute in attrs.fields(type(value))
        if attribute.name not in _SAID and (each := getattr(value, attribute.name)) is not None
    )


_SAID = ("firing_keys", "keys_passed_on")
"""The fields that keep names of the time: nobody has anything by them."""
_UNITS = ("unit", "units")
"""The fields of nouns that name units; those of the suggestion itself are worked out from its parts."""


def _is_its(named: str | tuple[str, ...], unit: str) -> bool:
    return unit in named if isinstance(named, tuple) else named == unit


def _keys_after(suggestion: Suggestion, unit: str, successor: str) -> Mapping[TermKey, TermKey]:
    """
    What the keys of *unit*'s terms become: no number is taken twice that the successor has or had.

    A term with a day of its own keeps its number, which is that of a promise or of a supervision.
    """
    found, used = {}, [*(term.key for term in suggestion.terms), *suggestion.keys_passed_on]
    for term in suggestion.terms:
        key = term.key
        if key.unit == unit:
            is_kept = unit == successor or term.has_own_day
            last = 0 if is_kept else last_ref(k for k in used if k.is_of(key.rule, successor))
            found[key] = changed(key, unit=successor, ref=last + key.ref)
    return found


def _passed_on(value: Any, unit: str, successor: str, keys: Mapping[TermKey, TermKey]) -> Any:
    """*value* with everything of *unit*'s in it the successor's."""
    if isinstance(value, tuple):
        return tuple(_passed_on(each, unit, successor, keys) for each in value)
    if isinstance(value, TermKey) and value in keys:
        return keys[value]
    if not attrs.has(type(value)):
        return value
    change = {}
    for attribute in attrs.fields(type(value)):
        name, held = attribute.name, getattr(value, attribute.name)
        if name not in _UNITS:
            after = _passed_on(held, unit, successor, keys)
        elif isinstance(held, tuple):
            after = tuple(dict.fromkeys(successor if each == unit else each for each in held))
        else:
            after = successor if held == unit else held
        if after is not held:
            change[name] = after
    return changed(value, **change) if change else value


def _one_part(assignments: tuple[nouns.Assignment, ...], unit: str) -> tuple[nouns.Assignment, ...]:
    """The parts, of which *unit* has one that goes on: the lead's, or the one of the later round."""
    going_on = [a for a in assignments if a.unit == unit and a.ended is None]
    kept = max(going_on, key=lambda a: (a.role == "lead", a.round), default=None)
    return tuple(changed(a, ended="succeeded") if a in going_on and a is not kept else a for a in assignments)
