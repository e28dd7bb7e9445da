"""Backup parser: what does a line of a backup say? It is read strictly: nothing in it is taken on trust."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Any, TypeVar

from handleflow.backup._record_lines import FORMAT, KIND, End, History, Line, OldEnd, OldHistory, Positions
from handleflow.before_schema_3 import rulebook_now
from handleflow.entry_json import (
    anchor_from_list,
    entry_from_list,
    hash_of,
    key_from_list,
    list_of,
    list_of_length,
    name_of,
    number_of,
    old_entry_from_list,
    shortened,
    text_of,
)
from handleflow.errors import BrokenBackup, NonsenseError
from handleflow.store import FeedDigest, IdempotencyKey, StoredCalendar, StoredRulebook

E = TypeVar("E")


def read(lines: Iterable[str]) -> Iterator[tuple[int, Line]]:
    """
    What each line holds, with its number; the heading is looked at and left out.

    Raises:
        BrokenBackup: when a line is not what a backup's should be, with its number.
    """
    kinds = _LINES
    for number, text in _numbered(lines):
        with at_line(number):
            plain = _parsed(text)
            if number == 1:
                kinds = _kinds_of(plain)
                continue
            found = _line(plain, kinds)
        yield number, found


@contextmanager
def at_line(number: int) -> Iterator[None]:
    """Whatever is wrong is told with the number of the line it stands in."""
    try:
        yield
    except (BrokenBackup, NonsenseError) as broken:
        raise BrokenBackup(f"line {number}: {broken}") from None


def _numbered(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    number, each = 0, iter(lines)
    while True:
        number += 1
        try:
            text = next(each, None)
        except UnicodeDecodeError as wrong:
            raise BrokenBackup(f"about line {number}: it is no text in UTF-8: {wrong.reason}") from None
        if text is None:
            return
        yield number, text


def _parsed(text: str) -> dict[str, Any]:
    try:
        plain = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as wrong:
        raise BrokenBackup(f"this is no JSON: {wrong}") from None
    if not isinstance(plain, dict):
        raise BrokenBackup(f"this is no backup of format {FORMAT}")
    return plain


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number")


def _kinds_of(plain: dict[str, Any]) -> _Kinds:
    """What may stand in a backup of that heading."""
    format = plain.get("format")
    if plain.get("backup") != KIND or type(format) is not int or format not in {1, FORMAT}:
        raise BrokenBackup(f"this is no backup of format {FORMAT}, nor of format 1")
    return _LINES if format == FORMAT else _LINES_1


def _line(plain: dict[str, Any], kinds: _Kinds) -> Line:
    for keys, make in kinds.items():
        if plain.keys() == set(keys):
            return make(*(plain[key] for key in keys))
    raise BrokenBackup(f"there is no such line in a backup, but this has {shortened(ascii(sorted(plain)))}")


def _calendar(plain: object) -> StoredCalendar:
    return StoredCalendar(*_kept_text("calendar", plain))


def _positions(first: object, entries: object) -> Positions:
    each = tuple(map(_position, list_of(entries, "entries")))
    if not each:
        raise BrokenBackup("there are no positions in it")
    return Positions(number_of(first, "positions"), each)


def _position(plain: object) -> tuple[str, int, str]:
    id, number, hash = list_of_length(plain, 3, "a position")
    if id == "" and number == 0 and type(number) is int:
        return ("", 0, hash_of(hash, "hash"))
    return (name_of(id, "id"), number_of(number, "number"), hash_of(hash, "hash"))


def _rulebook(plain: object) -> StoredRulebook:
    return StoredRulebook(*_kept_text("rulebook", plain))


def _old_rulebook(plain: object) -> StoredRulebook:
    """Under the keys of now, and so with the digest of now."""
    name, version, _, document = _kept_text("rulebook", plain)
    now = rulebook_now(document)
    return StoredRulebook(name, version, sha256(now.encode()).hexdigest(), now)


def _kept_text(what: str, plain: object) -> tuple[str, str, str, str]:
    name, version, digest, document = list_of_length(plain, 4, f"a {what}")
    kept = (name_of(name, "name"), name_of(version, "version"), text_of(digest, "digest"), text_of(document, "text"))
    if sha256(kept[3].encode()).hexdigest() != digest:
        raise BrokenBackup(f"{what} {name} {version}: its text is not the one it was kept with")
    return kept


def _history(id: object, entries: object, keys: object) -> History:
    return History(*_of_suggestion(entry_from_list, id, entries, keys))


def _old_history(id: object, entries: object, keys: object) -> OldHistory:
    return OldHistory(*_of_suggestion(old_entry_from_list, id, entries, keys))


def _of_suggestion(
    entry: Callable[[object], E], id: object, entries: object, keys: object
) -> tuple[str, tuple[E, ...], tuple[IdempotencyKey, ...]]:
    id = name_of(id, "id")
    try:
        return id, tuple(map(entry, list_of(entries, "entries"))), tuple(map(key_from_list, list_of(keys, "keys")))
    except BrokenBackup as broken:
        raise BrokenBackup(f"suggestion {id}: it cannot be read: {broken}") from None


def _end(suggestions: object, withheld: object, position: object, digest: object) -> End:
    many, left_out = number_of(suggestions, "end"), number_of(withheld, "withheld")
    return End(many, left_out, FeedDigest(number_of(position, "position"), hash_of(digest, "digest")))


def _old_end(suggestions: object, withheld: object, position: object, head: object) -> OldEnd:
    end = _end(suggestions, withheld, position, head)
    return OldEnd(end.suggestions, end.digest)


_Kinds = dict[tuple[str, ...], Callable[..., Line]]
_LINES: _Kinds = {
    ("rulebook",): _rulebook,
    ("calendar",): _calendar,
    ("anchor",): anchor_from_list,
    ("suggestion", "entries", "keys"): _history,
    ("positions", "entries"): _positions,
    ("end", "withheld", "position", "digest"): _end,
}
_LINES_1: _Kinds = {
    ("rulebook",): _old_rulebook,
    ("suggestion", "entries", "keys"): _old_history,
    ("end", "withheld", "position", "head"): _old_end,
}


def rulebooks_in(lines: Iterable[str]) -> Iterator[StoredRulebook]:
    """
    The rulebooks a backup holds, which stand before its suggestions.

    Raises:
        BrokenBackup: when it is no backup.
    """
    for _, line in read(lines):
        if not isinstance(line, StoredRulebook):
            return
        yield line
