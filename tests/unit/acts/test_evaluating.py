"""Is the deputy satisfied? Verdicts on replies, silence that is no verdict, and going back to work."""

from __future__ import annotations

import pytest

from handleflow import Actor
from handleflow.acts import (
    Accept,
    Assign,
    Close,
    Correct,
    Evaluate,
    FulfilCommitment,
    Reassign,
    Receive,
    RecordContact,
    RecordNoResponse,
    Rehandle,
    Reply,
    TakeOver,
)
from handleflow.errors import EmptyWords, ImpossibleDay, UnknownChoice
from handleflow.legal_time import day
from handleflow.testing import Scenario, given
from tests.beginnings import DEPUTY, OFFICE, SECOND, WATER, accepted, replied, rulebook

RULES = rulebook()
PROXY = rulebook(
    transition=[
        {
            "act": "evaluate",
            "source": ["handling", "replied"],
            "target": "evaluated",
            "who": ["deputy", "congress_office", "unit"],
            "when": "every_reply_is_rated",
        },
        {
            "act": "evaluate",
            "source": ["handling", "replied"],
            "target": "same",
            "who": ["deputy", "congress_office", "unit"],
        },
    ]
)
EVERY_DEPUTY = rulebook(
    transition=[
        {
            "act": "evaluate",
            "source": ["replied"],
            "target": "evaluated",
            "who": ["deputy"],
            "when": "every_deputy_has_rated",
        },
        {"act": "evaluate", "source": ["replied"], "target": "same", "who": ["deputy"]},
    ]
)

TOLD_LATER = rulebook(backdating=[{"role": "deputy", "within": "30 days", "cite": "host"}])


def joint() -> Scenario:
    """A suggestion of two deputies, replied to, under a rulebook that waits for both verdicts."""
    story = given(EVERY_DEPUTY).and_(Receive("Pipes", "Deputy A", ("Deputy B",)), by=OFFICE, on="2026-02-09")
    story = story.and_(Assign(("Water Bureau",)), by=OFFICE).and_(Accept(), by=WATER)
    return story.and_(RecordContact("before"), by=WATER).and_(Reply("A", "done"), by=WATER)


