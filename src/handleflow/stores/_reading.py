"""How is a history read back as it was sealed?"""

from __future__ import annotations

from handleflow.errors import WrongSuggestion
from handleflow.model import Suggestion
from handleflow.sealing import Private, Sealed
from handleflow.stores._driving import Hand
from handleflow.stores._rows import sealed_of
from handleflow.stores._statements import statements
from handleflow.stores._tables import Tables

_NEWEST = 2**31 - 1


def of(id: str, picture: Suggestion) -> Suggestion:
    """
    *picture*, which is that of *id*.

    Raises:
        WrongSuggestion: when it is another's.
    """
    if picture.id != id:
        raise WrongSuggestion(
            f"the database was asked for suggestion {id!r} and answered with {picture.id!r}; do two processes use "
            "one connection, as after a fork, or was the row changed behind the store's back?"
        )
    return picture


def sealed(hand: Hand, t: Tables, id: str, first: int = 1, last: int = _NEWEST) -> tuple[Sealed, ...]:
    """The entries of one suggestion from number *first* to *last*, with their private fields."""
    asked = {"its_id": id, "its_first": first, "its_last": last}
    rows = statements(t, hand.dialect).history.found(hand, asked)
    entries: list[Sealed] = []
    for *columns, body, hash, field, salt, value in rows:
        private: tuple[Private, ...] = () if field is None else (Private(field, salt, value),)
        if private and entries and entries[-1].number == columns[0]:
            private = (*entries.pop().private, *private)
        entries.append(sealed_of(columns, body, hash, private))
    return tuple(entries)
