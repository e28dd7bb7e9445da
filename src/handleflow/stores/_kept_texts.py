"""Which texts does a database keep, each once?"""

from __future__ import annotations

from sqlalchemy import Table

from handleflow.errors import AlteredRulebook
from handleflow.store import Anchor, StoredCalendar, StoredRulebook
from handleflow.stores import _catalogue, _connecting
from handleflow.stores._connected import Connected
from handleflow.stores._words import altered


class SqlCatalogue(Connected):
    """The protocol ``Catalogue``, in a database."""

    def add_rulebook(self, stored: StoredRulebook) -> None:
        if self._added(self._t.rulebooks, stored) != stored.digest:
            raise AlteredRulebook(altered(stored))

    def rulebooks(self) -> tuple[StoredRulebook, ...]:
        with _connecting.named(), self._connect() as connection:
            return _catalogue.rulebooks(connection, self._t)

    def add_calendar(self, stored: StoredCalendar) -> None:
        self._added(self._t.calendars, stored)

    def calendars(self) -> tuple[StoredCalendar, ...]:
        with _connecting.named(), self._connect() as connection:
            return _catalogue.calendars(connection, self._t)

    def _added(self, table: Table, text: StoredRulebook | StoredCalendar) -> str | None:
        """The digest that stands when it was added, or was there."""
        with _connecting.named(), self._connect() as connection:
            digest = _catalogue.digest_of(connection, table, text)
        if digest is None:
            with _connecting.named(), self._connect(writes=True) as connection:
                digest = _catalogue.add(connection, table, text)
        return digest

    def add_anchor(self, anchor: Anchor) -> None:
        with _connecting.named(), self._connect(writes=True) as connection:
            _catalogue.add_anchor(connection, self._t, anchor)

    def anchors(self) -> tuple[Anchor, ...]:
        with _connecting.named(), self._connect() as connection:
            return _catalogue.anchors(connection, self._t)
