"""Does a recorded life become a test that passes as it is written, wherever its rulebook and its acts come from?"""

from __future__ import annotations

import ast
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pendulum import DateTime

from handleflow import (
    Act,
    Actor,
    Engine,
    Entry,
    MemoryStore,
    Part,
    Promise,
    Refused,
    Rulebook,
    Store,
    Suggestion,
    load,
    load_preset,
)
from handleflow.acts import (
    ACTS,
    Accept,
    Adopt,
    AnswerSupervision,
    Assign,
    Classify,
    Correct,
    Evaluate,
    FulfilCommitment,
    MergeWith,
    Plan,
    RateCommitment,
    Receive,
    RecordContact,
    Reply,
    ReportMeasure,
    Supervise,
)
from handleflow.errors import UnknownKind, UnknownRulebook
from handleflow.legal_time import Day
from handleflow.testing import deputy, office, unit
from handleflow.testing import given as story_of
from handleflow.testing.life_as_test import life_as_test
from handleflow.testing.scenario import stories
from handleflow.testing.strategies import MAKING, Life, beginnings, lives
from tests.beginnings import AFTER_ALL, instant

RULES = load_preset("cn.national")
DAY = Day(2026, 2, 9)
FEW = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
WAITS = st.lists(st.sampled_from([0, 0, 1, 40, 100]), min_size=3, max_size=8)
HOURS = st.lists(st.sampled_from([0, 9, 23]), min_size=1, max_size=4)
CITY = """
name = "placeholder.city"
version = "1"
title = "A city"
extends = "cn.national"

[[rung]]
id = "reminded"
term = "reply"
offset = "-15 days"
channel = "phone"
cite = "host"
"""


def engine_on(store: Store, *rulebooks: Rulebook) -> Engine:
    return Engine(store, rulebooks, clock=lambda: AFTER_ALL)


def lived(life: Life, rules: Rulebook, hours: list[int], waits: list[int]) -> Engine:
    """A life as an engine records it, at whatever hour; after each wait, which puts off the rest, the clock reads."""
    engine, later = engine_on(MemoryStore(), rules), 0
    for place, (on, by, act) in enumerate(life):
        hour, wait = hours[place % len(hours)], waits[place % len(waits)]
        at = DateTime(on.year, on.month, on.day, hour, tzinfo=rules.calendar.zone).add(days=later)
        last = getattr(engine.store.load("7"), "last_at", None)
        with suppress(Refused):
            engine.execute("7", act, by=by, at=max(at, last) if last else at)
        if wait:
            later += wait
            engine.sweep(at=at.add(days=wait))
    return engine


def names_of(text: str) -> dict[str, Any]:
    """What the written module holds when it was imported."""
    names: dict[str, Any] = {}
    exec(compile(text, "written", "exec"), names)  # noqa: S102  this very text is what is tried
    return names


def told_again(text: str) -> tuple[Entry, ...]:
    """The history the written test tells, when it was run and has passed."""
    outcomes: list[Any] = []
    token = stories.set(outcomes)
    try:
        names_of(text)["test_the_life_of_7"]()
    finally:
        stories.reset(token)
    history: tuple[Entry, ...] = outcomes[-1].and_then().history
    return history


def outline(history: tuple[Entry, ...]) -> list[tuple[object, ...]]:
    return [(e.number, e.kind, e.on, e.by.role, e.state, e.rulebook) for e in history]


def written_life(*steps: tuple[Act, Actor, str], rules: Rulebook = RULES, id: str = "7") -> str:
    """What is written of a few acts on their days."""
    engine = engine_on(MemoryStore(), rules)
    for act, by, on in steps:
        engine.execute(id, act, by=by, at=instant(on))
    return life_as_test(engine.look_up(id), engine.history(id), rules.name)


