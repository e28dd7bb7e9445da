"""What do entries say in words? Codes and days in each language, and what was recorded as text as it was recorded."""

from __future__ import annotations

import re
from typing import Any

import attrs
import pytest

from handleflow import Entry, Promise, Rulebook
from handleflow.acts import (
    Classify,
    MarkProgress,
    Plan,
    Reassign,
    Receive,
    RecordContact,
    Reply,
    Supervise,
    TakeOver,
)
from handleflow.acts.assigning import Assign
from handleflow.events import (
    RungLapsed,
    RungSuppressed,
    TermDropped,
    TermMoved,
    TermUndated,
)
from handleflow.legal_time import Span, day
from handleflow.model import UnknownEvent
from handleflow.model.nouns import Part
from handleflow.model.term import FiringKey, TermKey
from handleflow.model.why import WHY_DROPPED, WHY_LAPSED, WHY_MOVED
from handleflow.testing import Scenario, given
from handleflow.views import entry_text, supervision_text
from handleflow.words import CATALOGUE
from tests.beginnings import LEADER, OFFICE, WATER, accepted, assigned, received, rulebook

KEY = TermKey("reply", "水务局")
ENGLISH = re.compile("[a-z]{3,}")
RUNG = {"id": "r", "term": "reply", "offset": "-15 days", "channel": "phone", "cite": "host", "zh": "请答复"}
RULES = rulebook(rung=[RUNG], light=[{"colour": "red", "cite": "host"}])


def said(entry: Entry, rules: Rulebook = RULES) -> tuple[str, str]:
    words = CATALOGUE.naming(rules.labels)
    return entry_text(entry, "en", words), entry_text(entry, "zh", words)


def last(story: Scenario, kind: str) -> Entry:
    return [entry for entry in story.history if entry.kind == kind][-1]


def why(event: Any) -> tuple[str, str]:
    """Why an entry with this event was written."""
    en, zh = said(attrs.evolve(received(RULES).history[0], event=event, state="closed"))
    return re.findall(r"reason: ([^;]*)", en)[0], re.findall("理由：([^；]*)", zh)[0]


MOVED = {"due_on": "2026-05-11", "unrolled_on": "2026-05-11", "anchor_on": "2026-02-10", "span": Span(3, "month")}
LAPSED = {"firing_key": FiringKey(KEY, "r"), "meant_on": day("2026-04-26")}


@pytest.mark.parametrize("reason", WHY_MOVED)
def test_why_a_term_moved_is_said_in_both_languages(reason: str) -> None:
    en, zh = why(TermMoved(KEY, reason=reason, corrected=2 if reason == "corrected" else None, **MOVED))  # type: ignore[arg-type]  # converted

    assert (reason in {en, zh}, "_" in en, re.search("[\u4e00-\u9fff]", zh) is not None) == (
        en == reason,
        False,
        True,
    )


@pytest.mark.parametrize(
    ("event", "en", "zh"),
    [
        (TermMoved(KEY, reason="adopted", **MOVED), "test 1 adopted", "已采用 test 1"),  # type: ignore[arg-type]
        (TermMoved(KEY, reason="corrected", corrected=2, **MOVED), "entry 2 was corrected", "第 2 条已更正"),  # type: ignore[arg-type]
        (TermUndated(KEY, 2), "entry 2 was corrected", "第 2 条已更正"),
        (TermDropped(KEY, "over"), "it is closed", "已处于“办结”状态"),
        (TermDropped(KEY, "relieved"), "the unit no longer handles it as it did", "该单位已不再照原分工承办"),
        (TermDropped(KEY, "unknown_rule"), "test 1 knows no such term", "test 1 没有此期限"),
        (RungLapsed(**LAPSED, reason="coalesced"), "a later rung speaks for it", "由其后的梯次一并督办"),  # type: ignore[arg-type]
        (
            RungSuppressed(**LAPSED, supervision=3, urged_on=day("2026-04-24")),  # type: ignore[arg-type]
            "the same unit was urged on 2026-04-24 (supervision 3)",
            "该单位已于 2026-04-24 被督办（第 3 次）",
        ),
    ],
)
def test_what_is_told_beside_the_code_stands_in_the_words(event: Any, en: str, zh: str) -> None:
    assert why(event) == (en, zh)


@pytest.mark.parametrize("reason", ["it is closed", "Water Bureau was urged on 2026-04-24"])
@pytest.mark.parametrize("kind", [TermDropped, RungLapsed, RungSuppressed])
def test_a_reason_that_was_recorded_in_words_is_shown_as_it_was_recorded(kind: Any, reason: str) -> None:
    beside: dict[str, Any] = {"key": KEY} if kind is TermDropped else LAPSED
    beside |= {"supervision": 1} if kind is RungSuppressed else {}

    assert why(kind(**beside, reason=reason)) == (reason, reason)


@pytest.mark.parametrize("code", [*WHY_MOVED, *WHY_DROPPED, *WHY_LAPSED])
def test_a_persons_own_reason_stays_as_they_wrote_it(code: str) -> None:
    story = accepted(RULES).and_(MarkProgress("Water Bureau", "red", code), by=OFFICE)

    assert [line.rpartition("reason: ")[2] for line in said(story.history[-1])[:1]] == [code]


