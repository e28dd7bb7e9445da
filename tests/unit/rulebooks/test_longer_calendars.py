"""Does a calendar file that extends another say all that is known, and is it refused where it cannot?"""

from __future__ import annotations

from pathlib import Path

import pytest

from handleflow import load
from handleflow.errors import BrokenCalendar, BrokenRulebook, UnknownCalendar
from handleflow.legal_time import day
from handleflow.rulebooks import load_calendar

YEAR = """
name = "cn"
version = "2027.1"
extends = "cn"
known_through = "2027-12-31"

[[year]]
year = 2027
source = "a notice invented for this test"
holidays = ["2027-01-01", "2027-02-05/2027-02-11", "2027-10-01/2027-10-07"]
make_up_days = ["2027-02-14"]
"""


def written(folder: Path, text: str = YEAR, name: str = "cn.2027.toml") -> Path:
    """A file of that text."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_year_is_added_to_what_is_known_and_the_rest_stays(tmp_path: Path) -> None:
    base, longer = load_calendar("cn"), load_calendar(written(tmp_path))
    added = longer.holidays - base.holidays

    assert (longer.version, longer.known_from, longer.known_through) == ("2027.1", base.known_from, day("2027-12-31"))
    assert (base.holidays <= longer.holidays, {each.year for each in added}, len(added)) == (True, {2027}, 15)
    assert longer.make_up_days - base.make_up_days == {day("2027-02-14")}


def test_in_a_year_that_is_added_the_notice_holds_and_the_decree_in_those_after_it(tmp_path: Path) -> None:
    longer = load_calendar(written(tmp_path))
    days = ("2027-05-03", "2027-04-05", "2027-02-14", "2028-04-04")

    assert [longer.is_working_day(day(each)) for each in days] == [True, True, True, False]


def test_a_longer_calendar_may_be_extended_again_and_stand_beside_a_rulebook(tmp_path: Path) -> None:
    written(tmp_path)
    written(
        tmp_path,
        'name = "cn"\nversion = "2028.1"\nextends = "cn.2027.toml"\nknown_through = "2028-12-31"\n',
        "cn.2028.toml",
    )
    rules = load(
        written(
            tmp_path,
            'name = "a"\nversion = "1"\ntitle = "A"\nextends = "cn.national"\ncalendar = "cn.2028.toml"\n',
            "a.toml",
        )
    )

    assert (str(rules.calendar.known_through), day("2027-02-11") in rules.calendar.holidays) == ("2028-12-31", True)


@pytest.mark.parametrize(
    ("without", "said"),
    [
        pytest.param(
            'version = "2027.1"\n', "cn.2027.toml:3: it extends cn and needs a version of its own", id="version"
        ),
        pytest.param(
            'known_through = "2027-12-31"\n',
            "2027-01-01 lies outside what is known, 2019-01-01 to 2026-12-31",
            id="end",
        ),
        pytest.param('source = "a notice invented for this test"\n', "it needs 'source'", id="source"),
    ],
)
def test_what_a_longer_calendar_lacks_is_named(without: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(BrokenCalendar) as caught:
        load_calendar(written(tmp_path, YEAR.replace(without, "")))

    assert said in str(caught.value)


def test_a_fault_is_told_in_the_file_and_line_where_it_stands(tmp_path: Path) -> None:
    path = written(tmp_path, YEAR.replace('"2027-02-14"', '"2027-02-30"'))
    with pytest.raises(BrokenCalendar, match=rf"{path.name}:11: year 2027, make_up_days 1"):
        load_calendar(path)


@pytest.mark.parametrize("base", ["cn.2027.toml", "5"])
def test_a_calendar_that_extends_itself_or_no_name_is_refused(base: str, tmp_path: Path) -> None:
    text = YEAR.replace('extends = "cn"', "extends = 5" if base == "5" else f'extends = "{base}"')
    with pytest.raises(BrokenCalendar, match="it cannot extend"):
        load_calendar(written(tmp_path, text))


def test_one_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnknownCalendar, match="'cnn' ships; did you mean 'cn'"):
        load_calendar(written(tmp_path, YEAR.replace('extends = "cn"', 'extends = "cnn"')))


def test_in_a_rulebook_it_is_a_finding_of_the_rulebook(tmp_path: Path) -> None:
    written(tmp_path, YEAR.replace('known_through = "2027-12-31"\n', ""))
    rules = 'name = "a"\nversion = "1"\ntitle = "A"\nextends = "cn.national"\ncalendar = "cn.2027.toml"\n'
    with pytest.raises(BrokenRulebook, match="2027-01-01 lies outside"):
        load(written(tmp_path, rules, "a.toml"))
