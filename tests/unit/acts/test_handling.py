"""What is being done about it? Plans, contact, opinions, longer time and a clock that stops."""

from __future__ import annotations

from typing import Any

import pytest

from handleflow import Act
from handleflow.acts import (
    Accept,
    DeclareExtension,
    GiveOpinion,
    GrantExtension,
    GrantReturn,
    Plan,
    RecordContact,
    RefuseExtension,
    RejectOpinion,
    Reply,
    ReportMeasure,
    RequestExtension,
    RequestReturn,
    Resume,
    Suspend,
)
from handleflow.errors import EmptyWords, ImpossibleDay, UnknownChoice
from handleflow.legal_time import day
from handleflow.testing import Scenario
from tests.beginnings import OFFICE, ROADS, SCHOOLS, WATER, accepted, assigned, replied, rulebook


def reply_term(**more: Any) -> list[dict[str, Any]]:
    return [
        {
            "id": "reply",
            "of": "lead",
            "anchor": "assigned",
            "met_by": ["replied"],
            "span": "3 months",
            "cite": "DBF25 51",
            **more,
        }
    ]


def longer(mode: str) -> list[dict[str, Any]]:
    return reply_term(extension={"span": "3 months", "base": "chained", "mode": mode, "cite": "host"})


def office_transition(act: str) -> dict[str, Any]:
    return {"act": act, "source": ["handling"], "target": "same", "who": ["congress_office"]}


RULES = rulebook()
LONGER = rulebook(term=longer("consent"))
DECLARED = rulebook(term=longer("declaration"))
PAUSABLE = rulebook(
    term=reply_term(is_pausable=True),
    transition=[office_transition("suspend"), office_transition("resume")],
    backdating=[{"role": "congress_office", "within": "30 days", "cite": "host"}],
)
UNPAUSABLE = rulebook(transition=[office_transition("suspend"), office_transition("resume")])
JOINT = rulebook(guard=[{"ask": "co_opinions_are_in", "of": ["reply"], "cite": "host"}])


def due(story: Scenario, unit: str = "Water Bureau") -> list[str]:
    return [str(term.due_on) for term in story.suggestion.running_terms(unit=unit)]


LEADS_ONLY = [
    pytest.param(Plan("repair"), id="a plan"),
    pytest.param(ReportMeasure("repair"), id="a measure"),
    pytest.param(RejectOpinion("Roads Bureau", "it says nothing"), id="rejecting an opinion"),
    pytest.param(RequestExtension("2026-07-01", "winter"), id="asking for longer time"),
    pytest.param(DeclareExtension("2026-07-01", "winter"), id="declaring longer time"),
]


@pytest.mark.parametrize("act", LEADS_ONLY)
def test_a_lead_signs_before_it_works(act: Act) -> None:
    outcome = assigned(RULES, co_units=("Roads Bureau",)).when(act, by=WATER)

    assert "not_accepted" in outcome.rules
    assert "Water Bureau has not accepted it; accept first" in outcome.text()


@pytest.mark.parametrize("act", LEADS_ONLY)
def test_a_co_unit_does_not_do_the_leads_work(act: Act) -> None:
    outcome = accepted(RULES, co_units=("Roads Bureau",)).when(act, by=ROADS)

    assert "not_a_lead" in outcome.rules
    assert "only a lead unit does this, and that is Water Bureau" in outcome.text()


class TestPlan:
    """What was decided and what was done."""

    def test_the_plan_is_kept_with_its_measures_in_order(self) -> None:
        story = accepted(RULES).and_(Plan("in two steps", ("survey", "repair")), by=WATER)
        (plan,) = story.suggestion.plans

        assert (plan.unit, plan.text, plan.measures) == ("Water Bureau", "in two steps", ("survey", "repair"))

    def test_a_second_plan_stands_beside_the_first(self) -> None:
        story = accepted(RULES).and_(Plan("in two steps"), by=WATER).and_(Plan("in three steps"), by=WATER)

        assert [plan.text for plan in story.suggestion.plans] == ["in two steps", "in three steps"]

    def test_a_measure_need_not_stand_in_the_plan(self) -> None:
        story = accepted(RULES).and_(Plan("in two steps", ("survey",)), by=WATER)
        story = story.and_(ReportMeasure("repair", is_done=False, text="half"), by=WATER)
        (measure,) = story.suggestion.measures

        assert (measure.measure, measure.is_done, measure.text) == ("repair", False, "half")

    def test_a_plan_says_something(self) -> None:
        with pytest.raises(EmptyWords, match="Plan needs words for 'text'"):
            Plan("\n")