def test_a_rung_that_speaks_in_one_language_is_read_in_the_other_unmixed() -> None:
    story = assigned(RULES).and_the_clock_reads("2026-04-26")
    words = CATALOGUE.naming(RULES.labels)

    assert [supervision_text(story.suggestion.supervisions[0], lang, words) for lang in ("en", "zh")] == [
        "请答复（2026-05-11）"
    ] * 2
    assert supervision_text(story.suggestion.supervisions[0], "zh") == "r（2026-05-11）"


def test_a_person_who_urges_is_quoted() -> None:
    story = accepted(RULES).and_(Supervise("Water Bureau", "phone", "where is it?"), by=OFFICE)

    assert [supervision_text(story.suggestion.supervisions[0], lang) for lang in ("en", "zh")] == ["where is it?"] * 2
    assert said(story.history[-1])[1] == "承办单位：Water Bureau；方式：电话催办；内容：where is it?"


def test_days_yes_and_no_codes_and_lists_are_said() -> None:
    story = received(RULES).and_(Classify("roads", is_confidential=True, visibility="not_public"), by=OFFICE)
    story = story.and_(Assign(("Water Bureau", "Roads Bureau")), by=OFFICE)

    assert said(last(story, "classified")) == (
        "category: roads; visibility: not public; confidential: yes",
        "类别：roads；公开范围：不公开；保密：是",
    )
    assert said(last(story, "assigned"))[1] == "主办单位：Water Bureau、Roads Bureau"
    assert said(last(story, "term_set"))[1] == (
        "期限：答复代表，Roads Bureau（第 1 轮，1）；起算记录：3；起算日：2026-02-09；期间：3 个月；"
        "顺延前到期日：2026-05-09；到期日：2026-05-09"
    )


def test_the_way_a_deputy_was_reached_is_not_the_way_a_unit_is_urged() -> None:
    story = accepted(RULES).and_(RecordContact("before", "phone"), by=WATER)

    assert said(story.history[-1]) == ("stage: before handling; channel: by telephone", "阶段：办前；方式：电话")


def test_what_a_value_holds_is_said_in_one_line() -> None:
    story = received(RULES).and_(Assign(("Water Bureau",), parts=(Part("Water Bureau", "the pipes"),)), by=OFFICE)
    story = story.and_(MarkProgress("Water Bureau", "red"), by=OFFICE)

    assert said(last(story, "assigned"))[1] == "主办单位：Water Bureau；分工：承办单位：Water Bureau；内容：the pipes"
    assert said(story.history[-1]) == ("unit: Water Bureau; colour: red", "承办单位：Water Bureau；颜色：红灯")


def test_the_class_of_a_reply_is_said_in_each_language_or_as_it_was_recorded() -> None:
    story = accepted(RULES).and_(RecordContact("before"), by=WATER)
    story = story.and_(Reply("B", "soon", (Promise("pipes", "2026-12-31"),)), by=WATER)
    classified = last(story, "reply_classified")

    assert said(classified)[0].endswith("class of outcome: being solved or planned to be solved step by step")
    assert said(classified)[1].endswith(entry_text(classified, "en").rpartition(": ")[2])
    assert "承诺：内容：pipes；到期日：2026-12-31" in said(last(story, "replied"))[1]


def test_a_rung_that_comes_again_is_numbered() -> None:
    event = RungLapsed(FiringKey(KEY, "r", 2), day("2026-04-26"), "over")
    entry = attrs.evolve(received(RULES).history[0], event=event)

    assert [line.partition("; ")[0].partition("；")[0] for line in said(entry)] == [
        "rung: 请答复 (2)",
        "督办梯次：请答复（第 2 次）",
    ]


def test_what_is_private_is_not_said() -> None:
    story = given(RULES).and_(Receive("Pipes", "Deputy A", phone="000-0000"), by=OFFICE, on="2026-02-09")

    assert "000-0000" not in said(story.history[0])[0]


def test_what_is_long_is_cut() -> None:
    story = accepted(RULES).and_(Plan("x" * 100), by=WATER)

    assert said(story.history[-1])[0] == f"text: {'x' * 79}…"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b'{"degrees":41,"shade":null,"where":{"unit":"A"}}', 'degrees：41；where：{"unit": "A"}'),
        (b"[41]", "body：[41]"),
    ],
)
def test_an_event_of_an_unknown_kind_is_shown_as_it_stands(body: bytes, text: str) -> None:
    entry = attrs.evolve(received(RULES).history[0], event=UnknownEvent("measured", body))

    assert said(entry)[1] == text


def test_no_word_of_english_is_said_in_chinese_where_people_wrote_none() -> None:
    story = given(RULES, "1").and_(
        TakeOver("标题", leads=("水务局",), assigned_on="2026-02-02"), by=OFFICE, on="2026-02-09"
    )
    story = story.and_(MarkProgress("水务局", "red"), by=LEADER).and_the_clock_reads("2026-05-12")
    story = story.and_(Reassign(("公路局",), instead_of="水务局", reason="改办"), by=OFFICE)

    assert [line for entry in story.history if ENGLISH.search(line := said(entry)[1])] == []
