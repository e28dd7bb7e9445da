"""
How many acts a second, beside an act by hand, the bare driver, SQLAlchemy Core and ``eventsourcing``? And an import?

Run it alone: python -m benchmarks.stores [--quick | --full]
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

import sqlalchemy as sa
from attrs import frozen

from benchmarks import _act_by_hand, _databases, _groups, _replayed, orm_rows
from benchmarks._accepted import ACTS, AT, RULES, WATER, clones, fill, named, salts_of
from benchmarks._captured import Script
from benchmarks._histories import histories
from benchmarks._rounds import ROUNDS, Table, Times, a_round, peers, run_alone, set_aside
from benchmarks._settings import SETTINGS, Setting, database, fresh, opened, require_same, tally
from handleflow import Engine
from handleflow.codec import Entropy
from handleflow.stores.sql import SqlStore

PER_ROUND = {"quick": 3, "default": 100, "full": 200}
HISTORIES = {"quick": 50, "default": 10_000, "full": 10_000}
OURS, BARE, CORE, TEXT = "handleflow", "bare driver", "Core", "Core as text"
ONE, CORE_ONE = "bare driver, one statement", "Core, one statement"
TOGETHER = {f"handleflow, {size} together": size for size in (10, 100)}
NOTES = {
    OURS: "load, decide, append",
    BARE: "what the library sent, a statement for each table; every value made before",
    _act_by_hand.NAME: _act_by_hand.NOTE,
}


@frozen
class Way:
    """One way to do acts: what *prepares* those of some suggestions, and what *does* each that was prepared."""

    prepares: Callable[[range], list[Any]]
    does: Callable[[Any], object]


Opens = Callable[[sa.URL, ExitStack], Way]


def measured(size: str) -> Iterator[Table]:
    """Acts and histories in every setting; a quick run takes those that wait for no disk."""
    absent = _databases.why_none()
    for what, measure, many in (("acts", acts, PER_ROUND[size]), ("histories", histories, HISTORIES[size])):
        for setting in SETTINGS[1::2] if size == "quick" else SETTINGS:
            title = f"{what} a second, {setting.name}"
            if not setting.is_sqlite and absent:
                yield Table(title, "1/s", {}, missing=((setting.name, absent),))
                continue
            with tempfile.TemporaryDirectory() as folder:
                yield measure(title, setting, Path(folder), many, 1 if size == "quick" else ROUNDS)


def acts(title: str, setting: Setting, folder: Path, per_round: int, rounds: int) -> Table:
    """
    What each way does in a second, in turn; every act is of a suggestion of its own.

    Before that, those that decide must leave the same rows; afterwards, all that send rows as many.
    """
    numbers = range(per_round * (rounds + 1))
    require_same_rows(setting, folder)
    ways = _ours(setting, lambda: os.urandom)
    ways |= _replaying(setting, _replayed.sent(setting, folder))
    notes, (found, absent) = dict(NOTES), peers(["acts_eventsourcing"])
    with ExitStack() as left:
        urls = {name: _filled(setting, folder, numbers) for name in ways}
        ready = {name: opens(urls[name], left) for name, opens in ways.items()}
        for peer in found.values():
            notes[peer.NAME] = peer.NOTE
            ready[peer.NAME] = Way(list, peer.opened(setting, fresh(setting, folder), left, numbers))
        times = _in_turns(ready, numbers, per_round)
    require_same([tally(setting, url) for url in urls.values()])
    missing = () if setting.is_sqlite else ((_act_by_hand.NAME, "written for SQLite alone"),)
    fair = _act_by_hand.NAME
    return Table(title, "1/s", times, BARE, notes, missing=(*missing, *absent), is_rate=True, fair_limit=fair)


def _in_turns(ways: dict[str, Way], numbers: range, per_round: int) -> Times:
    rates: Times = {name: [] for name in ways}
    with set_aside():
        for first in range(0, len(numbers), per_round):
            for name, way in ways.items():
                seconds = timed(way.does, way.prepares(numbers[first : first + per_round]))
                rates[name].append(per_round / seconds)
    return {name: found[1:] for name, found in rates.items()}


def timed(does: Callable[[Any], object], prepared: list[Any]) -> float:
    """Seconds for all of them."""
    with a_round():
        begun = perf_counter()
        for each in prepared:
            does(each)
        return perf_counter() - begun


def _ours(setting: Setting, salts: Callable[[], Entropy]) -> dict[str, Opens]:
    """The ways that decide, each with *salts* of its own: the library one by one and in groups, and the hand."""
    ways: dict[str, Opens] = {OURS: partial(_one_by_one, setting, salts)}
    if setting.is_sqlite:
        ways[_act_by_hand.NAME] = lambda url, left: Way(list, _act_by_hand.opened(setting, url, left, salts()))
    return ways | {name: partial(_together, setting, salts, size) for name, size in TOGETHER.items()}


def _store(setting: Setting, url: sa.URL, left: ExitStack) -> SqlStore:
    return left.enter_context(closing(opened(setting, url)))


def _one_by_one(setting: Setting, salts: Callable[[], Entropy], url: sa.URL, left: ExitStack) -> Way:
    engine = Engine(_store(setting, url, left), [RULES], entropy=salts())
    return Way(list, lambda n: engine.execute(named(n), ACTS[n % 2], by=WATER, at=AT))


def _together(setting: Setting, salts: Callable[[], Entropy], size: int, url: sa.URL, left: ExitStack) -> Way:
    return Way(partial(_groups.grouped, size), _groups.acting(_store(setting, url, left), salts()))


def _replaying(setting: Setting, found: _replayed.Sent) -> dict[str, Opens]:
    """The ways that send what the library sent."""
    bare, core, plain, alone = _replayed.bare, _replayed.core, found.plain, found.acts
    ways: dict[str, Opens] = {
        BARE: lambda url, left: _replays(plain, bare(setting, url, left)),
        CORE: lambda url, left: _replays(plain, core(setting, url, left)),
        TEXT: lambda url, left: _replays(plain, core(setting, url, left, as_text=True)),
    }
    if found.is_at_once:
        ways[ONE] = lambda url, left: _replays(alone, bare(setting, url, left, is_alone=True))
        ways[CORE_ONE] = lambda url, left: _replays(alone, core(setting, url, left, is_alone=True))
    return ways


def _replays(scripts: list[Script], run: Callable[[Script], None]) -> Way:
    return Way(partial(_replayed.for_suggestions, scripts), run)


def _filled(setting: Setting, folder: Path, numbers: range) -> sa.URL:
    """Where a new database with those suggestions is; it has looked at its tables."""
    url = fresh(setting, folder)
    with closing(SqlStore(database(setting, url, begins=True))) as store:
        Engine(store, [RULES])  # which keeps the rulebook
        fill(store, clones(numbers))
    tally(setting, url)
    return url


def require_same_rows(setting: Setting, folder: Path) -> None:
    """Make sure that with the same salts all that decide, library and hand, leave the same rows in every table."""
    numbers, left_by = range(6), dict[str, orm_rows.Rows]()
    for name, opens in _ours(setting, partial(salts_of, "acts")).items():
        url = _filled(setting, folder, numbers)
        with ExitStack() as left:
            way = opens(url, left)
            for each in way.prepares(numbers):
                way.does(each)
        held = sa.create_engine(url)
        left_by[name] = orm_rows.rows(held, orm_rows.reflected(held))
        held.dispose()
    for name, rows in left_by.items():
        if rows != left_by[OURS]:
            raise RuntimeError(f"{name} leaves other rows than {OURS}: {rows}, not {left_by[OURS]}")


if __name__ == "__main__":
    run_alone(measured, __doc__)
