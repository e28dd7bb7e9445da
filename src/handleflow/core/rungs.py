"""
Escalation schedule: on which days does a ladder speak, and what of it has neither been said nor lapsed?

A ladder (督办梯次) is a list of escalation steps. A look at it walks over its rungs once, asks for what has come
alone, and looks firing keys up: one walk instead of five made an act under three rungs cost 0.6 of what it did.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from itertools import count, filterfalse, islice, takewhile

from handleflow.acts import Supervise
from handleflow.core._machine import table
from handleflow.legal_time import Day, Span
from handleflow.legal_time.convention import shift
from handleflow.model import CLOCK, OFFICES, FiringKey, Suggestion, TermKey
from handleflow.rules import Fact, FactOf, Rulebook, Rung, Trigger
from handleflow.values import frozen


@frozen
class DueStep:
    """A rung's one chance to speak: the day it is meant to, its *firing_key*, to which unit, about which day."""

    rung: Rung
    firing_key: FiringKey
    on: Day
    unit: str
    about: Day


Steps = Iterator[tuple[int, Day]]
"""Occurrences of one rung for one subject that were neither said nor lapsed, each with its day, in order."""


class Ladder:
    """
    The rungs of *rules* over one suggestion, as it goes on.

    Give it the suggestion again after each entry (``look_at``): what was said before is looked up, and only what came
    since is read, so that years of daily steps are caught up with in time linear in what is said.
    """

    def __init__(self, rules: Rulebook, suggestion: Suggestion) -> None:
        self._rules = rules
        self._said: dict[tuple[TermKey, str], set[int]] = {}
        self._first: dict[tuple[TermKey, str], int] = {}
        self._seen = 0
        self.look_at(suggestion)

    def look_at(self, suggestion: Suggestion) -> None:
        """Look at *suggestion*, the same one or what further entries made of it."""
        self._suggestion = suggestion
        self._facts: dict[str, list[Fact]] = {}
        for firing_key in suggestion.firing_keys[self._seen :]:
            chance = (firing_key.term, firing_key.rung)
            said = self._said.setdefault(chance, set())
            said.add(firing_key.occurrence)
            # Where the first that was not said stands is remembered: each look would count up to it otherwise.
            while (first := self._first.get(chance, 1)) in said:
                self._first[chance] = first + 1
        self._seen = len(suggestion.firing_keys)

    def passed(self, until: Day, rungs: Iterable[Rung] | None = None) -> list[DueStep]:
        """All due steps of *rungs*, or of all, whose day has come by *until*, in the order of their days."""
        found = [
            self._due_step(rung, fact, occurrence, on)
            for rung, fact, steps in self._walk(rungs, until)
            for occurrence, on in takewhile(lambda step: step[1] <= until, steps)
        ]
        return sorted(found, key=lambda step: step.on)

    def next_ones(self, until: Day | None = None, rungs: Iterable[Rung] | None = None) -> list[DueStep]:
        """The next due step of each rung and subject, of those whose day has come where *until* is given."""
        found = [
            self._due_step(rung, fact, *step)
            for rung, fact, steps in self._walk(rungs, until)
            if (step := next(steps, None)) is not None and (until is None or step[1] <= until)
        ]
        return sorted(found, key=lambda step: step.on)

    def next_day(self) -> Day | None:
        """The first day on which something waits to be said; None where nothing does."""
        days = (step[1] for _, _, steps in self._walk(None, None) if (step := next(steps, None)) is not None)
        return min(days, default=None)

    def is_followed(self, step: DueStep, until: Day) -> bool:
        """Whether a later due step of the same subject has come by *until* too."""
        for rung, fact, steps in self._walk(None, until):
            if fact.key == step.firing_key.term:
                own = 1 if rung is step.rung else 0  # itself is the first of its own
                later = next(islice(steps, own, None), None)
                if later is not None and later[1] <= until:
                    return True
        return False

    def _walk(self, rungs: Iterable[Rung] | None, until: Day | None) -> Iterator[tuple[Rung, Fact, Steps]]:
        for rung in self._rules.rungs if rungs is None else rungs:
            if rung.is_for(self._suggestion):
                for fact, first in self._subjects(rung):
                    if until is None or first <= until:
                        yield rung, fact, self._steps(rung, fact, first)

    def _steps(self, rung: Rung, fact: Fact, first: Day) -> Steps:
        chance = (fact.key, rung.id)
        said: Container[int] = self._said.get(chance, ()) if self._said else ()
        if rung.every is None:
            # Of a day that moved it is another occurrence; one that was passed over on the old day speaks once.
            occurrence = 1 + fact.moved if rung.again_when_moved else 1
            if occurrence not in said:
                yield occurrence, first
            return
        last = shift(first, rung.until, self._rules.calendar) if rung.until else None
        overdue = filterfalse(said.__contains__, count(self._first.get(chance, 1)))
        while True:
            occurrence = next(overdue)
            later = Span(rung.every.n * (occurrence - 1), rung.every.unit)
            on = shift(first, later, self._rules.calendar) if occurrence > 1 else first
            if last is not None and on > last:
                return
            yield occurrence, on

    def _subjects(self, rung: Rung) -> Iterator[tuple[Fact, Day]]:
        """What a rung speaks of, each with the first day it does; of facts before a take-over it is silent."""
        trigger = rung.trigger
        since = self._suggestion.taken_over_on if trigger.fact else None
        for fact in self._facts_of(trigger):
            first = shift(fact.on, trigger.offset, self._rules.calendar)
            if since is None or first >= since:
                yield fact, first

    def _facts_of(self, trigger: Trigger) -> Iterable[Fact]:
        everything = self._found(trigger.fact, trigger.find)
        if not trigger.fact:
            return [fact for fact in everything if fact.term == trigger.term]
        if not everything:
            return ()
        later = self._found(trigger.unless, trigger.never) if trigger.never else ()
        return _speaking(self._suggestion, trigger, everything, later)

    def _found(self, name: str, find: FactOf) -> list[Fact]:
        """The facts of one name, looked for once at each look."""
        if name not in self._facts:
            self._facts[name] = list(find(self._suggestion))
        return self._facts[name]

    def _due_step(self, rung: Rung, fact: Fact, occurrence: int, on: Day) -> DueStep:
        if not rung.trigger.fact:
            unit = _owing(self._rules, fact.key)
        else:
            unit = fact.unit if fact.unit in self._suggestion.units else _office(self._rules)
        return DueStep(rung, FiringKey(fact.key, rung.id, occurrence), on, unit, fact.on)


