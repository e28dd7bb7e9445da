"""Derived domain events: what follows from an act or a day, and is written by the core alone?"""

from __future__ import annotations

from attrs import field

from handleflow.legal_time import Day, Span, day
from handleflow.model import Bearing, Event, FiringKey, Provenance, Suggestion, Term, TermKey, nouns
from handleflow.model.changing import changed
from handleflow.model.commitments import Commitment
from handleflow.model.fields import day_or_none, not_blank, not_blank_or_none
from handleflow.model.term import Extension, Pause
from handleflow.values import frozen


@frozen
class TermSet(Event):
    """
    A term begins; *due_on* is what people are told.

    Without an anchor (after a take-over) there is no due day and the term is not computable. A
    *notice_on* later than the statute's day is kept and flagged; the earlier of the two holds.
    """

    kind = "term_set"
    key: TermKey
    anchor_entry: int
    anchor_on: Day | None = field(default=None, converter=day_or_none)
    span: Span | None = None
    unrolled_on: Day | None = field(default=None, converter=day_or_none)
    due_on: Day | None = field(default=None, converter=day_or_none)
    notice_on: Day | None = field(default=None, converter=day_or_none)
    is_notice_late: bool = False
    is_provisional: bool = False

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        days = self.due_on, self.unrolled_on, self.due_on, self.notice_on, self.is_provisional
        end = "running" if self.due_on else "not_computable"
        term = Term(self.key, self.anchor_entry, self.anchor_on, self.span, *days, end=end)
        return changed(suggestion, terms=(*suggestion.terms, term))


@frozen
class TermMoved(Event):
    """
    A term's day moves, and *reason* says why: one of ``why.WHY_MOVED``.

    It carries what the day now rests on: anchor, span, pauses, and the extension that is new. *corrected* is the
    entry that was corrected, where that is why; a corrected notice is the suggestion's. *anchor_entry* is the entry
    that it counts from, where that is another one.
    """

    kind = "term_moved"
    key: TermKey
    due_on: Day = field(converter=day)
    unrolled_on: Day = field(converter=day)
    reason: str = field(validator=not_blank)
    anchor_on: Day = field(converter=day)
    span: Span
    pauses: tuple[Pause, ...] = ()
    extension: Extension | None = None
    is_provisional: bool = False
    corrected: int | None = None
    anchor_entry: int | None = None

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        if self.reason == "notice_corrected":
            noticed = suggestion.with_terms(self.key, lambda term: changed(term, notice_on=suggestion.notice_on))
            return noticed.with_terms(self.key, self._moved)
        return suggestion.with_terms(self.key, self._moved)

    def _moved(self, term: Term) -> Term:
        return changed(
            term,
            end="running" if term.end == "not_computable" or self.reason == "anchor_known" else term.end,
            anchor_entry=self.anchor_entry or term.anchor_entry,
            anchor_on=self.anchor_on,
            span=self.span,
            original_on=term.original_on or self.due_on,
            due_on=self.due_on,
            moved=term.moved + (term.due_on is not None and term.due_on != self.due_on),
            unrolled_on=self.unrolled_on,
            is_provisional=self.is_provisional,
            extensions=(*term.extensions, self.extension) if self.extension else term.extensions,
            pauses=self.pauses,
        )


@frozen
class TermUndated(Event):
    """
    A term has no day any more, since nobody knows the day it counts from; a miss of it stays a fact.

    *corrected* is the entry that was corrected to say so.
    """

    kind = "term_undated"
    key: TermKey
    corrected: int

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        return suggestion.with_terms(self.key, self._undated)

    @staticmethod
    def _undated(term: Term) -> Term:
        closed = tuple(pause for pause in term.pauses if pause.end is not None)
        end: dict[str, object] = {"end": "not_computable", "is_provisional": False, "pauses": closed}
        return changed(term, anchor_on=None, due_on=None, unrolled_on=None, **end)


@frozen
class TermPaused(Event):
    """A term's clock stops."""

    kind = "term_paused"
    key: TermKey
    pause: Pause

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        return suggestion.with_terms(self.key, lambda term: changed(term, pauses=(*term.pauses, self.pause)))


@frozen
class SuspensionEnded(Event):
    """
    A suspension ends on a day: because it is no longer where it could be resumed, or as was announced.

    An announced day is written with the suspension, before it has come.
    """

    kind = "suspension_ended"
    on: Day = field(converter=day)

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        if self.on > provenance.on:
            return changed(suggestion, suspended_until=self.on)
        return changed(suggestion, suspended_on=None, suspended_until=None)


