"""
What does the testing kit cost beside the bare functions it tells its stories by, and a suite of 1,000 cases in all?

Run it: python -m benchmarks.kit [--quick] [--json PATH]
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from attrs import frozen
from pendulum import DateTime

from benchmarks._rounds import a_round
from handleflow import CLOCK, Act, Actor, Provenance, Refused, Suggestion, load_preset
from handleflow.acts import Accept, Assign, Receive, RecordContact, Reply
from handleflow.core import Decision, decide, supervise
from handleflow.legal_time import day
from handleflow.testing import given

RULES = load_preset("cn.national")
OFFICE = Actor("congress_office", "Standing Committee Office")
UNITS = ("Water Bureau", "Roads Bureau", "Schools Bureau")
FIRST = date(2026, 2, 9)
GOAL = 5.0
"""The most seconds a suite of 1,000 cases should take."""


@frozen
class Question:
    """One case: whose part it is, and on which day its story begins."""

    unit: str
    on: date

    def after(self, days: int) -> date:
        """So many days into the story."""
        return self.on + timedelta(days=days)


@frozen
class Answer:
    """What came of it: the rules that refused it, the kinds recorded, the state, the reply's day."""

    rules: tuple[str, ...]
    kinds: tuple[str, ...]
    state: str
    due_on: str


Telling = Callable[[Question], Answer]
"""A story told anew for one case."""


class Kit:
    """The stories by ``handleflow.testing``."""

    @staticmethod
    def _answered(outcome: Any) -> Answer:
        return Answer(outcome.rules, outcome.kinds, outcome.state, str(outcome.terms["reply"].due_on))

    @staticmethod
    def _assigned(case: Question) -> Any:
        story = given(RULES).and_(Receive("Pipes", "Deputy A"), by=OFFICE, on=case.on)
        return story.and_(Assign((case.unit,)), by=OFFICE, on=case.after(1))

    def accepted(self, case: Question) -> Answer:
        """A unit signs."""
        return self._answered(self._assigned(case).when(Accept(), by=Actor("unit", case.unit), on=case.after(3)))

    def refused(self, case: Question) -> Answer:
        """A unit replies and has not heard the deputy."""
        unit = Actor("unit", case.unit)
        story = self._assigned(case).and_(Accept(), by=unit, on=case.after(3))
        return self._answered(story.when(Reply("A", "done"), by=unit, on=case.after(20)))

    def replied(self, case: Question) -> Answer:
        """A unit replies in time."""
        unit = Actor("unit", case.unit)
        story = self._assigned(case).and_(Accept(), by=unit, on=case.after(3))
        story = story.and_(RecordContact("before"), by=unit, on=case.after(5))
        return self._answered(story.when(Reply("A", "done"), by=unit, on=case.after(20)))

    def missed(self, case: Question) -> Answer:
        """Nobody acts, and the clock says so."""
        return self._answered(self._assigned(case).when_the_clock_reads(case.after(120)))

    def stranger(self, case: Question) -> Answer:
        """A unit that has no part in it signs."""
        outcome = self._assigned(case).when(Accept(), by=Actor("unit", "Parks Bureau"), on=case.after(3))
        return self._answered(outcome)


class Bare:
    """The same stories by ``decide`` and ``supervise``, and nothing around them."""

    @staticmethod
    def _provenance(by: Actor, on: date) -> Provenance:
        today = day(on)
        at = DateTime(today.year, today.month, today.day, 9, tzinfo=RULES.calendar.zone)
        return Provenance(by, at, today)

    def _after(self, suggestion: Suggestion, act: Act, by: Actor, on: date) -> Suggestion:
        decided = decide(RULES, suggestion, act, self._provenance(by, on))
        if isinstance(decided, Refused):
            raise decided
        return decided.suggestion

    @staticmethod
    def _answered(suggestion: Suggestion, decided: Decision | Refused) -> Answer:
        rules = tuple(o.rule for o in decided.reasons) if isinstance(decided, Refused) else ()
        entries, after = ((), suggestion) if isinstance(decided, Refused) else (decided.entries, decided.suggestion)
        (reply,) = (term for term in after.terms if term.key.rule == "reply")
        return Answer(rules, tuple(entry.kind for entry in entries), after.state, str(reply.due_on))

    def _assigned(self, case: Question) -> Suggestion:
        suggestion = self._after(Suggestion("1"), Receive("Pipes", "Deputy A"), OFFICE, case.on)
        return self._after(suggestion, Assign((case.unit,)), OFFICE, case.after(1))

    def _when(self, suggestion: Suggestion, act: Act, by: Actor, on: date) -> Answer:
        return self._answered(suggestion, decide(RULES, suggestion, act, self._provenance(by, on)))

    def accepted(self, case: Question) -> Answer:
        """A unit signs."""
        return self._when(self._assigned(case), Accept(), Actor("unit", case.unit), case.after(3))

    def refused(self, case: Question) -> Answer:
        """A unit replies and has not heard the deputy."""
        unit = Actor("unit", case.unit)
        suggestion = self._after(self._assigned(case), Accept(), unit, case.after(3))
        return self._when(suggestion, Reply("A", "done"), unit, case.after(20))

    def replied(self, case: Question) -> Answer:
        """A unit replies in time."""
        unit = Actor("unit", case.unit)
        suggestion = self._after(self._assigned(case), Accept(), unit, case.after(3))
        suggestion = self._after(suggestion, RecordContact("before"), unit, case.after(5))
        return self._when(suggestion, Reply("A", "done"), unit, case.after(20))

    def missed(self, case: Question) -> Answer:
        """Nobody acts, and the clock says so."""
        suggestion, provenance = self._assigned(case), self._provenance(CLOCK, case.after(120))
        return self._answered(suggestion, supervise(RULES, suggestion, at=provenance.at))

    def stranger(self, case: Question) -> Answer:
        """A unit that has no part in it signs."""
        return self._when(self._assigned(case), Accept(), Actor("unit", "Parks Bureau"), case.after(3))


