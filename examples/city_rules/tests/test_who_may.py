"""Who may ask for what, and in which states? The table of acts is the whole of it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from city_rules import RULES

with (Path(__file__).parent / "who_may.csv").open(encoding="utf-8") as file:
    ROWS = [(row["act"], set(row["who"].split()), set(row["where"].split())) for row in csv.DictReader(file)]


@pytest.mark.parametrize(("act", "who", "where"), ROWS, ids=[row[0] for row in ROWS])
def test_an_act_is_asked_for_by_its_roles_in_its_states(act: str, who: set[str], where: set[str]) -> None:
    arrows = [arrow for arrow in RULES.lifecycle.arrows if arrow.act.verb == act]

    assert {role for arrow in arrows for role in arrow.roles} == who
    assert {arrow.source or "nothing" for arrow in arrows} == where


def test_no_act_is_missing_from_the_table() -> None:
    assert {arrow.act.verb for arrow in RULES.lifecycle.arrows} == {act for act, _, _ in ROWS}


def test_each_term_is_somebodys_promise() -> None:
    assert {term.id: term.owed_by for term in RULES.terms} == {
        "reply": "unit",
        "assignment": "congress_office",
        "opinion": "unit",
    }
