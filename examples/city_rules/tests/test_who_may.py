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
    transitions = [transition for transition in RULES.lifecycle.transitions if transition.act.verb == act]

    assert {role for transition in transitions for role in transition.roles} == who
    assert {transition.source or "nothing" for transition in transitions} == where


def test_no_act_is_missing_from_the_table() -> None:
    assert {transition.act.verb for transition in RULES.lifecycle.transitions} == {act for act, _, _ in ROWS}


def test_each_term_is_somebodys_promise() -> None:
    assert {term.id: term.owed_by for term in RULES.terms} == {
        "reply": "unit",
        "assignment": "congress_office",
        "opinion": "unit",
    }
