"""From which day does a unit's time run? Receipt, which assignment brings about, as an anchor of terms."""

from __future__ import annotations

import pytest
from attrs import evolve

from handleflow import Rulebook
from handleflow.acts import (
    Accept,
    Adopt,
    Assign,
    Correct,
    CorrectTime,
    GrantExtension,
    GrantReturn,
    Reassign,
    Receive,
    RecordContact,
    RecordReceipt,
    Reply,
    RequestExtension,
    RequestReturn,
    Resume,
    Suspend,
    TakeOver,
)
from handleflow.events import TermMoved
from handleflow.legal_time import Span
from handleflow.model import RightTime, Term
from handleflow.rules.facts import FACTS
from handleflow.testing import Scenario, given
from tests.beginnings import OFFICE, ROADS, WATER, rulebook
from tests.rules.lives import under
from tests.unit.core.test_lateness import longer

LATE = RecordReceipt("Water Bureau", "2026-03-02", "The platform stood still.")


def rules_of(**reply: str) -> Rulebook:
    """A reply within three months of the unit's receipt."""
    term = {"id": "reply", "of": "lead", "anchor": "unit_received", "met_by": ["replied"], "cite": "host", **reply}
    backdating = [{"role": role, "within": "300 days", "cite": "host"} for role in ("unit", "congress_office")]
    return rulebook(term=[{"span": "3 months", **term}], backdating=backdating)


RULES = rules_of()


def assigned(rules: Rulebook = RULES, *leads: str) -> Scenario:
    story = given(rules).and_(Receive("Pipes", "Deputy A"), by=OFFICE, on="2026-02-09")
    return story.and_(Assign(leads or ("Water Bureau",)), by=OFFICE, on="2026-02-10")


def late(story: Scenario | None = None, on: str = "2026-03-02") -> Scenario:
    return (story or assigned()).and_(evolve(LATE, received_on=on), by=OFFICE, on=on)


def the(story: Scenario, unit: str = "Water Bureau") -> Term:
    return [term for term in story.suggestion.terms if term.key.unit == unit][-1]


def told(story: Scenario, unit: str = "Water Bureau") -> tuple[str, str, int]:
    """From which day the newest term of a unit runs, until which, and which entry it counts from."""
    term = the(story, unit)
    return str(term.anchor_on), str(term.due_on), term.anchor_entry


def test_it_runs_from_the_assignment_until_an_office_says_otherwise() -> None:
    assert told(assigned()) == ("2026-02-10", "2026-05-11", 2)


def test_a_later_receipt_moves_it_and_says_so() -> None:
    outcome = assigned().when(LATE, by=OFFICE, on="2026-03-02")
    moved = outcome.entries[-1].event

    assert isinstance(moved, TermMoved)
    assert (outcome.kinds, moved.reason, moved.anchor_entry) == (("unit_received", "term_moved"), "received", 4)
    assert told(outcome.and_then()) == ("2026-03-02", "2026-06-02", 4)


def test_that_a_unit_signs_moves_nothing() -> None:
    assert told(assigned().and_(Accept(), by=WATER, on="2026-04-01")) == ("2026-02-10", "2026-05-11", 2)


def test_one_of_two_units_received_it_later() -> None:
    story = late(assigned(RULES, "Water Bureau", "Roads Bureau"))

    assert [told(story, unit)[1] for unit in ("Water Bureau", "Roads Bureau")] == ["2026-06-02", "2026-05-11"]


def test_a_day_that_was_missed_is_not_missed_where_it_was_received_later() -> None:
    missed = assigned().when_the_clock_reads("2026-05-12").and_then()
    story = missed.and_(RecordReceipt("Water Bureau", "2026-03-02", "lost"), by=OFFICE)

    assert (the(missed).is_breached, the(story).is_breached, story.last.kinds[-1]) == (True, False, "miss_rebutted")


def test_a_reply_that_was_late_is_in_time_where_it_was_received_later() -> None:
    story = assigned().and_(Accept(), by=WATER, on="2026-05-04").and_(RecordContact("before"), by=WATER)
    story = story.and_(Reply("A", "done"), by=WATER, on="2026-05-20")
    set_right = story.and_(RecordReceipt("Water Bureau", "2026-03-02", "lost"), by=OFFICE)

    assert (the(story).is_late, the(set_right).is_late) == (True, False)


