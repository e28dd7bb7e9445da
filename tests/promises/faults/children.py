"""What other processes do to a store while a test looks on, and how they are started and ended."""

from __future__ import annotations

import multiprocessing
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from multiprocessing.connection import Connection
from typing import Any

import attrs
from attrs import frozen
from sqlalchemy import func, insert, make_url, select

from handleflow import Engine, MemoryStore, Rulebook, Store, Suggestion
from handleflow.acts import Accept, Assign, Classify, MergeWith, Receive
from handleflow.engine.chainer import Chainer
from handleflow.errors import StaleSuggestion
from handleflow.store.projection import build_batch
from handleflow.stores._schema import tables
from handleflow.stores.sql import SqlStore
from tests.beginnings import OFFICE, WATER, instant, rulebook
from tests.driven import heard

T = tables()
REMINDED = {"id": "reminded", "term": "reply", "offset": "-15 days", "channel": "phone", "cite": "host"}
RULES = rulebook(rung=[REMINDED])
BEGUN, RECORDED_AT = instant("2026-02-10"), instant("2026-05-01")
DIED, AT_MOST, PAGE = 86, 120.0, 20
_PART = re.compile(r"(INSERT|UPDATE)(?: INTO)? handleflow_(\w+)")
# A server without threads and open databases that starts each child by a fork of itself: quick, and nothing shared.
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["pytest", "tests.promises.faults.children"])


def fill(store: Store, many: int, rules: Rulebook = RULES) -> Store:
    """*many* suggestions that are due, in a single append; their ids are numbers of four digits."""
    fill_in(store, [f"{n:04}" for n in range(many)], rules)
    return store


def fill_in(store: Store, ids: Sequence[str], rules: Rulebook = RULES) -> None:
    """Suggestions that are due: one told in memory, and carried over under all *ids* in a single append."""
    memory = MemoryStore()
    engine = Engine(memory, [rules])
    for act, by in ((Receive("Pipes", "Deputy A"), OFFICE), (Assign(("Water Bureau",)), OFFICE), (Accept(), WATER)):
        lines = engine.execute("one", act, by=by, at=BEGUN)
    whole, chainer = build_batch(rules, Suggestion("one"), memory.history("one")), Chainer(store.codec)
    each = (attrs.evolve(whole, id=id, suggestion=attrs.evolve(lines, id=id), before=None) for id in ids)
    store.append(*map(chainer.chained, each))


def copied(where: str, other: str) -> str:
    """*other*, an empty schema of the same server, when it holds all that a numbered store holds."""
    schemas = [str(make_url(each).query["options"]).rpartition("=")[2] for each in (where, other)]
    theirs, ours = (tables(schema=schema) for schema in schemas)
    with closing(SqlStore(other)) as store, store._database.begin() as connection:
        for source, target in zip(theirs.metadata.sorted_tables, ours.metadata.sorted_tables, strict=True):
            if source is not theirs.meta:
                connection.execute(insert(target).from_select(list(source.columns), select(source)))
    return other


def rungs_said(where: str) -> Counter[tuple[str, str]]:
    """How often each rung of each suggestion stands in the table of firing_keys beside an entry that was written."""
    written = (T.entries.c.suggestion_id == T.firing_keys.c.suggestion_id) & (
        T.entries.c.number == T.firing_keys.c.entry
    )
    query = select(T.firing_keys.c.suggestion_id, T.firing_keys.c.rung).join_from(T.firing_keys, T.entries, written)
    with closing(SqlStore(where)) as store, store._database.connect() as connection:
        return Counter((row.suggestion_id, row.rung) for row in connection.execute(query))


def spoken(where: str) -> Counter[str]:
    """How many supervisions stand in each history."""
    e = T.entries.c
    query = select(e.suggestion_id, func.count().label("n")).where(e.kind == "supervised").group_by(e.suggestion_id)
    with closing(SqlStore(where)) as store, store._database.connect() as connection:
        return Counter({row.suggestion_id: row.n for row in connection.execute(query)})


def each_once(many: int) -> Counter[tuple[str, str]]:
    """The rung of every suggestion, once."""
    return Counter((f"{n:04}", "reminded") for n in range(many))


# acts


def receives(engine: Engine) -> None:
    """A suggestion with private words, taken in under a key."""
    received = Receive("Lamps", "Deputy B", phone="placeholder number")
    engine.execute("new", received, by=OFFICE, at=RECORDED_AT, key="k")


def merges(engine: Engine) -> None:
    """One act that writes to two suggestions."""
    engine.execute("0000", MergeWith("0001"), by=OFFICE, at=RECORDED_AT, key="k")


def speaks(engine: Engine) -> None:
    """The clock speaks of one suggestion."""
    engine.sweep(at=RECORDED_AT, limit=1)


# what a child does with a database, and what it tells of it


