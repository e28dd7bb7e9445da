"""
Does the kit work for a project that is not ours, and does its reference page say what it is?

The example of a city runs outside this checkout.
"""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest

import handleflow_pytest
from handleflow import load, load_preset
from handleflow.model import ROLES
from handleflow.testing import boundaries, contract, coverage, monitors, scenario, tables
from handleflow.testing.coverage import PARTS
from handleflow.testing.mutation import Mutant, mutants, passes
from handleflow.testing.mutation import Tried as Changed
from tests.paths import DOCS, EXAMPLES

pytestmark = pytest.mark.process

SAMPLE = EXAMPLES / "city_rules"
RULEBOOK = Path("src", "city_rules", "placeholder_city.toml")
KIT = Path(contract.__file__).parent
PAGE = (DOCS / "reference" / "testing.md").read_text(encoding="utf-8")
OPTION = re.compile(r'"(--?[a-z][a-z-]*)"')
SHAPES = (
    *(scenario.Scenario, scenario.Outcome, boundaries.BoundaryDay, tables.Case, tables.Step),
    *(monitors.Monitor, monitors.Breach, coverage.RulebookCoverage, coverage.Coverages, coverage.Tried),
    *(Mutant, Changed),
)
WITHOUT_CHANCE = ("--deselect=tests/test_random_lives.py", "--deselect=tests/test_paper_trail.py")
PUBLIC = ("handleflow", "handleflow.acts", "handleflow.events", "handleflow.store", "handleflow.testing")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the example, so that of this checkout only what is installed can be imported."""
    return Path(shutil.copytree(SAMPLE, tmp_path / "city_rules", ignore=shutil.ignore_patterns(".*", "__pycache__")))


def defined(file: Path) -> Iterator[str]:
    """The public names that a module makes itself: classes, functions, constants; not its names for types."""
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        names = [target.id for target in targets if isinstance(target, ast.Name) and target.id.isupper()]
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
            names = [node.name]
        yield from (name for name in names if not name.startswith("_"))


def is_named(name: str) -> bool:
    """Whether the reference says it as code: by itself, of an object, or with what follows it."""
    return re.search(rf"`([a-z]+\.)*{re.escape(name)}[`(.=\[]", PAGE) is not None


def pytest_in(project: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Its own tests under its own settings, in a process of their own."""
    ours = {"PYTHONPATH", "PYTEST_ADDOPTS", "HANDLEFLOW_MUTANT"}
    env = {name: value for name, value in os.environ.items() if name not in ours}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options]
    return subprocess.run(command, cwd=project, env=env, capture_output=True, encoding="utf-8", check=False)


def imported(file: Path) -> Iterator[tuple[str, str]]:
    """What of handleflow a file imports, as module and name."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names if alias.name.startswith("handleflow"))
        elif isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "handleflow":
            yield from ((str(node.module), alias.name) for alias in node.names)


def test_its_tests_pass_and_try_everything_its_rulebook_says(project: Path) -> None:
    run = pytest_in(project)
    lines = [line.split() for line in run.stdout.splitlines()]

    assert (run.returncode, run.stderr) == (0, ""), run.stdout
    assert ["all", "100.0%"] in lines
    assert {line[0]: line[1] == line[2] for line in lines if line and line[0] in PARTS} == dict.fromkeys(PARTS, True)


def test_what_chance_plays_is_not_needed_to_try_everything(project: Path) -> None:
    run = pytest_in(project, *WITHOUT_CHANCE)

    assert run.returncode == 0, run.stdout
    assert " deselected" in run.stdout.splitlines()[-1]


def test_what_no_test_tries_fails_the_run_and_is_named(project: Path) -> None:
    run = pytest_in(project, *WITHOUT_CHANCE, "--deselect=tests/test_tables.py")

    assert run.returncode == 1
    assert "transition untried: decline: received -> declined by congress_office" in run.stdout
    assert "% is required" in run.stdout
    assert " failed" not in run.stdout


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        pytest.param('span = "5 workdays"\ncite', 'span = "6 workdays"\ncite', id="assignment"),
        pytest.param('span = "20 workdays"', 'span = "21 workdays"', id="opinion"),
        pytest.param('{ span = "5 workdays"', '{ span = "4 workdays"', id="return"),
        pytest.param('offset = "-15 days"', 'offset = "-14 days"', id="reminder"),
        pytest.param("limit = 1", "limit = 2", id="rounds"),
    ],
)
def test_a_changed_number_in_its_rulebook_makes_its_tests_fail(project: Path, written: str, instead: str) -> None:
    rules = (project / RULEBOOK).read_text(encoding="utf-8")
    (project / RULEBOOK).write_text(rules.replace(written, instead), encoding="utf-8")
    run = pytest_in(project, "-q", *WITHOUT_CHANCE)

    assert rules.count(written) == 1
    assert run.returncode == 1
    assert " failed" in run.stdout.splitlines()[-1]


def test_a_mutant_stands_for_a_rulebook_that_is_loaded_from_its_file(project: Path) -> None:
    document = json.loads(load(project / RULEBOOK).document)
    (longer,) = mutants(document, only="term assignment: span 5 workdays -> 6 workdays")
    tests = [str(project / "tests" / "test_tables.py")]

    assert (passes(document, tests), passes(longer.document, tests)) == (True, False)


def test_it_uses_what_any_host_may_use() -> None:
    names = [(module, name) for file in SAMPLE.rglob("*.py") for module, name in imported(file)]
    strangers = [
        (module, name)
        for module, name in names
        if "_" in {module.rpartition(".")[2][:1], name[:1]}
        or not (module in PUBLIC or module.startswith("handleflow.testing."))
    ]

    assert len(names) > 30
    assert strangers == []


def test_every_public_name_of_the_kit_stands_in_the_reference() -> None:
    modules = [file for file in KIT.glob("*.py") if not file.name.startswith("_")]
    missing = [(file.stem, name) for file in modules for name in defined(file) if not is_named(name)]

    assert len(modules) == 9
    assert [file.stem for file in modules if f"`handleflow.testing.{file.stem}`" not in PAGE] == []
    assert missing == []


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_every_field_and_method_of_what_the_kit_hands_out_stands_in_the_reference(shape: type) -> None:
    own = [*(field.name for field in attrs.fields(shape)), *vars(shape)]

    assert [name for name in own if not name.startswith("_") and not is_named(name)] == []


def test_every_option_of_the_plugin_and_of_the_commands_stands_in_the_reference() -> None:
    sources = (Path(handleflow_pytest.__file__), KIT / "__main__.py")
    options = {option for file in sources for option in OPTION.findall(file.read_text(encoding="utf-8"))}

    assert {"--rulebook-cov", "--tests", "--store"} <= options
    assert sorted(option for option in options if f"`{option}" not in PAGE) == []


def test_every_part_that_is_measured_and_every_key_that_is_changed_stands_in_the_reference() -> None:
    document = json.loads(load_preset("cn.dehui.demo").document)
    changed = {mutant.what.partition(": ")[2].partition(" ")[0] for mutant in mutants(document)} - {""}
    transitions = {"target", "not", "also", *ROLES}

    assert {"span", "offset", "first_day", "is_resolved"} <= changed
    assert [name for name in (*PARTS, *sorted(changed - transitions)) if not is_named(name)] == []
