"""Where does an outcome fork? Each condition on suggestions that decide it, the empty one first."""

from __future__ import annotations

import pytest

from handleflow.legal_time import day
from handleflow.model import Suggestion
from handleflow.model.nouns import Acceptance, Answer, Assignment, Rating
from handleflow.rules import CONDITIONS
from tests.beginnings import DEPUTY, OFFICE

ACCEPTED = Acceptance(3, day("2026-02-11"))
WATER = Assignment(2, "Water Bureau", "lead", acceptance=ACCEPTED)
ROADS = Assignment(2, "Roads Bureau", "lead")
LEFT = Assignment(2, "Parks Bureau", "lead", acceptance=ACCEPTED, ended="returned")
SCHOOLS = Assignment(2, "Schools Bureau", "co", acceptance=ACCEPTED)
WATERS_REPLY, ROADS_REPLY = Answer(4, "Water Bureau"), Answer(5, "Roads Bureau")


def rated(unit: str, rater: str = "Deputy A", entry: int = 6) -> Rating:
    return Rating(entry, DEPUTY, unit, rater=rater, result="satisfied")


DISSATISFIED = Rating(7, DEPUTY, "Water Bureau", rater="Deputy B", result="dissatisfied", reason="It is brown.")


def unanswered(unit: str) -> Rating:
    return Rating(6, OFFICE, unit, is_no_response=True)


def suggestion(
    *assignments: Assignment,
    replies: tuple[Answer, ...] = (),
    ratings: tuple[Rating, ...] = (),
    co_signers: tuple[str, ...] = (),
) -> Suggestion:
    return Suggestion(
        "2026-017",
        deputy="Deputy A",
        co_signers=co_signers,
        assignments=assignments,
        replies=replies,
        ratings=ratings,
    )


@pytest.mark.parametrize("name", CONDITIONS)
def test_over_no_units_at_all_only_the_absence_of_a_lead_holds(name: str) -> None:
    """``all()`` over nothing is true: a suggestion nobody handles would count as replied and rated."""
    assert CONDITIONS[name](suggestion()) == (name == "no_lead_is_left")


