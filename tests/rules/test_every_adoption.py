"""What becomes of a suggestion that began under an office's own earlier rules, in each place? (适用新规则)"""

from __future__ import annotations

from functools import lru_cache

from handleflow import Rulebook, load, load_preset
from handleflow.acts import (
    Accept,
    Adopt,
    Assign,
    DeclareExtension,
    GiveOpinion,
    GrantExtension,
    GrantReturn,
    Plan,
    Reassign,
    Receive,
    RefuseExtension,
    RejectOpinion,
    ReportMeasure,
    RequestExtension,
    RequestReturn,
    TakeOver,
)
from handleflow.testing import Scenario, given, office
from tests.beginnings import ROADS, SCHOOLS, WATER
from tests.rules.lives import ASSIGNED_ON, RECEIVED_ON, longer_time, under, whoever_decides

UNTIL = "2026-05-29"


SIGNING_MOVES_NOTHING = {"act": "accept", "source": ["assigned", "handling"], "target": "same", "who": ["unit"]}
TAKEN_OVER_WAITS = {"act": "take_over", "source": [""], "target": "assigned", "who": ["congress_office"]}


@lru_cache(maxsize=64)
def rules_of_before(name: str) -> Rulebook:
    """An office's own earlier rules: signing moves nothing, and what was taken over waits as assigned."""
    own = [SIGNING_MOVES_NOTHING, TAKEN_OVER_WAITS]
    return load(name, changes={"name": "office.earlier", "version": "1", "transition": own})


def adopted(rules: Rulebook, story: Scenario) -> Scenario:
    """The place's rules decide from here on."""
    return under(rules, story).and_(Adopt(rules.name, rules.version), by=office())


def signed(rules: Rulebook) -> Scenario:
    """Two leads and a helper of a session's suggestion; the Water Bureau signed, and so it is still assigned."""
    received = Receive("Pipes", "Deputy A", in_session=True, session_closed_on=RECEIVED_ON)
    story = given(rules_of_before(rules.name)).and_(received, by=office(), on=RECEIVED_ON)
    story = story.and_(Assign(("Water Bureau", "Roads Bureau"), ("Schools Bureau",)), by=office(), on=ASSIGNED_ON)
    return adopted(rules, story.and_(Accept(), by=WATER))


def answered(rules: Rulebook) -> Scenario:
    """Taken over with a reply nobody has rated, and kept as assigned."""
    row = TakeOver("Pipes", leads=("Water Bureau",), replied_on="2026-02-05")
    return adopted(rules, given(rules_of_before(rules.name)).and_(row, by=office(), on=RECEIVED_ON))


def test_a_lead_that_has_signed_plans_and_reports_though_it_is_still_assigned(rules: Rulebook) -> None:
    story = signed(rules).and_(Plan("New pipes.", ("pipes",)), by=WATER).and_(ReportMeasure("pipes"), by=WATER)

    assert (story.suggestion.state, story.suggestion.measures[0].unit) == ("assigned", "Water Bureau")


def test_it_has_an_empty_opinion_given_again(rules: Rulebook) -> None:
    story = signed(rules).and_(GiveOpinion("No objection."), by=SCHOOLS)
    outcome = story.when(RejectOpinion("Schools Bureau", "It says nothing."), by=WATER)

    assert (outcome.state, outcome.suggestion.opinions[0].rejected) == ("assigned", "It says nothing.")


def test_it_asks_for_longer_time_where_the_place_knows_that(rules: Rulebook) -> None:
    story = signed(rules)
    requested = story.when(RequestExtension(UNTIL, "The river is high."), by=WATER).and_then()
    decisions = (GrantExtension("Water Bureau"), RefuseExtension("Water Bureau", "It is dry."))
    granted, refused = (whoever_decides(decision, requested) for decision in decisions)
    declared = story.when(DeclareExtension(UNTIL, "The river is high."), by=WATER)
    (term,) = story.suggestion.running_terms("reply", "Water Bureau")
    statutory = str(term.due_on)
    moved = [str(o.terms["reply of Water Bureau"].due_on) for o in (granted, refused, declared)]

    assert [o.state for o in (granted, refused, declared)] == ["assigned"] * 3
    assert (
        moved
        == {
            "consent": [UNTIL, statutory, statutory],
            "declaration": [statutory, statutory, UNTIL],
            "not at all": [statutory, statutory, statutory],
        }[longer_time(rules)]
    )


def test_who_asked_for_longer_time_before_is_refused_it_where_the_place_knows_none(rules: Rulebook) -> None:
    found = []
    for earlier in (load_preset("cn.shanghai"), rules_of_before("cn.shanghai")):
        story = given(earlier).and_(Receive("Pipes", "Deputy A"), by=office(), on=RECEIVED_ON)
        story = story.and_(Assign(("Water Bureau",)), by=office(), on=ASSIGNED_ON).and_(Accept(), by=WATER)
        requested = story.and_(RequestExtension(UNTIL, "The river is high."), by=WATER)
        again = requested if earlier.ref == rules.ref else adopted(rules, requested)
        refused = whoever_decides(RefuseExtension("Water Bureau", "It is dry."), again)
        found.append((refused.state, refused.suggestion.extension_requests[0].decision))
        if longer_time(rules) != "consent":
            assert not again.when(GrantExtension("Water Bureau"), by=office()).is_granted

    assert found == [("handling", "refused"), ("assigned", "refused")]


def test_it_is_being_handled_as_soon_as_the_office_changes_who_else_does(rules: Rulebook) -> None:
    requested = signed(rules).and_(RequestReturn("It is no road."), by=ROADS)
    joined = Reassign(("Archive",), reason="It has the maps.")

    assert requested.suggestion.state == "assigned"
    assert whoever_decides(GrantReturn("Roads Bureau"), requested).state == "handling"
    assert whoever_decides(joined, requested).state == "handling"


def test_what_was_answered_is_replied_as_soon_as_nobody_owes_a_reply(rules: Rulebook) -> None:
    helped = Reassign((), ("Archive",), reason="It has the maps.")
    another = answered(rules).and_(Reassign(("Roads Bureau",), reason="It is the road."), by=office())
    returned = another.and_(RequestReturn("It is no road."), by=ROADS)

    assert [story.suggestion.state for story in (answered(rules), returned)] == ["assigned", "assigned"]
    assert whoever_decides(helped, answered(rules)).state == "replied"
    assert whoever_decides(GrantReturn("Roads Bureau"), returned).state == "replied"
