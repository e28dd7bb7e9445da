"""Suggestions that were received, assigned and accepted, as many as are wanted: what acts on a store are done to."""

from __future__ import annotations

from functools import cache

import attrs
from pendulum import DateTime, timezone

from handleflow import Accept, Actor, Assign, Engine, MemoryStore, Receive, RecordContact, ReportMeasure, load
from handleflow.legal_time import Day
from handleflow.sealing import genesis
from handleflow.store import Batch, Store
from handleflow.stores._codec import Codec

RULES = load("cn.national")
OFFICE, WATER = Actor("congress_office", "Standing Committee Office"), Actor("unit", "Water Bureau")
CONTACT, MEASURE = (
    RecordContact("during", "phone", "of the old pipes"),
    ReportMeasure("new pipes", text="half of them"),
)
ACTS = (CONTACT, MEASURE)
"""What is done to them in turn."""
AT = DateTime(2026, 3, 2, 12, tzinfo=timezone("Asia/Shanghai"))
STANDIN = "suggestion-000000"


@cache
def begun() -> Batch:
    """The one that stands in for all, as one batch."""
    store = MemoryStore()
    engine = Engine(store, [RULES])
    for act, by in ((Receive("Pipes", "Deputy A"), OFFICE), (Assign((WATER.name,)), OFFICE), (Accept(), WATER)):
        after = engine.execute(STANDIN, act, by=by, at=AT)
    return Batch(STANDIN, 0, store.history(STANDIN), after, store.due(Day(9999, 1, 1))[0].on)


def named(n: int) -> str:
    """The id of a suggestion, as long as the one that stands in for it."""
    return f"suggestion-{n:06}"


def clones(numbers: range) -> list[Batch]:
    """That history under other ids."""
    first = begun()
    return [attrs.evolve(first, id=id, picture=attrs.evolve(first.picture, id=id)) for id in map(named, numbers)]


def fill(store: Store, batches: list[Batch]) -> None:
    """Append them, 500 to a transaction."""
    for first in range(0, len(batches), 500):
        store.append(*batches[first : first + 500])


@cache
def head_of(id: str) -> str:
    """The hash that the history of a suggestion begins to grow from."""
    codec, head = Codec(), genesis(id)
    for entry in begun().entries:
        head = codec.seal(entry, head).hash
    return head


def renamed(id: str, text: str) -> str:
    """What was said of the suggestion that stands in, said of another, on the head of that one's history."""
    return head_of(id) if text == head_of(STANDIN) else text.replace(STANDIN, id)
