"""The year's notice is out: does all that must move by it, once, whoever's engine it is? In every store."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from attrs import evolve

from handleflow import Engine, MemoryStore, Store
from handleflow.acts import Assign, Receive
from handleflow.cli import main
from handleflow.core import replay
from handleflow.errors import AlteredCalendar
from handleflow.legal_time import WorkCalendar, day
from handleflow.model import Actor
from handleflow.rulebooks import load_calendar
from handleflow.rules.newer_calendar import kept_calendar, under_calendar
from handleflow.stores.sql import SqlStore
from handleflow.verification import verify
from tests.beginnings import OFFICE, instant, rulebook
from tests.databases import fresh_postgres
from tests.markers import POSTGRES

RULES, OTHER = rulebook(), rulebook(name="other")
NOTICE = """
name = "cn"
version = "2027.1"
extends = "cn"
known_through = "2027-12-31"

[[year]]
year = 2027
source = "a notice invented for this test"
holidays = ["2027-01-01", "2027-02-05/2027-02-11"]
make_up_days = ["2027-02-14"]
"""
NEWER = "test 1+cn.2027.1"


@pytest.fixture(params=["memory", "sqlite", POSTGRES])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "memory":
        yield MemoryStore()
        return
    kept = SqlStore(fresh_postgres() if request.param == "postgres" else str(tmp_path / "a.db"))
    yield kept
    kept.close()


@pytest.fixture
def calendar(tmp_path: Path) -> WorkCalendar:
    (tmp_path / "cn.2027.toml").write_text(NOTICE, encoding="utf-8")
    return load_calendar(tmp_path / "cn.2027.toml")


def engine_of(store: Store, today: str = "2026-12-01") -> Engine:
    return Engine(store, [RULES, OTHER], clock=lambda: instant(today))


def begun(store: Store, *, assigned: bool = True, id: str = "1") -> Engine:
    engine = engine_of(store)
    engine.execute(id, Receive("Pipes", "Deputy A"), by=OFFICE, at=instant("2026-11-06", 8))
    if assigned:
        engine.execute(id, Assign(("Water Bureau",)), by=OFFICE, at=instant("2026-11-06"))
    return engine


def test_every_open_suggestion_is_counted_by_it_and_what_must_move_moves_once(
    store: Store, calendar: WorkCalendar
) -> None:
    begun(store, assigned=False, id="2")
    engine = begun(store)
    engine.add_calendar(calendar)
    of_test, of_other = engine.adopt_calendars(by=OFFICE)
    (term,) = engine.look_up("1").terms

    assert (of_test.rulebook, of_test.before, of_test.calendar, of_test.moved) == (
        NEWER,
        "test 1",
        "cn 2027.1",
        ("1",),
    )
    assert [(id, entry.kind) for id, entry in of_test.outcome.entries] == [
        ("1", "adopted"),
        ("1", "term_moved"),
        ("2", "adopted"),
    ]
    assert (str(term.due_on), term.is_provisional, of_other.outcome.entries) == ("2027-02-12", False, ())


def test_doing_it_twice_changes_nothing_twice(store: Store, calendar: WorkCalendar) -> None:
    engine = begun(store)
    added = [engine.add_calendar(calendar), engine.add_calendar(calendar)]
    engine.adopt_calendars(by=OFFICE)
    texts = len(store.rulebooks()), len(store.calendars()), len(engine.history("1"))
    again = engine.adopt_calendars(by=OFFICE)

    assert (added, [each.outcome.entries for each in again]) == ([True, False], [(), ()])
    assert (len(store.rulebooks()), len(store.calendars()), len(engine.history("1"))) == texts


def test_a_dry_run_says_what_would_move_and_writes_nothing(store: Store, calendar: WorkCalendar) -> None:
    engine = begun(store)
    engine.add_calendar(calendar)
    before = len(store.rulebooks()), engine.history("1"), engine.rulebooks
    would, _ = engine.adopt_calendars(by=OFFICE, dry_run=True)

    assert (would.moved, (len(store.rulebooks()), engine.history("1"), engine.rulebooks)) == (("1",), before)
    assert engine.adopt_calendars(by=OFFICE)[0].moved == would.moved


def test_it_holds_for_every_engine_on_the_store_and_for_new_suggestions(store: Store, calendar: WorkCalendar) -> None:
    first = begun(store)
    first.add_calendar(calendar)
    first.adopt_calendars(by=OFFICE)
    another = engine_of(store)
    another.execute("9", Receive("Roads", "Deputy A"), by=OFFICE)
    first.execute("8", Receive("Roads", "Deputy A"), by=OFFICE)

    assert [str(another.look_up(id).rulebook) for id in ("1", "8", "9")] == [NEWER] * 3
    assert another.rulebook("test", "1") == RULES


def test_an_engine_that_runs_meanwhile_takes_it_up_when_it_meets_it(store: Store, calendar: WorkCalendar) -> None:
    running, another = begun(store), engine_of(store)
    another.add_calendar(calendar)
    another.adopt_calendars(by=OFFICE)
    met = str(running.rulebook_of(running.look_up("1")).ref)
    running.execute("9", Receive("Roads", "Deputy A"), by=OFFICE)

    assert (met, str(running.look_up("9").rulebook)) == (NEWER, NEWER)


def test_what_was_counted_by_the_older_one_is_explained_replayed_and_verified_as_before(
    store: Store, calendar: WorkCalendar
) -> None:
    engine = begun(store)
    engine.add_calendar(calendar)
    engine.adopt_calendars(by=OFFICE)
    history = engine.history("1")

    assert [entry.calendar.version for entry in history] == ["2026.1"] * 3 + ["2027.1"] * 2
    assert replay("1", history) == engine.look_up("1")
    assert list(verify(store, engine_of(store).rulebooks)) == []


def test_one_that_may_not_adopt_it_stays_and_is_named(store: Store, calendar: WorkCalendar) -> None:
    engine = begun(store)
    engine.add_calendar(calendar)
    (stays, _) = engine.adopt_calendars(by=Actor("deputy", "Deputy A"))

    assert ([id for id, _ in stays.outcome.failed], str(engine.look_up("1").rulebook)) == (["1"], "test 1")


def test_another_content_under_a_kept_name_and_version_is_refused(store: Store, calendar: WorkCalendar) -> None:
    engine = engine_of(store)
    engine.add_calendar(calendar)
    with pytest.raises(AlteredCalendar, match=r"cn 2027\.1 is kept here with other content"):
        engine.add_calendar(evolve(calendar, holidays=calendar.holidays - {day("2027-01-01")}))


def test_an_older_or_another_calendar_moves_nothing(store: Store, calendar: WorkCalendar) -> None:
    engine = begun(store)
    engine.add_calendar(evolve(calendar, name="elsewhere"))
    engine.add_calendar(evolve(load_calendar("cn"), version="2026.0", holidays=frozenset(), make_up_days=frozenset()))

    assert engine.adopt_calendars(by=OFFICE) == ()


def test_a_later_notice_of_the_same_year_goes_before_the_earlier(store: Store, calendar: WorkCalendar) -> None:
    engine = begun(store)
    engine.add_calendar(evolve(calendar, version="2027.9"))
    engine.adopt_calendars(by=OFFICE)
    engine.add_calendar(evolve(calendar, version="2027.10", holidays=calendar.holidays | {day("2027-02-12")}))
    of_test, _ = engine.adopt_calendars(by=OFFICE)

    assert (of_test.rulebook, str(engine.look_up("1").terms[0].due_on)) == ("test 1+cn.2027.10", "2027-02-14")
    assert [str(rules.ref) for rules in engine_of(store).rulebooks][:3] == [
        "test 1+cn.2027.10",
        "test 1+cn.2027.9",
        "test 1",
    ]


def test_the_kept_text_of_a_calendar_is_the_calendar_again(calendar: WorkCalendar) -> None:
    assert kept_calendar(calendar.document) == calendar
    assert (
        under_calendar(RULES, kept_calendar(calendar.document)).document == under_calendar(RULES, calendar).document
    )


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_at_the_command_line(
    lang: str, tmp_path: Path, calendar: WorkCalendar, capsys: pytest.CaptureFixture[str]
) -> None:
    where = tmp_path / "a.db"
    kept = SqlStore(str(where))
    begun(kept)
    kept.close()
    on = ["--store", str(where), "--lang", lang]
    by = ["--by", "government_office:Government Office (placeholder)"]
    told = [main(["calendar", "adopt", *by, *on])]
    told += [main(["calendar", "add", str(tmp_path / "cn.2027.toml"), *on]) for _ in range(2)]
    told += [main(["calendar", "adopt", *by, *extra, *on]) for extra in (["--dry-run"], [])]
    lines = capsys.readouterr().out.replace("\n ", " ").splitlines()
    told += [main(["calendar", "adopt", *by, "--json", *on])]
    data = json.loads(capsys.readouterr().out)

    assert (told, len(lines) >= 5) == ([0] * 6, True)
    assert {each["rulebook"]: (each["adopted"], each["failed"]) for each in data["rulebooks"]} == {
        NEWER: ([], {}),
        "other 1+cn.2027.1": ([], {}),
    }
