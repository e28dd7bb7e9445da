"""What stands in the lines of a backup? Written as JSON, and read strictly: nothing in them is taken on trust."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Any, TypeVar

from handleflow.canonical_json import canonical
from handleflow.errors import BrokenBackup
from handleflow.legal_time import day
from handleflow.model.fields import says_something
from handleflow.sealing import Private, Sealed, as_instant, written
from handleflow.store import KeptKey, KeptRulebook
from handleflow.values import frozen

FORMAT = 1
_KIND = "handleflow backup"
_LONGEST_WORDS = 200
T = TypeVar("T")


@frozen
class History:
    """A whole history as it was sealed, with its idempotency keys."""

    id: str
    sealed: tuple[Sealed, ...]
    keys: tuple[KeptKey, ...]

    def before(self, number: int) -> History:
        """What was there before entry *number*: a whole history too."""
        keys = tuple(kept for kept in self.keys if kept.last < number)
        return History(self.id, self.sealed[: number - 1], keys)


@frozen
class End:
    """The last line: how many suggestions stand before it."""

    suggestions: int


Line = KeptRulebook | History | End


# writing


def heading() -> str:
    """The first line."""
    return _text({"backup": _KIND, "format": FORMAT})


def rulebook_line(kept: KeptRulebook) -> str:
    """The line of a rulebook's text."""
    return _text({"rulebook": [kept.name, kept.version, kept.digest, kept.document]})


def history_line(history: History, *, private: bool) -> str:
    """The line of a suggestion; without *private* as if its private fields were erased."""
    keys = [[kept.key, kept.digest, kept.first, kept.last] for kept in history.keys]
    entries = [_entry(sealed, private) for sealed in history.sealed]
    return _text({"suggestion": history.id, "entries": entries, "keys": keys})


def end_line(count: int, withheld: int, position: int, head: str) -> str:
    """The last line."""
    return _text({"end": count, "withheld": withheld, "position": position, "head": head})


def _text(plain: dict[str, Any]) -> str:
    return canonical(plain).decode() + "\n"


def _entry(sealed: Sealed, private: bool) -> list[Any]:
    fields = [[kept.field, kept.salt.hex(), kept.value] for kept in sealed.private] if private else []
    return [*sealed.header, sealed.body.decode(), sealed.hash, fields]


# reading


def read(lines: Iterable[str]) -> Iterator[tuple[int, Line]]:
    """
    What each line holds, with its number; the heading is looked at and left out.

    Raises:
        BrokenBackup: when a line is not what a backup's should be, with its number.
    """
    for number, text in _numbered(lines):
        with at_line(number):
            plain = _parsed(text)
            if number == 1:
                _require_heading(plain)
                continue
            found = _line(plain)
        yield number, found


@contextmanager
def at_line(number: int) -> Iterator[None]:
    """Whatever is wrong is told with the number of the line it stands in."""
    try:
        yield
    except BrokenBackup as broken:
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


def _require_heading(plain: dict[str, Any]) -> None:
    if plain.get("backup") != _KIND or type(plain.get("format")) is not int or plain["format"] != FORMAT:
        raise BrokenBackup(f"this is no backup of format {FORMAT}")


def _line(plain: dict[str, Any]) -> Line:
    for keys, make in _LINES.items():
        if plain.keys() == set(keys):
            return make(plain)
    raise BrokenBackup(
        f"this is neither a rulebook nor a suggestion nor the end, but has {_shortened(ascii(sorted(plain)))}"
    )


def _rulebook(plain: dict[str, Any]) -> KeptRulebook:
    name, version, digest, document = _list_of(plain["rulebook"], 4, "a rulebook")
    kept = KeptRulebook(
        _words(name, "name"), _words(version, "version"), _words(digest, "digest"), _words(document, "text")
    )
    if sha256(kept.document.encode()).hexdigest() != kept.digest:
        raise BrokenBackup(f"rulebook {kept.name} {kept.version}: its text is not the one it was kept with")
    return kept