class TestRandomLives:
    """Whatever people and the clock do, what is written of it passes, and tells the same history."""

    @pytest.mark.parametrize("name", ["cn.national", "cn.dehui.demo", "cn.henan", "gb.foi"])
    def test_a_life_is_told_again_entry_by_entry(self, name: str) -> None:
        rules = load_preset(name)

        @FEW
        @given(life=lives(rules), hours=HOURS, waits=WAITS)
        def holds(life: Life, hours: list[int], waits: list[int]) -> None:
            engine = lived(life, rules, hours, waits)
            if engine.store.load("7") is None:
                return
            history = engine.history("7")
            text = life_as_test(engine.look_up("7"), history, name)

            assert outline(told_again(text)) == outline(history)

        holds()

    def test_what_the_clock_said_is_told_where_it_spoke_and_nowhere_else(self) -> None:
        rules = load_preset("cn.dehui.demo")
        engine, water = engine_on(MemoryStore(), rules), unit()
        acts: list[tuple[Act | None, Actor, str]] = [
            (Receive("Pipes", "Deputy A"), office(), "2026-02-09"),
            (Assign(("Water Bureau",)), office(), "2026-02-10"),
            (None, water, "2026-04-26"),
            (AnswerSupervision(1, "on it"), water, "2026-04-27"),
            (Accept(), water, "2026-05-12"),
            (None, water, "2026-05-12"),
            (None, water, "2026-06-01"),
            (None, water, "2026-07-01"),
            (Classify("roads"), office(), "2026-07-20"),
        ]
        for act, by, on in acts:
            engine.execute("7", act, by=by, at=instant(on)) if act else engine.sweep(at=instant(on, 10))
        history = engine.history("7")
        text = life_as_test(engine.look_up("7"), history, rules.name)

        assert outline(told_again(text)) == outline(history)
        assert re.findall(r'and_the_clock_reads\("(.*)"\)', text) == [
            "2026-04-26",
            "2026-05-12",
            "2026-06-01",
            "2026-07-01",
        ]
        assert [entry.kind for entry in history if str(entry.on) == "2026-07-01"] == ["deadline_missed"]

    @pytest.mark.parametrize("act", ACTS, ids=lambda act: act.verb)
    def test_every_act_is_written_so_that_it_can_be_read_back(self, act: type[Act]) -> None:
        begun = story_of(RULES).and_(Receive("Pipes", "Deputy A"), by=office(), on=DAY)
        suggestion = begun.and_(Assign(("Water Bureau",)), by=office()).suggestion
        others = {Adopt: st.just(Adopt("a", "2")), MergeWith: st.just(MergeWith("8"))}
        making = MAKING[act](RULES, suggestion, DAY) if act in MAKING else others.get(act, beginnings())

        @FEW
        @given(said=making.filter(lambda made: isinstance(made, act)))
        def holds(said: Act) -> None:
            (entry,) = (e for e in begun.history if e.event == Receive("Pipes", "Deputy A"))
            text = life_as_test(begun.suggestion, (attrs.evolve(entry, event=said),), "cn.national")
            found = self.read_back(text)

            assert type(found) is type(said)
            assert self.codes_of(found) == self.codes_of(said)

        holds()

    @staticmethod
    def read_back(text: str) -> Act:
        """The one act in the written test."""
        calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
        (step,) = (node for node in calls if isinstance(node.func, ast.Attribute) and node.func.attr == "and_")
        found: Act = eval(compile(ast.Expression(step.args[0]), "act", "eval"), names_of(text))  # noqa: S307
        return found

    @staticmethod
    def codes_of(act: Act) -> dict[str, object]:
        """What of an act is no text: days, numbers, answers of yes and no, and how many of each there are."""
        values = {a.name: getattr(act, a.name) for a in attrs.fields(type(act))}
        return {
            name: len(value) if isinstance(value, tuple) else value
            for name, value in values.items()
            if not isinstance(value, str) and name not in {"phone", "address"}
        }


