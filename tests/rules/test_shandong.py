"""
Does a suggestion in Shandong live as the province's ordinance of 2017 (SD17) and measures of 2015 (SD-DBF) say?

And one in a township as the rules of 2015 (SD-XZ) say, whose two months run from the session's close.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from handleflow import Rulebook, load_preset
from handleflow.acts import (
    Accept,
    Assign,
    Close,
    Correct,
    DeclareExtension,
    Evaluate,
    FulfilCommitment,
    GiveOpinion,
    GrantExtension,
    Reassign,
    RecordContact,
    Rehandle,
    RequestExtension,
    RequestReturn,
)
from handleflow.legal_time import day
from handleflow.testing import Scenario, deputy, office
from handleflow.testing.boundaries import BoundaryDay
from handleflow.testing.monitors import library_monitors, never, watch
from handleflow.testing.tables import Case, read_cases
from tests.beginnings import ROADS, WATER
from tests.rules.fates import KEPT, Dated, joint, refused_with, said_with
from tests.rules.lives import (
    BY_STATE,
    PROMISED_FOR,
    RECEIVED_ON,
    assigned,
    evaluated,
    explaining,
    handling,
    heard,
    promising,
    received,
    received_late,
    rehandled,
    replied,
)

SHANDONG = load_preset("cn.shandong")
TOWNSHIP = load_preset("cn.shandong.township")
ANSWER = explaining(SHANDONG)
REPLY = Dated("SD-DBF 40", "reply", "2026-05-11", heard(SHANDONG), ANSWER, WATER)
"""Three months from assignment on 10 February 2026 end on Sunday 10 May."""


def in_a_township(session_closed_on: str | None, assigned_on: str = "2026-02-10") -> Scenario:
    """Made in a township's session that closed on a day, given to its unit on another and signed for."""
    story = received(TOWNSHIP, in_session=True, session_closed_on=session_closed_on)
    return story.and_(Assign((WATER.name,)), by=office(), on=assigned_on).and_(Accept(), by=WATER)


def heard_in_a_township() -> Scenario:
    return in_a_township("2026-02-06").and_(RecordContact("before"), by=WATER)


TOWNSHIP_REPLY = Dated("SD-XZ 15", "reply", "2026-04-07", heard_in_a_township(), explaining(TOWNSHIP), WATER)
"""Two months from the session's close on 6 February end on 6 April, the last day of the Qingming break."""
TERMS = (
    # Five days after Monday 9 February: Saturday the 14th, on which people work, so it is not moved.
    Dated(
        "SD17 10",
        "assignment",
        "2026-02-14",
        received(SHANDONG, in_session=False),
        Assign((WATER.name,)),
        office(),
    ),
    # Five days after Thursday 5 March, its weekend counted.
    Dated(
        "SD17 10 over a weekend",
        "assignment",
        "2026-03-10",
        received(SHANDONG, in_session=False, on="2026-03-05"),
        Assign((WATER.name,)),
        office(),
    ),
    # One month from the co unit's receipt on 16 March.
    Dated(
        "SD17 21",
        "opinion",
        "2026-04-16",
        received_late(assigned(SHANDONG, co_units=(ROADS.name,)), ROADS.name),
        GiveOpinion("Open the road once only."),
        ROADS,
    ),
    REPLY,
    # From Monday 16 March: ninety days would end a day earlier.
    Dated("SD-DBF 40 in months", "reply", "2026-06-16", heard(SHANDONG, on="2026-03-16"), ANSWER, WATER),
    # One month from the demand of 10 March.
    Dated(
        "SD17 24",
        "rehandled_reply",
        "2026-04-10",
        rehandled(SHANDONG).and_(RecordContact("during"), by=WATER),
        ANSWER,
        WATER,
    ),
    TOWNSHIP_REPLY,
    # From Thursday 12 March: sixty days would end a day earlier.
    Dated(
        "SD-XZ 15 in months",
        "reply",
        "2026-05-12",
        in_a_township("2026-03-12", "2026-03-16").and_(RecordContact("before"), by=WATER),
        explaining(TOWNSHIP),
        WATER,
    ),
)


