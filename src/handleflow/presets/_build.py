"""How do names on disk get their meaning? By tables handed in, never by import path."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache, partial
from typing import Any, TypeVar, get_args, get_origin

import attrs
import cattrs
from attrs import frozen
from cattrs.cols import homogenous_tuple_structure_factory
from cattrs.gen import make_dict_structure_fn

from handleflow.acts import ACTS
from handleflow.core import check
from handleflow.errors import BrokenCalendar, BrokenRulebook, HandleflowError
from handleflow.legal_time import CIVIL_CODE, Convention, Day, Span, WorkCalendar, day
from handleflow.model import ROLES, Act
from handleflow.model.fields import day_or_none
from handleflow.presets import _shapes as shapes
from handleflow.presets._documents import canonical
from handleflow.rules import (
    CONDITIONS,
    GUARDS,
    HOST,
    MEASURES,
    Arrow,
    Backdating,
    Citation,
    Condition,
    Disagreement,
    Duty,
    ExtensionRule,
    Guard,
    GuardRule,
    Lifecycle,
    OpenPoint,
    OutcomeClass,
    Rulebook,
    Rung,
    Source,
    TermRule,
)
from handleflow.words import did_you_mean

T = TypeVar("T")
R = TypeVar("R")


@frozen
class Vocabulary:
    """What names on disk may mean: the library's own acts, guards and conditions, and the host's."""

    acts: Mapping[str, type[Act]]
    guards: Mapping[str, type[Guard]]
    conditions: Mapping[str, Condition]

    @classmethod
    def with_own(
        cls,
        acts: Iterable[type[Act]] = (),
        guards: Mapping[str, type[Guard]] | None = None,
        conditions: Mapping[str, Condition] | None = None,
    ) -> Vocabulary:
        """The library's vocabulary and a host's own beside it."""
        return cls(
            {act.verb: act for act in (*ACTS, *acts)},
            {**GUARDS, **(guards or {})},
            {**CONDITIONS, **(conditions or {})},
        )


_ANY_DAY = Day(2026, 1, 1)
_STAND_IN = WorkCalendar("none", "0", "UTC", ("sat", "sun"), frozenset(), frozenset(), _ANY_DAY, _ANY_DAY)
"""Stands where a calendar has findings, so that the rest can still be checked; never handed out."""


def _is_tuple(type_: Any) -> bool:
    return get_origin(type_) is tuple


def _strict() -> cattrs.Converter:
    converter = cattrs.Converter(forbid_extra_keys=True)

    def plain(value: Any, type_: type) -> Any:
        if type(value) is not type_:
            raise ValueError(f"{value!r} should be {type_.__name__}")
        return value

    for type_ in (str, int, bool):
        converter.register_structure_hook(type_, plain)

    converter.register_structure_hook(Span, lambda written, _: Span.of(str(written)))

    @converter.register_structure_hook_factory(_is_tuple)
    def rows(type_: type) -> Callable[[Any, type], Any]:
        take = homogenous_tuple_structure_factory(type_, converter)

        def structured(value: Any, wanted: type) -> Any:
            # Text would be taken letter by letter.
            if not isinstance(value, (list, tuple)):
                raise ValueError(f"{value!r} should be a list")
            return take(value, wanted)

        return structured

    return converter


_CONVERTER = _strict()


class _Findings:
    """Collects what is wrong instead of stopping at the first."""

    def __init__(self) -> None:
        self.all: list[str] = []

    def tried(self, where: str, make: Callable[[], T]) -> T | None:
        """What *make* makes, or None and a finding."""
        try:
            return make()
        except (HandleflowError, ValueError) as wrong:
            self.all.append(f"{where}: {wrong}")
            return None

    def known_keys(self, where: str, given: Any, shape: type) -> Any:
        """*given* without the keys its *shape* does not know, each of them a finding."""
        if not isinstance(given, Mapping):
            return given
        fields = attrs.fields_dict(attrs.resolve_types(shape))
        for key in given:
            if key not in fields:
                self.all.append(f"{where}: unknown key {key!r}{did_you_mean(key, fields)}")
        return {
            key: self._known_inside(f"{where}.{key}", value, fields[key].type)
            for key, value in given.items()
            if key in fields
        }

    def _known_inside(self, where: str, value: Any, wanted: Any) -> Any:
        for inner in (wanted, *get_args(wanted)):
            if attrs.has(inner):
                if isinstance(value, (list, tuple)):
                    return [self.known_keys(f"{where}[{n}]", row, inner) for n, row in enumerate(value, 1)]
                if isinstance(value, Mapping) and get_origin(wanted) is dict:
                    return {key: self.known_keys(f"{where}.{key}", row, inner) for key, row in value.items()}
                return self.known_keys(where, value, inner)
        return value

    def named(self, where: str, what: str, name: str, table: Mapping[str, T]) -> T | None:
        """What *name* means in *table*, or None and a finding."""
        if name not in table:
            self.all.append(f"{where}: unknown {what} {name!r}{did_you_mean(name, table)}")
        return table.get(name)


def build(document: Mapping[str, Any], vocabulary: Vocabulary) -> Rulebook:
    """
    A rulebook from its whole document, checked.

    Raises:
        BrokenRulebook: with every finding at once: unknown keys, names, states, missing citations.
    """
    name = str(document.get("name", "without a name"))
    findings = _Findings()
    known = findings.known_keys(name, document, shapes.RulebookShape)
    try:
        shape = _CONVERTER.structure(known, shapes.RulebookShape)
    except Exception as error:
        raise BrokenRulebook(name, (*findings.all, *cattrs.transform_error(error, path=name))) from None
    rules = _rulebook(shape, canonical(document), vocabulary, findings)
    findings.all.extend(check(rules))
    if findings.all:
        raise BrokenRulebook(name, tuple(findings.all))
    return rules


def _rulebook(shape: shapes.RulebookShape, text: str, vocabulary: Vocabulary, findings: _Findings) -> Rulebook:
    calendar = findings.tried("calendar", lambda: _calendar(shape.calendar))
    convention = findings.tried("convention", lambda: _convention(shape.convention))
    guards = tuple(_guard(guard, vocabulary, findings) for guard in shape.guard)
    terms = _each(findings, "term", shape.term, _term)
    rungs = _each(findings, "rung", shape.rung, _rung)
    outcomes = _each(findings, "outcome", shape.outcome, _outcome)
    named = partial(_backdating, vocabulary=vocabulary, findings=findings)
    backdating = _each(findings, "backdating", shape.backdating, named)
    lifecycle = _lifecycle(shape, vocabulary, findings)
    cited = findings.tried("convention", lambda: Citation.of(shape.convention.cite))
    return Rulebook(
        shape.name,
        shape.version,
        shape.title,
        lifecycle,
        calendar or _STAND_IN,
        convention or CIVIL_CODE,
        cited or Citation(HOST),
        text,
        terms,
        tuple(guard for guard in guards if guard is not None),
        rungs,
        outcomes,
        backdating,
        tuple(Source(key, s.title, s.url, s.verified_on) for key, s in shape.sources.items()),
        _each(findings, "duty", shape.duty, _duty),
        tuple(OpenPoint(row.what, row.en) for row in shape.open),
        _each(findings, "disagreement", shape.disagreement, _disagreement),
        *_force(shape, findings),
        measures=shape.measures or MEASURES,
        is_collapsing=shape.is_collapsing,
    )


def _force(shape: shapes.RulebookShape, findings: _Findings) -> tuple[Day | None, Day | None, Day | None]:
    """From when to when it is in force, and the day somebody last compared it with its sources."""
    written = (shape.in_force_from, shape.in_force_until, shape.verified_on)
    start, end, verified = (findings.tried("in force", partial(day_or_none, text)) for text in written)
    return start, end, verified


def _each(findings: _Findings, what: str, rows: Iterable[R], make: Callable[[R], T]) -> tuple[T, ...]:
    made = (findings.tried(f"{what} {place}", partial(make, row)) for place, row in enumerate(rows, 1))
    return tuple(one for one in made if one is not None)


def _days(written: str) -> list[Day]:
    first, _, last = written.partition("/")
    start, end = day(first), day(last or first)
    if end < start:
        raise BrokenCalendar(f"{written} ends before it begins")
    return [day(Day.fromordinal(ordinal)) for ordinal in range(start.toordinal(), end.toordinal() + 1)]


@lru_cache(maxsize=64)
def _calendar(shape: shapes.CalendarShape) -> WorkCalendar:
    # Laying one out takes milliseconds, and many rulebooks share one.
    holidays = [(d, year.year) for year in shape.year for written in year.holidays for d in _days(written)]
    make_up_days = [(day(written), year.year) for year in shape.year for written in year.make_up_days]
    for found, year in (*holidays, *make_up_days):
        if found.year != year:
            raise BrokenCalendar(f"{found} stands under {year}")
    return WorkCalendar(
        shape.name,
        shape.version,
        shape.zone,
        shape.rest_days,
        frozenset(found for found, _ in holidays),
        frozenset(found for found, _ in make_up_days),
        day(shape.known_from),
        day(shape.known_through),
    )


def build_calendar(document: Mapping[str, Any]) -> WorkCalendar:
    """
    A calendar from its document.

    Raises:
        BrokenCalendar: with every unknown key and whatever contradicts itself.
    """
    name = f"calendar {document.get('name', 'without a name')}"
    findings = _Findings()
    known = findings.known_keys(name, document, shapes.CalendarShape)
    try:
        shape = _CONVERTER.structure(known, shapes.CalendarShape)
    except Exception as error:
        findings.all.extend(cattrs.transform_error(error, path=name))
    if findings.all:
        raise BrokenCalendar("; ".join(findings.all))
    return _calendar(shape)


def _convention(shape: shapes.ConventionShape) -> Convention:
    return Convention(shape.name, shape.first_day, shape.roll_on, shape.direction)


def _lifecycle(shape: shapes.RulebookShape, vocabulary: Vocabulary, findings: _Findings) -> Lifecycle:
    inherited, own = shape.lifecycle, shape.arrow
    replaced = {arrow.act for arrow in own}
    rows = (*(arrow for arrow in inherited.arrow if arrow.act not in replaced), *own)
    own_states = {state.name for state in shape.state}
    states = (*(state for state in inherited.state if state.name not in own_states), *shape.state)
    roles = dict.fromkeys((*ROLES, *inherited.roles, *shape.roles), True)
    arrows: list[Arrow] = []
    for row in rows:
        arrows.extend(_arrows(row, vocabulary, roles, findings))
    return Lifecycle(
        inherited.name,
        tuple(state.name for state in states),
        tuple(state.name for state in states if state.is_final),
        tuple(arrows),
        {state.name: (state.en, state.zh) for state in states},
    )


def _arrows(
    row: shapes.ArrowShape, vocabulary: Vocabulary, roles: Mapping[str, bool], findings: _Findings
) -> Iterable[Arrow]:
    where = f"arrow {row.act!r}"
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
        yield Arrow(act, source, source if row.target == "same" else row.target, row.who, when, row.when)


def _guard(row: shapes.GuardShape, vocabulary: Vocabulary, findings: _Findings) -> GuardRule | None:
    where = f"guard {row.ask!r}"
    kind = findings.named(where, "guard", row.ask, vocabulary.guards)
    acts = [findings.named(where, "act", verb, vocabulary.acts) for verb in row.of]
    citation = findings.tried(where, lambda: Citation.of(row.cite))
    if kind is None or citation is None:
        return None
    strict = make_dict_structure_fn(kind, _CONVERTER, _cattrs_forbid_extra_keys=True)
    try:
        guard = strict(dict(row.settings), kind)
    except Exception as error:
        findings.all.extend(cattrs.transform_error(error, path=where))
        return None
    return GuardRule(row.id or row.ask, row.ask, tuple(act for act in acts if act is not None), guard, citation)


def _maybe_span(written: str | None) -> Span | None:
    return Span.of(written) if written is not None else None


def _term(row: shapes.TermShape) -> TermRule:
    return TermRule(
        row.id,
        row.of,
        row.anchor,
        row.met_by,
        Span.of(row.span),
        Citation.of(row.cite),
        row.en,
        row.zh,
        _maybe_span(row.long_span),
        Citation.of(row.long_cite) if row.long_cite is not None else None,
        _extension(row.extension) if row.extension else None,
        row.is_pausable,
        row.owed_by,
        row.counts_from,
        row.only,
    )


def _extension(row: shapes.ExtensionShape) -> ExtensionRule:
    return ExtensionRule(Span.of(row.span), row.base, row.mode, Citation.of(row.cite), row.times)


def _rung(row: shapes.RungShape) -> Rung:
    return Rung(
        row.id,
        row.term,
        Span.of(row.offset),
        row.measure,
        Citation.of(row.cite),
        _maybe_span(row.answer_within),
        row.en,
        row.zh,
    )


def _outcome(row: shapes.OutcomeShape) -> OutcomeClass:
    return OutcomeClass(
        row.code,
        row.en,
        row.zh,
        Citation.of(row.cite),
        row.is_resolved,
        row.is_commitment,
        row.needs_day,
        row.is_sent_upward,
    )


def _duty(row: shapes.DutyShape) -> Duty:
    return Duty(row.id, row.en, row.zh, Citation.of(row.cite))


def _disagreement(row: shapes.DisagreementShape) -> Disagreement:
    return Disagreement(row.term, row.en, Citation.of(row.cite))


def _backdating(row: shapes.BackdatingShape, vocabulary: Vocabulary, findings: _Findings) -> Backdating:
    acts = [findings.named(f"backdating by {row.role!r}", "act", verb, vocabulary.acts) for verb in row.of]
    known = tuple(act for act in acts if act is not None)
    return Backdating(row.role, Span.of(row.within), Citation.of(row.cite), known)
