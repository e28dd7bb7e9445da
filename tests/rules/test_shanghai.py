"""Does ``cn.shanghai`` say what the city's rules of 2015 say? (上海市人大关于代表建议的规定)"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from handleflow import Act, Rulebook, load, load_preset
from handleflow.acts import (
    Accept,
    Assign,
    DeclareExtension,
    GiveOpinion,
    GrantExtension,
    RecordContact,
    RejectOpinion,
    Reply,
    RequestExtension,
    RequestReturn,
    Withdraw,
)
from handleflow.core import explain
from handleflow.events import DeadlineMissed, TermMet
from handleflow.legal_time import Span, day
from handleflow.model import Actor
from handleflow.testing import Outcome, Scenario, deputy, office
from handleflow.testing.boundaries import BoundaryDay, boundary_days
from handleflow.testing.monitors import library_monitors, never, watch
from handleflow.testing.tables import Case, read_cases
from tests.beginnings import ROADS, WATER
from tests.rules.lives import (
    ASSIGNED_ON,
    BY_STATE,
    PROMISED_FOR,
    REPLIED_ON,
    a_reply,
    assigned,
    handling,
    heard,
    no_miss_before_its_day,
    received,
    received_late,
    refusals,
    rehandled,
    solving,
)

RULES = load_preset("cn.shanghai")
BETWEEN_SESSIONS_ON = "2026-02-11"
LONGER = RequestExtension("2026-08-10", "The river is high.")


def between_sessions(rules: Rulebook = RULES) -> Scenario:
    """Made between sessions, received the Wednesday before the Spring Festival."""
    return received(rules, on=BETWEEN_SESSIONS_ON, in_session=False)


def helped() -> Scenario:
    """The Water Bureau has heard the deputy; the Roads Bureau, which helps, has signed for it and said nothing."""
    return handling(RULES, co_units=("Roads Bureau",)).and_(RecordContact("before"), by=WATER)


def heard_again() -> Scenario:
    """It is handled again, and the deputy was heard again."""
    return rehandled(RULES).and_(RecordContact("during"), by=WATER)


@pytest.mark.parametrize("case", read_cases(Path(__file__).parent / "cases" / "cn.shanghai.toml"), ids=str)
def test_the_rules_case_by_case(case: Case) -> None:
    assert case.differences(RULES) == ()


Owed = tuple[str, Scenario, Act, Actor, str]
OWED: tuple[Owed, ...] = (
    ("assignment", between_sessions(), Assign(("Water Bureau",)), office(), "2026-02-27"),
    ("opinion", helped(), GiveOpinion("Open it once."), ROADS, "2026-03-10"),
    ("reply", heard(RULES), solving(RULES), WATER, "2026-05-11"),
    ("rehandled_reply", heard_again(), solving(RULES), WATER, "2026-04-10"),
)
"""Each term, a life in which it runs, what meets it, by whom, and its day: articles 11, 17, 19, 21."""


def edges() -> list[object]:
    """Every day that matters for each term, called by both."""
    return [
        pytest.param(owed, edge, id=f"{owed[0]}: {edge}")
        for owed in OWED
        for term in owed[1].suggestion.running_terms(owed[0])
        for edge in boundary_days(RULES, term)
        if edge.on >= owed[1].steps[-1].on
    ]


class TestTerms:
    """Seven working days, a month, three months, a month again: met in time up to the day, late after it."""

    @pytest.mark.parametrize("owed", OWED, ids=lambda owed: str(owed[0]))
    def test_each_term_ends_on_the_day_its_article_says(self, owed: Owed) -> None:
        rule, story, _, _, due_on = owed
        (term,) = story.suggestion.running_terms(rule)

        assert (str(term.due_on), term.is_provisional) == (due_on, False)

    @pytest.mark.parametrize(("owed", "edge"), edges())
    def test_what_is_owed_is_in_time_up_to_its_day_and_late_by_the_days_after(
        self, owed: Owed, edge: BoundaryDay
    ) -> None:
        rule, story, act, by, due_on = owed
        outcome = story.when(act, by=by, on=edge.on)
        (met,) = [e for e in outcome.events if isinstance(e, TermMet) and e.key.rule == rule]

        assert met.days_late == max(0, edge.on.toordinal() - day(due_on).toordinal())
        assert (rule in missed(outcome)) == (str(edge.on) > due_on)

    @pytest.mark.parametrize(("owed", "edge"), edges())
    def test_the_clock_tells_of_a_missed_day_once_it_is_over(self, owed: Owed, edge: BoundaryDay) -> None:
        rule, story, _, _, due_on = owed

        assert (rule in missed(story.when_the_clock_reads(edge.on))) == (str(edge.on) > due_on)

    def test_in_session_and_where_nobody_knows_no_day_of_assignment_runs(self) -> None:
        stories = [received(RULES, in_session=known) for known in (True, None)]

        assert [list(story.suggestion.running_terms("assignment")) for story in stories] == [[], []]

    def test_the_office_owes_the_assignment_and_is_who_a_ladder_urges(self) -> None:
        rung = {"id": "near", "term": "assignment", "offset": "-1 day", "channel": "phone", "cite": "host"}
        rules = load("cn.shanghai", changes={"name": "host", "version": "1", "rung": [rung]})
        (urged,) = between_sessions(rules).when_the_clock_reads("2026-02-26").supervisions

        assert (urged.unit, urged.channel) == ("congress_office", "phone")

    def test_a_helping_units_month_runs_from_its_own_receipt_and_a_lead_has_none(self) -> None:
        story = assigned(RULES, co_units=("Roads Bureau",)).and_(Accept(), by=WATER)
        signed = story.and_(Accept(), by=ROADS, on="2026-02-12")
        received = received_late(story, "Roads Bureau", on="2026-02-12")
        found = [each.suggestion.running_terms("opinion") for each in (story, signed, received)]

        assert [[(t.key.unit, str(t.due_on)) for t in terms] for terms in found] == [
            [("Roads Bureau", "2026-03-10")],
            [("Roads Bureau", "2026-03-10")],
            [("Roads Bureau", "2026-03-12")],
        ]

    def test_only_who_replies_again_has_the_month(self) -> None:
        story = rehandled(RULES, "Water Bureau", "Roads Bureau", co_units=("Schools Bureau",))

        assert [term.key.unit for term in story.suggestion.running_terms("rehandled_reply")] == ["Water Bureau"]


class TestLongerTime:
    """Up to three months more, with the congress body's consent, counted from where three months end (第十九条)."""

    def test_it_is_asked_for_and_holds_once_it_is_granted(self) -> None:
        story = handling(RULES).and_(LONGER, by=WATER, on=REPLIED_ON)
        granted = story.when(GrantExtension("Water Bureau"), by=office())

        assert [str(term.due_on) for term in story.suggestion.terms] == ["2026-05-11"]
        assert (str(granted.terms["reply"].due_on), str(granted.terms["reply"].original_on)) == (
            "2026-08-10",
            "2026-05-11",
        )

    def test_it_counts_from_the_tenth_of_may_though_that_is_a_sunday(self) -> None:
        outcome = handling(RULES).when(RequestExtension("2026-08-11", "It is high."), by=WATER)

        assert refusals(outcome) == [("extension_within_measure", "SH15 19")]
        assert str(dict(outcome.reasons[0].facts)["latest"]) == "2026-08-10"

    def test_by_a_span_it_is_counted_from_that_day_too(self) -> None:
        asked = [RequestExtension(None, "It is high.", within=Span(n, "month")) for n in (3, 4)]
        story = handling(RULES).and_(asked[0], by=WATER).and_(GrantExtension("Water Bureau"), by=office())
        told = {step.what: (str(step.on), step.citation) for step in explain(RULES, story.suggestion.terms[0])}

        assert told["extended"] == ("2026-08-10", "SH15 19")
        assert refusals(handling(RULES).when(asked[1], by=WATER)) == [("extension_within_measure", "SH15 19")]

    def test_it_is_not_taken_without_consent(self) -> None:
        outcome = handling(RULES).when(DeclareExtension("2026-08-10", "It is high."), by=WATER)

        assert refusals(outcome) == [("extension_mode", "SH15 19")]

    def test_it_is_had_once(self) -> None:
        shorter = RequestExtension("2026-06-10", "It is high.")
        story = handling(RULES).and_(shorter, by=WATER).and_(GrantExtension("Water Bureau"), by=office())

        assert refusals(story.when(LONGER, by=WATER)) == [("extensions_are_left", "SH15 19")]

    def test_asked_for_on_the_day_and_granted_after_it_the_day_was_not_missed(self) -> None:
        story = handling(RULES).and_(LONGER, by=WATER, on="2026-05-11").and_the_clock_reads("2026-05-12")
        missed = story.suggestion.terms[0].is_breached
        story = story.and_(GrantExtension("Water Bureau"), by=office(), on="2026-05-13")
        (term,) = story.suggestion.terms
        told = {step.what: (str(step.on), step.citation) for step in explain(RULES, term, story.history)}

        assert (missed, term.is_breached, str(term.due_on)) == (True, False, "2026-08-10")
        assert (told["extended"], told["missed"]) == (("2026-08-10", "SH15 19"), ("2026-05-11", ""))

    def test_it_is_asked_for_before_the_day_is_over(self) -> None:
        on_the_day, after = (handling(RULES).when(LONGER, by=WATER, on=on) for on in ("2026-05-11", "2026-05-12"))

        assert (on_the_day.rules, refusals(after)) == ((), [("extension_in_time", "SH15 19")])


