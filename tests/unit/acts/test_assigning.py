"""Who handles it? Naming units, signing for it, sending it back, and what each refuses."""

from __future__ import annotations

from typing import Any

import pytest

from handleflow import Actor, Part
from handleflow.acts import (
    Accept,
    AnswerAssignmentObjection,
    ApproveDraft,
    Assign,
    Correct,
    Distribute,
    DraftReply,
    GrantExtension,
    GrantReturn,
    ObjectToAssignment,
    Reassign,
    Receive,
    RecordContact,
    RefuseExtension,
    RefuseReturn,
    Reply,
    RequestExtension,
    RequestReturn,
    ReturnDraft,
    TakeOver,
)
from handleflow.errors import EmptyWords, ImpossibleDay
from handleflow.legal_time import day
from handleflow.testing import Scenario, given
from tests.beginnings import (
    DEPUTY,
    GOVERNMENT,
    OFFICE,
    ROADS,
    SCHOOLS,
    SECOND,
    WATER,
    accepted,
    assigned,
    received,
    rulebook,
)

RULES = rulebook()
BACKDATED = rulebook(
    backdating=[
        {"role": "congress_office", "within": "30 days", "cite": "host"},
        {"role": "unit", "within": "30 days", "cite": "host"},
    ]
)
REGISTERED = rulebook(
    guard=[
        {
            "ask": "units_are_known",
            "of": ["assign"],
            "cite": "host",
            "settings": {"units": ["Water Bureau", "Roads Bureau"]},
        }
    ]
)


LONGER = rulebook(
    term=[
        {
            "id": "reply",
            "of": "lead",
            "anchor": "assigned",
            "met_by": ["replied"],
            "span": "3 months",
            "cite": "DBF25 51",
            "extension": {"span": "3 months", "base": "chained", "mode": "consent", "cite": "host"},
        }
    ],
    guard=[{"ask": "draft_was_approved", "of": ["reply"], "cite": "host"}],
)


def one_has_replied() -> Scenario:
    story = accepted(RULES, "Water Bureau", "Roads Bureau").and_(RecordContact("before"), by=WATER)
    return story.and_(Reply("A", "done"), by=WATER)


