"""Import of spreadsheets: how is a ledger (台账) read, line by line?"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from io import StringIO
from pathlib import Path

from handleflow.errors import UnreadableLedger
from handleflow.values import frozen
from handleflow.words import did_you_mean, listed

_QUOTED = re.compile(r'"(?:[^"]|"")*+"(?=[,\r\n]|\Z)')
_PLAIN = re.compile(r"[^,\r\n]*")
_LINE_END = re.compile(r"\r\n|\r|\n")


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
        UnreadableLedger: when there is no such file, no header, a column is missing or unknown, a row has more or
            fewer cells than the header, or a quote is not closed where its cell ends; the line is that of the quote.
    """
    lines = cells_by_row(path, _text(Path(path)))
    _, header = next(lines, (1, []))
    header = [name.strip() for name in header]
    _check_header(path, header, tuple(required), tuple(optional))
    rows = []
    for line, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            raise UnreadableLedger(f"{path}, line {line}: {len(cells)} cells under {len(header)} columns")
        rows.append(Row(line, dict(zip(header, (cell.strip() for cell in cells), strict=True))))
    return tuple(rows)


def cells_by_row(path: str | Path, text: str) -> Iterator[tuple[int, list[str]]]:
    """
    Each row's cells with the line it begins on, read strictly: a quote that is not closed swallows no other row.

    Raises:
        UnreadableLedger: when *text*, which stands in *path*, is no CSV, with the line; or when what a quote holds
            looks like rows, since another stray quote may have closed it.
    """
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    line = 1
    commas, lines = 0, _LINE_END.split(text)
    try:
        for cells in reader:
            commas = commas or len(cells) - 1
            _require_one_row(path, line, lines[line - 1 : reader.line_num], commas)
            yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        quote = _open_quote(text)
        is_met = quote is not None and quote <= reader.line_num
        where = f"line {quote}: the quote that opens a cell here is not closed" if is_met else f"line {line}"
        raise UnreadableLedger(f"{path} is no CSV, {where}: {error}") from None


def _require_one_row(path: str | Path, line: int, lines: list[str], commas: int) -> None:
    """
    Make sure that no cell of a row holds others. *lines* are the row's own, from *line* on; *commas* a whole row's.

    A line between the first and the last of a cell is the cell's alone. Those two share theirs with the cells before
    and after it: a quote that was closed by one of the next row makes each of them a whole row.
    """
    text = "\n".join(lines)
    for n, (start, end) in enumerate(_cells(text) if len(lines) > 1 and commas else ()):
        first, *further = (held.count(",") for held in text[start:end].split("\n"))
        if commas in further[:-1] or (first, further[-1:]) == (commas - n, [n]):
            opened = line + text.count("\n", 0, start)
            raise UnreadableLedger(
                f"{path}, line {opened}: the quote that opens a cell here is not closed before line "
                f"{opened + len(further)}, and what it holds looks like rows"
            )


def _open_quote(text: str) -> int | None:
    """The line of the first quote that opens a cell and is not closed where it ends; None where all are closed."""
    start = next((start for start, end in _cells(text) if end is None), None)
    return None if start is None else len(_LINE_END.findall(text, 0, start)) + 1


def _cells(text: str) -> Iterator[tuple[int, int | None]]:
    """Where each cell starts and ends; None for the end of one whose quote is not closed there, which is the last."""
    at = 0
    while at < len(text):
        cell = (_QUOTED if text[at] == '"' else _PLAIN).match(text, at)
        yield at, cell and cell.end()
        if cell is None:
            return
        at = cell.end() + 1


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