class TestGuards:
    """What the rules ask before an act may be, each with its article."""

    def test_a_unit_gives_it_back_within_seven_working_days_of_its_receipt_not_of_the_assignment(self) -> None:
        story = received_late(assigned(RULES, on=ASSIGNED_ON), on=BETWEEN_SESSIONS_ON)
        back = RequestReturn("It is the road.")
        in_time, late = (story.when(back, by=WATER, on=on) for on in ("2026-02-27", "2026-02-28"))

        assert (in_time.rules, refusals(late)) == ((), [("return_in_time", "SH15 14")])
        assert {name: str(value) for name, value in late.reasons[0].facts} == {
            "last": "2026-02-27",
            "within": "7 workdays",
            "from": BETWEEN_SESSIONS_ON,
        }

    def test_what_a_unit_has_not_signed_for_it_gives_back_in_time_too(self) -> None:
        outcome = assigned(RULES).when(RequestReturn("It is the road."), by=WATER, on="2026-11-10")

        assert refusals(outcome) == [("return_in_time", "SH15 14")]

    def test_the_lead_waits_for_the_helping_units_opinion(self) -> None:
        silent = helped()
        spoken = silent.and_(GiveOpinion("Open it once."), by=ROADS)
        rejected = spoken.and_(RejectOpinion("Roads Bureau", "It says nothing."), by=WATER)

        assert refusals(silent.when(solving(RULES), by=WATER)) == [("co_opinions_are_in", "SH15 17")]
        assert spoken.when(solving(RULES), by=WATER).state == "replied"
        assert rejected.when(solving(RULES), by=WATER).rules == ("co_opinions_are_in",)

    def test_the_lead_waits_for_a_silent_helper_through_its_month_and_no_longer(self) -> None:
        in_time, after = (helped().when(solving(RULES), by=WATER, on=on) for on in ("2026-03-10", "2026-03-11"))

        assert (refusals(in_time), after.state) == ([("co_opinions_are_in", "SH15 17")], "replied")
        assert (after.terms["reply"].is_late, after.terms["opinion"].is_breached) == (False, True)

    def test_a_joint_suggestion_is_taken_back_only_by_all_who_made_it(self) -> None:
        story = received(RULES, co_signers=("Deputy B", "Deputy C"))
        some = story.when(Withdraw("It is solved.", ("Deputy B",)), by=deputy())
        everybody = story.when(Withdraw("It is solved.", ("Deputy B", "Deputy C")), by=deputy())

        assert refusals(some) == [("withdrawal_is_unanimous", "SH15 10")]
        assert "not yet agreed: Deputy C" in str(some)
        assert everybody.state == "withdrawn"

    def test_what_national_law_asks_is_asked_here_too(self) -> None:
        unheard = handling(RULES).when(solving(RULES), by=WATER)

        assert refusals(unheard) == [("deputy_was_heard", "DBF25 51")]
        assert heard(RULES).when(solving(RULES), by=WATER).state == "replied"