class TestNaming:
    """Which units, in which part."""

    def test_each_unit_has_its_part_and_who_answers_for_it(self) -> None:
        part = Part("Water Bureau", "the pipes", section="Section 1", person="Person P", leader="Leader L")
        story = received(RULES).and_(Assign(("Water Bureau",), ("Roads Bureau",), (part,)), by=OFFICE)
        water, roads = story.suggestion.assignments

        assert (water.role, water.part, water.section, water.person, water.leader) == (
            "lead",
            "the pipes",
            "Section 1",
            "Person P",
            "Leader L",
        )
        assert (roads.role, roads.part) == ("co", None)

    def test_a_lead_named_twice_is_refused(self) -> None:
        outcome = received(RULES).when(Assign(("Water Bureau", "Water Bureau")), by=OFFICE)

        assert outcome.rules == ("unit_named_twice",)
        assert outcome.text() == "assign refused for suggestion 2026-017: named twice: Water Bureau"

    def test_a_lead_is_not_its_own_co_unit(self) -> None:
        outcome = received(RULES).when(Assign(("Water Bureau",), ("Water Bureau",)), by=OFFICE)

        assert outcome.rules == ("unit_named_twice",)

    def test_without_a_lead_nobody_would_answer(self) -> None:
        outcome = received(RULES).when(Assign((), ("Roads Bureau",)), by=OFFICE)

        assert outcome.rules == ("no_lead",)
        assert "it would have no lead unit; name at least one" in outcome.text()

    def test_a_part_is_described_only_for_a_unit_that_is_named(self) -> None:
        outcome = received(RULES).when(Assign(("Water Bureau",), parts=(Part("Roads Bureau"),)), by=OFFICE)

        assert outcome.rules == ("part_of_nobody",)

    def test_a_unit_has_one_part(self) -> None:
        parts = (Part("Water Bureau", "the pipes"), Part("Water Bureau", "the pumps"))
        outcome = received(RULES).when(Assign(("Water Bureau",), parts=parts), by=OFFICE)

        assert outcome.rules == ("unit_named_twice",)
        assert "named twice: Water Bureau" in outcome.text()

    def test_all_that_is_wrong_is_said_at_once(self) -> None:
        act = Assign(
            (), ("Roads Bureau", "Roads Bureau"), (Part("Schools Bureau"),), is_long_track=True, on="2026-03-01"
        )
        outcome = received(RULES).when(act, by=DEPUTY)

        assert outcome.rules == (
            "wrong_role",
            "day_in_future",
            "unit_named_twice",
            "part_of_nobody",
            "no_lead",
        )

    def test_one_text_is_no_list_of_names(self) -> None:
        with pytest.raises(EmptyWords, match="give names as a tuple"):
            Assign("Water Bureau")  # type: ignore[arg-type]  # what it refuses

    def test_a_name_says_something(self) -> None:
        with pytest.raises(EmptyWords, match="a name must say something"):
            Assign(("Water Bureau", " "))

    def test_a_unit_outside_the_register_is_refused_with_the_nearest(self) -> None:
        outcome = received(REGISTERED).when(Assign(("Watter Bureau",)), by=OFFICE)

        assert outcome.rules == ("units_are_known",)
        assert "did you mean 'Water Bureau'?" in outcome.text()

    def test_the_notice_day_is_a_day(self) -> None:
        with pytest.raises(ImpossibleDay, match="2008-09-31"):
            Assign(("Water Bureau",), notice_on="2008-09-31")

    def test_a_notice_is_not_set_for_a_day_gone_by(self) -> None:
        outcome = received(RULES).when(Assign(("Water Bureau",), notice_on="2020-01-01"), by=OFFICE, on="2026-02-10")

        assert outcome.rules == ("day_too_early",)

    def test_an_earlier_notice_day_holds_and_the_longer_track_counts_six_months(self) -> None:
        plain = received(RULES).and_(Assign(("Water Bureau",), notice_on="2026-04-01"), by=OFFICE)
        broad = received(RULES).and_(Assign(("Water Bureau",), is_long_track=True), by=OFFICE)

        assert [str(term.due_on) for term in plain.suggestion.terms] == ["2026-04-01"]
        assert [str(term.due_on) for term in broad.suggestion.terms] == ["2026-08-10"]

    def test_it_cannot_be_assigned_before_it_was_received(self) -> None:
        outcome = received(BACKDATED).when(Assign(("Water Bureau",), on="2026-02-06"), by=OFFICE, on="2026-02-10")

        assert outcome.rules == ("before_it_began",)

    def test_a_unit_named_again_begins_anew(self) -> None:
        story = assigned(RULES).and_(RequestReturn("not ours"), by=WATER).and_(GrantReturn("Water Bureau"), by=OFFICE)
        story = story.and_(Assign(("Water Bureau",)), by=OFFICE)

        assert [(a.ref, a.ended) for a in story.suggestion.assignments] == [(1, "returned"), (2, None)]

    def test_a_co_unit_that_stayed_is_not_named_again(self) -> None:
        story = assigned(RULES, co_units=("Roads Bureau",)).and_(RequestReturn("not ours"), by=WATER)
        story = story.and_(GrantReturn("Water Bureau"), by=OFFICE)
        refused = story.when(Assign(("Schools Bureau",), ("Roads Bureau",)), by=OFFICE)

        assert (story.state, refused.rules) == ("received", ("already_has_a_part",))


