"""
What does pytest hear of rulebooks? The plugin of handleflow's testing kit.

It stands beside the package and imports nothing of it until a test has: a plugin is loaded before coverage begins,
and whatever it imported would look untested.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Generator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

_COVERAGE = pytest.StashKey[Any]()
_SHOWN = 3


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("handleflow", "rulebooks (handleflow)")
    group.addoption("--rulebook-cov", metavar="PATH|NAME", help="tell what of a rulebook the tests have tried")
    group.addoption("--rulebook-cov-json", metavar="PATH", help="write that as JSON")
    group.addoption(
        "--rulebook-cov-fail-under", metavar="PERCENT", type=float, help="fail when less than this was tried"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Let a mutant stand for its rulebook, if one is being tried."""
    path = os.environ.get("HANDLEFLOW_MUTANT")
    if path is None:
        return
    from handleflow.presets._documents import standing_in  # noqa: PLC0415  see the module's words

    document = json.loads(Path(path).read_text(encoding="utf-8"))
    standing = ExitStack()
    standing.enter_context(standing_in(document["name"], document))
    config.add_cleanup(standing.close)


def pytest_sessionstart(session: pytest.Session) -> None:
    """Begin to look on, if a rulebook was named."""
    name = session.config.getoption("--rulebook-cov")
    if not name:
        for option in ("--rulebook-cov-json", "--rulebook-cov-fail-under"):
            if session.config.getoption(option) is not None:
                raise pytest.UsageError(f"{option} needs --rulebook-cov=PATH|NAME")
        return
    from handleflow.core.witness import witnessing  # noqa: PLC0415  see the module's words
    from handleflow.errors import HandleflowError  # noqa: PLC0415
    from handleflow.presets import load  # noqa: PLC0415
    from handleflow.testing.coverage import RulebookCoverage  # noqa: PLC0415

    try:
        coverage = RulebookCoverage(load(name))
    except HandleflowError as error:
        raise pytest.UsageError(f"--rulebook-cov={name}: {error}") from None
    looking = ExitStack()
    looking.enter_context(witnessing(coverage))
    session.config.add_cleanup(looking.close)
    session.config.stash[_COVERAGE] = coverage


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the JSON, and fail when too little was tried."""
    coverage = session.config.stash.get(_COVERAGE, None)
    if coverage is None:
        return
    path = session.config.getoption("--rulebook-cov-json")
    if path:
        Path(path).write_text(json.dumps(coverage.as_data(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    under = session.config.getoption("--rulebook-cov-fail-under")
    if under is not None and coverage.percent < under and session.exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Print what was tried and what not."""
    coverage = config.stash.get(_COVERAGE, None)
    if coverage is None:
        return
    terminalreporter.section(f"coverage of rulebook {coverage.rules.ref}")
    for line in coverage.as_lines():
        terminalreporter.write_line(line)
    under = config.getoption("--rulebook-cov-fail-under")
    if under is not None and coverage.percent < under:
        terminalreporter.write_line(
            f"FAIL: {coverage.percent:.1f} % of it was tried, {under:g} % is required", red=True
        )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """Note the stories a test tells, if it has imported the kit; a failure tells the last of them."""
    scenario = sys.modules.get("handleflow.testing.scenario")
    if scenario is None:
        return (yield)
    noted: list[Any] = []
    token = scenario.stories.set(noted)
    try:
        return (yield)
    except Exception:
        for outcome in noted[-_SHOWN:]:
            item.add_report_section("call", "story", str(outcome))
        raise
    finally:
        scenario.stories.reset(token)
