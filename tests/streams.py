"""How many suggestions lie in memory while many are read one by one? What keeps them grows with the store."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator

import attrs

from handleflow import Suggestion

EVERY = 100
"""How often they are counted: to look at every object there is takes tens of milliseconds."""


def suggestions(like: Suggestion, many: int) -> Iterator[Suggestion]:
    """As many suggestions as are asked for, each made when it is read."""
    return (attrs.evolve(like, id=f"{number:06}") for number in range(many))


@attrs.define
class Watch:
    """The *most* suggestions that were in memory at once while those it was laid over were read."""

    most: int = 0

    def over(self, read: Iterable[Suggestion]) -> Iterator[Suggestion]:
        """What is *read*, with a count of those in memory, without what was there before, from time to time."""
        before = _in_memory()
        for number, suggestion in enumerate(read, 1):
            if number % EVERY == 0:
                self.most = max(self.most, _in_memory() - before)
            yield suggestion


def _in_memory() -> int:
    # The garbage collector knows them all; a value of ours has no room for a weak reference.
    return sum(type(each) is Suggestion for each in gc.get_objects())
