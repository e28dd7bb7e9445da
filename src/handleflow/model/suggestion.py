"""Aggregate root: what is known of one suggestion, taken together?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, ClassVar

from attrs import field
from pendulum import DateTime

from handleflow.legal_time import Day
from handleflow.model import nouns
from handleflow.model.changing import changed
from handleflow.model.commitments import Commitment
from handleflow.model.corrections import Correction, RightTime
from handleflow.model.fields import (
    CORRECTABLE,
    CORRECTABLE_AHEAD,
    day_or_none,
    maybe_named,
    named,
    not_blank_or_none,
    party_or_none,
)
from handleflow.model.rulebook_ref import RulebookRef
from handleflow.model.supervision import ProgressMark, Supervision
from handleflow.model.term import FiringKey, Term, TermKey
from handleflow.values import frozen, in_one_line

_ANSWERED_IN = {"return_requests": "decision", "extension_requests": "decision", "drafts": "verdict"}
"""What a unit asks for and waits for, and the field that holds the answer."""


@frozen
class Suggestion:
    """
    The suggestion of one suggestion (代表建议), folded from its history.

    *version* is the number of its last entry, *last_hash* that entry's hash where it was stored. What nobody told is
    ``None``: after a take-over the unknown stays unknown. Nouns carry the number of the entry that made them.
    """

    noun: ClassVar = "suggestion"
    id: str = field(validator=named)
    state: str = ""
    version: int = 0
    rulebook: RulebookRef | None = None
    last_at: DateTime | None = None
    last_hash: str = field(default="", eq=False, repr=False)
    # what was received
    entry: int = 1
    matter: str = "suggestion"
    title: str | None = field(default=None, validator=not_blank_or_none, metadata=CORRECTABLE)
    number: str | None = field(default=None, validator=maybe_named, metadata=CORRECTABLE)
    locality: str | None = field(default=None, validator=maybe_named, metadata=CORRECTABLE)
    session: str | None = field(default=None, validator=maybe_named, metadata=CORRECTABLE)
    in_session: bool | None = field(default=None, metadata=CORRECTABLE)
    session_closed_on: Day | None = field(default=None, converter=day_or_none, metadata=CORRECTABLE)
    deputy: str | None = field(default=None, converter=party_or_none, validator=maybe_named, metadata=CORRECTABLE)
    co_signers: tuple[str, ...] = ()
    received_on: Day | None = field(default=None, converter=day_or_none, metadata=CORRECTABLE)
    category: str | None = field(default=None, validator=maybe_named, metadata=CORRECTABLE)
    is_key: bool | None = None
    visibility: str | None = field(default=None, validator=not_blank_or_none)
    is_confidential: bool = False
    is_reconstructed: bool = False
    taken_over_on: Day | None = field(default=None, converter=day_or_none)
    # how it is handled
    round: int = 1
    is_long_track: bool = field(default=False, metadata=CORRECTABLE)
    notice_on: Day | None = field(default=None, converter=day_or_none, metadata=CORRECTABLE_AHEAD)
    ground: str | None = field(default=None, validator=not_blank_or_none)
    assignments: tuple[nouns.Assignment, ...] = ()
    assignment_objections: tuple[nouns.AssignmentObjection, ...] = ()
    return_requests: tuple[nouns.ReturnRequest, ...] = ()
    extension_requests: tuple[nouns.ExtensionRequest, ...] = ()
    contacts: tuple[nouns.Contact, ...] = ()
    plans: tuple[nouns.HandlingPlan, ...] = ()
    measures: tuple[nouns.MeasureDone, ...] = ()
    opinions: tuple[nouns.Opinion, ...] = ()
    drafts: tuple[nouns.Draft, ...] = ()
    replies: tuple[nouns.Answer, ...] = ()
    ratings: tuple[nouns.Rating, ...] = ()
    commitments: tuple[Commitment, ...] = ()
    rehandlings: tuple[nouns.Rehandling, ...] = ()
    supervisions: tuple[Supervision, ...] = ()
    progress_marks: tuple[ProgressMark, ...] = ()
    suspended_on: Day | None = field(default=None, converter=day_or_none)
    suspended_until: Day | None = field(default=None, converter=day_or_none)
    # what follows
    terms: tuple[Term, ...] = ()
    keys_passed_on: tuple[TermKey, ...] = ()
    firing_keys: tuple[FiringKey, ...] = ()
    merged_with: tuple[str, ...] = ()
    corrections: tuple[Correction, ...] = ()
    right_times: tuple[RightTime, ...] = ()
    own_facts: tuple[tuple[str, str], ...] = ()

    def __repr__(self) -> str:
        return in_one_line(self, repr(self.id), f"state={self.state!r}", f"version={self.version}", self.rulebook)

    @property
    def next_entry(self) -> int:
        """The number the next entry will have."""
        return self.version + 1

    @property
    def deputies(self) -> tuple[str, ...]:
        """The lead deputy and the co-signers, those that are known."""
        return (*((self.deputy,) if self.deputy else ()), *self.co_signers)

    @property
    def is_suspended(self) -> bool:
        """Whether its clock stands still, and nobody knows until when."""
        return self.suspended_on is not None and self.suspended_until is None

    def is_suspended_on(self, on: Day) -> bool:
        """Whether its clock stands still on a day, by what was recorded; one announced until a day ends by itself."""
        return self.suspended_on is not None and (self.suspended_until is None or on < self.suspended_until)

    def days_out_of_order(self) -> frozenset[tuple[str, str | None, Day, Day]]:
        """What is said to have happened before what it follows: what, whose, its day, and the earlier one's."""
        found: list[tuple[str, str | None, Day | None, Day | None]] = []
        for a in self.assignments:
            accepted_on = a.acceptance.on if a.acceptance else None
            found += [("assignment", a.unit, self.received_on, a.assigned_on)]
            found += [("receipt", a.unit, a.assigned_on, a.received_on)]
            found += [("acceptance", a.unit, a.received_on, accepted_on)]
        for reply in self.replies:
            assignment = next((a for a in self.assignments if a.unit == reply.unit), None)
            found += [("reply", reply.unit, assignment.received_on if assignment else None, reply.on)]
            found += [("rating", r.rater, reply.on, r.on) for r in self.ratings_of(reply)]
        return frozenset(
            (what, whose, later, earlier)
            for what, whose, earlier, later in found
            if earlier and later and later < earlier
        )

    def active(self, role: str | None = None) -> tuple[nouns.Assignment, ...]:
        """The assignments that have not ended, of *role* or of both."""
        return tuple([a for a in self.assignments if a.ended is None and (role is None or role == a.role)])

    @property
    def leads(self) -> tuple[nouns.Assignment, ...]:
        """The lead units' assignments that have not ended; several mean separate handling (分别办理)."""
        return self.active("lead")

    @property
    def units(self) -> tuple[str, ...]:
        """Every unit that has a part in it now."""
        return tuple([a.unit for a in self.assignments if a.ended is None])

    def assignment_of(self, unit: str | None) -> nouns.Assignment | None:
        """*unit*'s part in it now, if it has one."""
        for assignment in self.assignments:
            if assignment.unit == unit and assignment.ended is None:
                return assignment
        return None

    def reply_of(self, unit: str | None, round: int | None = None) -> nouns.Answer | None:
        """*unit*'s reply in *round*, by default the round it is in now."""
        if round is None:
            assignment = self.assignment_of(unit)
            round = assignment.round if assignment else self.round
        for reply in self.replies:
            if reply.unit == unit and reply.round == round:
                return reply
        return None

    @property
    def leads_without_reply(self) -> tuple[nouns.Assignment, ...]:
        """The leads whose reply is still due."""
        return tuple([a for a in self.leads if self.reply_of(a.unit, a.round) is None])

    @property
    def current_replies(self) -> tuple[nouns.Answer, ...]:
        """The replies that stand: each lead's in its own round, and those of a unit nobody knows."""
        if not self.replies:
            return ()
        leading = {(a.unit, a.round) for a in self.leads}
        return tuple([r for r in self.replies if r.unit is None or (r.unit, r.round) in leading])

    @property
    def outcomes(self) -> tuple[str, ...]:
        """The classes of the replies that stand, by their codes, each once."""
        return tuple(dict.fromkeys(reply.outcome for reply in self.current_replies if reply.outcome))

    def ratings_of(self, reply: nouns.Answer) -> tuple[nouns.Rating, ...]:
        """The deputies' verdicts on *reply*, oldest first, a record of no response among them."""
        return tuple([r for r in self.ratings if r.unit == reply.unit and r.round == reply.round])

    @property
    def open_commitments(self) -> tuple[Commitment, ...]:
        """What was promised and is not yet kept."""
        return tuple(c for c in self.commitments if c.is_open)

    def commitment(self, number: int) -> Commitment | None:
        """The commitment of that number, if there is one."""
        return next((c for c in self.commitments if c.number == number), None)

    def supervision(self, number: int) -> Supervision | None:
        """The supervision of that number, if there is one."""
        return next((s for s in self.supervisions if s.number == number), None)

    def term(self, key: TermKey) -> Term | None:
        """The term of that key, if it was ever set."""
        return next((t for t in self.terms if t.key == key), None)

    @property
    def is_public(self) -> bool:
        """Whether somebody said that all of it may be published, and it is not confidential."""
        return self.visibility == "public" and not self.is_confidential

    def running_terms(self, rule: str | None = None, unit: str | None = None) -> Iterator[Term]:
        """The terms that wait to be met, of *rule* and *unit* where given."""
        for term in self.terms:
            if (
                term.end == "running"
                and (rule is None or rule == term.key.rule)
                and (unit is None or unit == term.key.unit)
            ):
                yield term

    @property
    def first_due(self) -> Day | None:
        """The nearest day of a term that runs and whose clock does not stand: what its light hangs on."""
        days = (term.awaited_on for term in self.terms)
        return min((day for day in days if day is not None), default=None)

    def own(self, name: str) -> str | None:
        """A fact a host's own act put there under *name*."""
        return dict(self.own_facts).get(name)

    def with_own(self, name: str, value: str) -> Suggestion:
        """The suggestion with a host's own fact *name* set to *value*."""
        return changed(self, own_facts=tuple(sorted({**dict(self.own_facts), name: value}.items())))

    def with_assignment(self, unit: str, **change: Any) -> Suggestion:
        """The suggestion with *unit*'s part in it changed."""
        assignments = tuple(
            [changed(a, **change) if a.unit == unit and a.ended is None else a for a in self.assignments]
        )
        return changed(self, assignments=assignments)

    def without_requests(self, unit: str) -> Suggestion:
        """The suggestion with everything *unit* still waited for an answer to lapsed: its requests and drafts."""
        return self.with_answer(unit, "lapsed", *_ANSWERED_IN)

    def waiting(self, requests: str) -> tuple[str, ...]:
        """The units that wait for an answer to their ``return_requests``, ``extension_requests`` or ``drafts``."""
        return tuple(each.unit for each in getattr(self, requests) if getattr(each, _ANSWERED_IN[requests]) is None)

    def with_answer(self, unit: str, answer: str, *requests: str) -> Suggestion:
        """The suggestion with what *unit* asked for among those *requests*, and nobody answered, answered."""
        change = {}
        for name in requests:
            if made := getattr(self, name):
                change[name] = _answered(made, unit, _ANSWERED_IN[name], answer)
        return changed(self, **change) if change else self

    def relieved(self, unit: str, ended: str) -> Suggestion:
        """The suggestion with *unit*'s part ended; its requests and drafts end with it."""
        drafts = tuple(changed(d, verdict="lapsed") if d.unit == unit else d for d in self.drafts)
        return changed(self, drafts=drafts).without_requests(unit).with_assignment(unit, ended=ended)

    def with_terms(self, key: TermKey, change: Callable[[Term], Term]) -> Suggestion:
        """The suggestion with the term of *key* changed."""
        return changed(self, terms=tuple([change(t) if t.key == key else t for t in self.terms]))


def _answered(requests: tuple[Any, ...], unit: str, field: str, answer: str) -> tuple[Any, ...]:
    change: Any = {field: answer}
    return tuple(
        changed(each, **change) if each.unit == unit and getattr(each, field) is None else each for each in requests
    )
