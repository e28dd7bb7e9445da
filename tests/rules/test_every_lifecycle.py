"""Who may do what where it stands, and is every way it may go gone, under every shipped rulebook?"""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given as drawn
from hypothesis import strategies as st

from handleflow import Act, Entry, Rulebook, Suggestion, acts, load_preset
from handleflow.engine.observer import observing
from handleflow.model import ROLES, Actor, RightTime
from handleflow.rules import Transition
from handleflow.testing import Scenario, given
from handleflow.testing.coverage import RulebookCoverage
from handleflow.testing.monitors import library_monitors, monitor, watch
from handleflow.testing.strategies import Life, lives
from tests.rules import (
    test_every_adoption,
    test_every_assignment,
    test_every_rating,
    test_every_reply,
    test_every_succession,
)
from tests.rules.lives import ASSIGNED_ON, BY_STATE, RECEIVED_ON, no_miss_before_its_day, rulebooks_of

ROOMS = (test_every_assignment, test_every_reply, test_every_rating, test_every_adoption, test_every_succession)
LIVES = [life for room in ROOMS for name, life in vars(room).items() if name.startswith("test_")]

UNIT = "Water Bureau"
ONE_OF_EACH: tuple[Act, ...] = (
    acts.Receive("Pipes", "Deputy A"),
    acts.TakeOver("Pipes"),
    acts.Decline("It names no matter."),
    acts.Classify("roads"),
    acts.Assign((UNIT,)),
    acts.Distribute((UNIT,)),
    acts.ObjectToAssignment("It is the road."),
    acts.AnswerAssignmentObjection("It is not."),
    acts.RecordReceipt(UNIT, ASSIGNED_ON, "The platform stood still."),
    acts.Accept(),
    acts.RequestReturn("It is the road."),
    acts.GrantReturn(UNIT),
    acts.RefuseReturn(UNIT, "It is not."),
    acts.Reassign((UNIT,), reason="It is the road."),
    acts.Plan("New pipes."),
    acts.ReportMeasure("pipes"),
    acts.RecordContact("before"),
    acts.GiveOpinion("Open it once."),
    acts.RejectOpinion(UNIT, "It says nothing."),
    acts.RequestExtension("2026-05-29", "The river is high."),
    acts.GrantExtension(UNIT),
    acts.RefuseExtension(UNIT, "It is dry."),
    acts.DeclareExtension("2026-05-29", "The river is high."),
    acts.Suspend("The river is high."),
    acts.Resume("It is dry."),
    acts.DraftReply("A", "Laid."),
    acts.ApproveDraft(UNIT),
    acts.ReturnDraft(UNIT, "Say when."),
    acts.Reply("A", "Laid."),
    acts.Regrade(UNIT, "A", "Laid."),
    acts.Publish(UNIT),
    acts.Evaluate(UNIT, "satisfied"),
    acts.RecordNoResponse(UNIT, (RECEIVED_ON,)),
    acts.Rehandle((UNIT,), "The deputy is dissatisfied."),
    acts.Close(),
    acts.ReportCommitment(1, "Half of it."),
    acts.FulfilCommitment(1, "Laid."),
    acts.RateCommitment(1, "satisfied"),
    acts.Supervise(UNIT, "phone", "The river is brown."),
    acts.AnswerSupervision(1, "Soon."),
    acts.RejectAnswer(1, "When?", "2026-12-31"),
    acts.MarkProgress(UNIT, "red"),
    acts.Succeed(UNIT, "Lakes Bureau", "renamed"),
    acts.MergeWith("2"),
    acts.Withdraw("It is solved."),
    acts.Correct(1, "title", "Pipes", "A word was left out."),
    acts.CorrectTime((RightTime(1, "2026-02-09T09:00+08:00", "2026-02-09"),), "The clock stood wrong."),
    acts.Adopt("host", "1"),
)

OFFICES = ("congress_office", "government_office")
URGING = (*OFFICES, "leader")
BEGUN = ("received", "assigned", "handling", "replied", "evaluated")
EVERYWHERE = (*BEGUN, "closed", "withdrawn", "declined")
UNREPLIED = ("received", "assigned", "handling")
AT_WORK = ("assigned", "handling")
ANSWERED = ("handling", "replied", "evaluated")
Openings = dict[str, tuple[tuple[str, ...], tuple[str, ...]]]
OPEN_TO: Openings = {
    "receive": (("",), OFFICES),
    "take_over": (("",), OFFICES),
    "decline": (("received",), OFFICES),
    "classify": (BEGUN, OFFICES),
    "assign": (("received",), OFFICES),
    "distribute": (AT_WORK, ("government_office",)),
    "object_to_assignment": (AT_WORK, ("deputy",)),
    "answer_assignment_objection": (AT_WORK, OFFICES),
    "record_receipt": (BEGUN[1:], OFFICES),
    "accept": (AT_WORK, ("unit",)),
    "request_return": (AT_WORK, ("unit",)),
    "grant_return": (AT_WORK, OFFICES),
    "refuse_return": (AT_WORK, OFFICES),
    "reassign": (AT_WORK, OFFICES),
    "plan": (AT_WORK, ("unit",)),
    "report_measure": (AT_WORK, ("unit",)),
    "record_contact": (("assigned", *ANSWERED), ("unit",)),
    "give_opinion": (AT_WORK, ("unit",)),
    "reject_opinion": (AT_WORK, ("unit",)),
    "request_extension": (AT_WORK, ("unit",)),
    "grant_extension": (AT_WORK, OFFICES),
    "refuse_extension": (AT_WORK, OFFICES),
    "declare_extension": (AT_WORK, ("unit",)),
    "draft_reply": (("handling",), ("unit",)),
    "approve_draft": (("handling",), OFFICES),
    "return_draft": (("handling",), OFFICES),
    "reply": (("handling",), ("unit",)),
    "regrade": (ANSWERED, OFFICES),
    "evaluate": (("handling", "replied"), ("deputy",)),
    "record_no_response": (("handling", "replied"), OFFICES),
    "rehandle": (("evaluated",), OFFICES),
    "close": (("evaluated",), OFFICES),
    "report_commitment": (ANSWERED, ("unit",)),
    "fulfil_commitment": (ANSWERED, ("unit",)),
    "rate_commitment": (ANSWERED, ("deputy",)),
    "supervise": (BEGUN, URGING),
    "answer_supervision": (BEGUN, ("unit",)),
    "reject_answer": (BEGUN, URGING),
    "mark_progress": (BEGUN[1:], URGING),
    "merge_with": (UNREPLIED, OFFICES),
    "withdraw": (UNREPLIED, ("deputy",)),
    "correct": (EVERYWHERE, OFFICES),
    "correct_time": (EVERYWHERE, OFFICES),
    "succeed": (BEGUN[1:], OFFICES),
    "adopt": (BEGUN, OFFICES),
}
"""Where each act is open, and to whom; nothing else is open to anybody."""

