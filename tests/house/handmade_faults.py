"""
Would a test notice? Each hand-made fault is put into a copy of the sources, and the test it names must fail.

A guard that nothing would miss when it was gone is held by nothing. ``tests/handmade_faults.toml`` lists faults as
somebody in a hurry would make them; ``scripts/faults`` tries them one by one and never touches the checkout.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import shutil
import sys
import tomllib
from collections.abc import Collection, Iterator, Sequence
from compileall import compile_dir
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

import pytest
from attrs import frozen

from tests.paths import ROOT

FILE = ROOT / "tests" / "handmade_faults.toml"
LONGEST = 60
"""Seconds after which a run of one test counts as stuck; each should take at most ten."""

PYTEST = ("-q", "-x", "-p", "no:cacheprovider", "--hypothesis-profile=quick")
LOADED_BEFORE = ("-W", "ignore::pytest.PytestAssertRewriteWarning")  # a plugin's own asserts are not what is told of
PASSED, FAILED, STUCK = 0, 1, -1

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(  # what every run needs and no fault is in: to import it was half of what a fault took
    [
        "pytest",
        "_pytest.assertion",
        "hypothesis.stateful",
        "cattrs.preconf.json",
        "pendulum",
        "sqlalchemy",
        "rich.table",
    ]
)


@frozen
class HandmadeFault:
    """One change of one file under ``src`` that a named test must notice."""

    name: str
    file: str
    find: str
    replace: str
    test: str

    def put_into(self, sources: Path) -> None:
        """
        Make the change in a copy of ``src``.

        Raises:
            ValueError: when the text to change does not stand there exactly once.
        """
        path = sources / self.file
        text = path.read_text(encoding="utf-8")
        if text.count(self.find) != 1:
            raise ValueError(f"{self.file}: the text to change stands there {text.count(self.find)} times, not once")
        path.write_text(text.replace(self.find, self.replace), encoding="utf-8")


@frozen
class Verdict:
    """Whether a fault was noticed, in how many seconds, and otherwise what was seen instead."""

    fault: HandmadeFault
    seconds: float
    problem: str = ""

    def __str__(self) -> str:
        what = f"MISSED   {self.fault.name}: {self.problem}" if self.problem else f"noticed  {self.fault.name}"
        return f"{self.seconds:5.1f} s  {what}"


def read(path: Path = FILE) -> tuple[HandmadeFault, ...]:
    """The faults of a file, in its order."""
    rows = tomllib.loads(path.read_text(encoding="utf-8"))["fault"]
    return tuple(HandmadeFault(**row) for row in rows)


def run_tests(tests: Collection[str], sources: Path) -> tuple[int, str]:
    """Exit code and output of pytest over *tests*, with the library as it stands in *sources*."""
    patience = LONGEST + len(tests)
    with TemporaryDirectory() as folder:
        output = Path(folder) / "output"
        child = _FORKS.Process(target=_pytest, args=(sorted(tests), sources, output))
        child.start()
        child.join(patience)
        if child.exitcode is None:
            child.kill()
            return STUCK, f"it was still running after {patience} s"
        return child.exitcode, output.read_text(encoding="utf-8")


def _pytest(tests: list[str], sources: Path, output: Path) -> None:
    """Run *tests* in this process, a fresh one: *sources* come first, also for what the tests start themselves."""
    with output.open("wb") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    os.environ["PYTHONPATH"] = str(sources)
    os.chdir(ROOT)
    sys.path[:0] = [str(sources), str(ROOT)]
    sys.exit(pytest.main([*PYTEST, *LOADED_BEFORE, *tests]))


def try_out(fault: HandmadeFault, original: Path) -> Verdict:
    """Put the fault into a copy of the sources and see its test fail; an error of collection is no failure."""
    begun = monotonic()
    with TemporaryDirectory() as folder:
        sources = Path(shutil.copytree(original, Path(folder) / "src"))
        try:
            fault.put_into(sources)
        except (OSError, ValueError) as error:
            return Verdict(fault, monotonic() - begun, str(error))
        code, output = run_tests([fault.test], sources)
    if code == FAILED:
        return Verdict(fault, monotonic() - begun)
    seen = f"{fault.test} passed with it" if code == PASSED else f"exit {code} of {fault.test}\n{output[-2000:]}"
    return Verdict(fault, monotonic() - begun, seen)


def verdicts(faults: Sequence[HandmadeFault], original: Path, jobs: int) -> Iterator[Verdict]:
    """A verdict on each of *faults*, as many at once as *jobs*, in their order."""
    with TemporaryDirectory() as folder, ThreadPoolExecutor(jobs) as pool:
        compiled = Path(shutil.copytree(original, Path(folder) / "src", ignore=shutil.ignore_patterns("__pycache__")))
        compile_dir(compiled, quiet=2)  # once for all copies: to compile them anew was half of what a fault took
        yield from pool.map(lambda fault: try_out(fault, compiled), faults)


def main(arguments: Sequence[str] | None = None) -> int:
    """Try all faults, or those whose names hold a word; 1 when one was missed."""
    parser = argparse.ArgumentParser(prog="scripts/faults", description="put hand-made faults in; tests must fail")
    parser.add_argument("word", nargs="?", default="", help="only the faults whose names hold this word")
    parser.add_argument("--file", type=Path, default=FILE, help="another file of faults")
    parser.add_argument("--sources", type=Path, default=ROOT / "src", help="another folder of sources")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="how many at once")
    chosen = parser.parse_args(arguments)
    faults = [fault for fault in read(chosen.file) if chosen.word in fault.name]
    tests = sorted({fault.test for fault in faults})
    with ThreadPoolExecutor(chosen.jobs) as pool:
        parts = filter(None, (tests[first :: chosen.jobs] for first in range(chosen.jobs)))
        runs = pool.map(lambda part: run_tests(part, chosen.sources), parts)
        code, output = max(runs, key=lambda run: run[0] != PASSED)
    if code != PASSED:
        print(f"without any fault the tests do not pass (exit {code}):\n{output[-4000:]}")
        return 1
    missed = 0
    for verdict in verdicts(faults, chosen.sources, chosen.jobs):
        print(verdict, flush=True)
        missed += bool(verdict.problem)
    print(f"faults: {len(faults) - missed} passed, {missed} failed")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
