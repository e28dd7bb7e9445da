"""
Terminology: what does a rulebook call its states, acts, roles, terms, lights and channels?

Read from its text alone: the words of a version that nobody holds any more are said as they were.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from attrs import field

from handleflow.choices import OneOf
from handleflow.model.fields import coded
from handleflow.values import frozen
from handleflow.words import Bilingual, Labels

LABELLED = (
    *("state", "act", "entry", "role", "part", "grade", "matter", "channel", "contact", "stage", "visibility"),
    *("term", "light", "rung", "outcome", "field"),
)
"""What a code may be of, where a sentence or a table says what it is called."""
_OWN = tuple(of for of in (*LABELLED, "reason") if of not in {"state", "term", "light", "rung", "outcome"})
_NAMED_BY: Mapping[str, str] = {"state": "name", "term": "id", "light": "colour", "rung": "id", "outcome": "code"}


@frozen
class Label:
    """What a *code* that has no row of its own is called: of an act, an entry, a role, a channel, a reason ..."""

    of: str = field(validator=OneOf(*_OWN))
    code: str = field(validator=coded)
    en: str = ""
    zh: str = ""


@lru_cache(maxsize=64)
def labels_in(document: str) -> Labels:
    """What the rulebook of this text calls its codes; nothing where nobody can read it."""
    try:
        plain = json.loads(document)
    except (ValueError, RecursionError):
        return {}
    return dict(_labels(plain)) if isinstance(plain, dict) else {}


def _labels(plain: dict[str, Any]) -> Iterator[tuple[tuple[str, str], Bilingual]]:
    of_lifecycle = plain.get("lifecycle")
    for part, named_by in (*_NAMED_BY.items(), ("label", "code")):
        for row in (*_rows(of_lifecycle, part), *_rows(plain, part)):
            words = Bilingual(*(_text(row.get(lang)) for lang in ("en", "zh")))
            if words.en or words.zh:
                yield (_text(row.get("of")) if part == "label" else part, _text(row.get(named_by))), words


def _rows(table: Any, part: str) -> list[dict[str, Any]]:
    rows = table.get(part) if isinstance(table, dict) else None
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
