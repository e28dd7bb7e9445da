"""
What does one act cost, beside the bare driver, hand-written SQLAlchemy Core and ``eventsourcing``? And an import?

Run it: python -m benchmarks.stores [--quick] [--json PATH]
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import re
import sqlite3
import tempfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing
from functools import cache, partial
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import attrs
import sqlalchemy as sa
from attrs import frozen
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.sqlite import SQLiteFactory
from pendulum import DateTime, timezone

from benchmarks._captured import Script, Step, captured, commits_itself, for_another, native, of_one
from benchmarks._settings import SETTINGS, Setting, database, driven, fresh, require_same, tally
from handleflow import (
    Accept,
    Act,
    Actor,
    Asked,
    Assign,
    Engine,
    MemoryStore,
    Receive,
    RecordContact,
    Refused,
    ReportMeasure,
    Suggestion,
    load,
)
from handleflow.core import settle
from handleflow.deriving import batch_of
from handleflow.legal_time import Day
from handleflow.sealing import genesis
from handleflow.store import Batch
from handleflow.stores._codec import Codec
from handleflow.stores.sql import SqlStore

RULES = load("cn.national")
OFFICE, WATER = Actor("congress_office", "Standing Committee Office"), Actor("unit", "Water Bureau")
ACTS = (RecordContact("during", "phone", "of the old pipes"), ReportMeasure("new pipes", text="half of them"))
TOLD = DateTime(2026, 3, 2, 12, tzinfo=timezone("Asia/Shanghai"))
OURS, BARE, CORE, TEXT, PEER = WAYS = ("handleflow", "bare driver", "Core", "Core as text", "eventsourcing")
ONE, CORE_ONE = "bare driver, one statement", "Core, one statement"
OF_CORE = 0.85
STANDIN = "suggestion-000000"
Way = Callable[[Any], object]  # does one act with what was prepared for it


@cache
def begun() -> Batch:
    """A suggestion received, assigned and accepted, as one batch."""
    store = MemoryStore()
    engine = Engine(store, [RULES])
    for act, by in ((Receive("Pipes", "Deputy A"), OFFICE), (Assign((WATER.name,)), OFFICE), (Accept(), WATER)):
        after = engine.execute(STANDIN, act, by=by, at=TOLD)
    return Batch(STANDIN, 0, store.history(STANDIN), after, store.due(Day(9999, 1, 1))[0].on)


def named(n: int) -> str:
    """The id of a suggestion, as long as the one that stands in for it."""
    return f"suggestion-{n:06}"


def fill(store: SqlStore, batches: list[Batch]) -> None:
    """Append them, 500 to a transaction."""
    for first in range(0, len(batches), 500):
        store.append(*batches[first : first + 500])


def clones(numbers: range) -> list[Batch]:
    """That history under other ids."""
    first = begun()
    return [attrs.evolve(first, id=id, picture=attrs.evolve(first.picture, id=id)) for id in map(named, numbers)]


@cache
def head_of(id: str) -> str:
    """The hash that the history of a suggestion begins to grow from."""
    codec, head = Codec(), genesis(id)
    for entry in begun().entries:
        head = codec.seal(entry, head).hash
    return head


def renamed(id: str, text: str) -> str:
    """What was said of the suggestion that stands in, said of another, on the head of that one's history."""
    return head_of(id) if text == head_of(STANDIN) else text.replace(STANDIN, id)


@frozen
class Sent:
    """
    What the library sends for each act, and *plain*, the same rows with a statement for each table.

    Where the library itself writes so, they are the same. *history* is what whole new histories are appended by.
    """

    acts: list[Script]
    plain: list[Script]
    history: Script


def sent(setting: Setting, folder: Path) -> Sent:
    """Captured, each on an empty database."""
    acts, plain = list[Script](), list[Script]()
    for act in ACTS:
        with closing(SqlStore(held := database(setting, fresh(setting, folder), begins=True))) as store:
            engine = Engine(store, [RULES])
            with captured(held) as history:
                store.append(begun(), *clones(range(1, 2)))
            with captured(held) as script:
                pictures = [engine.look_up(named(n)) for n in range(2)]
                store.append(*(added(picture, act) for picture in pictures))  # two never go by one statement
            plain.append(of_one(script, STANDIN))
        with closing(SqlStore(held := database(setting, fresh(setting, folder), begins=True))) as store:
            engine = Engine(store, [RULES])
            store.append(begun())
            with captured(held) as script:
                engine.execute(STANDIN, act, by=WATER, at=TOLD)
            acts.append(script)
    return Sent(acts, plain if commits_itself(acts[0]) else acts, history)


