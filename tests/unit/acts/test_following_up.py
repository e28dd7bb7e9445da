"""Was the promise kept? A commitment outlives its reply and ends by a day of its own."""

from __future__ import annotations

import pytest

from handleflow import Act, Promise
from handleflow.acts import Evaluate, FulfilCommitment, RateCommitment, RecordContact, Reply, ReportCommitment
from handleflow.errors import EmptyWords, UnknownChoice
from handleflow.legal_time import day
from handleflow.testing import Scenario
from tests.beginnings import DEPUTY, OFFICE, ROADS, SECOND, WATER, accepted, rulebook

RULES = rulebook()
TOLD_LATER = rulebook(backdating=[{"role": "unit", "within": "30 days", "cite": "host"}])


def promised(*promises: Promise, leads: tuple[str, ...] = ("Water Bureau",)) -> Scenario:
    """The Water Bureau promised new pipes by 30 June, or what is named."""
    made = promises or (Promise("pipes", "2026-06-30"),)
    story = accepted(RULES, *leads).and_(RecordContact("before"), by=WATER)
    return story.and_(Reply("B", "partly", made), by=WATER)


def kept() -> Scenario:
    return promised().and_(FulfilCommitment(1, "laid"), by=WATER, on="2026-06-01")


class TestKeeping:
    """The unit reports, and fulfils."""

    def test_every_step_is_kept_in_order_with_its_day(self) -> None:
        story = promised().and_(ReportCommitment(1, "ordered"), by=WATER, on="2026-03-02")
        story = story.and_(ReportCommitment(1, "delivered"), by=WATER, on="2026-04-01")
        (commitment,) = story.suggestion.commitments

        assert [(p.text, p.on) for p in commitment.progress] == [
            ("ordered", day("2026-03-02")),
            ("delivered", day("2026-04-01")),
        ]
        assert commitment.is_open is True

    def test_fulfilling_one_leaves_the_other_open(self) -> None:
        story = promised(Promise("pipes", "2026-06-30"), Promise("pumps", "2026-09-30"))
        story = story.and_(FulfilCommitment(2, "bought"), by=WATER, on="2026-06-01")

        assert [c.number for c in story.suggestion.open_commitments] == [1]
        assert [(str(t.due_on), t.end) for t in story.suggestion.terms if t.key.rule == "commitment"] == [
            ("2026-06-30", "running"),
            ("2026-09-30", "met"),
        ]

    def test_it_may_be_kept_after_the_evaluation(self) -> None:
        story = promised().and_(Evaluate("Water Bureau", "satisfied"), by=DEPUTY)
        story = story.and_(FulfilCommitment(1, "laid"), by=WATER, on="2026-06-01")

        assert (story.state, story.suggestion.open_commitments) == ("evaluated", ())

    def test_a_promise_kept_after_its_day_is_late(self) -> None:
        story = promised().and_(FulfilCommitment(1, "laid"), by=WATER, on="2026-07-01")
        term = next(t for t in story.suggestion.terms if t.key.rule == "commitment")

        assert (term.is_late, str(term.missed_on)) == (True, "2026-06-30")

    @pytest.mark.parametrize(
        "act",
        [FulfilCommitment(1, "laid"), ReportCommitment(1, "laid")],
        ids=["fulfilling", "reporting"],
    )
    def test_what_is_kept_is_kept(self, act: Act) -> None:
        outcome = kept().when(act, by=WATER)

        assert outcome.rules == ("no_commitment_open", "already_fulfilled")
        assert "commitment 1 was fulfilled on 2026-06-01" in outcome.text()

    def test_a_commitment_that_does_not_exist_is_refused_with_those_that_do(self) -> None:
        outcome = promised(Promise("pipes"), Promise("pumps")).when(FulfilCommitment(3, "laid"), by=WATER)

        assert outcome.rules == ("no_such_commitment",)
        assert "there is no commitment: 3; there is: 1, 2" in outcome.text()

    def test_a_unit_does_not_keep_anothers_promise(self) -> None:
        outcome = promised(leads=("Water Bureau", "Roads Bureau")).when(FulfilCommitment(1, "laid"), by=ROADS)

        assert outcome.rules == ("no_commitment_open", "not_its_unit")

    def test_an_office_does_not_keep_a_units_promise(self) -> None:
        outcome = promised().when(FulfilCommitment(1, "laid"), by=OFFICE)

        assert outcome.rules == ("wrong_role", "no_commitment_open")

    @pytest.mark.parametrize(
        "act",
        [FulfilCommitment(1, "laid", on="2026-03-01"), ReportCommitment(1, "ordered", on="2026-03-01")],
        ids=["fulfilling", "reporting"],
    )
    def test_nothing_is_kept_before_it_was_promised(self, act: Act) -> None:
        story = accepted(TOLD_LATER).and_(RecordContact("before"), by=WATER)
        story = story.and_(Reply("B", "partly", (Promise("pipes"),)), by=WATER, on="2026-03-02")
        outcome = story.when(act, by=WATER, on="2026-03-04")

        assert outcome.rules == ("day_too_early",)
        assert "2026-03-01 is before 2026-03-02, when it was promised" in outcome.text()

    def test_it_may_be_kept_on_the_day_it_was_promised(self) -> None:
        assert promised().and_(FulfilCommitment(1, "laid"), by=WATER).suggestion.open_commitments == ()

    def test_it_is_promised_on_the_day_of_the_reply_however_late_that_is_told(self) -> None:
        story = accepted(TOLD_LATER).and_(RecordContact("before"), by=WATER)
        story = story.and_(Reply("B", "partly", (Promise("pipes"),), on="2026-03-02"), by=WATER, on="2026-03-04")
        (commitment,) = story.suggestion.commitments

        assert commitment.on == day("2026-03-02")

    def test_how_it_was_kept_says_something(self) -> None:
        with pytest.raises(EmptyWords, match="FulfilCommitment needs words for 'text'"):
            FulfilCommitment(1, "")


