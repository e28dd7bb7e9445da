"""Escalation policy: what is said as a day nears and passes, or when something has happened?"""

from __future__ import annotations

from attrs import field

from handleflow.choices import OneOf
from handleflow.legal_time import Day, Span, WorkCalendar
from handleflow.legal_time.convention import shift
from handleflow.model import Suggestion
from handleflow.model.fields import coded, not_blank
from handleflow.model.supervision import Supervision
from handleflow.rules.citation import CITE, Citation
from handleflow.rules.facts import FactOf
from handleflow.values import frozen

CHANNELS = ("phone", "written", "on_site", "bulletin", "interview")
RECIPIENTS = ("unit", "section", "person", "leader", "congress_office", "government_office")
SAME_DAY = Span(0, "day")
KINDS = ("", "key", "ordinary")
"""Which suggestions something holds for: all, those marked key, those that are not."""


@frozen
class TermTrigger:
    """A rung speaks of a running term of rule *term*, *offset* from its due day."""

    term: str = field(validator=not_blank)
    offset: Span


@frozen
class FactTrigger:
    """
    A rung speaks *offset* after a *fact*, found in the suggestion by *find*.

    *count*: only of the n-th one, of the suggestion or of each ``unit`` (*per*); 0 means each. *unless*
    names a fact that, come later for the same unit, keeps it silent: an assignment without acceptance.
    *term* and *colour* narrow missed days to one rule and progress marks to one colour.
    """

    fact: str = field(validator=not_blank, metadata={"key": "after"})
    find: FactOf = field(metadata={"key": "after"})
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
    *applies_to* keeps it to ``key`` or ``ordinary`` suggestions. Thresholds are the host's, never law.
    """

    id: str = field(validator=coded)
    trigger: TermTrigger | FactTrigger
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
