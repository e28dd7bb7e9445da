"""Longer time, misses and what rebutted them: are they steps of an explanation, in both languages?"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from handleflow import Rulebook
from handleflow.acts import (
    Accept,
    Correct,
    DeclareExtension,
    GrantExtension,
    RequestExtension,
    Resume,
    Succeed,
    Supervise,
    Suspend,
)
from handleflow.core import explain
from handleflow.legal_time import Span
from handleflow.model.changing import changed
from handleflow.testing import Scenario
from tests.beginnings import OFFICE, WATER
from tests.unit.core.test_explain import CAPPED, CHAINED, DECLARED, PLAIN, assigned, extended, step, steps, the


def by_span(rules: Rulebook, granted_by: Callable[[Scenario], Scenario] = lambda story: story) -> Scenario:
    """Two months longer; between request and grant comes what *granted_by* adds."""
    story = assigned(rules).and_(Accept(), by=WATER)
    story = granted_by(story.and_(RequestExtension(None, "hard", within=Span(2, "month")), by=WATER))
    return story.and_(GrantExtension("Water Bureau"), by=OFFICE)


def judged(story: Scenario, rule: str = "reply") -> list[str]:
    """What is told of misses of a term, in English."""
    found = explain(story.rules, the(story, rule), story.history)
    return [step.text("en") for step in found if step.what in {"missed", "rebutted"}]


class TestMisses:
    """A history, where it is given, tells what was missed, and what took a miss out of the counts."""

    LATE = assigned(CHAINED).and_(Accept(), by=WATER).and_(RequestExtension("2026-08-10", "hard"), by=WATER)
    MISSED = LATE.and_the_clock_reads("2026-05-12")

    def test_a_miss_names_the_entry_that_recorded_it(self) -> None:
        *_, missed, result = explain(CHAINED, the(self.MISSED), self.MISSED.history)

        assert (missed.what, str(missed.on), missed.text("en"), missed.text("zh"), result.what) == (
            "missed",
            "2026-05-11",
            "2026-05-11 was missed, says entry 8",
            "2026-05-11 逾期，见第 8 条",
            "result",
        )

    def test_one_that_was_rebutted_names_the_entry_that_says_so_and_the_act_behind_it(self) -> None:
        story = self.MISSED.and_(GrantExtension("Water Bureau"), by=OFFICE, on="2026-05-20")
        rebutted = explain(CHAINED, the(story), story.history)[-2]

        assert rebutted.text("en") == "rebutted by entry 11, because of entry 9 (extension granted)"
        assert rebutted.text("zh") == "第 11 条更正逾期，因第 9 条（已同意延期）"
        assert rebutted.as_dict() == {
            "what": "rebutted",
            "on": "2026-05-20",
            "facts": {"entry": 11, "cause": 9, "kind": "extension_granted"},
            "citation": None,
        }

    def test_one_that_a_corrected_anchor_rebutted_names_the_correction(self) -> None:
        story = assigned().and_(Accept(), by=WATER, on="2026-03-10").and_the_clock_reads("2026-05-12")
        story = story.and_(Correct(2, "assigned_on", "2026-03-10", "wrong month"), by=OFFICE, on="2026-05-13")

        assert judged(story) == [
            "2026-05-11 was missed, says entry 7",
            "rebutted by entry 10, because of entry 8 (corrected)",
        ]

    def test_a_day_missed_anew_is_told_after_what_rebutted_the_first(self) -> None:
        story = self.MISSED.and_(GrantExtension("Water Bureau"), by=OFFICE, on="2026-05-20")

        assert judged(story.and_the_clock_reads("2026-08-11"))[2:] == ["2026-08-10 was missed, says entry 12"]

    def test_a_day_of_its_own_may_be_missed_too(self) -> None:
        asked = Supervise("Water Bureau", "phone", "soon", "2026-03-06")
        story = assigned().and_(asked, by=OFFICE).and_the_clock_reads("2026-03-09")

        assert judged(story, "supervision_answer") == ["2026-03-06 was missed, says entry 6"]
        assert judged(story) == []

    def test_what_another_unit_missed_is_told_of_the_term_that_its_successor_has(self) -> None:
        story = self.MISSED.and_(Succeed("Water Bureau", "River Bureau", "renamed"), by=OFFICE, on="2026-05-13")

        assert (the(story).key.unit, judged(story)) == ("River Bureau", ["2026-05-11 was missed, says entry 8"])

    def test_without_a_history_nothing_is_told_of_misses(self) -> None:
        assert [step.what for step in explain(CHAINED, the(self.MISSED))][-1:] == ["result"]


@pytest.mark.parametrize(
    ("story", "what", "en", "zh"),
    [
        pytest.param(
            extended(CHAINED, "2026-08-10"),
            "granted",
            "longer time was asked for on 2026-02-10 and granted on 2026-02-10",
            "2026-02-10 申请延期，2026-02-10 同意",
            id="asked for and granted",
        ),
        pytest.param(
            assigned(DECLARED).and_(Accept(), by=WATER).and_(DeclareExtension("2026-08-10", "hard"), by=WATER),
            "granted",
            "longer time was declared on 2026-02-10",
            "2026-02-10 说明延期",
            id="declared",
        ),
        pytest.param(
            by_span(CHAINED),
            "extended",
            "extended by consent, by 2 months, until 2026-07-10",
            "经同意延长 2 个月，至 2026-07-10",
            id="extension by a span",
        ),
        pytest.param(
            by_span(CHAINED),
            "longest",
            "may be extended to 2026-08-10 at most, 3 months more",
            "最多可延长至 2026-08-10，即再延 3 个月",
            id="as far as a chain reaches",
        ),
        pytest.param(
            by_span(CAPPED),
            "longest",
            "may be extended to 2026-08-10 at most, 6 months from the first day",
            "最多可延长至 2026-08-10，即自起算日起 6 个月",
            id="as far as a cap reaches",
        ),
    ],
)
def test_every_step_of_longer_time_has_its_words(story: Scenario, what: str, en: str, zh: str) -> None:
    found = step(story, what)

    assert (found.text("en"), found.text("zh")) == (en, zh)


def test_a_span_that_comes_to_less_than_it_did_keeps_its_day_and_says_so() -> None:
    moved = changed(the(by_span(CHAINED)), anchor_on="2026-02-09")
    kept = next(step for step in explain(CHAINED, moved) if step.what == "kept")

    assert kept.text("en") == "not before 2026-07-10, which 2 months came to when they were given"
    assert kept.text("zh") == "不早于延长 2 个月时所定的 2026-07-10"


def test_one_granted_before_its_days_were_recorded_is_told_without_them() -> None:
    story = extended(CHAINED, "2026-08-10")
    (extension,) = the(story).extensions
    earlier = changed(the(story), extensions=(changed(extension, on=None, asked_on=None),))
    undated = changed(the(story), extensions=(changed(extension, asked_on=None),))

    assert "granted" not in [step.what for step in explain(CHAINED, earlier)]
    assert explain(CHAINED, undated)[5].text() == "longer time was granted on 2026-02-10"


def test_a_pause_told_later_than_the_grant_is_told_whole_and_one_around_it_in_its_parts() -> None:
    around = by_span(CHAINED, granted_by=lambda story: story.and_(Suspend("flood"), by=OFFICE, on="2026-03-05"))
    story = around.and_(Resume("dry"), by=OFFICE, on="2026-03-10")

    assert steps(story) == [
        *PLAIN,
        ("longest", "2026-08-10"),
        ("granted", "2026-03-05"),
        ("extended", "2026-07-10"),
        ("paused", "2026-07-15"),
        ("result", "2026-07-15"),
    ]
