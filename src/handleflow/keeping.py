"""How is a record moved, checked and folded anew, whole and with its hashes?"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from typing import Any

from handleflow.canonical_json import canonical
from handleflow.engine import Engine
from handleflow.errors import BrokenBackup, HandleflowError, StaleSuggestion
from handleflow.legal_time import day
from handleflow.sealing import Private, Sealed, flaws_in_history
from handleflow.store import KeptKey, KeptRulebook, Store
from handleflow.stores import as_instant
from handleflow.values import frozen

FORMAT = 1
_ROUNDS = 8
_KIND = "handleflow backup"


@frozen
class BackedUp:
    """How many suggestions a backup holds, how many confidential ones it leaves out, and the store's head."""

    suggestions: int
    withheld: int
    position: int
    head: str


def backup(store: Store, write: Callable[[str], Any], *, private: bool = False) -> BackedUp:
    """
    Write the whole histories of *store* as JSON lines: rulebooks, suggestions, and an end that says how many.

    Without *private* the private fields stay behind, as if erased, and confidential suggestions with them.
    """
    write(_line({"backup": _KIND, "format": FORMAT}))
    for kept in store.kept_rulebooks():
        write(_line({"rulebook": [kept.name, kept.version, kept.digest, kept.document]}))
    count = withheld = 0
    for picture in store.pictures():
        if picture.is_confidential and not private:
            withheld += 1
            continue
        line = _line(_suggestion(store, picture.id, private))
        now = store.load(picture.id)
        if now is not None and now.is_confidential and not private:
            withheld += 1  # it became so while it was read
            continue
        write(line)
        count += 1
    position, head = store.head()
    write(_line({"end": count, "withheld": withheld, "position": position, "head": head}))
    return BackedUp(count, withheld, position, head)


def _line(told: dict[str, Any]) -> str:
    return canonical(told).decode() + "\n"


def _suggestion(store: Store, id: str, private: bool) -> dict[str, Any]:
    return {
        "suggestion": id,
        "entries": [_entry(sealed, private) for sealed in store.sealed(id)],
        "keys": [[kept.key, kept.digest, kept.first, kept.last] for kept in store.keys(id)],
    }


def _entry(sealed: Sealed, private: bool) -> list[Any]:
    fields = [[kept.field, kept.salt.hex(), kept.value] for kept in sealed.private] if private else []
    return [*sealed.header, sealed.body.decode(), sealed.hash, fields]


def rulebooks_in(lines: Iterable[str]) -> Iterator[KeptRulebook]:
    """
    The rulebooks a backup holds, which stand before its suggestions.

    Raises:
        BrokenBackup: when it is no backup.
    """
    for told in _read(lines):
        if "suggestion" in told or "end" in told:
            return
        if "rulebook" in told:
            yield _rulebook(told["rulebook"])


def _rulebook(told: Any) -> KeptRulebook:
    try:
        kept = KeptRulebook(*told)
        digest = sha256(kept.document.encode()).hexdigest()
    except (TypeError, AttributeError) as wrong:
        raise BrokenBackup(f"a rulebook cannot be read: {wrong}") from None
    if digest != kept.digest:
        raise BrokenBackup(f"rulebook {kept.name} {kept.version}: its text is not the one it was kept with")
    return kept


@frozen
class Restored:
    """How many suggestions were taken in, and how many were there already with the same history."""

    taken_in: int
    there_already: int


def restore(engine: Engine, lines: Iterable[str], on_each: Callable[[str], Any] = lambda _: None) -> Restored:
    """
    Take the suggestions of a backup into *engine*'s store, each verified by its chain before it is written.

    Doing it again, after it was broken off, goes on where it ended.

    Raises:
        BrokenBackup: when a line cannot be read, a chain is broken, the end is missing, or the store holds
            another history under the same id.
        UnknownRulebook: when a suggestion's rulebook is not held by *engine*.
    """
    taken_in = there = 0
    ended = None
    for told in _read(lines):
        if "suggestion" in told:
            is_new = _take_in(engine, told)
            taken_in, there = taken_in + is_new, there + (not is_new)
            on_each(told["suggestion"])
        ended = told.get("end")
    if ended != taken_in + there:
        said = "nothing" if ended is None else ended
        raise BrokenBackup(f"it ends after {taken_in + there} suggestions, and says {said} at its end")
    return Restored(taken_in, there)


def _take_in(engine: Engine, told: dict[str, Any]) -> bool:
    id = str(told["suggestion"])
    try:
        sealed = tuple(_sealed(entry) for entry in told["entries"])
        keys = tuple(KeptKey(*key) for key in told["keys"])
    except (KeyError, TypeError, ValueError, AttributeError) as wrong:
        raise BrokenBackup(f"suggestion {id}: an entry cannot be read: {wrong!r}") from None
    flaw = next(flaws_in_history(id, sealed), None)
    if flaw is not None or not sealed:
        raise BrokenBackup(str(flaw or f"suggestion {id}: it has no entry"))
    there = engine.store.sealed(id)
    if there:
        if [entry.hash for entry in there] != [entry.hash for entry in sealed]:
            raise BrokenBackup(f"suggestion {id} is there with another history; nothing of it was written")
        return False
    engine.take_in(id, sealed, keys)
    return True


def _sealed(told: list[Any]) -> Sealed:
    number, kind, at, on, role, name, state, rulebook, version, body, hash, fields = told
    private = tuple(Private(field, bytes.fromhex(salt), value) for field, salt, value in fields)
    header = (number, kind, as_instant(at), day(on), role, name, state, rulebook, version)
    return Sealed(*header, body.encode(), hash, private)


def _read(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    for place, line in enumerate(lines, 1):
        try:
            told = json.loads(line)
        except ValueError as wrong:
            raise BrokenBackup(f"line {place} is no JSON: {wrong}") from None
        if not isinstance(told, dict) or (place == 1 and (told.get("backup"), told.get("format")) != (_KIND, FORMAT)):
            raise BrokenBackup(f"line {place}: this is no backup of format {FORMAT}")
        yield told


@frozen
class Rebuilt:
    """The ids of suggestions beside which stood something else, and those left as they are, each with the reason."""

    changed: tuple[str, ...]
    left: tuple[tuple[str, str], ...] = ()


def rebuild(engine: Engine, on_each: Callable[[str], Any] = lambda _: None) -> Rebuilt:
    """
    Derive anew what stands beside every history; nothing is written where it is what it should be.

    Each suggestion is judged by itself: one whose history cannot be folded is left. One that somebody writes
    meanwhile is come back to when the others are done.
    """
    changed, left = list[str](), dict[str, str]()
    waiting: Iterable[str] = engine.store.ids()
    for _ in range(_ROUNDS):
        moved = dict[str, str]()
        for id in waiting:
            try:
                changed += [id] if engine.refold(id) else []
            except StaleSuggestion as error:
                moved[id] = str(error)
            except HandleflowError as error:
                left[id] = str(error)
            on_each(id)
        waiting = tuple(moved)
    return Rebuilt(tuple(changed), tuple((left | moved).items()))
