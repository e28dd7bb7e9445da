"""Whatever moves a day: is a term late by the day that holds at last, and by no other?"""

from __future__ import annotations

from typing import Any

import attrs
from hypothesis import HealthCheck, settings
from hypothesis import given as drawn
from hypothesis import strategies as st

from handleflow import Provenance, Refused, Rulebook
from handleflow.acts import (
    Accept,
    Adopt,
    Assign,
    Correct,
    CorrectTime,
    GrantExtension,
    Reassign,
    Receive,
    RecordContact,
    Reply,
    RequestExtension,
    Resume,
    Suspend,
    TakeOver,
    Withdraw,
)
from handleflow.core import corrected_by, decide, explain
from handleflow.core.adopt_calendar import may_move
from handleflow.legal_time import Day, Span, day, days_later
from handleflow.model import RightTime, Term
from handleflow.testing import Outcome, Scenario, given
from tests.beginnings import DEPUTY, OFFICE, ROADS, WATER, instant, rulebook


def under(
    version: str, holidays: tuple[str, ...] = (), worked: tuple[str, ...] = (), known_through: str = "2026-12-31"
) -> Rulebook:
    """A rulebook whose calendar is *known_through* a day, with *holidays*, and days *worked* at weekends."""
    calendar: dict[str, Any] = {
        "name": "grown",
        "version": version,
        "zone": "Asia/Shanghai",
        "rest_days": ["sat", "sun"],
        "known_from": "2026-01-01",
        "known_through": known_through,
        "year": [{"year": 2026, "source": "host", "holidays": list(holidays), "make_up_days": list(worked)}],
    }
    return rulebook(version=version, calendar=calendar)


EARLY = under("1", known_through="2026-03-31")
GROWN = under("2", ("2026-05-11", "2026-05-12"))
"""Three months from 10 February end on 11 May by what is known early, and on 13 May by the notice of that year."""


def handled(rules: Rulebook) -> Scenario:
    story = given(rules, "1").and_(Receive("Pipes", "Deputy A"), by=OFFICE, on="2026-02-09")
    story = story.and_(Assign((WATER.name,)), by=OFFICE, on="2026-02-10").and_(Accept(), by=WATER)
    return story.and_(RecordContact("before", "visit"), by=WATER)


def the(story: Scenario) -> Term:
    return next(term for term in story.suggestion.terms if term.key.rule == "reply")


def number_of(story: Scenario, kind: str) -> int:
    return next(entry.number for entry in story.history if entry.kind == kind)


def adopted(story: Scenario, rules: Rulebook, on: str) -> Scenario:
    """The story in which another version decides from *on*; until then the one left does."""
    provenance = Provenance(OFFICE, instant(on), day(on))
    act = Adopt(rules.name, rules.version)
    corrected = corrected_by(act, story.suggestion, story.history)
    decision = decide(rules, story.suggestion, act, provenance, story.rules, corrected)
    assert not isinstance(decision, Refused)
    outcome = Outcome(story, "adopt", OFFICE, day(on), decision.suggestion, decision.entries)
    return attrs.evolve(story.after(outcome), rules=rules)


def test_a_calendar_that_grew_past_a_miss_takes_it_out_of_the_counts() -> None:
    story = handled(under("1")).and_the_clock_reads("2026-05-12")
    missed = the(story).is_breached
    story = adopted(story, GROWN, "2026-05-13")

    assert (missed, the(story).is_breached, str(the(story).due_on)) == (True, False, "2026-05-13")
    assert story.last.kinds == ("adopted", "term_moved", "miss_rebutted")
    assert str(the(story).missed_on) == "2026-05-11"


