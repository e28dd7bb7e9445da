"""When does a rung speak? Of a term and its day, of something that happened, again and again, or not any more."""

from __future__ import annotations

from typing import Any

import pytest
from attrs import evolve

from handleflow import Part, Rulebook, load
from handleflow.acts import (
    Accept,
    AnswerSupervision,
    Assign,
    Classify,
    Correct,
    Evaluate,
    GrantExtension,
    GrantReturn,
    MarkProgress,
    Receive,
    RecordContact,
    RefuseReturn,
    Rehandle,
    Reply,
    RequestExtension,
    RequestReturn,
    Supervise,
    TakeOver,
)
from handleflow.core import wakes_on
from handleflow.events import RungLapsed
from handleflow.legal_time import day
from handleflow.testing import Scenario, given
from tests.beginnings import DEPUTY, OFFICE, ROADS, WATER, received, replied, rulebook

LEADERS = [
    {"name": "Leader for key matters (placeholder)", "applies_to": "key"},
    {"name": "Leader for water (placeholder)", "categories": ["water"]},
    {"name": "Leader for roads (placeholder)", "units": ["Roads Bureau"]},
    {"name": "Leader for the rest (placeholder)"},
]
LIGHTS = [{"colour": "green", "cite": "host"}, {"colour": "red", "offset": "1 day", "cite": "host"}]
EXTENDABLE = {
    "id": "reply",
    "of": "lead",
    "anchor": "assigned",
    "met_by": ["replied"],
    "span": "3 months",
    "cite": "DBF25 51",
    "extension": {"span": "3 months", "base": "chained", "mode": "consent", "cite": "host"},
}


def ladder(*rungs: dict[str, Any], **more: Any) -> Rulebook:
    """A rulebook with these rungs, by telephone and on the office's own ground where they say nothing else."""
    numbered = ({"id": f"rung {place}", "channel": "phone", "cite": "host"} for place in range(1, len(rungs) + 1))
    return rulebook(rung=[{**plain, **rung} for plain, rung in zip(numbered, rungs, strict=True)], **more)


def assigned(rules: Rulebook, *leads: str, **how: Any) -> Scenario:
    return received(rules).and_(Assign(leads or ("Water Bureau",), **how), by=OFFICE, on="2026-02-10")


def spoken(story: Scenario) -> list[tuple[str, str, str]]:
    """What the clock said: the rung, the day it was meant for, the unit."""
    return [(s.rung or "", str(s.meant_on), s.unit) for s in story.suggestion.supervisions if s.is_the_clocks]


def lapsed(story: Scenario) -> list[tuple[str, str, str | None]]:
    """What it will not say: the rung, the day it was meant for, and why."""
    events = [entry.event for entry in story.history]
    return [(e.firing_key.rung, str(e.meant_on), e.reason) for e in events if isinstance(e, RungLapsed)]


