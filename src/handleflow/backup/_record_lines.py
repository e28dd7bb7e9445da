"""Backup format: what stands in the lines of a backup? Values, and how each is written as JSON."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from typing import Any

from handleflow.before_schema_3 import OldEntry
from handleflow.canonical_json import canonical
from handleflow.chunks import batched
from handleflow.entry_json import anchor_as_list, entry_as_list, text_as_list
from handleflow.hash_chain import StoredEntry
from handleflow.store import Anchor, FeedDigest, IdempotencyKey, Numbered, StoredCalendar, StoredRulebook
from handleflow.values import frozen

FORMAT = 2
KIND = "handleflow backup"
_POSITIONS_A_LINE = 500


@frozen
class History:
    """A whole history as it is stored, with its idempotency keys."""

    id: str
    entries: tuple[StoredEntry, ...]
    keys: tuple[IdempotencyKey, ...]

    def before(self, number: int) -> History:
        """What was there before entry *number*: a whole history too."""
        keys = tuple(kept for kept in self.keys if kept.last < number)
        return History(self.id, self.entries[: number - 1], keys)


@frozen
class OldHistory:
    """A whole history of format 1, whose entries have no salts."""

    id: str
    entries: tuple[OldEntry, ...]
    keys: tuple[IdempotencyKey, ...]


@frozen
class Positions:
    """
    Some positions of the feed, *first* and those after it: the suggestion, the number and the hash of each entry.

    A suggestion that is withheld, or that came when its place in the backup had gone by, is told by the hashes of its
    entries alone, under ``""`` and 0.
    """

    first: int
    each: tuple[tuple[str, int, str], ...]


@frozen
class End:
    """The last line: how many suggestions stand before it, how many are *withheld*, and what the feed had come to."""

    suggestions: int
    withheld: int
    digest: FeedDigest


@frozen
class OldEnd:
    """The last line of a backup of format 1, which tells of a feed whose positions it does not hold."""

    suggestions: int
    digest: FeedDigest


Line = StoredRulebook | StoredCalendar | Anchor | History | OldHistory | Positions | End | OldEnd


def heading() -> str:
    """The first line."""
    return _text({"backup": KIND, "format": FORMAT})


def text_line(kept: StoredRulebook | StoredCalendar) -> str:
    """The line of a rulebook's or a calendar's text."""
    return _text({"rulebook" if isinstance(kept, StoredRulebook) else "calendar": text_as_list(kept)})


def anchor_line(anchor: Anchor) -> str:
    """The line of what the record stood for elsewhere."""
    return _text({"anchor": anchor_as_list(anchor)})


def position_lines(numbered: Iterable[Numbered], told: Container[str]) -> Iterator[str]:
    """The lines of all positions, so many in each; of suggestions that are not *told* the hashes alone."""
    for some in batched(numbered, _POSITIONS_A_LINE):
        each = [[n.suggestion_id, n.number, n.hash] if n.suggestion_id in told else ["", 0, n.hash] for n in some]
        yield _text({"positions": some[0].position, "entries": each})


def history_line(history: History) -> str:
    """The line of a suggestion."""
    keys = [[kept.key, kept.digest, kept.first, kept.last] for kept in history.keys]
    entries = [entry_as_list(entry) for entry in history.entries]
    return _text({"suggestion": history.id, "entries": entries, "keys": keys})


def end_line(count: int, withheld: int, digest: FeedDigest) -> str:
    """The last line."""
    return _text({"end": count, "withheld": withheld, "position": digest.position, "digest": digest.digest})


def _text(plain: dict[str, Any]) -> str:
    return canonical(plain).decode() + "\n"
