"""Acts and sweeps that write many suggestions in one transaction, where this version of the library can."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from inspect import signature
from typing import Any

from benchmarks._accepted import ACTS, AT, RULES, WATER, named
from handleflow import Engine, Suggestion
from handleflow.store import Store

ABSENT = "this version of the library has no such way"


def can_act() -> bool:
    """Whether an engine takes acts in groups."""
    return hasattr(Engine, "execute_many")


def can_sweep() -> bool:
    """Whether a sweep does."""
    return "together" in signature(Engine.sweep).parameters


def grouped(size: int, numbers: range) -> list[list[Any]]:
    """The acts of those suggestions, in groups of *size*."""
    request: Any = import_module("handleflow.engine").Request
    acts = [request(named(n), ACTS[n % 2], WATER, AT) for n in numbers]
    return [acts[first : first + size] for first in range(0, len(acts), size)]


def acting(store: Store) -> Callable[[list[Any]], None]:
    """What does one group; that any of it fails is an error."""
    engine: Any = Engine(store, [RULES])

    def act(group: list[Any]) -> None:
        failed = [
            each for each in engine.execute_many(group, together=len(group)) if not isinstance(each, Suggestion)
        ]
        if failed:
            raise RuntimeError(f"of a group of {len(group)} acts failed: {failed}")

    return act