class TestSilence:
    """No acceptance, no contact, so long after the assignment."""

    RULES = ladder({"after": "assigned", "offset": "3 workdays", "unless": "accepted", "channel": "written"})

    def test_who_does_not_sign_is_urged_on_the_day(self) -> None:
        story = assigned(self.RULES).and_the_clock_reads("2026-02-12").and_the_clock_reads("2026-02-13")

        assert spoken(story) == [("rung 1", "2026-02-13", "Water Bureau")]

    def test_who_signed_is_not(self) -> None:
        story = assigned(self.RULES).and_(Accept(), by=WATER, on="2026-02-11").and_the_clock_reads("2026-03-31")

        assert (spoken(story), lapsed(story)) == ([], [])

    def test_of_two_units_only_the_silent_one_is_urged(self) -> None:
        story = (
            assigned(self.RULES, "Water Bureau", "Roads Bureau")
            .and_(Accept(), by=ROADS)
            .and_the_clock_reads("2026-02-13")
        )

        assert spoken(story) == [("rung 1", "2026-02-13", "Water Bureau")]

    def test_it_wakes_the_suggestion_on_its_day(self) -> None:
        assert str(wakes_on(self.RULES, assigned(self.RULES).suggestion)) == "2026-02-13"

    def test_a_silence_broken_before_anybody_swept_is_recorded_as_lapsed(self) -> None:
        story = assigned(self.RULES).and_(Accept(), by=WATER, on="2026-02-16").and_the_clock_reads("2026-02-17")

        assert lapsed(story) == [("rung 1", "2026-02-13", "no_longer_so")]
        assert spoken(story) == []

    def test_a_silence_broken_after_it_spoke_is_not_spoken_of_again(self) -> None:
        story = (
            assigned(self.RULES)
            .and_the_clock_reads("2026-02-13")
            .and_(Accept(), by=WATER, on="2026-02-16")
            .and_the_clock_reads("2026-03-01")
        )

        assert (len(spoken(story)), lapsed(story)) == (1, [])

    def test_no_contact_after_acceptance_is_a_silence_of_its_own(self) -> None:
        rules = ladder({"after": "accepted", "offset": "5 days", "unless": "contact_recorded"})
        silent = assigned(rules).and_(Accept(), by=WATER, on="2026-02-11").and_the_clock_reads("2026-02-16")
        heard = assigned(rules).and_(Accept(), by=WATER, on="2026-02-11").and_(RecordContact("before"), by=WATER)

        assert (spoken(silent), spoken(heard.and_the_clock_reads("2026-02-16"))) == (
            [("rung 1", "2026-02-16", "Water Bureau")],
            [],
        )

    def test_a_unit_that_gets_it_later_has_a_silence_of_its_own(self) -> None:
        story = (
            assigned(self.RULES)
            .and_the_clock_reads("2026-02-13")
            .and_(RequestReturn("not ours"), by=WATER, on="2026-02-24")
        )
        story = story.and_(GrantReturn("Water Bureau"), by=OFFICE)
        story = story.and_(Assign(("Roads Bureau",)), by=OFFICE, on="2026-02-25")

        assert spoken(story.and_the_clock_reads("2026-03-02"))[1:] == [("rung 1", "2026-02-28", "Roads Bureau")]

    def test_what_happened_before_a_take_over_is_not_spoken_of(self) -> None:
        act = TakeOver("Pipes", leads=("Water Bureau",), assigned_on="2026-02-02")
        story = given(self.RULES).and_(act, by=OFFICE, on="2026-02-10").and_the_clock_reads("2026-03-31")

        assert (spoken(story), wakes_on(self.RULES, story.suggestion)) == ([], day("2026-05-07"))


