"""Escalation policy: what is said as a day nears and passes, or when something has happened, and to which leader?"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from attrs import field

from handleflow.choices import OneOf
from handleflow.legal_time import Day, Span, WorkCalendar
from handleflow.legal_time.convention import shift
from handleflow.model import Suggestion
from handleflow.model.fields import coded, named, not_blank, parties, party
from handleflow.model.supervision import Supervision
from handleflow.rules.citation import CITE, Citation
from handleflow.rules.facts import FactOf, due
from handleflow.values import frozen

CHANNELS = ("phone", "written", "on_site", "bulletin", "interview")
RECIPIENTS = ("unit", "section", "person", "leader", "congress_office", "government_office")
SAME_DAY = Span(0, "day")
KINDS = ("", "key", "ordinary")
"""Which suggestions something holds for: all, those marked key, those that are not."""

LeaderOf = Callable[[Suggestion, str], str | None]
"""A host's own way to name the leader in charge of a suggestion and a unit, or None."""


@frozen
class Trigger:
    """
    A rung speaks *offset* after a *fact*, found in the suggestion by *find*; without one, *offset* from a due day.

    *count*: only of the n-th one, of the suggestion or of each ``unit`` (*per*); 0 means each. *unless*
    names a fact that, come later for the same unit, keeps it silent: an assignment without acceptance.
    *term* and *colour* narrow due and missed days to one rule and progress marks to one colour.
    """

    fact: str = field(default="", metadata={"key": "after"})
    find: FactOf = field(default=due, metadata={"key": "after"})
    offset: Span = SAME_DAY
    count: int = 0
    per: str = field(default="suggestion", validator=OneOf("suggestion", "unit"))
    unless: str = ""
    never: FactOf | None = field(default=None, metadata={"key": "unless"})
    term: str = ""
    colour: str = ""


@frozen
class Rung:
    """
    One thing the clock says, once, or *every* so often *until* so long after the first time.

    *channel* is how (电话催办, 书面督办, 现场督办, 通报, 约谈), *answer_within* the days in which the unit
    must answer; *issuer* the role in whose name, *recipient* whom it is addressed to beside the unit.
    *applies_to* keeps it to ``key`` or ``ordinary`` suggestions. *again_when_moved*: what was said of a term's day is
    said again of the new one, where the day moves. Thresholds are the host's, never law.
    """

    id: str = field(validator=coded)
    trigger: Trigger
    channel: str = field(validator=not_blank)
    citation: Citation = field(metadata=CITE)
    answer_within: Span | None = None
    every: Span | None = None
    until: Span | None = None
    issuer: str = ""
    recipient: str = field(default="unit", validator=OneOf(*RECIPIENTS))
    applies_to: str = field(default="", validator=OneOf(*KINDS))
    en: str = ""
    zh: str = ""
    again_when_moved: bool = False

    def is_for(self, suggestion: Suggestion) -> bool:
        """Whether it speaks of a suggestion of that kind."""
        return is_kind(self.applies_to, suggestion)


def is_kind(applies_to: str, suggestion: Suggestion) -> bool:
    """Whether *suggestion* is of the kind that *applies_to* names; nobody knows of some taken over."""
    return not applies_to or suggestion.is_key is (applies_to == "key")


@frozen
class Cooldown:
    """
    How long a unit is left in peace after it was urged.

    The model is 政府督查工作条例 art. 15, which binds government inspection and names no span.
    """

    span: Span
    citation: Citation = field(metadata=CITE)

    def previous_within(
        self, suggestion: Suggestion, unit: str, on: Day, calendar: WorkCalendar
    ) -> Supervision | None:
        """
        The newest supervision of *unit* that one on *on* would follow too closely; None where none would.

        Rungs count by the days they are meant on, so that what is said after downtime, all on one day, does
        not silence itself.
        """
        newest = next((s for s in reversed(suggestion.supervisions) if s.unit == unit), None)
        return newest if newest is not None and on < self.until(newest, calendar) else None

    def until(self, earlier: Supervision, calendar: WorkCalendar) -> Day:
        """The first day on which the unit may be urged again after *earlier*."""
        return shift(earlier.meant_on or earlier.on, self.span, calendar)


@frozen
class Light:
    """A colour on the board: from *offset* of a due day on, or, without one, given by people alone."""

    colour: str = field(validator=not_blank)
    citation: Citation = field(metadata=CITE)
    offset: Span | None = None
    en: str = ""
    zh: str = ""


@frozen
class LeaderInCharge:
    """
    A leader (分管领导) and the field: categories, units, or both; without either, everything that is left.

    *applies_to* keeps the leader to ``key`` suggestions (重点督办) or to ``ordinary`` ones.
    """

    name: str = field(converter=party, validator=named)
    categories: tuple[str, ...] = ()
    units: tuple[str, ...] = field(default=(), converter=parties)
    applies_to: str = field(default="", validator=OneOf(*KINDS))

    def is_in_charge(self, suggestion: Suggestion, unit: str) -> bool:
        """Whether the suggestion, and *unit*'s part in it, belongs to the leader's field."""
        is_of_field = not self.categories or suggestion.category in self.categories
        return is_kind(self.applies_to, suggestion) and is_of_field and (not self.units or unit in self.units)


def leader_from(table: Iterable[LeaderInCharge], suggestion: Suggestion, unit: str) -> str | None:
    """The first leader of *table* whose field it is."""
    return next((row.name for row in table if row.is_in_charge(suggestion, unit)), None)
