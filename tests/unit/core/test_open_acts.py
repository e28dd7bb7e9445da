"""May a button be disabled? What is open is asked of the same checks that decide."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handleflow import Act, Actor, load_preset
from handleflow.acts import (
    Accept,
    Assign,
    Evaluate,
    Receive,
    RecordContact,
    Rehandle,
    Reply,
    RequestReturn,
    Withdraw,
)
from handleflow.rulebooks import names
from handleflow.rules import Rulebook
from handleflow.testing import Scenario
from handleflow.testing import given as story_of
from handleflow.testing.strategies import MAKING, everybody, lives
from tests.beginnings import DEPUTY, OFFICE, SECOND, WATER, accepted, received, replied, rulebook

RULES = rulebook()
SHIPPED = [load_preset(name) for name in names()]


def left_out(story: Scenario, on: Any) -> list[tuple[Actor, type[Act]]]:
    """Who could not do what, of all that the lifecycle lets somebody do from here."""
    here = dict.fromkeys(
        transition.act for transition in story.rules.lifecycle.leaving(story.state) if transition.act in MAKING
    )
    offered = {by: story.open_acts(by=by, on=on) for by in everybody(story.rules)}
    return [(by, act) for by, acts in offered.items() for act in here if act not in acts]


@settings(suppress_health_check=list(HealthCheck))
@given(rules=st.sampled_from(SHIPPED), data=st.data())
def test_what_is_not_open_is_refused_whatever_it_says_and_whenever_it_happened(rules: Rulebook, data: Any) -> None:
    story = story_of(rules)
    for on, by, act in data.draw(lives(rules)):
        for _ in range(3 if (closed := left_out(story, on)) else 0):
            other, kind = data.draw(st.sampled_from(closed))
            tried = data.draw(MAKING[kind](rules, story.suggestion, on))
            happened = on - timedelta(days=data.draw(st.sampled_from([0, 0, 1, 5, 30])))

            assert story.when(attrs.evolve(tried, on=happened), by=other, on=on).rules != ()

        story = story.when(act, by=by, on=on).and_then()


def guarded(name: str, act: str, **settings: Any) -> Rulebook:
    """The national rules with one more guard."""
    return rulebook(guard=[{"ask": name, "of": [act], "cite": "host", "settings": settings}])


def joint(rules: Rulebook) -> Scenario:
    """A suggestion of two deputies, answered."""
    act = Receive("Pipes", "Deputy A", ("Deputy B",))
    story = story_of(rules).and_(act, by=OFFICE, on="2026-02-09").and_(Assign((WATER.name,)), by=OFFICE)
    for each in (Accept(), RecordContact("before"), Reply("A", "done")):
        story = story.and_(each, by=WATER)
    return story


def rated(rules: Rulebook) -> Scenario:
    """A suggestion with whose reply its deputy is content."""
    return replied(rules).and_(Evaluate(WATER.name, "satisfied"), by=DEPUTY)


PROXY = [{"act": "evaluate", "source": ["replied"], "target": "evaluated", "who": ["deputy", "congress_office"]}]


@pytest.mark.parametrize(
    ("story", "act", "by", "expected"),
    [
        pytest.param(accepted(RULES), Reply, WATER, False, id="no reply before the deputy was heard"),
        pytest.param(rated(RULES), Rehandle, OFFICE, True, id="which reply is asked for again is not known yet"),
        pytest.param(received(RULES), Withdraw, SECOND, False, id="no withdrawal by a deputy who did not make it"),
        pytest.param(
            received(guarded("withdrawal_is_unanimous", "withdraw")),
            Withdraw,
            DEPUTY,
            True,
            id="who else agrees to withdraw is not known yet",
        ),
        pytest.param(joint(guarded("lead_deputy_rates", "evaluate")), Evaluate, DEPUTY, True, id="the lead rates"),
        pytest.param(joint(guarded("lead_deputy_rates", "evaluate")), Evaluate, SECOND, False, id="nobody else does"),
        pytest.param(
            joint(
                rulebook(transition=PROXY, guard=[{"ask": "lead_deputy_rates", "of": ["evaluate"], "cite": "host"}])
            ),
            Evaluate,
            OFFICE,
            True,
            id="whose verdict an office enters is not known yet",
        ),
    ],
)
def test_an_act_is_open_unless_it_is_refused_whatever_it_says(
    story: Scenario, act: type[Act], by: Actor, expected: bool
) -> None:
    assert (act in story.open_acts(by=by, on="2026-03-09")) == expected


def test_without_a_day_it_is_asked_on_the_day_the_story_has_come_to() -> None:
    story = accepted(RULES)

    assert story.open_acts(by=WATER) == story.open_acts(by=WATER, on=story.last.on)


def test_a_return_that_is_late_today_is_open_since_it_may_have_been_asked_for_in_time() -> None:
    within = {"within": "60 days", "cite": "host"}
    guard = {"ask": "return_in_time", "of": ["request_return"], "cite": "host"}
    settings = {"span": "5 days", "anchor": "assigned"}
    story = accepted(rulebook(backdating=[{"role": "unit", **within}], guard=[{**guard, "settings": settings}]))
    in_time, late = [RequestReturn("not ours", on=on) for on in ("2026-02-12", "2026-03-09")]

    assert RequestReturn in story.open_acts(by=WATER, on="2026-03-09")
    assert [story.when(act, by=WATER, on="2026-03-09").rules for act in (in_time, late)] == [(), ("return_in_time",)]
