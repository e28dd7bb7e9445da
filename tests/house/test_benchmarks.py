"""Do the benchmarks run, compare what is the same, and say what they could not try? Never how fast anything is."""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from benchmarks import _fair_same, stores
from benchmarks._goals import AIMS, Aim, reached
from benchmarks._rounds import Table, a_round, interleaved
from benchmarks._settings import SETTINGS

from tests.paths import ROOT

ROWS = {
    "life": (
        "limit: by hand",
        "fair limit: nine entries by hand",
        "handleflow, core",
        "handleflow, core, three rungs",
        "handleflow, Engine on MemoryStore",
        "handleflow, Engine by its own clock",
        "transitions, model-less",
    ),
    "memory": (
        "limit: by hand",
        "fair limit: nine entries by hand",
        "handleflow, core",
        "handleflow, Engine on MemoryStore",
    ),
    "replay": ("by hand, json", "fair limit: nine whole entries, json", "handleflow"),
    "legal_time": ("limit: a table of ranks", "handleflow", "holidays"),
    "imports": ("limit: attrs, pendulum, transitions", "handleflow"),
    "sweep": ("sweep", "sweep, 100 together", "walk"),
    "figures": (
        "plain SQL",
        "handleflow, count()",
        "handleflow, summarize()",
        "by hand: every snapshot read as JSON",
        "20 suggestions",
        "200 suggestions",
    ),
    "acts": (
        "handleflow, Engine.execute",
        "SQLAlchemy ORM, the same rows",
        "DBOS, a workflow of one step",
        "handleflow",
        "handleflow, 10 together",
        "handleflow, 100 together",
        "fair limit: by hand, the same bytes",
        "bare driver",
        "bare driver, one statement",
        "Core",
        "Core, one statement",
        "Core as text",
    ),
    "scale": ("10 entries", "30 entries", "1 lead", "10 leads"),
}
"""What every workload shows where only the packages of the tests are installed."""

Written = dict[str, Any]


def run(*args: str, path: Path | None = None) -> str:
    """What the benchmarks print, with *path* before everything that is installed."""
    search = {"PYTHONPATH": os.pathsep.join(filter(None, (str(path), os.environ.get("PYTHONPATH"))))} if path else {}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--quick", *args],
        cwd=ROOT,
        env={**os.environ, **search},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Written]:
    """One quick run of everything: what it printed, and what it wrote."""
    path = tmp_path_factory.mktemp("benchmarks") / "quick.json"
    printed = run("--json", str(path))
    return printed, json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.process
@pytest.mark.parametrize("name", ROWS)
def test_every_workload_shows_its_rows_and_writes_them_down(name: str, quick: tuple[str, Written]) -> None:
    printed, written = quick
    tables = written["workloads"][name]
    rows = [row for table in tables for row in table["rows"]]
    section = printed.partition(f"== {name}:")[2].partition("\n== ")[0]

    assert [way for way in ROWS[name] if way not in {row["way"] for row in rows}] == []
    assert [row["way"] for row in rows if f"  {row['way']} " not in section] == []
    assert [table["title"] for table in tables if f"{table['title']} ({table['unit']})" not in section] == []
    assert all(len(row["rounds"]) >= 1 and min(row["rounds"]) > 0 for row in rows)


@pytest.mark.process
def test_a_run_says_under_which_circumstances_it_was_made(quick: tuple[str, Written]) -> None:
    _, written = quick

    assert set(written["workloads"]) == set(ROWS)
    assert written["size"] == "quick"
    assert {"attrs", "pendulum", "transitions"} <= set(written["packages"])


@pytest.mark.process
def test_every_goal_is_printed_and_written_and_a_quick_run_judges_none(quick: tuple[str, Written]) -> None:
    printed, written = quick
    section = printed.partition("== goals:")[2]
    goals = {goal["what"]: goal for goal in written["goals"]}

    assert [aim.what for aim in AIMS if aim.what not in goals or f"  {aim.what} " not in section] == []
    assert {goal["verdict"] for goal in goals.values()} == {"not measured", "not judged"}
    assert [goal["what"] for goal in goals.values() if not goal["why"]] == []


@pytest.mark.process
def test_a_quick_run_leaves_out_sizes_and_settings_but_no_row_that_a_goal_names(quick: tuple[str, Written]) -> None:
    _, written = quick
    left_out = {goal["why"] for goal in written["goals"] if goal["why"].startswith("--quick has no ")}

    assert left_out == {
        "--quick has no '1,000 due among 10,000 open, SQLite'",
        "--quick has no '1,000 leads' in 'leads assigned, decided by the core'",
        "--quick has no 'a whole report over 20,000 suggestions, sqlite'",
        "--quick has no 'acts a second, PostgreSQL durable'",
        "--quick has no 'acts a second, SQLite FULL'",
    }


@pytest.mark.process
def test_a_package_that_is_not_installed_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    (tmp_path / "holidays.py").write_text("raise ModuleNotFoundError('none here', name='holidays')", encoding="utf-8")

    printed = run("--only", "legal_time", path=tmp_path)

    assert "not installed (holidays)" in printed
    assert "the 60th working day" in printed
    assert "== life" not in printed
    assert "not measured: life was not run" in printed


MOST = Aim("ours, beside theirs", ("life", "a table"), "ours", "theirs", 2.0, 1.5)
LEAST = Aim("share of theirs", ("life", "a table"), "ours", "theirs", 2.0, 3.0, is_floor=True)


def _table(ours: list[float], theirs: list[float], missing: tuple[tuple[str, str], ...] = ()) -> Mapping[str, Any]:
    return Table("a table", "µs", {"ours": ours, "theirs": theirs}, "theirs", missing=missing).data()


