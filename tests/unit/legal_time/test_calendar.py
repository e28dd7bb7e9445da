"""Which days work? The shipped calendar against an independent source, and what every calendar promises."""

from __future__ import annotations

import datetime
import re
import tomllib
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo

import holidays
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as some
from pendulum import DateTime, timezone

from handleflow import load_preset
from handleflow.errors import BrokenCalendar, ImpossibleDay, NaiveInstant, OutsideCalendar, UnknownCalendar
from handleflow.legal_time import Day, WorkCalendar, as_plain_utc, day, days_later, instant, utc
from handleflow.rulebooks import load_calendar

CN = load_preset("cn.national").calendar
NOTICES = tomllib.loads(files("handleflow").joinpath("presets", "calendars", "cn.toml").read_text(encoding="utf-8"))
SOURCES: dict[int, str] = {each["year"]: each["source"] for each in NOTICES["year"]}
SHANGHAI = timezone("Asia/Shanghai")


def make_calendar(
    holidays_: tuple[str, ...] = (), make_up_days: tuple[str, ...] = (), **change: object
) -> WorkCalendar:
    """A calendar of one year, 2026, with what a test puts there."""
    given_: dict[str, object] = {
        "name": "place",
        "version": "1",
        "zone_name": "Asia/Shanghai",
        "rest_days": ("sat", "sun"),
        "holidays": frozenset(map(day, holidays_)),
        "make_up_days": frozenset(map(day, make_up_days)),
        "known_from": day("2026-01-01"),
        "known_through": day("2026-12-31"),
        **change,
    }
    return WorkCalendar(**given_)  # type: ignore[arg-type]  # the test says what is wrong with it


def known_days() -> some.SearchStrategy[Day]:
    """Days on which the shipped calendar is known."""
    return some.dates(CN.known_from, CN.known_through).map(day)


def following(start: Day, n: int = 1) -> Day:
    """The calendar day *n* after *start*."""
    return day(datetime.date.fromordinal(start.toordinal() + n))


def test_the_shipped_calendar_agrees_with_an_independent_one_on_every_day_of_eight_years() -> None:
    theirs = holidays.country_holidays("CN", years=range(2019, 2027))
    days = [following(day("2019-01-01"), n) for n in range((day("2026-12-31") - day("2019-01-01")).days + 1)]
    works = {d: d in theirs.weekend_workdays or (d.weekday() < 5 and d not in theirs) for d in days}

    assert [(str(d), SOURCES[d.year]) for d in days if CN.is_working_day(d) != works[d]] == []


def test_no_holiday_of_the_independent_calendar_is_lacking_even_where_it_falls_on_a_weekend() -> None:
    theirs = holidays.country_holidays("CN", years=range(2019, 2027))

    assert [(d.isoformat(), SOURCES[d.year]) for d in sorted(theirs) if not CN.is_statutory_rest(day(d))] == []


@pytest.mark.parametrize(
    ("year", "rest", "make_up"),
    [
        pytest.param(2019, 28, 6, id="2019: four days at Labour Day, two of its make-up days by a second notice"),
        pytest.param(2020, 30, 6, id="2020: seven make-up days, of which a second notice takes back one"),
        pytest.param(2021, 31, 7, id="2021"),
        pytest.param(2022, 32, 7, id="2022: one day of rest by the notice of the next year"),
        pytest.param(2023, 28, 7, id="2023: two days of rest by the notice of the next year"),
        pytest.param(2024, 30, 8, id="2024"),
        pytest.param(2025, 28, 5, id="2025"),
        pytest.param(2026, 33, 6, id="2026"),
    ],
)
def test_a_year_has_as_many_days_of_rest_and_make_up_days_as_the_notices_name(
    year: int, rest: int, make_up: int
) -> None:
    found = sum(d.year == year for d in CN.holidays), sum(d.year == year for d in CN.make_up_days)

    assert found == (rest, make_up)


@pytest.mark.parametrize(("year", "source"), [pair for pair in SOURCES.items() if pair[1] != "package"])
def test_every_year_not_taken_from_a_package_cites_its_own_notice_by_number(year: int, source: str) -> None:
    title = f"国务院办公厅关于{year}年部分节假日安排的通知"

    assert re.fullmatch(rf"{title}（国办发明电〔{year - 1}〕\d+号）(，国办发明电〔{year}〕\d+号)?", source)


def test_no_year_of_the_shipped_calendar_is_taken_from_a_package() -> None:
    assert [year for year, source in SOURCES.items() if source == "package"] == []


