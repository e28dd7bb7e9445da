"""Does a suggestion in Xiamen live as the city's measures, revised in 2025 (XM25), say?"""

from __future__ import annotations

import pytest

from handleflow import load_preset
from handleflow.acts import (
    Accept,
    Close,
    DeclareExtension,
    Evaluate,
    FulfilCommitment,
    GiveOpinion,
    RateCommitment,
    RecordContact,
    RecordNoResponse,
    Rehandle,
    Withdraw,
)
from handleflow.legal_time import day
from handleflow.testing import Scenario, deputy, office
from handleflow.testing.boundaries import BoundaryDay
from handleflow.testing.monitors import library_monitors, never, watch
from tests.beginnings import ROADS, WATER
from tests.rules.fates import KEPT, Dated, refused_with, said_with
from tests.rules.lives import (
    BY_STATE,
    RATED_ON,
    assigned,
    evaluated,
    explaining,
    handling,
    heard,
    promising,
    received,
    rehandled,
    replied,
)

XIAMEN = load_preset("cn.xiamen")
ANSWER = explaining(XIAMEN)
AGAIN = Rehandle((WATER.name,), "The deputy is dissatisfied.")
DISSATISFIED = Evaluate(WATER.name, "dissatisfied", reason="The water is still brown.")


def promise_kept() -> Scenario:
    """What was promised was told to be kept on Wednesday 1 April."""
    story = replied(XIAMEN, reply=promising(XIAMEN))
    story = story.and_(Evaluate(WATER.name, "satisfied"), by=deputy(), on=RATED_ON)
    return story.and_(FulfilCommitment(1, "The pipes are laid."), by=WATER, on="2026-04-01")


def ends(story: Scenario, rule: str) -> list[str]:
    """How each term of a rule stands."""
    return [term.end for term in story.suggestion.terms if term.key.rule == rule]


REPLY = Dated("XM25 27", "reply", "2026-05-11", heard(XIAMEN), ANSWER, WATER)
"""Three months from assignment on 10 February 2026 end on Sunday 10 May."""
TERMS = (
    REPLY,
    # From Monday 16 March: ninety days would end a day earlier.
    Dated("XM25 27 in months", "reply", "2026-06-16", heard(XIAMEN, on="2026-03-16"), ANSWER, WATER),
    # Two months from assignment, whenever the co unit signs.
    Dated(
        "XM25 27 for the co unit",
        "opinion",
        "2026-04-10",
        assigned(XIAMEN, co_units=(ROADS.name,)).and_(Accept(), by=ROADS, on="2026-03-16"),
        GiveOpinion("Open the road once only."),
        ROADS,
    ),
    # Fifteen working days after Monday 2 March: 3 to 6, 9 to 13, 16 to 20, Monday 23.
    Dated(
        "XM25 29 for the deputy", "rating", "2026-03-23", replied(XIAMEN), Evaluate(WATER.name, "satisfied"), deputy()
    ),
    # Fifteen after 1 April: 2 and 3, then without Monday the 6th 7 to 10, 13 to 17, 20 to 23.
    Dated(
        "XM25 29 once a promise is kept",
        "commitment_rating",
        "2026-04-23",
        promise_kept(),
        RateCommitment(1, "satisfied"),
        deputy(),
    ),
    # Five working days after Monday 9 March, when the deputy was dissatisfied: 10 to 13, Monday 16.
    Dated(
        "XM25 29 for the congress's body",
        "urging",
        "2026-03-16",
        evaluated(XIAMEN, result="dissatisfied"),
        AGAIN,
        office(),
    ),
    # One month from the new assignment of 10 March, not from the rating of the day before.
    Dated(
        "XM25 29 again",
        "rehandled_reply",
        "2026-04-10",
        rehandled(XIAMEN).and_(RecordContact("during"), by=WATER),
        ANSWER,
        WATER,
    ),
)


@pytest.mark.parametrize("term", TERMS, ids=str)
def test_a_term_is_kept_through_its_articles_day_and_no_longer(term: Dated) -> None:
    assert term.fates() == (term.due, *KEPT)
    assert term.is_owed_by_its_keeper


@pytest.mark.parametrize("edge", REPLY.edges(), ids=str)
def test_a_reply_is_late_on_exactly_the_days_after_its_own(edge: BoundaryDay) -> None:
    assert REPLY.acted(edge.on) == ("late" if edge.on > day(REPLY.due) else "kept")


