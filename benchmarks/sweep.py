"""
What does one sweep cost beside a walk over everything open, and how do both grow with what is open?

Of all open suggestions the same number is due in every round, so whatever grows with the open ones is owed to those
that are *not* due. Run it alone: python -m benchmarks.sweep [--quick | --full]
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from itertools import islice
from pathlib import Path
from time import perf_counter

import attrs
from attrs import frozen
from pendulum import DateTime, timezone

from benchmarks import _databases
from benchmarks._rounds import Goal, Table, Times, a_round, run_alone, set_aside
from handleflow import Actor, Engine, Entry, MemoryStore, Store, Suggestion, load
from handleflow.acts import Accept, Assign, Receive
from handleflow.core import supervise
from handleflow.engine.chainer import Chainer
from handleflow.legal_time import Day, day
from handleflow.store import Batch
from handleflow.store.projection import build_batch
from handleflow.stores.sql import SqlStore

RUNG = {"id": "reminded", "term": "reply", "offset": "-60 days", "channel": "phone", "cite": "host"}
RULES = load("cn.national", changes={"name": "benchmark", "version": "1", "rung": [RUNG]})
OFFICE, WATER = Actor("congress_office", "Standing Committee Office"), Actor("unit", "Water Bureau")
FIRST, LAST = day("2026-02-24"), day("2026-07-01")
LATE = DateTime(9999, 1, 1, tzinfo=timezone("UTC"))
"""When everything is due that ever will be."""
MEMORY, SQLITE, POSTGRES = "memory", "SQLite", "PostgreSQL"
SWEEP, WALK, TOGETHER = "sweep", "walk", "sweep, 100 together"

Way = Callable[[Engine, DateTime], int]
"""Lets the clock speak at an instant; of how many suggestions it spoke."""


@frozen
class Plan:
    """
    How many are open, how many fall due each round, and how many rounds each way has.

    In every round others are due, so there are at most as many rounds of all ways as *due* goes into *open*.
    """

    open: int
    due: int
    sweeps: int = 4
    walks: int = 2

    @property
    def ways(self) -> tuple[str, ...]:
        """The ways in turn (A B A B …), without the walk at last."""
        without = self.sweeps - self.walks
        return (*(SWEEP, TOGETHER, WALK) * self.walks, *(SWEEP, TOGETHER) * without)


PLANS = {
    "quick": (Plan(100, 10), Plan(1_000, 10)),
    "default": (Plan(10_000, 1_000), Plan(100_000, 1_000)),
    "full": (
        Plan(10_000, 1_000),
        Plan(100_000, 1_000),
        Plan(1_000_000, 1_000, walks=1),
        Plan(100_000, 10_000, walks=0),
        Plan(1_000_000, 10_000, walks=0),
    ),
}


@frozen
class Life:
    """One real suggestion to be cloned, and the instant it wakes."""

    suggestion: Suggestion
    entries: tuple[Entry, ...]
    wakes_at: DateTime


def swept(engine: Engine, at: DateTime) -> int:
    """By the store's index."""
    return len({id for id, _ in engine.sweep(at=at).said})


def swept_together(engine: Engine, at: DateTime) -> int:
    """The same, a hundred suggestions in each transaction."""
    return len({id for id, _ in engine.sweep(at=at, together=100).said})


def walked(engine: Engine, at: DateTime) -> int:
    """By loading every suggestion and asking of each what the clock has to say."""
    spoken, chainer = 0, Chainer(engine.store.codec)
    for suggestion in engine.store.snapshots():
        rules = engine.rulebook_of(suggestion)
        entries = supervise(rules, suggestion, at=at).entries
        if entries:
            engine.store.append(chainer.chained(build_batch(rules, suggestion, entries)))
            spoken += 1
    return spoken


WAYS: dict[str, Way] = {SWEEP: swept, TOGETHER: swept_together, WALK: walked}


def noon(on: Day) -> DateTime:
    """Noon of a day where the rulebook lives."""
    return DateTime(on.year, on.month, on.day, 12, tzinfo=timezone("Asia/Shanghai"))


