"""
What does one suggestion's life cost in memory, does that grow with how many live, and does logging cost anything?

The life has five steps (receive, assign with a term of 60 working days, accept, reply, evaluate) and, before the
reply, the contact without which no way lets a reply pass: six facts, the same for all.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import count
from typing import Any

from benchmarks import _fair_lives, _fair_same, _living
from benchmarks import _lives as lives
from benchmarks._rounds import Goal, Table, interleaved, peers
from handleflow import Engine, MemoryStore
from handleflow.model.changing import changed

LIVES = {"quick": 5, "default": 300, "full": 1_000}
LIVING = {"quick": (100, 500), "default": (1_000, 100_000), "full": (1_000, 100_000)}
LIMIT, FAIR = "limit: by hand", "fair limit: nine entries by hand"
CORE, ENGINE = "handleflow, core", "handleflow, Engine on MemoryStore"
CLOCK, LADDER = "handleflow, Engine by its own clock", "handleflow, core, three rungs"
PEERS = (
    "life_transitions",
    "life_statemachine",
    "life_viewflow",
    "life_django_fsm",
    "life_automat",
    "life_sismic",
    "life_eventsourcing",
)
NOTES = {
    LIMIT: "attrs, dict, list: history, one term, guard; no reasons, no second rulebook",
    FAIR: _fair_lives.NOTE,
    CORE: "core.settle: everything but the store",
    LADDER: "the same under a ladder, none of whose rungs is reached",
    ENGINE: "the same, kept: index of what wakes, version check, lock",
    CLOCK: "the same without at=: it reads the time, and finds the day of an instant in UTC",
}


def measured(size: str) -> Iterator[Table]:
    """The life, its growth, its logging."""
    lives.require_same()
    _fair_same.require_same()
    require_same_entries()
    yield told(LIVES[size])
    yield logged(LIVES[size])
    yield grown(*LIVING[size], LIVES[size])


def require_same_entries() -> None:
    """Make sure that neither a ladder, its text apart, nor a clock of its own leaves the engine other entries."""
    store, clocked = MemoryStore(), MemoryStore()
    lives.by_engine(Engine(store, [lives.RULES]), "1")
    lives.by_clock(Engine(clocked, [lives.RULES], clock=lives.UtcClock()), "1")
    under_a_ladder = [changed(e, rulebook=lives.RULES.ref) for e in lives.by_core("1", lives.UNDER_A_LADDER)[1]]
    expected = _fair_same.plain_entries(lives.by_core("1")[1])
    for name, entries in {
        CLOCK: clocked.history("1"),
        ENGINE: store.history("1"),
        LADDER: under_a_ladder,
    }.items():
        if _fair_same.plain_entries(entries) != expected:
            raise RuntimeError(f"{name} leaves other entries")


def told(n: int) -> Table:
    """Every way tells *n* lives in each round."""
    ids, engine = count(), Engine(MemoryStore(), [lives.RULES])
    clocked = Engine(MemoryStore(), [lives.RULES], clock=lives.UtcClock())
    ways: dict[str, Callable[[], object]] = {
        LIMIT: _times(n, lambda: lives.by_hand("2026-017")),
        FAIR: _times(n, lambda: _fair_lives.by_fair_hand("2026-017")),
        CORE: _times(n, lambda: lives.by_core("2026-017")),
        LADDER: _times(n, lambda: lives.by_core("2026-017", lives.UNDER_A_LADDER)),
        ENGINE: _times(n, lambda: lives.by_engine(engine, str(next(ids)))),
        CLOCK: _times(n, lambda: lives.by_clock(clocked, str(next(ids)))),
    }
    notes, (found, missing) = dict(NOTES), peers(PEERS)
    for module in found.values():
        for name, (lived, note) in module.WAYS.items():
            require_guarded(name, lived)
            ways[name], notes[name] = _times(n, partial(lived, lives.VERBS)), note
    times = interleaved(ways, per=n)
    return Table("five-step life in memory", "µs a life", times, LIMIT, notes, missing=missing, fair_limit=FAIR)


def _times(n: int, work: Callable[[], object]) -> Callable[[], object]:
    def again() -> None:
        for _ in range(n):
            work()

    return again


def require_guarded(name: str, lived: Callable[[Sequence[str]], str]) -> None:
    """Make sure that a peer comes to the end of the life, and not without the contact."""
    unheard = [verb for verb in lives.VERBS if verb != "hear"]
    ends = dict[str, str]()
    if lived(lives.VERBS) != "evaluated":
        raise RuntimeError(f"{name} did not come to the end")
    if not lives.refuses(lambda: ends.update(unheard=lived(unheard))) and ends["unheard"] == "evaluated":
        raise RuntimeError(f"{name} took a reply though nobody was heard")


def logged(n: int) -> Table:
    """The core with the root logger at WARNING, as it is by default, and at INFO with somebody who writes it down."""
    quiet, loud = f"{CORE}, root logger at WARNING", f"{CORE}, root logger at INFO"
    work = _times(n, lambda: lives.by_core("2026-017"))
    times = interleaved({quiet: work, loud: partial(_at_info, work)}, per=n)
    table = Table("the same with logging", "µs a life", times, quiet)
    return table.with_goals(Goal("INFO / WARNING", table.beside(loud, quiet), 1.1))


def _at_info(work: Callable[[], Any]) -> None:
    root, handler = logging.getLogger(), logging.StreamHandler(io.StringIO())
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    try:
        work()
    finally:
        root.setLevel(before)
        root.removeHandler(handler)


def grown(few: int, many: int, n: int) -> Table:
    """The engine among few and among many living ones, each in a process of its own, since rubbish is shared."""
    with _living.among(few) as of_few, _living.among(many) as of_many:
        names = {f"among {few:,} living": of_few, f"among {many:,} living": of_many}
        times = _living.interleaved(names, n)
    less, more = names
    table = Table("growth with the number of living ones, Engine on MemoryStore", "µs a life", times, less)
    return table.with_goals(Goal(f"{more} / {less}", table.beside(more, less), 1.15))
