"""What somebody may do to a record who can write to every table, and a record to do it to."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, create_engine, insert, text, update

from handleflow import Engine, Store, Suggestion
from handleflow.acts import Assign, Receive
from handleflow.engine.chainer import Chainer
from handleflow.model import Act, Entry, Event, Provenance
from handleflow.store.projection import build_batch
from handleflow.stores import Codec
from handleflow.stores._row_values import entry_row
from handleflow.stores._schema import tables
from handleflow.stores.sql import SqlStore
from handleflow.values import frozen
from tests.beginnings import OFFICE, instant, later, rulebook

RUNG = {"id": "reminded", "term": "reply", "offset": "-15 days", "channel": "phone", "cite": "host"}
RULES = rulebook(rung=[RUNG], leader=[{"name": "Vice Mayor (placeholder)", "units": ["Water Bureau"]}])
RECORDED_AT, DUE = instant("2026-02-10"), instant("2026-04-26")
T = tables()
SHORT = {"p": "handleflow_", "set": "UPDATE handleflow_suggestions SET", "its": "suggestion_id = '1'"}
"""What stands for what in a statement of ``forge``."""


@frozen
class Unfolded(Act):
    """A host's own act, from which nothing can be folded."""

    verb = "unfold"
    kind = "unfolded"

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        """Nothing that is."""
        raise LookupError("there is no such noun")


@frozen
class Noted(Act):
    """A host's own act, which leaves a fact of the host's own."""

    verb = "note"
    kind = "noted"
    words: str

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        """The fact."""
        return suggestion.with_own("note", self.words)


OWN = (Unfolded, Noted)


def engine_on(store: Store) -> Engine:
    """An engine whose clock stands still."""
    return Engine(store, [RULES], clock=lambda: RECORDED_AT)


def lived(store: Store) -> Engine:
    """Two suggestions that run, of which the clock has spoken once, and one that only was received."""
    engine = engine_on(store)
    for id in ("1", "2"):
        engine.execute(id, Receive("Pipes", "Deputy A", phone="placeholder"), by=OFFICE, key="k")
        engine.execute(id, Assign(("Water Bureau",)), by=OFFICE)
    engine.execute("3", Receive("Schools", "Deputy B"), by=OFFICE)
    later(engine, DUE).sweep()
    return engine


def forge(where: str, *statements: str, **values: Any) -> None:
    """Execute statements behind a store's back, in one transaction."""

    def put(connection: Connection) -> None:
        for statement in statements:
            connection.execute(text(statement.format(**SHORT)), values)

    write(where, put)


def row_of(where: str, id: str) -> dict[str, Any]:
    """What stands beside the history of a suggestion, without what lies in further tables."""
    database = create_engine(where)
    with database.connect() as connection:
        row = connection.execute(T.suggestions.select().where(T.suggestions.c.id == id)).mappings().one()
    database.dispose()
    return dict(row)


def put_back(where: str, row: dict[str, Any]) -> None:
    """One UPDATE: a suggestion is again what it was."""
    its = update(T.suggestions).where(T.suggestions.c.id == row["id"])
    write(where, lambda connection: connection.execute(its.values(row)))


def entry_after(suggestion: Suggestion, event: Event) -> Entry:
    """The next entry of a suggestion, whatever a rulebook would say."""
    provenance = Provenance(OFFICE, DUE, RULES.calendar.day_of(DUE))
    number, state = suggestion.version + 1, suggestion.state
    return Entry(number, event, provenance, state, RULES.ref, calendar=RULES.calendar_ref)


def add(store: Store, id: str, event: Event) -> None:
    """Record *event*, as an engine would that allows it."""
    suggestion = store.load(id) or Suggestion(id)
    store.append(Chainer(store.codec).chained(build_batch(RULES, suggestion, (entry_after(suggestion, event),))))


def insert_entry(store: SqlStore, where: str, id: str, event: Event, *, is_recorded: bool) -> None:
    """A further entry whose hash fits, with what the outbox needs; *is_recorded* in the suggestion's row, too."""
    suggestion = store.load(id) or Suggestion(id)
    stored = Codec(OWN).encode(entry_after(suggestion, event), suggestion.last_hash, os.urandom)

    def put(connection: Connection) -> None:
        connection.execute(insert(T.entries).values(entry_row(id, stored)))
        connection.execute(insert(T.outbox).values(suggestion_id=id, number=stored.number))
        if is_recorded:
            its = update(T.suggestions).where(T.suggestions.c.id == id)
            connection.execute(its.values(version=stored.number, last_hash=stored.hash))

    write(where, put)


def write(where: str, put: Callable[[Connection], object]) -> None:
    """Let *put* write behind a store's back, in one transaction."""
    database = create_engine(where)
    with database.begin() as connection:
        put(connection)
    database.dispose()
