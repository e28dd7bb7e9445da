"""How does a history lie in a database? SQLAlchemy Core, never its ORM (extra ``sql``)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from pendulum import DateTime
from sqlalchemy import ColumnElement, Connection, Row, and_, delete, func, insert, select, tuple_, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from handleflow.core import replay
from handleflow.errors import AlteredRulebook, StaleSuggestion, StoreError
from handleflow.legal_time import Day
from handleflow.model import Act, Actor, Claim, Entry, Event, Suggestion, TermKey
from handleflow.store import Batch, KeptRulebook, Recorded, Swept, Waking
from handleflow.stores._codec import Codec, Private, Sealed, as_instant, genesis, written
from handleflow.stores._connecting import connect, open_database
from handleflow.stores._tables import CLAIMS, ENTRIES, KEYS, META, PRIVATE, RULEBOOKS, SUGGESTIONS, TERMS
from handleflow.stores.memory import altered, later_of, stale


@contextmanager
def _named() -> Iterator[None]:
    """Whatever the database says goes wrong is told under one name; the transaction was rolled back."""
    try:
        yield
    except SQLAlchemyError as error:
        raise StoreError(f"the database refused, and nothing was written: {error}") from error


class SqlStore:
    """
    A store in a database, given as a path of an SQLite file or a database URL.

    One append is one transaction. *own* are a host's own event classes. A new database gets the
    tables; a database of another schema version is refused.

    Raises:
        NotAStore: when the place holds something else.
    """

    def __init__(self, where: str, own: Iterable[type[Event]] = ()) -> None:
        self._codec = Codec(own)
        self._database = open_database(where)

    def close(self) -> None:
        """Let go of the database."""
        self._database.dispose()

    def load(self, id: str) -> Suggestion | None:
        with _named(), connect(self._database) as connection:
            text = connection.scalar(select(SUGGESTIONS.c.picture).where(SUGGESTIONS.c.id == id))
        return None if text is None else self._picture(id, text)

    def _picture(self, id: str, text: str) -> Suggestion:
        return self._codec.picture(text) or replay(id, self.history(id))

    def append(self, *batches: Batch) -> None:
        with _named(), connect(self._database, writes=True) as connection:
            for batch in batches:
                try:
                    self._write(connection, batch)
                except IntegrityError:
                    # Somebody wrote the same number or the same key between our load and now.
                    raise StaleSuggestion(stale(batch, batch.expected)) from None

    def _write(self, connection: Connection, batch: Batch) -> None:
        found = connection.execute(
            select(SUGGESTIONS.c.version, SUGGESTIONS.c.head, SUGGESTIONS.c.state).where(SUGGESTIONS.c.id == batch.id)
        ).one_or_none()
        version, head, state = (found.version, found.head, found.state) if found else (0, genesis(batch.id), "")
        if version != batch.expected:
            raise StaleSuggestion(stale(batch, version))
        sealed = []
        for entry in batch.entries:
            sealed.append(self._codec.seal(entry, head))
            head = sealed[-1].hash
        self._write_picture(connection, batch, head)
        connection.execute(insert(ENTRIES), [_entry_row(batch.id, one) for one in sealed])
        private = [_private_row(batch.id, one.number, kept) for one in sealed for kept in one.private]
        if private:
            connection.execute(insert(PRIVATE), private)
        self._write_terms(connection, batch, state)
        if batch.claims:
            connection.execute(insert(CLAIMS), [_claim_row(batch.id, *taken) for taken in batch.claims])
        if batch.key is not None:
            connection.execute(
                insert(KEYS).values(
                    suggestion_id=batch.id,
                    key=batch.key.key,
                    digest=batch.key.digest,
                    first=batch.entries[0].number,
                    last=batch.entries[-1].number,
                )
            )

    def _write_picture(self, connection: Connection, batch: Batch, head: str) -> None:
        row = {
            "version": batch.picture.version,
            "state": batch.picture.state,
            "wakes_on": batch.wakes_on,
            "head": head,
            "picture": self._codec.picture_text(batch.picture),
        }
        if batch.expected == 0:
            connection.execute(insert(SUGGESTIONS).values(id=batch.id, **row))
            return
        still = (SUGGESTIONS.c.id == batch.id) & (SUGGESTIONS.c.version == batch.expected)
        if connection.execute(update(SUGGESTIONS).where(still).values(**row)).rowcount != 1:
            raise StaleSuggestion(stale(batch, batch.expected))

    def _write_terms(self, connection: Connection, batch: Batch, state: str) -> None:
        is_over_or_new = state != batch.picture.state
        if not is_over_or_new and not any(entry.kind.startswith("term_") for entry in batch.entries):
            return
        connection.execute(delete(TERMS).where(TERMS.c.suggestion_id == batch.id))
        running = [(term.key, term.due_on) for term in batch.picture.running_terms()]
        rows = [
            _term_row(batch.id, key, due_on) for key, due_on in (*running, *((key, None) for key in batch.unarmed))
        ]
        if rows:
            connection.execute(insert(TERMS), rows)

    def history(self, id: str) -> tuple[Entry, ...]:
        with _named(), connect(self._database) as connection:
            return self._entries(connection, id)

    def _entries(self, connection: Connection, id: str, first: int = 1, last: int | None = None) -> tuple[Entry, ...]:
        asked = (ENTRIES.c.suggestion_id == id) & (ENTRIES.c.number >= first)
        if last is not None:
            asked &= ENTRIES.c.number <= last
        kept: dict[int, list[Private]] = {}
        for row in connection.execute(select(PRIVATE).where(PRIVATE.c.suggestion_id == id)):
            kept.setdefault(row.number, []).append(Private(row.field, row.salt, row.value))
        rows = connection.execute(select(ENTRIES).where(asked).order_by(ENTRIES.c.number))
        return tuple(self._codec.unseal(_sealed(row, tuple(kept.get(row.number, ())))) for row in rows)

    def recorded_under(self, id: str, key: str) -> Recorded | None:
        with _named(), connect(self._database) as connection:
            row = connection.execute(select(KEYS).where(KEYS.c.suggestion_id == id, KEYS.c.key == key)).one_or_none()
            if row is None:
                return None
            return Recorded(row.digest, self._entries(connection, id, row.first, row.last))

    def fingerprint(self, act: Act, by: Actor) -> str:
        return self._codec.fingerprint(act, by)

    def due(self, on: Day, *, after: Waking | None = None, limit: int = 500) -> tuple[Waking, ...]:
        asked = select(SUGGESTIONS.c.wakes_on, SUGGESTIONS.c.id).where(_is_due(on, after))
        asked = asked.order_by(SUGGESTIONS.c.wakes_on, SUGGESTIONS.c.id).limit(limit)
        with _named(), connect(self._database) as connection:
            return tuple(Waking(row.wakes_on, row.id) for row in connection.execute(asked))

    def due_count(self, on: Day, *, after: Waking | None = None) -> int:
        asked = select(func.count()).select_from(SUGGESTIONS).where(_is_due(on, after))
        with _named(), connect(self._database) as connection:
            return connection.scalar(asked) or 0

    def mark_swept(self, at: DateTime, *, spoke: bool) -> None:
        with _named(), connect(self._database, writes=True) as connection:
            known = self._swept(connection)
            now = later_of(known, at, spoke)
            for name, before, after in (("swept_at", known.at, now.at), ("spoke_at", known.spoke_at, now.spoke_at)):
                if after is not None and before is None:
                    connection.execute(insert(META).values(name=name, value=written(after)))
                elif after is not None:
                    connection.execute(update(META).where(META.c.name == name).values(value=written(after)))

    def swept(self) -> Swept:
        with _named(), connect(self._database) as connection:
            return self._swept(connection)

    def _swept(self, connection: Connection) -> Swept:
        rows = connection.execute(select(META).where(META.c.name.in_(["swept_at", "spoke_at"])))
        told = {row.name: as_instant(row.value) for row in rows}
        return Swept(told.get("swept_at"), told.get("spoke_at"))

    def unarmed(self, limit: int = 100) -> tuple[tuple[str, TermKey], ...]:
        asked = select(TERMS).where(TERMS.c.due_on.is_(None))
        asked = asked.order_by(TERMS.c.suggestion_id, TERMS.c.rule, TERMS.c.unit).limit(limit)
        with _named(), connect(self._database) as connection:
            rows = connection.execute(asked).all()
        return tuple((r.suggestion_id, TermKey(r.rule, r.unit, r.round, r.generation)) for r in rows)

    def pictures(self) -> Iterator[Suggestion]:
        last = ""
        while True:
            asked = select(SUGGESTIONS.c.id, SUGGESTIONS.c.picture).where(SUGGESTIONS.c.id > last)
            with _named(), connect(self._database) as connection:
                rows = connection.execute(asked.order_by(SUGGESTIONS.c.id).limit(500)).all()
            if not rows:
                return
            for row in rows:
                yield self._picture(row.id, row.picture)
            last = rows[-1].id

    def keep_rulebook(self, kept: KeptRulebook) -> None:
        same = (RULEBOOKS.c.name == kept.name) & (RULEBOOKS.c.version == kept.version)
        with _named(), connect(self._database, writes=True) as connection:
            digest = connection.scalar(select(RULEBOOKS.c.digest).where(same))
            if digest is None:
                values = {"name": kept.name, "version": kept.version, "digest": kept.digest}
                connection.execute(insert(RULEBOOKS).values(**values, document=kept.document))
            elif digest != kept.digest:
                raise AlteredRulebook(altered(kept))

    def kept_rulebooks(self) -> tuple[KeptRulebook, ...]:
        with _named(), connect(self._database) as connection:
            rows = connection.execute(select(RULEBOOKS).order_by(RULEBOOKS.c.place)).all()
        return tuple(KeptRulebook(row.name, row.version, row.digest, row.document) for row in rows)


def _is_due(on: Day, after: Waking | None) -> ColumnElement[bool]:
    """Whether a suggestion wakes by *on*, after a place already read."""
    waking, id = SUGGESTIONS.c.wakes_on, SUGGESTIONS.c.id
    return waking <= on if after is None else and_(waking <= on, tuple_(waking, id) > (after.on, after.id))


def _term_row(id: str, key: TermKey, due_on: Day | None) -> dict[str, Any]:
    return {"suggestion_id": id, **_key_row(key), "due_on": due_on}


def _claim_row(id: str, entry: int, claim: Claim) -> dict[str, Any]:
    about = _key_row(claim.term)
    return {"suggestion_id": id, **about, "rung": claim.rung, "occurrence": claim.occurrence, "entry": entry}


def _key_row(key: TermKey) -> dict[str, Any]:
    return {"rule": key.rule, "unit": key.unit, "round": key.round, "generation": key.generation}


def _entry_row(id: str, sealed: Sealed) -> dict[str, Any]:
    row = {c.name: getattr(sealed, c.name) for c in ENTRIES.columns if c.name != "suggestion_id"}
    return {"suggestion_id": id, **row}


def _private_row(id: str, number: int, kept: Private) -> dict[str, Any]:
    return {
        "suggestion_id": id,
        "number": number,
        "field": kept.field,
        "salt": kept.salt,
        "value": kept.value,
    }


def _sealed(row: Row[Any], private: tuple[Private, ...]) -> Sealed:
    return Sealed(
        row.number,
        row.kind,
        row.at,
        row.on,
        row.by_role,
        row.by_name,
        row.state,
        row.rulebook_name,
        row.rulebook_version,
        row.body,
        row.hash,
        private,
    )