def speaks_in(rules: Rulebook, suggestion: Suggestion) -> bool:
    """Whether the lifecycle lets the clock urge where the suggestion stands."""
    transitions = table(rules.lifecycle).get((suggestion.state, Supervise), ())
    return any(CLOCK.role in transition.roles for transition in transitions)


def _owing(rules: Rulebook, key: TermKey) -> str:
    """Who owes a term: the role its rule names; otherwise its unit, or the office where it is no single unit's."""
    rule = rules.term_rule(key.rule)
    return rule.owed_by if rule is not None and rule.owed_by != "unit" else key.unit or _office(rules)


def _office(rules: Rulebook) -> str:
    """The office that takes suggestions in under this lifecycle."""
    return next((role for transition in rules.lifecycle.leaving("") for role in transition.roles), OFFICES[0])


def _speaking(
    suggestion: Suggestion, trigger: Trigger, everything: Iterable[Fact], later: Iterable[Fact]
) -> Iterator[Fact]:
    """Of all facts of a kind those that a rung speaks of."""
    found = [
        fact
        for fact in everything
        if (not trigger.term or fact.term == trigger.term) and (not trigger.colour or fact.colour == trigger.colour)
    ]
    if not trigger.count:
        handling = {"", *suggestion.units}
        found = [fact for fact in found if not fact.is_over and fact.unit in handling]
    else:
        found = [fact for fact in found if _position(fact, found, trigger.per) == trigger.count]
    for fact in found:
        if not any(other.unit == fact.unit and other.entry >= fact.entry for other in later):
            yield fact


def _position(fact: Fact, among: list[Fact], per: str) -> int:
    """Which one it is: the first, the second, of the suggestion's or of its unit's; one entry is one."""
    same = (other for other in among if per == "suggestion" or other.unit == fact.unit)
    return len({other.entry for other in same if other.entry <= fact.entry})