def test_a_reply_one_day_late_by_a_provisional_day_is_in_time_once_the_calendar_is_known() -> None:
    story = handled(EARLY).and_(Reply("A", "done"), by=WATER, on="2026-05-12")
    late = the(story).is_late, the(story).is_breached, may_move(GROWN, story.suggestion)
    story = adopted(story, GROWN, "2026-05-14")

    assert (late, the(story).is_late, the(story).is_breached) == ((True, True, True), False, False)
    assert story.last.kinds == ("adopted", "term_moved", "term_met", "miss_rebutted")
    assert (the(story).end, may_move(GROWN, story.suggestion)) == ("met", False)


def test_a_reply_that_is_late_by_the_day_that_holds_stays_late() -> None:
    story = adopted(handled(EARLY).and_(Reply("A", "done"), by=WATER, on="2026-05-14"), GROWN, "2026-05-15")

    assert (the(story).is_late, the(story).is_breached, the(story).is_provisional) == (True, True, False)


def test_a_reply_in_time_by_a_provisional_day_alone_is_a_miss_that_the_clock_tells() -> None:
    worked = under("2", worked=("2026-05-10",))
    story = adopted(handled(EARLY).and_(Reply("A", "done"), by=WATER, on="2026-05-11"), worked, "2026-05-15")

    assert (the(story).is_late, the(story).is_breached) == (True, True)
    assert [(e.kind, e.by.role) for e in story.last.entries][-1] == ("deadline_missed", "clock")


def test_a_reply_is_judged_anew_by_a_corrected_anchor() -> None:
    story = given(GROWN, "1").and_(Receive("Pipes", "Deputy A"), by=OFFICE, on="2026-02-09")
    story = story.and_(Assign((WATER.name,)), by=OFFICE, on="2026-02-10").and_(Accept(), by=WATER, on="2026-05-07")
    story = story.and_(RecordContact("before", "visit"), by=WATER).and_(Reply("A", "done"), by=WATER, on="2026-05-20")
    late = the(story).is_late, the(story).is_breached
    story = story.and_(Correct(2, "assigned_on", "2026-05-06", "wrong month"), by=OFFICE, on="2026-05-21")

    assert (late, str(the(story).due_on)) == ((True, True), "2026-08-06")
    assert (the(story).is_late, the(story).is_breached) == (False, False)


NEAR = tuple(days_later(day("2026-05-11"), n) for n in range(-10, 10))
WEEKDAYS = st.sets(st.sampled_from([str(on) for on in NEAR if on.isoweekday() < 6]))
WEEKENDS = st.sets(st.sampled_from([str(on) for on in NEAR if on.isoweekday() > 5]))


@settings(suppress_health_check=list(HealthCheck), deadline=None)
@drawn(holidays=WEEKDAYS, worked=WEEKENDS, replied_on=st.none() | st.sampled_from(NEAR), is_swept=st.booleans())
def test_lateness_is_that_of_a_life_that_knew_the_last_calendar_from_the_start(
    holidays: set[str], worked: set[str], replied_on: Day | None, is_swept: bool
) -> None:
    last = under("2", tuple(sorted(holidays)), tuple(sorted(worked)))

    def lived(rules: Rulebook) -> Scenario:
        story = handled(rules)
        if replied_on is not None:
            story = story.and_the_clock_reads(str(replied_on)) if is_swept else story
            story = story.and_(Reply("A", "done"), by=WATER, on=str(replied_on))
        return story.and_the_clock_reads("2026-06-20")

    grown = adopted(lived(EARLY), last, "2026-06-21").and_the_clock_reads("2026-06-22")
    known = lived(last)

    assert (the(grown).is_late, the(grown).is_breached) == (the(known).is_late, the(known).is_breached)
    assert (the(grown).due_on, the(grown).end) == (the(known).due_on, the(known).end)


