"""Acts of several suggestions, written in one transaction."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks._accepted import ACTS, AT, RULES, WATER, named
from handleflow import Engine, Request, Suggestion
from handleflow.codec import Entropy
from handleflow.store import Store


def grouped(size: int, numbers: range) -> list[list[Request]]:
    """The acts of those suggestions, in groups of *size*."""
    requests = [Request(named(n), ACTS[n % 2], WATER, AT) for n in numbers]
    return [requests[first : first + size] for first in range(0, len(requests), size)]


def acting(store: Store, entropy: Entropy) -> Callable[[list[Request]], None]:
    """What does one group, with salts from *entropy*; that any of it fails is an error."""
    engine = Engine(store, [RULES], entropy=entropy)

    def act(group: list[Request]) -> None:
        failed = [
            each for each in engine.execute_many(group, together=len(group)) if not isinstance(each, Suggestion)
        ]
        if failed:
            raise RuntimeError(f"of a group of {len(group)} acts failed: {failed}")

    return act
