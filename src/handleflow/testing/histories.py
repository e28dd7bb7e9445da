"""How does a finished life become a test?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs

from handleflow.legal_time import Day, Span
from handleflow.model import CLOCK, Act, Actor, Entry, Suggestion

_NAMED = ("deputy", "co_signers", "rater", "agreed_by", "person", "leader", "signed_by")
_WORDS = ("title", "text", "reason", "explanation", "answer", "ground", "plan", "means")


def life_as_test(suggestion: Suggestion, history: tuple[Entry, ...], rulebook: str) -> str:
    """
    A ready pytest function that tells the life again by ``given`` and asks for what came of it.

    Names of people are replaced by placeholders, words by the field's name, private fields left out; units, days and
    codes stay, since they are what the rules are about.
    """
    told = _Placeholders()
    acts = [entry for entry in history if isinstance(entry.event, Act) and entry.by != CLOCK]
    classes = sorted({type(entry.event).__name__ for entry in acts})
    lines = [
        "from handleflow import " + ", ".join((*classes, "load")),
        "from handleflow.model import Actor",
        "from handleflow.testing import given",
        "",
        "",
        f"def test_the_life_of_{_identifier(suggestion.id)}() -> None:",
        f'    story = given(load("{rulebook}"))',
    ]
    lines += [f"    {step}" for step in _steps(history, told)]
    lines += ["", f'    assert story.suggestion.state == "{suggestion.state}"']
    lines += ["    assert [(term.key.rule, str(term.due_on), term.end) for term in story.suggestion.terms] == ["]
    lines += [f'        ("{t.key.rule}", "{t.due_on}", "{t.end}"),' for t in suggestion.terms]
    return "\n".join((*lines, "    ]", ""))


def _identifier(id: str) -> str:
    return "".join(letter if letter.isalnum() else "_" for letter in id).lower()


def _steps(history: tuple[Entry, ...], told: _Placeholders) -> Iterator[str]:
    """One line an act, and one wherever the clock spoke by itself."""
    swept: Day | None = None
    for entry in history:
        event = entry.event
        if entry.by == CLOCK and entry.kind in {"supervised", "deadline_missed"} and entry.on != swept:
            swept = entry.on
            yield f'story = story.and_the_clock_reads("{entry.on}")'
        elif isinstance(event, Act) and entry.by != CLOCK:
            by = f'Actor("{entry.by.role}", {_quoted(told.actor(entry.by))})'
            yield f'story = story.and_({_written(event, told)}, by={by}, on="{entry.on}")'


def _written(act: Act, told: _Placeholders) -> str:
    given = []
    for a in attrs.fields(type(act)):
        value = getattr(act, a.name)
        is_unsaid = value is None or value == a.default
        if not is_unsaid and not a.metadata.get("private") and a.name != "as_written":
            given.append(f"{a.name}={_value(told.replaced(a.name, value), told)}")
    return f"{type(act).__name__}({', '.join(given)})"


def _value(value: Any, told: _Placeholders) -> str:
    if isinstance(value, (Day, Span)):
        return _quoted(str(value))
    if isinstance(value, tuple):
        inner = ", ".join(_value(each, told) for each in value)
        return f"({inner},)" if value else "()"
    if attrs.has(type(value)):
        fields = [(a.name, getattr(value, a.name)) for a in attrs.fields(type(value))]
        said = ", ".join(f"{n}={_value(told.replaced(n, v), told)}" for n, v in fields if v is not None)
        return f"{type(value).__name__}({said})"
    return _quoted(value) if isinstance(value, str) else repr(value)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


class _Placeholders:
    """Gives each person a placeholder and each field its own name for words, the same each time."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def person(self, name: str) -> str:
        """The placeholder of a person."""
        return self._names.setdefault(name, f"Person {len(self._names) + 1}")

    def actor(self, by: Actor) -> str:
        """A unit's or an office's own name; a person's placeholder."""
        return self.person(by.name) if by.role in {"deputy", "leader"} else by.name

    def replaced(self, field: str, value: Any) -> Any:
        """*value* without what it tells of a person."""
        if field in _NAMED:
            return tuple(map(self.person, value)) if isinstance(value, tuple) else self.person(value)
        return field if field in _WORDS and isinstance(value, str) else value
