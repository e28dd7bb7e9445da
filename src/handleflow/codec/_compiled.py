"""
Compiled serializers: how does a value become plain data for JSON, and a value again? By one function a class,
compiled from its fields.

cattrs walks a tree of hooks for every value, which was three quarters of a snapshot's reading. A compiled function
takes only what is of the declared types exactly. Whatever else there is it refuses, and cattrs decides as it always
did: so it is quick on what the library wrote itself, and there is nothing that it reads or writes in another way.
"""

from __future__ import annotations

import linecache
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from types import NoneType, UnionType
from typing import Any, ClassVar, Union, get_args, get_origin, get_type_hints

import attrs
from pendulum import DateTime

from handleflow.hash_chain import as_instant, written
from handleflow.legal_time import Day, Span, day
from handleflow.model.changing import has_own_slots, unfrozen_twin
from handleflow.party import party_from, plain_party

Convert = Callable[[Any], Any]
_LEAVES = (str, int, bool)
"""What JSON holds as it is."""


class Uncompiled(Exception):
    """A class with fields of unknown types, or what is not of the types its class declares."""


def _refuse(given: Any) -> Any:
    raise Uncompiled(type(given))


def _exactly(kind: type[Any], convert: Convert) -> Convert:
    def checked(given: Any) -> Any:
        if given.__class__ is not kind:
            raise Uncompiled(given)
        return convert(given)

    return checked


def _several(each: Sequence[Any], many: type[Any]) -> Convert:
    """Any number of one type, ``tuple[str, ...]``, or one each, ``tuple[str, int]``."""
    made: Any = list if many is tuple else tuple

    def of_one_type(given: Any) -> Any:
        if given.__class__ is not many:
            raise Uncompiled(given)
        return made([convert(value) for value in given])

    def one_each(given: Any) -> Any:
        if given.__class__ is not many or len(given) != len(each):
            raise Uncompiled(given)
        return made([convert(value) for convert, value in zip(each, given, strict=True)])

    convert = each[0] if each else _refuse
    return of_one_type if each[1:] == [...] else one_each


_SAME: Mapping[type[Any], Convert] = {leaf: _exactly(leaf, leaf) for leaf in _LEAVES}


def _text(convert: Convert) -> Convert:
    """Text as it is, and by *convert* somebody who may stand in its place."""

    def converted(given: Any) -> Any:
        if given.__class__ is str:
            return given
        found = convert(given)
        return found if found is not given else _refuse(given)

    return converted


class Compiler(ABC):
    """The functions of one direction, each compiled when its class is first met."""

    scalars: ClassVar[Mapping[type[Any], Convert]]
    many: ClassVar[type[Any]]
    """What several values stand in before they are converted."""

    def __init__(self) -> None:
        self._found: dict[type[Any], Convert] = {}

    def convert(self, given: Any, kind: type[Any]) -> Any:
        """
        What *given* becomes, a value of *kind* or the plain data of one.

        Raises:
            Uncompiled: when this is left to cattrs. Reading raises as well whatever a value's own checks raise.
        """
        return (self._found.get(kind) or self._new(kind))(given)

    def _new(self, kind: type[Any]) -> Convert:
        try:
            self._found[kind] = self.compile(kind)
        except Uncompiled:
            self._found[kind] = _refuse
        return self._found[kind]

    @abstractmethod
    def compile(self, kind: type[Any]) -> Convert:
        """The function of *kind*."""

    def of_type(self, hint: Any) -> Convert:
        """The function of a field's type, None left aside; a class is compiled when the first value of it comes."""
        if get_origin(hint) is tuple:
            each = [arg if arg is ... else self.of_type(arg) for arg in get_args(hint)]
            return _several(each, self.many)
        if not isinstance(hint, type) or not (hint in self.scalars or attrs.has(hint)):
            raise Uncompiled(hint)

        def of_class(given: Any) -> Any:
            return (self._found.get(hint) or self._new(hint))(given)

        return self.scalars.get(hint, of_class)

    def lines(self, name: str, hint: Any, names: dict[str, Any]) -> list[str]:
        """The lines that convert the local variable of a field."""
        known, is_maybe = _without_none(hint)
        here = f"{name}_"
        if known in _LEAVES:
            unless = f"{here} is not None and " if is_maybe else ""
            names[f"take_{known.__name__}"] = self.scalars[known]
            return [f"if {unless}{here}.__class__ is not {known.__name__}: {here} = take_{known.__name__}({here})"]
        names[f"{name}_convert"] = self.of_type(known)
        unless = f"if {here} is not None: " if is_maybe else ""
        return [f"{unless}{here} = {name}_convert({here})"]


