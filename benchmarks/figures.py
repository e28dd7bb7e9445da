"""
What do yearly figures cost: how many suggestions by category, by unit, by class of outcome?

The store's own way beside the best plain SQL over the same tables; and what the whole report of a year costs, which
is folded from every suggestion.
"""

from __future__ import annotations

import json
import sqlite3
import tempfile
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing
from functools import cache, partial
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any, cast

import attrs
import sqlalchemy as sa

from benchmarks import _databases
from benchmarks import _lives as lives
from benchmarks._rounds import Goal, Table, Times, a_round, interleaved
from benchmarks.sweep import fill
from handleflow import Engine, Entry, MemoryStore, Suggestion
from handleflow.acts import Accept, Assign, Evaluate, Receive, RecordContact, Reply
from handleflow.model import Actor
from handleflow.rules import WithRulebook
from handleflow.store import Batch, Query
from handleflow.store.projection import build_batch
from handleflow.stores.sql import SqlStore
from handleflow.views import summarize

SIZES = {"quick": (200,), "default": (20_000, 100_000), "full": (20_000, 100_000, 1_000_000)}
CATEGORIES, UNITS, CODES = 10, 40, "ABCD"
OURS, FOLDED, READ = "handleflow, count()", "handleflow, summarize()", "by hand: every snapshot read as JSON"
BY_FACET = {
    "plain SQL, NOT EXISTS": """
SELECT value, count(*) FROM handleflow_facets WHERE kind = '{0}' GROUP BY value
UNION ALL SELECT '', count(*) FROM handleflow_suggestions AS s WHERE NOT EXISTS
(SELECT 1 FROM handleflow_facets AS f WHERE f.suggestion_id = s.id AND f.kind = '{0}')""",
    "plain SQL, DISTINCT": """
SELECT value, count(*) FROM handleflow_facets WHERE kind = '{0}' GROUP BY value
UNION ALL SELECT '', (SELECT count(*) FROM handleflow_suggestions)
- (SELECT count(DISTINCT suggestion_id) FROM handleflow_facets WHERE kind = '{0}')""",
}
"""Those without any are counted too, in two ways; the faster one is the limit."""
IN_PLAIN_SQL = {
    "category": {"plain SQL": "SELECT category, count(*) FROM handleflow_suggestions GROUP BY category"},
    "unit": {way: sql.format("unit") for way, sql in BY_FACET.items()},
    "outcome": {way: sql.format("outcome") for way, sql in BY_FACET.items()},
}
Counts = dict[str, int]
Provenance = Callable[[str], Iterable[Any]]


def told(n: int) -> tuple[Suggestion, tuple[Entry, ...]]:
    """One real life of its own category, unit and outcome."""
    unit, store = Actor("unit", f"Bureau {n % UNITS:02}"), MemoryStore()
    engine = Engine(store, [lives.RULES])
    for act, by, at in zip(
        (
            Receive(lives.TITLE, lives.DEPUTY.name, category=f"category {n % CATEGORIES}"),
            Assign((unit.name,)),
            Accept(),
            RecordContact("during", "phone", lives.CALL),
            Reply(CODES[n % len(CODES)], lives.REPLY),
            Evaluate(unit.name, "satisfied"),
        ),
        (lives.OFFICE, lives.OFFICE, unit, unit, unit, lives.DEPUTY),
        lives.AT,
        strict=True,
    ):
        engine.execute("1", act, by=by, at=at)
    return engine.look_up("1"), store.history("1")


def dealt(n: int) -> Iterator[Batch]:
    """As many clones of those lives, each kind as often."""
    for number in range(n):
        batch, id = kinds()[number % len(kinds())], f"{number:08}"
        yield attrs.evolve(batch, id=id, suggestion=attrs.evolve(batch.suggestion, id=id))


@cache
def kinds() -> tuple[Batch, ...]:
    """One of each, and one that was only received, without category, unit and outcome."""
    (received, by, at), *_ = lives.steps()
    store = MemoryStore()
    after = Engine(store, [lives.RULES]).execute("1", received, by=by, at=at)
    return (*(_batch(*told(n)) for n in range(UNITS)), _batch(after, store.history("1")))


def _batch(after: Suggestion, entries: tuple[Entry, ...]) -> Batch:
    return build_batch(lives.RULES, Suggestion("1"), entries, after)


