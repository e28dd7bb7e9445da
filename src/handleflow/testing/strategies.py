"""
Property-based strategies: what might happen? Random but plausible lives under any rulebook, for properties a host
wants to hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from handleflow.acts import (
    Accept,
    Assign,
    Correct,
    CorrectTime,
    Decline,
    Evaluate,
    FulfilCommitment,
    Receive,
    RecordContact,
    Rehandle,
    Reply,
    Succeed,
    TakeOver,
    Withdraw,
)
from handleflow.core import replay
from handleflow.model import ROLES, Act, Actor
from handleflow.rules import Rulebook
from handleflow.testing._making import MAKING, NAMES, UNITS, Making
from handleflow.testing.monitors import Monitor, watch
from handleflow.testing.scenario import Scenario, given

__all__ = [
    "DEPUTIES",
    "FIRST_DAY",
    "MAKING",
    "UNITS",
    "Life",
    "Making",
    "RulebookMachine",
    "beginnings",
    "everybody",
    "lives",
    "next_act",
    "rulebook_machine",
]

FIRST_DAY = date(2026, 2, 9)
DEPUTIES = ("Deputy A", "Deputy B")
Life = list[tuple[date, Actor, Act]]


def everybody(rules: Rulebook) -> list[Actor]:
    """Who may act under *rules*: three units, two deputies, and one of every other role but the clock."""
    roles = {role for transition in rules.lifecycle.transitions for role in transition.roles} | set(ROLES)
    others = [Actor(role, role.replace("_", " ")) for role in sorted(roles - {"unit", "deputy", "clock"})]
    units = [Actor("unit", name) for name in UNITS]
    return [*units, *others, *(Actor("deputy", name) for name in DEPUTIES)]


_DRIVING = (Assign, Accept, RecordContact, Reply, Evaluate, Rehandle, FulfilCommitment)
_RARE = (Correct, CorrectTime, Decline, Succeed, Withdraw)


def beginnings() -> st.SearchStrategy[Act]:
    """How a life begins: received, or now and then taken over in mid-life."""
    maybe = st.none() | st.just(str(FIRST_DAY))
    received = st.just(Receive("Pipes", "Deputy A", ("Deputy B",), phone="placeholder number"))
    taken = st.builds(TakeOver, st.just("Pipes"), leads=NAMES, assigned_on=maybe, replied_on=maybe)
    return st.sampled_from([received, received, received, taken]).flatmap(lambda begun: begun)


def next_act(
    story: Scenario, on: date, own: Mapping[type[Act], Making] = MAKING
) -> st.SearchStrategy[tuple[Actor, type[Act]]] | None:
    """
    Who could do what next, on the day *on*; what drives a life on more often than what ends or mends it.

    None where nobody can do anything. An act is as likely as another, however many may do it.
    """
    whose: dict[type[Act], list[Actor]] = {}
    for by in everybody(story.rules):
        for act in story.open_acts(by=by, on=on):
            if act in own:
                whose.setdefault(act, []).append(by)
    weighted = [act for act in sorted(whose, key=_weight, reverse=True) for _ in range(_weight(act))]
    return st.sampled_from(weighted).flatmap(lambda act: _of_any(whose[act], act)) if weighted else None


def _weight(act: type[Act]) -> int:
    return 12 if act in _DRIVING else 1 if act in _RARE else 2


def _of_any(actors: list[Actor], act: type[Act]) -> st.SearchStrategy[tuple[Actor, type[Act]]]:
    return st.tuples(st.sampled_from(actors), st.just(act))


def _begun(rules: Rulebook, draw: st.DrawFn) -> tuple[Actor, Act]:
    act = draw(beginnings())
    transitions = [transition for transition in rules.lifecycle.leaving("") if transition.act is type(act)] or [
        transition for transition in rules.lifecycle.leaving("") if transition.act is Receive
    ]
    if transitions[0].act is not type(act):
        act = Receive("Pipes", "Deputy A", phone="placeholder number")
    role = transitions[0].roles[0]
    return Actor(role, role.replace("_", " ")), act


@st.composite
def lives(draw: st.DrawFn, rules: Rulebook, most: int = 30, own: Mapping[type[Act], Making] | None = None) -> Life:
    """
    A life under *rules*: who asks for what on which day, in order; some of it will be refused.

    *own* says how a host's own acts are made up: a strategy for each, given the rulebook, the suggestion and the day.
    """
    making = {**MAKING, **(own or {})}
    on, story, life = FIRST_DAY, given(rules), Life()
    by, act = _begun(rules, draw)
    for _ in range(draw(st.integers(most // 2, most))):
        life.append((on, by, act))
        if rules.is_over(story.suggestion):
            break  # one more act after the end is enough
        story = story.when(act, by=by, on=on).and_then()
        on += timedelta(days=draw(st.sampled_from([0, 0, 0, 1, 3, 30])))
        possible = next_act(story, on, making)
        by, kind = draw(possible) if possible is not None else (by, type(act))
        if draw(st.integers(0, 9)) == 0:
            by = draw(st.sampled_from(everybody(rules)))
        act = draw(making[kind](rules, story.suggestion, on)) if kind in making else act
    return life


class RulebookMachine(RuleBasedStateMachine):
    """Plays random lives under one rulebook; made by ``rulebook_machine``."""

    rulebook: Rulebook
    monitors: tuple[Monitor, ...] = ()
    making: Mapping[type[Act], Making] = MAKING
    story: Scenario
    on: date

    @initialize(data=st.data())
    def begin(self, data: Any) -> None:
        self.on, self.story = FIRST_DAY, given(self.rulebook)
        by, act = _begun(self.rulebook, data.draw)
        self.story = self.story.and_(act, by=by, on=self.on)

    @rule(data=st.data())
    def somebody_acts(self, data: Any) -> None:
        possible = next_act(self.story, self.on, self.making)
        if possible is not None:
            by, kind = data.draw(possible)
            act = data.draw(self.making[kind](self.rulebook, self.story.suggestion, self.on))
            self.story = self.story.when(act, by=by, on=self.on).and_then()

    @rule(days=st.sampled_from([1, 3, 30, 90]))
    def days_pass_and_the_clock_speaks(self, days: int) -> None:
        self.on += timedelta(days=days)
        self.story = self.story.and_the_clock_reads(self.on)
        again = self.story.when_the_clock_reads(self.on).entries
        if again:
            raise AssertionError(f"the clock says it twice: {again}")

    @invariant()
    def the_suggestion_is_the_replayed_history(self) -> None:
        if replay(self.story.suggestion.id, self.story.history) != self.story.suggestion:
            raise AssertionError("the suggestion is not what the history says")

    @invariant()
    def no_monitor_is_broken(self) -> None:
        broken = watch(self.story, *self.monitors)
        if broken:
            raise AssertionError("; ".join(map(str, broken)))

    @invariant()
    def somebody_can_go_on_until_the_end(self) -> None:
        state = self.story.state
        is_over = self.rulebook.is_over(self.story.suggestion)
        if not is_over and not any(self.story.open_acts(by=by, on=self.on) for by in everybody(self.rulebook)):
            raise AssertionError(f"nobody can do anything any more in {state!r}")


def rulebook_machine(
    rules: Rulebook, *monitors: Monitor, own: Mapping[type[Act], Making] | None = None
) -> type[RulebookMachine]:
    """
    A machine that plays random lives under *rules* for Hypothesis: people act, the clock speaks, days pass.

    It holds that the suggestion is the replayed history, that sweeping twice says nothing twice, that nobody is stuck
    before the end, and every monitor. ``TestCity = rulebook_machine(RULES).TestCase`` runs it. *own* says how a
    host's own acts are made up, as for ``lives``.
    """
    making = {**MAKING, **(own or {})}
    return type("RulebookMachine", (RulebookMachine,), {"rulebook": rules, "monitors": monitors, "making": making})
