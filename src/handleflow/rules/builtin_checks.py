"""
Built-in validation rules: what is asked under every rulebook, with the rulebook's own words and numbers?

The built-in checks; each is given the rulebook that decides, and is compiled with it into the checks of an act.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from handleflow.acts import (
    Assign,
    DeclareExtension,
    Distribute,
    DraftReply,
    GrantExtension,
    MarkProgress,
    Reassign,
    RefuseExtension,
    Regrade,
    Reply,
    RequestExtension,
    Resume,
    Supervise,
    Suspend,
    TakeOver,
)
from handleflow.errors import Reason
from handleflow.legal_time import Counted, Day, Span, count
from handleflow.legal_time.convention import shift
from handleflow.model import Act, Question, Suggestion, Term
from handleflow.model.changing import changed
from handleflow.rules.in_force import out_of_force
from handleflow.rules.rulebook import Rulebook
from handleflow.rules.term_rules import ExtensionRule
from handleflow.words import Bilingual

RulebookCheck = Callable[[Rulebook, Question[Any]], Iterable[Reason]]


def recorded_in_time(rules: Rulebook, question: Question[Any]) -> Iterable[Reason]:
    """The day it happened has come, is not before receipt, and may still be recorded by this role."""
    happened, today, received_on = question.happened_on, question.provenance.on, question.suggestion.received_on
    if happened is None or (happened == today and (received_on is None or received_on <= today)):
        return ()  # nearly always: an act of the day it happened on
    return _out_of_time(rules, question, happened, today)


def _out_of_time(rules: Rulebook, question: Question[Any], happened: Day, today: Day) -> Iterator[Reason]:
    received_on, role = question.suggestion.received_on, question.by.role
    if happened > today:
        yield Reason("day_in_future", {"on": happened, "today": today}, "value")
    if received_on is not None and happened < received_on:
        yield Reason("before_it_began", {"on": happened, "began": received_on}, "value")
    if happened < today:
        allowed = rules.backdating_of(role, question.act_class)
        if allowed is None or shift(happened, allowed.within, rules.calendar) < today:
            within = allowed.within if allowed else Span(0, "day")
            yield Reason("told_too_late", {"on": happened, "today": today, "role": role, "within": within}, "value")


def outcome_is_known(rules: Rulebook, question: Question[Any]) -> Iterator[Reason]:
    """The class is one of the rulebook's; one that promises a day names it."""
    if question.act is None:
        return
    code = getattr(question.act, "outcome", "")
    outcome = rules.outcome(code)
    if outcome is None:
        known = tuple(o.code for o in rules.outcomes)
        yield Reason("outcome_is_known", {"outcome": code, "rulebook": str(rules.ref), "known": known}, "value")
    elif outcome.needs_day and isinstance(question.act, Reply) and not question.act.names_a_day:
        called = Bilingual(outcome.en, outcome.zh)
        yield Reason("promise_needs_day", {"outcome": code, "called": called}, "value", str(outcome.citation))


def long_track_is_known(rules: Rulebook, question: Question[Any]) -> Iterator[Reason]:
    """Only a rulebook with a longer track can put a suggestion on it."""
    act = question.act
    if isinstance(act, Assign) and act.is_long_track and not any(rule.long_span for rule in rules.terms):
        yield Reason("long_track_is_known", {"rulebook": str(rules.ref)}, "value")


def assigned_while_in_force(rules: Rulebook, question: Question[Any]) -> Iterator[Reason]:
    """Nothing is assigned without a word on a day on which the rulebook does not hold; it says what comes of that."""
    act, on = question.act, question.happened_on
    if isinstance(act, TakeOver):
        on = act.assigned_on if act.leads or act.co_units else None
    for warning in out_of_force(rules, on) if on is not None else ():
        yield warning if rules.out_of_force == "warn" else changed(warning, kind="value")


