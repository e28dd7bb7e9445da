"""
Validation of plain data: is a document plain data that can be shown, compared and written again, whoever wrote it?
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from math import isfinite
from typing import Any

from handleflow.errors import BrokenRulebook

_DEEPEST = 32
"""Documents that ship lie four deep. Python itself stops at a thousand, wherever it is by then."""

_MOST_BITS = 64
_HALF = re.compile("[\ud800-\udfff]")


def require_plain(name: str, document: object) -> None:
    """
    Make sure that *document* is a table of plain data, as a file would be; it may be a host's own dictionary.

    Raises:
        BrokenRulebook: with the first thing in it that no rulebook and no calendar can hold.
    """
    what = _unfit(document) if isinstance(document, Mapping) else f"{document!r} should be a table"
    if what is not None:
        raise BrokenRulebook(name, (what,))


def _unfit(document: Mapping[Any, Any]) -> str | None:
    layer: list[Any] = [document]
    for _ in range(_DEEPEST):
        for value in layer:
            if (what := _unfit_alone(value)) is not None:
                return what
        layer = [inner for value in layer for inner in _inside(value)]
    return f"its tables and lists lie more than {_DEEPEST} deep" if layer else None


def name_of(document: Mapping[str, Any]) -> str:
    """The name it gives itself, where that is text."""
    name = document.get("name")
    return name if isinstance(name, str) else "without a name"


def _inside(value: Any) -> Iterable[Any]:
    if isinstance(value, Mapping):
        return (*value.keys(), *value.values())
    return value if isinstance(value, (list, tuple)) else ()


def _unfit_alone(value: Any) -> str | None:
    if isinstance(value, Mapping):
        key = next((key for key in value if not isinstance(key, str)), "")
        return f"it has the key {key!r}, which is no text" if key != "" else None
    if isinstance(value, int) and value.bit_length() > _MOST_BITS:
        return f"it holds a number of more than {_MOST_BITS} bits"
    if isinstance(value, float) and not isfinite(value):
        return f"it holds {value}, which is no number"
    if isinstance(value, str) and _HALF.search(value):
        return f"it holds half of a surrogate pair: {value[:60]!r}"
    return None