class Writers(Compiler):
    """From values to plain data, its keys sorted; *omits_defaults* leaves out what is as it would be anyway."""

    scalars: ClassVar = {
        **_SAME,
        str: _text(plain_party),
        Day: _exactly(Day, Day.isoformat),
        DateTime: _exactly(DateTime, written),
        Span: _exactly(Span, str),
    }
    many = tuple

    def __init__(self, *, omits_defaults: bool = False) -> None:
        super().__init__()
        self._omits_defaults = omits_defaults

    def compile(self, kind: type[Any]) -> Convert:
        """A function such as ``def write(value): plain = {}; title_ = value.title; ...; return plain``."""
        names = {"kind": kind, "Uncompiled": Uncompiled}
        body = ["if value.__class__ is not kind: raise Uncompiled(value)", "plain = {}"]
        for field, hint in sorted(_fields(kind), key=lambda each: each[0].name):
            body += [f"{field.name}_ = value.{field.name}", *self._put(field, hint, names)]
        return _function("write(value)", kind, [*body, "return plain"], names)

    def _put(self, field: attrs.Attribute[Any], hint: Any, names: dict[str, Any]) -> list[str]:
        name, here = field.name, f"{field.name}_"
        put = [*self.lines(name, hint, names), f"plain[{name!r}] = {here}"]
        if not self._omits_defaults or field.default is attrs.NOTHING:
            return put
        if (made := _made_of_itself(field)) is not None:
            names[f"{name}_made"] = made
            return [f"if {here} != {name}_made(value):", *_indented(put)]
        if _default(field) is None:
            return [f"if {here} is not None:", *_indented(put)]
        names[f"{name}_default"] = field.default
        # Most other defaults are true, false or the empty tuple, of which there is one each.
        return [f"if {here} is not {name}_default and {here} != {name}_default:", *_indented(put)]


class Readers(Compiler):
    """
    From plain data to values, with all checks.

    By the constructor; or, *fills* says, field by field: what is absent has its default then, and is not checked.
    Of fifty fields of a young suggestion forty are absent, and reading it takes two thirds of the constructor's time.
    """

    scalars: ClassVar = {
        **_SAME,
        str: _text(party_from),
        Day: day,
        DateTime: as_instant,
        Span: lru_cache(maxsize=256)(Span.of),
    }
    many = list

    def __init__(self, *, fills: bool = False) -> None:
        super().__init__()
        self._fills = fills

    def compile(self, kind: type[Any]) -> Convert:
        """A function such as ``def read(plain): title_ = plain['title']; ...; return kind(title_, ...)``."""
        fields = _fields(kind)
        names = {"kind": kind, "Uncompiled": Uncompiled, "known": frozenset(field.name for field, _ in fields)}
        body = ["if plain.__class__ is not dict or not plain.keys() <= known: raise Uncompiled(kind)"]
        fills = self._fills and has_own_slots(kind)
        for field, hint in fields:
            body += self._taken(field, hint, names, fills)
        made = _filled(kind, names) if fills else _called(kind)
        return _function("read(plain)", kind, [*body, *made], names)

    def _taken(self, field: attrs.Attribute[Any], hint: Any, names: dict[str, Any], fills: bool) -> list[str]:
        name = field.name
        lines = [f"{name}_ = plain[{name!r}]"]
        if field.converter is None:
            lines += self.lines(name, hint, names)
        elif fills:
            names[f"{name}_convert"] = field.converter
            lines.append(f"{name}_ = {name}_convert({name}_)")
        if fills and field.validator is not None:
            names[f"{name}_check"], names[f"{name}_field"] = field.validator, field
            lines.append(f"{name}_check(None, {name}_field, {name}_)")
        if field.default is attrs.NOTHING:
            return lines
        names[f"{name}_default"] = _default(field) if _made_of_itself(field) is None else attrs.NOTHING
        return [f"if {name!r} in plain:", *_indented(lines), "else:", f"    {name}_ = {name}_default"]