def longer(base: str = "capped", span: str = "6 months", term_span: str = "3 months", **more: Any) -> Rulebook:
    """A reply in *term_span* that may be extended, and a clock that may stand."""
    extension = {"span": span, "base": base, "mode": "consent", "cite": "host", **more}
    reply = {"id": "reply", "of": "lead", "anchor": "assigned", "met_by": ["replied"], "span": term_span}
    whose = {"source": ["assigned", "handling"], "target": "same", "who": ["congress_office"]}
    transitions = [{"act": act, **whose} for act in ("suspend", "resume")]
    return rulebook(
        version=term_span,
        term=[{**reply, "cite": "DBF25 51", "extension": extension, "is_pausable": True}],
        transition=transitions,
    )


def extended(story: Scenario, until: str, *, asked: str = "2026-02-11", granted: str = "2026-02-12") -> Scenario:
    story = story.and_(RequestExtension(until, "deep"), by=WATER, on=asked)
    return story.and_(GrantExtension(WATER.name), by=OFFICE, on=granted)


def article(story: Scenario, what: str) -> str:
    """The ground of a step of the reply's day."""
    return [step.citation for step in explain(story.rules, the(story)) if step.what == what][-1]


class TestExtension:
    """It is a step of the ledger: it never makes a term shorter than the law does."""

    def test_it_does_not_shorten_a_term_whose_anchor_is_corrected(self) -> None:
        story = given(longer(), "1").and_(Receive("Pipes", "Deputy A"), by=OFFICE, on="2026-02-09")
        story = story.and_(Assign((WATER.name,)), by=OFFICE, on="2026-02-10").and_(
            Accept(), by=WATER, on="2026-04-10"
        )
        story = extended(story, "2026-06-01", asked="2026-04-13", granted="2026-04-14")
        story = story.and_(Correct(2, "assigned_on", "2026-04-10", "wrong month"), by=OFFICE, on="2026-04-15")

        assert (str(the(story).due_on), article(story, "counted")) == ("2026-07-10", "DBF25 51")
        assert [step.what for step in explain(story.rules, the(story))] == [
            "calendar",
            "anchor",
            "counted",
            "granted",
            "not_longer",
            "result",
        ]

    def test_it_does_not_shorten_a_term_to_which_another_version_gives_more(self) -> None:
        story = extended(handled(longer()), "2026-06-01")

        assert str(the(adopted(story, longer(term_span="5 months"), "2026-03-02")).due_on) == "2026-07-10"

    def test_granted_while_the_clock_stands_it_gains_the_rest_of_that(self) -> None:
        story = handled(longer(term_span="2 months")).and_(RequestExtension("2026-04-28", "deep"), by=WATER)
        story = story.and_(Suspend("flood"), by=OFFICE, on="2026-03-02")
        story = story.and_(GrantExtension(WATER.name), by=OFFICE, on="2026-03-06")
        story = story.and_(Resume("dry"), by=OFFICE, on="2026-03-16")

        assert (str(the(story).due_on), article(story, "counted")) == ("2026-05-08", "DBF25 51")

    def test_its_end_rolls_as_that_of_the_law_does(self) -> None:
        """Friday 19 to Sunday 21 June 2026 are the holidays of Dragon Boat."""
        story = extended(handled(longer()), "2026-06-20")

        assert (str(the(story).unrolled_on), str(the(story).due_on)) == ("2026-06-20", "2026-06-22")
        assert article(story, "rolled") == "MFD 201-203"
        assert [step.what for step in explain(story.rules, the(story))][-5:] == [
            "longest",
            "granted",
            "extended",
            "rolled",
            "result",
        ]

    def test_granted_after_the_day_it_takes_out_the_miss_unless_the_rulebook_says_that_it_does_not(self) -> None:
        stories = [
            extended(handled(rules), "2026-06-22", asked="2026-05-08", granted="2026-05-20")
            for rules in (longer(), longer(rebuts_miss=False))
        ]

        assert [the(story).is_breached for story in stories] == [False, True]
        assert [str(the(story).due_on) for story in stories] == ["2026-06-22", "2026-06-22"]
        replied = stories[1].and_(Reply("A", "done"), by=WATER, on="2026-06-01")
        assert (the(replied).is_breached, the(replied).is_late) == (True, False)


