"""What was recorded wrongly, and what changes the whole? Correction, merging, withdrawal, another version."""

from __future__ import annotations

from typing import Any

import pytest
from attrs import evolve

from handleflow import Part
from handleflow.acts import (
    Accept,
    Adopt,
    Assign,
    Correct,
    Evaluate,
    MergeWith,
    Receive,
    RecordContact,
    Reply,
    RequestExtension,
    TakeOver,
    Withdraw,
)
from handleflow.core import private_values, replay
from handleflow.errors import EmptyWords
from handleflow.legal_time import day
from handleflow.model.corrections import Correction
from handleflow.testing import Outcome, Scenario, given
from tests.beginnings import DEPUTY, LEADER, OFFICE, SECOND, WATER, accepted, assigned, received, replied, rulebook

RULES = rulebook()
NEXT = rulebook(version="2")
UNANIMOUS = rulebook(guard=[{"ask": "withdrawal_is_unanimous", "of": ["withdraw"], "cite": "host"}])
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
    ]
)


def corrected(story: Scenario, entry: int, field: str, value: str) -> Scenario:
    return story.and_(Correct(entry, field, value, "typo"), by=OFFICE)


def refused(story: Scenario, entry: int, field: str, value: str = "x") -> Outcome:
    return story.when(Correct(entry, field, value, "typo"), by=OFFICE)


