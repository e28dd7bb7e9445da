"""``python -m handleflow.testing``: a test from a finished life, and the rules no test would miss."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

from handleflow.engine import Engine
from handleflow.engine.app import engine_at, rulebook_of
from handleflow.errors import HandleflowError, NotAStore
from handleflow.rulebooks import from_document
from handleflow.rulebooks.own_names import own_names
from handleflow.stores.sql import SqlStore
from handleflow.testing.life_as_test import life_as_test, own_acts, rulebook_at, shipped
from handleflow.testing.mutation import Tried, try_mutants
from handleflow.words import Message


def main(argv: Sequence[str] | None = None) -> int:
    """Run one of the two; 0 all is well, 1 a change was noticed by no test, 2 it cannot be done."""
    args = _parser().parse_args(argv)
    try:
        return int(args.command(args))
    except HandleflowError as error:
        sys.stderr.write(f"handleflow.testing: {error}\n")
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m handleflow.testing", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    to_test = commands.add_parser("to-test", help="write a pytest function from a real history")
    to_test.add_argument("id", metavar="ID")
    to_test.add_argument("--store", metavar="PATH|URL")
    _add_app(to_test)
    help = "what the test loads, once for each version it adopted; without it, what ships under that name"
    to_test.add_argument("--rulebook", metavar="PATH|NAME", action="append", default=[], help=help)
    to_test.set_defaults(command=_to_test)
    mutate = commands.add_parser("mutate", help="change one rule at a time and tell which change no test noticed")
    mutate.add_argument("rulebook", metavar="NAME|PATH")
    _add_app(mutate)
    mutate.add_argument("--tests", metavar="PATH", nargs="+", required=True)
    mutate.add_argument("-k", metavar="EXPRESSION", help="only the tests that match, as for pytest")
    mutate.add_argument("--only", metavar="WORDS", default="", help="only the changes whose words hold these")
    mutate.add_argument("--jobs", metavar="N", type=_count, default=1, help="so many changes at a time")
    mutate.add_argument("--json", action="store_true")
    mutate.set_defaults(command=_mutate)
    return parser


def _add_app(parser: argparse.ArgumentParser) -> None:
    help = "a host's own engine, where it has acts or guards of its own"
    parser.add_argument("--app", metavar="PACKAGE.MODULE:ENGINE", help=help)


def _to_test(args: argparse.Namespace) -> int:
    if args.app is not None:
        _write_test(engine_at(args.app), args)
        return 0
    if args.store is None:
        raise NotAStore(Message("cli-name_store_or_app"))
    if "://" not in args.store and not Path(args.store).is_file():
        raise NotAStore(f"there is no store at {args.store}; name the file of one, or its URL")
    own = own_acts(map(rulebook_at, args.rulebook))
    with closing(SqlStore(args.store, create=False, own=own)) as store:
        _write_test(Engine(store, ()), args)
    return 0


def _write_test(engine: Engine, args: argparse.Namespace) -> None:
    suggestion, history = engine.look_up(args.id), engine.history(args.id)
    rulebooks = args.rulebook or shipped(history, engine.store.rulebooks())
    sys.stdout.write(life_as_test(suggestion, history, *rulebooks))


def _count(written: str) -> int:
    if not written.isdecimal() or int(written) < 1:
        raise argparse.ArgumentTypeError(f"{written!r} is no number of jobs; 1 or more")
    return int(written)


def _mutate(args: argparse.Namespace) -> int:
    tests = [*args.tests, *(["-k", args.k] if args.k else [])]
    rules, on_each = rulebook_of(args.rulebook, args.app), _progress if args.json else _line
    document, build = json.loads(rules.document), partial(from_document, **own_names([rules]))
    tried = try_mutants(document, tests, on_each, only=args.only, build=build, jobs=args.jobs)
    survivors = [one.mutant for one in tried if not one.is_noticed]
    noticed = len(tried) - len(survivors)
    if args.json:
        told_all = {"tried": len(tried), "noticed": noticed, "survivors": survivors}
        sys.stdout.write(json.dumps(told_all, ensure_ascii=False, indent=2) + "\n")
    else:
        sys.stdout.write(f"{len(tried)} changes, {noticed} noticed, {len(survivors)} noticed by no test\n")
        sys.stdout.writelines(f"  {survivor}\n" for survivor in survivors)
    return 1 if survivors else 0


def _line(tried: Tried) -> None:
    said = "noticed " if tried.is_noticed else "SURVIVED"
    sys.stdout.write(f"{tried.position:>{len(str(tried.total))}}/{tried.total}  {said}  {tried.mutant}\n")
    sys.stdout.flush()


def _progress(tried: Tried) -> None:
    """One line that is written over, for who waits; what is printed is for a program to read."""
    if sys.stderr.isatty():
        end = "\n" if tried.position == tried.total else ""
        sys.stderr.write(f"\r{tried.position}/{tried.total}{end}")
        sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
