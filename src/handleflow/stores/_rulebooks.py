"""Which rulebooks' texts does a database keep?"""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, select

from handleflow.store import KeptRulebook
from handleflow.stores._tables import Tables
from handleflow.stores._writing import insert_once


def digest_of(connection: Connection, t: Tables, kept: KeptRulebook) -> str | None:
    """The digest under which a rulebook's name and version are kept, if they are."""
    digest: str | None = connection.scalar(select(t.rulebooks.c.digest).where(_is_same(t, kept)))
    return digest


def keep(connection: Connection, t: Tables, kept: KeptRulebook) -> str | None:
    """Keep a text, unless somebody else keeps one under its name and version at once; the digest that stands."""
    values = {"name": kept.name, "version": kept.version, "digest": kept.digest, "document": kept.document}
    insert_once(connection, t.rulebooks, **values)
    return digest_of(connection, t, kept)


def _is_same(t: Tables, kept: KeptRulebook) -> ColumnElement[bool]:
    return (t.rulebooks.c.name == kept.name) & (t.rulebooks.c.version == kept.version)


def every(connection: Connection, t: Tables) -> tuple[KeptRulebook, ...]:
    """Every text, oldest first."""
    rows = connection.execute(select(t.rulebooks).order_by(t.rulebooks.c.place)).all()
    return tuple(KeptRulebook(row.name, row.version, row.digest, row.document) for row in rows)
