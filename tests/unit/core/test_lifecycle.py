"""Which way does a life go? Every fork of the lifecycle, and no deadlock with several leads."""

from __future__ import annotations

import pytest

from handleflow import (
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
from tests.story import DEPUTY, GOVERNMENT, OFFICE, ROADS, SCHOOLS, WATER, Story, rulebook, unit

RULES = rulebook()


def received() -> Story:
    return Story(RULES).then(Receive("Pipes", "Deputy A"), OFFICE, "2026-02-09")


def assigned(*leads: str, co_units: tuple[str, ...] = ()) -> Story:
    return received().then(Assign(leads or ("Water Bureau",), co_units), OFFICE, "2026-02-10")


def replied(story: Story, *names: str, outcome: str = "A") -> Story:
    for name in names:
        story = story.then(Accept(), unit(name)) if not _has_accepted(story, name) else story
        story = story.then(RecordContact("before"), unit(name)).then(Reply(outcome, "done"), unit(name))
    return story


def _has_accepted(story: Story, name: str) -> bool:
    assignment = story.suggestion.assignment_of(name)
    return assignment is not None and assignment.is_accepted


def test_one_lead_goes_from_receipt_to_evaluation() -> None:
    story = replied(assigned(), "Water Bureau").then(Evaluate("Water Bureau", "satisfied"), DEPUTY)

    assert story.state == "evaluated"


def test_a_co_unit_that_accepts_does_not_begin_the_handling() -> None:
    story = assigned("Water Bureau", co_units=("Roads Bureau",)).then(Accept(), ROADS)

    assert story.state == "assigned"


def test_the_first_lead_that_accepts_begins_the_handling() -> None:
    story = assigned("Water Bureau", "Roads Bureau").then(Accept(), ROADS)

    assert story.state == "handling"


def test_it_is_replied_only_when_every_lead_has_replied() -> None:
    one = replied(assigned("Water Bureau", "Roads Bureau"), "Water Bureau")
    both = replied(one, "Roads Bureau")

    assert (one.state, both.state) == ("handling", "replied")


def test_a_lead_may_accept_late_while_another_has_replied() -> None:
    story = replied(assigned("Water Bureau", "Roads Bureau"), "Water Bureau").then(Accept(), ROADS)

    assert story.state == "handling"


class TestGrantReturn:
    """Where it goes when a unit is relieved."""

    @staticmethod
    def granted(story: Story, name: str) -> Story:
        return story.then(RequestReturn("not ours"), unit(name)).then(GrantReturn(name), OFFICE)

    def test_no_lead_left_is_received_again(self) -> None:
        assert self.granted(assigned(), "Water Bureau").state == "received"

    def test_no_lead_left_is_received_again_even_after_acceptance(self) -> None:
        assert self.granted(assigned().then(Accept(), WATER), "Water Bureau").state == "received"

    def test_every_remaining_lead_replied_is_replied(self) -> None:
        story = replied(assigned("Water Bureau", "Roads Bureau"), "Water Bureau")

        assert self.granted(story, "Roads Bureau").state == "replied"

    def test_every_remaining_reply_rated_is_evaluated(self) -> None:
        """Otherwise nobody could act any more: the only reply is rated and nothing is due."""
        story = replied(assigned("Water Bureau", "Roads Bureau"), "Water Bureau")
        story = story.then(Evaluate("Water Bureau", "satisfied"), DEPUTY)

        assert self.granted(story, "Roads Bureau").state == "evaluated"

    def test_none_accepted_is_assigned(self) -> None:
        story = assigned("Water Bureau", "Roads Bureau").then(Accept(), WATER)

        assert self.granted(story, "Water Bureau").state == "assigned"

    def test_one_accepted_stays_in_handling(self) -> None:
        story = assigned("Water Bureau", "Roads Bureau").then(Accept(), WATER)

        assert self.granted(story, "Roads Bureau").state == "handling"

    def test_a_co_unit_leaves_and_nothing_changes(self) -> None:
        story = assigned("Water Bureau", co_units=("Roads Bureau",)).then(Accept(), WATER)

        assert self.granted(story, "Roads Bureau").state == "handling"

    def test_the_next_unit_has_a_fresh_clock(self) -> None:
        story = self.granted(assigned(), "Water Bureau").then(Assign(("Roads Bureau",)), OFFICE, "2026-03-02")
        running = [(t.key.unit, str(t.due_on)) for t in story.suggestion.running_terms()]

        assert running == [("Roads Bureau", "2026-06-02")]

    def test_a_refused_return_leaves_it_with_the_unit(self) -> None:
        story = assigned().then(RequestReturn("not ours"), WATER)
        story = story.then(RefuseReturn("Water Bureau", "it is yours"), OFFICE).then(Accept(), WATER)

        assert story.state == "handling"


class TestReassign:
    """Where it goes when another unit takes it."""

    def test_nobody_left_who_accepted_is_assigned(self) -> None:
        story = assigned().then(Accept(), WATER)
        story = story.then(Reassign(("Roads Bureau",), instead_of="Water Bureau", reason="roads"), OFFICE)

        assert story.state == "assigned"

    def test_a_remaining_lead_that_accepted_keeps_it_in_handling(self) -> None:
        story = assigned("Water Bureau", "Roads Bureau").then(Accept(), WATER)
        story = story.then(Reassign(("Schools Bureau",), instead_of="Roads Bureau", reason="x"), OFFICE)

        assert story.state == "handling"

    def test_replacing_the_last_lead_that_owed_by_a_co_unit_is_replied(self) -> None:
        story = replied(assigned("Water Bureau", "Roads Bureau"), "Water Bureau")
        story = story.then(Reassign((), ("Schools Bureau",), instead_of="Roads Bureau", reason="x"), OFFICE)

        assert story.state == "replied"

    def test_replacing_it_after_the_rating_is_evaluated(self) -> None:
        story = replied(assigned("Water Bureau", "Roads Bureau"), "Water Bureau")
        story = story.then(Evaluate("Water Bureau", "satisfied"), DEPUTY)
        story = story.then(Reassign((), ("Schools Bureau",), instead_of="Roads Bureau", reason="x"), OFFICE)

        assert story.state == "evaluated"


def test_departments_inherit_the_day_of_the_assignment() -> None:
    story = assigned("City Government").then(
        Distribute(("Water Bureau",), instead_of="City Government"), GOVERNMENT, "2026-02-20"
    )
    running = [(t.key.unit, str(t.due_on)) for t in story.suggestion.running_terms()]

    assert running == [("Water Bureau", "2026-05-11")]


def test_a_reply_rated_while_another_is_due_does_not_end_the_handling() -> None:
    story = replied(assigned("Water Bureau", "Roads Bureau"), "Water Bureau")
    story = story.then(Evaluate("Water Bureau", "satisfied"), DEPUTY)

    assert story.state == "handling"


def test_only_the_named_lead_owes_a_new_reply_after_rehandling() -> None:
    story = replied(assigned("Water Bureau", "Roads Bureau"), "Water Bureau", "Roads Bureau")
    story = story.then(Evaluate("Water Bureau", "dissatisfied", reason="nothing done"), DEPUTY)
    story = story.then(Evaluate("Roads Bureau", "satisfied"), DEPUTY)
    story = story.then(Rehandle(("Water Bureau",), "nothing done"), OFFICE)
    owing = [a.unit for a in story.suggestion.owing]
    story = replied(story, "Water Bureau")

    assert (owing, story.state) == (["Water Bureau"], "replied")


def test_no_response_ends_the_evaluation_and_is_no_satisfaction() -> None:
    story = replied(assigned(), "Water Bureau")
    story = story.then(RecordNoResponse("Water Bureau", ("2026-02-09",)), OFFICE)
    (silence,) = story.suggestion.ratings

    assert (story.state, silence.result, silence.is_no_response) == ("evaluated", None, True)


@pytest.mark.parametrize("stranger", [ROADS, SCHOOLS])
def test_a_unit_that_is_not_the_lead_cannot_reply(stranger: object) -> None:
    story = assigned("Water Bureau", co_units=("Roads Bureau",)).then(Accept(), WATER).then(Accept(), ROADS)
    story = story.ask(Reply("A", "done"), unit(str(getattr(stranger, "name", ""))))

    assert "not_a_lead" in story.reasons
