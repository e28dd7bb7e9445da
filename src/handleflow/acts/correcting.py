"""What was recorded wrongly, and what changes the whole? Correction, merging, withdrawal, adoption."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs
from attrs import field, frozen

from handleflow.acts._who import deputy_objections
from handleflow.errors import NonsenseError, Objection
from handleflow.model import Act, Actor, Asked, RulebookRef, Suggestion
from handleflow.model import parts as nouns
from handleflow.model.fields import correctable_fields, names, spoken
from handleflow.words import refusals as say


def _nouns_of(value: Any, entry: int) -> Iterator[Any]:
    """Every noun in the picture, however deep, that entry number *entry* made."""
    if isinstance(value, tuple):
        for each in value:
            yield from _nouns_of(each, entry)
    elif attrs.has(type(value)):
        if getattr(value, "entry", None) == entry:
            yield value
        for attribute in attrs.fields(type(value)):
            yield from _nouns_of(getattr(value, attribute.name), entry)


def _set(value: Any, entry: int, name: str, new: object) -> Any:
    """*value* with field *name* of every noun that entry *entry* made set to *new*."""
    if isinstance(value, tuple):
        return tuple(_set(each, entry, name, new) for each in value)
    if not attrs.has(type(value)):
        return value
    change = {}
    for attribute in attrs.fields(type(value)):
        old = getattr(value, attribute.name)
        inner = _set(old, entry, name, new)
        if inner is not old and inner != old:
            change[attribute.name] = inner
    if getattr(value, "entry", None) == entry and name in correctable_fields(type(value)):
        change[name] = new
    return attrs.evolve(value, **change) if change else value


@frozen
class Correct(Act):
    """
    A recorded fact is set right by a new entry: *field* of what entry number *entry* made.

    It sets words, days and names on the noun the entry made and marks the entry; no later decision is
    taken again. A corrected anchor moves its term. A reply's class is corrected by ``Regrade``.
    """

    verb = "correct"
    kind = "corrected"
    entry: int
    field: str = attrs.field(validator=spoken)
    value: str = attrs.field(validator=spoken)
    reason: str = attrs.field(validator=spoken)

    def objections(self, suggestion: Suggestion, asked: Asked) -> Iterator[Objection]:
        if not 1 <= self.entry <= suggestion.version:
            yield say.no_such("entry", "记录", self.entry, (f"1 to {suggestion.version}",))
            return
        readers = self._readers(suggestion)
        if self.field not in readers:
            yield say.not_correctable(self.entry, self.field, sorted(readers))
            return
        try:
            new = readers[self.field](self.value)
            _set(suggestion, self.entry, self.field, new)
        except NonsenseError as nonsense:
            yield say.unfit_value(self.field, str(nonsense))
            return
        if self.is_day(suggestion) and new > asked.on:
            yield say.day_in_future(new, asked.on)

    def _readers(self, suggestion: Suggestion) -> dict[str, Any]:
        readers: dict[str, Any] = {}
        for noun in _nouns_of(suggestion, self.entry):
            for name, reader in correctable_fields(type(noun)).items():
                if name in readers and reader is str:
                    # Words of one of several nouns: which one is meant, nobody could say.
                    readers[name] = None
                readers.setdefault(name, reader)
        return {name: reader for name, reader in readers.items() if reader is not None}

    def is_day(self, suggestion: Suggestion) -> bool:
        """Whether what is corrected is a day."""
        return self._readers(suggestion).get(self.field, str) is not str

    def effect(self, suggestion: Suggestion, asked: Asked) -> Suggestion:
        noun = next(n for n in _nouns_of(suggestion, self.entry) if self.field in correctable_fields(type(n)))
        old = getattr(noun, self.field)
        new = self._readers(suggestion)[self.field](self.value)
        correction = nouns.Correction(
            suggestion.next_entry,
            self.entry,
            self.field,
            self.value,
            self.reason,
            None if old is None else str(old),
        )
        after: Suggestion = _set(suggestion, self.entry, self.field, new)
        return attrs.evolve(after, corrections=(*suggestion.corrections, correction))


@frozen
class MergeWith(Act):
    """
    Handled together with another suggestion (并案), which records the same in the same transaction.

    Each keeps its number, its terms and its own reply (浙江 art. 18, 重庆 art. 13).
    """

    verb = "merge_with"
    kind = "merged"
    other: str = field(validator=spoken)

    def objections(self, suggestion: Suggestion, asked: Asked) -> Iterator[Objection]:
        if self.other == suggestion.id:
            yield say.merged_with_itself()
        if self.other in suggestion.merged_with:
            yield say.already("already_merged", f"merged with {self.other} already", f"已与 {self.other} 并案")

    def counterpart(self, suggestion: Suggestion) -> tuple[str, Act]:
        return self.other, MergeWith(suggestion.id, on=self.on)

    def effect(self, suggestion: Suggestion, asked: Asked) -> Suggestion:
        return attrs.evolve(suggestion, merged_with=(*suggestion.merged_with, self.other))


@frozen
class Withdraw(Act):
    """The deputy takes it back (撤回); *agreed_by* are the co-signers who want the same."""

    verb = "withdraw"
    kind = "withdrawn"
    reason: str = field(validator=spoken)
    agreed_by: tuple[str, ...] = field(default=(), converter=names)

    @classmethod
    def hindrances(cls, suggestion: Suggestion, by: Actor) -> Iterator[Objection]:
        yield from deputy_objections(suggestion, by)

    def effect(self, suggestion: Suggestion, asked: Asked) -> Suggestion:
        return attrs.evolve(suggestion, ground=self.reason)


@frozen
class Adopt(Act):
    """From here on another rulebook version decides; it is asked by the one adopted."""

    verb = "adopt"
    kind = "adopted"
    name: str = field(validator=spoken)
    version: str = field(validator=spoken)

    def objections(self, suggestion: Suggestion, asked: Asked) -> Iterator[Objection]:
        if suggestion.rulebook == RulebookRef(self.name, self.version):
            yield say.already("already_adopted", f"{self.name} {self.version} decides already", "已适用该版规则")