class TestReplacing:
    """Distribution inside the government, and another unit in one's place."""

    def test_a_department_joins_the_others_and_counts_from_its_own_day(self) -> None:
        story = assigned(RULES).and_(Distribute(("Roads Bureau",)), by=GOVERNMENT, on="2026-02-20")

        assert [(a.unit, str(a.assigned_on)) for a in story.suggestion.active()] == [
            ("Water Bureau", "2026-02-10"),
            ("Roads Bureau", "2026-02-20"),
        ]

    def test_the_unit_replaced_keeps_its_line_with_how_it_ended(self) -> None:
        story = assigned(RULES, "City Government").and_(
            Distribute(("Water Bureau",), instead_of="City Government"), by=GOVERNMENT
        )

        assert [(a.unit, a.ended) for a in story.suggestion.assignments] == [
            ("City Government", "distributed"),
            ("Water Bureau", None),
        ]

    def test_a_new_unit_in_anothers_place_has_a_fresh_clock(self) -> None:
        act = Reassign(("Roads Bureau",), instead_of="Water Bureau", reason="roads")
        story = assigned(RULES).and_(act, by=OFFICE, on="2026-03-02")

        assert [str(t.due_on) for t in story.suggestion.running_terms(unit="Roads Bureau")] == ["2026-06-02"]
        assert [t.end for t in story.suggestion.terms] == ["dropped", "running"]

    def test_a_new_lead_may_stand_beside_the_others(self) -> None:
        story = assigned(RULES).and_(Reassign(("Roads Bureau",), reason="roads too"), by=OFFICE)

        assert [a.unit for a in story.suggestion.leads] == ["Water Bureau", "Roads Bureau"]

    def test_replacing_a_unit_settles_its_request_to_return_it(self) -> None:
        story = assigned(RULES).and_(RequestReturn("not ours"), by=WATER)
        story = story.and_(Reassign(("Roads Bureau",), instead_of="Water Bureau", reason="roads"), by=OFFICE)

        assert [r.decision for r in story.suggestion.return_requests] == ["granted"]

    def test_a_unit_that_has_no_part_cannot_be_replaced(self) -> None:
        act = Reassign(("Roads Bureau",), instead_of="Schools Bureau", reason="roads")
        outcome = assigned(RULES).when(act, by=OFFICE)

        assert outcome.rules == ("not_its_unit",)
        assert "Schools Bureau has no part in it; its units: Water Bureau" in outcome.text()

    def test_a_unit_that_has_replied_cannot_be_replaced(self) -> None:
        act = Reassign(("Schools Bureau",), instead_of="Water Bureau", reason="x")

        assert one_has_replied().when(act, by=OFFICE).rules == ("already_replied",)

    def test_replacing_by_nobody_is_refused(self) -> None:
        outcome = assigned(RULES).when(Reassign((), instead_of="Water Bureau", reason="x"), by=OFFICE)

        assert outcome.rules == ("no_lead", "nobody_named")

    def test_a_co_unit_is_relieved_and_nobody_need_take_its_place(self) -> None:
        relieve = Reassign((), instead_of="Roads Bureau", reason="It says nothing.")
        story = assigned(RULES, co_units=("Roads Bureau",)).and_(relieve, by=OFFICE)
        roads = story.suggestion.assignments[-1]

        assert (story.suggestion.units, roads.ended) == (("Water Bureau",), "relieved")

    def test_a_co_unit_is_not_passed_on_to_nobody(self) -> None:
        passing = Distribute((), instead_of="Roads Bureau")
        outcome = assigned(RULES, co_units=("Roads Bureau",)).when(passing, by=GOVERNMENT)

        assert outcome.rules == ("nobody_named",)

    def test_a_unit_may_take_its_own_place_in_another_part(self) -> None:
        act = Reassign(("Roads Bureau",), ("Water Bureau",), instead_of="Water Bureau", reason="x")
        story = assigned(RULES).and_(act, by=OFFICE)

        assert [(a.unit, a.role) for a in story.suggestion.active()] == [
            ("Roads Bureau", "lead"),
            ("Water Bureau", "co"),
        ]

    def test_only_the_government_office_distributes(self) -> None:
        assert assigned(RULES).when(Distribute(("Roads Bureau",)), by=OFFICE).rules == ("wrong_role",)

    def test_a_reason_says_something(self) -> None:
        with pytest.raises(EmptyWords, match="Reassign needs words for 'reason'"):
            Reassign(("Roads Bureau",), reason="")