def test_the_shipped_calendar_knows_exactly_the_years_that_were_compared() -> None:
    assert (day("2019-01-01"), day("2026-12-31")) == (CN.known_from, CN.known_through)


@pytest.mark.parametrize(
    ("written", "works", "rests_by_notice"),
    [
        pytest.param("2026-02-10", True, False, id="an ordinary Tuesday works"),
        pytest.param("2026-03-07", False, False, id="an ordinary Saturday rests, by no notice"),
        pytest.param("2026-02-14", True, False, id="a make-up Saturday works"),
        pytest.param("2026-01-04", True, False, id="a make-up Sunday works"),
        pytest.param("2026-02-17", False, True, id="a weekday of the Spring Festival rests"),
        pytest.param("2026-02-22", False, True, id="a Sunday inside the Spring Festival belongs to it"),
        pytest.param("2019-06-08", False, True, id="a Saturday joined to the holiday before it belongs to it"),
        pytest.param("2020-02-01", False, True, id="a make-up Saturday rests once a later notice prolongs the break"),
        pytest.param("2022-12-31", False, True, id="the last day of 2022 rests by the notice of 2023"),
        pytest.param("2023-12-30", False, True, id="a Saturday joined to the next New Year belongs to it"),
        pytest.param("2030-10-01", False, True, id="beyond the notices the days of the decree rest"),
        pytest.param("2030-10-04", True, False, id="beyond the notices nothing is joined to a holiday"),
        pytest.param("2027-02-14", False, False, id="beyond the notices no weekend is made up for"),
        pytest.param("2036-10-01", True, False, id="beyond the decree's days only the week is known"),
    ],
)
def test_a_day_works_or_rests_as_the_notice_says(written: str, works: bool, rests_by_notice: bool) -> None:
    found = CN.is_working_day(day(written)), CN.is_statutory_rest(day(written))

    assert found == (works, rests_by_notice)


@pytest.mark.parametrize("year", range(2027, 2036))
def test_the_days_of_the_decree_are_those_of_an_independent_calendar_of_moon_and_sun(year: int) -> None:
    theirs = holidays.country_holidays("CN", years=year, observed=False)

    assert sorted(each for each in CN.statutory_days if each.year == year) == sorted(map(day, theirs))
    assert {CN.is_working_day(day(each)) for each in theirs} == {False}


def test_of_a_year_without_a_notice_no_day_is_certain() -> None:
    days = [following(day("2027-01-01"), n) for n in range(365 * 9)]

    assert [str(each) for each in days if CN.is_known(each)] == []


def test_a_notice_goes_before_the_decree_in_the_years_that_it_covers() -> None:
    told = make_calendar(("2026-01-02",), statutory_days=frozenset({day("2026-01-01"), day("2027-01-01")}))
    works = {on: told.is_working_day(day(on)) for on in ("2026-01-01", "2026-01-02", "2027-01-01")}

    assert works == {"2026-01-01": True, "2026-01-02": False, "2027-01-01": False}


def test_a_calendar_is_another_by_its_statutory_days_and_the_same_text_as_before_without_any() -> None:
    plain, told = make_calendar(), make_calendar(statutory_days=frozenset({day("2027-01-01")}))

    assert "statutory" not in plain.document
    assert told.digest != plain.digest


@pytest.mark.parametrize(
    ("written", "is_known"),
    [
        pytest.param("2018-12-31", False, id="the day before the first notice"),
        pytest.param("2019-01-01", True, id="the first day"),
        pytest.param("2026-12-31", True, id="the last day"),
        pytest.param("2027-01-01", False, id="a year whose notice has not appeared"),
    ],
)
def test_a_day_is_known_only_where_a_notice_covers_it(written: str, is_known: bool) -> None:
    assert CN.is_known(day(written)) == is_known


@pytest.mark.parametrize(
    ("start", "n", "end"),
    [
        pytest.param("2026-02-11", 3, "2026-02-14", id="forward onto a make-up Saturday"),
        pytest.param("2026-02-11", 4, "2026-02-24", id="forward over the Spring Festival"),
        pytest.param("2026-02-24", -1, "2026-02-14", id="backward over the Spring Festival"),
        pytest.param("2026-02-17", 1, "2026-02-24", id="forward from a day that rests"),
        pytest.param("2026-02-17", -1, "2026-02-14", id="backward from a day that rests"),
        pytest.param("2026-02-17", 0, "2026-02-17", id="no working day is the day itself, though it rests"),
    ],
)
def test_the_nth_working_day_lies_where_the_notice_puts_it(start: str, n: int, end: str) -> None:
    assert CN.working_day_after(day(start), n) == day(end)


