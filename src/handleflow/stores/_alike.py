"""What every store does alike: how limits and positions are read, what is withheld, how a conflict is told."""

from __future__ import annotations

from handleflow.errors import StoreError
from handleflow.model import Entry, Suggestion
from handleflow.model.fields import LONGEST_NAME, is_writable
from handleflow.store import Batch, StoredRulebook
from handleflow.views.access import EVERYTHING, entry_as_seen, nobody_sees
from handleflow.words import Message

_MOST_POSITIONS = 2**63 - 1
_MOST = 2**31 - 2  # with one more, the most that either database and a list in memory take


def at_most(limit: int) -> int:
    """How many are asked for: none where it is less than none, which SQLite takes for all of them."""
    return min(max(limit, 0), _MOST)


def within(position: int) -> int:
    """A position of the feed, or the number of an entry, as far as any database counts; none lies before 0."""
    return min(max(position, 0), _MOST_POSITIONS)


def require_name(reader: str) -> str:
    """
    The name of a reader of the feed.

    Raises:
        StoreError: when it cannot be written everywhere, as half of a surrogate pair and NUL cannot.
    """
    if not is_writable(reader):
        raise StoreError(f"a reader cannot be called {reader!r}: that cannot be written, and nothing was")
    if len(reader) > LONGEST_NAME:
        raise StoreError(f"the name of a reader is of {len(reader)} characters, and {LONGEST_NAME} are kept")
    return reader


def asked_for(entry: Entry, suggestion: Suggestion, salt: bytes, *, private: bool) -> Entry:
    """An entry of *suggestion* as a feed gives it: all of it where *private* asks so, else what anybody may see."""
    return entry_as_seen(entry, EVERYTHING if private else nobody_sees(suggestion), salt)


def stale(batch: Batch, found: int) -> Message:
    """The words for a lost race."""
    return Message("error-lost_race", {"id": batch.id, "expected": batch.expected, "found": found})


def is_there(batch: Batch) -> Message:
    """The words for a history that is to be taken in where there is one."""
    return Message("error-is_there", {"id": batch.id})


def altered(text: StoredRulebook) -> str:
    """The words for a rulebook changed under its name and version."""
    return f"rulebook {text.name} {text.version} is kept here with other content; give the changed one a new version"
