"""
What does one act cost, beside the bare driver, hand-written SQLAlchemy Core and ``eventsourcing``? And an import?

Run it: python -m benchmarks.stores [--quick] [--json PATH]
"""

from __future__ import annotations

import argparse
import datetime
import gc
import json
import os
import platform
import re
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from functools import cache, partial
from itertools import count
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import attrs
import psycopg
import sqlalchemy as sa
from attrs import frozen
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from pendulum import DateTime, timezone
from tests.databases import fresh_postgres
from tests.driven import heard

from handleflow import Accept, Actor, Assign, Engine, MemoryStore, Receive, RecordContact, ReportMeasure, load
from handleflow.legal_time import Day
from handleflow.sealing import genesis
from handleflow.store import Batch
from handleflow.stores._codec import Codec
from handleflow.stores.sql import SqlStore, prepare_sqlite

RULES = load("cn.national")
OFFICE, WATER = Actor("congress_office", "Standing Committee Office"), Actor("unit", "Water Bureau")
ACTS = (RecordContact("during", "phone", "of the old pipes"), ReportMeasure("new pipes", text="half of them"))
TOLD = DateTime(2026, 3, 2, 12, tzinfo=timezone("Asia/Shanghai"))
OURS, BARE, CORE, TEXT, PEER = WAYS = ("handleflow", "bare driver", "Core", "Core as text", "eventsourcing")
OF_CORE = 0.85
STANDIN = "suggestion-000000"
TABLES = ("suggestions", "entries", "terms", "parties", "outbox")
Script = list["Step"]
Way = Callable[[Any], object]  # does one act with what was prepared for it
_files = count(1)


@frozen
class Setting:
    """A database and how safe its commits are, with the goal: the least share of the bare driver's rate."""

    name: str
    is_sqlite: bool
    synchronous: str
    goal: float | None = None


SETTINGS = (
    Setting("SQLite FULL", True, "FULL", 0.60),
    Setting("SQLite NORMAL", True, "NORMAL", 0.40),
    Setting("PostgreSQL durable", False, "on", 0.75),
    Setting("PostgreSQL not durable", False, "off"),
)


@frozen
class Step:
    """One statement as the driver got it, and in Core with its parameters where it can be; no text is a commit."""

    sql: str = ""
    params: Any = ()
    is_many: bool = False
    core: Any = None
    told: Any = None

    @property
    def reads(self) -> bool:
        """Whether it finds rows."""
        return self.sql.startswith("SELECT")


def fresh(setting: Setting, folder: Path) -> sa.URL:
    """An empty file or schema."""
    if setting.is_sqlite:
        return sa.URL.create("sqlite", database=str(folder / f"{next(_files)}.db"))
    url = sa.make_url(fresh_postgres())
    return url.update_query_dict({"options": f"{url.query['options']} -csynchronous_commit={setting.synchronous}"})


def database(setting: Setting, url: sa.URL, *, begins: bool = False) -> sa.Engine:
    """SQLAlchemy's engine; it *begins* transactions on SQLite as the store needs it, or leaves that to statements."""
    made = sa.create_engine(url)
    if setting.is_sqlite and begins:
        prepare_sqlite(made)
    if setting.is_sqlite:
        sa.event.listen(made, "connect", lambda connection, _: tune(connection, setting))
    return made


def tune(connection: Any, setting: Setting) -> Any:
    """What the store asks of each SQLite connection, and how safe its commits are."""
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute(f"PRAGMA synchronous={setting.synchronous}")
    return connection


def driven(setting: Setting, url: sa.URL) -> Any:
    """The driver's own connection."""
    if setting.is_sqlite:
        return tune(sqlite3.connect(str(url.database)), setting)
    return psycopg.connect(**sa.create_engine(url).dialect.create_connect_args(url)[1])


def tally(setting: Setting, url: sa.URL) -> list[int]:
    """How many rows each table has, and all versions' sum; before that, the database looks at its tables anew."""
    with closing(driven(setting, url)) as connection:
        connection.execute("ANALYZE")
        connection.commit()
        asked = [f"count(*) FROM handleflow_{name}" for name in TABLES] + ["sum(version) FROM handleflow_suggestions"]
        return [connection.execute(f"SELECT {each}").fetchone()[0] for each in asked]


def require_same(tallies: list[list[int]]) -> None:
    """Make sure that every way wrote as many rows as the others."""
    if any(found != tallies[0] for found in tallies):
        raise RuntimeError(f"not every way wrote the same rows: {tallies}")


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


