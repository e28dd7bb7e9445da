"""Does the kit tell stories as a lawyer would? Given, when, and what comes of it."""

from __future__ import annotations

import pytest
from pendulum import datetime

from handleflow import Engine, MemoryStore, Refused, load_preset
from handleflow.acts import Accept, Assign, Receive, RecordContact, Reply, Supervise
from handleflow.engine.observer import Observed, observing
from handleflow.errors import OutOfOrder
from handleflow.testing import Scenario, deputy, given, government, leader, office, unit
from handleflow.testing.coverage import RulebookCoverage

RULES = load_preset("cn.national")


def assigned() -> Scenario:
    story = given(RULES).and_(Receive("Pipes", "Deputy A"), by=office(), on="2026-02-09")
    return story.and_(Assign(("Water Bureau",)), by=office(), on="2026-02-10")


class TestWhen:
    """What comes of an act."""

    def test_a_granted_act_has_its_events_and_no_reason(self) -> None:
        outcome = assigned().when(Accept(), by=unit())

        assert (outcome.is_granted, outcome.state, outcome.kinds, outcome.rules) == (
            True,
            "handling",
            ("accepted",),
            (),
        )
        assert [type(event) for event in outcome.events] == [Accept]

    def test_a_refused_act_leaves_nothing_and_tells_every_reason(self) -> None:
        outcome = assigned().and_(Accept(), by=unit()).when(Reply("E", "done"), by=unit())

        assert (outcome.is_granted, outcome.entries, outcome.rules) == (
            False,
            (),
            ("outcome_is_known", "deputy_was_heard"),
        )

    @pytest.mark.parametrize("lang", ["en", "zh"])
    def test_who_is_refused_by_the_kit_reads_what_the_engine_would_say(self, lang: str) -> None:
        engine = Engine(MemoryStore(), [RULES])
        engine.execute("1", Receive("Pipes", "Deputy A"), by=office(), at=datetime(2026, 2, 9, 9, tz="Asia/Shanghai"))
        with pytest.raises(Refused) as refused:
            engine.execute("1", Reply("E", "done"), by=unit(), at=datetime(2026, 2, 9, 10, tz="Asia/Shanghai"))
        story = given(RULES).and_(Receive("Pipes", "Deputy A"), by=office(), on="2026-02-09")

        assert story.when(Reply("E", "done"), by=unit()).text(lang) == refused.value.text(lang)

    @pytest.mark.parametrize("lang", ["en", "zh"])
    def test_of_what_is_granted_there_is_no_refusal_to_read(self, lang: str) -> None:
        assert assigned().when(Accept(), by=unit()).text(lang) == ""

    def test_its_terms_are_found_by_rule_and_by_unit(self) -> None:
        outcome = assigned().when(RecordContact("before"), by=unit())

        assert {name: str(term.due_on) for name, term in outcome.terms.items()} == {
            "reply": "2026-05-11",
            "reply of Water Bureau": "2026-05-11",
        }

    def test_the_clock_says_what_it_has_to(self) -> None:
        story = given(load_preset("cn.dehui.demo")).and_(Receive("Pipes", "Deputy A"), by=office(), on="2026-02-09")
        story = story.and_(Assign(("Water Bureau",)), by=office(), on="2026-02-10")
        outcome = story.and_the_clock_reads("2026-04-26").when_the_clock_reads("2026-05-12")

        assert [supervision.channel for supervision in outcome.supervisions] == ["written"]
        assert outcome.kinds == ("deadline_missed", "deadline_missed", "supervised", "term_set")

    def test_without_a_day_it_is_the_day_of_the_last_step(self) -> None:
        assert str(assigned().when(Accept(), by=unit()).on) == "2026-02-10"

    def test_a_story_has_a_first_day_and_never_goes_back(self) -> None:
        with pytest.raises(OutOfOrder, match="the first step of a story needs a day"):
            given(RULES).when(Receive("Pipes", "Deputy A"), by=office())
        with pytest.raises(OutOfOrder, match="the story has come to 2026-02-10; 2026-02-09 is before it"):
            assigned().when(Accept(), by=unit(), on="2026-02-09")

    @pytest.mark.parametrize(
        ("story", "state"),
        [
            pytest.param(given(RULES), "", id="nothing yet"),
            pytest.param(assigned(), "assigned", id="an act"),
            pytest.param(assigned().and_the_clock_reads("2026-05-12"), "assigned", id="the clock"),
        ],
    )
    def test_a_story_stands_where_its_last_step_left_it(self, story: Scenario, state: str) -> None:
        assert story.state == state

    def test_the_last_step_of_a_story_is_at_hand(self) -> None:
        story = assigned().and_(Accept(), by=unit())

        assert (story.last.what, story.last.kinds) == ("accept", ("accepted",))
        assert story.and_the_clock_reads("2026-02-11").last.what == "clock"

    def test_a_story_that_has_not_begun_has_no_last_step(self) -> None:
        with pytest.raises(OutOfOrder, match="the story has not begun"):
            _ = given(RULES).last

    def test_everybody_who_acts_has_a_name(self) -> None:
        roles = [actor().role for actor in (office, government, unit, deputy, leader)]

        assert roles == ["congress_office", "government_office", "unit", "deputy", "leader"]


