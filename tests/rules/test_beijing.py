"""Does a suggestion in Beijing live as its ordinance of 2014 (BJ14) says?"""

from __future__ import annotations

from pathlib import Path

import pytest

from handleflow import load_preset
from handleflow.acts import (
    Close,
    Evaluate,
    GrantExtension,
    RecordContact,
    RecordNoResponse,
    RefuseExtension,
    Rehandle,
    Reply,
    RequestExtension,
    Withdraw,
)
from handleflow.legal_time import day
from handleflow.testing import Scenario, deputy, government, office
from handleflow.testing.boundaries import BoundaryDay
from handleflow.testing.monitors import library_monitors, never, watch
from handleflow.testing.tables import Case, read_cases
from tests.beginnings import WATER
from tests.rules.fates import KEPT, Dated, refused_with, said_with
from tests.rules.lives import BY_STATE, PROMISED_FOR, assigned, handling, heard, received, rehandled, replied

BEIJING = load_preset("cn.beijing")
ANSWER = Reply("C", "It must wait.")
REPLY = Dated("BJ14 21", "reply", "2026-05-11", heard(BEIJING), ANSWER, WATER)
"""Three months from 10 February 2026 end on Sunday 10 May; the next day works."""
TERMS = (
    REPLY,
    # From Monday 16 March: ninety days would end a day earlier.
    Dated("BJ14 21 in months", "reply", "2026-06-16", heard(BEIJING, on="2026-03-16"), ANSWER, WATER),
    # Fifteen working days after Monday 2 March: three weeks without a holiday.
    Dated("BJ14 23", "rating", "2026-03-23", replied(BEIJING), Evaluate(WATER.name, "satisfied"), deputy()),
    # Two months from the demand of 10 March, again to that Sunday.
    Dated(
        "BJ-YS 29",
        "rehandled_reply",
        "2026-05-11",
        rehandled(BEIJING).and_(RecordContact("during"), by=WATER),
        ANSWER,
        WATER,
    ),
)


def assigned_later() -> Scenario:
    """Assigned on Monday 16 March and signed for."""
    return handling(BEIJING, on="2026-03-16")


@pytest.mark.parametrize("case", read_cases(Path(__file__).parent / "cases" / "cn.beijing.toml"), ids=str)
def test_a_case_of_the_table_comes_out_as_its_row_says(case: Case) -> None:
    assert case.differences(BEIJING) == ()


@pytest.mark.parametrize("term", TERMS, ids=str)
def test_a_term_is_kept_through_its_articles_day_and_no_longer(term: Dated) -> None:
    assert term.fates() == (term.due, *KEPT)
    assert term.is_owed_by_its_keeper


@pytest.mark.parametrize("edge", REPLY.edges(), ids=str)
def test_a_reply_is_late_on_exactly_the_days_after_its_own(edge: BoundaryDay) -> None:
    assert REPLY.acted(edge.on) == ("late" if edge.on > day(REPLY.due) else "kept")


class TestLongerTime:
    """BJ14 21: six months at most, with the assigning body's consent."""

    def test_it_is_had_up_to_six_months_from_assignment(self) -> None:
        story = assigned_later().and_(RequestExtension("2026-09-16", "The pipes are deep."), by=WATER)
        term = story.when(GrantExtension(WATER.name), by=office()).terms["reply"]

        assert (str(term.original_on), str(term.due_on)) == ("2026-06-16", "2026-09-16")

    def test_it_is_not_had_for_a_day_more(self) -> None:
        too_long = RequestExtension("2026-09-17", "The pipes are deep.")

        assert refused_with(assigned_later(), too_long, by=WATER) == "extension_within_measure [BJ14 art. 21]"

    def test_it_is_had_once(self) -> None:
        """How often is the library's own default; no number of times was found in BJ14."""
        story = handling(BEIJING).and_(RequestExtension("2026-06-30", "The pipes are deep."), by=WATER)
        story = story.and_(GrantExtension(WATER.name), by=office())

        assert story.when(RequestExtension("2026-07-31", "Deeper."), by=WATER).rules == ("extensions_are_left",)

    def test_without_consent_the_day_stays(self) -> None:
        story = handling(BEIJING).and_(RequestExtension("2026-08-10", "The pipes are deep."), by=WATER)
        outcome = story.when(RefuseExtension(WATER.name, "They are not."), by=office())

        assert str(outcome.terms["reply"].due_on) == "2026-05-11"


def content() -> Scenario:
    """The deputy is satisfied."""
    return replied(BEIJING).and_(Evaluate(WATER.name, "satisfied"), by=deputy(), on="2026-03-09")


