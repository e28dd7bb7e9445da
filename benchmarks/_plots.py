"""How does a run look? One small drawing for each workload whose ways are held against a limit, and how two grow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

from benchmarks._goals import AIMS

mpl.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "handleflow", "font.size": 9})
OURS, LIMIT, OTHERS = "#1f5fa8", "#444444", "#b9c3cf"
DRAWN = {
    "life": "five-step life in memory",
    "memory": "memory of a living suggestion",
    "replay": "replay from an SQLite file",
    "legal_time": "the 60th working day",
    "imports": "import",
    "acts": "one act, SQLite",
}


GROWING = {
    "sweep": re.compile(r"1,000 due among ([\d,]+) open, (\w+)"),
    "figures": re.compile(r"by (\w+), ([\d,]+) suggestions, (\w+)"),
}
"""Tables of one thing at several sizes."""


def draw(run: dict[str, Any], folder: Path) -> None:
    """Draw what the run has of ``DRAWN`` as SVG."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, title in DRAWN.items():
        for table in run["workloads"].get(name, ()):
            if table["title"] == title and table["rows"]:
                drawn(table, run).savefig(folder / f"{name}.svg", metadata={"Date": None})
                print(f"drawn: {folder / f'{name}.svg'}")
    for name, figure in {**{name: growth(name, run) for name in GROWING}, "scale": scaled(run)}.items():
        if figure is not None:
            figure.savefig(folder / f"{name}.svg", metadata={"Date": None})
            print(f"drawn: {folder / f'{name}.svg'}")


def growth(name: str, run: dict[str, Any]) -> Figure | None:
    """Lines: the time over the size, both on scales of powers; None where only one size was measured."""
    lines: dict[str, list[tuple[int, float]]] = {}
    for table in run["workloads"].get(name, ()):
        found = GROWING[name].fullmatch(table["title"])
        if found is None:
            continue
        size = next(part for part in found.groups() if part[0].isdigit())
        about = " ".join(part for part in found.groups() if part != size)
        for row in table["rows"]:
            is_slower_sql = row["way"].startswith("plain SQL") and row["ratio"] != 1
            way = row["way"].partition(", ")[0] if row["way"].startswith("plain SQL") else row["way"]
            if not is_slower_sql:
                lines.setdefault(f"{way}, {about}", []).append((int(size.replace(",", "")), row["median"]))
    if all(len(line) < 2 for line in lines.values()):
        return None
    figure = Figure(figsize=(7, 3.6), layout="constrained")
    axes = figure.add_subplot(xscale="log", yscale="log", xlabel="suggestions", ylabel=table["unit"])
    for way, line in sorted(lines.items()):
        is_ours = "walk" not in way and "plain" not in way
        axes.plot(*zip(*sorted(line), strict=True), marker="o", linestyle="-" if is_ours else ":", label=way)
    axes.legend(fontsize=7, loc="upper left", bbox_to_anchor=(1.0, 1.0))
    axes.set_title(f"{name} ({run['on']}, {run['size']})", loc="left", fontsize=9)
    axes.spines[["top", "right"]].set_visible(False)
    return figure


def drawn(table: dict[str, Any], run: dict[str, Any]) -> Figure:
    """Bars: how many times as much as the limit, on a scale of powers."""
    rows = table["rows"][::-1]
    figure = Figure(figsize=(7, 0.9 + 0.28 * len(rows)), layout="constrained")
    axes = figure.add_subplot()
    bars = axes.barh([row["way"] for row in rows], [row["ratio"] for row in rows], color=list(map(_colour, rows)))
    axes.bar_label(bars, [f" {row['ratio']:.3g}" for row in rows])
    axes.set_xscale("log")
    axes.set_xlim(min(0.5, *(row["ratio"] for row in rows)), 3 * max(row["ratio"] for row in rows))
    for bound in _bounds(table):
        axes.axvline(bound, color=OURS, linestyle=":", linewidth=1)
    axes.set_title(f"{table['title']}: times the limit ({run['on']}, {run['size']})", loc="left", fontsize=9)
    axes.spines[["top", "right"]].set_visible(False)
    return figure


def _bounds(table: dict[str, Any]) -> Iterator[float]:
    """The goals against one of the limits, as times the first one."""
    ratios = {row["way"]: row["ratio"] for row in table["rows"]}
    for aim in AIMS:
        other = aim.other or table["fair_limit"]
        if aim.where[1] == table["title"] and other in {table["limit"], table["fair_limit"]} and other in ratios:
            yield aim.bound * ratios[other]
    for goal in table["goals"][:1]:
        if f"/ {table['limit']}" in goal["what"]:
            yield goal["bound"]


def scaled(run: dict[str, Any]) -> Figure | None:
    """Lines: one act over how many entries its suggestion has; None where that was not measured."""
    tables = [table for table in run["workloads"].get("scale", ()) if table["title"].startswith("one act, ")]
    if not tables:
        return None
    figure = Figure(figsize=(7, 3.6), layout="constrained")
    axes = figure.add_subplot(xscale="log", yscale="log", xlabel="entries", ylabel=tables[0]["unit"])
    for table in tables:
        sizes = [int(row["way"].partition(" ")[0].replace(",", "")) for row in table["rows"]]
        is_ours = "by hand" not in table["title"]
        line = {"marker": "o", "linestyle": "-" if is_ours else ":", "label": table["title"].partition(", ")[2]}
        axes.plot(sizes, [row["median"] for row in table["rows"]], **line)
    axes.legend(fontsize=7, loc="upper left")
    axes.set_title(f"one act of a suggestion that grows ({run['on']}, {run['size']})", loc="left", fontsize=9)
    axes.spines[["top", "right"]].set_visible(False)
    return figure


def _colour(row: dict[str, Any]) -> str:
    if row["way"].startswith("handleflow"):
        return OURS
    return LIMIT if row["ratio"] == 1 or row["fair_ratio"] == 1 else OTHERS
