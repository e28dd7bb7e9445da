"""Is what a rulebook says of supervision sound? Its ladders, lights, leaders and cooldown."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from handleflow.acts import Supervise
from handleflow.legal_time import Span
from handleflow.model import CLOCK, ROLES
from handleflow.rules import FactTrigger, Rulebook, Rung, TermTrigger
from handleflow.words import did_you_mean


def ladders(rules: Rulebook) -> Iterator[str]:
    """Every finding about the rungs, each by itself and all together."""
    for rung in rules.rungs:
        yield from (f"rung {rung.id!r}: {finding}" for finding in _rung(rules, rung))
    if rules.rungs and not any(a.act is Supervise and CLOCK.role in a.roles for a in rules.lifecycle.transitions):
        yield "no transition lets the clock supervise, so its rungs would never speak"
    for term in dict.fromkeys(_term_of(rung) for rung in rules.rungs if _term_of(rung)):
        yield from _ladder(rules, rules.rungs_of(term))


def lights(rules: Rulebook) -> Iterator[str]:
    """Lights that come in the wrong order: a later one would hide behind an earlier."""
    dated = [light for light in rules.lights if light.offset is not None]
    for first, second in pairwise(dated):
        if first.offset and second.offset and _gap(first.offset, second.offset).n < 0:
            yield f"light {second.colour!r} at {second.offset} comes before {first.colour!r} at {first.offset}"


def _rung(rules: Rulebook, rung: Rung) -> Iterator[str]:
    trigger = rung.trigger
    if isinstance(trigger, TermTrigger):
        yield from _of_a_term(rules, rung, trigger)
    else:
        yield from _of_a_fact(rules, rung, trigger)
    yield from _without_end(rung)
    yield from _times(rung)
    if rung.channel not in rules.channels:
        yield f"unknown channel {rung.channel!r}{did_you_mean(rung.channel, rules.channels)}"
    roles = {role for transition in rules.lifecycle.transitions for role in transition.roles} | set(ROLES)
    if rung.issuer and rung.issuer not in roles:
        yield f"issued by an unknown role {rung.issuer!r}{did_you_mean(rung.issuer, roles)}"
    if rung.recipient == "leader" and not rules.leaders and rules.leader_by is None:
        yield "nobody says who the leader is; name leaders in [[leader]] or a leader_by"


def _times(rung: Rung) -> Iterator[str]:
    """How often it speaks, and until when an answer is wanted."""
    within, every, until = rung.answer_within, rung.every, rung.until
    if within is not None and within.n < 1:
        yield f"an answer within {within} is no time at all"
    if every is not None and every.n < 1:
        yield f"every {every} would never come to an end"
    if every is not None and within is not None and _outlasts(within, every):
        yield f"gives {within} to answer, and speaks again after {every}"
    if until is not None and (every is None or until.n < 1):
        yield f"until {until} needs an every, and time after the first time"


def _of_a_term(rules: Rulebook, rung: Rung, trigger: TermTrigger) -> Iterator[str]:
    rule = rules.term_rule(trigger.term)
    if rule is None:
        yield f"unknown term {trigger.term!r}{did_you_mean(trigger.term, rules.term_rules)}"
    longest = [span for span in (rule.span, rule.long_span) if span] if rule else []
    if longest and all(_outlasts(_turned(trigger.offset), span) for span in longest):
        yield f"{trigger.offset} from its day lies before the term of {longest[0]} begins"
    if rule is not None and (rule.anchor, rule.span) == (Supervise.kind, None) and rung.answer_within is not None:
        yield (
            "it would climb upon itself for ever, an answer asked for after each answer missed; "
            "use after = 'supervision_unanswered' with a count"
        )


def _of_a_fact(rules: Rulebook, rung: Rung, trigger: FactTrigger) -> Iterator[str]:
    if trigger.fact == "supervision_unanswered" and rung.answer_within is not None and not trigger.count:
        yield "it would climb upon itself for ever; give a count"
    if trigger.offset.n < 0:
        yield f"{trigger.offset} after a fact is before it is known"
    if trigger.count < 0:
        yield f"the {trigger.count}th of something never comes"
    if trigger.colour and trigger.colour not in [light.colour for light in rules.lights]:
        known = [light.colour for light in rules.lights]
        yield f"unknown colour {trigger.colour!r}{did_you_mean(trigger.colour, known)}"
    if trigger.term and rules.term_rule(trigger.term) is None:
        yield f"unknown term {trigger.term!r}{did_you_mean(trigger.term, rules.term_rules)}"
    for name, needed in ((trigger.term, "deadline_missed"), (trigger.colour, "progress_marked")):
        if name and trigger.fact != needed:
            yield f"{name!r} tells one {needed} from another, and it comes after {trigger.fact!r}"


def _without_end(rung: Rung) -> Iterator[str]:
    """What would be said for ever where nobody does anything any more: a term is met, or a fact undone, by people."""
    trigger = rung.trigger
    if rung.every is not None and rung.until is None:
        about = f"about the term {trigger.term!r}" if isinstance(trigger, TermTrigger) else f"after {trigger.fact!r}"
        yield f"every {rung.every} {about} has no end; give until"


def _ladder(rules: Rulebook, rungs: tuple[Rung, ...]) -> Iterator[str]:
    """What two rungs of one term say against each other."""
    places = [(_offset(rung), rung) for rung in rungs]
    for at, (offset, rung) in enumerate(places):
        for other_offset, other in places[at + 1 :]:
            if (offset, rung.channel) == (other_offset, other.channel) and _meet(rung, other):
                yield f"rungs {rung.id!r} and {other.id!r} say the same at the same moment"
        gaps = [(_gap(offset, later), other) for later, other in places if _meet(rung, other)]
        for gap, other in sorted((pair for pair in gaps if pair[0].n > 0), key=lambda pair: _at_most(pair[0]))[:1]:
            yield from _too_close(rules, rung, other, gap)


def _too_close(rules: Rulebook, rung: Rung, later: Rung, gap: Span) -> Iterator[str]:
    if rung.answer_within is not None and _outlasts(rung.answer_within, gap):
        yield f"rung {rung.id!r} gives {rung.answer_within} to answer, yet {later.id!r} speaks before"
    if rules.cooldown is not None and _outlasts(rules.cooldown.span, gap):
        for_so_long = f"for {rules.cooldown.span} after {rung.id!r}"
        yield f"rung {later.id!r} would never speak: a unit is left in peace {for_so_long}"


def _meet(rung: Rung, other: Rung) -> bool:
    """Whether both can speak of one suggestion."""
    return not rung.applies_to or not other.applies_to or rung.applies_to == other.applies_to


def _term_of(rung: Rung) -> str:
    return rung.trigger.term if isinstance(rung.trigger, TermTrigger) else ""


def _offset(rung: Rung) -> Span:
    return rung.trigger.offset


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
