"""
Backup: how is a record taken as it is now, and which histories must not be copied one without the other?

A merge (并案) is written to both suggestions at once. Whoever reads the one, and the other a moment later, may find
it in one of them alone. So those that name each other are read together, and one that was read too late is taken as
it was before: at any instant both had it or neither had.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import islice
from typing import Any

import attrs

from handleflow.acts import EVENTS
from handleflow.backup._record_lines import (
    History,
    anchor_line,
    end_line,
    heading,
    history_line,
    position_lines,
    text_line,
)
from handleflow.core import replay
from handleflow.hash_chain import StoredEntry
from handleflow.model import Act, Entry, Event
from handleflow.store import FeedDigest, Store
from handleflow.store.projection import seen_by_its_history
from handleflow.values import frozen
from handleflow.verification import texts_in
from handleflow.views.access import EVERYTHING, WITHHELD, Sees, nobody_sees


@frozen
class BackedUp:
    """How many suggestions a backup holds, how many confidential ones it leaves out, and the store's digest."""

    suggestions: int
    withheld: int
    digest: FeedDigest


def backup(store: Store, write: Callable[[str], Any], *, private: bool = False, sees: Sees = nobody_sees) -> BackedUp:
    """
    Write the whole histories of *store* as JSON lines: texts, suggestions, the order of the feed, and an end that
    says how many there are and what the feed had come to.

    Without *private* it holds what its reader *sees*: private fields stay behind, as if erased, and with them
    confidential suggestions and those whose history cannot be folded, since nobody can say whether they are: both
    count as withheld. Others may write meanwhile: a merge that commits while its suggestions are read is in both of
    them or in neither.
    """
    write(heading())
    for text in texts_in(store):
        write(text_line(text))
    for anchor in store.anchors():
        write(anchor_line(anchor))
    count, taken = 0, dict[str, int]()
    for suggestion in store.snapshots():
        for history in read_together(
            store, suggestion.id, taken, partial(_read_one, store, None if private else sees)
        ):
            if history.entries:
                write(history_line(history))
                count += 1
    told = frozenset(id for id, many in taken.items() if many < LEFT_OUT)
    digest = store.digest()
    for line in position_lines(islice(store.numbered(), digest.position), told):
        write(line)
    withheld = len(taken) - len(told)
    write(end_line(count, withheld, digest))
    return BackedUp(count, withheld, digest)


def _read_one(store: Store, sees: Sees | None, id: str) -> History | None:
    """The history of a suggestion as a reader *sees* it, without entries where it is not there; None if withheld."""
    entries = store.entries(id)
    # A key that came after what was read stands for nothing here.
    keys = tuple(key for key in store.keys(id) if key.last <= len(entries))
    # Looked at last: it may have become confidential while it was read.
    level = EVERYTHING if sees is None else seen_by_its_history(store, id, sees)
    shown = entries if level == EVERYTHING else tuple(attrs.evolve(each, private=()) for each in entries)
    return None if level == WITHHELD else History(id, shown, keys)


LEFT_OUT = 2**63
"""How many entries are taken of a history that is left out: whatever it tells, nobody waits for it."""

_ALONE = frozenset(e.kind for e in EVENTS if not issubclass(e, Act) or e.mirrored_act is Act.mirrored_act)


@frozen
class _Mirrored:
    """An entry that another suggestion must have as well, as *event*; the *nth* of those that are the same."""

    id: str
    number: int
    other: str
    event: Event
    nth: int


def read_together(
    store: Store, id: str, taken: dict[str, int], read: Callable[[str], History | None]
) -> tuple[History, ...]:
    """
    The history of *id* with all that name each other and are not *taken* yet, each as long as it goes with the rest.

    *taken* says of each suggestion how many of its entries were, and learns of these; *read* gives a history as it is
    now, None when it is left out.
    """
    found: dict[str, History] = {}
    waiting = [id]
    while waiting:
        name = waiting.pop()
        if name in taken:
            continue
        history = read(name)
        taken[name] = LEFT_OUT if history is None else len(history.entries)
        if history is not None:
            found[name] = history
            waiting += (one.other for one in _mirrored(store, history))
    while half := next(_halves(store, found, taken), None):
        found[half.id] = found[half.id].before(half.number)
        taken[half.id] = half.number - 1
    return tuple(found.values())


def _halves(store: Store, found: dict[str, History], taken: dict[str, int]) -> Iterator[_Mirrored]:
    """What stands in one of these, and in the other only after the entries that were taken of it."""
    for history in found.values():
        for one in _mirrored(store, history):
            numbers = _numbers(store, one)
            if len(numbers) >= one.nth and numbers[one.nth - 1] > taken[one.other]:
                yield one


def _numbers(store: Store, one: _Mirrored) -> list[int]:
    """The entries of the other suggestion, as it is now, that say the same; none of one that never had it."""
    return [e.number for e in _telling(store, store.entries(one.other), one.event.kind) if e.event == one.event]


def _mirrored(store: Store, history: History) -> Iterator[_Mirrored]:
    seen: list[tuple[str, Event]] = []
    for entry in _telling(store, history.entries):
        mirrored_act = _counterpart(store, history, entry)
        if mirrored_act is not None:
            seen.append(mirrored_act)
            yield _Mirrored(history.id, entry.number, *mirrored_act, seen.count(mirrored_act))


def _counterpart(store: Store, history: History, entry: Entry) -> tuple[str, Act] | None:
    if not isinstance(entry.event, Act):
        return None
    try:
        return entry.event.mirrored_act(
            replay(history.id, map(store.codec.decode, history.entries[: entry.number - 1]))
        )
    except Exception:  # a damaged history is copied as it stands; what is wrong with it is for verifying to say
        return None


def _telling(store: Store, stored: Iterable[StoredEntry], kind: str | None = None) -> tuple[Entry, ...]:
    """Those that may stand in two histories: of a kind, or of any kind that is not known to stand in one alone."""
    wanted = (one for one in stored if (one.kind == kind if kind else one.kind not in _ALONE))
    return tuple(map(store.codec.decode, wanted))
