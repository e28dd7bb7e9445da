"""Source locations: in which line of which file does a key stand?"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from functools import cached_property, partial
from typing import Any

Path = tuple[str | int, ...]
Location = Callable[[str], str]

_NAME = r"""(?:[\w-]+|"(?:\\.|[^"\\\n])*"|'[^'\n]*')"""
_STATEMENT = re.compile(rf"\s*(\[?\[?)\s*({_NAME}(?:\s*\.\s*{_NAME})*)\s*(=|\])")
_TOKEN = re.compile(
    r'"{3}(?:\\.|[^\\])*?"{3,5}|' + r"'{3}.*?'{3,5}|" + r'"(?:\\.|[^"\\\n])*"|' + r"'[^'\n]*'|#[^\n]*|[\[\]{}\n]",
    re.DOTALL,
)
_DEPTH = {"[": 1, "{": 1, "]": -1, "}": -1}


class Table(dict[str, Any]):
    """A table of a document; *location* tells of a key the file and the line, or what of that is known."""

    def __init__(self, content: Mapping[str, Any], location: Location) -> None:
        super().__init__(content)
        self.location = location


def location_in(document: Mapping[str, Any]) -> Location:
    """What tells where the keys of a document stand; of one that came from no file it tells nothing."""
    return document.location if isinstance(document, Table) else lambda key: ""


class File:
    """A file's name and text; its lines are counted when somebody asks, which is when something is wrong with it."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text

    def located(self, value: Any, path: Path = ()) -> Any:
        """What the file was read as, whose tables know where they stand."""
        if isinstance(value, dict):
            content = {key: self.located(inner, (*path, key)) for key, inner in value.items()}
            return Table(content, partial(self.location, path))
        if isinstance(value, list):
            return [self.located(inner, (*path, location)) for location, inner in enumerate(value)]
        return value

    def location(self, path: Path, key: str) -> str:
        """Where a key of the table of that path stands; where it does not, what it would stand in."""
        steps = (*path, key)
        around = (steps[:length] for length in range(len(steps), 0, -1))
        line = next((self._lines[each] for each in around if each in self._lines), None)
        return self.name if line is None else f"{self.name}:{line}"

    @cached_property
    def _lines(self) -> dict[Path, int]:
        return lines_of(self.text)


def lines_of(text: str) -> dict[Path, int]:
    """The line of each header and each key of TOML that can be read; not of those within a value of one line."""
    found: dict[Path, int] = {}
    newest: dict[Path, int] = {}
    table: Path = ()
    at = 0
    while at < len(text):
        statement = _STATEMENT.match(text, at)
        if statement is None:
            at = _end_of_value(text, at)
            continue
        names, is_header = _names(statement[2]), bool(statement[1])
        path = _header(names, newest, is_list=statement[1] == "[[") if is_header else (*table, *names)
        table = path if is_header else table
        for length in range(1, len(path) + 1):
            found.setdefault(path[:length], text.count("\n", 0, statement.start(2)) + 1)
        at = _end_of_line(text, statement.end()) if is_header else _end_of_value(text, statement.end())
    return found


def _names(dotted: str) -> Path:
    names: Path = ()
    inner: Any = tomllib.loads(f"{dotted} = 0")
    while inner != 0:
        ((name, inner),) = inner.items()
        names = (*names, name)
    return names


def _header(names: Path, newest: dict[Path, int], *, is_list: bool) -> Path:
    """The path of a header's table, with the number of each list's row; *newest* has that of the last row begun."""
    path: Path = ()
    for name in names[:-1]:
        path = (*path, name)
        path = (*path, newest[path]) if path in newest else path
    path = (*path, names[-1])
    if is_list:
        newest[path] = newest.get(path, -1) + 1
    return (*path, newest[path]) if path in newest else path


def _end_of_line(text: str, at: int) -> int:
    return text.find("\n", at) + 1 or len(text)


def _end_of_value(text: str, at: int) -> int:
    """Where the line ends on which a value does: what stands in quotes or brackets may hold more lines."""
    depth = 0
    for token in _TOKEN.finditer(text, at):
        depth += _DEPTH.get(token[0], 0)
        if token[0] == "\n" and depth == 0:
            return token.end()
    return len(text)
