"""What do the board and the units' accounts say, as data and as lines of text?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import attrs

from handleflow.core.board import BoardLine
from handleflow.core.owing import UnitAccount
from handleflow.words import label, say

BOARD_COLUMNS = ("id", "title", "unit", "leader", "state", "waits_for", "is", "light", "last_said")
UNIT_COLUMNS = ("unit", "open", "due_soon", "overdue", "in_time", "late", "contacts", "supervised", "answers")


def board_data(lines: Iterable[BoardLine]) -> list[dict[str, Any]]:
    """The board as plain data, days as ISO text, what is unknown as None."""
    return [_line_data(line) for line in lines]


def _line_data(line: BoardLine) -> dict[str, Any]:
    said = line.last_said
    return {
        "id": line.id,
        "title": line.title,
        "state": line.state,
        "is_key": line.is_key,
        "unit": line.unit or None,
        "role": line.role or None,
        "leader": line.leader or None,
        "waits_for": line.waits_for.rule if line.waits_for else None,
        "due_on": line.due_on.isoformat() if line.due_on else None,
        "standing": attrs.asdict(line.standing) if line.standing else None,
        "light": line.light or None,
        "progress": line.progress or None,
        "last_said": {"on": said.on.isoformat(), "channel": said.channel, "text": said.text} if said else None,
        "unjudged": line.unjudged or None,
    }


def board_lines(lines: Iterable[BoardLine], lang: str = "en") -> Iterator[tuple[str, ...]]:
    """The board as rows of words, under ``board_columns``."""
    for line in lines:
        waits = f"{label(line.waits_for.rule, lang)} {line.due_on or ''}".strip() if line.waits_for else ""
        said = f"{line.last_said.on} {label(line.last_said.channel, lang)}" if line.last_said else ""
        colours = " / ".join(label(colour, lang) for colour in (line.light, line.progress) if colour)
        title = f"★ {line.title}" if line.is_key else line.title
        yield (
            line.id,
            title,
            line.unit,
            line.leader,
            label(line.state, lang),
            waits,
            _stands(line, lang),
            colours,
            said,
        )


def _stands(line: BoardLine, lang: str) -> str:
    standing = line.standing
    if line.unjudged:
        return say("board-unjudged", lang)
    if standing is None:
        return ""
    if standing.status == "overdue":
        return say("board-days_late", lang, days=standing.days_late)
    if standing.status == "not_due":
        return say("board-days_left", lang, days=standing.days_left)
    return label(standing.status, lang)


def board_columns(lang: str = "en") -> tuple[str, ...]:
    """The heads of the board's columns."""
    return tuple(say(f"board-column_{name}", lang) for name in BOARD_COLUMNS)


def units_data(accounts: Iterable[UnitAccount]) -> list[dict[str, Any]]:
    """What units owe as plain data, a unit a row."""
    return [{**attrs.asdict(account), "unjudged": dict(account.unjudged)} for account in accounts]


def unit_lines(accounts: Iterable[UnitAccount]) -> Iterator[tuple[str, ...]]:
    """What units owe as rows of words, under ``unit_columns``; of what has a share both numbers."""
    for a in accounts:
        counts = (a.open, a.due_soon, a.overdue, a.replied_in_time, a.replied_late)
        contacts, answers = f"{a.contacts_in_time}/{a.contacts}", f"{a.answers_in_time}/{a.answers}"
        yield (a.unit, *map(str, counts), contacts, str(a.supervised), answers)


def unit_columns(lang: str = "en") -> tuple[str, ...]:
    """The heads of the columns of what units owe."""
    return tuple(say(f"units-column_{name}", lang) for name in UNIT_COLUMNS)
