"""Lives that stores are tried by, made by the library's own engine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import attrs
import pytest
from pendulum import DateTime, timezone

from handleflow.acts import Accept, Assign, Classify, Receive, RecordContact, Reply
from handleflow.core.evolve import fold
from handleflow.engine import Engine
from handleflow.engine.chainer import Chainer
from handleflow.legal_time import day
from handleflow.model import Act, Actor, Entry, Event, Provenance, Suggestion
from handleflow.rulebooks import load
from handleflow.store import Batch, Store
from handleflow.values import frozen

MakeStore = Callable[..., Store]
"""Opens a new and empty store; with ``own`` one that knows a host's own event classes."""

_SHANGHAI = timezone("Asia/Shanghai")
RUNG = {"id": "reminded", "term": "reply", "offset": "-15 days", "channel": "phone", "cite": "host"}
LEADERS = [{"name": "Vice Mayor (placeholder)", "units": ["Roads Bureau"]}]
RULES = load("cn.national", changes={"name": "contract", "version": "1", "rung": [RUNG], "leader": LEADERS})
OFFICE = Actor("congress_office", "Standing Committee Office")
WATER = Actor("unit", "Water Bureau")
UNWRITABLE = ("half a pair \ud800", "NUL \x00")
"""Text that some database cannot keep."""
RECEIVE = Receive("Pipes", "Deputy A", phone="placeholder number", address="placeholder street")


@frozen
class Own(Act):
    """A host's own act."""

    verb = "own"
    kind = "contract_owned"
    words: str


@frozen
class OwnEffect(Own):
    """One whose effect puts into the suggestion what cannot be written."""

    verb = "own_effect"
    kind = "contract_put"

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        """Text that is half of a surrogate pair."""
        return attrs.evolve(suggestion, own_facts=(("contract", "\ud800"),))


def _again(words: str) -> str:
    return f"again {words}"


@frozen
class OwnAnew(Own):
    """One whose words are others each time they are read."""

    verb = "own_anew"
    kind = "contract_anew"
    words: str = attrs.field(converter=_again)


class Opened:
    """Gives every test a new and empty store."""

    @pytest.fixture
    def store(self, make_store: MakeStore) -> Store:
        """A new and empty store."""
        return make_store()


def at(written: str, hour: int = 9) -> DateTime:
    """An instant on a day, where the rulebook holds."""
    found = day(written)
    return DateTime(found.year, found.month, found.day, hour, tzinfo=_SHANGHAI)


LATE = at("2099-12-31")
"""When everything is due that ever will be."""


def engine_of(store: Store, today: str = "2026-02-10") -> Engine:
    """An engine whose clock stands still."""
    return Engine(store, [RULES], clock=lambda: at(today))


def lived(store: Store, *ids: str, key: str | None = None) -> Engine:
    """Suggestions, ``1`` where none is named, from receipt to reply; *key* stands for the last act."""
    engine = engine_of(store)
    for id in ids or ("1",):
        engine.execute(id, RECEIVE, by=OFFICE)
        engine.execute(id, Assign(("Water Bureau",)), by=OFFICE)
        engine.execute(id, Accept(), by=WATER)
        engine.execute(id, RecordContact("before"), by=WATER)
        engine.execute(id, Reply("B", "soon"), by=WATER, key=key)
    return engine


def begun(store: Store, *ids: str, on: str = "2026-02-10", units: tuple[str, ...] = ("Water Bureau",)) -> Engine:
    """Suggestions that were received and assigned on a day, so that their terms run."""
    engine = engine_of(store, on)
    for id in ids:
        engine.execute(id, RECEIVE, by=OFFICE)
        engine.execute(id, Assign(units), by=OFFICE)
    return engine


def swept_life(store: Store) -> Engine:
    """Suggestion ``1``, of which the clock has spoken, and which was then sorted under the key ``k``."""
    begun(store, "1")
    engine = engine_of(store, "2026-04-26")
    engine.sweep()
    engine.execute("1", Classify("roads"), by=OFFICE, key="k")
    return engine


def adding(store: Store, id: str, *events: Event, **more: Any) -> Batch:
    """A batch that adds *events* to what is there of a suggestion, whatever a rulebook would say."""
    before = store.load(id) or Suggestion(id)
    provenance = Provenance(OFFICE, at("2026-06-01"), day("2026-06-01"))
    state = before.state or "received"
    entries = tuple(
        Entry(before.version + n, event, provenance, state, RULES.ref, "", RULES.calendar_ref)
        for n, event in enumerate(events, 1)
    )
    batch = Batch(id, before.version, entries, fold(before, entries), before=before, **more)
    return Chainer(store.codec).chained(batch)


def trace(store: Store, *ids: str) -> tuple[Any, ...]:
    """All that a store tells of suggestions, so that what was not written can be seen not to be there."""
    histories = tuple((store.load(id), store.history(id), store.entries(id), store.keys(id)) for id in ids)
    due, waiting = store.due(LATE), store.terms_without_day()
    return histories, store.feed(private=True), store.digest(), due, waiting, tuple(store.ids())
