"""Why is it due on that day? Every step with its day, its words and its article, and the last one as recorded."""

from __future__ import annotations

from typing import Any

import pytest

from handleflow import Promise, Rulebook, Term
from handleflow.acts import (
    Accept,
    Assign,
    DeclareExtension,
    GrantExtension,
    Receive,
    RecordContact,
    Reply,
    RequestExtension,
    Resume,
    Supervise,
    Suspend,
    TakeOver,
)
from handleflow.core import Step, explain, explain_count
from handleflow.legal_time import CIVIL_CODE, Convention, Span, day
from handleflow.rulebooks import load_calendar
from handleflow.rules import Citation
from handleflow.testing import Scenario, given
from handleflow.views import explanation_data, explanation_markdown, explanation_text
from tests.beginnings import OFFICE, WATER, rulebook

CN = load_calendar("cn")
CIVIL, OWN = "MFD 201-203", "host"
STOPPABLE = [
    {"act": act, "source": ["assigned", "handling"], "target": "same", "who": ["congress_office"]}
    for act in ("suspend", "resume")
]


def ruled(mode: str = "consent", base: str = "chained", span: str = "3 months", **more: Any) -> Rulebook:
    """Three months for a reply, longer in one *mode*; first contact in working days; a clock that can stand."""
    extension = {"span": span, "base": base, "mode": mode, "cite": "NPC05 digest", "times": 2}
    reply = {"id": "reply", "of": "lead", "anchor": "assigned", "met_by": ["replied"], "span": "3 months"}
    longer = {"long_span": "6 months", "long_cite": "NPC-YSGZ 32", "extension": extension, "is_pausable": True}
    contact = {"id": "first_contact", "of": "lead", "anchor": "accepted", "met_by": ["contact_recorded"]}
    return rulebook(
        term=[
            {**reply, "cite": "DBF25 51", **longer},
            {**contact, "span": "20 workdays", "cite": "host", "is_pausable": True},
        ],
        transition=STOPPABLE,
        **more,
    )


CHAINED = ruled()
CAPPED = ruled(base="capped", span="6 months")
DECLARED = ruled("declaration", "capped", "6 months")


def assigned(rules: Rulebook = CHAINED, on: str = "2026-02-10", **how: Any) -> Scenario:
    story = given(rules).and_(Receive("Pipes", "Deputy A"), by=OFFICE, on=on)
    return story.and_(Assign(("Water Bureau",), **how), by=OFFICE, on=on)


def extended(rules: Rulebook, until: str) -> Scenario:
    story = assigned(rules).and_(Accept(), by=WATER).and_(RequestExtension(until, "hard"), by=WATER)
    return story.and_(GrantExtension("Water Bureau"), by=OFFICE)


def paused(story: Scenario, start: str, end: str) -> Scenario:
    return story.and_(Suspend("flood"), by=OFFICE, on=start).and_(Resume("dry"), by=OFFICE, on=end)


def the(story: Scenario, rule: str = "reply") -> Term:
    return [term for term in story.suggestion.terms if term.key.rule == rule][-1]


def steps(story: Scenario, rule: str = "reply") -> list[tuple[str, str]]:
    """What was done and the day it led to, step by step, behind the calendar it was reckoned by."""
    calendar, *found = explain(story.rules, the(story, rule))
    assert calendar.what == "calendar"
    return [(step.what, str(step.on)) for step in found]


def step(story: Scenario, what: str, rule: str = "reply") -> Step:
    return next(step for step in explain(story.rules, the(story, rule)) if step.what == what)


LONGER = [("longest", "2026-08-10"), ("granted", "2026-02-10"), ("extended", "2026-08-10")]
PLAIN = [("anchor", "2026-02-10"), ("counted", "2026-05-10"), ("rolled", "2026-05-11")]