def dies(where: str, telling: Connection, work: Callable[[Engine], None], nth: int) -> None:
    """
    Does *work* and dies without a word after the *nth* statement that writes rows, or at the commit after the last.

    Tells the statements it has come to. One that is its own commit stands for all it writes, and it dies just before.
    """
    written: list[str] = []
    with dying_after(nth, written, telling), closing(SqlStore(where)) as store:
        engine = Engine(store, [RULES])
        written.clear()
        work(engine)
    telling.send(written)


@contextmanager
def dying_after(nth: int, written: list[str], telling: Connection) -> Iterator[None]:
    """Lets this process die so, whichever database it speaks to; what it wrote is kept in *written*."""

    def executed(connection: Any, said: str, *rest: Any) -> None:
        if said.startswith("WITH"):
            written.extend(f"{verb} {table}" for verb, table in _PART.findall(said))
        elif said.startswith(("INSERT", "UPDATE", "DELETE")) and T.meta.name not in said:
            written.append(short(said))
            if len(written) == nth:
                die()

    def committing(connection: Any) -> None:
        is_its_own = getattr(connection, "autocommit", False) is True
        if (written or is_its_own) and len(written) == nth - 1:
            written.append("COMMIT")
            die()

    def die() -> None:
        telling.send(written)
        os._exit(DIED)

    with heard(executed, committing):
        yield


def short(statement: str) -> str:
    """A statement that writes, by its verb and its table."""
    verb, *rest = statement.replace("handleflow_", "").split()
    return f"{verb} {next(word for word in rest if word not in {'INTO', 'FROM'})}"


def sweeps(where: str, telling: Connection, host: str = "") -> None:
    """Sweeps until it meets nothing somebody else writes; tells of whom it spoke, and how often it came too late."""
    said, stale = set[str](), 0
    with closing(SqlStore(where)) as store:
        engine = Engine(store, [RULES])
        for _ in range(1_000):
            sweep = engine.sweep(at=RECORDED_AT, host=host)
            said.update(id for id, _ in sweep.said)
            stale += len(sweep.stale)
            if not sweep.stale:
                break
    telling.send((said, stale))


def sweeps_aloud(where: str, telling: Connection) -> None:
    """Sweeps, and tells of every suggestion it has spoken of."""
    with closing(SqlStore(where)) as store:
        engine = Engine(store, [RULES], listeners=[lambda suggestion, _: telling.send(suggestion.id)])
        while engine.sweep(at=RECORDED_AT).stale:
            pass


def writes(where: str, telling: Connection, name: str, times: int) -> None:
    """Sorts one suggestion again and again; tells what was recorded and what was refused as stale."""
    recorded, stale = list[str](), list[str]()
    with closing(SqlStore(where)) as store:
        engine = Engine(store, [RULES])
        for category in (f"{name}-{n}" for n in range(times)):
            try:
                engine.execute("0000", Classify(category), by=OFFICE, at=RECORDED_AT)
                recorded.append(category)
            except StaleSuggestion:
                stale.append(category)
    telling.send((recorded, stale))


def receives_many(where: str, telling: Connection, times: int) -> None:
    """Takes in new suggestions."""
    with closing(SqlStore(where)) as store:
        engine = Engine(store, [RULES])
        for n in range(times):
            engine.execute(f"new-{n}", Receive("Lamps", "Deputy B"), by=OFFICE, at=RECORDED_AT)
    telling.send(times)


def reads(where: str, telling: Connection, name: str, until: int) -> None:
    """Reads the feed under a name up to a position, and tells every item it was given."""
    with closing(SqlStore(where)) as store:
        while (position := store.cursor(name)) < until:
            items = store.feed(position, limit=PAGE)
            for item in items:
                telling.send((item.position, item.key))
            if items:
                store.advance(name, items[-1].position)


# how the processes are started, and how they end


@frozen
class Child:
    """A process a test started, and the pipe on which it tells what came of it."""

    process: Any
    pipe: Connection

    def read_line(self) -> Any:
        """The next thing it tells; an error when it ends without a word."""
        assert self.pipe.poll(AT_MOST), "it is still at work"
        return self.pipe.recv()

    def lines_before_it_ended(self) -> Iterator[Any]:
        """Whatever it told before its end, which is waited for."""
        try:
            while True:
                yield self.read_line()
        except (EOFError, OSError):
            return

    def killed(self) -> int:
        """Its exit code, after it was killed."""
        self.process.kill()
        return self.ended()

    def ended(self) -> int:
        """Its exit code, when it has ended."""
        self.process.join(AT_MOST)
        assert self.process.exitcode is not None, "it is still at work"
        return int(self.process.exitcode)


Start = Callable[..., Child]


@contextmanager
def family() -> Iterator[Start]:
    """Starts processes; those that still run at the end are ended, each by its own id."""
    children: list[Child] = []

    def start(work: Callable[..., None], where: str, *more: Any) -> Child:
        ours, theirs = FORKS.Pipe(duplex=False)
        process = FORKS.Process(target=work, args=(where, theirs, *more))
        process.start()
        theirs.close()
        children.append(Child(process, ours))
        return children[-1]

    try:
        yield start
    finally:
        for child in children:
            child.process.kill()
            child.process.join(AT_MOST)
            child.pipe.close()
            child.process.close()
