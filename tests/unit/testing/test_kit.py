"""Days at the edges, cases as rows, and what must never happen: does the kit for policy keep its word?"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from handleflow import Rulebook, load_preset
from handleflow.acts import Accept, Assign, Close, Evaluate, Receive, RecordContact, Reply
from handleflow.cli import main
from handleflow.engine.observer import observing
from handleflow.errors import UnreadableLedger
from handleflow.legal_time import day
from handleflow.model import Term, TermKey
from handleflow.rulebooks import names
from handleflow.testing import Scenario, deputy, given, office, unit
from handleflow.testing.boundaries import boundary_days
from handleflow.testing.coverage import Coverages
from handleflow.testing.monitors import Monitor, library_monitors, monitor, never, watch
from handleflow.testing.tables import Case, read_cases
from tests.beginnings import rulebook

RULES = load_preset("cn.national")
DEMO = load_preset("cn.dehui.demo")


def assigned(rules: Rulebook = RULES) -> Scenario:
    story = given(rules).and_(Receive("Pipes", "Deputy A"), by=office(), on="2026-02-09")
    return story.and_(Assign(("Water Bureau",)), by=office(), on="2026-02-10")


def replied() -> Scenario:
    story = assigned().and_(Accept(), by=unit()).and_(RecordContact("before"), by=unit())
    return story.and_(Reply("A", "done"), by=unit(), on="2026-03-02")


class TestBoundaryDays:
    """Every edge of a term, once, by a spoken name."""

    def test_all_that_matters_is_there_in_order(self) -> None:
        (term,) = assigned(DEMO).suggestion.terms
        days = [(str(b.on), b.name) for b in boundary_days(DEMO, term)]

        assert days == [
            ("2026-02-10", "the anchor"),
            ("2026-02-11", "the day after the anchor"),
            ("2026-04-25", "the day before rung reminded"),
            ("2026-04-26", "rung reminded"),
            ("2026-05-10", "the day before the due day"),
            ("2026-05-11", "the day before rung urged and the due day"),
            ("2026-05-12", "rung urged and the day after the due day and the first working day after the due day"),
            ("2026-05-20", "the day before rung visited"),
            ("2026-05-21", "rung visited"),
            ("2026-05-31", "the end of the month"),
            ("2026-06-01", "the first of the next month"),
            ("2026-12-31", "the end of the year and the last day the calendar knows"),
            ("2027-01-01", "the first day it does not know"),
        ]

    @pytest.mark.parametrize("boundary", boundary_days(DEMO, assigned(DEMO).suggestion.terms[0]), ids=str)
    def test_a_term_is_overdue_on_exactly_the_days_after_its_own(self, boundary: object) -> None:
        on = getattr(boundary, "on", day("2026-01-01"))
        (term,) = assigned(DEMO).suggestion.terms

        assert (term.status(on) == "overdue") == (on > day("2026-05-11"))

    def test_a_term_without_a_day_has_none(self) -> None:
        assert boundary_days(RULES, Term(TermKey("reply"), 1, end="not_computable")) == ()


CASES = """
[[case]]
id = "three months from assignment"
when = { act = "assign", by = "office", on = "2026-02-10", fields = { leads = ["Water Bureau"] } }
given = [{ act = "receive", by = "office", on = "2026-02-09", fields = { title = "Pipes", deputy = "Deputy A" } }]
state = "assigned"
due = { reply = "2026-05-11" }
recorded = ["assigned", "term_set"]