class TestCorrect:
    """A recorded fact is set right, and the wrong one stays readable."""

    def test_words_are_set_right_and_the_old_ones_kept(self) -> None:
        suggestion = corrected(received(RULES), 1, "title", "Water pipes").suggestion

        assert suggestion.title == "Water pipes"
        assert suggestion.corrections == (Correction(2, 1, "suggestion.title", "Water pipes", "typo", "Pipes"),)

    def test_what_was_unknown_becomes_known(self) -> None:
        suggestion = corrected(received(RULES), 1, "locality", "Old Town").suggestion

        assert (suggestion.locality, suggestion.corrections[0].old) == ("Old Town", None)

    def test_a_second_correction_corrects_the_first(self) -> None:
        story = corrected(corrected(received(RULES), 1, "title", "Water pipe"), 1, "title", "Water pipes")

        assert [c.old for c in story.suggestion.corrections] == ["Pipes", "Water pipe"]

    def test_only_the_noun_of_that_entry_changes(self) -> None:
        story = replied(RULES, "Water Bureau", "Roads Bureau")
        entry = story.suggestion.replies[0].entry
        story = corrected(story, entry, "text", "done well")

        assert [reply.text for reply in story.suggestion.replies] == ["done well", "done"]

    def test_a_noun_inside_another_is_reached(self) -> None:
        story = assigned(RULES).and_(Accept(), by=WATER, on="2026-02-13")
        story = corrected(story, story.suggestion.version, "on", "2026-02-12")
        (assignment,) = story.suggestion.leads

        assert assignment.acceptance is not None
        assert assignment.acceptance.on == day("2026-02-12")
        assert assignment.assigned_on == day("2026-02-10")

    @pytest.mark.parametrize(
        ("true_day", "due"),
        [
            pytest.param("2026-02-09", "2026-05-09", id="a make-up Saturday, which works"),
            pytest.param("2026-02-12", "2026-05-12", id="a Thursday"),
        ],
    )
    def test_a_corrected_day_of_assignment_moves_the_day_of_the_reply(self, true_day: str, due: str) -> None:
        act = Correct(2, "assigned_on", true_day, "typo")
        (term,) = assigned(RULES).and_(act, by=OFFICE, on="2026-02-13").suggestion.terms

        assert (str(term.anchor_on), str(term.original_on), str(term.due_on)) == (true_day, "2026-05-11", due)

    def test_a_day_before_receipt_is_no_day_of_assignment(self) -> None:
        outcome = refused(assigned(RULES), 2, "assigned_on", "2026-02-08")

        assert outcome.rules == ("days_out_of_order",)
        assert "assignment of Water Bureau on 2026-02-08 would lie before 2026-02-09" in outcome.text()

    def test_receipt_is_not_moved_behind_the_assignment(self) -> None:
        outcome = assigned(RULES).when(Correct(1, "received_on", "2026-02-11", "typo"), by=OFFICE, on="2026-02-12")

        assert outcome.rules == ("days_out_of_order",)

    def test_the_day_of_receipt_itself_may_have_been_earlier(self) -> None:
        assert corrected(assigned(RULES), 1, "received_on", "2026-01-30").suggestion.received_on == day("2026-01-30")

    def test_where_receipt_is_unknown_nothing_is_before_it(self) -> None:
        story = given(RULES).and_(TakeOver("Pipes", leads=("Water Bureau",)), by=OFFICE, on="2026-02-09")

        assert refused(story, 1, "assigned_on", "2020-02-10").rules == ()

    def test_the_day_two_units_share_is_set_right_for_both(self) -> None:
        story = corrected(assigned(RULES, "Water Bureau", "Roads Bureau"), 2, "assigned_on", "2026-02-09")

        assert [str(term.due_on) for term in story.suggestion.terms] == ["2026-05-09", "2026-05-09"]

    def test_words_two_units_could_each_mean_are_not_guessed(self) -> None:
        parts = (Part("Water Bureau", person="Person P"), Part("Roads Bureau", person="Person Q"))
        story = received(RULES).and_(Assign(("Water Bureau", "Roads Bureau"), parts=parts), by=OFFICE)
        outcome = refused(story, 2, "person", "Person R")

        assert outcome.rules == ("not_correctable",)
        assert "'person' of entry 2 cannot be corrected; there: assigned_on" in outcome.text()
        assert refused(story, 2, "assignment.person", "Person R").rules == ("not_correctable",)

    def test_what_two_units_share_is_set_right_for_both_by_the_nouns_name_too(self) -> None:
        story = corrected(assigned(RULES, "Water Bureau", "Roads Bureau"), 2, "assignment.person", "Person R")

        assert [a.person for a in story.suggestion.leads] == ["Person R", "Person R"]
        assert [c.field for c in story.suggestion.corrections] == ["assignment.person"]

    def test_a_person_of_one_unit_is_set_right(self) -> None:
        story = corrected(assigned(RULES), 2, "person", "Person R")

        assert [a.person for a in story.suggestion.leads] == ["Person R"]

    def test_no_later_decision_is_taken_again_but_its_term_ends_on_that_day(self) -> None:
        story = replied(RULES)
        entry = story.suggestion.replies[0].entry
        story = story.and_(Evaluate("Water Bureau", "satisfied"), by=DEPUTY, on="2026-03-02")
        story = corrected(story, entry, "on", "2026-03-01")

        assert story.state == "evaluated"
        assert [str(term.ended_on) for term in story.suggestion.terms] == ["2026-03-01"]

    def test_even_what_is_over_can_be_set_right(self) -> None:
        story = received(RULES).and_(Withdraw("solved"), by=DEPUTY)

        assert corrected(story, 1, "title", "Water pipes").state == "withdrawn"

    @pytest.mark.parametrize("field", ["unit", "outcome", "round", "entry", "state"])
    def test_who_replied_and_how_it_was_classed_is_not_corrected_so(self, field: str) -> None:
        story = replied(RULES)
        outcome = refused(story, story.suggestion.replies[0].entry, field)

        assert outcome.rules == ("not_correctable",)
        assert outcome.text().endswith(
            "there: mark, on, reply.mark, reply.on, reply.signed_by, reply.text, signed_by, text"
        )

    def test_a_correction_is_not_corrected_but_made_again(self) -> None:
        outcome = refused(corrected(received(RULES), 1, "title", "Water pipes"), 2, "reason")

        assert outcome.rules == ("not_correctable",)
        assert "there: nothing" in outcome.text()
        assert "可更正：无" in outcome.text("zh")

    @pytest.mark.parametrize("entry", [0, -1, 2], ids=["zero", "negative", "one too many"])
    def test_an_entry_that_does_not_exist_is_refused_with_those_that_do(self, entry: int) -> None:
        outcome = refused(received(RULES), entry, "title")

        assert outcome.rules == ("no_such_entry",)
        assert f"there is no entry: {entry}; there is: 1 to 1" in outcome.text()

    @pytest.mark.parametrize(
        ("value", "reason"),
        [
            pytest.param("2008-09-31", "unfit_value", id="no such day"),
            pytest.param("yesterday", "unfit_value", id="no day at all"),
            pytest.param("2026-02-10", "day_in_future", id="tomorrow"),
        ],
    )
    def test_a_day_is_corrected_to_a_day_that_has_come(self, value: str, reason: str) -> None:
        assert refused(received(RULES), 1, "received_on", value).rules == (reason,)

    def test_why_a_value_is_unfit_is_said_in_one_language(self) -> None:
        outcome = refused(received(RULES), 1, "received_on", "yesterday")

        assert outcome.text("zh") == (
            "建议 2026-017：更正未获准：“received_on”的新值无效：'yesterday' 不是日期；请提供日期，或写作“2026-02-10”"
        )

    def test_why_longer_time_was_asked_for_is_set_right_before_the_decision(self) -> None:
        story = accepted(LONGER).and_(RequestExtension("2026-06-01", "winter"), by=WATER)
        story = corrected(story, story.suggestion.version, "reason", "rain")

        assert [r.reason for r in story.suggestion.extension_requests] == ["rain"]

    def test_until_when_it_was_asked_for_is_not_rewritten(self) -> None:
        story = accepted(LONGER).and_(RequestExtension("2026-06-01", "winter"), by=WATER)
        outcome = refused(story, story.suggestion.version, "until", "2026-06-30")

        assert outcome.rules == ("not_correctable",)
        assert "there: extension_request.reason, reason" in outcome.text()

    def test_a_deputy_is_not_corrected_to_a_co_signer(self) -> None:
        story = given(RULES).and_(Receive("Pipes", "Deputy A", ("Deputy B",)), by=OFFICE, on="2026-02-09")
        outcome = refused(story, 1, "deputy", "Deputy B")

        assert outcome.rules == ("deputy_named_twice",)
        assert corrected(story, 1, "deputy", "Deputy C").suggestion.deputies == ("Deputy C", "Deputy B")

    def test_everything_wrong_with_a_day_is_said_in_words(self) -> None:
        outcome = refused(assigned(RULES), 2, "assignment.assigned_on", "2026-02-12")

        assert outcome.text() == (
            "correct refused for suggestion 2026-017: 2026-02-12 has not come yet; today is 2026-02-10"
        )

    def test_only_an_office_corrects(self) -> None:
        outcome = received(RULES).when(Correct(1, "title", "x", "typo"), by=LEADER)

        assert outcome.rules == ("wrong_role",)

    @pytest.mark.parametrize("name", ["field", "value", "reason"])
    def test_it_says_what_and_why(self, name: str) -> None:
        found: dict[str, Any] = {"entry": 1, "field": "title", "value": "x", "reason": "typo", name: " "}

        with pytest.raises(EmptyWords, match=f"Correct(: '{name}' is None when unknown| needs words for '{name}')"):
            Correct(**found)

    @pytest.mark.parametrize("on", ["1000-01-01", "0001-01-01", "2003-12-31"])
    @pytest.mark.parametrize(("entry", "field"), [(1, "received_on"), (2, "assigned_on")])
    def test_a_day_that_the_calendar_does_not_reach_is_refused(self, entry: int, field: str, on: str) -> None:
        outcome = refused(assigned(RULES), entry, field, on)

        assert "outside_calendar" in outcome.rules
        assert f"calendar 'cn' does not reach {on}" in outcome.text()
        assert f"日历“cn”推算不到 {on}" in outcome.text("zh")


