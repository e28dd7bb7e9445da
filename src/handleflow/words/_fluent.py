"""
Message formatting: how does a message of the Fluent syntax become a sentence?

Read by Mozilla's parser, and said here: its own runtime brings 39 MB, and a sentence of which one part is longer than
2,500 characters becomes ``{???}`` in it (docs/adr/0025-words-are-fluent-files.md). A test holds the two against each
other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from fluent.syntax import FluentParser, ast

from handleflow.values import frozen
from handleflow.words.arguments import Fact, Facts
from handleflow.words.nearest import likely, nearest


def parsed(text: str) -> dict[str, ast.Pattern]:
    """
    The patterns of a file, by the ids of their messages; ``id.remedy`` is an attribute, ``-id`` a term.

    Raises:
        ValueError: when something in it is no message, with the line.
    """
    found: dict[str, ast.Pattern] = {}
    for entry in FluentParser().parse(text).body:
        if isinstance(entry, ast.Junk):
            why = entry.annotations[0]
            line = text.count("\n", 0, why.span.start if why.span else 0) + 1
            raise ValueError(f"line {line} is no message: {why.message}: {(entry.content or '').strip()[:80]!r}")
        if isinstance(entry, ast.Message | ast.Term):
            id = f"-{entry.id.name}" if isinstance(entry, ast.Term) else entry.id.name
            if entry.value is not None:
                found[id] = entry.value
            found |= {f"{id}.{attribute.id.name}": attribute.value for attribute in entry.attributes}
    return found


class Words(Protocol):
    """What a sentence asks a catalogue for."""

    def words(self, id: str, facts: Facts, lang: str) -> str:
        """Another sentence."""

    def find(self, id: str, facts: Facts, lang: str) -> str | None:
        """The same, or None where nobody wrote it."""

    def label(self, code: str, lang: str, of: str) -> str:
        """What a code of a kind is called."""

    def shown(self, value: object, lang: str) -> str:
        """A fact in words."""


@frozen
class Saying:
    """A sentence as it is said: with these *facts*, in this language."""

    catalogue: Words
    lang: str
    facts: Mapping[str, Fact]

    def pattern(self, pattern: ast.Pattern) -> str:
        """The words of a pattern. Nothing in it raises: what is not there is shown as it is written."""
        return "".join(self.catalogue.shown(self._value(each), self.lang) for each in pattern.elements)

    def _value(self, node: ast.SyntaxNode) -> object:
        value: object = "{???}"
        match node:
            case ast.TextElement(value=text) | ast.NumberLiteral(value=text):
                value = text
            case ast.StringLiteral():
                value = node.parse()["value"]
            case ast.Placeable(expression=inner):
                value = self._value(inner)
            case ast.VariableReference(id=name):
                value = self.facts.get(name.name, f"{{${name.name}}}")
            case ast.SelectExpression():
                value = self.pattern(self._variant(node).value)
            case ast.MessageReference() | ast.TermReference():
                value = self._referred(node)
            case ast.FunctionReference(id=name, arguments=given) if name.name in FUNCTIONS:
                value = FUNCTIONS[name.name](self, *map(self._value, given.positional))
        return value

    def _referred(self, node: ast.MessageReference | ast.TermReference) -> str:
        id = f"-{node.id.name}" if isinstance(node, ast.TermReference) else node.id.name
        id = f"{id}.{node.attribute.name}" if node.attribute else id
        found = self.catalogue.find(id, tuple(self.facts.items()), self.lang)
        return f"{{{id}}}" if found is None else found

    def _variant(self, node: ast.SelectExpression) -> ast.Variant:
        """The first variant whose key the value is: ``none`` where there is nothing, ``yes`` of a truth."""
        wanted = _wanted(self._value(node.selector))
        fitting = (each for each in node.variants if _key(each) == wanted)
        return next(fitting, next(each for each in node.variants if each.default))


def _wanted(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value in (None, "", ()) else str(value)


def _key(variant: ast.Variant) -> str:
    return variant.key.value if isinstance(variant.key, ast.NumberLiteral) else variant.key.name


def _or(_: Saying, value: object, otherwise: object) -> object:
    """OR($value, "words"): the value, or these words where there is none."""
    return value or otherwise


def _label(saying: Saying, value: object, of: object = "") -> object:
    """LABEL($code, "state"): what a code is called, and what it is the code of; of several, each."""
    if isinstance(value, tuple):
        return tuple(_label(saying, each, of) for each in value)
    return None if value is None else saying.catalogue.label(str(value), saying.lang, str(of))


def _cited(saying: Saying, value: object) -> str:
    """CITED($citation): the ground as people read it, from how a rulebook writes it: ``host``, ``DBF25 51``."""
    written = str(value)
    source, _, article = written.partition(" ")
    if written == "host":
        return saying.catalogue.words("citation-host", (), saying.lang)
    if not article[:1].isdecimal():
        return written
    return saying.catalogue.words("citation-article", (("source", source), ("article", article)), saying.lang)


def _nearest(saying: Saying, wrong: object, known: object, of: object = "") -> str:
    """NEAREST($wrong, $known): which of those known was meant, else which there are, as they are called."""
    names = known if isinstance(known, tuple) else (str(known),)
    meant = wrong[0] if isinstance(wrong, tuple) else wrong
    near = nearest(meant, names)
    shown = tuple(
        saying.catalogue.label(name, saying.lang, str(of)) if of else name
        for name in ((near,) if near else likely(meant, names))
    )
    if near:
        return saying.catalogue.words("nearest-one", (("name", shown),), saying.lang)
    return saying.catalogue.words("nearest-known", (("names", shown),), saying.lang) if names else ""


FUNCTIONS: Mapping[str, Callable[..., object]] = {
    "OR": _or,
    "LABEL": _label,
    "NEAREST": _nearest,
    "CITED": _cited,
}
"""What a file may call beside the facts it is given."""