class TestObjection:
    """The deputy thinks another unit should handle it."""

    def test_the_offices_answer_stands_beside_it(self) -> None:
        story = assigned(RULES).and_(ObjectToAssignment("it is a road"), by=DEPUTY)
        story = story.and_(AnswerAssignmentObjection("it is a pipe"), by=OFFICE)
        (objection,) = story.suggestion.assignment_objections

        assert (objection.deputy, objection.reason, objection.answer) == (
            "Deputy A",
            "it is a road",
            "it is a pipe",
        )

    def test_an_answer_does_not_rewrite_an_earlier_one(self) -> None:
        story = assigned(RULES).and_(ObjectToAssignment("it is a road"), by=DEPUTY)
        story = story.and_(AnswerAssignmentObjection("it is a pipe"), by=OFFICE)
        story = story.and_(ObjectToAssignment("it is a bridge"), by=DEPUTY)
        story = story.and_(AnswerAssignmentObjection("it is none"), by=OFFICE)

        assert [o.answer for o in story.suggestion.assignment_objections] == ["it is a pipe", "it is none"]

    def test_a_second_objection_waits_for_the_answer_to_the_first(self) -> None:
        story = assigned(RULES).and_(ObjectToAssignment("it is a road"), by=DEPUTY)

        assert story.when(ObjectToAssignment("again"), by=DEPUTY).rules == ("objection_waiting",)

    def test_a_co_signer_objects_beside_the_first_deputy(self) -> None:
        story = given(RULES).and_(Receive("Pipes", "Deputy A", ("Deputy B",)), by=OFFICE, on="2026-02-09")
        story = story.and_(Assign(("Water Bureau",)), by=OFFICE).and_(ObjectToAssignment("a road"), by=DEPUTY)

        assert story.and_(ObjectToAssignment("a road"), by=SECOND).state == "assigned"

    def test_a_deputy_who_did_not_make_it_may_not_object(self) -> None:
        outcome = assigned(RULES).when(ObjectToAssignment("it is a road"), by=SECOND)

        assert outcome.rules == ("not_its_deputy",)
        assert "Deputy B did not make it; its deputies: Deputy A" in outcome.text()

    def test_where_nobody_knows_who_made_it_no_deputy_objects_until_the_office_has_set_that_right(self) -> None:
        story = given(RULES).and_(TakeOver("Pipes", leads=("Water Bureau",)), by=OFFICE, on="2026-02-09")
        known = story.and_(Correct(1, "deputy", "Deputy B", "it stands on the paper"), by=OFFICE)

        assert story.when(ObjectToAssignment("it is a road"), by=SECOND).rules == ("deputy_unknown",)
        assert known.and_(ObjectToAssignment("it is a road"), by=SECOND).state == "assigned"

    def test_there_is_nothing_to_answer_without_an_objection(self) -> None:
        outcome = assigned(RULES).when(AnswerAssignmentObjection("it is a pipe"), by=OFFICE)

        assert outcome.rules == ("no_objection_waiting",)


class TestAccept:
    """A unit signs for it."""

    def test_a_unit_without_a_part_is_refused_with_those_that_have_one(self) -> None:
        outcome = assigned(RULES).when(Accept(), by=ROADS)

        assert outcome.rules == ("not_its_unit",)
        assert "Roads Bureau has no part in it; its units: Water Bureau" in outcome.text()

    def test_it_is_signed_for_once(self) -> None:
        assert accepted(RULES).when(Accept(), by=WATER).rules == ("already_accepted",)

    def test_it_is_not_signed_for_before_it_was_assigned(self) -> None:
        story = received(BACKDATED).and_(Assign(("Water Bureau",)), by=OFFICE, on="2026-02-20")
        outcome = story.when(Accept(on="2026-02-19"), by=WATER, on="2026-02-21")

        assert outcome.rules == ("before_it_began",)
        assert "2026-02-19 is before it began, on 2026-02-20" in outcome.text()

    def test_where_the_day_of_assignment_is_unknown_any_past_day_will_do(self) -> None:
        story = given(BACKDATED).and_(TakeOver("Pipes", leads=("Water Bureau",)), by=OFFICE, on="2026-02-20")
        story = story.and_(Accept(on="2026-02-10"), by=WATER)
        (assignment,) = story.suggestion.leads

        assert assignment.acceptance is not None
        assert assignment.acceptance.on == day("2026-02-10")