def channel_is_known(rules: Rulebook, question: Question[Any]) -> Iterator[Reason]:
    """The channel is one of the rulebook's."""
    channel = getattr(question.act, "channel", None)
    if channel is not None and channel not in rules.channels:
        yield Reason("channel_is_known", {"channel": channel, "known": rules.channels}, "value")


def cooldown_respected(rules: Rulebook, question: Question[Any]) -> Iterator[Reason]:
    """A person who urges a unit that somebody urged lately says why; the clock sees to it by itself."""
    act, cooldown = question.act, rules.cooldown
    if isinstance(act, Supervise) and cooldown is not None and act.override_reason is None:
        happened = act.happened_on(question.provenance)
        earlier = cooldown.previous_within(question.suggestion, act.unit, happened, rules.calendar)
        if earlier is not None:
            until = cooldown.until(earlier, rules.calendar)
            yield Reason(
                "supervised_lately",
                {"unit": act.unit, "supervision": earlier.number, "on": earlier.on, "until": until},
                "value",
                str(cooldown.citation),
            )


def colour_is_known(rules: Rulebook, question: Question[Any]) -> Iterator[Reason]:
    """The colour is one of the rulebook's lights."""
    colour, known = getattr(question.act, "colour", ""), tuple(light.colour for light in rules.lights)
    if colour not in known and (question.act is not None or not known):
        yield Reason("colour_is_known", {"colour": colour, "known": known}, "value")


def pause_is_known(rules: Rulebook, question: Question[Any]) -> Iterator[Reason]:
    """Only where a term that runs may be paused."""
    if not supports(rules, question.act_class):
        yield Reason("pause_is_known", {"rulebook": str(rules.ref)})


def extendable(rules: Rulebook, suggestion: Suggestion, unit: str) -> tuple[tuple[Term, ExtensionRule], ...]:
    """The running terms of *unit* that their rules let lengthen, each with how."""
    ruled = ((term, rules.term_rule(term.key.rule)) for term in suggestion.running_terms(unit=unit))
    return tuple((term, rule.extension) for term, rule in ruled if rule is not None and rule.extension is not None)


def latest_extension(rules: Rulebook, term: Term, extension: ExtensionRule) -> Day | None:
    """The last day *term* may be extended to; None when its anchor is not known."""
    if term.anchor_on is None or term.unrolled_on is None:
        return None
    return longest(rules, extension, term.anchor_on, term.unrolled_on).due_on


def longest(rules: Rulebook, extension: ExtensionRule, anchor_on: Day, unrolled_on: Day) -> Counted:
    """How far a term may be extended that counts from *anchor_on* and, not yet rolled, ends on *unrolled_on*."""
    start = unrolled_on if extension.base == "chained" else anchor_on
    return count(start, extension.span, rules.convention, rules.calendar)


def extended_by(rules: Rulebook, term: Term, within: Span) -> Counted | None:
    """The day that *term* comes to when its present day is lengthened by a span; None where it has no day."""
    return count(term.unrolled_on, within, rules.convention, rules.calendar) if term.unrolled_on else None


def extension_is_allowed(rules: Rulebook, question: Question[Any]) -> Iterator[Reason]:
    """Longer time is asked for before the day, in the rulebook's mode, within its measure, so many times."""
    is_grant, suggestion = question.act_class is GrantExtension, question.suggestion
    unit = getattr(question.act, "unit", None) if is_grant else question.by.party
    if unit is None:
        if not supports(rules, GrantExtension):
            yield _no_extension(rules, suggestion, question.by.party)
        return
    found = extendable(rules, suggestion, unit)
    if not found:
        yield _no_extension(rules, suggestion, unit)
        return
    term, extension = found[0]
    cited = str(extension.citation)
    mode = "declaration" if question.act_class is DeclareExtension else "consent"
    if extension.mode != mode:
        yield Reason("extension_mode", {"mode": extension.mode}, citation=cited)
    if len(term.extensions) >= extension.times:
        yield Reason("extensions_are_left", {"done": len(term.extensions), "limit": extension.times}, citation=cited)
    if not is_grant and _is_late(term, question.happened_on):
        yield Reason("extension_in_time", {"due_on": term.due_on}, citation=cited)
    yield from _within_measure(rules, question, term, extension)


