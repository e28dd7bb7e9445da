"""Who holds what, how does it stand, and what does each unit owe?"""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handleflow.acts import (
    AnswerSupervision,
    Assign,
    Close,
    Decline,
    Evaluate,
    GrantReturn,
    MarkProgress,
    RecordContact,
    Reply,
    RequestReturn,
    Resume,
    Supervise,
    Suspend,
)
from handleflow.core.lights import days_of_light, light_of
from handleflow.legal_time import Span, day
from handleflow.model import Term, TermKey
from handleflow.testing import Scenario
from handleflow.views import (
    BoardLine,
    UnitWorkload,
    board,
    board_columns,
    board_lines,
    grouped,
    workload,
    workload_columns,
    workload_data,
    workload_lines,
)
from tests.beginnings import DEPUTY, OFFICE, WATER, accepted, assigned, received, replied, rulebook

LIGHTS = [
    {"colour": "green", "cite": "host"},
    {"colour": "yellow", "offset": "-10 workdays", "cite": "host"},
    {"colour": "red", "offset": "1 day", "cite": "host"},
    {"colour": "blue", "cite": "host"},
]
CONTACT = {
    "id": "first_contact",
    "of": "lead",
    "anchor": "accepted",
    "met_by": ["contact_recorded"],
    "span": "20 workdays",
    "cite": "host",
}
RULES = rulebook(light=LIGHTS, term=[CONTACT], leader=[{"name": "Leader (placeholder)", "units": ["Roads Bureau"]}])


def lines(story: Scenario, on: str) -> tuple[BoardLine, ...]:
    return board([(story.rules, story.suggestion)], day(on))


def account(*stories: Scenario, on: str, unit: str = "Water Bureau") -> UnitWorkload:
    found = workload(((story.rules, story.suggestion) for story in stories), day(on))
    return next(one for one in found if one.unit == unit)


class TestBoard:
    """A line a unit."""

    def test_each_unit_has_its_own_line_with_its_role_and_its_leader(self) -> None:
        story = assigned(RULES, "Water Bureau", co_units=("Roads Bureau",))

        assert [(line.unit, line.role, line.leader) for line in lines(story, "2026-03-02")] == [
            ("Water Bureau", "lead", ""),
            ("Roads Bureau", "co", "Leader (placeholder)"),
        ]

    def test_what_no_unit_has_stands_on_a_line_of_its_own(self) -> None:
        (line,) = lines(received(RULES), "2026-03-02")

        assert (line.unit, line.waits_for, line.light) == ("", None, "green")

    @pytest.mark.parametrize(
        ("on", "light"),
        [("2026-04-22", "green"), ("2026-04-23", "yellow"), ("2026-05-11", "yellow"), ("2026-05-12", "red")],
        ids=["long before", "ten working days before", "on the day", "the day after"],
    )
    def test_the_light_is_the_last_one_its_days_have_come_to(self, on: str, light: str) -> None:
        assert [line.light for line in lines(assigned(RULES), on)] == [light]

    def test_a_light_without_a_day_is_lit_by_people_alone(self) -> None:
        story = assigned(RULES).and_(MarkProgress("Water Bureau", "blue"), by=OFFICE)
        (line,) = lines(story, "2026-05-12")

        assert (line.light, line.progress) == ("red", "blue")

    def test_the_newest_mark_is_the_one_shown(self) -> None:
        story = assigned(RULES).and_(MarkProgress("Water Bureau", "blue"), by=OFFICE)
        story = story.and_(MarkProgress("Water Bureau", "red"), by=OFFICE)

        assert [line.progress for line in lines(story, "2026-03-02")] == ["red"]

    def test_a_rulebook_without_lights_lights_none(self) -> None:
        assert [line.light for line in lines(assigned(rulebook()), "2026-05-12")] == [""]

    def test_where_the_first_light_has_a_day_none_is_lit_before(self) -> None:
        red = rulebook(light=[{"colour": "red", "offset": "1 day", "cite": "host"}])

        assert [line.light for on in ("2026-05-11", "2026-05-12") for line in lines(assigned(red), on)] == ["", "red"]

    def test_a_promise_without_a_day_is_waited_for_without_one(self) -> None:
        story = replied(RULES, outcome="B").and_(RecordContact("after"), by=WATER)
        (row,) = board_lines(lines(story, "2026-03-02"))

        assert row[5] == "commitment"

    def test_a_clock_that_stands_lights_nothing(self) -> None:
        office = {"source": ["assigned"], "target": "same", "who": ["congress_office"]}
        reply = {"id": "reply", "of": "lead", "anchor": "assigned", "met_by": ["replied"], "span": "3 months"}
        transitions = [{"act": act, **office} for act in ("suspend", "resume")]
        term = {**reply, "cite": "host", "is_pausable": True}
        stopped = assigned(rulebook(light=LIGHTS, term=[term], transition=transitions)).and_(
            Suspend("flood"), by=OFFICE
        )
        going = stopped.and_(Resume("dry"), by=OFFICE)

        assert [line.light for story in (stopped, going) for line in lines(story, "2026-05-20")] == ["green", "red"]

    def test_of_one_that_stands_until_a_day_it_says_how_much_is_left(self) -> None:
        office = {"source": ["assigned"], "target": "same", "who": ["congress_office"]}
        reply = {"id": "reply", "of": "lead", "anchor": "assigned", "met_by": ["replied"], "span": "3 months"}
        term = {**reply, "cite": "host", "is_pausable": True}
        story = assigned(rulebook(term=[term], transition=[{"act": "suspend", **office}]))
        story = story.and_(Suspend("flood", until="2026-06-30"), by=OFFICE)
        (row,) = board_lines(lines(story, "2026-05-20"))

        assert row[6] == "stands still, 131 day(s) left"

    def test_the_nearest_day_of_several_terms_is_the_one_it_waits_for(self) -> None:
        (line,) = lines(accepted(RULES), "2026-03-02")

        assert (line.waits_for.rule if line.waits_for else "", str(line.due_on)) == ("first_contact", "2026-03-16")

    def test_a_hosts_own_last_state_is_over_too(self) -> None:
        state = {"name": "archived", "en": "archived", "zh": "归档", "is_final": True}
        transition = {"act": "decline", "source": ["received"], "target": "archived", "who": ["congress_office"]}
        declined = {**transition, "target": "declined", "who": ["government_office"]}
        story = received(rulebook(state=[state], transition=[transition, declined])).and_(
            Decline("no matter"), by=OFFICE
        )

        assert (story.state, lines(story, "2026-03-02")) == ("archived", ())

    def test_lines_are_grouped_by_name_and_nobodys_come_last(self) -> None:
        story = assigned(RULES, "Water Bureau", "Roads Bureau")
        groups = grouped(lines(story, "2026-03-02"), lambda line: line.leader)

        assert [(name, [line.unit for line in group]) for name, group in groups] == [
            ("Leader (placeholder)", ["Roads Bureau"]),
            ("", ["Water Bureau"]),
        ]

    @pytest.mark.parametrize(
        ("lang", "on", "found"),
        [
            ("en", "2026-05-01", "10 day(s) left"),
            ("zh", "2026-05-01", "还有 10 日"),
            ("en", "2026-05-11", "due today"),
            ("zh", "2026-05-13", "逾期 2 日"),
            ("en", "2026-05-13", "2 day(s) overdue"),
        ],
    )
    def test_people_read_how_many_days(self, lang: str, on: str, found: str) -> None:
        (row,) = board_lines(lines(assigned(RULES), on), lang)

        assert (row[6], len(row)) == (found, len(board_columns(lang)))

    def test_a_key_suggestion_is_starred_and_what_was_said_last_is_shown(self) -> None:
        story = assigned(RULES).and_(Supervise("Water Bureau", "phone", "well?"), by=OFFICE, on="2026-03-02")
        (row,) = board_lines(lines(story, "2026-03-02"))

        assert row[-1] == "2026-03-02 by telephone"


