"""``handleflow calendar``: the year's notice is out; what moves by it?"""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from handleflow.cli import _screen
from handleflow.cli._opening import open_engine
from handleflow.engine import Engine
from handleflow.engine.newer_calendars import CalendarAdoption
from handleflow.rulebooks import load_calendar


def add(args: Namespace) -> int:
    """Keep a calendar in the store, and print whether it is new there."""
    calendar = load_calendar(args.file)
    is_new = open_engine(args.store, args.app).add_calendar(calendar)
    name, known_through = f"{calendar.name} {calendar.version}", calendar.known_through
    if args.json:
        _screen.print_json({"calendar": name, "known_through": str(known_through), "is_new": is_new})
    else:
        _screen.say("cli-calendar_added", args.lang, calendar=name, on=known_through, is_new=is_new)
    return 0


def adopt(args: Namespace) -> int:
    """Count by the newest calendar that is kept, and print what moved; 1 when a suggestion could not be moved."""
    adoptions = _adopted(open_engine(args.store, args.app), args)
    if args.json:
        _screen.print_json({"dry_run": args.dry_run, "rulebooks": [_plain(each) for each in adoptions]})
    elif not adoptions:
        _screen.say("cli-calendar_is_newest", args.lang)
    else:
        _print(adoptions, args)
    return 1 if any(each.outcome.failed or each.outcome.stale or each.outcome.error for each in adoptions) else 0


def _adopted(engine: Engine, args: Namespace) -> tuple[CalendarAdoption, ...]:
    with _screen.progress("calendar", args.lang) as (bar, task):
        engine.listen(lambda *_: bar.advance(task))
        return engine.adopt_calendars(by=args.by, dry_run=args.dry_run)


def _print(adoptions: tuple[CalendarAdoption, ...], args: Namespace) -> None:
    for each in adoptions:
        was, to, adopted, moved, lang = each.before, each.rulebook, _count(each), len(each.moved), args.lang
        if args.dry_run:
            _screen.say("cli-calendar_would_adopt", lang, before=was, rulebook=to, adopted=adopted, moved=moved)
        else:
            _screen.say("cli-calendar_adopted", lang, before=was, rulebook=to, adopted=adopted, moved=moved)
        for id, why in each.outcome.failed:
            _screen.err.print(f"{id}: {why}", markup=False, soft_wrap=True)
        if each.outcome.error:
            _screen.warn("cli-sweep_broken_off", args.lang, why=each.outcome.error)


def _count(adoption: CalendarAdoption) -> int:
    return len({id for id, _ in adoption.outcome.entries})


def _plain(adoption: CalendarAdoption) -> dict[str, Any]:
    outcome = adoption.outcome
    return {
        "rulebook": adoption.rulebook,
        "before": adoption.before,
        "calendar": adoption.calendar,
        "adopted": list(dict.fromkeys(id for id, _ in outcome.entries)),
        "moved": list(adoption.moved),
        "stale": list(outcome.stale),
        "failed": dict(outcome.failed),
        "error": outcome.error or None,
    }
