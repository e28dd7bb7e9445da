"""How is a record moved, checked and folded anew, whole and with its hashes?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from handleflow.backup_lines import End, History, at_line, end_line, heading, history_line, read, rulebook_line
from handleflow.core import replay
from handleflow.engine import Engine
from handleflow.errors import BrokenBackup, HandleflowError, StaleSuggestion
from handleflow.restoring import require_new, require_same, require_whole
from handleflow.store import KeptRulebook, Store
from handleflow.taken_together import WITHHELD, read_together
from handleflow.values import frozen

_TRIES = 8
_ROUNDS = 8


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

    Without *private* the private fields stay behind, as if erased, and with them confidential suggestions and those
    whose history cannot be folded, since nobody can say whether they are: both count as withheld. Others may write
    meanwhile: a merge that commits while its suggestions are read is in both of them or in neither.
    """
    write(heading())
    for kept in store.kept_rulebooks():
        write(rulebook_line(kept))
    count, taken = 0, dict[str, int]()
    for picture in store.pictures():
        for history in read_together(store, picture.id, taken, partial(_read_one, store, private)):
            if history.sealed:
                write(history_line(history, private=private))
                count += 1
    withheld = sum(many == WITHHELD for many in taken.values())
    position, head = store.head()
    write(end_line(count, withheld, position, head))
    return BackedUp(count, withheld, position, head)


def _read_one(store: Store, private: bool, id: str) -> History | None:
    """The history of a suggestion, without entries where it is not there; None of one that is withheld."""
    sealed = store.sealed(id)
    # A key that came after what was read stands for nothing here.
    keys = tuple(kept for kept in store.keys(id) if kept.last <= len(sealed))
    # Looked at last: it may have become confidential while it was read.
    return None if not private and _is_confidential(store, id) else History(id, sealed, keys)


def _is_confidential(store: Store, id: str) -> bool:
    """What its history says, since a snapshot may be an older one; one that cannot be folded is kept back."""
    try:
        return replay(id, store.history(id)).is_confidential
    except Exception:
        return True


def rulebooks_in(lines: Iterable[str]) -> Iterator[KeptRulebook]:
    """
    The rulebooks a backup holds, which stand before its suggestions.

    Raises:
        BrokenBackup: when it is no backup.
    """
    for _, line in read(lines):
        if not isinstance(line, KeptRulebook):
            return
        yield line


@frozen
class Restored:
    """How many suggestions were taken in, and how many were there already with the same history."""

    taken_in: int
    there_already: int


def restore(engine: Engine, lines: Iterable[str], on_each: Callable[[str], Any] = lambda _: None) -> Restored:
    """
    Take the suggestions of a backup into *engine*'s store, each verified before it is written.

    Doing it again, after it was broken off, goes on where it ended; of several who do it at once each history is
    taken in by one. One that went on meanwhile in the store is there already.

    Raises:
        BrokenBackup: with the number of the line, when it cannot be read, its chain is broken or its history cannot
            be one, when the end is missing, or the store holds another history under the same id.
        UnknownRulebook: when a suggestion's rulebook is not held by *engine*.
    """
    taken_in, seen, ended = 0, dict[str, int](), None
    for number, line in read(lines):
        with at_line(number):
            if ended is not None:
                raise BrokenBackup("it stands after the end")
            if isinstance(line, History):
                require_new(line.id, number, seen)
                taken_in += _take_in(engine, line)
                on_each(line.id)
        ended = line.suggestions if isinstance(line, End) else ended
    if ended != len(seen):
        said = "nothing" if ended is None else ended
        raise BrokenBackup(f"it ends after {len(seen)} suggestions, and says {said} at its end")
    return Restored(taken_in, len(seen) - taken_in)


def _take_in(engine: Engine, history: History) -> bool:
    """Whether it was taken in now; False where it is there already, perhaps since another one has been restoring."""
    require_whole(history, engine.rulebooks)
    for last in reversed(range(_TRIES)):
        there = engine.store.sealed(history.id)
        if there:
            require_same(history, there)
            return False
        try:
            engine.take_in(history.id, history.sealed, history.keys)
            return True
        except StaleSuggestion:  # somebody else took it in just now
            if last == 0:
                raise
    raise AssertionError("unreachable")  # pragma: no cover


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
