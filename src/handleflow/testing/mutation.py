"""Which change of a rule would no test notice?"""

from __future__ import annotations

import copy
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from attrs import frozen

from handleflow.errors import BrokenRulebook
from handleflow.legal_time import Span
from handleflow.presets import from_document
from handleflow.sealing import canonical

MUTANT = "HANDLEFLOW_MUTANT"
"""Names the file whose rulebook stands in for the one of the same name while a mutant is tried."""

Document = dict[str, Any]


@frozen
class Mutant:
    """One change of one rule: what it is in words, and the document with it."""

    what: str
    document: Document


def mutants(document: Document) -> Iterator[Mutant]:
    """Every rulebook that differs from *document* in one number, arrow, guard, term, rung or class, and is sound."""
    for what, change in _changes(document):
        changed = copy.deepcopy(document)
        change(changed)
        try:
            from_document(canonical(changed).decode())
        except BrokenRulebook:
            continue  # the loader itself notices it
        yield Mutant(what, changed)


Change = Callable[[Document], None]


def _changes(document: Document) -> Iterator[tuple[str, Change]]:
    yield from _dropped(document, "guard", ("id", "ask"))
    yield from _dropped(document, "term", ("id",))
    yield from _dropped(document, "rung", ("id",))
    for place, row in enumerate(document.get("term", ())):
        yield from _numbers(("term", place), row, f"term {row['id']}", ("span", "long_span"))
        if row.get("extension"):
            yield from _numbers(
                ("term", place, "extension"), row["extension"], f"extension of {row['id']}", ("span",)
            )
    for place, row in enumerate(document.get("rung", ())):
        yield from _numbers(("rung", place), row, f"rung {row['id']}", ("offset", "answer_within"))
    for place, row in enumerate(document.get("guard", ())):
        settings = row.get("settings", {})
        yield from _numbers(("guard", place, "settings"), settings, f"guard {row['ask']}", ("span", "limit"))
    for place, row in enumerate(document.get("outcome", ())):
        for flag in ("is_resolved", "is_commitment", "needs_day"):
            yield f"outcome {row['code']}: {flag} turned", _turned(("outcome", place), flag)
    yield from _arrows(document)


def _dropped(document: Document, part: str, keys: tuple[str, ...]) -> Iterator[tuple[str, Change]]:
    for place, row in enumerate(document.get(part, ())):
        name = next(row[key] for key in keys if row.get(key))
        yield f"{part} {name} dropped", _without(part, place)


def _without(part: str, place: int) -> Change:
    return lambda document: document[part].pop(place)


def _numbers(path: tuple[Any, ...], row: Document, what: str, keys: tuple[str, ...]) -> Iterator[tuple[str, Change]]:
    for key in keys:
        if key in row:
            old = row[key]
            new = old + 1 if isinstance(old, int) else str(_longer(Span.of(old)))
            yield f"{what}: {key} {old} -> {new}", _set(path, key, new)


def _longer(span: Span) -> Span:
    return Span(span.n + 1, span.unit)


def _set(path: tuple[Any, ...], key: str, new: Any) -> Change:
    def change(document: Document) -> None:
        _at(document, path)[key] = new

    return change


def _turned(path: tuple[Any, ...], flag: str) -> Change:
    def change(document: Document) -> None:
        row = _at(document, path)
        row[flag] = not row.get(flag, False)

    return change


def _at(document: Document, path: tuple[Any, ...]) -> Any:
    found: Any = document
    for step in path:
        found = found[step]
    return found


def _arrows(document: Document) -> Iterator[tuple[str, Change]]:
    """An arrow dropped, a role added, a role taken away; of the lifecycle and of the rulebook's own."""
    for path in (("lifecycle", "arrow"), ("arrow",)):
        rows = _at(document, path) if path[0] in document else ()
        for place, row in enumerate(rows):
            name = f"arrow {row['act']} to {row['target']}{' when ' + row['when'] if row.get('when') else ''}"
            yield f"{name} dropped", _arrow_dropped(path, place)
            stranger = next(role for role in ("deputy", "unit", "leader") if role not in row["who"])
            yield f"{name}: {stranger} added", _set((*path, place), "who", [*row["who"], stranger])


def _arrow_dropped(path: tuple[str, ...], place: int) -> Change:
    return lambda document: _at(document, path).pop(place)


@frozen
class Tried:
    """A mutant and whether a test noticed it."""

    mutant: str
    is_noticed: bool


def try_mutants(
    document: Document, tests: list[str], on_each: Callable[[Tried], Any] = lambda _: None
) -> tuple[Tried, ...]:
    """
    Run the tests once for each mutant, in a process of its own; a mutant is noticed when they fail.

    Raises:
        BrokenRulebook: when the tests fail without any change, so that nothing could be told.
    """
    if not passes(document, tests):
        raise BrokenRulebook(str(document["name"]), ("its tests fail without any change; mend them first",))
    found = []
    for mutant in mutants(document):
        found.append(Tried(mutant.what, not passes(mutant.document, tests)))
        on_each(found[-1])
    return tuple(found)


def passes(document: Document, tests: list[str]) -> bool:
    """Whether the tests pass with *document* in the place of the rulebook of its name."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mutant.json"
        path.write_bytes(canonical(document))
        command = [sys.executable, "-m", "pytest", "-q", "-x", "--no-header", "-p", "no:cacheprovider", *tests]
        env = {**os.environ, MUTANT: str(path)}
        run = subprocess.run(command, env=env, capture_output=True, check=False)  # noqa: S603  the caller's own tests
    return run.returncode == 0