def with_meeting(version: str, span: str = "1 month") -> Rulebook:
    """A rulebook that wants a first contact of each lead in *span* from its assignment."""
    contact = {"id": "first_meeting", "of": "lead", "anchor": "assigned", "met_by": ["contact_recorded"]}
    return rulebook(version=version, term=[{**contact, "span": span, "cite": "host"}])


class TestAdoption:
    """Adopting does the whole of it: what is new begins, what is gone ends."""

    def met_nobody(self, rules: Rulebook) -> Scenario:
        story = given(rules, "1").and_(Receive("Pipes", "Deputy A"), by=OFFICE, on="2026-02-09")
        return story.and_(Assign((WATER.name,)), by=OFFICE, on="2026-02-10")

    def meeting(self, story: Scenario) -> list[tuple[str, str]]:
        return [(str(t.due_on), t.end) for t in story.suggestion.terms if t.key.rule == "first_meeting"]

    def test_a_term_that_only_the_version_adopted_knows_begins_with_the_day_it_would_have_had(self) -> None:
        story = adopted(self.met_nobody(rulebook()), with_meeting("2"), "2026-02-20")

        assert (self.meeting(story), story.last.kinds) == ([("2026-03-10", "running")], ("adopted", "term_set"))

    def test_one_whose_day_is_over_is_unknown_and_not_missed(self) -> None:
        story = adopted(self.met_nobody(rulebook()), with_meeting("2"), "2026-03-20").and_the_clock_reads(
            "2026-03-23"
        )

        assert self.meeting(story) == [("2026-03-10", "unknown")]
        assert "deadline_missed" not in story.last.kinds

    def test_what_has_come_already_is_not_waited_for(self) -> None:
        assert self.meeting(adopted(handled(rulebook()), with_meeting("2"), "2026-02-20")) == []

    def test_a_term_that_was_never_armed_ends_where_its_rule_is_gone(self) -> None:
        story = given(with_meeting("1"), "1").and_(TakeOver("Pipes", leads=(WATER.name,)), by=OFFICE, on="2026-02-20")
        story = adopted(story, rulebook(version="2"), "2026-02-23")

        assert self.meeting(story) == [("None", "dropped")]


class TestLedger:
    """What stopped a clock, or lengthened a term, stands in the one that begins late, and goes by the right days."""

    def renamed(self) -> Rulebook:
        return attrs.evolve(
            longer(), version="2", terms=tuple(attrs.evolve(rule, id="answer") for rule in longer().terms)
        )

    def test_a_term_begun_at_adoption_has_its_pauses_and_its_extension(self) -> None:
        story = extended(handled(longer()), "2026-07-01").and_(Suspend("flood"), by=OFFICE, on="2026-03-02")
        story = story.and_(Resume("dry"), by=OFFICE, on="2026-03-09")
        left, story = the(story), adopted(story, self.renamed(), "2026-03-10")
        begun = next(term for term in story.suggestion.terms if term.key.rule == "answer")

        assert (the(story).end, begun.end, begun.key.ref) == ("dropped", "running", 1)
        assert (begun.due_on, begun.pauses, begun.extensions) == (left.due_on, left.pauses, left.extensions)
        assert [step.on for step in explain(story.rules, begun)][-1] == begun.due_on

    def test_one_whose_clock_stands_begins_standing(self) -> None:
        story = handled(longer()).and_(Suspend("flood"), by=OFFICE, on="2026-03-02")
        story = adopted(story, self.renamed(), "2026-06-10").and_(Resume("dry"), by=OFFICE, on="2026-06-12")
        begun = next(term for term in story.suggestion.terms if term.key.rule == "answer")

        assert (str(begun.due_on), begun.end) == ("2026-08-20", "running")

    def test_a_standstill_at_another_time_than_was_thought_moves_the_day(self) -> None:
        for within, expected in (
            (None, ("2026-05-18", "2026-05-11")),
            (Span(7, "day"), ("2026-05-18", "2026-05-18")),
        ):
            story = handled(longer()).and_(Suspend("flood", within=within), by=OFFICE, on="2026-03-02")
            number = number_of(story, "suspended")
            story = story if within else story.and_(Resume("dry"), by=OFFICE, on="2026-03-09")
            right = RightTime(number, instant("2026-03-08"), day("2026-03-08"))
            before, story = the(story), story.and_(CorrectTime((right,), "slow"), by=OFFICE, on="2026-03-20")

            assert (str(before.due_on), str(the(story).due_on)) == expected


