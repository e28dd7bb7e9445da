"""Does a suggestion come in and find its units under every shipped rulebook? (受理、交办)"""

from __future__ import annotations

from attrs import evolve

from handleflow import Act, Rulebook
from handleflow.acts import (
    Accept,
    AnswerAssignmentObjection,
    Assign,
    Classify,
    Decline,
    Distribute,
    Evaluate,
    GrantReturn,
    ObjectToAssignment,
    Reassign,
    Receive,
    RecordReceipt,
    RefuseReturn,
    Rehandle,
    RequestReturn,
    TakeOver,
)
from handleflow.testing import Scenario, deputy, given, government, office
from tests.beginnings import ROADS, SCHOOLS, WATER
from tests.rules.lives import (
    ASSIGNED_ON,
    BY_STATE,
    OFFICES,
    OPEN,
    RATED_ON,
    RECEIVED_ON,
    REPLIED_ON,
    assigned,
    handling,
    heard,
    received,
    solving,
    taken_over,
)

AT_WORK = ("assigned", "handling")
BEGUN = (*AT_WORK, "replied", "evaluated")


def leads_to(act: Act, *stories: Scenario) -> list[str]:
    """Where *act* leads in each story; the same whichever office decides."""
    first, second = ([story.and_(act, by=by).suggestion.state for story in stories] for by in OFFICES)
    assert first == second
    return first


def one_replied(rules: Rulebook) -> Scenario:
    """Two leads handle it separately; the Water Bureau has replied, the Roads Bureau wants to give it back."""
    story = heard(rules, "Water Bureau", "Roads Bureau").and_(RequestReturn("It is no road."), by=ROADS)
    return story.and_(solving(rules), by=WATER, on=REPLIED_ON)


def one_rated(rules: Rulebook) -> Scenario:
    """The same, and the deputy has rated the one reply there is."""
    return one_replied(rules).and_(Evaluate("Water Bureau", "satisfied"), by=deputy(), on=RATED_ON)


def nobody_signed(rules: Rulebook) -> Scenario:
    """
    Taken over with two rated replies, of which the Water Bureau's is asked for again.

    No unit signed for it here. The Schools Bureau came beside and went: so it is assigned, and the Roads Bureau's
    reply stands and is rated.
    """
    story = taken_over(rules, "Water Bureau", "Roads Bureau", deputy="Deputy A", result="dissatisfied")
    story = story.and_(Rehandle(("Water Bureau",), "The deputy is dissatisfied."), by=office())
    story = story.and_(Reassign(("Schools Bureau",), reason="Schools drink it too."), by=office())
    return story.and_(RequestReturn("It is no school."), by=SCHOOLS).and_(GrantReturn("Schools Bureau"), by=office())


def test_either_office_takes_it_in_and_its_deputy_is_known(rules: Rulebook) -> None:
    outcomes = [given(rules).when(Receive("Pipes", "Deputy A"), by=by, on=RECEIVED_ON) for by in OFFICES]

    assert [(o.state, o.suggestion.deputies) for o in outcomes] == [("received", ("Deputy A",))] * 2


def test_a_ledgers_row_stands_where_its_facts_say(rules: Rulebook) -> None:
    rows = (
        TakeOver("Pipes"),
        TakeOver("Pipes", leads=("Water Bureau",)),
        TakeOver("Pipes", leads=("Water Bureau",), replied_on="2026-02-05"),
        TakeOver("Pipes", leads=("Water Bureau",), replied_on="2026-02-05", result="satisfied"),
    )
    found = [[given(rules).when(row, by=by, on=RECEIVED_ON).state for row in rows] for by in OFFICES]

    assert found == [["received", "assigned", "replied", "evaluated"]] * 2


def test_what_is_not_taken_up_is_over_and_says_on_which_ground(rules: Rulebook) -> None:
    ends = [received(rules).when(Decline("It names no matter."), by=by) for by in OFFICES]

    assert [(end.state, end.suggestion.ground) for end in ends] == [("declined", "It names no matter.")] * 2


def test_it_is_sorted_anew_wherever_it_stands_while_it_is_open(rules: Rulebook) -> None:
    outcomes = [BY_STATE[state](rules).when(Classify("roads", is_key=True), by=office()) for state in OPEN]

    assert [(o.state, o.suggestion.category, o.suggestion.is_key) for o in outcomes] == [
        (state, "roads", True) for state in OPEN
    ]


def test_it_is_assigned_and_each_lead_owes_a_reply_of_its_own(rules: Rulebook) -> None:
    both = Assign(("Water Bureau", "Roads Bureau"))
    outcome = received(rules).when(both, by=office(), on=ASSIGNED_ON)

    assert leads_to(both, received(rules)) == ["assigned"]
    assert [a.unit for a in outcome.suggestion.leads_without_reply] == ["Water Bureau", "Roads Bureau"]


def test_either_office_records_that_a_unit_received_it_later(rules: Rulebook) -> None:
    late = RecordReceipt("Water Bureau", "2026-02-12", "The platform stood still.")
    at_once = evolve(late, received_on=ASSIGNED_ON)
    first, second = ([BY_STATE[state](rules).when(at_once, by=by) for state in BEGUN] for by in OFFICES)
    outcome = assigned(rules).when(late, by=office(), on="2026-02-12")
    (part,) = outcome.suggestion.assignments

    assert [(o.state, o.rules) for o in first] == [(o.state, o.rules) for o in second]
    assert [o.state for o in first] == list(BEGUN)
    assert (str(part.assigned_on), str(part.received_on)) == (ASSIGNED_ON, "2026-02-12")


