"""How does an entry stand in a backup and in evidence? As a list, read strictly."""

from __future__ import annotations

from typing import Any

from handleflow.backup_values import (
    code_of,
    hash_of,
    json_of,
    list_of,
    list_of_length,
    name_of,
    number_of,
    same,
    text_of,
)
from handleflow.hash_chain import Private, StoredEntry, as_instant, written
from handleflow.legal_time import day
from handleflow.store import IdempotencyKey
from handleflow.unsalted import OldEntry


def entry_as_list(stored: StoredEntry, *, private: bool) -> list[Any]:
    """An entry as a backup and evidence hold it, with its private fields where *private* is asked for."""
    fields = [[kept.field, kept.salt.hex(), kept.value] for kept in stored.private] if private else []
    return [*stored.header, stored.salt.hex(), stored.body.decode(), stored.hash, fields]


def entry_from_list(plain: object) -> StoredEntry:
    """
    The entry that was written so.

    Raises:
        BrokenBackup: when it is none.
    """
    number, kind, at, on, *named, salt, body, hash, fields = list_of_length(plain, 18, "an entry")
    words = (_word(value, what) for value, what in zip(named, _NAMED, strict=True))
    salted = same(bytes.fromhex, bytes.hex, salt, "salt")
    columns: list[Any] = [*_when(number, kind, at, on), *words, salted, *_what(body, hash, fields)]
    return StoredEntry(*columns)


def old_entry_from_list(plain: object) -> OldEntry:
    """The same of format 1."""
    number, kind, at, on, *named, body, hash, fields = list_of_length(plain, 12, "an entry")
    words = (text_of(value, what) for value, what in zip(named, _OLD_NAMED, strict=True))
    return OldEntry(*_when(number, kind, at, on), *words, *_what(body, hash, fields))


def key_from_list(plain: object) -> IdempotencyKey:
    """An idempotency key, likewise."""
    key, digest, first, last = list_of_length(plain, 4, "a key")
    return IdempotencyKey(
        text_of(key, "key"), hash_of(digest, "digest"), number_of(first, "first"), number_of(last, "last")
    )


def _private(plain: object) -> Private:
    field, salt, value = list_of_length(plain, 3, "a private field")
    return Private(
        code_of(field, "name"),
        same(bytes.fromhex, bytes.hex, salt, "salt"),
        json_of(value, "value", object),
    )


def _when(number: object, kind: object, at: object, on: object) -> tuple[Any, ...]:
    return (
        number_of(number, "number"),
        code_of(kind, "kind"),
        same(as_instant, written, at, "instant"),
        same(day, lambda found: found.isoformat(), on, "day"),
    )


def _what(body: object, hash: object, fields: object) -> tuple[Any, ...]:
    private = tuple(_private(field) for field in list_of(fields, "private fields"))
    return (json_of(body, "body", dict).encode(), hash_of(hash, "hash"), private)


def _word(value: object, what: str) -> str:
    if value == "" and what in _MAY_BE_EMPTY:
        return ""
    read = hash_of if what.startswith("digest") else code_of if what in {"role", "state"} else name_of
    return read(value, what)


_OLD_NAMED = ("role", "name", "state", "rulebook", "version")
_MAY_BE_EMPTY = ("digest of the rulebook", "calendar", "version of the calendar", "digest of the calendar")
_NAMED = ("role", "id", "name", "state", "rulebook", "version", *_MAY_BE_EMPTY)
