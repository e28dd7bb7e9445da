"""Laws of supervision: whatever happened, the clock speaks once, in order, and leaves nothing unsaid unrecorded."""

from __future__ import annotations

import datetime
from contextlib import suppress
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample

from handleflow import Engine, Entry, MemoryStore, Refused, Rulebook, Suggestion, load_preset
from handleflow.acts import Supervise
from handleflow.core import supervise, wakes_on
from handleflow.core._consequences import misses
from handleflow.events import RungLapsed, RungSuppressed, TermDropped, TermMet
from handleflow.legal_time import Day, day
from handleflow.legal_time.convention import shift
from handleflow.model.term import FiringKey
from handleflow.rulebooks import names
from handleflow.testing.strategies import Life, lives
from tests.beginnings import AFTER_ALL, instant, rulebook

SOME = settings(suppress_health_check=list(HealthCheck))
ANY = settings(SOME, max_examples=3000, database=None, phases=[Phase.generate], derandomize=True)
SPOKEN = {"channel": "phone", "cite": "host"}
LADDER: list[dict[str, Any]] = [
    {"id": "reminded", "term": "reply", "offset": "-15 days", "answer_within": "3 workdays"},
    {"id": "urged", "term": "reply", "offset": "1 day", "every": "7 days", "until": "60 days"},
    {"id": "key", "term": "reply", "offset": "-30 days", "applies_to": "key", "channel": "on_site"},
    {"id": "promise", "term": "commitment", "offset": "-5 days"},
    {"id": "missed", "after": "deadline_missed", "term": "reply", "offset": "10 days", "channel": "bulletin"},
    {"id": "unsigned", "after": "assigned", "offset": "3 workdays", "unless": "accepted"},
    {"id": "unheard", "after": "accepted", "offset": "10 workdays", "unless": "contact_recorded"},
    {"id": "returned", "after": "return_requested", "count": 2, "channel": "interview"},
    {"id": "again", "after": "rehandling_demanded", "count": 1, "channel": "written"},
    {"id": "dissatisfied", "after": "dissatisfied", "offset": "2 days", "channel": "written"},
    {"id": "red", "after": "progress_marked", "colour": "red", "channel": "written"},
]
ON_ANSWERS: list[dict[str, Any]] = [
    {"id": "answer", "term": "supervision_answer", "offset": "1 day", "channel": "written"},
    {"id": "unanswered", "after": "supervision_unanswered", "count": 2, "per": "unit", "channel": "interview"},
]
LIGHTS = [
    {"colour": "green", "cite": "host"},
    {"colour": "yellow", "offset": "-15 days", "cite": "host"},
    {"colour": "red", "offset": "1 day", "cite": "host"},
]


def laddered(*rungs: dict[str, Any], **more: Any) -> Rulebook:
    return rulebook(rung=[{**SPOKEN, **rung} for rung in rungs], light=LIGHTS, **more)


RULES = laddered(*LADDER, *ON_ANSWERS)
WITHOUT_ANSWERS = laddered(*LADDER)
COOLED_DOWN = laddered(*LADDER, cooldown={"span": "6 days", "cite": "host"})
COALESCING = laddered(*LADDER, *ON_ANSWERS, coalesce=True)


def lived(rules: Rulebook, life: Life, is_swept: bool = True) -> Engine:
    """A life in memory, the clock speaking each morning somebody acts, or never."""
    engine = Engine(MemoryStore(), [rules], clock=lambda: AFTER_ALL)
    for on, by, act in life:
        if is_swept:
            engine.sweep(at=instant(str(on), 8))
        try:
            engine.execute("1", act, by=by, at=instant(str(on)))
        except Refused:
            continue
    return engine


def swept(rules: Rulebook, suggestion: Suggestion, on: Day) -> tuple[Suggestion, tuple[Entry, ...]]:
    said = supervise(rules, suggestion, at=instant(str(on), 23))
    return said.suggestion, said.entries


def rungs_of(entries: tuple[Entry, ...]) -> list[tuple[str, FiringKey, Day]]:
    """What became of which rung, and the day it was meant for, in order."""
    found = []
    for entry in entries:
        event = entry.event
        if isinstance(event, (RungLapsed, RungSuppressed)) or (isinstance(event, Supervise) and event.firing_key):
            assert event.firing_key is not None
            assert event.meant_on is not None
            found.append((entry.kind, event.firing_key, event.meant_on))
    return found


def later(suggestion: Suggestion, days: int) -> Day:
    assert suggestion.last_at is not None
    return day(RULES.calendar.day_of(suggestion.last_at).add(days=days))


