"""Serializable types: of which fields is every value written, and read back as itself?"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

import attrs

from handleflow.codec._by_cattrs import tells_apart
from handleflow.codec._json_classes import IN_JSON, by_json_class
from handleflow.errors import WrongType
from handleflow.model.field_types import hints_of, type_as_code
from handleflow.model.fields import private_fields
from handleflow.words import Message


def require_readable(event: type[Any]) -> None:
    """
    Make sure that whatever the fields of *event* hold is read back from the record as what it was.

    Raises:
        WrongType: with every field of which that cannot be said, and the types that would do.
    """
    unreadable = tuple(_unreadable(event))
    if unreadable:
        raise WrongType(Message("error-unreadable_fields", {"act": event.__name__, "fields": unreadable}))


def _unreadable(event: Any) -> Iterator[str]:
    hints, private = hints_of(event), private_fields(event)
    for field in attrs.fields(event):
        hint = hints.get(field.name, Any)
        # What a person has had erased is unknown from then on.
        if not is_readable(hint) or (field.name in private and NoneType not in get_args(hint)):
            yield f"{field.name}: {type_as_code(hint)}{' (PRIVATE)' if field.name in private else ''}"


def is_readable(hint: Any, within: tuple[Any, ...] = ()) -> bool:
    """Whether every value of a type is read back as itself; *within* are the classes being looked into."""
    origin, args = get_origin(hint), get_args(hint)
    if origin in {Union, UnionType}:
        return all(is_readable(arg, within) for arg in args) and _is_told_apart(hint)
    if origin is Literal:
        return all(type(arg) in {str, int, bool, NoneType} for arg in args)
    if origin is tuple:
        return all(arg is ... or is_readable(arg, within) for arg in args)
    if hint in {None, *within}:
        return True
    if not isinstance(hint, type) or origin is not None:
        return False
    return hint in IN_JSON or _is_readable_class(hint, within)


def _is_readable_class(kind: type[Any], within: tuple[Any, ...]) -> bool:
    if issubclass(kind, Enum):
        return all(type(member.value) in {str, int, bool} for member in kind)
    if not attrs.has(kind):
        return False
    hints = hints_of(kind)
    return all(is_readable(hints.get(field.name, Any), (*within, kind)) for field in attrs.fields(kind))


def _is_told_apart(union: Any) -> bool:
    """Whether what stands in JSON says which of the types it is of."""
    known = [arg for arg in get_args(union) if arg is not NoneType]
    if len(known) == 1 or by_json_class(known) is not None:
        return True
    return all(isinstance(arg, type) and attrs.has(arg) for arg in known) and tells_apart(union)
