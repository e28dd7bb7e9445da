"""How does a run look? One small drawing for each workload whose ways are held against a limit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

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


def draw(run: dict[str, Any], folder: Path) -> None:
    """Draw what the run has of ``DRAWN`` as SVG."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, title in DRAWN.items():
        for table in run["workloads"].get(name, ()):
            if table["title"] == title and table["rows"]:
                drawn(table, run).savefig(folder / f"{name}.svg", metadata={"Date": None})
                print(f"drawn: {folder / f'{name}.svg'}")


def drawn(table: dict[str, Any], run: dict[str, Any]) -> Figure:
    """Bars: how many times as much as the limit, on a scale of powers."""
    rows = table["rows"][::-1]
    figure = Figure(figsize=(7, 0.9 + 0.28 * len(rows)), layout="constrained")
    axes = figure.add_subplot()
    bars = axes.barh([row["way"] for row in rows], [row["ratio"] for row in rows], color=list(map(_colour, rows)))
    axes.bar_label(bars, [f" {row['ratio']:.3g}" for row in rows])
    axes.set_xscale("log")
    axes.set_xlim(min(0.5, *(row["ratio"] for row in rows)), 3 * max(row["ratio"] for row in rows))
    for goal in table["goals"][:1]:
        if f"/ {table['limit']}" in goal["what"]:
            axes.axvline(goal["bound"], color=OURS, linestyle=":", linewidth=1)
    axes.set_title(f"{table['title']}: times the limit ({run['on']}, {run['size']})", loc="left", fontsize=9)
    axes.spines[["top", "right"]].set_visible(False)
    return figure


def _colour(row: dict[str, Any]) -> str:
    if row["way"].startswith("handleflow"):
        return OURS
    return LIMIT if row["ratio"] == 1 else OTHERS