[[case]]
id = "nobody replies unheard"
given = [
  { act = "receive", by = "office", on = "2026-02-09", fields = { title = "Pipes", deputy = "Deputy A" } },
  { act = "assign", by = "office", on = "2026-02-10", fields = { leads = ["Water Bureau"] } },
  { act = "accept", by = "unit Water Bureau" },
]
when = { act = "reply", by = "unit Water Bureau", fields = { outcome = "A", text = "done" } }
refused = ["deputy_was_heard"]
"""
ROWS = """id,given,when,state,refused,due,supervised,recorded
reminded,2026-02-09 | office | receive | title=Pipes | deputy=Deputy A ; 2026-02-10 | office | assign | \
leads=Water Bureau,2026-04-26 | clock,assigned,,reply=2026-05-11,phone,supervised+term_set
refused,2026-02-09 | office | receive | title=Pipes | deputy=Deputy A,2026-02-09 | deputy Deputy A | assign | \
leads=Water Bureau,received,wrong_role,,-,
urged,2026-02-09 | office | receive | title=Pipes | deputy=Deputy A ; 2026-02-10 | office | assign | \
leads=Water Bureau ; 2026-04-26 | clock,2026-05-12 | clock,,,,written,deadline_missed
"""


def written(tmp_path: Path, name: str, text: str) -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


class TestTables:
    """Rows that a lawyer reads and writes."""

    def test_cases_of_a_toml_file_come_out_as_they_say(self, tmp_path: Path) -> None:
        cases = read_cases(written(tmp_path, "cases.toml", CASES))

        assert [(str(case), case.differences(RULES)) for case in cases] == [
            ("three months from assignment", ()),
            ("nobody replies unheard", ()),
        ]

    def test_cases_of_a_csv_file_come_out_as_they_say(self, tmp_path: Path) -> None:
        cases = read_cases(written(tmp_path, "cases.csv", ROWS))

        assert [(str(case), case.differences(DEMO)) for case in cases] == [
            ("reminded", ()),
            ("refused", ()),
            ("urged", ()),
        ]

    def test_what_comes_otherwise_is_told_with_both(self, tmp_path: Path) -> None:
        (first, _) = read_cases(written(tmp_path, "cases.toml", CASES.replace("2026-05-11", "2026-05-10")))

        assert first.differences(RULES) == ("due: expected {'reply': '2026-05-10'}, found {'reply': '2026-05-11'}",)

    def test_a_term_that_never_began_has_no_day(self, tmp_path: Path) -> None:
        (first, _) = read_cases(written(tmp_path, "cases.toml", CASES.replace("{ reply =", "{ rating =")))

        assert first.differences(RULES) == ("due: expected {'rating': '2026-05-11'}, found {'rating': ''}",)

    @pytest.mark.parametrize(
        ("name", "text", "said"),
        [
            pytest.param("a.toml", "case = ", "is no TOML", id="no TOML"),
            pytest.param(
                "a.toml", CASES.replace("state =", "stat ="), "case three months from assignment: ", id="a key"
            ),
            pytest.param(
                "a.toml", CASES.replace('id = "nobody replies unheard"', 'id = "x"') * 2, "two cases", id="twice"
            ),
            pytest.param("no.csv", None, "cannot be read", id="no file"),
        ],
    )
    def test_a_file_that_is_no_table_is_refused(self, tmp_path: Path, name: str, text: str | None, said: str) -> None:
        path = written(tmp_path, name, text) if text is not None else tmp_path / name
        with pytest.raises(UnreadableLedger, match=said):
            read_cases(path)

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            (('act = "assign"', 'act = "asign"'), "unknown act 'asign'; did you mean 'assign'"),
            (("leads =", "lead ="), "assign: unknown field 'lead'; did you mean 'leads'"),
            (('leads = ["Water Bureau"]', 'leads = "Water Bureau"'), "assign: give names as a tuple"),
        ],
    )
    def test_a_step_that_means_nothing_is_refused(self, tmp_path: Path, change: tuple[str, str], said: str) -> None:
        case: Case = read_cases(written(tmp_path, "a.toml", CASES.replace(*change)))[0]
        with pytest.raises(UnreadableLedger, match=said):
            case.played(RULES)


class TestMonitors:
    """What must never happen."""

    def test_a_good_life_breaks_none(self) -> None:
        story = replied().and_(Evaluate("Water Bureau", "satisfied"), by=deputy(), on="2026-03-03")
        story = story.and_(Close(), by=office())

        assert watch(story, *library_monitors(RULES)) == ()

    def test_each_monitor_is_broken_by_what_it_forbids(self) -> None:
        unguarded = rulebook(
            guard=[{"ask": "co_opinions_are_in", "id": "deputy_was_heard", "of": ["reply"], "cite": "host"}]
        )
        story = assigned(unguarded).and_(Accept(), by=unit())
        outcome = story.when(Reply("A", "done"), by=unit())

        assert [str(breach) for breach in watch(outcome, *library_monitors(RULES))] == [
            "no reply without a contact of its unit: broken by entry 5 (replied, 2026-02-10)"
        ]

    def test_a_host_writes_its_own_in_two_lines(self) -> None:
        @monitor("no suggestion without a category")
        def no_suggestion_without_a_category(before: object, entry: object, after: object) -> bool:
            return getattr(after, "category", None) is not None

        assert len(watch(assigned(), no_suggestion_without_a_category)) == 3

    @pytest.mark.parametrize(
        ("pattern", "broken"),
        [
            pytest.param(never("replied", before="contact_recorded"), 0, id="contact comes before the reply"),
            pytest.param(never("replied", before="planned"), 1, id="no plan came before it"),
            pytest.param(never("replied", after="contact_recorded"), 1, id="a reply after a contact"),
            pytest.param(never("closed", after="replied"), 0, id="nothing closed it"),
        ],
    )
    def test_a_pattern_of_events_is_a_monitor(self, pattern: Monitor, broken: int) -> None:
        assert len(watch(replied(), pattern)) == broken

    def test_a_pattern_says_what_it_is(self) -> None:
        assert [never("a", after="b").name, never("a", before="b").name, never("a", after="b", name="c").name] == [
            "no a after b",
            "no a before b",
            "c",
        ]

    def test_a_recorded_history_is_watched_as_well(self) -> None:
        history = replied().history

        assert len(watch(history, never("replied", before="planned"), id="1")) == 1


@pytest.mark.process
class TestLifeAsTest:
    """A finished life becomes a test that passes, and names nobody."""

    def test_it_runs_as_written_and_passes(self, tmp_path: Path, pytester: pytest.Pytester) -> None:
        store = str(tmp_path / "a.db")
        assert main(["demo", "--json", "--store", store]) == 0
        lines = []
        for id in ("01", "27"):
            run = pytester.run(sys.executable, "-m", "handleflow.testing", "to-test", id, "--store", store)
            lines.append("\n".join(run.outlines))
            assert run.ret == 0
        pytester.makepyfile(test_first=lines[0], test_second=lines[1])

        pytester.runpytest_subprocess().assert_outcomes(passed=2)
        assert ("代表" in lines[0], "标题未公布" in lines[0]) == (False, False)


TRYING = """
from handleflow import load_preset
from handleflow.acts import Receive
from handleflow.testing import given, office

