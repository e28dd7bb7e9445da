"""``handleflow import``: real suggestions come in from an older ledger."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import Any

from handleflow.cli import _screen
from handleflow.cli._opening import open_store
from handleflow.engine import Engine
from handleflow.engine.app import engine_at
from handleflow.errors import NotAStore, UnreadableLedger
from handleflow.ledgers import TakenOver, take_over
from handleflow.rulebooks import load
from handleflow.words import Message


def import_ledger(args: Namespace) -> int:
    """Take a ledger over and say what became of each row."""
    if not Path(args.ledger).is_file():
        raise UnreadableLedger(Message("cli-no_ledger", {"path": args.ledger}))
    engine = _engine(args)
    with _screen.progress("take_over", args.lang) as (bar, task):
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
        _screen.say("cli-import_refused", args.lang, line=row.line, title=row.title, why=row.text(args.lang))
    _screen.say(
        "cli-import",
        args.lang,
        recorded=taken.recorded,
        refused=len(taken.refused),
        already_there=taken.already_there,
    )
    return 0


def _engine(args: Namespace) -> Engine:
    if args.app is not None:
        return engine_at(args.app)
    if args.rulebook is None or args.store is None:
        raise NotAStore(Message("cli-name_store_and_rulebook"))
    rules = load(args.rulebook)
    return Engine(open_store(args.store), [rules])


def taken_data(taken: TakenOver) -> dict[str, Any]:
    """What became of a ledger as plain data."""
    return {
        "recorded": taken.recorded,
        "refused": [row.as_dict() for row in taken.refused],
        "already_there": taken.already_there,
    }
