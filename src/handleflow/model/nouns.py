"""What is known of one suggestion, noun by noun; *entry* is the number of the entry that made it."""

from __future__ import annotations

from typing import ClassVar

from attrs import field

from handleflow.choices import OneOf
from handleflow.legal_time import Day, Span, day
from handleflow.model.actors import Actor
from handleflow.model.fields import (
    CORRECTABLE,
    day_or_none,
    maybe_named,
    named,
    not_blank,
    not_blank_or_none,
    party,
    party_or_none,
)
from handleflow.values import frozen

GRADES = ("satisfied", "basically_satisfied", "dissatisfied")
STAGES = ("before", "during", "after")
PARTS = ("lead", "co")


@frozen
class Part:
    """What one unit is to do and who answers for it there: section, person, leader in charge."""

    unit: str = field(converter=party, validator=named)
    text: str | None = field(default=None, validator=not_blank_or_none)
    section: str | None = field(default=None, validator=not_blank_or_none)
    person: str | None = field(default=None, validator=not_blank_or_none)
    leader: str | None = field(default=None, converter=party_or_none, validator=maybe_named)


@frozen
class Promise:
    """What a reply promises, and by which day if it names one."""

    text: str = field(validator=not_blank)
    due_on: Day | None = field(default=None, converter=day_or_none)


@frozen
class Acceptance:
    """A unit signed for its assignment (签收)."""

    noun: ClassVar = "acceptance"
    entry: int
    on: Day = field(converter=day, metadata=CORRECTABLE)


@frozen
class Receipt:
    """An office recorded that a unit received its part later than it was assigned (收到), and why."""

    noun: ClassVar = "receipt"
    entry: int
    on: Day = field(converter=day, metadata=CORRECTABLE)
    reason: str = field(validator=not_blank, metadata=CORRECTABLE)


@frozen
class Assignment:
    """
    One unit's part in a suggestion (承办); ended ones stay.

    *role* is ``lead`` or ``co``; *round* is the round it owes a reply in; *ended* says how it ended:
    ``returned``, ``replaced``, ``relieved`` or ``distributed``. *assigned_on* is unknown after some take-overs.
    """

    noun: ClassVar = "assignment"
    entry: int
    unit: str = field(validator=named)
    role: str = field(validator=OneOf(*PARTS))
    round: int = 1
    ref: int = 1
    assigned_on: Day | None = field(default=None, converter=day_or_none, metadata=CORRECTABLE)
    acceptance: Acceptance | None = None
    ended: str | None = None
    part: str | None = field(default=None, validator=not_blank_or_none, metadata=CORRECTABLE)
    section: str | None = field(default=None, validator=not_blank_or_none, metadata=CORRECTABLE)
    person: str | None = field(default=None, validator=not_blank_or_none, metadata=CORRECTABLE)
    leader: str | None = field(default=None, converter=party_or_none, validator=maybe_named, metadata=CORRECTABLE)
    receipt: Receipt | None = None

    @property
    def is_accepted(self) -> bool:
        """Whether the unit has signed for it."""
        return self.acceptance is not None

    @property
    def received_on(self) -> Day | None:
        """The day the unit received it: that of the assignment, unless an office recorded another."""
        return self.receipt.on if self.receipt is not None else self.assigned_on


@frozen
class AssignmentObjection:
    """A deputy's objection to who handles it, and the office's answer."""

    noun: ClassVar = "assignment_objection"
    entry: int
    deputy: str = field(validator=named)
    reason: str = field(validator=not_blank, metadata=CORRECTABLE)
    answer: str | None = field(default=None, validator=not_blank_or_none)


@frozen
class ReturnRequest:
    """A unit asks on a day to be relieved (申退); *decision* is ``granted``, ``refused``, ``lapsed`` or open."""

    noun: ClassVar = "return_request"
    entry: int
    unit: str = field(validator=named)
    reason: str = field(validator=not_blank, metadata=CORRECTABLE)
    decision: str | None = None
    on: Day | None = field(default=None, converter=day_or_none, metadata=CORRECTABLE)
    granted_on: Day | None = field(default=None, converter=day_or_none)


@frozen
class ExtensionRequest:
    """
    A unit asks for longer time; *decision* is ``granted``, ``refused``, ``lapsed`` or still open.

    It asks *until* a day, or for a span, *within*; *on* is the day of the request, None in what was recorded before.
    """

    noun: ClassVar = "extension_request"
    entry: int
    unit: str = field(validator=named)
    until: Day | None = field(converter=day_or_none)
    reason: str = field(validator=not_blank, metadata=CORRECTABLE)
    decision: str | None = None
    within: Span | None = None
    on: Day | None = field(default=None, converter=day_or_none)


