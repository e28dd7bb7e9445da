"""What does a rulebook call its codes, and is it read from its text alone?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handleflow import load_preset
from handleflow.errors import BrokenRulebook, UnknownChoice
from handleflow.rulebooks import from_document, names
from handleflow.rules import LABELLED, Label, labels_in
from handleflow.words import CATALOGUE, Bilingual
from tests.anything import WORDS
from tests.beginnings import rulebook

OWN = {"of": "role", "code": "inspector", "en": "inspector", "zh": "督查员"}


def test_every_part_of_a_rulebook_that_has_words_gives_them() -> None:
    rules = rulebook(
        state=[{"name": "handling", "en": "at work", "zh": "承办中"}],
        light=[{"colour": "orange", "cite": "host", "zh": "橙灯"}],
        rung=[{"id": "r", "term": "reply", "offset": "1 day", "channel": "phone", "cite": "host", "en": "late"}],
        roles=["inspector"],
        label=[OWN],
    )
    wanted = {
        ("state", "handling"): Bilingual("at work", "承办中"),
        ("term", "reply"): Bilingual("reply to the deputy", "答复代表"),
        ("light", "orange"): Bilingual(zh="橙灯"),
        ("rung", "r"): Bilingual("late"),
        ("role", "inspector"): Bilingual("inspector", "督查员"),
        ("outcome", "A"): Bilingual("solved or basically solved", "已经解决或者基本解决"),
    }

    assert {key: rules.labels[key] for key in wanted} == wanted


@pytest.mark.parametrize("name", names())
def test_a_shipped_rulebook_and_its_kept_text_call_codes_alike_in_both_languages(name: str) -> None:
    rules = load_preset(name)

    assert labels_in(rules.document) == rules.labels == from_document(rules.document).labels
    assert [key for key, words in rules.labels.items() if not (words.en and words.zh)] == []


def test_labels_are_added_to_those_inherited_and_the_later_holds() -> None:
    base = [OWN, {**OWN, "code": "auditor", "zh": "审计员"}]
    rules = rulebook(label=[*base, {**OWN, "zh": "督察专员"}], roles=["inspector", "auditor"])

    assert (rules.labels["role", "inspector"].zh, rules.labels["role", "auditor"].zh) == ("督察专员", "审计员")


@pytest.mark.parametrize(
    "document",
    ["", "[]", "null", '{"lifecycle": 1, "term": {}, "rung": [1], "light": [{"colour": 3, "en": 4}]}', "[" * 9999],
    ids=["nothing", "a list", "null", "odd rows", "too deep"],
)
def test_a_text_that_is_no_rulebook_calls_nothing_anything(document: str) -> None:
    assert labels_in(document) == {}


def test_what_has_a_row_of_its_own_is_named_there_and_by_no_label() -> None:
    with pytest.raises(UnknownChoice, match="'of' cannot be 'state'"):
        Label("state", "vetted", "vetted")


def test_a_label_of_nothing_known_is_a_finding_with_its_line() -> None:
    with pytest.raises(BrokenRulebook, match=r"label .*'of' cannot be 'rolle'; did you mean 'role'"):
        rulebook(label=[{**OWN, "of": "rolle"}])


@given(st.sampled_from(LABELLED), WORDS, WORDS, st.sampled_from(["en", "zh", "zh-CN"]))
def test_what_a_rulebook_calls_a_code_is_said_of_that_kind_alone(of: str, code: str, words: str, lang: str) -> None:
    named = CATALOGUE.naming({(of, code): Bilingual(zh=words)})

    assert named.label(code, lang, of) == words
    assert [named.label(code, lang, other) for other in LABELLED if other != of] == [
        CATALOGUE.label(code, lang, other) for other in LABELLED if other != of
    ]
