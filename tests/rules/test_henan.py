"""Does a suggestion in Henan live as the province's measures of 2017 (HN17) say?"""

from __future__ import annotations

from pathlib import Path

import pytest

from handleflow import Act, load_preset
from handleflow.acts import (
    Accept,
    Assign,
    Close,
    DeclareExtension,
    Evaluate,
    GiveOpinion,
    GrantReturn,
    Reassign,
    RecordContact,
    RecordNoResponse,
    RefuseReturn,
    Rehandle,
    RequestExtension,
    RequestReturn,
)
from handleflow.legal_time import Span, day
from handleflow.testing import Scenario, deputy, office
from handleflow.testing.boundaries import BoundaryDay
from handleflow.testing.monitors import library_monitors, never, watch
from handleflow.testing.tables import Case, read_cases
from tests.beginnings import ROADS, WATER
from tests.rules.fates import KEPT, Dated, reasons, refused_with, said_with
from tests.rules.lives import (
    BY_STATE,
    PROMISED_FOR,
    assigned,
    evaluated,
    explaining,
    handling,
    heard,
    promising,
    received_late,
    rehandled,
    replied,
)

HENAN = load_preset("cn.henan")
ANSWER = explaining(HENAN)
RETURN = RequestReturn("It is the Roads Bureau's.")
TO_ROADS = Reassign((ROADS.name,), instead_of=WATER.name, reason="It is a road.")


def signed_late() -> Scenario:
    """Assigned on 10 February 2026, received, as an office has recorded, and signed for on Monday 16 March."""
    return received_late(assigned(HENAN)).and_(Accept(), by=WATER)


def asked_back() -> Scenario:
    """The lead asked on 11 February to be relieved."""
    return heard(HENAN).and_(RETURN, by=WATER, on="2026-02-11")


def rehandled_and_answered() -> Scenario:
    """Handled a second time, and the deputy is dissatisfied a second time."""
    story = rehandled(HENAN).and_(RecordContact("during"), by=WATER).and_(ANSWER, by=WATER)
    return story.and_(Evaluate(WATER.name, "dissatisfied", reason="The water is still brown."), by=deputy())


REPLY = Dated("HN17 20", "reply", "2026-06-16", signed_late().and_(RecordContact("before"), by=WATER), ANSWER, WATER)
"""Three months from the unit's receipt; from assignment they would have ended on 11 May."""
TERMS = (
    # Ten working days after Wednesday 11 February: 12, 13 and Saturday 14, 24 to 27 and Saturday 28, 2 and 3 March.
    Dated("HN17 14", "reassignment", "2026-03-03", asked_back(), TO_ROADS, office()),
    Dated(
        "HN17 14 for a co unit",
        "reassignment",
        "2026-03-03",
        handling(HENAN, co_units=(ROADS.name,)).and_(RETURN, by=ROADS, on="2026-02-11"),
        RefuseReturn(ROADS.name, "It is yours."),
        office(),
    ),
    # Two months from the co unit's receipt on 16 March end on a Saturday.
    Dated(
        "HN17 18",
        "opinion",
        "2026-05-18",
        received_late(assigned(HENAN, co_units=(ROADS.name,)), ROADS.name),
        GiveOpinion("Open the road once only."),
        ROADS,
    ),
    REPLY,
    # Ten working days after Monday 2 March: two weeks without a holiday.
    Dated(
        "HN17 22 for the deputy",
        "rating",
        "2026-03-16",
        replied(HENAN),
        Evaluate(WATER.name, "satisfied"),
        deputy(),
    ),
    # One month from the demand of 10 March.
    Dated(
        "HN17 22",
        "rehandled_reply",
        "2026-04-10",
        rehandled(HENAN).and_(RecordContact("during"), by=WATER),
        ANSWER,
        WATER,
    ),
)


@pytest.mark.parametrize("case", read_cases(Path(__file__).parent / "cases" / "cn.henan.toml"), ids=str)
def test_a_case_of_the_table_comes_out_as_its_row_says(case: Case) -> None:
    assert case.differences(HENAN) == ()


@pytest.mark.parametrize("term", TERMS, ids=str)
def test_a_term_is_kept_through_its_articles_day_and_no_longer(term: Dated) -> None:
    assert term.fates() == (term.due, *KEPT)
    assert term.is_owed_by_its_keeper


@pytest.mark.parametrize("edge", REPLY.edges(), ids=str)
def test_a_reply_is_late_on_exactly_the_days_after_its_own(edge: BoundaryDay) -> None:
    assert REPLY.acted(edge.on) == ("late" if edge.on > day(REPLY.due) else "kept")


