"""How are snapshots read, and histories as they were sealed?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from sqlalchemy import CompoundSelect, except_, select, union

from handleflow.errors import WrongSuggestion
from handleflow.model import Suggestion
from handleflow.model.fields import is_writable
from handleflow.sealing import Private, Sealed
from handleflow.stores._driving import Hand
from handleflow.stores._rows import sealed_of
from handleflow.stores._statements import snapshots, statements
from handleflow.stores._tables import Tables

_NEWEST = 2**31 - 1
_AT_ONCE = 512  # well below the number of parameters either database takes


def snapshot(hand: Hand, t: Tables, id: str) -> Any:
    """Snapshot and head of one suggestion; None where it is not there, as nothing is that cannot be written."""
    return statements(t, hand.dialect).picture.run(hand, {"its_id": id}).fetchone() if is_writable(id) else None


def under_key(hand: Hand, t: Tables, id: str, key: str) -> Any:
    """What an idempotency key stands for, with its first and its last entry."""
    if not is_writable(id + key):
        return None
    return statements(t, hand.dialect).key.run(hand, {"its_id": id, "its_key": key}).fetchone()


def snapshots_of(hand: Hand, t: Tables, ids: Iterable[str]) -> Iterator[list[str]]:
    """Id, snapshot and head of those suggestions that are there, read so many at once."""
    waiting = filter(is_writable, dict.fromkeys(ids))
    while some := list(islice(waiting, _AT_ONCE)):
        # The last one asked for again and again up to a power of two: ten statements are built, not five hundred.
        some += some[-1:] * ((1 << (len(some) - 1).bit_length()) - len(some))
        asked, wanted = {f"id_{n}": id for n, id in enumerate(some)}, set(some)
        for row in snapshots(t, hand.dialect, len(some)).found(hand, asked):
            if row[0] not in wanted:
                raise _wrong(", ".join(sorted(wanted)), row[0])
            yield row


def of(id: str, picture: Suggestion) -> Suggestion:
    """
    *picture*, which is that of *id*.

    Raises:
        WrongSuggestion: when it is another's.
    """
    if picture.id != id:
        raise _wrong(id, picture.id)
    return picture


def _wrong(asked: str, found: str) -> WrongSuggestion:
    return WrongSuggestion(
        f"the database was asked for suggestion {asked!r} and answered with {found!r}; do two processes use "
        "one connection, as after a fork, or was the row changed behind the store's back?"
    )


def sealed(hand: Hand, t: Tables, id: str, first: int = 1, last: int = _NEWEST) -> tuple[Sealed, ...]:
    """The entries of one suggestion from number *first* to *last*, with their private fields."""
    asked = {"its_id": id, "its_first": first, "its_last": last}
    rows = statements(t, hand.dialect).history.found(hand, asked) if is_writable(id) else ()
    entries: list[Sealed] = []
    for *columns, body, hash, field, salt, value in rows:
        private: tuple[Private, ...] = () if field is None else (Private(field, salt, value),)
        if private and entries and entries[-1].number == columns[0]:
            private = (*entries.pop().private, *private)
        entries.append(sealed_of(columns, body, hash, private))
    return tuple(entries)


def left_alone(t: Tables) -> CompoundSelect[Any]:
    """The ids of histories, and of rows derived of one, beside which no suggestion stands."""
    beside = (t.entries, t.parties, t.terms, t.claims, t.keys, t.private)
    every = union(*(select(table.c.suggestion_id) for table in beside)).subquery()
    return except_(select(every.c.suggestion_id), select(t.suggestions.c.id))
