"""``handleflow import``: real suggestions come in from an older ledger."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import Any

import attrs

from handleflow.cli import _screen
from handleflow.cli._opening import host_engine, open_store
from handleflow.engine import Engine
from handleflow.errors import NotAStore, UnreadableLedger
from handleflow.ledgers import TakenOver, take_over
from handleflow.presets import load


def import_ledger(asked: Namespace) -> int:
    """Take a ledger over and say what became of each row."""
    if not Path(asked.ledger).is_file():
        raise UnreadableLedger(f"there is no ledger {asked.ledger}")
    engine = _engine(asked)
    with _screen.progress("taking over") as (bar, task):
        taken = take_over(
            engine,
            asked.ledger,
            on_rows=lambda rows: bar.update(task, total=rows),
            on_row=lambda _: bar.advance(task),
        )
    if asked.json:
        _screen.print_json(taken_data(taken))
        return 0
    for row in taken.refused:
        _screen.out.print(f"line {row.line}: {row.title}: {row.reason}", markup=False, soft_wrap=True)
    _screen.out.print(f"recorded {taken.recorded}, refused {len(taken.refused)}, already there {taken.already_there}")
    return 0


def _engine(asked: Namespace) -> Engine:
    if asked.app is not None:
        return host_engine(asked.app)
    if asked.rulebook is None or asked.store is None:
        raise NotAStore("name a store with --store and a rulebook with --rulebook, or a host's own engine with --app")
    rules = load(asked.rulebook)
    return Engine(open_store(asked.store), [rules])


def taken_data(taken: TakenOver) -> dict[str, Any]:
    """What became of a ledger as plain data."""
    return {
        "recorded": taken.recorded,
        "refused": [attrs.asdict(row) for row in taken.refused],
        "already_there": taken.already_there,
    }