class TestCorrecting:
    def test_a_corrected_receipt_moves_it(self) -> None:
        story = late().and_(Correct(4, "on", "2026-02-20", "typing error"), by=OFFICE)

        assert told(story) == ("2026-02-20", "2026-05-20", 4)

    def test_a_corrected_assignment_moves_it_only_where_no_receipt_is_recorded(self) -> None:
        correct = Correct(2, "assigned_on", "2026-02-09", "typing error")

        assert told(assigned().and_(correct, by=OFFICE)) == ("2026-02-09", "2026-05-09", 2)
        assert told(late().and_(correct, by=OFFICE)) == ("2026-03-02", "2026-06-02", 4)

    def test_other_days_of_the_entry_move_nothing(self) -> None:
        ledger = TakeOver("Pipes", leads=("Water Bureau",), assigned_on="2026-02-10", contacted_on="2026-02-11")
        story = given(RULES).and_(ledger, by=OFFICE, on="2026-02-12")
        story = story.and_(Correct(1, "contact.on", "2026-02-10", "typing error"), by=OFFICE)

        assert told(story)[0] == "2026-02-10"

    def test_a_receipt_of_the_same_day_is_what_it_counts_from(self) -> None:
        story = late(on="2026-02-10")

        assert told(story) == ("2026-02-10", "2026-05-11", 4)
        assert told(story.and_(Correct(4, "on", "2026-02-11", "lost"), by=OFFICE, on="2026-02-12"))[0] == "2026-02-11"

    def test_a_clock_set_right_leaves_the_day_that_the_office_named(self) -> None:
        right = RightTime(4, "2026-03-04T09:00+08:00", "2026-03-04")
        story = late().and_(CorrectTime((right,), "the clock stood wrong"), by=OFFICE, on="2026-03-05")

        assert told(story)[:2] == ("2026-03-02", "2026-06-02")


class TestWhatMovesWithIt:
    """What else bears on the day of a term that counts from a later receipt."""

    LONGER = evolve(longer(), terms=(evolve(longer().terms[0], anchor="unit_received"),))

    def test_a_standstill_from_before_it_begins_with_it(self) -> None:
        story = assigned(self.LONGER).and_(Suspend("a trial"), by=OFFICE, on="2026-02-20")
        story = story.and_(Resume("it is over"), by=OFFICE, on="2026-03-12").and_(LATE, by=OFFICE)

        assert [(str(pause.start), str(pause.end)) for pause in the(story).pauses] == [("2026-03-02", "2026-03-12")]
        assert told(story)[1] == "2026-06-12"

    def test_longer_time_by_a_span_stays_that_much_longer(self) -> None:
        asked = RequestExtension(None, "deep", within=Span(2, "month"))
        story = assigned(self.LONGER).and_(Accept(), by=WATER, on="2026-03-02").and_(asked, by=WATER)
        story = story.and_(GrantExtension("Water Bureau"), by=OFFICE, on="2026-03-03")

        assert (told(story)[1], told(story.and_(LATE, by=OFFICE))[1]) == ("2026-07-10", "2026-08-03")


class TestRefusals:
    @pytest.mark.parametrize(
        ("story", "act", "rules"),
        [
            pytest.param(
                assigned(), RecordReceipt("Roads Bureau", "2026-02-11", "lost"), ("not_its_unit",), id="a stranger's"
            ),
            pytest.param(late(), LATE, ("receipt_is_recorded",), id="a second time"),
            pytest.param(
                assigned(), RecordReceipt("Water Bureau", "2026-03-06", "lost"), ("day_in_future",), id="not yet"
            ),
            pytest.param(
                assigned(),
                RecordReceipt("Water Bureau", "2026-02-09", "lost"),
                ("days_out_of_order",),
                id="before it was assigned",
            ),
            pytest.param(
                assigned().and_(Accept(), by=WATER, on="2026-02-11"),
                RecordReceipt("Water Bureau", "2026-02-12", "lost"),
                ("days_out_of_order",),
                id="after it was signed for",
            ),
        ],
    )
    def test_an_impossible_receipt_is_refused(
        self, story: Scenario, act: RecordReceipt, rules: tuple[str, ...]
    ) -> None:
        assert story.when(act, by=OFFICE, on="2026-03-05").rules == rules

    def test_nobody_signs_before_it_received_it(self) -> None:
        signed = Accept(on="2026-02-20")

        assert late().when(signed, by=WATER, on="2026-03-02").rules == ("before_it_began",)