def native(value: Any, id: str) -> Any:
    """A captured value as a hand would write it, under another id, on the head of that one's history."""
    if isinstance(value, Mapping):
        return {name: native(each, id) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(native(each, id) for each in value)
    if isinstance(value, str):
        return head_of(id) if value == head_of(STANDIN) else value.replace(STANDIN, id)
    if isinstance(value, datetime.datetime):
        at = datetime.datetime.fromisoformat(value.isoformat())
        return at.astimezone(datetime.UTC).replace(tzinfo=None) if at.tzinfo else at
    if isinstance(value, datetime.date):
        return datetime.date(value.year, value.month, value.day)
    return bytes(getattr(value, "obj", value)) if type(value).__name__ in {"memoryview", "Binary"} else value


def for_id(script: Script, id: str) -> Script:
    """The same statements for another suggestion."""
    return [attrs.evolve(step, params=native(step.params, id), told=native(step.told, id)) for step in script]


@contextmanager
def captured(held: sa.Engine) -> Iterator[Script]:
    """Takes up every statement the driver is given meanwhile, and every commit."""
    script, tables = Script(), sa.MetaData()
    tables.reflect(held)  # with SQLAlchemy's own types, not with the store's

    def executed(_: Any, sql: str, params: Any) -> None:
        if not sql.startswith("PRAGMA"):
            script.append(Step(sql, params, isinstance(params, list), *in_core(tables.tables, sql, params)))

    with heard(executed, lambda _: script.append(Step()), on=held):
        yield script


def in_core(tables: Mapping[str, sa.Table], sql: str, params: Any) -> tuple[Any, Any]:
    """The same statement built once by Core and its parameters; None for one that is not of a table."""
    found = re.search(r"(?:INTO|FROM|UPDATE) (\w+)", sql)
    if found is None:
        return None, None
    table, (changes, _, wheres) = tables[found[1]], sql.partition("WHERE")
    names = re.findall(r"(\w+)=", changes) or re.findall(r"\w+", changes.partition("(")[2].partition(")")[0])
    where = re.findall(r"\.(\w+) = ", wheres)
    binds = [*names, *(f"its_{name}" for name in where)]
    read = [table.c[name] for name in re.findall(r"\w\.(\w+)(?=,| \n)", changes)]
    builds = {"SELECT": partial(sa.select, *read), "INSERT": table.insert, "UPDATE": table.update}
    core = builds.get(sql.split(maxsplit=1)[0], table.delete)()
    if not sql.startswith("SELECT"):
        core = core.values({name: sa.bindparam(name) for name in names}) if names else core
    core = core.where(*(table.c[name] == sa.bindparam(f"its_{name}") for name in where)) if where else core
    many = params if isinstance(params, list) else [params]
    told = [dict(each if isinstance(each, Mapping) else zip(binds, each, strict=True)) for each in many]
    return core, [as_typed(table, each) for each in told] if isinstance(params, list) else as_typed(table, told[0])


def as_typed(table: sa.Table, told: Mapping[str, Any]) -> dict[str, Any]:
    """Values the driver was given, as Core's own types take them."""
    return {name: _typed(table.c[name.removeprefix("its_")].type, value) for name, value in told.items()}


def _typed(kind: Any, value: Any) -> Any:
    reads = {sa.DateTime: datetime.datetime.fromisoformat, sa.Date: datetime.date.fromisoformat, sa.Boolean: bool}
    return next((read(value) for type, read in reads.items() if isinstance(kind, type) and _is_told(value)), value)


def _is_told(value: Any) -> bool:
    return isinstance(value, str | int)


def scripts_of(setting: Setting, folder: Path) -> list[Script]:
    """What each act writes, and last what appending a whole new history writes."""
    found = list[Script]()
    for act in ACTS:
        with closing(SqlStore(held := database(setting, fresh(setting, folder), begins=True))) as store:
            engine = Engine(store, [RULES])
            with captured(held) as received:
                store.append(begun())
            with captured(held) as script:
                engine.execute(STANDIN, act, by=WATER, at=TOLD)
        found.append(script)
    return [*found, received]


def ours(setting: Setting, url: sa.URL, left: ExitStack) -> Way:
    """The library: load, decide, append."""
    store = left.enter_context(closing(SqlStore(database(setting, url, begins=True))))
    engine = Engine(store, [RULES])
    return lambda n: engine.execute(named(n), ACTS[n % 2], by=WATER, at=TOLD)


def bare(setting: Setting, url: sa.URL, left: ExitStack) -> Way:
    """The driver with a held cursor."""
    connection = left.enter_context(closing(driven(setting, url)))
    cursor = connection.cursor()

    def execute(step: Step) -> None:
        (cursor.executemany if step.is_many else cursor.execute)(step.sql, step.params)
        if step.reads:
            cursor.fetchall()

    return lambda script: [execute(step) if step.sql else connection.commit() for step in script]


def core(setting: Setting, url: sa.URL, left: ExitStack, *, as_text: bool = False) -> Way:
    """SQLAlchemy Core, by statements built once or by their text."""
    connection = left.enter_context(database(setting, url).connect())

    def execute(step: Step) -> None:
        if as_text or step.core is None:
            result = connection.exec_driver_sql(step.sql, step.params or None)
        else:
            result = connection.execute(step.core, step.told)
        if step.reads:
            result.all()

    return lambda script: [execute(step) if step.sql else connection.commit() for step in script]


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
    if setting.is_sqlite:
        with app.factory.datastore.get_connection(commit=True) as connection:  # the only one, in one thread
            connection.cursor().execute(f"PRAGMA synchronous={setting.synchronous}")
    matters = [Matter("Pipes", "Deputy A") for _ in numbers]
    for matter in matters:
        for act in ("distributed", "assigned", "accepted"):
            matter.tell(OFFICE.name, act, "lead", WATER.name)
        app.save(matter)
    ids = [matter.id for matter in matters]

    def run(n: int) -> None:
        matter = app.repository.get(ids[n])
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
    numbers, scripts = range(acts * (rounds + 1)), scripts_of(setting, folder)
    makers = {OURS: ours, BARE: bare, CORE: core, TEXT: partial(core, as_text=True)}
    urls, seconds = {name: fresh(setting, folder) for name in WAYS}, {name: list[float]() for name in WAYS}
    with ExitStack() as left:
        for name in makers:
            with closing(SqlStore(database(setting, urls[name], begins=True))) as store:
                fill(store, clones(numbers))
            tally(setting, urls[name])
        ways = {name: make(setting, urls[name], left) for name, make in makers.items()}
        ways[PEER] = peer(setting, urls[PEER], left, numbers)
        for first in range(0, len(numbers), acts):
            for name, way in ways.items():
                some, is_told = numbers[first : first + acts], name in {OURS, PEER}
                made = [n if is_told else for_id(scripts[n % 2], named(n)) for n in some]
                seconds[name].append(timed(way, made))
    require_same([tally(setting, urls[name]) for name in makers])
    return {name: acts / median(found[1:]) for name, found in seconds.items()}


def timed(way: Way, prepared: list[Any]) -> float:
    """Seconds for all of them."""
    gc.collect()
    begun = perf_counter()
    for each in prepared:
        way(each)
    return perf_counter() - begun


def histories_per_second(setting: Setting, folder: Path, histories: int, rounds: int) -> dict[str, float]:
    """The median rate of an import into an empty store, by the library and by the driver's bulk way, in turn."""
    batches, inserts = clones(range(histories)), [s for s in scripts_of(setting, folder)[-1] if "INSERT" in s.sql]
    rows = {step.sql: bulk_rows(step, histories) for step in inserts}
    ways = {OURS: lambda store, _: fill(store, batches), BARE: lambda _, connection: load_bare(connection, rows)}
    seconds, tallies = {name: list[float]() for name in ways}, list[list[int]]()
    for name in [*ways] * rounds:
        url = fresh(setting, folder)
        with closing(SqlStore(database(setting, url, begins=True))) as store, closing(driven(setting, url)) as bare:
            seconds[name].append(timed(lambda way, s=store, b=bare: way(s, b), [ways[name]]))
        tallies.append(tally(setting, url))
    require_same(tallies)
    return {name: histories / median(found) for name, found in seconds.items()}


def bulk_rows(step: Step, histories: int) -> list[tuple[Any, ...]]:
    """The rows of one statement for every history, in the order of its columns."""
    rows = [row for n in range(histories) for row in native(step.params if step.is_many else [step.params], named(n))]
    return [tuple(row.values()) if isinstance(row, Mapping) else row for row in rows]


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


def line(setting: Setting, rates: dict[str, float]) -> str:
    """The library's rate, and its share of each other one, beside its goal."""
    goals = {BARE: setting.goal, CORE: OF_CORE, PEER: 1.0} if PEER in rates else {}
    cells = [f"{setting.name:<23} {rates[OURS]:>7,.0f}/s"]
    for name in list(rates)[1:]:
        goal = f"{goals[name]:.0%}" if goals.get(name) else "-"
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
