"""How does each row of a rulebook's document become what it says?"""

from __future__ import annotations

import cattrs
from cattrs.gen import make_dict_structure_fn

from handleflow.errors import NonsenseError, UnknownChoice
from handleflow.legal_time import Span, WorkingHours
from handleflow.presets import _shapes as shapes
from handleflow.presets._findings import CONVERTER, Findings, Vocabulary
from handleflow.rules import (
    Backdating,
    Citation,
    Cooldown,
    Disagreement,
    Duty,
    ExtensionRule,
    FactTrigger,
    GuardRule,
    LeaderInCharge,
    Light,
    OutcomeClass,
    Rung,
    TermRule,
    TermTrigger,
)


def guard(row: shapes.GuardShape, vocabulary: Vocabulary, findings: Findings) -> GuardRule | None:
    where = f"guard {row.ask!r}"
    kind = findings.named(where, "guard", row.ask, vocabulary.guards)
    acts = [findings.named(where, "act", verb, vocabulary.acts) for verb in row.of]
    citation = findings.tried(where, lambda: Citation.of(row.cite))
    if kind is None or citation is None:
        return None
    strict = make_dict_structure_fn(kind, CONVERTER, _cattrs_forbid_extra_keys=True)
    try:
        guard = strict(dict(row.settings), kind)
    except Exception as error:
        findings.all.extend(cattrs.transform_error(error, path=where))
        return None
    return GuardRule(row.id or row.ask, row.ask, tuple(act for act in acts if act is not None), guard, citation)


def _maybe_span(written: str | None) -> Span | None:
    return Span.of(written) if written is not None else None


def term(row: shapes.TermShape) -> TermRule:
    return TermRule(
        row.id,
        row.of,
        row.anchor,
        row.met_by,
        _maybe_span(row.span),
        Citation.of(row.cite),
        row.en,
        row.zh,
        _maybe_span(row.long_span),
        Citation.of(row.long_cite) if row.long_cite is not None else None,
        _extension(row.extension) if row.extension else None,
        row.is_pausable,
        row.owed_by,
        row.counts_from,
        row.applies_to,
    )


def _extension(row: shapes.ExtensionShape) -> ExtensionRule:
    return ExtensionRule(Span.of(row.span), row.base, row.mode, Citation.of(row.cite), row.times)


def rung(row: shapes.RungShape, vocabulary: Vocabulary, findings: Findings) -> Rung | None:
    """A rung, or None and a finding about what it is said after."""
    trigger = _trigger(row, vocabulary, findings)
    if trigger is None:
        return None
    return Rung(
        row.id,
        trigger,
        row.channel,
        Citation.of(row.cite),
        _maybe_span(row.answer_within),
        _maybe_span(row.every),
        _maybe_span(row.until),
        row.issuer,
        row.recipient,
        row.applies_to,
        row.en,
        row.zh,
    )


def _trigger(row: shapes.RungShape, vocabulary: Vocabulary, findings: Findings) -> TermTrigger | FactTrigger | None:
    where = f"rung {row.id!r}"
    if not row.after:
        if not row.term or row.offset is None:
            raise UnknownChoice("it speaks of nothing; give a term and an offset, or the fact it comes after")
        if row.count or row.unless or row.colour:
            raise UnknownChoice("count, unless and colour belong to a rung that comes after a fact")
        return TermTrigger(row.term, Span.of(row.offset))
    find = findings.named(where, "fact", row.after, vocabulary.facts)
    never = findings.named(where, "fact", row.unless, vocabulary.facts) if row.unless else None
    if find is None or (row.unless and never is None):
        return None
    offset = Span.of(row.offset or "0 days")
    return FactTrigger(row.after, find, offset, row.count, row.per, row.unless, never, row.term, row.colour)


def outcome(row: shapes.OutcomeShape) -> OutcomeClass:
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


def duty(row: shapes.DutyShape) -> Duty:
    return Duty(row.id, row.en, row.zh, Citation.of(row.cite))


def disagreement(row: shapes.DisagreementShape) -> Disagreement:
    return Disagreement(row.term, row.en, Citation.of(row.cite))


def backdating(row: shapes.BackdatingShape, vocabulary: Vocabulary, findings: Findings) -> Backdating:
    acts = [findings.named(f"backdating by {row.role!r}", "act", verb, vocabulary.acts) for verb in row.of]
    known = tuple(act for act in acts if act is not None)
    return Backdating(row.role, Span.of(row.within), Citation.of(row.cite), known)


def leader(row: shapes.LeaderShape) -> LeaderInCharge:
    """A leader and the field."""
    return LeaderInCharge(row.name, row.categories, row.units, row.applies_to)


def cooldown(row: shapes.CooldownShape) -> Cooldown:
    """How long a unit is left in peace."""
    span = Span.of(row.span)
    if span.n < 1:
        raise NonsenseError(f"{span} is no time at all")
    return Cooldown(span, Citation.of(row.cite))


def light(row: shapes.LightShape) -> Light:
    """A colour on the board."""
    return Light(row.colour, Citation.of(row.cite), _maybe_span(row.offset), row.en, row.zh)


def working_hours(row: shapes.WorkingHoursShape) -> WorkingHours:
    """When somebody may be disturbed."""
    return WorkingHours(row.opens, row.closes)
