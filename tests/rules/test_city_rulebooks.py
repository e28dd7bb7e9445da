"""Does each place's rulebook say what its ordinance says? Numbers, anchors and articles, pinned one by one."""

from __future__ import annotations

from typing import Any

import pytest

from handleflow import load_preset
from handleflow.acts import Accept, Assign, Evaluate, Receive, RecordContact, Rehandle, Reply, RequestReturn
from handleflow.core import notes
from handleflow.rulebooks import names
from handleflow.rules import OutcomeClass
from handleflow.testing import Scenario, given
from tests.beginnings import DEPUTY, OFFICE, WATER
from tests.rules.lives import received_late

TERMS = [
    ("cn.beijing", "reply", "assigned", "3 months", "BJ14 21"),
    ("cn.beijing", "rating", "replied", "15 workdays", "BJ14 23"),
    ("cn.beijing", "rehandled_reply", "rehandling_demanded", "2 months", "BJ-YS 29"),
    ("cn.shanghai", "assignment", "received", "7 workdays", "SH15 11"),
    ("cn.shanghai", "opinion", "unit_received", "1 month", "SH15 17"),
    ("cn.shanghai", "reply", "assigned", "3 months", "SH15 19"),
    ("cn.shanghai", "rehandled_reply", "rehandling_demanded", "1 month", "SH15 21"),
    ("cn.zhejiang", "opinion", "unit_received", "2 months", "ZJ16 18"),
    ("cn.zhejiang", "reply", "unit_received", "3 months", "ZJ16 21"),
    ("cn.zhejiang", "rehandled_reply", "rehandling_demanded", "1 month", "ZJ16 24"),
    ("cn.shandong", "assignment", "received", "5 days", "SD17 10"),
    ("cn.shandong", "opinion", "unit_received", "1 month", "SD17 21"),
    ("cn.shandong", "reply", "assigned", "3 months", "SD-DBF 40"),
    ("cn.shandong", "rehandled_reply", "rehandling_demanded", "1 month", "SD17 24"),
    ("cn.qingdao", "assignment", "received", "5 workdays", "QD21 14"),
    ("cn.qingdao", "opinion", "unit_received", "1 month", "QD21 24"),
    ("cn.qingdao", "reply", "assigned", "3 months", "QD21 25"),
    ("cn.henan", "reassignment", "return_requested", "10 workdays", "HN17 14"),
    ("cn.henan", "opinion", "unit_received", "2 months", "HN17 18"),
    ("cn.henan", "reply", "unit_received", "3 months", "HN17 20"),
    ("cn.henan", "rating", "replied", "10 workdays", "HN17 22"),
    ("cn.henan", "rehandled_reply", "rehandling_demanded", "1 month", "HN17 22"),
    ("cn.chongqing", "assignment", "received", "10 workdays", "CQ18 13"),
    ("cn.chongqing", "reassignment", "return_granted", "10 workdays", "CQ18 16"),
    ("cn.chongqing", "first_contact", "unit_received", "20 workdays", "CQ18 18"),
    ("cn.chongqing", "opinion", "assigned", "30 workdays", "CQ18 20"),
    ("cn.chongqing", "opinion_again", "opinion_rejected", "5 workdays", "CQ18 20"),
    ("cn.chongqing", "reply", "assigned", "3 months", "CQ18 21"),
    ("cn.chongqing", "rating", "replied", "20 workdays", "CQ18 27"),
    ("cn.chongqing", "rehandled_reply", "rehandling_demanded", "2 months", "CQ18 27"),
    ("cn.chongqing", "commitment_rating", "commitment_fulfilled", "20 workdays", "CQ18 28"),
    ("cn.xiamen", "opinion", "assigned", "2 months", "XM25 27"),
    ("cn.xiamen", "reply", "assigned", "3 months", "XM25 27"),
    ("cn.xiamen", "rating", "replied", "15 workdays", "XM25 29"),
    ("cn.xiamen", "commitment_rating", "commitment_fulfilled", "15 workdays", "XM25 29"),
    ("cn.xiamen", "urging", "evaluated", "5 workdays", "XM25 29"),
    ("cn.xiamen", "rehandled_reply", "rehandling_demanded", "1 month", "XM25 29"),
    ("cn.chongqing.township", "reply", "assigned", "2 months", "CQ-XZ 16"),
    ("cn.shandong.township", "reply", "assigned", "2 months", "SD-XZ 15"),
]
NATIONAL = {"A": "resolved", "B": "promise", "C": "", "D": ""}
OUTCOMES = {
    "cn.national": NATIONAL,
    "cn.dehui": {"A": "resolved", "B": "promise", "C": ""},
    "cn.beijing": NATIONAL,
    "cn.shanghai": {
        "solved": "resolved",
        "annual_plan": "promise with a day",
        "planned": "promise with a day",
        "for_reference": "",
    },
    "cn.zhejiang": {"solved": "resolved", "planned": "promise", "not_possible": ""},
    "cn.shandong": {
        "solved": "resolved",
        "planned": "promise with a day",
        "conditions_lacking": "",
        "against_law": "",
    },
    "cn.qingdao": {
        "in_time": "resolved",
        "this_year": "promise",
        "across_years": "promise with a day",
        "not_possible": "",
    },
    "cn.henan": {
        "solved": "resolved",
        "solvable": "promise",
        "planned": "promise",
        "not_possible": "",
        "higher_organ": "upward",
    },
    "cn.chongqing": {
        "solved": "resolved",
        "under_study": "promise with a day",
        "not_possible": "",
        "higher_organ": "upward",
    },
    "cn.chongqing.township": NATIONAL,
    "cn.shandong.township": NATIONAL,
    "cn.xiamen": NATIONAL,
}
"""What each class of outcome makes of a reply: the same letter or word means different things in different places."""
PLACES = sorted({name for name, *_ in TERMS})
WINDOWS = [
    ("cn.shanghai", "7 workdays", "unit_received"),
    ("cn.zhejiang", "10 days", "unit_received"),
    ("cn.shandong", "5 days", "unit_received"),
    ("cn.qingdao", "5 workdays", "unit_received"),
    ("cn.henan", "10 workdays", "assigned"),
    ("cn.chongqing", "10 workdays", "assigned"),
]
LONGER = [
    ("cn.beijing", "consent", "capped", "6 months"),
    ("cn.shanghai", "consent", "chained", "3 months"),
    ("cn.zhejiang", "consent", "capped", "6 months"),
    ("cn.shandong", "consent", "capped", "6 months"),
    ("cn.qingdao", "consent", "capped", "6 months"),
    ("cn.henan", "declaration", "capped", "6 months"),
    ("cn.xiamen", "declaration", "chained", "3 months"),
    ("cn.chongqing.township", "declaration", "capped", "4 months"),
    ("cn.shandong.township", "declaration", "capped", "4 months"),
]


