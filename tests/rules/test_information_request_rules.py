"""Has every transition, fate and class of the rulebook on freedom of information been lived through, and rightly?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from handleflow import Act, Actor, Entry, Suggestion, load_preset
from handleflow.acts import (
    Accept,
    Assign,
    Close,
    Decline,
    Evaluate,
    GiveOpinion,
    Reassign,
    Receive,
    Regrade,
    Rehandle,
    Reply,
    Resume,
    Suspend,
    Withdraw,
)
from handleflow.legal_time import day
from handleflow.model import Term
from handleflow.testing import Scenario, deputy, given, office, unit
from handleflow.testing.boundaries import BoundaryDay, boundary_days
from handleflow.testing.monitors import monitor, never, no_supervision_after_the_end, no_term_without_an_end, watch
from handleflow.testing.tables import Case, read_cases
from tests.beginnings import ROADS, WATER

FOI = load_preset("gb.foi")
AUTHORITY = office("Information Office", "information_office")
REQUESTER = deputy("Requester A")
DUE = "2026-03-30"
"""FOIA s. 10(1): the twentieth working day after Monday 2 March 2026, with no holiday between."""


def received() -> Scenario:
    return given(FOI).and_(Receive("Water tests", "Requester A"), by=AUTHORITY, on="2026-03-02")


def assigned(*leads: str, co_units: tuple[str, ...] = ()) -> Scenario:
    return received().and_(Assign(leads or (WATER.name,), co_units), by=AUTHORITY, on="2026-03-03")


def handling(*leads: str, co_units: tuple[str, ...] = ()) -> Scenario:
    story = assigned(*leads, co_units=co_units)
    for name in story.suggestion.units:
        story = story.and_(Accept(), by=unit(name))
    return story


def halfway() -> Scenario:
    """One of two leads has answered, in part."""
    return handling(WATER.name, ROADS.name).and_(Reply("partly", "The rest is exempt."), by=WATER, on="2026-03-09")


def replied() -> Scenario:
    return halfway().and_(Reply("not_held", "Nothing is held here."), by=ROADS)


def rated(story: Scenario, by: Actor) -> Scenario:
    return story.and_(Evaluate(by.name, "dissatisfied", reason="too little"), by=REQUESTER, on="2026-03-10")


def evaluated() -> Scenario:
    return rated(rated(replied(), WATER), ROADS)


LIVES: dict[str, Callable[[], Scenario]] = {
    "received": received,
    "assigned": assigned,
    "handling": halfway,
    "replied": replied,
    "evaluated": evaluated,
    "closed": lambda: evaluated().and_(Close(), by=AUTHORITY),
    "withdrawn": lambda: handling().and_(Withdraw("found elsewhere"), by=REQUESTER),
    "declined": lambda: received().and_(Decline("vexatious"), by=AUTHORITY),
}
OPEN = ("received", "assigned", "handling", "replied", "evaluated")


def answer(story: Scenario) -> Term:
    (term,) = story.suggestion.terms
    return term


def states(story: Scenario) -> list[str]:
    """Every state the story came to, in order."""
    return list(dict.fromkeys(entry.state for entry in story.history))


@pytest.mark.parametrize("case", read_cases(Path(__file__).parent / "cases" / "gb.foi.toml"), ids=str)
def test_a_case_of_the_table_comes_out_as_its_row_says(case: Case) -> None:
    assert case.differences(FOI) == ()


class TestTheTwentyDays:
    """FOIA s. 10: twenty working days from the day after receipt, and what stops them."""

    @pytest.mark.parametrize("edge", boundary_days(FOI, answer(received())), ids=str)
    def test_an_answer_is_late_on_exactly_the_days_after_the_twentieth(self, edge: BoundaryDay) -> None:
        """Section 10(1). The request came on 2 March, its unit got it on the day of the answer at the latest."""
        story = received().and_(Assign((WATER.name,)), by=AUTHORITY, on=edge.on).and_(Accept(), by=WATER)
        outcome = story.when(Reply("disclosed", "Here they are."), by=WATER)

        assert outcome.state == "replied"
        assert outcome.terms["reply"].is_late == (edge.on > day(DUE))

    @pytest.mark.parametrize("edge", boundary_days(FOI, answer(received())), ids=str)
    def test_the_clock_notes_a_miss_on_exactly_the_days_after_the_twentieth(self, edge: BoundaryDay) -> None:
        outcome = received().when_the_clock_reads(edge.on)

        assert outcome.kinds == (("deadline_missed",) if edge.on > day(DUE) else ())

    def test_the_days_a_fee_is_waited_for_are_left_out(self) -> None:
        """Section 10(2). Five working days of a stopped clock: after 30 March 31, 1, 2, then over Easter 7 and 8."""
        story = handling().and_(Suspend("a fees notice was given"), by=AUTHORITY, on="2026-03-09")
        standing = answer(story)
        term = answer(story.and_(Resume("the fee was paid"), by=AUTHORITY, on="2026-03-16"))

        assert (standing.is_paused, term.is_paused) == (True, False)
        assert (str(term.original_on), str(term.due_on)) == (DUE, "2026-04-08")

    @pytest.mark.parametrize("state", ["received", "assigned", "handling"])
    def test_the_clock_stops_and_goes_on_wherever_an_answer_is_owed(self, state: str) -> None:
        """Three working days: after 30 March 31, 1 and 2 April, the day before Good Friday."""
        story = LIVES[state]().and_(Suspend("a fees notice was given"), by=AUTHORITY, on="2026-03-09")
        story = story.and_(Resume("the fee was paid"), by=AUTHORITY, on="2026-03-12")

        assert (story.suggestion.state, str(answer(story).due_on)) == (state, "2026-04-02")

    def test_two_units_answer_one_request_and_the_last_of_them_meets_the_day(self) -> None:
        first = halfway()
        last = first.when(Reply("not_held", "Nothing is held here."), by=ROADS, on=DUE)

        assert (answer(first).end, first.suggestion.state) == ("running", "handling")
        assert (last.terms["reply"].end, last.terms["reply"].is_late, last.state) == ("met", False, "replied")


class TestTheAnswer:
    """FOIA ss. 1 and 17: what an answer may be, and what becomes of it."""

    @pytest.mark.parametrize(
        ("code", "is_resolved"), [("disclosed", True), ("partly", False), ("refused", False), ("not_held", False)]
    )
    def test_no_answer_is_a_promise_and_one_alone_resolves(self, code: str, is_resolved: bool) -> None:
        """Sections 1(1) and 17(1): the information, all of it or in part, a refusal, or that none is held."""
        outcome = handling().when(Reply(code, "See the letter."), by=WATER)
        meaning = outcome.suggestion.replies[0].snapshot

        assert meaning is not None
        assert (meaning.code, meaning.is_resolved, meaning.is_sent_upward) == (code, is_resolved, False)
        assert (outcome.state, outcome.suggestion.commitments) == ("replied", ())

    @pytest.mark.parametrize("state", ["handling", "replied", "evaluated"])
    def test_an_answer_is_sorted_anew_by_the_authority(self, state: str) -> None:
        story = LIVES[state]().and_(Regrade(WATER.name, "refused", "nothing was communicated"), by=AUTHORITY)
        first = story.suggestion.replies[0]

        assert (story.suggestion.state, first.outcome) == (state, "refused")
        assert first.snapshot is not None
        assert first.snapshot.code == "refused"

    def test_the_requester_may_judge_one_answer_while_the_other_is_owed(self) -> None:
        story = rated(halfway(), WATER)

        assert (story.suggestion.state, [r.unit for r in story.suggestion.ratings]) == ("handling", ["Water Bureau"])

    def test_a_request_is_judged_once_every_answer_is(self) -> None:
        first = rated(replied(), WATER)

        assert (first.suggestion.state, rated(first, ROADS).suggestion.state) == ("replied", "evaluated")

    def test_a_review_is_owed_by_the_unit_named_and_begins_no_term(self) -> None:
        """No time for an internal review was found in the Act, so none is set."""
        story = evaluated().and_(Rehandle((WATER.name,), "internal review"), by=AUTHORITY)

        assert story.suggestion.state == "handling"
        assert [a.unit for a in story.suggestion.leads_without_reply] == ["Water Bureau"]
        assert [term.end for term in story.suggestion.terms] == ["met"]

    def test_nothing_that_satisfied_is_reviewed_and_the_refusal_names_the_ground(self) -> None:
        """The question is the library's own, so the ground is the host's rule and no section of the Act."""
        story = handling().and_(Reply("disclosed", "Here."), by=WATER)
        story = story.and_(Evaluate(WATER.name, "satisfied"), by=REQUESTER)
        (reason,) = story.when(Rehandle((WATER.name,), "review"), by=AUTHORITY).reasons

        assert (reason.rule, reason.citation) == (
            "deputy_is_dissatisfied",
            "host",
        )

    @pytest.mark.parametrize("state", ["replied", "evaluated"])
    def test_an_answered_request_is_closed_whether_it_was_judged_or_not(self, state: str) -> None:
        outcome = LIVES[state]().when(Close(), by=AUTHORITY)

        assert (outcome.state, FOI.is_over(outcome.suggestion)) == ("closed", True)


class TestWhoHasIt:
    """One office takes it in, units answer, and any of them may be changed."""

    def test_a_request_is_with_its_unit_until_a_lead_signs_for_it(self) -> None:
        story = assigned(WATER.name, co_units=("Archive",)).and_(Accept(), by=unit("Archive"))

        assert (story.suggestion.state, story.when(Accept(), by=WATER).state) == ("assigned", "handling")

    def test_a_unit_that_signs_later_changes_no_state(self) -> None:
        story = assigned(WATER.name, ROADS.name).and_(Accept(), by=WATER).and_(Accept(), by=ROADS)

        assert (states(story), len(story.suggestion.leads)) == (["received", "assigned", "handling"], 2)

    @pytest.mark.parametrize("state", ["assigned", "handling"])
    def test_a_helping_unit_gives_its_opinion(self, state: str) -> None:
        story = {"assigned": assigned, "handling": handling}[state](co_units=("Archive",))
        outcome = story.when(GiveOpinion("The file is in box 7."), by=unit("Archive"))

        assert (outcome.state, [o.unit for o in outcome.suggestion.opinions]) == (state, ["Archive"])

    @pytest.mark.parametrize(
        ("story", "act", "state"),
        [
            pytest.param(assigned(), Reassign(("Roads Bureau",), reason="theirs too"), "assigned", id="unsigned"),
            pytest.param(handling(), Reassign(("Roads Bureau",), reason="theirs too"), "handling", id="signed"),
            pytest.param(
                handling(),
                Reassign(("Roads Bureau",), instead_of="Water Bureau", reason="theirs"),
                "assigned",
                id="signed, by another instead, who has not",
            ),
            pytest.param(
                halfway(),
                Reassign((), ("Archive",), instead_of="Roads Bureau", reason="nothing to answer"),
                "replied",
                id="the one that owed is relieved",
            ),
        ],
    )
    def test_a_unit_joined_or_changed_leaves_it_where_the_others_stand(
        self, story: Scenario, act: Act, state: str
    ) -> None:
        outcome = story.when(act, by=AUTHORITY, on="2026-03-20")

        assert (outcome.state, str(outcome.terms["reply"].due_on)) == (state, DUE)


@monitor("no lead that has signed for it in a request that is only assigned")
def nobody_has_signed_where_it_is_assigned(before: Suggestion, entry: Entry, after: Suggestion) -> bool:
    return after.state != "assigned" or not any(a.is_accepted for a in after.leads)


@monitor("one term of twenty working days in every life")
def one_term_alone(before: Suggestion, entry: Entry, after: Suggestion) -> bool:
    return [str(t.span) for t in after.terms if t.key.rule == "reply"] == ["20 workdays"] or entry.number == 1


@pytest.mark.parametrize("state", FOI.lifecycle.states)
def test_no_life_breaks_what_must_never_happen(state: str) -> None:
    monitors = (
        nobody_has_signed_where_it_is_assigned,
        one_term_alone,
        no_term_without_an_end,
        no_supervision_after_the_end(FOI),
        never("replied", before="accepted"),
        never("rehandling_demanded", before="evaluated"),
    )
    outcome = LIVES[state]().when_the_clock_reads("2026-12-31")

    assert watch(outcome, *monitors) == ()
    assert (outcome.state, outcome.supervisions) == (state, ())