class TestRating:
    """The deputy's verdict on how it was kept."""

    def test_it_stands_with_the_commitment(self) -> None:
        story = kept().and_(RateCommitment(1, "dissatisfied", "they leak"), by=DEPUTY)
        (commitment,) = story.suggestion.commitments

        assert (commitment.grade, commitment.grade_reason) == ("dissatisfied", "they leak")

    def test_satisfied_need_not_say_why(self) -> None:
        (commitment,) = kept().and_(RateCommitment(1, "satisfied"), by=DEPUTY).suggestion.commitments

        assert (commitment.grade, commitment.grade_reason) == ("satisfied", None)

    def test_dissatisfied_says_why(self) -> None:
        outcome = kept().when(RateCommitment(1, "dissatisfied"), by=DEPUTY)

        assert outcome.rules == ("reason_when_dissatisfied",)

    def test_a_promise_still_open_is_not_rated(self) -> None:
        assert promised().when(RateCommitment(1, "satisfied"), by=DEPUTY).rules == ("commitments_open",)

    def test_it_is_rated_once(self) -> None:
        story = kept().and_(RateCommitment(1, "satisfied"), by=DEPUTY)
        outcome = story.when(RateCommitment(1, "dissatisfied", "they leak"), by=DEPUTY)

        assert outcome.rules == ("already_rated",)
        assert "commitment 1 is rated" in outcome.text()

    def test_all_that_is_wrong_is_said_at_once(self) -> None:
        outcome = promised().when(RateCommitment(1, "dissatisfied", on="2026-02-11"), by=SECOND)

        assert outcome.rules == (
            "day_in_future",
            "not_its_deputy",
            "reason_when_dissatisfied",
            "commitments_open",
        )

    def test_a_promise_that_was_never_made_is_not_rated(self) -> None:
        outcome = kept().when(RateCommitment(2, "satisfied"), by=DEPUTY)

        assert outcome.rules == ("no_such_commitment",)

    def test_an_unknown_grade_names_the_nearest(self) -> None:
        with pytest.raises(UnknownChoice, match="did you mean 'dissatisfied'"):
            RateCommitment(1, "disatisfied")
