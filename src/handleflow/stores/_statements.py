"""
Which statements does every act need?

Built once for each set of tables: building them anew took a third of an act's time on SQLite.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from attrs import frozen
from sqlalchemy import Delete, Insert, Select, Table, Update, bindparam, delete, insert, select, update

from handleflow.stores._tables import Tables


@frozen(eq=False)
class Statements:
    """What an act reads and writes; values come as ``its_id``, ``its_version``, and by the names of columns."""

    picture: Select[Any]
    head: Select[Any]
    begin: Insert
    change: Update
    drop_terms: Delete
    drop_parties: Delete
    terms: Insert
    parties: Insert
    entries: Insert
    private: Insert
    claims: Insert
    outbox: Insert
    keys: Insert


@lru_cache(maxsize=32)
def statements(t: Tables) -> Statements:
    """The statements for some tables."""
    s = t.suggestions.c
    its = s.id == bindparam("its_id")
    return Statements(
        select(s.picture).where(its),
        select(s.version, s.head).where(its),
        insert(t.suggestions),
        update(t.suggestions).where(its, s.version == bindparam("its_version")),
        _dropped(t.terms),
        _dropped(t.parties),
        insert(t.terms),
        insert(t.parties),
        insert(t.entries),
        insert(t.private),
        insert(t.claims),
        insert(t.outbox),
        insert(t.keys),
    )


def _dropped(table: Table) -> Delete:
    return delete(table).where(table.c.suggestion_id == bindparam("its_id"))
