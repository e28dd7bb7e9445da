"""Is nobody nagged? The clock leaves a unit in peace for a while, and a person who does not says why."""

from __future__ import annotations

from typing import Any

import pytest

from handleflow import Rulebook
from handleflow.acts import AnswerSupervision, Reassign, RejectAnswer, Supervise
from handleflow.errors import BrokenRulebook, NonsenseError
from handleflow.events import RungSuppressed
from handleflow.legal_time import WorkingHours, instant
from handleflow.testing import Scenario
from tests.beginnings import DEPUTY, LEADER, OFFICE, ROADS, WATER, accepted, assigned, rulebook
from tests.beginnings import instant as at

COOLED_DOWN = {"span": "5 days", "cite": "host"}
RUNGS = [
    {"id": "reminded", "term": "reply", "offset": "-15 days", "channel": "phone", "cite": "host"},
    {"id": "urged", "term": "reply", "offset": "1 day", "channel": "written", "cite": "host"},
]


def peaceful(*rungs: dict[str, Any], **more: Any) -> Rulebook:
    return rulebook(**{"rung": list(rungs) or RUNGS, "cooldown": COOLED_DOWN, **more})


def urged(story: Scenario, on: str, unit: str = "Water Bureau") -> Scenario:
    return story.and_(Supervise(unit, "phone", "please"), by=OFFICE, on=on)


def suppressed(story: Scenario) -> list[tuple[str, str, int, str]]:
    """The rungs that did not speak: which, for which day, and the supervision before with its day."""
    events = [entry.event for entry in story.history]
    return [
        (e.firing_key.rung, str(e.meant_on), e.supervision, str(e.urged_on))
        for e in events
        if isinstance(e, RungSuppressed)
    ]


class TestTheClock:
    """It does not repeat what was said lately, and records that it did not."""

    def test_a_unit_urged_by_a_person_is_left_in_peace_and_that_is_recorded(self) -> None:
        story = urged(assigned(peaceful()), "2026-04-24").and_the_clock_reads("2026-04-26")

        assert suppressed(story) == [("reminded", "2026-04-26", 1, "2026-04-24")]
        assert len(story.suggestion.supervisions) == 1

    def test_what_was_suppressed_is_not_said_later(self) -> None:
        story = (
            urged(assigned(peaceful()), "2026-04-24")
            .and_the_clock_reads("2026-04-26")
            .and_the_clock_reads("2026-05-11")
        )

        assert (len(story.suggestion.supervisions), len(suppressed(story))) == (1, 1)

    @pytest.mark.parametrize(("on", "is_said"), [("2026-04-21", True), ("2026-04-22", False)])
    def test_after_the_span_it_speaks_again(self, on: str, is_said: bool) -> None:
        story = urged(assigned(peaceful()), on).and_the_clock_reads("2026-04-26")

        assert (len(story.suggestion.supervisions) == 2) == is_said

    def test_another_unit_is_urged_all_the_same(self) -> None:
        rules = peaceful()
        story = urged(assigned(rules, "Water Bureau", "Roads Bureau"), "2026-04-24").and_the_clock_reads("2026-04-26")

        assert [s.unit for s in story.suggestion.supervisions] == ["Water Bureau", "Roads Bureau"]

    def test_after_downtime_rungs_far_apart_are_all_said_on_one_day(self) -> None:
        story = assigned(peaceful()).and_the_clock_reads("2026-05-20")

        assert [str(s.meant_on) for s in story.suggestion.supervisions] == ["2026-04-26", "2026-05-12"]

    def test_a_rung_that_a_person_came_before_while_nobody_swept_is_not_said_on_top(self) -> None:
        story = urged(assigned(peaceful()), "2026-04-28").and_the_clock_reads("2026-04-29")

        assert [rung for rung, *_ in suppressed(story)] == ["reminded"]

    def test_a_daily_rung_speaks_as_often_as_the_cooldown_lets_it(self) -> None:
        daily = {**RUNGS[1], "every": "1 day", "until": "11 days"}
        story = assigned(peaceful(daily)).and_the_clock_reads("2026-05-31")

        assert [str(s.meant_on) for s in story.suggestion.supervisions] == ["2026-05-12", "2026-05-17", "2026-05-22"]
        assert len(suppressed(story)) == 9

    def test_without_a_cooldown_nothing_is_suppressed(self) -> None:
        story = urged(assigned(rulebook(rung=RUNGS)), "2026-04-26").and_the_clock_reads("2026-04-26")

        assert (len(story.suggestion.supervisions), suppressed(story)) == (2, [])


