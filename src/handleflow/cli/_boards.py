"""``handleflow board``, ``units`` and ``health``: what is open, who owes what, and does the clock live?"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable

import attrs

from handleflow.cli import _screen
from handleflow.cli._opening import open_engine, seen_by
from handleflow.engine import Engine
from handleflow.engine.health import Health
from handleflow.legal_time import Day, Span, day
from handleflow.party import name_of, plain_party
from handleflow.views import (
    BoardLine,
    board,
    board_columns,
    board_data,
    board_lines,
    grouped,
    term_text,
    workload,
    workload_columns,
    workload_data,
    workload_lines,
)
from handleflow.words import say


def show_board(args: Namespace) -> int:
    """Print every open suggestion as it stands, all together or by unit or leader."""
    engine = open_engine(args.store, args.app)
    on = _day(engine, args.on)
    lines = board(engine.with_rulebooks(), on, seen_by(engine, args).sees)
    groups = grouped(lines, lambda line: getattr(line, args.by)) if args.by else (("", lines),)
    if args.json:
        data = [{"name": plain_party(name), "lines": board_data(group, engine.words_of)} for name, group in groups]
        _screen.print_json({"on": on.isoformat(), "groups": data} if args.by else data[0]["lines"])
        return 0
    for name, group in groups:
        print_board(group, on, args.lang, name_of(name) or _nobody(args.by, args.lang))
    return 0


def _nobody(by: str | None, lang: str) -> str:
    if not by:
        return ""
    return say("cli-nobody", lang, by=by)


def print_board(lines: Iterable[BoardLine], on: Day, lang: str, of: str = "") -> None:
    """The board as a table, under its day and whose it is; below it why a line could not be judged."""
    title, shown = say("cli-board", lang, on=on), tuple(lines)
    _screen.print_table(f"{title}  {of}".strip(), board_columns(lang), board_lines(shown, lang))
    _print_unjudged(((line.id, line.unjudged) for line in shown if line.unjudged), lang)
    if passed := sum(line.awaits_notice and line.is_overdue for line in shown):
        _screen.warn("cli-awaiting_notice", lang, days=passed)


def show_units(args: Namespace) -> int:
    """Print what each unit owes, and how it kept its days."""
    engine = open_engine(args.store, args.app)
    on = _day(engine, args.on)
    workloads = workload(engine.with_rulebooks(), on, Span.of(args.soon), seen_by(engine, args).sees)
    if args.json:
        _screen.print_json(workload_data(workloads))
        return 0
    _screen.print_table(
        say("cli-units", args.lang, on=on), workload_columns(args.lang, workloads), workload_lines(workloads)
    )
    _print_unjudged((each for one in workloads for each in one.unjudged), args.lang)
    return 0


def _print_unjudged(found: Iterable[tuple[str, str]], lang: str) -> None:
    """Which suggestions could not be judged, and why."""
    for id, why in sorted(set(found)):
        _screen.warn("cli-unjudged", lang, id=id, why=why)


def _day(engine: Engine, written: str | None) -> Day:
    return day(written) if written else engine.today()


def show_health(args: Namespace) -> int:
    """Print whether the clock lives; 1 when it should have said something before today, or lacks a rulebook."""
    engine = open_engine(args.store, args.app)
    health = engine.health()
    is_behind = health.oldest is not None and health.oldest.on < engine.today()
    if args.json:
        _screen.print_json({"is_behind": is_behind, **_plain(health)})
    else:
        _print_health(engine, health, is_behind, args.lang)
    return 1 if is_behind or health.not_held else 0


def _plain(health: Health) -> dict[str, object]:
    oldest = health.oldest
    return {
        "oldest": {"id": oldest.id, "on": oldest.on.isoformat(), "what": oldest.what} if oldest else None,
        "waiting": health.waiting,
        "terms_without_day": [{"id": id, **attrs.asdict(key)} for id, key in health.terms_without_day],
        "last_sweep_at": health.last_sweep_at.isoformat() if health.last_sweep_at else None,
        "last_effect_at": health.last_effect_at.isoformat() if health.last_effect_at else None,
        "not_held": [{"rulebook": ref, "suggestions": many} for ref, many in health.not_held],
        "calendar_ends": [{**attrs.asdict(end), "on": end.on.isoformat()} for end in health.calendar_ends],
        "out_of_force": [reason.as_dict() for reason in health.out_of_force],
        "clock_skew": None if health.clock_skew is None else health.clock_skew.total_seconds(),
    }


def _print_health(engine: Engine, health: Health, is_behind: bool, lang: str) -> None:
    _screen.say("cli-health_swept", lang, at=health.last_sweep_at)
    _screen.say("cli-health_spoke", lang, at=health.last_effect_at)
    _screen.say("cli-health_waiting", lang, waiting=health.waiting)
    if oldest := health.oldest:
        what = engine.words_of(engine.look_up(oldest.id)).label(oldest.what, lang, "rung")
        _screen.say("cli-health_oldest", lang, on=oldest.on, id=oldest.id, what=what, is_behind=is_behind)
    if health.clock_skew is not None:
        _screen.warn_of_skew(health.clock_skew, lang)
    _warn_of_what_ends(health, lang)
    for id, key in health.terms_without_day:
        term = term_text(key, lang, engine.words_of(engine.look_up(id)))
        _screen.say("cli-health_no_day", lang, id=id, term=term)
    for ref, many in health.not_held:
        _screen.say("engine-not_held", lang, rulebook=ref, suggestions=many)
    for name, twin in health.near_twins:
        _screen.say("near_twin", lang, name=name, twin=twin)


def _warn_of_what_ends(health: Health, lang: str) -> None:
    for reason in health.out_of_force:
        _screen.err.print(reason.text(lang), markup=False, soft_wrap=True)
    for end in health.calendar_ends:
        _screen.warn_of_end(end.calendar, end.on, end.days_left, lang)
        if end.awaiting_notice:
            _screen.warn("cli-awaiting_notice", lang, days=end.awaiting_notice)
