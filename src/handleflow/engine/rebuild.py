"""Rebuild of projections: how is everything mended that stands beside histories and is not what they derive?"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from handleflow.engine._engine import Engine
from handleflow.errors import HandleflowError, StaleSuggestion
from handleflow.values import frozen

_ROUNDS = 8


@frozen
class Rebuilt:
    """The ids of suggestions beside which stood something else, and those left as they are, each with the reason."""

    changed: tuple[str, ...]
    left: tuple[tuple[str, str], ...] = ()


def rebuild(engine: Engine, on_each: Callable[[str], Any] = lambda _: None) -> Rebuilt:
    """
    Derive anew what stands beside every history; nothing is written where it is what it should be.

    Each suggestion is judged by itself: one whose history cannot be folded is left. One that somebody writes
    meanwhile is come back to when the others are done.
    """
    changed, left = list[str](), dict[str, str]()
    waiting: Iterable[str] = engine.store.ids()
    for _ in range(_ROUNDS):
        moved = dict[str, str]()
        for id in waiting:
            try:
                changed += [id] if engine.rebuild(id) else []
            except StaleSuggestion as error:
                moved[id] = str(error)
            except HandleflowError as error:
                left[id] = str(error)
            on_each(id)
        waiting = tuple(moved)
    return Rebuilt(tuple(changed), tuple((left | moved).items()))
