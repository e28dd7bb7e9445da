"""
Does a suggestion in Chongqing live as the city's ordinance of 2018 (CQ18) says, the one with the most numbers?

And one in a township as the ordinance on townships' congresses (CQ-XZ) says.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from handleflow import Rulebook, load_preset
from handleflow.acts import (
    Assign,
    Close,
    DeclareExtension,
    Evaluate,
    FulfilCommitment,
    GiveOpinion,
    GrantReturn,
    RateCommitment,
    Reassign,
    RecordContact,
    RecordNoResponse,
    Rehandle,
    RejectOpinion,
    RequestExtension,
    RequestReturn,
)
from handleflow.legal_time import day
from handleflow.testing import Scenario, deputy, office
from handleflow.testing.boundaries import BoundaryDay
from handleflow.testing.monitors import library_monitors, never, watch
from handleflow.testing.tables import Case, read_cases
from tests.beginnings import ROADS, SCHOOLS, WATER
from tests.rules.fates import KEPT, Dated, joint, reasons, refused_with, said_with
from tests.rules.lives import (
    BY_STATE,
    PROMISED_FOR,
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

CHONGQING = load_preset("cn.chongqing")
TOWNSHIP = load_preset("cn.chongqing.township")
ANSWER = explaining(CHONGQING)
OPINION = GiveOpinion("Open the road once only.")
RETURN = RequestReturn("It is the Roads Bureau's.")


def returned() -> Scenario:
    """Its only lead was relieved on Wednesday 11 February 2026, so nobody has it."""
    story = handling(CHONGQING).and_(RETURN, by=WATER, on="2026-02-11")
    return story.and_(GrantReturn(WATER.name), by=office())


def empty_opinion() -> Scenario:
    """The lead rejected the co unit's opinion on Thursday 12 February."""
    story = heard(CHONGQING, co_units=(ROADS.name,))
    return story.and_(RejectOpinion(ROADS.name, "It says nothing."), by=WATER, on="2026-02-12")


def promise_kept() -> Scenario:
    """What was promised was told to be kept on Wednesday 1 April."""
    story = replied(CHONGQING, reply=promising(CHONGQING))
    story = story.and_(Evaluate(WATER.name, "satisfied"), by=deputy(), on="2026-03-09")
    return story.and_(FulfilCommitment(1, "The pipes are laid."), by=WATER, on="2026-04-01")


def in_a_township() -> Scenario:
    """Given to its unit on Wednesday 4 February, which signed and heard the deputy."""
    return heard(TOWNSHIP, on="2026-02-04")


REPLY = Dated("CQ18 21", "reply", "2026-05-11", heard(CHONGQING), ANSWER, WATER)
"""Three months from assignment on 10 February end on Sunday 10 May."""
IN_MONTHS = Dated("CQ18 21 in months", "reply", "2026-06-16", heard(CHONGQING, on="2026-03-16"), ANSWER, WATER)
"""From Monday 16 March; ninety days would end a day earlier."""
LONG = Dated(
    "CQ18 21 by its nature",
    "reply",
    "2026-09-16",
    heard(CHONGQING, on="2026-03-16", is_long_track=True),
    ANSWER,
    WATER,
)
"""Six months from that Monday, for what is broad and hard."""
TOWNSHIP_REPLY = Dated("CQ-XZ 16", "reply", "2026-04-07", in_a_township(), explaining(TOWNSHIP), WATER)
"""Two months from 4 February end on the first of the three days of Qingming."""
TERMS = (
    # Ten working days after Monday 9 February: 10 to 14, Saturday the 14th among them, 24 to 28, again a Saturday.
    Dated(
        "CQ18 13",
        "assignment",
        "2026-02-28",
        received(CHONGQING, in_session=False),
        Assign((WATER.name,)),
        office(),
    ),
    # Ten working days after 11 February: 12 to 14, 24 to 28 February, 2 and 3 March.
    Dated("CQ18 16", "reassignment", "2026-03-03", returned(), Assign((ROADS.name,)), office()),
    # Twenty working days from the unit's receipt on 10 February: 4 in that week, 5, 5 and 5, Monday 16 March.
    Dated("CQ18 18", "first_contact", "2026-03-16", handling(CHONGQING), RecordContact("before"), WATER),
    # Thirty from assignment: ten more, 17 to 20, 23 to 27, Monday 30 March.
    Dated("CQ18 20", "opinion", "2026-03-30", handling(CHONGQING, co_units=(ROADS.name,)), OPINION, ROADS),
    # Five after 12 February: 13, Saturday 14, 24, 25, 26.
    Dated("CQ18 20 for another one", "opinion_again", "2026-02-26", empty_opinion(), OPINION, ROADS),
    REPLY,
    IN_MONTHS,
    LONG,
    # Twenty after Monday 2 March: four weeks without a holiday.
    Dated(
        "CQ18 27 for the deputy",
        "rating",
        "2026-03-30",
        replied(CHONGQING),
        Evaluate(WATER.name, "satisfied"),
        deputy(),
    ),
    # Two months from the demand of 10 March end on Sunday 10 May.
    Dated(
        "CQ18 27",
        "rehandled_reply",
        "2026-05-11",
        rehandled(CHONGQING).and_(RecordContact("during"), by=WATER),
        ANSWER,
        WATER,
    ),
    # Twenty after 1 April: 2 and 3, then without Monday the 6th 7 to 10, 13 to 17, 20 to 24, 27 to 30.
    Dated(
        "CQ18 28",
        "commitment_rating",
        "2026-04-30",
        promise_kept(),
        RateCommitment(1, "satisfied"),
        deputy(),
    ),
    TOWNSHIP_REPLY,
    # Two months from Monday 16 March end on a Saturday; sixty days would end on the Friday before.
    Dated(
        "CQ-XZ 16 in months",
        "reply",
        "2026-05-18",
        heard(TOWNSHIP, on="2026-03-16"),
        explaining(TOWNSHIP),
        WATER,
    ),
)


