"""
What would a good hand write for one life that leaves the same nine entries? The fair limit.

Beside the bare limit (``_by_hand``) it keeps whole entries, several leads, terms that begin, are missed and end,
every reason at once, and forks that look at the suggestion. What it leaves out: any second rulebook, calendar or
language, configuration, values that check themselves, an explanation of a day, all other acts.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from attrs import frozen

from benchmarks import _fair_effects as effects
from benchmarks import _fair_reasons as why
from benchmarks._by_hand import WorkTable
from benchmarks._fair_effects import moved
from benchmarks._fair_values import (
    Accepted,
    Act,
    Actor,
    Answer,
    Assigned,
    ContactRecorded,
    Day,
    DeadlineMissed,
    Entry,
    Evaluated,
    Event,
    Matter,
    Provenance,
    Reason,
    Received,
    RefusedByHand,
    Replied,
    ReplyClassified,
    Term,
    TermMet,
    TermSet,
    Text,
)
from benchmarks._lives import RULES

RULEBOOK: Text = (RULES.name, RULES.version, RULES.digest)
CALENDAR: Text = (RULES.calendar.name, RULES.calendar.version, RULES.calendar.digest)
CLOCK = Actor("clock", "clock", "clock")
OFFICES, UNIT, DEPUTY = ("congress_office", "government_office"), ("unit",), ("deputy",)

Effect = Callable[[Matter, Any, Provenance, int, Day], Matter]
"""The suggestion after an act, at its new version, on the day it happened."""
Question = Callable[[Matter, Any, Provenance, list[Reason]], None]
Fork = tuple[Callable[[Matter], bool] | None, str]
"""Where an act leads, and when it does; None is always."""


@frozen
class Transition:
    """One act from one state: who may, what is asked, what it changes, where it leads, the term it begins or ends."""

    roles: tuple[str, ...]
    asks: Question
    effect: Effect
    forks: tuple[Fork, ...]
    begins: int = 0
    meets: str = ""


def _is_accepted(m: Matter) -> bool:
    return any([a.role == "lead" and a.accepted_on is not None for a in m.assignments])  # noqa: C419  a third quicker


def _is_replied(m: Matter) -> bool:
    return all([why.reply_of(m, a.unit) is not None for a in m.assignments if a.role == "lead"])  # noqa: C419


def _is_rated(m: Matter) -> bool:
    rated = {rating.unit for rating in m.ratings}
    return _is_replied(m) and all([reply.unit in rated for reply in m.replies])  # noqa: C419


_SIGN = ((_is_accepted, "handling"), (None, "assigned"))
_JUDGE = ((_is_rated, "evaluated"),)
TRANSITIONS: dict[tuple[str, type[Act]], Transition] = {
    ("", Received): Transition(OFFICES, why.of_receiving, effects.received, ((None, "received"),)),
    ("received", Assigned): Transition(OFFICES, why.of_assigning, effects.assigned, ((None, "assigned"),), begins=60),
    ("assigned", Accepted): Transition(UNIT, why.of_accepting, effects.accepted, _SIGN),
    ("handling", Accepted): Transition(UNIT, why.of_accepting, effects.accepted, ((None, "handling"),)),
    ("assigned", ContactRecorded): Transition(UNIT, why.of_contact, effects.heard, ((None, "assigned"),)),
    ("handling", ContactRecorded): Transition(UNIT, why.of_contact, effects.heard, ((None, "handling"),)),
    ("handling", Replied): Transition(
        UNIT, why.of_replying, effects.replied, ((_is_replied, "replied"), (None, "handling")), meets="reply"
    ),
    ("handling", Evaluated): Transition(DEPUTY, why.of_evaluating, effects.evaluated, (*_JUDGE, (None, "handling"))),
    ("replied", Evaluated): Transition(DEPUTY, why.of_evaluating, effects.evaluated, (*_JUDGE, (None, "replied"))),
}


def act_on(m: Matter, history: list[Entry], act: Act, by: Actor, at: datetime.datetime, days: WorkTable) -> Matter:
    """
    The suggestion after an act; its entries are put into *history*.

    Raises:
        RefusedByHand: with every reason; nothing was put down.
    """
    transition = TRANSITIONS.get((m.state, type(act)))
    if transition is None:
        raise RefusedByHand(why.wrong_state(m.state))
    p = Provenance(by, at, at.date())
    reasons: list[Reason] = []
    if by.role not in transition.roles:
        reasons.append(why.wrong_role(by.role, transition.roles))
    happened_on = act.on or p.on
    if happened_on != p.on or (m.received_on is not None and happened_on < m.received_on):
        why.day_is_wrong(m, p, happened_on, reasons)
    transition.asks(m, act, p, reasons)
    if reasons:
        raise RefusedByHand(*reasons)
    m = _with_misses(m, history, p)
    after = transition.effect(m, act, p, m.version + 1, happened_on)
    for when, state in transition.forks:  # noqa: B007  the first one taken
        if when is None or when(after):
            break
    history.append(Entry(after.version, act, p, state, RULEBOOK, CALENDAR))
    if transition.begins or transition.meets:
        return _followed(after, state, len(m.assignments), history, transition, p, days)
    return moved(after, state, after.version, after.replies, after.terms)


def _followed(
    m: Matter, state: str, had: int, history: list[Entry], transition: Transition, p: Provenance, days: WorkTable
) -> Matter:
    """With entries of their own for the terms begun and met, and for what a class means."""
    events: list[Event] = []
    replies, terms, n = m.replies, m.terms, m.version
    if transition.begins:
        terms = _with_begun(m, had, transition.begins, days, events)
    if transition.meets:
        replies, terms = _with_reply(m, transition.meets, events)
    for event in events:
        n += 1
        history.append(Entry(n, event, p, state, RULEBOOK, CALENDAR))
    return moved(m, state, n, replies, terms)


def _with_misses(m: Matter, history: list[Entry], p: Provenance) -> Matter:
    """The clock says first what passed unmet."""
    for place, term in enumerate(m.terms):
        if term.end == "running" and term.due_on < p.on and term.missed_on is None:
            event, by_clock = DeadlineMissed(term.key, term.due_on), Provenance(CLOCK, p.at, p.on)
            history.append(Entry(m.version + 1, event, by_clock, m.state, RULEBOOK, CALENDAR))
            terms = (*m.terms[:place], effects.missed(term), *m.terms[place + 1 :])
            m = moved(m, m.state, m.version + 1, m.replies, terms)
    return m


def _with_begun(m: Matter, had: int, n: int, days: WorkTable, events: list[Event]) -> tuple[Term, ...]:
    """A term for each lead that is new."""
    terms = list(m.terms)
    for part in m.assignments[had:]:
        due_on = days.after(part.assigned_on, n)
        event = TermSet(("reply", part.unit, 1, 1), part.entry, part.assigned_on, f"{n} workdays", due_on, due_on)
        events.append(event)
        terms.append(effects.begun(event))
    return tuple(terms)


def _with_reply(m: Matter, rule: str, events: list[Event]) -> tuple[tuple[Answer, ...], tuple[Term, ...]]:
    """What the class of the last reply means, and the term it ends."""
    reply = m.replies[-1]
    meaning = ReplyClassified(reply.unit, why.OUTCOMES[reply.outcome])
    events.append(meaning)
    replies = (*m.replies[:-1], effects.classified(reply, meaning))
    for place, term in enumerate(m.terms):
        if term.end == "running" and term.key[0] == rule and term.key[1] == reply.unit:
            events.append(TermMet(term.key, reply.on, max(0, reply.on.toordinal() - term.due_on.toordinal())))
            return replies, (*m.terms[:place], effects.met(term, reply.on), *m.terms[place + 1 :])
    return replies, m.terms
