"""Do histories go forward in the hour that comes twice, whatever a zone's clocks show?"""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

import pytest
from pendulum import DateTime, timezone

from handleflow import Engine, Store
from handleflow.acts import Assign, Classify, Receive
from handleflow.errors import OutOfOrder
from handleflow.legal_time import instant, is_before, latest, utc
from tests.beginnings import OFFICE, rulebook

BERLIN = timezone("Europe/Berlin")
CALENDAR = {
    "name": "berlin",
    "version": "1",
    "zone": "Europe/Berlin",
    "rest_days": ["sat", "sun"],
    "known_from": "2026-01-01",
    "known_through": "2027-12-31",
    "year": [{"year": year, "source": "host", "holidays": []} for year in (2026, 2027)],
}
RUNG = {"id": "noticed", "after": "assigned", "channel": "phone", "cite": "host"}
RULES = rulebook(calendar=CALENDAR, rung=[RUNG])


def shown(minute: int, fold: int) -> DateTime:
    """What clocks in Berlin show after two on 25 October 2026, before (0) or after (1) they are set back."""
    return DateTime(2026, 10, 25, 2, minute, tzinfo=BERLIN, fold=fold)


FIRST, SECOND = shown(30, 0), shown(10, 1)
"""The second comes forty minutes after the first, though clocks show twenty minutes less."""


@pytest.fixture
def store(any_store: Store) -> Store:
    return any_store


def test_what_comes_later_is_recorded_and_what_comes_before_is_refused(store: Store) -> None:
    engine = Engine(store, [RULES])
    engine.execute("1", Receive("Pipes", "Deputy A"), by=OFFICE, at=FIRST)
    engine.execute("1", Assign(("Water Bureau",)), by=OFFICE, at=SECOND)
    with pytest.raises(OutOfOrder):
        engine.execute("1", Classify("water"), by=OFFICE, at=shown(50, 0))

    instants = [utc(entry.at) for entry in engine.history("1")]
    assert instants == sorted(instants)
    assert instants[-1] == utc(SECOND)


def test_an_engines_own_clock_never_goes_back_behind_the_last_entry(store: Store) -> None:
    Engine(store, [RULES]).execute("1", Receive("Pipes", "Deputy A"), by=OFFICE, at=SECOND)
    slow = Engine(store, [RULES], clock=lambda: FIRST)
    slow.execute("1", Assign(("Water Bureau",)), by=OFFICE)

    assert {utc(entry.at) for entry in slow.history("1")} == {utc(SECOND)}


def test_a_sweep_never_speaks_before_the_last_entry(store: Store) -> None:
    engine = Engine(store, [RULES])
    engine.execute("1", Receive("Pipes", "Deputy A"), by=OFFICE, at=FIRST)
    engine.execute("1", Assign(("Water Bureau",)), by=OFFICE, at=SECOND)
    (_, said), *_ = engine.sweep(at=FIRST).said

    assert utc(said.at) == utc(SECOND)


def test_of_two_instants_the_earlier_one_is_told_in_whatever_zone_they_were() -> None:
    found = datetime.datetime(2026, 10, 25, 2, 10, fold=1, tzinfo=ZoneInfo("Europe/Berlin"))

    assert (is_before(FIRST, SECOND), is_before(SECOND, FIRST), is_before(FIRST, FIRST)) == (True, False, False)
    assert utc(instant(found)) == utc(latest(SECOND, FIRST)) == utc(SECOND)
    assert is_before(utc(FIRST), SECOND)
