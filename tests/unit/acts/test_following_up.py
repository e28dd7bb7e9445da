"""Was the promise kept? A commitment outlives its reply and ends by a day of its own."""

from __future__ import annotations

import pytest

from handleflow import (
    Act,
    Evaluate,
    FulfilCommitment,
    Promise,
    RateCommitment,
    RecordContact,
    Reply,
    ReportCommitment,
)
from handleflow.errors import EmptyWords, UnknownChoice
from handleflow.legal_time import day
from tests.story import DEPUTY, OFFICE, ROADS, SECOND, WATER, Story, accepted, rulebook

RULES = rulebook()
TOLD_LATER = rulebook(backdating=[{"role": "unit", "within": "30 days", "cite": "host"}])


def promised(*promises: Promise, leads: tuple[str, ...] = ("Water Bureau",)) -> Story:
    """The Water Bureau promised new pipes by 30 June, or what is named."""
    made = promises or (Promise("pipes", "2026-06-30"),)
    story = accepted(RULES, *leads).then(RecordContact("before"), WATER)
    return story.then(Reply("B", "partly", made), WATER)


def kept() -> Story:
    return promised().then(FulfilCommitment(1, "laid"), WATER, "2026-06-01")


class TestKeeping:
    """The unit reports, and fulfils."""

    def test_every_step_is_kept_in_order_with_its_day(self) -> None:
        story = promised().then(ReportCommitment(1, "ordered"), WATER, "2026-03-02")
        story = story.then(ReportCommitment(1, "delivered"), WATER, "2026-04-01")
        (commitment,) = story.suggestion.commitments

        assert [(p.text, p.on) for p in commitment.progress] == [
            ("ordered", day("2026-03-02")),
            ("delivered", day("2026-04-01")),
        ]
        assert commitment.is_open is True

    def test_fulfilling_one_leaves_the_other_open(self) -> None:
        story = promised(Promise("pipes", "2026-06-30"), Promise("pumps", "2026-09-30"))
        story = story.then(FulfilCommitment(2, "bought"), WATER, "2026-06-01")

        assert [c.number for c in story.suggestion.open_commitments] == [1]
        assert [(str(t.due_on), t.end) for t in story.suggestion.terms if t.key.rule == "commitment"] == [
            ("2026-06-30", "running"),
            ("2026-09-30", "met"),
        ]

    def test_it_may_be_kept_after_the_evaluation(self) -> None:
        story = promised().then(Evaluate("Water Bureau", "satisfied"), DEPUTY)
        story = story.then(FulfilCommitment(1, "laid"), WATER, "2026-06-01")

        assert (story.state, story.suggestion.open_commitments) == ("evaluated", ())

    def test_a_promise_kept_after_its_day_is_late(self) -> None:
        story = promised().then(FulfilCommitment(1, "laid"), WATER, "2026-07-01")
        term = next(t for t in story.suggestion.terms if t.key.rule == "commitment")

        assert (term.is_late, str(term.missed_on)) == (True, "2026-06-30")

    @pytest.mark.parametrize(
        "act",
        [FulfilCommitment(1, "laid"), ReportCommitment(1, "laid")],
        ids=["fulfilling", "reporting"],
    )
    def test_what_is_kept_is_kept(self, act: Act) -> None:
        story = kept().ask(act, WATER)

        assert story.reasons == ("no_commitment_open", "already_fulfilled")
        assert "commitment 1 was fulfilled on 2026-06-01" in story.told_why()

    def test_a_commitment_that_does_not_exist_is_refused_with_those_that_do(self) -> None:
        story = promised(Promise("pipes"), Promise("pumps")).ask(FulfilCommitment(3, "laid"), WATER)

        assert story.reasons == ("no_such_commitment",)
        assert "there is no commitment: 3; there is: 1, 2" in story.told_why()

    def test_a_unit_does_not_keep_anothers_promise(self) -> None:
        story = promised(leads=("Water Bureau", "Roads Bureau")).ask(FulfilCommitment(1, "laid"), ROADS)

        assert story.reasons == ("no_commitment_open", "not_its_unit")

    def test_an_office_does_not_keep_a_units_promise(self) -> None:
        story = promised().ask(FulfilCommitment(1, "laid"), OFFICE)

        assert story.reasons == ("wrong_role", "no_commitment_open")

    @pytest.mark.parametrize(
        "act",
        [FulfilCommitment(1, "laid", on="2026-03-01"), ReportCommitment(1, "ordered", on="2026-03-01")],
        ids=["fulfilling", "reporting"],
    )
    def test_nothing_is_kept_before_it_was_promised(self, act: Act) -> None:
        story = accepted(TOLD_LATER).then(RecordContact("before"), WATER)
        story = story.then(Reply("B", "partly", (Promise("pipes"),)), WATER, "2026-03-02")
        story = story.ask(act, WATER, "2026-03-04")

        assert story.reasons == ("day_too_early",)
        assert "2026-03-01 is before 2026-03-02, when it was promised" in story.told_why()

    def test_it_may_be_kept_on_the_day_it_was_promised(self) -> None:
        assert promised().then(FulfilCommitment(1, "laid"), WATER).suggestion.open_commitments == ()

    def test_it_is_promised_on_the_day_of_the_reply_however_late_that_is_told(self) -> None:
        story = accepted(TOLD_LATER).then(RecordContact("before"), WATER)
        story = story.then(Reply("B", "partly", (Promise("pipes"),), on="2026-03-02"), WATER, "2026-03-04")
        (commitment,) = story.suggestion.commitments

        assert commitment.on == day("2026-03-02")

    def test_how_it_was_kept_says_something(self) -> None:
        with pytest.raises(EmptyWords, match="FulfilCommitment needs words for 'text'"):
            FulfilCommitment(1, "")


