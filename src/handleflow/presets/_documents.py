"""Where does a rulebook's text lie, and what does it inherit?"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from importlib.resources import files
from pathlib import Path
from typing import Any

from handleflow.errors import BrokenCalendar, BrokenRulebook, UnknownCalendar, UnknownRulebook
from handleflow.presets._plain_data import require_plain
from handleflow.words import did_you_mean

_HERE = files("handleflow.presets")
_KEYS = {
    "term": ("id",),
    "guard": ("id", "ask"),
    "rung": ("id",),
    "state": ("name",),
    "transition": ("act",),
    "duty": ("id",),
    "open": ("what",),
    "light": ("colour",),
}
_STAND_INS: dict[str, dict[str, Any]] = {}
_OF_ONE_FILE = ("in_force_from", "in_force_until", "verified_on")


def names() -> tuple[str, ...]:
    """The rulebooks that ship with the library."""
    found = _HERE.joinpath("rulebooks").iterdir()
    return tuple(sorted(file.name.removesuffix(".toml") for file in found if file.name.endswith(".toml")))


def read_document(where: str | Path) -> dict[str, Any]:
    """
    The whole document of a rulebook: a shipped one by name, or a TOML file by path.

    ``extends``, ``lifecycle`` and ``calendar`` may name what ships, or a file beside it.

    Raises:
        UnknownRulebook: when there is no such file or name.
        BrokenRulebook: when the text is no TOML.
    """
    raw = _read("rulebooks", str(where), None)
    stand_in = _STAND_INS.get(str(raw.get("name")))
    if stand_in is not None:
        return deepcopy(stand_in)
    folder = Path(where).parent if is_path(where) else None
    return _whole(raw, folder)


@contextmanager
def standing_in(name: str, document: Mapping[str, Any]) -> Iterator[None]:
    """Let a whole *document* stand for the rulebook of that name: to see whether a suite notices what was changed."""
    _STAND_INS[name] = dict(document)
    try:
        yield
    finally:
        del _STAND_INS[name]


def read_calendar(where: str | Path) -> dict[str, Any]:
    """
    The document of a calendar: a shipped one by name, or a TOML file by path.

    Raises:
        UnknownCalendar: when there is no such file or name.
        BrokenCalendar: when the text is no TOML.
    """
    try:
        return _read("calendars", str(where), None)
    except UnknownRulebook as unknown:
        raise UnknownCalendar(str(unknown)) from None
    except BrokenRulebook as broken:
        raise BrokenCalendar(f"calendar {where}: {'; '.join(broken.findings)}") from None


def _whole(raw: dict[str, Any], folder: Path | None, below: tuple[str, ...] = ()) -> dict[str, Any]:
    base_name = raw.pop("extends", None)
    if base_name is not None:
        if not isinstance(base_name, str) or base_name in below:
            raise BrokenRulebook(str(raw.get("name")), (f"it cannot extend {base_name!r}",))
        if unnamed := {"name", "version"}.difference(raw):
            lacking = " and ".join(sorted(unnamed))
            raise BrokenRulebook(str(raw.get("name")), (f"it extends {base_name} and needs a {lacking} of its own",))
        base = _whole(_read("rulebooks", base_name, folder), folder, (*below, base_name))
        raw = merged(base, raw)
    for part in ("lifecycle", "calendar"):
        if isinstance(raw.get(part), str):
            raw[part] = _read(f"{part}s", raw[part], folder)
    return raw


def merged(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """
    *base* with what *own* says instead.

    Terms, guards, rungs, states and sources are replaced one by one, by their names; transitions act by
    act; everything else whole. From when it is in force and when it was compared with its sources is said
    of one file alone, and what a file sets is no longer open.
    """
    result = {**{key: value for key, value in base.items() if key not in _OF_ONE_FILE}, **own}
    if isinstance(base.get("open"), list):
        base = {**base, "open": _still_open(base["open"], own)}
        result["open"] = own.get("open", base["open"])
    for part, keys in _KEYS.items():
        if part in base and part in own:
            name = str(result.get("name"))
            replaced = [_key(row, keys) for row in _rows(name, part, own[part])]
            kept = (row for row in _rows(name, part, base[part]) if _key(row, keys) not in replaced)
            result[part] = [*kept, *own[part]]
    if isinstance(base.get("sources"), Mapping) and isinstance(own.get("sources"), Mapping):
        result["sources"] = {**base["sources"], **own["sources"]}
    return result


def _still_open(points: list[Any], own: Mapping[str, Any]) -> list[Any]:
    """The open points of a base that *own* sets nothing for, in a term, a guard or a part of that name."""
    parts = [own[part] for part in ("term", "guard") if isinstance(own.get(part), list)]
    rows = [row for part in parts for row in part if isinstance(row, Mapping)]
    # A list, since nothing has been looked at yet: what stands under a key may be anything, a table too.
    filled: list[Any] = [part for part in ("rung", "backdating", "outcome", "convention") if own.get(part)]
    filled += [row.get(key) for row in rows for key in ("id", "ask")]
    filled += [f"{row.get('id')}.extension" for row in rows if row.get("extension")]
    filled += [f"{row.get('id')}.pause" for row in rows if row.get("is_pausable")]
    return [point for point in points if not (isinstance(point, Mapping) and point.get("what") in filled)]


def _rows(name: str, part: str, value: Any) -> list[Mapping[str, Any]]:
    if isinstance(value, list) and all(isinstance(row, Mapping) for row in value):
        return value
    raise BrokenRulebook(name, (f"{part} should be a list of tables, [[{part}]]",))


def _key(row: Mapping[str, Any], keys: tuple[str, ...]) -> Any:
    return next((row[key] for key in keys if row.get(key)), None)


def canonical(document: Mapping[str, Any]) -> str:
    """The document as JSON text that is the same for the same content: what digests are taken over."""
    return json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)


def _read(kind: str, name: str, folder: Path | None) -> dict[str, Any]:
    raw = _bytes_of_file(name, folder) if is_path(name) else _bytes_of_shipped(kind, name)
    try:
        document = tomllib.loads(raw.decode())
    except (ValueError, RecursionError) as error:  # no TOML, no UTF-8, a number of thousands of digits
        raise BrokenRulebook(name, (f"it is not TOML: {error}",)) from None
    require_plain(name, document)
    return document


def is_path(where: str | Path) -> bool:
    """Whether it names a file, and not what ships."""
    return Path(str(where)).suffix == ".toml"


def _bytes_of_file(name: str, folder: Path | None) -> bytes:
    path = Path(name)
    found = folder / path if folder and not path.is_absolute() else path
    if not found.is_file():
        raise UnknownRulebook(f"there is no file {found}")
    try:
        return found.read_bytes()
    except OSError as error:
        raise UnknownRulebook(f"{found} cannot be read: {error.strerror}") from None


def _bytes_of_shipped(kind: str, name: str) -> bytes:
    require_shipped(kind, name)
    return _HERE.joinpath(kind, f"{name}.toml").read_bytes()


def require_shipped(kind: str, name: str) -> None:
    """
    Make sure that *name* is the name of what ships, and no path to it or to anything else.

    Raises:
        UnknownRulebook: when nothing of that name ships; the nearest names are named.
    """
    known = [file.name.removesuffix(".toml") for file in _HERE.joinpath(kind).iterdir()]
    if name not in known:
        way = "; a file is read by load()" if name.endswith(".toml") else did_you_mean(name, known)
        raise UnknownRulebook(f"no {kind.removesuffix('s')} called {name!r} ships{way}")