class TestLongerTime:
    """XM25 27: up to three months more, explained, nobody's consent asked."""

    def test_it_is_had_up_to_three_months_from_the_unrolled_day(self) -> None:
        outcome = handling(XIAMEN).when(DeclareExtension("2026-08-10", "The pipes are deep."), by=WATER)

        assert str(outcome.terms["reply"].due_on) == "2026-08-10"

    def test_it_is_not_had_for_a_day_more(self) -> None:
        too_long = DeclareExtension("2026-08-11", "The pipes are deep.")

        assert refused_with(handling(XIAMEN), too_long, by=WATER) == "extension_within_measure [XM25 art. 27]"

    def test_it_is_not_taken_once_the_day_has_passed(self) -> None:
        late = DeclareExtension("2026-08-10", "The pipes are deep.")

        assert refused_with(handling(XIAMEN), late, by=WATER, on="2026-05-11") == ""
        assert refused_with(handling(XIAMEN), late, by=WATER, on="2026-05-12") == "extension_in_time [XM25 art. 27]"


class TestUrging:
    """XM25 29: the congress's body urges within five working days of a rating that is dissatisfied."""

    @pytest.mark.parametrize("result", ["satisfied", "basically_satisfied"])
    def test_nobody_is_to_be_urged_where_the_deputy_is_not_dissatisfied(self, result: str) -> None:
        assert ends(evaluated(XIAMEN, result=result), "urging") == []

    def test_an_attitude_that_dissatisfies_is_enough(self) -> None:
        rated = Evaluate(WATER.name, "satisfied", "dissatisfied", "Nobody called.")

        assert ends(replied(XIAMEN).and_(rated, by=deputy(), on=RATED_ON), "urging") == ["running"]

    def test_no_rating_is_no_dissatisfied_one(self) -> None:
        silence = RecordNoResponse(WATER.name, ("2026-03-20",))
        story = replied(XIAMEN).and_(silence, by=office(), on="2026-03-23")

        assert (ends(story, "rating"), ends(story, "urging")) == (["met"], [])

    def test_of_two_replies_the_first_that_dissatisfies_begins_it_and_it_begins_once(self) -> None:
        story = replied(XIAMEN, WATER.name, ROADS.name).and_(DISSATISFIED, by=deputy(), on=RATED_ON)
        both = story.and_(Evaluate(ROADS.name, "satisfied"), by=deputy(), on="2026-03-12")

        assert [str(term.due_on) for term in both.suggestion.terms if term.key.rule == "urging"] == ["2026-03-16"]

    def test_a_second_dissatisfied_rating_begins_a_second_one(self) -> None:
        story = rehandled(XIAMEN).and_(RecordContact("during"), by=WATER).and_(ANSWER, by=WATER, on="2026-03-20")
        again = story.and_(DISSATISFIED, by=deputy(), on="2026-03-23")

        assert ends(again, "urging") == ["met", "running"]

    def test_what_is_closed_is_urged_no_more(self) -> None:
        closed = evaluated(XIAMEN, result="dissatisfied").and_(Close(), by=office(), on="2026-03-12")

        assert ends(closed, "urging") == ["dropped"]


class TestTheReply:
    """XM25 arts 14, 26, 27, 29."""

    def test_the_deputy_is_heard_before_the_reply(self) -> None:
        assert refused_with(handling(XIAMEN), ANSWER, by=WATER) == "deputy_was_heard [XM25 art. 26]"

    def test_the_lead_need_not_wait_for_the_co_unit(self) -> None:
        story = handling(XIAMEN, co_units=(ROADS.name,)).and_(RecordContact("before"), by=WATER)

        assert refused_with(story, ANSWER, by=WATER) == ""

    def test_only_what_dissatisfied_is_handled_again(self) -> None:
        assert refused_with(evaluated(XIAMEN), AGAIN, by=office()) == "deputy_is_dissatisfied [XM25 art. 29]"

    def test_it_is_withdrawn_only_before_it_is_assigned(self) -> None:
        withdrawal = Withdraw("It is solved.")

        assert received(XIAMEN).when(withdrawal, by=deputy()).state == "withdrawn"
        assert assigned(XIAMEN).when(withdrawal, by=deputy()).rules == ("wrong_state",)

    @pytest.mark.parametrize(("code", "comes_of_it"), [("A", "solved"), ("B", "promised for no day"), ("D", "over")])
    def test_the_classes_are_those_of_the_national_measures(self, code: str, comes_of_it: str) -> None:
        assert said_with(XIAMEN, code) == comes_of_it


@pytest.mark.parametrize("state", BY_STATE)
def test_no_life_breaks_what_must_never_happen(state: str) -> None:
    outcome = BY_STATE[state](XIAMEN).when_the_clock_reads("2026-12-31")

    assert watch(outcome, *library_monitors(XIAMEN), never("closed", before="evaluated")) == ()
    assert outcome.supervisions == ()
