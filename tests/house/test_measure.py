"""Do the measures count what they say they count?"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.house import measure

LONG = '''
def short():
    """Docstrings
    do not count."""
    return 1


class A:
    def method(self):
        a = 1
        b = 2
        return a + b
'''


def test_a_function_is_as_long_as_its_lines_without_its_docstring() -> None:
    assert list(measure.lengths_of_functions(LONG)) == [1, 3]


def test_concepts_are_rows_without_the_heads_of_tables(tmp_path: Path) -> None:
    page = tmp_path / "glossary.md"
    page.write_text("| a | b |\n|---|---|\n| x | y |\n| z | z |\n\n| c |\n|---|\n| d |\n", encoding="utf-8")

    assert measure.concepts(page) == 3


def test_one_act_enters_more_than_one_file_and_comes_back_to_some() -> None:
    walk = measure.walk_of_one_act()

    assert walk[0].endswith("engine.py")
    assert 10 < len(set(walk)) < len(walk)


def test_a_call_that_stays_in_one_file_enters_one() -> None:
    def nothing() -> int:
        return 0

    assert measure.files_entered(lambda: [nothing() for _ in range(3)], Path(__file__)) == [__file__]


def test_a_column_comes_to_the_right_and_a_new_measure_below() -> None:
    page = "# T\n\n| measure | before |\n|---|---|\n| files | 1 |\n\nWords.\n"

    assert measure.with_column(page, "after", {"files": "2", "lines": "9"}) == (
        "# T\n\n| measure | before | after |\n|---|---| --- |\n| files | 1 | 2 |\n| lines | | 9 |\n\nWords.\n"
    )


def test_a_page_without_a_table_is_named() -> None:
    with pytest.raises(ValueError, match="no table"):
        measure.with_column("# T\n", "after", {})
