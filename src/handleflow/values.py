"""
Immutable values: what is a value? An attrs class that never changes, light where there are many, and quick to
import.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import attrs

__all__ = ["as_given", "frozen", "in_one_line", "keep_signature", "shown"]

_MOST = 120


def keep_signature(*converters: Callable[..., object]) -> None:
    """Work out the signatures of *converters* once: attrs asks for them at each of the ninety fields they convert."""
    for each in converters:
        vars(each)["__signature__"] = inspect.signature(each)


def in_one_line(value: object, *parts: object) -> str:
    """The ``repr`` of what holds much: its class and the *parts* that tell it apart, in at most 120 characters."""
    shown = f"{type(value).__name__}({', '.join(map(str, parts))})"
    return shown if len(shown) <= _MOST else f"{shown[: _MOST - 2]}…)"


if TYPE_CHECKING:
    from attrs import frozen
else:
    from functools import partial
    from operator import attrgetter

    def frozen(kind=None, /, *, eq=True, **settings):
        """
        ``attrs.frozen`` with one ``__repr__``, one ``__eq__`` and one ``__hash__`` for all, and no weak references.

        The library has nearly two hundred such classes. Nobody refers to a value weakly, and eight bytes for that
        were a fourteenth of a suggestion in memory; to compile as many ways to be shown and to be compared took
        a quarter of the import. A class may bring its own hash, as it may its own words.
        """

        def made(kind):
            if "__repr__" not in vars(kind):
                kind.__repr__ = shown
            value = attrs.frozen(kind, repr=False, eq=False, weakref_slot=False, **settings)
            if eq and "__eq__" not in vars(kind):
                value.__eq__, hashed = _comparing(value)
                value.__hash__ = vars(kind).get("__hash__", hashed)
            if not all(field.init for field in attrs.fields(value)):
                value.__reduce__ = _reduced
            return value

        return made if kind is None else made(kind)

    def _comparing(kind):
        """
        ``__eq__`` and ``__hash__`` of a class, which mean what attrs would compile for it.

        Only values of the very same class are equal, and a field that cannot be hashed leaves its value without a
        hash. But a NaN, which no field of ours holds, is equal to itself, as it is within a tuple.
        """
        names = [field.name for field in attrs.fields(kind) if field.eq]
        read = attrgetter(*names) if names else type

        def equals(self, other):
            return read(self) == read(other) if other.__class__ is self.__class__ else NotImplemented

        def hashed(self):
            return hash((kind.__qualname__, read(self)))

        return equals, hashed

    def _reduced(value):
        # What pickle and copy take of a value that works out fields by itself: those it was made of, and no cache.
        given = (field for field in attrs.fields(type(value)) if field.init)
        return partial(type(value), **{field.alias: getattr(value, field.name) for field in given}), ()


def shown(value: object) -> str:
    """The ``repr`` of an attrs *value*. What says something of a person stands in no log and no traceback."""
    kind: Any = type(value)
    fields = (field for field in attrs.fields(kind) if field.repr and not field.metadata.get("private"))
    held = (f"{field.name}={getattr(value, field.name)!r}" for field in fields)
    return f"{kind.__qualname__.rpartition('>.')[2]}({', '.join(held)})"


def as_given(attribute: attrs.Attribute[Any], value: object) -> str:
    """How an error names a *value* that the field *attribute* does not take: one of a private field by its type."""
    return f"<{type(value).__name__}>" if attribute.metadata.get("private") else repr(value)
