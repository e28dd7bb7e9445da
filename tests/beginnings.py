"""Who is in it, under which rules, and how far has it come? Beginnings that tests of every layer share."""

from __future__ import annotations

from typing import Any

from pendulum import DateTime, timezone

from handleflow import Engine, Rulebook, load
from handleflow.acts import Accept, Assign, Receive, RecordContact, Reply
from handleflow.legal_time import day
from handleflow.testing import Scenario, deputy, given, government, leader, office, unit

SHANGHAI = timezone("Asia/Shanghai")
OFFICE = office("Standing Committee Office")
GOVERNMENT = government("City Government Office")
LEADER = leader("Vice Mayor (placeholder)")
DEPUTY, SECOND = deputy("Deputy A"), deputy("Deputy B")
WATER, ROADS, SCHOOLS = unit("Water Bureau"), unit("Roads Bureau"), unit("Schools Bureau")


def instant(written: str, hour: int = 9) -> DateTime:
    """An instant on a day, in the zone of the shipped Chinese calendars."""
    found = day(written)
    return DateTime(found.year, found.month, found.day, hour, tzinfo=SHANGHAI)


AFTER_ALL = instant("2199-12-31")
"""The present of an engine that is told the instant of every act of a life, whenever that was."""


def later(engine: Engine, now: DateTime) -> Engine:
    """An engine on the store of *engine*, whose clock has come to *now*."""
    return Engine(engine.store, engine.rulebooks, clock=lambda: now)


def rulebook(base: str = "cn.national", **changes: Any) -> Rulebook:
    """A shipped rulebook under a test's own name, with changes as a file that extends it would make."""
    return load(base, changes={"name": "test", "version": "1", **changes})


def received(rules: Rulebook) -> Scenario:
    """A suggestion taken in on 9 February 2026, made by Deputy A."""
    return given(rules, "2026-017").and_(Receive("Pipes", "Deputy A"), by=OFFICE, on="2026-02-09")


def assigned(rules: Rulebook, *leads: str, co_units: tuple[str, ...] = ()) -> Scenario:
    """The same, given to its units the day after; to the Water Bureau where no lead is named."""
    return received(rules).and_(Assign(leads or (WATER.name,), co_units), by=OFFICE, on="2026-02-10")


def accepted(rules: Rulebook, *leads: str, co_units: tuple[str, ...] = ()) -> Scenario:
    """The same, signed for by every unit on that day."""
    story = assigned(rules, *leads, co_units=co_units)
    for name in story.suggestion.units:
        story = story.and_(Accept(), by=unit(name))
    return story


def replied(rules: Rulebook, *leads: str, outcome: str = "A") -> Scenario:
    """The same, answered by every lead on that day after it heard the deputy."""
    story = accepted(rules, *leads)
    for name in story.suggestion.units:
        story = story.and_(RecordContact("before"), by=unit(name)).and_(Reply(outcome, "done"), by=unit(name))
    return story
