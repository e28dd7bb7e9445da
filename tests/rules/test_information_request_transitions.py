"""Which acts are open where a request for information stands, to whom, and what may be told of it there?"""

from __future__ import annotations

import attrs
import pytest

from handleflow import Act, Actor, load
from handleflow.acts import (
    Accept,
    Adopt,
    AnswerSupervision,
    Assign,
    Classify,
    Close,
    Correct,
    CorrectTime,
    Decline,
    Evaluate,
    GiveOpinion,
    GrantReturn,
    MarkProgress,
    Reassign,
    Receive,
    RecordContact,
    Regrade,
    Rehandle,
    RejectAnswer,
    Reply,
    RequestReturn,
    Resume,
    Succeed,
    Supervise,
    Suspend,
    TakeOver,
    Withdraw,
)
from handleflow.model import RightTime
from handleflow.model.actors import CLOCK, ROLES
from handleflow.testing import Scenario, given, leader, unit
from tests.beginnings import ROADS, WATER
from tests.rules.test_information_request_rules import AUTHORITY, DUE, FOI, LIVES, OPEN, REQUESTER

OFFICE = ("information_office",)
URGING = ("information_office", "leader")
OWED = ("received", "assigned", "handling")
AT_WORK = ("assigned", "handling")
ANSWERED = ("handling", "replied", "evaluated")
EVERYWHERE = FOI.lifecycle.states
DOORS = (
    (Receive("Water tests", "Requester A"), ("",), OFFICE),
    (Decline("vexatious"), ("received",), OFFICE),
    (Classify(category="water"), OPEN, OFFICE),
    (Assign(("Water Bureau",)), ("received",), OFFICE),
    (Accept(), AT_WORK, ("unit",)),
    (Reassign(("Archive",), reason="theirs"), AT_WORK, OFFICE),
    (RecordContact("during"), OPEN[1:], ("unit",)),
    (GiveOpinion("Box 7."), AT_WORK, ("unit",)),
    (Suspend("a fees notice was given"), OWED, OFFICE),
    (Resume("the fee was paid"), OWED, OFFICE),
    (Reply("disclosed", "Here."), ("handling",), ("unit",)),
    (Regrade("Water Bureau", "refused", "misread"), ANSWERED, OFFICE),
    (Evaluate("Water Bureau", "satisfied"), ("handling", "replied"), ("deputy",)),
    (Rehandle(("Water Bureau",), "review"), ("evaluated",), OFFICE),
    (Close(), ("replied", "evaluated"), OFFICE),
    (Supervise("Water Bureau", "phone", "How far is it?"), OPEN, URGING),
    (AnswerSupervision(1, "Nearly done."), OPEN, ("unit",)),
    (RejectAnswer(1, "which day?", "2026-12-31"), OPEN, URGING),
    (MarkProgress("Water Bureau", "green"), OPEN[1:], URGING),
    (Withdraw("found elsewhere"), OWED, ("deputy",)),
    (Correct(1, "title", "Tests", "misheard"), EVERYWHERE, OFFICE),
    (CorrectTime((RightTime(1, "2026-01-01T09:00+00:00", "2026-01-01"),), "a wrong clock"), EVERYWHERE, OFFICE),
    (Succeed("Water Bureau", "Lakes Bureau", "renamed"), OPEN[1:], OFFICE),
    (Adopt("gb.foi", "2027.1"), OPEN, OFFICE),
)
"""Every act a request knows, where it is open, and to whom; the requester speaks as "deputy"."""


def standing(state: str) -> Scenario:
    return LIVES[state]() if state else given(FOI)


@pytest.mark.parametrize(("act", "states", "roles"), DOORS, ids=lambda value: getattr(value, "verb", ""))
def test_an_act_is_open_in_its_states_and_to_its_roles_alone(
    act: Act, states: tuple[str, ...], roles: tuple[str, ...]
) -> None:
    """Whatever else may stand in its way: another state refuses it as such, another role too."""
    people = [role for role in ROLES if role != CLOCK.role]
    outcomes = {
        (state, role): standing(state).when(act, by=Actor(role, "Water Bureau"), on="2026-12-30").rules
        for state in ("", *EVERYWHERE)
        for role in (*people, *OFFICE)
    }

    open_in = {state for (state, _), why in outcomes.items() if why not in {("wrong_state",), ("id_is_taken",)}}
    open_to = {role for (state, role), why in outcomes.items() if state == states[0] and "wrong_role" not in why}

    assert (open_in, open_to) == (set(states), set(roles))