@pytest.mark.parametrize(
    ("story", "found"),
    [
        pytest.param(
            assigned(on="2026-01-20"),
            [("anchor", "2026-01-20"), ("counted", "2026-04-20"), ("result", "2026-04-20")],
            id="plain: a span from its anchor",
        ),
        pytest.param(assigned(), [*PLAIN, ("result", "2026-05-11")], id="rolled off a Sunday"),
        pytest.param(
            assigned(on="2025-11-30"),
            [
                ("anchor", "2025-11-30"),
                ("counted", "2026-02-28"),
                ("clipped", "2026-02-28"),
                ("result", "2026-02-28"),
            ],
            id="clipped to the month's last day",
        ),
        pytest.param(
            assigned(is_long_track=True),
            [("anchor", "2026-02-10"), ("counted", "2026-08-10"), ("result", "2026-08-10")],
            id="on the long track",
        ),
        pytest.param(
            extended(CHAINED, "2026-08-10"),
            [*PLAIN, *LONGER, ("result", "2026-08-10")],
            id="extended, chained to the unrolled day",
        ),
        pytest.param(
            extended(CAPPED, "2026-07-31"),
            [
                *PLAIN,
                ("longest", "2026-08-10"),
                ("granted", "2026-02-10"),
                ("extended", "2026-07-31"),
                ("result", "2026-07-31"),
            ],
            id="extended, capped from the anchor",
        ),
        pytest.param(
            assigned(DECLARED).and_(Accept(), by=WATER).and_(DeclareExtension("2026-08-10", "hard"), by=WATER),
            [*PLAIN, *LONGER, ("result", "2026-08-10")],
            id="extended by the unit's own declaration",
        ),
        pytest.param(
            paused(assigned(), "2026-03-05", "2026-03-10"),
            [*PLAIN, ("paused", "2026-05-15"), ("result", "2026-05-15")],
            id="paused five days, from the unrolled day",
        ),
        pytest.param(
            paused(assigned(), "2026-03-05", "2026-03-11"),
            [*PLAIN, ("paused", "2026-05-16"), ("rolled", "2026-05-18"), ("result", "2026-05-18")],
            id="paused six days, and rolled off a Saturday",
        ),
        pytest.param(
            paused(paused(assigned(), "2026-03-05", "2026-03-06"), "2026-04-01", "2026-04-03"),
            [
                *PLAIN,
                ("paused", "2026-05-11"),
                ("paused", "2026-05-13"),
                ("result", "2026-05-13"),
            ],
            id="paused twice",
        ),
        pytest.param(
            paused(extended(CHAINED, "2026-08-10"), "2026-03-05", "2026-03-10"),
            [
                *PLAIN,
                *LONGER,
                ("paused", "2026-08-15"),
                ("rolled", "2026-08-17"),
                ("result", "2026-08-17"),
            ],
            id="extended, then paused",
        ),
        pytest.param(
            paused(assigned(), "2026-03-05", "2026-03-05"),
            [*PLAIN, ("result", "2026-05-11")],
            id="an empty pause is no step",
        ),
        pytest.param(
            assigned().and_(Suspend("flood"), by=OFFICE, on="2026-03-05"),
            [*PLAIN, ("standing", "None"), ("result", "2026-05-11")],
            id="an open pause stands, and moves nothing yet",
        ),
        pytest.param(
            assigned(notice_on="2026-04-30"),
            [*PLAIN, ("notice", "2026-04-30"), ("result", "2026-04-30")],
            id="an earlier notice holds",
        ),
        pytest.param(
            assigned(notice_on="2026-06-30"),
            [*PLAIN, ("late_notice", "2026-05-11"), ("result", "2026-05-11")],
            id="a later notice does not",
        ),
    ],
)
def test_a_day_came_about_by_these_steps_and_is_the_recorded_one(
    story: Scenario, found: list[tuple[str, str]]
) -> None:
    assert (steps(story), found[-1][1]) == (found, str(the(story).due_on))


def test_a_pause_of_working_days_takes_working_days_out() -> None:
    """5 March is a Thursday: 6, 9, 10 and 11 March did not count."""
    story = paused(assigned().and_(Accept(), by=WATER, on="2026-03-02"), "2026-03-05", "2026-03-11")

    assert steps(story, "first_contact") == [
        ("anchor", "2026-03-02"),
        ("counted", "2026-03-30"),
        ("paused", "2026-04-03"),
        ("result", "2026-04-03"),
    ]


