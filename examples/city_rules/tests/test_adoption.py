"""What becomes of a running suggestion when the city changes its rules?"""

from __future__ import annotations

from collections.abc import Callable

import pendulum
import pytest
from stories import assigned, handling, received, replied

from city_rules import RULEBOOK, RULES
from handleflow import CLOCK, Act, Engine, MemoryStore, load
from handleflow.acts import Adopt, Evaluate
from handleflow.testing import Scenario, deputy, office

NEXT = load(RULEBOOK, changes={"version": "2"})


class StoppedClock:
    """The engine's clock: it reads the day it was put to."""

    def __init__(self) -> None:
        self.now = pendulum.datetime(2026, 3, 2, 9, tz="Asia/Shanghai")

    def __call__(self) -> pendulum.DateTime:
        return self.now


def evaluated() -> Scenario:
    """The deputy is satisfied."""
    return replied().and_(Evaluate("Water Bureau", "satisfied"), by=deputy())


@pytest.mark.parametrize("told", [received, assigned, handling, replied, evaluated], ids=lambda told: told.__name__)
def test_an_open_suggestion_moves_to_the_next_version(told: Callable[[], Scenario]) -> None:
    clock = StoppedClock()
    engine = Engine(MemoryStore(), [RULES, NEXT], clock=clock)
    for entry in told().history:
        clock.now = entry.at
        if isinstance(entry.event, Act) and entry.by != CLOCK:
            engine.execute("1", entry.event, by=entry.by)
    before = engine.look_up("1").state
    suggestion = engine.execute("1", Adopt("placeholder.city", "2"), by=office())

    assert (suggestion.state, str(suggestion.rulebook)) == (before, "placeholder.city 2")