class TestRightDays:
    """Whatever its day hangs on, a term goes by the right one."""

    RULES = rulebook(
        term=[
            {
                "id": "first_talk",
                "of": "lead",
                "anchor": "assigned",
                "met_by": ["contact_recorded"],
                "span": "10 days",
                "cite": "host",
            },
            {
                "id": "all_done",
                "of": "whole",
                "anchor": "received",
                "met_by": ["closed"],
                "span": "9 months",
                "cite": "host",
            },
        ]
    )

    def received(self) -> Scenario:
        return given(self.RULES, "1").and_(Receive("Pipes", "Deputy A"), by=OFFICE, on="2026-01-12")

    @staticmethod
    def term(story: Scenario, rule: str) -> Term:
        return next(term for term in story.suggestion.terms if term.key.rule == rule)

    def test_what_was_told_of_a_wrong_day_met_its_term_on_the_right_one(self) -> None:
        story = self.received().and_(Assign((WATER.name,)), by=OFFICE, on="2026-02-10").and_(Accept(), by=WATER)
        late = story.and_(RecordContact("before", "visit"), by=WATER, on="2026-03-02")
        number = number_of(late, "contact_recorded")
        story = late.and_(Correct(number, "on", "2026-02-16", "typo"), by=OFFICE, on="2026-03-03")

        assert [self.term(each, "first_talk").is_breached for each in (late, story)] == [True, False]
        assert (str(self.term(story, "first_talk").ended_on), story.last.kinds) == (
            "2026-02-16",
            ("corrected", "term_met", "miss_rebutted"),
        )

    def test_one_that_was_dropped_had_been_missed_where_its_right_day_had_passed(self) -> None:
        story = self.received().and_(Assign((WATER.name,)), by=OFFICE, on="2026-02-10").and_(Accept(), by=WATER)
        act = Reassign((ROADS.name,), instead_of=WATER.name, reason="better")
        left = story.and_(act, by=OFFICE, on="2026-05-06")
        number = number_of(left, "assigned")
        story = left.and_(Correct(number, "assigned_on", "2026-01-20", "typo"), by=OFFICE, on="2026-05-07")

        assert [self.term(each, "reply").end for each in (left, story)] == ["dropped", "dropped"]
        assert [self.term(each, "reply").is_breached for each in (left, story)] == [False, True]
        assert str(self.term(story, "reply").missed_on) == "2026-04-20"

    def test_a_term_of_the_whole_has_a_day_once_its_anchor_is_known(self) -> None:
        unknown = self.received().and_(Correct(1, "received_on", None, "no stamp"), by=OFFICE, on="2026-03-03")
        known = unknown.and_(Correct(1, "received_on", "2026-01-13", "found"), by=OFFICE, on="2026-03-04")

        assert [(self.term(each, "all_done").end) for each in (unknown, known)] == ["not_computable", "running"]
        assert str(self.term(known, "all_done").due_on) == "2026-10-13"

    def test_a_reply_on_a_day_that_nobody_knows_any_more_left_its_term_unknown_until_it_is_found(self) -> None:
        taken = TakeOver(
            "Pipes", deputy="Deputy A", leads=(WATER.name,), assigned_on="2026-02-10", replied_on="2026-03-02"
        )
        story = given(with_meeting("1"), "1").and_(taken, by=OFFICE, on="2026-03-03")
        unknown = story.and_(Correct(1, "reply.on", None, "no stamp"), by=OFFICE, on="2026-03-04")
        found = unknown.and_(Correct(1, "reply.on", "2026-03-02", "found"), by=OFFICE, on="2026-03-05")

        assert [the(each).end for each in (story, unknown, found)] == ["met", "unknown", "met"]
        assert (unknown.last.kinds, found.last.kinds) == (
            ("corrected", "term_outcome_unknown"),
            ("corrected", "term_met"),
        )
        assert [self.term(each, "first_meeting").end for each in (unknown, found)] == ["running", "running"]

    def test_a_clock_that_went_on_at_another_time_than_was_thought_moves_the_day(self) -> None:
        story = handled(longer()).and_(Suspend("flood"), by=OFFICE, on="2026-03-02")
        story = story.and_(Resume("dry"), by=OFFICE, on="2026-03-09")
        right = RightTime(number_of(story, "resumed"), instant("2026-03-12"), day("2026-03-12"))
        after = story.and_(CorrectTime((right,), "fast"), by=OFFICE, on="2026-03-20")

        assert [str(the(each).due_on) for each in (story, after)] == ["2026-05-18", "2026-05-20"]

    def test_where_all_is_over_no_term_begins_for_a_class_that_is_set_right(self) -> None:
        contact = {"of": "lead", "anchor": "assigned", "met_by": ["contact_recorded"], "cite": "host"}
        rules = rulebook(term=[{**contact, "id": "in_session", "applies_to": "in_session", "span": "2 months"}])
        story = given(rules, "1").and_(Receive("Pipes", "Deputy A"), by=OFFICE, on="2026-02-09")
        story = story.and_(Withdraw("solved"), by=DEPUTY, on="2026-02-10")
        story = story.and_(Correct(1, "in_session", "true", "in it"), by=OFFICE, on="2026-02-11")

        assert (story.suggestion.terms, story.last.kinds) == ((), ("corrected",))


