"""Which way does a life go? Every fork of the lifecycle, and no deadlock with several leads."""

from __future__ import annotations

import pytest

from handleflow.acts import (
    Accept,
    Assign,
    Distribute,
    Evaluate,
    GrantReturn,
    Reassign,
    Receive,
    RecordContact,
    RecordNoResponse,
    RefuseReturn,
    Rehandle,
    Reply,
    RequestReturn,
)
from handleflow.testing import Scenario, given, unit
from tests.beginnings import DEPUTY, GOVERNMENT, OFFICE, ROADS, SCHOOLS, WATER, rulebook

RULES = rulebook()


def received() -> Scenario:
    return given(RULES).and_(Receive("Pipes", "Deputy A"), by=OFFICE, on="2026-02-09")


def assigned(*leads: str, co_units: tuple[str, ...] = ()) -> Scenario:
    return received().and_(Assign(leads or ("Water Bureau",), co_units), by=OFFICE, on="2026-02-10")


def replied(story: Scenario, *names: str, outcome: str = "A") -> Scenario:
    for name in names:
        story = story.and_(Accept(), by=unit(name)) if not _has_accepted(story, name) else story
        story = story.and_(RecordContact("before"), by=unit(name)).and_(Reply(outcome, "done"), by=unit(name))
    return story


def _has_accepted(story: Scenario, name: str) -> bool:
    assignment = story.suggestion.assignment_of(name)
    return assignment is not None and assignment.is_accepted


def test_one_lead_goes_from_receipt_to_evaluation() -> None:
    story = replied(assigned(), "Water Bureau").and_(Evaluate("Water Bureau", "satisfied"), by=DEPUTY)

    assert story.state == "evaluated"


def test_a_co_unit_that_accepts_does_not_begin_the_handling() -> None:
    story = assigned("Water Bureau", co_units=("Roads Bureau",)).and_(Accept(), by=ROADS)

    assert story.state == "assigned"


def test_the_first_lead_that_accepts_begins_the_handling() -> None:
    story = assigned("Water Bureau", "Roads Bureau").and_(Accept(), by=ROADS)

    assert story.state == "handling"


def test_it_is_replied_only_when_every_lead_has_replied() -> None:
    one = replied(assigned("Water Bureau", "Roads Bureau"), "Water Bureau")
    both = replied(one, "Roads Bureau")

    assert (one.state, both.state) == ("handling", "replied")


def test_a_lead_may_accept_late_while_another_has_replied() -> None:
    story = replied(assigned("Water Bureau", "Roads Bureau"), "Water Bureau").and_(Accept(), by=ROADS)

    assert story.state == "handling"


class TestGrantReturn:
    """Where it goes when a unit is relieved."""

    @staticmethod
    def granted(story: Scenario, name: str) -> Scenario:
        return story.and_(RequestReturn("not ours"), by=unit(name)).and_(GrantReturn(name), by=OFFICE)

    def test_no_lead_left_is_received_again(self) -> None:
        assert self.granted(assigned(), "Water Bureau").state == "received"

    def test_no_lead_left_is_received_again_even_after_acceptance(self) -> None:
        assert self.granted(assigned().and_(Accept(), by=WATER), "Water Bureau").state == "received"

    def test_every_remaining_lead_replied_is_replied(self) -> None:
        story = replied(assigned("Water Bureau", "Roads Bureau"), "Water Bureau")

        assert self.granted(story, "Roads Bureau").state == "replied"

    def test_every_remaining_reply_rated_is_evaluated(self) -> None:
        """Otherwise nobody could act any more: the only reply is rated and nothing is due."""
        story = replied(assigned("Water Bureau", "Roads Bureau"), "Water Bureau")
        story = story.and_(Evaluate("Water Bureau", "satisfied"), by=DEPUTY)

        assert self.granted(story, "Roads Bureau").state == "evaluated"

    def test_none_accepted_is_assigned(self) -> None:
        story = assigned("Water Bureau", "Roads Bureau").and_(Accept(), by=WATER)

        assert self.granted(story, "Water Bureau").state == "assigned"

    def test_one_accepted_stays_in_handling(self) -> None:
        story = assigned("Water Bureau", "Roads Bureau").and_(Accept(), by=WATER)

        assert self.granted(story, "Roads Bureau").state == "handling"

    def test_a_co_unit_leaves_and_nothing_changes(self) -> None:
        story = assigned("Water Bureau", co_units=("Roads Bureau",)).and_(Accept(), by=WATER)

        assert self.granted(story, "Roads Bureau").state == "handling"

    def test_the_next_unit_has_a_fresh_clock(self) -> None:
        story = self.granted(assigned(), "Water Bureau").and_(Assign(("Roads Bureau",)), by=OFFICE, on="2026-03-02")
        running = [(t.key.unit, str(t.due_on)) for t in story.suggestion.running_terms()]

        assert running == [("Roads Bureau", "2026-06-02")]

    def test_a_refused_return_leaves_it_with_the_unit(self) -> None:
        story = assigned().and_(RequestReturn("not ours"), by=WATER)
        story = story.and_(RefuseReturn("Water Bureau", "it is yours"), by=OFFICE).and_(Accept(), by=WATER)

        assert story.state == "handling"


