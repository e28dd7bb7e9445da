"""Documentation generator (``handleflow rulebooks --markdown``): on which texts do rulebooks stand, and how old?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from handleflow.core import text_notes
from handleflow.rules import Rulebook
from handleflow.words import say

PAGE_COLUMNS = ("name", "version", "text_of", "in_force_from", "verified_on", "open_points")


def shipped_page(rulebooks: Iterable[Rulebook], lang: str) -> str:
    """All *rulebooks* in a table, then each with its text, what is known to have changed since, and what is open."""
    shown = tuple(rulebooks)
    head = [say(f"cli-rulebooks_{column}", lang) for column in PAGE_COLUMNS]
    table = [_cells(head), "|" + "---|" * len(head), *(_cells(_row(rules)) for rules in shown)]
    sections = [line for rules in shown for line in _section(rules, lang)]
    intro = [say("cli-shipped_intro", lang), say("cli-shipped_inherits", lang)]
    return "\n".join([f"# {say('cli-shipped', lang)}", "", *intro, "", *table, *sections, ""])


def texts_of(rules: Rulebook) -> tuple[str, str]:
    """The day of its text, with that of the text that replaced it, and since when it is in force."""
    days = (rules.text_of, rules.superseded_by and rules.superseded_by.text_of)
    return " → ".join(str(each) for each in days if each), str(rules.in_force_from or "")


def _cells(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |".replace("|  |", "| |")


def _row(rules: Rulebook) -> tuple[str, ...]:
    compared_on, points = str(rules.verified_on or ""), str(len(rules.open_points))
    return f"[`{rules.name}`](#{rules.name.replace('.', '')})", rules.version, *texts_of(rules), compared_on, points


def _section(rules: Rulebook, lang: str) -> Iterator[str]:
    """A rulebook's own part; an open point that is called like a source is about the text of that."""
    texts, sources = tuple(text_notes(rules, lang)), {source.key for source in rules.sources}
    points: dict[bool, list[str]] = {True: [], False: []}
    for point in rules.open_points:
        points[point.what in sources].append(f"`{point.what}`: {point.en}")
    yield from (
        "",
        f"## {rules.name}",
        "",
        f"{rules.title}. {texts[0] if texts else say('cli-shipped_no_text', lang)}",
    )
    yield from _list(say("cli-shipped_changed", lang), (*texts[1:], *points[True]), lang)
    yield from _list(say("cli-shipped_open", lang), points[False], lang)


def _list(title: str, items: Iterable[str], lang: str) -> Iterator[str]:
    listed = tuple(items) or (say("cli-shipped_nothing", lang),)
    yield from ("", f"### {title}", "", *(f"- {item}" for item in listed))
