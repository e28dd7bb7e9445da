"""On which day does a span end? The worked cases of real documents, every switch, and laws that always hold."""

from __future__ import annotations

from calendar import monthrange

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as some

from handleflow import load_preset
from handleflow.errors import ImpossibleDay, ImpossibleSpan, OutsideCalendar, UnknownChoice
from handleflow.legal_time import CIVIL_CODE, Convention, Counted, Day, Span, count, day
from handleflow.legal_time.convention import DIRECTIONS, FIRST_DAYS, ROLLS, roll, shift
from handleflow.legal_time.span import UNITS

CN = load_preset("cn.national").calendar

ANCHORS = some.dates(day("2019-01-01"), day("2026-12-31")).map(day)
CONVENTIONS = some.builds(
    Convention,
    some.just("any"),
    some.sampled_from(FIRST_DAYS),
    some.sampled_from(ROLLS),
    some.sampled_from(DIRECTIONS),
)


def counted(anchor: str, *spans: str, convention: Convention = CIVIL_CODE) -> Counted:
    """*spans* one after another, each chained to the unrolled end of the one before."""
    start = day(anchor)
    for written in spans[:-1]:
        start = count(start, Span.of(written), convention, CN).unrolled_on
    return count(start, Span.of(spans[-1]), convention, CN)


@pytest.mark.parametrize(
    ("anchor", "spans", "unrolled", "due"),
    [
        pytest.param("2026-01-20", ["3 months"], "2026-04-20", "2026-04-20", id="1: a plain three months"),
        pytest.param("2026-02-10", ["3 months"], "2026-05-10", "2026-05-11", id="2: off a Sunday"),
        pytest.param("2023-11-30", ["3 months"], "2024-02-29", "2024-02-29", id="4: clipped in a leap year"),
        pytest.param("2025-07-01", ["3 months"], "2025-10-01", "2025-10-09", id="6: off the National Day week"),
        pytest.param("2026-02-05", ["3 months"], "2026-05-05", "2026-05-06", id="8: off the Labour Day break"),
        pytest.param("2025-11-30", ["6 months"], "2026-05-30", "2026-06-01", id="9a: six months from the anchor"),
        pytest.param("2025-11-30", ["3 months"] * 2, "2026-05-28", "2026-05-28", id="9b: three and three, chained"),
        pytest.param("2026-02-11", ["7 workdays"], "2026-02-27", "2026-02-27", id="10: Shanghai's return window"),
        pytest.param("2026-02-11", ["5 days"], "2026-02-16", "2026-02-24", id="12: Shandong's return window"),
        pytest.param("2026-03-02", ["30 workdays"], "2026-04-14", "2026-04-14", id="14: Chongqing's co-opinion"),
        pytest.param("2026-03-02", ["20 workdays"], "2026-03-30", "2026-03-30", id="16: Chongqing's first contact"),
        pytest.param("2026-01-31", ["1 month"], "2026-02-28", "2026-02-28", id="18: onto a make-up Saturday"),
        pytest.param("2026-02-04", ["2 months"], "2026-04-04", "2026-04-07", id="20: a township, off Qingming"),
        pytest.param("2026-02-04", ["4 months"], "2026-06-04", "2026-06-04", id="20: a township's longer term"),
        pytest.param("2026-03-02", ["3 months"], "2026-06-02", "2026-06-02", id="22: the next unit's clock"),
        pytest.param("2026-04-28", ["20 workdays"], "2026-05-28", "2026-05-28", id="24: a reply is published"),
        pytest.param("2023-02-07", ["3 months"], "2023-05-07", "2023-05-08", id="26: a district, off a Sunday"),
        pytest.param("2023-04-11", ["3 months"], "2023-07-11", "2023-07-11", id="27: the national meeting"),
        pytest.param("2023-04-11", ["6 months"], "2023-10-11", "2023-10-11", id="27: and its longer term"),
        pytest.param("2020-06-09", ["15 workdays"], "2020-07-01", "2020-07-01", id="33: a make-up Sunday counts"),
    ],
)
def test_a_worked_case_ends_on_its_day(anchor: str, spans: list[str], unrolled: str, due: str) -> None:
    assert counted(anchor, *spans) == Counted(day(unrolled), day(due), is_provisional=False)


