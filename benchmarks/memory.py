"""How much memory does a living suggestion take, counted by ``tracemalloc`` over everything that lives on?"""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Callable, Iterator
from itertools import count

from benchmarks import _fair_lives
from benchmarks import _lives as lives
from benchmarks._rounds import ROUNDS, Table, Times, peers
from handleflow import Engine, MemoryStore

LIVES = {"quick": 20, "default": 200, "full": 2_000}
LIMIT, FAIR = "limit: by hand", "fair limit: nine entries by hand"
CORE, ENGINE = "handleflow, core", "handleflow, Engine on MemoryStore"
NOTES = {
    LIMIT: "suggestion and six lines",
    FAIR: "suggestion and nine entries",
    CORE: "the same",
    ENGINE: "the same, with the store's index",
}


def bytes_of(tell: Callable[[str], object], n: int) -> float:
    """Bytes that live on for each of *n* lives."""
    gc.collect()
    tracemalloc.start()
    held = [tell(f"2026-{number:06}") for number in range(n)]
    gc.collect()
    found, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return found / len(held)


def measured(size: str) -> Iterator[Table]:
    """Every way holds as many lives in each round; what all lives share is told before."""
    n, runs = LIVES[size], count()
    ways: dict[str, Callable[[], Callable[[str], object]]] = {
        LIMIT: lambda: lives.by_hand,
        FAIR: lambda: _fair_lives.by_fair_hand,
        CORE: lambda: lives.by_core,
        ENGINE: lambda: _kept(next(runs)),
    }
    notes, (found, missing) = dict(NOTES), peers(["memory_eventsourcing"])
    for module in found.values():
        ways[module.NAME], notes[module.NAME] = lambda m=module: m.tell, module.NOTE  # type: ignore[misc]
    times: Times = {name: [] for name in ways}
    for number in range(ROUNDS + 1):
        for name, made in ways.items():
            took = bytes_of(made(), n)
            if number:
                times[name].append(took)
    title, unit = "memory of a living suggestion", "bytes, tracemalloc"
    yield Table(title, unit, times, LIMIT, notes, missing=missing, fair_limit=FAIR)


def _kept(run: int) -> Callable[[str], object]:
    engine = Engine(MemoryStore(), [lives.RULES])
    lives.by_engine(engine, "before")
    # The engine is held by what it tells, or nothing would live on.
    return lambda number: (engine, lives.by_engine(engine, f"{run}-{number}"))[1]