@pytest.mark.parametrize("case", read_cases(Path(__file__).parent / "cases" / "cn.shandong.toml"), ids=str)
def test_a_case_of_the_provinces_table_comes_out_as_its_row_says(case: Case) -> None:
    assert case.differences(SHANDONG) == ()


@pytest.mark.parametrize("case", read_cases(Path(__file__).parent / "cases" / "cn.shandong.township.toml"), ids=str)
def test_a_case_of_the_townships_table_comes_out_as_its_row_says(case: Case) -> None:
    assert case.differences(TOWNSHIP) == ()


@pytest.mark.parametrize("term", TERMS, ids=str)
def test_a_term_is_kept_through_its_articles_day_and_no_longer(term: Dated) -> None:
    assert term.fates() == (term.due, *KEPT)
    assert term.is_owed_by_its_keeper


@pytest.mark.parametrize("edge", REPLY.edges(), ids=str)
def test_a_reply_is_late_on_exactly_the_days_after_its_own(edge: BoundaryDay) -> None:
    assert REPLY.acted(edge.on) == ("late" if edge.on > day(REPLY.due) else "kept")


@pytest.mark.parametrize("edge", TOWNSHIP_REPLY.edges(), ids=str)
def test_a_townships_reply_is_late_on_exactly_the_days_after_its_own(edge: BoundaryDay) -> None:
    assert TOWNSHIP_REPLY.acted(edge.on) == ("late" if edge.on > day(TOWNSHIP_REPLY.due) else "kept")


@pytest.mark.parametrize("in_session", [True, None], ids=["made in session", "nobody knows when it was made"])
def test_what_was_not_made_between_sessions_has_no_day_for_its_assignment(in_session: bool | None) -> None:
    """SD17 10: in session it is assigned during the session; the five days are for what comes between."""
    assert received(SHANDONG, in_session=in_session).suggestion.terms == ()


class TestLongerTime:
    """SD17 19: six months at most, with consent. SD-XZ 15: four months at most, nobody's consent named."""

    def test_the_province_grants_up_to_six_months_from_assignment(self) -> None:
        story = handling(SHANDONG, on="2026-03-16")
        requested = story.and_(RequestExtension("2026-09-16", "The pipes are deep."), by=WATER)
        outcome = requested.when(GrantExtension(WATER.name), by=office())
        too_long = RequestExtension("2026-09-17", "The pipes are deep.")

        assert str(outcome.terms["reply"].due_on) == "2026-09-16"
        assert refused_with(story, too_long, by=WATER) == "extension_within_measure [SD17 art. 19]"

    def test_in_the_province_a_declaration_is_not_enough(self) -> None:
        declared = DeclareExtension("2026-08-10", "The pipes are deep.")

        assert refused_with(handling(SHANDONG), declared, by=WATER) == "extension_mode [SD17 art. 19]"

    def test_a_townships_unit_declares_up_to_four_months_from_the_sessions_close(self) -> None:
        """Four months from 12 March end on Sunday 12 July, so on Monday the 13th."""
        story = in_a_township("2026-03-12", "2026-03-16")
        outcome = story.when(DeclareExtension("2026-07-13", "The pipes are deep."), by=WATER)
        too_long = DeclareExtension("2026-07-14", "The pipes are deep.")

        assert str(outcome.terms["reply"].due_on) == "2026-07-13"
        assert refused_with(story, too_long, by=WATER) == "extension_within_measure [SD-XZ art. 15]"

    def test_it_is_had_once_here_and_there(self) -> None:
        """How often is the library's own default; no number of times was found in SD17 or SD-XZ."""
        granted = handling(SHANDONG).and_(RequestExtension("2026-06-30", "The pipes are deep."), by=WATER)
        granted = granted.and_(GrantExtension(WATER.name), by=office())
        declared = in_a_township("2026-02-06").and_(DeclareExtension("2026-04-30", "The pipes are deep."), by=WATER)

        assert granted.when(RequestExtension("2026-07-31", "Deeper."), by=WATER).rules == ("extensions_are_left",)
        assert declared.when(DeclareExtension("2026-05-29", "Deeper."), by=WATER).rules == ("extensions_are_left",)

    def test_in_a_township_nobody_is_asked(self) -> None:
        asked_for = RequestExtension("2026-06-08", "The pipes are deep.")

        assert refused_with(in_a_township("2026-02-06"), asked_for, by=WATER) == "extension_mode [SD-XZ art. 15]"


