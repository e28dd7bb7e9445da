"""Who is urged, and what did they answer? A person or the clock speaks, once, and may want an answer."""

from __future__ import annotations

import pytest

from handleflow import CLOCK
from handleflow.acts import Accept, AnswerSupervision, RecordContact, Reply, Supervise, TakeOver
from handleflow.errors import EmptyWords, ImpossibleDay
from handleflow.legal_time import day
from handleflow.model import FiringKey, TermKey
from handleflow.testing import Scenario, given
from tests.beginnings import DEPUTY, LEADER, OFFICE, ROADS, WATER, accepted, assigned, received, rulebook

RULES = rulebook()
LADDER = rulebook("cn.dehui.demo")
URGED = Supervise("Water Bureau", "written", "please reply", "2026-03-02")


def urged() -> Scenario:
    return accepted(RULES).and_(URGED, by=LEADER)


class TestSupervise:
    """A person urges."""

    def test_it_stands_with_who_urged_how_and_by_when(self) -> None:
        (supervision,) = urged().suggestion.supervisions

        assert (supervision.number, supervision.by, supervision.channel, supervision.answer_by) == (
            1,
            LEADER,
            "written",
            day("2026-03-02"),
        )
        assert (supervision.rung, supervision.meant_on, supervision.answered_on) == (None, None, None)

    def test_the_answer_it_wants_has_a_term(self) -> None:
        (term,) = (t for t in urged().suggestion.terms if t.key.rule == "supervision_answer")

        assert (term.key.unit, str(term.due_on), term.is_running) == ("Water Bureau", "2026-03-02", True)

    def test_without_a_day_it_wants_no_answer(self) -> None:
        story = accepted(RULES).and_(Supervise("Water Bureau", "phone", "please reply"), by=OFFICE)

        assert [t.key.rule for t in story.suggestion.terms] == ["reply"]

    def test_a_unit_without_a_part_is_not_urged(self) -> None:
        outcome = accepted(RULES).when(Supervise("Roads Bureau", "phone", "please reply"), by=OFFICE)

        assert outcome.rules == ("not_its_unit",)

    def test_before_any_unit_has_it_anybody_may_be_urged(self) -> None:
        story = received(RULES).and_(Supervise("Standing Committee Office", "phone", "assign it"), by=LEADER)

        assert [s.unit for s in story.suggestion.supervisions] == ["Standing Committee Office"]

    def test_an_answer_is_not_wanted_by_yesterday(self) -> None:
        act = Supervise("Water Bureau", "phone", "please reply", "2026-02-09")

        outcome = accepted(RULES).when(act, by=OFFICE)

        assert outcome.rules == ("day_too_early",)
        assert "2026-02-09 is before 2026-02-10, when it is asked for" in outcome.text()

    def test_an_answer_may_be_wanted_today(self) -> None:
        act = Supervise("Water Bureau", "phone", "please reply", "2026-02-10")

        assert accepted(RULES).and_(act, by=OFFICE).state == "handling"

    def test_an_unknown_measure_names_the_nearest(self) -> None:
        outcome = accepted(RULES).when(Supervise("Water Bureau", "phon", "please reply"), by=OFFICE)

        assert outcome.rules == ("channel_is_known",)
        assert "did you mean 'phone'?" in outcome.text()

    def test_a_rung_is_the_clocks_to_speak(self) -> None:
        firing_key = FiringKey(TermKey("reply", "Water Bureau"), "reminded")
        outcome = assigned(RULES).when(Supervise("Water Bureau", "phone", "hurry", firing_key=firing_key), by=OFFICE)

        assert outcome.rules == ("rung_is_the_clocks",)

    def test_a_deputy_is_told_everything_at_once(self) -> None:
        act = Supervise("Roads Bureau", "shouting", "please reply", "2026-02-09", on="2026-02-11")

        assert accepted(RULES).when(act, by=DEPUTY).rules == (
            "wrong_role",
            "day_in_future",
            "not_its_unit",
            "day_too_early",
            "channel_is_known",
        )

    def test_what_it_says_is_something(self) -> None:
        with pytest.raises(EmptyWords, match="Supervise needs words for 'text'"):
            Supervise("Water Bureau", "phone", "")

    def test_by_when_is_a_day(self) -> None:
        with pytest.raises(ImpossibleDay, match="2008-09-31"):
            Supervise("Water Bureau", "phone", "please reply", "2008-09-31")


