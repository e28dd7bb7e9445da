"""Is a file of cases that says less than its writer thinks refused when it is read?"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from handleflow import load_preset
from handleflow.errors import UnreadableLedger
from handleflow.testing.tables import read_cases
from tests.unit.testing.test_tables import ASSIGNED

RULES = load_preset("cn.national")


class TestFiles:
    """A file that says less than its writer thinks is refused when it is read."""

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("id,given,wen\nx,,y", "row 1: unknown column 'wen'; did you mean 'when'?"),
            (
                "id,when\nx,2026-02-09 | office | receive | title=Roads, water",
                "row 2: there are more cells than columns",
            ),
            ("id,,when\nx,y,z", "row 2: there are more cells than columns"),
            ("id,when\nx,office | accept", "begins with no day; write DAY | WHO | VERB | FIELD=VALUE, without a day"),
            ("id,when\nx,| accept", "'| accept' is no step; write DAY | WHO"),
            ("id,when\nx,| office | assign | Water Bureau", "'Water Bureau' is no pair; write FIELD=VALUE"),
            ("id,when\nx,| office | assign | leads=A | leads=B", "'leads' is told twice; join several values by +"),
            ("id,when,due\nx,| office | close,reply", "due: 'reply' is no pair; write reply=2026-05-11"),
            ("id,given\nx,", "row 2, case x: 'when' is left out; tell at least id, when"),
            ('id,when\nx,"y\nz,w', "line 2: the quote that opens a cell here is not closed"),
            ("id,when\n", "holds no case; a case is a table [[case]] in TOML, or a row in CSV"),
            ("", "holds no case"),
        ],
    )
    def test_in_csv(self, tmp_path: Path, text: str, said: str) -> None:
        path = tmp_path / "a.csv"
        path.write_text(text, encoding="utf-8")
        with pytest.raises(UnreadableLedger, match=re.escape(said)):
            read_cases(path)

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("[[cases]]\nid = 'x'", "unknown key 'cases'; a case begins with [[case]]"),
            (f"x = {'9' * 6000}", "is no TOML"),
            ("[case]\nid = 'x'", "a case begins with [[case]], in two brackets"),
            (
                "[[case]]\nid = 'x'\nwhen = 'y'",
                "case x: when: 'y' is no table; write { act = …, by = …, on = …, fields",
            ),
            ("[[case]]\nid = 'x'\nwhere = 'y'", "case x: unknown field 'where'"),
            ("[[case]]\nid = 'x'\nrefused = 'y'", 'case x: give names as a tuple, in TOML a list: refused = ["y"]'),
            ("", "holds no case"),
        ],
    )
    def test_in_toml(self, tmp_path: Path, text: str, said: str) -> None:
        path = tmp_path / "a.toml"
        path.write_text(text, encoding="utf-8")
        with pytest.raises(UnreadableLedger, match=re.escape(said)):
            read_cases(path)

    def test_another_encoding_is_said(self, tmp_path: Path) -> None:
        path = tmp_path / "a.csv"
        path.write_bytes("id,when\n供水,x".encode("gbk"))
        with pytest.raises(UnreadableLedger, match=r"cannot be read: .*; save it as UTF-8"):
            read_cases(path)

    def test_steps_may_stand_on_lines_of_their_own_in_a_cell(self, tmp_path: Path) -> None:
        path = tmp_path / "a.csv"
        steps = ASSIGNED.replace(" ; ", ";\n")
        path.write_text(f'id,given,when\r\nx,"{steps}",| unit Water Bureau | accept\r\n,,\r\n', encoding="utf-8-sig")
        (case,) = read_cases(path)

        assert case.played(RULES).state == "handling"