class TestEvaluate:
    """A deputy's verdict on one reply."""

    def test_both_axes_the_reason_the_channel_and_the_rater_are_kept(self) -> None:
        act = Evaluate("Water Bureau", "basically_satisfied", "satisfied", "slow", "telephone")
        (rating,) = replied(RULES).and_(act, by=DEPUTY, on="2026-03-02").suggestion.ratings

        assert (rating.result, rating.attitude, rating.reason, rating.channel) == (
            "basically_satisfied",
            "satisfied",
            "slow",
            "telephone",
        )
        assert (rating.rater, rating.entered_by, rating.is_proxy, rating.on) == (
            "Deputy A",
            DEPUTY,
            False,
            day("2026-03-02"),
        )

    @pytest.mark.parametrize(
        "act",
        [
            pytest.param(Evaluate("Water Bureau", "dissatisfied"), id="with the result"),
            pytest.param(Evaluate("Water Bureau", "satisfied", "dissatisfied"), id="with the attitude alone"),
        ],
    )
    def test_dissatisfied_says_why(self, act: Evaluate) -> None:
        outcome = replied(RULES).when(act, by=DEPUTY)

        assert outcome.rules == ("reason_when_dissatisfied",)
        assert "a rating of dissatisfied needs a reason" in outcome.text()

    def test_satisfied_need_not_say_why(self) -> None:
        assert replied(RULES).and_(Evaluate("Water Bureau", "satisfied"), by=DEPUTY).state == "evaluated"

    def test_a_reply_that_does_not_exist_is_not_rated(self) -> None:
        outcome = replied(RULES).when(Evaluate("Roads Bureau", "satisfied"), by=DEPUTY)

        assert outcome.rules == ("no_such_reply",)
        assert "there is no reply of Roads Bureau; replied: Water Bureau" in outcome.text()

    def test_nothing_is_rated_before_it_is_replied_to(self) -> None:
        outcome = accepted(RULES).when(Evaluate("Water Bureau", "satisfied"), by=DEPUTY)

        assert outcome.rules == ("no_such_reply",)
        assert "there is no reply of Water Bureau; replied: none" in outcome.text()

    def test_the_reply_of_a_unit_nobody_knows_is_rated_without_naming_one(self) -> None:
        story = given(RULES).and_(TakeOver("Pipes", deputy="Deputy A", mark="A"), by=OFFICE, on="2026-02-09")

        assert story.and_(Evaluate(None, "satisfied"), by=DEPUTY).state == "evaluated"

    def test_where_nobody_knows_who_made_it_no_deputy_rates_until_the_office_has_set_that_right(self) -> None:
        story = given(RULES).and_(TakeOver("Pipes", mark="A"), by=OFFICE, on="2026-02-09")
        outcome = story.when(Evaluate(None, "satisfied"), by=DEPUTY)
        known = story.and_(Correct(1, "deputy", "Deputy A", "it stands on the paper"), by=OFFICE)

        assert outcome.rules == ("deputy_unknown",)
        assert "correct, entry 1, field deputy" in outcome.text()
        assert "提出代表不明，Deputy A不能以提出代表身份办理" in outcome.text("zh")
        assert known.and_(Evaluate(None, "satisfied"), by=DEPUTY).state == "evaluated"

    def test_a_deputy_is_known_by_the_id_and_not_by_the_name(self) -> None:
        story = replied(RULES)
        same, namesake = Actor("deputy", "Deputy A. (placeholder)", "Deputy A"), Actor("deputy", "Deputy A", "7")

        assert story.when(Evaluate("Water Bureau", "satisfied"), by=namesake).rules == ("not_its_deputy",)
        assert story.and_(Evaluate("Water Bureau", "satisfied"), by=same).suggestion.ratings[0].rater == "Deputy A"

    def test_a_deputy_rates_a_reply_once(self) -> None:
        story = replied(RULES, "Water Bureau", "Roads Bureau").and_(Evaluate("Water Bureau", "satisfied"), by=DEPUTY)
        outcome = story.when(Evaluate("Water Bureau", "dissatisfied", reason="dry"), by=DEPUTY)

        assert outcome.rules == ("already_rated",)
        assert "Deputy A has rated this reply" in outcome.text()

    def test_every_deputy_of_a_joint_suggestion_is_waited_for_where_the_rulebook_says_so(self) -> None:
        one = joint().and_(Evaluate("Water Bureau", "satisfied"), by=DEPUTY)
        both = one.and_(Evaluate("Water Bureau", "basically_satisfied"), by=SECOND)

        assert (one.state, both.state) == ("replied", "evaluated")

    def test_a_deputy_who_did_not_make_it_does_not_rate_it(self) -> None:
        assert replied(RULES).when(Evaluate("Water Bureau", "satisfied"), by=SECOND).rules == ("not_its_deputy",)

    def test_a_deputy_does_not_rate_for_another(self) -> None:
        outcome = replied(RULES).when(Evaluate("Water Bureau", "satisfied", rater="Deputy B"), by=DEPUTY)

        assert outcome.rules == ("rated_for_another",)

    def test_a_deputy_may_name_themself(self) -> None:
        story = replied(RULES).and_(Evaluate("Water Bureau", "satisfied", rater="Deputy A"), by=DEPUTY)

        assert story.state == "evaluated"

    def test_the_unit_does_not_rate_itself(self) -> None:
        outcome = replied(RULES).when(Evaluate("Water Bureau", "satisfied"), by=WATER)

        assert outcome.rules == ("wrong_role", "rater_needed")

    def test_all_that_is_wrong_is_said_at_once(self) -> None:
        act = Evaluate("Roads Bureau", "dissatisfied", rater="Deputy A", on="2026-02-11")
        outcome = replied(RULES).when(act, by=SECOND)

        assert outcome.rules == (
            "day_in_future",
            "not_its_deputy",
            "no_such_reply",
            "reason_when_dissatisfied",
            "rated_for_another",
        )

    @pytest.mark.parametrize(
        ("on", "reasons"),
        [("2026-03-01", ("day_too_early",)), ("2026-03-02", ())],
        ids=["the day before", "the same day"],
    )
    def test_a_reply_is_not_rated_before_it_was_given(self, on: str, reasons: tuple[str, ...]) -> None:
        story = accepted(TOLD_LATER).and_(RecordContact("before"), by=WATER)
        story = story.and_(Reply("A", "done"), by=WATER, on="2026-03-02")
        outcome = story.when(Evaluate("Water Bureau", "satisfied", on=on), by=DEPUTY, on="2026-03-05")

        assert outcome.rules == reasons

    def test_who_rates_too_early_reads_both_days(self) -> None:
        story = accepted(TOLD_LATER).and_(RecordContact("before"), by=WATER)
        story = story.and_(Reply("A", "done"), by=WATER, on="2026-03-02")
        outcome = story.when(Evaluate("Water Bureau", "satisfied", on="2026-03-01"), by=DEPUTY, on="2026-03-05")

        assert "2026-03-01 is before 2026-03-02, when the reply was given" in outcome.text()
        assert "2026-03-01 早于作出答复之日 2026-03-02" in outcome.text("zh")

    def test_a_reply_on_a_day_nobody_knows_may_be_rated_on_any(self) -> None:
        story = given(TOLD_LATER).and_(TakeOver("Pipes", deputy="Deputy A", mark="A"), by=OFFICE, on="2026-03-02")

        assert story.and_(Evaluate(None, "satisfied", on="2026-02-10"), by=DEPUTY).state == "evaluated"

    def test_a_reply_nobody_gave_is_named_in_chinese_too(self) -> None:
        outcome = accepted(RULES).when(Evaluate("Water Bureau", "satisfied"), by=DEPUTY)

        assert "没有Water Bureau的答复；已答复：无" in outcome.text("zh")

    def test_an_unknown_grade_names_the_nearest(self) -> None:
        with pytest.raises(UnknownChoice, match="did you mean 'satisfied'"):
            Evaluate("Water Bureau", "satisfed")


