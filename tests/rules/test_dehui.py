"""Does a suggestion in Dehui live as national law says, and does the demonstration's ladder speak on its days?"""

from __future__ import annotations

from pathlib import Path

import pytest

from handleflow import Entry, Rulebook, Suggestion, load_preset
from handleflow.acts import (
    Accept,
    AnswerSupervision,
    Assign,
    Classify,
    DeclareExtension,
    MarkProgress,
    Receive,
    RequestExtension,
    Supervise,
)
from handleflow.legal_time import day, days_later
from handleflow.testing import Scenario, given, leader, office
from handleflow.testing.boundaries import BoundaryDay, boundary_days
from handleflow.testing.monitors import library_monitors, monitor, never, watch
from handleflow.testing.tables import Case, read_cases
from handleflow.views import board
from tests.beginnings import WATER
from tests.rules.fates import KEPT, Dated, refused_with, said_with
from tests.rules.lives import BY_STATE, PROMISED_FOR, assigned, explaining, handling, heard

DEHUI = load_preset("cn.dehui")
DEMO = load_preset("cn.dehui.demo")
ANSWER = explaining(DEHUI)
REPLY = Dated("DBF25 51", "reply", "2026-05-11", heard(DEHUI), ANSWER, WATER)
"""Three months from assignment on 10 February 2026 end on Sunday 10 May."""
TERMS = (
    REPLY,
    # From Monday 16 March; ninety days would end a day earlier.
    Dated("DBF25 51 in months", "reply", "2026-06-16", heard(DEHUI, on="2026-03-16"), ANSWER, WATER),
    # Six months from that Monday.
    Dated(
        "DBF25 51 by its nature",
        "reply",
        "2026-09-16",
        heard(DEHUI, on="2026-03-16", is_long_track=True),
        ANSWER,
        WATER,
    ),
    Dated("DBF25 51 with a ladder", "reply", "2026-06-16", heard(DEMO, on="2026-03-16"), ANSWER, WATER),
    # From Friday 30 January: the day after it is the first that counts, though a Saturday (Civil Code art. 201).
    Dated("DBF25 51 from a Friday", "reply", "2026-04-30", heard(DEMO, on="2026-01-30"), ANSWER, WATER),
    Dated(
        "DBF25 51 with a ladder, by its nature",
        "reply",
        "2026-09-16",
        heard(DEMO, on="2026-03-16", is_long_track=True),
        ANSWER,
        WATER,
    ),
)
LADDER = {"reminded": "2026-04-26", "urged": "2026-05-12", "visited": "2026-05-21"}
"""Fifteen days before Monday 11 May, the day after it, ten days after it; the demonstration's own offsets."""
CASES = Path(__file__).parent / "cases"


@pytest.mark.parametrize("case", read_cases(CASES / "cn.dehui.toml"), ids=str)
def test_a_case_of_the_citys_table_comes_out_as_its_row_says(case: Case) -> None:
    assert case.differences(DEHUI) == ()


@pytest.mark.parametrize("case", read_cases(CASES / "cn.dehui.demo.toml"), ids=str)
def test_a_case_of_the_demonstrations_table_comes_out_as_its_row_says(case: Case) -> None:
    assert case.differences(DEMO) == ()


@pytest.mark.parametrize("term", TERMS, ids=str)
def test_a_term_is_kept_through_its_articles_day_and_no_longer(term: Dated) -> None:
    assert term.fates() == (term.due, *KEPT)
    assert term.is_owed_by_its_keeper


@pytest.mark.parametrize("edge", REPLY.edges(), ids=str)
def test_a_reply_is_late_on_exactly_the_days_after_its_own(edge: BoundaryDay) -> None:
    assert REPLY.acted(edge.on) == ("late" if edge.on > day(REPLY.due) else "kept")


@pytest.mark.parametrize(
    "act",
    [RequestExtension("2026-08-10", "Deep."), DeclareExtension("2026-08-10", "Deep.")],
    ids=["asked for", "declared"],
)
def test_national_law_lengthens_no_running_term(act: RequestExtension | DeclareExtension) -> None:
    assert refused_with(handling(DEHUI), act, by=WATER) == "no_extension [DBF25 art. 51]"


