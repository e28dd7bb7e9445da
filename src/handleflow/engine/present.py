"""
Time source of an engine: which instant is it, and how far is that believed? Clocks of hosts differ (clock skew).

A clock that is handed in is the present. Else a store's own time is, where it has one; else the host's clock.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping

from pendulum import DateTime

from handleflow.errors import FromTheFuture, NonsenseError
from handleflow.legal_time import as_plain_utc, earliest, in_utc, instant
from handleflow.model import Suggestion
from handleflow.store import Store, TimeSource, Waking
from handleflow.values import frozen
from handleflow.words import Message

TOLERANCE = datetime.timedelta(minutes=2)
"""By how much a clock may be wrong, where nobody says otherwise."""

_MOST = datetime.timedelta(days=1)
Clock = Callable[[], datetime.datetime]
"""What tells the time: an instant with its zone."""


def read_the_clock() -> DateTime:
    """The instant by the clock of this host."""
    return in_utc(datetime.datetime.now(datetime.UTC))  # noqa: TID251  the one place that reads the time


@frozen
class Present:
    """
    The instant it is, by a clock that may be wrong by *tolerance*.

    *skew* is by how much the host's clock is ahead of the store's time, where that is more than is tolerated.
    """

    at: DateTime
    tolerance: datetime.timedelta
    skew: datetime.timedelta | None = None

    def told(self, at: datetime.datetime | None) -> DateTime:
        """
        The instant that something is told at: *at*, or the present where that is None.

        Raises:
            NaiveInstant: when *at* has no zone, or is no instant.
            FromTheFuture: when it is later than the present by more than is tolerated.
        """
        if at is None:
            return self.at
        told = instant(at)
        if as_plain_utc(told) - as_plain_utc(self.at) > self.tolerance:
            seconds = int(self.tolerance.total_seconds())
            raise FromTheFuture(Message("error-from_the_future", {"at": told, "now": self.at, "seconds": seconds}))
        return told

    def surely_passed(self, told: DateTime) -> DateTime:
        """Up to which instant time has surely passed of what is *told*, though the clock be as wrong as it may."""
        passed = in_utc(as_plain_utc(self.at) - self.tolerance)
        return passed if told is self.at else earliest(told, passed)


class PresentReader:
    """
    Reads the present by *clock*, where one is handed in, and with what *store* is asked for by its own time.

    Raises:
        NonsenseError: when *tolerance* is no span from nothing to a day; of what it reads, when *clock* gives no
            instant, or one without a zone.
    """

    def __init__(self, store: Store, clock: Clock | None, tolerance: datetime.timedelta) -> None:
        self._store, self._clock, self._tolerance = store, clock or read_the_clock, _tolerated(tolerance)
        is_stores = clock is None and isinstance(store, TimeSource) and store.keeps_time
        self._source: TimeSource | None = store if is_stores and isinstance(store, TimeSource) else None
        self.is_hosts = clock is None and self._source is None

    def by_clock(self) -> Present:
        """The present by the engine's clock, whatever the store's time."""
        return Present(self._told_by_clock(), self._tolerance)

    def _told_by_clock(self) -> DateTime:
        return instant(self._clock())

    def now(self) -> Present:
        """The present."""
        return self.by_clock() if self._source is None else self._of_stores(self._source.due_now(limit=0)[0])

    def load(self, id: str) -> tuple[Suggestion | None, Present]:
        """One suggestion, if there is one, with the present by which it was read."""
        if self._source is None:
            return self._store.load(id), self.by_clock()
        at, found = self._source.load_now((id,))
        return found.get(id), self._of_stores(at)

    def load_many(self, ids: Iterable[str]) -> tuple[Mapping[str, Suggestion], Present]:
        """Those suggestions that are there, by their ids, with the present by which they were read."""
        if self._source is None:
            return self._store.load_many(ids), self.by_clock()
        at, found = self._source.load_now(tuple(ids))
        return found, self._of_stores(at)

    def due(self, at: datetime.datetime | None, limit: int) -> tuple[Present, DateTime, tuple[Waking, ...]]:
        """
        The present, up to when the clock may speak at *at* or now, and the first who wake by then.

        Raises:
            FromTheFuture: when *at* is later than the present by more than is tolerated.
        """
        if self._source is not None and at is None:
            read_at, waking = self._source.due_now(self._tolerance, limit=limit)
            present = self._of_stores(read_at)
            return present, present.surely_passed(present.at), waking
        present = self.now()
        until = present.surely_passed(present.told(at))
        return present, until, self._store.due(until, limit=limit)

    def _of_stores(self, at: DateTime | None) -> Present:
        if at is None:
            return self.by_clock()
        return Present(at, self._tolerance, _beyond(self._tolerance, self._told_by_clock(), at))


def _tolerated(span: object) -> datetime.timedelta:
    if isinstance(span, datetime.timedelta) and datetime.timedelta(0) <= span <= _MOST:
        return span
    raise NonsenseError(Message("error-no_tolerance", {"given": f"{span!r:.80}"}))


def _beyond(tolerance: datetime.timedelta, hosts: DateTime, stores: DateTime) -> datetime.timedelta | None:
    skew = as_plain_utc(hosts) - as_plain_utc(stores)
    return skew if abs(skew) > tolerance else None