class TestReassign:
    """Where it goes when another unit takes it."""

    def test_nobody_left_who_accepted_is_assigned(self) -> None:
        story = assigned().and_(Accept(), by=WATER)
        story = story.and_(Reassign(("Roads Bureau",), instead_of="Water Bureau", reason="roads"), by=OFFICE)

        assert story.state == "assigned"

    def test_a_remaining_lead_that_accepted_keeps_it_in_handling(self) -> None:
        story = assigned("Water Bureau", "Roads Bureau").and_(Accept(), by=WATER)
        story = story.and_(Reassign(("Schools Bureau",), instead_of="Roads Bureau", reason="x"), by=OFFICE)

        assert story.state == "handling"

    def test_replacing_the_last_lead_that_owed_by_a_co_unit_is_replied(self) -> None:
        story = replied(assigned("Water Bureau", "Roads Bureau"), "Water Bureau")
        story = story.and_(Reassign((), ("Schools Bureau",), instead_of="Roads Bureau", reason="x"), by=OFFICE)

        assert story.state == "replied"

    def test_replacing_it_after_the_rating_is_evaluated(self) -> None:
        story = replied(assigned("Water Bureau", "Roads Bureau"), "Water Bureau")
        story = story.and_(Evaluate("Water Bureau", "satisfied"), by=DEPUTY)
        story = story.and_(Reassign((), ("Schools Bureau",), instead_of="Roads Bureau", reason="x"), by=OFFICE)

        assert story.state == "evaluated"


def test_departments_inherit_the_day_of_the_assignment() -> None:
    story = assigned("City Government").and_(
        Distribute(("Water Bureau",), instead_of="City Government"), by=GOVERNMENT, on="2026-02-20"
    )
    running = [(t.key.unit, str(t.due_on)) for t in story.suggestion.running_terms()]

    assert running == [("Water Bureau", "2026-05-11")]


def test_a_reply_rated_while_another_is_due_does_not_end_the_handling() -> None:
    story = replied(assigned("Water Bureau", "Roads Bureau"), "Water Bureau")
    story = story.and_(Evaluate("Water Bureau", "satisfied"), by=DEPUTY)

    assert story.state == "handling"


def test_only_the_named_lead_owes_a_new_reply_after_rehandling() -> None:
    story = replied(assigned("Water Bureau", "Roads Bureau"), "Water Bureau", "Roads Bureau")
    story = story.and_(Evaluate("Water Bureau", "dissatisfied", reason="nothing done"), by=DEPUTY)
    story = story.and_(Evaluate("Roads Bureau", "satisfied"), by=DEPUTY)
    story = story.and_(Rehandle(("Water Bureau",), "nothing done"), by=OFFICE)
    owing = [a.unit for a in story.suggestion.leads_without_reply]
    story = replied(story, "Water Bureau")

    assert (owing, story.state) == (["Water Bureau"], "replied")


def test_no_response_ends_the_evaluation_and_is_no_satisfaction() -> None:
    story = replied(assigned(), "Water Bureau")
    story = story.and_(RecordNoResponse("Water Bureau", ("2026-02-09",)), by=OFFICE)
    (silence,) = story.suggestion.ratings

    assert (story.state, silence.result, silence.is_no_response) == ("evaluated", None, True)


@pytest.mark.parametrize("stranger", [ROADS, SCHOOLS])
def test_a_unit_that_is_not_the_lead_cannot_reply(stranger: object) -> None:
    story = assigned("Water Bureau", co_units=("Roads Bureau",)).and_(Accept(), by=WATER).and_(Accept(), by=ROADS)
    outcome = story.when(Reply("A", "done"), by=unit(str(getattr(stranger, "name", ""))))

    assert "not_a_lead" in outcome.rules