class TestContact:
    """The deputy is heard."""

    def test_a_co_unit_hears_the_deputy_too(self) -> None:
        story = accepted(RULES, co_units=("Roads Bureau",)).and_(RecordContact("during", "visit"), by=ROADS)
        (contact,) = story.suggestion.contacts

        assert (contact.unit, contact.stage, contact.channel, contact.on) == (
            "Roads Bureau",
            "during",
            "visit",
            day("2026-02-10"),
        )

    def test_a_stranger_has_nothing_to_tell_the_deputy(self) -> None:
        assert accepted(RULES).when(RecordContact("before"), by=ROADS).rules == ("not_its_unit",)

    def test_a_contact_after_the_reply_does_not_excuse_its_absence_before(self) -> None:
        outcome = accepted(RULES).and_(RecordContact("after"), by=WATER).when(Reply("A", "done"), by=WATER)

        assert outcome.rules == ("deputy_was_heard",)

    def test_the_deputy_is_still_heard_after_the_reply(self) -> None:
        story = replied(RULES).and_(RecordContact("after"), by=WATER)

        assert [contact.stage for contact in story.suggestion.contacts] == ["before", "after"]

    def test_a_contact_is_not_recorded_for_tomorrow(self) -> None:
        assert accepted(RULES).when(RecordContact("before", on="2026-02-11"), by=WATER).rules == ("day_in_future",)

    def test_an_unknown_stage_names_the_nearest(self) -> None:
        with pytest.raises(UnknownChoice, match="did you mean 'before'"):
            RecordContact("befor")


class TestOpinion:
    """Co units give their opinions to the lead."""

    def test_a_lead_gives_no_opinion_but_a_reply(self) -> None:
        outcome = accepted(RULES).when(GiveOpinion("we agree"), by=WATER)

        assert outcome.rules == ("not_a_co_unit",)
        assert "Water Bureau is a lead; it replies" in outcome.text()

    def test_a_stranger_is_told_only_that_it_is_one(self) -> None:
        assert accepted(RULES).when(GiveOpinion("we agree"), by=ROADS).rules == ("not_its_unit",)

    def test_the_lead_waits_for_an_opinion_and_again_after_rejecting_it(self) -> None:
        story = accepted(JOINT, co_units=("Roads Bureau",)).and_(RecordContact("before"), by=WATER)
        without = story.when(Reply("A", "done"), by=WATER)
        story = story.and_(GiveOpinion("we agree"), by=ROADS)
        rejected = story.and_(RejectOpinion("Roads Bureau", "it says nothing"), by=WATER)
        again = rejected.and_(GiveOpinion("the road is closed in May"), by=ROADS)

        assert without.rules == ("co_opinions_are_in",)
        assert rejected.when(Reply("A", "done"), by=WATER).rules == ("co_opinions_are_in",)
        assert again.and_(Reply("A", "done"), by=WATER).state == "replied"

    def test_a_rejection_touches_neither_another_unit_nor_an_earlier_rejection(self) -> None:
        story = accepted(RULES, co_units=("Roads Bureau", "Schools Bureau"))
        story = story.and_(GiveOpinion("we agree"), by=ROADS).and_(GiveOpinion("so do we"), by=SCHOOLS)
        story = story.and_(RejectOpinion("Roads Bureau", "empty"), by=WATER).and_(GiveOpinion("yes"), by=ROADS)
        story = story.and_(RejectOpinion("Roads Bureau", "still empty"), by=WATER)

        assert [(o.unit, o.rejected) for o in story.suggestion.opinions] == [
            ("Roads Bureau", "empty"),
            ("Schools Bureau", None),
            ("Roads Bureau", "still empty"),
        ]

    def test_a_rejected_opinion_is_not_rejected_again(self) -> None:
        story = accepted(RULES, co_units=("Roads Bureau",)).and_(GiveOpinion("we agree"), by=ROADS)
        story = story.and_(RejectOpinion("Roads Bureau", "empty"), by=WATER)
        outcome = story.when(RejectOpinion("Roads Bureau", "empty"), by=WATER)

        assert outcome.rules == ("no_such_opinion",)
        assert "there is no opinion: Roads Bureau; there is: none" in outcome.text()

    def test_why_it_is_rejected_says_something(self) -> None:
        with pytest.raises(EmptyWords, match="RejectOpinion needs words for 'reason'"):
            RejectOpinion("Roads Bureau", "")


