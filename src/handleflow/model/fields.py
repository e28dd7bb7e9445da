"""
Field validators: which words, days and names may stand in a value, and which of them may be corrected or are
private?
"""

from __future__ import annotations

import datetime
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

import attrs
from attrs import Attribute
from pendulum import DateTime

from handleflow.errors import EmptyWords, ImpossibleDay, NaiveInstant, TooLong, UnknownChoice, UnusableName
from handleflow.legal_time import Day, day, instant
from handleflow.party import Party, party_from
from handleflow.values import as_given, keep_signature
from handleflow.words import Message

CORRECTABLE = {"correctable": True}
"""Metadata of a field of a noun that ``Correct`` may touch."""

CORRECTABLE_AHEAD = {**CORRECTABLE, "ahead": True}
"""The same of a day that somebody named in advance: it may lie in the future."""

PRIVATE = {"private": True}
"""
Metadata of a field of an act that says something of a person (a telephone number, an address).

Stores keep it apart from the history, which holds a salted digest. It enters no suggestion, no ``repr`` and no error,
and no listener hears it that did not ask. Give such a field a validator and no converter: a converter does not know
whose value it reads, and its error names what it was given.
"""


@cache
def private_fields(kind: Any) -> tuple[str, ...]:
    """The names of the fields of an attrs class that are private."""
    return tuple(a.name for a in attrs.fields(kind) if a.metadata.get("private"))


def not_blank(instance: object, attribute: Attribute[str], value: object) -> None:
    """
    An attrs validator: *value* is text that says something.

    Raises:
        EmptyWords: when it is no text, blank, or cannot be written everywhere (NUL, half of a surrogate pair).
    """
    if not is_text(value):
        kind, given = type(instance).__name__, as_given(attribute, value)
        raise EmptyWords(Message("error-empty_words", {"kind": kind, "field": attribute.name, "given": given}))


LONGEST_NAME, LONGEST_CODE, LONGEST_VERSION = 255, 64, 128
"""How many characters an id or a name may have; a code that a rulebook gives; a rulebook's own name or version."""


def _within(limit: int) -> Callable[[object, Attribute[Any], object], None]:
    def checked(instance: object, attribute: Attribute[Any], value: object) -> None:
        not_blank(instance, attribute, value)
        if isinstance(value, str) and len(value) > limit:
            kind, field, n = type(instance).__name__, attribute.name, len(value)
            raise TooLong(Message("error-too_long", {"kind": kind, "field": field, "n": n, "limit": limit}))

    return checked


named, coded = _within(LONGEST_NAME), _within(LONGEST_CODE)
"""Attrs validators: text that says something and that every store can look for, of so many characters at most."""


def maybe_named(instance: object, attribute: Attribute[str | None], value: object) -> None:
    """An attrs validator: *value* is unknown (None) or a name."""
    if value is not None:
        not_blank_or_none(instance, attribute, value)
        named(instance, attribute, value)


def is_text(value: object) -> bool:
    """Whether *value* is text that says something and can be written everywhere."""
    if not isinstance(value, str):
        return False
    # What can be printed holds no NUL and no half of a surrogate pair: of eleven names in a snapshot nearly all.
    return bool(value) and not value.isspace() if value.isprintable() else bool(value.strip()) and is_writable(value)


def is_writable(words: str) -> bool:
    """Whether the text can be written everywhere; half of a surrogate pair and NUL cannot."""
    try:
        words.encode()
    except UnicodeEncodeError:
        return False
    return "\x00" not in words


def not_blank_or_none(instance: object, attribute: Attribute[str | None], value: object) -> None:
    """
    An attrs validator: *value* is unknown (None) or text that says something, never empty text.

    Raises:
        EmptyWords: when it is neither.
    """
    if value is not None and not is_text(value):
        kind, given = type(instance).__name__, as_given(attribute, value)
        raise EmptyWords(Message("error-none_when_unknown", {"kind": kind, "field": attribute.name, "given": given}))


def day_or_none(value: datetime.date | str | None) -> Day | None:
    """An attrs converter: a day, or None when it is unknown."""
    return None if value is None else day(value)


def aware(value: datetime.datetime | str) -> DateTime:
    """
    An attrs converter: an instant, or its ISO text with the offset of its zone, ``2026-02-10T09:00+08:00``.

    Raises:
        NaiveInstant: when it is none, or has no zone.
    """
    try:
        return instant(datetime.datetime.fromisoformat(value) if isinstance(value, str) else value)
    except ValueError as error:
        raise NaiveInstant(Message("error-no_instant_text", {"given": f"{value!r:.80}"})) from error


def days(value: Sequence[datetime.date | str]) -> tuple[Day, ...]:
    """
    An attrs converter: several days, in order.

    Raises:
        ImpossibleDay: when one of them is no day, or a single one was given for several.
    """
    if not isinstance(value, (tuple, list)):
        raise ImpossibleDay(Message("error-days_as_tuple", {"given": f"{value!r:.80}"}))
    return tuple(day(each) for each in value)


