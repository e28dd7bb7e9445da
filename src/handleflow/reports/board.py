"""What does the board say, as data?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from handleflow.core.summarize import BoardLine


def board_data(lines: Iterable[BoardLine]) -> list[dict[str, Any]]:
    """The board as plain data, days as ISO text."""
    return [
        {
            "id": line.id,
            "title": line.title,
            "state": line.state,
            "units": list(line.units),
            "waits_for": line.waits_for or None,
            "due_on": line.due_on.isoformat() if line.due_on else None,
            "status": line.status or None,
            "last_said": line.last_said or None,
        }
        for line in lines
    ]
