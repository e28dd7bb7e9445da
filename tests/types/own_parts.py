"""Do the parts a host hands in fit: acts, guards, conditions, facts, leaders?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, assert_type

from attrs import evolve, frozen

from handleflow import Act, Provenance, Reason, Rulebook, Suggestion, load
from handleflow.model import Check, Question, reads_the_act
from handleflow.rules import Condition, Fact, FactOf, Guard, LeaderOf


def is_open(question: Question[Any]) -> Iterator[Reason]:
    """A check of a host's own."""
    if question.suggestion.state == "closed":
        yield Reason("is_over", en=f"{question.by.name} comes too late", zh="已办结")


@reads_the_act
def place_is_known(act: Visit, question: Question[Visit]) -> list[Reason]:
    """A check that reads what the act says."""
    assert_type(act.place, str)
    return [] if act.place else [Reason("place_is_known", en="where to?", zh="去向不明")]


@frozen
class Visit(Act):
    """An act of a host's own."""

    verb = "visit"
    kind = "visited"
    checks = (is_open, place_is_known)
    place: str

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        """What it leaves."""
        return evolve(suggestion).with_own("visited", self.place)


@frozen
class WasVisited:
    """A guard of a host's own."""

    by_whom: str

    def __call__(self, question: Question[Any]) -> Iterator[Reason]:
        """Why not."""
        if not question.suggestion.own("visited"):
            yield Reason("was_visited", {"by": self.by_whom}, en="nobody went there", zh="未走访")


def is_far(suggestion: Suggestion) -> bool:
    """A condition of a host's own."""
    return suggestion.locality == "far"


def visited(suggestion: Suggestion) -> Iterator[Fact]:
    """Facts of a host's own."""
    yield from ()


def leader_of(suggestion: Suggestion, unit: str) -> str | None:
    """A host's own way to name the leader."""
    return "Leader A" if unit else None


a_guard: Guard = WasVisited("the office")
a_check: Check = WasVisited("the office")
a_condition: Condition = is_far
a_fact: FactOf = visited
a_leader: LeaderOf = leader_of

mine = load(
    "cn.national",
    acts=[Visit],
    guards={"was_visited": WasVisited},
    conditions={"is_far": is_far},
    facts={"visited": visited},
    leaders={"ours": leader_of},
)
assert_type(mine, Rulebook)
assert_type(Visit("the waterworks", on="2026-02-10").place, str)
assert_type(Suggestion("1").own("visited"), str | None)


@frozen
class SaysYes:
    """No guard: it says yes or no, and not why."""

    def __call__(self, question: Question[Any]) -> bool:
        """No reason."""
        return False


def refused() -> None:
    """What nobody may write."""
    load("cn.national", acts=[Visit("?")])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
    load("cn.national", guards={"yes": SaysYes})  # type: ignore[dict-item]  # pyright: ignore[reportArgumentType]
    load("cn.national", conditions={"far": leader_of})  # type: ignore[dict-item]  # pyright: ignore[reportArgumentType]
    load("cn.national", facts={"far": is_far})  # type: ignore[dict-item]  # pyright: ignore[reportArgumentType]
    load("cn.national", leaders={"far": is_far})  # type: ignore[dict-item]  # pyright: ignore[reportArgumentType]
    Visit()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
