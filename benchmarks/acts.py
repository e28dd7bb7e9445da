"""
What does one act on a store cost end to end (load, decide, append), beside what else could make it durable?

First DBOS and SQLAlchemy's ORM on the same database, then all that ``benchmarks.stores`` measures.
Run it alone: python -m benchmarks.acts [--quick | --full]
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from itertools import count
from pathlib import Path

import attrs
import sqlalchemy as sa
from attrs import field, frozen

from benchmarks import _databases, orm_rows
from benchmarks._rounds import ROUNDS, Table, interleaved, peers, run_alone
from benchmarks.sweep import FIRST, RULES, WATER, fill, noon, told
from handleflow import Engine
from handleflow.acts import RecordContact
from handleflow.store import Batch
from handleflow.stores.sql import SqlStore

ACTS = {"quick": 3, "default": 100, "full": 200}
OURS, SQLITE, POSTGRES = "handleflow, Engine.execute", "SQLite", "PostgreSQL"
STANDIN = "suggestion-000000"
CONTACT = RecordContact("during", "phone", "of the old pipes")

Act = Callable[[str], object]
"""Does one act of the suggestion of that id."""


@frozen
class Kind:
    """A kind of database, and where new ones lie."""

    name: str
    folder: Path
    _numbers: Iterator[int] = field(factory=count)

    def fresh(self) -> str:
        """The path or URL of an empty one."""
        return _databases.fresh() if self.name == POSTGRES else str(self.folder / f"{next(self._numbers)}.db")


Opened = Callable[[Kind, list[str]], AbstractContextManager[Act]]


def measured(size: str) -> Iterator[Table]:
    """Both parts."""
    yield from beside_peers(size)
    yield from of_stores(size)


def filled(kind: Kind, ids: Iterable[str]) -> str:
    """Where a new store with that many accepted suggestions lies."""
    life, where = told(FIRST), kind.fresh()
    with closing(SqlStore(where)) as store:
        fill(store, (_clone(Batch(id, 0, life.entries, life.suggestion, life.wakes_at)) for id in ids))
    return where


def _clone(batch: Batch) -> Batch:
    return attrs.evolve(batch, suggestion=attrs.evolve(batch.suggestion, id=batch.id))


def act(engine: Engine, id: str) -> object:
    """A contact is recorded."""
    return engine.execute(id, CONTACT, by=WATER, at=noon(FIRST))


@contextmanager
def ours(kind: Kind, ids: list[str]) -> Iterator[Act]:
    """The library on a store as it opens it by itself."""
    with closing(SqlStore(filled(kind, ids))) as store:
        engine = Engine(store, [RULES])
        yield lambda each: act(engine, each)


@contextmanager
def orm(kind: Kind, ids: list[str]) -> Iterator[Act]:
    """SQLAlchemy's ORM on the same tables."""
    with closing(SqlStore(alone := filled(kind, [STANDIN]))) as store:
        engine = Engine(store, [RULES])
        same = orm_rows.written(_database(alone), STANDIN, lambda: act(engine, STANDIN))
    with orm_rows.opened(_database(filled(kind, ids)), same) as write:
        yield write


def _database(where: str) -> sa.Engine:
    return sa.create_engine(where if "://" in where else f"sqlite:///{where}")


def beside_peers(size: str) -> Iterator[Table]:
    """Each database as it is by default: every commit is on disk before it returns."""
    ways: dict[str, Opened] = {OURS: ours, orm_rows.NAME: orm}
    notes, (found, missing) = {orm_rows.NAME: orm_rows.NOTE}, peers(["acts_dbos"])
    for peer in found.values():
        ways[peer.NAME], notes[peer.NAME] = peer.opened, peer.NOTE
    absent = _databases.why_none()
    for name in (SQLITE, POSTGRES):
        if name == POSTGRES and absent:
            yield Table(f"one act, {name}", "ms", {}, missing=((name, absent),))
            continue
        with tempfile.TemporaryDirectory() as folder:
            times = turns(Kind(name, Path(folder)), ways, ACTS[size])
        yield Table(f"one act, {name}", "ms", times, OURS, notes, missing=missing)


def turns(kind: Kind, ways: dict[str, Opened], n: int) -> dict[str, list[float]]:
    """What each way takes for an act, in turn, each in a database of its own and each act of its own suggestion."""
    ids = [f"suggestion-{number:06}" for number in range(1, n * (ROUNDS + 1) + 1)]
    with ExitStack() as left:
        works = {name: _some(n, iter(ids), left.enter_context(way(kind, ids))) for name, way in ways.items()}
        return interleaved(works, per=n, scale=1e3, waits=True)


def _some(n: int, ids: Iterator[str], one: Act) -> Callable[[], object]:
    return lambda: [one(next(ids)) for _ in range(n)]


def of_stores(size: str) -> Iterator[Table]:
    """The tables of ``benchmarks.stores``: acts and whole histories in a second, in four settings."""
    try:
        from benchmarks import stores  # noqa: PLC0415  its packages may be missing
    except ImportError as error:
        yield Table("acts a second", "1/s", {}, missing=(("benchmarks.stores", f"not installed ({error.name})"),))
        return
    yield from stores.measured(size)


if __name__ == "__main__":
    run_alone(measured, __doc__)
