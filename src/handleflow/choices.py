"""Enumeration check: is a code one of those known?"""

from __future__ import annotations

from typing import Any

from attrs import Attribute

from handleflow.errors import UnknownChoice
from handleflow.values import as_given
from handleflow.words import Message


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
        kind, name, given = type(instance).__name__, attribute.name, as_given(attribute, value)
        wrong, known = str(value) if given == repr(value) else "", self.known
        raise UnknownChoice(
            Message(
                "error-unknown_choice", {"kind": kind, "field": name, "given": given, "wrong": wrong, "known": known}
            )
        )
