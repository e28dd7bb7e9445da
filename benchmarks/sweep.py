"""
What does one sweep cost beside a walk over everything open, and how do both grow with what is open?

Run it: python -m benchmarks.sweep [--quick | --full]
"""

from __future__ import annotations

import argparse
import gc
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import attrs
from attrs import frozen
from pendulum import DateTime, timezone
from sqlalchemy import Table, insert

from handleflow import Accept, Actor, Assign, Engine, Entry, MemoryStore, Receive, Store, Suggestion, load
from handleflow.core import supervise, wakes_on
from handleflow.core.evolve import replay_onto
from handleflow.legal_time import Day, day
from handleflow.sealing import Sealed, chained, genesis
from handleflow.store import Batch
from handleflow.stores import Codec, _rows
from handleflow.stores._connecting import connect
from handleflow.stores._tables import tables
from handleflow.stores.sql import SqlStore

RUNG = {"id": "reminded", "term": "reply", "offset": "-60 days", "measure": "phone", "cite": "host"}
RULES = load("cn.national", changes={"name": "benchmark", "version": "1", "rung": [RUNG]})
OFFICE, WATER = Actor("congress_office", "Standing Committee Office"), Actor("unit", "Water Bureau")
FIRST, LAST = day("2026-02-24"), day("2026-07-01")
T = tables()
PAGE = 10_000
CODEC = Codec()

Way = Callable[[Engine, DateTime], int]
"""Lets the clock speak at an instant; how many suggestions it spoke of."""


@frozen
class Plan:
    """How many are open, how many fall due each round, and how many rounds each way has."""

    open: int
    due: int
    sweeps: int
    walks: int

    @property
    def ways(self) -> tuple[Way, ...]:
        """The ways in turn (A B A B …), the rest of the longer one last."""
        both = min(self.sweeps, self.walks)
        return (*(swept, walked) * both, *(swept,) * (self.sweeps - both), *(walked,) * (self.walks - both))


@frozen
class Life:
    """One real suggestion to be cloned, with what a store keeps of it."""

    picture: Suggestion
    entries: tuple[Entry, ...]
    sealed: tuple[Sealed, ...]
    wakes_on: Day


def swept(engine: Engine, at: DateTime) -> int:
    """By the store's index."""
    return len({id for id, _ in engine.sweep(at=at).said})


def walked(engine: Engine, at: DateTime) -> int:
    """By loading every picture and asking of each what the clock has to say."""
    spoken = 0
    for picture in engine.store.pictures():
        rules = engine.rulebook_of(picture)
        entries = supervise(rules, picture, at=at)
        if entries:
            after = replay_onto(picture, entries)
            engine.store.append(Batch(picture.id, picture.version, entries, after, wakes_on(rules, after)))
            spoken += 1
    return spoken


def noon(on: Day) -> DateTime:
    """Noon of a day where the rulebook lives."""
    return DateTime(on.year, on.month, on.day, 12, tzinfo=timezone("Asia/Shanghai"))


def told(on: Day) -> Life:
    """A suggestion received, assigned and accepted on a day."""
    store = MemoryStore()
    engine = Engine(store, [RULES])
    for act, by in ((Receive("Pipes", "Deputy A"), OFFICE), (Assign(("Water Bureau",)), OFFICE), (Accept(), WATER)):
        engine.execute("1", act, by=by, at=noon(on))
    (waking,), entries = store.due(Day(9999, 1, 1)), store.history("1")
    return Life(engine.look_up("1"), entries, tuple(CODEC.seal(entry, "") for entry in entries), waking.on)


def lives(rounds: int) -> tuple[Life, ...]:
    """As many as there are rounds, each due on a day of its own, and one that is due after all of them."""
    found: dict[Day, Life] = {}
    on = FIRST
    while len(found) < rounds:
        life = told(on)
        found.setdefault(life.wakes_on, life)
        on = day(on.add(days=1))
    return (*found.values(), told(LAST))


def dealt(plan: Plan, from_: tuple[Life, ...]) -> Iterator[tuple[str, Life]]:
    """Every id with the life it gets: those due in one round lie evenly among all."""
    every, last = plan.open // plan.due, len(from_) - 1
    return ((f"{n:08}", from_[min(n % every, last)]) for n in range(plan.open))