class TestAPerson:
    """A person is warned of the earlier one, and may insist with a reason."""

    def test_who_urges_again_is_told_of_the_earlier_one_and_what_would_help(self) -> None:
        outcome = urged(accepted(peaceful()), "2026-03-02").when(
            Supervise("Water Bureau", "written", "well?"), by=LEADER, on="2026-03-04"
        )

        assert outcome.rules == ("supervised_lately",)
        assert "urged on 2026-03-02 (supervision 1), and is left in peace until 2026-03-07" in outcome.text()
        assert "override_reason" in outcome.text("zh")

    def test_who_insists_says_why_and_it_is_kept(self) -> None:
        act = Supervise("Water Bureau", "written", "well?", override_reason="the dyke is about to break")
        story = urged(accepted(peaceful()), "2026-03-02").and_(act, by=LEADER, on="2026-03-04")

        assert [s.override_reason for s in story.suggestion.supervisions] == [None, "the dyke is about to break"]

    def test_after_the_span_nobody_needs_a_reason(self) -> None:
        assert urged(urged(accepted(peaceful()), "2026-03-02"), "2026-03-07").state == "handling"

    def test_attachments_are_kept_by_reference(self) -> None:
        act = Supervise("Water Bureau", "written", "well?", attachments=("file:2026-督-017",))

        assert accepted(peaceful()).and_(act, by=LEADER).suggestion.supervisions[0].attachments == (
            "file:2026-督-017",
        )


class TestRejectedAnswers:
    """An answer may be found insufficient once, with a new day."""

    @staticmethod
    def answered() -> Scenario:
        story = accepted(rulebook()).and_(Supervise("Water Bureau", "written", "well?", "2026-03-06"), by=OFFICE)
        return story.and_(AnswerSupervision(1, "soon"), by=WATER, on="2026-03-05")

    def test_a_better_one_is_wanted_by_the_new_day_and_has_a_term(self) -> None:
        story = self.answered().and_(RejectAnswer(1, "says nothing", "2026-03-12"), by=OFFICE, on="2026-03-06")
        first, again = story.suggestion.supervisions
        terms = [(t.key.ref, str(t.due_on), t.end) for t in story.suggestion.terms if t.span is None]

        assert (first.rejected, again.follows, again.channel, again.text) == (
            "says nothing",
            1,
            "written",
            "says nothing",
        )
        assert terms == [(1, "2026-03-06", "met"), (2, "2026-03-12", "running")]

    def test_the_better_one_is_answered_under_its_own_number(self) -> None:
        story = self.answered().and_(RejectAnswer(1, "says nothing", "2026-03-12"), by=OFFICE, on="2026-03-06")
        story = story.and_(AnswerSupervision(2, "three men dig since Monday"), by=WATER, on="2026-03-10")

        assert [s.answer for s in story.suggestion.supervisions] == ["soon", "three men dig since Monday"]

    @pytest.mark.parametrize("number", [1, 2], ids=["the first answer", "the second answer"])
    def test_it_is_sent_back_once(self, number: int) -> None:
        story = self.answered().and_(RejectAnswer(1, "says nothing", "2026-03-12"), by=OFFICE, on="2026-03-06")
        story = story.and_(AnswerSupervision(2, "soon again"), by=WATER, on="2026-03-10")

        assert story.when(RejectAnswer(number, "no", "2026-03-20"), by=OFFICE).rules == (
            "no_answer_to_judge",
            "rejected_once",
        )

    def test_what_was_not_answered_cannot_be_sent_back(self) -> None:
        story = accepted(rulebook()).and_(Supervise("Water Bureau", "written", "well?", "2026-03-06"), by=OFFICE)

        assert story.when(RejectAnswer(1, "no", "2026-03-20"), by=OFFICE).rules == (
            "no_answer_to_judge",
            "no_such_answered_supervision",
        )

    def test_everything_wrong_is_told_at_once(self) -> None:
        outcome = self.answered().when(RejectAnswer(7, "no", "2026-03-01"), by=DEPUTY, on="2026-03-06")

        assert outcome.rules == ("wrong_role", "no_such_answered_supervision", "day_too_early")

    def test_of_a_unit_that_no_longer_has_it_nothing_more_is_wanted(self) -> None:
        story = self.answered().and_(
            Reassign(("Roads Bureau",), instead_of="Water Bureau", reason="better"), by=OFFICE
        )

        assert story.when(RejectAnswer(1, "no", "2026-03-20"), by=OFFICE).rules == ("not_its_unit",)

    def test_an_answer_that_is_not_given_by_its_day_is_missed(self) -> None:
        story = self.answered().and_(RejectAnswer(1, "says nothing", "2026-03-12"), by=OFFICE, on="2026-03-06")

        assert story.when_the_clock_reads("2026-03-13").kinds == ("deadline_missed",)

    def test_another_unit_does_not_answer_it(self) -> None:
        story = accepted(rulebook(), "Water Bureau", "Roads Bureau")
        story = story.and_(Supervise("Water Bureau", "written", "well?", "2026-03-06"), by=OFFICE)

        assert "not_its_unit" in story.when(AnswerSupervision(1, "we"), by=ROADS).rules


