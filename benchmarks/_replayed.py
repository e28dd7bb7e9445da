"""
What do the driver and SQLAlchemy Core take for what the library sent? Captured once, sent again under other ids.

Every value was made before: nothing is read as JSON, decided, hashed or written as JSON.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from attrs import frozen

from benchmarks._accepted import ACTS, AT, RULES, STANDIN, WATER, begun, clones, fill, named, renamed
from benchmarks._captured import Script, Step, captured, commits_itself, for_another, of_one
from benchmarks._settings import Setting, database, driven, fresh
from handleflow import Act, Engine, Provenance, Refused, Suggestion
from handleflow.core import decide
from handleflow.engine.chainer import Chainer
from handleflow.store import Batch
from handleflow.store.projection import build_batch
from handleflow.stores.sql import SqlStore


@frozen
class Sent:
    """
    What the library sends for each act, and *plain*, the same rows with a statement for each table.

    Where the library itself writes so, they are the same. *history* is what whole new histories are appended by.
    """

    acts: list[Script]
    plain: list[Script]
    history: Script

    @property
    def is_at_once(self) -> bool:
        """Whether the library writes an act by one statement."""
        return self.plain is not self.acts


def sent(setting: Setting, folder: Path) -> Sent:
    """Captured, each on an empty database."""
    acts, plain, history = list[Script](), list[Script](), Script()
    for act in ACTS:
        history, script = _sent_for_two(setting, folder, act)
        plain.append(of_one(script, STANDIN))
        acts.append(_sent_for_one(setting, folder, act))
    return Sent(acts, plain if commits_itself(acts[0]) else acts, history)


def _sent_for_two(setting: Setting, folder: Path, act: Act) -> tuple[Script, Script]:
    """For two histories, and for an act of each, since two never go by one statement."""
    with closing(_reading_each(used := database(setting, fresh(setting, folder), begins=True))) as store:
        engine, chainer = Engine(store, [RULES]), Chainer(store.codec)
        with captured(used) as history:
            fill(store, [begun(), *clones(range(1, 2))])
        with captured(used) as script:
            found = [engine.look_up(named(n)) for n in range(2)]
            store.append(*(chainer.chained(_added(suggestion, act)) for suggestion in found))
    return history, script


def _sent_for_one(setting: Setting, folder: Path, act: Act) -> Script:
    with closing(_reading_each(used := database(setting, fresh(setting, folder), begins=True))) as store:
        engine = Engine(store, [RULES])
        fill(store, [begun()])
        with captured(used) as script:
            engine.execute(STANDIN, act, by=WATER, at=AT)
    return script


def _reading_each(used: sa.Engine) -> SqlStore:
    """A store that reads again what it just wrote: each act that is measured is of a suggestion not read before."""
    return SqlStore(used, max_held=0)


def _added(suggestion: Suggestion, act: Act) -> Batch:
    """What an act adds."""
    settled = decide(RULES, suggestion, act, Provenance(WATER, AT, RULES.calendar.day_of(AT)))
    if isinstance(settled, Refused):
        raise settled
    return build_batch(RULES, suggestion, settled.entries, settled.suggestion)


def for_suggestions(scripts: list[Script], numbers: range) -> list[Script]:
    """The statements of an act for each of them, the acts in turn."""
    return [for_another(scripts[n % len(scripts)], partial(renamed, named(n))) for n in numbers]


def bare(setting: Setting, url: sa.URL, left: ExitStack, *, is_alone: bool = False) -> Callable[[Script], None]:
    """The driver with a held cursor; without transactions of its own where each statement stands alone."""
    connection = left.enter_context(closing(driven(setting, url)))
    if is_alone:
        connection.autocommit = True
    cursor = connection.cursor()

    def execute(step: Step) -> None:
        (cursor.executemany if step.is_many else cursor.execute)(step.sql, step.params)
        if step.reads:
            cursor.fetchall()

    return partial(_run, execute, connection.commit)


def core(
    setting: Setting, url: sa.URL, left: ExitStack, *, is_alone: bool = False, as_text: bool = False
) -> Callable[[Script], None]:
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

    return partial(_run, execute, connection.commit)


def _run(execute: Callable[[Step], None], commit: Callable[[], Any], script: Script) -> None:
    for step in script:
        if step.sql:
            execute(step)
        else:
            commit()
