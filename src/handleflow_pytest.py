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
_FROM_WORKER = "handleflow_rulebook_coverage"


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("handleflow", "rulebooks (handleflow)")
    group.addoption(
        "--rulebook-cov",
        metavar="PATH|NAME",
        action="append",
        default=[],
        help="tell what of a rulebook the tests have tried; may be given several times",
    )
    group.addoption(
        "--rulebook-cov-app", metavar="PACKAGE.MODULE:ENGINE", help="a host's own engine that holds these rulebooks"
    )
    group.addoption("--rulebook-cov-json", metavar="PATH", help="write that as JSON")
    group.addoption(
        "--rulebook-cov-fail-under", metavar="PERCENT", type=float, help="fail when less of any of them was tried"
    )
    group.addoption("--no-rulebook-cov", action="store_true", help="measure nothing, whatever the others say")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Let a mutant stand for its rulebook, if one is being tried, before a ``conftest.py`` loads the rulebook."""
    path = os.environ.get("HANDLEFLOW_MUTANT")
    if path is None:
        return
    from handleflow.rulebooks._documents import standing_in  # noqa: PLC0415  see the module's words

    document = json.loads(Path(path).read_text(encoding="utf-8"))
    standing = ExitStack()
    standing.enter_context(standing_in(document["name"], document))
    early_config.add_cleanup(standing.close)


def pytest_sessionstart(session: pytest.Session) -> None:
    """Begin to look on, if a rulebook was named."""
    option = session.config.getoption
    if option("--no-rulebook-cov"):
        return
    if not option("--rulebook-cov"):
        for needing in ("--rulebook-cov-app", "--rulebook-cov-json", "--rulebook-cov-fail-under"):
            if option(needing) is not None:
                raise pytest.UsageError(f"{needing} needs --rulebook-cov=PATH|NAME")
        return
    from handleflow.engine.observer import observing  # noqa: PLC0415  see the module's words
    from handleflow.testing.coverage import Coverages  # noqa: PLC0415

    app = option("--rulebook-cov-app")
    coverages = Coverages.of(_loaded(name, app) for name in option("--rulebook-cov"))
    looking = ExitStack()
    looking.enter_context(observing(coverages))
    session.config.add_cleanup(looking.close)
    session.config.stash[_COVERAGE] = coverages


def _loaded(name: str, app: str | None) -> Any:
    from handleflow.engine.app import rulebook_of  # noqa: PLC0415  see the module's words
    from handleflow.errors import HandleflowError  # noqa: PLC0415

    try:
        return rulebook_of(name, app)
    except HandleflowError as error:
        raise pytest.UsageError(f"--rulebook-cov={name}: {error}") from None


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Add what a worker of pytest-xdist has tried, when it has ended."""
    ran = getattr(node, "workeroutput", {}).get(_FROM_WORKER)
    if ran is not None:
        node.config.stash[_COVERAGE].add(ran)


def _too_little(config: pytest.Config) -> list[Any]:
    """The rulebooks of which less was tried than is required."""
    under = config.getoption("--rulebook-cov-fail-under")
    return [] if under is None else [each for each in config.stash[_COVERAGE].each if each.percent < under]


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the JSON, and fail when too little was tried; a worker of pytest-xdist hands over what it has."""
    coverages = session.config.stash.get(_COVERAGE, None)
    if coverages is None:
        return
    for_controller = getattr(session.config, "workeroutput", None)
    if for_controller is not None:
        for_controller[_FROM_WORKER] = coverages.ran()
        return
    path = session.config.getoption("--rulebook-cov-json")
    if path:
        Path(path).write_text(json.dumps(coverages.as_data(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    if _too_little(session.config) and session.exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Print what was tried and what not."""
    coverages = config.stash.get(_COVERAGE, None)
    if coverages is None:
        return
    terminalreporter.section(f"coverage of {coverages}")
    for line in coverages.as_lines():
        terminalreporter.write_line(line)
    under = config.getoption("--rulebook-cov-fail-under")
    for each in _too_little(config):
        what = "it" if len(coverages.each) == 1 else each.rules.name
        terminalreporter.write_line(
            f"FAIL: {each.percent:.1f} % of {what} was tried, {under:g} % is required", red=True
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
        for outcome in scenario.latest(noted):
            item.add_report_section("call", "story", str(outcome))
        raise
    finally:
        scenario.stories.reset(token)
