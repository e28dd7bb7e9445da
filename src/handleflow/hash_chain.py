"""
What does an entry's hash stand for? Each stands for its entry and for the one before it.

The format is fixed from the first entry on (docs/adr/0002, 0022).
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Iterator
from hashlib import sha256

from pendulum import DateTime

from handleflow.canonical_json import fastest
from handleflow.legal_time import Day, as_plain_utc, in_utc
from handleflow.values import frozen

SALT_BYTES = 16
"""How long a salt is: with another length bytes could move between it and what it salts unseen."""


@frozen
class Private:
    """A private field's value, kept apart from its entry with the salt of its digest."""

    field: str
    salt: bytes
    value: str


@frozen
class StoredEntry:
    """
    An entry as it is stored: its columns, its salt, the bytes of its body, its private fields, its hash.

    Under the hash stand rulebook and calendar with the digests of their texts. Whoever knows the hash and not the
    *salt* cannot try out what the entry may say.
    """

    number: int
    kind: str
    at: DateTime
    on: Day
    by_role: str
    by_id: str
    by_name: str
    state: str
    rulebook_name: str
    rulebook_version: str
    rulebook_digest: str
    calendar_name: str
    calendar_version: str
    calendar_digest: str
    salt: bytes
    body: bytes
    hash: str
    private: tuple[Private, ...] = ()

    @property
    def header(self) -> tuple[int | str, ...]:
        """All but salt, body, hash and private fields, as they are written and hashed; the order is fixed."""
        return header(
            self.number,
            self.kind,
            self.at,
            self.on,
            self.by_role,
            self.by_id,
            self.by_name,
            self.state,
            self.rulebook_name,
            self.rulebook_version,
            self.rulebook_digest,
            self.calendar_name,
            self.calendar_version,
            self.calendar_digest,
        )


def header(number: int, kind: str, at: DateTime, on: Day, *others: str) -> tuple[int | str, ...]:
    """An entry's columns, in the order of ``StoredEntry``, as they are written and hashed."""
    return (number, kind, written(at), on.isoformat(), *others)


def written(at: DateTime) -> str:
    """An instant as text: UTC, with microseconds, the same for the same instant."""
    return as_plain_utc(at).isoformat(timespec="microseconds") + "+00:00"


def as_instant(text: str) -> DateTime:
    """
    The instant that was written so.

    Raises:
        ValueError: when it is none, or has no zone.
    """
    at = datetime.datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(f"{text!r} has no zone")
    return in_utc(at if at.tzinfo is datetime.UTC else at.astimezone(datetime.UTC))


def genesis(id: str) -> str:
    """What the first entry of a suggestion is chained to."""
    return sha256(f"handleflow/2\n{id}".encode()).hexdigest()


def chained(previous: str, stored: StoredEntry) -> str:
    """The hash of an entry: over the previous one, its salt, its header and the stored bytes of its body."""
    return entry_hash(previous, stored.salt, stored.header, stored.body)


def entry_hash(previous: str, salt: bytes, header: tuple[int | str, ...], body: bytes) -> str:
    """The same, of an entry that is not put together yet."""
    return sha256(fastest().encode([previous, salt.hex(), *header]) + b"\n" + body).hexdigest()


@frozen
class IntegrityFault:
    """What a record shows that nobody should have been able to do; *number* is 0 where no single entry is meant."""

    id: str
    number: int
    what: str

    def __str__(self) -> str:
        entry = f", entry {self.number}" if self.number else ""
        return f"suggestion {self.id}{entry}: {self.what}"


def faults_in_history(id: str, sealed: Iterable[StoredEntry]) -> Iterator[IntegrityFault]:
    """Entries whose numbers, hashes or private fields do not fit what was sealed."""
    previous, expected = genesis(id), 1
    for entry in sealed:
        if entry.number != expected:
            yield IntegrityFault(id, entry.number, f"entry {expected} should stand here; one was removed or inserted")
        if not entry.hash:
            yield IntegrityFault(id, entry.number, "it has no hash")
        elif chained(previous, entry) != entry.hash:
            yield IntegrityFault(id, entry.number, "it was changed, or one before it was: its hash does not fit")
        if len(entry.salt) != SALT_BYTES:
            yield IntegrityFault(id, entry.number, f"its salt is of {len(entry.salt)} bytes, not of {SALT_BYTES}")
        yield from (IntegrityFault(id, entry.number, what) for what in _faulted_fields(entry))
        previous, expected = entry.hash, entry.number + 1


def _digest_in(body: bytes, field: str) -> object:
    try:
        return json.loads(body).get(field)
    except (ValueError, AttributeError, RecursionError):
        return None


def _faulted_fields(entry: StoredEntry) -> Iterator[str]:
    seen = set[str]()
    for kept in entry.private:
        sealed_as = _digest_in(entry.body, kept.field)
        digest = sha256(kept.salt + kept.value.encode()).hexdigest()
        if len(kept.salt) != SALT_BYTES:
            yield f"the salt of the private field {kept.field!r} is of {len(kept.salt)} bytes, not of {SALT_BYTES}"
        elif not isinstance(sealed_as, dict) or sealed_as.get("digest") != digest:
            yield f"the private field {kept.field!r} is not what was sealed"
        if kept.field in seen:
            yield f"the private field {kept.field!r} stands there twice"
        seen.add(kept.field)
