"""How is a year's ledger played, and what is said of a row that cannot be?"""

from __future__ import annotations

from pathlib import Path

import pytest

from handleflow import Engine, MemoryStore, load_preset
from handleflow.cli._year import DEHUI, Year, read_year
from handleflow.errors import UnreadableLedger
from handleflow.views import summarize
from tests.paths import EXAMPLES
from tests.unit.ledgers.test_ledgers import table, written


class TestYear:
    """A year's ledger, every day of it."""

    @staticmethod
    def played(path: Path) -> Engine:
        rules = load_preset("cn.dehui.demo")
        engine = Engine(MemoryStore(), [rules])
        Year(engine, read_year(path), rules.calendar).play()
        return engine

    def test_the_copy_in_the_examples_is_the_one_that_ships(self) -> None:
        assert (EXAMPLES / "dehui" / "dehui.csv").read_bytes() == DEHUI.read_bytes()

    def test_what_is_published_comes_out_of_the_histories(self) -> None:
        """Counts and shares of the city's report; tests/data/README.md names it."""
        summary = summarize(self.played(DEHUI).with_rulebooks())
        outcomes = [(share.count, share.share) for share in summary.ordinary_outcomes.value or ()]

        assert (summary.total, summary.key.value, summary.ordinary.value, summary.units.value) == (36, 1, 35, 20)
        assert summary.key_resolved.value == 1
        assert summary.categories.value == {
            "农林水电": 10,
            "教科文卫": 8,
            "工交财贸": 7,
            "城建环保": 3,
            "政法": 2,
            "其他": 5,
        }
        assert (summary.reply_rate.value, summary.satisfied_or_basically_rate.value) == (100.0, 100.0)
        assert outcomes == [(20, 57.1), (14, 40.0), (1, 2.9)]

    def test_every_working_morning_the_clock_speaks(self) -> None:
        summary = summarize(self.played(DEHUI).with_rulebooks())
        by_channel = summary.supervisions.by_channel

        assert (by_channel["phone"], by_channel["written"], by_channel["on_site"]) == (8, 3, 1)
        assert (summary.late_replies.value, summary.supervisions.answered_late) == (3, 3)

    def test_one_row_changed_changes_the_report(self, tmp_path: Path) -> None:
        rows = table(DEHUI)
        next(row for row in rows if row["kind"] == "ordinary" and row["outcome"] == "A")["outcome"] = "B"
        summary = summarize(self.played(written(tmp_path / "a.csv", rows)).with_rulebooks())

        assert [(s.count, s.share) for s in summary.ordinary_outcomes.value or ()] == [
            (19, 54.3),
            (15, 42.9),
            (1, 2.9),
        ]

    def test_an_empty_ledger_plays_no_day(self, tmp_path: Path) -> None:
        path = tmp_path / "a.csv"
        path.write_text(DEHUI.read_text(encoding="utf-8").splitlines()[0])

        assert list(self.played(path).store.snapshots()) == []

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            pytest.param({"title": ""}, "line 3: YearRow needs words for 'title'", id="a row without a title"),
            pytest.param({"replied_on": "2025-09-31"}, "line 3: '2025-09-31' is no day", id="an impossible date"),
            pytest.param({"replied_on": ""}, "line 3: None is not a day", id="a day left out"),
            pytest.param({"kind": "keyy"}, "line 3: .*did you mean 'key'", id="a kind misspelt"),
            pytest.param({"answer_days": "two"}, "line 3: 'two' is not a number", id="no number of days"),
            pytest.param({"number": "01"}, "line 3: number 01 stands on line 2 already", id="a number twice"),
        ],
    )
    def test_a_row_that_means_nothing_is_named_by_its_line(
        self, tmp_path: Path, change: dict[str, str], words: str
    ) -> None:
        rows = table(DEHUI)
        rows[1].update(change)
        with pytest.raises(UnreadableLedger, match=words):
            read_year(written(tmp_path / "a.csv", rows))

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            pytest.param({"outcome": "Z"}, "line 3, .*'Z' is no class of outcome", id="an unknown class"),
            pytest.param({"accepted_on": "2025-02-09"}, "line 3, 2025-02-09", id="accepted before assigned"),
        ],
    )
    def test_a_row_the_rulebook_refuses_is_named_by_its_line(
        self, tmp_path: Path, change: dict[str, str], words: str
    ) -> None:
        rows = table(DEHUI)
        rows[1].update(change)
        with pytest.raises(UnreadableLedger, match=words):
            self.played(written(tmp_path / "a.csv", rows))

    def test_a_year_that_breaks_in_the_middle_leaves_nothing_behind(self, tmp_path: Path) -> None:
        rows = table(DEHUI)
        rows[3]["outcome"] = "Z"
        rules = load_preset("cn.dehui.demo")
        engine = Engine(MemoryStore(), [rules])
        with pytest.raises(UnreadableLedger, match="line 5"):
            Year(engine, read_year(written(tmp_path / "a.csv", rows)), rules.calendar).play()

        assert list(engine.store.snapshots()) == []

    def test_a_dissatisfied_rating_has_its_reason_in_the_ledger(self, tmp_path: Path) -> None:
        rows = [{**row, "reason": ""} for row in table(DEHUI)[:2]]
        rows[1] |= {"result": "dissatisfied", "reason": "nothing was done"}
        rules = load_preset("cn.dehui.demo")
        engine = Engine(MemoryStore(), [rules])
        Year(engine, read_year(written(tmp_path / "a.csv", rows)), rules.calendar).play()

        assert [r.reason for r in engine.look_up("02").ratings] == ["nothing was done"]
