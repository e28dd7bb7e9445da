"""From which day does a term count, for whom does it hold, and how many days are left of it?"""

from __future__ import annotations

from typing import Any

import pytest

from handleflow.acts import Assign, Correct, Receive, RecordContact, Reply, TakeOver
from handleflow.core import term_status
from handleflow.legal_time import day
from handleflow.testing import given
from tests.beginnings import OFFICE, WATER, accepted, assigned, rulebook

RULES = rulebook()
TERM: dict[str, Any] = {
    "id": "reply",
    "of": "lead",
    "anchor": "assigned",
    "met_by": ["replied"],
    "span": "2 months",
    "cite": "host",
}


def test_a_real_case_older_than_the_calendar_enters_and_is_not_computable() -> None:
    old = TakeOver("Pipes", leads=("Water Bureau",), assigned_on="1999-03-01", replied_on="1999-05-01")
    story = given(RULES).and_(old, by=OFFICE, on="2026-02-10")

    assert [term.end for term in story.suggestion.terms] == ["not_computable"]


def test_an_assignment_outside_the_calendar_is_refused_by_name() -> None:
    story = given(RULES).and_(Receive("Pipes", "Deputy A"), by=OFFICE, on="2060-02-09")
    outcome = story.when(Assign(("Water Bureau",)), by=OFFICE, on="2060-02-10")

    assert outcome.rules == ("outside_calendar",)
    assert "calendar 'cn' does not reach 2060-05-10" in outcome.text()


class TestTerms:
    """Days a term counts from, and for whom."""

    def test_a_term_may_count_from_the_close_of_the_session(self) -> None:
        rules = rulebook(term=[{**TERM, "counts_from": "session_closed_on"}])
        story = given(rules).and_(
            Receive("Pipes", "Deputy A", session_closed_on="2026-01-20"), by=OFFICE, on="2026-02-09"
        )
        story = story.and_(Assign(("Water Bureau",)), by=OFFICE, on="2026-02-10")

        corrected = story.and_(Correct(1, "session_closed_on", "2026-01-22", "typo"), by=OFFICE)
        unmoved = story.and_(Correct(2, "assigned_on", "2026-02-09", "typo"), by=OFFICE)

        assert [str(term.due_on) for term in story.suggestion.terms] == ["2026-03-20"]
        assert [str(term.due_on) for term in corrected.suggestion.terms] == ["2026-03-23"]
        assert unmoved.suggestion.terms == story.suggestion.terms

    @pytest.mark.parametrize(("in_session", "terms"), [(True, 0), (False, 1), (None, 0)])
    def test_a_term_between_sessions_holds_only_there(self, in_session: bool | None, terms: int) -> None:
        rules = rulebook(term=[{**TERM, "applies_to": "between_sessions"}])
        story = given(rules).and_(Receive("Pipes", "Deputy A", in_session=in_session), by=OFFICE, on="2026-02-09")

        assert len(story.and_(Assign(("Water Bureau",)), by=OFFICE).suggestion.terms) == terms


class TestStanding:
    """Days left and days late, in the term's own unit and in calendar days."""

    def test_days_left_and_late_are_told_in_both_units(self) -> None:
        rules = rulebook(term=[{**TERM, "span": "10 workdays"}])
        (term,) = assigned(rules).suggestion.terms
        found = [term_status(rules.calendar, term, day(on)) for on in ("2026-02-24", "2026-03-02", "2026-03-04")]
        numbers = [(t.status, t.days_left, t.own_left, t.days_late, t.own_late) for t in found]

        assert (str(term.due_on), numbers) == (
            "2026-03-02",
            [("not_due", 6, 5, 0, 0), ("due_today", 0, 0, 0, 0), ("overdue", 0, 0, 2, 2)],
        )

    def test_a_term_met_in_time_or_without_a_day_is_neither(self) -> None:
        story = accepted(RULES).and_(RecordContact("before"), by=WATER).and_(Reply("A", "done"), by=WATER)
        taken = given(RULES).and_(TakeOver("Pipes", leads=("Water Bureau",)), by=OFFICE, on="2026-02-09")
        found = [term_status(RULES.calendar, s.suggestion.terms[0], day("2026-12-01")) for s in (story, taken)]

        assert [(t.status, t.days_late) for t in found] == [("met", 0), ("not_computable", 0)]