@pytest.mark.parametrize(
    ("aim", "ours", "verdict"),
    [
        pytest.param(MOST, 2.1, "NOT MET", id="more than the most"),
        pytest.param(MOST, 2.0, "met", id="the most"),
        pytest.param(MOST, 1.5, "stretch met", id="as little as would be better still"),
        pytest.param(LEAST, 1.9, "NOT MET", id="less than the least"),
        pytest.param(LEAST, 2.0, "met", id="the least"),
        pytest.param(LEAST, 3.0, "stretch met", id="as much as would be better still"),
    ],
)
def test_a_goal_is_met_by_the_median_of_ratios_each_of_one_round(aim: Aim, ours: float, verdict: str) -> None:
    # The medians by themselves say something else: in every round the other way took another time.
    goal = aim.measured([_table([ours, ours * 100, ours * 10], [1.0, 100.0, 10.0])], "default")

    assert goal.found == pytest.approx(ours)
    assert goal.verdict == verdict


def test_a_goal_set_by_what_once_was_is_a_share_of_that() -> None:
    aim = Aim("beside that day's", ("life", "a table"), "ours", "theirs", 0.5, once=4.0)

    assert aim.measured([_table([2.0], [1.0])], "default").found == 0.5


@pytest.mark.parametrize(
    ("tables", "size", "why"),
    [
        pytest.param(None, "default", "life was not run", id="a workload that was not run"),
        pytest.param([], "quick", "--quick has no 'a table'", id="a size that a quick run leaves out"),
        pytest.param([], "default", "this run has no 'a table'", id="a table that is not there"),
        pytest.param(
            [Table("a table", "µs", {"ours": [1.0]}, missing=(("peer_theirs", "not installed (peer)"),)).data()],
            "default",
            "not installed (peer)",
            id="a peer that is not installed",
        ),
        pytest.param(
            [Table("a table", "µs", {}, missing=(("PostgreSQL", "not installed (psycopg)"),)).data()],
            "default",
            "not installed (psycopg)",
            id="a database that is not there",
        ),
        pytest.param(
            [Table("a table", "µs", {"ours": [1.0]}).data()],
            "full",
            "this run has no 'theirs' in 'a table'",
            id="no such row",
        ),
    ],
)
def test_a_goal_that_was_not_measured_says_why(tables: list[dict[str, Any]] | None, size: str, why: str) -> None:
    goal = MOST.measured(tables, size)

    assert (goal.verdict, goal.why) == ("not measured", why)


def test_a_goal_beside_a_fair_limit_takes_the_one_of_its_table() -> None:
    table = Table("a table", "µs", {"ours": [3.0], "fair": [1.0], "bare": [0.5]}, "bare", fair_limit="fair").data()
    aim = Aim("ours, beside fair", ("life", "a table"), "ours", "", 3.2)

    assert aim.measured([table], "default").found == 3.0


def test_goals_that_a_table_has_by_itself_come_after_those_that_were_set() -> None:
    assert [goal.what for goal in reached({"workloads": {}, "size": "default"})] == [aim.what for aim in AIMS]


def test_a_row_shows_its_ratio_to_either_limit() -> None:
    table = Table("a table", "µs", {"ours": [6.0], "fair": [3.0], "bare": [1.0]}, "bare", fair_limit="fair")

    lines = [line.split() for line in table.lines()]

    assert lines[1:] == [
        ["ours", "6.000", "6.00x", "2.00x"],
        ["fair", "3.000", "3.00x", "fair"],
        ["bare", "1.000", "limit", "0.33x"],
    ]


def test_nothing_is_collected_within_a_round_and_the_collector_is_as_before_after_it() -> None:
    seen = []

    interleaved({"seen": lambda: seen.append(gc.isenabled())}, rounds=1)
    interleaved({"seen": lambda: seen.append(gc.isenabled())}, rounds=1, is_collecting=True)

    assert seen == [False, False, True, True]
    assert gc.isenabled()


def test_a_round_that_fails_leaves_the_collector_on() -> None:
    with pytest.raises(ZeroDivisionError), a_round():
        1 / 0  # noqa: B018  it fails

    assert gc.isenabled()


def test_a_round_leaves_a_collector_off_that_was_off() -> None:
    gc.disable()
    try:
        with a_round():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_the_fair_limit_leaves_the_same_entries_and_refuses_for_the_same_reasons() -> None:
    _fair_same.require_same()


@pytest.mark.parametrize(
    ("whole", "part", "says"),
    [
        pytest.param({"a": 1, "b": 2}, {"a": 1}, True, id="less is said"),
        pytest.param({"a": 1}, {"a": 1, "b": 2}, False, id="more is said"),
        pytest.param({"a": ({"b": 1, "c": 2},)}, {"a": ({"b": 1},)}, True, id="less within"),
        pytest.param({"a": ({"b": 1}, {"b": 2})}, {"a": ({"b": 1},)}, False, id="one is left out"),
        pytest.param({"a": ({"b": 1},)}, {"a": ({"b": 2},)}, False, id="other things within"),
    ],
)
def test_what_a_hand_knows_is_held_against_all_that_the_library_knows(whole: Any, part: Any, says: bool) -> None:
    assert _fair_same.says(whole, part) is says


def test_the_act_by_hand_leaves_the_same_rows_in_every_table(tmp_path: Path) -> None:
    (normal,) = [setting for setting in SETTINGS if setting.name == "SQLite NORMAL"]

    stores.require_same_rows(normal, tmp_path)


@pytest.mark.process
def test_what_the_benchmarks_take_from_the_tests_needs_no_package_of_the_tests() -> None:
    program = "import sys; sys.modules['pytest'] = None; import tests.databases, tests.driven; print('imported')"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)

    assert (done.stdout.strip(), done.stderr) == ("imported", "")
