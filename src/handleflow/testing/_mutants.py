"""Mutation operators: which rulebooks differ from one in a single rule, and are sound?"""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from handleflow.acts.receiving import MATTERS
from handleflow.canonical_json import canonical
from handleflow.errors import BrokenRulebook, ImpossibleSpan
from handleflow.legal_time import Span
from handleflow.legal_time.convention import DIRECTIONS, FIRST_DAYS, ROLLS
from handleflow.model import ROLES
from handleflow.rulebooks import from_document
from handleflow.rules import CHANNELS, Rulebook
from handleflow.rules.lifecycle import OPEN
from handleflow.values import frozen

Document = dict[str, Any]
Where = tuple[Any, ...]
Change = Callable[[Document], None]
Build = Callable[[str], Rulebook]

_PARTS: Mapping[str, tuple[str, ...]] = {
    "guard": ("id", "ask"),
    "term": ("id",),
    "rung": ("id",),
    "outcome": ("code",),
    "backdating": ("role",),
    "light": ("colour",),
    "leader": ("name",),
}
_NUMBERS = {
    *("span", "long_span", "within", "offset", "answer_within", "every", "until"),
    *("limit", "count", "times"),
}
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "of": ("lead", "co", "whole"),
    "anchor": ("unit_received", "assigned", "accepted"),
    "base": ("chained", "capped"),
    "mode": ("consent", "declaration"),
    "per": ("suggestion", "unit"),
    "channel": CHANNELS,
    "owed_by": ("unit", "deputy", "congress_office", "government_office"),
    "first_day": FIRST_DAYS,
    "roll_on": ROLLS,
    "direction": DIRECTIONS,
}
_LEFT_OUT = {
    "applies_to",
    "when",
    "unless",
    "counts_from",
    "long_span",
    "extension",
    "every",
    "until",
    "answer_within",
    "issuer",
}
_LISTS: Mapping[str, tuple[str, ...]] = {
    "accepted": MATTERS,
    "met_by": (),
    "of": (),
    "units": (),
    "categories": (),
    "channels": (),
}
_MEANINGS = ("is_resolved", "is_commitment", "needs_day", "is_sent_upward")


@frozen
class Mutant:
    """One change of one rule: what it is in words, and the document with it."""

    what: str
    document: Document


def mutants(document: Document, only: str = "", build: Build = from_document) -> Iterator[Mutant]:
    """
    Every rulebook that differs from *document* in one rule, and is sound, as *build* finds; *only* those whose words
    hold this.

    One number, choice, guard, term, rung, class or transition is changed at a time, inherited ones and those of the
    lifecycle too; words, citations, remarks and the calendar are not.
    """
    seen: Counter[str] = Counter()
    for what, change in _changes(document):
        if only not in what:
            continue
        changed = copy.deepcopy(document)
        change(changed)
        try:
            build(canonical(changed).decode())
        except BrokenRulebook:
            continue  # the loader itself notices it
        seen[what] += 1
        yield Mutant(what if seen[what] == 1 else f"{what} ({seen[what]})", changed)


def _changes(document: Document) -> Iterator[tuple[str, Change]]:
    for part, keys in _PARTS.items():
        for position, row in enumerate(document.get(part, ())):
            name = f"{part} {next(row[key] for key in keys if row.get(key))}"
            yield f"{name} dropped", _without(part, position)
            yield from _of_a_row((part, position), row, name)
            yield from _of_a_row((part, position, "settings"), row.get("settings", {}), name)
            if row.get("extension"):
                longer = {"times": 1, **row["extension"]}
                yield from _of_a_row((part, position, "extension"), longer, f"extension of {row['id']}")
            for flag in _MEANINGS if part == "outcome" else ("is_pausable",) if row.get("is_pausable") else ():
                yield f"{name}: {flag} turned", _set((part, position), flag, not row.get(flag, False))
    yield from _of_a_row(("convention",), document.get("convention", {}), "convention")
    yield from _of_a_row(("cooldown",), document.get("cooldown") or {}, "cooldown")
    yield from _of_a_row((), {key: document[key] for key in ("cooldown", "channels") if key in document}, "rulebook")
    if document.get("rung"):
        yield "rulebook: coalesce turned", _set((), "coalesce", not document.get("coalesce", False))
    yield from _transitions(document)


