"""Does a suggestion in Qingdao live as the city's ordinance of 2021 (QD21) says?"""

from __future__ import annotations

import pytest

from handleflow import load_preset
from handleflow.acts import (
    Accept,
    Assign,
    Close,
    Evaluate,
    FulfilCommitment,
    GiveOpinion,
    GrantExtension,
    Reassign,
    RecordContact,
    Reply,
    RequestExtension,
    RequestReturn,
)
from handleflow.legal_time import Span, day
from handleflow.model.nouns import Promise
from handleflow.testing import deputy, office
from handleflow.testing.boundaries import BoundaryDay
from handleflow.testing.monitors import library_monitors, never, watch
from tests.beginnings import ROADS, WATER
from tests.rules.fates import KEPT, Dated, refused_with, said_with
from tests.rules.lives import (
    BY_STATE,
    PROMISED_FOR,
    assigned,
    explaining,
    handling,
    heard,
    received,
    received_late,
    rehandled,
    replied,
)

QINGDAO = load_preset("cn.qingdao")
ANSWER = explaining(QINGDAO)
REPLY = Dated("QD21 25", "reply", "2026-05-11", heard(QINGDAO), ANSWER, WATER)
"""Three months from assignment on 10 February 2026 end on Sunday 10 May."""
TERMS = (
    # Five working days after Monday 9 February: 10 to 13, and Saturday the 14th, on which people work.
    Dated(
        "QD21 14",
        "assignment",
        "2026-02-14",
        received(QINGDAO, in_session=False),
        Assign((WATER.name,)),
        office(),
    ),
    # Thursday 5 March, then without the weekend the 6th and 9 to 12 March.
    Dated(
        "QD21 14 over a weekend",
        "assignment",
        "2026-03-12",
        received(QINGDAO, in_session=False, on="2026-03-05"),
        Assign((WATER.name,)),
        office(),
    ),
    # One month from the co unit's receipt on 16 March.
    Dated(
        "QD21 24",
        "opinion",
        "2026-04-16",
        received_late(assigned(QINGDAO, co_units=(ROADS.name,)), ROADS.name),
        GiveOpinion("Open the road once only."),
        ROADS,
    ),
    REPLY,
    # From Monday 16 March: ninety days would end a day earlier.
    Dated("QD21 25 in months", "reply", "2026-06-16", heard(QINGDAO, on="2026-03-16"), ANSWER, WATER),
)


@pytest.mark.parametrize("term", TERMS, ids=str)
def test_a_term_is_kept_through_its_articles_day_and_no_longer(term: Dated) -> None:
    assert term.fates() == (term.due, *KEPT)
    assert term.is_owed_by_its_keeper


@pytest.mark.parametrize("edge", REPLY.edges(), ids=str)
def test_a_reply_is_late_on_exactly_the_days_after_its_own(edge: BoundaryDay) -> None:
    assert REPLY.acted(edge.on) == ("late" if edge.on > day(REPLY.due) else "kept")


@pytest.mark.parametrize("in_session", [True, None], ids=["made in session", "nobody knows when it was made"])
def test_what_was_not_made_between_sessions_has_no_day_for_its_assignment(in_session: bool | None) -> None:
    """QD21 14 gives five working days between sessions alone."""
    assert received(QINGDAO, in_session=in_session).suggestion.terms == ()


def test_the_three_months_run_from_assignment_whenever_the_unit_signs() -> None:
    """QD21 25."""
    outcome = assigned(QINGDAO).when(Accept(), by=WATER, on="2026-02-27")

    assert (outcome.state, str(outcome.terms["reply"].due_on)) == ("handling", "2026-05-11")


class TestLongerTime:
    """QD21 25: six months from assignment at most, with the consent of the congress's body."""

    def test_it_is_had_up_to_six_months_from_assignment(self) -> None:
        story = handling(QINGDAO, on="2026-03-16").and_(
            RequestExtension("2026-09-16", "The pipes are deep."), by=WATER
        )
        outcome = story.when(GrantExtension(WATER.name), by=office())

        assert str(outcome.terms["reply"].due_on) == "2026-09-16"

    def test_it_is_not_had_for_a_day_more(self) -> None:
        story, too_long = handling(QINGDAO, on="2026-03-16"), RequestExtension("2026-09-17", "The pipes are deep.")

        assert refused_with(story, too_long, by=WATER) == "extension_within_measure [QD21 art. 25]"

    def test_by_a_span_it_is_counted_from_the_due_day_and_reaches_no_further(self) -> None:
        """Three months from 30 November end on 28 February; three more on 28 May, of the six on 30 May."""
        three, four = (RequestExtension(None, "Deep.", within=Span(n, "month")) for n in (3, 4))
        story = handling(QINGDAO, on="2025-11-30")
        outcome = story.and_(three, by=WATER).when(GrantExtension(WATER.name), by=office())

        assert str(outcome.terms["reply"].due_on) == "2026-05-28"
        assert refused_with(story, four, by=WATER) == "extension_within_measure [QD21 art. 25]"

    def test_it_is_had_once(self) -> None:
        """How often is the library's own default; no number of times was found in QD21."""
        story = handling(QINGDAO).and_(RequestExtension("2026-06-30", "The pipes are deep."), by=WATER)
        story = story.and_(GrantExtension(WATER.name), by=office())

        assert story.when(RequestExtension("2026-07-31", "Deeper."), by=WATER).rules == ("extensions_are_left",)

    def test_it_is_not_asked_for_once_the_day_has_passed(self) -> None:
        late = RequestExtension("2026-08-10", "The pipes are deep.")

        assert refused_with(handling(QINGDAO), late, by=WATER, on="2026-05-11") == ""
        assert refused_with(handling(QINGDAO), late, by=WATER, on="2026-05-12") == "extension_in_time [QD21 art. 25]"


