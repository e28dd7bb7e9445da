"""TOML writer: how is a document written as TOML that is read as the same document?"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_WIDEST = 100


def to_toml(document: Mapping[str, Any]) -> str:
    """The document as TOML text: a table with a header for each table, each list of several values as it is wide."""
    return "\n".join(_table(document, ())).lstrip("\n") + "\n"


def _table(table: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    inner = {key: rows for key, value in table.items() if (rows := _rows(value))}
    yield from (f"{_key(key)} = {_value(value)}" for key, value in table.items() if key not in inner)
    for key, rows in inner.items():
        name = ".".join(map(_key, (*path, key)))
        for row in rows:
            yield f"\n[{name}]" if isinstance(table[key], Mapping) else f"\n[[{name}]]"
            yield from _table(row, (*path, key))


def _rows(value: Any) -> list[Mapping[str, Any]]:
    """The tables that stand under headers of their own: one, or each of a list that holds nothing else."""
    rows = value if isinstance(value, list) else [value]
    return rows if all(isinstance(row, Mapping) for row in rows) else []


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _text(key)


def _value(value: Any) -> str:
    if isinstance(value, (bool, int, float)):
        return json.dumps(value)
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{_key(key)} = {_value(inner)}' for key, inner in value.items())}}}"
    if not isinstance(value, list):
        return _text(str(value))
    each = [_value(inner) for inner in value]
    line = f"[{', '.join(each)}]"
    return line if len(line) <= _WIDEST else "".join(("[\n", *(f"  {one},\n" for one in each), "]"))


def _text(text: str) -> str:
    """Quoted as JSON does, which TOML reads alike but for one control character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
