"""Does ``cn.national`` say what national law says? (代表法 2025 art. 51, 全国人大议事规则 art. 32)"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from handleflow import Rulebook, load_preset
from handleflow.acts import Evaluate, Receive, RecordContact, Rehandle, Reply, RequestExtension, TakeOver
from handleflow.events import DeadlineMissed, TermMet
from handleflow.legal_time import day
from handleflow.testing import Scenario, deputy, given, office
from handleflow.testing.boundaries import BoundaryDay, boundary_days
from handleflow.testing.monitors import library_monitors, never, watch
from handleflow.testing.tables import Case, read_cases
from tests.beginnings import ROADS, WATER
from tests.rules.lives import (
    BY_STATE,
    RECEIVED_ON,
    REPLIED_ON,
    a_reply,
    assigned,
    evaluated,
    handling,
    heard,
    no_miss_before_its_day,
    rehandled,
    replied,
    solving,
)

RULES = load_preset("cn.national")
DUE_ON = "2026-05-11"
EDGES = boundary_days(RULES, assigned(RULES).suggestion.terms[0])
ART_51, ART_32 = "DBF25 51", "NPC-YSGZ 32"


@pytest.mark.parametrize("case", read_cases(Path(__file__).parent / "cases" / "cn.national.toml"), ids=str)
def test_the_law_case_by_case(case: Case) -> None:
    assert case.differences(RULES) == ()


class TestThreeMonths:
    """The reply is due three months from assignment; 10 May 2026 is a Sunday, so on 11 May."""

    def test_the_days_that_matter_are_those_around_the_eleventh_of_may(self) -> None:
        assert [str(edge) for edge in EDGES if "due day" in edge.name] == [
            "the day before the due day 2026-05-10",
            "the due day 2026-05-11",
            "the day after the due day and the first working day after the due day 2026-05-12",
        ]

    @pytest.mark.parametrize("edge", EDGES, ids=str)
    def test_a_reply_is_in_time_up_to_its_day_and_late_by_the_days_after_it(self, edge: BoundaryDay) -> None:
        outcome = heard(RULES).when(solving(RULES), by=WATER, on=edge.on)
        (met,) = [event for event in outcome.events if isinstance(event, TermMet)]
        late = max(0, edge.on.toordinal() - day(DUE_ON).toordinal())

        assert (outcome.state, met.days_late) == ("replied", late)
        assert ("deadline_missed" in outcome.kinds) == (late > 0)

    @pytest.mark.parametrize("edge", EDGES, ids=str)
    def test_the_clock_tells_of_a_missed_day_once_it_is_over_and_tells_it_once(self, edge: BoundaryDay) -> None:
        found = assigned(RULES).when_the_clock_reads(edge.on)
        missed = [event for event in found.events if isinstance(event, DeadlineMissed)]

        assert [str(event.due_on) for event in missed] == ([DUE_ON] if str(edge.on) > DUE_ON else [])
        assert found.and_then().when_the_clock_reads(edge.on).entries == ()

    def test_nobody_is_urged_by_national_law_however_late_it_is(self) -> None:
        story = assigned(RULES)
        for on in ("2026-04-26", DUE_ON, "2026-05-12", "2026-06-30", "2026-12-31"):
            story = story.and_the_clock_reads(on)

        assert story.suggestion.supervisions == ()

    def test_each_of_two_leads_has_its_own_day_and_its_own_reply(self) -> None:
        story = heard(RULES, "Water Bureau", "Roads Bureau").and_(solving(RULES), by=WATER, on=REPLIED_ON)
        found = story.when_the_clock_reads("2026-05-12")

        assert {name: (str(term.due_on), term.end) for name, term in found.terms.items() if " of " in name} == {
            "reply of Water Bureau": (DUE_ON, "met"),
            "reply of Roads Bureau": (DUE_ON, "running"),
        }
        assert [event.key.unit for event in found.events if isinstance(event, DeadlineMissed)] == ["Roads Bureau"]

    def test_a_day_beyond_the_published_holidays_is_provisional(self) -> None:
        (term,) = assigned(RULES, on="2026-11-06").suggestion.terms

        assert (str(term.unrolled_on), term.is_provisional) == ("2027-02-06", True)

    def test_the_national_congress_of_2023_answered_by_july_and_what_was_hard_by_october(self) -> None:
        found = [assigned(RULES, on="2023-04-11", is_long_track=hard).suggestion.terms[0] for hard in (False, True)]

        assert [str(term.due_on) for term in found] == ["2023-07-11", "2023-10-11"]

    def test_longer_time_is_not_granted_later_and_the_refusal_names_the_article(self) -> None:
        outcome = handling(RULES).when(RequestExtension("2026-08-10", "It is hard."), by=WATER)

        assert [(o.rule, o.citation) for o in outcome.reasons] == [("no_extension", ART_51)]
        assert "a longer track (6 months) is set at assignment" in str(outcome)


class TestWhatIsHandled:
    """The law on deputies governs their suggestions; other matters have rules of their own."""

    @pytest.mark.parametrize("matter", ["suggestion", "unclear"])
    def test_a_suggestion_and_what_may_be_one_are_taken_in(self, matter: str) -> None:
        came = given(RULES).when(Receive("Pipes", "Deputy A", matter=matter), by=office(), on=RECEIVED_ON)
        taken = given(RULES).when(TakeOver("Pipes", matter=matter), by=office(), on=RECEIVED_ON)

        assert (came.state, taken.state) == ("received", "received")

    @pytest.mark.parametrize("matter", ["motion", "proposal"])
    def test_a_motion_and_a_proposal_are_not_and_are_told_where_to_go(self, matter: str) -> None:
        came = given(RULES).when(Receive("Pipes", "Deputy A", matter=matter), by=office(), on=RECEIVED_ON)
        taken = given(RULES).when(TakeOver("Pipes", matter=matter), by=office(), on=RECEIVED_ON)

        assert [(o.rule, o.citation) for o in (*came.reasons, *taken.reasons)] == [("matter_is_accepted", ART_51)] * 2
        assert "motions go through the congress, CPPCC proposals under the CPPCC's own rules" in str(came)


class TestHearing:
    """The deputy is heard before the reply, by the unit that replies, in each round."""

    def test_an_unheard_deputy_is_not_answered_and_the_refusal_names_the_article(self) -> None:
        outcome = handling(RULES).when(solving(RULES), by=WATER)

        assert [(o.rule, o.citation) for o in outcome.reasons] == [("deputy_was_heard", ART_51)]
        assert outcome.state == "handling"

    @pytest.mark.parametrize("stage", ["before", "during"])
    def test_who_was_heard_before_or_during_handling_is_answered(self, stage: str) -> None:
        story = handling(RULES).and_(RecordContact(stage), by=WATER)

        assert story.when(solving(RULES), by=WATER).state == "replied"

    def test_a_visit_after_the_reply_or_by_another_unit_is_no_hearing(self) -> None:
        story = handling(RULES, "Water Bureau", "Roads Bureau")
        story = story.and_(RecordContact("after"), by=WATER).and_(RecordContact("before"), by=ROADS)

        assert story.when(solving(RULES), by=WATER).rules == ("deputy_was_heard",)
        assert story.when(solving(RULES), by=ROADS).is_granted

    def test_before_a_second_reply_the_deputy_is_heard_a_second_time(self) -> None:
        story = rehandled(RULES)
        again = story.and_(RecordContact("during"), by=WATER)

        assert story.when(solving(RULES), by=WATER).rules == ("deputy_was_heard",)
        assert again.when(solving(RULES), by=WATER).state == "replied"


class TestHandlingAgain:
    """Only what the deputy is dissatisfied with is handled again (议事规则 art. 32)."""

    @pytest.mark.parametrize("result", ["satisfied", "basically_satisfied"])
    def test_a_content_deputys_matter_is_not_and_the_refusal_names_the_article(self, result: str) -> None:
        outcome = evaluated(RULES, result=result).when(Rehandle(("Water Bureau",), "Once more."), by=office())

        assert [(o.rule, o.citation) for o in outcome.reasons] == [("deputy_is_dissatisfied", ART_32)]

    def test_one_whose_attitude_dissatisfied_is_asked_for_again_too(self) -> None:
        rude = Evaluate("Water Bureau", "satisfied", "dissatisfied", "Nobody listened.")
        story = replied(RULES).and_(rude, by=deputy())

        assert story.when(Rehandle(("Water Bureau",), "Listen."), by=office()).state == "handling"

    def test_it_may_be_handled_again_and_again_and_no_day_is_set(self) -> None:
        story = rehandled(RULES).and_(RecordContact("during"), by=WATER).and_(solving(RULES), by=WATER)
        story = story.and_(Evaluate("Water Bureau", "dissatisfied", reason="It is brown."), by=deputy())
        outcome = story.when(Rehandle(("Water Bureau",), "It is brown."), by=office())

        assert (outcome.state, outcome.suggestion.round) == ("handling", 3)
        assert list(outcome.suggestion.running_terms()) == []


class TestOutcomes:
    """Four classes (NPC05): solved, being solved, to wait, for reference; the second is a promise."""

    CLASSES = (
        ("A", True, False),
        ("B", False, True),
        ("C", False, False),
        ("D", False, False),
    )

    @pytest.mark.parametrize(("code", "is_resolved", "is_promise"), CLASSES)
    def test_a_reply_means_what_its_class_says(self, code: str, is_resolved: bool, is_promise: bool) -> None:
        outcome = heard(RULES).when(Reply(code, "Pipes."), by=WATER, on=REPLIED_ON)
        meaning = outcome.suggestion.replies[0].snapshot

        assert meaning is not None
        assert (meaning.code, meaning.is_resolved, meaning.is_commitment) == (code, is_resolved, is_promise)
        assert (meaning.needs_day, meaning.is_sent_upward) == (False, False)
        assert [c.text for c in outcome.suggestion.open_commitments] == (["Pipes."] if is_promise else [])

    def test_a_promise_with_a_day_has_a_term_of_its_own(self) -> None:
        outcome = heard(RULES).when(a_reply(RULES, "B", "2026-10-30"), by=WATER, on=REPLIED_ON)

        assert str(outcome.terms["commitment"].due_on) == "2026-10-30"

    def test_there_is_no_fifth(self) -> None:
        assert heard(RULES).when(Reply("E", "Pipes."), by=WATER).rules == ("outcome_is_known",)


def answered_late(rules: Rulebook) -> Scenario:
    """Its day is missed, it is answered late, and the deputy is content."""
    story = heard(rules).and_the_clock_reads("2026-06-01").and_(solving(rules), by=WATER, on="2026-06-02")
    return story.and_(Evaluate("Water Bureau", "satisfied"), by=deputy(), on="2026-06-03")


@pytest.mark.parametrize("life", [*BY_STATE.values(), rehandled, answered_late], ids=lambda life: life.__name__)
def test_nothing_that_must_never_happen_happens_in_a_life(life: Callable[[Rulebook], Scenario]) -> None:
    forbidden = (
        never("replied", before="contact_recorded"),
        never("rehandling_demanded", before="evaluated"),
        never("supervised", before="accepted"),
    )

    assert watch(life(RULES), *library_monitors(RULES), no_miss_before_its_day, *forbidden) == ()