class TestReturning:
    """HN17 14: asked for within ten working days of assignment, decided within ten of the request."""

    @pytest.mark.parametrize("story", [assigned(HENAN), handling(HENAN)], ids=["not yet signed", "signed"])
    def test_a_unit_asks_by_the_tenth_working_day_after_assignment_signed_or_not(self, story: Scenario) -> None:
        """11 to 14 February, 24 to 28 February, Monday 2 March."""
        assert refused_with(story, RETURN, by=WATER, on="2026-03-02") == ""
        assert refused_with(story, RETURN, by=WATER, on="2026-03-03") == "return_in_time [HN17 art. 14]"

    @pytest.mark.parametrize(
        ("decision", "state"),
        [
            pytest.param(TO_ROADS, "assigned", id="assigned anew"),
            pytest.param(RefuseReturn(WATER.name, "It is yours."), "handling", id="refused"),
        ],
    )
    def test_assigning_anew_or_refusing_keeps_the_offices_day(self, decision: Act, state: str) -> None:
        outcome = asked_back().when(decision, by=office(), on="2026-03-03")

        assert outcome.state == state
        assert (outcome.terms["reassignment"].end, outcome.terms["reassignment"].is_late) == ("met", False)

    def test_granting_alone_does_not_keep_it_and_assigning_after_it_does(self) -> None:
        granted = asked_back().and_(GrantReturn(WATER.name), by=office(), on="2026-02-12")
        (still,) = granted.suggestion.running_terms("reassignment")
        outcome = granted.when(Assign((ROADS.name,)), by=office(), on="2026-03-04")

        assert (granted.suggestion.state, str(still.due_on)) == ("received", "2026-03-03")
        assert (outcome.terms["reassignment"].end, outcome.terms["reassignment"].is_late) == ("met", True)

    @pytest.mark.parametrize(
        ("decision", "end"),
        [
            pytest.param(GrantReturn(ROADS.name), "running", id="granted"),
            pytest.param(RefuseReturn(ROADS.name, "It is yours."), "met", id="refused"),
            pytest.param(
                Reassign((), instead_of=ROADS.name, reason="It is no road."), "met", id="nobody in its place"
            ),
        ],
    )
    def test_a_co_units_request_has_the_same_ten_days(self, decision: Act, end: str) -> None:
        story = handling(HENAN, co_units=(ROADS.name,)).and_(RETURN, by=ROADS, on="2026-02-11")
        outcome = story.when(decision, by=office(), on="2026-03-03")

        assert (outcome.state, outcome.terms["reassignment"].end) == ("handling", end)

    def test_a_reply_makes_the_decision_needless(self) -> None:
        outcome = asked_back().when(ANSWER, by=WATER, on="2026-02-24")

        assert (outcome.state, outcome.terms["reassignment"].end) == ("replied", "met")
        assert outcome.suggestion.return_requests[0].decision == "lapsed"


class TestLongerTime:
    """HN17 20: six months, explained to the deputy, nobody's consent asked."""

    def test_the_unit_takes_up_to_six_months_from_its_receipt(self) -> None:
        outcome = signed_late().when(DeclareExtension("2026-09-16", "The pipes are deep."), by=WATER)

        assert str(outcome.terms["reply"].due_on) == "2026-09-16"

    @pytest.mark.parametrize(
        ("declared", "on", "refusal"),
        [
            ("2026-09-17", "2026-03-16", "extension_within_measure [HN17 art. 20]"),
            ("2026-09-16", "2026-06-17", "extension_in_time [HN17 art. 20]"),
        ],
        ids=["a day more", "after the day has passed"],
    )
    def test_it_takes_no_more_and_not_too_late(self, declared: str, on: str, refusal: str) -> None:
        assert refused_with(signed_late(), DeclareExtension(declared, "Deep."), by=WATER, on=on) == refusal

    def test_it_may_take_a_span(self) -> None:
        two, four = (DeclareExtension(None, "Deep.", within=Span(n, "month")) for n in (2, 4))
        outcome = signed_late().when(two, by=WATER)

        assert str(outcome.terms["reply"].due_on) == "2026-08-17"  # 16 August 2026 is a Sunday
        assert refused_with(signed_late(), four, by=WATER) == "extension_within_measure [HN17 art. 20]"

    def test_it_declares_once(self) -> None:
        """How often is the library's own default; no number of times was found in HN17."""
        story = signed_late().and_(DeclareExtension("2026-06-30", "The pipes are deep."), by=WATER)
        again = DeclareExtension("2026-09-16", "Deeper still.")

        assert story.when(again, by=WATER).rules == ("extensions_are_left",)

    def test_nobody_is_asked(self) -> None:
        asked_for = RequestExtension("2026-09-16", "The pipes are deep.")

        assert refused_with(signed_late(), asked_for, by=WATER) == "extension_mode [HN17 art. 20]"


