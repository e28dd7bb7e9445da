"""
How fast is a working day found, beside the ``holidays`` package?

Run it: python -m benchmarks.legal_time
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from statistics import median
from time import perf_counter

import holidays

from handleflow.legal_time import CIVIL_CODE, Span, count, day
from handleflow.presets import load_calendar

ROUNDS = 7
STARTS = [datetime.date(2024, 1, 2) + datetime.timedelta(days=7 * week) for week in range(100)]


def seconds_each(work: Callable[[datetime.date], object], repeats: int) -> float:
    """Seconds for one call, over all starting days."""
    begun = perf_counter()
    for _ in range(repeats):
        for start in STARTS:
            work(start)
    return (perf_counter() - begun) / (repeats * len(STARTS))


def interleaved(works: dict[str, tuple[Callable[[datetime.date], object], int]]) -> dict[str, float]:
    """The median of several rounds of each, in turn (A B A B …)."""
    rounds: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(ROUNDS):
        for name, (work, repeats) in works.items():
            rounds[name].append(seconds_each(work, repeats))
    return {name: median(times) for name, times in rounds.items()}


def main() -> None:
    """Print the table."""
    calendar, peer = load_calendar("cn"), holidays.country_holidays("CN", years=range(2023, 2028))
    print(f"{'working days':>14} {'handleflow':>12} {'holidays':>12} {'ratio':>8}")
    for n in (5, 20, 60):
        works: dict[str, tuple[Callable[[datetime.date], object], int]] = {
            "ours": (lambda start, n=n: calendar.working_day_after(start, n), 50),  # type: ignore[misc]
            "peer": (lambda start, n=n: peer.get_nth_working_day(start, n), 1),  # type: ignore[misc]
        }
        times = interleaved(works)
        ratio = times["peer"] / times["ours"]
        print(f"{n:>14} {times['ours'] * 1e6:>9.2f} µs {times['peer'] * 1e6:>9.2f} µs {ratio:>7.0f}x")
    starts = {start: day(start) for start in STARTS}
    three = Span(3, "month")
    times = interleaved({"due": (lambda start: count(starts[start], three, CIVIL_CODE, calendar), 20)})
    print(f"due after 3 months, with clip and roll: {times['due'] * 1e6:.2f} µs")


if __name__ == "__main__":
    main()