def asker(where: str, left: ExitStack) -> Provenance:
    """What asks the bare driver."""
    if "://" not in where:
        connection: Any = left.enter_context(closing(sqlite3.connect(where)))
    else:
        made = sa.create_engine(where)
        connection = left.enter_context(closing(made.raw_connection())).driver_connection
    connection.execute("ANALYZE")
    connection.commit()
    return lambda sql: cast("Iterable[Any]", connection.execute(sql))


def _ruled(store: SqlStore) -> Iterator[WithRulebook]:
    return ((lives.RULES, suggestion) for suggestion in store.snapshots())


def folded(store: SqlStore) -> Counts:
    """How many replies of each class, out of all the figures of a report."""
    shares = summarize(_ruled(store)).ordinary_outcomes.value or ()
    codes = {outcome.zh: outcome.code for outcome in lives.RULES.outcomes}
    return {codes[share.label]: share.count for share in shares}


def read_by_hand(ask: Provenance) -> Counts:
    """The same out of every snapshot, which is only read: the least that a report over snapshots takes."""
    texts = ask("SELECT snapshot FROM handleflow_suggestions")
    return dict(Counter(reply["outcome"] for (text,) in texts for reply in json.loads(text).get("replies", ())))


def measured(size: str) -> Iterator[Table]:
    """SQLite, and PostgreSQL where there is one; every figure is asked both ways and must be the same."""
    absent = _databases.why_none()
    for n in SIZES[size]:
        for name in ("sqlite", "postgresql"):
            if name == "postgresql" and absent:
                yield Table(f"figures over {n:,}, {name}", "ms", {}, missing=((name, absent),))
                continue
            yield from over(n, name)


def over(n: int, name: str) -> Iterator[Table]:
    """Every figure over *n* suggestions."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as left:
        where = _databases.fresh() if name == "postgresql" else str(Path(folder) / "figures.db")
        store = left.enter_context(closing(SqlStore(where)))
        fill(store, dealt(n))
        ask = asker(where, left)
        for figure, plain in IN_PLAIN_SQL.items():
            ways = {way: partial(_provenance, ask, sql) for way, sql in plain.items()}
            ways[OURS] = partial(store.count, Query(), figure)
            require_same(figure, [way() for way in ways.values()], n)
            times = interleaved(ways, scale=1e3, waits=True)
            limit = min(plain, key=lambda way: median(times[way]))
            table = Table(f"by {figure}, {n:,} suggestions, {name}", "ms", times, limit)
            yield table.with_goals(Goal(f"{OURS} / {limit}", table.beside(OURS, limit), 2.0))
        yield _report(n, name, store, ask)
        if name == "sqlite":
            yield _held(n, store)


def _provenance(ask: Provenance, sql: str) -> Counts:
    return {name or "": n for name, n in ask(sql) if n}


def _report(n: int, name: str, store: SqlStore, ask: Provenance) -> Table:
    """
    What the whole report of a year costs, beside reading what it is folded from; few rounds, it takes long.

    The collector stays on: to walk all that a report kept was two fifths of its time.
    """
    ways: dict[str, Callable[[], Counts]] = {FOLDED: lambda: folded(store), READ: lambda: read_by_hand(ask)}
    counted = store.count(Query(), "outcome")
    require_same("outcome", [counted, *({"": counted[""], **way()} for way in ways.values())], n)
    rounds = 3 if n <= 20_000 else 1
    times = interleaved(ways, scale=1e3, waits=name != "sqlite", rounds=rounds, is_collecting=True)
    return Table(f"a whole report over {n:,} suggestions, {name}", "ms", times, READ)


def _held(n: int, store: SqlStore) -> Table:
    """The most that is held at once while a report is made of some, and of ten times as many."""
    held: Times = {}
    for some in (min(n, 20_000) // 10, min(n, 20_000)):
        with a_round(is_collecting=True):
            tracemalloc.start()
            summarize(islice(_ruled(store), some))
            held[f"{some:,} suggestions"] = [tracemalloc.get_traced_memory()[1] / 1024]
            tracemalloc.stop()
    return Table(f"the most held by a report, of {n:,} stored", "KiB, tracemalloc", held, next(iter(held)))


def require_same(figure: str, found: list[Counts], n: int) -> None:
    """Make sure that all ways count the same, and that nobody is left out."""
    if any(counts != found[0] for counts in found) or sum(found[0].values()) != n:
        raise RuntimeError(f"by {figure} the ways count differently, or not {n}: {found}")