class TestOtherBeginnings:
    def test_a_ledgers_row_without_the_day_learns_it_from_the_receipt(self) -> None:
        story = given(RULES).and_(TakeOver("Pipes", leads=("Water Bureau",)), by=OFFICE, on="2026-03-10")
        outcome = story.when(RecordReceipt("Water Bureau", "2026-03-02", "its stamp"), by=OFFICE)

        assert the(story).end == "not_computable"
        assert [getattr(e.event, "reason", "") for e in outcome.entries] == ["its stamp", "anchor_known"]
        assert told(outcome.and_then())[:2] == ("2026-03-02", "2026-06-02")

    def test_what_a_ledgers_row_left_unknown_runs_where_it_was_received_later(self) -> None:
        ledger = TakeOver("Pipes", leads=("Water Bureau",), assigned_on="2025-09-01")
        story = given(RULES).and_(ledger, by=OFFICE, on="2026-03-10")
        dated = story.and_(RecordReceipt("Water Bureau", "2026-03-02", "its stamp"), by=OFFICE)

        assert the(story).end == "unknown"
        assert (the(dated).end, *told(dated)[:2]) == ("running", "2026-03-02", "2026-06-02")

    def test_a_row_left_unknown_runs_too_where_the_day_of_its_assignment_is_set_right(self) -> None:
        ledger = TakeOver("Pipes", leads=("Water Bureau",), assigned_on="2025-09-01")
        story = given(RULES).and_(ledger, by=OFFICE, on="2026-03-10")
        story = story.and_(Correct(1, "assigned_on", "2026-03-02", "typing error"), by=OFFICE)

        assert (the(story).end, *told(story)) == ("running", "2026-03-02", "2026-06-02", 1)

    def test_what_nobody_knows_stays_so_where_the_later_day_is_over_too(self) -> None:
        ledger = TakeOver("Pipes", leads=("Water Bureau",), assigned_on="2025-09-01")
        story = given(RULES).and_(ledger, by=OFFICE, on="2026-03-10")
        story = story.and_(RecordReceipt("Water Bureau", "2025-09-02", "its stamp"), by=OFFICE)

        assert (the(story).end, told(story)[0]) == ("unknown", "2025-09-02")

    def test_a_part_given_anew_counts_from_its_own_day_and_what_was_missed_before_stays(self) -> None:
        missed = assigned(RULES, "Water Bureau", "Roads Bureau").and_the_clock_reads("2026-05-12")
        story = missed.and_(RequestReturn("not ours"), by=WATER)
        story = story.and_(GrantReturn("Water Bureau"), by=OFFICE, on="2026-05-13")
        story = late(
            story.and_(Reassign(("Water Bureau",), reason="yours"), by=OFFICE, on="2026-05-20"), "2026-06-01"
        )
        first, second = (term for term in story.suggestion.terms if term.key.unit == "Water Bureau")

        assert (str(first.anchor_on), first.end, first.is_breached) == ("2026-02-10", "dropped", True)
        assert (str(second.anchor_on), str(second.due_on)) == ("2026-06-01", "2026-09-01")

    def test_a_term_that_counts_from_a_day_of_the_suggestion_stays(self) -> None:
        story = assigned(rules_of(counts_from="received_on"))

        assert the(late(story)).anchor_on == the(story).anchor_on

    def test_a_term_of_another_anchor_stays(self) -> None:
        story = assigned(rules_of(anchor="assigned"))

        assert told(late(story)) == told(story)

    def test_a_version_that_counts_from_receipt_gives_a_unit_that_never_signed_its_clock(self) -> None:
        waiting = assigned(rules_of(anchor="accepted"))
        story = under(RULES, waiting).and_(Adopt(RULES.name, "another"), by=OFFICE, on="2026-02-12")

        assert (waiting.suggestion.terms, told(story)[:2]) == ((), ("2026-02-10", "2026-05-11"))

    def test_a_ladder_may_speak_after_receipt(self) -> None:
        facts = [[(str(f.on), f.entry) for f in FACTS["unit_received"](s.suggestion)] for s in (assigned(), late())]
        unknown = given(RULES).and_(TakeOver("Pipes", leads=("Water Bureau",)), by=OFFICE, on="2026-03-10")

        assert facts == [[("2026-02-10", 2)], [("2026-03-02", 4)]]
        assert list(FACTS["unit_received"](unknown.suggestion)) == []


def test_a_unit_cannot_say_for_itself_that_it_received_it_later() -> None:
    assert assigned().when(LATE, by=WATER, on="2026-03-02").rules == ("wrong_role",)
    assert assigned().when(LATE, by=ROADS, on="2026-03-02").rules == ("wrong_role",)
