"""
What does a hand keep that leaves what the library leaves? The classes of the fair limit.

Nine entries with provenance, terms that begin and end, several leads, reasons. Frozen, with slots, and nothing in
them is checked when it is made. Their fields are called as the library's, so that both can be held side by side.
"""

from __future__ import annotations

import datetime

from attrs import frozen

Day = datetime.date
TermKey = tuple[str, str, int, int]
"""Rule, unit, round, ref."""
Text = tuple[str, str, str]
"""A rulebook's or a calendar's name, version and digest."""
Facts = tuple[tuple[str, str], ...]
"""What a reason speaks of, by name."""


@frozen
class Actor:
    """Who speaks, and in which role."""

    role: str
    name: str
    id: str


@frozen
class Provenance:
    """By whom, at which instant, on which day."""

    by: Actor
    at: datetime.datetime
    on: Day


@frozen
class Received:
    """It came in."""

    title: str
    deputy: str
    on: Day | None = None
    matter: str = "suggestion"


@frozen
class Assigned:
    """Units got it."""

    leads: tuple[str, ...]
    on: Day | None = None


@frozen
class Accepted:
    """A unit signed for it."""

    on: Day | None = None


@frozen
class ContactRecorded:
    """A unit spoke with the deputy."""

    stage: str
    channel: str
    text: str
    on: Day | None = None


@frozen
class Replied:
    """A unit answered."""

    outcome: str
    text: str
    on: Day | None = None


@frozen
class Evaluated:
    """The deputy judged an answer."""

    unit: str
    result: str
    reason: str | None = None
    on: Day | None = None
    channel: str = "platform"


Act = Received | Assigned | Accepted | ContactRecorded | Replied | Evaluated


@frozen
class TermSet:
    """A term begins."""

    key: TermKey
    anchor_entry: int
    anchor_on: Day
    span: str
    unrolled_on: Day
    due_on: Day


@frozen
class DeadlineMissed:
    """A term's day passed."""

    key: TermKey
    due_on: Day


@frozen
class TermMet:
    """A term ended by what it waited for."""

    key: TermKey
    on: Day
    days_late: int


@frozen
class Outcome:
    """What a class of outcome means."""

    code: str
    label: str
    is_resolved: bool


@frozen
class ReplyClassified:
    """What the class of an answer means."""

    unit: str
    snapshot: Outcome
    round: int = 1


Event = Act | TermSet | DeadlineMissed | TermMet | ReplyClassified


@frozen
class Entry:
    """A line of the history."""

    number: int
    event: Event
    provenance: Provenance
    state: str
    rulebook: Text
    calendar: Text


@frozen
class Assignment:
    """A unit's part."""

    entry: int
    unit: str
    role: str
    assigned_on: Day
    accepted_on: Day | None = None


@frozen
class Contact:
    """Once the deputy was heard."""

    entry: int
    unit: str
    on: Day
    stage: str
    channel: str
    text: str


@frozen
class Answer:
    """A unit's reply."""

    entry: int
    unit: str
    on: Day
    outcome: str
    text: str
    snapshot: Outcome | None = None


@frozen
class Rating:
    """What the deputy thinks of a reply."""

    entry: int
    unit: str
    rater: str
    result: str
    reason: str | None
    on: Day


@frozen
class Term:
    """A dated promise."""

    key: TermKey
    anchor_entry: int
    anchor_on: Day
    span: str
    due_on: Day
    end: str = "running"
    ended_on: Day | None = None
    missed_on: Day | None = None


@frozen
class Matter:
    """What is known of one suggestion."""

    id: str
    state: str = ""
    version: int = 0
    last_at: datetime.datetime | None = None
    title: str = ""
    deputy: str = ""
    received_on: Day | None = None
    assignments: tuple[Assignment, ...] = ()
    contacts: tuple[Contact, ...] = ()
    replies: tuple[Answer, ...] = ()
    ratings: tuple[Rating, ...] = ()
    terms: tuple[Term, ...] = ()


@frozen
class Reason:
    """Why an act may not be: the rule, the words, and what they speak of."""

    rule: str
    text: str
    facts: Facts = ()


class RefusedByHand(Exception):
    """An act may not be, for these reasons."""

    def __init__(self, *reasons: Reason) -> None:
        super().__init__("; ".join(reason.text for reason in reasons))
        self.reasons = reasons
