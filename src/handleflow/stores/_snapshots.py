"""
Snapshot policy and cache: when is a snapshot written, and which suggestions need not be read again?

An act costs by what it changes: of a long history the snapshot is written every so many entries, and the entries
since are folded onto it; a suggestion that was just read or written is held, and told by its hash (docs/adr/0022).
"""

from __future__ import annotations

import os
from collections import OrderedDict
from threading import Lock

from handleflow.model import Suggestion
from handleflow.values import frozen

_EACH = 6
"""Below 2 to the power of this many entries every act writes the snapshot, then one of so many more acts."""
_ROOM_OF_ONE = 8
"""What one suggestion takes beside its entries, counted as entries."""


def is_due(before: int, after: int) -> bool:
    """Whether the snapshot is written by who takes a history from version *before* to *after*."""
    step = 1 << max(after.bit_length() - _EACH, 0)
    return after // step > before // step


@frozen(eq=False)
class Held:
    """A suggestion as it was read or written, and how often all that is derived of it had been rebuilt by then."""

    suggestion: Suggestion
    rebuilt: int


class HeldSuggestions:
    """
    The suggestions used last, by id, of so many entries in all.

    Whoever takes one out asks the database whether it is still the newest. Threads may share it; a forked child
    begins with none, since its parent may have been in the midst of changing them.
    """

    def __init__(self, max_entries: int) -> None:
        self._max = max_entries
        self._begin()

    def _begin(self) -> None:
        self._process, self._lock = os.getpid(), Lock()
        self._by_id: OrderedDict[str, Held] = OrderedDict()
        self._entries = 0

    def get(self, id: str) -> Held | None:
        """What is held of it."""
        if self._process != os.getpid():
            self._begin()
        with self._lock:
            held = self._by_id.get(id)
            if held is not None:
                self._by_id.move_to_end(id)
            return held

    def put(self, held: Held) -> None:
        """Hold it, if there is ever room for it; what was used longest ago is let go."""
        if self._process != os.getpid():
            self._begin()
        id = held.suggestion.id
        with self._lock:
            self._drop(id)
            if _room(held) > self._max:
                return
            self._by_id[id] = held
            self._entries += _room(held)
            while self._entries > self._max:
                self._drop(next(iter(self._by_id)))

    def written(self, before: Suggestion | None, after: Suggestion) -> None:
        """Hold what was written onto what is held, or a new suggestion."""
        held = self.get(after.id)
        if before is None:
            self.put(Held(after, 0))
        elif held is not None and held.suggestion.last_hash == before.last_hash:
            self.put(Held(after, held.rebuilt))

    def _drop(self, id: str) -> None:
        held = self._by_id.pop(id, None)
        if held is not None:
            self._entries -= _room(held)


def _room(held: Held) -> int:
    return held.suggestion.version + _ROOM_OF_ONE
