"""How many whole histories a second come into an empty store, beside the driver's bulk way with the same rows?"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks._accepted import STANDIN, clones, fill, named, renamed
from benchmarks._captured import Step, native
from benchmarks._replayed import sent
from benchmarks._rounds import Table, Times, a_round
from benchmarks._settings import Setting, driven, fresh, opened, require_same, tally
from handleflow.stores.sql import SqlStore

OURS, BARE = "handleflow", "bare driver"
NOTES = {
    OURS: "chain and append, 500 to a transaction",
    BARE: "executemany or COPY in one transaction; every value made before",
}
Rows = dict[str, list[tuple[Any, ...]]]
"""The rows of each statement."""


def histories(title: str, setting: Setting, folder: Path, many: int, rounds: int) -> Table:
    """The rates of both, in turn, each time into an empty database."""
    batches, inserts = clones(range(many)), [s for s in sent(setting, folder).history if "INSERT" in s.sql]
    rows: Rows = {step.sql: _bulk_rows(step, many) for step in inserts}
    ways: dict[str, Callable[[SqlStore, Any], object]] = {
        OURS: lambda store, _: fill(store, batches),
        BARE: lambda _, connection: _load(connection, rows),
    }
    rates: Times = {name: [] for name in ways}
    tallies = list[list[int]]()
    for name in [*ways] * rounds:
        url = fresh(setting, folder)
        with closing(opened(setting, url)) as store, closing(driven(setting, url)) as bare:
            rates[name].append(many / _seconds(partial(ways[name], store, bare)))
        tallies.append(tally(setting, url))
    require_same(tallies)
    return Table(title, "1/s", rates, BARE, NOTES, is_rate=True)


def _seconds(work: Callable[[], object]) -> float:
    with a_round():
        begun = perf_counter()
        work()
        return perf_counter() - begun


def _bulk_rows(step: Step, many: int) -> list[tuple[Any, ...]]:
    """The rows of one statement for every history, in the order of its columns."""
    names = re.findall(r"%\((\w+)\)s", step.sql)
    given = [tuple(row[name] for name in names) if isinstance(row, Mapping) else tuple(row) for row in step.params]
    its = [row for row in given if STANDIN in row]
    return [row for n in range(many) for row in native(its, partial(renamed, named(n)))]


def _load(connection: Any, rows: Rows) -> None:
    """By ``executemany`` or COPY, in one transaction."""
    connection.execute("BEGIN" if isinstance(connection, sqlite3.Connection) else "SELECT 1")
    for sql, found in rows.items():
        if isinstance(connection, sqlite3.Connection):
            connection.executemany(sql, found)
            continue
        head = sql.partition(" VALUES")[0].removeprefix("INSERT INTO")
        with connection.cursor().copy(f"COPY {head} FROM STDIN") as copy:
            for row in found:
                copy.write_row(row)
    connection.commit()
