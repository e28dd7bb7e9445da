"""How is what is wrong with a document told: in which line, of which row, in words?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handleflow.core import Finding
from handleflow.rulebooks._line_numbers import Path, Table
from handleflow.rulebooks._merging import OF_A_LIFECYCLE
from handleflow.rulebooks._structuring import Fault, keys_of
from handleflow.rules import Transition
from handleflow.rules.lifecycle import OPEN, SAME

_NAMED_BY = ("id", "ask", "name", "code", "act", "colour", "role", "what", "term", "year")


def found_in(document: Mapping[str, Any], fault: Fault) -> str:
    """A fault that was found while reading: ``city.toml:12: term 'reply', span: 'a season' is not a span``."""
    label = _label(document, fault.path[:-1] if fault.says_key else fault.path)
    return _at(document, fault.path, f"{label}: {fault.words}" if label else fault.words)


def findings_of_rules(document: Mapping[str, Any], finding: Finding) -> str:
    """A finding about the rules that were read, in the line of the row that it is about."""
    return _at(document, _path_to(document, finding), finding.words)


def _at(document: Any, path: Path, words: str) -> str:
    """The words behind the file and the line in which it stands, where it came from a file."""
    location, inner = "", document
    for step in path:
        if isinstance(inner, Table):
            location = inner.location(str(step))
        inner = _step(inner, step)
    if isinstance(inner, Table):
        location = inner.location("")
    return f"{location}: {words}" if location else words


def _label(document: Any, path: Path) -> str:
    """The keys on a path, in words, each row by its name: ``term 'reply', extension``."""
    said: list[str] = []
    inner = document
    for step in path:
        inner = _step(inner, step)
        if isinstance(step, int):
            said[-1] = f"{said[-1]} {_name_of(inner) or step + 1}"
        elif said == ["lifecycle"] and step in OF_A_LIFECYCLE:
            said = [step]
        else:
            said.append(step)
    return ", ".join(said)


def _step(inner: Any, step: str | int) -> Any:
    if isinstance(inner, Mapping):
        return inner.get(step)
    return inner[step] if isinstance(inner, (list, tuple)) and isinstance(step, int) else None


def _name_of(row: Any) -> str:
    names = [row.get(key) for key in _NAMED_BY] if isinstance(row, Mapping) else ()
    return next((repr(name) for name in names if isinstance(name, (str, int)) and str(name).strip()), "")


def _path_to(document: Mapping[str, Any], finding: Finding) -> Path:
    """The path of the row that a rule was read from, or of the whole part."""
    part, lifecycle = finding.part, document.get("lifecycle")
    for path, rows in (((part,), document.get(part)), (("lifecycle", part), _step(lifecycle, part))):
        for location, row in enumerate(rows if isinstance(rows, (list, tuple)) else ()):
            if finding.row is not None and isinstance(row, Mapping) and _is_read_from(finding.row, row):
                return (*path, location)
    return (part,)


def _is_read_from(rule: Any, row: Mapping[str, Any]) -> bool:
    """Whether all text that a rule holds stands in the row, or is what a row without it means."""
    if isinstance(rule, str):
        return row.get("name") == rule
    if isinstance(rule, Transition) and row.get("act") != rule.act.verb:
        return False
    kind: type = type(rule)
    texts = ((field, key, getattr(rule, field.name)) for field, key in keys_of(kind).items())
    return all(_stands(text, row.get(key, field.default)) for field, key, text in texts if isinstance(text, str))


def _stands(text: str, written: Any) -> bool:
    """Whether a row's text is that, as one of several or as what leads back; a default may be anything."""
    if isinstance(written, list):
        return text in written or OPEN in written
    return written in (text, SAME, OPEN) or not isinstance(written, str)