def _is_late(term: Term, happened: Day | None) -> bool:
    return happened is not None and term.status(happened) == "overdue"


def _within_measure(
    rules: Rulebook, question: Question[Any], term: Term, extension: ExtensionRule
) -> Iterator[Reason]:
    act = question.act
    asked = act.request(question.suggestion) if isinstance(act, GrantExtension) else act
    requested = _until(rules, term, asked)
    named = getattr(act, "until", None)
    until, within = (named, None) if named else (requested, getattr(asked, "within", None))
    latest = latest_extension(rules, term, extension)
    if until is None or requested is None or latest is None or term.due_on is None:
        return
    if until > requested:
        yield Reason("longer_than_asked", {"until": until, "requested": requested}, "value")
    if until > latest or until <= term.due_on:
        yield Reason(
            "extension_within_measure",
            {"until": until, "within": within, "due_on": term.due_on, "latest": latest},
            "value",
            str(extension.citation),
        )


def _until(rules: Rulebook, term: Term, asked: Any) -> Day | None:
    """The day that *asked*, an act or a request, wants longer time until; None where it names no end."""
    until, within = getattr(asked, "until", None), getattr(asked, "within", None)
    given = extended_by(rules, term, within) if until is None and within is not None else None
    return given.due_on if given else until


def _no_extension(rules: Rulebook, suggestion: Suggestion, unit: str) -> Reason:
    is_known = any(rule.extension for rule in rules.terms)
    running = (rules.term_rule(term.key.rule) for term in suggestion.running_terms(unit=unit))
    counted = sorted((r for r in running if r is not None and r.span is not None), key=lambda r: not r.is_of_a_reply)
    rule = None if is_known else next(iter(counted), None)
    longer = rule.long_span if rule else None
    return Reason(
        "no_extension",
        {"is_known": is_known, "unit": unit, "rulebook": str(rules.ref), "longer": longer},
        citation=str((rule.long_citation or rule.citation) if rule else ""),
    )


BUILTIN_CHECKS: Mapping[type[Act], tuple[RulebookCheck, ...]] = {
    TakeOver: (assigned_while_in_force,),
    Assign: (long_track_is_known, assigned_while_in_force),
    Distribute: (assigned_while_in_force,),
    Reassign: (assigned_while_in_force,),
    DraftReply: (outcome_is_known,),
    Reply: (outcome_is_known,),
    Regrade: (outcome_is_known,),
    RequestExtension: (extension_is_allowed,),
    GrantExtension: (extension_is_allowed,),
    DeclareExtension: (extension_is_allowed,),
    Suspend: (pause_is_known,),
    Supervise: (channel_is_known, cooldown_respected),
    MarkProgress: (colour_is_known,),
}
"""What is asked of an act under every rulebook, beside the days."""


def _lengthens(mode: str) -> Callable[[Rulebook], bool]:
    return lambda rules: any(rule.extension is not None and rule.extension.mode == mode for rule in rules.terms)


def _pauses(rules: Rulebook) -> bool:
    return any(rule.is_pausable for rule in rules.terms)


_SUPPORT: Mapping[type[Act], Callable[[Rulebook], bool]] = {
    RequestExtension: _lengthens("consent"),
    GrantExtension: _lengthens("consent"),
    RefuseExtension: _lengthens("consent"),
    DeclareExtension: _lengthens("declaration"),
    Suspend: _pauses,
    Resume: _pauses,
    MarkProgress: lambda rules: bool(rules.lights),
}


def supports(rules: Rulebook, act: type[Act]) -> bool:
    """Whether *rules* have what an act is about: without lights there is no progress to mark."""
    return act not in _SUPPORT or _SUPPORT[act](rules)
