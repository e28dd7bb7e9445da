"""``python -m handleflow.testing``: a test from a finished life, and the rules no test would miss."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from contextlib import closing

from handleflow.engine import Engine
from handleflow.errors import HandleflowError
from handleflow.presets import from_document, load
from handleflow.stores.sql import SqlStore
from handleflow.testing.histories import life_as_test
from handleflow.testing.mutation import Tried, try_mutants


def main(argv: Sequence[str] | None = None) -> int:
    """Run one of the two; 0 all is well, 1 a change was noticed by no test, 2 it cannot be done."""
    asked = _parser().parse_args(argv)
    try:
        return int(asked.command(asked))
    except HandleflowError as error:
        sys.stderr.write(f"handleflow.testing: {error}\n")
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m handleflow.testing", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    to_test = commands.add_parser("to-test", help="write a pytest function from a real history")
    to_test.add_argument("id", metavar="ID")
    to_test.add_argument("--store", metavar="PATH|URL", required=True)
    to_test.set_defaults(command=_to_test)
    mutate = commands.add_parser("mutate", help="change one rule at a time and tell which change no test noticed")
    mutate.add_argument("rulebook", metavar="NAME|PATH")
    mutate.add_argument("--tests", metavar="PATH", nargs="+", required=True)
    mutate.add_argument("--json", action="store_true")
    mutate.set_defaults(command=_mutate)
    return parser


def _to_test(asked: argparse.Namespace) -> int:
    with closing(SqlStore(asked.store, create=False)) as store:
        engine = Engine(store, [from_document(kept.document) for kept in store.kept_rulebooks()])
        suggestion = engine.look_up(asked.id)
        sys.stdout.write(life_as_test(suggestion, engine.history(asked.id), engine.rulebook_of(suggestion).name))
    return 0


def _mutate(asked: argparse.Namespace) -> int:
    def told(tried: Tried) -> None:
        if not asked.json:
            sys.stdout.write(f"{'noticed ' if tried.is_noticed else 'SURVIVED'}  {tried.mutant}\n")
            sys.stdout.flush()

    tried = try_mutants(json.loads(load(asked.rulebook).document), asked.tests, told)
    survivors = [one.mutant for one in tried if not one.is_noticed]
    if asked.json:
        told_all = {"tried": len(tried), "survivors": survivors}
        sys.stdout.write(json.dumps(told_all, ensure_ascii=False, indent=2) + "\n")
    else:
        sys.stdout.write(f"{len(tried)} changes, {len(survivors)} noticed by no test\n")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