@pytest.mark.parametrize(
    ("anchor", "due"),
    [
        pytest.param(
            "2026-11-06",
            "2027-02-09",
            id="25: the notice for 2027 has not appeared, the Spring Festival of the decree rests",
        ),
        pytest.param("2013-04-16", "2013-07-16", id="28: the calendar does not go back to 2013"),
    ],
)
def test_a_worked_case_beyond_the_notices_is_provisional(anchor: str, due: str) -> None:
    found = counted(anchor, "3 months")

    assert (found.due_on, found.is_provisional) == (day(due), True)


def test_a_day_that_rolls_past_what_is_known_is_provisional() -> None:
    shorter = evolve(CN, known_through=day("2026-03-07"), holidays=frozenset(), make_up_days=frozenset())

    assert count(day("2026-02-07"), Span(1, "month"), CIVIL_CODE, shorter) == Counted(
        day("2026-03-07"), day("2026-03-09"), is_provisional=True
    )


@pytest.mark.parametrize(
    ("anchor", "span", "is_provisional"),
    [
        pytest.param("2018-12-28", "20 workdays", True, id="working days from before the first notice"),
        pytest.param("2018-12-28", "1 month", False, id="months ask only for the last day"),
        pytest.param("2019-01-01", "20 workdays", False, id="working days from the first day known"),
        pytest.param("2026-12-31", "5 workdays", True, id="working days past the last day known"),
    ],
)
def test_working_days_counted_from_an_unknown_day_are_provisional(
    anchor: str, span: str, is_provisional: bool
) -> None:
    assert counted(anchor, span).is_provisional == is_provisional


def test_a_worked_case_with_an_impossible_day_is_rejected() -> None:
    """Row 34: a city's notice set 2008年9月31日 as its last day."""
    with pytest.raises(ImpossibleDay, match="'2008-09-31' is no day of the calendar"):
        counted("2008-09-31", "3 months")


@pytest.mark.parametrize(
    ("convention", "due"),
    [
        pytest.param(Convention("x"), "2026-05-11", id="any rest day, following"),
        pytest.param(Convention("x", direction="preceding"), "2026-05-09", id="preceding, onto a make-up day"),
        pytest.param(Convention("x", roll_on="statutory_holiday"), "2026-05-10", id="no holiday, no roll"),
        pytest.param(Convention("x", roll_on="none"), "2026-05-10", id="never rolled"),
    ],
)
def test_a_last_day_on_a_plain_sunday_moves_as_the_convention_says(convention: Convention, due: str) -> None:
    assert counted("2026-02-10", "3 months", convention=convention).due_on == day(due)


@pytest.mark.parametrize(
    ("convention", "due"),
    [
        pytest.param(Convention("x", roll_on="statutory_holiday"), "2025-10-09", id="a holiday, following"),
        pytest.param(
            Convention("x", roll_on="statutory_holiday", direction="preceding"),
            "2025-09-30",
            id="a holiday, preceding",
        ),
        pytest.param(Convention("x", roll_on="none"), "2025-10-01", id="never rolled"),
    ],
)
def test_a_last_day_on_a_holiday_moves_as_the_convention_says(convention: Convention, due: str) -> None:
    assert counted("2025-07-01", "3 months", convention=convention).due_on == day(due)