def test_the_version_of_the_calendar_is_told_first() -> None:
    story = assigned()
    first, *_ = explain(story.rules, the(story))

    version, known_through = story.rules.calendar.version, story.rules.calendar.known_through
    assert first.text() == f"by the calendar cn {version}, known through {known_through}"
    assert first.text("zh") == f"按日历 cn {version} 计算，放假安排知道到 {known_through} 为止"


def test_an_announced_end_and_a_clock_that_stands_are_told() -> None:
    announced = assigned().and_(Suspend("flood", until="2026-03-10"), by=OFFICE, on="2026-03-05")
    standing = assigned().and_(Suspend("flood"), by=OFFICE, on="2026-03-05")

    assert step(announced, "paused").text() == (
        "the clock stands, as announced, from 2026-03-05 to 2026-03-10: 2026-05-15"
    )
    assert step(announced, "paused").text("zh") == "2026-03-05 至 2026-03-10 中止（事先写明），顺延至 2026-05-15"
    assert step(standing, "standing").text() == "the clock has stood since 2026-03-05; nobody knows until when"


@pytest.mark.parametrize(
    ("story", "what", "citation"),
    [
        pytest.param(assigned(), "anchor", CIVIL, id="where counting begins: the convention's"),
        pytest.param(assigned(), "rolled", CIVIL, id="rolling: the convention's"),
        pytest.param(assigned(on="2025-11-30"), "clipped", CIVIL, id="clipping: the convention's"),
        pytest.param(assigned(), "counted", "DBF25 51", id="the span: the term's"),
        pytest.param(assigned(is_long_track=True), "counted", "NPC-YSGZ 32", id="the long track: its own"),
        pytest.param(extended(CHAINED, "2026-08-10"), "extended", "NPC05 digest", id="the extension: its own"),
        pytest.param(assigned(notice_on="2026-04-30"), "notice", "", id="a notice: none"),
        pytest.param(assigned(), "result", "", id="the result: none beside those above it"),
    ],
)
def test_a_step_stands_on_its_own_article(story: Scenario, what: str, citation: str) -> None:
    assert step(story, what).citation == citation


def test_a_term_of_the_offices_own_says_so() -> None:
    story = assigned().and_(Accept(), by=WATER)

    assert step(story, "counted", "first_contact").citation == OWN


@pytest.mark.parametrize(
    ("story", "what", "en", "zh"),
    [
        pytest.param(
            assigned(),
            "anchor",
            "counted from 2026-02-10; day one is the day after",
            "自 2026-02-10 起算，次日为第一日",
            id="anchor",
        ),
        pytest.param(
            assigned(), "counted", "3 months from there end on 2026-05-10", "3 个月，至 2026-05-10", id="span"
        ),
        pytest.param(
            assigned(),
            "rolled",
            "moved over rest days (2026-05-10) to 2026-05-11",
            "遇休息日（2026-05-10），移至 2026-05-11",
            id="roll",
        ),
        pytest.param(
            assigned(on="2025-11-30"),
            "clipped",
            "that month has no day 30; its last is 2026-02-28",
            "该月无 30 日，以月末 2026-02-28 为准",
            id="clip",
        ),
        pytest.param(
            extended(CHAINED, "2026-08-10"),
            "extended",
            "extended by consent until 2026-08-10",
            "经同意延长至 2026-08-10",
            id="extension by consent",
        ),
        pytest.param(
            assigned(DECLARED).and_(Accept(), by=WATER).and_(DeclareExtension("2026-08-10", "hard"), by=WATER),
            "extended",
            "extended by declaration until 2026-08-10",
            "经说明延长至 2026-08-10",
            id="extension by declaration",
        ),
        pytest.param(
            paused(assigned(), "2026-03-05", "2026-03-10"),
            "paused",
            "the clock stood from 2026-03-05 to 2026-03-10: 2026-05-15",
            "2026-03-05 至 2026-03-10 中止，顺延至 2026-05-15",
            id="pause",
        ),
        pytest.param(
            assigned(notice_on="2026-04-30"),
            "notice",
            "a notice set 2026-04-30, before the law's own day",
            "通知定为 2026-04-30，早于法定期限",
            id="an earlier notice",
        ),
        pytest.param(
            assigned(notice_on="2026-06-30"),
            "late_notice",
            "a notice set 2026-06-30; it does not lengthen the law",
            "通知定为 2026-06-30，不延长法定期限",
            id="a later notice",
        ),
        pytest.param(assigned(), "result", "due on 2026-05-11", "应于 2026-05-11 前完成", id="result"),
        pytest.param(
            assigned(on="2026-11-06"),
            "result",
            "due on 2027-02-09, provisional: no notice covers it yet",
            "应于 2027-02-09 前完成（暂定：尚无放假通知）",
            id="a provisional result",
        ),
    ],
)
def test_a_step_has_words_in_english_and_chinese(story: Scenario, what: str, en: str, zh: str) -> None:
    found = step(story, what)

    assert (found.text("en"), found.text("zh")) == (en, zh)