def _history(plain: dict[str, Any]) -> History:
    id = _words(plain["suggestion"], "id")
    try:
        entries = [_sealed(told) for told in _list(plain["entries"], "entries")]
        keys = [_key(told) for told in _list(plain["keys"], "keys")]
    except BrokenBackup as broken:
        raise BrokenBackup(f"suggestion {id}: it cannot be read: {broken}") from None
    return History(id, tuple(entries), tuple(keys))


def _sealed(told: object) -> Sealed:
    number, kind, at, on, role, name, state, rulebook, version, body, hash, fields = _list_of(told, 12, "an entry")
    private = tuple(_private(field) for field in _list(fields, "private fields"))
    return Sealed(
        _number(number, "number"),
        _words(kind, "kind"),
        _same(as_instant, written, at, "instant"),
        _same(day, lambda found: found.isoformat(), on, "day"),
        _words(role, "role"),
        _words(name, "name"),
        _words(state, "state"),
        _words(rulebook, "rulebook"),
        _words(version, "version"),
        _json(body, "body", dict).encode(),
        _words(hash, "hash"),
        private,
    )


def _private(told: object) -> Private:
    field, salt, value = _list_of(told, 3, "a private field")
    return Private(
        _words(field, "name"),
        _same(bytes.fromhex, bytes.hex, salt, "salt"),
        _json(value, "value", object),
    )


def _key(told: object) -> KeptKey:
    key, digest, first, last = _list_of(told, 4, "a key")
    return KeptKey(_words(key, "key"), _words(digest, "digest"), _number(first, "first"), _number(last, "last"))


def _end(plain: dict[str, Any]) -> End:
    _number(plain["withheld"], "withheld")
    _number(plain["position"], "position")
    _words(plain["head"], "head")
    return End(_number(plain["end"], "end"))


_LINES: dict[tuple[str, ...], Callable[[dict[str, Any]], Line]] = {
    ("rulebook",): _rulebook,
    ("suggestion", "entries", "keys"): _history,
    ("end", "withheld", "position", "head"): _end,
}


# of one value


def _words(value: object, what: str) -> str:
    if not isinstance(value, str) or not says_something(value):
        raise BrokenBackup(f"{what} should be words, not {_shown(value)}")
    return value


def _number(value: object, what: str) -> int:
    if type(value) is not int or not 0 <= value < 2**63:
        raise BrokenBackup(f"{what} should be a whole number, not {_shown(value)}")
    return value


def _list(value: object, what: str) -> list[Any]:
    if not isinstance(value, list):
        raise BrokenBackup(f"{what} should be a list, not {_shown(value)}")
    return value


def _list_of(value: object, length: int, what: str) -> list[Any]:
    found = _list(value, what)
    if len(found) != length:
        raise BrokenBackup(f"{what} should be a list of {length}, not of {len(found)}")
    return found


def _same(read: Callable[[str], T], write: Callable[[T], str], value: object, what: str) -> T:
    """What was written so, and would be again."""
    text = _words(value, what)
    try:
        found = read(text)
    except (ValueError, OverflowError) as wrong:
        raise BrokenBackup(f"{what} cannot be read: {_shortened(str(wrong))}") from None
    if write(found) != text:
        raise BrokenBackup(f"{what} {_shown(text)} is not written as a backup writes it: {write(found)}")
    return found


def _json(value: object, what: str, kind: type[object]) -> str:
    """Text that is JSON of a kind, and can be written again."""
    text = _words(value, what)
    try:
        found = json.loads(text)
        if "\\u" in text:
            canonical(found)  # half of a surrogate pair hides behind an escape alone
    except (ValueError, RecursionError) as wrong:
        raise BrokenBackup(f"{what} is no JSON: {_shortened(str(wrong))}") from None
    if not isinstance(found, kind):
        raise BrokenBackup(f"{what} should be a JSON object, not {_shown(found)}")
    return text


def _shown(value: object) -> str:
    """A value in an error: what is small as it is, anything else by its type."""
    is_small = isinstance(value, (bool, float, type(None))) or (type(value) is int and value.bit_length() < 64)
    return _shortened(ascii(value)) if is_small or isinstance(value, str) else f"a {type(value).__name__}"


def _shortened(words: str) -> str:
    return words if len(words) <= _LONGEST_WORDS else f"{words[:_LONGEST_WORDS]}…"
