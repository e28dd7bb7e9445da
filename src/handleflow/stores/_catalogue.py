"""Document storage: which texts does a database keep, each once?"""

from __future__ import annotations

from sqlalchemy import Table

from handleflow.errors import AlteredRulebook
from handleflow.store import Anchor, StoredCalendar, StoredRulebook
from handleflow.stores import _catalogue_statements
from handleflow.stores._alike import altered
from handleflow.stores._connected import Connected


class SqlCatalogue(Connected):
    """The protocol ``Catalogue``, in a database."""

    def add_rulebook(self, stored: StoredRulebook) -> None:
        if self._added(self._t.rulebooks, stored) != stored.digest:
            raise AlteredRulebook(altered(stored))

    def rulebooks(self) -> tuple[StoredRulebook, ...]:
        with self._connect() as connection:
            return _catalogue_statements.rulebooks(connection, self._t)

    def add_calendar(self, stored: StoredCalendar) -> None:
        self._added(self._t.calendars, stored)

    def calendars(self) -> tuple[StoredCalendar, ...]:
        with self._connect() as connection:
            return _catalogue_statements.calendars(connection, self._t)

    def _added(self, table: Table, text: StoredRulebook | StoredCalendar) -> str | None:
        """The digest that stands when it was added, or was there."""
        with self._connect() as connection:
            digest = _catalogue_statements.digest_of(connection, table, text)
        if digest is None:
            with self._connect(writes=True) as connection:
                digest = _catalogue_statements.add(connection, table, text)
        return digest

    def add_anchor(self, anchor: Anchor) -> None:
        with self._connect(writes=True) as connection:
            _catalogue_statements.add_anchor(connection, self._t, anchor)

    def anchors(self) -> tuple[Anchor, ...]:
        with self._connect() as connection:
            return _catalogue_statements.anchors(connection, self._t)
