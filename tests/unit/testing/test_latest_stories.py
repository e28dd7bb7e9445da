"""Does a failure tell each story once?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from handleflow import load_preset
from handleflow.acts import Accept, Assign, Receive, Reply
from handleflow.testing import Outcome, Scenario, given, office, unit
from handleflow.testing.scenario import latest, stories

RULES = load_preset("cn.national")


@contextmanager
def noting() -> Iterator[list[Outcome]]:
    """What is noted of the stories told meanwhile."""
    outcomes: list[Outcome] = []
    token = stories.set(outcomes)
    try:
        yield outcomes
    finally:
        stories.reset(token)


def assigned() -> Scenario:
    story = given(RULES).and_(Receive("Pipes", "Deputy A"), by=office(), on="2026-02-09")
    return story.and_(Assign(("Water Bureau",)), by=office(), on="2026-02-10")


def test_what_a_later_outcome_goes_on_from_is_told_by_that_one_alone() -> None:
    with noting() as noted:
        outcome = assigned().and_(Accept(), by=unit()).when(Reply("A", "done"), by=unit())

    assert (len(noted), latest(noted)) == (4, (outcome,))


def test_what_nothing_went_on_from_is_told_beside_it() -> None:
    with noting() as noted:
        story = assigned()
        refused = story.when(Accept(), by=unit("Roads Bureau"))
        granted = story.when(Accept(), by=unit())
        other = assigned()

    assert latest(noted) == (refused, granted, other.steps[-1])


def test_no_more_than_so_many_are_told_and_the_last_ones() -> None:
    with noting() as noted:
        story = assigned()
        outcomes = [story.when(Accept(), by=unit(name)) for name in ("A", "B", "C", "D")]

    assert (latest(noted), latest(noted, most=1)) == (tuple(outcomes[1:]), (outcomes[-1],))


def test_of_nothing_there_is_nothing_to_tell() -> None:
    assert latest([]) == ()
