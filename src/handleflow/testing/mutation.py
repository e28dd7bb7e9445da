"""Mutation testing of policies: which change of a rule would no test notice?"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from handleflow.canonical_json import canonical
from handleflow.errors import BrokenRulebook
from handleflow.rulebooks import from_document
from handleflow.testing._mutants import Build, Document, Mutant, mutants
from handleflow.values import frozen

__all__ = ["MUTANT", "Mutant", "Tried", "mutants", "passes", "try_mutants"]

MUTANT = "HANDLEFLOW_MUTANT"
"""Names the file whose rulebook stands in for the one of the same name while a mutant is tried."""


@frozen
class Tried:
    """A mutant and whether a test noticed it; it was the *position*-th of *total*."""

    mutant: str
    is_noticed: bool
    position: int
    total: int


def try_mutants(
    document: Document,
    tests: Sequence[str],
    on_each: Callable[[Tried], Any] = lambda _: None,
    *,
    only: str = "",
    build: Build = from_document,
    jobs: int = 1,
) -> tuple[Tried, ...]:
    """
    Run the tests once for each mutant, *jobs* at a time, each in a process of its own.

    A mutant is noticed when they fail, or take far longer than without it. *tests* are arguments of pytest, paths
    above all. *only* and *build* are those of ``mutants``. *on_each* hears of each in the order of ``mutants``.

    Raises:
        BrokenRulebook: when the tests fail without any change, so that nothing could be told.
    """
    began = time.monotonic()
    said = _failure(document, tests)
    if said is not None:
        finding = f"its tests fail without any change; mend them first. pytest says: {said}"
        raise BrokenRulebook(str(document["name"]), (finding,))
    patience = 30 + 10 * (time.monotonic() - began)
    every = tuple(mutants(document, only, build))
    pool, found = ThreadPoolExecutor(jobs), []
    try:
        survived = pool.map(lambda mutant: passes(mutant.document, tests, patience), every)
        for position, (mutant, is_alive) in enumerate(zip(every, survived, strict=True), 1):
            found.append(Tried(mutant.what, not is_alive, position, len(every)))
            on_each(found[-1])
    finally:
        pool.shutdown(cancel_futures=True)
    return tuple(found)


def passes(document: Document, tests: Sequence[str], patience: float | None = None) -> bool:
    """Whether the tests pass with *document* in the place of the rulebook of its name, within *patience* seconds."""
    return _failure(document, tests, patience) is None


def _failure(document: Document, tests: Sequence[str], patience: float | None = None) -> str | None:
    """The last words of pytest where the tests fail with *document*; None where they pass."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mutant.json"
        path.write_bytes(canonical(document))
        env = {**os.environ, MUTANT: str(path)}
        command = [sys.executable, "-m", "pytest", *_options(), *tests]
        try:
            run = subprocess.run(  # noqa: S603  the caller's own tests
                command, env=env, capture_output=True, check=False, text=True, timeout=patience
            )
        except subprocess.TimeoutExpired:
            return "it took too long"
    said = [line for line in (run.stdout + run.stderr).splitlines() if line.strip()]
    return None if run.returncode == 0 else "".join(said[-1:])


def _options() -> Iterator[str]:
    """Tests notice a mutant, not how much they cover."""
    yield from ("-q", "-x", "--no-header", "-p", "no:cacheprovider", "--no-rulebook-cov")
    if find_spec("pytest_cov") is not None:
        yield "--no-cov"