def cleared(story: Scenario, entry: int, field: str, on: str | None = None) -> Scenario:
    return story.and_(Correct(entry, field, None, "entered by mistake"), by=OFFICE, on=on)


class TestClear:
    """What was recorded by mistake is unknown again."""

    def test_words_are_unknown_and_the_old_ones_kept(self) -> None:
        suggestion = cleared(received(RULES), 1, "title").suggestion

        assert suggestion.title is None
        assert [(c.field, c.old, c.new) for c in suggestion.corrections] == [("suggestion.title", "Pipes", None)]

    def test_what_is_never_unknown_is_not_cleared(self) -> None:
        story = assigned(RULES).and_(Accept(), by=WATER)
        outcome = story.when(Correct(story.suggestion.version, "on", None, "typo"), by=OFFICE)

        assert outcome.rules == ("never_unknown",)
        assert outcome.text().endswith("'on' of entry 4 is never unknown; give as value what it should say")

    def test_a_term_whose_anchor_is_unknown_has_no_day_and_is_not_missed(self) -> None:
        story = cleared(assigned(RULES), 2, "assigned_on", "2026-02-13")
        (term,) = story.suggestion.terms

        assert story.last.kinds == ("corrected", "term_undated")
        assert (term.end, term.anchor_on, term.due_on, str(term.original_on)) == (
            "not_computable",
            None,
            None,
            "2026-05-11",
        )
        assert story.when_the_clock_reads("2026-06-01").entries == ()

    def test_a_day_that_is_found_later_dates_it_again(self) -> None:
        story = cleared(assigned(RULES), 2, "assigned_on", "2026-02-13")
        story = story.and_(Correct(2, "assigned_on", "2026-02-12", "found"), by=OFFICE)
        (term,) = story.suggestion.terms

        assert (term.end, str(term.anchor_on), str(term.due_on)) == ("running", "2026-02-12", "2026-05-12")

    def test_no_miss_is_lost_by_clearing_the_day_and_giving_it_again(self) -> None:
        story = assigned(RULES).and_the_clock_reads("2026-05-12")
        story = cleared(story, 2, "assigned_on").and_(Correct(2, "assigned_on", "2026-02-10", "it was so"), by=OFFICE)
        (term,) = story.suggestion.terms

        assert (term.end, term.is_breached, str(term.missed_on)) == ("running", True, "2026-05-11")

    def test_a_miss_of_a_day_that_was_never_the_true_one_leaves_the_counts(self) -> None:
        story = assigned(RULES).and_(Accept(), by=WATER).and_the_clock_reads("2026-05-12")
        story = cleared(story, 2, "assigned_on").and_(Correct(2, "assigned_on", "2026-02-09", "found"), by=OFFICE)

        assert story.last.kinds == ("corrected", "term_moved")
        story = cleared(received(RULES).and_(Assign(("Water Bureau",)), by=OFFICE, on="2026-02-09"), 2, "assigned_on")
        assert [term.is_breached for term in story.suggestion.terms] == [False]

    def test_a_reply_given_meanwhile_meets_it_on_its_day(self) -> None:
        story = cleared(accepted(RULES), 2, "assigned_on")
        story = story.and_(RecordContact("before"), by=WATER).and_(Reply("A", "done"), by=WATER, on="2026-03-02")
        assert [term.end for term in story.suggestion.terms] == ["not_computable"]

        story = story.and_(Correct(2, "assigned_on", "2026-02-10", "found"), by=OFFICE, on="2026-03-03")
        assert [(term.end, str(term.ended_on)) for term in story.suggestion.terms] == [("met", "2026-03-02")]

    def test_a_term_that_has_ended_stays_as_it_ended(self) -> None:
        story = cleared(replied(RULES), 2, "assigned_on")

        assert story.last.kinds == ("corrected",)
        assert [(term.end, str(term.due_on)) for term in story.suggestion.terms] == [("met", "2026-05-11")]

    def test_the_suggestion_is_what_its_history_folds_to(self) -> None:
        story = cleared(cleared(assigned(RULES), 2, "assigned_on"), 1, "received_on")

        assert replay(story.suggestion.id, story.history) == story.suggestion
        assert story.suggestion.received_on is None


