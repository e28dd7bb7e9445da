"""JSON types: what do values of each class become there, and of which type is what stands there?"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from types import NoneType
from typing import Any, Literal, get_args, get_origin

from handleflow.codec._compiled import Readers, Writers

IN_JSON: dict[type[Any], type[Any]] = {
    **{kind: kind if kind in {str, int, bool} else str for kind in Writers.scalars.keys() & Readers.scalars.keys()},
    float: float,
    NoneType: NoneType,
}
"""What the values of each class are in JSON."""


def by_json_class(args: Iterable[Any]) -> dict[type[Any], Any] | None:
    """Which of some types each class of JSON values is of; None where two of them look alike there."""
    found: dict[type[Any], Any] = {}
    for arg in args:
        for kind in _json_classes(arg):
            if found.setdefault(kind, arg) is not arg:
                return None
    return found


def _json_classes(hint: Any) -> set[type[Any]]:
    if get_origin(hint) is Literal:
        return {type(arg) for arg in get_args(hint)}
    if get_origin(hint) is tuple:
        return {list}
    if isinstance(hint, type) and issubclass(hint, Enum):
        return {type(member.value) for member in hint}
    return {IN_JSON.get(hint, dict)}
