"""What is said alike by every store, and what of an entry those see who did not ask for all of it."""

from __future__ import annotations

import attrs

from handleflow.model import Entry, UnknownEvent
from handleflow.store import Batch, StoredRulebook


def withheld(entry: Entry, salt: bytes) -> Entry:
    """
    An entry of a confidential suggestion, as those see it who did not ask for it: what kind, not what.

    Its hash is told where it has a *salt*: nobody can try out then what it may say.
    """
    return attrs.evolve(entry, event=UnknownEvent(entry.kind, b"{}"), hash=entry.hash if salt else "")


def stale(batch: Batch, found: int) -> str:
    """The words for a lost race."""
    return (
        f"suggestion {batch.id}: decided on version {batch.expected}, but it is at {found}; "
        "load it again and decide again"
    )


def altered(text: StoredRulebook) -> str:
    """The words for a rulebook changed under its name and version."""
    return f"rulebook {text.name} {text.version} is kept here with other content; give the changed one a new version"
