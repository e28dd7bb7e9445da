"""Value objects of a store: what does a store tell of its clock, its feed, and what is derived of a history?"""

from __future__ import annotations

from collections.abc import Mapping

from pendulum import DateTime

from handleflow.model import Entry, Suggestion
from handleflow.values import frozen


@frozen
class Waking:
    """A suggestion the clock has something to say of, and since when; a place to page on from."""

    at: DateTime
    id: str


@frozen
class LastSweep:
    """When the clock was last let speak, and when it last said something; None when it never was."""

    at: DateTime | None = None
    last_effect_at: DateTime | None = None


@frozen
class FeedItem:
    """
    One entry in the one order of everything.

    *position* counts from 1 without gaps. An entry of a confidential suggestion is withheld, its body empty, unless
    it was asked for.
    """

    position: int
    suggestion_id: str
    entry: Entry

    @property
    def key(self) -> str:
        """What a reader knows it again by, however often it is delivered."""
        return f"{self.suggestion_id}/{self.entry.number}"


@frozen
class Numbered:
    """One position of the feed with the entry it names, and that entry's *hash*; None when there is no such entry."""

    position: int
    suggestion_id: str
    number: int
    hash: str | None


@frozen
class FeedDigest:
    """
    What stands for all entries up to a *position* of the feed: the tree head of their hashes, as hex digits.

    It may be signed and published; that a later one is of the same entries and more can be proved (RFC 9162).
    """

    position: int
    digest: str


@frozen
class DerivedRows:
    """
    What stands beside a history at one moment: the version and hash it has come to, and what is derived of it.

    *snapshot* is that of *snapshot_version*, which may be an earlier one; None where it cannot be read.
    """

    version: int
    last_hash: str
    snapshot_version: int
    snapshot: Suggestion | None
    derived: Mapping[str, object]
