"""Versioned policy: under which law and practice is a suggestion handled?"""

from __future__ import annotations

from functools import cached_property
from hashlib import sha256

from attrs import field

from handleflow.choices import OneOf
from handleflow.errors import EmptyWords, UnknownRulebook
from handleflow.legal_time import Convention, Day, WorkCalendar, WorkingHours
from handleflow.model import Act, CalendarRef, RulebookRef, Suggestion
from handleflow.model.fields import is_text, party_or_none
from handleflow.model.nouns import Assignment
from handleflow.rules.citation import Citation, Source
from handleflow.rules.guards import GuardRule
from handleflow.rules.labels import Label, labels_in
from handleflow.rules.ladders import CHANNELS, Cooldown, LeaderInCharge, LeaderOf, Light, Rung, leader_from
from handleflow.rules.lifecycle import Lifecycle
from handleflow.rules.outcomes import OutcomeClass
from handleflow.rules.remarks import Disagreement, Duty, NewerText, OpenPoint
from handleflow.rules.term_rules import BUILTIN_TERMS, Backdating, TermRule
from handleflow.values import frozen, in_one_line
from handleflow.words import Labels


@frozen
class Rulebook:
    """
    Lifecycle, terms, guards, ladders, calendar, convention and outcome classes under a name and version.

    *document* is the whole of it as canonical JSON text, what it inherits and its calendar included:
    what stores keep, and what its digest is taken over. Two of one document are equal when a host's own acts, guards,
    conditions, facts and leaders mean the same in both.

    *text_of* is the day of the text that it stands on, *superseded_by* what replaced that. *out_of_force* says what
    becomes of an assignment on a day on which it does not hold: ``warn`` of it, or ``refuse`` it.
    """

    name: str
    version: str
    title: str
    lifecycle: Lifecycle
    calendar: WorkCalendar
    convention: Convention
    convention_citation: Citation = field(metadata={"key": "convention"})
    document: str
    terms: tuple[TermRule, ...] = field(default=(), metadata={"key": "term"})
    guards: tuple[GuardRule, ...] = field(default=(), metadata={"key": "guard"})
    rungs: tuple[Rung, ...] = field(default=(), metadata={"key": "rung"})
    outcomes: tuple[OutcomeClass, ...] = field(default=(), metadata={"key": "outcome"})
    backdating: tuple[Backdating, ...] = ()
    sources: tuple[Source, ...] = field(default=(), eq=False)  # their order is the file's; the document has them all
    duties: tuple[Duty, ...] = field(default=(), metadata={"key": "duty"})
    open_points: tuple[OpenPoint, ...] = field(default=(), metadata={"key": "open"})
    disagreements: tuple[Disagreement, ...] = field(default=(), metadata={"key": "disagreement"})
    in_force_from: Day | None = None
    in_force_until: Day | None = None
    verified_on: Day | None = None
    text_of: Day | None = None
    superseded_by: NewerText | None = None
    out_of_force: str = field(default="warn", validator=OneOf("warn", "refuse"))
    channels: tuple[str, ...] = CHANNELS
    coalesce: bool = False
    leaders: tuple[LeaderInCharge, ...] = field(default=(), metadata={"key": "leader"})
    leader_by: LeaderOf | None = None
    cooldown: Cooldown | None = None
    lights: tuple[Light, ...] = field(default=(), metadata={"key": "light"})
    working_hours: WorkingHours | None = None
    label_rows: tuple[Label, ...] = field(default=(), metadata={"key": "label"})
    compiled: dict[tuple[str, type[Act]], object] = field(factory=dict, init=False, eq=False, repr=False)
    """What the core has worked out of it, once for each state and class of acts; it goes when the rulebook goes."""

    def __repr__(self) -> str:
        parts = {"terms": self.terms, "guards": self.guards, "rungs": self.rungs, "outcomes": self.outcomes}
        counted = (f"{len(rows)} {name}" for name, rows in parts.items())
        return in_one_line(self, repr(self.name), repr(self.version), *counted)

    def __hash__(self) -> int:
        return hash((self.name, self.version))  # what a host hands in need have no hash

    @cached_property
    def ref(self) -> RulebookRef:
        """Its name, version and digest, as entries carry them; one for all of them."""
        return RulebookRef(self.name, self.version, self.digest)

    @cached_property
    def calendar_ref(self) -> CalendarRef:
        """Its calendar's name, version and digest, as entries carry them."""
        return CalendarRef(self.calendar.name, self.calendar.version, self.calendar.digest)

    @cached_property
    def digest(self) -> str:
        """SHA-256 over its document: the same name and version with another digest is refused."""
        return sha256(self.document.encode()).hexdigest()

    @cached_property
    def term_rules(self) -> dict[str, TermRule]:
        """The rules of its terms by their ids, in order, the two built-in ones last."""
        return {rule.id: rule for rule in (*self.terms, *BUILTIN_TERMS)}

    @cached_property
    def terms_with_condition(self) -> tuple[TermRule, ...]:
        """The rules of terms that begin and last only where something is so."""
        return tuple(rule for rule in self.terms if rule.when is not None)

    @property
    def labels(self) -> Labels:
        """What it calls its codes, by its text: what ``MessageCatalogue.naming`` is given."""
        return labels_in(self.document)

    def is_over(self, suggestion: Suggestion) -> bool:
        """Whether the life of *suggestion* is over: it stands in a final state of the lifecycle."""
        return suggestion.state in self.lifecycle.final_states

    def term_rule(self, id: str) -> TermRule | None:
        """The rule of that id, if it has one; every rulebook has the built-in ones."""
        return self.term_rules.get(id)

    def outcome(self, code: str) -> OutcomeClass | None:
        """The class of that code, if it has one."""
        return next((outcome for outcome in self.outcomes if outcome.code == code), None)

    def backdating_of(self, role: str, act: type[Act]) -> Backdating | None:
        """How late *role* may tell *act*: the limit that names the act, else the one for all acts."""
        own = [b for b in self.backdating if b.role == role and (act in b.acts or not b.acts)]
        return max(own, key=lambda b: len(b.acts) > 0, default=None)

    def rungs_of(self, term: str) -> tuple[Rung, ...]:
        """The rungs that speak of terms of that rule, in order."""
        return tuple(r for r in self.rungs if not r.trigger.fact and r.trigger.term == term)

    @cached_property
    def rungs_of_facts(self) -> tuple[Rung, ...]:
        """The rungs that speak of something that happened, in order."""
        return tuple(r for r in self.rungs if r.trigger.fact)

    @cached_property
    def rungs_of_some(self) -> tuple[Rung, ...]:
        """The rungs that speak of some suggestions only, key or ordinary ones, in order."""
        return tuple(r for r in self.rungs if r.applies_to)

    def leader_of(self, suggestion: Suggestion, unit: str, assignment: Assignment | None = None) -> str | None:
        """
        The leader in charge of *unit*'s part: named with the assignment, else by the host, else by the table.

        A key suggestion's own leader goes before all of them. Who has the unit's *assignment* at hand gives it.

        Raises:
            EmptyWords: when the host names what is no name.
        """
        key_leaders = (leader for leader in self.leaders if leader.applies_to == "key")
        assignment = assignment or suggestion.assignment_of(unit)
        return (
            leader_from(key_leaders, suggestion, unit)
            or (assignment.leader if assignment else None)
            or self._hosts_leader(suggestion, unit)
            or leader_from(self.leaders, suggestion, unit)
        )

    def _hosts_leader(self, suggestion: Suggestion, unit: str) -> str | None:
        # A host's function gives whatever it gives: a list would stop a sweep, a number be kept by some stores.
        leader = None if self.leader_by is None else self.leader_by(suggestion, unit)
        if leader is not None and not is_text(leader):
            raise EmptyWords(f"leader_by names {leader!r} for {unit}: give a name, or None where there is nobody")
        return party_or_none(leader)


WithRulebook = tuple[Rulebook | UnknownRulebook, Suggestion]
"""A suggestion with the rulebook it is pinned to, or with the error that nobody holds that one."""