def _fields(kind: type[Any]) -> list[tuple[attrs.Attribute[Any], Any]]:
    """The fields of *kind* with their types."""
    try:
        hints = get_type_hints(kind, include_extras=True)
        fields = [(field, hints[field.name]) for field in attrs.fields(kind)]
    except Exception as error:  # a name nobody can look up, a field without a type: cattrs knows more of classes
        raise Uncompiled(kind) from error
    if any(not f.init or f.alias != f.name or isinstance(f.converter, attrs.Converter) for f, _ in fields):
        raise Uncompiled(kind)
    return fields


def _default(field: attrs.Attribute[Any]) -> Any:
    """What a field has when nobody gave it a value, where nothing is to be made of it first."""
    is_converted = field.converter is not None and field.default not in (None, ())
    if is_converted or isinstance(field.default, attrs.Factory):  # type: ignore[arg-type]  # to mypy it is a function
        raise Uncompiled(field)
    return field.default


def _made_of_itself(field: attrs.Attribute[Any]) -> Convert | None:
    """What makes a field's default of the value that it stands in, and leaves nothing to convert."""
    default: Any = field.default
    takes_self = isinstance(default, attrs.Factory) and default.takes_self  # type: ignore[arg-type]  # the same
    return default.factory if takes_self else None


def _without_none(hint: Any) -> tuple[Any, bool]:
    """The type of what may be None, and whether it may."""
    args = get_args(hint)
    if get_origin(hint) not in {Union, UnionType} or len(args) != 2 or NoneType not in args:
        return hint, False
    return next(arg for arg in args if arg is not NoneType), True


def _filled(kind: type[Any], names: dict[str, Any]) -> list[str]:
    """As ``changed`` copies a value: a twin that is not frozen is filled, and becomes what it is at the end."""
    names |= {"new": object.__new__, "twin": unfrozen_twin(kind), "NOTHING": attrs.NOTHING}
    filled, last = [], []
    for field in attrs.fields(kind):
        name, made = field.name, _made_of_itself(field)
        if made is None:
            filled.append(f"made.{name} = {name}_")
        else:
            names |= {f"{name}_made": made, f"{name}_put": getattr(kind, name).__set__}
            last.append(f"{name}_put(made, {name}_made(made) if {name}_ is NOTHING else {name}_)")
    return ["made = new(twin)", *filled, "made.__class__ = kind", *last, "return made"]


def _called(kind: type[Any]) -> list[str]:
    args = (f"{f.name}={f.name}_" for f in attrs.fields(kind))
    return [f"return kind({', '.join(args)})"]


def _indented(lines: Sequence[str]) -> list[str]:
    return [f"    {line}" for line in lines]


def _function(head: str, kind: type[Any], body: Sequence[str], names: dict[str, Any]) -> Convert:
    """The function of such a head and body, whose lines a traceback shows."""
    file = f"<handleflow {head} of {kind.__module__}.{kind.__qualname__}>"
    source = "\n".join([f"def {head}:", *_indented(body)])
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    exec(compile(source, file, "exec"), names)  # noqa: S102  lines of names of fields, as attrs makes a constructor of
    found: Convert = names[head.partition("(")[0]]
    return found
