"""``handleflow demo``: a year of the city of Dehui, played through the engine."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from handleflow.acts import Supervise
from handleflow.cli import _screen
from handleflow.cli._boards import print_board
from handleflow.cli._stores import print_report
from handleflow.cli._year import DEHUI, Year, read_year
from handleflow.engine import Engine
from handleflow.events import DeadlineMissed
from handleflow.model import Entry
from handleflow.rulebooks import load_preset
from handleflow.stores.sql import SqlStore
from handleflow.views import board, report_data, summarize, supervision_text
from handleflow.words import MessageCatalogue, say

RULEBOOK = "cn.dehui.demo"
DEMO_COLUMNS = ("day", "id", "what", "whom")


def demo(args: Namespace) -> int:
    """Play the ledger's year, then print the board, what the clock said, and the closing report."""
    rows = read_year(args.ledger or DEHUI)
    rules = load_preset(RULEBOOK)
    with ExitStack() as closing:
        where = args.store or str(Path(closing.enter_context(TemporaryDirectory())) / "demo.db")
        store = SqlStore(where)
        closing.callback(store.close)
        engine = Engine(store, [rules])
        year = Year(engine, rows, rules.calendar)
        days = year.days()
        with _screen.progress("play", args.lang) as (bar, task):
            bar.update(task, total=len(days))
            played = year.play(lambda _: bar.advance(task))
        summary = summarize(engine.with_rulebooks())
        if args.json:
            _screen.print_json(report_data(summary))
            return 0
        if days:
            print_board(board(engine.with_rulebooks(), days[-1]), days[-1], args.lang)
        _print_said(engine, played.said, args.lang)
        print_report(summary, args.lang)
    if args.store and rows:
        _screen.say("cli-demo_kept", args.lang, store=args.store, id=rows[0].number)
    return 0


def _print_said(engine: Engine, said: Iterable[tuple[str, Entry]], lang: str) -> None:
    rows = []
    for id, entry in said:
        if entry.kind in {"supervised", "deadline_missed"}:
            rows.append((str(entry.on), id, *_shown(entry, lang, engine.words_of(entry))))
    columns = (say(f"cli-demo_{name}", lang) for name in DEMO_COLUMNS)
    _screen.print_table(say("cli-demo", lang), columns, rows)


def _shown(entry: Entry, lang: str, words: MessageCatalogue) -> tuple[str, str]:
    event = entry.event
    if isinstance(event, Supervise):
        channel, text = words.label(event.channel, lang, "channel"), supervision_text(event, lang, words)
        return say("cli-demo_urged", lang, channel=channel, text=text), event.unit
    if isinstance(event, DeadlineMissed):
        term = words.label(event.key.rule, lang, "term")
        return say("cli-demo_missed", lang, term=term, due_on=event.due_on), event.key.unit
    return entry.kind, ""
