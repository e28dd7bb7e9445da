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


def import_ledger(args: Namespace) -> int:
    """Take a ledger over and say what became of each row."""
    if not Path(args.ledger).is_file():
        raise UnreadableLedger(f"there is no ledger {args.ledger}")
    engine = _engine(args)
    with _screen.progress("taking over") as (bar, task):
        taken = take_over(
            engine,
            args.ledger,
            on_rows=lambda rows: bar.update(task, total=rows),
            on_row=lambda _: bar.advance(task),
        )
    if args.json:
        _screen.print_json(taken_data(taken))
        return 0
    for row in taken.refused:
        _screen.out.print(f"line {row.line}: {row.title}: {row.reason}", markup=False, soft_wrap=True)
    _screen.out.print(f"recorded {taken.recorded}, refused {len(taken.refused)}, already there {taken.already_there}")
    return 0


def _engine(args: Namespace) -> Engine:
    if args.app is not None:
        return host_engine(args.app)
    if args.rulebook is None or args.store is None:
        raise NotAStore("name a store with --store and a rulebook with --rulebook, or a host's own engine with --app")
    rules = load(args.rulebook)
    return Engine(open_store(args.store), [rules])


def taken_data(taken: TakenOver) -> dict[str, Any]:
    """What became of a ledger as plain data."""
    return {
        "recorded": taken.recorded,
        "refused": [attrs.asdict(row) for row in taken.refused],
        "already_there": taken.already_there,
    }
