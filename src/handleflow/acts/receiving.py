"""Intake commands: what came in, and may it be handled at all? Receipt, take-over, classification, refusal (受理)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs
from attrs import field

from handleflow.acts._common_checks import has_come, named_once, twice
from handleflow.choices import OneOf
from handleflow.errors import Reason
from handleflow.legal_time import Day
from handleflow.model import Act, Provenance, Question, Suggestion, nouns, reads_the_act
from handleflow.model.changing import changed
from handleflow.model.fields import (
    PRIVATE,
    cells,
    day_or_none,
    maybe_named,
    named,
    not_blank,
    not_blank_or_none,
    parties,
    party,
    party_or_none,
)
from handleflow.values import frozen

MATTERS = ("suggestion", "motion", "proposal", "unclear")
TREATED_AS = ("letter", "returned_for_revision")
VISIBILITIES = ("public", "title_only", "not_public")


@reads_the_act
def _names_each_deputy_once(act: Receive, question: Question[Receive]) -> Iterator[Reason]:
    if doubled := twice((act.deputy, *act.co_signers)):
        yield Reason("deputy_named_twice", {"deputies": doubled}, "value")


@frozen
class Receive(Act):
    """
    The office takes a suggestion in (受理).

    *deputy* is the lead deputy, *co_signers* those who signed with them. *matter* tells a deputy's
    ``suggestion`` from a ``motion`` (议案), a CPPCC ``proposal`` (提案) and what is ``unclear``.
    *is_reconstructed* marks a history whose days were made up for a demonstration.
    """

    verb = "receive"
    kind = "received"
    checks = (_names_each_deputy_once,)
    title: str = field(validator=not_blank)
    deputy: str = field(converter=party, validator=named)
    co_signers: tuple[str, ...] = field(default=(), converter=parties)
    number: str | None = field(default=None, validator=maybe_named)
    locality: str | None = field(default=None, validator=maybe_named)
    session: str | None = field(default=None, validator=maybe_named)
    in_session: bool | None = None
    session_closed_on: Day | None = field(default=None, converter=day_or_none)
    category: str | None = field(default=None, validator=maybe_named)
    is_key: bool = False
    matter: str = field(default="suggestion", validator=OneOf(*MATTERS))
    text: str | None = field(default=None, validator=not_blank_or_none)
    visibility: str | None = field(default=None, validator=OneOf(*VISIBILITIES, or_none=True))
    is_reconstructed: bool = False
    phone: str | None = field(default=None, validator=not_blank_or_none, metadata=PRIVATE)
    address: str | None = field(default=None, validator=not_blank_or_none, metadata=PRIVATE)

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        return changed(
            suggestion,
            entry=suggestion.next_entry,
            title=self.title,
            deputy=self.deputy,
            co_signers=self.co_signers,
            number=self.number,
            locality=self.locality,
            session=self.session,
            in_session=self.in_session,
            session_closed_on=self.session_closed_on,
            category=self.category,
            is_key=self.is_key,
            matter=self.matter,
            visibility=self.visibility,
            is_reconstructed=self.is_reconstructed,
            received_on=self.happened_on(provenance),
        )


@reads_the_act
def _takes_each_unit_once(act: TakeOver, question: Question[TakeOver]) -> Iterator[Reason]:
    return named_once((*act.leads, *act.co_units))


@reads_the_act
def _its_days_have_come(act: TakeOver, question: Question[TakeOver]) -> Iterator[Reason]:
    for known in filter(None, (act.assigned_on, act.contacted_on, act.opinion_on, act.replied_on)):
        yield from has_come(known, question)


@reads_the_act
def _its_opinion_is_of_one_unit(act: TakeOver, question: Question[TakeOver]) -> Iterator[Reason]:
    if act.opinion_on and len(act.co_units) != 1:
        yield Reason("opinion_of_nobody", {"n": len(act.co_units)}, "value")


@reads_the_act
def _was_replied_after_it_was_assigned(act: TakeOver, question: Question[TakeOver]) -> Iterator[Reason]:
    if act.assigned_on and act.replied_on and act.replied_on < act.assigned_on:
        yield Reason("before_it_began", {"on": act.replied_on, "began": act.assigned_on}, "value")


@frozen
class TakeOver(Act):
    """
    A suggestion in mid-life comes from an older system or ledger, with what is known.

    The unknown stays unknown: no day is derived from another. A class is kept as it was written
    (*mark*), since its scheme is not known. A mark, a grade or a document number says that there was
    a reply, on an unknown day; several leads in one row gave it together. *opinion_on* is the day of
    a co unit's opinion that an older ledger kept in the reply's place. *as_written* keeps the row.
    """

    verb = "take_over"
    kind = "taken_over"
    checks = (
        _takes_each_unit_once,
        _its_days_have_come,
        _its_opinion_is_of_one_unit,
        _was_replied_after_it_was_assigned,
    )
    title: str = field(validator=not_blank)
    matter: str = field(default="suggestion", validator=OneOf(*MATTERS))
    number: str | None = field(default=None, validator=maybe_named)
    locality: str | None = field(default=None, validator=maybe_named)
    session: str | None = field(default=None, validator=maybe_named)
    in_session: bool | None = None
    deputy: str | None = field(default=None, converter=party_or_none, validator=maybe_named)
    category: str | None = field(default=None, validator=maybe_named)
    is_key: bool | None = None
    leads: tuple[str, ...] = field(default=(), converter=parties)
    co_units: tuple[str, ...] = field(default=(), converter=parties)
    assigned_on: Day | None = field(default=None, converter=day_or_none)
    contacted_on: Day | None = field(default=None, converter=day_or_none)
    opinion_on: Day | None = field(default=None, converter=day_or_none)
    replied_on: Day | None = field(default=None, converter=day_or_none)
    mark: str | None = field(default=None, validator=not_blank_or_none)
    document_number: str | None = field(default=None, validator=maybe_named)
    result: str | None = field(default=None, validator=OneOf(*nouns.GRADES, or_none=True))
    as_written: tuple[tuple[str, str], ...] = field(default=(), converter=cells)

    def units(self, provenance: Provenance) -> tuple[str, ...]:
        return (*self.leads, *self.co_units)

    @property
    def was_replied(self) -> bool:
        """Whether what is known says that a reply was given; an opinion's document number does not."""
        return any(known is not None for known in (self.replied_on, self.mark, self._letter, self.result))

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        entry = suggestion.next_entry
        only_lead = self.leads[0] if len(self.leads) == 1 else None
        return changed(
            suggestion,
            entry=entry,
            title=self.title,
            matter=self.matter,
            number=self.number,
            locality=self.locality,
            session=self.session,
            in_session=self.in_session,
            deputy=self.deputy,
            category=self.category,
            is_key=self.is_key,
            taken_over_on=provenance.on,
            assignments=tuple(self._assignments(entry)),
            contacts=(nouns.Contact(entry, self.contacted_on, only_lead),) if self.contacted_on else (),
            opinions=tuple(self._opinions(entry)),
            replies=tuple(self._replies(entry)),
            ratings=tuple(self._ratings(entry, provenance)),
        )

    def _assignments(self, entry: int) -> Iterator[nouns.Assignment]:
        for role, units in (("lead", self.leads), ("co", self.co_units)):
            for unit in units:
                yield nouns.Assignment(entry, unit, role, assigned_on=self.assigned_on)

    def _opinions(self, entry: int) -> Iterator[nouns.Opinion]:
        if self.opinion_on:
            yield nouns.Opinion(entry, self.co_units[0], self.document_number or self.title, self.opinion_on)

    @property
    def _letter(self) -> str | None:
        return self.document_number if self.opinion_on is None else None

    def _repliers(self) -> tuple[str | None, ...]:
        return (self.leads or (None,)) if self.was_replied else ()

    def _replies(self, entry: int) -> Iterator[nouns.Answer]:
        for unit in self._repliers():
            yield nouns.Answer(entry, unit, on=self.replied_on, mark=self.mark, text=self._letter)

    def _ratings(self, entry: int, provenance: Provenance) -> Iterator[nouns.Rating]:
        if self.result is not None:
            for unit in self._repliers():
                yield nouns.Rating(
                    entry,
                    provenance.by,
                    unit,
                    rater=self.deputy,
                    result=self.result,
                    channel="ledger",
                    is_proxy=True,
                )


@frozen
class Decline(Act):
    """Not taken up (不予受理): on which *ground*, and what becomes of it instead."""

    verb = "decline"
    kind = "declined"
    ground: str = field(validator=not_blank)
    treated_as: str = field(default="letter", validator=OneOf(*TREATED_AS))

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        return changed(suggestion, ground=self.ground)


@reads_the_act
def _classifies_something(act: Classify, question: Question[Classify]) -> Iterator[Reason]:
    if not act.given():
        yield Reason("nothing_classified", kind="value")


@frozen
class Classify(Act):
    """Sorted, or sorted anew: category, key suggestion (重点), visibility. None leaves a thing as it is."""

    verb = "classify"
    kind = "classified"
    checks = (_classifies_something,)
    category: str | None = field(default=None, validator=maybe_named)
    is_key: bool | None = None
    visibility: str | None = field(default=None, validator=OneOf(*VISIBILITIES, or_none=True))
    is_confidential: bool | None = None

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        return changed(suggestion, **self.given())

    def given(self) -> dict[str, Any]:
        """What it says, by field; what is None is left as it is."""
        given = attrs.asdict(self)
        return {name: value for name, value in given.items() if name != "on" and value is not None}
