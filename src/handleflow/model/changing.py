"""How does a value that never changes become another?"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from operator import attrgetter
from typing import Any, TypeVar

import attrs

T = TypeVar("T")


def changed(value: T, /, **changes: object) -> T:
    """
    *value* with some fields changed, converted and validated as when it was made.

    It is ``attrs.evolve`` in two thirds of its time: every entry changes a picture of fifty fields twice, and reading
    them by name, one by one, took half of that.
    """
    kind: Any = type(value)
    read, places = _shape(kind)
    told = list(read(value))
    for name, new in changes.items():
        told[places[name]] = new
    made: T = kind(*told)
    return made


@cache
def _shape(kind: type[Any]) -> tuple[Callable[[Any], Any], dict[str, int]]:
    """How all fields of a class are read at once, and where each of them stands."""
    names = [field.name for field in attrs.fields(kind)]
    read = attrgetter(*names)
    return (read if len(names) > 1 else lambda value: (read(value),)), {name: n for n, name in enumerate(names)}
