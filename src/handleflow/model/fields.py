"""
Field validators: which words, days and names may stand in a value, and which of them may be corrected or are
private?
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from typing import Any

import attrs
from attrs import Attribute

from handleflow.errors import EmptyWords, ImpossibleDay, TooLong
from handleflow.legal_time import Day, day
from handleflow.values import keep_signature

CORRECTABLE = {"correctable": True}
"""Metadata of a field of a noun that ``Correct`` may touch."""

PRIVATE = {"private": True}
"""
Metadata of a field of an act that says something of a person (a telephone number, an address).

Stores keep it apart from the history, which holds a salted digest; it never enters the suggestion.
"""


def not_blank(instance: object, attribute: Attribute[str], value: object) -> None:
    """An attrs validator: *value* is text that says something."""
    if not is_text(value):
        raise EmptyWords(f"{type(instance).__name__} needs words for {attribute.name!r}, not {value!r}")


LONGEST_NAME, LONGEST_CODE, LONGEST_VERSION = 255, 64, 128
"""How many characters an id or a name may have; a code that a rulebook gives; a rulebook's own name or version."""


def _within(limit: int) -> Callable[[object, Attribute[Any], object], None]:
    def checked(instance: object, attribute: Attribute[Any], value: object) -> None:
        not_blank(instance, attribute, value)
        if isinstance(value, str) and len(value) > limit:
            what = f"{type(instance).__name__}: {attribute.name!r} is of {len(value)} characters"
            raise TooLong(f"{what}, and {limit} are kept")

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
    """An attrs validator: *value* is unknown (None) or text that says something, never empty text."""
    if value is not None and not is_text(value):
        raise EmptyWords(f"{type(instance).__name__}: {attribute.name!r} is None when unknown, not {value!r}")


def day_or_none(value: datetime.date | str | None) -> Day | None:
    """An attrs converter: a day, or None when it is unknown."""
    return None if value is None else day(value)


def days(value: Sequence[datetime.date | str]) -> tuple[Day, ...]:
    """An attrs converter: several days, in order."""
    if not isinstance(value, (tuple, list)):
        raise ImpossibleDay(f"give days as a tuple, ({value!r},), not {value!r}")
    return tuple(day(each) for each in value)


def names(value: tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """
    An attrs converter: several names, in order.

    Raises:
        EmptyWords: when one of them says nothing, or a single text was given for several.
        TooLong: when one is longer than a name may be.
    """
    if not isinstance(value, (tuple, list)):
        raise EmptyWords(f"give names as a tuple, ({value!r},), not {value!r}")
    for name in value:
        if not is_text(name):
            raise EmptyWords(f"a name must say something, not {name!r}")
        if len(name) > LONGEST_NAME:
            raise TooLong(f"a name is of {len(name)} characters, and {LONGEST_NAME} are kept: {name[:40]!r}…")
    return tuple(value)


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
            raise EmptyWords(f"a row is kept as (column, text) pairs, not {value!r}")
    return tuple((name, text) for name, text in pairs)


def correctable_fields(noun: type) -> dict[str, Callable[[str], object]]:
    """The fields of *noun* that ``Correct`` may touch, each with what reads its new value from text."""
    found: dict[str, Callable[[str], object]] = {}
    for attribute in attrs.fields(noun):
        if attribute.metadata.get("correctable"):
            found[attribute.name] = str if attribute.converter is None else day
    return found


keep_signature(day_or_none, days, names, cells)
