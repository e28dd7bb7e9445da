"""How do ledgers come in? Real cases taken over, and everything that is wrong with a file."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from handleflow import Engine, MemoryStore, load_preset
from handleflow.errors import UnreadableLedger
from handleflow.ledgers import take_over
from handleflow.ledgers.reading import read_rows
from handleflow.views import summarize
from tests.beginnings import instant, later
from tests.paths import DATA

ENDS = {0: "\n", 1: "\r\n", 40: "\r"}
REAL = DATA / "real_cases.csv"
"""209 real cases collected from public pages; tests/data/README.md names the columns and their source."""

Table = list[dict[str, str]]


def table(path: Path) -> Table:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def written(path: Path, rows: Table, encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


class TestReading:
    """What a file must be before any row counts."""

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            pytest.param(b"", "no column", id="empty"),
            pytest.param("kind\n建议\n".encode(), "line 1: no column title", id="a column missing"),
            pytest.param(b"kind,titel\n", "no column title; columns there: kind, titel", id="misspelt"),
            pytest.param(b"kind,title,titel\n", "unknown column 'titel'; did you mean 'title'", id="unknown"),
            pytest.param(b"kind,title,title\n", "column named twice: title", id="twice"),
            pytest.param("kind,title\n\n建议,桥,多\n".encode(), "line 3: 3 cells under 2", id="a cell too many"),
            pytest.param(b"kind,title\n\xff\xff\xff\n", "neither UTF-8 nor GBK", id="no text"),
        ],
    )
    def test_a_file_that_is_no_ledger_is_named(self, tmp_path: Path, content: bytes, words: str) -> None:
        path = tmp_path / "a.csv"
        path.write_bytes(content)
        with pytest.raises(UnreadableLedger, match=words):
            take_over(Engine(MemoryStore(), [load_preset("cn.national")]), path)

    def test_a_file_that_is_not_there_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(UnreadableLedger, match=r"none\.csv cannot be read"):
            take_over(Engine(MemoryStore(), []), tmp_path / "none.csv")

    def test_the_line_of_a_row_is_its_line_in_the_file(self, tmp_path: Path) -> None:
        path = tmp_path / "a.csv"
        path.write_text('kind,title\n建议,"two\nlines"\n提案,second\n', encoding="utf-8")
        taken = take_over(Engine(MemoryStore(), [load_preset("cn.national")]), path)

        assert [row.line for row in taken.refused] == [4]


@pytest.fixture
def engine() -> Engine:
    return Engine(MemoryStore(), [load_preset("cn.national")], clock=lambda: instant("2026-11-23"))


Taking = Callable[..., Engine]


@pytest.fixture
def taken(engine: Engine, tmp_path: Path) -> Taking:
    def take(**cells: str) -> Engine:
        assert (
            take_over(engine, written(tmp_path / "a.csv", [{"kind": "建议", "title": "桥", **cells}])).refused == ()
        )
        return engine

    return take


class TestTakingOver:
    """Real cases in mid-life: the unknown stays unknown."""

    def test_of_209_real_cases_the_156_that_are_suggestions_or_unclear_are_recorded(self, engine: Engine) -> None:
        taken = take_over(engine, REAL)
        unclear = [s for s in engine.store.snapshots() if s.matter == "unclear"]

        assert (taken.recorded, len(taken.refused), taken.already_there, len(unclear)) == (156, 53, 0, 4)

    def test_proposals_and_motions_are_refused_by_name_with_line_and_law(self, engine: Engine) -> None:
        refused = take_over(engine, REAL).refused
        matters = [row.reason.split(" is not handled here")[0].rsplit(" ", 1)[-1] for row in refused]

        assert (matters.count("proposal"), matters.count("motion")) == (51, 2)
        assert all("DBF25 art. 51" in row.reason and row.line > 1 and row.title for row in refused)

    def test_taking_over_twice_records_nothing_twice(self, engine: Engine) -> None:
        take_over(engine, REAL)
        lengths = [s.version for s in engine.store.snapshots()]
        again = take_over(engine, REAL)

        assert (again.recorded, again.already_there) == (0, 156)
        assert [s.version for s in engine.store.snapshots()] == lengths

    def test_a_sweep_today_after_the_import_says_nothing(self, engine: Engine) -> None:
        take_over(engine, REAL)

        assert later(engine, instant("2026-11-23", 23)).sweep().said == ()

    def test_no_term_is_armed_without_its_anchor(self, engine: Engine) -> None:
        take_over(engine, REAL)
        armed = [t for s in engine.store.snapshots() for t in s.terms if t.due_on is not None]

        assert all(term.anchor_on is not None for term in armed)
        assert len(armed) == 3

    def test_figures_that_cannot_be_known_are_null_with_the_reason(self, engine: Engine) -> None:
        take_over(engine, REAL)
        summary = summarize(engine.with_rulebooks())
        figures = (summary.key, summary.units, summary.reply_rate, summary.late_replies, summary.ordinary_outcomes)

        assert [figure.value for figure in figures] == [None] * 5
        assert all(" of " in str(figure.reason) for figure in figures)

    def test_numbers_stay_as_they_were_written(self, engine: Engine) -> None:
        take_over(engine, REAL)
        numbers = {s.number for s in engine.store.snapshots()}

        assert {"闭08", "DH370", "088", "T014", "74227", "财政经济类2"} <= numbers

    def test_a_co_units_opinion_does_not_become_the_reply(self, engine: Engine) -> None:
        """嘉定 T014: the day and the document number are those of the opinion."""
        take_over(engine, REAL)
        (found,) = [s for s in engine.store.snapshots() if s.number == "T014"]

        assert (found.state, found.replies, [o.unit for o in found.opinions]) == (
            "assigned",
            (),
            ["嘉定镇街道办事处"],
        )

    @pytest.mark.parametrize(
        ("cells", "state"),
        [
            pytest.param({}, "received", id="nothing is known"),
            pytest.param({"lead_unit": "县水务局"}, "assigned", id="a unit"),
            pytest.param({"published_date": "2022-08-31"}, "received", id="a page is no reply"),
            pytest.param({"reply_date": "2022-08-31"}, "replied", id="a reply of nobody knows whom"),
            pytest.param(
                {"lead_unit": "县水务局", "document_no": "文〔2022〕1号"}, "replied", id="a letter's number"
            ),
            pytest.param({"lead_unit": "甲局、乙局", "reply_class_raw": "C"}, "replied", id="two leads, one letter"),
            pytest.param({"satisfaction": "基本满意"}, "evaluated", id="a rating"),
        ],
    )
    def test_it_stands_where_its_facts_support(self, taken: Taking, cells: dict[str, str], state: str) -> None:
        (found,) = taken(**cells).store.snapshots()

        assert found.state == state

    @pytest.mark.parametrize(
        ("cell", "units"),
        [
            pytest.param("区财政局", ("区财政局",), id="one"),
            pytest.param("区农业农村委、区教委、团区委", ("区农业农村委", "区教委", "团区委"), id="Chinese commas"),
            pytest.param("区行政执法局 区民政局", ("区行政执法局", "区民政局"), id="a blank between two names"),
            pytest.param("市发改委(市粮储局)", ("市发改委(市粮储局)",), id="a second name in brackets"),
            pytest.param("国网 供电公司", ("国网 供电公司",), id="a blank inside a name"),
            pytest.param("宜昌市财政局、商务局等", ("宜昌市财政局", "商务局"), id="a list that is not complete"),
            pytest.param("甲局,甲局；乙局", ("甲局", "乙局"), id="named twice"),
        ],
    )
    def test_units_of_one_cell_are_told_apart(self, taken: Taking, cell: str, units: tuple[str, ...]) -> None:
        (found,) = taken(lead_unit=cell).store.snapshots()

        assert found.units == units

    @pytest.mark.parametrize(
        ("cells", "reason"),
        [
            pytest.param({"title": ""}, "TakeOver needs words for 'title'", id="no title"),
            pytest.param({"reply_date": "2008-09-31"}, "column reply_date: '2008-09-31' is no day", id="no such day"),
            pytest.param({"satisfaction": "好"}, "column satisfaction: '好' is none of", id="no such grade"),
            pytest.param({"reply_date": "2027-01-01"}, "day_in_future", id="a day that has not come"),
            pytest.param({"lead_unit": "甲局", "co_units": "甲局"}, "unit_named_twice", id="a unit twice"),
        ],
    )
    def test_a_row_that_cannot_be_is_refused_with_its_line_and_the_others_go_in(
        self, engine: Engine, tmp_path: Path, cells: dict[str, str], reason: str
    ) -> None:
        base = dict.fromkeys(("kind", "title", "reply_date", "satisfaction", "lead_unit", "co_units"), "")
        rows = [{**base, "kind": "建议", "title": "桥", **cells}, {**base, "kind": "建议", "title": "路"}]
        taken = take_over(engine, written(tmp_path / "a.csv", rows))

        assert ([row.line for row in taken.refused], taken.recorded) == ([2], 1)
        assert reason in taken.refused[0].reason

    def test_a_row_that_changed_since_it_was_taken_over_is_refused_not_lost(
        self, engine: Engine, taken: Taking, tmp_path: Path
    ) -> None:
        taken(number="7")
        changed = take_over(engine, written(tmp_path / "b.csv", [{"kind": "建议", "title": "路", "number": "7"}]))

        assert "was taken over before from another row;" in changed.refused[0].reason

    def test_a_cell_too_large_for_any_ledger_is_named(self, engine: Engine, tmp_path: Path) -> None:
        path = tmp_path / "a.csv"
        path.write_text("kind,title\n建议," + "桥" * 140_000, encoding="utf-8")
        with pytest.raises(UnreadableLedger, match="is no CSV"):
            take_over(engine, path)

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            pytest.param('建议,"桥', "line 13: the quote that opens a cell here is not closed", id="to the end"),
            pytest.param('建议,"桥""', "line 13: the quote that opens a cell here is not closed", id="doubled"),
            pytest.param('"建\n议","桥', "line 14: the quote that opens a cell here is not closed", id="a second"),
            pytest.param('建议,"桥"梁', "line 13: the quote that opens a cell here is not closed", id="closed early"),
            pytest.param("建议,桥,梁", "line 13: 3 cells under 2 columns", id="a cell too many"),
            pytest.param("建议", "line 13: 1 cells under 2 columns", id="a cell too few"),
            pytest.param("建议,桥,,", "line 13: 4 cells under 2 columns", id="empty cells too many"),
        ],
    )
    @pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
    def test_one_row_that_cannot_be_read_is_named_and_nothing_of_the_ledger_is_recorded(
        self, engine: Engine, tmp_path: Path, wrong: str, said: str, ends: str
    ) -> None:
        before = ['建议,"路\n和桥"', *(f"建议,路 {n}" for n in range(9))]
        rows = ["kind,title", *before, wrong, *(f"建议,路 {n}" for n in range(10, 500))]
        path = tmp_path / "a.csv"
        path.write_text(ends.join("\n".join(rows).split("\n")), encoding="utf-8", newline="")
        with pytest.raises(UnreadableLedger, match=said):
            take_over(engine, path)

        assert (list(engine.store.ids()), engine.store.digest().position) == ([], 0)

    def test_an_unclosed_quote_is_closed_by_no_later_one(self, engine: Engine, tmp_path: Path) -> None:
        path = tmp_path / "a.csv"
        path.write_text('kind,title\n建议,"桥\n建议,路\n建议,"学校, 东区"\n', encoding="utf-8")
        with pytest.raises(UnreadableLedger, match="line 2: the quote that opens a cell here is not closed"):
            take_over(engine, path)

    @pytest.mark.parametrize("opened", range(4))
    @pytest.mark.parametrize("closed", range(4))
    @pytest.mark.parametrize("between", [0, 1, 40])
    def test_two_stray_quotes_swallow_no_row_between_them(
        self, engine: Engine, tmp_path: Path, opened: int, closed: int, between: int
    ) -> None:
        rows = [["建议", f"路 {n}", f"{n}", ""] for n in range(50)]
        rows[3][1] = '"桥, 和路\n两条"'  # before the other one, and meant
        rows[5] = ['"建议, 甲"' if opened else "建议", *rows[5][1:]]
        rows[5][opened] = '"' + rows[5][opened]
        rows[6 + between][closed] += '"'
        path = tmp_path / "a.csv"
        text = "\n".join(map(",".join, [["kind", "title", "number", "note"], *rows]))
        path.write_text(text, encoding="utf-8", newline=ENDS[between])
        said = (
            f"the quote that opens a cell here is not closed before line {9 + between}, and what it holds looks like"
        )
        is_short = opened != closed and not between  # what is left of the two rows makes no row
        with pytest.raises(UnreadableLedger, match="line 8: " + (r"\d cells under 4" if is_short else said)):
            take_over(engine, path)

        assert list(engine.store.ids()) == []

    @pytest.mark.parametrize(
        "row",
        [
            pytest.param('"建\n议",路,7,', id="the first cell"),
            pytest.param('建议,"路, 桥\n和学校, 东区",7,', id="one between"),
            pytest.param('建议,路,7,"一\n二, 三\n四"', id="the last cell"),
            pytest.param('"建\n议","路\n桥",7,"一, 二\n三"', id="three of them"),
        ],
    )
    def test_cells_of_several_lines_that_are_no_rows_are_read(self, row: str, tmp_path: Path) -> None:
        path = tmp_path / "a.csv"
        path.write_text(f"kind,title,number,note\n{row}\n建议,路,8,\n", encoding="utf-8")

        assert [found.cells["number"] for found in read_rows(path, ("kind", "title"), ("number", "note"))] == [
            "7",
            "8",
        ]

    def test_a_quote_within_a_cell_and_a_cell_of_several_lines_are_words(
        self, engine: Engine, tmp_path: Path
    ) -> None:
        path = tmp_path / "a.csv"
        path.write_text('kind,title\n建议,“桥"\n"建议","路, ""东区""\n和桥"\n\n,\n', encoding="utf-8")

        assert take_over(engine, path).recorded == 2
        assert {s.title for s in engine.store.snapshots()} == {'“桥"', '路, "东区"\n和桥'}

    def test_gbk_is_read_as_well_as_utf_8(self, engine: Engine, tmp_path: Path) -> None:
        path = written(tmp_path / "a.csv", [{"kind": "建议", "title": "修桥"}], encoding="gb18030")
        take_over(engine, path)

        assert [s.title for s in engine.store.snapshots()] == ["修桥"]

    def test_the_row_is_kept_as_it_was_written(self, taken: Taking) -> None:
        engine = taken(note="摘录", url="http://example.invalid/1")
        (found,) = engine.store.snapshots()

        assert ("note", "摘录") in getattr(engine.history(found.id)[0].event, "as_written", ())