class TestTheSessionsClose:
    """SD-XZ 15 counts from the day the township's session closed, whenever the unit got its part."""

    def test_no_day_is_computed_while_nobody_has_told_it(self) -> None:
        outcome = in_a_township(None).when_the_clock_reads("2026-12-31")

        assert (outcome.terms["reply"].end, outcome.terms["reply"].due_on, outcome.kinds) == (
            "not_computable",
            None,
            (),
        )

    def test_a_close_told_wrongly_moves_the_day_when_it_is_set_right(self) -> None:
        """Two months from Friday 13 February end on Monday 13 April."""
        slip = Correct(1, "session_closed_on", "2026-02-13", "it closed a week later")
        outcome = in_a_township("2026-02-06").when(slip, by=office(), on="2026-03-02")

        assert (str(outcome.terms["reply"].original_on), str(outcome.terms["reply"].due_on)) == (
            "2026-04-07",
            "2026-04-13",
        )


class TestReturning:
    """SD17 12: within five days of receipt, calendar days, of what was made between sessions."""

    @staticmethod
    def between(on: str = "2026-02-10", *, in_session: bool | None = False) -> Scenario:
        """Made between sessions, and assigned on a day."""
        story = received(SHANDONG, on=min(on, RECEIVED_ON), in_session=in_session)
        return story.and_(Assign((WATER.name,)), by=office(), on=on)

    @pytest.mark.parametrize("in_session", [True, None], ids=["made in session", "nobody knows when it was made"])
    def test_of_what_was_not_made_between_sessions_no_window_is_asked(self, in_session: bool | None) -> None:
        story = self.between(in_session=in_session)

        assert refused_with(story, RequestReturn("not ours"), by=WATER, on="2026-03-16") == ""

    @pytest.mark.parametrize(
        ("received_on", "last", "after"),
        [
            pytest.param("2026-03-05", "2026-03-10", "2026-03-11", id="over a weekend"),
            pytest.param("2026-02-10", "2026-02-24", "2026-02-25", id="into the Spring Festival, so to its end"),
        ],
    )
    def test_a_unit_asks_on_the_last_day_and_no_later(self, received_on: str, last: str, after: str) -> None:
        story, back = self.between(received_on), RequestReturn("not ours")

        assert refused_with(story, back, by=WATER, on=last) == ""
        assert refused_with(story, back, by=WATER, on=after) == "return_in_time [SD17 art. 12]"

    def test_it_does_not_ask_nine_months_after_assignment_though_it_has_not_signed(self) -> None:
        back = RequestReturn("not ours")

        assert refused_with(self.between(), back, by=WATER, on="2026-11-10") == "return_in_time [SD17 art. 12]"

    def test_the_days_run_from_the_later_day_that_an_office_recorded(self) -> None:
        story, back = received_late(self.between()), RequestReturn("not ours")

        assert refused_with(story, back, by=WATER, on="2026-03-23") == ""
        assert refused_with(story, back, by=WATER, on="2026-03-24") == "return_in_time [SD17 art. 12]"


