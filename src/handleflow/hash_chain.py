"""
Hash chain: what does an entry's hash stand for? Each stands for its entry and for the one before it.

The format is fixed from the first entry on (docs/adr/0002, 0022).
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Iterator
from functools import partial
from hashlib import sha256
from operator import attrgetter

import attrs
from attrs import field, fields
from pendulum import DateTime

from handleflow.canonical_json import fastest
from handleflow.legal_time import Day, as_plain_utc, in_utc
from handleflow.values import frozen
from handleflow.words import CATALOGUE, Facts, MessageCatalogue, as_facts, plain_facts

SALT_BYTES = 16
"""How long a salt is: with another length bytes could move between it and what it salts unseen."""


@frozen
class Private:
    """A private field's value, kept apart from its entry with the salt of its digest."""

    field: str
    salt: bytes = attrs.field(repr=False)
    value: str = attrs.field(repr=False)


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
        return header(*_columns(self))


HEADER = tuple(each.name for each in fields(StoredEntry))[:-4]
"""The names of an entry's columns, its salt, its body, its hash and its private fields left aside."""
_columns = attrgetter(*HEADER)


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
    """
    What a record shows that nobody should have been able to do; *number* is 0 where no single entry is meant.

    *code* says what it is and *facts* of what; its words are made of both when somebody reads them. A code that the
    catalogue does not know, as of a host's own store, stands for itself.
    """

    id: str
    number: int
    code: str
    facts: Facts = field(default=(), converter=as_facts)

    @property
    def what(self) -> str:
        """What is wrong, in English."""
        return self.words()

    def words(self, lang: str = "en", words: MessageCatalogue = CATALOGUE) -> str:
        """What is wrong, in *lang*."""
        found = words.find(f"fault-{self.code}", self.facts, lang)
        return self.code if found is None else found

    def text(self, lang: str = "en", words: MessageCatalogue = CATALOGUE) -> str:
        """The whole of it as one line in *lang*."""
        what = self.words(lang, words)
        return words.words("fault", (("id", self.id), ("number", self.number), ("what", what)), lang)

    def as_dict(self) -> dict[str, object]:
        """All of it as JSON holds it, with the words in both languages."""
        words = {lang: self.words(lang) for lang in ("en", "zh")}
        facts = plain_facts(self.facts)
        return {"id": self.id, "entry": self.number or None, "code": self.code, "facts": facts, **words}

    def __str__(self) -> str:
        return self.text()


def faults_in_history(id: str, sealed: Iterable[StoredEntry]) -> Iterator[IntegrityFault]:
    """Entries whose numbers, hashes or private fields do not fit what was sealed."""
    previous, expected = genesis(id), 1
    for entry in sealed:
        fault = partial(IntegrityFault, id, entry.number)
        if entry.number != expected:
            yield fault("out_of_order", {"expected": expected})
        if not entry.hash:
            yield fault("no_hash")
        elif chained(previous, entry) != entry.hash:
            yield fault("hash_does_not_fit")
        if len(entry.salt) != SALT_BYTES:
            yield fault("wrong_salt", {"found": len(entry.salt), "wanted": SALT_BYTES})
        yield from _faulted_fields(id, entry)
        previous, expected = entry.hash, entry.number + 1


def _digest_in(body: bytes, field: str) -> object:
    try:
        return json.loads(body).get(field)
    except (ValueError, AttributeError, RecursionError):
        return None


def _faulted_fields(id: str, entry: StoredEntry) -> Iterator[IntegrityFault]:
    fault, seen = partial(IntegrityFault, id, entry.number), set[str]()
    for kept in entry.private:
        sealed_as = _digest_in(entry.body, kept.field)
        digest = sha256(kept.salt + kept.value.encode()).hexdigest()
        if len(kept.salt) != SALT_BYTES:
            yield fault("wrong_private_salt", {"field": kept.field, "found": len(kept.salt), "wanted": SALT_BYTES})
        elif not isinstance(sealed_as, dict) or sealed_as.get("digest") != digest:
            yield fault("private_field_altered", {"field": kept.field})
        if kept.field in seen:
            yield fault("private_field_twice", {"field": kept.field})
        seen.add(kept.field)
