"""Bulk side of the engine: what is written of many suggestions at once, in groups, each decided by itself."""

from __future__ import annotations

import datetime
from functools import partial

from handleflow.acts import Succeed
from handleflow.engine.bulk import BulkOutcome, adopted, succeeded
from handleflow.engine.decider import Decider
from handleflow.engine.newer_calendars import CalendarAdoption, add_calendar, adopted_calendars
from handleflow.engine.optimistic_writer import OptimisticWriter
from handleflow.engine.present import PresentReader
from handleflow.engine.query_side import QuerySide
from handleflow.legal_time import WorkCalendar
from handleflow.model import Actor
from handleflow.model.field_types import checks_arguments


class BulkSide(QuerySide):
    """Writes of many suggestions what one act says of each; the engine gives it what reads, decides and writes."""

    _reader: PresentReader
    _decider: Decider
    _writer: OptimisticWriter

    @checks_arguments()
    def adopt_calendar(
        self, name: str, version: str, *, by: Actor, at: datetime.datetime | None = None
    ) -> BulkOutcome:
        """
        Let every open suggestion under another version of rulebook *name* adopt *version* where that moves a
        day: when a calendar grows, provisional days become certain. Doing it twice changes nothing twice.

        One that somebody writes meanwhile is skipped, one that may not adopt it holds up no other; both are told.

        Raises:
            UnknownRulebook: when that version is not held here.
            FromTheFuture: when *at* has not come.
        """
        rules = self.rulebook(name, version)
        self._require_come(at)
        return adopted(self.store, self._writer, rules, partial(self._decider.decided, by=by, at=at))

    @checks_arguments()
    def add_calendar(self, calendar: WorkCalendar) -> bool:
        """
        Keep *calendar* in the store, for ``adopt_calendars``; whether it is new there.

        Raises:
            AlteredCalendar: when its name and version stand for other content there.
        """
        return add_calendar(self.store, calendar)

    @checks_arguments()
    def adopt_calendars(
        self, *, by: Actor, at: datetime.datetime | None = None, dry_run: bool = False
    ) -> tuple[CalendarAdoption, ...]:
        """
        Count by the newest calendar that the store keeps: every rulebook held here, and every open suggestion.

        Each rulebook is kept as a version of its own under it, which holds for new suggestions; every engine
        made on the store from then on takes it up. Done twice it changes nothing twice; *dry_run* writes nothing.

        Raises:
            FromTheFuture: when *at* has not come.
        """
        present = self._reader.now()
        present.told(at)
        decided = partial(self._decider.decided, by=by, at=at)
        return tuple(adopted_calendars(self.store, self._writer, self._held, decided, present if dry_run else None))

    @checks_arguments()
    def succeed(
        self,
        unit: str,
        successor: str,
        how: str,
        *,
        by: Actor,
        at: datetime.datetime | None = None,
        reason: str | None = None,
    ) -> BulkOutcome:
        """
        Let *successor* go on in every open suggestion in which *unit* has something, as ``Succeed`` does in one.

        Doing it twice changes nothing twice. One that somebody writes meanwhile is skipped; one under a rulebook that
        does not allow it, or is not held here, holds up no other; both are told.

        Raises:
            NonsenseError: when one of them is no name, or *how* is none of ``renamed``, ``merged``, ``split`` and
                ``abolished``.
        """
        act = Succeed(unit, successor, how, reason)
        self._require_come(at)
        return succeeded(self.store, self._writer, self._held, act, partial(self._decider.decided, by=by, at=at))

    def _require_come(self, at: datetime.datetime | None) -> None:
        """Say once of an instant that it has not come, where each of many would say so."""
        if at is not None:
            self._reader.now().told(at)