class TestOwing:
    """Per unit, by its own clocks."""

    def test_what_is_open_soon_due_and_overdue(self) -> None:
        story = accepted(RULES)

        assert [
            (account(story, on=on).open, account(story, on=on).due_soon, account(story, on=on).overdue)
            for on in ("2026-03-02", "2026-03-09", "2026-03-17", "2026-05-12")
        ] == [(1, 0, 0), (1, 1, 0), (1, 0, 1), (1, 0, 2)]

    def test_how_soon_is_soon_is_the_askers(self) -> None:
        story = accepted(RULES)
        (one,) = workload([(story.rules, story.suggestion)], day("2026-02-11"), Span(30, "workday"))

        assert one.due_soon == 1

    @pytest.mark.parametrize(("on", "counted"), [("2026-05-11", (1, 0)), ("2026-05-12", (0, 1))])
    def test_a_reply_is_in_time_or_late(self, on: str, counted: tuple[int, int]) -> None:
        story = accepted(RULES).and_(RecordContact("before"), by=WATER).and_(Reply("A", "done"), by=WATER, on=on)
        found = account(story, on=on)

        assert (found.replied_in_time, found.replied_late) == counted

    def test_a_reply_still_owed_after_its_day_is_late(self) -> None:
        found = account(accepted(RULES).and_the_clock_reads("2026-05-20"), on="2026-05-20")

        assert (found.replied_in_time, found.replied_late, found.overdue) == (0, 1, 2)

    def test_a_unit_that_gets_it_late_is_not_burdened_with_what_another_missed(self) -> None:
        story = (
            assigned(RULES)
            .and_the_clock_reads("2026-05-20")
            .and_(RequestReturn("not ours"), by=WATER, on="2026-05-21")
        )
        story = story.and_(GrantReturn("Water Bureau"), by=OFFICE).and_(Assign(("Roads Bureau",)), by=OFFICE)
        first = account(story, on="2026-05-22")
        second = account(story, on="2026-05-22", unit="Roads Bureau")

        assert ((first.open, first.replied_late), (second.open, second.replied_late)) == ((0, 1), (1, 0))

    def test_first_contacts_have_a_share_in_time(self) -> None:
        early = accepted(RULES).and_(RecordContact("before"), by=WATER, on="2026-03-16")
        late = accepted(RULES).and_(RecordContact("before"), by=WATER, on="2026-03-17")
        never = accepted(RULES).and_the_clock_reads("2026-03-31")
        found = account(early, late, never, on="2026-04-01")

        assert (found.contacts_in_time, found.contacts) == (1, 3)

    def test_supervisions_are_counted_and_their_answers(self) -> None:
        story = accepted(RULES).and_(Supervise("Water Bureau", "phone", "well?", "2026-03-02"), by=OFFICE)
        story = story.and_(Supervise("Water Bureau", "phone", "well?", "2026-03-03"), by=OFFICE)
        story = story.and_(Supervise("Water Bureau", "phone", "read this"), by=OFFICE)
        story = story.and_(AnswerSupervision(1, "soon"), by=WATER, on="2026-03-02")
        story = story.and_(AnswerSupervision(2, "soon"), by=WATER, on="2026-03-04")
        found = account(story, on="2026-03-05")

        assert (found.supervised, found.answers, found.answers_in_time) == (3, 2, 1)

    def test_what_is_closed_is_no_longer_open_but_counts(self) -> None:
        story = replied(RULES).and_(Evaluate("Water Bureau", "satisfied"), by=DEPUTY).and_(Close(), by=OFFICE)
        found = account(story, on="2026-03-02")

        assert (found.open, found.replied_in_time) == (0, 1)

    def test_an_office_that_was_urged_is_no_unit(self) -> None:
        story = received(RULES).and_(Supervise("Standing Committee Office", "phone", "assign it"), by=OFFICE)

        assert workload([(story.rules, story.suggestion)], day("2026-03-02")) == ()

    def test_a_term_of_the_whole_burdens_no_unit(self) -> None:
        whole = {"id": "rating", "of": "whole", "anchor": "replied", "met_by": ["evaluated"], "span": "5 workdays"}
        story = replied(rulebook(term=[{**whole, "cite": "host"}])).and_the_clock_reads("2026-03-31")

        assert [
            (found.unit, found.overdue) for found in workload([(story.rules, story.suggestion)], day("2026-03-31"))
        ] == [("Water Bureau", 0)]

    def test_what_a_deputy_owes_about_a_units_reply_burdens_no_unit(self) -> None:
        rating = {"id": "rating", "of": "lead", "anchor": "replied", "met_by": ["evaluated"], "span": "5 workdays"}
        found = {}
        for owed_by in ("unit", "deputy"):
            story = replied(rulebook(term=[{**rating, "owed_by": owed_by, "cite": "host"}]))
            story = story.and_the_clock_reads("2026-03-31")
            (account,) = workload([(story.rules, story.suggestion)], day("2026-03-31"))
            found[owed_by] = account.overdue

        assert found == {"unit": 1, "deputy": 0}

    def test_as_data_and_as_rows_they_say_the_same(self) -> None:
        story = accepted(RULES)
        accounts = workload([(story.rules, story.suggestion)], day("2026-03-16"))
        (row,) = workload_lines(accounts)

        assert workload_data(accounts)[0]["overdue"] == int(row[3])
        assert len(row) == len(workload_columns()) == len(workload_columns("zh")) == 9