class TestOutcomes:
    """Four classes (第十八条); two are promises that name their day."""

    CLASSES = (
        ("solved", True, False),
        ("annual_plan", False, True),
        ("planned", False, True),
        ("for_reference", False, False),
    )

    @pytest.mark.parametrize(("code", "is_resolved", "is_promise"), CLASSES)
    def test_a_reply_means_what_its_class_says(self, code: str, is_resolved: bool, is_promise: bool) -> None:
        outcome = heard(RULES).when(a_reply(RULES, code), by=WATER, on=REPLIED_ON)
        meaning = outcome.suggestion.replies[0].snapshot

        assert meaning is not None
        assert (meaning.code, meaning.is_resolved, meaning.is_commitment) == (code, is_resolved, is_promise)
        assert (meaning.needs_day, meaning.is_sent_upward) == (is_promise, False)
        assert [str(c.due_on) for c in outcome.suggestion.open_commitments] == ([PROMISED_FOR] if is_promise else [])

    @pytest.mark.parametrize("code", ["annual_plan", "planned"])
    def test_a_promise_without_a_day_is_refused(self, code: str) -> None:
        outcome = heard(RULES).when(Reply(code, "Soon."), by=WATER)

        assert refusals(outcome) == [("promise_needs_day", "SH15 18")]

    def test_the_letters_of_national_practice_mean_nothing_here(self) -> None:
        assert heard(RULES).when(Reply("A", "Laid."), by=WATER).rules == ("outcome_is_known",)