@pytest.mark.parametrize(
    ("first_day", "anchor", "span", "unrolled"),
    [
        pytest.param("next_day", "2026-03-06", "5 days", "2026-03-11", id="the day after, though a Saturday"),
        pytest.param("same_day", "2026-03-06", "5 days", "2026-03-10", id="the day itself"),
        pytest.param("same_day", "2026-03-06", "1 day", "2026-03-06", id="one day is the day itself"),
        pytest.param("next_working_day", "2026-03-06", "5 days", "2026-03-13", id="Monday is day one"),
        pytest.param("rolled_forward", "2026-03-07", "5 days", "2026-03-14", id="told on a Saturday, as Monday"),
        pytest.param("rolled_forward", "2026-03-06", "5 days", "2026-03-11", id="told on a working day"),
        pytest.param("next_working_day", "2026-03-06", "5 workdays", "2026-03-13", id="working days from Monday"),
        pytest.param("same_day", "2026-03-06", "5 workdays", "2026-03-12", id="working days from today"),
        pytest.param("rolled_forward", "2026-03-07", "3 months", "2026-06-09", id="months from a rolled anchor"),
        pytest.param("same_day", "2026-03-01", "1 month", "2026-03-31", id="a month begun on the 1st is that month"),
        pytest.param("same_day", "2026-03-15", "1 month", "2026-04-14", id="the day before the corresponding one"),
        pytest.param("same_day", "2026-01-31", "1 month", "2026-02-28", id="clipped to the month's last day"),
        pytest.param("same_day", "2026-01-29", "1 month", "2026-02-28", id="clipped by one day"),
        pytest.param("same_day", "2026-01-28", "1 month", "2026-02-27", id="just not clipped"),
        pytest.param("same_day", "2024-01-31", "1 month", "2024-02-29", id="clipped in a leap year"),
        pytest.param("next_working_day", "2026-02-27", "1 month", "2026-03-27", id="a make-up Saturday is day one"),
        pytest.param("next_working_day", "2026-05-29", "2 months", "2026-07-31", id="two whole months from Monday"),
    ],
)
def test_day_one_is_the_one_the_convention_names(first_day: str, anchor: str, span: str, unrolled: str) -> None:
    found = counted(anchor, span, convention=Convention("x", first_day))

    assert found.unrolled_on == day(unrolled)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"first_day": "next day"}, "'first_day' cannot be 'next day'; did you mean 'next_day'?"),
        ({"roll_on": "sundays"}, "'roll_on' cannot be 'sundays'; known: any_rest_day, none, statutory_holiday"),
        ({"direction": "sideways"}, "'direction' cannot be 'sideways'; known: following, preceding"),
    ],
    ids=["the first day", "what it rolls on", "which way"],
)
def test_an_unknown_switch_meets_the_nearest_or_those_known(wrong: dict[str, str], said: str) -> None:
    with pytest.raises(UnknownChoice) as caught:
        Convention("x", **wrong)

    assert str(caught.value) == f"Convention: {said}"


@pytest.mark.parametrize(
    ("start", "span", "end"),
    [
        pytest.param("2026-01-31", "1 month", "2026-02-28", id="clipped to the month's last day"),
        pytest.param("2024-01-31", "1 month", "2024-02-29", id="clipped in a leap year"),
        pytest.param("2025-11-30", "3 months", "2026-02-28", id="over the end of a year"),
        pytest.param("2026-12-31", "2 months", "2027-02-28", id="from December"),
        pytest.param("2026-03-31", "-1 month", "2026-02-28", id="backward, clipped"),
        pytest.param("2026-02-28", "1 month", "2026-03-28", id="a month's last day is no anchor of its own"),
        pytest.param("2026-05-11", "-15 days", "2026-04-26", id="a rung before a due day"),
        pytest.param("2026-02-14", "1 workday", "2026-02-24", id="an answer in working days"),
    ],
)
def test_a_day_is_shifted_without_any_convention(start: str, span: str, end: str) -> None:
    assert shift(day(start), Span.of(span), CN) == day(end)


@given(ANCHORS, CONVENTIONS, some.sampled_from(UNITS), some.integers(1, 60), some.integers(0, 60))
def test_a_longer_span_is_never_due_earlier(
    anchor: Day, convention: Convention, unit: str, n: int, more: int
) -> None:
    shorter = count(anchor, Span(n, unit), convention, CN)
    longer = count(anchor, Span(n + more, unit), convention, CN)

    assert longer.due_on >= shorter.due_on