class TestWritten:
    """What stands in it, and what does not."""

    def test_promises_and_parts_are_imported_as_every_other_name(self) -> None:
        water = unit()
        text = written_life(
            (Receive("Pipes", "Deputy A"), office(), "2026-02-09"),
            (Assign(("Water Bureau",), parts=(Part("Water Bureau", "pipes"),)), office(), "2026-02-10"),
            (Accept(), water, "2026-02-10"),
            (RecordContact("before"), water, "2026-02-11"),
            (Reply("B", "soon", (Promise("pipes", "2026-09-01"),)), water, "2026-02-12"),
            (FulfilCommitment(1, "laid"), water, "2026-03-01"),
            (RateCommitment(1, "satisfied"), deputy(), "2026-03-02"),
        )

        assert 'commitments=(Promise(text="text", due_on="2026-09-01"),)' in text
        assert 'parts=(Part(unit="Water Bureau", text="text"),)' in text
        assert len(told_again(text)) == 13

    def test_no_person_and_no_words_stand_in_it(self) -> None:
        water = unit()
        text = written_life(
            (Receive("Secret Pipes", "Zhang San", ("Li Si",), phone="12345"), office(), "2026-02-09"),
            (Correct(1, "deputy", "Wang Wu", "secret typing error"), office(), "2026-02-09"),
            (Correct(1, "title", "Secret Wells", "secret"), office(), "2026-02-09"),
            (Assign(("Water Bureau",), parts=(Part("Water Bureau", person="Zhao Liu"),)), office(), "2026-02-10"),
            (Accept(), water, "2026-02-10"),
            (Plan("secret plan", ("secret digging",)), water, "2026-02-11"),
            (ReportMeasure("secret digging"), water, "2026-02-12"),
            (
                Supervise("Water Bureau", "phone", "secret", to="Qian Qi", attachments=("secret.pdf",)),
                office(),
                "2026-02-13",
            ),
        )

        assert [one for one in ("ecret", "12345", "Zhang", "Li Si", "Wang", "Zhao", "Qian") if one in text] == []
        assert ('measures=("Measure 1",)' in text, 'measure="Measure 1"' in text) == (True, True)
        assert [entry.kind for entry in told_again(text)][:3] == ["received", "corrected", "corrected"]

    def test_a_reply_that_nobody_in_particular_gave_stays_one(self) -> None:
        history = story_of(RULES).and_(Receive("Pipes", "Deputy A"), by=office(), on=DAY).history
        unknown = attrs.evolve(history[0], event=Evaluate(None, "satisfied"))

        assert 'Evaluate(unit=None, result="satisfied")' in life_as_test(Suggestion("7"), (unknown,), "cn.national")

    def test_a_suggestion_keeps_its_id_so_that_it_may_be_merged_with_the_first(self) -> None:
        engine = engine_on(MemoryStore(), RULES)
        for id in ("1", "7"):
            engine.execute(id, Receive("Pipes", "Deputy A"), by=office(), at=instant("2026-02-09"))
        engine.execute("7", MergeWith("1"), by=office(), at=instant("2026-02-09"))
        text = life_as_test(engine.look_up("7"), engine.history("7"), "cn.national")

        assert [entry.kind for entry in told_again(text)] == ["received", "merged"]

    def test_a_life_under_two_versions_adopts_the_second_where_it_did(self, tmp_path: Path) -> None:
        paths = [tmp_path / "one.toml", tmp_path / "two.toml"]
        paths[0].write_text(CITY, encoding="utf-8")
        paths[1].write_text(CITY.replace('version = "1"', 'version = "2"').replace("-15", "-30"), encoding="utf-8")
        engine = engine_on(MemoryStore(), *map(load, paths))
        for act, on in (
            (Receive("Pipes", "Deputy A"), "2026-02-09"),
            (Assign(("Water Bureau",)), "2026-02-10"),
            (Adopt("placeholder.city", "2"), "2026-03-02"),
        ):
            engine.execute("7", act, by=office(), at=instant(on))
        engine.sweep(at=instant("2026-04-12"))
        history = engine.history("7")
        text = life_as_test(engine.look_up("7"), history, *map(str, paths))

        assert outline(told_again(text)) == outline(history)
        with pytest.raises(
            UnknownRulebook, match=r"by placeholder\.city 1, then placeholder\.city 2; name a rulebook"
        ):
            life_as_test(engine.look_up("7"), history, str(paths[0]))


def test_an_act_that_no_test_could_import_is_not_written() -> None:
    @attrs.frozen
    class Hidden(Act):
        verb = "hide"
        kind = "hidden"

    history = story_of(RULES).and_(Receive("Pipes", "Deputy A"), by=office(), on=DAY).history
    hidden = attrs.evolve(history[0], event=Hidden())

    with pytest.raises(UnknownKind, match="let it stand at the top of a module"):
        life_as_test(Suggestion("7"), (hidden,), "cn.national")
