"""The lawyers' tables: every row comes out as it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from city_rules import RULES
from handleflow.testing.tables import Case, read_cases

HERE = Path(__file__).parent


@pytest.mark.parametrize("case", read_cases(HERE / "cases.toml"), ids=str)
def test_a_case_comes_out_as_its_row_says(case: Case) -> None:
    assert case.differences(RULES) == ()


@pytest.mark.parametrize("case", read_cases(HERE / "return_window.csv"), ids=str)
def test_a_unit_has_five_working_days_to_ask_to_be_relieved(case: Case) -> None:
    assert case.differences(RULES) == ()