def test_no_act_has_been_forgotten() -> None:
    assert {type(act) for act, *_ in DOORS} == set(FOI.lifecycle.acts)


class TestWhereverItStands:
    """What may be told of a request in each of its states, and moves it nowhere."""

    @pytest.mark.parametrize("state", OPEN)
    def test_it_is_sorted(self, state: str) -> None:
        outcome = LIVES[state]().when(Classify(category="water"), by=AUTHORITY)

        assert (outcome.state, outcome.suggestion.category) == (state, "water")

    @pytest.mark.parametrize("state", OPEN[1:])
    def test_its_unit_speaks_with_the_requester(self, state: str) -> None:
        outcome = LIVES[state]().when(RecordContact("during", "letter"), by=WATER)

        assert (outcome.state, [c.channel for c in outcome.suggestion.contacts]) == (state, ["letter"])

    @pytest.mark.parametrize("state", OPEN)
    def test_a_unit_is_urged_and_answers(self, state: str) -> None:
        urged = Supervise(WATER.name, "phone", "How far is it?", "2026-03-17")
        story = LIVES[state]().and_(urged, by=leader(), on="2026-03-16")
        outcome = story.when(AnswerSupervision(1, "Nearly done."), by=WATER, on="2026-03-17")
        (supervision,) = outcome.suggestion.supervisions

        assert (outcome.state, str(supervision.answered_on)) == (state, "2026-03-17")
        assert (outcome.terms["supervision_answer"].end, outcome.terms["supervision_answer"].is_late) == (
            "met",
            False,
        )

    @pytest.mark.parametrize("state", OPEN[1:])
    def test_an_answer_that_says_nothing_is_asked_for_again(self, state: str) -> None:
        story = LIVES[state]().and_(Supervise(WATER.name, "phone", "How far is it?"), by=AUTHORITY, on="2026-03-16")
        story = story.and_(AnswerSupervision(1, "Soon."), by=WATER)
        outcome = story.when(RejectAnswer(1, "which day?", "2026-03-18"), by=AUTHORITY)

        assert (outcome.state, [s.follows for s in outcome.suggestion.supervisions]) == (state, [None, 1])
        assert str(outcome.terms["supervision_answer"].due_on) == "2026-03-18"

    @pytest.mark.parametrize("state", OPEN[1:])
    def test_no_colour_is_given_since_the_rulebook_has_no_lights(self, state: str) -> None:
        (reason,) = LIVES[state]().when(MarkProgress(WATER.name, "green"), by=AUTHORITY).reasons

        assert (reason.rule, FOI.lights) == ("colour_is_known", ())

    @pytest.mark.parametrize("state", ["received", "assigned", "handling"])
    def test_it_is_withdrawn_while_an_answer_is_owed(self, state: str) -> None:
        outcome = LIVES[state]().when(Withdraw("found elsewhere"), by=REQUESTER)

        assert (outcome.state, outcome.terms["reply"].end) == ("withdrawn", "dropped")

    @pytest.mark.parametrize("state", FOI.lifecycle.states)
    def test_a_slip_of_the_pen_is_set_right_in_every_state(self, state: str) -> None:
        outcome = LIVES[state]().when(Correct(1, "title", "Tests of drinking water", "misheard"), by=AUTHORITY)

        assert (outcome.state, outcome.suggestion.title) == (state, "Tests of drinking water")

    @pytest.mark.parametrize("state", FOI.lifecycle.states)
    def test_a_wrong_time_is_set_right_in_every_state(self, state: str) -> None:
        story = LIVES[state]()
        right = RightTime(1, story.history[0].at.subtract(hours=1), story.history[0].on)
        outcome = story.when(CorrectTime((right,), "a wrong clock"), by=AUTHORITY)

        assert (outcome.state, outcome.suggestion.right_times) == (state, (right,))

    @pytest.mark.parametrize("state", OPEN[1:])
    def test_a_successor_goes_on_without_a_fresh_clock(self, state: str) -> None:
        story = LIVES[state]()
        outcome = story.when(Succeed("Water Bureau", "Lakes Bureau", "renamed"), by=AUTHORITY)

        assert (outcome.state, outcome.suggestion.units[0]) == (state, "Lakes Bureau")
        assert outcome.terms["reply"].due_on == story.suggestion.terms[0].due_on

    @pytest.mark.parametrize("state", OPEN)
    def test_a_newer_version_of_the_rulebook_is_taken_up(self, state: str) -> None:
        next_year = load("gb.foi", changes={"version": "2027.1"})
        outcome = attrs.evolve(LIVES[state](), rules=next_year).when(Adopt("gb.foi", "2027.1"), by=AUTHORITY)

        assert (outcome.state, str(outcome.suggestion.rulebook)) == (state, "gb.foi 2027.1")
        assert str(outcome.terms["reply"].due_on) == DUE


