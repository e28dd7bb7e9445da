"""How is a record moved, checked and folded anew, whole and with its hashes?"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import islice
from typing import Any

from handleflow.backup_lines import (
    History,
    OldHistory,
    anchor_line,
    at_line,
    calendar_line,
    end_line,
    heading,
    history_line,
    position_lines,
    read,
    rulebook_line,
)
from handleflow.codec import Entropy
from handleflow.core import replay
from handleflow.engine import Engine
from handleflow.errors import HandleflowError, StaleSuggestion
from handleflow.restoring import Restoring
from handleflow.store import FeedDigest, Store, StoredRulebook
from handleflow.taken_together import WITHHELD, read_together
from handleflow.values import frozen

_ROUNDS = 8


@frozen
class BackedUp:
    """How many suggestions a backup holds, how many confidential ones it leaves out, and the store's digest."""

    suggestions: int
    withheld: int
    digest: FeedDigest


def backup(store: Store, write: Callable[[str], Any], *, private: bool = False) -> BackedUp:
    """
    Write the whole histories of *store* as JSON lines: texts, suggestions, the order of the feed, and an end that
    says how many there are and what the feed had come to.

    Without *private* the private fields stay behind, as if erased, and with them confidential suggestions and those
    whose history cannot be folded, since nobody can say whether they are: both count as withheld. Others may write
    meanwhile: a merge that commits while its suggestions are read is in both of them or in neither.
    """
    write(heading())
    for text in store.rulebooks():
        write(rulebook_line(text))
    for calendar in store.calendars():
        write(calendar_line(calendar))
    for anchor in store.anchors():
        write(anchor_line(anchor))
    count, taken = 0, dict[str, int]()
    for suggestion in store.snapshots():
        for history in read_together(store, suggestion.id, taken, partial(_read_one, store, private)):
            if history.entries:
                write(history_line(history, private=private))
                count += 1
    shown = frozenset(id for id, many in taken.items() if many < WITHHELD)
    digest = store.digest()
    for line in position_lines(islice(store.numbered(), digest.position), shown):
        write(line)
    withheld = len(taken) - len(shown)
    write(end_line(count, withheld, digest))
    return BackedUp(count, withheld, digest)


def _read_one(store: Store, private: bool, id: str) -> History | None:
    """The history of a suggestion, without entries where it is not there; None of one that is withheld."""
    entries = store.entries(id)
    # A key that came after what was read stands for nothing here.
    keys = tuple(key for key in store.keys(id) if key.last <= len(entries))
    # Looked at last: it may have become confidential while it was read.
    return None if not private and is_confidential(store, id) else History(id, entries, keys)


def is_confidential(store: Store, id: str) -> bool:
    """What its history says, since a snapshot may be an older one; one that cannot be folded is kept back."""
    try:
        return replay(id, map(store.codec.decode, store.entries(id))).is_confidential
    except Exception:
        return True


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


@frozen
class Restored:
    """How many suggestions were taken in, and how many were there already with the same history."""

    taken_in: int
    there_already: int


def restore(
    engine: Engine,
    lines: Iterable[str],
    on_each: Callable[[str], Any] = lambda _: None,
    *,
    entropy: Entropy = os.urandom,
) -> Restored:
    """
    Take the suggestions of a backup into *engine*'s store, each verified before it is written.

    Doing it again, after it was broken off, goes on where it ended; of several who do it at once each history is
    taken in by one. One that went on meanwhile in the store is there already. In a store without a feed of its own
    entries get the positions they had, up to the first one that is not in the backup, so that the digests of before
    are its own. What the old feed stood for is kept as an anchor. A backup of format 1 is chained anew, with salts
    from *entropy*.

    Raises:
        BrokenBackup: with the number of the line, when it cannot be read, its chain is broken or its history cannot
            be one, when the end is missing, or the store holds another history under the same id.
        UnknownRulebook: when a suggestion's rulebook is not held by *engine*.
        AlteredRulebook, AlteredCalendar: when the store keeps other content under the name and version of a text.
    """
    restoring = Restoring(engine, entropy)
    for number, line in read(lines):
        with at_line(number):
            restoring.take(number, line)
            if isinstance(line, History | OldHistory):
                on_each(line.id)
    return Restored(*restoring.ended())


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
                changed += [id] if engine.rebuild(id) else []
            except StaleSuggestion as error:
                moved[id] = str(error)
            except HandleflowError as error:
                left[id] = str(error)
            on_each(id)
        waiting = tuple(moved)
    return Rebuilt(tuple(changed), tuple((left | moved).items()))