class TestReturning:
    """QD21 19: within five working days of receipt."""

    @pytest.mark.parametrize(
        ("received_on", "last", "after"),
        [
            pytest.param("2026-03-05", "2026-03-12", "2026-03-13", id="over a weekend"),
            pytest.param(
                "2026-02-10", "2026-02-24", "2026-02-25", id="11 to 14 February, after the festival the 24th"
            ),
        ],
    )
    def test_a_unit_asks_on_the_last_day_and_no_later(self, received_on: str, last: str, after: str) -> None:
        story, back = handling(QINGDAO, on=received_on), RequestReturn("not ours")

        assert refused_with(story, back, by=WATER, on=last) == ""
        assert refused_with(story, back, by=WATER, on=after) == "return_in_time [QD21 art. 19]"

    def test_it_does_not_ask_nine_months_after_assignment_though_it_has_not_signed(self) -> None:
        back = RequestReturn("not ours")

        assert refused_with(assigned(QINGDAO), back, by=WATER, on="2026-11-10") == "return_in_time [QD21 art. 19]"

    def test_the_days_run_from_the_later_day_that_an_office_recorded(self) -> None:
        story, back = received_late(assigned(QINGDAO)), RequestReturn("not ours")

        assert refused_with(story, back, by=WATER, on="2026-03-23") == ""
        assert refused_with(story, back, by=WATER, on="2026-03-24") == "return_in_time [QD21 art. 19]"


class TestTheReply:
    """QD21 arts 24, 26, 31."""

    def test_the_lead_waits_for_a_silent_co_unit_through_that_units_own_day_and_no_longer(self) -> None:
        story = handling(QINGDAO, co_units=(ROADS.name,)).and_(RecordContact("before"), by=WATER)
        in_time, after = (story.when(ANSWER, by=WATER, on=on) for on in ("2026-03-10", "2026-03-11"))

        assert (in_time.rules, after.state) == (("co_opinions_are_in",), "replied")
        assert (after.terms["reply"].is_late, after.terms["opinion"].is_breached) == (False, True)

    def test_an_office_relieves_a_silent_co_unit_and_the_lead_replies(self) -> None:
        story = handling(QINGDAO, co_units=(ROADS.name,)).and_(RecordContact("before"), by=WATER)
        relieved = story.and_(Reassign((), instead_of=ROADS.name, reason="It says nothing."), by=office())

        assert relieved.when(ANSWER, by=WATER).state == "replied"

    def test_the_lead_waits_for_the_co_units_opinion(self) -> None:
        story = handling(QINGDAO, co_units=(ROADS.name,)).and_(RecordContact("before"), by=WATER)
        with_it = story.and_(GiveOpinion("Open the road once only."), by=ROADS)

        assert refused_with(story, ANSWER, by=WATER) == "co_opinions_are_in [QD21 art. 24]"
        assert with_it.when(ANSWER, by=WATER).state == "replied"

    @pytest.mark.parametrize(
        ("code", "day_given", "comes_of_it"),
        [
            ("in_time", None, "solved"),
            ("this_year", None, "promised for no day"),
            ("across_years", None, "refused: promise_needs_day [QD21 art. 26]"),
            ("across_years", "2027-06-30", "promised for 2027-06-30"),
            ("not_possible", None, "over"),
        ],
    )
    def test_a_class_says_when_it_is_carried_out(self, code: str, day_given: str | None, comes_of_it: str) -> None:
        assert said_with(QINGDAO, code, day_given) == comes_of_it

    def test_what_is_promised_keeps_it_open_until_it_is_kept(self) -> None:
        """QD21 34 has what crosses the year supervised until it is done."""
        promise = Reply("across_years", "By summer.", (Promise("New pipes", PROMISED_FOR),))
        story = replied(QINGDAO, reply=promise).and_(Evaluate(WATER.name, "satisfied"), by=deputy(), on="2026-03-09")
        kept = story.and_(FulfilCommitment(1, "The pipes are laid."), by=WATER, on=PROMISED_FOR)

        assert story.when(Close(), by=office()).rules == ("commitments_open",)
        assert kept.when(Close(), by=office()).state == "closed"

    def test_it_is_handled_again_with_no_day_set(self) -> None:
        """QD21 31 has it handled again after the assessment and names no number of days."""
        again = rehandled(QINGDAO).suggestion

        assert (again.state, [unit.unit for unit in again.leads_without_reply]) == ("handling", ["Water Bureau"])
        assert list(again.running_terms()) == []


@pytest.mark.parametrize("state", BY_STATE)
def test_no_life_breaks_what_must_never_happen(state: str) -> None:
    outcome = BY_STATE[state](QINGDAO).when_the_clock_reads("2026-12-31")

    assert watch(outcome, *library_monitors(QINGDAO), never("closed", before="evaluated")) == ()
    assert outcome.supervisions == ()