class TestClock:
    """The clock urges by its ladder, once a rung."""

    def test_it_says_which_rung_spoke_and_the_day_it_should_have(self) -> None:
        story = assigned(LADDER).and_the_clock_reads("2026-04-28")
        (supervision,) = story.suggestion.supervisions

        assert (supervision.by, supervision.rung, supervision.on, supervision.meant_on) == (
            CLOCK,
            "reminded",
            day("2026-04-28"),
            day("2026-04-26"),
        )

    def test_what_it_said_it_does_not_say_again(self) -> None:
        story = assigned(LADDER).and_the_clock_reads("2026-04-28")

        assert story.when_the_clock_reads("2026-04-28").entries == ()

    def test_a_rung_not_yet_spoken_when_the_reply_comes_lapses_and_urges_nobody(self) -> None:
        story = accepted(LADDER).and_(RecordContact("before"), by=WATER)
        story = story.and_(Reply("A", "done"), by=WATER, on="2026-04-28")

        assert [firing_key.rung for firing_key in story.suggestion.firing_keys] == ["reminded"]
        assert story.suggestion.supervisions == ()

    def test_the_unit_answers_the_clock_like_anybody(self) -> None:
        story = assigned(LADDER).and_(Accept(), by=WATER).and_the_clock_reads("2026-04-28")
        story = story.and_(AnswerSupervision(1, "next week"), by=WATER, on="2026-04-29")

        assert [s.answer for s in story.suggestion.supervisions] == ["next week"]


class TestAnswer:
    """The unit answers, in time or not."""

    @pytest.mark.parametrize(
        ("on", "is_late"),
        [("2026-02-27", False), ("2026-03-02", False), ("2026-03-03", True)],
        ids=["before the day", "on the day", "after the day"],
    )
    def test_an_answer_is_late_only_after_its_day(self, on: str, is_late: bool) -> None:
        story = urged().and_(AnswerSupervision(1, "next week"), by=WATER, on=on)
        (supervision,) = story.suggestion.supervisions
        (term,) = (t for t in story.suggestion.terms if t.key.rule == "supervision_answer")

        assert (supervision.is_answered_late, term.is_late) == (is_late, is_late)

    @pytest.mark.parametrize("answer_by", [None, "2026-03-02"], ids=["none wanted", "one wanted"])
    def test_what_is_not_answered_is_not_answered_late(self, answer_by: str | None) -> None:
        story = accepted(RULES).and_(Supervise("Water Bureau", "phone", "well?", answer_by), by=OFFICE)

        assert [s.is_answered_late for s in story.suggestion.supervisions] == [False]

    def test_an_answer_nobody_set_a_day_for_is_never_late(self) -> None:
        story = accepted(RULES).and_(Supervise("Water Bureau", "phone", "well?"), by=OFFICE)
        story = story.and_(AnswerSupervision(1, "next week"), by=WATER, on="2026-04-01")

        assert [s.is_answered_late for s in story.suggestion.supervisions] == [False]

    def test_only_the_supervision_named_is_answered(self) -> None:
        story = urged().and_(URGED, by=OFFICE).and_(AnswerSupervision(2, "next week"), by=WATER)

        assert [s.answer for s in story.suggestion.supervisions] == [None, "next week"]

    def test_it_is_answered_once(self) -> None:
        story = urged().and_(URGED, by=OFFICE).and_(AnswerSupervision(1, "next week"), by=WATER)
        outcome = story.when(AnswerSupervision(1, "tomorrow"), by=WATER)

        assert outcome.rules == ("already_answered",)
        assert "supervision 1 was answered on 2026-02-10" in outcome.text()

    def test_a_supervision_that_does_not_exist_is_refused_with_those_that_do(self) -> None:
        outcome = urged().when(AnswerSupervision(2, "next week"), by=WATER)

        assert outcome.rules == ("no_such_supervision",)
        assert "there is no supervision: 2; there is: 1" in outcome.text()

    def test_a_unit_does_not_answer_for_another(self) -> None:
        outcome = urged().when(AnswerSupervision(1, "next week"), by=ROADS)

        assert outcome.rules == ("no_supervision_open", "not_its_unit")

    def test_a_unit_that_was_not_urged_has_nothing_to_answer(self) -> None:
        outcome = accepted(RULES).when(AnswerSupervision(1, "next week"), by=WATER)

        assert outcome.rules == ("no_supervision_open", "no_such_supervision")
        assert "there is no open supervision of Water Bureau" in outcome.text()

    def test_nobody_answers_before_being_asked(self) -> None:
        rules = rulebook(backdating=[{"role": "unit", "within": "30 days", "cite": "host"}])
        story = accepted(rules).and_(Supervise("Water Bureau", "phone", "well?"), by=OFFICE, on="2026-03-02")
        early = story.when(AnswerSupervision(1, "soon", on="2026-03-01"), by=WATER, on="2026-03-04")

        assert early.rules == ("day_too_early",)
        assert "2026-03-01 is before 2026-03-02, when it was supervised" in early.text()
        assert story.when(AnswerSupervision(1, "soon", on="2026-03-02"), by=WATER, on="2026-03-04").rules == ()

    def test_an_answer_says_something(self) -> None:
        with pytest.raises(EmptyWords, match="AnswerSupervision needs words for 'text'"):
            AnswerSupervision(1, "  ")


def test_the_clock_does_not_urge_for_days_before_a_take_over() -> None:
    act = TakeOver("Pipes", leads=("Water Bureau",), assigned_on="2025-12-01")
    story = given(LADDER).and_(act, by=OFFICE, on="2026-02-20")

    assert [firing_key.rung for firing_key in story.suggestion.firing_keys] == ["reminded"]
    assert story.when_the_clock_reads("2026-02-20").entries == ()
