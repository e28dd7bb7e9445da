"""The one life by the fair limit."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from benchmarks import _fair_values as fair
from benchmarks import _lives as lives
from benchmarks._fair_life import act_on

OFFICE, WATER, DEPUTY = (fair.Actor(by.role, by.name, by.id) for by in (lives.OFFICE, lives.WATER, lives.DEPUTY))
NOTE = "nine entries, several leads, terms, misses, every reason; one rulebook, one language, unchecked values"

StepByFairHand = tuple[fair.Act, fair.Actor, datetime.datetime]


def steps() -> tuple[StepByFairHand, ...]:
    """The life's acts, made anew each time, as a host would."""
    return (
        (fair.Received(lives.TITLE, DEPUTY.name), OFFICE, lives.PLAIN_AT[0]),
        (fair.Assigned((WATER.name,)), OFFICE, lives.PLAIN_AT[1]),
        (fair.Accepted(), WATER, lives.PLAIN_AT[2]),
        (fair.ContactRecorded("during", "phone", lives.CALL), WATER, lives.PLAIN_AT[3]),
        (fair.Replied("A", lives.REPLY), WATER, lives.PLAIN_AT[4]),
        (fair.Evaluated(WATER.name, "satisfied"), DEPUTY, lives.PLAIN_AT[5]),
    )


def lived(id: str, steps: Iterable[StepByFairHand]) -> tuple[fair.Matter, list[fair.Entry]]:
    """What comes of steps: the suggestion and its entries."""
    matter, history = fair.Matter(id), list[fair.Entry]()
    for act, by, at in steps:
        matter = act_on(matter, history, act, by, at, lives.TABLE)
    return matter, history


def by_fair_hand(id: str) -> tuple[fair.Matter, list[fair.Entry]]:
    """The whole life."""
    return lived(id, steps())