@pytest.mark.parametrize("case", read_cases(Path(__file__).parent / "cases" / "cn.chongqing.toml"), ids=str)
def test_a_case_of_the_citys_table_comes_out_as_its_row_says(case: Case) -> None:
    assert case.differences(CHONGQING) == ()


@pytest.mark.parametrize("case", read_cases(Path(__file__).parent / "cases" / "cn.chongqing.township.toml"), ids=str)
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
    """CQ18 13 gives ten working days between sessions alone."""
    assert received(CHONGQING, in_session=in_session).suggestion.terms == ()


class TestReturning:
    """CQ18 16: asked for within ten working days of assignment; assigned anew within ten of its return."""

    @pytest.mark.parametrize("story", [assigned(CHONGQING), handling(CHONGQING)], ids=["not yet signed", "signed"])
    def test_a_unit_asks_by_the_tenth_working_day_after_assignment_signed_or_not(self, story: Scenario) -> None:
        """11 to 14 February, 24 to 28 February, Monday 2 March."""
        assert refused_with(story, RETURN, by=WATER, on="2026-03-02") == ""
        assert refused_with(story, RETURN, by=WATER, on="2026-03-03") == "return_in_time [CQ18 art. 16]"

    def test_where_another_lead_stays_a_new_unit_beside_it_keeps_the_day_too(self) -> None:
        story = handling(CHONGQING, WATER.name, ROADS.name).and_(RETURN, by=WATER, on="2026-02-11")
        story = story.and_(GrantReturn(WATER.name), by=office())
        outcome = story.when(Reassign((SCHOOLS.name,), reason="theirs"), by=office(), on="2026-03-03")

        assert (outcome.terms["reassignment"].end, outcome.terms["reassignment"].is_late) == ("met", False)
        assert str(outcome.terms["reply of Schools Bureau"].due_on) == "2026-06-03"

    def test_the_new_units_three_months_begin_afresh(self) -> None:
        """Art. 16 calls it an assignment again, and art. 21 counts from assignment."""
        outcome = returned().when(Assign((ROADS.name,)), by=office(), on="2026-03-02")

        assert str(outcome.terms["reply of Roads Bureau"].due_on) == "2026-06-02"
        assert outcome.terms["reply of Water Bureau"].end == "dropped"


class TestLongerTime:
    """CQ18 21: six months by the nature of the matter. CQ-XZ 16: four months, nobody's consent named."""

    @pytest.mark.parametrize(
        "act",
        [RequestExtension("2026-08-10", "Deep."), DeclareExtension("2026-08-10", "Deep.")],
        ids=["asked for", "declared"],
    )
    def test_in_the_city_no_running_term_is_lengthened(self, act: RequestExtension | DeclareExtension) -> None:
        assert refused_with(handling(CHONGQING), act, by=WATER) == "no_extension [CQ18 art. 21]"

    def test_a_townships_unit_declares_up_to_four_months_from_assignment(self) -> None:
        outcome = handling(TOWNSHIP, on="2026-03-16").when(DeclareExtension("2026-07-16", "Deep."), by=WATER)

        assert str(outcome.terms["reply"].due_on) == "2026-07-16"

    def test_and_not_a_day_more(self) -> None:
        story, too_long = handling(TOWNSHIP, on="2026-03-16"), DeclareExtension("2026-07-17", "Deep.")

        assert refused_with(story, too_long, by=WATER) == "extension_within_measure [CQ-XZ art. 16]"

    def test_in_a_township_it_is_declared_once(self) -> None:
        """How often is the library's own default; no number of times was found in CQ-XZ."""
        story = in_a_township().and_(DeclareExtension("2026-04-30", "Deep."), by=WATER)

        assert story.when(DeclareExtension("2026-05-29", "Deeper."), by=WATER).rules == ("extensions_are_left",)

    def test_in_a_township_nobody_is_asked(self) -> None:
        asked_for = RequestExtension("2026-06-04", "Deep.")

        assert refused_with(in_a_township(), asked_for, by=WATER) == "extension_mode [CQ-XZ art. 16]"