class TestPrivate:
    """What says something of a person is set right, and lies apart as before."""

    RECEIVED = given(RULES).and_(
        Receive("Pipes", "Deputy A", phone="placeholder number", address="placeholder street"),
        by=OFFICE,
        on="2026-02-09",
    )

    @pytest.mark.parametrize("field", ["phone", "suggestion.phone"])
    def test_who_may_read_it_finds_what_was_corrected_last(self, field: str) -> None:
        act = Correct(1, field, None, "typo", private_value="another placeholder")
        story = self.RECEIVED.and_(act, by=OFFICE)

        assert private_values(story.history) == {
            (1, "phone"): "another placeholder",
            (1, "address"): "placeholder street",
        }
        assert [(c.field, c.old, c.new) for c in story.suggestion.corrections] == [("suggestion.phone", None, None)]
        assert "placeholder" not in repr(story.suggestion) + repr(act)

    def test_it_is_cleared_and_what_was_never_told_is_given(self) -> None:
        story = cleared(self.RECEIVED, 1, "phone")
        assert private_values(story.history) == {(1, "address"): "placeholder street"}

        story = received(RULES).and_(Correct(1, "phone", None, "typo", private_value="placeholder"), by=OFFICE)
        assert private_values(story.history) == {(1, "phone"): "placeholder"}
        story = corrected(story, 1, "title", "Water pipes")
        assert private_values(story.history) == {(1, "phone"): "placeholder"}

    def test_it_is_not_given_as_what_all_may_read(self) -> None:
        outcome = refused(self.RECEIVED, 1, "phone", "placeholder")

        assert outcome.rules == ("kept_apart",)
        assert outcome.text().endswith("give it as private_value, and no value")

    def test_what_all_may_read_is_not_given_apart(self) -> None:
        act = Correct(1, "title", None, "typo", private_value="placeholder")

        assert self.RECEIVED.when(act, by=OFFICE).rules == ("not_kept_apart",)

    def test_only_the_entry_that_began_it_has_such_a_field(self) -> None:
        assert refused(assigned(RULES), 2, "phone").rules == ("not_correctable",)


