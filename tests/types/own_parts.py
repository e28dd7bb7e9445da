"""Do the parts a host hands in fit: acts, guards, conditions, facts, leaders?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_type

from attrs import evolve, frozen

from handleflow import Act, Asked, Objection, Rulebook, Suggestion, load
from handleflow.rules import Condition, Fact, FactOf, Guard, LeaderOf, Question


@frozen
class Visit(Act):
    """An act of a host's own."""

    verb = "visit"
    kind = "visited"
    place: str

    def objections(self, suggestion: Suggestion, asked: Asked) -> Iterator[Objection]:
        """None."""
        yield from ()

    def effect(self, suggestion: Suggestion, asked: Asked) -> Suggestion:
        """What it leaves."""
        return evolve(suggestion).with_own("visited", self.place)


@frozen
class WasVisited:
    """A guard of a host's own."""

    by_whom: str

    def objection(self, question: Question) -> Objection | None:
        """Why not."""
        if question.suggestion.own("visited"):
            return None
        return Objection("was_visited", f"{self.by_whom} went nowhere", "未走访")


def is_far(suggestion: Suggestion) -> bool:
    """A condition of a host's own."""
    return suggestion.place == "far"


def visited(suggestion: Suggestion) -> Iterator[Fact]:
    """Facts of a host's own."""
    yield from ()


def leader_of(suggestion: Suggestion, unit: str) -> str | None:
    """A host's own way to name the leader."""
    return "Leader A" if unit else None


a_guard: Guard = WasVisited("the office")
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

    def objection(self, question: Question) -> bool:
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
