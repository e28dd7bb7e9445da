"""Enumeration check: is a code one of those known?"""

from __future__ import annotations

from typing import Any

from attrs import Attribute

from handleflow.errors import UnknownChoice
from handleflow.values import as_given
from handleflow.words.nearest import did_you_mean


class OneOf:
    """
    An attrs validator: *value* is one of the known codes (None too, where it may be unknown).

    Raises:
        UnknownChoice: with the nearest known code.
    """

    def __init__(self, *known: str, or_none: bool = False) -> None:
        self.known = known
        self.or_none = or_none

    def __call__(self, instance: object, attribute: Attribute[Any], value: object) -> None:
        if value in self.known or (value is None and self.or_none):
            return
        where, given = f"{type(instance).__name__}: {attribute.name!r}", as_given(attribute, value)
        nearest_to = value if given == repr(value) else ""
        raise UnknownChoice(f"{where} cannot be {given}{did_you_mean(nearest_to, self.known)}")
