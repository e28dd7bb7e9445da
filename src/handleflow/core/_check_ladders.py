"""
Validation of escalation: is what a rulebook says of supervision sound? Its ladders, lights, leaders and cooldown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from handleflow.acts import Supervise
from handleflow.core._check_finding import Finding, about
from handleflow.legal_time import Span
from handleflow.model import CLOCK, ROLES
from handleflow.rules import (
    Cooldown,
    LeaderInCharge,
    LeaderOf,
    Lifecycle,
    Light,
    Rung,
    TermRule,
    Trigger,
)
from handleflow.rules.term_rules import BUILTIN_TERMS
from handleflow.words import did_you_mean

Rungs = Iterable[Rung]
_ENDLESS = "it would climb upon itself for ever"
_BY_COUNT = "use after = 'supervision_unanswered' with a count"


def _terms(rungs: Rungs, terms: Iterable[TermRule]) -> Iterator[Finding]:
    """Rungs of no term there is, and of one so long before its day that it cannot have begun."""
    rules = {rule.id: rule for rule in (*terms, *BUILTIN_TERMS)}
    for rung in rungs:
        trigger = rung.trigger
        if trigger.term and trigger.term not in rules:
            yield about("rung", rung, f": unknown term {trigger.term!r}{did_you_mean(trigger.term, rules)}")
        rule = rules.get(trigger.term) if not trigger.fact else None
        longest = [span for span in (rule.span, rule.long_span) if span] if rule else []
        if longest and all(_outlasts(_turned(trigger.offset), span) for span in longest):
            yield about("rung", rung, f": {trigger.offset} from its day lies before the term of {longest[0]} begins")
        if rule and (rule.anchor, rule.span) == (Supervise.kind, None) and rung.answer_within is not None:
            yield about("rung", rung, f": {_ENDLESS}, an answer asked for after each answer missed; {_BY_COUNT}")


def _alone(rungs: Rungs) -> Iterator[Finding]:
    for rung in rungs:
        found = _of_a_fact(rung, rung.trigger) if rung.trigger.fact else ()
        yield from (about("rung", rung, f": {words}") for words in (*found, *_times(rung)))


def _of_a_fact(rung: Rung, trigger: Trigger) -> Iterator[str]:
    if trigger.fact == "supervision_unanswered" and rung.answer_within is not None and not trigger.count:
        yield f"{_ENDLESS}; give a count"
    if trigger.offset.n < 0:
        yield f"{trigger.offset} after a fact is before it is known"
    if trigger.count < 0:
        yield f"the {trigger.count}th of something never comes"
    for name, needed in ((trigger.term, "deadline_missed"), (trigger.colour, "progress_marked")):
        if name and trigger.fact != needed:
            yield f"{name!r} tells one {needed} from another, and it comes after {trigger.fact!r}"


def _times(rung: Rung) -> Iterator[str]:
    """How often it speaks, and until when an answer is wanted; where nobody does anything, nothing else ends it."""
    within, every, until, trigger = rung.answer_within, rung.every, rung.until, rung.trigger
    if every is not None and until is None:
        what = f"after {trigger.fact!r}" if trigger.fact else f"about the term {trigger.term!r}"
        yield f"every {every} {what} has no end; give until"
    if rung.again_when_moved and (trigger.fact or every is not None):
        yield "again_when_moved is for a rung of a term's day that speaks once"
    if within is not None and within.n < 1:
        yield f"an answer within {within} is no time at all"
    if every is not None and every.n < 1:
        yield f"every {every} would never come to an end"
    if every is not None and within is not None and _outlasts(within, every):
        yield f"gives {within} to answer, and speaks again after {every}"
    if until is not None and (every is None or until.n < 1):
        yield f"until {until} needs an every, and time after the first time"


def _colours(rungs: Rungs, lights: Iterable[Light]) -> Iterator[Finding]:
    known = [light.colour for light in lights]
    for rung in rungs:
        colour = rung.trigger.colour
        if colour and colour not in known:
            yield about("rung", rung, f": unknown colour {colour!r}{did_you_mean(colour, known)}")


def _channels(rungs: Rungs, channels: tuple[str, ...]) -> Iterator[Finding]:
    for rung in rungs:
        if rung.channel not in channels:
            yield about("rung", rung, f": unknown channel {rung.channel!r}{did_you_mean(rung.channel, channels)}")


def _roles(rungs: Rungs, lifecycle: Lifecycle) -> Iterator[Finding]:
    """Roles in whose name something is said, and whether the clock may say anything."""
    roles = {role for transition in lifecycle.transitions for role in transition.roles} | set(ROLES)
    for rung in rungs:
        if rung.issuer and rung.issuer not in roles:
            yield about(
                "rung", rung, f": issued by an unknown role {rung.issuer!r}{did_you_mean(rung.issuer, roles)}"
            )
    if rungs and not any(each.act is Supervise and CLOCK.role in each.roles for each in lifecycle.transitions):
        yield Finding("no transition lets the clock supervise, so its rungs would never speak", "rung")


def _leaders(rungs: Rungs, leaders: tuple[LeaderInCharge, ...], leader_by: LeaderOf | None) -> Iterator[Finding]:
    for rung in rungs:
        if rung.recipient == "leader" and not leaders and leader_by is None:
            yield about("rung", rung, ": nobody says who the leader is; name leaders in [[leader]] or a leader_by")


def _together(rungs: Rungs, cooldown: Cooldown | None) -> Iterator[Finding]:
    """What two rungs of one term say against each other."""
    for term in dict.fromkeys(rung.trigger.term for rung in rungs if not rung.trigger.fact):
        ladder = [r for r in rungs if not r.trigger.fact and r.trigger.term == term]
        for at, rung in enumerate(ladder):
            yield from _ladder(rung, ladder, ladder[at + 1 :], cooldown)


def _ladder(rung: Rung, ladder: list[Rung], later: list[Rung], cooldown: Cooldown | None) -> Iterator[Finding]:
    offset = rung.trigger.offset
    for other in later:
        if (offset, rung.channel) == (other.trigger.offset, other.channel) and _meet(rung, other):
            yield Finding(f"rungs {rung.id!r} and {other.id!r} say the same at the same moment", "rung", other)
    gaps = [(_gap(offset, other.trigger.offset), other) for other in ladder if _meet(rung, other)]
    for gap, other in sorted((pair for pair in gaps if pair[0].n > 0), key=lambda pair: _at_most(pair[0]))[:1]:
        if rung.answer_within is not None and _outlasts(rung.answer_within, gap):
            yield about("rung", rung, f" gives {rung.answer_within} to answer, yet {other.id!r} speaks before")
        if cooldown is not None and _outlasts(cooldown.span, gap):
            for_so_long = f"for {cooldown.span} after {rung.id!r}"
            yield about("rung", other, f" would never speak: a unit is left in peace {for_so_long}")


def _lights(lights: Iterable[Light]) -> Iterator[Finding]:
    """Lights that come in the wrong order: a later one would hide behind an earlier."""
    dated = [light for light in lights if light.offset is not None]
    for first, second in pairwise(dated):
        if first.offset and second.offset and _gap(first.offset, second.offset).n < 0:
            yield about("light", second, f" at {second.offset} comes before {first.colour!r} at {first.offset}")


CHECKS = (
    (_terms, ("rungs",), ("terms",)),
    (_alone, ("rungs",), ()),
    (_colours, ("rungs",), ("lights",)),
    (_channels, ("rungs",), ("channels",)),
    (_roles, ("rungs",), ("lifecycle",)),
    (_leaders, ("rungs",), ("leaders", "leader_by")),
    (_together, ("rungs", "cooldown"), ()),
    (_lights, ("lights",), ()),
)
"""Each check, the parts whose rows it looks through, and those it needs whole."""


def _meet(rung: Rung, other: Rung) -> bool:
    """Whether both can speak of one suggestion."""
    return not rung.applies_to or not other.applies_to or rung.applies_to == other.applies_to


def _turned(offset: Span) -> Span:
    return Span(-offset.n, offset.unit)


def _gap(first: Span, second: Span) -> Span:
    """How long after *first* *second* comes: exactly in one unit, in days at most between two."""
    if first.unit == second.unit:
        return Span(second.n - first.n, first.unit)
    return Span(_at_most(second) - _at_least(first), "day")


def _outlasts(span: Span, other: Span) -> bool:
    """Whether *span* surely takes longer than *other*."""
    return span.n > other.n if span.unit == other.unit else _at_least(span) > _at_most(other)


def _at_least(span: Span) -> int:
    """How many calendar days a span takes at least."""
    if span.n < 0:
        return -_at_most(_turned(span))
    return span.n * 28 if span.unit == "month" else span.n


def _at_most(span: Span) -> int:
    """How many calendar days it takes at most; the longest break of the State Council's had ten days (2020)."""
    if span.n < 0:
        return -_at_least(_turned(span))
    return {"day": span.n, "workday": 2 * span.n + 10, "month": 31 * span.n}[span.unit]