class TestProxy:
    """An office enters a verdict for a deputy, where the rulebook lets it."""

    def test_it_is_marked_and_names_whose_it_is(self) -> None:
        story = replied(PROXY).and_(Evaluate("Water Bureau", "satisfied", rater="Deputy A"), by=OFFICE)
        (rating,) = story.suggestion.ratings

        assert (rating.rater, rating.entered_by, rating.is_proxy) == ("Deputy A", OFFICE, True)

    def test_it_is_not_entered_for_nobody(self) -> None:
        outcome = replied(PROXY).when(Evaluate("Water Bureau", "satisfied"), by=OFFICE)

        assert outcome.rules == ("rater_needed",)
        assert "a rating entered by a congress office must name the deputy" in outcome.text()

    def test_it_is_not_entered_for_a_deputy_who_did_not_make_it(self) -> None:
        outcome = replied(PROXY).when(Evaluate("Water Bureau", "satisfied", rater="Deputy B"), by=OFFICE)

        assert outcome.rules == ("not_its_deputy",)

    def test_where_nobody_knows_who_made_it_an_office_alone_says_whose_it_is(self) -> None:
        story = given(PROXY).and_(TakeOver("Pipes", mark="A"), by=OFFICE, on="2026-02-09")
        act = Evaluate(None, "satisfied", rater="Deputy A")

        assert story.when(act, by=WATER).rules == ("deputy_unknown",)
        assert story.and_(act, by=OFFICE).suggestion.ratings[0].rater == "Deputy A"

    def test_a_deputy_who_has_rated_is_not_rated_for(self) -> None:
        story = replied(PROXY, "Water Bureau", "Roads Bureau").and_(Evaluate("Water Bureau", "satisfied"), by=DEPUTY)
        outcome = story.when(Evaluate("Water Bureau", "satisfied", rater="Deputy A"), by=OFFICE)

        assert outcome.rules == ("already_rated",)


class TestNoResponse:
    """Silence after reminders."""

    def test_silence_is_no_grade_and_nobodys_verdict(self) -> None:
        story = replied(RULES).and_(RecordNoResponse("Water Bureau", ("2026-02-10",)), by=OFFICE)
        (silence,) = story.suggestion.ratings

        assert (silence.result, silence.attitude, silence.rater, silence.is_no_response) == (
            None,
            None,
            None,
            True,
        )

    def test_it_takes_a_reminder(self) -> None:
        outcome = replied(RULES).when(RecordNoResponse("Water Bureau", ()), by=OFFICE)

        assert outcome.rules == ("no_reminder",)
        assert "give the days of the reminders" in outcome.text()

    def test_a_reminder_lies_in_the_past(self) -> None:
        act = RecordNoResponse("Water Bureau", ("2026-02-10", "2026-02-11", "2026-02-12"))

        assert replied(RULES).when(act, by=OFFICE).rules == ("day_in_future", "day_in_future")

    def test_a_reply_that_was_rated_was_not_met_with_silence(self) -> None:
        story = replied(RULES, "Water Bureau", "Roads Bureau").and_(Evaluate("Water Bureau", "satisfied"), by=DEPUTY)

        assert story.when(RecordNoResponse("Water Bureau", ("2026-02-10",)), by=OFFICE).rules == ("already_rated",)

    def test_a_deputy_may_still_speak_after_silence_was_recorded(self) -> None:
        story = replied(RULES, "Water Bureau", "Roads Bureau")
        story = story.and_(RecordNoResponse("Water Bureau", ("2026-02-10",)), by=OFFICE)
        story = story.and_(Evaluate("Water Bureau", "satisfied"), by=DEPUTY)

        assert [rating.is_no_response for rating in story.suggestion.ratings] == [True, False]

    def test_there_is_no_silence_about_a_reply_that_does_not_exist(self) -> None:
        outcome = replied(RULES).when(RecordNoResponse("Roads Bureau", ("2026-02-10",)), by=OFFICE)

        assert outcome.rules == ("no_such_reply",)

    def test_one_day_is_no_list_of_days(self) -> None:
        with pytest.raises(ImpossibleDay, match="give days as a tuple"):
            RecordNoResponse("Water Bureau", "2026-02-10")

    def test_a_reminder_is_a_day(self) -> None:
        with pytest.raises(ImpossibleDay, match="2008-09-31"):
            RecordNoResponse("Water Bureau", ("2008-09-31",))


