"""Do figures that hang on days say what the days say, whoever looks and whenever the clock last ran?"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from handleflow.acts import Assign, Evaluate, Receive, RecordContact, Rehandle, Reply, Suspend
from handleflow.errors import UnknownRulebook
from handleflow.legal_time import day, days_later
from handleflow.rulebooks import load
from handleflow.testing import Scenario, office
from handleflow.testing import given as given_rules
from handleflow.views import Summary, board, board_lines, summarize, workload
from handleflow.words import Message
from tests.beginnings import DEPUTY, OFFICE, WATER, accepted, assigned, replied, rulebook

FOI = load("gb.foi")
AUTHORITY = office("Information Office", "information_office")


def standing() -> Scenario:
    """An answer due on 30 March 2026, whose clock has stood since the 9th."""
    story = given_rules(FOI, "1").and_(Receive("Pipes", "Somebody"), by=AUTHORITY, on="2026-03-02")
    story = story.and_(Assign((WATER.name,)), by=AUTHORITY)
    return story.and_(Suspend("a fees notice was given"), by=AUTHORITY, on="2026-03-09")


def figures(story: Scenario, on: str) -> Summary:
    return summarize([(story.rules, story.suggestion)], on=day(on))


class TestAStandingClock:
    """It is never overdue, whoever is asked."""

    def test_the_board_says_that_it_stands_and_has_no_day_for_it(self) -> None:
        story = standing()
        (line,) = board([(story.rules, story.suggestion)], day("2026-06-15"))
        ((*_, waits, how, _, _),) = board_lines([line])

        assert (line.term_status is not None and line.term_status.status, line.due_on) == ("paused", None)
        assert (waits, how) == ("answer to the requester", "standing still")

    def test_what_has_a_day_comes_before_what_stands(self) -> None:
        story, other = standing(), assigned(rulebook())
        lines = board([(story.rules, story.suggestion), (other.rules, other.suggestion)], day("2026-06-15"))

        assert [line.id for line in lines] == ["2026-017", "1"]

    def test_no_figure_counts_it_as_late_or_near(self) -> None:
        story = standing()
        (unit,) = workload([(story.rules, story.suggestion)], day("2026-06-15"))
        found = figures(story, "2026-06-15")

        assert (unit.overdue, unit.due_soon, unit.replied_late) == (0, 0, 0)
        assert (found.late_replies.value, found.deadlines_missed) == (0, 0)

    def test_on_a_day_before_it_stood_it_was_not_standing(self) -> None:
        (term,) = standing().suggestion.terms

        assert [term.status(day(on)) for on in ("2026-03-08", "2026-03-09")] == ["not_due", "paused"]


class TestTheDayCounts:
    """A day that has passed counts by itself."""

    def test_a_missed_day_that_nobody_swept_is_late_for_its_unit_and_in_the_report(self) -> None:
        story = accepted(rulebook())  # due on 11 May 2026
        (unit,) = workload([(story.rules, story.suggestion)], day("2026-05-12"))
        found = figures(story, "2026-05-12")

        assert (unit.overdue, unit.replied_late) == (1, 1)
        assert (found.late_replies.value, found.deadlines_missed) == (1, 1)
        assert figures(story, "2026-05-11").late_replies.value == 0

    @given(st.integers(0, 120), st.lists(st.integers(0, 120), max_size=3), st.none() | st.integers(0, 119))
    def test_figures_do_not_depend_on_when_the_store_was_swept(
        self, looked: int, swept: list[int], answered: int | None
    ) -> None:
        first, found = day("2026-02-10"), []
        for sweeps in ((), tuple(sorted(swept))):
            story = accepted(rulebook()).and_(RecordContact("before"), by=WATER)
            days = [(n, "swept") for n in sweeps if n <= looked]
            days += [(answered, "replied")] if answered is not None and answered <= looked else []
            for after, what in sorted(days):
                on = days_later(first, after)
                if what == "swept":
                    story = story.and_the_clock_reads(str(on))
                else:
                    story = story.and_(Reply("A", "done"), by=WATER, on=str(on))
            ruled, on = [(story.rules, story.suggestion)], days_later(first, looked)
            summary = summarize(ruled, on=on)
            days_of = summary.late_replies, summary.replies_in_time, summary.deadlines_missed
            found.append((days_of, workload(ruled, on)))

        assert found[0] == found[1]


class TestByWhatTheRuleSays:
    """Not by what a term is called."""

    def test_a_late_reply_to_what_was_handled_again_is_a_late_reply(self) -> None:
        story = replied(rulebook("cn.beijing")).and_(
            Evaluate("Water Bureau", "dissatisfied", reason="nothing was done"), by=DEPUTY
        )
        story = story.and_(Rehandle((WATER.name,), "again"), by=OFFICE)
        (again,) = [term for term in story.suggestion.running_terms() if term.key.rule == "rehandled_reply"]
        assert again.due_on is not None
        late = days_later(again.due_on)
        found = figures(story, str(late))

        assert (found.late_replies.value, found.replies_in_time.value, found.deadlines_missed) == (1, 1, 1)

    def test_a_term_of_any_name_that_replies_meet_is_a_replys(self) -> None:
        of_its_own = {"id": "answer", "of": "lead", "anchor": "assigned", "met_by": ["replied"], "span": "1 month"}
        story = assigned(rulebook(term=[{**of_its_own, "cite": "host"}]))

        assert figures(story, "2026-03-11").late_replies.value == 1

    def test_what_an_office_owes_is_no_units_reply(self) -> None:
        rules = load("cn.henan")
        kept = {rule.id for rule in rules.terms if rule.is_of_a_reply}

        assert kept == {"reply", "rehandled_reply"}

    def test_nobody_knows_what_terms_are_without_their_rulebook(self) -> None:
        story = assigned(rulebook())
        found = summarize(
            [(UnknownRulebook("no rulebook test 1 is held here"), story.suggestion)], on=day("2026-06-01")
        )

        assert found.late_replies.reason == Message("unknown-unheld", {"count": 1, "whole": 1})
