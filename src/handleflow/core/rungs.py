"""On which day does a rung speak, and which ones have not yet?"""

from __future__ import annotations

from attrs import frozen

from handleflow.legal_time import Day
from handleflow.legal_time.convention import shift
from handleflow.model import Claim, Suggestion, Term
from handleflow.rules import Rulebook, Rung


@frozen
class RungDay:
    """A rung of one term, the day it is meant to speak, and its one chance to."""

    rung: Rung
    term: Term
    on: Day
    claim: Claim


def unspoken(rules: Rulebook, suggestion: Suggestion, term: Term) -> tuple[RungDay, ...]:
    """The rungs of a running *term* that have neither spoken nor lapsed in its generation."""
    claims = ((rung, Claim(term.key, rung.id)) for rung in rules.rungs_of(term.key.rule))
    return tuple(
        RungDay(rung, term, shift(term.due_on, rung.offset, rules.calendar), claim)
        for rung, claim in claims
        if term.due_on is not None and claim not in suggestion.claims
    )


def rungs_until(rules: Rulebook, suggestion: Suggestion, term: Term, on: Day) -> tuple[RungDay, ...]:
    """Those whose day has come by *on*, in the order of their days."""
    come = [rung_day for rung_day in unspoken(rules, suggestion, term) if rung_day.on <= on]
    return tuple(sorted(come, key=lambda rung_day: rung_day.on))