def test_it():
    given(load_preset("cn.national")).and_(Receive("Pipes", "Deputy A"), by=office(), on="2026-02-09")
"""
BOTH = ("--rulebook-cov=cn.national", "--rulebook-cov=cn.shanghai")


@pytest.mark.process
class TestRulebookCoverage:
    """What pytest tells of rulebooks when several are watched, or none."""

    def test_of_several_rulebooks_there_is_a_row_each_and_what_nothing_has_tried(
        self, pytester: pytest.Pytester
    ) -> None:
        pytester.makepyfile(TRYING)
        result = pytester.runpytest_subprocess(*BOTH)

        result.assert_outcomes(passed=1)
        result.stdout.fnmatch_lines(
            [
                "*coverage of 2 rulebooks*",
                "  *transitions *guards *terms *rungs *outcomes *all",
                "cn.national  *1/*1/6 *0/3 *0/0 *0/4 *%",
                "cn.shanghai  *0/*0/12 *0/13 *0/0 *0/4 *0.0%",
                "cn.national",
                "  term untried: reply: met",
                "cn.shanghai",
                "  term untried: assignment: met",
            ]
        )

    def test_of_several_the_data_stand_by_name_and_are_those_of_one(self, pytester: pytest.Pytester) -> None:
        pytester.makepyfile(TRYING)
        pytester.runpytest_subprocess(*BOTH, "--rulebook-cov-json=both.json")
        pytester.runpytest_subprocess(BOTH[0], BOTH[0], "--rulebook-cov-json=one.json")
        both, one = (json.loads((pytester.path / f"{name}.json").read_text("utf-8")) for name in ("both", "one"))

        assert list(both["rulebooks"]) == ["cn.national", "cn.shanghai"]
        assert both["rulebooks"]["cn.national"] == one
        assert (one["transitions"]["covered"], one["terms"]["missing"]) == (
            1,
            ["reply: met", "reply: late", "reply: missed"],
        )

    @pytest.mark.parametrize("workers", ["0", "2"])
    def test_what_several_workers_tried_counts_together(self, pytester: pytest.Pytester, workers: str) -> None:
        pytester.makepyfile(test_one=TRYING, test_other=TRYING.replace("def test_", "def test_other_"))
        result = pytester.runpytest_subprocess(*BOTH, "-n", workers, "--rulebook-cov-json=both.json")
        both = json.loads((pytester.path / "both.json").read_text("utf-8"))["rulebooks"]

        result.assert_outcomes(passed=2)
        assert (both["cn.national"]["transitions"]["covered"], both["cn.shanghai"]["percent"]) == (1, 0.0)

    @pytest.mark.parametrize(("names", "code"), [(BOTH[:1], 0), (BOTH, 1)], ids=["the one tried", "another as well"])
    def test_the_threshold_holds_for_each_of_them(
        self, pytester: pytest.Pytester, names: tuple[str, ...], code: int
    ) -> None:
        pytester.makepyfile(TRYING)
        result = pytester.runpytest_subprocess(*names, "--rulebook-cov-fail-under=1")

        assert result.ret == code
        assert ("FAIL: 0.0 % of cn.shanghai was tried, 1 % is required" in result.stdout.str()) == bool(code)

    def test_no_rulebook_cov_overrides_whatever_is_in_the_ini_file(self, pytester: pytest.Pytester) -> None:
        pytester.makeini(f"[pytest]\naddopts = {BOTH[0]} --rulebook-cov-json=a.json --rulebook-cov-fail-under=99")
        pytester.makepyfile(TRYING)
        watched = pytester.runpytest_subprocess()
        (pytester.path / "a.json").unlink()
        result = pytester.runpytest_subprocess("--no-rulebook-cov")

        assert (watched.ret, result.ret) == (1, 0)
        assert ("coverage of rulebook" in result.stdout.str(), (pytester.path / "a.json").exists()) == (False, False)

    def test_a_decision_is_heard_by_the_rulebook_that_took_it_alone(self) -> None:
        coverages = Coverages.of(map(load_preset, names()))
        with observing(coverages):
            assigned(DEMO)

        assert [each.rules.name for each in coverages.each if each.percent] == ["cn.dehui.demo"]
