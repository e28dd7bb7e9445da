"""Test generation from a history: how does a finished life become a test?"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from enum import Enum
from importlib import import_module
from typing import Any

import attrs

import handleflow
from handleflow.acts import ACTS, Correct, Plan, RecordContact, ReportMeasure
from handleflow.errors import NonsenseError, UnknownKind, UnknownRulebook, in_words
from handleflow.legal_time import Day, Span, day, utc
from handleflow.model import CLOCK, Act, Actor, Entry, RulebookRef, Suggestion, UnknownEvent
from handleflow.rulebooks import load, names
from handleflow.rules import Rulebook
from handleflow.store import StoredRulebook
from handleflow.testing.scenario import given

_NAMED = ("deputy", "co_signers", "rater", "agreed_by", "person", "leader", "signed_by", "to")
_WORDS = (
    "title",
    "text",
    "reason",
    "explanation",
    "answer",
    "ground",
    "plan",
    "override_reason",
    "attachments",
    "part",
)
_MEASURES = {Plan: "measures", ReportMeasure: "measure"}
_HOSTS = re.compile(r"([\w.]+):(\w+)")


def life_as_test(suggestion: Suggestion, history: tuple[Entry, ...], *rulebooks: str) -> str:
    """
    A ready pytest function that tells the life again by ``given`` and asks for what came of it.

    *rulebooks* are what ``load`` is given, or a host's own as ``package.module:NAME``: one, and one more for every
    other version the life adopted, in that order. Names of people are replaced by placeholders, words by the
    field's name, private fields left out; units, days and codes stay, since they are what the rules are about.

    Raises:
        UnknownRulebook: when there are more versions in the life than rulebooks, or fewer.
        UnknownKind: when an event's class is not known here, or cannot be written in a test.
    """
    refs = refs_of(history)
    if len(rulebooks) != len(refs):
        decided = ", then ".join(f"{ref.name} {ref.version}" for ref in refs)
        raise UnknownRulebook(f"this life was decided by {decided}; name a rulebook for each, in this order")
    written = _Writing()
    rules = {ref: written.rulebook(where) for ref, where in zip(refs, rulebooks, strict=True)}
    begun = f"{written.name_of(given)}({rules[history[0].rulebook]}, {_quoted(suggestion.id)})"
    steps = list(_steps(history, written, rules))
    lines = [
        *written.imports(),
        "",
        "",
        f"def test_the_life_of_{_identifier(suggestion.id)}() -> None:",
        f"    story = {begun}",
        *(f"    story = {step}" for step in steps),
        "",
        f"    assert story.suggestion.state == {_quoted(suggestion.state)}",
        "    assert [(term.key.rule, str(term.due_on), term.end) for term in story.suggestion.terms] == [",
        *(f'        ({_quoted(t.key.rule)}, "{t.due_on}", "{t.end}"),' for t in suggestion.terms),
        "    ]",
        "",
    ]
    return "\n".join(lines)


def refs_of(history: Iterable[Entry]) -> tuple[RulebookRef, ...]:
    """The versions of rulebooks that decided a life, in the order they came."""
    return tuple(dict.fromkeys(entry.rulebook for entry in history))


def rulebook_at(where: str) -> Rulebook:
    """
    A rulebook by path or name, or a host's own, with acts and guards of its own, as ``package.module:NAME``.

    Raises:
        UnknownRulebook: when there is none.
    """
    own = _HOSTS.fullmatch(where)
    if own is None:
        return load(where)
    try:
        found = getattr(import_module(own[1]), own[2])
    except Exception as error:  # whatever a host's module raises while it is imported
        raise UnknownRulebook(f"{where}: {in_words(error)}; write it as package.module:NAME") from None
    if not isinstance(found, Rulebook):
        raise UnknownRulebook(f"{where} is a {type(found).__name__}; name a Rulebook of that module")
    return found


def own_acts(rulebooks: Iterable[Rulebook]) -> tuple[type[Act], ...]:
    """The acts of rulebooks that are not the library's: what a store must be told of."""
    found = (act for rules in rulebooks for act in rules.lifecycle.acts if act not in ACTS)
    return tuple(dict.fromkeys(found))