@given(ANCHORS, ANCHORS, some.sampled_from(UNITS), some.integers(1, 60))
def test_who_is_assigned_later_is_never_due_earlier(first: Day, second: Day, unit: str, n: int) -> None:
    earlier, later = sorted([first, second])

    assert count(later, Span(n, unit), CIVIL_CODE, CN).due_on >= count(earlier, Span(n, unit), CIVIL_CODE, CN).due_on


@given(ANCHORS, some.integers(-60, 60))
def test_months_are_added_once_and_clipped_once(start: Day, n: int) -> None:
    end = shift(start, Span(n, "month"), CN)
    gone = (end.year - start.year) * 12 + end.month - start.month

    assert (gone, end.day) == (n, min(start.day, monthrange(end.year, end.month)[1]))


def test_a_span_past_the_end_of_all_calendars_is_refused_by_name() -> None:
    with pytest.raises(OutsideCalendar, match="no calendar reaches 36525 months"):
        count(day("9990-02-10"), Span(36525, "month"), CIVIL_CODE, CN)


@given(ANCHORS, some.integers(1, 60))
def test_working_days_end_on_one_and_are_never_rolled(anchor: Day, n: int) -> None:
    found = count(anchor, Span(n, "workday"), CIVIL_CODE, CN)

    assert (found.unrolled_on, CN.is_working_day(found.due_on)) == (found.due_on, True)


@given(ANCHORS, some.sampled_from(["day", "month"]), some.integers(1, 60), some.sampled_from(DIRECTIONS))
def test_a_due_day_that_rolls_off_any_rest_day_is_a_working_day(
    anchor: Day, unit: str, n: int, direction: str
) -> None:
    found = count(anchor, Span(n, unit), Convention("x", direction=direction), CN)

    assert CN.is_working_day(found.due_on)


@given(ANCHORS, CONVENTIONS)
def test_rolling_twice_is_rolling_once(last: Day, convention: Convention) -> None:
    once = roll(last, convention, CN)

    assert roll(once, convention, CN) == once


class TestSpans:
    """How long is it, as the law says it."""

    @pytest.mark.parametrize(
        ("written", "span"),
        [
            ("3 months", Span(3, "month")),
            ("1 month", Span(1, "month")),
            ("10 workdays", Span(10, "workday")),
            (" 5 days ", Span(5, "day")),
            ("-15 days", Span(-15, "day")),
            ("+1 day", Span(1, "day")),
            (Span(2, "day"), Span(2, "day")),
        ],
    )
    def test_a_span_is_read_as_written(self, written: str | Span, span: Span) -> None:
        assert Span.of(written) == span

    @pytest.mark.parametrize("written", ["three moons", "3", "months", "3.5 months", "3 weeks", ""])
    def test_anything_else_is_no_span(self, written: str) -> None:
        with pytest.raises(ImpossibleSpan, match="write a whole number and a unit: 3 months"):
            Span.of(written)

    def test_a_span_longer_than_a_century_is_refused(self) -> None:
        with pytest.raises(ImpossibleSpan, match="longer than a century"):
            Span.of("99999999 months")

    @pytest.mark.parametrize(
        ("span", "said"),
        [
            (Span(1, "month"), "1 month"),
            (Span(-1, "day"), "-1 day"),
            (Span(3, "month"), "3 months"),
            (Span(0, "workday"), "0 workdays"),
        ],
    )
    def test_one_is_said_in_the_singular(self, span: Span, said: str) -> None:
        assert str(span) == said

    @given(some.integers(-1000, 1000), some.sampled_from(UNITS))
    def test_what_is_said_is_read_again(self, n: int, unit: str) -> None:
        assert Span.of(str(Span(n, unit))) == Span(n, unit)

    def test_three_months_are_not_ninety_days(self) -> None:
        assert Span(3, "month") != Span(90, "day")

    def test_a_unit_nobody_counts_in_is_refused(self) -> None:
        with pytest.raises(UnknownChoice, match="'unit' cannot be 'week'; known: day, month, workday"):
            Span(3, "week")