class TestTold:
    """A failure tells the story."""

    def test_a_step_that_is_refused_tells_the_story_and_why(self) -> None:
        with pytest.raises(AssertionError) as failed:
            assigned().and_(Accept(), by=unit("Roads Bureau"))

        assert str(failed.value).splitlines() == [
            "the story cannot be told so:",
            "day         who           what              state     terms",
            "2026-02-09  Office        receive           received",
            "2026-02-10  Office        assign            assigned  reply of Water Bureau 2026-05-11 not_due",
            "2026-02-10  Roads Bureau  accept (refused)  assigned  reply of Water Bureau 2026-05-11 not_due",
            "  refused: Roads Bureau has no part in it; its units: Water Bureau",
        ]

    def test_a_story_is_a_table(self) -> None:
        assert str(assigned()).splitlines()[-1].startswith("2026-02-10  Office  assign")


FAILING = """
from handleflow import load_preset
from handleflow.acts import Receive
from handleflow.testing import given, office

def test_it():
    outcome = given(load_preset("cn.national")).when(Receive("Pipes", "Deputy A"), by=office(), on="2026-02-09")
    assert outcome.state == "closed"

def test_that():
    assert True
"""


@pytest.mark.process
class TestPlugin:
    """What pytest prints and writes."""

    def test_a_failed_test_tells_its_story_and_another_none(self, pytester: pytest.Pytester) -> None:
        pytester.makepyfile(FAILING)
        result = pytester.runpytest_subprocess("-p", "no:cacheprovider")

        result.assert_outcomes(failed=1, passed=1)
        result.stdout.fnmatch_lines(["*story*", "day  *who  *what  *state*", "2026-02-09  Office  receive  received"])

    def test_it_tells_what_of_a_rulebook_was_tried(self, pytester: pytest.Pytester) -> None:
        pytester.makepyfile(FAILING.replace('"closed"', '"received"'))
        result = pytester.runpytest_subprocess("--rulebook-cov=cn.national", "--rulebook-cov-json=cov.json")

        result.assert_outcomes(passed=2)
        result.stdout.fnmatch_lines(
            ["*coverage of rulebook cn.national*", "transitions  *1*", "*term untried: reply: met*"]
        )
        written = (pytester.path / "cov.json").read_text(encoding="utf-8")
        assert ('"transitions"' in written, '"covered": 1' in written, '"total"' in written) == (True, True, True)

    @pytest.mark.parametrize(("under", "code"), [("1", 0), ("99", 1)])
    def test_too_little_tried_fails(self, pytester: pytest.Pytester, under: str, code: int) -> None:
        pytester.makepyfile(FAILING.replace('"closed"', '"received"'))
        result = pytester.runpytest_subprocess("--rulebook-cov=cn.national", f"--rulebook-cov-fail-under={under}")

        assert result.ret == code

    @pytest.mark.parametrize(
        ("options", "said"),
        [
            (["--rulebook-cov=cn.natonal"], "*did you mean 'cn.national'*"),
            (["--rulebook-cov-json=x.json"], "*--rulebook-cov-json needs --rulebook-cov*"),
        ],
    )
    def test_what_cannot_be_measured_is_said(self, pytester: pytest.Pytester, options: list[str], said: str) -> None:
        result = pytester.runpytest_subprocess(*options)

        result.stderr.fnmatch_lines([said])

    def test_loading_it_imports_nothing_of_the_library(self, pytester: pytest.Pytester) -> None:
        pytester.makepyfile(
            "import sys\n\ndef test_it():\n    assert not [m for m in sys.modules if m.startswith('handleflow.')]\n"
        )

        pytester.runpytest_subprocess().assert_outcomes(passed=1)


