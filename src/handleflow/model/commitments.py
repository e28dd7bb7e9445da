"""Promises of a reply: what was promised (承诺), how far has it come, was it kept?"""

from __future__ import annotations

from typing import ClassVar

from attrs import field

from handleflow.legal_time import Day, day
from handleflow.model.fields import CORRECTABLE, day_or_none, named, not_blank, not_blank_or_none
from handleflow.values import frozen


@frozen
class Progress:
    """A step towards a commitment."""

    noun: ClassVar = "progress"
    entry: int
    on: Day = field(converter=day, metadata=CORRECTABLE)
    text: str = field(validator=not_blank, metadata=CORRECTABLE)


@frozen
class Commitment:
    """
    Something a reply promised (承诺), with its own day and its own end; it outlives the reply.

    *number* counts from 1 within the suggestion. *grade* is the deputy's rating of its fulfilment.
    """

    noun: ClassVar = "commitment"
    number: int
    entry: int
    on: Day = field(converter=day)
    unit: str = field(validator=named)
    text: str = field(validator=not_blank, metadata=CORRECTABLE)
    round: int = 1
    due_on: Day | None = field(default=None, converter=day_or_none)
    progress: tuple[Progress, ...] = ()
    fulfilled_on: Day | None = field(default=None, converter=day_or_none)
    grade: str | None = None
    grade_reason: str | None = field(default=None, validator=not_blank_or_none)

    @property
    def is_open(self) -> bool:
        """Whether it still waits to be kept."""
        return self.fulfilled_on is None
