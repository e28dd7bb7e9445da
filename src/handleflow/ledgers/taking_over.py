"""Migration of legacy data: how do real suggestions in mid-life come in from an older ledger?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from handleflow.acts import TakeOver
from handleflow.chunks import batched
from handleflow.engine import Engine
from handleflow.engine.requests import Request, attempted, log_foreign
from handleflow.errors import HandleflowError, KeyReused, NonsenseError, Reason, Refused, in_words
from handleflow.ledgers.reading import Row, read_rows
from handleflow.ledgers.row_ids import RowIds
from handleflow.legal_time import Day
from handleflow.model import Actor
from handleflow.model.fields import day_or_none
from handleflow.values import frozen
from handleflow.words import CATALOGUE, MessageCatalogue

OFFICE = Actor("congress_office", "importing office")
"""Who takes over, where nobody says otherwise."""

REQUIRED = ("kind", "title")
OPTIONAL = (
    "case_id",
    "number",
    "place",
    "session",
    "year",
    "in_session",
    "category",
    "lead_unit",
    "co_units",
    "assigned_date",
    "meeting_date",
    "reply_date",
    "published_date",
    "reply_class_raw",
    "reply_class",
    "satisfaction",
    "document_no",
    "url",
    "url_is_mirror",
    "note",
)

_MATTERS = {"建议": "suggestion", "提案": "proposal", "议案": "motion"}
_GRADES = {"满意": "satisfied", "基本满意": "basically_satisfied", "不满意": "dissatisfied"}
_SESSIONS = {"大会": True, "闭会": False}
_KEY = "taken over from a ledger"
_TOGETHER = 100


@frozen
class RefusedRow:
    """A row that was not taken in: its line, its title, and why not."""

    line: int
    title: str
    reasons: tuple[Reason, ...] = ()
    error: str = ""

    @property
    def reason(self) -> str:
        """Why, in English."""
        return self.text()

    def text(self, lang: str = "en", words: MessageCatalogue = CATALOGUE) -> str:
        """Why, in *lang*: of a refusal each reason after its rule, of any other error what it says."""
        each = [f"{reason.rule}: {reason.text(lang, words)}" for reason in self.reasons]
        return words.words("reasons-comma", (), lang).join(each) or self.error

    def as_dict(self) -> dict[str, object]:
        """All of it as JSON holds it."""
        reasons = [reason.as_dict() for reason in self.reasons]
        return {"line": self.line, "title": self.title, "reason": self.reason, "reasons": reasons}


@frozen
class TakenOver:
    """What became of a ledger: how many rows were recorded, which were refused, how many were there."""

    recorded: int
    refused: tuple[RefusedRow, ...]
    already_there: int


def take_over(
    engine: Engine,
    path: str | Path,
    *,
    by: Actor = OFFICE,
    on_rows: Callable[[int], None] = lambda _: None,
    on_row: Callable[[Row], None] = lambda _: None,
) -> TakenOver:
    """
    Take every row of a ledger over, once: what is empty stays unknown, nothing is derived.

    A row is identified by place, session, year, kind and number; one without a number is known again by its title,
    and its id holds a running number: an id holds no words of a row. *on_rows* hears how many rows there are,
    *on_row* of each one that is done.

    Raises:
        UnreadableLedger: when the file as a whole cannot be read.
    """
    rows = read_rows(path, REQUIRED, OPTIONAL)
    on_rows(len(rows))
    row_ids = RowIds(engine.store)
    recorded, already_there, refused = 0, 0, []
    for chunk in batched(rows, _TOGETHER):
        for row, outcome in zip(chunk, _take_rows(engine, chunk, row_ids.of(chunk), by), strict=True):
            recorded += outcome is True
            already_there += outcome is False
            if isinstance(outcome, Exception):
                refused.append(_refused(row, outcome))
            on_row(row)
    return TakenOver(recorded, tuple(refused), already_there)


def _refused(row: Row, error: Exception) -> RefusedRow:
    title = row.cell("title") or ""
    if isinstance(error, Refused):
        return RefusedRow(row.line, title, error.reasons)
    return RefusedRow(row.line, title, error=in_words(error))


def _take_rows(engine: Engine, rows: list[Row], ids: list[str], by: Actor) -> Iterator[bool | Exception]:
    """For each of *rows* whether it was recorded now, False where it was there already, or why it was refused."""
    acts = [attempted(_taking, row) for row in rows]
    known = set(engine.store.load_many(ids))
    wanted = [Request(id, act, by, key=_KEY) for id, act in zip(ids, acts, strict=True) if isinstance(act, TakeOver)]
    answers = iter(engine.execute_many(wanted))
    for id, act in zip(ids, acts, strict=True):
        answer = next(answers) if isinstance(act, TakeOver) else act
        if isinstance(answer, Exception):
            yield _refusal(id, answer)
        else:
            yield id not in known
            known.add(id)


def _refusal(id: str, error: Exception) -> Exception:
    """Why one row was refused, a host's check that raised on it too; what concerns more than one row is raised."""
    log_foreign(error, f"suggestion {id}")
    if isinstance(error, KeyReused):
        return NonsenseError(f"{id} was taken over before from another row; correct the recorded one instead")
    if isinstance(error, (Refused, NonsenseError)) or not isinstance(error, HandleflowError):
        return error
    raise error


def _taking(row: Row) -> TakeOver:
    note = row.cell("note") or ""
    opinion = "会办意见" in note or "协办意见" in note
    replied_on, co_units = _a_day(row, "reply_date"), _units(row.cell("co_units"))
    return TakeOver(
        row.cell("title") or "",
        _MATTERS.get(row.cell("kind") or "", "unclear"),
        row.cell("number"),
        row.cell("place"),
        row.cell("session"),
        _SESSIONS.get(row.cell("in_session") or ""),
        category=row.cell("category"),
        leads=_units(row.cell("lead_unit")),
        co_units=co_units,
        assigned_on=_a_day(row, "assigned_date"),
        contacted_on=_a_day(row, "meeting_date"),
        opinion_on=replied_on if opinion and len(co_units) == 1 else None,
        replied_on=None if opinion else replied_on,
        mark=row.cell("reply_class_raw") or row.cell("reply_class"),
        document_number=row.cell("document_no") if len(co_units) == 1 or not opinion else None,
        result=_grade(row),
        as_written=tuple(sorted((name, cell) for name, cell in row.cells.items() if cell)),
    )


def _a_day(row: Row, column: str) -> Day | None:
    try:
        return day_or_none(row.cell(column))
    except NonsenseError as nonsense:
        raise NonsenseError(f"column {column}: {nonsense}") from None


def _grade(row: Row) -> str | None:
    written = row.cell("satisfaction")
    if written is not None and written not in _GRADES:
        raise NonsenseError(f"column satisfaction: {written!r} is none of {', '.join(_GRADES)}")
    return _GRADES[written] if written else None


_SUFFIXES = (*"局委厅部府办处会院所队", "中心", "公司", "镇", "乡", "街道")


def _units(cell: str | None) -> tuple[str, ...]:
    """
    Units of one cell, as written. A list that ends in 等 is not complete; the raw cell is kept with it.

    Blanks part units only where each piece ends like the name of one.
    """
    if cell is None:
        return ()
    listed = re.sub(r"等(单位)?$", "", cell)
    pieces = [piece.strip() for piece in re.split(r"[、，,;；\n]", listed) if piece.strip()]
    units: list[str] = []
    for piece in pieces:
        words = piece.split()
        units.extend(words if all(word.endswith(_SUFFIXES) for word in words) else [piece])
    return tuple(dict.fromkeys(units))