def told(on: Day) -> Life:
    """A suggestion received, assigned and accepted on a day."""
    store = MemoryStore()
    engine = Engine(store, [RULES])
    for act, by in ((Receive("Pipes", "Deputy A"), OFFICE), (Assign(("Water Bureau",)), OFFICE), (Accept(), WATER)):
        engine.execute("1", act, by=by, at=noon(on))
    (waking,) = store.due(LATE)
    return Life(engine.look_up("1"), store.history("1"), waking.at)


def lives(rounds: int) -> tuple[Life, ...]:
    """As many as there are rounds, each due on a day of its own, and one that is due after all of them."""
    found: dict[DateTime, Life] = {}
    on = FIRST
    while len(found) < rounds:
        life = told(on)
        found.setdefault(life.wakes_at, life)
        on = day(on.add(days=1))
    return (*found.values(), told(LAST))


def dealt(plan: Plan, from_: tuple[Life, ...]) -> Iterator[Batch]:
    """As many clones as are open: those due in one round lie evenly among all."""
    every, last = plan.open // plan.due, len(from_) - 1
    for n in range(plan.open):
        life, id = from_[min(n % every, last)], f"{n:08}"
        yield Batch(id, 0, life.entries, attrs.evolve(life.suggestion, id=id), life.wakes_at)


def fill(store: Store, batches: Iterator[Batch]) -> None:
    """Chain and append them, 500 to a transaction."""
    chainer = Chainer(store.codec)
    while some := tuple(islice(batches, 500)):
        store.append(*map(chainer.chained, some))


@contextmanager
def opened(name: str) -> Iterator[Store]:
    """An empty store."""
    if name == MEMORY:
        yield MemoryStore()
        return
    with tempfile.TemporaryDirectory() as folder:
        where = _databases.fresh() if name == POSTGRES else str(Path(folder) / "sweep.db")
        with closing(SqlStore(where)) as store:
            yield store


def measured(size: str) -> Iterator[Table]:
    """On every store, with the same number due: each size by itself, then how the sweep grew."""
    absent = _databases.why_none()
    for due in dict.fromkeys(plan.due for plan in PLANS[size]):
        plans = [plan for plan in PLANS[size] if plan.due == due]
        for name in (MEMORY, SQLITE, POSTGRES):
            if name == POSTGRES and absent:
                yield Table(f"{due:,} due, {name}", "seconds", {}, missing=((name, absent),))
                continue
            found = in_turns(name, plans)
            for plan, times in found.items():
                yield Table(f"{due:,} due among {plan.open:,} open, {name}", "seconds", times, SWEEP)
            yield grown(name, due, {plan: times[SWEEP] for plan, times in found.items()})


def in_turns(name: str, plans: list[Plan]) -> dict[Plan, Times]:
    """The seconds of each way in each plan, one after the other in every round, so that all meet the same weather."""
    times = {plan: Times() for plan in plans}
    from_ = {plan: lives(len(plan.ways)) for plan in plans}
    with ExitStack() as left:
        stores = {plan: left.enter_context(opened(name)) for plan in plans}
        for plan, store in stores.items():
            fill(store, dealt(plan, from_[plan]))
        left.enter_context(set_aside())
        for number in range(max(len(plan.ways) for plan in plans)):
            for plan, store in stores.items():
                for way in plan.ways[number : number + 1]:
                    at = noon(RULES.calendar.day_of(from_[plan][number].wakes_at))
                    took = once(store, way, at, plan.due)
                    times[plan].setdefault(way, []).append(took)
    return times


def once(store: Store, way: str, at: DateTime, due: int) -> float:
    """The seconds of one way; every round has its own suggestions due."""
    engine = Engine(store, [RULES])
    with a_round():
        begun = perf_counter()
        spoken = WAYS[way](engine, at)
        took = perf_counter() - begun
    if spoken != due:
        raise RuntimeError(f"{way} spoke of {spoken} suggestions, not of {due}")
    return took


def grown(name: str, due: int, found: dict[Plan, list[float]]) -> Table:
    """The same number due, among more and more."""
    times = {f"among {plan.open:,} open": took for plan, took in found.items()}
    first, last = next(iter(times)), list(times)[-1]
    table = Table(f"a sweep of {due:,}, {name}", "seconds", times, first)
    return table.with_goals(Goal(f"{last} / {first}", table.beside(last, first), 1.15))


if __name__ == "__main__":
    run_alone(measured, __doc__)