@given(known_days(), some.integers(0, 500))
def test_counting_working_days_undoes_going_to_the_nth(start: Day, n: int) -> None:
    assert CN.working_days_between(start, CN.working_day_after(start, n)) == n


@given(known_days(), some.integers(1, 500))
def test_going_back_undoes_going_forth(start: Day, n: int) -> None:
    end = CN.working_day_after(start, n)
    before = CN.working_day_after(end, -n)

    assert CN.working_day_after(before, n) == end


@given(known_days())
def test_a_day_works_if_and_only_if_one_working_day_leads_to_it(written: Day) -> None:
    assert CN.is_working_day(written) == (CN.working_days_between(following(written, -1), written) == 1)


@given(known_days(), known_days(), known_days())
def test_working_days_add_up_whatever_day_lies_between(start: Day, middle: Day, end: Day) -> None:
    parts = CN.working_days_between(start, middle) + CN.working_days_between(middle, end)

    assert parts == CN.working_days_between(start, end)


@given(known_days(), some.integers(-300, 300).filter(bool))
def test_the_nth_working_day_is_a_working_day(start: Day, n: int) -> None:
    assert CN.is_working_day(CN.working_day_after(start, n))


@pytest.mark.parametrize("written", ["2003-12-31", "2042-01-01"])
def test_a_day_out_of_reach_is_refused_rather_than_guessed(written: str) -> None:
    with pytest.raises(OutsideCalendar, match=f"'cn' does not reach {written}: it is known from 2019-01-01"):
        CN.is_working_day(day(written))


@pytest.mark.parametrize(("start", "n"), [("2041-12-30", 100), ("2004-01-05", -100)])
def test_a_count_that_leaves_the_calendar_says_which_count(start: str, n: int) -> None:
    with pytest.raises(OutsideCalendar, match=f"does not reach {n} working days from {start}"):
        CN.working_day_after(day(start), n)


class TestContradictions:
    """A calendar that contradicts itself cannot be used."""

    @pytest.mark.parametrize(
        ("broken", "finding"),
        [
            pytest.param(
                {"rest_days": ("mon", "tue", "wed", "thu", "fri", "sat", "sun")},
                "no day of the week works",
                id="nobody ever works",
            ),
            pytest.param(
                {"known_through": day("2025-12-31")},
                "it is known through 2025-12-31, before it is known from 2026-01-01",
                id="known through a day before it begins",
            ),
            pytest.param(
                {"holidays": frozenset({day("2026-02-14")}), "make_up_days": frozenset({day("2026-02-14")})},
                "2026-02-14 is both a holiday and a make-up working day",
                id="a day both works and rests",
            ),
            pytest.param(
                {"make_up_days": frozenset({day("2026-02-13")})},
                "2026-02-13 is a make-up working day but no weekly rest day",
                id="a Friday made up for",
            ),
            pytest.param(
                {"holidays": frozenset({day("2027-01-01")})},
                "2027-01-01 lies outside what is known, 2026-01-01 to 2026-12-31",
                id="a holiday of another year",
            ),
        ],
    )
    def test_a_contradiction_is_named(self, broken: dict[str, object], finding: str) -> None:
        with pytest.raises(BrokenCalendar) as caught:
            make_calendar(**broken)  # type: ignore[arg-type]  # the test says what is wrong with it

        assert str(caught.value) == f"calendar 'place' cannot be used: {finding}"

    @pytest.mark.parametrize(
        ("wrong", "finding"),
        [
            pytest.param(
                {"rest_days": ("sat", "sunn")},
                "'place': sunn is no day of the week; did you mean 'sun'?",
                id="a weekday nobody knows",
            ),
            pytest.param(
                {"rest_days": ("sun", "Sonntag", "Samstag")},
                "'place': Samstag, Sonntag is no day of the week; known: fri, mon, sat, sun, thu, tue, wed",
                id="two weekdays nobody knows",
            ),
            pytest.param(
                {"zone_name": "Asia/Dehui"}, "'place': 'Asia/Dehui' is no time zone", id="a zone nobody knows"
            ),
        ],
    )
    def test_a_name_nobody_knows_is_named(self, wrong: dict[str, object], finding: str) -> None:
        with pytest.raises(BrokenCalendar) as caught:
            make_calendar(**wrong)  # type: ignore[arg-type]  # the test says what is wrong with it

        assert str(caught.value) == f"calendar {finding}"

    def test_all_contradictions_are_named_at_once(self) -> None:
        with pytest.raises(BrokenCalendar, match=r"2026-02-13 is a make-up .*; 2027-01-01 lies outside"):
            make_calendar(("2027-01-01",), ("2026-02-13",))

    def test_a_calendar_without_contradictions_is_built(self) -> None:
        assert make_calendar(("2026-02-17",), ("2026-02-14",)).is_working_day(day("2026-02-14"))


