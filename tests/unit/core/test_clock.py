"""What does the clock say, in which order, and never twice?"""

from __future__ import annotations

from typing import Any

import pytest

from handleflow import CLOCK
from handleflow.acts import Accept, AnswerSupervision, Assign, Receive, RecordContact, Reply, Withdraw
from handleflow.core import wakes_on
from handleflow.testing import Scenario, given
from tests.beginnings import DEPUTY, OFFICE, WATER, rulebook

LADDER: list[dict[str, Any]] = [
    {"id": "reminded", "term": "reply", "offset": "-15 days", "channel": "phone", "answer_within": "3 workdays"},
    {"id": "urged", "term": "reply", "offset": "1 day", "channel": "written"},
    {"id": "visited", "term": "reply", "offset": "5 workdays", "channel": "on_site"},
]
RULES = rulebook(rung=[{**rung, "cite": "host"} for rung in LADDER])
COALESCING = rulebook(rung=[{**rung, "cite": "host"} for rung in LADDER], coalesce=True)


def assigned(rules: Any = RULES) -> Scenario:
    story = given(rules).and_(Receive("Pipes", "Deputy A"), by=OFFICE, on="2026-02-09")
    return story.and_(Assign(("Water Bureau",)), by=OFFICE, on="2026-02-10")


def said(story: Scenario) -> list[str]:
    rungs = [getattr(entry.event, "firing_key", None) for entry in story.history]
    return [firing_key.rung for firing_key in rungs if firing_key is not None]


def test_the_clock_says_nothing_before_its_day() -> None:
    assert assigned().when_the_clock_reads("2026-04-25").kinds == ()


def test_a_rung_speaks_on_its_day_and_asks_for_an_answer() -> None:
    story = assigned().and_the_clock_reads("2026-04-26")
    (supervision,) = story.suggestion.supervisions

    assert (supervision.channel, str(supervision.answer_by), [entry.by for entry in story.last.entries]) == (
        "phone",
        "2026-04-29",
        [CLOCK, CLOCK],
    )


def test_sweeping_twice_is_sweeping_once() -> None:
    assert assigned().and_the_clock_reads("2026-06-01").when_the_clock_reads("2026-06-01").kinds == ()


def test_after_downtime_the_rungs_speak_in_order_each_with_both_days() -> None:
    story = assigned().and_the_clock_reads("2026-06-01")
    days = [(s.rung, str(s.meant_on), str(s.on)) for s in story.suggestion.supervisions]

    assert days == [
        ("reminded", "2026-04-26", "2026-06-01"),
        ("urged", "2026-05-12", "2026-06-01"),
        ("visited", "2026-05-18", "2026-06-01"),
    ]


def test_sweeping_day_by_day_says_the_same_rungs_in_the_same_order() -> None:
    daily = assigned()
    for day in ("2026-04-26", "2026-05-11", "2026-05-12", "2026-05-18", "2026-06-01"):
        daily = daily.and_the_clock_reads(day)

    assert said(daily) == said(assigned().and_the_clock_reads("2026-06-01"))


def test_collapsed_only_the_last_passed_rung_speaks() -> None:
    story = assigned(COALESCING).and_the_clock_reads("2026-06-01")
    spoken = [s.rung for s in story.suggestion.supervisions]

    assert (spoken, story.last.kinds.count("rung_lapsed")) == (["visited"], 2)


def test_the_miss_comes_before_what_is_said_about_it() -> None:
    story = assigned().and_the_clock_reads("2026-04-26").and_the_clock_reads("2026-05-12")
    story = story.and_the_clock_reads("2026-05-12")
    kinds = [e.kind for e in story.history if e.kind in {"deadline_missed", "supervised"}]

    assert kinds == ["supervised", "deadline_missed", "deadline_missed", "supervised"]


def test_rungs_of_a_term_an_act_ends_lapse_unspoken() -> None:
    story = assigned().and_(Accept(), by=WATER).and_(RecordContact("before"), by=WATER)
    story = story.and_(Reply("A", "done"), by=WATER, on="2026-05-11")

    assert (story.last.kinds, story.when_the_clock_reads("2026-06-01").kinds) == (
        ("replied", "reply_classified", "rung_lapsed", "term_met"),
        (),
    )


def test_after_the_end_the_clock_is_silent() -> None:
    assert assigned().and_(Withdraw("x"), by=DEPUTY).when_the_clock_reads("2026-06-01").kinds == ()


def test_an_answer_in_time_ends_the_demand_for_it() -> None:
    story = assigned().and_the_clock_reads("2026-04-26")
    story = story.and_(AnswerSupervision(1, "on it"), by=WATER, on="2026-04-28")

    assert [t.key.rule for t in story.suggestion.running_terms()] == ["reply"]


def test_an_answer_after_its_day_is_late() -> None:
    story = assigned().and_the_clock_reads("2026-04-26")
    story = story.and_(AnswerSupervision(1, "on it"), by=WATER, on="2026-05-06")

    assert (story.last.kinds[0], story.suggestion.supervisions[0].is_answered_late) == ("deadline_missed", True)


def test_it_wakes_on_the_next_rung_and_then_the_day_after_the_due_day() -> None:
    story = assigned()
    days = [str(wakes_on(RULES, story.suggestion))]
    for day in ("2026-04-26", "2026-05-06"):
        story = story.and_the_clock_reads(day)
        days.append(str(wakes_on(RULES, story.suggestion)))

    assert days == ["2026-04-26", "2026-04-30", "2026-05-12"]


def test_a_term_of_nobody_in_particular_urges_the_office() -> None:
    term = {"id": "assign", "of": "whole", "anchor": "received", "met_by": ["assigned"], "span": "10 workdays"}
    rung = {"id": "late", "term": "assign", "offset": "1 day", "channel": "phone", "cite": "host"}
    rules = rulebook(term=[{**term, "cite": "host"}], rung=[rung])
    story = given(rules).and_(Receive("Pipes", "Deputy A"), by=OFFICE, on="2026-02-09")
    story = story.and_the_clock_reads("2026-03-31")

    assert [s.unit for s in story.suggestion.supervisions] == ["congress_office"]


@pytest.mark.parametrize("state", ["evaluated", "handling"])
def test_the_clock_speaks_only_where_a_transition_lets_it(state: str) -> None:
    transition = {"act": "supervise", "source": [state], "target": "same", "who": ["congress_office"]}
    elsewhere = {**transition, "source": ["replied"], "who": ["clock"]}
    rules = rulebook(rung=[{**rung, "cite": "host"} for rung in LADDER], transition=[transition, elsewhere])
    story = assigned(rules)

    assert (story.when_the_clock_reads("2026-04-26").kinds, str(wakes_on(rules, story.suggestion))) == (
        (),
        "2026-05-12",
    )