class TestNouns:
    """Where one entry made several things, the noun says which."""

    @staticmethod
    def taken() -> Scenario:
        act = TakeOver(
            "Pipes",
            deputy="Deputy A",
            leads=("Water Bureau",),
            assigned_on="2025-02-10",
            contacted_on="2025-02-20",
            replied_on="2025-03-01",
            mark="A",
            result="satisfied",
        )
        return given(RULES).and_(act, by=OFFICE, on="2026-02-09")

    @pytest.mark.parametrize(
        ("field", "before", "after"),
        [
            pytest.param("contact.on", "2025-02-20", "2025-02-21", id="the day of the contact"),
            pytest.param("reply.on", "2025-03-01", "2025-02-21", id="the day of the reply"),
        ],
    )
    def test_the_noun_named_changes_and_no_other(self, field: str, before: str, after: str) -> None:
        story = corrected(self.taken(), 1, field, after)
        (contact,), (reply,) = story.suggestion.contacts, story.suggestion.replies
        days = {"contact.on": str(contact.on), "reply.on": str(reply.on)}

        assert days == {"contact.on": "2025-02-20", "reply.on": "2025-03-01", field: after}
        assert [(c.field, c.old, c.new) for c in story.suggestion.corrections] == [(field, before, after)]

    def test_a_field_that_could_be_anybodys_is_refused_with_whose_it_could_be(self) -> None:
        outcome = refused(self.taken(), 1, "on", "2025-02-21")

        assert outcome.rules == ("not_correctable",)
        assert "'on' of entry 1 cannot be corrected" in outcome.text()
        assert [name in outcome.text() for name in ("contact.on", "rating.on", "reply.on")] == [True] * 3

    def test_a_field_only_one_noun_has_needs_no_noun(self) -> None:
        story = corrected(self.taken(), 1, "title", "Water pipes")

        assert [c.field for c in story.suggestion.corrections] == ["suggestion.title"]

    @pytest.mark.parametrize(
        ("noun", "field"),
        [("suggestion", "title"), ("assignment", "person"), ("rating", "reason"), ("reply", "text")],
    )
    def test_the_noun_may_be_named_even_where_it_need_not(self, noun: str, field: str) -> None:
        story = corrected(self.taken(), 1, f"{noun}.{field}", "set right")

        assert [c.field for c in story.suggestion.corrections] == [f"{noun}.{field}"]

    @pytest.mark.parametrize("field", ["answer.on", "reply.", ".on", "reply.outcome", "reply.on.on"])
    def test_a_noun_or_field_nobody_knows_is_refused(self, field: str) -> None:
        assert refused(self.taken(), 1, field, "2025-02-21").rules == ("not_correctable",)

    def test_two_units_who_share_nothing_but_the_day_are_told_so(self) -> None:
        act = TakeOver("Pipes", leads=("Water Bureau", "Roads Bureau"), replied_on="2025-03-01", mark="A")
        story = corrected(given(RULES).and_(act, by=OFFICE, on="2026-02-09"), 1, "reply.on", "2025-03-02")

        assert [str(reply.on) for reply in story.suggestion.replies] == ["2025-03-02", "2025-03-02"]