class TestExtension:
    """Longer time, by consent."""

    @staticmethod
    def requested(until: str = "2026-07-01") -> Scenario:
        return accepted(LONGER).and_(RequestExtension(until, "winter"), by=WATER)

    def test_asking_alone_moves_no_day(self) -> None:
        assert due(self.requested()) == ["2026-05-11"]

    def test_it_is_granted_as_asked_for(self) -> None:
        story = self.requested().and_(GrantExtension("Water Bureau"), by=OFFICE)
        (term,) = story.suggestion.terms

        assert (str(term.original_on), str(term.due_on)) == ("2026-05-11", "2026-07-01")
        assert [extension.by_consent for extension in term.extensions] == [True]

    def test_the_office_may_grant_less(self) -> None:
        story = self.requested().and_(GrantExtension("Water Bureau", "2026-06-01"), by=OFFICE)

        assert due(story) == ["2026-06-01"]

    def test_the_office_may_not_grant_more(self) -> None:
        outcome = self.requested().when(GrantExtension("Water Bureau", "2026-07-02"), by=OFFICE)

        assert outcome.rules == ("longer_than_asked",)
        assert "2026-07-02 is later than 2026-07-01, which was asked for" in outcome.text()

    def test_a_refusal_leaves_the_day_as_it_was(self) -> None:
        story = self.requested().and_(RefuseExtension("Water Bureau", "no need"), by=OFFICE)

        assert due(story) == ["2026-05-11"]
        assert [request.decision for request in story.suggestion.extension_requests] == ["refused"]

    def test_a_second_request_waits_for_the_decision_on_the_first(self) -> None:
        outcome = self.requested().when(RequestExtension("2026-07-15", "rain"), by=WATER)

        assert outcome.rules == ("extension_waiting",)

    def test_after_a_refusal_it_may_be_asked_again(self) -> None:
        story = self.requested().and_(RefuseExtension("Water Bureau", "no need"), by=OFFICE)
        story = story.and_(RequestExtension("2026-06-01", "rain"), by=WATER)
        story = story.and_(GrantExtension("Water Bureau"), by=OFFICE)

        assert [request.decision for request in story.suggestion.extension_requests] == ["refused", "granted"]
        assert due(story) == ["2026-06-01"]

    def test_without_a_request_there_is_nothing_to_grant(self) -> None:
        outcome = accepted(LONGER).when(GrantExtension("Water Bureau"), by=OFFICE)

        assert outcome.rules == ("no_extension_waiting",)

    def test_only_the_unit_that_asked_gets_longer_time(self) -> None:
        story = accepted(LONGER, "Water Bureau", "Roads Bureau")
        story = story.and_(RequestExtension("2026-07-01", "winter"), by=WATER)

        assert story.when(GrantExtension("Roads Bureau"), by=OFFICE).rules == ("no_such_extension_request",)
        assert due(story.and_(GrantExtension("Water Bureau"), by=OFFICE), "Roads Bureau") == ["2026-05-11"]

    def test_one_units_decision_leaves_the_others_request_open(self) -> None:
        story = accepted(LONGER, "Water Bureau", "Roads Bureau")
        story = story.and_(RequestExtension("2026-07-01", "winter"), by=WATER)
        story = story.and_(RequestExtension("2026-07-01", "winter"), by=ROADS)
        story = story.and_(RefuseExtension("Water Bureau", "no need"), by=OFFICE)

        assert [(r.unit, r.decision) for r in story.suggestion.extension_requests] == [
            ("Water Bureau", "refused"),
            ("Roads Bureau", None),
        ]

    def test_a_request_nobody_decided_lapses_with_the_reply(self) -> None:
        story = accepted(LONGER, "Water Bureau", "Roads Bureau").and_(RecordContact("before"), by=WATER)
        for lead in (WATER, ROADS):
            story = story.and_(RequestExtension("2026-07-01", "winter"), by=lead)
        story = story.and_(Reply("A", "done"), by=WATER)

        assert [(r.unit, r.decision) for r in story.suggestion.extension_requests] == [
            ("Water Bureau", "lapsed"),
            ("Roads Bureau", None),
        ]
        assert story.and_(GrantExtension("Roads Bureau"), by=OFFICE).state == "handling"

    @pytest.mark.parametrize(
        ("act", "reasons"),
        [
            pytest.param(GrantExtension("Water Bureau"), ("no_extension_waiting", "no_extension"), id="granting"),
            pytest.param(RefuseExtension("Water Bureau", "no need"), ("no_extension_waiting",), id="refusing"),
        ],
    )
    def test_after_the_reply_there_is_no_longer_time_to_decide_on(self, act: Act, reasons: tuple[str, ...]) -> None:
        story = accepted(LONGER, "Water Bureau", "Roads Bureau").and_(RecordContact("before"), by=WATER)
        story = story.and_(RequestExtension("2026-07-01", "winter"), by=WATER).and_(Reply("A", "done"), by=WATER)

        assert story.when(act, by=OFFICE).rules == reasons

    def test_a_request_decided_before_the_reply_stays_decided(self) -> None:
        story = self.requested().and_(RefuseExtension("Water Bureau", "no need"), by=OFFICE)
        story = story.and_(RecordContact("before"), by=WATER).and_(Reply("A", "done"), by=WATER)

        assert [r.decision for r in story.suggestion.extension_requests] == ["refused"]

    def test_national_law_knows_no_longer_time_once_it_runs(self) -> None:
        outcome = accepted(RULES).when(RequestExtension("2026-07-01", "winter"), by=WATER)

        assert outcome.rules == ("no_extension",)
        assert "a longer track (6 months) is set at assignment" in outcome.text()

    def test_until_when_is_a_day(self) -> None:
        with pytest.raises(ImpossibleDay, match="2008-09-31"):
            RequestExtension("2008-09-31", "winter")

    def test_a_unit_declares_longer_time_where_the_rulebook_lets_it(self) -> None:
        story = accepted(DECLARED).and_(DeclareExtension("2026-07-01", "winter"), by=WATER)
        (term,) = story.suggestion.terms

        assert (str(term.due_on), [e.by_consent for e in term.extensions]) == ("2026-07-01", [False])

    def test_a_unit_does_not_declare_what_the_office_must_grant(self) -> None:
        outcome = accepted(LONGER).when(DeclareExtension("2026-07-01", "winter"), by=WATER)

        assert outcome.rules == ("extension_mode",)