def shipped(history: Iterable[Entry], kept: Iterable[StoredRulebook]) -> tuple[str, ...]:
    """
    The names by which ``load`` finds the rulebooks of a life, as its store has *kept* them.

    Raises:
        UnknownRulebook: when one did not ship, or was another then.
    """
    digests = {(each.name, each.version): each.digest for each in kept}
    refs = refs_of(history)
    for ref in refs:
        if ref.name not in names() or load(ref.name).digest != digests.get((ref.name, ref.version)):
            raise UnknownRulebook(
                f"rulebook {ref.name} {ref.version} does not ship with the library; say where the test finds it, "
                "by --rulebook city.toml, or --rulebook package.module:NAME where it has acts or guards of its own"
                + ("; once for each version this life adopted" if len(refs) > 1 else "")
            )
    return tuple(ref.name for ref in refs)


def _identifier(id: str) -> str:
    return "".join(letter if f"_{letter}".isidentifier() else "_" for letter in id).lower()


def _steps(history: tuple[Entry, ...], written: _Writing, rules: dict[RulebookRef, str]) -> Iterator[str]:
    """One line an act, one wherever the clock spoke by itself, and one where another rulebook was adopted."""
    current, spoken = history[0].rulebook, list[Entry]()
    for entry in history:
        event = entry.event
        if isinstance(event, UnknownEvent):
            raise UnknownKind(
                f"entry {entry.number} is of kind {entry.kind!r}, which is not known here; name a rulebook that "
                "knows it, --rulebook package.module:NAME, or hand its class to the store"
            )
        if entry.by == CLOCK:
            spoken.append(entry)
        elif isinstance(event, Act):
            yield from _read_days(spoken, entry)
            spoken = []
            if entry.rulebook != current:
                current = entry.rulebook
                yield f"{written.imported('attrs', 'evolve')}(story, rules={rules[current]})"
            yield f'story.and_({written.act(event)}, by={written.actor(entry.by)}, on="{entry.on}")'
    yield from _read_days(spoken)


def _read_days(spoken: list[Entry], before: Entry | None = None) -> Iterator[str]:
    """The days the clock read by itself; what it missed in the moment of an act came with the act."""
    own = [e for e in spoken if before is None or e.kind != "deadline_missed" or utc(e.at) != utc(before.at)]
    yield from (f'story.and_the_clock_reads("{on}")' for on in dict.fromkeys(entry.on for entry in own))


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


