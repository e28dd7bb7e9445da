"""
What does a test need, and what does it cost?

Markers say what a test starts: ``law`` many examples (given to every Hypothesis test by itself), ``process`` other
processes, ``database`` a server, ``browser`` a browser. Whoever starts a process without saying so is stopped, so
that the quick run stays quick. After a run the seconds of each marker are printed.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import is_hypothesis_test

from tests import pages

MARKERS = {
    "law": "many examples, made up by Hypothesis",
    "process": "starts other processes",
    "database": "needs a database server",
    "browser": "needs a browser",
}
POSTGRES = pytest.param("postgres", marks=pytest.mark.database)
"""A store in PostgreSQL, among the parameters of a fixture or a test."""

STARTS = frozenset({"subprocess.Popen", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.system"})
MAY_START = ("process", "database", "browser")

_running: list[pytest.Item] = []
_seconds = pytest.StashKey[dict[str, float]]()
_tests = pytest.StashKey[Counter[str]]()


class UnmarkedProcess(RuntimeError):
    """A test starts a process and is marked with none of those that may."""


def pytest_configure(config: pytest.Config) -> None:
    """Make the markers known, and watch who starts processes."""
    for name, what in MARKERS.items():
        config.addinivalue_line("markers", f"{name}: {what}")
    config.stash[_seconds] = dict.fromkeys(("plain", *MARKERS), 0.0)
    config.stash[_tests] = Counter()
    sys.addaudithook(_watch)


def _watch(event: str, _: object) -> None:
    if event in STARTS and _running and not any(map(_running[-1].get_closest_marker, MAY_START)):
        raise UnmarkedProcess(f"{_running[-1].nodeid} starts a process ({event}); mark it with one of {MAY_START}")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the laws, and the pages that say what they start."""
    for item in items:
        if item.path.suffix == ".md" and pages.starts_processes(item.path):
            item.add_marker("process")
        if is_hypothesis_test(getattr(item, "obj", None)):
            item.add_marker("law")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Know which test runs."""
    _running.append(item)
    try:
        return (yield)
    finally:
        _running.pop()


class Seconds:
    """Adds up what each marker costs; under xdist only the process that hears of all tests does."""

    def __init__(self, config: pytest.Config) -> None:
        self.seconds, self.tests = config.stash[_seconds], config.stash[_tests]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count one phase of one test under the first of its markers."""
        marker = next((name for name in reversed(MARKERS) if name in report.keywords), "plain")
        self.seconds[marker] += report.duration
        self.tests[marker] += report.when == "call"


def pytest_sessionstart(session: pytest.Session) -> None:
    """Begin to count."""
    session.config.pluginmanager.register(Seconds(session.config), "seconds of each marker")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print what each marker cost, where more than one test ran."""
    seconds, tests = config.stash[_seconds], config.stash[_tests]
    if tests.total() < 2:
        return
    terminalreporter.section("seconds of each marker, all workers together")
    for name in ("plain", *MARKERS):
        if tests[name]:
            terminalreporter.write_line(f"{name:<10}{tests[name]:>7} tests{seconds[name]:>9.1f} s")
    terminalreporter.write_line(f"{'all':<10}{tests.total():>7} tests{sum(seconds.values()):>9.1f} s")
