"""Is any day in any act recorded or refused, and never what a sweep, a board or an explanation stumbles over?"""

from __future__ import annotations

import datetime
from typing import Any, get_type_hints

import attrs
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handleflow import Act, Engine, HandleflowError, MemoryStore, Promise, load_preset
from handleflow.acts import Correct
from handleflow.core import explain
from handleflow.legal_time import Day
from handleflow.testing.strategies import Life, lives
from handleflow.views import board, workload
from tests.beginnings import instant

RULEBOOKS = [load_preset(name) for name in ("cn.national", "cn.dehui", "cn.chongqing", "cn.zhejiang", "gb.foi")]
FIRST, LAST = datetime.date.min, datetime.date.max
ODD = [FIRST, LAST, datetime.date(1, 1, 2), datetime.date(9999, 12, 30), datetime.date(1000, 1, 1)]
ODD += [datetime.date(year, 6, 1) for year in (2004, 2042, 2060)]
DAYS = st.sampled_from(ODD) | st.dates()


@st.composite
def with_any_days(draw: st.DrawFn, act: Act) -> Act:
    """*act* with other days in some of its fields, and in the promises that it holds."""
    given: dict[str, Any] = {}
    for name, hint in get_type_hints(type(act)).items():
        if hint in {Day, Day | None}:
            given[name] = draw(DAYS | st.just(getattr(act, name)))
        elif hint == tuple[Day, ...] or name == "commitments":
            found = draw(st.lists(DAYS, max_size=2))
            given[name] = tuple(Promise("later", on) for on in found) if name == "commitments" else tuple(found)
    if isinstance(act, Correct):
        given = {"field": draw(st.sampled_from(["on", "assigned_on", "received_on"])), "value": str(draw(DAYS))}
    return attrs.evolve(act, **given)


@st.composite
def strange_lives(draw: st.DrawFn) -> tuple[Any, Life]:
    """A life under a shipped rulebook, in which any act may name any day."""
    rules = draw(st.sampled_from(RULEBOOKS))
    life = draw(lives(rules, most=12))
    return rules, Life((on, by, draw(with_any_days(act) | st.just(act))) for on, by, act in life)


@settings(suppress_health_check=list(HealthCheck))
@given(found=strange_lives())
def test_any_day_in_any_act_is_recorded_or_refused_and_stops_nobody(found: tuple[Any, Life]) -> None:
    rules, life = found
    last = instant("2026-02-10")
    engine = Engine(MemoryStore(), [rules], clock=lambda: instant("2034-01-02"))
    for on, by, act in life:
        last = max(last, instant(str(on)))
        try:
            engine.execute("1", act, by=by, at=last)
        except HandleflowError:
            continue  # any other error fails the law
        last = last.add(days=10)
        assert_nobody_is_stopped(engine, last)
    assert_nobody_is_stopped(engine, instant("2034-01-02"))


def assert_nobody_is_stopped(engine: Engine, at: Any) -> None:
    """The clock speaks, and boards and explanations are drawn, without a word of what could not be."""
    assert engine.sweep(at=at).failed == ()
    on = engine.rulebooks[0].calendar.day_of(at)
    assert [line.unjudged for line in board(engine.with_rulebooks(), on) if line.unjudged] == []
    assert [units.unjudged for units in workload(engine.with_rulebooks(), on) if units.unjudged] == []
    for rules, suggestion in engine.with_rulebooks():
        for term in suggestion.terms:
            assert explain(rules, term)  # type: ignore[arg-type]  # it is held
