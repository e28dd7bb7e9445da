"""Does a machine of random lives play a host's own acts as well?"""

from __future__ import annotations

from datetime import date

import pytest
from attrs import frozen
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import run_state_machine_as_test

from handleflow import Act, Rulebook, Suggestion, load
from handleflow.acts import Accept
from handleflow.testing.monitors import never
from handleflow.testing.strategies import MAKING, Making, rulebook_machine

FEW = settings(
    max_examples=100,
    stateful_step_count=12,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@frozen
class Note(Act):
    """A host's own act."""

    verb = "note"
    kind = "city_noted"
    words: str


OFFICES = ["congress_office", "government_office"]
TRANSITION = {"act": "note", "source": ["received", "assigned", "replied"], "target": "same", "who": OFFICES}
RULES = load(
    "cn.national", acts=[Note], changes={"name": "placeholder.city", "version": "1", "transition": [TRANSITION]}
)
UNNOTED = never("city_noted", before="closed")


def noting(rules: Rulebook, suggestion: Suggestion, on: date) -> st.SearchStrategy[Act]:
    return st.just(Note(f"noted on {on}"))


OWN: dict[type[Act], Making] = {Note: noting}


def test_a_machine_that_was_told_of_them_plays_them() -> None:
    with pytest.raises(AssertionError, match="city_noted"):
        run_state_machine_as_test(rulebook_machine(RULES, UNNOTED, own=OWN), settings=FEW)


def test_a_machine_that_was_not_told_plays_the_librarys_alone() -> None:
    run_state_machine_as_test(rulebook_machine(RULES, UNNOTED), settings=FEW)


def test_what_is_told_of_an_act_of_the_library_goes_before_its_own_making() -> None:
    machine = rulebook_machine(RULES, own={Accept: lambda rules, suggestion, on: st.just(Accept(on=on))})

    assert (machine.making[Accept] is MAKING[Accept], set(machine.making)) == (False, set(MAKING))
