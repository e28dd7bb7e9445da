"""How is a history read back as it was sealed?"""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import Any

from handleflow.sealing import Private, Sealed
from handleflow.stores._driving import Hand
from handleflow.stores._rows import sealed_of
from handleflow.stores._statements import statements
from handleflow.stores._tables import Tables

_NEWEST = 2**31 - 1


def sealed(hand: Hand, t: Tables, id: str, first: int = 1, last: int = _NEWEST) -> tuple[Sealed, ...]:
    """The entries of one suggestion from number *first* to *last*, with their private fields."""
    asked = {"its_id": id, "its_first": first, "its_last": last}
    rows = statements(t, hand.dialect).history.found(hand, asked)
    return tuple(_entry(list(each)) for _, each in groupby(rows, itemgetter(0)))


def _entry(rows: list[list[Any]]) -> Sealed:
    *header, body, hash, _, _, _ = rows[0]
    private = (Private(*row[-3:]) for row in rows if row[-3] is not None)
    return sealed_of(header, body, hash, tuple(private))
