"""
What do many do to one store at once, and what does each of them say that it did?

Each of the crowd is a process of its own and goes on until the time is over. It notes in a diary what it was told;
whoever is killed leaves what it had noted by then. A note that something is ``wrong`` fails the test.
"""

from __future__ import annotations

import json
import os
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from time import monotonic
from typing import Any

from attrs import frozen
from pendulum import DateTime

from handleflow import Actor, Engine, MemoryStore, Suggestion
from handleflow.acts import MergeWith, Receive, RecordContact
from handleflow.backup import backup, restore
from handleflow.engine import rebuild
from handleflow.errors import HandleflowError, StaleSuggestion
from handleflow.stores.sql import SqlStore
from handleflow.verification import verify
from tests.beginnings import OFFICE, WATER, instant, rulebook

LADDER: list[dict[str, Any]] = [
    {"id": "reminded", "term": "reply", "offset": "-15 days", "channel": "phone"},
    {"id": "urged", "term": "reply", "offset": "1 day", "channel": "written", "every": "2 days", "until": "90 days"},
]
RULES = rulebook(rung=[{**rung, "cite": "host"} for rung in LADDER])
MANY, DAYS, AN_ARCHIVE, AT_MOST = 24, 120, 4, 60
BEGUN = instant("2026-04-01")


@frozen
class Place:
    """Where the crowd meets: the store, a *folder* for diaries, when it began and how many *seconds* it goes on."""

    where: str
    folder: str
    begun: float
    seconds: float

    def is_over(self) -> bool:
        """Whether everybody goes home."""
        return monotonic() > self.begun + self.seconds

    def now(self) -> DateTime:
        """The present of everybody's engine: half a summer in the time there is, so that clocks have much to say."""
        passed = min((monotonic() - self.begun) / self.seconds, 1.0)
        return BEGUN.add(days=int(DAYS * passed))

    def file(self, name: str) -> Path:
        """A file of that name."""
        return Path(self.folder, name)


