"""
Deserialization of rules: how do the rows of a rulebook become rules, where a key names what it means, or says more
than one field?
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import is_dataclass
from functools import partial
from itertools import chain
from typing import Any

import attrs

from handleflow.errors import NonsenseError
from handleflow.legal_time import Convention, WorkingHours
from handleflow.model import ROLES, Act
from handleflow.rulebooks._calendars import calendar_of
from handleflow.rulebooks._structuring import TABLES, Fault, Gathered, Structurer, Unreadable, each, text, under
from handleflow.rulebooks._vocabulary import Vocabulary, meaning
from handleflow.rules import (
    CHANNELS,
    Citation,
    Condition,
    FactOf,
    GuardRule,
    LeaderOf,
    Lifecycle,
    Rulebook,
    Rung,
    Source,
    State,
    TermRule,
    Transition,
    Trigger,
)
from handleflow.rules.lifecycle import OPEN

_NOT_INHERITED = (
    "it leaves out what is not inherited, or what the term gives itself; name inherited keys: ['long_span']"
)
_OF_A_FACT = {"count": 0, "per": "suggestion", "unless": "", "colour": ""}
_TRIGGER = ("term", "offset", "after", *_OF_A_FACT)


class RuleReader(Structurer):
    """Reads rulebooks, and what they name in a vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        super().__init__()
        self.vocabulary = vocabulary
        named = self.converter.register_structure_hook_func
        named(partial(_is, type[Act]), lambda verb, _: meaning("act", verb, vocabulary.acts))
        for kind, what, table in (
            (Condition, "condition", vocabulary.conditions),
            (FactOf, "fact", vocabulary.facts),
            (LeaderOf, "way to name a leader", vocabulary.leaders),
        ):
            named(partial(_is, kind), partial(_maybe, what, table))
        self.converter.register_structure_hook(GuardRule, self._guard)
        self.converter.register_structure_hook(Rung, self._rung)
        self.converter.register_structure_hook(TermRule, self._term)

    def rulebook(self, document: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[Fault, ...]]:
        """The fields of a rulebook that could be read, some perhaps without some of their rows, and what is wrong."""
        values, gathered = self.table(
            Rulebook,
            document,
            document=None,
            lifecycle=self._lifecycle,
            calendar=calendar_of,
            convention=partial(self.row, Convention, also=("cite",)),
            convention_citation=_cited,
            sources=self._sources,
            channels=lambda channels: self.value(tuple[str, ...], channels) or CHANNELS,
            working_hours=self._working_hours,
        )
        return values, tuple(dict.fromkeys(gathered.faults))

    def _working_hours(self, row: Any) -> WorkingHours | None:
        return None if row is None else self.row(WorkingHours, row, opens=text, closes=text)

    def _sources(self, tables: Any) -> tuple[Source, ...]:
        if not isinstance(tables, Mapping):
            raise NonsenseError(f"{tables!r:.80} should be tables, [sources.KEY]")
        return under(((key, (key, row)) for key, row in tables.items()), lambda source: self._source(*source))

    def _source(self, key: str, row: Any) -> Source:
        values, gathered = self.table(Source, row, key=None)
        gathered.require_none()
        return Source(key=key, **values)

    def _term(self, row: Any, _: Any) -> TermRule:
        if isinstance(row, Mapping) and "without" in row:
            raise Unreadable([Fault(("without",), _NOT_INHERITED)])
        row = {"span": None, **row} if isinstance(row, Mapping) else row
        return self.row(TermRule, row, outlives_its_part=None)

    def _guard(self, row: Any, _: Any) -> GuardRule:
        asked = row.get("ask") if isinstance(row, Mapping) else None
        kind = self.vocabulary.guards.get(asked) if isinstance(asked, str) else None
        if isinstance(row, Mapping):
            row = {"settings": {}, **{key: value for key, value in row.items() if key != "id" or value}}
        return self.row(
            GuardRule,
            row,
            also=("settings",),
            name=lambda name: meaning("guard", name, self.vocabulary.guards) and name,
            guard=partial(self._settings, kind) if kind else None,
        )

    def _settings(self, kind: type, settings: Any) -> Any:
        if not attrs.has(kind) and not is_dataclass(kind):
            raise NonsenseError(f"{kind!r} should be an attrs class, whose fields are its settings")
        return self.value(kind, settings)

    def _rung(self, row: Any, _: Any) -> Rung:
        values, gathered = self.table(Rung, row, also=_TRIGGER, trigger=None)
        try:
            values["trigger"] = self._trigger({key: row[key] for key in _TRIGGER if row.get(key) not in (None, "")})
        except Unreadable as wrong:
            gathered.faults += wrong.faults
        gathered.require_none()
        return Rung(**values)

    def _trigger(self, said: dict[str, Any]) -> Trigger:
        wrong, of_a_day = [], "after" not in said
        if of_a_day and not said.keys() >= {"term", "offset"}:
            wrong.append("it speaks of nothing; give a term and an offset, or the fact it comes after")
        if of_a_day and any(said.get(key, default) != default for key, default in _OF_A_FACT.items()):
            wrong.append("count, per, unless and colour belong to a rung that comes after a fact")
        if wrong:
            raise Unreadable(Fault((), words) for words in wrong)
        return self.row(Trigger, said)

    def _lifecycle(self, row: Any) -> Lifecycle:
        own = Gathered()
        given = row.get("roles", ()) if isinstance(row, Mapping) else ()
        roles = chain(ROLES, *own.tried("roles", partial(self.value, tuple[str, ...]), given))
        known = {role: role for role in roles} if not own.faults else None
        values, gathered = self.table(
            Lifecycle,
            row,
            also=("roles",),
            states=partial(self.value, tuple[State, ...]),
            transitions=partial(each, partial(self._forks, known), what=TABLES),
            final_states=None,
            labels=None,
        )
        gathered.faults += own.faults
        if not {"name", "state"}.isdisjoint(fault.path[0] for fault in gathered.faults):
            gathered.require_none()
        read = _lifecycle_of(**values)
        gathered.require_none(read)
        return read

    def _forks(self, roles: Mapping[str, str] | None, row: Any) -> tuple[Transition, ...]:
        """The transitions of one row: one from each of its sources; the lifecycle reads what names many."""
        values, gathered = self.table(
            Transition,
            row,
            source=lambda source: (OPEN,) if source == OPEN else self.value(tuple[str, ...], source),
            roles=partial(each, text if roles is None else partial(meaning, "role", table=roles)),
        )
        gathered.require_none()
        sources, target = values.pop("source"), values.pop("target")
        return tuple(Transition(source=source, target=target, **values) for source in sources)


def _lifecycle_of(
    name: str, states: tuple[State, ...], transitions: tuple[tuple[Transition, ...], ...] = ()
) -> Lifecycle:
    return Lifecycle(
        name,
        tuple(state.name for state in states),
        tuple(state.name for state in states if state.is_final),
        tuple(chain(*transitions)),
        {state.name: (state.en, state.zh) for state in states},
    )


def _is(kind: Any, other: Any) -> bool:
    return bool(kind == other)


def _maybe(what: str, table: Mapping[str, Any], name: Any, _: Any) -> Any:
    return meaning(what, name, table) if name != "" else None


def _cited(convention: Any) -> Citation:
    """On what ground days are counted so."""
    if not isinstance(convention, Mapping):
        raise NonsenseError(f"{convention!r:.80} should be a table")
    try:
        return Citation.of(text(convention.get("cite", "")))
    except NonsenseError as error:
        raise Unreadable([Fault(("cite",), str(error))]) from None