class TestReturn:
    """A unit says it is not the one, and the office decides."""

    def test_only_a_unit_with_a_part_asks(self) -> None:
        assert assigned(RULES).when(RequestReturn("not ours"), by=ROADS).rules == ("not_its_unit",)

    def test_a_request_waits_for_its_decision(self) -> None:
        story = assigned(RULES).and_(RequestReturn("not ours"), by=WATER)

        assert story.when(RequestReturn("really not"), by=WATER).rules == ("return_waiting",)

    def test_after_a_refusal_it_may_be_asked_again(self) -> None:
        story = assigned(RULES).and_(RequestReturn("not ours"), by=WATER)
        story = story.and_(RefuseReturn("Water Bureau", "it is yours"), by=OFFICE)
        story = story.and_(RequestReturn("the law says so"), by=WATER)

        assert [r.decision for r in story.suggestion.return_requests] == ["refused", None]

    def test_a_unit_that_has_replied_cannot_send_it_back(self) -> None:
        assert one_has_replied().when(RequestReturn("not ours"), by=WATER).rules == ("already_replied",)

    def test_a_unit_that_replies_while_its_request_waits_is_not_relieved(self) -> None:
        story = accepted(RULES, "Water Bureau", "Roads Bureau").and_(RequestReturn("not ours"), by=WATER)
        story = story.and_(RecordContact("before"), by=WATER).and_(Reply("A", "done"), by=WATER)

        assert story.when(GrantReturn("Water Bureau"), by=OFFICE).rules == ("no_return_waiting", "already_replied")
        assert story.when(RefuseReturn("Water Bureau", "late"), by=OFFICE).rules == ("no_return_waiting",)

    @pytest.mark.parametrize(
        "act",
        [GrantReturn("Water Bureau"), RefuseReturn("Water Bureau", "it is yours")],
        ids=["granting", "refusing"],
    )
    def test_there_is_nothing_to_decide_without_a_request(self, act: GrantReturn | RefuseReturn) -> None:
        assert assigned(RULES).when(act, by=OFFICE).rules == ("no_return_waiting",)

    @pytest.mark.parametrize(
        "act",
        [GrantReturn("Roads Bureau"), RefuseReturn("Roads Bureau", "it is yours")],
        ids=["granting", "refusing"],
    )
    def test_only_the_unit_that_asked_is_decided_on(self, act: GrantReturn | RefuseReturn) -> None:
        story = assigned(RULES, "Water Bureau", "Roads Bureau").and_(RequestReturn("not ours"), by=WATER)
        outcome = story.when(act, by=OFFICE)

        assert outcome.rules == ("no_such_return_request",)
        assert "there is no return request: Roads Bureau; there is: Water Bureau" in outcome.text()

    def test_one_units_decision_leaves_the_others_request_open(self) -> None:
        story = assigned(RULES, "Water Bureau", "Roads Bureau")
        story = story.and_(RequestReturn("not ours"), by=WATER).and_(RequestReturn("nor ours"), by=ROADS)
        story = story.and_(GrantReturn("Water Bureau"), by=OFFICE)

        assert [(r.unit, r.decision) for r in story.suggestion.return_requests] == [
            ("Water Bureau", "granted"),
            ("Roads Bureau", None),
        ]

    def test_the_unit_does_not_decide_itself(self) -> None:
        story = assigned(RULES).and_(RequestReturn("not ours"), by=WATER)
        outcome = story.when(GrantReturn("Water Bureau"), by=WATER)

        assert outcome.rules == ("wrong_role",)

    def test_a_stranger_is_told_everything_at_once(self) -> None:
        outcome = accepted(RULES).when(RequestReturn("not ours", on="2026-02-12"), by=SCHOOLS)

        assert outcome.rules == ("day_in_future", "not_its_unit")


RELIEVED = [
    pytest.param((RequestReturn("not ours"), WATER), (GrantReturn("Water Bureau"), OFFICE), id="returned"),
    pytest.param(None, (Reassign(("Schools Bureau",), instead_of="Water Bureau", reason="x"), OFFICE), id="replaced"),
    pytest.param(None, (Distribute(("Schools Bureau",), instead_of="Water Bureau"), GOVERNMENT), id="distributed"),
]


