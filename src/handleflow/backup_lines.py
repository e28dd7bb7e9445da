"""What stands in the lines of a backup? Written as JSON, and read strictly: nothing in them is taken on trust."""

from __future__ import annotations

import json
from collections.abc import Callable, Container, Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Any

from handleflow.backup_entries import entry_as_list, entry_from_list, key_from_list, old_entry_from_list
from handleflow.backup_values import (
    code_of,
    hash_of,
    list_of,
    list_of_length,
    name_of,
    number_of,
    shortened,
    text_of,
)
from handleflow.canonical_json import canonical
from handleflow.chunks import batched
from handleflow.errors import BrokenBackup, NonsenseError
from handleflow.hash_chain import StoredEntry
from handleflow.renamed import rulebook_now
from handleflow.store import Anchor, FeedDigest, IdempotencyKey, Numbered, StoredCalendar, StoredRulebook
from handleflow.unsalted import OldEntry
from handleflow.values import frozen

FORMAT = 2
_KIND = "handleflow backup"
_POSITIONS_A_LINE = 500


@frozen
class History:
    """A whole history as it is stored, with its idempotency keys."""

    id: str
    entries: tuple[StoredEntry, ...]
    keys: tuple[IdempotencyKey, ...]

    def before(self, number: int) -> History:
        """What was there before entry *number*: a whole history too."""
        keys = tuple(kept for kept in self.keys if kept.last < number)
        return History(self.id, self.entries[: number - 1], keys)


@frozen
class OldHistory:
    """A whole history of format 1, whose entries have no salts."""

    id: str
    entries: tuple[OldEntry, ...]
    keys: tuple[IdempotencyKey, ...]


@frozen
class Positions:
    """
    Some positions of the feed, *first* and those after it: the suggestion, the number and the hash of each entry.

    A suggestion that is withheld, or that came when its place in the backup had gone by, is told by the hashes of its
    entries alone, under ``""`` and 0.
    """

    first: int
    each: tuple[tuple[str, int, str], ...]


@frozen
class End:
    """The last line: how many suggestions stand before it, how many are *withheld*, and what the feed had come to."""

    suggestions: int
    withheld: int
    digest: FeedDigest


@frozen
class OldEnd:
    """The last line of a backup of format 1, which tells of a feed whose positions it does not hold."""

    suggestions: int
    digest: FeedDigest


Line = StoredRulebook | StoredCalendar | Anchor | History | OldHistory | Positions | End | OldEnd


# writing


def heading() -> str:
    """The first line."""
    return _text({"backup": _KIND, "format": FORMAT})


def rulebook_line(kept: StoredRulebook) -> str:
    """The line of a rulebook's text."""
    return _text({"rulebook": [kept.name, kept.version, kept.digest, kept.document]})


def calendar_line(kept: StoredCalendar) -> str:
    """The line of a calendar's text."""
    return _text({"calendar": [kept.name, kept.version, kept.digest, kept.document]})


def anchor_line(anchor: Anchor) -> str:
    """The line of what the record stood for elsewhere."""
    return _text({"anchor": [anchor.origin, anchor.position, anchor.digest]})


def position_lines(numbered: Iterable[Numbered], shown: Container[str]) -> Iterator[str]:
    """The lines of all positions, so many in each; of suggestions that are not *shown* the hashes alone."""
    for some in batched(numbered, _POSITIONS_A_LINE):
        each = [[n.suggestion_id, n.number, n.hash] if n.suggestion_id in shown else ["", 0, n.hash] for n in some]
        yield _text({"positions": some[0].position, "entries": each})


def history_line(history: History, *, private: bool) -> str:
    """The line of a suggestion; without *private* as if its private fields were erased."""
    keys = [[kept.key, kept.digest, kept.first, kept.last] for kept in history.keys]
    entries = [entry_as_list(entry, private=private) for entry in history.entries]
    return _text({"suggestion": history.id, "entries": entries, "keys": keys})


def end_line(count: int, withheld: int, digest: FeedDigest) -> str:
    """The last line."""
    return _text({"end": count, "withheld": withheld, "position": digest.position, "digest": digest.digest})


def _text(plain: dict[str, Any]) -> str:
    return canonical(plain).decode() + "\n"


# reading


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
    if plain.get("backup") != _KIND or type(format) is not int or format not in {1, FORMAT}:
        raise BrokenBackup(f"this is no backup of format {FORMAT}, nor of format 1")
    return _LINES if format == FORMAT else _LINES_1


