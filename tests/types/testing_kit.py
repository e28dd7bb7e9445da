"""What does the testing kit give, from a story to random lives?"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from typing import assert_type

import pytest
from hypothesis.strategies import SearchStrategy

from handleflow import Actor, Entry, Event, MemoryStore, Reason, Suggestion, Term, load_preset
from handleflow.acts import Assign, Receive
from handleflow.model.supervision import Supervision
from handleflow.testing import Outcome, Scenario, StoreContract, deputy, given, government, leader, office, unit
from handleflow.testing.boundaries import BoundaryDay, boundary_days
from handleflow.testing.coverage import RulebookCoverage
from handleflow.testing.life_as_test import life_as_test
from handleflow.testing.monitors import Breach, Monitor, library_monitors, monitor, never, watch
from handleflow.testing.mutation import Mutant, mutants
from handleflow.testing.strategies import Life, RulebookMachine, lives, rulebook_machine
from handleflow.testing.tables import Case, Step, read_cases

RULES = load_preset("cn.national")
for anybody in (deputy(), government(), leader(), office(), unit()):
    assert_type(anybody, Actor)

story = given(RULES).and_(Receive("Safe drinking water", "Deputy A"), by=office(), on="2026-02-10")
assert_type(given(RULES), Scenario)
assert_type(story, Scenario)
assert_type(story.suggestion, Suggestion)
assert_type(story.history, tuple[Entry, ...])
assert_type(story.steps, tuple[Outcome, ...])
assert_type(story.and_the_clock_reads(datetime.date(2026, 2, 11)), Scenario)

outcome = story.when(Assign(("Water Bureau",)), by=office())
assert_type(outcome, Outcome)
assert_type(outcome.is_granted, bool)
assert_type(outcome.events, tuple[Event, ...])
assert_type(outcome.reasons, tuple[Reason, ...])
assert_type(outcome.state, str)
assert_type(outcome.terms, dict[str, Term])
assert_type(outcome.supervisions, tuple[Supervision, ...])
assert_type(outcome.and_then(), Scenario)
assert_type(story.when_the_clock_reads("2026-05-12"), Outcome)

assert_type(boundary_days(RULES, outcome.terms["reply"]), tuple[BoundaryDay, ...])
assert_type(watch(outcome, *library_monitors(RULES), never("closed", before="replied")), tuple[Breach, ...])
assert_type(life_as_test(story.suggestion, story.history, "cn.national"), str)
assert_type(RulebookCoverage(RULES).percent, float)
assert_type(lives(RULES), SearchStrategy[Life])
assert_type(rulebook_machine(RULES, *library_monitors(RULES)), type[RulebookMachine])
assert_type(Case("a case", Step("clock", on="2026-02-10")).differences(RULES), tuple[str, ...])


@monitor("nobody goes back")
def nobody_goes_back(before: Suggestion, entry: Entry, after: Suggestion) -> bool:
    """A monitor of a host's own."""
    return after.version > before.version


assert_type(nobody_goes_back, Monitor)


class OfMemory(StoreContract):
    """The promises of a store, asked of one; not collected here."""

    @pytest.fixture
    def make_store(self) -> Callable[..., MemoryStore]:
        """A new and empty store."""

        def opened(own: Iterable[type[Event]] = ()) -> MemoryStore:
            return MemoryStore(own=own)

        return opened


def read(path: str) -> None:
    """What is read from files."""
    assert_type(read_cases(path), tuple[Case, ...])
    for mutant in mutants({"name": "mine"}):
        assert_type(mutant, Mutant)


def refused() -> None:
    """What nobody may write."""
    given("cn.national")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    story.and_(Assign, by=office())  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    story.and_(Assign(("Water Bureau",)))  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    outcome.and_(Assign(("Water Bureau",)))  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    story.when_the_clock_reads(2026)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    watch(outcome, "no reply without a contact")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    monitor("nothing")(given)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
