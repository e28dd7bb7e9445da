"""Is what the clock said shown in the language of who reads it, by the rulebook that decided it? In every store."""

from __future__ import annotations

import pytest

from handleflow import Engine, Rulebook, Store
from handleflow.acts import Accept, Adopt, Assign, Receive, Supervise
from handleflow.engine.chainer import Chainer
from handleflow.legal_time import day
from handleflow.model import CLOCK, Entry, Provenance, Suggestion
from handleflow.model.term import FiringKey, TermKey
from handleflow.store.projection import build_batch
from handleflow.views import board, board_data, entry_text, supervision_text
from tests.beginnings import OFFICE, WATER, instant, rulebook

BOTH = {"en": "please sign", "zh": "请签收"}
SAID = [
    pytest.param(BOTH, "please sign (2026-02-10)", "请签收（2026-02-10）", id="both languages"),
    pytest.param({"zh": "请签收"}, "请签收（2026-02-10）", "请签收（2026-02-10）", id="Chinese only"),
    pytest.param({"en": "please sign"}, "please sign (2026-02-10)", "please sign (2026-02-10)", id="English only"),
    pytest.param({}, "not_signed (2026-02-10)", "not_signed（2026-02-10）", id="no words"),
]


@pytest.fixture
def store(any_store: Store) -> Store:
    return any_store


def urging(version: str, words: dict[str, str]) -> Rulebook:
    """A rulebook under which the clock urges who has not signed after three days."""
    rung = {"id": "not_signed", "after": "assigned", "unless": "accepted", "offset": "3 days", "channel": "phone"}
    return rulebook(version=version, rung=[{**rung, "cite": "host", **words}])


def urged(store: Store, words: dict[str, str]) -> Engine:
    """An engine whose clock has urged who has not signed."""
    engine = Engine(store, [urging("1", words)])
    engine.execute("17", Receive("Pipes", "Deputy A"), by=OFFICE, at=instant("2026-02-10"))
    engine.execute("17", Assign((WATER.name,)), by=OFFICE, at=instant("2026-02-10"))
    assert [entry.kind for _, entry in engine.sweep(at=instant("2026-02-13")).said] == ["supervised"]
    return engine


def texts(engine: Engine) -> tuple[str, ...]:
    """What the clock said, in English and in Chinese."""
    [supervision] = engine.look_up("17").supervisions
    return tuple(supervision_text(supervision, lang, engine.words_of(supervision)) for lang in ("en", "zh"))


@pytest.mark.parametrize(("words", "en", "zh"), SAID)
def test_what_a_rung_says_is_shown_in_each_language_unmixed(
    store: Store, words: dict[str, str], en: str, zh: str
) -> None:
    assert texts(urged(store, words)) == (en, zh)


@pytest.mark.parametrize(("words", "en", "zh"), SAID)
def test_so_it_is_after_another_version_was_adopted_and_the_first_is_held_no_more(
    store: Store, words: dict[str, str], en: str, zh: str
) -> None:
    old, new = urged(store, words).rulebooks[0], urging("2", {"en": "sign at once", "zh": "请速签收"})
    Engine(store, [old, new]).execute("17", Adopt("test", "2"), by=OFFICE, at=instant("2026-02-14"))
    engine = Engine(store, [new])

    assert texts(engine) == (en, zh)
    [line] = board_data(board(engine.with_rulebooks(), day("2026-02-14")), engine.words_of)
    assert (line["last_said"]["text"], line["last_said"]["en"], line["last_said"]["zh"]) == (None, en, zh)


@pytest.mark.parametrize("words", [BOTH, {"zh": "请签收"}], ids=["both languages", "Chinese only"])
def test_the_history_holds_the_rung_and_its_days_and_no_word_of_it(store: Store, words: dict[str, str]) -> None:
    urged(store, words)
    [body] = [stored.body.decode() for stored in store.entries("17") if stored.kind == "supervised"]

    assert [told in body for told in ("not_signed", "2026-02-13", "2026-02-10", "please", "签收")] == [
        True,
        True,
        True,
        False,
        False,
    ]


def recorded_before(suggestion: Suggestion, rules: Rulebook) -> tuple[Entry, ...]:
    """An entry as it was recorded when the words of a rung stood in it."""
    key = FiringKey(TermKey("assigned", WATER.name), "not_signed")
    on, words = day("2026-02-13"), "请签收 / please sign (2026-02-10)"
    said = Supervise(WATER.name, "phone", words, firing_key=key, meant_on=on)
    provenance = Provenance(CLOCK, instant("2026-02-13"), on)
    return (Entry(suggestion.next_entry, said, provenance, suggestion.state, rules.ref, "", rules.calendar_ref),)


def test_what_was_recorded_in_words_before_is_shown_as_it_was_recorded(store: Store) -> None:
    rules = urging("1", {"en": "sign at once", "zh": "请速签收"})
    engine = Engine(store, [rules])
    engine.execute("17", Receive("Pipes", "Deputy A"), by=OFFICE, at=instant("2026-02-10"))
    engine.execute("17", Assign((WATER.name,)), by=OFFICE, at=instant("2026-02-10"))
    before = engine.look_up("17")
    store.append(Chainer(store.codec).chained(build_batch(rules, before, recorded_before(before, rules))))

    assert texts(engine) == ("请签收 / please sign (2026-02-10)",) * 2


def test_why_the_clock_is_silent_is_shown_in_each_language(store: Store) -> None:
    engine = urged(store, BOTH)
    engine.execute("18", Receive("Roads", "Deputy A"), by=OFFICE, at=instant("2026-02-10"))
    engine.execute("18", Assign((WATER.name,)), by=OFFICE, at=instant("2026-02-10"))
    engine.execute("18", Accept(), by=WATER, at=instant("2026-02-13"))
    [lapsed] = [entry for entry in engine.history("18") if entry.kind == "rung_lapsed"]

    assert [entry_text(lapsed, lang, engine.words_of(lapsed)) for lang in ("en", "zh")] == [
        "rung: please sign; meant for: 2026-02-13; reason: it is no longer so",
        "督办梯次：请签收；应于：2026-02-13；理由：情况已改变",
    ]
