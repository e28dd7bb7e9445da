"""Type checks: is what an act holds of the types that its class declares, and what a function is given of its own?"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, wraps
from types import NoneType, UnionType
from typing import Any, Literal, ParamSpec, TypeVar, Union, get_args, get_origin, get_type_hints

import attrs
from pendulum import DateTime

from handleflow.errors import WrongType
from handleflow.legal_time import Day
from handleflow.model.fields import private_fields
from handleflow.words import Message

Fits = Callable[[Any], bool]
P = ParamSpec("P")
T = TypeVar("T")


def require_types(value: Any, *but: str) -> None:
    """
    Make sure that every field of *value*, an attrs value, *but* some is of its declared type, and all within it too.

    A number is no text, a truth is no number, text is no truth: what is recorded as something else is never taken
    back. Types that nothing can be said of (a host's own classes, ``Any``) take everything.

    Raises:
        WrongType: with every field that is not.
    """
    kind: Any = type(value)
    if _compiled(kind)(value):
        return
    wrong = [each for each in _wrong(value) if each[0] not in but]
    if wrong:
        wrong_fields = tuple(f"{name}: {wanted} ≠ {held}" for name, wanted, held in wrong)
        raise WrongType(Message("error-wrong_type", {"what": kind.__name__, "fields": wrong_fields}))


def checks_arguments(*but: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """
    A decorator: what is given to a function, *but* some, is of its declared types, whatever its caller was told.

    Raises:
        WrongType: with every argument that is not.
    """

    def checking(function: Callable[P, T]) -> Callable[P, T]:
        @wraps(function)
        def checked(*args: P.args, **named: P.kwargs) -> T:
            names, checks = _arguments_of(function)
            given = dict(zip(names, args, strict=False)) | named
            _require_arguments(function.__qualname__, given, [each for each in checks if each[0] not in but])
            return function(*args, **named)

        return checked

    return checking


def _require_arguments(what: str, given: Mapping[str, Any], checks: list[tuple[str, Fits, str]]) -> None:
    if wrong := [(name, wanted) for name, fits, wanted in checks if name in given and not fits(given[name])]:
        arguments = tuple(f"{name}: {wanted} ≠ {_in_short(given[name])}" for name, wanted in wrong)
        raise WrongType(Message("error-wrong_argument", {"what": what, "arguments": arguments}))


@cache
def _arguments_of(function: Callable[..., Any]) -> tuple[tuple[str, ...], tuple[tuple[str, Fits, str], ...]]:
    """The names of all arguments in order, and of each with a type what it must pass, and the type as code."""
    names, hints = tuple(inspect.signature(function).parameters), get_type_hints(function)
    return names, _checks((name, hints[name]) for name in names if name in hints)


def _wrong(value: Any) -> Iterator[tuple[str, str, str]]:
    kind: Any = type(value)
    for name, fits, wanted in checks_of(kind):
        held = getattr(value, name)
        if not fits(held):
            yield name, wanted, _in_short(held, is_private=name in private_fields(kind))


def _in_short(held: object, *, is_private: bool = False) -> str:
    """What a field holds; of what is private, or may hold anything under any name, the type alone."""
    return type(held).__name__ if is_private or isinstance(held, Mapping) else f"{held!r:.80}"


@cache
def _compiled(kind: Any) -> Fits:
    """
    Whether every field is plainly of its type, asked in one expression; what is not is looked at one by one.

    Each act is asked when it is made, and when it is read: field by field it took five times as long.
    """
    hints, used = hints_of(kind), dict[str, Any]()
    lines = []
    for n, (name, fits, _) in enumerate(checks_of(kind)):
        leaf, is_maybe = _leaf(hints[name])
        used |= {f"fits_{n}": fits, f"leaf_{n}": leaf}
        here = f"value.{name}"
        plain = f"fits_{n}({here})" if leaf is None else f"{here}.__class__ is leaf_{n}"
        if get_args(hints[name])[1:] == (...,):
            plain = f"{here} == () or {plain}"
        lines.append(f"({here} is None or {plain})" if is_maybe else f"({plain})")
    exec(f"def check(value): return {' and '.join(lines) or True}", used)  # noqa: S102  of names of fields alone
    found: Fits = used["check"]
    return found


def _leaf(hint: Any) -> tuple[type[Any] | None, bool]:
    """The class that a field's values plainly have, where there is one, and whether it may be None."""
    args = (
        [arg for arg in get_args(hint) if arg is not NoneType] if get_origin(hint) in {Union, UnionType} else [hint]
    )
    leaf = args[0] if len(args) == 1 and args[0] in {str, int, bool, Day} else None
    return leaf, args != [hint]


def hints_of(kind: type[Any]) -> dict[str, Any]:
    """The types of the fields of a class, by their names; none where they cannot be looked up."""
    try:
        return get_type_hints(kind)
    except Exception:  # a name that only its author can look up: nothing can be said of its fields
        return {}


@cache
def checks_of(kind: Any) -> tuple[tuple[str, Fits, str], ...]:
    """Each field that an attrs class is given, with what its values must pass, and its type as code."""
    hints = hints_of(kind)
    return _checks((field.name, hints.get(field.name, Any)) for field in attrs.fields(kind) if field.init)


def _checks(typed: Iterable[tuple[str, Any]]) -> tuple[tuple[str, Fits, str], ...]:
    return tuple((name, fits, type_as_code(hint)) for name, hint in typed if (fits := _fits(hint)) is not _takes_all)


def _takes_all(_: Any) -> bool:
    return True


def _fits(hint: Any) -> Fits:
    origin, args = get_origin(hint), get_args(hint)
    if origin in {Union, UnionType}:
        return _any_of(tuple(map(_fits, args)))
    if origin is Literal:
        return lambda value: any(value.__class__ is known.__class__ and value == known for known in args)
    if origin is tuple:
        return _several(args)
    if hint in {None, NoneType}:
        return lambda value: value is None
    kind = origin or hint
    if kind in {Any, object} or not isinstance(kind, type) or _is_untold(kind):  # since 3.11 Any is a class
        return _takes_all
    return _of_class(kind)


def _is_untold(hint: type[Any]) -> bool:
    """Whether nothing at run time says which values are of it: a protocol that is there for type checkers."""
    return getattr(hint, "_is_protocol", False) and not getattr(hint, "_is_runtime_protocol", False)


def _any_of(each: tuple[Fits, ...]) -> Fits:
    return _takes_all if _takes_all in each else lambda value: any(fits(value) for fits in each)


def _several(args: tuple[Any, ...]) -> Fits:
    """Any number of one type, ``tuple[str, ...]``, or one each, ``tuple[str, int]``."""
    if args[1:] == (...,):
        one = _fits(args[0])
        return lambda value: value.__class__ is tuple and all(map(one, value))
    each = tuple(map(_fits, args))
    return lambda value: (
        value.__class__ is tuple
        and len(value) == len(each)
        and all(fits(held) for fits, held in zip(each, value, strict=True))
    )


_OF_CLASS: dict[type[Any], Fits] = {
    int: lambda value: isinstance(value, int) and not isinstance(value, bool),  # to Python a truth is an int
    float: lambda value: isinstance(value, float) and math.isfinite(value),  # JSON has no other numbers
    Day: lambda value: isinstance(value, Day) and not isinstance(value, DateTime),  # to Python an instant is a day
    DateTime: lambda value: isinstance(value, DateTime) and value.tzinfo is not None,
}


def _of_class(kind: type[Any]) -> Fits:
    if known := _OF_CLASS.get(kind):
        return known
    if not attrs.has(kind):
        return lambda value: isinstance(value, kind)
    if hasattr(kind, "effect"):  # an event has its class by its own kind on disk
        return lambda value: isinstance(value, kind) and not any(_wrong(value))
    return lambda value: value.__class__ is kind and not any(_wrong(value))  # fields of a subclass would be lost


def type_as_code(hint: Any) -> str:
    """A type as it is written in code, which reads alike in every language."""
    origin, args = get_origin(hint), get_args(hint)
    if origin in {Union, UnionType}:
        return " | ".join(map(type_as_code, args))
    if origin is tuple:
        return f"tuple[{', '.join(map(type_as_code, args))}]"
    if hint is ...:
        return "..."
    if isinstance(origin, type):
        return f"{origin.__name__}[{', '.join(map(type_as_code, args))}]"
    return "None" if hint is NoneType else str(hint) if origin else getattr(hint, "__name__", str(hint))
