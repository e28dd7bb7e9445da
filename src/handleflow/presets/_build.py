"""How does a whole document become a rulebook?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, TypeVar

import cattrs

from handleflow.core import check
from handleflow.errors import BrokenRulebook
from handleflow.legal_time import CIVIL_CODE, Convention, Day
from handleflow.model import ROLES
from handleflow.model.fields import day_or_none
from handleflow.presets import _rows
from handleflow.presets import _shapes as shapes
from handleflow.presets._calendars import calendar_of, stand_in
from handleflow.presets._documents import canonical
from handleflow.presets._findings import CONVERTER, Findings, Vocabulary
from handleflow.presets._plain_data import name_of, require_plain
from handleflow.rules import (
    CHANNELS,
    HOST,
    Citation,
    LeaderOf,
    Lifecycle,
    OpenPoint,
    Rulebook,
    Source,
    Transition,
)

T = TypeVar("T")
R = TypeVar("R")


def build(document: Mapping[str, Any], vocabulary: Vocabulary) -> Rulebook:
    """
    A rulebook from its whole document, checked.

    Raises:
        BrokenRulebook: with every finding at once: unknown keys, names, states, missing citations.
    """
    name = name_of(document)
    require_plain(name, document)
    findings = Findings()
    known = findings.known_keys(name, document, shapes.RulebookShape)
    try:
        shape = CONVERTER.structure(known, shapes.RulebookShape)
    except Exception as error:
        raise BrokenRulebook(name, (*findings.all, *cattrs.transform_error(error, path=name))) from None
    rules = _rulebook(shape, canonical(document), vocabulary, findings)
    findings.all.extend(check(rules))
    if findings.all:
        raise BrokenRulebook(name, tuple(findings.all))
    return rules


def _rulebook(shape: shapes.RulebookShape, text: str, vocabulary: Vocabulary, findings: Findings) -> Rulebook:
    each = partial(_each, findings)
    named = partial(_named, vocabulary, findings)
    calendar = findings.tried("calendar", lambda: calendar_of(shape.calendar))
    convention = findings.tried("convention", lambda: _convention(shape.convention))
    cited = findings.tried("convention", lambda: Citation.of(shape.convention.cite))
    start, end, verified = _force(shape, findings)
    return Rulebook(
        name=shape.name,
        version=shape.version,
        title=shape.title,
        guards=each("guard", shape.guard, named(_rows.guard)),
        terms=each("term", shape.term, _rows.term),
        rungs=each("rung", shape.rung, named(_rows.rung)),
        outcomes=each("outcome", shape.outcome, _rows.outcome),
        backdating=each("backdating", shape.backdating, named(_rows.backdating)),
        lifecycle=_lifecycle(shape, vocabulary, findings),
        calendar=calendar or stand_in(),
        convention=convention or CIVIL_CODE,
        convention_citation=cited or Citation(HOST),
        document=text,
        sources=tuple(Source(key, s.title, s.url, s.verified_on) for key, s in shape.sources.items()),
        duties=each("duty", shape.duty, _rows.duty),
        open_points=tuple(OpenPoint(row.what, row.en) for row in shape.open),
        disagreements=each("disagreement", shape.disagreement, _rows.disagreement),
        in_force_from=start,
        in_force_until=end,
        verified_on=verified,
        channels=shape.channels or CHANNELS,
        coalesce=shape.coalesce,
        leaders=each("leader", shape.leader, _rows.leader),
        leader_by=_leader_by(shape.leader_by, vocabulary, findings),
        cooldown=_only(each("cooldown", (shape.cooldown,) if shape.cooldown else (), _rows.cooldown)),
        lights=each("light", shape.light, _rows.light),
        working_hours=_only(
            each("working_hours", (shape.working_hours,) if shape.working_hours else (), _rows.working_hours)
        ),
    )


def _named(
    vocabulary: Vocabulary, findings: Findings, make: Callable[[R, Vocabulary, Findings], T | None]
) -> Callable[[R], T | None]:
    """What makes a row that names things: acts, guards, facts."""
    return lambda row: make(row, vocabulary, findings)


def _leader_by(name: str, vocabulary: Vocabulary, findings: Findings) -> LeaderOf | None:
    return findings.named("leader_by", "way to name a leader", name, vocabulary.leaders) if name else None


def _force(shape: shapes.RulebookShape, findings: Findings) -> tuple[Day | None, Day | None, Day | None]:
    """From when to when it is in force, and the day somebody last compared it with its sources."""
    written = (shape.in_force_from, shape.in_force_until, shape.verified_on)
    start, end, verified = (findings.tried("in force", partial(day_or_none, text)) for text in written)
    return start, end, verified


def _each(findings: Findings, what: str, rows: Iterable[R], make: Callable[[R], T | None]) -> tuple[T, ...]:
    made = (findings.tried(f"{what} {place}", partial(make, row)) for place, row in enumerate(rows, 1))
    return tuple(one for one in made if one is not None)


def _only(made: tuple[T, ...]) -> T | None:
    return made[0] if made else None


def _convention(shape: shapes.ConventionShape) -> Convention:
    return Convention(shape.name, shape.first_day, shape.roll_on, shape.direction)


def _lifecycle(shape: shapes.RulebookShape, vocabulary: Vocabulary, findings: Findings) -> Lifecycle:
    inherited, own = shape.lifecycle, shape.transition
    replaced = {transition.act for transition in own}
    rows = (*(transition for transition in inherited.transition if transition.act not in replaced), *own)
    own_states = {state.name for state in shape.state}
    states = (*(state for state in inherited.state if state.name not in own_states), *shape.state)
    roles = dict.fromkeys((*ROLES, *inherited.roles, *shape.roles), True)
    transitions: list[Transition] = []
    for row in rows:
        transitions.extend(_transitions(row, vocabulary, roles, findings))
    return Lifecycle(
        inherited.name,
        tuple(state.name for state in states),
        tuple(state.name for state in states if state.is_final),
        tuple(transitions),
        {state.name: (state.en, state.zh) for state in states},
    )


def _transitions(
    row: shapes.TransitionShape, vocabulary: Vocabulary, roles: Mapping[str, bool], findings: Findings
) -> Iterable[Transition]:
    where = f"transition {row.act!r}"
    act = findings.named(where, "act", row.act, vocabulary.acts)
    when = None
    if row.when:
        # An unknown condition still is one: without it a second, false finding would follow.
        when = findings.named(where, "condition", row.when, vocabulary.conditions) or bool
    for role in row.who:
        findings.named(where, "role", role, roles)
    if act is None:
        return
    for source in row.source:
        yield Transition(act, source, source if row.target == "same" else row.target, row.who, when, row.when)
