"""
What does one act cost as its suggestion grows: more and more entries, more and more leads?

Each act is of a suggestion of its own, which the store reads from the database first, or holds in memory. Beside it
stands a hand that reads and writes the same snapshot as JSON: what an act costs at least that does both.
Run it alone: python -m benchmarks.scale [--quick | --full]
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from itertools import chain, islice, repeat
from pathlib import Path

import attrs
import sqlalchemy as sa
from attrs import frozen
from pendulum import DateTime

from benchmarks._accepted import AT, CONTACT, LATE, MEASURE, OFFICE, RULES, STANDIN, WATER, fill
from benchmarks._rounds import ROUNDS, Table, Times, interleaved, run_alone
from benchmarks._settings import SETTINGS, Setting, database, driven, fresh, opened
from handleflow import Act, Actor, Engine, Entry, MemoryStore, Provenance, Refused, Suggestion
from handleflow.acts import Accept, Assign, Receive, Reply
from handleflow.core import decide
from handleflow.store import Batch
from handleflow.stores.sql import SqlStore

ENTRIES = {"quick": (10, 30), "default": (10, 100, 1_000, 5_000), "full": (10, 100, 1_000, 5_000)}
MOST = {"quick": 3, "default": 50, "full": 50}
"""How many acts a round has at most."""
LEADS = {"quick": (1, 10), "default": (1, 10, 100, 1_000), "full": (1, 10, 100, 1_000)}
SQLITE = next(setting for setting in SETTINGS if setting.name == "SQLite NORMAL")
CORE, BY_HAND = "decided by the core", "its snapshot read and written by hand"
STORED, HELD = "end to end on SQLite NORMAL", "end to end on SQLite NORMAL, the suggestion held"
ASSIGNED, REPLIED = "leads assigned", "one of the leads replies"
Step = tuple[Act, Actor]


def measured(size: str) -> Iterator[Table]:
    """One suggestion of more and more entries; one with more and more leads."""
    yield from of_entries(ENTRIES[size], MOST[size])
    yield from of_leads(LEADS[size])


@frozen
class Grown:
    """A suggestion with its history, and the instant it wakes."""

    suggestion: Suggestion
    history: tuple[Entry, ...]
    wakes_at: DateTime | None

    def batch(self, id: str) -> Batch:
        """The same under another id."""
        return Batch(id, 0, self.history, attrs.evolve(self.suggestion, id=id), self.wakes_at)


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
    waking = store.due(LATE)
    return Grown(suggestion, store.history(STANDIN), waking[0].at if waking else None)


def _begun(*units: str) -> tuple[Step, Step]:
    return (Receive("Pipes", "Deputy A"), OFFICE), (Assign(units), OFFICE)


def of_entries(sizes: tuple[int, ...], most: int) -> Iterator[Table]:
    """Each of four ways by itself, all sizes of all ways in the same rounds."""
    ways, per = dict[str, Callable[[], object]](), dict[str, int]()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as left:
        url = fresh(SQLITE, Path(folder))
        store, holding = (left.enter_context(closing(each)) for each in (opened(SQLITE, url), _holding(SQLITE, url)))
        for n in sizes:
            times, one = max(3, min(most, 5_000 // n)), grown(n)  # enough to be seen, few where each is slow
            read, held = ([f"{n:05}-{way}-{k:05}" for k in range(times * (ROUNDS + 1))] for way in ("read", "held"))
            fill(store, list(map(one.batch, chain(read, held))))
            for id in held:
                holding.load(id)
            ways[f"{n:,} entries, {CORE}"] = _again(_deciding(one.suggestion, (MEASURE, WATER)), times)
            ways[f"{n:,} entries, {STORED}"] = _executing(Engine(store, [RULES]), iter(read), times)
            ways[f"{n:,} entries, {HELD}"] = _executing(Engine(holding, [RULES]), iter(held), times)
            ways[f"{n:,} entries, {BY_HAND}"] = _again(_rewriting(_snapshot(url, read[0])), times)
            per |= dict.fromkeys([f"{n:,} entries, {way}" for way in (CORE, STORED, HELD, BY_HAND)], times)
        found = interleaved(ways, per=per)
    for way in (STORED, HELD, CORE, BY_HAND):
        yield _table(f"one act, {way}", [f"{n:,} entries" for n in sizes], way, found)


def _holding(setting: Setting, url: sa.URL) -> SqlStore:
    """A store that holds every suggestion it ever read."""
    return SqlStore(database(setting, url, begins=True), max_idle=1, max_held=1_000_000_000)


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
    settled = decide(RULES, suggestion, step[0], Provenance(step[1], AT, RULES.calendar.day_of(AT)))
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
        found = connection.execute("SELECT snapshot FROM handleflow_suggestions WHERE id = ?", (id,)).fetchone()
    return str(found[0])


if __name__ == "__main__":
    run_alone(measured, __doc__)
