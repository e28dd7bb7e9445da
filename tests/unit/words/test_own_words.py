"""How does a host add a language, or change a sentence, without changing the library?"""

from __future__ import annotations

import pickle

import pytest

from handleflow import HandleflowError, Reason, Refused
from handleflow.core import explain_count
from handleflow.errors import NotAStore
from handleflow.hash_chain import IntegrityFault
from handleflow.ledgers.taking_over import RefusedRow
from handleflow.legal_time import CIVIL_CODE, Span, day
from handleflow.rulebooks import load_calendar
from handleflow.words import CATALOGUE, Message, label, say

TIBETAN = """
label-reply = ལན་འདེབས།
no_lead = འགན་འཁུར་སྡེ་ཚན་མེད།
list-comma = { " དང་ " }
"""
OURS = """
no_lead = 请先确定主办单位
too_hot = 气温 { $degrees } 度，超过 { -limit } 度
    .remedy = { no_lead }
-limit = { 40 }
"""
NO_LEAD = Reason("no_lead", kind="value")


def test_the_library_speaks_english_and_chinese() -> None:
    assert CATALOGUE.languages == ("en", "zh")


class TestLanguages:
    """Another language is one text more."""

    WORDS = CATALOGUE.adding("bo", TIBETAN)

    def test_it_is_one_of_those_there_are(self) -> None:
        assert self.WORDS.languages == ("bo", "en", "zh")

    def test_what_it_has_is_said_in_it_without_an_english_remedy_and_the_rest_in_english(self) -> None:
        refused = Refused("2026-017", "reply", (NO_LEAD, Reason("not_a_lead", {"leads": ("甲", "乙")}, "who")))

        assert refused.text("bo", self.WORDS) == (
            "ལན་འདེབས། refused for suggestion 2026-017: འགན་འཁུར་སྡེ་ཚན་མེད།; "
            "only a lead unit does this, and that is 甲 དང་ 乙"
        )
        assert self.WORDS.label("reply", "bo") == "ལན་འདེབས།"

    @pytest.mark.parametrize("lang", ["zh", "zh-CN", "zh_Hans_CN"])
    def test_a_region_reads_the_language(self, lang: str) -> None:
        assert (label("reply", lang), NO_LEAD.words(lang)) == ("答复", "没有主办单位")

    @pytest.mark.parametrize("lang", ["fr", "", "../en", "label-reply"])
    def test_a_language_without_words_reads_english(self, lang: str) -> None:
        assert NO_LEAD.text(lang) == NO_LEAD.text("en")

    def test_the_librarys_own_catalogue_stays_as_it_is(self) -> None:
        assert NO_LEAD.text("bo") == NO_LEAD.text("en")


class TestSentences:
    """A host's sentence goes before the library's; its own reasons stand beside."""

    WORDS = CATALOGUE.adding("zh", OURS)

    def test_the_librarys_sentence_is_said_as_the_host_has_it_and_keeps_its_remedy(self) -> None:
        assert NO_LEAD.text("zh", self.WORDS) == "请先确定主办单位，至少指定一个"

    def test_the_later_of_two_texts_goes_before_the_earlier(self) -> None:
        assert self.WORDS.adding("zh", "no_lead = 无主办").words("no_lead", (), "zh") == "无主办"

    def test_its_own_reason_is_said_with_its_facts_and_with_other_sentences(self) -> None:
        assert Reason("too_hot", {"degrees": 41}).text("zh", self.WORDS) == (
            "气温 41 度，超过 40 度，请先确定主办单位"
        )

    def test_words_of_a_reason_itself_go_before_those_of_a_text(self) -> None:
        assert Reason("too_hot", {"degrees": 41}, zh="太热", remedy_zh="歇").text("zh", self.WORDS) == "太热，歇"

    def test_whatever_is_said_is_said_by_the_host_catalogue(self) -> None:
        words = CATALOGUE.adding(
            "zh", "step-result = 到期：{ $on }\nfault-no_hash = 缺散列值\ncli-no_file = 缺 { $path }"
        )
        result = explain_count(day("2026-02-10"), Span(5, "day"), CIVIL_CODE, load_calendar("cn"))[-1]

        assert result.text("zh", words) == "到期：2026-02-24"
        assert IntegrityFault("1", 2, "no_hash").text("zh", words) == "建议 1 第 2 条：缺散列值"
        assert NotAStore(Message("cli-no_file", {"path": "a"})).text("zh", words) == "缺 a"

    def test_a_catalogue_is_a_value(self) -> None:
        assert (self.WORDS, pickle.loads(pickle.dumps(self.WORDS))) == (CATALOGUE.adding("zh", OURS), self.WORDS)  # noqa: S301

    @pytest.mark.parametrize(
        ("text", "why"),
        [
            pytest.param(
                "a = b\nc d = e\n", "line 2 is no message: Expected token: \"=\": 'c d = e'", id="an id of two words"
            ),
            pytest.param("a = { $b\n", "line 2 is no message: Expected token: \"}\": 'a = { $b'", id="no end"),
        ],
    )
    def test_a_text_that_cannot_be_read_is_refused_with_its_line(self, text: str, why: str) -> None:
        with pytest.raises(ValueError, match="is no message") as refused:
            CATALOGUE.adding("zh", text)

        assert str(refused.value) == why


