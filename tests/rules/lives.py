"""
How far has a life come? Beginnings that the tests of every rulebook of ``deputy_suggestion`` share.

All are told of one suggestion made by Deputy A: received on Monday 9 February 2026, assigned the day after, answered
on 2 March, rated on 9 March, asked for again the day after. Where no lead is named it is the Water Bureau.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import attrs

from handleflow import Act, Entry, Rulebook, Suggestion
from handleflow.acts import (
    Accept,
    Assign,
    Close,
    Decline,
    Evaluate,
    GiveOpinion,
    Receive,
    RecordContact,
    RecordReceipt,
    Rehandle,
    Reply,
    TakeOver,
    Withdraw,
)
from handleflow.events import DeadlineMissed
from handleflow.model.nouns import Promise
from handleflow.rulebooks import load, load_preset, names
from handleflow.rules import OutcomeClass
from handleflow.testing import Outcome, Scenario, deputy, given, government, office, unit
from handleflow.testing.monitors import monitor
from tests.beginnings import WATER

RECEIVED_ON = "2026-02-09"
ASSIGNED_ON = "2026-02-10"
RECEIVED_LATE_ON = "2026-03-16"
REPLIED_ON = "2026-03-02"
RATED_ON = "2026-03-09"
REHANDLED_ON = "2026-03-10"
CLOSED_ON = "2026-03-16"
PROMISED_FOR = "2026-12-31"

OFFICES = (office(), government())
OPEN = ("received", "assigned", "handling", "replied", "evaluated")
LIFECYCLE = "deputy_suggestion"


def rulebooks_of(lifecycle: str = LIFECYCLE) -> tuple[str, ...]:
    """The names of the shipped rulebooks of a lifecycle."""
    return tuple(name for name in names() if load_preset(name).lifecycle.name == lifecycle)


@lru_cache(maxsize=64)
def earlier_version(name: str) -> Rulebook:
    """The same rules under an earlier version."""
    return load(name, changes={"version": "earlier"})


def under(rules: Rulebook, story: Scenario) -> Scenario:
    """*story*, from here on asked of other *rules*."""
    return attrs.evolve(story, rules=rules)


def first_class(rules: Rulebook, fits: Callable[[OutcomeClass], bool]) -> OutcomeClass:
    """The first class of outcome that fits."""
    return next(outcome for outcome in rules.outcomes if fits(outcome))


def a_reply(rules: Rulebook, code: str, due_on: str = PROMISED_FOR) -> Reply:
    """A reply of the class *code*, with a promise where the class is one, with a day where it asks for one."""
    outcome = rules.outcome(code)
    assert outcome is not None, f"{rules.ref} has no class {code}"
    promises = (Promise("New pipes", due_on),) if outcome.is_commitment else ()
    return Reply(code, "New pipes are laid.", promises)


def solving(rules: Rulebook) -> Reply:
    """A reply that says that it is solved."""
    return a_reply(rules, first_class(rules, lambda outcome: outcome.is_resolved).code)


def promising(rules: Rulebook, due_on: str = PROMISED_FOR) -> Reply:
    """A reply that promises something by a day."""
    return a_reply(rules, first_class(rules, lambda outcome: outcome.is_commitment).code, due_on)


def explaining(rules: Rulebook) -> Reply:
    """A reply that says why it is not done."""
    return a_reply(rules, first_class(rules, lambda outcome: not (outcome.is_resolved or outcome.is_commitment)).code)


def received(rules: Rulebook, *, on: str = RECEIVED_ON, **fields: Any) -> Scenario:
    """It came in; *fields* are what else is known of it."""
    return given(rules).and_(Receive("Safe drinking water", "Deputy A", **fields), by=office(), on=on)


def assigned(
    rules: Rulebook, *leads: str, co_units: tuple[str, ...] = (), on: str = ASSIGNED_ON, **fields: Any
) -> Scenario:
    """Its units are named; *fields* are what else the assignment says."""
    begun = received(rules, on=min(on, RECEIVED_ON))
    return begun.and_(Assign(leads or (WATER.name,), co_units, **fields), by=office(), on=on)


def received_late(story: Scenario, *units: str, on: str = RECEIVED_LATE_ON) -> Scenario:
    """An office has recorded that these *units* received their parts of *story* on a later day, a Monday in March."""
    for name in units or (WATER.name,):
        story = story.and_(RecordReceipt(name, on, "The platform stood still."), by=office(), on=on)
    return story


def handling(rules: Rulebook, *leads: str, co_units: tuple[str, ...] = (), **fields: Any) -> Scenario:
    """Every unit has signed for it on the day of the assignment."""
    story = assigned(rules, *leads, co_units=co_units, **fields)
    for name in story.suggestion.units:
        story = story.and_(Accept(), by=unit(name))
    return story


def heard(rules: Rulebook, *leads: str, co_units: tuple[str, ...] = (), **fields: Any) -> Scenario:
    """Every lead has heard the deputy, every co unit has given its opinion, on that same day."""
    story = handling(rules, *leads, co_units=co_units, **fields)
    for name in leads or (WATER.name,):
        story = story.and_(RecordContact("before"), by=unit(name))
    for name in co_units:
        story = story.and_(GiveOpinion("The road must be opened once only."), by=unit(name))
    return story


def replied(rules: Rulebook, *leads: str, reply: Reply | None = None, **fields: Any) -> Scenario:
    """Every lead has replied; that it is solved where no *reply* is given."""
    story = heard(rules, *leads, **fields)
    for name in leads or (WATER.name,):
        story = story.and_(reply or solving(rules), by=unit(name), on=REPLIED_ON)
    return story


def evaluated(rules: Rulebook, *leads: str, result: str = "satisfied", **fields: Any) -> Scenario:
    """The deputy has rated every reply."""
    story = replied(rules, *leads, **fields)
    for name in leads or (WATER.name,):
        story = story.and_(Evaluate(name, result, reason="The water is still brown."), by=deputy(), on=RATED_ON)
    return story


def rehandled(rules: Rulebook, *leads: str, again: tuple[str, ...] = (WATER.name,), **fields: Any) -> Scenario:
    """The deputy was dissatisfied with every reply, and the leads in *again* owe a new one."""
    story = evaluated(rules, *leads, result="dissatisfied", **fields)
    return story.and_(Rehandle(again, "The deputy is dissatisfied."), by=office(), on=REHANDLED_ON)


def closed(rules: Rulebook) -> Scenario:
    """It is over: replied, rated, closed."""
    return evaluated(rules).and_(Close(), by=office(), on=CLOSED_ON)


def withdrawn(rules: Rulebook) -> Scenario:
    """The deputy took it back on the day it came in."""
    return received(rules).and_(Withdraw("It is solved."), by=deputy())


def declined(rules: Rulebook) -> Scenario:
    """The office did not take it up."""
    return received(rules).and_(Decline("It names no matter."), by=office())


def taken_over(rules: Rulebook, *leads: str, on: str = ASSIGNED_ON, **fields: Any) -> Scenario:
    """It came in mid-life from an older ledger, with *leads* and other *fields*; no unit signed for it here."""
    return given(rules).and_(TakeOver("Safe drinking water", leads=leads, **fields), by=office(), on=on)


@monitor("no day is missed before it is over")
def no_miss_before_its_day(_: Suggestion, entry: Entry, __: Suggestion) -> bool:
    return not isinstance(entry.event, DeadlineMissed) or entry.event.due_on < entry.on


def longer_time(rules: Rulebook) -> str:
    """How a place has longer time: by consent, by the unit's own declaration, or not at all."""
    return next((rule.extension.mode for rule in rules.terms if rule.extension), "not at all")


def whoever_decides(act: Act, story: Scenario) -> Outcome:
    """What comes of *act*; the same whichever office decides."""
    first, second = (story.when(act, by=by) for by in OFFICES)
    assert (first.state, first.kinds) == (second.state, second.kinds)
    return first


def refusals(outcome: Outcome) -> list[tuple[str, str | None]]:
    """The rules that refuse it, each with its article."""
    return [(reason.rule, reason.citation) for reason in outcome.reasons]


BY_STATE: dict[str, Callable[[Rulebook], Scenario]] = {
    "received": received,
    "assigned": assigned,
    "handling": handling,
    "replied": replied,
    "evaluated": evaluated,
    "closed": closed,
    "withdrawn": withdrawn,
    "declined": declined,
}
"""A life that stands in each state, by the state's name."""