class TestLapsing:
    """What a unit still waited for an answer to ends with its part in it."""

    @staticmethod
    def waiting() -> Scenario:
        """Two leads, each with a request for longer time and a draft nobody has answered."""
        story = accepted(LONGER, "Water Bureau", "Roads Bureau")
        for lead in (WATER, ROADS):
            story = story.and_(RequestExtension("2026-06-01", "winter"), by=lead)
            story = story.and_(DraftReply("A", "done"), by=lead)
        return story

    @pytest.mark.parametrize(("asking", "relieving"), RELIEVED)
    def test_the_requests_and_drafts_of_a_unit_relieved_lapse_and_no_others(
        self, asking: tuple[Any, Actor] | None, relieving: tuple[Any, Actor]
    ) -> None:
        story = self.waiting()
        story = story.and_(asking[0], by=asking[1]) if asking else story
        suggestion = story.and_(relieving[0], by=relieving[1]).suggestion

        assert [(r.unit, r.decision) for r in suggestion.extension_requests] == [
            ("Water Bureau", "lapsed"),
            ("Roads Bureau", None),
        ]
        assert [(d.unit, d.verdict) for d in suggestion.drafts] == [
            ("Water Bureau", "lapsed"),
            ("Roads Bureau", None),
        ]

    @pytest.mark.parametrize(
        ("act", "reasons"),
        [
            pytest.param(GrantExtension("Water Bureau"), ("no_extension_waiting", "no_extension"), id="granting"),
            pytest.param(RefuseExtension("Water Bureau", "late"), ("no_extension_waiting",), id="refusing"),
            pytest.param(ApproveDraft("Water Bureau"), ("no_draft_waiting",), id="approving"),
            pytest.param(ReturnDraft("Water Bureau", "how?"), ("no_draft_waiting",), id="sending back"),
            pytest.param(GrantReturn("Water Bureau"), ("no_return_waiting",), id="relieving again"),
        ],
    )
    def test_nothing_is_left_to_decide_for_a_unit_relieved(self, act: Any, reasons: tuple[str, ...]) -> None:
        story = accepted(LONGER, "Water Bureau", "Roads Bureau")
        story = story.and_(RequestExtension("2026-06-01", "winter"), by=WATER).and_(DraftReply("A", "done"), by=WATER)
        story = story.and_(RequestReturn("not ours"), by=WATER).and_(GrantReturn("Water Bureau"), by=OFFICE)

        assert story.when(act, by=OFFICE).rules == reasons

    def test_what_was_decided_before_stays_decided(self) -> None:
        story = self.waiting().and_(RefuseExtension("Water Bureau", "no need"), by=OFFICE)
        story = story.and_(RequestReturn("not ours"), by=WATER).and_(GrantReturn("Water Bureau"), by=OFFICE)

        assert [r.decision for r in story.suggestion.extension_requests] == ["refused", None]
        assert [r.decision for r in story.suggestion.return_requests] == ["granted"]

    def test_a_draft_approved_before_lets_no_reply_out_when_the_unit_comes_back(self) -> None:
        story = accepted(LONGER).and_(DraftReply("A", "done"), by=WATER).and_(ApproveDraft("Water Bureau"), by=OFFICE)
        story = story.and_(RequestReturn("not ours"), by=WATER).and_(GrantReturn("Water Bureau"), by=OFFICE)
        story = story.and_(Assign(("Water Bureau",)), by=OFFICE).and_(Accept(), by=WATER)
        story = story.and_(RecordContact("before"), by=WATER)
        early = story.when(Reply("A", "done"), by=WATER)
        story = story.and_(DraftReply("A", "done"), by=WATER).and_(ApproveDraft("Water Bureau"), by=OFFICE)

        assert early.rules == ("draft_was_approved",)
        assert [d.verdict for d in story.suggestion.drafts] == ["lapsed", "approved"]
        assert story.and_(Reply("A", "done"), by=WATER).state == "replied"

    def test_a_unit_that_comes_back_asks_anew(self) -> None:
        story = self.waiting().and_(RequestReturn("not ours"), by=WATER).and_(GrantReturn("Water Bureau"), by=OFFICE)
        story = story.and_(Reassign(("Water Bureau",), reason="it is yours"), by=OFFICE).and_(Accept(), by=WATER)
        story = story.and_(RequestExtension("2026-06-15", "rain"), by=WATER)

        assert [(r.unit, r.decision) for r in story.suggestion.extension_requests] == [
            ("Water Bureau", "lapsed"),
            ("Roads Bureau", None),
            ("Water Bureau", None),
        ]
