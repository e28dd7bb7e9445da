"""
How large is the library, and how tangled? Figures that a later change can be held against.

Counted by Python's own parser over ``src``; the walk of one act is followed by a profile function. ``--write TITLE``
adds a column to docs/explanation/measures.md, so that the page shows what each change did.
"""

from __future__ import annotations

import argparse
import ast
import datetime
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from types import FrameType

import pendulum

import handleflow
from handleflow import Actor, Engine, load_preset
from handleflow.acts import Accept, Assign, Receive
from handleflow.stores.sql import SqlStore
from tests.paths import DOCS, ROOT

PAGE = DOCS / "explanation" / "measures.md"
SOURCES = ROOT / "src"


def modules(sources: Path = SOURCES) -> dict[Path, str]:
    """The text of every module."""
    return {path: path.read_text(encoding="utf-8") for path in sorted(sources.rglob("*.py"))}


def lengths_of_functions(text: str) -> Iterator[int]:
    """The lines of every function of a module, its docstring aside."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) is not None else node.body
            yield (node.end_lineno or node.lineno) - body[0].lineno + 1 if body else 0


def concepts(page: Path = DOCS / "glossary.md") -> int:
    """How many rows the glossary has, the heads of its tables aside."""
    rows = [line for line in page.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    return len(rows) - 2 * sum(set(row) <= set("|- ") for row in rows)


def files_entered(act: Callable[[], object], sources: Path = SOURCES) -> list[str]:
    """The files under *sources* in the order in which a call of *act* enters them, each time it changes the file."""
    entered: list[str] = []

    def follow(frame: FrameType, event: str, _: object) -> None:
        name = frame.f_code.co_filename
        if event == "call" and name.startswith(str(sources)) and entered[-1:] != [name]:
            entered.append(name)

    before = sys.getprofile()
    sys.setprofile(follow)
    try:
        act()
    finally:
        sys.setprofile(before)
    return entered


def walk_of_one_act() -> list[str]:
    """The files one act enters: a unit accepts a suggestion under national law, kept in SQLite, the second time."""
    office, water = Actor("congress_office", "Office"), Actor("unit", "Water Bureau")
    at = pendulum.datetime(2026, 2, 10, 9, tz="Asia/Shanghai")
    with TemporaryDirectory() as folder, closing(SqlStore(str(Path(folder) / "a.db"))) as store:
        engine = Engine(store, [load_preset("cn.national")])
        for id in ("1", "2"):
            engine.execute(id, Receive("Pipes", "Deputy A"), by=office, at=at)
            engine.execute(id, Assign(("Water Bureau",)), by=office, at=at)
        engine.execute("1", Accept(), by=water, at=at)  # what is made once is made now
        second = Accept()
        return files_entered(lambda: engine.execute("2", second, by=water, at=at))


def seconds_of(command: Sequence[str]) -> str:
    """How long a command of the repository takes, or that it failed."""
    begun = monotonic()
    run = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    return f"{monotonic() - begun:.0f}" if run.returncode == 0 else f"failed ({run.returncode})"


def measures(*, suites: bool) -> dict[str, str]:
    """Every measure by its name; the suites only when asked for, since they take minutes."""
    texts = modules()
    functions = [length for text in texts.values() for length in lengths_of_functions(text)]
    lines = [text.count("\n") for text in texts.values()]
    walk = walk_of_one_act()
    found = {
        "files of Python in src": len(texts),
        "lines in them": sum(lines),
        "lines outside testing and cli": sum(
            text.count("\n") for file, text in texts.items() if not {"testing", "cli"}.intersection(file.parts)
        ),
        "files over 300 lines": sum(count > 300 for count in lines),
        "functions and methods": len(functions),
        "functions over 25 lines": sum(length > 25 for length in functions),
        "functions over 40 lines": sum(length > 40 for length in functions),
        "names at the front door": len(handleflow.__all__),
        "concepts in the glossary": concepts(),
        "files one act enters": len(set(walk)),
        "times it returns to a file it left": len(walk) - len(set(walk)),
    }
    shown = {name: f"{value:,}" for name, value in found.items()}
    if suites:
        shown["seconds of scripts/test"] = seconds_of(["scripts/test"])
        shown["seconds of scripts/ci"] = seconds_of(["scripts/ci"])
    return shown


def with_column(page: str, title: str, shown: dict[str, str]) -> str:
    """*page* with a column more in its table; a measure the table does not have gets a row."""
    table = re.search(r"^\|.*\n(?:\|.*\n)+", page, re.MULTILINE)
    if table is None:
        raise ValueError("the page has no table to add a column to")
    rows = [row.strip("|").split("|") for row in table[0].splitlines()]
    known = {row[0].strip() for row in rows}
    rows += [[f" {name} ", *[" "] * (len(rows[0]) - 1)] for name in shown if name not in known]
    ends = {"measure": title, "---": "---"} | shown
    lines = (f"|{'|'.join(row)}| {ends.get(row[0].strip(), '')} |" for row in rows)
    return page[: table.start()] + "\n".join(lines) + "\n" + page[table.end() :]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the measures as a table, and add them to the page when told to."""
    parser = argparse.ArgumentParser(prog="scripts/measure", description="how large and how tangled is it?")
    parser.add_argument("--suites", action="store_true", help="time scripts/test and scripts/ci too (minutes)")
    parser.add_argument("--write", metavar="TITLE", help="add a column to docs/explanation/measures.md")
    chosen = parser.parse_args(arguments)
    shown = measures(suites=chosen.suites)
    for name, value in shown.items():
        print(f"{name:<36}{value:>12}")
    if chosen.write:
        title = f"{chosen.write}, {datetime.datetime.now(datetime.UTC):%Y-%m-%d}"  # noqa: TID251  a report's own date
        PAGE.write_text(with_column(PAGE.read_text(encoding="utf-8"), title, shown), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
