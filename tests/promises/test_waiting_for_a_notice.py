"""Is nobody told to be late by a day that the year's notice may still move? In every store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from handleflow import Engine, MemoryStore, Rulebook, Store
from handleflow.acts import Assign, Receive, Supervise
from handleflow.engine.health import CalendarEnd
from handleflow.legal_time import day
from handleflow.stores.sql import SqlStore
from handleflow.views import board, board_data, board_lines, report_data, summarize, workload
from tests.beginnings import OFFICE, instant, rulebook
from tests.databases import fresh_postgres
from tests.markers import POSTGRES

RULES = rulebook()
CN = {"name": "cn", "zone": "Asia/Shanghai", "rest_days": ["sat", "sun"], "known_from": "2026-01-01"}
NOTICE = {"year": 2027, "source": "host", "holidays": ["2027-01-01", "2027-02-05/2027-02-11"]}
GROWN = rulebook(version="2", calendar={**CN, "version": "2027", "known_through": "2027-12-31", "year": [NOTICE]})
"""The next year's notice: the term that was due on 2027-02-09 by the decree is due on 2027-02-12."""


@pytest.fixture(params=["memory", "sqlite", POSTGRES])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "memory":
        yield MemoryStore()
        return
    kept = SqlStore(fresh_postgres() if request.param == "postgres" else str(tmp_path / "a.db"))
    yield kept
    kept.close()


def engine_of(store: Store, today: str, *rules: Rulebook) -> Engine:
    return Engine(store, rules or [RULES], clock=lambda: instant(today))


def begun(store: Store, *, assigned_on: str = "2026-11-06") -> None:
    engine = engine_of(store, assigned_on)
    engine.execute("1", Receive("Pipes", "Deputy A"), by=OFFICE, at=instant(assigned_on, 8))
    engine.execute("1", Assign(("Water Bureau",)), by=OFFICE, at=instant(assigned_on))


def kinds(engine: Engine) -> list[str]:
    return [entry.kind for _, entry in engine.sweep(confirmed=engine.today()).said]


def test_a_miss_waits_while_the_notice_is_outstanding_and_the_clock_has_nothing_to_do(store: Store) -> None:
    begun(store)
    engine = engine_of(store, "2027-02-20")

    assert (kinds(engine), engine.health().waiting, engine.look_up("1").terms[0].missed_on) == ([], 0, None)


def test_once_the_notice_is_there_the_day_moves_and_is_missed_by_where_it_is_then(store: Store) -> None:
    begun(store)
    engine = engine_of(store, "2027-02-20", GROWN, RULES)
    moved = engine.adopt_calendar("test", "2", by=OFFICE)

    assert [(entry.kind) for _, entry in moved.entries] == ["adopted", "term_moved"]
    assert (kinds(engine), str(engine.look_up("1").terms[0].missed_on)) == (["deadline_missed"], "2027-02-12")


def test_a_day_that_a_notice_covers_is_missed_as_ever(store: Store) -> None:
    begun(store, assigned_on="2026-08-10")

    assert kinds(engine_of(store, "2026-11-12")) == ["deadline_missed"]


def test_a_day_before_the_calendar_begins_is_provisional_and_waits_for_nothing(store: Store) -> None:
    begun(store, assigned_on="2018-02-05")
    engine = engine_of(store, "2018-06-01")

    assert (engine.look_up("1").terms[0].is_provisional, kinds(engine)) == (True, ["deadline_missed"])


def test_a_day_that_people_named_waits_for_no_notice(store: Store) -> None:
    begun(store)
    engine = engine_of(store, "2027-02-01")
    engine.execute("1", Supervise("Water Bureau", "phone", "how far is it?", answer_by=day("2027-02-10")), by=OFFICE)
    said = engine_of(store, "2027-02-22").sweep(confirmed="2027-02-22").said

    assert [str(getattr(entry.event, "due_on", None)) for _, entry in said] == ["2027-02-10"]


def test_what_waits_is_counted_by_health_board_units_and_report(store: Store) -> None:
    begun(store)
    engine, on = engine_of(store, "2027-02-20"), day("2027-02-20")
    (line,) = board(engine.with_rulebooks(), on)
    (unit,) = workload(engine.with_rulebooks(), on)
    (end,) = engine.health().calendar_ends

    assert end == CalendarEnd("cn 2026.1", day("2026-12-31"), -51, awaiting_notice=1)
    assert (line.awaits_notice, board_data([line])[0]["provisional"]) == (True, True)
    assert (unit.overdue, unit.provisional) == (0, 1)
    assert report_data(summarize(engine.with_rulebooks()))["reconstructed"]["provisional"] == 1


@pytest.mark.parametrize(
    ("lang", "due", "stands"),
    [
        ("en", "2027-02-09 (provisional)", "past, waits for the holiday notice"),
        ("zh", "2027-02-09（暂定）", "已过，待放假通知"),
    ],
)
def test_the_board_marks_the_day_in_both_languages(lang: str, due: str, stands: str, store: Store) -> None:
    begun(store)
    rows = engine_of(store, "2027-02-20").with_rulebooks()
    (row,) = board_lines(board(rows, day("2027-02-20")), lang)

    assert (row[5].endswith(due), row[6]) == (True, stands)


@pytest.mark.parametrize(
    ("today", "told"),
    [
        pytest.param("2026-10-31", [], id="sixty-one days before"),
        pytest.param("2026-11-01", [60], id="within sixty days"),
        pytest.param("2026-12-31", [0], id="its last day"),
        pytest.param("2027-01-03", [-3], id="ended"),
    ],
)
def test_health_warns_sixty_days_before_a_calendar_ends(today: str, told: list[int], store: Store) -> None:
    assert [end.days_left for end in engine_of(store, today).health().calendar_ends] == told


def test_of_a_calendar_that_nothing_is_counted_by_any_more_nobody_is_warned(store: Store) -> None:
    assert engine_of(store, "2027-01-03", GROWN, RULES).health().calendar_ends == ()
