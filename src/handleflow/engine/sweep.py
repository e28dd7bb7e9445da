"""
Scheduler run: what has the clock to say of everything that waits? One that cannot be spoken of holds up no other.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from itertools import islice

from pendulum import DateTime

from handleflow.engine.optimistic_writer import Decide, OptimisticWriter
from handleflow.engine.requests import Outcomes, attempted
from handleflow.model import Entry
from handleflow.store import Store, Waking
from handleflow.values import frozen

_CHUNK = 500


@frozen
class Sweep:
    """
    What a sweep said, which suggestions somebody else wrote meanwhile, which could not be spoken of and why
    (a rulebook not held here, a host's own fact that raised, a database that refused), and how many still wait.

    *error* is what the sweep itself met after it had begun: a store that could not say what else waits, or not
    remember the sweep. What was said stands all the same; *remaining* is then what is known of.
    """

    said: tuple[tuple[str, Entry], ...]
    stale: tuple[str, ...]
    remaining: int
    failed: tuple[tuple[str, str], ...] = ()
    error: str = ""


class Sweeper:
    """
    One sweep at *now*: over what wakes in *store*; what to say of each *decide* knows, and *writer* writes it.

    Of several hosts each goes its own way through what is due, by its name *host*.
    """

    def __init__(self, store: Store, writer: OptimisticWriter, decide: Decide, now: DateTime, host: str) -> None:
        self._store, self._writer, self._decide, self._now, self._host = store, writer, decide, now, host
        self._outcomes = Outcomes()

    def sweep(self, limit: int | None, together: int) -> Sweep:
        """Let the clock speak of at most *limit* suggestions, so many *together* in one transaction."""
        waking, spoken, found = self._waking(), 0, self._outcomes
        while group := list(islice(waking, together if limit is None else max(min(together, limit - spoken), 0))):
            ids = [waiting.id for waiting, _, _ in group]
            for id, outcome in zip(ids, self._writer.write_together(ids, self._decide), strict=True):
                spoken += found.add(id, outcome)
        remaining = self._remaining(waking)
        marked = attempted(self._store.record_sweep, self._now, has_effect=bool(found.written))
        if isinstance(marked, Exception):
            found.break_off(marked)
        return Sweep(tuple(found.written), tuple(found.stale), remaining, tuple(found.failed), found.error)

    def _waking(self) -> Iterator[tuple[Waking, int, Waking]]:
        """What wakes, read in chunks and without a lock; with how many its chunk has left, and the chunk's end."""
        last, host = None, self._host
        while chunk := self._chunk(last):
            last = chunk[-1]
            way = sorted(chunk, key=lambda waking: sha256(f"{host}/{waking.id}".encode()).digest()) if host else chunk
            yield from ((waking, len(chunk) - passed, last) for passed, waking in enumerate(way))

    def _chunk(self, after: Waking | None) -> tuple[Waking, ...]:
        """
        What wakes after a place already read; nothing where the store cannot say so any more.

        Raises:
            Exception: what the store met at the first one, when nothing was said that could be lost.
        """
        found = attempted(self._store.due, self._now, after=after, limit=_CHUNK)
        if isinstance(found, Exception):
            if after is None:
                raise found
            self._outcomes.break_off(found)
            return ()
        return found

    def _remaining(self, waking: Iterator[tuple[Waking, int, Waking]]) -> int:
        """How many of those that wake the limit left out."""
        following = next(waking, None)
        if following is None:
            return 0
        _, left, end = following
        beyond = attempted(self._store.due_count, self._now, after=end)
        if isinstance(beyond, Exception):
            self._outcomes.break_off(beyond)
            return left
        return left + beyond