def test_a_place_may_rest_on_other_days_of_the_week() -> None:
    friday = evolve(make_calendar(), rest_days=("fri", "sat"))

    assert [friday.is_working_day(day(f"2026-03-{n:02}")) for n in (6, 7, 8)] == [False, False, True]


class TestDayOfAnInstant:
    """The day of an instant is the day where the calendar holds."""

    def test_the_evening_before_in_utc_is_already_the_next_day_there(self) -> None:
        assert CN.day_of(instant(datetime.datetime(2026, 2, 9, 16, tzinfo=datetime.UTC))) == day("2026-02-10")

    def test_an_instant_in_the_calendars_own_zone_keeps_its_day(self) -> None:
        assert CN.day_of(DateTime(2026, 2, 10, 23, 59, tzinfo=CN.zone)) == day("2026-02-10")


class TestDays:
    """What is a day, and what is none."""

    @pytest.mark.parametrize(
        "written",
        [
            pytest.param("2026-02-10", id="text"),
            pytest.param(" 2026-02-10 ", id="text with space around it"),
            pytest.param(datetime.date(2026, 2, 10), id="a date of the standard library"),
            pytest.param(Day(2026, 2, 10), id="a day"),
        ],
    )
    def test_every_way_of_writing_a_day_gives_the_same_day(self, written: object) -> None:
        found = day(written)  # type: ignore[arg-type]  # what it refuses

        assert (type(found), found) == (Day, Day(2026, 2, 10))

    @pytest.mark.parametrize(
        "written",
        [
            pytest.param("next Tuesday", id="words"),
            pytest.param("20260210", id="a day without hyphens"),
            pytest.param("2026-W07-2", id="a day of a week"),
            pytest.param("2026-2-10", id="a month of one digit"),
            pytest.param("2026-02-10T09:00", id="an instant in words"),
            pytest.param("", id="nothing"),
            pytest.param(20260210, id="a number"),
            pytest.param(None, id="the unknown"),
            pytest.param(
                datetime.datetime(2026, 2, 10, tzinfo=SHANGHAI), id="an instant, whose day depends on a zone"
            ),
        ],
    )
    def test_what_is_no_day_is_refused(self, written: object) -> None:
        with pytest.raises(ImpossibleDay, match="is not a day"):
            day(written)  # type: ignore[arg-type]  # what it refuses

    @pytest.mark.parametrize("written", ["2008-09-31", "2026-13-01", "2026-02-29", "0000-01-01"])
    def test_a_day_no_calendar_has_is_refused(self, written: str) -> None:
        with pytest.raises(ImpossibleDay, match=f"'{written}' is no day of the calendar"):
            day(written)


class TestInstants:
    """An instant has a zone."""

    def test_the_first_day_there_is_begins_at_no_instant(self) -> None:
        with pytest.raises(OutsideCalendar):
            CN.start_of(day(Day.min))

    def test_what_is_no_instant_at_all_is_refused(self) -> None:
        with pytest.raises(NaiveInstant, match="is no instant"):
            instant("2026-02-10")  # type: ignore[arg-type]  # what a host may hand in

    def test_an_instant_without_a_zone_is_refused(self) -> None:
        with pytest.raises(NaiveInstant, match="2026-02-10T09:00:00 has no time zone"):
            instant(datetime.datetime(2026, 2, 10, 9))  # noqa: DTZ001 - that it has none is the point

    def test_an_instant_of_the_standard_library_stays_the_same_instant(self) -> None:
        written = datetime.datetime(2026, 2, 10, 9, tzinfo=datetime.UTC)

        assert (type(instant(written)), instant(written)) == (DateTime, written)

    def test_an_instant_is_kept_in_utc_and_stays_the_same_instant(self) -> None:
        written = DateTime(2026, 2, 10, 9, tzinfo=SHANGHAI)

        assert (utc(written), utc(written).isoformat()) == (written, "2026-02-10T01:00:00+00:00")

    def test_an_instant_in_utc_already_is_left_alone(self) -> None:
        kept = utc(DateTime(2026, 2, 10, 9, tzinfo=SHANGHAI))

        assert utc(kept) is kept

    @given(
        at=some.datetimes(min_value=datetime.datetime(2, 1, 1), max_value=datetime.datetime(9998, 12, 31)),  # noqa: DTZ001
        zone=some.sampled_from(["Asia/Shanghai", "Europe/London", "America/St_Johns", "Pacific/Apia", "UTC"]),
        fold=some.sampled_from([0, 1]),
    )
    def test_an_instant_in_utc_is_the_one_the_zones_own_table_says(
        self, at: datetime.datetime, zone: str, fold: int
    ) -> None:
        """Also where a clock is put back, and the same hour comes twice."""
        local = instant(at.replace(tzinfo=ZoneInfo(zone), fold=fold))
        expected = at.replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(datetime.UTC)

        assert (utc(local), as_plain_utc(local)) == (expected, expected.replace(tzinfo=None))