STORIES = ("accepted", "refused", "replied", "missed", "stranger")
SUITE = """
import pytest

from benchmarks.kit import EXPECTED, Kit, suite


@pytest.mark.parametrize(("story", "case"), suite({cases}))
def test_a_case_comes_out_as_it_should(story, case):
    answer = getattr(Kit(), story)(case)

    assert (answer.rules, answer.state) == EXPECTED[story]
"""
EMPTY = """
import pytest


@pytest.mark.parametrize("case", range({cases}))
def test_nothing(case):
    assert case >= 0
"""
EXPECTED = {
    "accepted": ((), "handling"),
    "refused": (("deputy_was_heard",), "handling"),
    "replied": ((), "replied"),
    "missed": ((), "assigned"),
    "stranger": (("not_its_unit",), "assigned"),
}


def suite(cases: int) -> list[tuple[str, Question]]:
    """So many cases: the stories in turn, the units in turn, the days of a hundred days in turn."""
    return [
        (STORIES[n % len(STORIES)], Question(UNITS[n % len(UNITS)], FIRST + timedelta(days=n % 100)))
        for n in range(cases)
    ]


def told(by: Kit | Bare, cases: list[tuple[str, Question]]) -> list[Answer]:
    """Every case, told anew."""
    tellings: dict[str, Telling] = {story: getattr(by, story) for story in STORIES}
    return [tellings[story](case) for story, case in cases]


def seconds(by: Kit | Bare, cases: list[tuple[str, Question]]) -> float:
    """How long all cases take."""
    with a_round():
        begun = perf_counter()
        told(by, cases)
        return perf_counter() - begun


def interleaved(cases: list[tuple[str, Question]], rounds: int) -> dict[str, float]:
    """The median of several rounds of each, in turn (A B A B …); what they answer must be the same."""
    if told(Kit(), cases) != told(Bare(), cases):
        raise AssertionError("the kit and the bare functions answer differently")
    found: dict[str, list[float]] = {"kit": [], "bare": []}
    for _ in range(rounds):
        found["kit"].append(seconds(Kit(), cases))
        found["bare"].append(seconds(Bare(), cases))
    return {name: median(times) for name, times in found.items()}


def suite_seconds(source: str, cases: int, *options: str) -> float:
    """The wall time of a pytest of its own over a module of so many tests, which must all pass."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "test_suite.py").write_text(source.format(cases=cases), encoding="utf-8")
        env = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options]
        begun = perf_counter()
        run = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)  # noqa: S603  our own module
        took = perf_counter() - begun
    if run.returncode != 0 or f"{cases} passed" not in run.stdout:
        raise AssertionError(run.stdout + run.stderr)
    return took


def suites(cases: int, rounds: int) -> dict[str, float]:
    """The median of several runs of each suite, in turn."""
    ways: dict[str, tuple[str, tuple[str, ...]]] = {
        "empty tests": (EMPTY, ()),
        "given/when tests": (SUITE, ()),
        "the same, with --rulebook-cov": (SUITE, ("--rulebook-cov=cn.national",)),
    }
    found: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, (source, options) in ways.items():
            found[name].append(suite_seconds(source, cases, *options))
    return {name: median(times) for name, times in found.items()}


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.kit", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="100 cases, three rounds")
    parser.add_argument("--json", metavar="PATH", help="write the figures as JSON")
    args = parser.parse_args()
    count, rounds = (100, 3) if args.quick else (1000, 5)
    cases = suite(count)
    times = interleaved(cases, rounds)
    ratio = times["kit"] / times["bare"]
    print(f"{'stories':>32} {f'{count:,} cases':>14} {'a case':>12} {'ratio':>7}")
    for name, took in times.items():
        print(f"{name:>32} {took:>12.3f} s {took / count * 1e6:>9.0f} µs {took / times['bare']:>6.2f}x")
    runs = suites(count, 3)
    print(f"{'a pytest of its own':>32} {f'{count:,} cases':>14}")
    for name, took in runs.items():
        print(f"{name:>32} {took:>12.2f} s")
    if not args.quick:
        took = runs["given/when tests"]
        print(f"the goal is under {GOAL:g} s, and {took:.2f} s is {'within' if took < GOAL else 'beyond'} it")
    if args.json:
        figures = {"cases": count, "stories": times, "ratio": ratio, "suites": runs}
        Path(args.json).write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