EARLIER = load(
    "gb.foi",
    changes={
        "name": "authority.earlier",
        "version": "1",
        "transition": [
            {"act": "take_over", "source": [""], "target": "evaluated", "who": ["information_office"]},
            {"act": "accept", "source": ["assigned", "handling"], "target": "same", "who": ["unit"]},
            {"act": "request_return", "source": ["assigned"], "target": "same", "who": ["unit"]},
            {
                "act": "grant_return",
                "source": ["assigned"],
                "target": "received",
                "who": ["information_office"],
                "when": "no_lead_is_left",
            },
            {"act": "grant_return", "source": ["assigned"], "target": "same", "who": ["information_office"]},
        ],
    },
)
"""An authority's own rules of before: old requests are taken over, units hand back, signing moves nothing."""


def adopted(story: Scenario) -> Scenario:
    return attrs.evolve(story, rules=FOI).and_(Adopt(FOI.name, FOI.version), by=AUTHORITY)


class TestTakenUpFromAnotherRulebook:
    """
    What only a request begun under other rules can come to.

    Under this rulebook alone nobody is urged who has a part in a request just received, no lead that signed is
    found in ``assigned``, and an answer that stands has a lead that signed for it.
    """

    def begun(self) -> Scenario:
        story = given(EARLIER).and_(Receive("Water tests", "Requester A"), by=AUTHORITY, on="2026-03-02")
        return story.and_(Assign((WATER.name,), ("Archive",)), by=AUTHORITY)

    def test_a_helping_unit_left_when_the_lead_handed_it_back_is_urged_twice(self) -> None:
        archive = unit("Archive")
        story = self.begun().and_(RequestReturn("not ours"), by=WATER).and_(GrantReturn(WATER.name), by=AUTHORITY)
        story = adopted(story).and_(Supervise(archive.name, "phone", "Which box?"), by=AUTHORITY)
        story = story.and_(AnswerSupervision(1, "We are looking."), by=archive)
        outcome = story.when(RejectAnswer(1, "which box?", "2026-03-05"), by=AUTHORITY)

        assert (outcome.state, [s.unit for s in outcome.suggestion.supervisions]) == ("received", ["Archive"] * 2)

    def test_a_lead_that_had_signed_is_being_answered_by_as_soon_as_another_joins(self) -> None:
        story = self.begun().and_(Accept(), by=WATER)
        outcome = adopted(story).when(Reassign((ROADS.name,), reason="theirs too"), by=AUTHORITY)

        assert (story.suggestion.state, outcome.state) == ("assigned", "handling")

    def test_when_the_one_that_owed_a_review_is_relieved_the_answer_taken_over_stands(self) -> None:
        old = TakeOver(
            "Water tests",
            leads=(WATER.name, ROADS.name),
            assigned_on="2026-01-12",
            replied_on="2026-02-09",
            result="dissatisfied",
        )
        story = adopted(given(EARLIER).and_(old, by=AUTHORITY, on="2026-03-02"))
        story = story.and_(Rehandle((WATER.name,), "internal review"), by=AUTHORITY)
        story = story.and_(Reassign(("Archive",), instead_of=WATER.name, reason="theirs"), by=AUTHORITY)
        relieved = Reassign((), ("Registry",), instead_of="Archive", reason="nothing is held there")
        outcome = story.when(relieved, by=AUTHORITY)

        assert (story.suggestion.state, outcome.state) == ("assigned", "replied")
        assert [reply.unit for reply in outcome.suggestion.current_replies] == ["Roads Bureau"]