class TestCounts:
    """The third return, the second rehandling, the second supervision left unanswered."""

    @staticmethod
    def returned(story: Scenario, on: str) -> Scenario:
        story = story.and_(RequestReturn("not ours"), by=WATER, on=on)
        story = story.and_(GrantReturn("Water Bureau"), by=OFFICE, on=on)
        return story.and_(Assign(("Water Bureau",)), by=OFFICE, on=on)

    def test_the_third_return_speaks_and_no_other(self) -> None:
        rules = ladder({"after": "return_granted", "count": 3, "channel": "interview"})
        story = assigned(rules)
        for on in ("2026-02-11", "2026-02-12"):
            story = self.returned(story, on).and_the_clock_reads(on)
        assert spoken(story) == []

        story = self.returned(story, "2026-02-13").and_the_clock_reads("2026-02-13")
        assert spoken(self.returned(story, "2026-02-14").and_the_clock_reads("2026-02-14")) == [
            ("rung 1", "2026-02-13", "Water Bureau")
        ]

    def test_what_was_refused_is_no_return_and_a_granted_one_is_of_the_day_it_was_granted(self) -> None:
        rules = ladder({"after": "return_granted", "count": 2, "channel": "interview"})
        story = self.returned(assigned(rules), "2026-02-11").and_(RequestReturn("no"), by=WATER, on="2026-02-12")
        story = story.and_(RefuseReturn("Water Bureau", "yours"), by=OFFICE, on="2026-02-12")
        story = story.and_(RequestReturn("not ours"), by=WATER, on="2026-02-13").and_the_clock_reads("2026-02-24")
        assert spoken(story) == []

        story = story.and_(GrantReturn("Water Bureau"), by=OFFICE, on="2026-02-25").and_the_clock_reads("2026-02-25")
        assert [on for _, on, _ in spoken(story)] == ["2026-02-25"]

    def test_the_third_return_of_a_unit_that_no_longer_has_it_speaks_to_the_office(self) -> None:
        rules = ladder({"after": "return_requested", "count": 1, "recipient": "congress_office"})
        story = assigned(rules).and_(RequestReturn("not ours"), by=WATER, on="2026-02-11")
        story = story.and_(GrantReturn("Water Bureau"), by=OFFICE).and_the_clock_reads("2026-02-11")

        assert [(s.unit, s.to) for s in story.suggestion.supervisions] == [("congress_office", "congress_office")]

    @pytest.mark.parametrize(("count", "days"), [(1, ["2026-03-02"]), (2, ["2026-03-05"]), (3, [])])
    def test_the_nth_rehandling_speaks(self, count: int, days: list[str]) -> None:
        rules = ladder({"after": "rehandling_demanded", "count": count})
        story = replied(rules, "Water Bureau", "Roads Bureau")
        for on in ("2026-03-02", "2026-03-05"):
            for unit in ("Water Bureau", "Roads Bureau"):
                story = story.and_(Evaluate(unit, "dissatisfied", reason="no"), by=DEPUTY, on=on)
            story = story.and_(Rehandle(("Water Bureau", "Roads Bureau"), "again"), by=OFFICE, on=on)
            for by in (WATER, ROADS):
                story = story.and_(RecordContact("before"), by=by, on=on).and_(Reply("A", "done"), by=by, on=on)

        assert [on for _, on, _ in spoken(story.and_the_clock_reads("2026-03-05"))] == [
            day for day in days for _ in range(2)
        ]

    def test_the_second_supervision_a_unit_leaves_unanswered_climbs(self) -> None:
        rules = ladder(
            {"term": "reply", "offset": "-60 days", "answer_within": "3 days"},
            {"term": "reply", "offset": "-40 days", "answer_within": "3 days"},
            {"after": "supervision_unanswered", "count": 2, "per": "unit", "channel": "interview"},
        )
        story = assigned(rules, "Water Bureau", "Roads Bureau")
        for on in ("2026-03-12", "2026-03-16", "2026-04-01"):
            story = story.and_the_clock_reads(on)
        story = story.and_(AnswerSupervision(4, "soon"), by=ROADS, on="2026-04-02").and_the_clock_reads("2026-04-30")

        assert [rung for rung in spoken(story) if rung[0] == "rung 3"] == [("rung 3", "2026-04-05", "Water Bureau")]

    def test_each_of_several_facts_speaks_where_no_count_is_given(self) -> None:
        rules = ladder({"after": "dissatisfied", "offset": "1 day", "channel": "written"})
        story = replied(rules).and_(Evaluate("Water Bureau", "dissatisfied", reason="no"), by=DEPUTY, on="2026-03-02")
        story = story.and_(Rehandle(("Water Bureau",), "again"), by=OFFICE, on="2026-03-02")
        story = story.and_(RecordContact("before"), by=WATER).and_(Reply("A", "done"), by=WATER, on="2026-03-04")
        story = story.and_(Evaluate("Water Bureau", "satisfied", "dissatisfied", "rude"), by=DEPUTY, on="2026-03-05")

        assert [on for _, on, _ in spoken(story.and_the_clock_reads("2026-03-31"))] == ["2026-03-03", "2026-03-06"]

    @pytest.mark.parametrize("is_refused", [True, False])
    def test_a_return_that_was_decided_is_urged_for_no_more(self, is_refused: bool) -> None:
        rules = ladder({"after": "return_requested", "offset": "3 days", "recipient": "congress_office"})
        story = assigned(rules).and_(RequestReturn("not ours"), by=WATER, on="2026-02-11")
        decided = (
            story.and_(RefuseReturn("Water Bureau", "yours"), by=OFFICE, on="2026-02-12") if is_refused else story
        )

        assert len(spoken(decided.and_the_clock_reads("2026-03-31"))) == (0 if is_refused else 1)


