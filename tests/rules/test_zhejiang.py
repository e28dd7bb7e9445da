"""Does a suggestion in Zhejiang live as the province's rules of 2016 (ZJ16) say?"""

from __future__ import annotations

import pytest

from handleflow import load_preset
from handleflow.acts import (
    Accept,
    Evaluate,
    GiveOpinion,
    GrantExtension,
    Reassign,
    RecordContact,
    RecordReceipt,
    Rehandle,
    RequestExtension,
    RequestReturn,
)
from handleflow.legal_time import day
from handleflow.model.nouns import GRADES
from handleflow.testing import Scenario, deputy, office
from handleflow.testing.boundaries import BoundaryDay
from handleflow.testing.monitors import library_monitors, watch
from tests.beginnings import ROADS, WATER
from tests.rules.fates import KEPT, Dated, joint, refused_with, said_with
from tests.rules.lives import (
    BY_STATE,
    PROMISED_FOR,
    assigned,
    evaluated,
    explaining,
    handling,
    received_late,
    rehandled,
)

ZHEJIANG = load_preset("cn.zhejiang")
ANSWER = explaining(ZHEJIANG)


def signed_late() -> Scenario:
    """Assigned on 10 February 2026, received, as an office has recorded, and signed for on Monday 16 March."""
    return received_late(assigned(ZHEJIANG)).and_(Accept(), by=WATER)


