"""Is a changed value the one that would have been made so from the start?"""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from attrs import define, field, frozen
from hypothesis import given
from hypothesis import strategies as st

from handleflow.errors import EmptyWords
from handleflow.legal_time import day
from handleflow.model import Suggestion
from handleflow.model.changing import changed
from handleflow.model.parts import Assignment

words = st.none() | st.text("水路 ab", min_size=1).filter(str.strip)
days = st.none() | st.dates().map(day)


@given(title=words, number=words, received_on=days, version=st.integers(0, 99))
def test_it_is_what_attrs_would_have_made(title: str, number: str, received_on: object, version: int) -> None:
    begun = Suggestion("1", title="Pipes", co_signers=("Deputy B",))
    change: dict[str, Any] = {"title": title, "number": number, "received_on": received_on, "version": version}

    assert changed(begun, **change) == attrs.evolve(begun, **change)
    assert begun == Suggestion("1", title="Pipes", co_signers=("Deputy B",))


def test_what_is_changed_is_converted_and_held_against_the_same_rules_as_when_it_was_made() -> None:
    begun = Suggestion("1")

    assert changed(begun, received_on="2026-02-10").received_on == day("2026-02-10")
    with pytest.raises(EmptyWords, match="title"):
        changed(begun, title=" ")
    with pytest.raises(EmptyWords, match="id"):
        changed(begun, id="")


def test_a_field_there_is_not_is_an_error() -> None:
    with pytest.raises(KeyError):
        changed(Suggestion("1"), titel="Pipes")


def test_the_change_of_a_copy_leaves_the_other_as_it_was() -> None:
    first = Assignment(2, "Water Bureau", "lead")
    second = changed(first, ended="returned")

    assert (first.ended, second.ended, second.unit) == (None, "returned", "Water Bureau")
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        second.unit = "Roads Bureau"  # type: ignore[misc]


def stripped(text: str) -> str:
    """*text* without what surrounds it."""
    return text.strip()


@define(slots=False)
class Open:
    """A host's own value without slots."""

    text: str = field(default="", converter=stripped)


@frozen
class Checked:
    """A host's own value that is checked as a whole."""

    first: int
    last: int

    def __attrs_post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("it ends before it begins")


def test_a_hosts_value_without_slots_or_checked_as_a_whole_is_made_anew() -> None:
    assert changed(Open("a"), text=" b ") == Open("b")
    assert changed(Checked(1, 2), last=3) == Checked(1, 3)
    with pytest.raises(ValueError, match="ends before"):
        changed(Checked(1, 2), last=0)
