"""
Correcting commands: what was recorded wrongly, and what changes the whole? Correction, merging, withdrawal,
adoption.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import attrs
from attrs import field

from handleflow.acts._common_checks import calendar_reaches, days_stay_in_order, deputy_made_it, has_come
from handleflow.acts.receiving import Receive
from handleflow.errors import NonsenseError, Reason, in_both
from handleflow.legal_time import Day
from handleflow.model import Act, Bearing, Provenance, Question, Suggestion, reads_the_act
from handleflow.model.changing import changed
from handleflow.model.corrections import Correction
from handleflow.model.fields import PRIVATE, correctable_fields, not_blank, not_blank_or_none, parties, private_fields
from handleflow.values import frozen


def _nouns_of(value: Any, entry: int) -> Iterator[Any]:
    """Every noun in the suggestion, however deep, that entry number *entry* made."""
    if isinstance(value, tuple):
        for each in value:
            yield from _nouns_of(each, entry)
    elif attrs.has(type(value)):
        if getattr(value, "entry", None) == entry:
            yield value
        for attribute in attrs.fields(type(value)):
            yield from _nouns_of(getattr(value, attribute.name), entry)


def _set(value: Any, entry: int, noun: str, name: str, new: object) -> Any:
    """*value* with field *name* of every *noun* that entry *entry* made set to *new*."""
    if isinstance(value, tuple):
        return tuple(_set(each, entry, noun, name, new) for each in value)
    if not attrs.has(type(value)):
        return value
    change = {}
    for attribute in attrs.fields(type(value)):
        old = getattr(value, attribute.name)
        inner = _set(old, entry, noun, name, new)
        if inner != old:
            change[attribute.name] = inner
    if getattr(value, "entry", None) == entry and getattr(value, "noun", "") == noun:
        change[name] = new
    return changed(value, **change) if change else value


@frozen
class _CorrectionTarget:
    """Where a correction goes: the kind of noun, the field, what stands there, and what reads the new value."""

    noun: str
    field: str
    old: object
    read: Callable[[str], object]
    may_be_unknown: bool
    may_be_ahead: bool

    def new(self, value: str | None) -> object:
        return None if value is None else self.read(value)


def _targets(suggestion: Suggestion, entry: int) -> dict[str, _CorrectionTarget]:
    """
    What of an entry may be corrected, by field, and by ``noun.field``.

    A field of which nobody could say whose it is (the day of a contact or of a reply, the words of one of
    two units) is found under ``noun.field`` alone, or not at all.
    """
    found: dict[str, list[_CorrectionTarget]] = {}
    for noun in _nouns_of(suggestion, entry):
        for name, read in correctable_fields(type(noun)).items():
            declared = attrs.fields_dict(type(noun))[name]
            may_be = declared.default is None, "ahead" in declared.metadata
            target = _CorrectionTarget(noun.noun, name, getattr(noun, name), read, *may_be)
            found.setdefault(name, []).append(target)
            found.setdefault(f"{noun.noun}.{name}", []).append(target)
    return {name: targets[0] for name, targets in found.items() if all(target == targets[0] for target in targets)}


@reads_the_act
def _sets_a_field_to_a_fit_value(act: Correct, question: Question[Correct]) -> Iterator[Reason]:
    suggestion = question.suggestion
    if not 1 <= act.entry <= suggestion.version:
        yield Reason("no_such_entry", {"entry": act.entry, "last": suggestion.version}, "value")
    elif act.is_private_in(suggestion):
        yield from _kept_apart(act)
    elif (target := (targets := _targets(suggestion, act.entry)).get(act.field)) is None:
        correctable = tuple(sorted(targets))
        yield Reason("not_correctable", {"entry": act.entry, "field": act.field, "correctable": correctable}, "value")
    elif act.private_value is not None:
        yield Reason("not_kept_apart", {"entry": act.entry, "field": act.field}, "value")
    elif act.value is None and not target.may_be_unknown:
        yield Reason("never_unknown", {"entry": act.entry, "field": act.field}, "value")
    else:
        yield from _unfit(question, act, target)


def _kept_apart(act: Correct) -> Iterator[Reason]:
    if act.value is not None:
        yield Reason("kept_apart", {"field": act.field}, "value")


def _unfit(question: Question[Correct], act: Correct, target: _CorrectionTarget) -> Iterator[Reason]:
    suggestion = question.suggestion
    try:
        new = target.new(act.value)
    except NonsenseError as nonsense:
        yield Reason("unfit_value", {"field": act.field, "why": in_both(nonsense)}, "value")
        return
    if isinstance(new, Day):
        yield from () if target.may_be_ahead else has_come(new, question)
        yield from calendar_reaches(new, question)
    after: Suggestion = _set(suggestion, act.entry, target.noun, target.field, new)
    yield from days_stay_in_order(suggestion, after)
    if target.field == "deputy" and new in suggestion.co_signers:
        yield Reason("deputy_named_twice", {"deputies": (new,)}, "value")


@frozen
class Correct(Act):
    """
    A recorded fact is set right by a new entry: *field* of what entry number *entry* made.

    *value* is None where it should be unknown: it was recorded by mistake. What says something of a person (the phone
    and the address of a receipt) is set by *private_value*, which lies apart from the history as the first one does.

    It sets words, days and names on the noun the entry made and marks the entry; no later decision is
    taken again. A corrected anchor moves its term; without one the term has no day. A corrected day of what met a
    term has it met on that day. A corrected ``is_long_track`` moves the terms whose span hangs on it, a corrected
    ``notice_on`` those that replies meet; a corrected ``in_session`` ends and begins those that ask for it. Where an
    entry made several nouns, *field* names the noun too: ``reply.on``. A reply's class is corrected by ``Regrade``.
    """

    verb = "correct"
    kind = "corrected"
    reads_history = True
    checks = (_sets_a_field_to_a_fit_value,)
    entry: int
    field: str = attrs.field(validator=not_blank)
    value: str | None = attrs.field(validator=not_blank_or_none)
    reason: str = attrs.field(validator=not_blank)
    private_value: str | None = attrs.field(default=None, validator=not_blank_or_none, metadata=PRIVATE)

    def is_private_in(self, suggestion: Suggestion) -> bool:
        """Whether it is of what the entry that began *suggestion* keeps apart."""
        field = self.field.removeprefix(f"{suggestion.noun}.")
        return self.entry == suggestion.entry and field in private_fields(Receive)

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        if self.is_private_in(suggestion):
            field = f"{suggestion.noun}.{self.field.removeprefix(f'{suggestion.noun}.')}"
            correction = Correction(suggestion.next_entry, self.entry, field, None, self.reason)
            return changed(suggestion, corrections=(*suggestion.corrections, correction))
        target = _targets(suggestion, self.entry)[self.field]
        correction = Correction(
            suggestion.next_entry,
            self.entry,
            f"{target.noun}.{target.field}",
            self.value,
            self.reason,
            None if target.old is None else str(target.old),
        )
        after: Suggestion = _set(suggestion, self.entry, target.noun, target.field, target.new(self.value))
        return changed(after, corrections=(*suggestion.corrections, correction))


@reads_the_act
def _is_another_one(act: MergeWith, question: Question[MergeWith]) -> Iterator[Reason]:
    if act.other == question.suggestion.id:
        yield Reason("merged_with_itself", kind="value")


@reads_the_act
def _is_not_merged_with_it(act: MergeWith, question: Question[MergeWith]) -> Iterator[Reason]:
    if act.stands_in(question.suggestion):
        yield Reason("already_merged", {"other": act.other}, "race")


@frozen
class MergeWith(Act):
    """
    Handled together with another suggestion (并案), which records the same in the same transaction.

    Each keeps its number, its terms and its own reply (浙江 art. 18, 重庆 art. 13). Where the other one says it
    already, since a backup brought that half alone, it is written here alone.
    """

    verb = "merge_with"
    kind = "merged"
    checks = (_is_another_one, _is_not_merged_with_it)
    other: str = field(validator=not_blank)

    def mirrored_act(self, suggestion: Suggestion) -> tuple[str, Act]:
        return self.other, MergeWith(suggestion.id, on=self.on)

    def stands_in(self, suggestion: Suggestion) -> bool:
        return self.other in suggestion.merged_with

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        return changed(suggestion, merged_with=(*suggestion.merged_with, self.other))


@frozen
class Withdraw(Act):
    """The deputy takes it back (撤回); *agreed_by* are the co-signers who want the same."""

    verb = "withdraw"
    kind = "withdrawn"
    checks = (deputy_made_it,)
    reason: str = field(validator=not_blank)
    agreed_by: tuple[str, ...] = field(default=(), converter=parties)

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        return changed(suggestion, ground=self.reason)


@reads_the_act
def _another_version_decides(act: Adopt, question: Question[Adopt]) -> Iterator[Reason]:
    current = question.suggestion.rulebook
    if current is not None and current.is_of(act.name, act.version):
        yield Reason("already_adopted", {"name": act.name, "version": act.version}, "race")


@frozen
class Adopt(Act):
    """
    From here on another rulebook version decides; it is asked by the one adopted.

    Running terms are counted anew, those of rules it lacks end, and those of its own begin by what has happened.
    """

    verb = "adopt"
    kind = "adopted"
    reads_history = True
    checks = (_another_version_decides,)
    name: str = field(validator=not_blank)
    version: str = field(validator=not_blank)

    def bearing(self, suggestion: Suggestion, provenance: Provenance) -> Bearing:
        return Bearing(recounts=True)
