"""Is each suggestion judged by itself? One for 2050, or under a rulebook nobody holds, takes no board away."""

from __future__ import annotations

import pytest

from handleflow import Promise, Suggestion, load
from handleflow.acts import Decline, RecordContact, Reply
from handleflow.errors import UnknownRulebook
from handleflow.legal_time import day
from handleflow.rules import WithRulebook
from handleflow.testing import Scenario
from handleflow.views import Figure, board, board_data, board_lines, summarize, workload, workload_data
from handleflow.words import Message
from tests.beginnings import OFFICE, WATER, accepted, assigned, received, replied, rulebook

LIGHTS = [
    {"colour": "green", "cite": "host"},
    {"colour": "red", "offset": "-5 workdays", "cite": "host"},
]
RULES = rulebook(light=LIGHTS)
TODAY = day("2026-05-12")
NOBODY_HOLDS = UnknownRulebook("no rulebook test 0 is held here")


Many = list[WithRulebook]


def promised(until: str) -> Scenario:
    """A unit has promised something for a day."""
    story = accepted(RULES).and_(RecordContact("before"), by=WATER)
    return story.and_(Reply("B", "in time", (Promise("a pumping station", until),)), by=WATER)


def ruled(*stories: Scenario) -> Many:
    return [(story.rules, story.suggestion) for story in stories]


class TestBoard:
    """A line each, whatever one of them meets."""

    @pytest.fixture
    def others(self) -> Many:
        return ruled(assigned(RULES), promised("2026-09-30"))

    def test_a_promise_beyond_the_calendar_is_shown_with_why_it_has_no_light(self, others: Many) -> None:
        far = ruled(promised("2050-06-01"))
        found = board([*others, *far], TODAY)
        (line,) = [each for each in found if each.unjudged]

        assert [each for each in found if not each.unjudged] == list(board(others, TODAY))
        assert (str(line.due_on), line.waits_for and line.waits_for.rule) == ("2050-06-01", "commitment")
        assert (line.light, line.term_status, line.leader) == ("", None, "")
        assert line.unjudged.startswith("calendar 'cn' does not reach 2050-06-01")

    def test_one_under_a_rulebook_nobody_holds_is_shown_as_far_as_it_is_known(self, others: Many) -> None:
        found = board([(NOBODY_HOLDS, assigned(RULES).suggestion), *others], TODAY)
        (line,) = [each for each in found if each.unjudged]

        assert (line.unit, line.state, str(line.due_on), line.unjudged) == (
            "Water Bureau",
            "assigned",
            "2026-05-11",
            "no rulebook test 0 is held here",
        )
        assert len(found) == len(others) + 1

    def test_whether_a_life_is_over_is_not_guessed_where_nobody_holds_its_rulebook(self) -> None:
        over = received(RULES).and_(Decline("x"), by=OFFICE)
        (line,) = board([(NOBODY_HOLDS, over.suggestion)], TODAY)

        assert (line.state, line.unjudged) == ("declined", "no rulebook test 0 is held here")
        assert board(ruled(over), TODAY) == ()

    def test_a_leader_table_of_a_hosts_that_raises_takes_its_own_lines_alone(self, others: Many) -> None:
        def leader_of(suggestion: Suggestion, unit: str) -> str | None:
            raise LookupError(suggestion.id)

        changes = {"name": "test", "version": "1", "leader_by": "ours"}
        theirs = load("cn.national", changes=changes, leaders={"ours": leader_of})
        found = board([(theirs, assigned(RULES).suggestion), *others], TODAY)

        assert sorted(each.unjudged for each in found) == ["", "", "LookupError: 2026-017"]

    def test_it_is_said_in_both_languages_and_in_data(self) -> None:
        (line,) = board([(NOBODY_HOLDS, assigned(RULES).suggestion)], TODAY)
        (data,) = board_data([line])

        assert [row[6] for lang in ("en", "zh") for row in board_lines([line], lang)] == [
            "cannot be judged",
            "无法判断",
        ]
        assert data["unjudged"] == "no rulebook test 0 is held here"


class TestUnits:
    """What each unit owes, as far as it can be judged."""

    def test_those_that_cannot_be_judged_are_named_and_the_others_are_counted(self) -> None:
        one, other = assigned(RULES), assigned(RULES, "Roads Bureau")
        (roads, water) = workload([*ruled(one), (NOBODY_HOLDS, other.suggestion), *ruled(other)], TODAY)

        assert (roads.open, roads.unjudged) == (1, (("2026-017", "no rulebook test 0 is held here"),))
        assert (water.open, water.overdue, water.unjudged) == (1, 1, ())
        assert [row["unjudged"] for row in workload_data((roads, water))] == [
            {"2026-017": "no rulebook test 0 is held here"},
            {},
        ]

    def test_a_unit_of_which_nothing_can_be_judged_is_named_with_nothing_counted(self) -> None:
        (water,) = workload([(NOBODY_HOLDS, assigned(RULES).suggestion)], TODAY)

        assert (water.unit, water.open, len(water.unjudged)) == ("Water Bureau", 0, 1)

    @pytest.mark.parametrize("on", ["2026-05-12", "2100-01-01"], ids=["a day in reach", "a day beyond the calendar"])
    def test_what_is_counted_of_one_is_all_or_nothing(self, on: str) -> None:
        (water,) = workload(ruled(promised("2050-06-01")), day(on))

        assert (water.replied_in_time, len(water.unjudged)) in {(1, 0), (0, 1)}
        assert bool(water.unjudged) is (on == "2100-01-01")


def test_the_report_counts_a_promise_beyond_the_calendar_like_any_other() -> None:
    summary = summarize(ruled(promised("2050-06-01"), replied(RULES)))

    assert (summary.total, summary.replied, summary.open_commitments) == (2, 2, 1)


def test_no_reply_rate_is_given_where_a_life_may_be_over_under_a_rulebook_nobody_holds() -> None:
    nobodys = [(NOBODY_HOLDS, story.suggestion) for story in (replied(RULES), assigned(RULES))]
    summary = summarize([*nobodys, *ruled(assigned(RULES))])

    assert summary.reply_rate == Figure(None, Message("unknown-unruled", {"count": 1, "whole": 3}))
    assert summarize(nobodys[:1]).reply_rate == Figure(100.0)
