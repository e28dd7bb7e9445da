"""
What does each event of the fair limit make of a suggestion? Every one leaves a new value.

A copy is written out in the order of the fields: ``attrs.evolve`` takes four times as long.
"""

from __future__ import annotations

from benchmarks._fair_values import (
    Accepted,
    Answer,
    Assigned,
    Assignment,
    Contact,
    ContactRecorded,
    Day,
    Evaluated,
    Matter,
    Provenance,
    Rating,
    Received,
    Replied,
    ReplyClassified,
    Term,
    TermSet,
)


def received(m: Matter, act: Received, p: Provenance, n: int, on: Day) -> Matter:
    """It is there."""
    return Matter(m.id, m.state, n, p.at, act.title, act.deputy, on)


def assigned(m: Matter, act: Assigned, p: Provenance, n: int, on: Day) -> Matter:
    """Units have a part."""
    parts = (*m.assignments, *[Assignment(n, unit, "lead", on) for unit in act.leads])
    known = (m.title, m.deputy, m.received_on, parts, m.contacts, m.replies, m.ratings, m.terms)
    return Matter(m.id, m.state, n, p.at, *known)


def accepted(m: Matter, _: Accepted, p: Provenance, n: int, on: Day) -> Matter:
    """A unit's part is signed for."""
    unit = p.by.name
    parts = tuple(
        [Assignment(a.entry, unit, a.role, a.assigned_on, on) if a.unit == unit else a for a in m.assignments]
    )
    known = (m.title, m.deputy, m.received_on, parts, m.contacts, m.replies, m.ratings, m.terms)
    return Matter(m.id, m.state, n, p.at, *known)


def heard(m: Matter, act: ContactRecorded, p: Provenance, n: int, on: Day) -> Matter:
    """A contact more."""
    contacts = (*m.contacts, Contact(n, p.by.name, on, act.stage, act.channel, act.text))
    known = (m.title, m.deputy, m.received_on, m.assignments, contacts, m.replies, m.ratings, m.terms)
    return Matter(m.id, m.state, n, p.at, *known)


def replied(m: Matter, act: Replied, p: Provenance, n: int, on: Day) -> Matter:
    """A reply more, its class not yet looked up."""
    replies = (*m.replies, Answer(n, p.by.name, on, act.outcome, act.text))
    known = (m.title, m.deputy, m.received_on, m.assignments, m.contacts, replies, m.ratings, m.terms)
    return Matter(m.id, m.state, n, p.at, *known)


def evaluated(m: Matter, act: Evaluated, p: Provenance, n: int, on: Day) -> Matter:
    """A rating more."""
    ratings = (*m.ratings, Rating(n, act.unit, p.by.name, act.result, act.reason, on))
    known = (m.title, m.deputy, m.received_on, m.assignments, m.contacts, m.replies, ratings, m.terms)
    return Matter(m.id, m.state, n, p.at, *known)


def moved(m: Matter, state: str, n: int, replies: tuple[Answer, ...], terms: tuple[Term, ...]) -> Matter:
    """The same in another state, with what followed."""
    known = (m.title, m.deputy, m.received_on, m.assignments, m.contacts, replies, m.ratings, terms)
    return Matter(m.id, state, n, m.last_at, *known)


def classified(reply: Answer, event: ReplyClassified) -> Answer:
    """A reply whose class was looked up."""
    return Answer(reply.entry, reply.unit, reply.on, reply.outcome, reply.text, event.snapshot)


def begun(event: TermSet) -> Term:
    """A term that runs."""
    return Term(event.key, event.anchor_entry, event.anchor_on, event.span, event.due_on)


def met(term: Term, on: Day) -> Term:
    """A term that is over."""
    return Term(term.key, term.anchor_entry, term.anchor_on, term.span, term.due_on, "met", on, term.missed_on)


def missed(term: Term) -> Term:
    """A term whose day passed."""
    return Term(term.key, term.anchor_entry, term.anchor_on, term.span, term.due_on, missed_on=term.due_on)
