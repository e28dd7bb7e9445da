"""Document storage: which texts does a database keep, each once?"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import attrs
from sqlalchemy import Connection, Table, select

from handleflow.errors import AlteredRulebook
from handleflow.store import Anchor, StoredCalendar, StoredRulebook
from handleflow.stores._alike import altered
from handleflow.stores._append import insert_once
from handleflow.stores._connected import Connected
from handleflow.stores._schema import Tables

T = TypeVar("T")


class SqlCatalogue(Connected):
    """The protocol ``Catalogue``, in a database."""

    def add_rulebook(self, stored: StoredRulebook) -> None:
        if self._added(self._t.rulebooks, stored) != stored.digest:
            raise AlteredRulebook(altered(stored))

    def rulebooks(self) -> tuple[StoredRulebook, ...]:
        return self._all(self._t.rulebooks, StoredRulebook)

    def add_calendar(self, stored: StoredCalendar) -> None:
        self._added(self._t.calendars, stored)

    def calendars(self) -> tuple[StoredCalendar, ...]:
        return self._all(self._t.calendars, StoredCalendar)

    def _added(self, table: Table, text: StoredRulebook | StoredCalendar) -> str | None:
        """The digest that stands when it was added, or was there."""
        with self._connect() as connection:
            digest = _digest_of(connection, table, text)
        if digest is None:
            with self._connect(writes=True) as connection:
                digest = add(connection, table, text)
        return digest

    def add_anchor(self, anchor: Anchor) -> None:
        with self._connect(writes=True) as connection:
            add_anchor(connection, self._t, anchor)

    def anchors(self) -> tuple[Anchor, ...]:
        return self._all(self._t.anchors, Anchor)

    def _all(self, table: Table, kind: Callable[..., T]) -> tuple[T, ...]:
        """Every row of *table*, oldest first."""
        _, *columns = table.c
        return tuple(kind(*row) for row in self._read(select(*columns).order_by(table.c.seq)))


def add(connection: Connection, table: Table, text: StoredRulebook | StoredCalendar) -> str | None:
    """Keep a text, unless somebody else keeps one under its name and version at once; the digest that stands."""
    insert_once(connection, table, **attrs.asdict(text))
    return _digest_of(connection, table, text)


def _digest_of(connection: Connection, table: Table, text: StoredRulebook | StoredCalendar) -> str | None:
    """The digest under which a text's name and version are kept, if they are."""
    its = (table.c.name == text.name) & (table.c.version == text.version)
    if isinstance(text, StoredCalendar):
        # A calendar could grow under its name and version once, so more than one text of it may be kept.
        its &= table.c.digest == text.digest
    digest: str | None = connection.scalar(select(table.c.digest).where(its))
    return digest


def add_anchor(connection: Connection, t: Tables, anchor: Anchor) -> None:
    """Remember it, once."""
    insert_once(connection, t.anchors, **attrs.asdict(anchor))