def added(picture: Suggestion, act: Act) -> Batch:
    """What an act adds."""
    settled = settle(RULES, picture, act, Asked(WATER, TOLD, RULES.calendar.day_of(TOLD)))
    if isinstance(settled, Refused):
        raise settled
    return batch_of(RULES, picture, settled.entries, None, settled.suggestion)


def ours(setting: Setting, url: sa.URL, left: ExitStack) -> Way:
    """The library: load, decide, append."""
    store = left.enter_context(closing(SqlStore(database(setting, url, begins=True), max_idle=1)))
    engine = Engine(store, [RULES])
    return lambda n: engine.execute(named(n), ACTS[n % 2], by=WATER, at=TOLD)


def bare(setting: Setting, url: sa.URL, left: ExitStack, *, is_alone: bool = False) -> Way:
    """The driver with a held cursor; without transactions of its own where each statement stands alone."""
    connection = left.enter_context(closing(driven(setting, url)))
    if is_alone:
        connection.autocommit = True
    cursor = connection.cursor()

    def execute(step: Step) -> None:
        (cursor.executemany if step.is_many else cursor.execute)(step.sql, step.params)
        if step.reads:
            cursor.fetchall()

    def run(script: Script) -> None:
        for step in script:
            if step.sql:
                execute(step)
            else:
                connection.commit()

    return run


def core(setting: Setting, url: sa.URL, left: ExitStack, *, is_alone: bool = False, as_text: bool = False) -> Way:
    """SQLAlchemy Core, by statements built once or by their text."""
    held = database(setting, url)
    connection = left.enter_context(
        (held.execution_options(isolation_level="AUTOCOMMIT") if is_alone else held).connect()
    )

    def execute(step: Step) -> None:
        if as_text or step.core is None:
            result = connection.exec_driver_sql(step.sql, step.params or None)
        else:
            result = connection.execute(step.core, step.told)
        if step.reads:
            result.all()

    def run(script: Script) -> None:
        for step in script:
            if step.sql:
                execute(step)
            else:
                connection.commit()

    return run


class Matter(Aggregate):
    """A suggestion as an aggregate of ``eventsourcing``, with one event for each act."""

    @event("Received")
    def __init__(self, title: str, deputy: str) -> None:
        self.title, self.deputy, self.told = title, deputy, list[tuple[str, ...]]()

    @event("Told")
    def tell(self, by: str, act: str, how: str, text: str) -> None:
        self.told.append((by, act, how, text))


def peer(setting: Setting, url: sa.URL, left: ExitStack, numbers: range) -> Way:
    """The library ``eventsourcing`` with its own recorder for the database."""
    app = left.enter_context(closing(Application[Any](env=_peer_environment(setting, url))))
    if isinstance(app.factory, SQLiteFactory):
        with app.factory.datastore.get_connection(commit=True) as connection:  # the only one, in one thread
            connection.cursor().execute(f"PRAGMA synchronous={setting.synchronous}")
    matters = [Matter("Pipes", "Deputy A") for _ in numbers]
    for matter in matters:
        for act in ("distributed", "assigned", "accepted"):
            matter.tell(OFFICE.name, act, "lead", WATER.name)
        app.save(matter)
    ids = [matter.id for matter in matters]

    def run(n: int) -> None:
        matter: Matter = app.repository.get(ids[n])
        matter.tell(WATER.name, "contact recorded", "phone", "of the old pipes")
        app.save(matter)

    return run


def _peer_environment(setting: Setting, url: sa.URL) -> dict[str, str]:
    if setting.is_sqlite:
        return {"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": str(url.database)}
    how = sa.create_engine(url).dialect.create_connect_args(url)[1]
    os.environ["PGOPTIONS"] = how["options"]  # it hands on no options of its own, but the driver reads these
    found = {"dbname": "", "host": "", "port": "5432", "user": "", "password": "", **how}
    found["schema"] = how.pop("options").split()[0].partition("=")[2]
    return {"PERSISTENCE_MODULE": "eventsourcing.postgres"} | {f"POSTGRES_{k.upper()}": v for k, v in found.items()}


