"""What is said where a rulebook, a host's file and the library each call a code otherwise, or in one language?"""

from __future__ import annotations

import pickle

import pytest

from handleflow import Reason, Refused
from handleflow.acts import Assign, MarkProgress, Supervise
from handleflow.errors import UnknownSuggestion
from handleflow.testing import Scenario
from handleflow.words import CATALOGUE, Bilingual, Message
from tests.beginnings import OFFICE, WATER, accepted, rulebook

LABELS = {
    ("state", "handling"): Bilingual("at work", "承办中"),
    ("act", "reply"): Bilingual(zh="函复"),
    ("reason", "too_hot"): Bilingual("it is too hot", "气温过高"),
}
NAMED = CATALOGUE.naming(LABELS)
OWN = rulebook(
    state=[{"name": "handling", "en": "at work", "zh": "承办中"}],
    channels=["phone", "red_banner"],
    light=[{"colour": "orange", "cite": "host", "en": "orange", "zh": "橙灯"}],
    label=[
        {"of": "channel", "code": "red_banner", "en": "red banner", "zh": "红头督办"},
        {"of": "act", "code": "draft_reply", "en": "draft the letter", "zh": "拟写复函"},
        {"of": "role", "code": "unit", "en": "responsible unit", "zh": "责任单位"},
    ],
)


@pytest.mark.parametrize(
    ("words", "en", "zh"),
    [
        pytest.param(Bilingual("yes", "是"), "yes", "是", id="both"),
        pytest.param(Bilingual("yes"), "yes", "yes", id="English only"),
        pytest.param(Bilingual(zh="是"), "是", "是", id="Chinese only"),
        pytest.param(Bilingual(), "", "", id="none"),
    ],
)
def test_words_in_one_language_are_said_in_the_other_too(words: Bilingual, en: str, zh: str) -> None:
    assert (words.said("en"), words.said("zh"), words.said("zh-CN")) == (en, zh, zh)


def test_a_rulebooks_words_go_before_the_librarys_and_behind_those_a_host_added() -> None:
    added = NAMED.adding("zh", "label-handling = 正在办理")

    assert [words.label("handling", "zh", "state") for words in (CATALOGUE, NAMED, added)] == [
        "办理",
        "承办中",
        "正在办理",
    ]
    assert added.label("handling", "en", "state") == "at work"


def test_a_language_without_words_of_its_own_hears_the_rulebooks() -> None:
    assert NAMED.label("handling", "bo", "state") == "at work"


def test_naming_nothing_changes_nothing() -> None:
    assert CATALOGUE.naming({}) is CATALOGUE


def test_a_reason_that_no_file_has_is_said_by_the_rulebook() -> None:
    reason = Reason("too_hot", {"degrees": 41}, labels=LABELS)

    assert (reason.text("en"), reason.text("zh")) == ("it is too hot", "气温过高")


def test_a_message_carries_what_its_codes_are_called() -> None:
    error = UnknownSuggestion(Message("error-not_begun", {"id": "1", "acts": ("reply",)}, labels=LABELS))

    assert error.text("zh") == "没有建议“1”；建议始于：函复"


def refusals() -> list[tuple[Scenario, object, object, tuple[str, str]]]:
    story = accepted(OWN)
    return [
        (
            story,
            Assign(("Roads Bureau",)),
            WATER,
            ("assign refused for suggestion 2026-017: it is 'at work'; from here", "目前处于“承办中”状态，当前可办"),
        ),
        (story, Assign(("Roads Bureau",)), WATER, ("draft the letter", "拟写复函")),
        (
            story,
            Supervise("Water Bureau", "phone", "soon"),
            WATER,
            ("a responsible unit may not", "责任单位无权办理"),
        ),
        (
            story,
            Supervise("Water Bureau", "red_baner", "soon"),
            OFFICE,
            ("did you mean 'red_banner'?", "是否应为“红头督办”？"),
        ),
        (story, MarkProgress("Water Bureau", "pink"), OFFICE, ("there is: orange", "现有：橙灯")),
    ]


@pytest.mark.parametrize(("story", "act", "by", "words"), refusals())
def test_a_refusal_names_states_acts_roles_channels_and_lights_as_the_rulebook_does(
    story: Scenario, act: Assign, by: object, words: tuple[str, str]
) -> None:
    outcome = story.when(act, by=by)  # type: ignore[arg-type]  # an actor
    refused = pickle.loads(pickle.dumps(Refused(story.suggestion.id, act.verb, outcome.reasons)))  # noqa: S301  our own

    assert [each in refused.text(lang) for each, lang in zip(words, ("en", "zh"), strict=True)] == [True, True]
    assert [each in outcome.text(lang) for each, lang in zip(words, ("en", "zh"), strict=True)] == [True, True]


@pytest.mark.parametrize(
    ("citation", "en", "zh"),
    [
        pytest.param("host", "no [the office's own rule]", "no [本机关规定]", id="the office's own"),
        pytest.param("DBF25 51", "no [DBF25 art. 51]", "no [DBF25 第 51 条]", id="an article"),
        pytest.param("NPC05 digest", "no [NPC05 digest]", "no [NPC05 digest]", id="a place that is no article"),
        pytest.param("代表法", "no [代表法]", "no [代表法]", id="a host's own words"),
    ],
)
def test_a_ground_is_said_in_the_language_of_the_reason(citation: str, en: str, zh: str) -> None:
    reason = Reason("r", en="no", citation=citation)

    assert (reason.text("en"), reason.text("zh")) == (en, zh)