class TestTheReply:
    """HN17 arts 18, 19, 22, 23."""

    def test_the_lead_waits_for_a_silent_co_unit_through_that_units_own_day_and_no_longer(self) -> None:
        story = handling(HENAN, co_units=(ROADS.name,)).and_(RecordContact("before"), by=WATER)
        in_time, after = (story.when(ANSWER, by=WATER, on=on) for on in ("2026-04-10", "2026-04-13"))

        assert (in_time.rules, after.state) == (("co_opinions_are_in",), "replied")
        assert (after.terms["reply"].is_late, after.terms["opinion"].is_breached) == (False, True)

    def test_an_office_relieves_a_silent_co_unit_and_the_lead_replies(self) -> None:
        story = handling(HENAN, co_units=(ROADS.name,)).and_(RecordContact("before"), by=WATER)
        relieved = story.and_(Reassign((), instead_of=ROADS.name, reason="It says nothing."), by=office())

        assert relieved.when(ANSWER, by=WATER).state == "replied"

    def test_the_lead_waits_for_the_co_units_opinion(self) -> None:
        story = handling(HENAN, co_units=(ROADS.name,)).and_(RecordContact("before"), by=WATER)
        with_it = story.and_(GiveOpinion("Open the road once only."), by=ROADS)

        assert refused_with(story, ANSWER, by=WATER) == "co_opinions_are_in [HN17 art. 18]"
        assert with_it.when(ANSWER, by=WATER).state == "replied"

    @pytest.mark.parametrize(
        ("code", "day_given", "comes_of_it"),
        [
            ("solved", None, "solved"),
            ("solvable", None, "promised for no day"),
            ("planned", None, "promised for no day"),
            ("planned", PROMISED_FOR, f"promised for {PROMISED_FOR}"),
            ("not_possible", None, "over"),
            ("higher_organ", None, "sent up"),
        ],
    )
    def test_a_class_says_what_follows(self, code: str, day_given: str | None, comes_of_it: str) -> None:
        assert said_with(HENAN, code, day_given) == comes_of_it

    def test_a_deputy_who_never_rates_ends_the_term_by_the_offices_record(self) -> None:
        outcome = replied(HENAN).when(RecordNoResponse(WATER.name, ("2026-03-16",)), by=office(), on="2026-03-17")

        assert (outcome.state, outcome.terms["rating"].end) == ("evaluated", "met")

    def test_a_promise_keeps_it_open(self) -> None:
        story = replied(HENAN, reply=promising(HENAN))
        story = story.and_(Evaluate(WATER.name, "satisfied"), by=deputy(), on="2026-03-09")

        assert story.when(Close(), by=office()).rules == ("commitments_open",)


class TestHandledAgain:
    """HN17 22: once, by the unit itself; the second time the deputy is dissatisfied experts evaluate it."""

    def test_the_unit_handles_it_again_by_itself(self) -> None:
        again = Rehandle((WATER.name,), "We look once more.")
        outcome = evaluated(HENAN, result="dissatisfied").when(again, by=WATER)

        assert (outcome.state, str(outcome.terms["rehandled_reply"].due_on)) == ("handling", "2026-04-09")
        assert refused_with(evaluated(HENAN), again, by=WATER) == "deputy_is_dissatisfied [NPC-YSGZ art. 32]"

    def test_it_is_not_handled_a_third_time(self) -> None:
        outcome = rehandled_and_answered().when(Rehandle((WATER.name,), "Once more."), by=office())
        (reason,) = outcome.reasons

        assert (outcome.state, reasons(outcome)) == ("evaluated", "rounds_are_left [HN17 art. 22]")
        assert "experts evaluate it" in reason.text()
        assert "组织专家评估" in reason.text("zh")


@pytest.mark.parametrize("state", BY_STATE)
def test_no_life_breaks_what_must_never_happen(state: str) -> None:
    outcome = BY_STATE[state](HENAN).when_the_clock_reads("2026-12-31")

    assert watch(outcome, *library_monitors(HENAN), never("extension_granted", after="received")) == ()
    assert outcome.supervisions == ()
