"""Longer time asked for as a span: does it stay that much longer than the law, whatever moves the day?"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, assume, settings
from hypothesis import given as drawn
from hypothesis import strategies as st

from handleflow import Rulebook
from handleflow.acts import (
    Accept,
    Assign,
    Correct,
    DeclareExtension,
    GrantExtension,
    Receive,
    Reply,
    RequestExtension,
    Resume,
    Suspend,
)
from handleflow.core import explain
from handleflow.core.due_day import awaits_notice
from handleflow.legal_time import Day, Span, day, days_later
from handleflow.testing import Scenario, given
from tests.beginnings import OFFICE, WATER, rulebook
from tests.unit.core.test_lateness import adopted, handled, longer, the

TWO_MONTHS = Span(2, "month")


def asked_for(story: Scenario, within: Span = TWO_MONTHS, on: str = "2026-02-11") -> Scenario:
    return story.and_(RequestExtension(None, "deep", within=within), by=WATER, on=on)


def extended(
    story: Scenario, within: Span = TWO_MONTHS, *, asked: str = "2026-02-11", granted: str = "2026-02-12"
) -> Scenario:
    return asked_for(story, within, asked).and_(GrantExtension(WATER.name), by=OFFICE, on=granted)


def assigned_on_the_wrong_day(rules: Rulebook, assigned: str, accepted: str) -> Scenario:
    story = given(rules, "1").and_(Receive("Pipes", "Deputy A"), by=OFFICE, on="2026-02-09")
    return story.and_(Assign((WATER.name,)), by=OFFICE, on=assigned).and_(Accept(), by=WATER, on=accepted)


def days(story: Scenario) -> tuple[str, str]:
    return str(the(story).unrolled_on), str(the(story).due_on)


def steps(story: Scenario) -> list[tuple[str, str]]:
    return [(step.what, str(step.on)) for step in explain(story.rules, the(story))[3:]]


class TestDay:
    """What day a span gives, when it is granted."""

    def test_it_is_counted_from_the_day_the_law_gives(self) -> None:
        assert days(extended(handled(longer()))) == ("2026-07-10", "2026-07-10")  # 10 May, two months more

    def test_it_is_counted_from_the_day_before_rolling_and_rolls_once(self) -> None:
        """10 May 2026 is a Sunday; forty days from there end on 19 June, the first of the holidays of Dragon Boat."""
        assert days(extended(handled(longer()), Span(40, "day"))) == ("2026-06-19", "2026-06-22")  # MFD art. 203

    def test_declared_by_the_unit_itself_it_gives_the_same_day(self) -> None:
        act = DeclareExtension(None, "deep", within=TWO_MONTHS)
        story = handled(longer(mode="declaration")).and_(act, by=WATER, on="2026-02-12")

        assert (days(story), the(story).extensions[0].within) == (("2026-07-10", "2026-07-10"), TWO_MONTHS)

    def test_a_second_one_is_counted_from_the_first(self) -> None:
        story = extended(handled(longer("chained", "2 months", times=2)))
        story = extended(story, Span(1, "month"), asked="2026-02-13", granted="2026-02-16")

        assert days(story) == ("2026-08-10", "2026-08-10")

    def test_the_office_may_grant_less_by_naming_a_day(self) -> None:
        story = asked_for(handled(longer()))
        less = story.and_(GrantExtension(WATER.name, "2026-06-10"), by=OFFICE)
        more = story.when(GrantExtension(WATER.name, "2026-07-11"), by=OFFICE)

        assert (days(less)[1], the(less).extensions[0].within) == ("2026-06-10", None)
        assert (more.rules, more.reasons[0].text()) == (
            ("longer_than_asked",),
            "2026-07-11 is later than 2026-07-10, which was asked for",
        )

    def test_the_request_and_the_extension_say_the_span_and_their_days(self) -> None:
        story = extended(handled(longer()))
        (request,), (extension,) = story.suggestion.extension_requests, the(story).extensions

        assert (request.until, request.within, str(request.on)) == (None, TWO_MONTHS, "2026-02-11")
        assert (extension.within, str(extension.asked_on), str(extension.on)) == (
            TWO_MONTHS,
            "2026-02-11",
            "2026-02-12",
        )

    def test_asked_for_in_time_and_granted_after_the_day_it_takes_out_the_miss(self) -> None:
        stories = [
            extended(handled(rules), asked="2026-05-08", granted="2026-05-20")
            for rules in (longer(), longer(rebuts_miss=False))
        ]

        assert [(the(story).is_breached, days(story)[1]) for story in stories] == [
            (False, "2026-07-10"),
            (True, "2026-07-10"),
        ]


class TestRefusals:
    """What is asked for by a span meets the measures of a day."""

    @pytest.mark.parametrize(
        ("within", "text"),
        [
            (Span(4, "month"), "4 months end on 2026-09-10; that does not lie after 2026-05-11 and up to 2026-08-10"),
            (Span(0, "day"), "0 days end on 2026-05-11; that does not lie after 2026-05-11 and up to 2026-08-10"),
        ],
    )
    def test_one_beyond_the_measure_is_refused_with_the_day_it_would_end_on(self, within: Span, text: str) -> None:
        (reason,) = handled(longer()).when(RequestExtension(None, "deep", within=within), by=WATER).reasons

        assert (reason.rule, reason.text()) == ("extension_within_measure", f"{text} [the office's own rule]")

    @pytest.mark.parametrize(
        ("end", "rules"),
        [
            ((None, None), ("no_end",)),
            (("2026-06-10", TWO_MONTHS), ("two_ends",)),
        ],
    )
    def test_one_end_is_named_and_one_alone(
        self, end: tuple[str | None, Span | None], rules: tuple[str, ...]
    ) -> None:
        until, within = end
        requested = handled(longer()).when(RequestExtension(until, "deep", within=within), by=WATER)
        act = DeclareExtension(until, "deep", within=within)
        declared = handled(longer(mode="declaration")).when(act, by=WATER)

        assert (requested.rules, declared.rules) == (rules, rules)


class TestMoves:
    """It is that much longer than the law whenever that moves, and never shorter than what was granted."""

    def test_a_later_anchor_moves_it_along(self) -> None:
        story = assigned_on_the_wrong_day(longer(), "2026-02-10", "2026-04-10")
        story = extended(story, asked="2026-04-13", granted="2026-04-14")
        story = story.and_(Correct(2, "assigned_on", "2026-04-10", "wrong month"), by=OFFICE, on="2026-04-15")

        assert days(story)[1] == "2026-09-10"
        assert steps(story) == [
            ("longest", "2026-10-10"),
            ("granted", "2026-04-14"),
            ("extended", "2026-09-10"),
            ("result", "2026-09-10"),
        ]

    def test_an_earlier_anchor_leaves_the_day_that_was_granted(self) -> None:
        story = extended(handled(longer()))
        story = story.and_(Correct(2, "assigned_on", "2026-02-09", "a day late"), by=OFFICE, on="2026-02-13")

        assert days(story)[1] == "2026-07-10"
        assert steps(story)[-4:] == [
            ("longest", "2026-08-10"),
            ("granted", "2026-02-12"),
            ("kept", "2026-07-10"),
            ("result", "2026-07-10"),
        ]

    @pytest.mark.parametrize(
        ("span", "due_on"),
        [
            pytest.param("4 months", "2026-08-10", id="as much longer as it was"),
            pytest.param("5 months", "2026-08-10", id="no longer than the rule allows"),
            pytest.param("2 months", "2026-07-10", id="no shorter than was granted"),
        ],
    )
    def test_another_version_gives_its_own_day_and_the_span_to_it(self, span: str, due_on: str) -> None:
        story = adopted(extended(handled(longer())), longer(term_span=span), "2026-03-02")

        assert days(story)[1] == due_on

    def test_a_version_that_knows_no_extension_keeps_the_day_that_was_granted(self) -> None:
        story = extended(handled(longer()))
        story = adopted(story, rulebook(version="2", term=[{"id": "reply", "span": "4 months"}]), "2026-03-02")

        assert days(story)[1] == "2026-07-10"

    def test_a_version_with_a_longer_chain_adds_the_span_to_its_day(self) -> None:
        story = adopted(extended(handled(longer("chained"))), longer("chained", term_span="5 months"), "2026-03-02")

        assert days(story)[1] == "2026-09-10"

    def test_granted_while_the_clock_stands_it_gains_all_of_that(self) -> None:
        """Fourteen days stood the clock: 10 April is 24 April, and eighteen days more are 12 May."""
        story = asked_for(handled(longer(term_span="2 months")), Span(18, "day"))
        story = story.and_(Suspend("flood"), by=OFFICE, on="2026-03-02")
        story = story.and_(GrantExtension(WATER.name), by=OFFICE, on="2026-03-06")
        granted = days(story)[1]
        story = story.and_(Resume("dry"), by=OFFICE, on="2026-03-16")

        assert (granted, days(story)[1]) == ("2026-04-28", "2026-05-12")

    def test_a_standstill_after_the_grant_is_added_once(self) -> None:
        story = extended(handled(longer(term_span="2 months")), Span(1, "month"))
        story = story.and_(Suspend("flood"), by=OFFICE, on="2026-03-02").and_(
            Resume("dry"), by=OFFICE, on="2026-03-16"
        )

        assert days(story)[1] == "2026-05-25"  # 10 May, and fourteen days: a Sunday


ANCHORS = st.integers(0, 120).map(lambda n: days_later(day("2026-02-10"), n))
SPANS = st.sampled_from([Span(2, "month"), Span(30, "day"), Span(20, "workday"), Span(45, "day")])


@settings(suppress_health_check=list(HealthCheck), deadline=None)
@drawn(wrong=ANCHORS, right=ANCHORS, within=SPANS, base=st.sampled_from(["capped", "chained"]))
def test_the_day_is_that_of_a_life_with_the_right_anchor_or_the_granted_one_if_that_is_later(
    wrong: Day, right: Day, within: Span, base: str
) -> None:
    rules, both = longer(base), str(max(wrong, right))

    def lived(assigned: Day) -> Scenario:
        story = assigned_on_the_wrong_day(rules, str(assigned), both)
        return extended(story, within, asked=both, granted=both)

    assume(days_later(max(wrong, right), -85) <= min(wrong, right))  # else it was over before anybody could ask
    granted = the(lived(wrong)).due_on
    corrected = lived(wrong).and_(Correct(2, "assigned_on", str(right), "wrong"), by=OFFICE, on=both)
    known = the(lived(right)).due_on

    assert granted is not None
    assert known is not None
    assert the(corrected).due_on == max(granted, known)


def test_a_provisional_day_that_a_span_came_to_waits_for_the_notice_and_one_that_was_named_does_not() -> None:
    rules = longer()
    story = assigned_on_the_wrong_day(rules, "2026-10-16", "2026-10-16")
    by_span = extended(story, Span(1, "month"), asked="2026-10-19", granted="2026-10-19")
    until = RequestExtension("2027-02-16", "deep")
    by_day = story.and_(until, by=WATER, on="2026-10-19").and_(GrantExtension(WATER.name), by=OFFICE)

    assert (days(by_span)[1], days(by_day)[1]) == ("2027-02-16", "2027-02-16")
    assert [awaits_notice(rules.calendar, the(s)) for s in (by_span, by_day)] == [True, False]


def test_a_reply_is_in_time_by_the_day_that_the_span_gives() -> None:
    story = extended(handled(longer())).and_(Reply("A", "done"), by=WATER, on="2026-07-10")

    assert (the(story).end, the(story).is_late) == ("met", False)