class TestWorkingHours:
    """When somebody may be disturbed, apart from when the clock speaks."""

    RULES = rulebook(working_hours={"opens": "08:30", "closes": "17:30"})

    @pytest.mark.parametrize(
        ("said", "hour", "delivered"),
        [
            pytest.param("2026-03-02", 9, "2026-03-02T09:00:00+08:00", id="within the hours"),
            pytest.param("2026-03-02", 6, "2026-03-02T08:30:00+08:00", id="before they begin"),
            pytest.param("2026-03-02", 18, "2026-03-03T08:30:00+08:00", id="after they end"),
            pytest.param("2026-03-07", 9, "2026-03-09T08:30:00+08:00", id="on a Saturday"),
            pytest.param("2026-02-14", 9, "2026-02-14T09:00:00+08:00", id="on a Saturday that works"),
            pytest.param("2026-02-14", 20, "2026-02-24T08:30:00+08:00", id="on the eve of the Spring Festival"),
        ],
    )
    def test_what_is_said_waits_for_them(self, said: str, hour: int, delivered: str) -> None:
        hours = self.RULES.working_hours

        assert hours is not None
        assert hours.next_from(at(said, hour), self.RULES.calendar).isoformat() == delivered

    def test_an_instant_of_another_zone_is_taken_where_the_calendar_holds(self) -> None:
        hours = WorkingHours("08:30", "17:30")
        found = hours.next_from(instant(at("2026-03-02", 18)).in_timezone("UTC"), self.RULES.calendar)

        assert found.isoformat() == "2026-03-03T08:30:00+08:00"

    @pytest.mark.parametrize(
        ("opens", "closes", "said"),
        [
            ("8:30", "17:30", "'8:30' is no time of day"),
            ("08:30", "24:00", "'24:00' is no time of day"),
            ("17:30", "08:30", "working hours end at 08:30, before they begin at 17:30"),
        ],
    )
    def test_hours_that_mean_nothing_are_refused(self, opens: str, closes: str, said: str) -> None:
        with pytest.raises(NonsenseError, match=said):
            WorkingHours(opens, closes)

        with pytest.raises(BrokenRulebook, match=f"working_hours: {said}"):
            rulebook(working_hours={"opens": opens, "closes": closes})

    def test_a_rulebook_without_hours_has_none(self) -> None:
        assert rulebook().working_hours is None