@pytest.mark.parametrize(
    ("code", "day_given", "comes_of_it"),
    [
        ("A", None, "solved"),
        ("B", None, "promised for no day"),
        ("B", PROMISED_FOR, f"promised for {PROMISED_FOR}"),
        ("C", None, "over"),
        ("D", None, "refused: outcome_is_known"),
    ],
)
@pytest.mark.parametrize("rules", [DEHUI, DEMO], ids=["the city", "the demonstration"])
def test_the_citys_report_has_three_classes(
    rules: Rulebook, code: str, day_given: str | None, comes_of_it: str
) -> None:
    """Solved or basically solved; partly solved or in a plan; not possible for now. It knows none for reference."""
    assert said_with(rules, code, day_given) == comes_of_it


class TestTheLadder:
    """The demonstration's own: a call, a letter, a visit. The city published no days."""

    @pytest.mark.parametrize("edge", boundary_days(DEMO, assigned(DEMO).suggestion.terms[0]), ids=str)
    def test_each_rung_speaks_from_its_own_day_on_and_not_a_day_before(self, edge: BoundaryDay) -> None:
        spoken = [s.rung for s in assigned(DEMO).when_the_clock_reads(edge.on).supervisions]

        assert spoken == [rung for rung, first in LADDER.items() if edge.on >= day(first)]

    def test_swept_every_day_each_speaks_once_on_its_day(self) -> None:
        story, day_by_day = assigned(DEMO), day("2026-02-10")
        while day_by_day < day("2026-06-30"):
            day_by_day = days_later(day_by_day, 1)
            story = story.and_the_clock_reads(day_by_day)

        assert {s.rung: str(s.on) for s in story.suggestion.supervisions} == LADDER
        assert len(story.suggestion.supervisions) == 3

    @pytest.mark.parametrize(
        ("rung", "channel", "answer_by"),
        [
            # 27, 28, 29 April, from a Sunday on.
            ("reminded", "phone", "2026-04-29"),
            # 13 to 15, 18, 19 May.
            ("urged", "written", "2026-05-19"),
            # 22, then 25 to 28 May.
            ("visited", "on_site", "2026-05-28"),
        ],
    )
    def test_a_rung_has_its_measure_and_is_answered_within_its_working_days(
        self, rung: str, channel: str, answer_by: str
    ) -> None:
        before = assigned(DEMO).and_the_clock_reads(days_later(day(LADDER[rung]), -1))
        (said,) = before.when_the_clock_reads(LADDER[rung]).supervisions

        assert (said.rung, said.channel, str(said.answer_by)) == (rung, channel, answer_by)

    def test_a_weekend_is_not_counted_where_the_answer_is_wanted_in_working_days(self) -> None:
        """Due on Thursday 18 June, called on Wednesday the 3rd: 4, 5 and Monday 8 June."""
        (said,) = assigned(DEMO, on="2026-03-18").when_the_clock_reads("2026-06-03").supervisions

        assert (said.rung, str(said.answer_by)) == ("reminded", "2026-06-08")

    def test_a_call_that_is_answered_late_was_missed(self) -> None:
        story = assigned(DEMO).and_the_clock_reads(LADDER["reminded"])
        answered = AnswerSupervision(1, "Nearly done.")

        assert not story.when(answered, by=WATER, on="2026-04-29").terms["supervision_answer"].is_late
        assert story.when(answered, by=WATER, on="2026-04-30").terms["supervision_answer"].is_late

    def test_what_would_have_been_said_lapses_with_the_reply(self) -> None:
        """Nobody swept; the reply came the day before the visit."""
        outcome = heard(DEMO).when(ANSWER, by=WATER, on="2026-05-20")

        assert outcome.kinds.count("rung_lapsed") == 2
        assert outcome.and_then().when_the_clock_reads("2026-12-31").supervisions == ()

    @pytest.mark.parametrize("state", ["replied", "evaluated", "closed", "withdrawn", "declined"])
    def test_nothing_is_said_where_no_reply_is_owed(self, state: str) -> None:
        assert BY_STATE[state](DEMO).when_the_clock_reads("2026-12-31").supervisions == ()

    def test_under_the_citys_own_rulebook_the_clock_urges_nobody(self) -> None:
        outcome = assigned(DEHUI).when_the_clock_reads("2026-12-31")

        assert (outcome.kinds, outcome.supervisions) == (("deadline_missed",), ())


