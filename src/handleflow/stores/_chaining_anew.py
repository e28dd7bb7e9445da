"""Data migration: how do the histories of schema 1 and 2 come into the tables of now, chained anew with salts?"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from typing import Any

import attrs
from pendulum import DateTime
from sqlalchemy import Connection, insert, select
from sqlalchemy.schema import DropTable

from handleflow import before_schema_3 as before
from handleflow.before_schema_3 import OldEntry, digests_of, fingerprint_now, rulebook_now
from handleflow.chunks import batched
from handleflow.codec import Codec, Entropy, Unrepeated
from handleflow.core.corrected_time import replay
from handleflow.errors import BrokenHistory
from handleflow.hash_chain import Private, StoredEntry
from handleflow.legal_time import Day, WorkCalendar, in_utc
from handleflow.model import UnknownEvent
from handleflow.rulebooks import calendar_in
from handleflow.store import Anchor, IdempotencyKey, StoredCalendar
from handleflow.stores import _catalogue, _feed, _row_values, _schema_2
from handleflow.stores._schema import SCHEMA_VERSION, Tables
from handleflow.stores._schema_2 import OldTables
from handleflow.stores._schema_version import FEED

_TOLD = ("at", "suggestion_id", "number")
_EARLIEST_ZONE = datetime.timedelta(hours=14)


class Upgrade:
    """Copies everything out of the *old* tables into those of now."""

    def __init__(self, connection: Connection, t: Tables, old: OldTables, entropy: Entropy) -> None:
        self._connection, self._t, self._old, self._entropy = connection, t, old, Unrepeated(entropy)
        self._codec = Codec()
        self._digests: dict[tuple[str, str], before.Digests] = {}
        self._calendars: dict[tuple[str, str], WorkCalendar] = {}

    def run(self, on_each: Callable[[str], Any]) -> None:
        """Do it all, and let the old tables go."""
        self._copy_meta()
        self._copy_rulebooks()
        self._require_suggestions()
        s = self._old["suggestions"].c
        for row in self._connection.execute(select(s.id, s.version, s.wakes_on, s.head).order_by(s.id)).all():
            self._copy_history(row)
            on_each(row.id)
        self._copy_feed()
        for name in (name for name in _schema_2.DROPPED if name in self._old.present):
            self._connection.execute(DropTable(self._old[name]))

    def _require_suggestions(self) -> None:
        """Make sure that beside each history stands its suggestion: by those it is copied, or it would be lost."""
        e, s = self._old["entries"].c, self._old["suggestions"].c
        left = select(e.suggestion_id).where(e.suggestion_id.not_in(select(s.id))).order_by(e.suggestion_id)
        id = self._connection.scalar(left.limit(1))
        with _whole():
            if id is not None:
                raise BrokenHistory(f"suggestion {id}: its history is there, and it itself was removed")

    def _rows(self, name: str, *order: str, **its: object) -> list[Any]:
        if name not in self._old.present:
            return []
        table = self._old[name]
        wanted = select(table).where(*(table.c[column] == value for column, value in its.items()))
        return list(self._connection.execute(wanted.order_by(*(table.c[column] for column in order))).all())

    def _put(self, table: Any, rows: list[dict[str, Any]]) -> None:
        if rows:
            self._connection.execute(insert(table), rows)

    def _copy_meta(self) -> None:
        names = {"swept_at": "last_sweep_at", "spoke_at": "last_effect_at"}
        kept = {names.get(row.name, row.name): row.value for row in self._rows("meta")}
        kept |= {"schema_version": str(SCHEMA_VERSION), "feed": FEED}
        self._put(self._t.meta, [{"name": name, "value": value} for name, value in kept.items()])
        self._put(self._t.cursors, [{"name": row.name, "position": row.position} for row in self._rows("cursors")])

    def _copy_rulebooks(self) -> None:
        for row in self._rows("rulebooks", "place"):
            # What is not the text it was kept with is for verifying to find; no entry was decided by its calendar.
            is_whole = sha256(row.document.encode()).hexdigest() == row.digest
            document = rulebook_now(row.document) if is_whole else row.document
            digest = sha256(document.encode()).hexdigest() if is_whole else row.digest
            self._put(
                self._t.rulebooks,
                [{"name": row.name, "version": row.version, "digest": digest, "document": document}],
            )
            calendar = calendar_in(document) if is_whole else None
            self._digests[row.name, row.version] = digests_of(digest, calendar)
            if calendar is not None:
                self._calendars[row.name, row.version] = calendar
                stored = StoredCalendar(calendar.name, calendar.version, calendar.digest, calendar.document)
                _catalogue.add(self._connection, self._t.calendars, stored)

    def _copy_history(self, suggestion: Any) -> None:
        id, old = suggestion.id, self._old_entries(suggestion)
        stored = tuple(before.chained_anew(id, old, self._digests, self._entropy))
        entries = tuple(map(self._codec.decode, stored))
        after = replay(id, entries)
        is_known = not any(isinstance(entry.event, UnknownEvent) for entry in entries)
        row = {"id": id, "version": suggestion.version, "last_hash": stored[-1].hash, "rebuilt": 0}
        row |= {"snapshot_version": suggestion.version, **_row_values.looked_for(after)}
        row |= {"snapshot": self._codec.snapshot_text(after) if is_known else "", "state": old[-1].state}
        row["wakes_at"] = self._instant(suggestion.wakes_on, old[-1])
        self._put(self._t.suggestions, [row])
        self._put(self._t.entries, [_row_values.entry_row(id, entry) for entry in stored])
        self._put(self._t.private, [row for entry in stored for row in _row_values.private_rows(id, entry)])
        taken = ((e.number, getattr(e.event, "firing_key", None)) for e in entries)
        self._put(
            self._t.firing_keys, [_row_values.firing_key_row(id, n, key) for n, key in taken if key is not None]
        )
        self._copy_beside(id, old, stored)

    def _copy_beside(self, id: str, old: Sequence[OldEntry], stored: Sequence[StoredEntry]) -> None:
        its = {"suggestion_id": id}
        named = self._rows("parties", **its)
        self._put(self._t.facets, [{**its, "kind": row.part, "value": row.name} for row in named])
        for row in self._rows("terms", **its):
            about = {"rule": row.rule, "unit": row.unit, "round": row.round, "ref": row.generation}
            self._put(self._t.terms, [{**its, **about, "due_on": row.due_on}])
        for row in self._rows("keys", suggestion_id=id):
            under = slice(row.first - 1, row.last)
            digest = fingerprint_now(self._codec, row.digest, old[under], stored[under])
            key = IdempotencyKey(row.key, digest, row.first, row.last)
            self._put(self._t.keys, [_row_values.key_row(id, key)])

    def _old_entries(self, suggestion: Any) -> tuple[OldEntry, ...]:
        """The entries of one suggestion, when they are what was recorded."""
        id, private = suggestion.id, dict[int, list[Private]]()
        for row in self._rows("private", "number", "field", suggestion_id=id):
            private.setdefault(row.number, []).append(Private(row.field, row.salt, row.value))
        rows = self._rows("entries", "number", suggestion_id=id)
        old = tuple(attrs.evolve(OldEntry(*row[1:]), private=tuple(private.get(row.number, ()))) for row in rows)
        with _whole():
            before.require_whole(id, old)
            if not old or old[-1].hash != suggestion.head or len(old) != suggestion.version:
                raise BrokenHistory(f"suggestion {id}: its history is not the one that was recorded")
        return old

    def _instant(self, wakes_on: Day | None, newest: Any) -> DateTime | None:
        if wakes_on is None:
            return None
        calendar = self._calendars.get((newest.rulebook_name, newest.rulebook_version))
        if calendar is not None:
            return calendar.start_of(wakes_on)
        # Nobody knows where it is handled: it wakes when that day begins anywhere.
        midnight = datetime.datetime(wakes_on.year, wakes_on.month, wakes_on.day)  # noqa: DTZ001
        return in_utc(midnight - _EARLIEST_ZONE)

    def _copy_feed(self) -> None:
        head, position, last = before.EMPTY_FEED, 0, None
        while rows := self._numbered(last):
            for row in rows:
                position += 1
                wanted = before.feed_head(head, position, row.suggestion_id, row.number, row.hash or "")
                with _whole():
                    if row.position != position or row.hash is None or row.head != wanted:
                        raise BrokenHistory(f"position {position} of the feed: its head does not fit")
                head = row.head
            last = rows[-1].position
            self._put_in_outbox(rows)
            _feed.number(self._connection, self._t)
        for rows in self._waiting():
            self._put_in_outbox(rows)
        if position:
            _catalogue.add_anchor(self._connection, self._t, Anchor("schema 2", position, head))

    def _numbered(self, after: int | None) -> Sequence[Any]:
        """The next positions of the old feed after one, with the hashes of their entries, as many as go at once."""
        if "feed" not in self._old.present:
            return []
        f, e = self._old["feed"], self._old["entries"]
        its_entry = (e.c.suggestion_id == f.c.suggestion_id) & (e.c.number == f.c.number)
        wanted = select(f, e.c.hash).select_from(f.outerjoin(e, its_entry)).order_by(f.c.position)
        wanted = wanted if after is None else wanted.where(f.c.position > after)
        return self._connection.execute(wanted.limit(_feed.AT_ONCE)).all()

    def _waiting(self) -> Iterator[Sequence[Any]]:
        """What waits for a position, in order: all entries of a store that had no feed."""
        name, order = ("outbox", ("place",)) if "outbox" in self._old.present else ("entries", _TOLD)
        c = self._old[name].c
        wanted = select(c.suggestion_id, c.number).order_by(*(c[column] for column in order))
        return batched(self._connection.execute(wanted).all(), _feed.AT_ONCE)

    def _put_in_outbox(self, rows: Sequence[Any]) -> None:
        self._put(self._t.outbox, [{"suggestion_id": row.suggestion_id, "number": row.number} for row in rows])


@contextmanager
def _whole() -> Iterator[None]:
    """What was changed is told with what helps."""
    try:
        yield
    except BrokenHistory as broken:
        raise BrokenHistory(f"{broken}; restore the store from a backup, and upgrade that") from None
