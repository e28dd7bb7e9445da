"""Is a document plain data that can be shown, compared and written again, whoever wrote it?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from math import isfinite
from typing import Any

_DEEPEST = 32
"""Documents that ship lie four deep. Python itself stops at a thousand, wherever it is by then."""

_MOST_BITS = 64
_HALF = re.compile("[\ud800-\udfff]")


def unfit(document: Mapping[str, Any]) -> str | None:
    """What of *document* no rulebook and no calendar can hold, in words; None where all is plain."""
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
    if isinstance(value, int) and value.bit_length() > _MOST_BITS:
        return f"it holds a number of more than {_MOST_BITS} bits"
    if isinstance(value, float) and not isfinite(value):
        return f"it holds {value}, which is no number"
    if isinstance(value, str) and _HALF.search(value):
        return f"it holds half of a surrogate pair: {value[:60]!r}"
    return None
