"""Corrections of the record: which facts, and which instants, were set right by a later entry?"""

from __future__ import annotations

import attrs
from pendulum import DateTime

from handleflow.legal_time import Day, day
from handleflow.model.fields import aware, not_blank, not_blank_or_none
from handleflow.values import frozen


@frozen
class Correction:
    """
    A recorded fact set right: *field* of what *corrected* made was *old* and is *new*.

    None stands for what is unknown, and for what is kept apart.
    """

    entry: int
    corrected: int
    field: str = attrs.field(validator=not_blank)
    new: str | None = attrs.field(validator=not_blank_or_none)
    reason: str = attrs.field(validator=not_blank)
    old: str | None = None


@frozen
class RightTime:
    """The instant that entry number *entry* was really recorded at, and the day of it where the rulebook lives."""

    entry: int
    at: DateTime = attrs.field(converter=aware)
    on: Day = attrs.field(converter=day)
