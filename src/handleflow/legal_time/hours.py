"""Business hours: when may somebody be disturbed?"""

from __future__ import annotations

import datetime
import re

from attrs import field
from pendulum import DateTime

from handleflow.errors import NonsenseError
from handleflow.legal_time.calendar import WorkCalendar
from handleflow.values import frozen

_WRITTEN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


def _time(written: str) -> datetime.time:
    match = _WRITTEN.fullmatch(written)
    if match is None:
        raise NonsenseError(f"{written!r} is no time of day; write hours and minutes: 08:30")
    return datetime.time(int(match[1]), int(match[2]))


@frozen
class WorkingHours:
    """
    From when to when people work on a working day, as local times (``08:30``).

    What the clock says is said when it is claimed; delivering it may wait for these hours.
    """

    opens: datetime.time = field(converter=_time)
    closes: datetime.time = field(converter=_time)

    def __attrs_post_init__(self) -> None:
        if self.closes <= self.opens:
            raise NonsenseError(f"working hours end at {self.closes:%H:%M}, before they begin at {self.opens:%H:%M}")

    def next_from(self, at: DateTime, calendar: WorkCalendar) -> DateTime:
        """*at* itself within the hours of a working day, else the moment they next begin."""
        today, time = calendar.day_of(at), at.in_timezone(calendar.zone).time()
        if calendar.is_working_day(today) and time < self.closes:
            if time >= self.opens:
                return at
        else:
            today = calendar.working_day_after(today, 1)
        return DateTime(today.year, today.month, today.day, self.opens.hour, self.opens.minute, tzinfo=calendar.zone)
