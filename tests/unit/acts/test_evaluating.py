"""Is the deputy satisfied? Verdicts on replies, silence that is no verdict, and going back to work."""

from __future__ import annotations

import pytest

from handleflow import (
    Accept,
    Assign,
    Close,
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
from tests.story import DEPUTY, OFFICE, SECOND, WATER, Story, accepted, replied, rulebook

RULES = rulebook()
PROXY = rulebook(
    arrow=[
        {
            "act": "evaluate",
            "source": ["handling", "replied"],
            "target": "evaluated",
            "who": ["deputy", "congress_office"],
            "when": "every_reply_is_rated",
        },
        {
            "act": "evaluate",
            "source": ["handling", "replied"],
            "target": "same",
            "who": ["deputy", "congress_office"],
        },
    ]
)
EVERY_DEPUTY = rulebook(
    arrow=[
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


def joint() -> Story:
    """A suggestion of two deputies, replied to, under a rulebook that waits for both verdicts."""
    story = Story(EVERY_DEPUTY).then(Receive("Pipes", "Deputy A", ("Deputy B",)), OFFICE)
    story = story.then(Assign(("Water Bureau",)), OFFICE).then(Accept(), WATER)
    return story.then(RecordContact("before"), WATER).then(Reply("A", "done"), WATER)


class TestEvaluate:
    """A deputy's verdict on one reply."""

    def test_both_axes_the_reason_the_channel_and_the_rater_are_kept(self) -> None:
        act = Evaluate("Water Bureau", "basically_satisfied", "satisfied", "slow", "telephone")
        (rating,) = replied(RULES).then(act, DEPUTY, "2026-03-02").suggestion.ratings

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
        story = replied(RULES).ask(act, DEPUTY)

        assert story.reasons == ("reason_when_dissatisfied",)
        assert "a rating of dissatisfied needs a reason" in story.told_why()

    def test_satisfied_need_not_say_why(self) -> None:
        assert replied(RULES).then(Evaluate("Water Bureau", "satisfied"), DEPUTY).state == "evaluated"

    def test_a_reply_that_does_not_exist_is_not_rated(self) -> None:
        story = replied(RULES).ask(Evaluate("Roads Bureau", "satisfied"), DEPUTY)

        assert story.reasons == ("no_such_reply",)
        assert "there is no reply of Roads Bureau; replied: Water Bureau" in story.told_why()

    def test_nothing_is_rated_before_it_is_replied_to(self) -> None:
        story = accepted(RULES).ask(Evaluate("Water Bureau", "satisfied"), DEPUTY)

        assert story.reasons == ("no_such_reply",)
        assert "there is no reply of Water Bureau; replied: none" in story.told_why()

    def test_the_reply_of_a_unit_nobody_knows_is_rated_without_naming_one(self) -> None:
        story = Story(RULES).then(TakeOver("Pipes", mark="A"), OFFICE)

        assert story.then(Evaluate(None, "satisfied"), DEPUTY).state == "evaluated"

    def test_a_deputy_rates_a_reply_once(self) -> None:
        story = replied(RULES, "Water Bureau", "Roads Bureau").then(Evaluate("Water Bureau", "satisfied"), DEPUTY)
        story = story.ask(Evaluate("Water Bureau", "dissatisfied", reason="dry"), DEPUTY)

        assert story.reasons == ("already_rated",)
        assert "Deputy A has rated this reply" in story.told_why()

    def test_every_deputy_of_a_joint_suggestion_is_waited_for_where_the_rulebook_says_so(self) -> None:
        one = joint().then(Evaluate("Water Bureau", "satisfied"), DEPUTY)
        both = one.then(Evaluate("Water Bureau", "basically_satisfied"), SECOND)

        assert (one.state, both.state) == ("replied", "evaluated")

    def test_a_deputy_who_did_not_make_it_does_not_rate_it(self) -> None:
        assert replied(RULES).ask(Evaluate("Water Bureau", "satisfied"), SECOND).reasons == ("not_its_deputy",)

    def test_a_deputy_does_not_rate_for_another(self) -> None:
        story = replied(RULES).ask(Evaluate("Water Bureau", "satisfied", rater="Deputy B"), DEPUTY)

        assert story.reasons == ("rated_for_another",)

    def test_a_deputy_may_name_themself(self) -> None:
        story = replied(RULES).then(Evaluate("Water Bureau", "satisfied", rater="Deputy A"), DEPUTY)

        assert story.state == "evaluated"

    def test_the_unit_does_not_rate_itself(self) -> None:
        story = replied(RULES).ask(Evaluate("Water Bureau", "satisfied"), WATER)

        assert story.reasons == ("wrong_role", "rater_needed")

    def test_all_that_is_wrong_is_said_at_once(self) -> None:
        act = Evaluate("Roads Bureau", "dissatisfied", rater="Deputy A", on="2026-02-11")
        story = replied(RULES).ask(act, SECOND)

        assert story.reasons == (
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
        story = accepted(TOLD_LATER).then(RecordContact("before"), WATER)
        story = story.then(Reply("A", "done"), WATER, "2026-03-02")
        story = story.ask(Evaluate("Water Bureau", "satisfied", on=on), DEPUTY, "2026-03-05")

        assert story.reasons == reasons

    def test_who_rates_too_early_reads_both_days(self) -> None:
        story = accepted(TOLD_LATER).then(RecordContact("before"), WATER)
        story = story.then(Reply("A", "done"), WATER, "2026-03-02")
        story = story.ask(Evaluate("Water Bureau", "satisfied", on="2026-03-01"), DEPUTY, "2026-03-05")

        assert "2026-03-01 is before 2026-03-02, when the reply was given" in story.told_why()
        assert "2026-03-01 早于作出答复之日 2026-03-02" in story.told_why("zh")

    def test_a_reply_on_a_day_nobody_knows_may_be_rated_on_any(self) -> None:
        story = Story(TOLD_LATER).then(TakeOver("Pipes", mark="A"), OFFICE, "2026-03-02")

        assert story.then(Evaluate(None, "satisfied", on="2026-02-10"), DEPUTY).state == "evaluated"

    def test_a_reply_nobody_gave_is_named_in_chinese_too(self) -> None:
        story = accepted(RULES).ask(Evaluate("Water Bureau", "satisfied"), DEPUTY)

        assert "没有Water Bureau的答复；已答复：无" in story.told_why("zh")

    def test_an_unknown_grade_names_the_nearest(self) -> None:
        with pytest.raises(UnknownChoice, match="did you mean 'satisfied'"):
            Evaluate("Water Bureau", "satisfed")


class TestProxy:
    """An office enters a verdict for a deputy, where the rulebook lets it."""

    def test_it_is_marked_and_names_whose_it_is(self) -> None:
        story = replied(PROXY).then(Evaluate("Water Bureau", "satisfied", rater="Deputy A"), OFFICE)
        (rating,) = story.suggestion.ratings

        assert (rating.rater, rating.entered_by, rating.is_proxy) == ("Deputy A", OFFICE, True)

    def test_it_is_not_entered_for_nobody(self) -> None:
        story = replied(PROXY).ask(Evaluate("Water Bureau", "satisfied"), OFFICE)

        assert story.reasons == ("rater_needed",)
        assert "a rating entered by a congress office must name the deputy" in story.told_why()

    def test_it_is_not_entered_for_a_deputy_who_did_not_make_it(self) -> None:
        story = replied(PROXY).ask(Evaluate("Water Bureau", "satisfied", rater="Deputy B"), OFFICE)

        assert story.reasons == ("not_its_deputy",)

    def test_a_deputy_who_has_rated_is_not_rated_for(self) -> None:
        story = replied(PROXY, "Water Bureau", "Roads Bureau").then(Evaluate("Water Bureau", "satisfied"), DEPUTY)
        story = story.ask(Evaluate("Water Bureau", "satisfied", rater="Deputy A"), OFFICE)

        assert story.reasons == ("already_rated",)


class TestNoResponse:
    """Silence after reminders."""

    def test_silence_is_no_grade_and_nobodys_verdict(self) -> None:
        story = replied(RULES).then(RecordNoResponse("Water Bureau", ("2026-02-10",)), OFFICE)
        (silence,) = story.suggestion.ratings

        assert (silence.result, silence.attitude, silence.rater, silence.is_no_response) == (
            None,
            None,
            None,
            True,
        )

    def test_it_takes_a_reminder(self) -> None:
        story = replied(RULES).ask(RecordNoResponse("Water Bureau", ()), OFFICE)

        assert story.reasons == ("no_reminder",)
        assert "give the days of the reminders" in story.told_why()

    def test_a_reminder_lies_in_the_past(self) -> None:
        act = RecordNoResponse("Water Bureau", ("2026-02-10", "2026-02-11", "2026-02-12"))

        assert replied(RULES).ask(act, OFFICE).reasons == ("day_in_future", "day_in_future")

    def test_a_reply_that_was_rated_was_not_met_with_silence(self) -> None:
        story = replied(RULES, "Water Bureau", "Roads Bureau").then(Evaluate("Water Bureau", "satisfied"), DEPUTY)

        assert story.ask(RecordNoResponse("Water Bureau", ("2026-02-10",)), OFFICE).reasons == ("already_rated",)

    def test_a_deputy_may_still_speak_after_silence_was_recorded(self) -> None:
        story = replied(RULES, "Water Bureau", "Roads Bureau")
        story = story.then(RecordNoResponse("Water Bureau", ("2026-02-10",)), OFFICE)
        story = story.then(Evaluate("Water Bureau", "satisfied"), DEPUTY)

        assert [rating.is_no_response for rating in story.suggestion.ratings] == [True, False]

    def test_there_is_no_silence_about_a_reply_that_does_not_exist(self) -> None:
        story = replied(RULES).ask(RecordNoResponse("Roads Bureau", ("2026-02-10",)), OFFICE)

        assert story.reasons == ("no_such_reply",)

    def test_one_day_is_no_list_of_days(self) -> None:
        with pytest.raises(ImpossibleDay, match="give days as a tuple"):
            RecordNoResponse("Water Bureau", "2026-02-10")

    def test_a_reminder_is_a_day(self) -> None:
        with pytest.raises(ImpossibleDay, match="2008-09-31"):
            RecordNoResponse("Water Bureau", ("2008-09-31",))


class TestRehandle:
    """Back to work."""

    @staticmethod
    def dissatisfied() -> Story:
        story = replied(RULES, "Water Bureau", "Roads Bureau")
        story = story.then(Evaluate("Water Bureau", "dissatisfied", reason="dry"), DEPUTY)
        return story.then(Evaluate("Roads Bureau", "satisfied"), DEPUTY)

    def test_the_other_replies_stand(self) -> None:
        story = self.dissatisfied().then(Rehandle(("Water Bureau",), "dry"), OFFICE)

        assert (story.state, story.suggestion.round) == ("handling", 2)
        assert [r.unit for r in story.suggestion.current_replies] == ["Roads Bureau"]

    def test_it_names_at_least_one_lead(self) -> None:
        assert self.dissatisfied().ask(Rehandle((), "dry"), OFFICE).reasons == ("no_lead",)

    def test_it_names_only_leads_that_replied(self) -> None:
        story = self.dissatisfied().ask(Rehandle(("Water Bureau", "Schools Bureau"), "dry"), OFFICE)

        assert story.reasons == ("no_such_reply",)
        assert "there is no reply of Schools Bureau; replied: Water Bureau, Roads Bureau" in story.told_why()

    def test_a_lead_is_named_once(self) -> None:
        story = self.dissatisfied().ask(Rehandle(("Water Bureau", "Water Bureau"), "dry"), OFFICE)

        assert story.reasons == ("unit_named_twice",)
        assert "named twice: Water Bureau" in story.told_why()

    def test_a_stranger_named_twice_is_told_of_once(self) -> None:
        story = self.dissatisfied().ask(Rehandle(("Schools Bureau", "Schools Bureau"), "dry"), OFFICE)

        assert story.reasons == ("unit_named_twice", "no_such_reply")

    def test_a_satisfied_deputy_has_nothing_handled_again(self) -> None:
        story = replied(RULES).then(Evaluate("Water Bureau", "satisfied"), DEPUTY)

        assert story.ask(Rehandle(("Water Bureau",), "dry"), OFFICE).reasons == ("deputy_is_dissatisfied",)

    def test_the_new_round_is_rated_anew(self) -> None:
        story = self.dissatisfied().then(Rehandle(("Water Bureau",), "dry"), OFFICE)
        early = story.ask(Evaluate("Water Bureau", "satisfied"), DEPUTY)

        assert early.reasons == ("no_such_reply",)

    def test_a_new_lead_of_the_new_round_owes_its_reply_there(self) -> None:
        story = self.dissatisfied().then(Rehandle(("Water Bureau",), "dry"), OFFICE)
        act = Reassign(("Schools Bureau",), instead_of="Water Bureau", reason="x")
        story = story.then(act, OFFICE)

        assert [(a.unit, a.round) for a in story.suggestion.owing] == [("Schools Bureau", 2)]

    def test_why_says_something(self) -> None:
        with pytest.raises(EmptyWords, match="Rehandle needs words for 'reason'"):
            Rehandle(("Water Bureau",), "")


class TestClose:
    """The office closes it."""

    def test_a_rated_suggestion_without_promises_closes_for_good(self) -> None:
        story = replied(RULES).then(Evaluate("Water Bureau", "satisfied"), DEPUTY).then(Close(), OFFICE)

        assert (story.state, story.suggestion.is_final) == ("closed", True)
        assert story.ask(Assign(("Water Bureau",)), OFFICE).reasons == ("wrong_state",)

    def test_it_stays_open_while_a_promise_is(self) -> None:
        story = replied(RULES, outcome="B").then(Evaluate("Water Bureau", "satisfied"), DEPUTY)
        early = story.ask(Close(), OFFICE)
        story = story.then(FulfilCommitment(1, "built"), WATER).then(Close(), OFFICE)

        assert early.reasons == ("commitments_open",)
        assert "commitments are open: 1; fulfil them first" in early.told_why()
        assert story.state == "closed"

    def test_it_is_not_closed_before_it_was_rated(self) -> None:
        assert replied(RULES).ask(Close(), OFFICE).reasons == ("wrong_state",)