class TestMissedDays:
    """A missed day is a fact, and may be spoken of."""

    RULES = ladder({"after": "deadline_missed", "term": "reply", "channel": "written"}, term=[EXTENDABLE])

    def test_the_miss_is_written_before_what_is_said_about_it(self) -> None:
        story = assigned(self.RULES).and_the_clock_reads("2026-05-20")

        assert story.last.kinds == ("deadline_missed", "supervised")
        assert spoken(story) == [("rung 1", "2026-05-12", "Water Bureau")]

    def test_a_reply_that_came_before_anybody_swept_is_not_urged_for(self) -> None:
        story = replied(self.RULES)
        late = assigned(self.RULES).and_(Accept(), by=WATER).and_(RecordContact("before"), by=WATER)
        late = late.and_(Reply("A", "done"), by=WATER, on="2026-05-13").and_the_clock_reads("2026-05-20")

        assert (spoken(story), spoken(late)) == ([], [])

    def test_of_other_terms_it_does_not_speak(self) -> None:
        rules = ladder({"after": "deadline_missed", "term": "commitment"})

        assert spoken(assigned(rules).and_the_clock_reads("2026-05-20")) == []

    def test_a_missed_answer_climbs(self) -> None:
        rules = ladder({"term": "supervision_answer", "offset": "1 day", "channel": "written"})
        story = assigned(rules).and_(Supervise("Water Bureau", "phone", "well?", "2026-02-20"), by=OFFICE)

        assert spoken(story.and_the_clock_reads("2026-02-21")) == [("rung 1", "2026-02-21", "Water Bureau")]


class TestProgressMarks:
    """A colour that somebody gave the work."""

    RULES = ladder({"after": "progress_marked", "colour": "red", "channel": "on_site"}, light=LIGHTS)

    def test_the_colour_named_speaks_and_another_does_not(self) -> None:
        green = assigned(self.RULES).and_(MarkProgress("Water Bureau", "green"), by=OFFICE, on="2026-03-02")
        red = green.and_(MarkProgress("Water Bureau", "red", "nothing was done"), by=OFFICE, on="2026-03-03")

        assert spoken(green.and_the_clock_reads("2026-03-04")) == []
        assert spoken(red.and_the_clock_reads("2026-03-04")) == [("rung 1", "2026-03-03", "Water Bureau")]

    def test_a_colour_taken_back_in_time_speaks_no_more(self) -> None:
        story = assigned(self.RULES).and_(MarkProgress("Water Bureau", "red"), by=OFFICE, on="2026-03-02")
        story = story.and_(MarkProgress("Water Bureau", "green"), by=OFFICE, on="2026-03-02")
        story = story.and_the_clock_reads("2026-03-04")

        assert (spoken(story), [why for *_, why in lapsed(story)]) == ([], ["no_longer_so"])

    def test_it_is_kept_with_who_gave_it(self) -> None:
        story = assigned(self.RULES).and_(MarkProgress("Water Bureau", "red", "slow"), by=OFFICE, on="2026-03-02")
        (mark,) = story.suggestion.progress_marks

        assert (mark.by, mark.colour, str(mark.on), mark.reason) == (OFFICE, "red", "2026-03-02", "slow")

    def test_a_colour_the_rulebook_does_not_have_is_refused_with_those_it_has(self) -> None:
        outcome = assigned(self.RULES).when(MarkProgress("Roads Bureau", "blue"), by=OFFICE)

        assert outcome.rules == ("not_its_unit", "colour_is_known")
        assert "there is: green, red" in outcome.text()


