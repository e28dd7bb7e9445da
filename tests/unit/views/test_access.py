"""What is left of a suggestion that is withheld? How it stands and who handles it, and not a word of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs
import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from handleflow import Actor, Engine, Entry, MemoryStore, Rulebook, Suggestion
from handleflow.acts import Classify, Receive
from handleflow.errors import in_words
from handleflow.legal_time import day
from handleflow.model import FiringKey, RulebookRef, Term, TermKey
from handleflow.model.nouns import OutcomeSnapshot
from handleflow.rules import WithRulebook
from handleflow.testing import given
from handleflow.testing.strategies import Life, lives
from handleflow.views import (
    EVERYTHING,
    MARK,
    WITHHELD,
    WITHOUT_PRIVATE,
    board,
    board_lines,
    may_see,
    nobody_sees,
    report_lines,
    suggestion_as_seen,
    summarize,
    workload,
)
from handleflow.views.access import entry_as_seen, leaders_of, redacted
from tests.anything import values_of
from tests.beginnings import DEPUTY, LEADER, OFFICE, WATER, assigned, instant, received, rulebook

RULES = rulebook(leader=[{"name": LEADER.name, "units": [WATER.name]}])
TODAY = day("2026-02-10")
WHOLE = (FiringKey, OutcomeSnapshot, RulebookRef, Term, TermKey)
SHOWN = {
    *("id", "state", "matter", "number", "locality", "session", "visibility", "merged_with", "last_hash"),
    *("unit", "units", "role", "leader", "issuer", "to", "ended", "decision", "verdict", "stage", "outcome"),
    *("attitude", "result", "grade", "rung", "colour", "Supervision.channel"),
}
"""The only fields whose words stay: said here once more, so that a new one is withheld until somebody decides."""


def leaves(value: Any, where: str = "") -> Iterator[tuple[str, Any]]:
    """What stands in a value, each with the field it stands in; actors and what is kept whole are one thing."""
    if isinstance(value, tuple):
        for each in value:
            yield from leaves(each, where)
    elif attrs.has(type(value)) and not isinstance(value, (*WHOLE, Actor)):
        for field in attrs.fields(type(value)):
            yield from leaves(getattr(value, field.name), f"{type(value).__name__}.{field.name}")
    else:
        yield where, value


def is_word(where: str, value: object) -> bool:
    return isinstance(value, str) and SHOWN.isdisjoint({where, where.rpartition(".")[2]})


@drawn(values_of(Suggestion))
def test_no_word_of_a_suggestion_that_is_withheld_is_left_and_all_else_stands(suggestion: Suggestion) -> None:
    before, after = list(leaves(suggestion)), list(leaves(redacted(suggestion)))

    assert [where for where, _ in before] == [where for where, _ in after]
    for (where, was), (_, now) in zip(before, after, strict=True):
        is_a_deputy = isinstance(was, Actor) and was.role == "deputy"
        assert now == (MARK if is_word(where, was) else Actor("deputy", MARK) if is_a_deputy else was)


@drawn(lives(RULES), st.booleans())
def test_figures_are_the_same_of_a_life_that_is_withheld(life: Life, is_confidential: bool) -> None:
    story = given(RULES)
    for on, by, act in life:
        story = story.when(act, by=by, on=on).and_then()
    suggestion = attrs.evolve(story.suggestion, is_confidential=is_confidential)
    each: list[WithRulebook] = [(RULES, suggestion)] if suggestion.version else []
    shown, whole = summarize(each), summarize(each, lambda _: EVERYTHING)

    assert attrs.evolve(shown, categories=whole.categories, marks=whole.marks) == whole
    assert sum(shown.marks.values()) == sum(whole.marks.values())


def test_an_entry_that_is_withheld_tells_its_hash_only_where_it_is_salted() -> None:
    engine = Engine(MemoryStore(), [RULES], clock=lambda: instant("2026-02-10"))
    engine.execute("1", Receive("Pipes", "Deputy A", phone="placeholder"), by=OFFICE)
    (entry,) = engine.history("1")
    with_salt, without = entry_as_seen(entry, WITHHELD, b"salt"), entry_as_seen(entry, WITHHELD, b"")

    assert (with_salt.hash, without.hash) == (entry.hash, "")
    assert (with_salt.kind, with_salt.by, with_salt.on) == (entry.kind, entry.by, entry.on)
    assert entry_as_seen(entry, EVERYTHING, b"salt") is entry
    assert phone_of(entry_as_seen(entry, WITHOUT_PRIVATE, b"salt")) is None


def phone_of(entry: Entry) -> object:
    return getattr(entry.event, "phone", "none")


def confidential(rules: Rulebook = RULES) -> Suggestion:
    return assigned(rules).and_(Classify("hidden", is_confidential=True), by=OFFICE).suggestion


def test_what_is_not_confidential_everybody_sees_but_for_private_fields() -> None:
    suggestion = assigned(RULES).suggestion

    assert {may_see(by, suggestion, RULES) for by in (None, DEPUTY, WATER, LEADER)} == {WITHOUT_PRIVATE}
    assert suggestion_as_seen(suggestion, WITHOUT_PRIVATE) is suggestion
    assert may_see(OFFICE, suggestion) == EVERYTHING


def test_the_visibility_of_what_is_published_says_nothing_of_who_may_see_it() -> None:
    hidden = attrs.evolve(assigned(RULES).suggestion, visibility="not_public")
    public = attrs.evolve(confidential(), visibility="public")

    assert (nobody_sees(hidden), nobody_sees(public)) == (WITHOUT_PRIVATE, WITHHELD)


def test_those_in_charge_are_its_leaders_and_of_a_unit_without_one_nobody() -> None:
    assert leaders_of(confidential(), RULES) == (LEADER.name,)
    assert leaders_of(received(RULES).suggestion, RULES) == ()
    assert leaders_of(confidential(rulebook()), rulebook()) == ()


def down(suggestion: Suggestion, unit: str) -> str:
    """A host's own way to name leaders, whose register is down and says so in words of the suggestion."""
    raise LookupError(suggestion.category)


