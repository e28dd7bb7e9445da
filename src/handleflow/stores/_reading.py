"""How is a history read back as it was sealed?"""

from __future__ import annotations

from handleflow.sealing import Private, Sealed
from handleflow.stores._driving import Hand
from handleflow.stores._rows import sealed_of
from handleflow.stores._statements import statements
from handleflow.stores._tables import Tables

_NEWEST = 2**31 - 1


def sealed(hand: Hand, t: Tables, id: str, first: int = 1, last: int = _NEWEST) -> tuple[Sealed, ...]:
    """The entries of one suggestion from number *first* to *last*, with their private fields."""
    do = statements(t, hand.dialect)
    rows = do.history.found(hand, {"its_id": id, "its_first": first, "its_last": last})
    # Read after the entries: an entry that commits between must not look as if its private fields were erased.
    kept = dict[int, tuple[Private, ...]]()
    for number, field, salt, value in do.fields.found(hand, {"its_id": id}):
        kept[number] = (*kept.get(number, ()), Private(field, salt, value))
    return tuple(sealed_of(header, body, hash, kept.get(header[0], ())) for *header, body, hash in rows)
