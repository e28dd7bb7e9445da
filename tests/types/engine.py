"""What does the engine take, and what does it give?"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import assert_type

import pendulum

from handleflow import (
    Act,
    Actor,
    BulkOutcome,
    Engine,
    Entry,
    Health,
    Listener,
    MemoryStore,
    Reason,
    Request,
    Rulebook,
    Store,
    Suggestion,
    Sweep,
    load_preset,
)
from handleflow.acts import Accept, Assign, Receive
from handleflow.errors import UnknownRulebook
from handleflow.legal_time import Day
from handleflow.store import Page, Query
from handleflow.views import Level
from handleflow.words import CATALOGUE, MessageCatalogue

OFFICE, WATER = Actor("congress_office", "Standing Committee Office"), Actor("unit", "Water Bureau")
RECORDED_AT = pendulum.datetime(2026, 2, 10, 9, tz="Asia/Shanghai")
heard: list[str] = []


def hear(suggestion: Suggestion, entry: Entry) -> None:
    """A host's own listener."""
    heard.append(f"{suggestion.id} {entry.kind}")


a_listener: Listener = hear
engine = Engine(MemoryStore(), [load_preset("cn.national")], clock=lambda: RECORDED_AT, listeners=[a_listener])
engine.listen(hear)
engine.listen(hear, private=True)
assert_type(engine.seen_by(OFFICE).find(Query()), Page)
assert_type(engine.seen_by(None).sees(Suggestion("1")), Level)
assert_type(engine, Engine)
assert_type(engine.store, Store)
assert_type(engine.rulebooks, tuple[Rulebook, ...])

received = engine.execute("1", Receive("Safe drinking water", "Deputy A"), by=OFFICE, key="from the form")
assert_type(received, Suggestion)
at = datetime.datetime(2026, 2, 10, 1, tzinfo=datetime.UTC)
assert_type(engine.execute("1", Assign(("Water Bureau",)), by=OFFICE, at=at, expect=received.version), Suggestion)

assert_type(engine.ask("1", Accept(), by=WATER), tuple[Reason, ...])
assert_type(engine.open_acts("1", by=WATER), tuple[type[Act], ...])
assert_type(engine.look_up("1"), Suggestion)
assert_type(engine.history("1"), tuple[Entry, ...])
assert_type(engine.recorded_under("1", "from the form"), tuple[Entry, ...])
assert_type(engine.rulebook_of(received), Rulebook)
assert_type(engine.words_of(received), MessageCatalogue)
assert_type(engine.words_of(engine.history("1")[0], CATALOGUE), MessageCatalogue)
assert_type(engine.with_rulebooks(), Iterator[tuple[Rulebook | UnknownRulebook, Suggestion]])
assert_type(engine.today(), Day)

many = engine.execute_many([Request("1", Accept(), WATER), Request("2", Accept(), by=WATER, key="k")], together=50)
assert_type(many, tuple[Suggestion | Exception, ...])

swept = engine.sweep(limit=500, host="one", together=100)
assert_type(swept, Sweep)
assert_type(swept.said, tuple[tuple[str, Entry], ...])
assert_type(swept.failed, tuple[tuple[str, str], ...])
assert_type(engine.sweep(confirmed="2026-02-10"), Sweep)
assert_type(engine.set_last_sweep_back(RECORDED_AT), None)
assert_type(engine.health(), Health)
assert_type(engine.health().clock_skew, datetime.timedelta | None)
assert_type(swept.clock_skew, datetime.timedelta | None)
assert_type(engine.health().waiting, int)
assert_type(swept.error, str)
adopted = engine.adopt_calendar("cn.national", load_preset("cn.national").version, by=OFFICE)
assert_type(adopted, BulkOutcome)
assert_type(adopted.entries, tuple[tuple[str, Entry], ...])
assert_type(adopted.failed, tuple[tuple[str, str], ...])


def refused() -> None:
    """What nobody may write."""
    engine.execute_many([("1", Accept(), WATER)])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
    engine.execute("1", Accept, by=WATER)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    engine.execute("1", "accept", by=WATER)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    engine.execute("1", Accept(), by="Water Bureau")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    engine.execute("1", Accept(), WATER)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    engine.execute("1", Accept())  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    engine.execute("1", Accept(), by=WATER, at="2026-02-10")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    engine.look_up(1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    engine.sweep(RECORDED_AT)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    Engine(MemoryStore(), load_preset("cn.national"))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Engine("city.db", [])  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    engine.listen(lambda entry: None)  # type: ignore[arg-type, misc]  # pyright: ignore[reportArgumentType]