class TestRepeating:
    """Every so often, until so long after the first time, or until the term ends."""

    DAILY = ladder({"term": "reply", "offset": "1 day", "every": "1 day", "until": "60 days", "applies_to": "key"})

    def test_it_speaks_once_for_each_time(self) -> None:
        rules = ladder({"term": "reply", "offset": "1 day", "every": "4 days", "until": "9 days"})
        story = assigned(rules).and_the_clock_reads("2026-05-20").and_the_clock_reads("2026-07-01")

        assert [on for _, on, _ in spoken(story)] == ["2026-05-12", "2026-05-16", "2026-05-20"]
        assert [firing_key.occurrence for firing_key in story.suggestion.firing_keys] == [1, 2, 3]

    def test_until_the_reply_it_speaks_every_day(self) -> None:
        story = given(self.DAILY).and_(Receive("Pipes", "Deputy A", is_key=True), by=OFFICE, on="2026-02-09")
        story = story.and_(Assign(("Water Bureau",)), by=OFFICE, on="2026-02-10").and_(Accept(), by=WATER)
        story = story.and_(RecordContact("before"), by=WATER).and_the_clock_reads("2026-05-14")
        story = story.and_(Reply("A", "done"), by=WATER, on="2026-05-14").and_the_clock_reads("2026-05-31")

        assert [on for _, on, _ in spoken(story)] == ["2026-05-12", "2026-05-13", "2026-05-14"]

    def test_working_days_are_counted_as_such(self) -> None:
        rules = ladder({"term": "reply", "offset": "-2 workdays", "every": "1 workday", "until": "2 workdays"})
        story = assigned(rules).and_the_clock_reads("2026-05-31")

        assert [on for _, on, _ in spoken(story)] == ["2026-05-08", "2026-05-09", "2026-05-11"]


class TestKinds:
    """A key suggestion has a ladder of its own."""

    RULES = ladder(
        {"term": "reply", "offset": "-30 days", "applies_to": "key"},
        {"term": "reply", "offset": "-10 days", "applies_to": "ordinary"},
        {"term": "reply", "offset": "-1 day"},
    )

    @pytest.mark.parametrize(("is_key", "rungs"), [(True, ["rung 1", "rung 3"]), (False, ["rung 2", "rung 3"])])
    def test_each_speaks_of_its_own(self, is_key: bool, rungs: list[str]) -> None:
        story = given(self.RULES).and_(Receive("Pipes", "Deputy A", is_key=is_key), by=OFFICE, on="2026-02-09")
        story = story.and_(Assign(("Water Bureau",)), by=OFFICE, on="2026-02-10").and_the_clock_reads("2026-05-10")

        assert [rung for rung, *_ in spoken(story)] == rungs

    def test_of_days_before_it_became_one_it_does_not_speak(self) -> None:
        story = (
            assigned(self.RULES)
            .and_(Classify(is_key=True), by=OFFICE, on="2026-04-20")
            .and_the_clock_reads("2026-05-10")
        )

        assert [rung for rung, *_ in spoken(story)] == ["rung 3"]
        assert lapsed(story) == [("rung 1", "2026-04-11", "passed_before")]

    def test_on_the_day_it_became_one_it_still_speaks(self) -> None:
        story = (
            assigned(self.RULES)
            .and_(Classify(is_key=True), by=OFFICE, on="2026-04-11")
            .and_the_clock_reads("2026-04-11")
        )

        assert [rung for rung, *_ in spoken(story)] == ["rung 1"]