def test_the_governments_office_passes_it_on_and_the_day_it_was_assigned_stays(rules: Rulebook) -> None:
    passing = Distribute(("Roads Bureau",), instead_of="Water Bureau")
    outcomes = [BY_STATE[state](rules).when(passing, by=government(), on="2026-02-12") for state in AT_WORK]

    assert [outcome.state for outcome in outcomes] == ["assigned", "handling"]
    assert [[(a.unit, str(a.assigned_on)) for a in outcome.suggestion.leads] for outcome in outcomes] == [
        [("Roads Bureau", ASSIGNED_ON)]
    ] * 2


def test_who_owed_the_last_reply_becomes_a_helper_and_what_is_all_rated_is_evaluated(rules: Rulebook) -> None:
    helps = Distribute((), ("Schools Bureau",), instead_of="Roads Bureau")
    outcomes = [story(rules).when(helps, by=government(), on=RATED_ON) for story in (one_replied, one_rated)]

    assert [outcome.state for outcome in outcomes] == ["handling", "evaluated"]
    assert [outcome.suggestion.leads_without_reply for outcome in outcomes] == [(), ()]


def test_the_deputy_objects_to_who_handles_it_and_an_office_answers(rules: Rulebook) -> None:
    objected = [BY_STATE[state](rules).and_(ObjectToAssignment("It is the road."), by=deputy()) for state in AT_WORK]
    answer = AnswerAssignmentObjection("The pipes are the cause.")

    assert leads_to(answer, *objected) == ["assigned", "handling"]
    assert [story.when(answer, by=office()).suggestion.assignment_objections[0].answer for story in objected] == [
        "The pipes are the cause."
    ] * 2


def test_it_is_being_handled_once_a_lead_has_signed_for_it_and_not_for_a_co_unit(rules: Rulebook) -> None:
    story, states = assigned(rules, "Water Bureau", "Roads Bureau", co_units=("Schools Bureau",)), []
    for by in (SCHOOLS, ROADS, WATER):
        story = story.and_(Accept(), by=by)
        states.append(story.suggestion.state)

    assert states == ["assigned", "handling", "handling"]


def test_a_unit_whose_return_is_refused_goes_on_handling_it(rules: Rulebook) -> None:
    args = [BY_STATE[state](rules).and_(RequestReturn("It is the road."), by=WATER) for state in AT_WORK]
    refusal = RefuseReturn("Water Bureau", "The pipes are yours.")

    assert [story.suggestion.state for story in args] == leads_to(refusal, *args) == ["assigned", "handling"]
    assert [story.when(refusal, by=office()).suggestion.units for story in args] == [("Water Bureau",)] * 2


def test_when_its_only_lead_gives_it_back_it_waits_for_another(rules: Rulebook) -> None:
    args = [BY_STATE[state](rules).and_(RequestReturn("It is the road."), by=WATER) for state in AT_WORK]

    assert leads_to(GrantReturn("Water Bureau"), *args) == ["received"] * 2


def test_when_one_of_two_leads_gives_it_back_whether_the_other_has_signed_decides(rules: Rulebook) -> None:
    nobody = assigned(rules, "Water Bureau", "Roads Bureau")
    who_leaves = nobody.and_(Accept(), by=ROADS)
    both = who_leaves.and_(Accept(), by=WATER)
    args = [story.and_(RequestReturn("It is no road."), by=ROADS) for story in (nobody, who_leaves, both)]

    assert [story.suggestion.state for story in args] == ["assigned", "handling", "handling"]
    assert leads_to(GrantReturn("Roads Bureau"), *args) == ["assigned", "assigned", "handling"]


def test_when_the_last_who_owed_a_reply_gives_it_back_the_replies_decide(rules: Rulebook) -> None:
    strangers = nobody_signed(rules).and_(RequestReturn("It is not ours."), by=WATER)

    assert leads_to(GrantReturn("Roads Bureau"), one_replied(rules), one_rated(rules)) == ["replied", "evaluated"]
    assert strangers.suggestion.state == "assigned"
    assert leads_to(GrantReturn("Water Bureau"), strangers) == ["evaluated"]


def test_another_lead_beside_the_first_owes_a_reply_as_well(rules: Rulebook) -> None:
    more = Reassign(("Roads Bureau",), reason="The road is open anyway.")

    assert leads_to(more, assigned(rules), handling(rules)) == ["assigned", "handling"]
    assert [a.unit for a in handling(rules).and_(more, by=office()).suggestion.leads_without_reply] == [
        "Water Bureau",
        "Roads Bureau",
    ]


def test_another_lead_in_its_place_must_sign_for_it_first(rules: Rulebook) -> None:
    instead = Reassign(("Roads Bureau",), instead_of="Water Bureau", reason="It is the road.")

    assert leads_to(instead, handling(rules)) == ["assigned"]


def test_when_a_helper_takes_the_place_of_the_last_who_owed_a_reply_the_replies_decide(rules: Rulebook) -> None:
    helps = Reassign((), ("Schools Bureau",), instead_of="Roads Bureau", reason="It can only help.")
    strangers = Reassign((), ("Schools Bureau",), instead_of="Water Bureau", reason="It can only help.")

    assert leads_to(helps, one_replied(rules), one_rated(rules)) == ["replied", "evaluated"]
    assert leads_to(strangers, nobody_signed(rules)) == ["evaluated"]
