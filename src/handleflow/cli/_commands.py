"""Argument parser: which command does what?"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import version
from math import nan

from handleflow.cli import _boards, _demo, _due, _ledgers, _proving, _record, _rulebooks, _stores, _years_notice
from handleflow.cli._opening import closing_stores, reader_of
from handleflow.errors import HandleflowError
from handleflow.legal_time.convention import DIRECTIONS, FIRST_DAYS, ROLLS
from handleflow.views.workload import SOON
from handleflow.words import CATALOGUE

_DAY = 86_400

Command = Callable[[argparse.Namespace], int]
Commands = argparse._SubParsersAction  # argparse names the type of its subcommands only so


def run(argv: Sequence[str] | None) -> int:
    """Parse *argv* and run its command; the exit code."""
    args = _parser().parse_args(argv)
    command: Command = args.command
    try:
        with closing_stores():
            return command(args)
    except HandleflowError as error:
        print(f"handleflow: {error.text(args.lang)}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="handleflow",
        description="Deputies' suggestions from receipt to evaluation (人大代表建议办理).",
        epilog="Exit codes: 0 all is well; 1 a rulebook has findings, the clock is behind, or a record has faults; "
        "2 it cannot be done.",
    )
    parser.add_argument("--version", action="version", version=f"handleflow {version('handleflow')}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    _add_demo_and_ledgers(commands)
    _add_rulebooks(commands)
    _add_due(commands)
    _add_stores(commands)
    _add_boards(commands)
    _add_sweep(commands)
    _add_calendars(commands)
    _add_record(commands)
    _add_backups(commands)
    _add_proving(commands)
    return parser


def _add_demo_and_ledgers(commands: Commands[argparse.ArgumentParser]) -> None:
    demo = _add(commands, "demo", _demo.demo, "play a year of the city of Dehui and print its report")
    demo.add_argument("--ledger", metavar="PATH", help="another ledger of the same columns")
    demo.add_argument("--store", metavar="PATH|URL", help="keep the suggestions here (default: a temporary file)")
    _add_json(demo)

    taking = _add(commands, "import", _ledgers.import_ledger, "take real suggestions over from an older ledger")
    taking.add_argument("ledger", help="a CSV file")
    _add_store(taking)
    taking.add_argument("--rulebook", metavar="NAME|PATH", help="the rulebook to handle them under")
    _add_json(taking)


def _add_rulebooks(commands: Commands[argparse.ArgumentParser]) -> None:
    draw = _add(commands, "draw", _rulebooks.draw_lifecycle, "draw a rulebook's lifecycle as Mermaid")
    draw.add_argument("rulebook", nargs="?", default="cn.national", help="a shipped name or a TOML file")
    _add_app(draw)

    check = _add(commands, "check", _rulebooks.check_rulebook, "check a rulebook; exit 1 with every finding")
    check.add_argument("rulebook", help="a shipped name or a TOML file")
    _add_app(check)

    rulebooks = _add(commands, "rulebooks", _rulebooks.list_rulebooks, "list the rulebooks that ship")
    rulebooks.add_argument("rulebook", nargs="?", help="only this one, a shipped name or a TOML file")
    rulebooks.add_argument(
        "--toml", action="store_true", help="print all that it holds, what it inherits too, as TOML"
    )
    rulebooks.add_argument("--markdown", action="store_true", help="as a page, with all that each leaves open")
    _add_json(rulebooks)


def _add_due(commands: Commands[argparse.ArgumentParser]) -> None:
    due = _add(commands, "due", _due.due, "say on which day a span ends, and why")
    due.add_argument("start", metavar="DAY", help="the day it is counted from, 2026-02-10")
    due.add_argument("span", metavar="SPAN", nargs="?", help="'3 months', '10 workdays', '5 days'; or --term")
    due.add_argument("--term", metavar="TERM", help="instead of a span: that of this term of the rulebook")
    due.add_argument("--long", action="store_true", help="the term's longer span, on the long track")
    due.add_argument("--rulebook", metavar="NAME|PATH", help="count as this rulebook does (default: cn.national)")
    due.add_argument("--calendar", metavar="NAME|PATH", help="another calendar than the rulebook's")
    due.add_argument("--first-day", choices=FIRST_DAYS, help="which day is day one")
    due.add_argument("--roll", choices=ROLLS, help="which rest days the last day moves off")
    due.add_argument("--direction", choices=DIRECTIONS, help="where to")
    _add_json(due)


def _add_stores(commands: Commands[argparse.ArgumentParser]) -> None:
    report = _add(commands, "report", _stores.report, "count what a store holds")
    _add_reader(report)
    _add_store(report)
    _add_json(report)

    show = _add(commands, "show", _stores.show, "show one suggestion: how it stands, and its history")
    show.add_argument("id", metavar="ID")
    _add_reader(show)
    _add_private(show)
    _add_store(show)
    _add_json(show)

    explain = _add(commands, "explain", _due.explain_terms, "explain the due days of a suggestion, step by step")
    explain.add_argument("id", metavar="ID")
    explain.add_argument("term", metavar="TERM", nargs="?", help="one term rule, such as reply (default: all)")
    explain.add_argument("--markdown", action="store_true", help="as Markdown")
    _add_store(explain)
    _add_json(explain)


def _add_boards(commands: Commands[argparse.ArgumentParser]) -> None:
    board = _add(commands, "board", _boards.show_board, "show every open suggestion as it stands")
    board.add_argument("--by", choices=("unit", "leader"), help="group by unit or by leader in charge")
    _add_reader(board)
    _add_on(board)
    _add_store(board)
    _add_json(board)

    units = _add(commands, "units", _boards.show_units, "show what each unit owes")
    units.add_argument("--soon", metavar="SPAN", default=str(SOON), help=f"what is due soon (default: {SOON})")
    _add_reader(units)
    _add_on(units)
    _add_store(units)
    _add_json(units)

    health = _add(commands, "health", _boards.show_health, "say whether the clock lives; exit 1 when it is behind")
    _add_store(health)
    _add_json(health)


def _add_sweep(commands: Commands[argparse.ArgumentParser]) -> None:
    sweep = _add(commands, "sweep", _stores.sweep, "let the clock speak")
    sweep.add_argument(
        "--host", metavar="NAME", default="", help="of many hosts each its own: they go their own ways"
    )
    sweep.add_argument(
        "--together", metavar="N", type=int, default=1, help="write so many suggestions in one transaction"
    )
    sweep.add_argument("--confirm", metavar="DAY", help="that it is this day, where the last sweep is long past")
    sweep.add_argument(
        "--set-back", metavar="DAY", help="say that no sweep was made after this day began, and sweep nothing"
    )
    _add_store(sweep)
    _add_json(sweep)


def _add_calendars(commands: Commands[argparse.ArgumentParser]) -> None:
    help = "bring a newer calendar in, when the year's notice is out"
    parser = commands.add_parser("calendar", help=help, description=f"{help[0].upper()}{help[1:]}.")
    parts = parser.add_subparsers(required=True, metavar="COMMAND")

    add = _add(parts, "add", _years_notice.add, "keep a calendar in a store")
    add.add_argument("file", help="a TOML file, or the name of a calendar that ships")
    _add_store(add)
    _add_json(add)

    adopt = _add(
        parts, "adopt", _years_notice.adopt, "count by the newest calendar that is kept; exit 1 when one stays"
    )
    adopt.add_argument(
        "--by", metavar="ROLE:NAME", type=reader_of, required=True, help="who adopts it, as every history will say"
    )
    adopt.add_argument("--dry-run", action="store_true", help="say what would move, and write nothing")
    _add_store(adopt)
    _add_json(adopt)


def _add_record(commands: Commands[argparse.ArgumentParser]) -> None:
    verify = _add(commands, "verify", _record.show_faults, "look for what was done behind the store's back; exit 1")
    _add_published(verify)
    _add_store(verify)
    _add_json(verify)

    rebuild = _add(commands, "rebuild", _record.rebuild_snapshots, "fold every suggestion anew from its history")
    _add_store(rebuild)
    _add_json(rebuild)

    upgrade = _add(commands, "upgrade", _record.upgrade_store, "bring an older store up to this version")
    _add_store(upgrade)


def _add_backups(commands: Commands[argparse.ArgumentParser]) -> None:
    backup = _add(commands, "backup", _record.write_backup, "write whole histories as JSON lines")
    backup.add_argument("file", help="a new file")
    _add_reader(backup)
    _add_private(backup)
    _add_store(backup)
    _add_json(backup)

    restore = _add(commands, "restore", _record.take_backup, "take a backup in, each history verified first")
    restore.add_argument("file", help="a backup")
    _add_published(restore)
    _add_store(restore)
    _add_json(restore)

    feed = _add(commands, "feed", _record.show_feed, "print every entry in one order, as JSON lines")
    feed.add_argument("--after", metavar="N", type=int, default=0, help="only what comes after this position")
    feed.add_argument("--cursor", metavar="NAME", help="go on where the reader of this name ended, and remember")
    feed.add_argument("--follow", action="store_true", help="go on for ever")
    feed.add_argument("--every", metavar="SECONDS", type=_seconds, default=1.0, help="with --follow (default: 1)")
    _add_reader(feed)
    _add_private(feed)
    _add_store(feed)


def _add_proving(commands: Commands[argparse.ArgumentParser]) -> None:
    digest = _add(commands, "digest", _proving.print_digest, "print what stands for the record, to be published")
    digest.add_argument("--sign", metavar="KEY", help="sign it with the Ed25519 key in this PEM file")
    digest.add_argument("--since", metavar="N", type=int, default=0, help="prove that it goes on from position N")
    _add_store(digest)

    evidence = _add(commands, "evidence", _proving.write_evidence, "print what proves one suggestion's history")
    evidence.add_argument("id", metavar="ID")
    evidence.add_argument("--published", metavar="FILE", help="up to the newest signed digest of this file")
    evidence.add_argument("--sign", metavar="KEY", help="up to the digest of now, signed with this key")
    evidence.add_argument("--out", metavar="FILE", help="write it to a new file (default: standard output)")
    _add_reader(evidence)
    _add_private(evidence)
    _add_store(evidence)

    shown = _add(commands, "verify-evidence", _proving.show_evidence, "verify a file of evidence offline; exit 1")
    shown.add_argument("file", help="what `handleflow evidence` wrote")
    shown.add_argument("--key", metavar="PUB", required=True, help="the public key of whoever published the digest")
    _add_json(shown)


def _add_published(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--published", metavar="FILE", help="digests that were published, which it must agree with")
    parser.add_argument("--key", metavar="PUB", help="the public key that signed them")


def _seconds(written: str) -> float:
    """A span that can be slept: no number below nothing, none that is none, none beyond what a system waits for."""
    try:
        seconds = float(written)
    except ValueError:
        seconds = nan
    if not 0 <= seconds <= _DAY:
        raise argparse.ArgumentTypeError(f"{written!r} is no number of seconds from 0 to {_DAY}, a day")
    return seconds


def _add_reader(parser: argparse.ArgumentParser) -> None:
    help = "who reads, which decides what is withheld (default: nobody known)"
    parser.add_argument("--as", dest="reader", metavar="ROLE:NAME", type=reader_of, help=help)


def _add_private(parser: argparse.ArgumentParser) -> None:
    help = "with private fields and confidential suggestions, which stay behind otherwise"
    parser.add_argument("--private", action="store_true", help=help)


def _add(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, command: Command, help: str
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=help, description=f"{help[0].upper()}{help[1:]}.")
    parser.add_argument(
        "--lang", choices=CATALOGUE.languages, default="en", help="the language people read (default: en)"
    )
    parser.set_defaults(command=command)
    return parser


def _add_store(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--store", metavar="PATH|URL", help="an SQLite file or a database URL")
    _add_app(parser)


def _add_on(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--on", metavar="DAY", help="as of this day (default: today)")


def _add_app(parser: argparse.ArgumentParser) -> None:
    help = "a host's own engine, where it has acts or guards of its own"
    parser.add_argument("--app", metavar="PACKAGE.MODULE:ENGINE", help=help)


def _add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON and nothing else on standard output")
