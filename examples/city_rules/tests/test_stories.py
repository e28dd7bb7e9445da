"""What comes of an act under the city's rules? Given, when, then."""

from __future__ import annotations

import pytest
from stories import FINANCE, OFFICE, ROADS, WATER, assigned, handling, received, replied

from handleflow import Promise
from handleflow.acts import (
    Accept,
    AnswerSupervision,
    Assign,
    Close,
    Correct,
    Evaluate,
    FulfilCommitment,
    GiveOpinion,
    RecordContact,
    Rehandle,
    RejectOpinion,
    Reply,
    Supervise,
    Withdraw,
)
from handleflow.testing import Scenario, deputy

PIPES = Promise("New pipes for the northern villages", due_on="2026-09-30")


def test_the_office_has_five_working_days_to_assign() -> None:
    (term,) = received().suggestion.terms

    assert (term.key.rule, str(term.due_on)) == ("assignment", "2026-03-09")


def test_an_assignment_on_the_last_day_is_in_time_and_a_day_later_is_late() -> None:
    on_the_day = received().when(Assign(("Water Bureau",)), by=OFFICE, on="2026-03-09")
    after_it = received().when(Assign(("Water Bureau",)), by=OFFICE, on="2026-03-10")

    assert "deadline_missed" not in on_the_day.kinds
    assert after_it.kinds[:2] == ("deadline_missed", "assigned")


def test_the_reply_is_due_three_months_from_assignment_and_six_on_the_long_track() -> None:
    due = [str(story.suggestion.terms[-1].due_on) for story in (assigned(), assigned(is_long_track=True))]

    assert due == ["2026-06-04", "2026-09-04"]


def test_nobody_replies_before_the_deputy_was_heard() -> None:
    outcome = assigned().and_(Accept(), by=WATER).when(Reply("A", "New pipes are laid."), by=WATER)

    assert outcome.rules == ("deputy_was_heard",)
    assert outcome.state == "handling"


def test_the_lead_waits_for_the_co_units_opinion() -> None:
    story = assigned(co_units=("Finance Bureau",)).and_(Accept(), by=FINANCE).and_(Accept(), by=WATER)
    story = story.and_(RecordContact("before"), by=WATER)
    reply = Reply("A", "New pipes are laid.")

    assert str(story.when(reply, by=WATER).terms["opinion of Finance Bureau"].due_on) == "2026-04-01"
    assert story.when(reply, by=WATER).rules == ("co_opinions_are_in",)

    story = story.and_(GiveOpinion("no objection"), by=FINANCE, on="2026-03-20")
    sent_back = story.and_(RejectOpinion("Finance Bureau", "it names no sum"), by=WATER)

    assert story.when(reply, by=WATER).is_granted
    assert sent_back.when(reply, by=WATER).rules == ("co_opinions_are_in",)


@pytest.mark.parametrize(("on", "is_late"), [("2026-04-01", False), ("2026-04-02", True)])
def test_an_opinion_has_twenty_working_days_from_signing(on: str, is_late: bool) -> None:
    story = assigned(co_units=("Finance Bureau",)).and_(Accept(), by=FINANCE)
    outcome = story.when(GiveOpinion("no objection"), by=FINANCE, on=on)

    assert outcome.is_granted
    assert ("deadline_missed" in outcome.kinds) is is_late


@pytest.mark.parametrize(
    ("outcome", "is_resolved", "promises"),
    [("A", True, 0), ("B", False, 1), ("C", False, 0), ("D", False, 0)],
)
def test_what_a_class_of_outcome_means_is_written_down_with_the_reply(
    outcome: str, is_resolved: bool, promises: int
) -> None:
    suggestion = replied(outcome).suggestion

    (meaning,) = [reply.snapshot for reply in suggestion.replies]
    assert meaning is not None
    assert (meaning.is_resolved, meaning.is_sent_upward) == (is_resolved, False)
    assert len(suggestion.commitments) == promises


def test_a_promise_without_a_day_is_a_promise() -> None:
    (commitment,) = replied("B").suggestion.commitments

    assert commitment.due_on is None


def test_nothing_is_closed_while_a_promise_is_open() -> None:
    story = replied("B", PIPES).and_(Evaluate("Water Bureau", "satisfied"), by=deputy(), on="2026-04-27")
    kept = story.and_(FulfilCommitment(1, "the last pipe is laid"), by=WATER, on="2026-09-30")

    assert story.when(Close(), by=OFFICE).rules == ("commitments_open",)
    assert kept.when(Close(), by=OFFICE).state == "closed"


