"""Validation finding: what is wrong with a rulebook, and in which of its rows?"""

from __future__ import annotations

from typing import Any

import attrs

from handleflow.values import frozen


@frozen
class Finding:
    """
    What is wrong, in words; *part* is the key of a rulebook's file that it is about.

    Of a part that has many rows *row* is the rule that was read from one of them, or the name of a state.
    """

    words: str
    part: str
    row: object = None


def about(part: str, row: Any, words: str) -> Finding:
    """A finding about a rule: behind the part and the first of its fields, which names it."""
    name = getattr(row, attrs.fields(type(row))[0].name)
    return Finding(f"{part} {name!r}{words}" if isinstance(name, str) else f"{part}{words}", part, row)
