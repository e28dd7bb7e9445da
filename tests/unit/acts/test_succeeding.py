"""A unit is renamed, merged or abolished: who goes on, and with what?"""

from __future__ import annotations

import pytest

from handleflow import Actor, Party, Promise
from handleflow.acts import (
    Accept,
    Assign,
    Close,
    Evaluate,
    FulfilCommitment,
    GiveOpinion,
    Reassign,
    RecordContact,
    Rehandle,
    Reply,
    RequestReturn,
    Succeed,
    Supervise,
)
from handleflow.party import name_of
from handleflow.testing import Scenario, unit
from tests.beginnings import DEPUTY, GOVERNMENT, OFFICE, ROADS, SCHOOLS, WATER, received, rulebook

LAKES = unit("Lakes and Rivers Bureau")
RULES = rulebook("cn.national")


def assigned(leads: tuple[str, ...] = (WATER.name,), co_units: tuple[str, ...] = ()) -> Scenario:
    return received(RULES).and_(Assign(leads, co_units), by=OFFICE, on="2026-02-10")


def succeeded(story: Scenario, of: str = WATER.name, by: str = LAKES.name, on: str = "2026-03-10") -> Scenario:
    return story.and_(Succeed(of, by, "renamed"), by=OFFICE, on=on)


class TestSucceed:
    def test_its_term_runs_on_without_a_fresh_clock(self) -> None:
        before = assigned()
        after = succeeded(before)

        assert after.steps[-1].terms["reply of Lakes and Rivers Bureau"] == before.steps[-1].terms["reply"].__class__(
            after.suggestion.terms[0].key,
            *[getattr(before.suggestion.terms[0], name) for name in ("anchor_entry", "anchor_on", "span")],
            *[getattr(before.suggestion.terms[0], name) for name in ("original_on", "unrolled_on", "due_on")],
        )
        assert [term.key.unit for term in after.suggestion.terms] == [LAKES.name]
        assert [entry.kind for entry in after.steps[-1].entries] == ["succeeded"]

    def test_reassigning_begins_anew_where_a_succession_does_not(self) -> None:
        due = assigned().suggestion.terms[0].due_on

        anew = assigned().and_(Reassign((LAKES.name,), reason="reform"), by=OFFICE, on="2026-03-10")
        assert anew.suggestion.terms[-1].due_on != due == succeeded(assigned()).suggestion.terms[-1].due_on

    def test_the_successor_acts_and_the_old_name_is_nobody(self) -> None:
        story = succeeded(assigned().and_(Accept(), by=WATER, on="2026-02-12"))

        assert story.when(RecordContact("before", "phone"), by=WATER).rules == ("not_its_unit",)
        replied = story.and_(RecordContact("before", "phone"), by=LAKES).and_(Reply("A", "Done."), by=LAKES)
        assert (replied.state, replied.suggestion.terms[0].end) == ("replied", "met")

    def test_what_was_promised_is_kept_by_the_successor(self) -> None:
        story = assigned().and_(Accept(), by=WATER).and_(RecordContact("before", "phone"), by=WATER)
        story = story.and_(Reply("B", "New pipes.", (Promise("new pipes", "2026-06-30"),)), by=WATER)
        story = succeeded(story).and_(Evaluate(LAKES.name, "satisfied", "satisfied"), by=DEPUTY)
        story = story.and_(FulfilCommitment(1, "They lie."), by=LAKES, on="2026-05-04")

        assert story.and_(Close(), by=OFFICE).state == "closed"

    def test_what_is_handled_a_second_time_is_the_successors(self) -> None:
        story = assigned().and_(Accept(), by=WATER).and_(RecordContact("before", "phone"), by=WATER)
        story = story.and_(Reply("B", "New pipes."), by=WATER)
        story = story.and_(Evaluate(WATER.name, "dissatisfied", "dissatisfied", reason="dry"), by=DEPUTY)
        story = succeeded(story.and_(Rehandle((WATER.name,), "dry"), by=OFFICE))

        assert [rehandling.units for rehandling in story.suggestion.rehandlings] == [(LAKES.name,)]

    def test_open_requests_and_supervisions_go_on(self) -> None:
        story = assigned().and_(Accept(), by=WATER).and_(RequestReturn("not ours"), by=WATER)
        story = succeeded(story.and_(Supervise(WATER.name, "written", "How far is it?"), by=OFFICE))

        assert story.suggestion.waiting("return_requests") == (LAKES.name,)
        assert story.suggestion.supervisions[0].unit == LAKES.name

    def test_one_with_an_id_of_its_own_keeps_it_under_its_new_name(self) -> None:
        water, lakes = Party("u-17", "水务局"), Party("u-17", "水利局")
        story = assigned((water,)).and_(Succeed(water, lakes, "renamed"), by=OFFICE)

        assert [(each, name_of(each)) for each in story.suggestion.units] == [("u-17", "水利局")]
        assert name_of(story.history[1].event.leads[0]) == "水务局"  # type: ignore[attr-defined]  # an Assign
        assert story.when(Accept(), by=Actor("unit", "水务局", id="u-17")).is_granted

    def test_one_that_has_nothing_cannot_be_succeeded(self) -> None:
        refused = assigned().when(Succeed(ROADS.name, LAKES.name, "abolished"), by=OFFICE)

        assert refused.rules == ("nothing_to_pass_on",)
        assert "Water Bureau" in refused.text()

    def test_nobody_succeeds_itself(self) -> None:
        assert assigned().when(Succeed(WATER.name, WATER.name, "renamed"), by=OFFICE).rules == ("succeeds_itself",)

    def test_only_offices_say_so(self) -> None:
        assert assigned().when(Succeed(WATER.name, LAKES.name, "renamed"), by=WATER).rules == ("wrong_role",)


