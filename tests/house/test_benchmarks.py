"""Do the benchmarks run, and say what they could not try? Never how fast anything is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.paths import ROOT

pytestmark = pytest.mark.process

ROWS = {
    "life": ("limit: by hand", "handleflow, core", "handleflow, Engine on MemoryStore", "transitions, model-less"),
    "memory": ("limit: by hand", "handleflow, core", "handleflow, Engine on MemoryStore"),
    "replay": ("by hand, json", "handleflow"),
    "legal_time": ("limit: a table of ranks", "handleflow", "holidays"),
    "imports": ("limit: attrs, pendulum, transitions", "handleflow"),
    "sweep": ("sweep", "walk"),
    "figures": ("plain SQL", "handleflow, count()", "handleflow, summarize()"),
    "acts": ("handleflow, Engine.execute", "SQLAlchemy ORM, the same rows", "DBOS, a workflow of one step"),
}
"""What every workload shows where only the packages of the tests are installed."""


def run(*asked: str, path: Path | None = None) -> str:
    """What the benchmarks print, with *path* before everything that is installed."""
    search = {"PYTHONPATH": os.pathsep.join(filter(None, (str(path), os.environ.get("PYTHONPATH"))))} if path else {}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--quick", *asked],
        cwd=ROOT,
        env={**os.environ, **search},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, dict[str, Any]]:
    """One quick run of everything: what it printed, and what it wrote."""
    path = tmp_path_factory.mktemp("benchmarks") / "quick.json"
    printed = run("--json", str(path))
    return printed, json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ROWS)
def test_every_workload_shows_its_rows_and_writes_them_down(name: str, quick: tuple[str, dict[str, Any]]) -> None:
    printed, written = quick
    tables = written["workloads"][name]
    rows = [row for table in tables for row in table["rows"]]
    section = printed.partition(f"== {name}:")[2].partition("\n== ")[0]

    assert [way for way in ROWS[name] if way not in {row["way"] for row in rows}] == []
    assert [row["way"] for row in rows if f"  {row['way']} " not in section] == []
    assert [table["title"] for table in tables if f"{table['title']} ({table['unit']})" not in section] == []
    assert all(len(row["rounds"]) >= 1 and min(row["rounds"]) > 0 for row in rows)


def test_a_run_says_under_which_circumstances_it_was_made(quick: tuple[str, dict[str, Any]]) -> None:
    _, written = quick

    assert set(written["workloads"]) == set(ROWS)
    assert written["size"] == "quick"
    assert {"attrs", "pendulum", "transitions"} <= set(written["packages"])


def test_a_package_that_is_not_installed_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    (tmp_path / "holidays.py").write_text("raise ModuleNotFoundError('none here', name='holidays')", encoding="utf-8")

    printed = run("--only", "legal_time", path=tmp_path)

    assert "not installed (holidays)" in printed
    assert "the 60th working day" in printed
    assert "== life" not in printed
