"""What does it cost to catch up, when nobody swept for a long time? As much as is said, and no more."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from types import FrameType
from typing import Any

import pytest

from handleflow.core import supervise
from tests.beginnings import accepted, instant, rulebook

ROW = {"id": "daily", "term": "reply", "offset": "1 day", "measure": "phone", "cite": "host"}
DAILY = {**ROW, "every": "1 day", "until": "900 days"}
WAYS: dict[str, dict[str, Any]] = {
    "spoken": {},
    "collapsed": {"is_collapsing": True},
    "suppressed": {"quiet": {"span": "30 days", "cite": "host"}},
}


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
        said.append(len(supervise(rules, suggestion, at=instant(until))))
        calls.append(calls_of(partial(supervise, rules, suggestion, at=instant(until))))

    assert said == [201, 401, 801]
    assert calls[2] - calls[1] == pytest.approx(2 * (calls[1] - calls[0]), rel=0.1)
