"""Is a changed value the one that would have been made so from the start?"""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from attrs import define, field, frozen
from hypothesis import given
from hypothesis import strategies as st

from handleflow import Act, Engine, Entry, Event, MemoryStore, Provenance
from handleflow.acts import Receive
from handleflow.core.evolve import evolve, finalize
from handleflow.errors import EmptyWords
from handleflow.legal_time import day
from handleflow.model import Suggestion
from handleflow.model.changing import changed
from handleflow.model.nouns import Assignment
from tests.beginnings import OFFICE, instant, rulebook

RULES = rulebook()

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


@frozen
class Restored(Act):
    """A host's own act whose effect is a suggestion that was not made of the one before."""

    verb = "restore"
    kind = "restored"
    suggestion: Suggestion

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        return self.suggestion


class TestStamped:
    """What an entry says is put into a copy of what its event left, whoever holds that."""

    ENTRY = Entry(
        1, Event(), Provenance(OFFICE, instant("2026-02-10"), day("2026-02-10")), "received", RULES.ref, "hash"
    )

    def test_what_the_event_left_is_stamped_and_left_as_it_was(self) -> None:
        begun = Suggestion("1", title="Pipes")
        made = changed(begun, title="Roads")
        stamped = finalize(made, self.ENTRY)

        assert (made.last_hash, stamped.last_hash) == ("", "hash")
        assert stamped == changed(finalize(begun, self.ENTRY), title="Roads")

    def test_the_suggestion_before_is_left_as_it_was(self) -> None:
        begun = Suggestion("1")
        after = finalize(begun, self.ENTRY)

        assert (begun, after.version, after.state) == (Suggestion("1"), 1, "received")

    def test_a_suggestion_that_came_from_elsewhere_is_left_as_it_was(self) -> None:
        engine = Engine(MemoryStore(), [RULES])
        elsewhere = engine.execute("2", Receive("Roads", "Deputy B"), by=OFFICE, at=instant("2026-02-09"))
        kept = attrs.evolve(elsewhere, last_hash="kept")
        before = engine.execute("1", Receive("Pipes", "Deputy A"), by=OFFICE, at=instant("2026-02-10"))
        entry = Entry(
            2, Restored(kept), Provenance(OFFICE, instant("2026-02-11"), day("2026-02-11")), "assigned", RULES.ref
        )
        after = evolve(before, entry)

        assert (kept, kept.last_hash, after.state, after.title) == (elsewhere, "kept", "assigned", "Roads")
