"""Is what national law asks for asked in every place, and does each class of reply mean what it says there?"""

from __future__ import annotations

from handleflow import Rulebook
from handleflow.acts import Receive, RecordContact, Rehandle, Reply, TakeOver
from handleflow.testing import given, government, office
from tests.beginnings import WATER
from tests.rules.lives import (
    RECEIVED_ON,
    REPLIED_ON,
    a_reply,
    evaluated,
    handling,
    heard,
    refusals,
    rehandled,
    solving,
)

OF_ITS_OWN = {"cn.xiamen": {"DBF25 51": "XM25 26", "NPC-YSGZ 32": "XM25 29"}}
"""Where a place asks for what national law asks for too, its own article."""


def ground(rules: Rulebook, national: str) -> str:
    """The article that a refusal of a rulebook names instead of national law's."""
    return OF_ITS_OWN.get(rules.name, {}).get(national, national)


def test_a_motion_and_a_proposal_are_no_deputys_suggestion(rules: Rulebook) -> None:
    found = {}
    for matter in ("suggestion", "unclear", "motion", "proposal"):
        for act in (Receive("Pipes", "Deputy A", matter=matter), TakeOver("Pipes", matter=matter)):
            outcome = given(rules).when(act, by=office(), on=RECEIVED_ON)
            found[matter, act.verb] = refusals(outcome) or outcome.state

    taken, refused = "received", [("matter_is_accepted", "DBF25 51")]
    assert found == {
        ("suggestion", "receive"): taken,
        ("suggestion", "take_over"): taken,
        ("unclear", "receive"): taken,
        ("unclear", "take_over"): taken,
        ("motion", "receive"): refused,
        ("motion", "take_over"): refused,
        ("proposal", "receive"): refused,
        ("proposal", "take_over"): refused,
    }


def test_nobody_is_answered_unheard(rules: Rulebook) -> None:
    unheard = handling(rules)
    listened = unheard.and_(RecordContact("before"), by=WATER)

    assert refusals(unheard.when(solving(rules), by=WATER)) == [("deputy_was_heard", ground(rules, "DBF25 51"))]
    assert listened.when(solving(rules), by=WATER).state == "replied"


def test_nobody_is_answered_a_second_time_unheard(rules: Rulebook) -> None:
    unheard = rehandled(rules)
    listened = unheard.and_(RecordContact("during"), by=WATER)

    assert refusals(unheard.when(solving(rules), by=WATER)) == [("deputy_was_heard", ground(rules, "DBF25 51"))]
    assert listened.when(solving(rules), by=WATER).state == "replied"


def test_what_a_content_deputy_rated_is_not_handled_again(rules: Rulebook) -> None:
    again = Rehandle(("Water Bureau",), "The water is brown.")
    results = ("satisfied", "basically_satisfied", "dissatisfied")
    found = {result: evaluated(rules, result=result).when(again, by=government()) for result in results}
    citation = {"cn.beijing": "BJ-YS 29"}.get(rules.name, "NPC-YSGZ 32")

    assert {result: refusals(outcome) or outcome.state for result, outcome in found.items()} == {
        "satisfied": [("deputy_is_dissatisfied", ground(rules, citation))],
        "basically_satisfied": [("deputy_is_dissatisfied", ground(rules, citation))],
        "dissatisfied": "handling",
    }


def test_a_reply_of_each_class_is_followed_where_it_promises_and_asks_for_a_day_where_it_must(
    rules: Rulebook,
) -> None:
    for outcome in rules.outcomes:
        said = heard(rules).when(a_reply(rules, outcome.code), by=WATER, on=REPLIED_ON)
        dayless = heard(rules).when(Reply(outcome.code, "Soon."), by=WATER, on=REPLIED_ON)

        assert (said.state, said.suggestion.replies[0].snapshot) == ("replied", outcome.snapshot)
        assert len(said.suggestion.open_commitments) == int(outcome.is_commitment)
        assert dayless.rules == (("promise_needs_day",) if outcome.needs_day else ())
