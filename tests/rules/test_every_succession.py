"""Is a unit succeeded, and a time corrected, wherever a suggestion stands, in each place? (承接)"""

from __future__ import annotations

from handleflow import Rulebook
from handleflow.acts import CorrectTime, Evaluate, Succeed
from handleflow.model import RightTime
from handleflow.testing import Scenario, deputy, office
from tests.beginnings import ROADS, WATER
from tests.rules.lives import BY_STATE, RATED_ON, REPLIED_ON, heard, replied, solving


def going_on(rules: Rulebook) -> dict[str, Scenario]:
    """A life in each state in which a unit may owe something."""
    return {state: BY_STATE[state](rules) for state in ("assigned", "handling", "replied", "evaluated")}


def test_a_successor_goes_on_without_a_fresh_clock(rules: Rulebook) -> None:
    for state, story in going_on(rules).items():
        unit = story.suggestion.units[0]
        after = story.and_(Succeed(unit, "Lakes Bureau", "renamed"), by=office())
        running = {(term.key.rule, term.due_on) for term in story.suggestion.running_terms()}

        assert (after.state, "Lakes Bureau" in after.suggestion.units) == (state, True)
        assert running == {(term.key.rule, term.due_on) for term in after.suggestion.running_terms()}
        assert all(unit != term.key.unit for term in after.suggestion.terms)


def test_a_lead_that_has_replied_goes_on_for_one_that_has_not(rules: Rulebook) -> None:
    story = heard(rules, WATER.name, ROADS.name).and_(solving(rules), by=WATER, on=REPLIED_ON)
    rated = story.and_(Evaluate(WATER.name, "satisfied", "satisfied"), by=deputy(), on=RATED_ON)
    merged = Succeed(ROADS.name, WATER.name, "merged")

    assert (story.state, rated.state) == ("handling", "handling")
    assert [each.and_(merged, by=office()).state for each in (story, rated)] == ["replied", "evaluated"]


def test_one_whose_reply_is_rated_goes_on_for_one_whose_reply_is_not(rules: Rulebook) -> None:
    story = replied(rules, WATER.name, ROADS.name)
    story = story.and_(Evaluate(WATER.name, "satisfied", "satisfied"), by=deputy(), on=RATED_ON)
    after = story.and_(Succeed(ROADS.name, WATER.name, "merged"), by=office())

    assert (story.state, after.state) == ("replied", "evaluated")


def test_a_wrong_time_is_corrected_wherever_it_stands(rules: Rulebook) -> None:
    for state, begun in BY_STATE.items():
        story = begun(rules)
        first = story.history[0]
        right = RightTime(1, first.at.subtract(hours=1), first.on)
        after = story.and_(CorrectTime((right,), "The clock was an hour fast."), by=office())

        assert (after.state, after.suggestion.right_times) == (state, (right,))