REPLY = Dated("ZJ16 21", "reply", "2026-06-16", signed_late().and_(RecordContact("before"), by=WATER), ANSWER, WATER)
"""Three months from the unit's receipt; from assignment they would have ended on 11 May."""
TERMS = (
    REPLY,
    # Two months from the co unit's receipt on 16 March end on a Saturday.
    Dated(
        "ZJ16 18",
        "opinion",
        "2026-05-18",
        received_late(assigned(ZHEJIANG, co_units=(ROADS.name,)), ROADS.name),
        GiveOpinion("Open the road once only."),
        ROADS,
    ),
    # One month from the demand of 10 March.
    Dated(
        "ZJ16 24",
        "rehandled_reply",
        "2026-04-10",
        rehandled(ZHEJIANG).and_(RecordContact("during"), by=WATER),
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


class TestReceipt:
    """ZJ16 14, 18 and 21 count from the unit's receipt, which assignment brings about, whoever signs when."""

    def test_a_unit_that_does_not_sign_has_its_clock_and_misses_its_day(self) -> None:
        story = assigned(ZHEJIANG, co_units=(ROADS.name,))
        outcome = story.when_the_clock_reads("2027-02-10")

        assert {term.key.rule: str(term.missed_on) for term in outcome.suggestion.terms} == {
            "reply": "2026-05-11",
            "opinion": "2026-04-10",
        }

    def test_a_unit_that_signs_late_has_no_longer_time(self) -> None:
        outcome = assigned(ZHEJIANG).when(Accept(), by=WATER, on="2026-03-16")

        assert str(outcome.terms["reply"].due_on) == "2026-05-11"

    def test_only_an_office_says_that_it_was_received_later(self) -> None:
        late = RecordReceipt(WATER.name, "2026-03-16", "The platform stood still.")

        assert assigned(ZHEJIANG).when(late, by=WATER, on="2026-03-16").rules == ("wrong_role",)
        assert str(signed_late().suggestion.terms[0].due_on) == "2026-06-16"

    def test_a_return_is_not_asked_for_nine_months_after_assignment(self) -> None:
        back = RequestReturn("not ours")

        assert refused_with(assigned(ZHEJIANG), back, by=WATER, on="2026-11-10") == "return_in_time [ZJ16 art. 14]"


class TestLongerTime:
    """ZJ16 21: up to six months, with the assigning body's consent."""

    def test_it_is_had_up_to_six_months_from_the_units_receipt(self) -> None:
        story = signed_late().and_(RequestExtension("2026-09-16", "There are many."), by=WATER)
        outcome = story.when(GrantExtension(WATER.name), by=office())

        assert str(outcome.terms["reply"].due_on) == "2026-09-16"

    def test_the_office_may_grant_less_than_was_asked_for(self) -> None:
        story = signed_late().and_(RequestExtension("2026-09-16", "There are many."), by=WATER)
        outcome = story.when(GrantExtension(WATER.name, "2026-06-30"), by=office())

        assert str(outcome.terms["reply"].due_on) == "2026-06-30"

    def test_it_is_had_once(self) -> None:
        """How often is the library's own default; no number of times was found in ZJ16."""
        story = signed_late().and_(RequestExtension("2026-07-31", "There are many."), by=WATER)
        story = story.and_(GrantExtension(WATER.name), by=office())

        assert story.when(RequestExtension("2026-08-31", "Still more."), by=WATER).rules == ("extensions_are_left",)

    def test_it_is_not_had_for_a_day_more(self) -> None:
        too_long = RequestExtension("2026-09-17", "There are many.")

        assert refused_with(signed_late(), too_long, by=WATER) == "extension_within_measure [ZJ16 art. 21]"


class TestReturning:
    """ZJ16 14: within ten days of receipt, calendar days."""

    @pytest.mark.parametrize(
        ("received", "last", "after"),
        [
            pytest.param("2026-03-03", "2026-03-13", "2026-03-14", id="to a Friday"),
            pytest.param("2026-02-10", "2026-02-24", "2026-02-25", id="into the Spring Festival, so to its end"),
        ],
    )
    def test_a_unit_asks_on_the_last_day_and_no_later(self, received: str, last: str, after: str) -> None:
        story, back = handling(ZHEJIANG, on=received), RequestReturn("not ours")

        assert refused_with(story, back, by=WATER, on=last) == ""
        assert refused_with(story, back, by=WATER, on=after) == "return_in_time [ZJ16 art. 14]"

    def test_the_days_run_from_the_later_day_that_an_office_recorded(self) -> None:
        story, back = received_late(assigned(ZHEJIANG)), RequestReturn("not ours")

        assert refused_with(story, back, by=WATER, on="2026-03-26") == ""
        assert refused_with(story, back, by=WATER, on="2026-03-27") == "return_in_time [ZJ16 art. 14]"


class TestTheReply:
    """ZJ16 arts 18, 19, 23, 24."""

    def test_the_lead_waits_for_a_silent_co_unit_through_that_units_own_day_and_no_longer(self) -> None:
        story = handling(ZHEJIANG, co_units=(ROADS.name,)).and_(RecordContact("before"), by=WATER)
        in_time, after = (story.when(ANSWER, by=WATER, on=on) for on in ("2026-04-10", "2026-04-13"))

        assert (in_time.rules, after.state) == (("co_opinions_are_in",), "replied")
        assert (after.terms["reply"].is_late, after.terms["opinion"].is_breached) == (False, True)

    def test_an_office_relieves_a_silent_co_unit_and_the_lead_replies(self) -> None:
        story = handling(ZHEJIANG, co_units=(ROADS.name,)).and_(RecordContact("before"), by=WATER)
        relieved = story.and_(Reassign((), instead_of=ROADS.name, reason="It says nothing."), by=office())

        assert relieved.when(ANSWER, by=WATER).state == "replied"

    def test_the_lead_waits_for_the_co_units_opinion(self) -> None:
        story = handling(ZHEJIANG, co_units=(ROADS.name,)).and_(RecordContact("before"), by=WATER)
        with_it = story.and_(GiveOpinion("Open the road once only."), by=ROADS)

        assert refused_with(story, ANSWER, by=WATER) == "co_opinions_are_in [ZJ16 art. 18]"
        assert with_it.when(ANSWER, by=WATER).state == "replied"

    @pytest.mark.parametrize(
        ("code", "day_given", "comes_of_it"),
        [
            ("solved", None, "solved"),
            ("planned", None, "promised for no day"),
            ("planned", PROMISED_FOR, f"promised for {PROMISED_FOR}"),
            ("not_possible", None, "over"),
            ("A", None, "refused: outcome_is_known"),
        ],
    )
    def test_the_provinces_three_classes_take_the_place_of_the_letters(
        self, code: str, day_given: str | None, comes_of_it: str
    ) -> None:
        assert said_with(ZHEJIANG, code, day_given) == comes_of_it

    @pytest.mark.parametrize("result", GRADES)
    def test_of_two_who_signed_the_lead_deputy_rates(self, result: str) -> None:
        verdict = Evaluate(WATER.name, result, reason="The water is still brown.")

        assert refused_with(joint(ZHEJIANG), verdict, by=deputy("Deputy B")) == "lead_deputy_rates [ZJ16 art. 23]"
        assert joint(ZHEJIANG).when(verdict, by=deputy()).state == "evaluated"

    def test_the_unit_handles_it_again_by_itself_when_the_deputy_is_dissatisfied(self) -> None:
        again = Rehandle((WATER.name,), "We look once more.")
        outcome = evaluated(ZHEJIANG, result="dissatisfied").when(again, by=WATER)

        assert (outcome.state, str(outcome.terms["rehandled_reply"].due_on)) == ("handling", "2026-04-09")
        assert refused_with(evaluated(ZHEJIANG), again, by=WATER) == "deputy_is_dissatisfied [NPC-YSGZ art. 32]"


@pytest.mark.parametrize("state", BY_STATE)
def test_no_life_breaks_what_must_never_happen(state: str) -> None:
    outcome = BY_STATE[state](ZHEJIANG).when_the_clock_reads("2026-12-31")

    assert watch(outcome, *library_monitors(ZHEJIANG)) == ()
    assert outcome.supervisions == ()
