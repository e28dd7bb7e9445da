"""
What does the library strive for, and does a run reach it? Each goal names the rows that answer it.

All of them are ratios of two rows of one table, each round by itself: absolute times are not stable anywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from statistics import median
from typing import Any

from attrs import frozen

from benchmarks._rounds import Goal, shown

Tables = Sequence[Mapping[str, Any]]
"""The tables of one workload as plain data."""

Where = tuple[str, str]
"""A workload and the title of one of its tables."""

LIFE = ("life", "five-step life in memory")
FULL, NORMAL = ("acts", "acts a second, SQLite FULL"), ("acts", "acts a second, SQLite NORMAL")
DURABLE = ("acts", "acts a second, PostgreSQL durable")
OURS, IN_MEMORY, BARE, CORE = "handleflow", "handleflow, core", "bare driver", "Core"
BARE_AT_ONCE, CORE_AT_ONCE = "bare driver, one statement", "Core, one statement"
BY_HAND, PEER = "fair limit: by hand, the same bytes", "eventsourcing"
FAIR_LIMIT = ""
"""Stands for the fair limit of whatever table it is."""
REPORT_ON_27_NOVEMBER_2026 = 14.2
"""How many times as long a report over 20,000 took as reading what it is folded from, when its goal was set."""


@frozen
class Aim:
    """
    A goal before anything is measured: *way* beside *other*, two rows of the table that *where* names.

    Where the goal is set by what it once was, *once* is that.
    """

    what: str
    where: Where
    way: str
    other: str
    bound: float
    stretch: float | None = None
    is_floor: bool = False
    once: float = 1.0

    def measured(self, tables: Tables | None, size: str) -> Goal:
        """What came of it in a run of that *size*, where its workload left *tables*; None where it was not run."""
        (workload, title), who = self.where, "--quick" if size == "quick" else "this run"
        table = next((table for table in tables or () if table["title"] == title), None)
        if tables is None or table is None:
            return self._goal(None, f"{workload} was not run" if tables is None else f"{who} has no {title!r}")
        rounds = {row["way"]: row["rounds"] for row in table["rows"]}
        other = self.other or table["fair_limit"]
        for way in (self.way, other):
            if way not in rounds:
                return self._goal(None, _why_missing(table, way) or f"{who} has no {way!r} in {title!r}")
        return self._goal(_beside(rounds[self.way], rounds[other]) / self.once, _why_not_judged(size))

    def _goal(self, found: float | None, why: str) -> Goal:
        return Goal(self.what, found, self.bound, self.is_floor, self.stretch, why)


def _why_not_judged(size: str) -> str:
    return "--quick is too short to judge by" if size == "quick" else ""


def _why_missing(table: Mapping[str, Any], way: str) -> str:
    """A peer's package goes by a name that holds the way's, or the other way round; without rows all is missing."""
    for missing in table["missing"]:
        if not table["rows"] or missing["way"] in way or way in missing["way"]:
            return str(missing["why"])
    return ""


def _beside(mine: Sequence[float], its: Sequence[float]) -> float:
    if len(mine) != len(its):
        return median(mine) / median(its)
    return median(one / two for one, two in zip(mine, its, strict=True))


def _at_least(what: str, where: Where, way: str, other: str, bound: float, stretch: float | None = None) -> Aim:
    return Aim(what, where, way, other, bound, stretch, is_floor=True)


AIMS = (
    Aim("life in memory, beside the nine-entry limit", LIFE, IN_MEMORY, FAIR_LIMIT, 3.2, 2.5),
    Aim("the same under three rungs, beside without", LIFE, "handleflow, core, three rungs", IN_MEMORY, 1.6, 1.3),
    Aim(
        "memory, beside the nine-entry limit",
        ("memory", "memory of a living suggestion"),
        IN_MEMORY,
        FAIR_LIMIT,
        *(1.1, 1.0),
    ),
    Aim(
        "replay, beside nine whole entries by hand, same JSON library",
        ("replay", "replay from an SQLite file"),
        OURS,
        FAIR_LIMIT,
        *(1.8, 1.5),
    ),
    Aim("act on SQLite NORMAL, beside by hand with the same bytes", NORMAL, BY_HAND, OURS, 1.9, 1.6),
    Aim("act on SQLite FULL, beside by hand with the same bytes", FULL, BY_HAND, OURS, 1.5, 1.3),
    _at_least("share of the bare driver, SQLite FULL", FULL, OURS, BARE, 0.60, 0.70),
    _at_least("share of the bare driver, SQLite NORMAL", NORMAL, OURS, BARE, 0.42, 0.50),
    _at_least("share of Core, SQLite FULL", FULL, OURS, CORE, 0.90, 0.95),
    _at_least("share of Core, SQLite NORMAL", NORMAL, OURS, CORE, 0.88, 0.95),
    _at_least("share of Core, PostgreSQL durable, one statement", DURABLE, OURS, CORE_AT_ONCE, 0.88, 0.95),
    _at_least("share of eventsourcing, SQLite FULL", FULL, OURS, PEER, 1.25),
    _at_least("share of eventsourcing, SQLite NORMAL", NORMAL, OURS, PEER, 1.20),
    _at_least("share of eventsourcing, PostgreSQL durable", DURABLE, OURS, PEER, 1.75),
    _at_least("share of the bare driver, PostgreSQL durable, one statement", DURABLE, OURS, BARE_AT_ONCE, 0.68, 0.75),
    *(
        _at_least(
            f"acts for one DBOS step, {name}",
            ("acts", f"one act, {name}"),
            "DBOS, a workflow of one step",
            "handleflow, Engine.execute",
            *bounds,
        )
        for name, bounds in (("SQLite", (16.0, 20.0)), ("PostgreSQL", (5.5, 7.0)))
    ),
    _at_least(
        "100 acts together, each, beside the bare driver's single act, SQLite FULL",
        FULL,
        "handleflow, 100 together",
        BARE,
        *(2.0, 3.0),
    ),
    Aim(
        "sweep of due ones in groups of 100, each, beside one by one",
        ("sweep", "1,000 due among 10,000 open, SQLite"),
        "sweep, 100 together",
        "sweep",
        *(0.3, 0.2),
    ),
    Aim(
        "report over 20,000 suggestions, beside that of 27 November 2026",
        ("figures", "a whole report over 20,000 suggestions, sqlite"),
        "handleflow, summarize()",
        "by hand: every snapshot read as JSON",
        *(0.3, 0.25),
        once=REPORT_ON_27_NOVEMBER_2026,
    ),
    Aim(
        "1,000 leads assigned, beside 100",
        ("scale", "leads assigned, decided by the core"),
        "1,000 leads",
        "100 leads",
        *(12.0, 10.0),
    ),
    Aim(
        "import handleflow, beside attrs, pendulum, transitions",
        ("imports", "import"),
        OURS,
        "limit: attrs, pendulum, transitions",
        *(2.2, 1.7),
    ),
)
"""What was set on 27 November 2026, in its order."""


def reached(run: Mapping[str, Any]) -> list[Goal]:
    """What came of every goal in a run: of those above, then of those that tables have by themselves."""
    workloads, size = run["workloads"], run["size"]
    own = (_own(table, goal, size) for tables in workloads.values() for table in tables for goal in table["goals"])
    return [*(aim.measured(workloads.get(aim.where[0]), size) for aim in AIMS), *own]


def _own(table: Mapping[str, Any], goal: Mapping[str, Any], size: str) -> Goal:
    what = f"{table['title']}: {goal['what']}"
    return Goal(what, goal["found"], goal["bound"], goal["is_floor"], goal["stretch"], _why_not_judged(size))


def lines(goals: Sequence[Goal]) -> Iterator[str]:
    """The goals as text: what, the bound and the stretch, what was found, met or not."""
    width = max(len(goal.what) for goal in goals)
    yield f"  {'':<{width}} {'goal':>9} {'stretch':>9} {'found':>9}"
    for goal in goals:
        found = "-" if goal.found is None else shown(goal.found)
        verdict = f"{goal.verdict}: {goal.why}" if goal.why else goal.verdict
        bounds = f"{bound(goal, goal.bound):>9} {bound(goal, goal.stretch):>9}"
        yield f"  {goal.what:<{width}} {bounds} {found:>9}  {verdict}"


def bound(goal: Goal, at: float | None) -> str:
    """One of its bounds."""
    return "" if at is None else f"{'≥' if goal.is_floor else '≤'} {at:g}"