@pytest.mark.parametrize(
    ("name", "after", "holds"),
    [
        pytest.param("a_lead_has_accepted", suggestion(WATER, ROADS), True, id="one of two leads signed"),
        pytest.param("a_lead_has_accepted", suggestion(ROADS, SCHOOLS), False, id="only the co unit signed"),
        pytest.param("a_lead_has_accepted", suggestion(ROADS, LEFT), False, id="who signed has left"),
        pytest.param("no_lead_is_left", suggestion(LEFT, SCHOOLS), True, id="a co unit is no lead"),
        pytest.param("no_lead_is_left", suggestion(LEFT, ROADS), False, id="another lead stays"),
        pytest.param("a_unit_is_assigned", suggestion(SCHOOLS), True, id="a co unit has a part too"),
        pytest.param("a_unit_is_assigned", suggestion(LEFT), False, id="the only unit has left"),
        pytest.param(
            "every_due_reply_is_in", suggestion(WATER, replies=(WATERS_REPLY,)), True, id="the only lead replied"
        ),
        pytest.param(
            "every_due_reply_is_in",
            suggestion(WATER, ROADS, replies=(WATERS_REPLY,)),
            False,
            id="one of two leads replied",
        ),
        pytest.param(
            "every_due_reply_is_in",
            suggestion(LEFT, replies=(Answer(4, "Parks Bureau"),)),
            False,
            id="who replied has left, so nothing stands",
        ),
        pytest.param(
            "every_due_reply_is_in",
            suggestion(Assignment(2, "Water Bureau", "lead", round=2), replies=(WATERS_REPLY,)),
            False,
            id="the reply was in the round before",
        ),
        pytest.param(
            "every_due_reply_is_in", suggestion(replies=(Answer(1),)), True, id="a reply of a unit nobody knows"
        ),
        pytest.param("every_reply_is_rated", suggestion(WATER, replies=(WATERS_REPLY,)), False, id="nobody rated it"),
        pytest.param(
            "every_reply_is_rated",
            suggestion(WATER, ROADS, replies=(WATERS_REPLY,), ratings=(rated("Water Bureau"),)),
            False,
            id="what is in is rated but a reply is due",
        ),
        pytest.param(
            "every_reply_is_rated",
            suggestion(WATER, ROADS, replies=(WATERS_REPLY, ROADS_REPLY), ratings=(rated("Water Bureau"),)),
            False,
            id="one of two replies is rated",
        ),
        pytest.param(
            "every_reply_is_rated",
            suggestion(
                WATER,
                ROADS,
                replies=(WATERS_REPLY, ROADS_REPLY),
                ratings=(rated("Water Bureau"), unanswered("Roads Bureau")),
            ),
            True,
            id="a record of no response stands for a rating",
        ),
        pytest.param("it_is_public", Suggestion("1", visibility="public"), True, id="it may be published"),
        pytest.param("it_is_public", Suggestion("1", visibility="title_only"), False, id="its title alone may be"),
        pytest.param(
            "it_is_public", Suggestion("1", visibility="public", is_confidential=True), False, id="it is confidential"
        ),
        pytest.param(
            "a_reply_dissatisfies",
            suggestion(WATER, replies=(WATERS_REPLY,), ratings=(rated("Water Bureau"),)),
            False,
            id="it was rated satisfied",
        ),
        pytest.param(
            "a_reply_dissatisfies",
            suggestion(
                Assignment(2, "Water Bureau", "lead", round=2), replies=(WATERS_REPLY,), ratings=(DISSATISFIED,)
            ),
            False,
            id="what dissatisfied is handled again",
        ),
        pytest.param(
            "a_reply_dissatisfies",
            suggestion(WATER, replies=(WATERS_REPLY,), ratings=(rated("Water Bureau"), DISSATISFIED)),
            True,
            id="one of two deputies was dissatisfied",
        ),
    ],
)
def test_a_condition_holds_of_the_suggestion_the_act_leaves(name: str, after: Suggestion, holds: bool) -> None:
    assert CONDITIONS[name](after) == holds


@pytest.mark.parametrize(
    ("ratings", "holds"),
    [
        pytest.param((), False, id="nobody rated it"),
        pytest.param((rated("Water Bureau"),), False, id="the co-signer has not rated it"),
        pytest.param((rated("Water Bureau", "Deputy B"),), False, id="the lead deputy has not rated it"),
        pytest.param((rated("Water Bureau"), rated("Water Bureau", "Deputy B", 7)), True, id="both have rated it"),
        pytest.param((rated("Water Bureau"), unanswered("Water Bureau")), True, id="one rated it, no more will come"),
        pytest.param(
            (rated("Water Bureau"), rated("Water Bureau", "Deputy C", 7)),
            False,
            id="a stranger's verdict is not the co-signer's",
        ),
    ],
)
def test_a_joint_suggestion_is_rated_when_every_deputy_has(ratings: tuple[Rating, ...], holds: bool) -> None:
    after = suggestion(WATER, replies=(WATERS_REPLY,), ratings=ratings, co_signers=("Deputy B",))

    assert CONDITIONS["every_deputy_has_rated"](after) == holds


def test_every_deputy_rates_every_reply() -> None:
    one = suggestion(WATER, ROADS, replies=(WATERS_REPLY, ROADS_REPLY), ratings=(rated("Water Bureau"),))
    both = suggestion(
        WATER,
        ROADS,
        replies=(WATERS_REPLY, ROADS_REPLY),
        ratings=(rated("Water Bureau"), rated("Roads Bureau")),
    )

    assert [CONDITIONS["every_deputy_has_rated"](p) for p in (one, both)] == [False, True]
