"""Does adopting a version begin every term that a life under it would have, whatever its rule is anchored at?"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import attrs
import pytest
from hypothesis import HealthCheck, assume, settings
from hypothesis import given as drawn
from hypothesis import strategies as st

from handleflow import Actor, Refused, Rulebook, Suggestion, load_preset
from handleflow.acts import (
    Adopt,
    Assign,
    Correct,
    CorrectTime,
    FulfilCommitment,
    GiveOpinion,
    GrantReturn,
    Receive,
    RejectOpinion,
    RequestReturn,
    Succeed,
    TakeOver,
)
from handleflow.core import corrected_by, decide, replay
from handleflow.legal_time import days_later
from handleflow.model import Provenance, Term
from handleflow.rulebooks import names
from handleflow.testing import Outcome, Scenario, given, office
from handleflow.testing.strategies import Life, lives
from tests.beginnings import ROADS, SCHOOLS, WATER
from tests.rules.lives import (
    ASSIGNED_ON,
    LIFECYCLE,
    RECEIVED_ON,
    evaluated,
    handling,
    promising,
    received_late,
    rehandled,
    replied,
)

CO_UNITS = (SCHOOLS.name,)


def office_of(rules: Rulebook) -> Actor:
    return office() if rules.lifecycle.name == LIFECYCLE else Actor("information_office", "Information Office")


def received(rules: Rulebook) -> Scenario:
    return given(rules).and_(Receive("Pipes", "Deputy A", in_session=False), by=office_of(rules), on=RECEIVED_ON)


def assigned(rules: Rulebook) -> Scenario:
    received = Receive("Pipes", "Deputy A", in_session=True, session_closed_on=RECEIVED_ON)
    story = given(rules).and_(received, by=office(), on=RECEIVED_ON)
    return story.and_(Assign((WATER.name, ROADS.name), CO_UNITS), by=office(), on=ASSIGNED_ON)


def accepted(rules: Rulebook) -> Scenario:
    return handling(rules, co_units=CO_UNITS)


def unit_received(rules: Rulebook) -> Scenario:
    """One unit of each role received its part later than it was assigned."""
    return received_late(assigned(rules), WATER.name, SCHOOLS.name)


def opinion_rejected(rules: Rulebook) -> Scenario:
    story = accepted(rules).and_(GiveOpinion("Yes."), by=SCHOOLS, on="2026-02-12")
    return story.and_(RejectOpinion(SCHOOLS.name, "It says nothing."), by=WATER, on="2026-02-13")


def return_requested(rules: Rulebook) -> Scenario:
    story = assigned(rules).and_(RequestReturn("It is no road."), by=ROADS, on="2026-02-11")
    return story.and_(RequestReturn("It is no school."), by=SCHOOLS)


def return_granted(rules: Rulebook) -> Scenario:
    return return_requested(rules).and_(GrantReturn(ROADS.name), by=office(), on="2026-02-12")


def commitment_fulfilled(rules: Rulebook) -> Scenario:
    story = replied(rules, reply=promising(rules))
    return story.and_(FulfilCommitment(1, "They are laid."), by=WATER, on="2026-03-10")


def dissatisfied(rules: Rulebook) -> Scenario:
    return evaluated(rules, result="dissatisfied")


BY_ANCHOR: dict[str, Callable[[Rulebook], Scenario]] = {
    "received": received,
    "assigned": assigned,
    "unit_received": unit_received,
    "accepted": accepted,
    "opinion_rejected": opinion_rejected,
    "return_requested": return_requested,
    "return_granted": return_granted,
    "replied": replied,
    "evaluated": dissatisfied,
    "rehandling_demanded": rehandled,
    "commitment_fulfilled": commitment_fulfilled,
}
"""A life in which an anchor of a term has just happened, by the kind that a rule names it by."""


@lru_cache(maxsize=64)
def without(rules: Rulebook, rule: str) -> Rulebook:
    """An earlier version that does not know a rule yet."""
    terms = tuple(each for each in rules.terms if each.id != rule)
    return attrs.evolve(rules, version=f"before {rule}", terms=terms)


def adopted(rules: Rulebook, story: Scenario, days: int = 0) -> Scenario:
    """The story in which *rules* decide from some days after its last step on."""
    act = Adopt(rules.name, rules.version)
    last = story.history[-1]
    provenance = Provenance(office_of(rules), last.at.add(days=days), days_later(last.on, days))
    corrected = corrected_by(act, story.suggestion, story.history)
    decision = decide(rules, story.suggestion, act, provenance, story.rules, corrected)
    assert not isinstance(decision, Refused), decision
    outcome = Outcome(story, "adopt", provenance.by, provenance.on, decision.suggestion, decision.entries)
    return attrs.evolve(story.after(outcome), rules=rules)


def standing(term: Term) -> tuple[object, ...]:
    """How a term stands, by all but its number."""
    return (
        term.key.rule,
        term.key.unit,
        term.key.round,
        term.anchor_on,
        term.due_on,
        term.unrolled_on,
        term.extensions and [each.until for each in term.extensions],
        [(pause.start, pause.end) for pause in term.pauses],
        term.end,
    )


def open_terms(suggestion: Suggestion) -> list[str]:
    return sorted(repr(standing(t)) for t in suggestion.terms if t.end in {"running", "not_computable"})


RULES = [(name, rule.id) for name in names() for rule in load_preset(name).terms]
YEAR = 366


@pytest.mark.parametrize(("name", "rule"), RULES)
class TestEveryRule:
    """Of every shipped rulebook, each rule in turn comes only with the version adopted."""

    def told(self, rules: Rulebook) -> dict[str, Callable[[Rulebook], Scenario]]:
        return BY_ANCHOR if rules.lifecycle.name == LIFECYCLE else {"received": received}

    def test_its_terms_are_open_as_if_it_had_held_from_the_start(self, name: str, rule: str) -> None:
        rules = load_preset(name)
        anchor = next(each.anchor for each in rules.terms if each.id == rule)
        assert anchor in self.told(rules)
        for kind, life in self.told(rules).items():
            late = adopted(rules, life(without(rules, rule)))

            assert open_terms(late.suggestion) == open_terms(life(rules).suggestion), kind
            assert kind != anchor or any(late.suggestion.running_terms(rule)), kind
            assert replay("1", late.history) == late.suggestion

    def test_those_whose_day_is_over_are_unknown_and_nobody_missed_them(self, name: str, rule: str) -> None:
        rules = load_preset(name)
        for life in self.told(rules).values():
            late = adopted(rules, life(without(rules, rule)), YEAR).and_the_clock_reads("2027-12-31")
            days = {(t.key.unit, t.due_on, "unknown") for t in life(rules).suggestion.running_terms(rule)}
            begun = {(t.key.unit, t.due_on, t.end) for t in late.suggestion.terms if t.key.rule == rule and t.due_on}

            assert begun == days
            assert not any(t.is_breached for t in late.suggestion.terms if t.key.rule == rule)

    def test_a_unit_that_succeeded_has_them_under_numbers_of_their_own(self, name: str, rule: str) -> None:
        rules = load_preset(name)
        for life in self.told(rules).values():
            story = life(rules)
            for unit in story.suggestion.units[:1]:
                story = story.and_(Succeed(unit, "Lakes Bureau", "renamed"), by=office_of(rules))
                story = adopted(without(rules, rule), story)
                before = [t.key for t in story.suggestion.terms]
                after = adopted(rules, story).suggestion
                keys = [*(t.key for t in after.terms), *after.keys_passed_on]

                assert len(set(keys)) == len(keys)
                assert before == [t.key for t in after.terms][: len(before)]
                assert {t.key.unit for t in after.running_terms()} <= {"", *after.units}


def played(rules: Rulebook, life: Life) -> tuple[Scenario, list[bool]]:
    """The story of a life, and what of it was granted."""
    story, granted = given(rules), []
    for on, by, act in life:
        outcome = story.when(act, by=by, on=on)
        story = outcome.and_then()
        granted.append(outcome.is_granted)
    return story, granted


@settings(suppress_health_check=list(HealthCheck), deadline=None)
@drawn(data=st.data(), name=st.sampled_from(["cn.chongqing", "cn.henan"]))
def test_after_any_life_the_open_terms_are_those_of_a_life_under_the_version_adopted(
    data: st.DataObject, name: str
) -> None:
    """But for those of unknown end; entries have other numbers there, so that nothing is corrected by number."""
    rules = load_preset(name)
    rule = data.draw(st.sampled_from([each.id for each in rules.terms]))
    life = [step for step in data.draw(lives(rules)) if not isinstance(step[2], (Correct, CorrectTime, TakeOver))]
    earlier, granted = played(without(rules, rule), life)
    known, as_well = played(rules, life)
    assume(granted == as_well and earlier.history and not rules.is_over(earlier.suggestion))
    late = adopted(rules, earlier)
    unknown = {t.key.unit for t in late.suggestion.terms if (t.key.rule, t.end) == (rule, "unknown")}
    found = [each for each in known.suggestion.terms if each.key.rule != rule or each.key.unit not in unknown]

    assert open_terms(late.suggestion) == open_terms(attrs.evolve(known.suggestion, terms=tuple(found)))