class TestCoverage:
    """It counts only what really ran."""

    @staticmethod
    def tried(story: Scenario, by: RulebookCoverage) -> dict[str, frozenset[str]]:
        return {part.part: part.ran for part in by.tried()}

    def test_a_transition_a_guards_two_answers_a_term_and_a_class_are_counted(self) -> None:
        coverage = RulebookCoverage(RULES)
        with observing(coverage):
            story = assigned().and_(Accept(), by=unit())
            story.when(Reply("A", "done"), by=unit())
            story = story.and_(RecordContact("before"), by=unit()).and_(Reply("A", "done"), by=unit())
        ran = self.tried(story, coverage)

        assert {"deputy_was_heard: yes", "deputy_was_heard: no"} <= ran["guards"]
        assert (set(ran["terms"]), set(ran["outcomes"])) == ({"reply: met"}, {"A"})
        assert "accept: assigned -> handling when a_lead_has_accepted by unit" in ran["transitions"]
        assert coverage.reasons == {"deputy_was_heard"}

    def test_what_happens_when_nobody_looks_on_is_not_counted(self) -> None:
        coverage = RulebookCoverage(RULES)
        assigned()

        assert (sum(part.covered for part in coverage.tried()), coverage.percent) == (0, 0.0)

    def test_another_rulebook_is_not_counted(self) -> None:
        coverage = RulebookCoverage(load_preset("cn.shanghai"))
        with observing(coverage):
            assigned()

        assert sum(part.covered for part in coverage.tried()) == 0

    def test_the_clock_is_watched_and_rungs_and_misses_are_counted(self) -> None:
        rules = load_preset("cn.dehui.demo")
        coverage = RulebookCoverage(rules)
        story = given(rules, observers=[coverage]).and_(Receive("Pipes", "Deputy A"), by=office(), on="2026-02-09")
        story = story.and_(Assign(("Water Bureau",)), by=office(), on="2026-02-10")
        story.when_the_clock_reads("2026-05-12")
        story.when(Supervise("Water Bureau", "phone", "well?"), by=leader(), on="2026-02-10")
        ran = self.tried(story, coverage)

        assert (set(ran["rungs"]), "reply: missed" in ran["terms"]) == ({"reminded", "urged"}, True)

    def test_two_may_look_on_at_once_and_one_may_leave(self) -> None:
        seen: list[tuple[str, str]] = []

        def first(observed: Observed) -> None:
            seen.append(("first", observed.act.verb if observed.act else "clock"))

        def second(observed: Observed) -> None:
            seen.append(("second", observed.act.verb if observed.act else "clock"))

        with observing(first):
            with observing(second):
                story = given(RULES).and_(Receive("Pipes", "Deputy A"), by=office(), on="2026-02-09")
            story.when_the_clock_reads("2026-02-10")

        assert seen == [("first", "receive"), ("second", "receive"), ("first", "clock")]
