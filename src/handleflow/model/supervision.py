"""Reminder record: who was urged, what did they answer, and how does their work stand?"""

from __future__ import annotations

from typing import ClassVar

from attrs import field

from handleflow.legal_time import Day, day
from handleflow.model.actors import CLOCK, Actor
from handleflow.model.fields import CORRECTABLE, day_or_none, named, not_blank, not_blank_or_none
from handleflow.model.rulebook_ref import RulebookRef
from handleflow.values import frozen


@frozen
class Supervision:
    """
    A supervision (督办) by a person or the clock.

    *number* counts from 1 within the suggestion. *text* are a person's own words. *rung* is the ladder's rung that
    spoke, *meant_on* the day it should have, *about* the day it spoke about, and *rulebook* that which decided it:
    from these its words are made when they are shown (``handleflow.views.supervision_text``). *issuer* is in whose
    name it goes out, *to* whom it is addressed beside the unit. *follows* is the supervision whose answer
    was *rejected* as insufficient.
    """

    noun: ClassVar = "supervision"
    number: int
    entry: int
    by: Actor
    unit: str = field(validator=named)
    channel: str = field(validator=not_blank)
    on: Day = field(converter=day, metadata=CORRECTABLE)
    text: str | None = field(validator=not_blank_or_none, metadata=CORRECTABLE)
    answer_by: Day | None = field(default=None, converter=day_or_none)
    rung: str | None = None
    meant_on: Day | None = field(default=None, converter=day_or_none)
    answer: str | None = field(default=None, validator=not_blank_or_none)
    answered_on: Day | None = field(default=None, converter=day_or_none)
    issuer: str | None = None
    to: str | None = None
    attachments: tuple[str, ...] = ()
    override_reason: str | None = field(default=None, validator=not_blank_or_none)
    follows: int | None = None
    rejected: str | None = field(default=None, validator=not_blank_or_none)
    about: Day | None = field(default=None, converter=day_or_none)
    rulebook: RulebookRef | None = None

    @property
    def is_the_clocks(self) -> bool:
        """Whether the clock spoke."""
        return self.by == CLOCK

    @property
    def is_answered_late(self) -> bool:
        """Whether its answer came after the day it was asked for."""
        return self.answered_on is not None and self.answer_by is not None and self.answered_on > self.answer_by


@frozen
class ProgressMark:
    """How *unit*'s work stands, in a colour somebody gave it (亮灯)."""

    noun: ClassVar = "progress_mark"
    entry: int
    by: Actor
    unit: str = field(validator=named)
    colour: str = field(validator=not_blank)
    on: Day = field(converter=day, metadata=CORRECTABLE)
    reason: str | None = field(default=None, validator=not_blank_or_none, metadata=CORRECTABLE)
