"""Message arguments: what may stand in a sentence? Facts: data that is put into words when somebody reads it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Protocol, runtime_checkable

from handleflow.party import plain_party
from handleflow.values import frozen, keep_signature


@frozen
class Bilingual:
    """Words that are no sentence of the catalogue, since a rulebook brings them: in both its languages, or in one."""

    en: str = ""
    zh: str = ""

    def spoken(self, lang: str) -> str:
        """The language that these words are said in to whoever reads *lang*: the other one, where only that is."""
        wanted, other = ("zh", "en") if lang.startswith("zh") else ("en", "zh")
        return wanted if getattr(self, wanted) or not getattr(self, other) else other

    def said(self, lang: str) -> str:
        """The words for whoever reads *lang*."""
        return self.zh if self.spoken(lang) == "zh" else self.en


@runtime_checkable
class Amount(Protocol):
    """So many of a unit, as a ``Span`` is."""

    @property
    def n(self) -> int:
        """How many."""

    @property
    def unit(self) -> str:
        """Of what: ``day``, ``workday`` or ``month``."""


Fact = str | int | datetime.date | None | Bilingual | Amount | tuple[str | int | datetime.date | None, ...]
Facts = tuple[tuple[str, Fact], ...]
Labels = Mapping[tuple[str, str], Bilingual]
"""What a rulebook calls its codes: (what it is the code of, the code) and the words; ``("state", "vetted")``."""
Given = Mapping[str, Fact] | Facts


def as_facts(given: Given) -> Facts:
    """An attrs converter: facts as (name, value) pairs, in order."""
    return tuple(dict(given).items())


keep_signature(as_facts)


def plain_facts(facts: Facts) -> dict[str, object]:
    """Facts as JSON holds them: days and spans as text, several as a list, words in both languages."""
    return {name: _plain(value) for name, value in facts}


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, str):
        return plain_party(value)
    if isinstance(value, Bilingual):
        return {"en": value.en, "zh": value.zh}
    return value if value is None or isinstance(value, int) else str(value)