def test_a_unit_of_an_unknown_rule_is_counted_for_what_is_known() -> None:
    """A rulebook that no longer knows a term says nothing of what it was for."""
    rules = rulebook(term=[{**CONTACT, "id": "call"}])
    story = accepted(rules).and_(RecordContact("before"), by=WATER)
    other = rulebook()
    (found,) = workload([(other, story.suggestion)], day("2026-03-02"))

    assert (found.contacts, found.open) == (0, 1)


OFFSETS = ["-1 month", "-10 workdays", "-3 days", "0 days", "2 workdays", "5 days", "1 month"]
BY_OFFSET = {
    offset: rulebook(light=[{"colour": "green", "cite": "host"}, {"colour": "red", "offset": offset, "cite": "host"}])
    for offset in OFFSETS
}


@pytest.mark.parametrize("offset", OFFSETS)
@given(on=st.dates(day("2026-01-05"), day("2026-11-30")), away=st.integers(-45, 45))
def test_a_light_asked_for_as_days_is_the_light_the_days_give(offset: str, on: datetime.date, away: int) -> None:
    rules, due = BY_OFFSET[offset], day(on + datetime.timedelta(days=away))
    term = Term(TermKey("reply"), 1, due_on=due)
    shown = light_of(rules, [term], day(on))
    ranges = {colour: days_of_light(rules, colour, day(on)) for colour in ("green", "red")}
    by_light = [
        colour
        for colour, found in ranges.items()
        if found and (found[0] is None or due >= found[0]) and (found[1] is None or due <= found[1])
    ]

    assert by_light == [shown]
