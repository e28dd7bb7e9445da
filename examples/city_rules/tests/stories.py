"""How the stories of these tests begin."""

from __future__ import annotations

from city_rules import RULES
from handleflow import Promise
from handleflow.acts import Accept, Assign, Receive, RecordContact, Reply
from handleflow.testing import Scenario, given, office, unit

OFFICE = office()
WATER, ROADS, FINANCE = unit("Water Bureau"), unit("Roads Bureau"), unit("Finance Bureau")


def received(on: str = "2026-03-02") -> Scenario:
    """Deputy A's suggestion has come in."""
    return given(RULES).and_(Receive("Safe drinking water", "Deputy A"), by=OFFICE, on=on)


def assigned(*leads: str, co_units: tuple[str, ...] = (), is_long_track: bool = False) -> Scenario:
    """The office has named who handles it, two days later."""
    act = Assign(leads or ("Water Bureau",), co_units=co_units, is_long_track=is_long_track)
    return received().and_(act, by=OFFICE, on="2026-03-04")


def handling() -> Scenario:
    """The Water Bureau has signed for it and heard the deputy."""
    return assigned().and_(Accept(), by=WATER).and_(RecordContact("before", "visit"), by=WATER, on="2026-03-09")


def replied(outcome: str = "A", *commitments: Promise) -> Scenario:
    """The Water Bureau has answered."""
    return handling().and_(Reply(outcome, "New pipes are laid.", commitments), by=WATER, on="2026-04-20")
