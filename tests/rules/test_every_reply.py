"""Is a suggestion worked on and answered under every shipped rulebook? (办理、答复)"""

from __future__ import annotations

from handleflow import Rulebook
from handleflow.acts import (
    Accept,
    ApproveDraft,
    Assign,
    DeclareExtension,
    DraftReply,
    GiveOpinion,
    GrantExtension,
    Plan,
    RecordContact,
    RefuseExtension,
    Regrade,
    RejectOpinion,
    ReportMeasure,
    RequestExtension,
    ReturnDraft,
)
from handleflow.testing import Scenario, office
from tests.beginnings import ROADS, WATER
from tests.rules.lives import (
    ASSIGNED_ON,
    BY_STATE,
    RECEIVED_ON,
    REPLIED_ON,
    assigned,
    evaluated,
    explaining,
    handling,
    heard,
    longer_time,
    received,
    replied,
    solving,
    whoever_decides,
)

UNTIL = "2026-05-29"


def from_a_session(rules: Rulebook) -> Scenario:
    """Made in a session that closed on the day it came in; the Water Bureau handles it."""
    story = received(rules, in_session=True, session_closed_on=RECEIVED_ON)
    return story.and_(Assign(("Water Bureau",)), by=office(), on=ASSIGNED_ON).and_(Accept(), by=WATER)


def test_a_lead_plans_and_reports_its_measures(rules: Rulebook) -> None:
    story = handling(rules).and_(Plan("New pipes by autumn.", ("pipes",)), by=WATER)
    story = story.and_(ReportMeasure("pipes", is_done=False), by=WATER)

    assert (story.suggestion.state, story.suggestion.plans[0].measures) == ("handling", ("pipes",))
    assert [(m.measure, m.is_done) for m in story.suggestion.measures] == [("pipes", False)]


def test_the_deputy_is_heard_from_the_assignment_on_and_after_the_reply(rules: Rulebook) -> None:
    stages = {"assigned": "before", "handling": "during", "replied": "after", "evaluated": "after"}
    outcomes = [BY_STATE[state](rules).when(RecordContact(stages[state]), by=WATER) for state in stages]

    assert {o.state: o.suggestion.contacts[-1].stage for o in outcomes} == stages


def test_a_co_unit_gives_its_opinion_whether_or_not_anybody_has_signed(rules: Rulebook) -> None:
    stories = [assigned(rules, co_units=("Roads Bureau",)), handling(rules, co_units=("Roads Bureau",))]
    outcomes = [story.when(GiveOpinion("Open the road once."), by=ROADS) for story in stories]

    assert [(o.state, o.suggestion.opinions[0].unit) for o in outcomes] == [
        ("assigned", "Roads Bureau"),
        ("handling", "Roads Bureau"),
    ]


def test_a_lead_has_an_empty_opinion_given_again(rules: Rulebook) -> None:
    story = handling(rules, co_units=("Roads Bureau",)).and_(GiveOpinion("No objection."), by=ROADS)
    outcome = story.when(RejectOpinion("Roads Bureau", "It says nothing."), by=WATER)

    assert (outcome.state, outcome.suggestion.opinions[0].rejected) == ("handling", "It says nothing.")


def test_longer_time_is_had_in_the_way_the_place_knows_and_in_no_other(rules: Rulebook) -> None:
    story = from_a_session(rules)
    declared = story.when(DeclareExtension(UNTIL, "The river is high."), by=WATER, on=REPLIED_ON)
    requested = story.when(RequestExtension(UNTIL, "The river is high."), by=WATER, on=REPLIED_ON)

    assert {
        "consent": ("extension_mode",),
        "declaration": (),
        "not at all": ("no_extension",),
    }[longer_time(rules)] == declared.rules
    assert {
        "consent": (),
        "declaration": ("extension_mode",),
        "not at all": ("no_extension",),
    }[longer_time(rules)] == requested.rules


def test_a_declared_longer_time_holds_from_that_day_on(rules: Rulebook) -> None:
    story = from_a_session(rules)
    outcome = story.when(DeclareExtension(UNTIL, "The river is high."), by=WATER, on=REPLIED_ON)
    (before,), after = story.suggestion.running_terms("reply"), outcome.terms["reply"]

    assert outcome.state == "handling"
    assert str(after.due_on) == (UNTIL if longer_time(rules) == "declaration" else str(before.due_on))


def test_a_requested_longer_time_holds_once_an_office_grants_it_and_not_where_it_refuses(rules: Rulebook) -> None:
    story = from_a_session(rules)
    requested = story.when(RequestExtension(UNTIL, "The river is high."), by=WATER, on=REPLIED_ON).and_then()
    statutory = str(next(story.suggestion.running_terms("reply")).due_on)
    decisions = (GrantExtension("Water Bureau"), RefuseExtension("Water Bureau", "The pipes are dry."))
    granted, refused = (whoever_decides(decision, requested) for decision in decisions)

    assert (granted.state, refused.state) == ("handling", "handling")
    assert [str(o.terms["reply"].due_on) for o in (granted, refused)] == [
        UNTIL if longer_time(rules) == "consent" else statutory,
        statutory,
    ]


def test_a_draft_waits_for_an_office_which_lets_it_go_or_sends_it_back(rules: Rulebook) -> None:
    story = heard(rules).and_(DraftReply(solving(rules).outcome, "New pipes are laid."), by=WATER)
    found = [
        whoever_decides(act, story)
        for act in (ApproveDraft("Water Bureau"), ReturnDraft("Water Bureau", "Say when."))
    ]

    assert [(o.state, o.suggestion.drafts[0].verdict) for o in found] == [
        ("handling", "approved"),
        ("handling", "returned"),
    ]


def test_it_is_replied_once_every_lead_has_replied(rules: Rulebook) -> None:
    first = heard(rules, "Water Bureau", "Roads Bureau").when(solving(rules), by=WATER, on=REPLIED_ON)
    second = first.and_then().when(explaining(rules), by=ROADS)

    assert [(o.state, [a.unit for a in o.suggestion.leads_without_reply]) for o in (first, second)] == [
        ("handling", ["Roads Bureau"]),
        ("replied", []),
    ]


def test_an_office_corrects_the_class_of_a_reply_wherever_it_stands(rules: Rulebook) -> None:
    one_of_two = heard(rules, "Water Bureau", "Roads Bureau").and_(solving(rules), by=WATER, on=REPLIED_ON)
    other = explaining(rules).outcome
    stories = (one_of_two, replied(rules), evaluated(rules))
    found = [whoever_decides(Regrade("Water Bureau", other, "Nothing was laid."), story) for story in stories]

    assert [o.state for o in found] == ["handling", "replied", "evaluated"]
    assert [(c.code, c.is_resolved) for o in found if (c := o.suggestion.replies[0].snapshot)] == [(other, False)] * 3
