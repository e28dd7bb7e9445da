"""Suggestions that were received, assigned and accepted, as many as are wanted: what acts on a store are done to."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from itertools import count

import attrs
from pendulum import DateTime, timezone

from handleflow import Actor, Engine, MemoryStore, load
from handleflow.acts import Accept, Assign, Receive, RecordContact, ReportMeasure
from handleflow.codec import Codec, Entropy
from handleflow.engine.chainer import Chainer
from handleflow.store import Batch, Store

RULES = load("cn.national")
OFFICE, WATER = Actor("congress_office", "Standing Committee Office"), Actor("unit", "Water Bureau")
CONTACT, MEASURE = (
    RecordContact("during", "phone", "of the old pipes"),
    ReportMeasure("new pipes", text="half of them"),
)
ACTS = (CONTACT, MEASURE)
"""What is done to them in turn."""
AT = DateTime(2026, 3, 2, 12, tzinfo=timezone("Asia/Shanghai"))
LATE = DateTime(9999, 1, 1, tzinfo=timezone("UTC"))
"""When everything is due that ever will be."""
STANDIN = "suggestion-000000"
_CODEC = Codec()


@cache
def begun() -> Batch:
    """The one that stands in for all, as one batch."""
    store = MemoryStore()
    engine = Engine(store, [RULES])
    for act, by in ((Receive("Pipes", "Deputy A"), OFFICE), (Assign((WATER.name,)), OFFICE), (Accept(), WATER)):
        after = engine.execute(STANDIN, act, by=by, at=AT)
    return Batch(STANDIN, 0, store.history(STANDIN), after, store.due(LATE)[0].at)


def named(n: int) -> str:
    """The id of a suggestion, as long as the one that stands in for it."""
    return f"suggestion-{n:06}"


def clones(numbers: range) -> list[Batch]:
    """That history under other ids."""
    return list(map(_clone, map(named, numbers)))


def _clone(id: str) -> Batch:
    first = begun()
    return attrs.evolve(first, id=id, suggestion=attrs.evolve(first.suggestion, id=id))


def salts_of(id: str) -> Entropy:
    """The same salts in every run: what is sent again names the hashes that they led to."""
    numbers = count()
    return lambda size: sha256(f"{id}/{next(numbers)}".encode()).digest()[:size]


def chained(batch: Batch) -> Batch:
    """A batch whose entries have their hashes."""
    return Chainer(_CODEC, salts_of(batch.id)).chained(batch)


def fill(store: Store, batches: list[Batch]) -> None:
    """Chain and append them, 500 to a transaction."""
    for first in range(0, len(batches), 500):
        store.append(*map(chained, batches[first : first + 500]))


@cache
def last_hash_of(id: str) -> str:
    """The hash that the history of a suggestion goes on from."""
    return chained(_clone(id)).last_hash


def renamed(id: str, text: str) -> str:
    """What was said of the suggestion that stands in, said of another, on the last hash of that one's history."""
    return last_hash_of(id) if text == last_hash_of(STANDIN) else text.replace(STANDIN, id)