@pytest.mark.parametrize(
    ("code", "day_given", "comes_of_it"),
    [
        ("A", None, "solved"),
        ("B", None, "promised for no day"),
        ("B", PROMISED_FOR, f"promised for {PROMISED_FOR}"),
        ("C", None, "over"),
        ("D", None, "over"),
        ("E", None, "refused: outcome_is_known"),
    ],
)
def test_the_national_classes_stand(code: str, day_given: str | None, comes_of_it: str) -> None:
    """No classes of Beijing's own were found; NPC05 has four."""
    assert said_with(BEIJING, code, day_given) == comes_of_it


class TestHandlingAgain:
    """BJ14 27 for what was handled perfunctorily, by the congress's office; BJ-YS 29 for a dissatisfied deputy."""

    AGAIN = Rehandle((WATER.name,), "It says nothing.")

    def test_the_congresss_office_has_it_handled_again_though_no_deputy_is_dissatisfied(self) -> None:
        outcomes = [story.when(self.AGAIN, by=office(), on="2026-03-10") for story in (replied(BEIJING), content())]

        assert [outcome.state for outcome in outcomes] == ["handling", "handling"]
        assert [str(outcome.terms["rehandled_reply"].due_on) for outcome in outcomes] == ["2026-05-11"] * 2

    def test_a_rating_of_what_is_asked_for_again_is_owed_no_more(self) -> None:
        outcome = replied(BEIJING).when(self.AGAIN, by=office(), on="2026-03-10")
        story = outcome.and_then().and_(RecordContact("during"), by=WATER).and_(ANSWER, by=WATER, on="2026-04-01")
        first, second = (term for term in story.suggestion.terms if term.key.rule == "rating")

        assert (first.end, second.end, str(second.due_on)) == ("dropped", "running", "2026-04-23")
        assert "handled_again" in {getattr(entry.event, "reason", "") for entry in outcome.entries}

    def test_the_governments_office_asks_for_a_dissatisfied_deputy(self) -> None:
        assert refused_with(content(), self.AGAIN, by=government()) == "deputy_is_dissatisfied [BJ-YS art. 29]"
        assert "wrong_role" in replied(BEIJING).when(self.AGAIN, by=government()).rules


class TestWhatIsNotLimited:
    """Where BJ14 gives no number, and where it is stricter than others."""

    def test_what_did_not_satisfy_may_be_asked_for_again_and_again(self) -> None:
        """No limit was found in BJ14."""
        story = rehandled(BEIJING).and_(RecordContact("during"), by=WATER).and_(ANSWER, by=WATER)
        story = story.and_(Evaluate(WATER.name, "dissatisfied", reason="Still brown."), by=deputy())
        outcome = story.when(Rehandle((WATER.name,), "A third time."), by=office())

        assert (outcome.state, outcome.suggestion.round) == ("handling", 3)

    def test_it_is_withdrawn_only_before_it_is_assigned(self) -> None:
        """BJ14 13."""
        withdrawal = Withdraw("It is solved.")

        assert received(BEIJING).when(withdrawal, by=deputy()).state == "withdrawn"
        assert assigned(BEIJING).when(withdrawal, by=deputy()).rules == ("wrong_state",)
        assert handling(BEIJING).when(withdrawal, by=deputy()).rules == ("wrong_state",)


def test_a_deputy_who_never_rates_ends_the_term_by_the_offices_record() -> None:
    story = replied(BEIJING).and_the_clock_reads("2026-03-24")
    outcome = story.when(RecordNoResponse(WATER.name, ("2026-03-20", "2026-03-24")), by=office())

    assert (outcome.state, outcome.terms["rating"].end, outcome.terms["rating"].is_late) == ("evaluated", "met", True)


def test_a_promise_keeps_it_open() -> None:
    story = replied(BEIJING, reply=Reply("B", "Step by step.")).and_(
        Evaluate(WATER.name, "satisfied"), by=deputy(), on="2026-03-09"
    )

    assert story.when(Close(), by=office()).rules == ("commitments_open",)


@pytest.mark.parametrize("state", BY_STATE)
def test_no_life_breaks_what_must_never_happen(state: str) -> None:
    outcome = BY_STATE[state](BEIJING).when_the_clock_reads("2026-12-31")

    assert (
        watch(
            outcome,
            *library_monitors(BEIJING),
            never("withdrawn", after="assigned"),
            never("supervised", before="replied"),
        )
        == ()
    )