class TestClassOfTheMatter:
    """What a rule holds for may be set right, and its terms follow."""

    def test_a_corrected_track_moves_the_terms_whose_span_hangs_on_it(self) -> None:
        story = handled(rulebook()).and_the_clock_reads("2026-05-12")
        story = story.and_(Correct(1, "is_long_track", "true", "many pipes"), by=OFFICE, on="2026-05-13")

        assert (str(the(story).due_on), the(story).is_breached) == ("2026-08-10", False)  # DBF25 art. 51
        assert story.last.kinds == ("corrected", "term_moved", "miss_rebutted")

    def test_a_corrected_session_ends_and_begins_the_terms_that_ask_for_it(self) -> None:
        contact = {"of": "lead", "anchor": "assigned", "met_by": ["contact_recorded"], "cite": "host"}
        kinds = {"in_session": "2 months", "between_sessions": "1 month"}
        terms = [{**contact, "id": kind, "applies_to": kind, "span": span} for kind, span in kinds.items()]
        story = given(rulebook(term=terms), "1")
        story = story.and_(Receive("Pipes", "Deputy A", in_session=True), by=OFFICE, on="2026-02-09")
        story = story.and_(Assign((WATER.name,)), by=OFFICE, on="2026-02-10")
        story = story.and_(Correct(1, "in_session", "false", "after it"), by=OFFICE, on="2026-02-11")

        found = [(t.key.rule, str(t.due_on), t.end) for t in story.suggestion.terms if t.key.rule in kinds]
        assert found == [
            ("in_session", "2026-04-10", "dropped"),
            ("between_sessions", "2026-03-10", "running"),
        ]

    def test_what_is_so_or_not_is_said_by_two_words(self) -> None:
        outcome = handled(rulebook()).when(Correct(1, "is_long_track", "perhaps", "x"), by=OFFICE)

        assert outcome.rules == ("unfit_value",)