def names(value: tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """
    An attrs converter: several names, in order.

    Raises:
        EmptyWords: when one of them says nothing, or a single text was given for several.
        TooLong: when one is longer than a name may be.
    """
    if not isinstance(value, (tuple, list)):
        raise EmptyWords(Message("error-names_as_tuple", {"given": f"{value!r:.80}"}))
    for name in value:
        if not is_text(name):
            raise EmptyWords(Message("error-empty_name", {"given": f"{name!r:.80}"}))
        if len(name) > LONGEST_NAME:
            n, given = len(name), f"{name[:40]!r}…"
            raise TooLong(Message("error-long_name", {"n": n, "limit": LONGEST_NAME, "given": given}))
    return tuple(value)


@lru_cache(maxsize=8192)
def normalised(name: str) -> str:
    """
    A name as it is compared: composed (NFC), without what cannot be seen, each run of blanks one blank.

    Raises:
        UnusableName: when a control character stands in it.
    """
    if name.isascii() and name.isprintable() and "  " not in name:
        return name.strip()
    seen = "".join(letter for letter in unicodedata.normalize("NFC", name) if unicodedata.category(letter) != "Cf")
    kept = " ".join(seen.split())
    if hidden := tuple(f"U+{ord(letter):04X}" for letter in kept if unicodedata.category(letter) == "Cc"):
        visible = "".join(letter for letter in kept if unicodedata.category(letter) != "Cc")
        raise UnusableName(Message("error-unusable_name", {"name": visible, "hidden": hidden}))
    return kept


def as_name(value: str) -> str:
    """An attrs converter: a name as it is compared; what is no text is left for the validators to name."""
    given: Any = value
    return normalised(given) if isinstance(given, str) else given


def party(value: str | Mapping[str, str]) -> str:
    """
    An attrs converter: somebody, given as text, as a ``Party``, or as a mapping of ``id`` and ``name``.

    Where id and name are one, it is plain text. What is no text is left for the validators to name.

    Raises:
        UnusableName: when a control character stands in the id or the name.
        EmptyWords, TooLong: when the name of a ``Party`` says nothing, or is longer than a name may be.
    """
    given: Any = party_from(value)
    if not isinstance(given, str):
        return given  # type: ignore[no-any-return]  # whatever it is, the validator of the field says so
    id = normalised(given.id if isinstance(given, Party) else given)
    if not isinstance(given, Party):
        return id
    (name,) = names((normalised(given.name),))
    return id if id == name else Party(id, name)


def party_or_none(value: str | Mapping[str, str] | None) -> str | None:
    """An attrs converter: somebody, or None where nobody knows who."""
    return None if value is None else party(value)


def parties(value: tuple[str | Mapping[str, str], ...] | list[str | Mapping[str, str]]) -> tuple[str, ...]:
    """An attrs converter: several, each as ``party`` takes one."""
    several: Any = value  # a single text may come too, which is refused as such
    return names(tuple(map(party, several)) if isinstance(several, (tuple, list)) else several)


def cells(value: object) -> tuple[tuple[str, str], ...]:
    """
    An attrs converter: (column, text) pairs as they stood in a row.

    Raises:
        EmptyWords: when one is no pair of writable texts.
    """
    given: tuple[Any, ...] = tuple(value) if isinstance(value, (tuple, list)) else (None,)
    pairs = tuple(tuple(pair) if isinstance(pair, (tuple, list)) else () for pair in given)
    for pair in pairs:
        if len(pair) != 2 or not all(isinstance(text, str) and is_writable(text) for text in pair):
            raise EmptyWords(Message("error-no_pairs", {"given": f"{value!r:.80}"}))
    return tuple((name, text) for name, text in pairs)


def truth(value: str) -> bool:
    """
    Whether it is so, from the text ``true`` or ``false``.

    Raises:
        UnknownChoice: when the text is anything else.
    """
    if value not in _TRUTHS:
        raise UnknownChoice(f"what is so or not is {' or '.join(_TRUTHS)}, not {value!r}")
    return value == "true"


_TRUTHS = ("true", "false")
_FROM_TEXT: Mapping[object, Callable[[str], object]] = {None: str, party: party, party_or_none: party}


def correctable_fields(noun: type) -> dict[str, Callable[[str], object]]:
    """The fields of *noun* that ``Correct`` may touch, each with what reads its new value from text."""
    found: dict[str, Callable[[str], object]] = {}
    for attribute in attrs.fields(noun):
        if attribute.metadata.get("correctable"):
            read = _FROM_TEXT.get(attribute.converter, day)
            found[attribute.name] = truth if "bool" in str(attribute.type) else read
    return found


keep_signature(aware, day_or_none, days, names, cells, as_name, party, party_or_none, parties)