class TestRehandle:
    """Back to work."""

    @staticmethod
    def dissatisfied() -> Scenario:
        story = replied(RULES, "Water Bureau", "Roads Bureau")
        story = story.and_(Evaluate("Water Bureau", "dissatisfied", reason="dry"), by=DEPUTY)
        return story.and_(Evaluate("Roads Bureau", "satisfied"), by=DEPUTY)

    def test_the_other_replies_stand(self) -> None:
        story = self.dissatisfied().and_(Rehandle(("Water Bureau",), "dry"), by=OFFICE)

        assert (story.state, story.suggestion.round) == ("handling", 2)
        assert [r.unit for r in story.suggestion.current_replies] == ["Roads Bureau"]

    def test_it_names_at_least_one_lead(self) -> None:
        assert self.dissatisfied().when(Rehandle((), "dry"), by=OFFICE).rules == ("no_lead",)

    def test_it_names_only_leads_that_replied(self) -> None:
        outcome = self.dissatisfied().when(Rehandle(("Water Bureau", "Schools Bureau"), "dry"), by=OFFICE)

        assert outcome.rules == ("no_such_reply",)
        assert "there is no reply of Schools Bureau; replied: Water Bureau, Roads Bureau" in outcome.text()

    def test_a_lead_is_named_once(self) -> None:
        outcome = self.dissatisfied().when(Rehandle(("Water Bureau", "Water Bureau"), "dry"), by=OFFICE)

        assert outcome.rules == ("unit_named_twice",)
        assert "named twice: Water Bureau" in outcome.text()

    def test_a_stranger_named_twice_is_told_of_once(self) -> None:
        outcome = self.dissatisfied().when(Rehandle(("Schools Bureau", "Schools Bureau"), "dry"), by=OFFICE)

        assert outcome.rules == ("unit_named_twice", "no_such_reply")

    def test_a_satisfied_deputy_has_nothing_handled_again(self) -> None:
        story = replied(RULES).and_(Evaluate("Water Bureau", "satisfied"), by=DEPUTY)

        assert story.when(Rehandle(("Water Bureau",), "dry"), by=OFFICE).rules == ("deputy_is_dissatisfied",)

    def test_the_new_round_is_rated_anew(self) -> None:
        story = self.dissatisfied().and_(Rehandle(("Water Bureau",), "dry"), by=OFFICE)
        early = story.when(Evaluate("Water Bureau", "satisfied"), by=DEPUTY)

        assert early.rules == ("no_such_reply",)

    def test_a_new_lead_of_the_new_round_owes_its_reply_there(self) -> None:
        story = self.dissatisfied().and_(Rehandle(("Water Bureau",), "dry"), by=OFFICE)
        act = Reassign(("Schools Bureau",), instead_of="Water Bureau", reason="x")
        story = story.and_(act, by=OFFICE)

        assert [(a.unit, a.round) for a in story.suggestion.leads_without_reply] == [("Schools Bureau", 2)]

    def test_why_says_something(self) -> None:
        with pytest.raises(EmptyWords, match="Rehandle needs words for 'reason'"):
            Rehandle(("Water Bureau",), "")


class TestClose:
    """The office closes it."""

    def test_a_rated_suggestion_without_promises_closes_for_good(self) -> None:
        story = replied(RULES).and_(Evaluate("Water Bureau", "satisfied"), by=DEPUTY).and_(Close(), by=OFFICE)

        assert (story.state, story.rules.is_over(story.suggestion)) == ("closed", True)
        assert story.when(Assign(("Water Bureau",)), by=OFFICE).rules == ("wrong_state",)

    def test_it_stays_open_while_a_promise_is(self) -> None:
        story = replied(RULES, outcome="B").and_(Evaluate("Water Bureau", "satisfied"), by=DEPUTY)
        early = story.when(Close(), by=OFFICE)
        story = story.and_(FulfilCommitment(1, "built"), by=WATER).and_(Close(), by=OFFICE)

        assert early.rules == ("commitments_open",)
        assert "commitments are open: 1; fulfil them first" in early.text()
        assert story.state == "closed"

    def test_it_is_not_closed_before_it_was_rated(self) -> None:
        assert replied(RULES).when(Close(), by=OFFICE).rules == ("wrong_state",)
