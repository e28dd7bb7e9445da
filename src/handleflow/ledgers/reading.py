"""How is a ledger (台账) read, line by line?"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from io import StringIO
from pathlib import Path
from typing import Any

from handleflow.errors import UnreadableLedger
from handleflow.values import frozen
from handleflow.words import did_you_mean, listed


@frozen
class Row:
    """One line of a ledger: its line number in the file and its cells by column, blanks trimmed."""

    line: int
    cells: dict[str, str]

    def cell(self, column: str) -> str | None:
        """What stands in *column*; an empty cell says nothing."""
        return self.cells.get(column) or None


def read_rows(path: str | Path, required: Iterable[str], optional: Iterable[str] = ()) -> tuple[Row, ...]:
    """
    The rows of a CSV ledger in UTF-8 (with or without its mark) or GBK, empty lines left out.

    Raises:
        UnreadableLedger: when there is no such file, no header, a column is missing or unknown, or a
            row has more cells than the header.
    """
    text = _text(Path(path))
    try:
        return _rows(path, csv.reader(StringIO(text, newline="")), tuple(required), tuple(optional))
    except csv.Error as error:
        raise UnreadableLedger(f"{path} is no CSV: {error}") from None


def _rows(path: str | Path, reader: Any, required: tuple[str, ...], optional: tuple[str, ...]) -> tuple[Row, ...]:
    header = [name.strip() for name in next(reader, [])]
    _check_header(path, header, required, optional)
    rows = []
    last = reader.line_num
    for cells in reader:
        line, last = last + 1, reader.line_num
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(header):
            raise UnreadableLedger(f"{path}, line {line}: {len(cells)} cells under {len(header)} columns")
        rows.append(Row(line, dict(zip(header, (cell.strip() for cell in cells), strict=False))))
    return tuple(rows)


def _text(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise UnreadableLedger(f"{path} cannot be read: {error.strerror}") from None
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableLedger(f"{path} is neither UTF-8 nor GBK text")


def _check_header(path: str | Path, header: list[str], required: tuple[str, ...], optional: tuple[str, ...]) -> None:
    known = (*required, *optional)
    if missing := [name for name in required if name not in header]:
        raise UnreadableLedger(f"{path}, line 1: no column {listed(missing)}; columns there: {listed(header)}")
    if doubled := [name for name in dict.fromkeys(header) if header.count(name) > 1]:
        raise UnreadableLedger(f"{path}, line 1: column named twice: {listed(doubled)}")
    for name in header:
        if name not in known:
            raise UnreadableLedger(f"{path}, line 1: unknown column {name!r}{did_you_mean(name, known)}")