@frozen
class Contact:
    """
    The deputy was heard (沟通): *stage* before, during or after; by which *channel*.

    After a take-over the unit, the stage and the means may be unknown.
    """

    noun: ClassVar = "contact"
    entry: int
    on: Day = field(converter=day, metadata=CORRECTABLE)
    unit: str | None = field(default=None, validator=maybe_named)
    stage: str | None = field(default=None, validator=OneOf(*STAGES, or_none=True))
    channel: str | None = field(default=None, validator=not_blank_or_none, metadata=CORRECTABLE)
    round: int = 1
    text: str | None = field(default=None, validator=not_blank_or_none, metadata=CORRECTABLE)


@frozen
class HandlingPlan:
    """A lead's plan (办理方案) with the measures it decided."""

    noun: ClassVar = "plan"
    entry: int
    unit: str = field(validator=named)
    text: str = field(validator=not_blank, metadata=CORRECTABLE)
    measures: tuple[str, ...] = ()


@frozen
class MeasureDone:
    """One measure of a plan and how far it has come."""

    noun: ClassVar = "measure"
    entry: int
    unit: str = field(validator=named)
    measure: str = field(validator=not_blank, metadata=CORRECTABLE)
    is_done: bool = True
    text: str | None = field(default=None, validator=not_blank_or_none, metadata=CORRECTABLE)


@frozen
class Opinion:
    """A co unit's opinion (会办意见); *rejected* holds the lead's reason, and it must be given again."""

    noun: ClassVar = "opinion"
    entry: int
    unit: str = field(validator=named)
    text: str = field(validator=not_blank, metadata=CORRECTABLE)
    on: Day = field(converter=day, metadata=CORRECTABLE)
    rejected: str | None = field(default=None, validator=not_blank_or_none)


@frozen
class Draft:
    """A reply before it goes out; *verdict* is ``approved``, ``returned``, ``lapsed`` or still open."""

    noun: ClassVar = "draft"
    entry: int
    unit: str = field(validator=named)
    outcome: str = field(validator=named)
    text: str = field(validator=not_blank, metadata=CORRECTABLE)
    round: int = 1
    verdict: str | None = None


@frozen
class OutcomeSnapshot:
    """
    What a reply's class meant when it was given: the rulebook's words and flags, written down.

    The same letter means different things in different places (domain.md section 5), so the letter
    alone says nothing.
    """

    code: str = field(validator=named)
    label: str = field(validator=not_blank)
    is_resolved: bool = False
    is_commitment: bool = False
    needs_day: bool = False
    is_sent_upward: bool = False


@frozen
class Answer:
    """
    A reply given (答复) by one unit in one round.

    *unit*, *on* and *outcome* may be unknown after a take-over; *mark* is the class as it was written
    there, whose scheme is not known. *snapshot* is what the class meant; *published_on* None says that nobody told.
    """

    noun: ClassVar = "reply"
    entry: int
    unit: str | None = field(default=None, validator=maybe_named)
    round: int = 1
    on: Day | None = field(default=None, converter=day_or_none, metadata=CORRECTABLE)
    outcome: str | None = field(default=None, validator=maybe_named)
    snapshot: OutcomeSnapshot | None = None
    mark: str | None = field(default=None, validator=not_blank_or_none, metadata=CORRECTABLE)
    text: str | None = field(default=None, validator=not_blank_or_none, metadata=CORRECTABLE)
    signed_by: str | None = field(default=None, validator=not_blank_or_none, metadata=CORRECTABLE)
    published_on: Day | None = field(default=None, converter=day_or_none)


@frozen
class Rating:
    """
    A deputy's verdict on one reply, on two axes, or the record that none came.

    *entered_by* and *channel* say who entered it and how; *is_proxy* marks an entry by anyone but a
    deputy. A record of no response has no grade and is never counted as satisfied.
    """

    noun: ClassVar = "rating"
    entry: int
    entered_by: Actor
    unit: str | None = field(default=None, validator=maybe_named)
    round: int = 1
    rater: str | None = field(default=None, validator=maybe_named)
    attitude: str | None = field(default=None, validator=OneOf(*GRADES, or_none=True))
    result: str | None = field(default=None, validator=OneOf(*GRADES, or_none=True))
    on: Day | None = field(default=None, converter=day_or_none, metadata=CORRECTABLE)
    reason: str | None = field(default=None, validator=not_blank_or_none, metadata=CORRECTABLE)
    channel: str | None = field(default=None, validator=not_blank_or_none, metadata=CORRECTABLE)
    is_proxy: bool = False
    is_no_response: bool = False


@frozen
class Rehandling:
    """The replies of *units* were asked for again (重新办理), which began *round*."""

    noun: ClassVar = "rehandling"
    entry: int
    on: Day = field(converter=day, metadata=CORRECTABLE)
    units: tuple[str, ...]
    round: int
    reason: str = field(validator=not_blank, metadata=CORRECTABLE)
