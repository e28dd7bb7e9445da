"""Deadline rules: what must be done by when, and what may lengthen it?"""

from __future__ import annotations

from attrs import field

from handleflow.choices import OneOf
from handleflow.legal_time import Day, Span
from handleflow.model import Act, Suggestion
from handleflow.model.fields import coded, not_blank
from handleflow.rules.citation import CITE, HOST, Citation
from handleflow.rules.lifecycle import Condition
from handleflow.values import frozen

DAY_FIELDS = ("received_on", "session_closed_on")
"""Days of a suggestion a term may count from, beside those of its events."""
SESSIONS = ("in_session", "between_sessions")
"""What a rule may apply to alone: what was made in session, or between sessions."""


def holds_in_session(applies_to: str, suggestion: Suggestion) -> bool:
    """Whether what *applies_to* one of ``SESSIONS``, or to both, holds for a suggestion; unknown is neither."""
    return not applies_to or suggestion.in_session is (applies_to == "in_session")


@frozen
class ExtensionRule:
    """
    How a term may be lengthened: by *span*, at most *times*.

    *base*: ``chained`` counts from the unrolled due day, ``capped`` from the anchor. *mode*:
    ``consent`` of the office on request, or the unit's own ``declaration`` with an explanation. Where it was asked
    for in time and is granted after the day, it *rebuts_miss* of that day, or leaves it in the counts.
    """

    span: Span
    base: str = field(validator=OneOf("chained", "capped"))
    mode: str = field(validator=OneOf("consent", "declaration"))
    citation: Citation = field(metadata=CITE)
    times: int = 1
    rebuts_miss: bool = True


@frozen
class TermRule:
    """
    A dated promise as a rule.

    *of* says whose it is: one for each ``lead``, each ``co`` unit, each ``unit`` its anchor is about, or one for the
    ``whole``. *anchor* is ``assigned`` (a unit got its part, whichever act gave it), ``unit_received`` (it received
    it: that day, or the later one that an office recorded) or the kind of an event;
    *met_by* the kinds that fulfil it. *span* counts from the anchor's day, or from a day of the suggestion that
    *counts_from* names; *long_span* holds on the long track. Without a span the anchor names the due day itself.
    *owed_by* says whose promise it is, *applies_to* whether it holds ``in_session`` or ``between_sessions`` alone.
    *when* is asked of the suggestion that its anchor leaves: the term begins where it holds, and is dropped once it
    holds no more; *condition* is its name on disk. What *outlives_its_part* is not dropped when its unit is relieved.
    """

    id: str = field(validator=coded)
    of: str = field(validator=OneOf("lead", "co", "unit", "whole"))
    anchor: str = field(validator=not_blank)
    met_by: tuple[str, ...]
    span: Span | None
    citation: Citation = field(metadata=CITE)
    en: str = ""
    zh: str = ""
    long_span: Span | None = None
    long_citation: Citation | None = field(default=None, metadata={"key": "long_cite"})
    extension: ExtensionRule | None = None
    is_pausable: bool = False
    owed_by: str = field(default="unit", validator=OneOf("unit", "deputy", "congress_office", "government_office"))
    counts_from: str = field(default="", validator=OneOf("", *DAY_FIELDS))
    applies_to: str = field(default="", validator=OneOf("", *SESSIONS))
    when: Condition | None = None
    condition: str = field(default="", metadata={"key": "when"})
    outlives_its_part: bool = False

    @property
    def is_of_a_reply(self) -> bool:
        """Whether a unit's reply keeps it, whatever it is called: the first one's term, and one handled again."""
        return "replied" in self.met_by and self.owed_by == "unit"

    def holds_for(self, suggestion: Suggestion) -> bool:
        """Whether it holds for a suggestion made in session, or between sessions; unknown holds for neither."""
        return holds_in_session(self.applies_to, suggestion)

    def begins_for(self, suggestion: Suggestion) -> bool:
        """Whether its anchor begins it: it holds for the suggestion, and what it asks of that is so."""
        return self.holds_for(suggestion) and (self.when is None or self.when(suggestion))

    def anchor_day(self, suggestion: Suggestion, happened_on: Day | None) -> Day | None:
        """The day it counts from: of what anchored it, or the day field it names."""
        return getattr(suggestion, self.counts_from) if self.counts_from else happened_on


COMMITMENT = TermRule(
    "commitment",
    "unit",
    "commitment_opened",
    ("commitment_fulfilled",),
    None,
    Citation(HOST),
    "a reply promised this day",
    "答复中承诺的日期",
    outlives_its_part=True,
)
SUPERVISION_ANSWER = TermRule(
    "supervision_answer",
    "unit",
    "supervised",
    ("supervision_answered",),
    None,
    Citation(HOST),
    "an answer was asked for by this day",
    "要求答复的日期",
)
BUILTIN_TERMS = (COMMITMENT, SUPERVISION_ANSWER)
"""The terms that every rulebook has: what a reply promised, and the answer to a supervision, by days people name."""


@frozen
class Backdating:
    """How long after the day it happened a *role* may still tell it; *acts* narrows it to some acts."""

    role: str
    within: Span
    citation: Citation = field(metadata=CITE)
    acts: tuple[type[Act], ...] = field(default=(), metadata={"key": "of"})