def acts_per_second(setting: Setting, folder: Path, acts: int, rounds: int) -> dict[str, float]:
    """The median rate of each way, in turn; every act is of a suggestion of its own, and the first round warms up."""
    numbers, found = range(acts * (rounds + 1)), sent(setting, folder)
    makers: dict[str, Callable[[Setting, sa.URL, ExitStack], Way]]
    makers = {OURS: ours, BARE: bare, CORE: core, TEXT: partial(core, as_text=True)}
    scripts = dict.fromkeys((BARE, CORE, TEXT), found.plain)
    if found.plain is not found.acts:
        makers |= {ONE: partial(bare, is_alone=True), CORE_ONE: partial(core, is_alone=True)}
        scripts |= {ONE: found.acts, CORE_ONE: found.acts}
    urls = {name: fresh(setting, folder) for name in (*makers, PEER)}
    seconds = {name: list[float]() for name in urls}
    with ExitStack() as left:
        for name in makers:
            with closing(SqlStore(database(setting, urls[name], begins=True))) as store:
                fill(store, clones(numbers))
            tally(setting, urls[name])
        ways = {name: make(setting, urls[name], left) for name, make in makers.items()}
        ways[PEER] = peer(setting, urls[PEER], left, numbers)
        for first in range(0, len(numbers), acts):
            for name, way in ways.items():
                some, own = numbers[first : first + acts], scripts.get(name)
                seconds[name].append(timed(way, [for_suggestion(own[n % 2], n) for n in some] if own else [*some]))
    require_same([tally(setting, urls[name]) for name in makers])
    return {name: acts / median(each[1:]) for name, each in seconds.items()}


def for_suggestion(script: Script, n: int) -> Script:
    """The same statements for the n-th suggestion."""
    return for_another(script, partial(renamed, named(n)))


def timed(way: Way, prepared: list[Any]) -> float:
    """Seconds for all of them."""
    gc.collect()
    begun = perf_counter()
    for each in prepared:
        way(each)
    return perf_counter() - begun


def histories_per_second(setting: Setting, folder: Path, histories: int, rounds: int) -> dict[str, float]:
    """The median rate of an import into an empty store, by the library and by the driver's bulk way, in turn."""
    batches, inserts = clones(range(histories)), [s for s in sent(setting, folder).history if "INSERT" in s.sql]
    rows = {step.sql: bulk_rows(step, histories) for step in inserts}
    ways: dict[str, Callable[[SqlStore, Any], object]]
    ways = {OURS: lambda store, _: fill(store, batches), BARE: lambda _, connection: load_bare(connection, rows)}
    seconds, tallies = {name: list[float]() for name in ways}, list[list[int]]()
    for name in [*ways] * rounds:
        url = fresh(setting, folder)
        with closing(SqlStore(database(setting, url, begins=True))) as store, closing(driven(setting, url)) as bare:
            seconds[name].append(timed(partial(ways[name], store), [bare]))
        tallies.append(tally(setting, url))
    require_same(tallies)
    return {name: histories / median(found) for name, found in seconds.items()}


def bulk_rows(step: Step, histories: int) -> list[tuple[Any, ...]]:
    """The rows of one statement for every history, in the order of its columns."""
    names = re.findall(r"%\((\w+)\)s", step.sql)
    told = [tuple(row[name] for name in names) if isinstance(row, Mapping) else tuple(row) for row in step.params]
    its = [row for row in told if STANDIN in row]
    return [row for n in range(histories) for row in native(its, partial(renamed, named(n)))]


def load_bare(connection: Any, rows: dict[str, list[tuple[Any, ...]]]) -> None:
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


def wanted(setting: Setting, rates: dict[str, float]) -> dict[str, float]:
    """The least share of other ways' rates that the library strives for; of imports there is none."""
    least = {BARE: setting.goal, CORE: OF_CORE, CORE_ONE: OF_CORE, PEER: 1.0} if PEER in rates else {}
    return {name: share for name, share in least.items() if share is not None and name in rates}


def line(setting: Setting, rates: dict[str, float]) -> str:
    """The library's rate, and its share of each other one, beside its goal."""
    goals = wanted(setting, rates)
    cells = [f"{setting.name:<23} {rates[OURS]:>7,.0f}/s"]
    for name in list(rates)[1:]:
        goal = f"{goals[name]:.0%}" if name in goals else "-"
        cells.append(f"{rates[name]:>11,.0f}/s {rates[OURS] / rates[name]:>5.0%} {goal:>5}")
    return " | ".join(cells)


def main() -> None:
    """Print the table, line by line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer acts, and 500 histories instead of 10,000")
    parser.add_argument("--json", type=Path, help="write the rates there")
    asked = parser.parse_args()
    acts, histories = (40, 500) if asked.quick else (200, 10_000)
    found: dict[str, Any] = {"python": platform.python_version(), "acts": {}, "histories": {}}
    for what, measure, size in (("acts", acts_per_second, acts), ("histories", histories_per_second, histories)):
        ways = WAYS[1:] if what == "acts" else (BARE,)
        print(f"{what:<24} {OURS:>9}" + "".join(f" | {name:>13} share  goal" for name in ways))
        for setting in SETTINGS:
            with tempfile.TemporaryDirectory() as folder:
                found[what][setting.name] = rates = measure(setting, Path(folder), size, 5)
            print(line(setting, rates), flush=True)
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