@pytest.mark.parametrize(("name", "term", "anchor", "span", "citation"), TERMS)
def test_a_number_is_the_ordinances(name: str, term: str, anchor: str, span: str, citation: str) -> None:
    rule = load_preset(name).term_rule(term)

    assert rule is not None
    assert (rule.anchor, str(rule.span), str(rule.citation)) == (anchor, span, citation)


@pytest.mark.parametrize("name", PLACES)
def test_no_term_of_a_place_is_left_unpinned(name: str) -> None:
    assert {rule.id for rule in load_preset(name).terms} == {term for place, term, *_ in TERMS if place == name}


@pytest.mark.parametrize(("name", "span", "anchor"), WINDOWS)
def test_a_return_window_is_the_ordinances(name: str, span: str, anchor: str) -> None:
    (window,) = [rule.guard for rule in load_preset(name).guards if rule.name == "return_in_time"]

    assert (str(getattr(window, "span", "")), getattr(window, "anchor", "")) == (span, anchor)


@pytest.mark.parametrize(("name", "mode", "base", "span"), LONGER)
def test_longer_time_is_had_in_the_places_own_way(name: str, mode: str, base: str, span: str) -> None:
    rule = load_preset(name).term_rule("reply")

    assert rule is not None
    assert rule.extension is not None
    assert (rule.extension.mode, rule.extension.base, str(rule.extension.span)) == (mode, base, span)


def meaning(outcome: OutcomeClass) -> str:
    flags = {
        "resolved": outcome.is_resolved,
        "promise": outcome.is_commitment,
        "with a day": outcome.needs_day,
        "upward": outcome.is_sent_upward,
    }
    return " ".join(word for word, is_so in flags.items() if is_so)


