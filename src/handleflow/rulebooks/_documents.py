"""Document lookup: where does a rulebook's text lie, and what does it inherit?"""

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
from handleflow.rulebooks._line_numbers import File, Table
from handleflow.rulebooks._merging import merged
from handleflow.rulebooks._plain_data import name_of, require_plain
from handleflow.words import Message

_PRESETS = files("handleflow").joinpath("presets")
_NOT_UTF_8 = "it is not UTF-8; open it in an editor and save it as UTF-8"
_STAND_INS: dict[str, dict[str, Any]] = {}


def names() -> tuple[str, ...]:
    """The rulebooks that ship with the library."""
    found = _PRESETS.joinpath("rulebooks").iterdir()
    return tuple(sorted(file.name.removesuffix(".toml") for file in found if file.name.endswith(".toml")))


def read_document(where: str | Path) -> Mapping[str, Any]:
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


def read_calendar(where: str | Path) -> Mapping[str, Any]:
    """
    The document of a calendar: a shipped one by name, or a TOML file by path.

    Raises:
        UnknownCalendar: when there is no such file or name.
        BrokenCalendar: when the text is no TOML.
    """
    folder = Path(where).parent if is_path(where) else None
    try:
        return _whole_calendar(_read("calendars", str(where), None), folder)
    except UnknownRulebook as unknown:
        raise UnknownCalendar(str(unknown)) from None
    except BrokenRulebook as broken:
        raise BrokenCalendar(f"calendar {where}: {'; '.join(broken.findings)}") from None


def _whole(raw: Table, folder: Path | None, below: tuple[str, ...] = ()) -> Table:
    if (base_name := raw.get("extends")) is not None:
        _require_extending(raw, base_name, below)
        base = _whole(_read("rulebooks", base_name, folder), folder, (*below, base_name))
        raw = merged(base, raw)
        del raw["extends"]
    if isinstance(raw.get("lifecycle"), str):
        raw["lifecycle"] = _read("lifecycles", raw["lifecycle"], folder)
    if isinstance(raw.get("calendar"), str):
        raw["calendar"] = _whole_calendar(_read("calendars", raw["calendar"], folder), folder)
    return raw


def _whole_calendar(raw: Table, folder: Path | None, below: tuple[str, ...] = ()) -> Table:
    """A calendar with what the one that it extends knows."""
    if (base_name := raw.get("extends")) is None:
        return raw
    _require_extending(raw, base_name, below)
    base = _whole_calendar(_read("calendars", base_name, folder), folder, (*below, base_name))
    whole = merged(base, raw)
    del whole["extends"]
    return whole


def _require_extending(raw: Table, base_name: Any, below: tuple[str, ...]) -> None:
    lacking = " and ".join(sorted({"name", "version"}.difference(raw)))
    if not isinstance(base_name, str) or base_name in below:
        words = f"it cannot extend {base_name!r}"
    elif lacking:
        words = f"it extends {base_name} and needs a {lacking} of its own"
    else:
        return
    raise BrokenRulebook(name_of(raw), (f"{raw.location('extends')}: {words}",))


def canonical(document: Mapping[str, Any]) -> str:
    """The document as JSON text that is the same for the same content: what digests are taken over."""
    return json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)


def _read(kind: str, name: str, folder: Path | None) -> Table:
    location, raw = _bytes_of_file(name, folder) if is_path(name) else _bytes_of_shipped(kind, name)
    try:
        text = raw.decode("utf-8-sig")
        document = tomllib.loads(text)
    except UnicodeDecodeError:
        raise BrokenRulebook(name, (_NOT_UTF_8,)) from None
    except (ValueError, RecursionError) as error:  # no TOML, or a number of thousands of digits
        raise BrokenRulebook(name, (_NOT_UTF_8 if b"\x00" in raw else f"it is not TOML: {error}",)) from None
    require_plain(name, document)
    located: Table = File(location, text).located(document)
    return located


def is_path(where: str | Path) -> bool:
    """Whether it names a file, and not what ships."""
    return Path(str(where)).suffix == ".toml"


def _bytes_of_file(name: str, folder: Path | None) -> tuple[str, bytes]:
    path = Path(name)
    found = folder / path if folder and not path.is_absolute() else path
    if not found.is_file():
        raise UnknownRulebook(Message("error-no_such_file", {"file": str(found)}))
    try:
        return str(found), found.read_bytes()
    except OSError as error:
        facts = Message("error-unreadable_file", {"file": str(found), "why": error.strerror or ""})
        raise UnknownRulebook(facts) from None


def _bytes_of_shipped(kind: str, name: str) -> tuple[str, bytes]:
    require_shipped(kind, name)
    file = _PRESETS.joinpath(kind, f"{name}.toml")
    return file.name, file.read_bytes()


def require_shipped(kind: str, name: str) -> None:
    """
    Make sure that *name* is the name of what ships, and no path to it or to anything else.

    Raises:
        UnknownRulebook: when nothing of that name ships; the nearest names are named.
    """
    known = [file.name.removesuffix(".toml") for file in _PRESETS.joinpath(kind).iterdir()]
    if name not in known:
        if name.endswith(".toml"):
            raise UnknownRulebook(Message("error-a_file_by_load", {"kind": kind, "name": name}))
        raise UnknownRulebook(Message("error-not_shipped", {"kind": kind, "name": name, "known": tuple(known)}))
