"""
Working days by ``numpy``'s ``busday_offset``, one by one and all at once.

It knows no make-up working days, so its week works every day, and every rest day is handed in as a holiday.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np


def ways(
    starts: Sequence[datetime.date], rest: Sequence[datetime.date]
) -> dict[str, tuple[Callable[[int], Any], str]]:
    """Scalar and vector."""
    calendar = np.busdaycalendar(weekmask="1111111", holidays=[np.datetime64(each) for each in rest])
    all_ = np.array(starts, dtype="datetime64[D]")

    def one_by_one(n: int) -> list[datetime.date]:
        found = (np.busday_offset(start, n, roll="backward", busdaycal=calendar) for start in starts)
        return [each.astype(datetime.date) for each in found]

    def at_once(n: int) -> Any:
        found = np.busday_offset(all_, n, roll="backward", busdaycal=calendar)
        return found.astype(datetime.date)

    note = "every rest day handed in as a holiday"
    return {"numpy, one by one": (one_by_one, note), "numpy, a hundred at once": (at_once, note)}
