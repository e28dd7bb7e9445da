"""
Where does handleflow stand beside what a user would pick instead, and beside the limit written by hand?

Run it from the root of the project:
python -m benchmarks [--quick | --full] [--only NAME] [--json PATH] [--markdown PATH] [--plot FOLDER]
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import sys
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks import _goals
from benchmarks._rounds import Table, add_sizes, shown, versions

WORKLOADS = {
    "life": "a suggestion's life in memory",
    "memory": "what a living suggestion takes of memory",
    "replay": "from histories to suggestions",
    "legal_time": "the n-th working day",
    "imports": "the time of import handleflow",
    "sweep": "the clock speaks",
    "figures": "by category, unit and outcome",
    "acts": "one act on a store",
    "scale": "one act of a suggestion that grows",
}
PACKAGES = (
    "attrs",
    "cattrs",
    "pendulum",
    "transitions",
    "SQLAlchemy",
    "psycopg",
    "dbos",
    "eventsourcing",
    "python-statemachine",
    "django-viewflow",
    "django-fsm-2",
    "Automat",
    "sismic",
    "holidays",
    "chinesecalendar",
    "workalendar",
    "numpy",
    "orjson",
)


def parser() -> argparse.ArgumentParser:
    """What may be asked."""
    made = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    made.formatter_class = argparse.RawDescriptionHelpFormatter
    add_sizes(made)
    made.add_argument("--only", choices=WORKLOADS, action="append", help="this workload; may be given again")
    made.add_argument("--json", type=Path, metavar="PATH", help="write every round there")
    made.add_argument("--markdown", type=Path, metavar="PATH", help="write the tables there, for a page")
    made.add_argument("--plot", type=Path, metavar="FOLDER", help="draw the tables there (matplotlib)")
    return made


def circumstances(size: str) -> dict[str, Any]:
    """What a figure is worth nothing without."""
    return {
        "on": datetime.datetime.now(datetime.UTC).date().isoformat(),  # noqa: TID251  the day of the run, not of a rule
        "size": size,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors",
        "packages": versions(PACKAGES),
    }


def told(tables: Iterable[Table]) -> list[dict[str, Any]]:
    """The tables as data, printed as they come."""
    found = []
    for table in tables:
        print(*table.lines(), "", sep="\n", flush=True)
        found.append(table.data())
    return found


def pages(run: dict[str, Any]) -> Iterator[str]:
    """The same tables for a page, and the goals before them."""
    yield from ("| what | goal | stretch | found | |", "|---|---|---|---|---|")
    for goal in _goals.reached(run):
        found = "" if goal.found is None else shown(goal.found)
        bounds = f"{_goals.bound(goal, goal.bound)} | {_goals.bound(goal, goal.stretch)}"
        yield f"| {goal.what} | {bounds} | {found} | {goal.verdict}{f': {goal.why}' if goal.why else ''} |"
    yield ""
    for tables in run["workloads"].values():
        for table in tables:
            yield from _page(table)


def _page(table: dict[str, Any]) -> Iterator[str]:
    is_fair = any(row["way"] == table["fair_limit"] for row in table["rows"])
    fair = " times the fair limit |" if is_fair else ""
    yield from (
        f"| {table['title']} | {table['unit']} | times the limit |{fair} |",
        f"|---|---|---|{'---|' * is_fair}---|",
    )
    for row in table["rows"]:
        ratios = _ratio(row, "ratio", table["limit"])
        if is_fair:
            ratios += f" | {_ratio(row, 'fair_ratio', table['fair_limit'])}"
        yield f"| {row['way']} | {shown(row['median'])} | {ratios} | {row['note']} |"
    blank = " |" * (2 + is_fair)
    yield from (f"| {missing['way']} |{blank} {missing['why']} |" for missing in table["missing"])
    yield ""


def _ratio(row: dict[str, Any], name: str, limit: str) -> str:
    return "limit" if row["way"] == limit else "" if row[name] is None else f"{row[name]:.2f}"


def main() -> int:
    """Run what is asked for."""
    args = parser().parse_args()
    size = args.size or "default"
    run: dict[str, Any] = {**circumstances(size), "workloads": {}}
    print(f"{run['on']}, Python {run['python']}, {run['system']}, {size}\n", flush=True)
    for name in args.only or WORKLOADS:
        print(f"== {name}: {WORKLOADS[name]}", flush=True)
        run["workloads"][name] = told(import_module(f"benchmarks.{name}").measured(size))
    goals = _goals.reached(run)
    run["goals"] = [goal.data() for goal in goals]
    print("== goals: what the library strives for", *_goals.lines(goals), "", sep="\n", flush=True)
    written(run, args)
    return 0


def written(run: dict[str, Any], args: argparse.Namespace) -> None:
    """Put the run where it is asked for."""
    if args.json:
        args.json.write_text(json.dumps(run, indent=2, ensure_ascii=False), encoding="utf-8")
    if args.markdown:
        args.markdown.write_text("\n".join(pages(run)), encoding="utf-8")
    if args.plot:
        import_module("benchmarks._plots").draw(run, args.plot)


if __name__ == "__main__":
    sys.exit(main())