@frozen
class TermMet(Event):
    """A term ends by what it waited for, on *on*; *days_late* in calendar days, 0 when in time."""

    kind = "term_met"
    key: TermKey
    on: Day = field(converter=day)
    days_late: int = 0

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        return suggestion.with_terms(self.key, lambda term: changed(term, end="met", ended_on=self.on))


@frozen
class DeadlineMissed(Event):
    """A term's day passed unmet. A fact: it stays, whatever is extended later."""

    kind = "deadline_missed"
    key: TermKey
    due_on: Day = field(converter=day)

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        if provenance.on <= self.due_on:  # it was recorded under an instant that was set right
            return suggestion
        return suggestion.with_terms(self.key, lambda term: changed(term, missed_on=self.due_on, is_rebutted=False))


@frozen
class MissRebutted(Event):
    """A timely fact was told late: the miss stays in the history and leaves the lateness counts."""

    kind = "miss_rebutted"
    key: TermKey
    on: Day = field(converter=day)

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        return suggestion.with_terms(self.key, lambda term: changed(term, is_rebutted=True))


@frozen
class TermDropped(Event):
    """A term ends without being met, and *reason* says why: one of ``why.WHY_DROPPED``."""

    kind = "term_dropped"
    key: TermKey
    reason: str = field(validator=not_blank)

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        return suggestion.with_terms(self.key, lambda term: changed(term, end="dropped", ended_on=provenance.on))


@frozen
class TermOutcomeUnknown(Event):
    """A term's day lies before the take-over, or before its rule was adopted: nobody knows whether it was met."""

    kind = "term_outcome_unknown"
    key: TermKey

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        return suggestion.with_terms(self.key, lambda term: changed(term, end="unknown"))


@frozen
class ReplyClassified(Event):
    """What a reply's class means under the rulebook of that day, written down so that replay needs none."""

    kind = "reply_classified"
    unit: str = field(validator=not_blank)
    round: int
    snapshot: nouns.OutcomeSnapshot

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        replies = tuple(
            changed(r, snapshot=self.snapshot) if (r.unit, r.round) == (self.unit, self.round) else r
            for r in suggestion.replies
        )
        return changed(suggestion, replies=replies)


@frozen
class CommitmentOpened(Event):
    """Something a reply promised is followed from here on, with its own day and its own end."""

    kind = "commitment_opened"
    number: int
    on: Day = field(converter=day)
    unit: str = field(validator=not_blank)
    text: str = field(validator=not_blank)
    round: int = 1
    due_on: Day | None = field(default=None, converter=day_or_none)

    def units(self, provenance: Provenance) -> tuple[str, ...]:
        return (self.unit,)

    def bearing(self, suggestion: Suggestion, provenance: Provenance) -> Bearing:
        return Bearing(ref=self.number, round=self.round, due_on=self.due_on)

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        commitment = Commitment(
            self.number, suggestion.next_entry, self.on, self.unit, self.text, self.round, self.due_on
        )
        return changed(suggestion, commitments=(*suggestion.commitments, commitment))


@frozen
class _RungIsSilent(Event):
    firing_key: FiringKey
    meant_on: Day = field(converter=day)

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        return changed(suggestion, firing_keys=(*suggestion.firing_keys, self.firing_key))


@frozen
class RungLapsed(_RungIsSilent):
    """A rung whose day had come will not speak, and *reason* says why: one of ``why.WHY_LAPSED``."""

    kind = "rung_lapsed"
    reason: str | None = field(default=None, validator=not_blank_or_none)


@frozen
class RungSuppressed(_RungIsSilent):
    """
    A rung whose day had come does not speak: the same unit was urged by *supervision* lately, on *urged_on*.

    A *reason* in words stands only in what was recorded before.

    The model is 政府督查工作条例 art. 15, which binds government inspection, not a congress, and names no span.
    """

    kind = "rung_suppressed"
    supervision: int
    reason: str | None = field(default=None, validator=not_blank_or_none)
    urged_on: Day | None = field(default=None, converter=day_or_none)


CONSEQUENCES: tuple[type[Event], ...] = (
    TermSet,
    TermMoved,
    TermUndated,
    TermPaused,
    TermMet,
    DeadlineMissed,
    MissRebutted,
    TermDropped,
    TermOutcomeUnknown,
    ReplyClassified,
    CommitmentOpened,
    RungLapsed,
    RungSuppressed,
    SuspensionEnded,
)
"""Every event that only the core writes."""