def _line(plain: dict[str, Any], kinds: _Kinds) -> Line:
    for keys, make in kinds.items():
        if plain.keys() == set(keys):
            return make(plain)
    raise BrokenBackup(f"there is no such line in a backup, but this has {shortened(ascii(sorted(plain)))}")


def _calendar(plain: dict[str, Any]) -> StoredCalendar:
    return StoredCalendar(*_kept_text("calendar", plain["calendar"]))


def _anchor(plain: dict[str, Any]) -> Anchor:
    origin, position, digest = list_of_length(plain["anchor"], 3, "an anchor")
    return Anchor(code_of(origin, "origin"), number_of(position, "position"), hash_of(digest, "digest"))


def _positions(plain: dict[str, Any]) -> Positions:
    each = tuple(map(_position, list_of(plain["entries"], "entries")))
    if not each:
        raise BrokenBackup("there are no positions in it")
    return Positions(number_of(plain["positions"], "positions"), each)


def _position(plain: object) -> tuple[str, int, str]:
    id, number, hash = list_of_length(plain, 3, "a position")
    if id == "" and number == 0 and type(number) is int:
        return ("", 0, hash_of(hash, "hash"))
    return (name_of(id, "id"), number_of(number, "number"), hash_of(hash, "hash"))


def _rulebook(plain: dict[str, Any]) -> StoredRulebook:
    return StoredRulebook(*_kept_text("rulebook", plain["rulebook"]))


def _old_rulebook(plain: dict[str, Any]) -> StoredRulebook:
    """Under the keys of now, and so with the digest of now."""
    name, version, _, document = _kept_text("rulebook", plain["rulebook"])
    now = rulebook_now(document)
    return StoredRulebook(name, version, sha256(now.encode()).hexdigest(), now)


def _kept_text(what: str, plain: object) -> tuple[str, str, str, str]:
    name, version, digest, document = list_of_length(plain, 4, f"a {what}")
    kept = (name_of(name, "name"), name_of(version, "version"), text_of(digest, "digest"), text_of(document, "text"))
    if sha256(kept[3].encode()).hexdigest() != digest:
        raise BrokenBackup(f"{what} {name} {version}: its text is not the one it was kept with")
    return kept


def _history(plain: dict[str, Any]) -> History:
    id = name_of(plain["suggestion"], "id")
    with _of_suggestion(id):
        return History(id, tuple(map(entry_from_list, list_of(plain["entries"], "entries"))), _keys(plain))


def _old_history(plain: dict[str, Any]) -> OldHistory:
    id = name_of(plain["suggestion"], "id")
    with _of_suggestion(id):
        return OldHistory(id, tuple(map(old_entry_from_list, list_of(plain["entries"], "entries"))), _keys(plain))


@contextmanager
def _of_suggestion(id: str) -> Iterator[None]:
    try:
        yield
    except BrokenBackup as broken:
        raise BrokenBackup(f"suggestion {id}: it cannot be read: {broken}") from None


def _keys(plain: dict[str, Any]) -> tuple[IdempotencyKey, ...]:
    return tuple(map(key_from_list, list_of(plain["keys"], "keys")))


def _end(plain: dict[str, Any]) -> End:
    suggestions, withheld = number_of(plain["end"], "end"), number_of(plain["withheld"], "withheld")
    return End(suggestions, withheld, _digest(plain["position"], plain["digest"]))


def _old_end(plain: dict[str, Any]) -> OldEnd:
    suggestions, _ = number_of(plain["end"], "end"), number_of(plain["withheld"], "withheld")
    return OldEnd(suggestions, _digest(plain["position"], plain["head"]))


def _digest(position: object, digest: object) -> FeedDigest:
    return FeedDigest(number_of(position, "position"), hash_of(digest, "digest"))


_Kinds = dict[tuple[str, ...], Callable[[dict[str, Any]], Line]]
_LINES: _Kinds = {
    ("rulebook",): _rulebook,
    ("calendar",): _calendar,
    ("anchor",): _anchor,
    ("suggestion", "entries", "keys"): _history,
    ("positions", "entries"): _positions,
    ("end", "withheld", "position", "digest"): _end,
}
_LINES_1: _Kinds = {
    ("rulebook",): _old_rulebook,
    ("suggestion", "entries", "keys"): _old_history,
    ("end", "withheld", "position", "head"): _old_end,
}
