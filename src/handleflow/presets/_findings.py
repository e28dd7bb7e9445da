"""What do names on disk mean, and what is wrong with a document? By tables handed in, never by import path."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar, get_args, get_origin

import attrs
import cattrs
from cattrs.cols import homogenous_tuple_structure_factory

from handleflow.acts import ACTS
from handleflow.errors import HandleflowError
from handleflow.legal_time import Span
from handleflow.model import Act
from handleflow.rules import CONDITIONS, FACTS, GUARDS, Condition, FactOf, Guard, LeaderOf
from handleflow.values import frozen
from handleflow.words import did_you_mean

T = TypeVar("T")


@frozen
class Vocabulary:
    """What names on disk may mean: the library's own acts, guards, conditions and facts, and the host's."""

    acts: Mapping[str, type[Act]]
    guards: Mapping[str, type[Guard]]
    conditions: Mapping[str, Condition]
    facts: Mapping[str, FactOf]
    leaders: Mapping[str, LeaderOf]

    @classmethod
    def with_own(
        cls,
        acts: Iterable[type[Act]] = (),
        guards: Mapping[str, type[Guard]] | None = None,
        conditions: Mapping[str, Condition] | None = None,
        facts: Mapping[str, FactOf] | None = None,
        leaders: Mapping[str, LeaderOf] | None = None,
    ) -> Vocabulary:
        """The library's vocabulary and a host's own beside it."""
        return cls(
            {act.verb: act for act in (*ACTS, *acts)},
            {**GUARDS, **(guards or {})},
            {**CONDITIONS, **(conditions or {})},
            {**FACTS, **(facts or {})},
            leaders or {},
        )


def _is_tuple(type_: Any) -> bool:
    return get_origin(type_) is tuple


def _strict() -> cattrs.Converter:
    converter = cattrs.Converter(forbid_extra_keys=True)

    def plain(value: Any, type_: type) -> Any:
        if type(value) is not type_:
            raise ValueError(f"{value!r} should be {type_.__name__}")
        return value

    for type_ in (str, int, bool):
        converter.register_structure_hook(type_, plain)

    converter.register_structure_hook(Span, lambda written, _: Span.of(str(written)))

    @converter.register_structure_hook_factory(_is_tuple)
    def rows(type_: type) -> Callable[[Any, type], Any]:
        take = homogenous_tuple_structure_factory(type_, converter)

        def structured(value: Any, wanted: type) -> Any:
            # Text would be taken letter by letter.
            if not isinstance(value, (list, tuple)):
                raise ValueError(f"{value!r} should be a list")
            return take(value, wanted)

        return structured

    return converter


CONVERTER = _strict()


class Findings:
    """Collects what is wrong instead of stopping at the first."""

    def __init__(self) -> None:
        self.all: list[str] = []

    def tried(self, where: str, make: Callable[[], T]) -> T | None:
        """What *make* makes, or None and a finding."""
        try:
            return make()
        except (HandleflowError, ValueError) as wrong:
            self.all.append(f"{where}: {wrong}")
            return None

    def known_keys(self, where: str, given: Any, shape: type) -> Any:
        """*given* without the keys its *shape* does not know, each of them a finding."""
        if not isinstance(given, Mapping):
            return given
        fields = attrs.fields_dict(attrs.resolve_types(shape))
        for key in given:
            if key not in fields:
                self.all.append(f"{where}: unknown key {key!r}{did_you_mean(key, fields)}")
        return {
            key: self._known_inside(f"{where}.{key}", value, fields[key].type)
            for key, value in given.items()
            if key in fields
        }

    def _known_inside(self, where: str, value: Any, wanted: Any) -> Any:
        for inner in (wanted, *get_args(wanted)):
            if attrs.has(inner):
                if isinstance(value, (list, tuple)):
                    return [self.known_keys(f"{where}[{n}]", row, inner) for n, row in enumerate(value, 1)]
                if isinstance(value, Mapping) and get_origin(wanted) is dict:
                    return {key: self.known_keys(f"{where}.{key}", row, inner) for key, row in value.items()}
                return self.known_keys(where, value, inner)
        return value

    def named(self, where: str, what: str, name: str, table: Mapping[str, T]) -> T | None:
        """What *name* means in *table*, or None and a finding."""
        if name not in table:
            self.all.append(f"{where}: unknown {what} {name!r}{did_you_mean(name, table)}")
        return table.get(name)