class TestTheReply:
    """SD17 arts 18, 21, 23, 24."""

    def test_the_lead_waits_for_a_silent_co_unit_through_that_units_own_day_and_no_longer(self) -> None:
        story = handling(SHANDONG, co_units=(ROADS.name,)).and_(RecordContact("before"), by=WATER)
        in_time, after = (story.when(ANSWER, by=WATER, on=on) for on in ("2026-03-10", "2026-03-11"))

        assert (in_time.rules, after.state) == (("co_opinions_are_in",), "replied")
        assert (after.terms["reply"].is_late, after.terms["opinion"].is_breached) == (False, True)

    def test_an_office_relieves_a_silent_co_unit_and_the_lead_replies(self) -> None:
        story = handling(SHANDONG, co_units=(ROADS.name,)).and_(RecordContact("before"), by=WATER)
        relieved = story.and_(Reassign((), instead_of=ROADS.name, reason="It says nothing."), by=office())

        assert relieved.when(ANSWER, by=WATER).state == "replied"

    def test_the_lead_waits_for_the_co_units_opinion(self) -> None:
        story = handling(SHANDONG, co_units=(ROADS.name,)).and_(RecordContact("before"), by=WATER)
        with_it = story.and_(GiveOpinion("Open the road once only."), by=ROADS)

        assert refused_with(story, ANSWER, by=WATER) == "co_opinions_are_in [SD17 art. 21]"
        assert with_it.when(ANSWER, by=WATER).state == "replied"

    @pytest.mark.parametrize(
        ("code", "day_given", "comes_of_it"),
        [
            ("solved", None, "solved"),
            ("planned", None, "refused: promise_needs_day [SD17 art. 18]"),
            ("planned", PROMISED_FOR, f"promised for {PROMISED_FOR}"),
            ("conditions_lacking", None, "over"),
            ("against_law", None, "over"),
        ],
    )
    def test_a_plan_names_its_deadline(self, code: str, day_given: str | None, comes_of_it: str) -> None:
        assert said_with(SHANDONG, code, day_given) == comes_of_it

    @pytest.mark.parametrize(
        ("code", "comes_of_it"), [("A", "solved"), ("B", "promised for no day"), ("C", "over"), ("D", "over")]
    )
    def test_in_a_township_the_national_classes_stand(self, code: str, comes_of_it: str) -> None:
        assert said_with(TOWNSHIP, code) == comes_of_it

    def test_what_is_planned_is_followed_to_its_own_day(self) -> None:
        story = replied(SHANDONG, reply=promising(SHANDONG))
        story = story.and_(Evaluate(WATER.name, "satisfied"), by=deputy(), on="2026-03-09")
        kept = story.and_(FulfilCommitment(1, "The pipes are laid."), by=WATER, on=PROMISED_FOR)

        assert story.when(Close(), by=office()).rules == ("commitments_open",)
        assert [t.is_late for t in kept.suggestion.terms if t.key.rule == "commitment"] == [False]
        assert kept.when(Close(), by=office()).state == "closed"

    def test_of_two_who_signed_the_lead_deputy_rates(self) -> None:
        verdict = Evaluate(WATER.name, "basically_satisfied")

        assert refused_with(joint(SHANDONG), verdict, by=deputy("Deputy B")) == "lead_deputy_rates [SD17 art. 23]"
        assert joint(SHANDONG).when(verdict, by=deputy()).state == "evaluated"

    def test_the_unit_handles_it_again_by_itself_when_the_deputy_is_dissatisfied(self) -> None:
        again = Rehandle((WATER.name,), "We look once more.")
        outcome = evaluated(SHANDONG, result="dissatisfied").when(again, by=WATER)

        assert (outcome.state, str(outcome.terms["rehandled_reply"].due_on)) == ("handling", "2026-04-09")
        assert refused_with(evaluated(SHANDONG), again, by=WATER) == "deputy_is_dissatisfied [NPC-YSGZ art. 32]"


@pytest.mark.parametrize("rules", [SHANDONG, TOWNSHIP], ids=["the province", "a township"])
@pytest.mark.parametrize("state", BY_STATE)
def test_no_life_breaks_what_must_never_happen(state: str, rules: Rulebook) -> None:
    outcome = BY_STATE[state](rules).when_the_clock_reads("2026-12-31")

    assert watch(outcome, *library_monitors(rules), never("replied", before="contact_recorded")) == ()
    assert outcome.supervisions == ()
