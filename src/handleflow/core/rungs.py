"""On which days does a ladder speak, and what of it has neither been said nor lapsed?"""

from __future__ import annotations

from collections.abc import Iterator

from handleflow.acts import Supervise
from handleflow.core._machine import table
from handleflow.legal_time import Day, Span
from handleflow.legal_time.convention import shift
from handleflow.model import CLOCK, OFFICES, Claim, Suggestion, TermKey
from handleflow.rules import Fact, FactTrigger, Rulebook, Rung, TermTrigger
from handleflow.values import frozen


@frozen
class Occasion:
    """A rung's one chance to speak: the day it is meant to, of what (*claim*), to which unit, about which day."""

    rung: Rung
    claim: Claim
    on: Day
    unit: str
    about: Day

    @property
    def subject(self) -> TermKey:
        """The term or the fact it speaks of."""
        return self.claim.term


def unspoken(rules: Rulebook, suggestion: Suggestion, until: Day | None = None) -> tuple[Occasion, ...]:
    """
    The occasions that have neither been said nor lapsed, in the order of their days, ladder order within one.

    With *until* all whose day has come by then; without, the next one of each rung and subject.
    """
    found = [o for rung in rules.rungs if rung.is_for(suggestion) for o in _of(rules, suggestion, rung, until)]
    return tuple(sorted(found, key=lambda occasion: occasion.on))


def speaks_in(rules: Rulebook, suggestion: Suggestion) -> bool:
    """Whether the lifecycle lets the clock urge where the suggestion stands."""
    arrows = table(rules.lifecycle).get((suggestion.state, Supervise), ())
    return any(CLOCK.role in arrow.roles for arrow in arrows)


def _of(rules: Rulebook, suggestion: Suggestion, rung: Rung, until: Day | None) -> Iterator[Occasion]:
    for key, first, unit, about in _subjects(rules, suggestion, rung):
        for occurrence, on in _days(rules, rung, first):
            if until is not None and on > until:
                break
            claim = Claim(key, rung.id, occurrence)
            if claim not in suggestion.claims:
                yield Occasion(rung, claim, on, unit, about)
                if until is None:
                    break


Subject = tuple[TermKey, Day, str, Day]
"""What a rung speaks of, the first day it does, the unit it urges, and the day it is about."""


def _subjects(rules: Rulebook, suggestion: Suggestion, rung: Rung) -> Iterator[Subject]:
    trigger = rung.trigger
    if isinstance(trigger, TermTrigger):
        for term in suggestion.running_terms(trigger.term):
            if term.due_on is not None and not term.is_paused:
                first = shift(term.due_on, trigger.offset, rules.calendar)
                yield term.key, first, _owing(rules, term.key), term.due_on
        return
    for fact in _facts(suggestion, trigger):
        first = shift(fact.on, trigger.offset, rules.calendar)
        if suggestion.taken_over_on is None or first >= suggestion.taken_over_on:
            unit = fact.unit if fact.unit in suggestion.units else _office(rules)
            yield fact.key, first, unit, fact.on


def _owing(rules: Rulebook, key: TermKey) -> str:
    """Who owes a term: the role its rule names; otherwise its unit, or the office where it is no single unit's."""
    rule = rules.term_rule(key.rule)
    return rule.owed_by if rule is not None and rule.owed_by != "unit" else key.unit or _office(rules)


def _office(rules: Rulebook) -> str:
    """The office that takes suggestions in under this lifecycle."""
    return next((role for arrow in rules.lifecycle.leaving("") for role in arrow.roles), OFFICES[0])


def _facts(suggestion: Suggestion, trigger: FactTrigger) -> Iterator[Fact]:
    found = [
        fact
        for fact in trigger.find(suggestion)
        if (not trigger.term or fact.term == trigger.term) and (not trigger.colour or fact.colour == trigger.colour)
    ]
    if not trigger.count:
        handling = {"", *suggestion.units}
        found = [fact for fact in found if not fact.is_over and fact.unit in handling]
    else:
        found = [fact for fact in found if _place(fact, found, trigger.per) == trigger.count]
    later = tuple(trigger.never(suggestion)) if trigger.never else ()
    for fact in found:
        if not any(other.unit == fact.unit and other.entry >= fact.entry for other in later):
            yield fact


def _place(fact: Fact, among: list[Fact], per: str) -> int:
    """Which one it is: the first, the second, of the suggestion's or of its unit's; one entry is one."""
    same = (other for other in among if per == "suggestion" or other.unit == fact.unit)
    return len({other.entry for other in same if other.entry <= fact.entry})


def _days(rules: Rulebook, rung: Rung, first: Day) -> Iterator[tuple[int, Day]]:
    yield 1, first
    if rung.every is None:
        return
    last = shift(first, rung.until, rules.calendar) if rung.until else None
    occurrence = 2
    while True:
        on = shift(first, Span(rung.every.n * (occurrence - 1), rung.every.unit), rules.calendar)
        if last is not None and on > last:
            return
        yield occurrence, on
        occurrence += 1
