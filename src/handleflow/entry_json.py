"""
JSON of entries: how does an entry stand in the JSON of a backup and of evidence? As a list; each value in it is
read strictly.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeVar

from pendulum import DateTime

from handleflow.before_schema_3 import OldEntry
from handleflow.canonical_json import canonical
from handleflow.errors import BrokenBackup
from handleflow.hash_chain import Private, StoredEntry, as_instant, written
from handleflow.legal_time import Day, day
from handleflow.model.fields import LONGEST_CODE, LONGEST_NAME, is_text
from handleflow.store import Anchor, IdempotencyKey, StoredCalendar, StoredRulebook


def entry_as_list(stored: StoredEntry) -> list[Any]:
    """An entry as a backup and evidence hold it, with the private fields that it has."""
    fields = [[kept.field, kept.salt.hex(), kept.value] for kept in stored.private]
    return [*stored.header, stored.salt.hex(), stored.body.decode(), stored.hash, fields]


def entry_from_list(plain: object) -> StoredEntry:
    """
    The entry that was written so.

    Raises:
        BrokenBackup: when it is none.
    """
    number, kind, at, on, *named, salt, body, hash, fields = list_of_length(plain, 18, "an entry")
    words = (_word(value, what) for value, what in zip(named, _NAMED, strict=True))
    columns: list[Any] = [*_when(number, kind, at, on), *words, _salt(salt), *_what(body, hash, fields)]
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


def anchor_as_list(anchor: Anchor) -> list[Any]:
    """An anchor as a backup and a published digest hold it."""
    return [anchor.origin, anchor.position, anchor.digest]


def anchor_from_list(plain: object) -> Anchor:
    """The anchor that was written so."""
    origin, position, digest = list_of_length(plain, 3, "an anchor")
    return Anchor(code_of(origin, "origin"), number_of(position, "position"), hash_of(digest, "digest"))


def text_as_list(kept: StoredRulebook | StoredCalendar) -> list[str]:
    """The text of a rulebook or a calendar as a backup and evidence hold it."""
    return [kept.name, kept.version, kept.digest, kept.document]


def _private(plain: object) -> Private:
    field, salt, value = list_of_length(plain, 3, "a private field")
    name = code_of(field, "name")
    if not is_text(value):  # and no error says what it is
        raise BrokenBackup(f"the value of the private field {name!r} should be words")
    return Private(name, _salt(salt), json_of(value, "value", object))


def _salt(value: object) -> bytes:
    return same(bytes.fromhex, bytes.hex, value, "salt")


def _when(number: object, kind: object, at: object, on: object) -> tuple[Any, ...]:
    on_day = same(day, Day.isoformat, on, "day")
    return (number_of(number, "number"), code_of(kind, "kind"), instant_of(at), on_day)


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


_LONGEST_WORDS = 200
_HEX_DIGITS = frozenset("0123456789abcdef")
T = TypeVar("T")


def text_of(value: object, what: str) -> str:
    """Text that says something."""
    if not isinstance(value, str) or not is_text(value):
        raise BrokenBackup(f"{what} should be words, not {shown(value)}")
    return value


def name_of(value: object, what: str) -> str:
    """A name, of no more characters than every store looks for."""
    return _within(LONGEST_NAME, text_of(value, what), what)


def code_of(value: object, what: str) -> str:
    """A kind, a role or a state."""
    return _within(LONGEST_CODE, text_of(value, what), what)


def _within(limit: int, text: str, what: str) -> str:
    if len(text) > limit:
        raise BrokenBackup(f"{what} is of {len(text)} characters, and {limit} are kept")
    return text


def number_of(value: object, what: str) -> int:
    """A whole number that a database can hold."""
    if type(value) is not int or not 0 <= value < 2**63:
        raise BrokenBackup(f"{what} should be a whole number, not {shown(value)}")
    return value


def list_of(value: object, what: str) -> list[Any]:
    """A list."""
    if not isinstance(value, list):
        raise BrokenBackup(f"{what} should be a list, not {shown(value)}")
    return value


def list_of_length(value: object, length: int, what: str) -> list[Any]:
    """A list of so many."""
    found = list_of(value, what)
    if len(found) != length:
        raise BrokenBackup(f"{what} should be a list of {length}, not of {len(found)}")
    return found


def hash_of(value: object, what: str, digits: int = 64) -> str:
    """A hash, or what else is of so many hex *digits*."""
    found = text_of(value, what)
    if len(found) != digits or not _HEX_DIGITS.issuperset(found):
        raise BrokenBackup(f"{what} should be {digits} hex digits, not {shown(found)}")
    return found


def instant_of(value: object) -> DateTime:
    """An instant, written as the hash of an entry has it."""
    return same(as_instant, written, value, "instant")


def same(read: Callable[[str], T], write: Callable[[T], str], value: object, what: str) -> T:
    """What was written so, and would be again."""
    text = text_of(value, what)
    try:
        found = read(text)
    except (ValueError, OverflowError) as wrong:
        raise BrokenBackup(f"{what} cannot be read: {shortened(str(wrong))}") from None
    if write(found) != text:
        raise BrokenBackup(f"{what} {shown(text)} is not written as handleflow writes it: {write(found)}")
    return found


def json_of(value: object, what: str, kind: type[object]) -> str:
    """Text that is JSON of a kind, and can be written again."""
    text = text_of(value, what)
    try:
        found = json.loads(text)
        if "\\u" in text:
            canonical(found)  # half of a surrogate pair hides behind an escape alone
    except (ValueError, RecursionError) as wrong:
        raise BrokenBackup(f"{what} is no JSON: {shortened(str(wrong))}") from None
    if not isinstance(found, kind):
        raise BrokenBackup(f"{what} should be a JSON object, not {shown(found)}")
    return text


def shown(value: object) -> str:
    """A value in an error: what is small as it is, anything else by its type."""
    is_small = isinstance(value, (bool, float, type(None))) or (type(value) is int and value.bit_length() < 64)
    return shortened(ascii(value)) if is_small or isinstance(value, str) else f"a {type(value).__name__}"


def shortened(words: str) -> str:
    """Words of a length that people read."""
    return words if len(words) <= _LONGEST_WORDS else f"{words[:_LONGEST_WORDS]}…"
