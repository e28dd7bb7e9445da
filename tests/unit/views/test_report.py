"""What is counted, and when is a figure honest enough to be told?"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handleflow import Promise, Suggestion
from handleflow.acts import (
    Accept,
    Assign,
    Decline,
    Evaluate,
    Receive,
    RecordContact,
    RecordNoResponse,
    Reply,
    TakeOver,
)
from handleflow.legal_time import day
from handleflow.testing import Scenario
from handleflow.testing import given as story_of
from handleflow.views import board, board_data, percent, report_data, report_lines, summarize
from tests.beginnings import DEPUTY, OFFICE, SECOND, WATER, rulebook

RULES = rulebook(rung=[{"id": "r", "term": "reply", "offset": "-15 days", "channel": "phone", "cite": "host"}])


def received(**known: Any) -> Scenario:
    act = Receive("Pipes", "Deputy A", ("Deputy B",), **known)
    return story_of(RULES, "2026-017").and_(act, by=OFFICE, on="2026-02-09")


def replied(outcome: str = "A", on: str = "2026-02-11", **known: Any) -> Scenario:
    story = received(**known).and_(Assign(("Water Bureau",)), by=OFFICE, on="2026-02-10").and_(Accept(), by=WATER)
    return story.and_(RecordContact("before"), by=WATER).and_(Reply(outcome, "done"), by=WATER, on=on)


def rated(result: str = "satisfied", **known: Any) -> Scenario:
    return replied(**known).and_(Evaluate("Water Bureau", result, reason="so"), by=DEPUTY)


def taken(**known: Any) -> Scenario:
    return story_of(RULES).and_(TakeOver("Pipes", **known), by=OFFICE, on="2026-11-23")


def report_of(*stories: Scenario) -> dict[str, Any]:
    return report_data(summarize((story.rules, story.suggestion) for story in stories))


def test_over_nothing_no_rate_is_told() -> None:
    report = report_of()

    assert (report["total"], report["reply_rate"], report["satisfied_or_basically_rate"]) == (0, None, None)
    assert report["reasons"] == {
        "reply_rate": {"en": "there is no suggestion to reply to", "zh": "没有须答复的建议"},
        "satisfied_or_basically_rate": {"en": "no reply was rated", "zh": "没有答复得到评价"},
    }


def test_what_was_not_taken_up_is_not_owed_a_reply() -> None:
    declined = received().and_(Decline("no matter"), by=OFFICE)

    assert report_of(declined, replied())["reply_rate"] == 100.0


def test_the_reply_rate_is_over_all_that_are_owed_one() -> None:
    assert report_of(received(), replied(), replied())["reply_rate"] == 66.7


def test_satisfied_counts_whoever_is_not_dissatisfied_over_the_replies_that_were_rated() -> None:
    report = report_of(rated(), rated("basically_satisfied"), rated("dissatisfied"), replied())

    assert report["satisfied_or_basically_rate"] == 66.7


def test_no_response_is_never_counted_as_satisfied() -> None:
    silent = replied().and_(RecordNoResponse("Water Bureau", ("2026-02-11",)), by=OFFICE)
    report = report_of(silent, rated("dissatisfied"))

    assert (report["satisfied_or_basically_rate"], report["known"]["no_response"]) == (0.0, 1)


def test_one_dissatisfied_signer_makes_a_reply_dissatisfying() -> None:
    both = rulebook(transition=[{"act": "evaluate", "source": ["replied"], "target": "same", "who": ["deputy"]}])
    story = story_of(both).and_(Receive("Pipes", "Deputy A", ("Deputy B",)), by=OFFICE, on="2026-02-09")
    story = (
        story.and_(Assign(("Water Bureau",)), by=OFFICE)
        .and_(Accept(), by=WATER)
        .and_(RecordContact("before"), by=WATER)
    )
    story = story.and_(Reply("A", "done"), by=WATER).and_(Evaluate("Water Bureau", "satisfied"), by=DEPUTY)
    story = story.and_(Evaluate("Water Bureau", "dissatisfied", reason="no"), by=SECOND)

    assert report_of(story)["satisfied_or_basically_rate"] == 0.0


def test_a_key_suggestion_counts_as_solved_only_when_its_reply_says_so() -> None:
    report = report_of(replied(is_key=True), replied("B", is_key=True), received(is_key=True))

    assert (report["key"], report["ordinary"], report["key_resolved"]) == (3, 0, 1)


def test_categories_are_those_of_ordinary_suggestions() -> None:
    assert report_of(received(category="roads"), received(category="roads", is_key=True), received())[
        "categories"
    ] == {
        "roads": 1,
        "(none)": 1,
    }


def test_the_share_of_an_outcome_is_over_the_replies_that_have_a_class() -> None:
    outcomes = report_of(replied(), replied(), replied("C"))["ordinary_outcomes"]

    assert [(o["count"], o["share"]) for o in outcomes] == [(2, 66.7), (1, 33.3)]


def test_late_replies_are_told_apart_from_timely_ones() -> None:
    days = report_of(replied(), replied(on="2026-05-20"))["reconstructed"]

    assert (days["late_replies"], days["replies_in_time"], days["deadlines_missed"]) == (1, 1, 1)


@pytest.mark.parametrize(
    ("known", "unknown"),
    [
        pytest.param({}, {"key", "units", "reply_rate", "satisfied_or_basically_rate", "late_replies"}, id="nothing"),
        pytest.param(
            {"is_key": False, "category": "roads", "leads": ("Water Bureau",)},
            {"reply_rate", "satisfied_or_basically_rate", "late_replies", "ordinary_outcomes"},
            id="all but the reply",
        ),
        pytest.param(
            {"is_key": False, "leads": ("Water Bureau",), "mark": "A", "result": "satisfied"},
            {"categories", "late_replies", "ordinary_outcomes"},
            id="a class whose scheme nobody knows",
        ),
    ],
)
def test_what_was_taken_over_without_a_fact_leaves_its_figures_unknown(known: Any, unknown: set[str]) -> None:
    report = report_of(taken(**known), rated())

    assert unknown <= set(report["reasons"])
    assert all(report.get(name, report["reconstructed"].get(name)) is None for name in unknown)


def test_what_is_known_is_counted_all_the_same() -> None:
    known = report_of(taken(leads=("Water Bureau",), mark="A1", result="satisfied", matter="unclear"))["known"]

    assert (known["replied"], known["units_known"], known["rated"], known["rated_by_proxy"]) == (1, 1, 1, 1)
    assert (known["unclear"], known["marks"]) == (1, {"A1": 1})


def test_a_taken_over_reply_with_its_days_is_told_late_or_timely() -> None:
    lines = taken(leads=("Water Bureau",), assigned_on="2026-03-02", replied_on="2026-06-01")

    assert report_of(lines)["reconstructed"]["replies_in_time"] == 1


@given(st.integers(1, 5000).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole))))
def test_a_share_is_half_up_to_one_decimal(counted: tuple[int, int]) -> None:
    part, whole = counted

    assert percent(part, whole) * 10 == (2000 * part + whole) // (2 * whole)


class TestLines:
    """The report as people read it."""

    def test_only_reconstructed_days_are_marked(self) -> None:
        real, invented = replied(), replied(is_reconstructed=True)
        marked = [
            [what for what, _, is_marked in report_lines(summarize([(story.rules, story.suggestion)])) if is_marked]
            for story in (real, invented)
        ]

        assert (marked[0], "late replies" in marked[1]) == ([], True)

    def test_an_unknown_figure_is_a_dash_with_its_reason(self) -> None:
        lines = {what: much for what, much, _ in report_lines(summarize([(RULES, taken().suggestion)]), "zh")}

        assert lines["答复率（%）"] == "—（1 件中有 1 件接收时未注明是否已答复）"

    @pytest.mark.parametrize(
        ("lang", "called"), [("en", "solved or basically solved"), ("zh", "已经解决或者基本解决")]
    )
    def test_categories_and_outcomes_stand_under_their_names(self, lang: str, called: str) -> None:
        summary = summarize([(RULES, rated(category="roads").suggestion)])
        lines = {what: much for what, much, _ in report_lines(summary, lang)}

        assert (lines["  roads"], lines[f"  {called}"]) == ("1", "1 (100.0 %)")

    @pytest.mark.parametrize(("lang", "called"), [("en", "(no category)"), ("zh", "（未分类）")])
    def test_what_has_no_category_is_said_in_words(self, lang: str, called: str) -> None:
        lines = {what: much for what, much, _ in report_lines(summarize([(RULES, rated().suggestion)]), lang)}

        assert lines[f"  {called}"] == "1"


class TestBoard:
    """Every open suggestion, the most urgent first."""

    @staticmethod
    def lines(*suggestions: Suggestion) -> list[dict[str, Any]]:
        return board_data(board(((RULES, suggestion) for suggestion in suggestions), day("2026-05-12")))

    def test_it_says_who_holds_it_what_it_waits_for_and_what_was_said_last(self) -> None:
        story = received().and_(Assign(("Water Bureau",)), by=OFFICE, on="2026-02-10")
        story = story.and_the_clock_reads("2026-04-27")
        (line,) = self.lines(story.suggestion)

        assert line == {
            "id": "2026-017",
            "title": "Pipes",
            "state": "assigned",
            "is_key": False,
            "unit": "Water Bureau",
            "role": "lead",
            "leader": None,
            "waits_for": "reply",
            "due_on": "2026-05-11",
            "term_status": {"status": "overdue", "days_left": 0, "days_late": 1, "own_left": 0, "own_late": 1},
            "light": None,
            "progress": None,
            "last_said": {
                "on": "2026-04-27",
                "channel": "phone",
                "rung": "r",
                "text": None,
                "en": "r (2026-05-11)",
                "zh": "r（2026-05-11）",
            },
            "provisional": False,
            "unjudged": None,
        }

    def test_what_is_over_is_not_on_it(self) -> None:
        assert self.lines(received().and_(Decline("x"), by=OFFICE).suggestion) == []

    def test_the_most_urgent_stands_first_and_what_waits_for_no_day_last(self) -> None:
        soon = received().and_(Assign(("Water Bureau",)), by=OFFICE, on="2026-02-10")
        promised = replied("B")
        dated = received().and_(Assign(("Water Bureau",)), by=OFFICE, on="2026-02-10").and_(Accept(), by=WATER)
        dated = dated.and_(RecordContact("before"), by=WATER)
        dated = dated.and_(Reply("B", "x", (Promise("pipes", "2026-12-31"),)), by=WATER)
        lines = self.lines(promised.suggestion, dated.suggestion, soon.suggestion, received().suggestion)

        assert [line["waits_for"] for line in lines] == ["reply", "commitment", "commitment", None]
