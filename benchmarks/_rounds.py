"""How are several ways compared fairly? Rounds in turn, medians, ratios to a limit, goals, a table and JSON."""

from __future__ import annotations

import argparse
import gc
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from statistics import median
from time import perf_counter, process_time
from types import ModuleType
from typing import Any

from attrs import evolve, field, frozen

ROUNDS = 5
Times = dict[str, list[float]]
"""What each way took in each round, in one unit."""


@frozen
class Goal:
    """What the library strives for; *bound* is the most that may be found, or the least where *is_floor*."""

    what: str
    found: float
    bound: float
    is_floor: bool = False

    @property
    def is_met(self) -> bool:
        """Whether it is reached."""
        return self.found >= self.bound if self.is_floor else self.found <= self.bound

    def __str__(self) -> str:
        bound = f"at {'least' if self.is_floor else 'most'} {self.bound:g}"
        return f"goal: {self.what}: {bound}, found {self.found:.2f}: {'met' if self.is_met else 'NOT MET'}"


@frozen
class Table:
    """
    What several ways took, in *unit*, and the way the others are held against (*limit*).

    *notes* say what a way leaves out, *missing* which ways could not be tried and why. Where *is_rate*, more is
    better, and a ratio says how many times as much the limit does.
    """

    title: str
    unit: str
    times: Times
    limit: str = ""
    notes: Mapping[str, str] = field(factory=dict)
    goals: tuple[Goal, ...] = ()
    missing: tuple[tuple[str, str], ...] = ()
    is_rate: bool = False

    def median(self, way: str) -> float:
        """The median of a way's rounds."""
        return median(self.times[way])

    def ratio(self, way: str) -> float | None:
        """How many times as much as the limit a way costs."""
        if self.limit not in self.times:
            return None
        return self.beside(self.limit, way) if self.is_rate else self.beside(way, self.limit)

    def beside(self, way: str, other: str) -> float:
        """How many times as much one way has as another: the median over the rounds, each held against itself."""
        mine, its = self.times[way], self.times[other]
        if len(mine) != len(its):
            return median(mine) / median(its)
        return median(one / two for one, two in zip(mine, its, strict=True))

    def with_goals(self, *goals: Goal) -> Table:
        """The table with what the library strives for in it."""
        return evolve(self, goals=goals)

    def lines(self) -> Iterator[str]:
        """The table as text."""
        width = max(map(len, (*self.times, *(way for way, _ in self.missing))), default=0)
        yield f"{self.title} ({self.unit})"
        for way in self.times:
            ratio = self.ratio(way)
            beside = "" if ratio is None else "limit" if way == self.limit else f"{ratio:.2f}x"
            yield f"  {way:<{width}} {shown(self.median(way)):>12} {beside:>9}  {self.notes.get(way, '')}".rstrip()
        for way, why in self.missing:
            yield f"  {way:<{width}} {'-':>12} {'':>9}  {why}"
        yield from (f"  {goal}" for goal in self.goals)

    def data(self) -> dict[str, Any]:
        """The table as plain data."""
        rows = [
            {"way": way, "median": self.median(way), "ratio": self.ratio(way), "rounds": took, "note": self.note(way)}
            for way, took in self.times.items()
        ]
        goals = [{"what": g.what, "found": g.found, "bound": g.bound, "is_met": g.is_met} for g in self.goals]
        missing = [{"way": way, "why": why} for way, why in self.missing]
        named = {"title": self.title, "unit": self.unit, "limit": self.limit}
        return {**named, "rows": rows, "goals": goals, "missing": missing}

    def note(self, way: str) -> str:
        """What is to be said of a way."""
        return self.notes.get(way, "")


def shown(value: float) -> str:
    """A figure with three digits that say something."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.3f}"


def interleaved(
    ways: Mapping[str, Callable[[], object]],
    *,
    per: int | Mapping[str, int] = 1,
    scale: float = 1e6,
    waits: bool = False,
    rounds: int = ROUNDS,
) -> Times:
    """
    What each way took in each of several rounds, in turn (A B A B …), after one that warms up.

    A call does *per* things (so many, or so many by each way); what one of them took is given in seconds times
    *scale*: the time of the processor, so that what else the machine does counts less, or the clock's where a way
    *waits* for a disk or another process. Rubbish is collected before each call, and as usual within it.
    """
    clock = perf_counter if waits else process_time
    times: Times = {name: [] for name in ways}
    for number in range(rounds + 1):
        for name, way in ways.items():
            gc.collect()
            begun = clock()
            way()
            took = clock() - begun
            if number:
                times[name].append(took * scale / (per if isinstance(per, int) else per[name]))
    return times


def peers(names: Iterable[str]) -> tuple[dict[str, ModuleType], tuple[tuple[str, str], ...]]:
    """The modules of ``benchmarks.peers`` that can be imported, and those whose package is not installed."""
    found, missing = dict[str, ModuleType](), list[tuple[str, str]]()
    for name in names:
        try:
            found[name] = import_module(f"benchmarks.peers.{name}")
        except ImportError as error:
            missing.append((name, f"not installed ({error.name or error})"))
    return found, tuple(missing)


def versions(packages: Iterable[str]) -> dict[str, str]:
    """Which version of each package is installed, of those that are."""
    found = dict[str, str]()
    for package in packages:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def add_sizes(parser: argparse.ArgumentParser) -> None:
    """``size`` is quick, full, or None for the sizes between."""
    sizes = parser.add_mutually_exclusive_group()
    sizes.add_argument("--quick", action="store_const", dest="size", const="quick", help="seconds; proves it works")
    sizes.add_argument("--full", action="store_const", dest="size", const="full", help="the largest sizes as well")


def run_alone(measured: Callable[[str], Iterator[Table]], about: str | None) -> None:
    """One workload by itself: its tables as they come."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_sizes(parser)
    for table in measured(parser.parse_args().size or "default"):
        print(*table.lines(), "", sep="\n", flush=True)
