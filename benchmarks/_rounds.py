"""How are several ways compared fairly? Rounds in turn, medians, ratios to a limit, goals, a table and JSON."""

from __future__ import annotations

import argparse
import gc
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
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
    """
    What the library strives for; *bound* is the most that may be found, or the least where *is_floor*.

    *stretch* is what would be better still. Where nothing was *found*, or it proves nothing, *why* says why.
    """

    what: str
    found: float | None
    bound: float
    is_floor: bool = False
    stretch: float | None = None
    why: str = ""

    @property
    def verdict(self) -> str:
        """``met``, ``stretch met``, ``NOT MET``; ``not measured`` or ``not judged`` where there is a reason."""
        if self.found is None:
            return "not measured"
        if self.why:
            return "not judged"
        if not self._reaches(self.found, self.bound):
            return "NOT MET"
        return "stretch met" if self.stretch is not None and self._reaches(self.found, self.stretch) else "met"

    def _reaches(self, found: float, bound: float) -> bool:
        return found >= bound if self.is_floor else found <= bound

    @property
    def limits(self) -> str:
        """Its bound and what would be better still."""
        stretch = f" (stretch {self.stretch:g})" if self.stretch is not None else ""
        return f"at {'least' if self.is_floor else 'most'} {self.bound:g}{stretch}"

    def __str__(self) -> str:
        found = f"found {self.found:.2f}: {self.verdict}" if self.found is not None else f"not measured: {self.why}"
        return f"goal: {self.what}: {self.limits}, {found}"

    def data(self) -> dict[str, Any]:
        """The goal as plain data."""
        return {
            "what": self.what,
            "found": self.found,
            "bound": self.bound,
            "stretch": self.stretch,
            "is_floor": self.is_floor,
            "verdict": self.verdict,
            "why": self.why,
        }


@frozen
class Table:
    """
    What several ways took, in *unit*, and the way the others are held against (*limit*).

    *fair_limit* is a second one, which leaves the same as the library does; a ratio to it stands beside the first.
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
    fair_limit: str = ""

    def median(self, way: str) -> float:
        """The median of a way's rounds."""
        return median(self.times[way])

    def ratio(self, way: str) -> float | None:
        """How many times as much as the limit a way costs."""
        return self._times_of(way, self.limit)

    def fair_ratio(self, way: str) -> float | None:
        """How many times as much as the fair limit."""
        return self._times_of(way, self.fair_limit)

    def _times_of(self, way: str, limit: str) -> float | None:
        if limit not in self.times:
            return None
        return self.beside(limit, way) if self.is_rate else self.beside(way, limit)

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
        """The table as text; the second ratio is the one to the fair limit."""
        width = max(map(len, (*self.times, *(way for way, _ in self.missing))), default=0)
        is_fair = self.fair_limit in self.times
        yield f"{self.title} ({self.unit})"
        for way in self.times:
            beside = _shown_ratio(self.ratio(way), way == self.limit, "limit")
            fairly = f" {_shown_ratio(self.fair_ratio(way), way == self.fair_limit, 'fair'):>9}" if is_fair else ""
            yield f"  {way:<{width}} {shown(self.median(way)):>12} {beside:>9}{fairly}  {self.note(way)}".rstrip()
        blank = f"{'-':>12} {'':>9}" + f" {'':>9}" * is_fair
        yield from (f"  {way:<{width}} {blank}  {why}" for way, why in self.missing)
        yield from (f"  {goal}" for goal in self.goals)

    def data(self) -> dict[str, Any]:
        """The table as plain data."""
        missing = [{"way": way, "why": why} for way, why in self.missing]
        named = {"title": self.title, "unit": self.unit, "limit": self.limit, "fair_limit": self.fair_limit}
        rows = [self._row(way) for way in self.times]
        return {**named, "rows": rows, "goals": [goal.data() for goal in self.goals], "missing": missing}

    def _row(self, way: str) -> dict[str, Any]:
        ratios = {"ratio": self.ratio(way), "fair_ratio": self.fair_ratio(way)}
        return {"way": way, "median": self.median(way), **ratios, "rounds": self.times[way], "note": self.note(way)}

    def note(self, way: str) -> str:
        """What is to be said of a way."""
        return self.notes.get(way, "")


def _shown_ratio(ratio: float | None, is_limit: bool, name: str) -> str:
    return name if is_limit else "" if ratio is None else f"{ratio:.2f}x"


def shown(value: float) -> str:
    """A figure with three digits that say something."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.3f}"


@contextmanager
def a_round(*, is_collecting: bool = False) -> Iterator[None]:
    """
    A round begins without rubbish and collects none, or what one way leaves is collected at another's cost.

    Where *is_collecting*, it does as usual: where it is the question what the collector costs.
    """
    was_on = gc.isenabled()
    gc.collect()
    if not is_collecting:
        gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def set_aside(*, is_collecting: bool = False) -> Iterator[None]:
    """
    What lives before the rounds is no way's rubbish, and no round looks for it there.

    To walk it before every round was four fifths of a quick run. Where *is_collecting*, it is walked as usual.
    """
    gc.collect()
    if not is_collecting:
        gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def interleaved(
    ways: Mapping[str, Callable[[], object]],
    *,
    per: int | Mapping[str, int] = 1,
    scale: float = 1e6,
    waits: bool = False,
    rounds: int = ROUNDS,
    is_collecting: bool = False,
) -> Times:
    """
    What each way took in each of several rounds, in turn (A B A B …), after one that warms up.

    A call does *per* things (so many, or so many by each way); what one of them took is given in seconds times
    *scale*: the time of the processor, so that what else the machine does counts less, or the clock's where a way
    *waits* for a disk or another process. Rubbish is collected before each call, and within it only where asked.
    """
    clock = perf_counter if waits else process_time
    times: Times = {name: [] for name in ways}
    with set_aside(is_collecting=is_collecting):
        for name, way in [*ways.items()] * (rounds + 1):
            with a_round(is_collecting=is_collecting):
                begun = clock()
                way()
                took = clock() - begun
            times[name].append(took * scale / (per if isinstance(per, int) else per[name]))
    return {name: took[1:] for name, took in times.items()}


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
