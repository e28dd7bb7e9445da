"""How is read and written what no compiled function takes: a host's own types, and what somebody changed?"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin

from pendulum import DateTime

from handleflow.codec._json_classes import by_json_class
from handleflow.hash_chain import as_instant, written
from handleflow.legal_time import Day, Span, day
from handleflow.party import Party, party_from, plain_party

if TYPE_CHECKING:
    import cattrs


@cache
def event_converter(*, omits_defaults: bool = False) -> cattrs.Converter:
    """What knows days, instants and spans, and refuses keys that it does not know."""
    import cattrs  # noqa: PLC0415  most processes never come here, and need not load it for the codec

    converter = cattrs.Converter(
        forbid_extra_keys=True,
        # What cannot be read is kept or folded anew, so nobody reads which fields did not fit.
        detailed_validation=False,
        prefer_attrib_converters=True,
        omit_if_default=omits_defaults,
    )
    converter.register_unstructure_hook(Day, lambda value: value.isoformat())
    converter.register_structure_hook(Day, lambda value, _: day(value))
    converter.register_unstructure_hook(DateTime, written)
    converter.register_structure_hook(DateTime, lambda value, _: as_instant(value))
    converter.register_unstructure_hook(Span, str)
    converter.register_structure_hook(Span, lambda value, _: Span.of(value))
    converter.register_unstructure_hook(str, plain_party)
    as_text = converter.get_structure_hook(str)
    converter.register_structure_hook(
        str, lambda value, kind: found if isinstance(found := party_from(value), Party) else as_text(value, kind)
    )
    converter.register_structure_hook(NoneType, lambda _value, _: None)
    converter.register_structure_hook_factory(
        lambda hint: bool(_told_by_json(hint)), lambda hint: _by_json(converter, _told_by_json(hint))
    )
    return converter


def _told_by_json(hint: Any) -> dict[type[Any], Any]:
    """Of a union, which of its types each class of JSON values is of; empty where that does not tell them apart."""
    args = get_args(hint) if get_origin(hint) in {Union, UnionType} else ()
    return (by_json_class(args) or {}) if len(set(args) - {NoneType}) > 1 else {}


def _by_json(converter: cattrs.Converter, known: dict[type[Any], Any]) -> Callable[[Any, Any], Any]:
    return lambda value, _: converter.structure(value, known[type(value)])


def tells_apart(union: Any) -> bool:
    """Whether cattrs knows the classes of a union by the fields that each alone has."""
    try:
        event_converter().get_structure_hook(union)
    except Exception:  # of several classes, as fields without a name that is theirs alone, or what is no class
        return False
    return True


@cache
def snapshot_converter() -> cattrs.Converter:
    """The same, which leaves out what nobody told."""
    return event_converter(omits_defaults=True)