@pytest.mark.parametrize(
    ("first_day", "words"),
    [
        pytest.param("next_day", ("day one is the day after", "次日为第一日"), id="next day"),
        pytest.param("next_working_day", ("day one is the next working day", "下一工作日为第一日"), id="working"),
        pytest.param("same_day", ("day one is that day", "当日为第一日"), id="same day"),
        pytest.param("rolled_forward", ("moved to a working day first", "先顺延至工作日再起算"), id="rolled"),
    ],
)
def test_every_first_day_has_its_words(first_day: str, words: tuple[str, str]) -> None:
    anchor, *_ = explain_count(day("2026-02-10"), Span(5, "workday"), Convention("x", first_day), CN)

    assert (words[0] in anchor.text("en"), words[1] in anchor.text("zh")) == (True, True)


@pytest.mark.parametrize(
    ("unit", "zh"), [("day", "5 日，至"), ("workday", "5 个工作日，至"), ("month", "5 个月，至")]
)
def test_every_unit_has_its_chinese_word(unit: str, zh: str) -> None:
    counted = explain_count(day("2026-02-10"), Span(5, unit), CIVIL_CODE, CN)[1]

    assert counted.text("zh").startswith(zh)


@pytest.mark.parametrize(
    ("convention", "rolled"),
    [
        pytest.param(Convention("x"), [("2026-10-08", "2026-10-03、")], id="following, over the National Day week"),
        pytest.param(Convention("x", direction="preceding"), [("2026-09-30", "2026-10-03、")], id="preceding"),
        pytest.param(Convention("x", roll_on="none"), [], id="never"),
    ],
)
def test_a_roll_names_the_rest_days_it_went_over(convention: Convention, rolled: list[tuple[str, str]]) -> None:
    found = explain_count(day("2026-07-03"), Span(3, "month"), convention, CN)

    assert [(str(s.on), s.text("zh")[5:16]) for s in found if s.what == "rolled"] == rolled


class TestDaysOfTheirOwn:
    """Not every day is counted: some are promised, asked for, or unknown."""

    def test_a_promised_day_is_what_the_reply_said(self) -> None:
        story = assigned().and_(Accept(), by=WATER).and_(RecordContact("before"), by=WATER)
        story = story.and_(Reply("B", "next year", (Promise("new pipes", "2026-12-31"),)), by=WATER)
        fixed, result = explain(story.rules, the(story, "commitment"))

        assert (fixed.what, fixed.text("en"), fixed.text("zh"), str(result.on)) == (
            "fixed",
            "a reply promised this day",
            "答复中承诺的日期",
            "2026-12-31",
        )

    def test_the_day_of_an_answer_is_what_the_supervision_asked_for(self) -> None:
        story = assigned().and_(Supervise("Water Bureau", "phone", "soon", "2026-03-06"), by=OFFICE)
        fixed, result = explain(story.rules, the(story, "supervision_answer"))

        assert (fixed.what, fixed.text("en"), fixed.text("zh"), result.what, str(result.on)) == (
            "fixed",
            "an answer was asked for by this day",
            "要求答复的日期",
            "result",
            "2026-03-06",
        )

    def test_a_term_whose_anchor_nobody_knows_is_not_computable(self) -> None:
        story = given(CHAINED).and_(TakeOver("Pipes", leads=("Water Bureau",)), by=OFFICE, on="2026-02-09")
        unknown, result = explain(story.rules, the(story))

        assert (unknown.what, unknown.on, result.what, result.on, result.text("en"), result.text("zh")) == (
            "unknown",
            None,
            "result",
            None,
            "not computable",
            "无法计算",
        )