class TestMovedDays:
    """A moved day gives the rungs still ahead a new chance, and repeats none of those spoken."""

    RULES = ladder(
        {"term": "reply", "offset": "-15 days"},
        {"term": "reply", "offset": "-5 days", "channel": "written"},
        term=[EXTENDABLE],
    )

    def extended(self, story: Scenario, on: str) -> Scenario:
        story = story.and_(RequestExtension("2026-08-10", "hard"), by=WATER, on=on)
        return story.and_(GrantExtension("Water Bureau"), by=OFFICE, on=on)

    def test_the_one_spoken_is_silent_and_the_other_speaks_of_the_new_day(self) -> None:
        story = assigned(self.RULES).and_(Accept(), by=WATER).and_the_clock_reads("2026-04-26")
        story = self.extended(story, "2026-04-27").and_the_clock_reads("2026-05-20").and_the_clock_reads("2026-08-09")

        assert spoken(story) == [
            ("rung 1", "2026-04-26", "Water Bureau"),
            ("rung 2", "2026-08-05", "Water Bureau"),
        ]

    def test_one_whose_day_had_come_but_was_not_spoken_has_its_chance_again(self) -> None:
        story = assigned(self.RULES).and_(Accept(), by=WATER)
        story = self.extended(story, "2026-04-27").and_the_clock_reads("2026-08-09")

        assert [on for _, on, _ in spoken(story)] == ["2026-07-26", "2026-08-05"]

    def test_a_corrected_day_of_a_fact_moves_its_rung(self) -> None:
        rules = ladder({"after": "assigned", "offset": "3 days", "unless": "accepted"})
        story = assigned(rules).and_(
            Correct(2, "assigned_on", "2026-02-09", "typing error"), by=OFFICE, on="2026-02-11"
        )

        assert spoken(story.and_the_clock_reads("2026-02-28")) == [("rung 1", "2026-02-12", "Water Bureau")]


class TestCollapsing:
    """After downtime only the last one speaks, if the rulebook says so."""

    def test_each_term_has_its_own_last_one(self) -> None:
        rules = ladder(
            {"term": "reply", "offset": "1 day"},
            {"term": "reply", "offset": "5 days", "channel": "written"},
            coalesce=True,
        )
        story = assigned(rules, "Water Bureau", "Roads Bureau").and_the_clock_reads("2026-06-30")

        assert spoken(story) == [
            ("rung 2", "2026-05-16", "Water Bureau"),
            ("rung 2", "2026-05-16", "Roads Bureau"),
        ]
        assert [why for *_, why in lapsed(story)] == ["coalesced"] * 2