def _of_a_row(where: Where, row: Document, name: str) -> Iterator[tuple[str, Change]]:
    """Every value of a row that is a number, a choice or a list, as something else; and optional ones left out."""
    for key, old in row.items():
        for new in _instead(key, old):
            yield f"{name}: {key} {old} -> {new}", _set(where, key, new)
        if isinstance(old, list) and key in _LISTS:
            yield from _of_a_list(where, key, old, name)
        if key in _LEFT_OUT or (key == "cooldown" and not where):
            yield f"{name}: {key} left out", _left_out(where, key)


def _instead(key: str, old: Any) -> Iterator[Any]:
    if key in _CHOICES and isinstance(old, str):
        choices = _CHOICES[key]
        yield choices[(choices.index(old) + 1) % len(choices)] if old in choices else choices[0]
    elif key in _NUMBERS and isinstance(old, int):
        yield from (old + 1, old - 1)
    elif key in _NUMBERS:
        yield from map(str, _other_spans(old))


def _other_spans(old: str) -> Iterator[Span]:
    """One more, one fewer, and the same number counted in another way."""
    try:
        span = Span.of(old)
    except ImpossibleSpan:
        return
    yield Span(span.n + 1, span.unit)
    yield Span(span.n - 1, span.unit)
    yield Span(span.n * (30 if span.unit == "month" else 1), "workday" if span.unit == "day" else "day")


def _of_a_list(where: Where, key: str, old: list[Any], name: str) -> Iterator[tuple[str, Change]]:
    for one in old:
        if len(old) > 1:
            yield f"{name}: {key} without {one}", _set(where, key, [other for other in old if other != one])
    for one in _LISTS[key]:
        if one not in old:
            yield f"{name}: {key} with {one}", _set(where, key, [*old, one])


def _without(part: str, position: int) -> Change:
    def change(document: Document) -> None:
        gone = document[part].pop(position)
        if part == "term":
            remarks = document.get("disagreement", ())
            document["disagreement"] = [row for row in remarks if row.get("term") != gone["id"]]

    return change


def _set(where: Where, key: str, new: Any) -> Change:
    def change(document: Document) -> None:
        _at(document, where)[key] = new

    return change


def _left_out(where: Where, key: str) -> Change:
    def change(document: Document) -> None:
        del _at(document, where)[key]

    return change


def _at(document: Document, where: Where) -> Any:
    found: Any = document
    for step in where:
        found = found[step]
    return found


def _transitions(document: Document) -> Iterator[tuple[str, Change]]:
    """Every transition otherwise: the lifecycle's that still hold, and the rulebook's own."""
    lifecycle, own = document["lifecycle"], document.get("transition", [])
    rows_of_states = [*lifecycle["state"], *document.get("state", ())]
    states = [row["name"] for row in rows_of_states]
    left = [row["name"] for row in rows_of_states if not row.get("is_final")]
    replaced = {row["act"] for row in own}
    for where, rows in ((("lifecycle", "transition"), lifecycle["transition"]), (("transition",), own)):
        for position, row in enumerate(rows):
            if rows is own or row["act"] not in replaced:
                source = left if row["source"] == OPEN else row["source"]
                yield from _of_a_transition(where, position, {**row, "source": source}, states)


def _of_a_transition(
    where: Where, position: int, row: Document, states: Sequence[str]
) -> Iterator[tuple[str, Change]]:
    """It dropped, leading elsewhere, from one state fewer or more, open to one role fewer or more."""
    name = f"transition {row['act']} to {row['target']}{' when ' + row['when'] if row.get('when') else ''}"
    here, source, who = (*where, position), row["source"], row["who"]
    yield f"{name} dropped", lambda document: _at(document, where).pop(position)
    elsewhere = next((state for state in states if state not in {*source, row["target"]}), states[0])
    yield f"{name}: target {row['target']} -> {elsewhere}", _set(here, "target", elsewhere)
    for state in source if len(source) > 1 else ():
        yield f"{name}: not from {state}", _set(here, "source", [other for other in source if other != state])
    for state in [state for state in states if state not in source][:1]:
        yield f"{name}: also from {state}", _set(here, "source", [*source, state])
    for role in who if len(who) > 1 else ():
        yield f"{name}: {role} taken away", _set(here, "who", [other for other in who if other != role])
    for role in [role for role in ROLES if role not in who][:1]:
        yield f"{name}: {role} added", _set(here, "who", [*who, role])
