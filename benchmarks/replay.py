"""What does it cost to fold histories into suggestions, from an SQLite file and from rows already read?"""

from __future__ import annotations

import datetime
import json
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import _by_hand as hand
from benchmarks import _fair_replay
from benchmarks import _fair_values as fair
from benchmarks import _lives as lives
from benchmarks._fair_same import plain, plain_entries, plain_entries_by_hand, plain_matter, says
from benchmarks._rounds import Table, Times, interleaved, peers
from handleflow import Engine
from handleflow.core import replay
from handleflow.stores.sql import SqlStore

SIZES = {"quick": 30, "default": 500, "full": 5_000}
OURS = "handleflow"
BARE = {"json": "by hand, json", "orjson": "limit: by hand, orjson"}
FAIR = {"json": "fair limit: nine whole entries, json", "orjson": "fair limit: nine whole entries, orjson"}
READ = 'SELECT number, kind, at, "on", state, body FROM handleflow_entries WHERE suggestion_id = ? ORDER BY number'
_day = datetime.date.fromisoformat
Row = tuple[int, str, str, str, str, bytes]
Loads = Callable[[bytes], Any]

RECORDED_AT: dict[str, Callable[[dict[str, Any], dict[str, Any], str], None]] = {
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
    """By hand: every body is read, every kind has its line, and one suggestion is made at the end."""
    known = dict[str, Any]()
    for number, kind, at, on, state, body in rows:  # noqa: B007  the last ones are the suggestion's
        RECORDED_AT[kind](known, loads(body), on)
    return hand.Matter(id, state, number, datetime.datetime.fromisoformat(at), **known)


def filled(path: Path, ids: Sequence[str]) -> SqlStore:
    """A file with as many lives."""
    store = SqlStore(str(path))
    engine = Engine(store, [lives.RULES])
    for id in ids:
        lives.by_engine(engine, id)
    return store


def require_same(store: SqlStore, connection: sqlite3.Connection, id: str) -> None:
    """Make sure that the hand folds what the library folds, and that the fair one reads the same entries."""
    history, suggestion = store.history(id), replay(id, store.history(id))
    ends = [lives.seen(suggestion), lives.seen_by_hand(folded(id, connection.execute(READ, (id,)), json.loads))]
    if ends[0] != ends[1]:
        raise RuntimeError(f"the ways came to different suggestions: {ends}")
    rows = connection.execute(_fair_replay.READ, (id,)).fetchall()
    entries = _fair_replay.entries(rows, json.loads)
    if plain_entries_by_hand(entries) != plain_entries(history) or entries[-1].hash != history[-1].hash:
        raise RuntimeError(f"the fair hand reads other entries: {entries}")
    if not says(plain(suggestion), plain_matter(_fair_replay.folded(id, entries))):
        raise RuntimeError("the fair hand comes to another suggestion")


def json_library() -> str:
    """Which library a store reads JSON with, asked of a process that does nothing but make its codec."""
    opens = "import sys; from handleflow.codec import Codec; Codec()"
    code = f"{opens}; print('orjson' if 'orjson' in sys.modules else 'json')"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603  our own


def _all(one: Callable[[str], object], ids: Sequence[str]) -> Callable[[], object]:
    return lambda: [one(id) for id in ids]


def _readers() -> dict[str, Loads]:
    """The hand's readers of JSON, as far as they are installed."""
    found, _ = peers(["orjson_loads"])
    fast: dict[str, Loads] = {"orjson": found["orjson_loads"].loads} if found else {}
    return {"json": json.loads, **fast}


def _ways(rows: Callable[[str, str], Iterable[Any]]) -> dict[str, Callable[[str], object]]:
    """Both hands with every reader; *rows* finds those of one history by a SELECT."""
    ways: dict[str, Callable[[str], object]] = {}
    for library, loads in _readers().items():
        ways[BARE[library]] = partial(_folded_bare, rows, loads)
        ways[FAIR[library]] = partial(_folded_fair, rows, loads)
    return ways


def _folded_bare(rows: Callable[[str, str], Iterable[Row]], loads: Loads, id: str) -> hand.Matter:
    return folded(id, rows(READ, id), loads)


def _folded_fair(rows: Callable[[str, str], Iterable[_fair_replay.Row]], loads: Loads, id: str) -> fair.Matter:
    return _fair_replay.replayed(id, rows(_fair_replay.READ, id), loads)


def measured(size: str) -> Iterator[Table]:
    """From the file, one history after the other; then without the file."""
    ids = [f"2026-{n:05}" for n in range(SIZES[size])]
    with tempfile.TemporaryDirectory() as folder, closing(filled(path := Path(folder) / "replay.db", ids)) as store:
        with closing(sqlite3.connect(path)) as connection:
            require_same(store, connection, ids[0])
            ways = _ways(lambda sql, each: connection.execute(sql, (each,)))
            by_file = {name: _all(one, ids) for name, one in ways.items()}
            by_file[OURS] = _all(lambda each: replay(each, store.history(each)), ids)
            found, missing = peers(["eventsourcing_replay"])
            for peer in found.values():
                by_file[peer.NAME] = _all(*peer.filled(Path(folder), len(ids)))
            yield _table("from an SQLite file", interleaved(by_file, per=len(ids)), missing)
            read = {
                (sql, id): connection.execute(sql, (id,)).fetchall()
                for sql in (READ, _fair_replay.READ)
                for id in ids
            }
        stored, decode = {id: store.entries(id) for id in ids}, store.codec.decode
        bare = {name: _all(one, ids) for name, one in _ways(lambda sql, each: read[sql, each]).items()}
        bare[OURS] = _all(lambda each: replay(each, map(decode, stored[each])), ids)
        yield _table("from rows already read", interleaved(bare, per=len(ids)))


def _table(where: str, times: Times, missing: tuple[tuple[str, str], ...] = ()) -> Table:
    library = json_library()
    notes = {
        OURS: f"nine entries, each whole: event, actor, instant, hash; then all nouns; by {library}",
        BARE["json"]: "no entries: what six facts say, in one suggestion",
        FAIR[library]: "nine whole entries, then the suggestion; by the library's own reader of JSON",
        "eventsourcing": "6 events; its own format and table",
    }
    absent = tuple(
        (names["orjson"], "not installed (orjson)") for names in (BARE, FAIR) if names["orjson"] not in times
    )
    limit = BARE["orjson"] if BARE["orjson"] in times else BARE["json"]
    title, unit = f"replay {where}", "µs a history"
    return Table(title, unit, times, limit, notes, missing=(*absent, *missing), fair_limit=FAIR[library])
