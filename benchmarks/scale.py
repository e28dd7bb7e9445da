"""
What does one act cost as its suggestion grows: more and more entries, more and more leads?

Beside the library stands a hand that reads and writes the same snapshot as JSON: as long as the snapshot is one text,
no act costs less. Run it alone: python -m benchmarks.scale [--quick | --full]
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import chain, islice, repeat
from pathlib import Path

import attrs
import sqlalchemy as sa
from attrs import frozen

from benchmarks._accepted import AT, CONTACT, MEASURE, OFFICE, RULES, STANDIN, WATER, fill
from benchmarks._rounds import ROUNDS, Table, Times, interleaved, run_alone
from benchmarks._settings import SETTINGS, driven, fresh, opened
from handleflow import (
    Accept,
    Act,
    Actor,
    Asked,
    Assign,
    Engine,
    Entry,
    MemoryStore,
    Receive,
    Refused,
    Reply,
    Suggestion,
)
from handleflow.core import settle
from handleflow.legal_time import Day
from handleflow.store import Batch

ENTRIES = {"quick": (10, 30), "default": (10, 100, 1_000, 5_000), "full": (10, 100, 1_000, 5_000)}
MOST = {"quick": 3, "default": 50, "full": 50}
"""How many acts a round has at most."""
LEADS = {"quick": (1, 10), "default": (1, 10, 100, 1_000), "full": (1, 10, 100, 1_000)}
SQLITE = next(setting for setting in SETTINGS if setting.name == "SQLite NORMAL")
CORE, STORED, BY_HAND = "decided by the core", "end to end on SQLite NORMAL", "its snapshot read and written by hand"
ASSIGNED, REPLIED = "leads assigned", "one of the leads replies"
Step = tuple[Act, Actor]


def measured(size: str) -> Iterator[Table]:
    """One suggestion of more and more entries; one with more and more leads."""
    yield from of_entries(ENTRIES[size], MOST[size])
    yield from of_leads(LEADS[size])


@frozen
class Grown:
    """A suggestion with its history, and the day it wakes."""

    suggestion: Suggestion
    history: tuple[Entry, ...]
    wakes_on: Day | None

    def batch(self, id: str) -> Batch:
        """The same under another id."""
        return Batch(id, 0, self.history, attrs.evolve(self.suggestion, id=id), self.wakes_on)


def grown(entries: int) -> Grown:
    """Received, assigned, accepted; then the deputy was heard until there are as many entries."""
    store = MemoryStore()
    engine, begun = Engine(store, [RULES]), _begun(WATER.name)
    contacts: Iterator[Step] = repeat((CONTACT, WATER))
    suggestion = Suggestion(STANDIN)
    for act, by in chain((*begun, (Accept(), WATER)), contacts):
        suggestion = engine.execute(STANDIN, act, by=by, at=AT)
        if suggestion.version >= entries:
            break
    waking = store.due(Day(9999, 1, 1))
    return Grown(suggestion, store.history(STANDIN), waking[0].on if waking else None)


def _begun(*units: str) -> tuple[Step, Step]:
    return (Receive("Pipes", "Deputy A"), OFFICE), (Assign(units), OFFICE)


def of_entries(sizes: tuple[int, ...], most: int) -> Iterator[Table]:
    """Each of three ways by itself, all sizes of all ways in the same rounds."""
    ways, per = dict[str, Callable[[], object]](), dict[str, int]()
    with tempfile.TemporaryDirectory() as folder:
        url = fresh(SQLITE, Path(folder))
        with closing(opened(SQLITE, url)) as store:
            engine = Engine(store, [RULES])
            for n in sizes:
                times, one = max(3, min(most, 5_000 // n)), grown(n)  # enough to be seen, few where each is slow
                ids = [f"{n:05}-{number:05}" for number in range(times * (ROUNDS + 1))]
                fill(store, list(map(one.batch, ids)))
                ways[f"{n:,} entries, {CORE}"] = _again(_deciding(one.suggestion, (MEASURE, WATER)), times)
                ways[f"{n:,} entries, {STORED}"] = _executing(engine, iter(ids), times)
                ways[f"{n:,} entries, {BY_HAND}"] = _again(_rewriting(_snapshot(url, ids[0])), times)
                per |= dict.fromkeys([f"{n:,} entries, {way}" for way in (CORE, STORED, BY_HAND)], times)
            found = interleaved(ways, per=per)
    for way in (STORED, CORE, BY_HAND):
        yield _table(f"one act, {way}", [f"{n:,} entries" for n in sizes], way, found)


def of_leads(sizes: tuple[int, ...]) -> Iterator[Table]:
    """The assignment, and the reply of one that has accepted and heard the deputy."""
    ways, per = dict[str, Callable[[], object]](), dict[str, int]()
    for n in sizes:
        (received, assigned), times = _begun(WATER.name, *(f"Bureau {k}" for k in range(1, n))), max(2, 300 // n)
        before = _after(Suggestion("1"), received)
        hearing = _after(_after(_after(before, assigned), (Accept(), WATER)), (CONTACT, WATER))
        ways[f"{_leads(n)}, {ASSIGNED}"] = _again(_deciding(before, assigned), times)
        ways[f"{_leads(n)}, {REPLIED}"] = _again(_deciding(hearing, (Reply("A", "done"), WATER)), times)
        per |= dict.fromkeys((f"{_leads(n)}, {ASSIGNED}", f"{_leads(n)}, {REPLIED}"), times)
    found = interleaved(ways, per=per)
    for way in (ASSIGNED, REPLIED):
        yield _table(f"{way}, {CORE}", [_leads(n) for n in sizes], way, found)


def _leads(n: int) -> str:
    return f"{n:,} lead{'s' if n > 1 else ''}"


def _table(title: str, sizes: list[str], way: str, times: Times) -> Table:
    return Table(title, "µs", {size: times[f"{size}, {way}"] for size in sizes}, sizes[0])


def _after(suggestion: Suggestion, step: Step) -> Suggestion:
    settled = settle(RULES, suggestion, step[0], Asked(step[1], AT, RULES.calendar.day_of(AT)))
    if isinstance(settled, Refused):
        raise settled
    return settled.suggestion


def _deciding(suggestion: Suggestion, step: Step) -> Callable[[], object]:
    return lambda: _after(suggestion, step)


def _again(work: Callable[[], object], times: int) -> Callable[[], object]:
    return lambda: [work() for _ in range(times)]


def _executing(engine: Engine, ids: Iterator[str], times: int) -> Callable[[], object]:
    """Each act is of a suggestion of its own, so that none is larger than the others."""
    return lambda: [engine.execute(id, MEASURE, by=WATER, at=AT) for id in islice(ids, times)]


def _rewriting(snapshot: str) -> Callable[[], object]:
    encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
    return lambda: encode(json.loads(snapshot))


def _snapshot(url: sa.URL, id: str) -> str:
    """The text that stands for a suggestion."""
    with closing(driven(SQLITE, url)) as connection:
        found = connection.execute("SELECT picture FROM handleflow_suggestions WHERE id = ?", (id,)).fetchone()
    return str(found[0])


if __name__ == "__main__":
    run_alone(measured, __doc__)
