"""Is a day that a notice may still move marked wherever the command line shows it, in both languages?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from handleflow import Engine, load_preset
from handleflow.acts import Assign, Receive
from handleflow.cli import main
from handleflow.stores.sql import SqlStore
from tests.beginnings import OFFICE, instant

Said = pytest.CaptureFixture[str]


@pytest.fixture
def where(tmp_path: Path) -> str:
    """A store with a suggestion that is due on the first working day after the Spring Festival of 2027."""
    path = str(tmp_path / "a.db")
    store = SqlStore(path)
    engine = Engine(store, [load_preset("cn.national")], clock=lambda: instant("2026-11-06"))
    engine.execute("1", Receive("Pipes", "Deputy A"), by=OFFICE)
    engine.execute("1", Assign(("Water Bureau",)), by=OFFICE)
    store.close()
    return path


def said(capsys: Said, *args: str) -> str:
    main([*args])
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("lang", "mark", "why"),
    [("en", "2027-02-09 (provisional)", "no notice covers it yet"), ("zh", "2027-02-09（暂定）", "尚无放假通知")],
)
@pytest.mark.usefixtures("wide_screen")
def test_it_is_marked(lang: str, mark: str, why: str, where: str, capsys: Said) -> None:
    shown = said(capsys, "show", "1", "--store", where, "--lang", lang)
    explained = said(capsys, "explain", "1", "--store", where, "--lang", lang)
    due = said(capsys, "due", "2026-11-06", "3 months", "--lang", lang)

    assert (mark in shown, why in explained, due.startswith(mark), why in due) == (True,) * 4


def test_it_is_marked_in_json(where: str, capsys: Said) -> None:
    explained = json.loads(said(capsys, "explain", "1", "--json", "--store", where))
    (line,) = json.loads(said(capsys, "board", "--json", "--on", "2027-02-20", "--store", where))

    assert ([each["provisional"] for each in explained], line["provisional"]) == ([True], True)


@pytest.mark.usefixtures("wide_screen")
@pytest.mark.parametrize(("lang", "column"), [("en", "provisional"), ("zh", "暂定期限")])
def test_units_have_a_column_for_such_days_only_where_there_is_one(
    lang: str, column: str, where: str, capsys: Said, tmp_path: Path
) -> None:
    store = SqlStore(str(tmp_path / "b.db"))
    engine = Engine(store, [load_preset("cn.national")], clock=lambda: instant("2026-02-10"))
    engine.execute("1", Receive("Pipes", "Deputy A"), by=OFFICE)
    engine.execute("1", Assign(("Water Bureau",)), by=OFFICE)
    store.close()
    plain = said(capsys, "units", "--on", "2026-02-10", "--store", str(tmp_path / "b.db"), "--lang", lang)

    assert column in said(capsys, "units", "--on", "2026-11-06", "--store", where, "--lang", lang)
    assert ("Water Bureau" in plain, column in plain) == (True, False)


@pytest.mark.parametrize(("lang", "told"), [("en", "are no misses yet"), ("zh", "暂不计逾期")])
def test_the_board_counts_what_has_passed_and_waits(lang: str, told: str, where: str, capsys: Said) -> None:
    main(["board", "--on", "2027-02-20", "--store", where, "--lang", lang])

    assert told in capsys.readouterr().err.replace("\n", " ")


@pytest.mark.parametrize(
    ("lang", "told"), [("en", "cn 2026.1 knows the notices through 2026-12-31"), ("zh", "2026-12-31")]
)
def test_check_and_rulebooks_say_the_day_it_ends(lang: str, told: str, capsys: Said) -> None:
    checked = said(capsys, "check", "cn.national", "--lang", lang)
    (listed,) = json.loads(said(capsys, "rulebooks", "cn.national", "--json"))

    assert told in checked.replace("\n", " ")
    assert listed["calendar"] == {"name": "cn", "version": "2026.1", "known_through": "2026-12-31"}
