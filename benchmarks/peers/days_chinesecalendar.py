"""Working days by the package ``chinesecalendar``."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence

from chinese_calendar.utils import find_workday

ONE = datetime.timedelta(days=1)
Way = tuple[Callable[[int], list[datetime.date]], str]


def ways(starts: Sequence[datetime.date], rest: Sequence[datetime.date]) -> dict[str, Way]:
    """Its own walk; 0 is the first working day from a day on, so the day after the start is asked."""
    find = lambda n: [find_workday(n - 1, start + ONE) for start in starts]  # noqa: E731
    return {"chinesecalendar": (find, "walks day by day")}