class TestTheBoard:
    """Who answers for it, and in which colour it stands; all of it the demonstration's own."""

    def of(self, category: str | None = None, *, is_key: bool = False) -> Scenario:
        came_in = Receive("Safe drinking water", "Deputy A", category=category, is_key=is_key)
        story = given(DEMO).and_(came_in, by=office(), on="2026-02-09")
        return story.and_(Assign((WATER.name,)), by=office(), on="2026-02-10").and_(Accept(), by=WATER)

    @pytest.mark.parametrize(
        ("category", "named"),
        [
            ("农林水电", "分管农业副市长（占位）"),
            ("教科文卫", "分管教育卫生副市长（占位）"),
            ("工交财贸", "分管工业副市长（占位）"),
            ("城建环保", "分管城建副市长（占位）"),
            ("政法", "常务副市长（占位）"),
            ("其他", "常务副市长（占位）"),
            (None, ""),
        ],
    )
    def test_a_field_has_its_leader(self, category: str | None, named: str) -> None:
        (line,) = board([(DEMO, self.of(category).suggestion)], day("2026-02-10"))

        assert line.leader == named

    def test_a_key_suggestion_is_the_executive_vice_mayors_whatever_its_field(self) -> None:
        (line,) = board([(DEMO, self.of("农林水电", is_key=True).suggestion)], day("2026-02-10"))
        sorted_later = self.of("农林水电").and_(Classify(is_key=True), by=office()).suggestion
        (later,) = board([(DEMO, sorted_later)], day("2026-02-10"))

        assert (line.leader, later.leader) == ("常务副市长（占位）", "常务副市长（占位）")

    @pytest.mark.parametrize(
        ("on", "light"),
        [
            ("2026-02-10", "green"),
            ("2026-04-25", "green"),
            ("2026-04-26", "yellow"),
            ("2026-05-11", "yellow"),
            ("2026-05-12", "red"),
        ],
    )
    def test_it_turns_yellow_fifteen_days_before_its_day_and_red_after_it(self, on: str, light: str) -> None:
        (line,) = board([(DEMO, self.of().suggestion)], day(on))

        assert line.light == light

    def test_it_turns_red_on_the_very_next_day_though_nobody_works_on_it(self) -> None:
        """Due on Thursday 18 June; from the 19th the Dragon Boat Festival is kept."""
        (line,) = board([(DEMO, assigned(DEMO, on="2026-03-18").suggestion)], day("2026-06-19"))

        assert line.light == "red"

    def test_a_leader_gives_a_colour_the_rulebook_knows_and_no_other(self) -> None:
        outcome = self.of().when(MarkProgress(WATER.name, "red", "The river is high."), by=leader())
        (line,) = board([(DEMO, outcome.suggestion)], day("2026-02-10"))

        assert (line.light, line.progress) == ("green", "red")
        assert refused_with(self.of(), MarkProgress(WATER.name, "blue"), by=leader()) == "colour_is_known"
        assert refused_with(handling(DEHUI), MarkProgress(WATER.name, "red"), by=leader()) == "colour_is_known"


@monitor("no rung speaks before its own day")
def no_rung_early(before: Suggestion, entry: Entry, after: Suggestion) -> bool:
    event = entry.event
    return not isinstance(event, Supervise) or event.meant_on is None or event.meant_on <= entry.on


@monitor("each rung speaks once of a term")
def each_rung_once(before: Suggestion, entry: Entry, after: Suggestion) -> bool:
    return len(set(after.firing_keys)) == len(after.firing_keys)


@pytest.mark.parametrize("rules", [DEHUI, DEMO], ids=["the city", "the demonstration"])
@pytest.mark.parametrize("state", BY_STATE)
def test_no_life_breaks_what_must_never_happen(state: str, rules: Rulebook) -> None:
    outcome = BY_STATE[state](rules).when_the_clock_reads("2026-12-31")

    assert (
        watch(outcome, *library_monitors(rules), no_rung_early, each_rung_once, never("supervised", after="replied"))
        == ()
    )