class TestRating:
    """The deputy's verdict on how it was kept."""

    def test_it_stands_with_the_commitment(self) -> None:
        story = kept().then(RateCommitment(1, "dissatisfied", "they leak"), DEPUTY)
        (commitment,) = story.suggestion.commitments

        assert (commitment.grade, commitment.grade_reason) == ("dissatisfied", "they leak")

    def test_satisfied_need_not_say_why(self) -> None:
        (commitment,) = kept().then(RateCommitment(1, "satisfied"), DEPUTY).suggestion.commitments

        assert (commitment.grade, commitment.grade_reason) == ("satisfied", None)

    def test_dissatisfied_says_why(self) -> None:
        story = kept().ask(RateCommitment(1, "dissatisfied"), DEPUTY)

        assert story.reasons == ("reason_when_dissatisfied",)

    def test_a_promise_still_open_is_not_rated(self) -> None:
        assert promised().ask(RateCommitment(1, "satisfied"), DEPUTY).reasons == ("commitments_open",)

    def test_it_is_rated_once(self) -> None:
        story = kept().then(RateCommitment(1, "satisfied"), DEPUTY)
        story = story.ask(RateCommitment(1, "dissatisfied", "they leak"), DEPUTY)

        assert story.reasons == ("already_rated",)
        assert "commitment 1 is rated" in story.told_why()

    def test_all_that_is_wrong_is_said_at_once(self) -> None:
        story = promised().ask(RateCommitment(1, "dissatisfied", on="2026-02-11"), SECOND)

        assert story.reasons == (
            "day_in_future",
            "not_its_deputy",
            "reason_when_dissatisfied",
            "commitments_open",
        )

    def test_a_promise_that_was_never_made_is_not_rated(self) -> None:
        story = kept().ask(RateCommitment(2, "satisfied"), DEPUTY)

        assert story.reasons == ("no_such_commitment",)

    def test_an_unknown_grade_names_the_nearest(self) -> None:
        with pytest.raises(UnknownChoice, match="did you mean 'dissatisfied'"):
            RateCommitment(1, "disatisfied")