class TestLoading:
    """A file that is no calendar is refused by name."""

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            pytest.param("name = ", r"calendar .*a\.toml: it is not TOML", id="no TOML"),
            pytest.param(
                'known_from = "2008-09-31"',
                r"calendar a: .*a\.toml:6: known_from: '2008-09-31' is no day",
                id="a day nobody has",
            ),
            pytest.param(
                'known_from = "0005-01-01"', "calendar 'a': .* is not a time it can count in", id="too early"
            ),
            pytest.param('version = " "', "it needs a name and a version", id="no version"),
            pytest.param('[[year]]\nyear = 2026\nsource = "x"\nholidays = ["2026-01-01/"]', "calendar a", id="half"),
        ],
    )
    def test_what_cannot_be_one_is_refused(self, text: str, said: str, tmp_path: Path) -> None:
        given = {"name": '"a"', "version": '"1"', "zone": '"UTC"', "rest_days": '["sat"]'}
        given |= {"known_from": '"2026-01-01"', "known_through": '"2026-12-31"'}
        rows = [f"{key} = {value}" for key, value in given.items() if not text.startswith(f"{key} = ")]
        top, tables = ([], [text]) if text.startswith("[") else ([text], [])
        path = tmp_path / "a.toml"
        path.write_text("\n".join([*rows, *top, *tables]), encoding="utf-8")

        with pytest.raises(BrokenCalendar, match=said):
            load_calendar(str(path))

    def test_statutory_days_are_read_as_holidays_are(self, tmp_path: Path) -> None:
        head = 'name = "a"\nversion = "1"\nzone = "UTC"\nrest_days = []\nknown_from = "2026-01-01"\n'
        path = tmp_path / "a.toml"
        path.write_text(
            f'{head}known_through = "2026-12-31"\n[statutory]\nsource = "x"\n'
            'days = ["2027-01-01", "2027-02-05/2027-02-06"]\n',
            encoding="utf-8",
        )

        assert sorted(map(str, load_calendar(path).statutory_days)) == ["2027-01-01", "2027-02-05", "2027-02-06"]
        path.write_text(f'{head}known_through = "2026-12-31"\n[statutory]\ndays = ["x"]\n', encoding="utf-8")
        with pytest.raises(BrokenCalendar, match=r"a\.toml:7: .*it needs 'source'; .*a\.toml:8: statutory, days 1"):
            load_calendar(path)

    def test_an_unknown_calendar_is_named(self) -> None:
        with pytest.raises(UnknownCalendar, match="'atlantis'"):
            load_calendar("atlantis")


class TestEndsOfTime:
    """Where the calendar itself ends."""

    @pytest.mark.parametrize(("start", "n"), [("9999-12-31", 1), ("0001-01-01", -1), ("2026-01-01", 10**30)])
    def test_a_day_after_the_last_or_before_the_first_is_out_of_every_calendar(self, start: str, n: int) -> None:
        with pytest.raises(OutsideCalendar, match=f"no calendar reaches {n} days? from {start}"):
            days_later(day(start), n)

    @pytest.mark.parametrize("year", [1, 9999])
    def test_an_instant_that_may_have_no_day_is_refused(self, year: int) -> None:
        with pytest.raises(ImpossibleDay, match="lies at the end of time"):
            instant(datetime.datetime(year, 12, 31, 20, tzinfo=datetime.UTC))

    @pytest.mark.parametrize("at", [(2, 1, 1), (9998, 12, 31, 23)])
    def test_the_next_to_them_have_one_everywhere(self, at: tuple[int, ...]) -> None:
        found = instant(datetime.datetime(*at, tzinfo=datetime.UTC))  # type: ignore[misc, arg-type]  # no zone by place

        assert as_plain_utc(found).year == at[0]
        assert CN.day_of(found).toordinal() - found.toordinal() in {0, 1}
