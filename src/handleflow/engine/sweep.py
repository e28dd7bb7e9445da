"""
Scheduler run: what has the clock to say of everything that waits? One that cannot be spoken of holds up no other.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable, Iterator
from hashlib import sha256
from itertools import islice

from pendulum import DateTime

from handleflow.engine.optimistic_writer import OptimisticWriter
from handleflow.engine.present import Present, PresentReader
from handleflow.engine.requests import Outcomes, attempted
from handleflow.errors import UnconfirmedDay
from handleflow.legal_time import Day, as_plain_utc, instant
from handleflow.model import Entry, Suggestion
from handleflow.store import Batch, Store, Waking
from handleflow.values import frozen
from handleflow.words import Message

FARTHEST = datetime.timedelta(days=30)
"""How long after the last one a sweep goes by no other clock than the host's, unless a person confirms the day."""

_CHUNK = 500
_log = logging.getLogger(__name__)

Supervised = Callable[[Suggestion, DateTime, DateTime], list[Batch]]
"""What the clock has to say of a suggestion at an instant, of days that have begun by another."""


@frozen
class Sweep:
    """
    What a sweep said, which suggestions somebody else wrote meanwhile, which could not be spoken of and why
    (a rulebook not held here, a host's own fact that raised, a database that refused), and how many still wait.

    *error* is what the sweep itself met after it had begun: a store that could not say what else waits, or not
    remember the sweep. What was said stands all the same; *remaining* is then what is known of. *clock_skew* is by
    how much the host's clock is ahead of the store's time, where that is more than is tolerated.
    """

    said: tuple[tuple[str, Entry], ...]
    stale: tuple[str, ...]
    remaining: int
    failed: tuple[tuple[str, str], ...] = ()
    error: str = ""
    clock_skew: datetime.timedelta | None = None


def require_confirmed(last: DateTime | None, now: DateTime, on: Day, confirmed: Day | None) -> None:
    """
    Make sure that a person said which day it is, where a sweep comes long after the *last* one.

    Raises:
        UnconfirmedDay: when nobody did, or it is another day than *on*, the day of *now*.
    """
    if confirmed is not None and confirmed != on:
        raise UnconfirmedDay(Message("error-other_day", {"on": on, "confirmed": confirmed}))
    if confirmed is None and last is not None and as_plain_utc(now) - as_plain_utc(last) > FARTHEST:
        days = FARTHEST.days
        raise UnconfirmedDay(Message("error-unconfirmed_day", {"last": last, "now": now, "days": days, "on": on}))


class Sweeper:
    """
    One sweep: over what wakes in *store* by the present of *reader*; what to say of each *supervised* knows.

    *writer* writes it. Of several hosts each goes its own way through what is due, by its name *host*.
    """

    def __init__(
        self, store: Store, reader: PresentReader, writer: OptimisticWriter, supervised: Supervised, host: str
    ) -> None:
        self._store, self._reader, self._writer, self._supervised = store, reader, writer, supervised
        self._host, self._outcomes = host, Outcomes()

    def sweep(self, at: datetime.datetime | None, limit: int | None, together: int) -> Sweep:
        """
        Let the clock speak, at *at* or now, of at most *limit* suggestions, so many *together* in one transaction.

        Raises:
            Exception: what the store met when it was asked whom to wake, before anything was said.
        """
        present, self._until, first = self._reader.due(at, _CHUNK)
        self._now = present.at if at is None else instant(at)
        if present.skew is not None:
            _log.warning("this host's clock is %d s ahead of the store's time", present.skew.total_seconds())
        waking, spoken, found = self._waking(first), 0, self._outcomes
        while group := list(islice(waking, together if limit is None else max(min(together, limit - spoken), 0))):
            ids = [waiting.id for waiting, _, _ in group]
            for id, outcome in zip(ids, self._writer.write_together(ids, self._decide), strict=True):
                spoken += found.add(id, outcome)
        remaining = self._remaining(waking)
        marked = attempted(self._store.record_sweep, self._now, has_effect=bool(found.written))
        if isinstance(marked, Exception):
            found.break_off(marked)
        outcomes = tuple(found.written), tuple(found.stale), remaining, tuple(found.failed), found.error
        return Sweep(*outcomes, present.skew)

    def _decide(self, suggestion: Suggestion, _: Present) -> list[Batch]:
        return self._supervised(suggestion, self._now, self._until)

    def _waking(self, first: tuple[Waking, ...]) -> Iterator[tuple[Waking, int, Waking]]:
        """What wakes, read in chunks and without a lock; with how many its chunk has left, and the chunk's end."""
        chunk, host = first, self._host
        while chunk:
            last = chunk[-1]
            way = sorted(chunk, key=lambda waking: sha256(f"{host}/{waking.id}".encode()).digest()) if host else chunk
            yield from ((waking, len(chunk) - passed, last) for passed, waking in enumerate(way))
            chunk = self._chunk(last)

    def _chunk(self, after: Waking) -> tuple[Waking, ...]:
        """What wakes after a place already read; nothing where the store cannot say so any more."""
        found = attempted(self._store.due, self._until, after=after, limit=_CHUNK)
        if isinstance(found, Exception):
            self._outcomes.break_off(found)
            return ()
        return found

    def _remaining(self, waking: Iterator[tuple[Waking, int, Waking]]) -> int:
        """How many of those that wake the limit left out."""
        following = next(waking, None)
        if following is None:
            return 0
        _, left, end = following
        beyond = attempted(self._store.due_count, self._until, after=end)
        if isinstance(beyond, Exception):
            self._outcomes.break_off(beyond)
            return left
        return left + beyond
