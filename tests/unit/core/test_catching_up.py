"""What does it cost to catch up, when nobody swept for a long time? As much as is said, and no more."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from types import FrameType
from typing import Any

import pytest

from handleflow.core import rungs, supervise
from tests.beginnings import accepted, instant, rulebook

Tracer = Callable[[FrameType, str, Any], Any]

ROW = {"id": "daily", "term": "reply", "offset": "1 day", "channel": "phone", "cite": "host"}
DAILY = {**ROW, "every": "1 day", "until": "900 days"}
WAYS: dict[str, dict[str, Any]] = {
    "spoken": {},
    "collapsed": {"coalesce": True},
    "suppressed": {"cooldown": {"span": "30 days", "cite": "host"}},
}


def lines_of(work: Callable[[], object]) -> int:
    """How many lines of ``core/rungs.py`` *work* runs: each step of a walk over what was said is one."""
    lines = 0

    def line(frame: FrameType, event: str, _: object) -> Tracer:
        nonlocal lines
        lines += event == "line"
        return line

    def trace(frame: FrameType, _: str, __: object) -> Tracer | None:
        return line if frame.f_code.co_filename == rungs.__file__ else None

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return lines


def calls_of(work: Callable[[], object]) -> int:
    """How many Python functions *work* calls: what a clock would show on a machine that does nothing else."""
    calls = 0

    def count(_: FrameType, event: str, __: object) -> None:
        nonlocal calls
        calls += event == "call"

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(before)
    return calls


@pytest.mark.parametrize("way", ["spoken", "collapsed", "suppressed"])
def test_twice_as_many_silent_days_cost_twice_as_much(way: str) -> None:
    rules = rulebook(**{"rung": [DAILY], **WAYS[way]})
    suggestion = accepted(rules).suggestion
    said, calls = [], []
    for until in ("2026-11-27", "2027-06-15", "2028-07-19"):  # 200, 400 and 800 days after the reply was due
        said.append(len(supervise(rules, suggestion, at=instant(until)).entries))
        calls.append(calls_of(partial(supervise, rules, suggestion, at=instant(until))))

    assert said == [201, 401, 801]
    assert calls[2] - calls[1] == pytest.approx(2 * (calls[1] - calls[0]), rel=0.1)


def test_what_was_said_is_not_walked_over_again_for_each_day_that_is_said() -> None:
    rules = rulebook(rung=[DAILY])
    suggestion = accepted(rules).suggestion
    days = [instant(until) for until in ("2026-11-27", "2027-06-15", "2028-07-19")]
    said = [len(supervise(rules, suggestion, at=at).entries) for at in days]
    lines = [lines_of(partial(supervise, rules, suggestion, at=at)) for at in days]

    assert (said[1] - said[0], said[2] - said[1]) == (200, 400)
    assert lines[2] - lines[1] == pytest.approx(2 * (lines[1] - lines[0]), rel=0.1)
