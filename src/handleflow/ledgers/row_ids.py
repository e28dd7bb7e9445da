"""
Natural keys of rows: under which id is a row taken over, and how is it found again when its ledger comes anew?

An id goes where its suggestion does not: into the keys of the feed, the paths of pages, the histories of others. So
it is made of what numbers a row, never of its words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from handleflow.chunks import batched
from handleflow.ledgers.reading import Row
from handleflow.model import Suggestion
from handleflow.store import Store

PARTS = ("place", "session", "year", "in_session", "kind")
"""The columns within which a number is unique."""

_UNKNOWN = "_"
_AT_ONCE = 500


class RowIds:
    """
    The ids of a ledger's rows in *store*; rows without a number get one each, and are found again by their titles.

    Whatever was taken over under an earlier id keeps it.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._running: dict[str, list[int]] | None = None
        self._by_title: dict[str, dict[str, str]] = {}

    def of(self, rows: Sequence[Row]) -> list[str]:
        """The id of each of *rows*."""
        earlier = [id_of_words(row) for row in rows]
        there = self._store.load_many(earlier)
        return [id if id in there else self._of(row) for id, row in zip(earlier, rows, strict=True)]

    def _of(self, row: Row) -> str:
        group, number = "~".join(_safe(row.cell(part)) for part in PARTS), row.cell("number")
        return f"{group}~{_safe(number)}" if number else self._found(f"{group}~{_UNKNOWN}", row.cell("title") or "")

    def _found(self, group: str, title: str) -> str:
        """The id under which *title* stands in *group*, else the next of its running numbers."""
        numbers = self._numbers().setdefault(group, [])
        if group not in self._by_title:
            self._by_title[group] = dict(self._titles(group, numbers))
        titles = self._by_title[group]
        if title not in titles:
            numbers.append(max(numbers, default=0) + 1)
            titles[title] = f"{group}~{numbers[-1]}"
        return titles[title]

    def _numbers(self) -> dict[str, list[int]]:
        """The running numbers that are taken, by their groups."""
        if self._running is None:
            self._running = {}
            for group, _, number in (id.rpartition("~") for id in self._store.ids()):
                if group.endswith(f"~{_UNKNOWN}") and number.isdecimal():
                    self._running.setdefault(group, []).append(int(number))
        return self._running

    def _titles(self, group: str, numbers: Sequence[int]) -> Iterator[tuple[str, str]]:
        for some in batched((f"{group}~{number}" for number in numbers), _AT_ONCE):
            for id, suggestion in self._store.load_many(some).items():
                yield _title_of_row(suggestion), id


def _title_of_row(suggestion: Suggestion) -> str:
    """The title it was taken over with, whatever it was corrected to since."""
    corrected = (each.old for each in suggestion.corrections if each.field == "suggestion.title")
    return next(corrected, suggestion.title) or ""


def _safe(cell: str | None) -> str:
    """A cell as part of one segment of a path: letters and digits of any script as they are, the rest by its code."""
    if cell is None:
        return _UNKNOWN
    return "".join(each if each.isalnum() or each == "-" else f"_{ord(each):x}_" for each in cell)


def id_of_words(row: Row) -> str:
    """The id that such a row was given before: its words where it has no number, parted by what parts paths."""
    return "/".join((*(row.cell(part) or "_" for part in PARTS), row.cell("number") or row.cell("title") or ""))