class Diary:
    """What one of the crowd notes, a line at a time; several may write into one."""

    def __init__(self, place: Place, name: str) -> None:
        self._file = os.open(place.file(f"{name}.diary"), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self.place, self.name = place, name

    def note(self, what: str, **facts: Any) -> None:
        """Safe when it returns, even if the process is killed then."""
        os.write(self._file, json.dumps({"what": what, "by": self.name, **facts}).encode() + b"\n")

    def wrong(self, error: object) -> None:
        """Something nobody may ever be told."""
        self.note("wrong", error=repr(error))


def notes(place: Place) -> Iterator[dict[str, Any]]:
    """Everything that anybody noted."""
    for file in sorted(Path(place.folder).glob("*.diary")):
        # Whoever was killed while it wrote leaves half a line.
        yield from (json.loads(line) for line in file.read_bytes().split(b"\n")[:-1])


def engine_on(place: Place, store: Any) -> Engine:
    """An engine whose present is that of the crowd."""
    return Engine(store, [RULES], clock=place.now)


Work = Callable[[Engine, Diary, Random], None]


def goes_on(place: Place, telling: Connection, name: str, seed: int) -> None:
    """One of the crowd does its work again and again, on a store of its own; victims tell of each time."""
    work, diary, chance = WORKS[name.partition("-")[0]], Diary(place, name), Random(seed)  # noqa: S311  no secret
    with closing(SqlStore(place.where)) as store:
        engine = engine_on(place, store)
        while not place.is_over():
            try:
                work(engine, diary, chance)
            except Exception as error:
                diary.wrong(error)
            if name.startswith("victim"):  # nobody listens to the others: a pipe that is full would stop them
                telling.send(name)


# people


def writes(engine: Engine, diary: Diary, chance: Random, *, asks: int = 2) -> None:
    """A contact under a key, asked for twice: one after the other, at once, or on the version that was seen."""
    id, key = f"{chance.randrange(MANY):04}", f"{diary.name} {next(_numbers)}"
    expect = engine.look_up(id).version if chance.random() < 0.3 else None
    found: list[Suggestion | HandleflowError] = []

    def ask() -> None:
        try:
            found.append(engine.execute(id, RecordContact("before", text=key), by=WATER, key=key, expect=expect))
        except HandleflowError as error:
            found.append(error)

    together = [threading.Thread(target=ask) for _ in range(asks)]
    for thread in together:
        thread.start()
        if chance.random() < 0.5:
            thread.join()
    for thread in together:
        thread.join()
    _note_answers(diary, id, key, found, may_be_stale=expect is not None)


_numbers = count(1)


def _note_answers(
    diary: Diary, id: str, key: str, found: list[Suggestion | HandleflowError], *, may_be_stale: bool
) -> None:
    done = [each for each in found if isinstance(each, Suggestion)]
    failed = [each for each in found if isinstance(each, HandleflowError)]
    if done:
        diary.note("done", id=id, key=key)
    for error in failed:
        # Of two that ask for the same under one key, none is told that it came too late when the other was heard.
        if done or not (may_be_stale and isinstance(error, StaleSuggestion)):
            diary.wrong(error)
        diary.note("stale", id=id, key=key)


def receives(engine: Engine, diary: Diary, chance: Random, by: Actor = OFFICE) -> str:
    """A new suggestion, with private words."""
    id = f"{diary.name}.{next(_numbers)}"
    engine.execute(id, Receive("Lamps", "Deputy B", phone="placeholder number"), by=by, key="k")
    diary.note("received", id=id)
    return id


def merges(engine: Engine, diary: Diary, chance: Random) -> None:
    """Two new ones are handled together."""
    one, other = receives(engine, diary, chance), receives(engine, diary, chance)
    engine.execute(one, MergeWith(other), by=OFFICE)
    diary.note("merged", id=one, other=other)


def binds(engine: Engine, diary: Diary, chance: Random) -> None:
    """An act inside a host's transaction, which is committed or rolled back."""
    assert isinstance(engine.store, SqlStore)
    id, key, keeps = f"{chance.randrange(MANY):04}", f"{diary.name} {next(_numbers)}", chance.random() < 0.5
    try:
        with engine.store._database.connect() as connection, connection.begin() as transaction:
            bound = engine_on(diary.place, engine.store.bind(connection))
            bound.execute(id, RecordContact("before", text=key), by=WATER, key=key)
            if not keeps:
                transaction.rollback()
    except StaleSuggestion:
        diary.note("stale", id=id, key=key)
        return
    diary.note("done" if keeps else "undone", id=id, key=key)


def forks(engine: Engine, diary: Diary, chance: Random) -> None:
    """The process forks with open connections; both halves read and write."""
    child = os.fork()
    mine = Diary(diary.place, f"{diary.name}.{os.getpid()}")
    if not child:
        chance.seed(os.getpid())
    for _ in range(3):
        id = f"{chance.randrange(MANY):04}"
        found = engine.store.load(id)
        if found is None or found.id != id:
            mine.wrong(f"asked for {id}, found {found and found.id}")
        writes(engine, mine, chance, asks=1)
    if not child:
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        mine.wrong("the child failed")
    mine.note("forked")


# the clock, and those who look after the store


def sweeps(engine: Engine, diary: Diary, chance: Random) -> None:
    """The clock speaks."""
    sweep = engine.sweep(host=diary.name, together=chance.choice([1, 1, 10]))
    for id, why in sweep.failed:
        diary.wrong(f"{id}: {why}")
    diary.note("swept", said=len(sweep.said), stale=len(sweep.stale))


def rebuilds(engine: Engine, diary: Diary, chance: Random) -> None:
    """Everything is folded anew, though nothing needs it."""
    done = rebuild(engine)
    if done.changed:
        diary.wrong(done)
    diary.note("rebuilt", left=len(done.left))


def verifies(engine: Engine, diary: Diary, chance: Random) -> None:
    """Nothing is wrong, so nothing may be found."""
    for fault in verify(engine.store):
        diary.wrong(fault)
    diary.note("verified")


def backs_up(engine: Engine, diary: Diary, chance: Random) -> None:
    """Whatever is going on, a backup holds whole histories and is taken in elsewhere."""
    lines: list[str] = []
    backup(engine.store, lines.append, private=True)
    done = restore(Engine(MemoryStore(), [RULES]), lines)
    diary.note("backed up", suggestions=done.taken_in)


def restores(engine: Engine, diary: Diary, chance: Random) -> None:
    """One archive after another, each taken in by two at once; who comes second finds it there."""
    number = next(_numbers)
    done = restore(engine, archive(number))
    if done.taken_in + done.there_already != AN_ARCHIVE:
        diary.wrong(done)
    diary.note("restored", archive=number, taken_in=done.taken_in)


def archive(number: int) -> list[str]:
    """A backup of suggestions that are nowhere else, the same whoever asks for it."""
    store, same = MemoryStore(), Random(number)  # noqa: S311  no secret, and the same salts for everybody
    engine = Engine(store, [RULES], entropy=same.randbytes)
    for n in range(AN_ARCHIVE):
        engine.execute(f"archive-{number}.{n}", Receive("Lamps", "Deputy B"), by=OFFICE, at=BEGUN)
    lines: list[str] = []
    backup(store, lines.append)
    return lines


def reads(engine: Engine, diary: Diary, chance: Random) -> None:
    """The feed is read on from where it was; what was read once never changes, nor what a digest stood for."""
    after = engine.store.cursor(diary.name)
    items = engine.store.feed(after, limit=chance.choice([7, 100, 500]))
    for item in items:
        diary.note("read", position=item.position, key=item.key)
    if items:
        engine.store.advance(diary.name, items[-1].position)
    found = engine.store.digest(numbering=chance.random() < 0.5)
    diary.note("digest", position=found.position, digest=found.digest)


WORKS: dict[str, Work] = {
    "writer": writes,
    "victim": writes,
    "merger": merges,
    "host": binds,
    "forker": forks,
    "clock": sweeps,
    "rebuilder": rebuilds,
    "verifier": verifies,
    "keeper": backs_up,
    "archivist": restores,
    "reader": reads,
}
"""What each does, by the first half of its name."""


def counted(place: Place) -> Counter[str]:
    """How often what was noted."""
    return Counter(note["what"] for note in notes(place))