class TestSlips:
    """Whatever a file says, showing it raises nothing."""

    @pytest.mark.parametrize(
        ("written", "shown"),
        [
            pytest.param("{ $degree }", "{$degree}", id="a fact that is not given"),
            pytest.param("{ HEAT($degrees) }", "{???}", id="a function there is not"),
            pytest.param("{ no_such }", "{no_such}", id="another sentence there is not"),
            pytest.param("{ -no_such }", "{-no_such}", id="a term there is not"),
            pytest.param("{ no_lead.help }", "{no_lead.help}", id="an attribute there is not"),
            pytest.param("{ no_lead.remedy }", "至少指定一个", id="an attribute that is there"),
            pytest.param('{ 5 } { { "}" } }', "5 }", id="what is written out"),
            pytest.param("{ NEAREST($degrees, $degrees) }", "；是否应为“41”？", id="one that is known"),
            pytest.param("{ LABEL($nobody) }", "?", id="a name of nothing"),
        ],
    )
    def test_it_is_shown_as_it_is_written(self, written: str, shown: str) -> None:
        words = CATALOGUE.adding("zh", f"too_hot = {written}")

        assert Reason("too_hot", {"degrees": 41, "nobody": None}).text("zh", words) == shown

    def test_a_message_without_words_of_its_own_has_but_its_attributes(self) -> None:
        words = CATALOGUE.adding("zh", "too_hot =\n    .remedy = 歇")

        assert Reason("too_hot").text("zh", words) == "too_hot，歇"


class TestErrors:
    """An error that people meet is said in their language."""

    def test_of_a_message_it_says_the_sentence(self) -> None:
        error = NotAStore(Message("cli-no_file", {"path": "a.db"}))

        assert (str(error), error.text("zh")) == ("there is no file a.db", "没有文件 a.db")

    @pytest.mark.parametrize(
        "error", [HandleflowError("it is English"), HandleflowError("it is", "English"), HandleflowError()]
    )
    def test_any_other_says_what_it_says(self, error: HandleflowError) -> None:
        assert error.text("zh") == str(error)

    def test_a_row_that_is_refused_says_each_reason_after_its_rule(self) -> None:
        row = RefusedRow(2, "Pipes", (NO_LEAD, Reason("not_suspended")))

        assert row.text("zh") == "no_lead: 没有主办单位，至少指定一个；not_suspended: 并未中止"
        assert (
            row.as_dict()["reason"]
            == "no_lead: it would have no lead unit; name at least one; not_suspended: it is not suspended"
        )

    def test_a_row_that_cannot_be_read_says_the_error(self) -> None:
        assert RefusedRow(2, "Pipes", error="no such day").text("zh") == "no such day"


def test_a_fault_that_the_catalogue_does_not_know_says_itself() -> None:
    fault = IntegrityFault("1", 0, "it looks odd")

    assert (str(fault), fault.text("zh")) == ("suggestion 1: it looks odd", "建议 1：it looks odd")


def test_a_fault_as_json_has_its_facts_and_both_languages() -> None:
    assert IntegrityFault("1", 2, "out_of_order", {"expected": 3}).as_dict() == {
        "id": "1",
        "entry": 2,
        "code": "out_of_order",
        "facts": {"expected": 3},
        "en": "entry 3 should stand here; one was removed or inserted",
        "zh": "此处应为第 3 条；有记录被删去或者被插入",
    }


def test_a_sentence_of_more_than_a_thousand_names_is_said_whole() -> None:
    units = tuple(f"第{n}局" for n in range(1500))

    assert say("not_its_unit", "zh", unit="X", units=units).endswith("、第1499局")