@pytest.mark.parametrize("name", OUTCOMES)
def test_a_class_of_outcome_means_what_the_place_says(name: str) -> None:
    assert {outcome.code: meaning(outcome) for outcome in load_preset(name).outcomes} == OUTCOMES[name]


@pytest.mark.parametrize("name", ["cn.chongqing.township", "cn.shandong.township"])
def test_a_township_rule_older_than_the_law_is_reported_with_the_laws_article(name: str) -> None:
    (conflict,) = [note for note in notes(load_preset(name)) if note.startswith("disagreement on 'reply'")]

    assert conflict.endswith("[DBF25 art. 51]")


def test_in_chongqing_six_months_go_by_the_nature_of_the_matter() -> None:
    rule = load_preset("cn.chongqing").term_rule("reply")

    assert rule is not None
    assert (str(rule.long_span), rule.extension) == ("6 months", None)


@pytest.mark.parametrize("name", [name for name in names() if name.startswith("cn.")])
def test_no_chinese_rulebook_lets_an_office_stop_the_clock(name: str) -> None:
    assert [rule.id for rule in load_preset(name).terms if rule.is_pausable] == []


class TestWorkedCases:
    """Days worked out from the ordinances with the State Council's calendars."""

    @staticmethod
    def assigned(name: str, on: str, **fields: Any) -> Scenario:
        story = given(load_preset(name)).and_(Receive("Pipes", "Deputy A", **fields), by=OFFICE, on=on)
        return story.and_(Assign(("Water Bureau",), ("Roads Bureau",)), by=OFFICE, on=on)

    @staticmethod
    def due(story: Scenario, rule: str) -> list[str]:
        return [str(term.due_on) for term in story.suggestion.terms if term.key.rule == rule]

    @pytest.mark.parametrize(
        ("name", "last", "after"),
        [
            pytest.param("cn.shanghai", "2026-02-27", "2026-02-28", id="7 working days over the Spring Festival"),
            pytest.param("cn.shandong", "2026-02-24", "2026-02-25", id="5 days, rolled over the Spring Festival"),
        ],
    )
    def test_a_return_is_asked_for_in_time(self, name: str, last: str, after: str) -> None:
        story = self.assigned(name, "2026-02-11", in_session=False).and_(Accept(), by=WATER)

        assert story.when(RequestReturn("not ours"), by=WATER, on=last).rules == ()
        assert story.when(RequestReturn("not ours"), by=WATER, on=after).rules == ("return_in_time",)

    def test_a_chongqing_co_unit_has_thirty_working_days(self) -> None:
        assert self.due(self.assigned("cn.chongqing", "2026-03-02"), "opinion") == ["2026-04-14"]

    def test_a_chongqing_unit_meets_the_deputy_within_twenty_working_days(self) -> None:
        """CQ18 18 binds every unit that handles it, whether it has signed or not."""
        assert self.due(self.assigned("cn.chongqing", "2026-03-02"), "first_contact") == ["2026-03-30"] * 2

    def test_a_shanghai_reply_given_again_is_due_on_a_make_up_saturday(self) -> None:
        story = given(load_preset("cn.shanghai")).and_(Receive("Pipes", "Deputy A"), by=OFFICE, on="2026-01-05")
        story = (
            story.and_(Assign(("Water Bureau",)), by=OFFICE)
            .and_(Accept(), by=WATER)
            .and_(RecordContact("before"), by=WATER)
        )
        story = story.and_(Reply("for_reference", "no"), by=WATER)
        story = story.and_(Evaluate("Water Bureau", "dissatisfied", reason="nothing was done"), by=DEPUTY)
        story = story.and_(Rehandle(("Water Bureau",), "look again"), by=OFFICE, on="2026-01-31")

        assert self.due(story, "rehandled_reply") == ["2026-02-28"]

    def test_a_chongqing_township_replies_within_two_months(self) -> None:
        assert self.due(self.assigned("cn.chongqing.township", "2026-02-04"), "reply") == ["2026-04-07"]

    def test_a_co_units_month_in_shanghai_runs_from_its_receipt(self) -> None:
        story = received_late(self.assigned("cn.shanghai", "2026-03-02"), "Roads Bureau", on="2026-03-04")

        assert self.due(story, "opinion") == ["2026-04-07"]
