"""Parsing of table cells: what does a written value say, for a field of its type?"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

import attrs
import cattrs

from handleflow.errors import NonsenseError, UnreadableLedger, in_words
from handleflow.legal_time import Day, Span, day
from handleflow.values import frozen
from handleflow.words import did_you_mean

NOT_READ = {"is_read": False}
"""Metadata of a field that nobody writes."""

_T = TypeVar("_T")
_YES_NO = {"true": True, "yes": True, "是": True, "false": False, "no": False, "否": False}
_NOUNS: dict[Any, str] = {str: "names", Day: "days"}
_WHOLE = re.compile(r"[+-]?[0-9]+")


@frozen
class Cell:
    """A value as it stands in CSV, where everything is text."""

    text: str

    def __str__(self) -> str:
        return self.text


def build(wanted: type[_T], fields: Mapping[str, Any], where: str = "") -> _T:
    """
    A *wanted*, an attrs class, of the fields that were told; *where* is the field it stands in, if in one.

    What is left out has its default, or is unknown where it may be.

    Raises:
        UnreadableLedger: with the field, what was written and what would work.
    """
    hints, known = get_type_hints(wanted), _told_fields(wanted)
    for name in fields:
        if name not in known:
            raise UnreadableLedger(f"{_in(where)}unknown field {name!r}{did_you_mean(name, known)}")
    given = {_alias(known[name]): read(value, hints[name], _below(where, name)) for name, value in fields.items()}
    for name, attribute in known.items():
        if name not in fields and attribute.default is attrs.NOTHING:
            if not _may_be_none(hints[name]):
                raise UnreadableLedger(f"{_in(where)}{name!r} is left out; tell at least {_fields_of(wanted)}")
            given[_alias(attribute)] = None
    try:
        return wanted(**given)
    except (NonsenseError, TypeError, ValueError) as wrong:
        raise UnreadableLedger(f"{_in(where)}{wrong}") from None


def read(value: Any, wanted: Any, where: str) -> Any:
    """*value*, which may be a ``Cell``, as a *wanted*; what is one already stays as it is."""
    if _may_be_none(wanted):
        if value is None:
            return None
        wanted = _without_none(wanted)
    origin = get_origin(wanted)
    if attrs.has(wanted) and wanted is not Span:
        return _read_noun(value, wanted, where)
    if origin is tuple:
        return _read_several(value, get_args(wanted), where)
    if origin is dict:
        return _read_table(value, get_args(wanted)[1], where)
    return _READERS.get(wanted, _reader_of(wanted))(value, where)


def _read_bool(value: Any, where: str) -> bool:
    if isinstance(value, bool):
        return value
    if not isinstance(value, Cell):
        raise _unfit(where, value, "neither true nor false; write true or false, without quotes")
    found = _YES_NO.get(value.text.casefold())
    if found is None:
        raise _unfit(where, value, "neither true nor false; write true, yes or 是, or else false, no or 否")
    return found


def _read_int(value: Any, where: str) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, Cell) and _WHOLE.fullmatch(value.text):
        return int(value.text)
    quotes = ", without quotes" if isinstance(value, str) else ""
    raise _unfit(where, value, f"no whole number; write one such as 3{quotes}")


def _read_str(value: Any, where: str) -> str:
    if isinstance(value, (str, Cell)):
        return str(value)
    if type(value) in {datetime.date, Day}:
        return str(value)
    raise _unfit(where, value, f'no text; write it in quotes, "{value}"')


def _read_day(value: Any, where: str) -> Day:
    try:
        return day(value.text if isinstance(value, Cell) else value)
    except NonsenseError:
        raise _unfit(where, value, "no day; write one such as 2026-02-10") from None


def _read_span(value: Any, where: str) -> Span:
    try:
        return value if isinstance(value, Span) else Span.of(str(value))
    except NonsenseError as error:
        raise UnreadableLedger(f"{where}: {error}") from None


_READERS: dict[Any, Callable[[Any, str], Any]] = {
    bool: _read_bool,
    int: _read_int,
    str: _read_str,
    Day: _read_day,
    Span: _read_span,
    Any: lambda value, where: value,
}


def _reader_of(wanted: Any) -> Callable[[Any, str], Any]:
    """Reads whatever else a host's field may be: another number, an enumeration, a literal."""

    def reader(value: Any, where: str) -> Any:
        try:
            return _CONVERTER.structure(str(value) if isinstance(value, Cell) else value, wanted)
        except Exception as error:  # whatever its type says of it
            said = f"no {getattr(wanted, '__name__', wanted)} ({in_words(error)})"
            instead = "; write the case in TOML, where it may be one" if isinstance(value, Cell) else ""
            raise _unfit(where, value, said + instead) from None

    return reader


def _read_noun(value: Any, wanted: type[Any], where: str) -> Any:
    if isinstance(value, wanted):
        return value
    if isinstance(value, Mapping):
        return build(wanted, value, where)
    example = f"{{ {', '.join(f'{name} = …' for name in _told_fields(wanted))} }}"
    if isinstance(value, Cell):
        raise _unfit(where, value, f"text, and this has fields of its own; write the case in TOML: {example}")
    raise _unfit(where, value, f"no table; write {example}")


def _read_several(value: Any, wanted: tuple[Any, ...], where: str) -> tuple[Any, ...]:
    each = wanted[0] if wanted[-1:] == (...,) else None
    if isinstance(value, Cell):
        value = [Cell(part.strip()) for part in value.text.split("+")]
    if not isinstance(value, (list, tuple)):
        shown = f'["{value}"]' if isinstance(value, str) else "[…]"
        nouns = _NOUNS.get(each, "values")
        raise UnreadableLedger(f"give {nouns} as a tuple, in TOML a list: {where} = {shown}, not {value!r}")
    if each is None and len(value) != len(wanted):
        raise _unfit(where, value, f"{len(value)} values; write {len(wanted)}")
    kinds = [each] * len(value) if each is not None else wanted
    return tuple(read(one, kind, f"{where}[{n}]") for n, (one, kind) in enumerate(zip(value, kinds, strict=True), 1))


def _read_table(value: Any, wanted: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise _unfit(where, value, "no table; write { name = … }")
    return {name: read(one, wanted, _below(where, name)) for name, one in value.items()}


def _unfit(where: str, value: Any, said: str) -> UnreadableLedger:
    return UnreadableLedger(f"{where}: {value.text if isinstance(value, Cell) else value!r} is {said}")


def _told_fields(wanted: type[Any]) -> dict[str, attrs.Attribute[Any]]:
    return {a.name: a for a in attrs.fields(wanted) if a.init and a.metadata.get("is_read", True)}


def _alias(attribute: attrs.Attribute[Any]) -> str:
    return attribute.alias or attribute.name


def _fields_of(wanted: type[Any]) -> str:
    return ", ".join(name for name, a in _told_fields(wanted).items() if a.default is attrs.NOTHING)


def _may_be_none(wanted: Any) -> bool:
    return get_origin(wanted) in {Union, UnionType} and NoneType in get_args(wanted)


def _without_none(wanted: Any) -> Any:
    kinds = tuple(kind for kind in get_args(wanted) if kind is not NoneType)
    return Union[kinds]  # noqa: UP007  of one kind it is that kind


def _in(where: str) -> str:
    return f"{where}: " if where else ""


def _below(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name


_CONVERTER = cattrs.Converter(forbid_extra_keys=True)
