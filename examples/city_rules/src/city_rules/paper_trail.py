"""Where does the city write down what came in? A store that notes every entry as a line of text."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from handleflow import Event, MemoryStore
from handleflow.store import Batch


class PaperTrail(MemoryStore):
    """
    A store in memory whose *write* hears a line for each entry, once it is safe.

    It keeps every promise of ``handleflow.Store``: that is what ``tests/test_paper_trail.py`` shows.
    """

    def __init__(self, write: Callable[[str], object], own: Iterable[type[Event]] = ()) -> None:
        super().__init__(own)
        self._write = write

    def append(self, *batches: Batch) -> None:
        """Keep what was decided, then note it."""
        super().append(*batches)
        for batch in batches:
            for entry in batch.entries:
                self._write(f"{batch.id} {entry.number} {entry.on} {entry.kind} by {entry.by.name}")
