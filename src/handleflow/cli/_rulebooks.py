"""``handleflow check`` and ``handleflow draw``: is a rulebook sound, and what does it look like?"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable
from typing import Any

from handleflow.cli import _screen
from handleflow.cli._shipped import shipped_page, texts_of
from handleflow.core import notes
from handleflow.engine.app import rulebook_of
from handleflow.engine.present import read_the_clock
from handleflow.errors import BrokenRulebook, UnknownRulebook
from handleflow.legal_time.calendar import ENDS_SOON
from handleflow.rulebooks import as_toml, load, load_preset, names
from handleflow.rules import NewerText, Rulebook
from handleflow.views import draw
from handleflow.words import CATALOGUE, did_you_mean, say

RULEBOOK_COLUMNS = ("name", "version", "text_of", "in_force_from", "title", "known_through", "open_points")


def check_rulebook(args: Namespace) -> int:
    """Print every finding; 1 when there is one."""
    try:
        rules = rulebook_of(args.rulebook, args.app)
    except BrokenRulebook as broken:
        for finding in broken.findings:
            _screen.out.print(f"- {finding}", markup=False, soft_wrap=True)
        _screen.warn(
            "cli-check_findings",
            args.lang,
            rulebook=broken.name if args.app else args.rulebook,
            findings=len(broken.findings),
        )
        return 1
    _screen.say("cli-check_sound", args.lang, rulebook=str(rules.ref))
    for note in notes(rules, args.lang):
        _screen.out.print(f"  {note}", markup=False, soft_wrap=True)
    warn_of_ends([rules], args.lang)
    return 0


def list_rulebooks(args: Namespace) -> int:
    """Print what ships: name, version, title, its text and what replaced that, how much is open; or one as TOML."""
    if args.toml and args.rulebook is None:
        raise UnknownRulebook(f"--toml prints one rulebook{did_you_mean('', names())}")
    if args.toml:
        print(as_toml(args.rulebook), end="")
        return 0
    shipped = [load_preset(name) for name in names()] if args.rulebook is None else [load(args.rulebook)]
    if args.markdown:
        print(shipped_page(shipped, args.lang), end="")
        return 0
    if args.json:
        _screen.print_json([_listed(rules) for rules in shipped])
        return 0
    rows = ((rules.name, rules.version, *texts_of(rules), rules.title, *_ends(rules)) for rules in shipped)
    columns = (say(f"cli-rulebooks_{name}", args.lang) for name in RULEBOOK_COLUMNS)
    _screen.print_table("", columns, rows)
    warn_of_ends(shipped, args.lang)
    return 0


def warn_of_ends(rulebooks: Iterable[Rulebook], lang: str) -> None:
    """Each calendar once that ends soon or has ended."""
    now, told = read_the_clock(), set[str]()
    for calendar in (rules.calendar for rules in rulebooks):
        name, left = f"{calendar.name} {calendar.version}", calendar.days_left(now)
        if left <= ENDS_SOON and name not in told:
            _screen.warn_of_end(name, calendar.known_through, left, lang)
            told.add(name)


def _ends(rules: Rulebook) -> tuple[str, str]:
    return str(rules.calendar.known_through), str(len(rules.open_points))


def _listed(rules: Rulebook) -> dict[str, Any]:
    return {
        "name": rules.name,
        "version": rules.version,
        "title": rules.title,
        "text_of": rules.text_of.isoformat() if rules.text_of else None,
        "in_force_from": rules.in_force_from.isoformat() if rules.in_force_from else None,
        "in_force_until": rules.in_force_until.isoformat() if rules.in_force_until else None,
        "superseded_by": _newer(rules.superseded_by),
        "verified_on": rules.verified_on.isoformat() if rules.verified_on else None,
        "calendar": {
            "name": rules.calendar.name,
            "version": rules.calendar.version,
            "known_through": rules.calendar.known_through.isoformat(),
        },
        "open": [{"what": point.what, "en": point.en} for point in rules.open_points],
        "notes": list(notes(rules)),
    }


def _newer(newer: NewerText | None) -> dict[str, str | None] | None:
    if newer is None:
        return None
    since = newer.in_force_from.isoformat() if newer.in_force_from else None
    return {"what": newer.what, "text_of": newer.text_of.isoformat(), "in_force_from": since, "source": newer.source}


def draw_lifecycle(args: Namespace) -> int:
    """Print the lifecycle as a Mermaid state diagram."""
    rules = rulebook_of(args.rulebook, args.app)
    print(draw(rules.lifecycle, args.lang, CATALOGUE.naming(rules.labels)), end="")
    return 0
