"""SQL of the documents: which texts does a database keep, and what did its record stand for before?"""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, Table, select

from handleflow.store import Anchor, StoredCalendar, StoredRulebook
from handleflow.stores._append import insert_once
from handleflow.stores._schema import Tables

StoredText = StoredRulebook | StoredCalendar


def digest_of(connection: Connection, table: Table, text: StoredText) -> str | None:
    """The digest under which a text's name and version are kept, if they are."""
    digest: str | None = connection.scalar(select(table.c.digest).where(_is_same(table, text)))
    return digest


def add(connection: Connection, table: Table, text: StoredText) -> str | None:
    """Keep a text, unless somebody else keeps one under its name and version at once; the digest that stands."""
    values = {"name": text.name, "version": text.version, "digest": text.digest, "document": text.document}
    insert_once(connection, table, **values)
    return digest_of(connection, table, text)


def _is_same(table: Table, text: StoredText) -> ColumnElement[bool]:
    is_named = (table.c.name == text.name) & (table.c.version == text.version)
    # A calendar could grow under its name and version once, so more than one text of it may be kept.
    return is_named & (table.c.digest == text.digest) if isinstance(text, StoredCalendar) else is_named


def rulebooks(connection: Connection, t: Tables) -> tuple[StoredRulebook, ...]:
    """Every rulebook, oldest first."""
    rows = connection.execute(select(t.rulebooks).order_by(t.rulebooks.c.seq)).all()
    return tuple(StoredRulebook(row.name, row.version, row.digest, row.document) for row in rows)


def calendars(connection: Connection, t: Tables) -> tuple[StoredCalendar, ...]:
    """Every calendar, oldest first."""
    rows = connection.execute(select(t.calendars).order_by(t.calendars.c.seq)).all()
    return tuple(StoredCalendar(row.name, row.version, row.digest, row.document) for row in rows)


def add_anchor(connection: Connection, t: Tables, anchor: Anchor) -> None:
    """Remember it, once."""
    insert_once(connection, t.anchors, origin=anchor.origin, position=anchor.position, digest=anchor.digest)


def anchors(connection: Connection, t: Tables) -> tuple[Anchor, ...]:
    """Every anchor, oldest first."""
    rows = connection.execute(select(t.anchors).order_by(t.anchors.c.seq)).all()
    return tuple(Anchor(row.origin, row.position, row.digest) for row in rows)