class TestWhom:
    """In whose name it goes out, and to whom."""

    RULES = ladder({"term": "reply", "offset": "-15 days", "recipient": "leader", "issuer": "leader"}, leader=LEADERS)

    @pytest.mark.parametrize(
        ("category", "is_key", "lead", "leader"),
        [
            pytest.param("water", False, "Water Bureau", "Leader for water (placeholder)", id="by category"),
            pytest.param("other", False, "Roads Bureau", "Leader for roads (placeholder)", id="by unit"),
            pytest.param("other", False, "Water Bureau", "Leader for the rest (placeholder)", id="what is left"),
            pytest.param(
                "water", True, "Water Bureau", "Leader for key matters (placeholder)", id="a key suggestion"
            ),
        ],
    )
    def test_the_table_names_the_leader_in_charge(self, category: str, is_key: bool, lead: str, leader: str) -> None:
        receive = Receive("Pipes", "Deputy A", category=category, is_key=is_key)
        story = given(self.RULES).and_(receive, by=OFFICE, on="2026-02-09")
        story = story.and_(Assign((lead,)), by=OFFICE, on="2026-02-10").and_the_clock_reads("2026-04-26")

        assert [(s.to, s.issuer) for s in story.suggestion.supervisions] == [(leader, "leader")]

    def test_the_leader_named_with_the_assignment_goes_before_the_table(self) -> None:
        parts = (Part("Water Bureau", leader="Leader B (placeholder)"),)
        story = assigned(self.RULES, parts=parts).and_the_clock_reads("2026-04-26")

        assert [s.to for s in story.suggestion.supervisions] == ["Leader B (placeholder)"]

    def test_a_host_may_name_the_leader_its_own_way(self) -> None:
        changes = {
            "name": "test",
            "version": "1",
            "leader_by": "length",
            "rung": [
                {
                    "id": "r",
                    "term": "reply",
                    "offset": "-15 days",
                    "channel": "phone",
                    "cite": "host",
                    "recipient": "leader",
                }
            ],
        }
        rules = load("cn.national", changes=changes, leaders={"length": lambda s, unit: f"leader {len(unit)}"})

        assert [s.to for s in assigned(rules).and_the_clock_reads("2026-04-26").suggestion.supervisions] == [
            "leader 12"
        ]

    @pytest.mark.parametrize(
        ("recipient", "to"), [("section", "Pipes section"), ("person", "Person C"), ("unit", None)]
    )
    def test_it_may_go_to_who_answers_for_it_in_the_unit(self, recipient: str, to: str | None) -> None:
        rules = ladder({"term": "reply", "offset": "-15 days", "recipient": recipient})
        parts = (Part("Water Bureau", section="Pipes section", person="Person C"),)

        assert [
            s.to for s in assigned(rules, parts=parts).and_the_clock_reads("2026-04-26").suggestion.supervisions
        ] == [to]

    def test_where_nobody_is_named_it_goes_to_the_unit(self) -> None:
        rules = ladder({"term": "reply", "offset": "-15 days", "recipient": "person"})

        assert [s.to for s in assigned(rules).and_the_clock_reads("2026-04-26").suggestion.supervisions] == [None]


class TestWhatIsNotKnown:
    """After a take-over some facts have no day or no unit, and nobody is urged for them."""

    @pytest.mark.parametrize(
        "after", ["assigned", "accepted", "contact_recorded", "return_requested", "dissatisfied"]
    )
    def test_a_fact_without_its_day_or_its_unit_speaks_of_nothing(self, after: str) -> None:
        rules = ladder({"after": after})
        act = TakeOver(
            "Pipes", leads=("Water Bureau", "Roads Bureau"), contacted_on="2026-02-02", result="dissatisfied"
        )
        story = given(rules).and_(act, by=OFFICE, on="2026-02-10").and_the_clock_reads("2026-06-30")

        assert spoken(story) == []

    def test_a_return_asked_for_before_days_were_kept_is_not_counted(self) -> None:
        rules = ladder({"after": "return_requested"})
        story = assigned(rules).and_(RequestReturn("not ours"), by=WATER, on="2026-02-11")
        dayless = evolve(story.suggestion.return_requests[0], on=None)
        older = evolve(story, suggestion=evolve(story.suggestion, return_requests=(dayless,)))

        assert (
            spoken(older.and_the_clock_reads("2026-06-30")),
            len(spoken(story.and_the_clock_reads("2026-06-30"))),
        ) == ([], 1)


@pytest.mark.parametrize(("owed_by", "urged"), [("unit", "Water Bureau"), ("deputy", "deputy")])
def test_a_rung_urges_who_owes_the_term_and_not_the_unit_it_is_about(owed_by: str, urged: str) -> None:
    rating = {"id": "rating", "of": "lead", "anchor": "replied", "met_by": ["evaluated"], "span": "5 workdays"}
    rung = {"id": "asked", "term": "rating", "offset": "1 day", "channel": "phone", "cite": "host"}
    story = replied(rulebook(term=[{**rating, "owed_by": owed_by, "cite": "host"}], rung=[rung]))
    story = story.and_the_clock_reads("2026-03-31")

    assert [supervision.unit for supervision in story.suggestion.supervisions] == [urged]