@pytest.fixture
def failing() -> list[WithRulebook]:
    """One that no host's register can judge, and one that it judges no better but that is confidential."""
    rules = attrs.evolve(RULES, leader_by=down)
    open_one = attrs.evolve(assigned(RULES).suggestion, id="1", category="roads")
    return [(rules, open_one), (rules, attrs.evolve(confidential(), id="2"))]


def test_why_it_could_not_be_judged_is_withheld_too(failing: list[WithRulebook]) -> None:
    lines = board(failing, TODAY)

    assert [(line.id, line.unjudged) for line in lines] == [("1", "LookupError: roads"), ("2", MARK)]
    assert "hidden" in in_words(LookupError("hidden"))


def test_where_a_register_is_down_those_in_charge_are_who_is_named_with_the_units(
    failing: list[WithRulebook],
) -> None:
    rules = attrs.evolve(RULES, leader_by=down)
    one = confidential().with_assignment(WATER.name, leader="Leader B")

    assert leaders_of(attrs.evolve(one, assignments=()), rules) == ()
    assert leaders_of(confidential(), rules) == ()
    assert leaders_of(one, None) == ("Leader B",)
    assert may_see(LEADER, failing[1][1], rules) == WITHHELD


def test_of_what_a_unit_owes_it_is_withheld_too() -> None:
    held_by_nobody: Any = LookupError("hidden")
    each: list[WithRulebook] = [(held_by_nobody, confidential())]

    (water,) = workload(each, TODAY)
    (all_of_it,) = workload(each, TODAY, sees=lambda _: EVERYTHING)
    assert (water.unjudged[0][1], all_of_it.unjudged[0][1] == MARK) == (MARK, False)


@pytest.mark.parametrize(("lang", "words"), [("en", "confidential, withheld"), ("zh", "涉密，不予显示")])
def test_people_read_that_it_is_withheld(lang: str, words: str) -> None:
    each: list[WithRulebook] = [(RULES, attrs.evolve(confidential(), is_key=False))]
    (line,) = board_lines(board(each, TODAY), lang)
    key = board_lines(board([(RULES, attrs.evolve(confidential(), is_key=True))], TODAY), lang)

    assert (line[1], next(iter(key))[1]) == (words, f"★ {words}")
    assert (f"  {words}", "1", False) in list(report_lines(summarize(each), lang))
