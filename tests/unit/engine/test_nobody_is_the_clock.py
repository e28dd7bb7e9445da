"""May somebody ask in the name of time? No, by whatever door they come."""

from __future__ import annotations

import pytest

from handleflow import CLOCK, Act, Actor, Engine, MemoryStore, Refused, Request
from handleflow.acts import Assign, Classify, Receive, Supervise
from handleflow.ledgers import take_over
from handleflow.model import FiringKey, TermKey
from tests.beginnings import OFFICE, assigned, instant, later, rulebook
from tests.unit.engine.test_newer_versions import GROWN
from tests.unit.ledgers.test_ledgers import REAL

LADDER = [{"id": "reminded", "term": "reply", "offset": "-15 days", "channel": "phone", "cite": "host"}]
RULES = rulebook(rung=LADDER)
SILENCED = Supervise(
    "Water Bureau", "phone", "said already", firing_key=FiringKey(TermKey("reply", "Water Bureau"), "reminded")
)
ASKED = [
    pytest.param("1", Supervise("Water Bureau", "phone", "please"), id="what the clock may do"),
    pytest.param("1", SILENCED, id="a rung before its day, which would never speak again"),
    pytest.param("1", Classify("water"), id="what an office may do"),
    pytest.param("1", Receive("Pipes", "Deputy A"), id="what nobody may do any more"),
    pytest.param("2", Receive("Pipes", "Deputy A"), id="what begins a life"),
]
BY = [pytest.param(CLOCK, id="the clock"), pytest.param(Actor("clock", "cron"), id="its role by another name")]
REFUSED = (("nobody_is_the_clock",), ("who",))


@pytest.fixture
def engine() -> Engine:
    engine = Engine(MemoryStore(), [RULES, GROWN], clock=lambda: instant("2026-02-11"))
    engine.execute("1", Receive("Pipes", "Deputy A"), by=OFFICE, at=instant("2026-02-10", 8))
    engine.execute("1", Assign(("Water Bureau",)), by=OFFICE, at=instant("2026-02-10"))
    return engine


@pytest.mark.parametrize("by", BY)
@pytest.mark.parametrize(("id", "act"), ASKED)
def test_whatever_is_asked_in_its_name_is_refused_by_name_and_nothing_is_written(
    engine: Engine, id: str, act: Act, by: Actor
) -> None:
    before = [engine.store.history(each) for each in engine.store.ids()]
    with pytest.raises(Refused) as refused:
        engine.execute(id, act, by=by)
    alone, other = engine.execute_many([Request(id, act, by), Request("3", Receive("Lamps", "Deputy B"), OFFICE)])
    assert isinstance(alone, Refused)

    assert [(each.rules, each.kinds) for each in (refused.value, alone)] == [REFUSED, REFUSED]
    assert [reason.rule for reason in engine.ask(id, act, by=by)] == ["nobody_is_the_clock"]
    assert not isinstance(other, Exception)
    assert [engine.store.history(each) for each in engine.store.ids() if each != "3"] == before


@pytest.mark.parametrize("by", BY)
def test_no_act_is_open_to_it(engine: Engine, by: Actor) -> None:
    assert (engine.open_acts("1", by=by), engine.open_acts("404", by=by)) == ((), ())
    assert assigned(RULES).open_acts(by=by) == ()


def test_it_takes_no_ledger_over(engine: Engine) -> None:
    taken = take_over(engine, REAL, by=CLOCK)

    assert (taken.recorded, {row.reason.partition(":")[0] for row in taken.refused}) == (0, {"nobody_is_the_clock"})


def test_it_adopts_no_calendar_for_many(engine: Engine) -> None:
    found = engine.adopt_calendar("test", "2", by=CLOCK)

    assert (found.entries, [id for id, _ in found.failed]) == ((), ["1"])
    assert "the clock asks for nothing" in found.failed[0][1]


def test_a_sweep_speaks_as_before(engine: Engine) -> None:
    swept = later(engine, instant("2026-04-26")).sweep()

    assert [(entry.kind, entry.by) for _, entry in swept.said] == [("supervised", CLOCK)]
