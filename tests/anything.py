"""Random values of attrs classes, made from the types and the checks of their fields."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import attrs
from hypothesis import strategies as st
from pendulum import DateTime

from handleflow.acts import EVENTS, Supervise
from handleflow.choices import OneOf
from handleflow.legal_time import Day, Span, day, instant
from handleflow.legal_time.span import UNITS
from handleflow.model import Suggestion
from handleflow.model.fields import LONGEST_CODE, as_name, maybe_named, named, parties, party, party_or_none
from handleflow.party import Party
from tests.beginnings import SHANGHAI

LETTERS = st.characters(codec="utf-8", exclude_characters="\x00")
WORDS = st.text(LETTERS, min_size=1, max_size=LONGEST_CODE).filter(lambda said: said.strip())
"""Words that are short enough for every field."""
SEEN = st.characters(codec="utf-8", exclude_categories=("Cc", "Cf"))
NAMES = st.text(SEEN, min_size=1, max_size=LONGEST_CODE).filter(lambda said: said.strip())
SOMEBODY = st.one_of(NAMES, st.builds(Party, NAMES, NAMES))
"""Names, and somebody with an id beside the name."""
NAMING, NAMED = (as_name, party, party_or_none, parties), (named, maybe_named)
INSTANTS = st.datetimes(datetime.datetime(1950, 1, 1), datetime.datetime(2100, 1, 1))  # noqa: DTZ001  zones come below
SCALARS: dict[Any, st.SearchStrategy[Any]] = {
    str: WORDS,
    int: st.integers(),
    bool: st.booleans(),
    None: st.none(),
    NoneType: st.none(),
    float: st.floats(allow_nan=False, allow_infinity=False),
    Day: st.dates().map(day),
    DateTime: st.builds(
        lambda at, zone: instant(at.replace(tzinfo=zone)), INSTANTS, st.sampled_from([SHANGHAI, datetime.UTC])
    ),
    Span: st.builds(Span, st.integers(-999, 999), st.sampled_from(UNITS)),
}

TOGETHER: dict[type[Any], dict[str, st.SearchStrategy[Any]]] = {Supervise: {"text": WORDS}}
"""What a class asks of fields taken together: somebody urges in words, where no rung speaks."""


def values_of(kind: type[Any]) -> st.SearchStrategy[Any]:
    """Values of *kind*: some fields have their defaults, the others anything that their types hold."""
    hints = get_type_hints(kind)
    fields = {field.name: _of_field(field, hints[field.name]) for field in attrs.fields(kind)}
    fields |= (together := TOGETHER.get(kind, {}))
    needed = {field.name for field in attrs.fields(kind) if field.default is attrs.NOTHING or field.name in together}
    said = st.fixed_dictionaries(
        {name: each for name, each in fields.items() if name in needed},
        optional={name: each for name, each in fields.items() if name not in needed},
    )
    return said.map(lambda values: kind(**values))


def _of_field(field: Any, hint: Any) -> st.SearchStrategy[Any]:
    if isinstance(field.validator, OneOf):
        return st.sampled_from([*field.validator.known, *([None] if field.validator.or_none else [])])
    if field.converter not in NAMING and (field.converter is not None or field.validator not in NAMED):
        return of_type(hint)
    somebody = NAMES if field.converter is as_name else SOMEBODY
    if get_origin(hint) is tuple:
        return st.lists(somebody, max_size=3).map(tuple)
    return somebody | st.none() if NoneType in get_args(hint) else somebody


def of_type(hint: Any) -> st.SearchStrategy[Any]:
    """Values of a type as fields have it."""
    if hint in SCALARS:
        return SCALARS[hint]
    args = get_args(hint)
    if get_origin(hint) is Literal or (isinstance(hint, type) and issubclass(hint, Enum)):
        return st.sampled_from(args or list(hint))
    if get_origin(hint) in {Union, UnionType}:
        return st.one_of(*map(of_type, args))
    if get_origin(hint) is tuple:
        return st.lists(of_type(args[0]), max_size=3).map(tuple) if ... in args else st.tuples(*map(of_type, args))
    return values_of(hint)


def in_full(value: Any) -> str:
    """All that a value holds, where its ``repr`` is one line of it, and of which types it is."""
    fields = attrs.astuple(value) if attrs.has(type(value)) else value
    return f"{type(value).__name__} {fields!r}"


def library_classes() -> tuple[type[Any], ...]:
    """Every class that stands in an entry or a snapshot: events, nouns, the suggestion itself."""
    return tuple(dict.fromkeys(each for kind in (*EVENTS, Suggestion) for each in _within(kind)))


def _within(hint: Any) -> Iterator[type[Any]]:
    for arg in get_args(hint):
        yield from _within(arg)
    if attrs.has(hint) and hint not in SCALARS:
        yield hint
        hints = get_type_hints(hint)
        for field in attrs.fields(hint):
            yield from _within(hints[field.name])
