"""Which sentences can the sources say? Read off the places that say them, each with the facts it is given."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from attrs import frozen

from tests.paths import ROOT

SOURCES = ROOT / "src"


def text_of(lang: str) -> str:
    """The file of a language."""
    return (SOURCES / "handleflow" / "words" / f"{lang}.ftl").read_text(encoding="utf-8")


@frozen
class Sentence:
    """A sentence that some place can say: its id, the names of its facts, and of a reason its kind."""

    id: str
    facts: frozenset[str]
    kind: str = ""

    @property
    def is_a_family(self) -> bool:
        """Whether the place says one of several whose ids begin alike: ``report-*``."""
        return self.id.endswith("*")


def said_in(sources: Path = SOURCES) -> frozenset[Sentence]:
    """Every sentence that something in *sources* can say."""
    trees = (ast.parse(file.read_text(encoding="utf-8")) for file in sorted(sources.rglob("*.py")))
    calls = (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call))
    return frozenset(sentence for call in calls for sentence in _said(call))


def reasons(sources: Path = SOURCES) -> set[tuple[str, str]]:
    """The rule and the kind of every reason that something in *sources* can give."""
    return {(each.id, each.kind) for each in said_in(sources) if each.kind}


def _said(call: ast.Call) -> Iterator[Sentence]:
    given = {each.arg: each.value for each in call.keywords if each.arg}
    match getattr(call.func, "id", "") or getattr(call.func, "attr", ""), call.args:
        case "Reason", [rule, *rest] if id := _id(rule):
            facts = given.get("facts") or (rest[0] if rest else None)
            kind = given.get("kind") or (rest[1] if len(rest) > 1 else ast.Constant("state"))
            yield Sentence(id, _names(facts), _id(kind))
        case (("Message" | "words"), [first, *rest]) if id := _id(first):
            yield Sentence(id, _names(rest[0] if rest else None))
        case "IntegrityFault", [_, _, first, *rest] if id := _id(first):
            yield Sentence(f"fault-{id}", _names(rest[0] if rest else None))
        case "fault", [first, *rest] if id := _id(first):  # an IntegrityFault of an entry that is named already
            yield Sentence(f"fault-{id}", _names(rest[0] if rest else None))
        case (("say" | "warn"), [first, *_]) if id := _id(first):
            yield Sentence(id, frozenset(given))
        case "progress", [first, _] if id := _id(first):
            yield Sentence(f"cli-doing_{id}", frozenset())


def _id(node: ast.expr) -> str:
    """An id that is written out; with a star where its end is worked out; nothing where all of it is."""
    match node:
        case ast.Constant(str(text)):
            return text
        case ast.JoinedStr([ast.Constant(str(text)), *_]):
            return f"{text}*"
    return ""


def _names(facts: ast.expr | None) -> frozenset[str]:
    """The names of facts that are written out, as they must be."""
    match facts:
        case None:
            return frozenset()
        case ast.Dict(keys):
            return frozenset(
                key.value for key in keys if isinstance(key, ast.Constant) and isinstance(key.value, str)
            )
        case ast.Tuple(pairs):
            return frozenset(_id(pair.elts[0]) for pair in pairs if isinstance(pair, ast.Tuple))
    raise ValueError(
        f"{ast.unparse(facts)!r}, line {facts.lineno}: write the facts of a sentence out where it is said"
    )