def test_a_term_whose_rule_its_rulebook_no_longer_has_is_explained_without_its_ground() -> None:
    story = assigned().and_(Accept(), by=WATER)
    without = rulebook()

    assert [(s.what, s.citation) for s in explain(without, the(story, "first_contact"))][2] == ("counted", "")


class TestTold:
    """The same steps as data, as text and as Markdown."""

    STEPS = explain_count(day("2026-02-10"), Span(3, "month"), CIVIL_CODE, CN, Citation("MFD", "201-203"))

    def test_as_data_a_day_is_iso_text_and_no_citation_is_null(self) -> None:
        assert explanation_data(self.STEPS)[2:] == [
            {
                "what": "rolled",
                "on": "2026-05-11",
                "facts": {"rest_days": ["2026-05-10"]},
                "en": "moved over rest days (2026-05-10) to 2026-05-11",
                "zh": "遇休息日（2026-05-10），移至 2026-05-11",
                "citation": CIVIL,
            },
            {
                "what": "result",
                "on": "2026-05-11",
                "facts": {"is_provisional": False},
                "en": "due on 2026-05-11",
                "zh": "应于 2026-05-11 前完成",
                "citation": None,
            },
        ]

    def test_as_data_a_day_nobody_knows_is_null(self) -> None:
        story = given(CHAINED).and_(TakeOver("Pipes", leads=("Water Bureau",)), by=OFFICE, on="2026-02-09")

        assert [found["on"] for found in explanation_data(explain(story.rules, the(story)))] == [None, None]

    def test_as_english_text_each_step_is_a_line_with_its_citation(self) -> None:
        assert explanation_text(self.STEPS).splitlines() == [
            "  counted from 2026-02-10; day one is the day after [MFD art. 201-203]",
            "  3 months from there end on 2026-05-10",
            "  moved over rest days (2026-05-10) to 2026-05-11 [MFD art. 201-203]",
            "  due on 2026-05-11",
        ]

    def test_as_chinese_text_each_step_is_a_line_with_its_citation(self) -> None:
        assert explanation_text(self.STEPS, "zh").splitlines() == [
            "  自 2026-02-10 起算，次日为第一日 [MFD 第 201-203 条]",
            "  3 个月，至 2026-05-10",
            "  遇休息日（2026-05-10），移至 2026-05-11 [MFD 第 201-203 条]",
            "  应于 2026-05-11 前完成",
        ]

    @pytest.mark.parametrize(("lang", "last"), [("en", "due on 2026-05-11"), ("zh", "应于 2026-05-11 前完成")])
    def test_as_markdown_it_is_a_numbered_list_under_its_title(self, lang: str, last: str) -> None:
        found = explanation_markdown("reply of Water Bureau", self.STEPS, lang).splitlines()

        assert (found[:2], found[2][:3], found[-1]) == (["## reply of Water Bureau", ""], "1. ", f"4. {last}")

    def test_without_a_citation_the_convention_stands_on_nothing(self) -> None:
        found = explain_count(day("2026-02-10"), Span(3, "month"), CIVIL_CODE, CN)

        assert {step.citation for step in found} == {""}

    def test_days_before_the_first_notice_are_provisional_too(self) -> None:
        assert "provisional" in explain_count(day("2013-04-16"), Span(3, "month"), CIVIL_CODE, CN)[-1].text()