def test_a_promise_may_be_kept_before_the_deputy_has_rated_the_reply() -> None:
    story = replied("B", PIPES).and_(FulfilCommitment(1, "the last pipe is laid"), by=WATER)

    assert story.suggestion.commitments[0].fulfilled_on == story.steps[-1].on


def test_a_dissatisfied_deputy_is_heard_again_once() -> None:
    def rated(story: Scenario, on: str) -> Scenario:
        unhappy = Evaluate("Water Bureau", "dissatisfied", reason="the water is brown")
        return story.and_(unhappy, by=deputy(), on=on)

    again = Rehandle(("Water Bureau",), "the deputy is dissatisfied")
    story = rated(replied(), "2026-04-27").and_(again, by=OFFICE)
    story = story.and_(RecordContact("during"), by=WATER).and_(Reply("A", "A filter is built in."), by=WATER)

    assert rated(story, "2026-05-20").when(again, by=OFFICE).rules == ("rounds_are_left",)


def test_a_satisfied_deputy_is_not_heard_again() -> None:
    story = replied().and_(Evaluate("Water Bureau", "satisfied"), by=deputy())

    assert story.when(Rehandle(("Water Bureau",), "once more"), by=OFFICE).rules == ("deputy_is_dissatisfied",)


def test_the_clock_reminds_fifteen_days_before_and_urges_on_the_day_after() -> None:
    story = handling()
    said = {
        on: [(each.channel, str(each.answer_by)) for each in story.when_the_clock_reads(on).supervisions]
        for on in ("2026-05-19", "2026-05-20")
    }
    reminded = story.and_the_clock_reads("2026-05-20")
    late = {
        on: [(each.channel, str(each.answer_by)) for each in reminded.when_the_clock_reads(on).supervisions]
        for on in ("2026-06-04", "2026-06-05")
    }

    assert said == {"2026-05-19": [], "2026-05-20": [("phone", "2026-05-25")]}
    assert late == {"2026-06-04": [], "2026-06-05": [("written", "2026-06-12")]}


def test_the_office_urges_before_and_after_signing() -> None:
    urge = Supervise("Water Bureau", "phone", "how far is it?", answer_by="2026-03-16")
    outcomes = [story.when(urge, by=OFFICE) for story in (assigned(), handling())]

    assert [str(outcome.terms["supervision_answer"].due_on) for outcome in outcomes] == ["2026-03-16"] * 2


def test_a_supervision_may_be_answered_after_the_reply() -> None:
    story = handling().and_(Supervise("Water Bureau", "phone", "well?"), by=OFFICE)
    story = story.and_(Reply("A", "New pipes are laid."), by=WATER)

    assert story.when(AnswerSupervision(1, "see the reply"), by=WATER).is_granted


@pytest.mark.parametrize(
    "story",
    [
        pytest.param(received(), id="received"),
        pytest.param(assigned(), id="assigned"),
        pytest.param(handling(), id="handling"),
        pytest.param(replied(), id="replied"),
        pytest.param(replied().and_(Evaluate("Water Bureau", "satisfied"), by=deputy()), id="evaluated"),
    ],
)
def test_a_wrong_title_is_set_right_until_it_is_closed(story: Scenario) -> None:
    outcome = story.when(Correct(1, "title", "Drinking water", "as in the deputy's letter"), by=OFFICE)

    assert (outcome.suggestion.title, outcome.state) == ("Drinking water", story.suggestion.state)


@pytest.mark.parametrize("story", [received(), assigned(), handling()], ids=["received", "assigned", "handling"])
def test_a_deputy_takes_it_back_until_there_is_a_reply(story: Scenario) -> None:
    assert story.when(Withdraw("solved"), by=deputy()).state == "withdrawn"
    assert not replied().when(Withdraw("solved"), by=deputy()).is_granted


def test_two_leads_answer_for_themselves() -> None:
    story = assigned("Water Bureau", "Roads Bureau")
    for bureau in (WATER, ROADS):
        story = story.and_(Accept(), by=bureau).and_(RecordContact("before"), by=bureau)
    half = story.when(Reply("A", "New pipes are laid."), by=WATER)
    whole = half.and_then().when(Reply("A", "The road is closed again."), by=ROADS)

    assert (half.state, whole.state) == ("handling", "replied")