@SOME
@pytest.mark.parametrize("rules", [RULES, COALESCING, COOLED_DOWN], ids=["speaking", "collapsing", "cooldown"])
@given(data=st.data(), days=st.integers(0, 400))
def test_sweeping_twice_is_sweeping_once(rules: Rulebook, data: st.DataObject, days: int) -> None:
    suggestion = lived(rules, data.draw(lives(rules))).look_up("1")
    once, _ = swept(rules, suggestion, later(suggestion, days))

    assert swept(rules, once, later(suggestion, days)) == (once, ())
    assert (wakes_on(rules, once) or Day.max) > later(suggestion, days)


@SOME
@pytest.mark.parametrize("rules", [WITHOUT_ANSWERS, COOLED_DOWN], ids=["speaking", "cooldown"])
@given(data=st.data(), days=st.integers(1, 250))
def test_day_by_day_and_once_at_the_end_say_the_same_rungs_in_the_same_order(
    rules: Rulebook, data: st.DataObject, days: int
) -> None:
    """What hangs on an answer asked for on the day of speaking is left out: it cannot be asked for in the past."""
    suggestion = lived(rules, data.draw(lives(rules))).look_up("1")
    daily, said = suggestion, list[tuple[str, FiringKey, Day]]()
    for passed in range(days + 1):
        daily, entries = swept(rules, daily, later(suggestion, passed))
        said += rungs_of(entries)
    _, at_once = swept(rules, suggestion, later(suggestion, days))

    assert rungs_of(at_once) == said


@SOME
@pytest.mark.parametrize("is_swept", [True, False], ids=["swept", "never swept"])
@given(life=lives(RULES))
def test_no_rung_speaks_twice_under_one_firing_key(is_swept: bool, life: Life) -> None:
    engine = lived(RULES, life, is_swept)
    firing_keys = [firing_key for _, firing_key, _ in rungs_of(engine.history("1"))]
    known = engine.look_up("1").firing_keys
    passed_on = set(known) - set(firing_keys)

    assert len(set(firing_keys)) == len(firing_keys)
    assert len(set(known)) == len(known)
    assert [firing_key for firing_key in known if firing_key not in passed_on] == firing_keys
    assert not passed_on or "succeeded" in {entry.kind for entry in engine.history("1")}


@SOME
@given(life=lives(RULES))
def test_an_act_first_settles_the_clock(life: Life) -> None:
    """No act leaves a day missed before it unwritten; what a term it ends had still to say is recorded as lapsed."""
    engine = lived(RULES, life, is_swept=False)
    suggestion, history = engine.look_up("1"), engine.history("1")
    assert suggestion.last_at is not None
    taken = {firing_key for _, firing_key, _ in rungs_of(history)}

    assert misses(RULES, suggestion, RULES.calendar.day_of(suggestion.last_at)) == ()
    for entry in history:
        if isinstance(entry.event, (TermMet, TermDropped)):
            assert overdue(suggestion, entry, taken) == []


def overdue(suggestion: Suggestion, entry: Entry, taken: set[FiringKey]) -> list[FiringKey]:
    """The rungs of a term that ended whose day had come by then and that were neither said nor lapsed."""
    assert isinstance(entry.event, (TermMet, TermDropped))
    term = suggestion.term(entry.event.key)
    if term is None or term.due_on is None or term.is_paused or suggestion.taken_over_on is not None:
        return []
    come = [
        FiringKey(term.key, rung.id)
        for rung in RULES.rungs_of(term.key.rule)
        if not rung.applies_to and shift(term.due_on, rung.trigger.offset, RULES.calendar) <= entry.on
    ]
    return [firing_key for firing_key in come if firing_key not in taken]


SHIPPED = [(name, rung.id) for name in names() for rung in load_preset(name).rungs]


@cache
def speaking(name: str) -> frozenset[str]:
    """The rungs of a rulebook that speak in some history; histories are made up until all have, or long enough."""
    rules = load_preset(name) if name else RULES
    silent = {rung.id for rung in rules.rungs}

    def all_have_spoken(life: Life) -> bool:
        engine = lived(rules, life)
        last = max(on for on, _, _ in life) + datetime.timedelta(days=200)
        engine.sweep(at=instant(str(last)))
        silent.difference_update(s.rung for s in engine.look_up("1").supervisions if s.rung)
        return not silent

    with suppress(NoSuchExample):
        find(lives(rules), all_have_spoken, settings=ANY)
    return frozenset(rung.id for rung in rules.rungs) - silent


@pytest.mark.parametrize(("name", "rung"), [*SHIPPED, *(("", rung["id"]) for rung in (*LADDER, *ON_ANSWERS))])
def test_every_rung_can_speak(name: str, rung: str) -> None:
    """A history is looked for in which it does; finding none is failing."""
    assert rung in speaking(name)