class TestTheReply:
    """CQ18 arts 20, 22, 26, 27, 28."""

    @pytest.mark.parametrize(
        ("code", "day_given", "comes_of_it"),
        [
            ("solved", None, "solved"),
            ("under_study", None, "refused: promise_needs_day [CQ18 art. 22]"),
            ("under_study", PROMISED_FOR, f"promised for {PROMISED_FOR}"),
            ("not_possible", None, "over"),
            ("higher_organ", None, "sent up"),
        ],
    )
    def test_what_is_under_study_names_the_day_it_will_be_finished(
        self, code: str, day_given: str | None, comes_of_it: str
    ) -> None:
        assert said_with(CHONGQING, code, day_given) == comes_of_it

    @pytest.mark.parametrize(
        ("code", "comes_of_it"), [("A", "solved"), ("B", "promised for no day"), ("C", "over"), ("D", "over")]
    )
    def test_in_a_township_the_national_classes_stand(self, code: str, comes_of_it: str) -> None:
        assert said_with(TOWNSHIP, code) == comes_of_it

    def test_the_lead_need_not_wait_for_the_co_units_opinion(self) -> None:
        """CQ18 20 lets it reject an empty one and does not say that it must wait."""
        story = handling(CHONGQING, co_units=(ROADS.name,)).and_(RecordContact("before"), by=WATER)

        assert story.when(ANSWER, by=WATER).state == "replied"

    def test_of_two_who_signed_the_lead_deputy_rates_the_reply(self) -> None:
        story, verdict = joint(CHONGQING), Evaluate(WATER.name, "basically_satisfied")

        assert refused_with(story, verdict, by=deputy("Deputy B")) == "lead_deputy_rates [CQ18 art. 26]"
        assert story.when(verdict, by=deputy()).state == "evaluated"

    def test_and_the_kept_promise(self) -> None:
        story = joint(CHONGQING, promising(CHONGQING)).and_(FulfilCommitment(1, "The pipes are laid."), by=WATER)
        verdict = RateCommitment(1, "satisfied")

        assert refused_with(story, verdict, by=deputy("Deputy B")) == "lead_deputy_rates [CQ18 art. 26]"
        assert story.when(verdict, by=deputy()).suggestion.commitments[0].grade == "satisfied"

    def test_a_deputy_who_never_rates_is_recorded_as_silent_and_not_as_satisfied(self) -> None:
        """CQ18 arts 27, 29."""
        outcome = replied(CHONGQING).when(RecordNoResponse(WATER.name, ("2026-03-30",)), by=office(), on="2026-03-31")
        (rating,) = outcome.suggestion.ratings

        assert (outcome.state, rating.result, rating.is_no_response) == ("evaluated", None, True)
        assert (outcome.terms["rating"].end, outcome.terms["rating"].is_late) == ("met", True)


class TestHandledAgain:
    """CQ18 27: once; after a second dissatisfaction the congress's body convenes deputy and unit."""

    def test_only_the_office_has_it_handled_again(self) -> None:
        again = Rehandle((WATER.name,), "The deputy is dissatisfied.")

        assert refused_with(evaluated(CHONGQING, result="dissatisfied"), again, by=WATER) == "wrong_role"
        assert refused_with(evaluated(CHONGQING), again, by=office()) == "deputy_is_dissatisfied [NPC-YSGZ art. 32]"

    def test_it_is_not_handled_a_third_time(self) -> None:
        story = rehandled(CHONGQING).and_(RecordContact("during"), by=WATER).and_(ANSWER, by=WATER)
        story = story.and_(Evaluate(WATER.name, "dissatisfied", reason="The water is still brown."), by=deputy())
        outcome = story.when(Rehandle((WATER.name,), "Once more."), by=office())

        assert (outcome.state, reasons(outcome)) == ("evaluated", "rounds_are_left [CQ18 art. 27]")
        assert "convenes deputy and unit" in outcome.reasons[0].text()
        assert "由市人大常委会人代工委召集代表和承办单位研究" in outcome.reasons[0].text("zh")


def test_it_is_closed_once_the_promise_is_kept_whether_it_was_rated_or_not() -> None:
    assert promise_kept().when(Close(), by=office()).state == "closed"


@pytest.mark.parametrize("rules", [CHONGQING, TOWNSHIP], ids=["the city", "a township"])
@pytest.mark.parametrize("state", BY_STATE)
def test_no_life_breaks_what_must_never_happen(state: str, rules: Rulebook) -> None:
    outcome = BY_STATE[state](rules).when_the_clock_reads("2026-12-31")

    assert watch(outcome, *library_monitors(rules), never("rehandling_demanded", before="evaluated")) == ()
    assert outcome.supervisions == ()
