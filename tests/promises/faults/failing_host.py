"""A host whose own code fails on some suggestions, and rulebooks that ask it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from handleflow import Act, Engine, Provenance, Request, Store, Suggestion, load
from handleflow.acts import Assign, Receive
from handleflow.legal_time import day
from handleflow.model import Question
from handleflow.rules import Fact
from handleflow.values import frozen
from tests.beginnings import OFFICE, instant

DOWN: set[str] = set()
"""The suggestions a host's own code fails on at present."""

BEGUN, RECORDED_AT, TODAY = instant("2026-02-10"), instant("2026-06-01"), day("2026-06-01")
FIVE = ("0", "1", "2", "3", "4")
WHY = "KeyError: 'the register of visits'"


def look_into_the_register(id: str) -> None:
    """What a host's code asks of something that may be down."""
    if id in DOWN:
        raise KeyError("the register of visits")


def visited(suggestion: Suggestion) -> Iterator[Fact]:
    """A host's own fact."""
    look_into_the_register(suggestion.id)
    yield from ()


def leader_of(suggestion: Suggestion, unit: str) -> str | None:
    """A host's own way to name the leader."""
    look_into_the_register(suggestion.id)
    return "Leader (placeholder)"


@frozen
class IsInTheRegister:
    """A host's own guard."""

    def __call__(self, question: Question[Any]) -> Iterable[Any]:
        look_into_the_register(question.suggestion.id)
        return ()


@frozen
class Note(Act):
    """A host's own act."""

    verb = "note"
    kind = "noted"

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        look_into_the_register(suggestion.id)
        return suggestion.with_own("noted", "yes")


REMINDED = {"id": "reminded", "term": "reply", "offset": "-15 days", "channel": "phone", "cite": "host"}
VISIT = {"id": "visit", "after": "visited", "channel": "phone", "cite": "host"}
NOTED = [{"act": "note", "source": ["received", "assigned"], "target": "same", "who": ["congress_office"]}]
BY_FACT = load(
    "cn.national", facts={"visited": visited}, changes={"name": "t", "version": "1", "rung": [REMINDED, VISIT]}
)
BY_LEADER = load(
    "cn.national",
    leaders={"ours": leader_of},
    changes={"name": "t", "version": "1", "rung": [{**REMINDED, "recipient": "leader"}], "leader_by": "ours"},
)
BY_GUARD = load(
    "cn.national",
    acts=[Note],
    guards={"registered": IsInTheRegister},
    changes={
        "name": "t",
        "version": "1",
        "transition": NOTED,
        "guard": [{"id": "registered", "ask": "registered", "of": ["assign"], "cite": "host"}],
    },
)
BOTH = load(
    "cn.national",
    facts={"visited": visited},
    leaders={"ours": leader_of},
    changes={
        "name": "both",
        "version": "1",
        "rung": [{**REMINDED, "recipient": "leader"}, VISIT],
        "leader_by": "ours",
    },
)


def begun(store: Store, rules: Any = BY_FACT, ids: Iterable[str] = FIVE) -> Engine:
    """Suggestions of which the clock has something to say."""
    engine = Engine(store, [rules], clock=lambda: BEGUN)
    for act in (Receive("Pipes", "Deputy A"), Assign(("Water Bureau",))):
        for answer in engine.execute_many([Request(id, act, OFFICE) for id in ids]):
            assert isinstance(answer, Suggestion)
    return engine
