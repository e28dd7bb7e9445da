"""What does it cost to fold histories into pictures, from the rows of an SQLite file and from rows already read?"""

from __future__ import annotations

import datetime
import json
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import _by_hand as hand
from benchmarks import _lives as lives
from benchmarks._rounds import Goal, Table, interleaved, peers
from handleflow import Engine
from handleflow.core import replay
from handleflow.stores.sql import SqlStore

SIZES = {"quick": 30, "default": 500, "full": 5_000}
OURS, STANDARD, FAST = "handleflow", "by hand, json", "limit: by hand, orjson"
READ = 'SELECT number, kind, at, "on", state, body FROM handleflow_entries WHERE suggestion_id = ? ORDER BY number'
_day = datetime.date.fromisoformat
Row = tuple[int, str, str, str, str, bytes]
Loads = Callable[[bytes], Any]

TOLD: dict[str, Callable[[dict[str, Any], dict[str, Any], str], None]] = {
    "received": lambda known, body, on: known.update(title=body["title"], deputy=body["deputy"]),
    "assigned": lambda known, body, on: known.update(unit=body["leads"][0]),
    "term_set": lambda known, body, on: known.update(due_on=_day(body["due_on"])),
    "accepted": lambda known, body, on: known.update(accepted_on=_day(body["on"] or on)),
    "contact_recorded": lambda known, body, on: known.update(heard_on=_day(body["on"] or on)),
    "replied": lambda known, body, on: known.update(outcome=body["outcome"], replied_on=_day(body["on"] or on)),
    "reply_classified": lambda known, body, on: None,
    "term_met": lambda known, body, on: None,
    "evaluated": lambda known, body, on: known.update(result=body["result"]),
}
"""What each kind adds to what is known."""


def folded(id: str, rows: Iterable[Row], loads: Loads) -> hand.Matter:
    """By hand: every body is read, every kind has its line, and one picture is made at the end."""
    known = dict[str, Any]()
    for number, kind, at, on, state, body in rows:  # noqa: B007  the last ones are the picture's
        TOLD[kind](known, loads(body), on)
    return hand.Matter(id, state, number, datetime.datetime.fromisoformat(at), **known)


def filled(path: Path, ids: Sequence[str]) -> SqlStore:
    """A file with as many lives."""
    store = SqlStore(str(path))
    engine = Engine(store, [lives.RULES])
    for id in ids:
        lives.by_engine(engine, id)
    return store


def require_same(store: SqlStore, connection: sqlite3.Connection, id: str) -> None:
    """Make sure that the hand folds what the library folds."""
    ends = [lives.seen(replay(id, store.history(id)))]
    ends.append(lives.seen_by_hand(folded(id, connection.execute(READ, (id,)), json.loads)))
    if ends[0] != ends[1]:
        raise RuntimeError(f"the ways came to different pictures: {ends}")


def _all(one: Callable[[str], object], ids: Sequence[str]) -> Callable[[], object]:
    return lambda: [one(id) for id in ids]


def _by_loads() -> tuple[dict[str, Loads], str]:
    """The hand's readers of JSON, and which of them is the limit: the faster one that is installed."""
    found, _ = peers(["orjson_loads"])
    fast: dict[str, Loads] = {FAST: found["orjson_loads"].loads} if found else {}
    return {STANDARD: json.loads, **fast}, FAST if found else STANDARD


def measured(size: str) -> Iterator[Table]:
    """From the file, one history after the other; then without the file."""
    ids = [f"2026-{n:05}" for n in range(SIZES[size])]
    loads, limit = _by_loads()
    absent = () if limit == FAST else ((FAST, "not installed (orjson)"),)
    with tempfile.TemporaryDirectory() as folder, closing(filled(path := Path(folder) / "replay.db", ids)) as store:
        with closing(sqlite3.connect(path)) as connection:
            require_same(store, connection, ids[0])
            rows = {id: connection.execute(READ, (id,)).fetchall() for id in ids}
            by_file = {name: _all(partial(_read_by_hand, connection, each), ids) for name, each in loads.items()}
            by_file[OURS] = _all(lambda each: replay(each, store.history(each)), ids)
            found, missing = peers(["eventsourcing_replay"])
            for peer in found.values():
                by_file[peer.NAME] = _all(*peer.filled(Path(folder), len(ids)))
            yield _table("from an SQLite file", interleaved(by_file, per=len(ids)), limit, (*absent, *missing))
        sealed = {id: store.sealed(id) for id in ids}
        bare = {name: _all(partial(_fold_read, rows, read), ids) for name, read in loads.items()}
        bare[OURS] = _all(lambda each: replay(each, store.unsealed(sealed[each])), ids)
        yield _table("from rows already read", interleaved(bare, per=len(ids)), limit, absent)


def _read_by_hand(connection: sqlite3.Connection, loads: Loads, id: str) -> hand.Matter:
    return folded(id, connection.execute(READ, (id,)), loads)


def _fold_read(rows: dict[str, list[Row]], loads: Loads, id: str) -> hand.Matter:
    return folded(id, rows[id], loads)


def _table(where: str, times: dict[str, list[float]], limit: str, missing: tuple[tuple[str, str], ...]) -> Table:
    notes = {
        OURS: f"{len(TOLD)} entries, each whole: event, actor, instant, hash; then the picture of all nouns",
        STANDARD: "no entries: what six facts say, in one picture",
        "eventsourcing": "6 events; its own format and table",
    }
    table = Table(f"replay {where}", "µs a history", times, limit, notes, missing=missing)
    return table.with_goals(Goal(f"{OURS} / {STANDARD}", table.beside(OURS, STANDARD), 1.8))