class TestNumbers:
    """What was said of a term is said under its number for good, so no number is given twice."""

    def test_a_unit_that_has_a_part_again_begins_a_term_of_another_number(self) -> None:
        story = succeeded(assigned()).and_(Reassign((WATER.name,), reason="it is back"), by=OFFICE, on="2026-03-12")

        assert [(t.key.unit, t.key.ref) for t in story.suggestion.terms] == [(LAKES.name, 1), (WATER.name, 2)]

    def test_a_unit_called_as_another_was_takes_none_of_its_numbers(self) -> None:
        story = succeeded(assigned((WATER.name, ROADS.name)))
        story = story.and_(Succeed(ROADS.name, WATER.name, "renamed"), by=OFFICE)

        assert [(t.key.unit, t.key.ref) for t in story.suggestion.terms] == [(LAKES.name, 1), (WATER.name, 2)]

    def test_numbers_that_went_round_are_still_not_given_twice(self) -> None:
        story = assigned((WATER.name, ROADS.name))
        names = (WATER.name, ROADS.name, LAKES.name)
        for of, by in [(0, 2), (1, 0), (2, 1), (0, 2), (1, 0), (2, 1)] * 2:
            story = story.and_(Succeed(names[of], names[by], "merged"), by=OFFICE)
        story = story.and_(Reassign((LAKES.name,), reason="again"), by=OFFICE)
        used = [term.key for term in story.suggestion.terms] + list(story.suggestion.keys_passed_on)

        assert len(set(used)) == len(used)

    def test_what_was_said_under_the_old_name_is_said_under_both(self) -> None:
        story = received(rulebook("cn.dehui.demo")).and_(Assign((WATER.name,)), by=OFFICE, on="2026-02-10")
        story = succeeded(story.and_the_clock_reads("2026-04-26"), on="2026-04-27")

        assert [key.term.unit for key in story.suggestion.firing_keys] == [WATER.name, LAKES.name]
        assert story.when_the_clock_reads("2026-04-28").entries == ()

    def test_a_promise_keeps_its_own_number(self) -> None:
        story = assigned().and_(Accept(), by=WATER).and_(RecordContact("before", "phone"), by=WATER)
        story = story.and_(Reply("B", "New pipes.", (Promise("new pipes", "2026-06-30"),)), by=WATER)
        story = succeeded(succeeded(story), LAKES.name, WATER.name)
        story = story.and_(FulfilCommitment(1, "They lie."), by=WATER, on="2026-05-04")

        assert [(t.key.rule, t.key.ref, t.end) for t in story.suggestion.terms if t.has_own_day] == [
            ("commitment", 1, "met")
        ]


class TestMerging:
    """The successor has a part already."""

    def test_the_co_unit_that_takes_over_the_lead_leads_and_owes_no_opinion(self) -> None:
        before = assigned(co_units=(ROADS.name,)).and_(Accept(), by=ROADS)
        after = before.and_(Succeed(WATER.name, ROADS.name, "merged"), by=OFFICE)

        assert [(a.unit, a.role) for a in after.suggestion.active()] == [(ROADS.name, "lead")]
        assert [a.ended for a in after.suggestion.assignments] == [None, "succeeded"]
        assert {t.key.rule: t.end for t in after.suggestion.terms if t.key.unit == ROADS.name}["reply"] == "running"
        assert not [t for t in after.suggestion.running_terms() if (RULES.term_rule(t.key.rule) or RULES).of == "co"]  # type: ignore[union-attr]

    def test_the_lead_that_takes_over_a_co_unit_stays_the_lead(self) -> None:
        after = assigned(co_units=(ROADS.name,)).and_(Succeed(ROADS.name, WATER.name, "merged"), by=GOVERNMENT)

        assert [(a.unit, a.role) for a in after.suggestion.active()] == [(WATER.name, "lead")]
        assert after.when(GiveOpinion("Yes."), by=ROADS).rules == ("not_its_unit",)

    def test_of_two_leads_one_goes_on_and_both_terms_run(self) -> None:
        before = assigned((WATER.name, ROADS.name))
        after = before.and_(Succeed(WATER.name, ROADS.name, "merged"), by=OFFICE)

        assert [a.unit for a in after.suggestion.leads] == [ROADS.name]
        assert [(t.key.unit, t.key.ref, t.end) for t in after.suggestion.terms] == [
            (ROADS.name, 2, "running"),
            (ROADS.name, 1, "running"),
        ]
        replied = after.and_(Accept(), by=ROADS).and_(RecordContact("before", "phone"), by=ROADS)
        replied = replied.and_(Reply("A", "Done."), by=ROADS)
        assert [t.end for t in replied.suggestion.terms] == ["met", "met"]

    def test_others_are_left_in_peace(self) -> None:
        before = assigned((WATER.name, SCHOOLS.name))
        after = succeeded(before)

        assert [t for t in after.suggestion.terms if t.key.unit == SCHOOLS.name] == [
            t for t in before.suggestion.terms if t.key.unit == SCHOOLS.name
        ]


@pytest.mark.parametrize("how", ["renamed", "merged", "split", "abolished"])
def test_how_it_came_to_that_is_one_of_four(how: str) -> None:
    assert assigned().when(Succeed(WATER.name, LAKES.name, how), by=OFFICE).is_granted
