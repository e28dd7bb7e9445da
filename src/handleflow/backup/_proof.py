"""
Backup verification: is a backup the record whose digest was published? Looked at as a whole, before anything of it
is taken in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from handleflow.backup._parsed_lines import at_line, read
from handleflow.backup._record_lines import End, History, Line, OldEnd, OldHistory, Positions
from handleflow.errors import BrokenBackup
from handleflow.evidence.digests import Published, disagreements, newest_of
from handleflow.hash_chain import IntegrityFault, faults_in_history
from handleflow.tree_head import Frontier, entry_leaf

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

BACKUP = "(backup)"
"""What stands in the place of an id where the whole file is meant."""


def verify_backup(
    lines: Iterable[str], published: Iterable[Published], key: Ed25519PublicKey | None = None
) -> Iterator[IntegrityFault]:
    """
    Where a backup and *published* digests are of two minds: so a backup that was rewritten is found out.

    Every history must be whole, each of its entries stand at one position, and the tree of all positions have the
    digests that were published. Nothing may be missing up to the newest of these but what the end says is withheld.
    What stands after it, nothing proves.

    Raises:
        BrokenBackup: with the number of the line, when it cannot be read, or is of format 1, which has no positions.
    """
    published, order = list(published), FeedInBackup()
    suggestions, is_ended = set[str](), False
    for number, line in read(lines):
        with at_line(number):
            _require_positions(line)
        if is_ended:
            yield IntegrityFault(BACKUP, 0, "after_end", {"line": number})
        if isinstance(line, History):
            if line.id in suggestions:
                yield IntegrityFault(line.id, 0, "twice")
            suggestions.add(line.id)
            yield from faults_in_history(line.id, line.entries)
        if isinstance(line, End):
            is_ended = True
            if line.suggestions != len(suggestions):
                yield IntegrityFault(
                    BACKUP, 0, "other_count", {"found": len(suggestions), "stated": line.suggestions}
                )
        yield from order.faults_in(line)
    if not is_ended:
        yield IntegrityFault(BACKUP, 0, "no_end")
    yield from order.missing_up_to(newest_of(published, order.hashes))
    yield from disagreements(published, order.hashes, key)


def _require_positions(line: Line) -> None:
    if isinstance(line, OldHistory | OldEnd):
        raise BrokenBackup("it is of format 1, which holds no positions of the feed: no digest can be compared")


class FeedInBackup:
    """
    What a backup tells of the order of all entries, held against its histories line by line.

    *hashes* are those of the entries at its positions, in order.
    """

    def __init__(self) -> None:
        self.hashes: list[str] = []
        self._histories: dict[str, tuple[str, ...]] = {}
        self._next: dict[str, int] = {}
        self._tree = Frontier()
        self._missing: list[tuple[int, IntegrityFault]] = []
        self._first_without_name = 0
        self._withheld = 0

    def holds(self, id: str, number: int) -> bool:
        """Whether that entry stands in the backup."""
        return 1 <= number <= len(self._histories.get(id, ()))

    def faults_in(self, line: Line) -> Iterator[IntegrityFault]:
        """What does not fit the lines before."""
        if isinstance(line, History):
            self._histories[line.id] = tuple(entry.hash for entry in line.entries)
        elif isinstance(line, Positions):
            if line.first != self._tree.size + 1:
                yield IntegrityFault(
                    BACKUP, 0, "position_missing", {"position": self._tree.size + 1, "before": line.first}
                )
            for id, number, hash in line.each:
                self._tree = self._tree.appended(entry_leaf(hash))
                self.hashes.append(hash)
                yield from self._faults_at(self._tree.size, id, number, hash)
        elif isinstance(line, End):
            yield from self._faults_at_end(line)

    def _faults_at(self, position: int, id: str, number: int, hash: str) -> Iterator[IntegrityFault]:
        if not id:
            self._first_without_name = self._first_without_name or position
            return
        expected = self._next.get(id, 1)
        self._next[id] = number + 1
        if number != expected:
            yield IntegrityFault(id, number, "other_entry_expected", {"position": position, "expected": expected})
        elif not self.holds(id, number):
            self._missing.append((position, IntegrityFault(id, number, "in_feed_alone", {"position": position})))
        elif self._histories[id][number - 1] != hash:
            yield IntegrityFault(id, number, "other_entry", {"position": position})

    def _faults_at_end(self, end: End) -> Iterator[IntegrityFault]:
        self._withheld = end.withheld
        size = self._tree.size
        if end.digest.position != size:
            yield IntegrityFault(BACKUP, 0, "other_positions", {"found": size, "stated": end.digest.position})
        elif end.digest.digest != self._tree.head.hex():
            yield IntegrityFault(BACKUP, 0, "other_digest_at_end")
        for id, hashes in self._histories.items():
            first = self._next.get(id, 1)
            if first <= len(hashes):
                yield IntegrityFault(id, first, "no_position")

    def missing_up_to(self, position: int) -> Iterator[IntegrityFault]:
        """
        The entries that stand in the feed up to *position* and in no history.

        What was recorded while the backup was taken may be missing, but that is in no digest of before.
        """
        yield from (fault for at, fault in self._missing if at <= position)
        if not self._withheld and 0 < self._first_without_name <= position:
            yield IntegrityFault(BACKUP, 0, "position_without_name", {"position": self._first_without_name})
