"""
Deserialization of tables: how does a table of a document become a value of a class?

By structure hooks of cattrs: a field is the key, by its own name or the one its metadata gives. Whatever is wrong is
gathered, with the keys that lead to it, instead of ending the reading.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache, partial
from typing import Any, TypeVar, get_args, get_origin

import attrs
import cattrs

from handleflow.errors import HandleflowError, NonsenseError, in_words
from handleflow.legal_time import Day, Span, day
from handleflow.rulebooks._line_numbers import Path
from handleflow.rules import Citation
from handleflow.rules.citation import CITE, UNCITED
from handleflow.values import frozen
from handleflow.words import did_you_mean

T = TypeVar("T")
Read = Callable[[Any], Any]

TABLES = "a list of tables, each with a header in [[double brackets]]"
_PLAIN = {str: "text", int: "a whole number", bool: "true or false"}

_MISSING = {CITE["key"]: UNCITED}
_WRITTEN: Mapping[type, Read] = {Span: Span.of, Citation: Citation.of, Day: day}


@frozen
class Fault:
    """What is wrong, in words, and the keys that lead to it; where it *says_key* the words name the last of them."""

    path: Path
    words: str
    says_key: bool = False


class Unreadable(Exception):
    """All that is wrong with a value; *read* is what could be read of it all the same."""

    def __init__(self, faults: Iterable[Fault], read: Any = None) -> None:
        self.faults = tuple(dict.fromkeys(faults))
        self.read = read
        super().__init__(self.faults)


class Gathered:
    """What was found wrong with values that are read one after the other."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def tried(self, key: str | int, read: Read, value: Any) -> tuple[Any, ...]:
        """What *read* makes of the value under *key*, alone; nothing where it makes nothing."""
        try:
            return (read(value),)
        except Unreadable as wrong:
            self.faults += (attrs.evolve(fault, path=(key, *fault.path)) for fault in wrong.faults)
            return () if wrong.read is None else (wrong.read,)
        except Exception as error:  # a guard's class is a host's own, and may raise anything
            self.faults.append(Fault((key,), in_words(error)))
            return ()

    def require_none(self, read: Any = None) -> None:
        """Raise what was found, if anything was."""
        if self.faults:
            raise Unreadable(self.faults, read)


def text(value: Any) -> str:
    """
    *value*, which is text.

    Raises:
        NonsenseError: when it is anything else.
    """
    return _plain(value, str)


def _plain(value: Any, kind: type[T]) -> T:
    if type(value) is not kind:
        raise NonsenseError(f"{value!r:.80} should be {_PLAIN[kind]}")
    return value


def _from_text(read: Read, value: Any, _: Any) -> Any:
    return read(text(value))


def each(read: Callable[[Any], T], rows: Any, what: str = "a list") -> tuple[T, ...]:
    """
    What *read* makes of every row of a list.

    Raises:
        Unreadable: with what is wrong with any of them, and those that could be read.
    """
    if not isinstance(rows, (list, tuple)):
        raise NonsenseError(f"{rows!r:.80} should be {what}")
    return under(enumerate(rows), read)


def under(items: Iterable[tuple[str | int, Any]], read: Callable[[Any], T]) -> tuple[T, ...]:
    """The same of what stands under some keys."""
    gathered = Gathered()
    made = tuple(one for key, value in items for one in gathered.tried(key, read, value))
    gathered.require_none(made)
    return made


@lru_cache(maxsize=256)
def keys_of(kind: type) -> Mapping[attrs.Attribute[Any], str]:
    """The fields of a class that a table may fill, each with its key."""
    fields = attrs.fields(attrs.resolve_types(kind))
    return {field: field.metadata.get("key", field.name) for field in fields if field.init}


class Structurer:
    """Reads tables by the fields of classes, and their values by the fields' types."""

    def __init__(self) -> None:
        self.converter = converter = cattrs.Converter(detailed_validation=False, forbid_extra_keys=True)
        for kind in _PLAIN:
            converter.register_structure_hook(kind, _plain)
        for written, read in _WRITTEN.items():
            converter.register_structure_hook(written, partial(_from_text, read))
        converter.register_structure_hook_factory(attrs.has, lambda kind: lambda row, _: self.row(kind, row))
        converter.register_structure_hook_factory(_is_list, lambda kind: partial(self._rows, kind))

    def value(self, kind: Any, value: Any) -> Any:
        """The value as what its type says."""
        return self.converter.structure(value, kind)

    def row(self, kind: type[T], row: Any, also: Iterable[str] = (), **read: Read | None) -> T:
        """
        A table as a value of a class; *also* and *read* are those of ``table``.

        Raises:
            Unreadable: with all that is wrong with it.
        """
        values, gathered = self.table(kind, row, also, **read)
        gathered.require_none()
        return kind(**values)

    def _rows(self, kind: Any, rows: Any, _: Any) -> tuple[Any, ...]:
        inner = get_args(kind)[0]
        return each(partial(self.value, inner), rows, TABLES if attrs.has(inner) else "a list")

    def table(
        self, kind: type, row: Any, also: Iterable[str] = (), **read: Read | None
    ) -> tuple[dict[str, Any], Gathered]:
        """
        The fields of *kind* that could be read from a table, and what is wrong with the others.

        A field is read by its type, or by what *read* names for it; not at all where that is None. The keys
        *also* are read elsewhere.
        """
        if not isinstance(row, Mapping):
            raise NonsenseError(f"{row!r:.80} should be a table")
        fields = {field: key for field, key in keys_of(kind).items() if read.get(field.name, "") is not None}
        known = {*fields.values(), *also}
        gathered, values = Gathered(), {}
        for key in row:
            if key not in known:
                gathered.faults.append(Fault((key,), f"unknown key {key!r}{did_you_mean(key, known)}", says_key=True))
        for field, key in fields.items():
            how = read.get(field.name) or partial(self.value, field.type)
            if key in row:
                for value in gathered.tried(key, how, row[key]):
                    values[field.name] = value
            elif field.default is attrs.NOTHING:
                gathered.faults.append(Fault((key,), _MISSING.get(key, f"it needs {key!r}"), says_key=True))
        gathered.faults += _invalid(kind, fields, values)
        return values, gathered


def _is_list(kind: Any) -> bool:
    return get_origin(kind) is tuple and get_args(kind)[1:] == (...,)


def _invalid(kind: type, fields: Mapping[attrs.Attribute[Any], str], values: Mapping[str, Any]) -> Iterable[Fault]:
    """What the validators of a class say of the fields that were read, where others keep it from being made."""
    args = [(f, f.validator) for f in fields if f.name in values and f.validator is not None and f.converter is None]
    bare: Any = object.__new__(kind) if args else None
    for name, value in values.items() if args else ():
        object.__setattr__(bare, name, value)
    for field, validator in args:
        try:
            validator(bare, field, values[field.name])
        except HandleflowError as error:
            yield Fault((fields[field],), str(error), says_key=True)
        except Exception:  # noqa: S112  a host's may read a field that is not there; its class asks again
            continue
