"""
How fast is the n-th working day found, beside other packages and beside a table laid out by hand?

Every way is first asked for the same days, and must find the same ones. Run it alone:
python -m benchmarks.legal_time [--quick | --full]
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator

from benchmarks._by_hand import WorkTable
from benchmarks._rounds import Goal, Table, interleaved, peers, run_alone
from handleflow.legal_time import CIVIL_CODE, Span, WorkCalendar, count, day
from handleflow.rulebooks import load_calendar

REPEATS = {"quick": 1, "default": 50, "full": 200}
# Years that every package below knows the notices of.
FIRST, LAST = datetime.date(2021, 1, 1), datetime.date(2023, 12, 31)
STARTS = [datetime.date(2022, 1, 4) + datetime.timedelta(days=5 * step) for step in range(100)]
OUR_STARTS = [day(start) for start in STARTS]
LIMIT, OURS = "limit: a table of ranks", "handleflow"
PEERS = ("days_numpy", "days_holidays", "days_chinesecalendar", "days_workalendar")
NOTES = {
    LIMIT: "a list of days and one of ranks; an IndexError where it ends",
    OURS: "the same, checked; a day outside is refused in words",
}

Find = Callable[[int], list[datetime.date]]
"""The n-th working day after each of the starts."""


def measured(size: str) -> Iterator[Table]:
    """Each n, and what a due day costs with its clip and its roll, which has no peer."""
    calendar = load_calendar("cn")
    finds, (found, missing) = own_ways(calendar), peers(PEERS)
    repeats, notes = dict.fromkeys(finds, REPEATS[size]), dict(NOTES)
    rest = [each for each in _days() if not calendar.is_working_day(day(each))]
    for peer in found.values():
        for name, (find, note) in peer.ways(STARTS, rest).items():
            finds[name], repeats[name], notes[name] = find, 1, note
    per = {name: len(STARTS) * times for name, times in repeats.items()}
    for n in (5, 20, 60):
        require_same({name: find(n) for name, find in finds.items()})
        works = {name: _again(find, n, repeats[name]) for name, find in finds.items()}
        table = Table(f"the {n}th working day", "µs", interleaved(works, per=per), LIMIT, notes, missing=missing)
        yield table.with_goals(Goal(f"{OURS} / {LIMIT}, n = {n}", table.beside(OURS, LIMIT), 5.0))
    works = {OURS: _again(lambda n: _after_months(calendar, n), 3, REPEATS[size])}
    yield Table("due after three months, with clip and roll", "µs", interleaved(works, per=per))


def own_ways(calendar: WorkCalendar) -> dict[str, Find]:
    """The limit and the library."""
    table = WorkTable(calendar, FIRST, LAST)
    return {
        LIMIT: lambda n: [table.after(start, n) for start in STARTS],
        OURS: lambda n: [calendar.working_day_after(start, n) for start in OUR_STARTS],
    }


def require_same(found: dict[str, list[datetime.date]]) -> None:
    """Make sure that every way finds the same days."""
    for name, days in found.items():
        if [each.isoformat() for each in days] != [each.isoformat() for each in found[OURS]]:
            raise RuntimeError(f"{name} finds other days than {OURS}")


def _days() -> Iterator[datetime.date]:
    return (datetime.date.fromordinal(each) for each in range(FIRST.toordinal(), LAST.toordinal() + 1))


def _after_months(calendar: WorkCalendar, n: int) -> list[datetime.date]:
    span = Span(n, "month")
    return [count(start, span, CIVIL_CODE, calendar).due_on for start in OUR_STARTS]


def _again(find: Find, n: int, times: int) -> Callable[[], object]:
    def again() -> None:
        for _ in range(times):
            find(n)

    return again


if __name__ == "__main__":
    run_alone(measured, __doc__)