class TestMerge:
    """Handled together with another."""

    def test_each_side_names_the_other_and_keeps_its_own_state(self) -> None:
        story = received(RULES).and_(MergeWith("2026-018"), by=OFFICE)

        assert (story.state, story.suggestion.merged_with) == ("received", ("2026-018",))

    def test_the_other_side_is_asked_for_the_same_on_the_same_day(self) -> None:
        act = MergeWith("2026-018", on="2026-02-09")

        assert act.mirrored_act(received(RULES).suggestion) == (
            "2026-018",
            MergeWith("2026-017", on="2026-02-09"),
        )

    def test_it_is_not_merged_with_itself(self) -> None:
        assert received(RULES).when(MergeWith("2026-017"), by=OFFICE).rules == ("merged_with_itself",)

    def test_it_is_merged_with_another_once(self) -> None:
        story = received(RULES).and_(MergeWith("2026-018"), by=OFFICE)

        assert story.when(MergeWith("2026-018"), by=OFFICE).rules == ("already_merged",)
        assert story.and_(MergeWith("2026-019"), by=OFFICE).suggestion.merged_with == ("2026-018", "2026-019")

    def test_after_the_reply_it_is_too_late(self) -> None:
        assert replied(RULES).when(MergeWith("2026-018"), by=OFFICE).rules == ("wrong_state",)


class TestWithdraw:
    """The deputy takes it back."""

    def test_it_is_over_for_the_deputys_reason_and_nothing_is_due(self) -> None:
        story = assigned(RULES).and_(Withdraw("solved"), by=DEPUTY)

        assert (story.state, story.suggestion.ground) == ("withdrawn", "solved")
        assert [term.end for term in story.suggestion.terms] == ["dropped"]

    def test_a_deputy_who_did_not_make_it_does_not_withdraw_it(self) -> None:
        assert received(RULES).when(Withdraw("solved"), by=SECOND).rules == ("not_its_deputy",)

    def test_where_nobody_knows_who_made_it_no_deputy_withdraws_it_until_the_office_has_set_that_right(self) -> None:
        story = given(RULES).and_(TakeOver("Pipes"), by=OFFICE, on="2026-02-09")

        assert story.when(Withdraw("solved"), by=DEPUTY).rules == ("deputy_unknown",)
        assert corrected(story, 1, "deputy", "Deputy A").and_(Withdraw("solved"), by=DEPUTY).state == "withdrawn"

    def test_a_joint_suggestion_is_withdrawn_by_all_where_the_rulebook_says_so(self) -> None:
        story = given(UNANIMOUS).and_(Receive("Pipes", "Deputy A", ("Deputy B",)), by=OFFICE, on="2026-02-09")
        alone = story.when(Withdraw("solved"), by=DEPUTY)

        assert alone.rules == ("withdrawal_is_unanimous",)
        assert "not yet agreed: Deputy B" in alone.text()
        assert story.and_(Withdraw("solved", ("Deputy B",)), by=DEPUTY).state == "withdrawn"

    def test_after_the_reply_it_is_too_late(self) -> None:
        assert replied(RULES).when(Withdraw("solved"), by=DEPUTY).rules == ("wrong_state",)

    def test_why_says_something(self) -> None:
        with pytest.raises(EmptyWords, match="Withdraw needs words for 'reason'"):
            Withdraw("")


class TestAdopt:
    """Another version decides from here on."""

    def test_the_next_entries_carry_the_version_adopted(self) -> None:
        story = evolve(assigned(RULES), rules=NEXT).and_(Adopt("test", "2"), by=OFFICE)

        assert str(story.suggestion.rulebook) == "test 2"
        assert [str(entry.rulebook) for entry in story.history] == ["test 1"] * 3 + ["test 2"]

    def test_the_version_that_decides_is_not_adopted_again(self) -> None:
        outcome = assigned(RULES).when(Adopt("test", "1"), by=OFFICE)

        assert outcome.rules == ("already_adopted",)
        assert "test 1 decides already" in outcome.text()

    def test_a_unit_does_not_choose_its_rulebook(self) -> None:
        outcome = evolve(assigned(RULES), rules=NEXT).when(Adopt("test", "2"), by=WATER)

        assert outcome.rules == ("wrong_role",)


def test_a_taken_over_title_is_set_right() -> None:
    story = corrected(given(RULES).and_(TakeOver("Pipes"), by=OFFICE, on="2026-02-09"), 1, "title", "Water pipes")

    assert story.suggestion.title == "Water pipes"
