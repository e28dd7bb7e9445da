"""Is a life over in a host's own final state, for everything that asks? The rulebook alone says where it ends."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handleflow import Act, Engine, MemoryStore
from handleflow.acts import Decline, Supervise
from handleflow.core.corrected_time import replay
from handleflow.testing import Scenario
from handleflow.testing import given as story_of
from handleflow.testing.monitors import Breach, library_monitors, watch
from handleflow.testing.strategies import Life, lives, rulebook_machine
from handleflow.views import board, summarize, workload
from handleflow.words import Message
from tests.beginnings import OFFICE, WATER, assigned, instant, received, rulebook

STATE = {"name": "transferred", "en": "transferred", "zh": "转办", "is_final": True}
ENDING = {"act": "decline", "source": ["assigned", "handling"], "target": "transferred", "who": ["congress_office"]}
DECLINE = [ENDING, {**ENDING, "source": ["received"], "target": "declined"}]
RUNG = {"id": "r", "term": "reply", "offset": "-15 days", "channel": "phone", "cite": "host"}
RULES = rulebook(state=[STATE], transition=DECLINE, rung=[RUNG])
LATE = "2026-12-31"


def transferred() -> Scenario:
    """Assigned to a unit that owes a reply, and then ended as the host says."""
    return assigned(RULES).and_(Decline("it belongs to the court"), by=OFFICE)


@pytest.fixture
def engine() -> Engine:
    engine = Engine(MemoryStore(), [RULES], clock=lambda: instant(LATE))
    for step, entry in enumerate(transferred().history):
        if isinstance(entry.event, Act):
            engine.execute("1", entry.event, by=entry.by, at=instant("2026-02-10", 9 + step))
    return engine


def test_it_is_over() -> None:
    assert (transferred().state, RULES.is_over(transferred().suggestion)) == ("transferred", True)
    assert not RULES.is_over(assigned(RULES).suggestion)


def test_the_board_and_the_units_have_it_no_more(engine: Engine) -> None:
    today = engine.today()
    (water,) = workload([*engine.with_rulebooks(), (RULES, assigned(RULES).suggestion)], today)

    assert board(engine.with_rulebooks(), today) == ()
    assert (water.open, water.overdue) == (1, 1)


def test_the_clock_has_nothing_to_say_of_it_and_waits_for_nothing(engine: Engine) -> None:
    health, swept = engine.health(), engine.sweep()

    assert (health.oldest, health.waiting, health.terms_without_day) == (None, 0, ())
    assert (swept.said, swept.remaining) == ((), 0)


def test_the_report_owes_it_no_reply(engine: Engine) -> None:
    summary = summarize([*engine.with_rulebooks(), (RULES, received(RULES).suggestion)])

    assert (summary.states, summary.reply_rate.value) == ({"transferred": 1, "received": 1}, 0.0)
    assert summarize(engine.with_rulebooks()).reply_rate.reason == Message("unknown-nothing_to_reply_to")


def test_a_monitor_notices_who_supervises_it_all_the_same() -> None:
    supervise = {
        "act": "supervise",
        "source": ["assigned", "transferred"],
        "target": "same",
        "who": ["congress_office"],
    }
    careless = rulebook(state=[STATE], transition=[*DECLINE, supervise])
    story = assigned(careless).and_(Decline("it belongs to the court"), by=OFFICE)
    outcome = story.when(Supervise(WATER.name, "phone", "soon"), by=OFFICE)

    assert outcome.is_granted
    assert watch(outcome, *library_monitors(careless)) == (
        Breach("no supervision after the end", outcome.entries[0]),
    )


def ended(life: Life) -> list[bool]:
    """Of each step that was granted, whether it was taken after the end."""
    story, found = story_of(RULES), []
    for on, by, act in life:
        outcome = story.when(act, by=by, on=on)
        found += [RULES.is_over(story.suggestion)] * outcome.is_granted
        story = outcome.and_then()
    assert replay("1", story.history) == story.suggestion
    return found


@given(st.data())
def test_a_random_life_goes_one_act_beyond_it_at_most(data: st.DataObject) -> None:
    assert sum(ended(data.draw(lives(RULES)))) <= 1


TestRandomLives = rulebook_machine(RULES, *library_monitors(RULES)).TestCase
TestRandomLives.settings = settings(max_examples=20, stateful_step_count=20, deadline=None, derandomize=True)