BY_THE_UNIT_TOO: Openings = {"rehandle": (("evaluated",), (*OFFICES, "unit"))}
OTHERWISE: dict[str, Openings] = {
    "cn.beijing": {"withdraw": (("received",), ("deputy",))},
    "cn.henan": BY_THE_UNIT_TOO,
    "cn.shandong": BY_THE_UNIT_TOO,
    "cn.xiamen": {"withdraw": (("received",), ("deputy",))},
    "cn.zhejiang": BY_THE_UNIT_TOO,
}
"""What a place says otherwise: Beijing (BJ14 13) and Xiamen (XM25 14), and where the unit itself handles it again."""
UNRATED_TOO = {"cn.beijing", "cn.qingdao"}
"""Where the congress's office has a reply handled again that nobody has rated (BJ14 27, QD21 31)."""


def cannot_be_taken(rules: Rulebook, transition: Transition) -> bool:
    """Whether the place has nothing that *transition* could be about: no such longer time, or no lights."""
    verb, modes = transition.act.verb, {rule.extension.mode for rule in rules.terms if rule.extension}
    if verb in {"request_extension", "grant_extension", "refuse_extension"}:
        return "consent" not in modes
    if verb == "declare_extension":
        return "declaration" not in modes
    return verb == "mark_progress" and not rules.lights


def openings(rules: Rulebook, state: str) -> Iterator[tuple[str, str]]:
    """The acts that are open in *state* and to which role, as the refusals tell it."""
    story = BY_STATE[state](rules) if state else given(rules)
    for act in ONE_OF_EACH:
        for role in ROLES:
            outcome = story.when(act, by=Actor(role, "Somebody"), on=None if state else RECEIVED_ON)
            if not {"wrong_state", "wrong_role", "nobody_is_the_clock", "id_is_taken"} & set(outcome.rules):
                yield act.verb, role


def test_there_is_one_of_each_act_to_ask_for() -> None:
    assert {type(act) for act in ONE_OF_EACH} == set(acts.ACTS)


def test_every_act_is_open_where_it_should_be_and_to_whom_and_nowhere_else(rules: Rulebook) -> None:
    table = {**OPEN_TO, **OTHERWISE.get(rules.name, {})}
    expected = {(state, verb, role) for verb, (states, roles) in table.items() for state in states for role in roles}
    expected |= {("replied", "rehandle", "congress_office")} if rules.name in UNRATED_TOO else set()
    found = {(state, verb, role) for state in ("", *EVERYWHERE) for verb, role in openings(rules, state)}

    assert (found - expected, expected - found) == (set(), set())


def test_every_transition_that_can_be_taken_is_taken_in_these_lives(rules: Rulebook) -> None:
    coverage = RulebookCoverage(rules)
    with observing(coverage):
        for life in LIVES:
            life(rules)
    transitions = next(tried for tried in coverage.tried() if tried.part == "transitions")
    possible = [transition for transition in rules.lifecycle.transitions if not cannot_be_taken(rules, transition)]

    assert (transitions.missing, len(transitions.every)) == ((), len(possible))


@monitor("no lead has signed for what is still assigned")
def no_lead_has_signed(_: Suggestion, __: Entry, after: Suggestion) -> bool:
    return after.state != "assigned" or not any(a.is_accepted for a in after.leads)


def played(rules: Rulebook, life: Life) -> Scenario:
    """The story of a random life; what is refused leaves it as it was."""
    story = given(rules)
    for on, by, act in life:
        story = story.when(act, by=by, on=on).and_then()
    return story


@drawn(st.data())
def test_in_no_random_life_under_one_rulebook_what_must_never_happen_happens(data: st.DataObject) -> None:
    rules = load_preset(data.draw(st.sampled_from(rulebooks_of())))
    story = played(rules, data.draw(lives(rules)))

    assert watch(story, *library_monitors(rules), no_miss_before_its_day, no_lead_has_signed) == ()