class _Writing:
    """
    Writes values as source: collects what it must import, and tells of people and words only that they are there.

    Each person has a placeholder, and each field stands for its own words, the same each time.
    """

    def __init__(self) -> None:
        self._placeholders: dict[tuple[str, str], str] = {}
        self._imported: dict[tuple[str, str], str] = {}

    def imports(self) -> Iterator[str]:
        """The lines that import every name that was written."""
        modules: dict[str, list[str]] = {}
        for (module, name), alias in self._imported.items():
            modules.setdefault(module, []).append(name if name == alias else f"{name} as {alias}")
        yield from (f"from {module} import {', '.join(sorted(modules[module]))}" for module in sorted(modules))

    def name_of(self, thing: Any) -> str:
        """The name of a class or function, which is imported from the front door where it stands there."""
        outer, *inner = thing.__qualname__.split(".")
        if "<locals>" in inner or thing.__module__ == "__main__":
            raise UnknownKind(
                f"{thing.__qualname__} stands in {thing.__module__}, from where no test can import it; "
                "let it stand at the top of a module"
            )
        doors = ("handleflow", "handleflow.testing") if _is_ours(thing) else ()
        module = next(
            (door for door in doors if getattr(import_module(door), outer, None) is thing), thing.__module__
        )
        return ".".join((self.imported(module, outer), *inner))

    def rulebook(self, where: str) -> str:
        """How the test comes to the rulebook at *where*."""
        own = _HOSTS.fullmatch(where)
        return self.imported(own[1], own[2]) if own else f"{self.name_of(handleflow.load)}({_quoted(where)})"

    def imported(self, module: str, name: str) -> str:
        """What *name* of *module* is called in the test."""
        taken, alias, n = {"story", *self._imported.values()}, name, 1
        while alias in taken and (module, name) not in self._imported:
            n += 1
            alias = f"{name}_{n}"
        return self._imported.setdefault((module, name), alias)

    def actor(self, by: Actor) -> str:
        """A unit's or an office's own name; a person's placeholder."""
        name = self._placeholder("Person", by.name) if by.role in {"deputy", "leader"} else by.name
        return f"{self.name_of(Actor)}({_quoted(by.role)}, {_quoted(name)})"

    def act(self, act: Act) -> str:
        """An act, or a part of one, with every field that was told."""
        return self._noun(act)

    def _noun(self, noun: Any) -> str:
        given = []
        for a in attrs.fields(type(noun)):
            value = getattr(noun, a.name)
            is_hidden = a.metadata.get("private") or a.name == "as_written"
            if not a.init or value == _default_of(a, noun) or (is_hidden and a.default is not attrs.NOTHING):
                continue
            said = a.name if is_hidden else self._replaced(noun, a.name, value)
            given.append(f"{a.alias}={self._value(said, a)}")
        return f"{self.name_of(type(noun))}({', '.join(given)})"

    def _value(self, value: Any, a: attrs.Attribute[Any]) -> str:
        if isinstance(value, Enum):
            return f"{self.name_of(type(value))}[{_quoted(value.name)}]"
        if value is None or isinstance(value, (bool, int, float)):
            return repr(value)
        if isinstance(value, str):
            return _quoted(value)
        if isinstance(value, (Day, Span)):
            return self._read_back(value, a)
        if isinstance(value, tuple):
            inner = ", ".join(self._value(each, a) for each in value)
            return f"({inner},)" if value else "()"
        if attrs.has(type(value)):
            return self._noun(value)
        raise UnknownKind(
            f"{a.name!r} holds a {type(value).__name__}, which cannot be written in a test; write it by hand"
        )

    def _read_back(self, value: Day | Span, a: attrs.Attribute[Any]) -> str:
        """A day or a span as text; made of it outright where the field has nothing that reads text."""
        text = _quoted(str(value))
        if a.converter is not None:
            return text
        return f"{self.name_of(day)}({text})" if isinstance(value, Day) else f"{self.name_of(Span)}.of({text})"

    def _replaced(self, noun: Any, field: str, value: Any) -> Any:
        """*value* without what it tells of a person, and without words."""
        if isinstance(noun, Correct) and field in {"value", "private_value"}:
            field = noun.field.rpartition(".")[2]
        if isinstance(value, tuple):
            return tuple(self._replaced(noun, field, each) for each in value)
        if not isinstance(value, str) or _is_day(value):
            return value
        if field in _NAMED:
            return self._placeholder("Person", value)
        if field == _MEASURES.get(type(noun)):
            return self._placeholder("Measure", value)
        is_in_words = field in _WORDS or (field == "channel" and isinstance(noun, (RecordContact, Correct)))
        return field if is_in_words else value

    def _placeholder(self, kind: str, said: str) -> str:
        known = sum(each == kind for each, _ in self._placeholders)
        return self._placeholders.setdefault((kind, said), f"{kind} {known + 1}")


def _is_ours(thing: Any) -> bool:
    return str(thing.__module__).partition(".")[0] == "handleflow"


def _is_day(text: str) -> bool:
    try:
        day(text)
    except NonsenseError:
        return False
    return True


def _default_of(a: attrs.Attribute[Any], noun: Any) -> Any:
    """What stands in a field of which nothing is said; the sentinel of attrs where something must be."""
    default: Any = a.default
    factory = getattr(default, "factory", None)
    if factory is None:
        return default
    return factory(noun) if default.takes_self else factory()