def missed(outcome: Outcome) -> set[str]:
    """The rules whose day the outcome tells to be missed."""
    return {event.key.rule for event in outcome.events if isinstance(event, DeadlineMissed)}


def answered_late(rules: Rulebook) -> Scenario:
    """Everything is late: the assignment, the opinion, the reply."""
    story = between_sessions(rules).and_(Assign(("Water Bureau",), ("Roads Bureau",)), by=office(), on="2026-03-02")
    story = story.and_(Accept(), by=WATER).and_(Accept(), by=ROADS).and_(RecordContact("before"), by=WATER)
    story = story.and_the_clock_reads("2026-04-03").and_(GiveOpinion("Open it once."), by=ROADS)
    return story.and_(solving(rules), by=WATER, on="2026-06-10")


@pytest.mark.parametrize("life", [*BY_STATE.values(), rehandled, answered_late], ids=lambda life: life.__name__)
def test_nothing_that_must_never_happen_happens_in_a_life(life: Callable[[Rulebook], Scenario]) -> None:
    forbidden = (never("replied", before="contact_recorded"), never("rehandling_demanded", before="evaluated"))

    assert watch(life(RULES), *library_monitors(RULES), no_miss_before_its_day, *forbidden) == ()


def test_the_late_life_missed_every_day_it_had() -> None:
    story = answered_late(RULES)
    late = {event.key.rule: event.days_late for e in story.history if isinstance(event := e.event, TermMet)}

    assert late == {"assignment": 3, "opinion": 1, "reply": 8}