def fill_memory(store: MemoryStore, dealing: Iterator[tuple[str, Life]]) -> None:
    """Clone lives into memory."""
    for id, life in dealing:
        store.append(Batch(id, 0, life.entries, attrs.evolve(life.picture, id=id), life.wakes_on))


def fill_file(store: SqlStore, dealing: Iterator[tuple[str, Life]]) -> None:
    """Clone lives into a file by the store's own tables, chained anew under each id; many to a transaction."""
    rows: dict[Table, list[dict[str, Any]]] = {T.suggestions: [], T.entries: [], T.terms: [], T.parties: []}
    for id, life in dealing:
        head = genesis(id)
        for sealed in life.sealed:
            head = chained(head, sealed)
            rows[T.entries].append({**_rows.entry_row(id, sealed), "hash": head})
        batch = Batch(id, 0, (), attrs.evolve(life.picture, id=id), life.wakes_on)
        rows[T.terms] += _rows.term_rows(batch)
        rows[T.parties] += _rows.party_rows(batch)
        rows[T.suggestions].append({"id": id, **_rows.picture_row(batch, head, CODEC.picture_text(batch.picture))})
        if len(rows[T.suggestions]) == PAGE:
            _flush(store, rows)
    _flush(store, rows)


def _flush(store: SqlStore, rows: dict[Table, list[dict[str, Any]]]) -> None:
    with connect(store._database, writes=True) as connection:
        for table, found in rows.items():
            if found:
                connection.execute(insert(table), found)
                found.clear()


def timed(store: Store, plan: Plan, from_: tuple[Life, ...]) -> dict[Way, float]:
    """The median seconds of each way; every round has its own suggestions due."""
    engine, seconds = Engine(store, [RULES]), dict[Way, list[float]]()
    for way, life in zip(plan.ways, from_, strict=False):
        gc.collect()
        begun = perf_counter()
        spoken = way(engine, noon(life.wakes_on))
        seconds.setdefault(way, []).append(perf_counter() - begun)
        if spoken != plan.due:
            raise RuntimeError(f"{way.__name__} spoke of {spoken} suggestions, not of {plan.due}")
    return {way: median(found) for way, found in seconds.items()}


def measured(plan: Plan) -> dict[str, dict[Way, float]]:
    """Both stores with the same content."""
    from_ = lives(plan.sweeps + plan.walks)
    memory = MemoryStore()
    fill_memory(memory, dealt(plan, from_))
    found = {"memory": timed(memory, plan, from_)}
    del memory
    with tempfile.TemporaryDirectory() as folder:
        file = SqlStore(str(Path(folder) / "sweep.db"))
        fill_file(file, dealt(plan, from_))
        found["SQLite"] = timed(file, plan, from_)
        file.close()
    return found


def plans(is_quick: bool, is_full: bool) -> list[Plan]:
    """What is measured: each plan ten times the one before."""
    if is_quick:
        return [Plan(1_000, 100, 5, 3), Plan(10_000, 100, 5, 3)]
    found = [Plan(10_000, 1_000, 5, 3), Plan(100_000, 1_000, 5, 3)]
    return [*found, Plan(1_000_000, 1_000, 5, 1)] if is_full else found


def main() -> None:
    """Print the table as it grows."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="1,000 and 10,000 open, 100 due")
    parser.add_argument("--full", action="store_true", help="1,000,000 open as well")
    asked = parser.parse_args()
    print(f"{'store':>8} {'open':>10} {'due':>6} {'sweep':>10} {'walk':>10} {'walk/sweep':>11}", end="")
    print(f" {'sweep grew':>11} {'walk grew':>10}")
    before: dict[str, dict[Way, float]] = {}
    for plan in plans(asked.quick, asked.full):
        found = measured(plan)
        for name, times in found.items():
            grown = [f"{times[way] / before[name][way]:.2f}x" if before else "-" for way in (swept, walked)]
            print(
                f"{name:>8} {plan.open:>10,} {plan.due:>6,} {times[swept]:>8.3f} s {times[walked]:>8.3f} s"
                f" {times[walked] / times[swept]:>10.1f}x {grown[0]:>11} {grown[1]:>10}",
                flush=True,
            )
        before = found


if __name__ == "__main__":
    main()