class TestSuspension:
    """The clock stops, where the law knows it."""

    def test_the_days_it_stood_still_are_added(self) -> None:
        story = accepted(PAUSABLE).and_(Suspend("an inquest"), by=OFFICE, on="2026-03-02")
        story = story.and_(Resume("it is over"), by=OFFICE, on="2026-03-12")

        assert due(story) == ["2026-05-20"]
        assert story.suggestion.is_suspended is False

    def test_what_was_stopped_before_stays_counted_when_it_stops_again(self) -> None:
        story = accepted(PAUSABLE).and_(Suspend("an inquest"), by=OFFICE, on="2026-03-02")
        story = story.and_(Resume("it is over"), by=OFFICE, on="2026-03-12")
        story = story.and_(Suspend("another"), by=OFFICE, on="2026-03-16")
        story = story.and_(Resume("over too"), by=OFFICE, on="2026-03-18")
        (term,) = story.suggestion.terms

        assert [(str(p.start), str(p.end)) for p in term.pauses] == [
            ("2026-03-02", "2026-03-12"),
            ("2026-03-16", "2026-03-18"),
        ]
        assert str(term.due_on) == "2026-05-22"

    def test_what_stands_still_is_not_stopped_again(self) -> None:
        story = accepted(PAUSABLE).and_(Suspend("an inquest"), by=OFFICE)

        assert story.when(Suspend("another"), by=OFFICE).rules == ("already_suspended",)

    def test_what_runs_is_not_resumed(self) -> None:
        assert accepted(PAUSABLE).when(Resume("it is over"), by=OFFICE).rules == ("not_suspended",)

    def test_it_does_not_go_on_before_it_stopped(self) -> None:
        story = accepted(PAUSABLE).and_(Suspend("an inquest"), by=OFFICE, on="2026-03-02")
        outcome = story.when(Resume("it is over", on="2026-02-27"), by=OFFICE, on="2026-03-03")

        assert outcome.rules == ("day_too_early",)
        assert "2026-02-27 is before 2026-03-02, when it was suspended" in outcome.text()

    def test_a_stop_that_is_over_does_not_bound_the_next(self) -> None:
        story = accepted(PAUSABLE).and_(Suspend("an inquest"), by=OFFICE, on="2026-03-02")
        story = story.and_(Resume("it is over"), by=OFFICE, on="2026-03-12")
        story = story.and_(Suspend("x"), by=OFFICE, on="2026-03-16")

        assert story.and_(Resume("over too", on="2026-03-16"), by=OFFICE, on="2026-03-18").state == "handling"

    def test_no_chinese_law_stops_the_clock(self) -> None:
        assert accepted(RULES).when(Suspend("an inquest"), by=OFFICE).rules == ("wrong_state",)
        assert accepted(UNPAUSABLE).when(Suspend("an inquest"), by=OFFICE).rules == ("pause_is_known",)


def test_after_the_reply_the_work_is_over() -> None:
    outcome = replied(RULES).when(Plan("in two steps"), by=WATER)

    assert outcome.rules == ("wrong_state",)
    assert "it is 'replied'; from here: record contact" in outcome.text()


def test_a_unit_relieved_of_it_no_longer_plans() -> None:
    story = accepted(RULES, "Water Bureau", "Roads Bureau").and_(RequestReturn("not ours"), by=WATER)
    story = story.and_(GrantReturn("Water Bureau"), by=OFFICE)

    assert story.when(Plan("in two steps"), by=WATER).rules == ("not_a_lead",)
    assert story.when(Accept(), by=WATER).rules == ("not_its_unit",)
