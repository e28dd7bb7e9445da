"""A clock stood wrong: entries get the instants they should have had, and everything goes by these."""

from __future__ import annotations

import pytest

from handleflow.acts import Accept, Assign, CorrectTime, RecordContact, Reply
from handleflow.core import replay
from handleflow.errors import NaiveInstant
from handleflow.legal_time import instant as as_instant
from handleflow.model import RightTime
from handleflow.testing import Scenario
from tests.beginnings import OFFICE, WATER, instant, received, rulebook

RULES = rulebook("cn.national")


def right(entry: int, on: str, hour: int = 9) -> RightTime:
    return RightTime(entry, instant(on, hour), on)


def replied(on: str) -> Scenario:
    story = received(RULES).and_(Assign((WATER.name,)), by=OFFICE, on="2026-02-10").and_(Accept(), by=WATER)
    story = story.and_(RecordContact("before", "phone"), by=WATER, on="2026-02-12")
    return story.and_(Reply("A", "Done."), by=WATER, on=on)


def corrected(story: Scenario, *times: RightTime) -> Scenario:
    return story.and_(CorrectTime(times, "the host's clock stood wrong"), by=OFFICE)


def number_of(story: Scenario, kind: str) -> int:
    return next(entry.number for entry in story.history if entry.kind == kind)


class TestCorrectTime:
    def test_a_reply_recorded_a_day_late_was_in_time(self) -> None:
        late = replied("2026-05-12")
        reply = number_of(late, "replied")
        after = corrected(late, right(number_of(late, "deadline_missed"), "2026-05-11"), right(reply, "2026-05-11"))

        assert [(t.is_late, t.is_breached) for t in late.suggestion.terms] == [(True, True)]
        assert [(t.is_late, t.is_breached, str(t.ended_on)) for t in after.suggestion.terms] == [
            (False, False, "2026-05-11")
        ]
        assert after.suggestion.replies[0].on == as_instant(instant("2026-05-11")).date()

    def test_the_wrong_instants_stay_in_the_entries(self) -> None:
        story = replied("2026-05-12")
        after = corrected(story, right(number_of(story, "deadline_missed"), "2026-05-12", hour=8))

        assert after.history[: len(story.history)] == story.history
        assert after.suggestion.right_times == (right(number_of(story, "deadline_missed"), "2026-05-12", hour=8),)

    def test_a_term_counts_from_the_corrected_day_and_is_judged_by_it(self) -> None:
        story = received(RULES).and_(Assign((WATER.name,)), by=OFFICE, on="2026-03-10")
        after = corrected(story, right(number_of(story, "assigned"), "2026-02-10"))

        moved = after.steps[-1].terms["reply"]
        assert (str(moved.anchor_on), str(moved.due_on)) == ("2026-02-10", "2026-05-11")
        assert moved.due_on == replied("2026-02-20").suggestion.terms[0].due_on

    def test_a_term_that_was_met_is_judged_by_its_new_day(self) -> None:
        story = received(RULES).and_(Assign((WATER.name,)), by=OFFICE, on="2026-03-10").and_(Accept(), by=WATER)
        story = story.and_(RecordContact("before", "phone"), by=WATER)
        story = story.and_(Reply("A", "Done."), by=WATER, on="2026-05-20")
        after = corrected(story, right(number_of(story, "assigned"), "2026-02-10"))

        assert [(t.end, t.is_late) for t in (*story.suggestion.terms, *after.suggestion.terms)] == [
            ("met", False),
            ("met", True),
        ]

    def test_what_lay_at_the_same_instant_goes_with_it(self) -> None:
        story = replied("2026-05-20")
        last = story.history[-1]
        after = corrected(story, right(number_of(story, "deadline_missed"), "2026-05-20", hour=8))

        assert last.number > number_of(story, "replied")
        assert after.suggestion.terms[0].ended_on == story.suggestion.terms[0].ended_on
        assert replay(after.suggestion.id, after.history) == after.suggestion

    def test_a_life_goes_on_after_a_stamp_of_another_century(self) -> None:
        begun = received(RULES).and_(Assign((WATER.name,)), by=OFFICE, on="2032-02-10")
        story = Scenario(RULES, begun.suggestion, begun.history)
        assign = number_of(begun, "assigned")
        act = CorrectTime((right(assign, "2026-02-10"),), "the host's clock stood in 2032")
        after = story.and_(act, by=OFFICE, on="2026-02-11").and_(Accept(), by=WATER, on="2026-02-12")

        assert str(after.suggestion.terms[0].due_on) == "2026-05-11"
        assert after.suggestion.last_at == instant("2026-02-12")

    def test_a_later_correction_goes_before_an_earlier_one(self) -> None:
        story = received(RULES).and_(Assign((WATER.name,)), by=OFFICE, on="2026-03-10")
        assign = number_of(story, "assigned")
        after = corrected(corrected(story, right(assign, "2026-02-10")), right(assign, "2026-02-12"))

        assert str(after.suggestion.terms[0].anchor_on) == "2026-02-12"


class TestRefusals:
    @pytest.mark.parametrize(
        ("times", "rules"),
        [
            ((), ("no_times",)),
            ((right(99, "2026-02-10"),), ("no_such_entry",)),
            ((right(2, "2026-02-08"),), ("time_runs_back",)),
            ((RightTime(2, instant("2026-02-10"), "2026-02-11"),), ("not_its_day",)),
            ((right(2, "2026-06-10"),), ("time_runs_back",)),
            ((right(1, "1000-01-01"),), ("outside_calendar",)),
        ],
        ids=["nothing", "no such entry", "before the entry before", "another day", "after now", "out of reach"],
    )
    def test_nonsense_is_refused(self, times: tuple[RightTime, ...], rules: tuple[str, ...]) -> None:
        story = received(RULES).and_(Assign((WATER.name,)), by=OFFICE, on="2026-02-10")

        assert story.when(CorrectTime(times, "wrong"), by=OFFICE, on="2026-02-12").rules == rules

    def test_a_right_time_is_an_instant(self) -> None:
        with pytest.raises(NaiveInstant, match=r"'yesterday' is no instant; give 2026-02-10T09:00\+08:00"):
            RightTime(1, "yesterday", "2026-02-09")

    def test_only_offices_do_it(self) -> None:
        act = CorrectTime((right(1, "2026-02-09", hour=8),), "wrong")

        assert received(RULES).when(act, by=WATER).rules == ("wrong_role",)
