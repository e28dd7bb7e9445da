"""Is a value what attrs would make of its class, but for what nobody misses?"""

from __future__ import annotations

import inspect
import weakref
from collections import Counter
from collections.abc import Sequence
from importlib import import_module
from pkgutil import walk_packages
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import handleflow
from handleflow import Suggestion, Term
from handleflow.acts import Accept
from handleflow.legal_time import day
from handleflow.model import TermKey
from handleflow.model.fields import day_or_none
from handleflow.rules import Lifecycle, Rulebook
from handleflow.values import frozen
from tests.beginnings import OFFICE, rulebook

KEY = TermKey("reply", "Water Bureau")


def classes() -> list[type[Any]]:
    """Every class of the library that attrs made, but of what only an extra brings."""
    names = [module.name for module in walk_packages(handleflow.__path__, "handleflow.")]
    modules = [import_module(name) for name in names if not name.endswith("__main__") and "integrations" not in name]
    kinds = {kind for module in modules for kind in vars(module).values() if isinstance(kind, type)}
    return sorted((kind for kind in kinds if attrs.has(kind)), key=lambda kind: (kind.__module__, kind.__qualname__))


CLASSES = classes()
VALUES = [kind for kind in CLASSES if vars(kind).get("__hash__") and "__eq__" in vars(kind)]
OWN_HASH = {Rulebook, Lifecycle}
"""Those that are hashed by some of what makes them equal, since the rest may have no hash."""
MOST = max(len(attrs.fields(kind)) for kind in VALUES)
CELLS: st.SearchStrategy[object] = st.sampled_from(
    [None, "", "reply", 0, 1, False, True, 1.0, (), ("reply",), day("2026-02-10"), [], {}]
)
ROWS = st.lists(CELLS, min_size=MOST, max_size=MOST)
CHANGES = st.dictionaries(st.integers(0, MOST - 1), CELLS, max_size=3)


def by_attrs(kind: type[Any]) -> type[Any]:
    """A class with the fields of *kind* that attrs compared and hashed by itself."""
    fields = {f.name: attrs.field(eq=f.eq_key or f.eq, hash=f.hash) for f in attrs.fields(kind) if f.init}
    return attrs.make_class(kind.__name__, fields, frozen=True)


TWINS = {kind: by_attrs(kind) for kind in VALUES}


def made(kind: type[Any], cells: Sequence[object]) -> Any:
    """A value that holds *cells* as they are, whatever its validators would say."""
    value = object.__new__(kind)
    fields = (field for field in attrs.fields(kind) if field.init)
    for field, cell in zip(fields, cells, strict=False):
        object.__setattr__(value, field.name, cell)
    return value


def compared(kind: type[Any], one: Sequence[object], other: Sequence[object]) -> tuple[bool, ...]:
    """Are two values equal, and are they unlike?"""
    left, right = made(kind, one), made(kind, other)
    return left == right, left != right


def compared_and_hashed(kind: type[Any], one: Sequence[object], other: Sequence[object]) -> tuple[bool, ...]:
    """The same, and are they of one hash, if they have any?"""
    try:
        has_one_hash = hash(made(kind, one)) == hash(made(kind, other))
    except TypeError:
        return compared(kind, one, other)
    return (*compared(kind, one, other), has_one_hash)


class TestEquality:
    """What may be compared, looked up and put into sets."""

    def test_all_values_are_looked_at(self) -> None:
        assert len(VALUES) > 150
        assert {Suggestion, Term, TermKey, Accept} <= set(VALUES)

    @given(one=ROWS, changes=CHANGES)
    def test_values_are_equal_and_hashed_as_attrs_would_have_it(
        self, one: list[object], changes: dict[int, object]
    ) -> None:
        other = [changes.get(number, cell) for number, cell in enumerate(one)]

        assert [
            kind
            for kind, twin in TWINS.items()
            for comparing in [compared if kind in OWN_HASH else compared_and_hashed]
            if comparing(kind, one, other) != comparing(twin, one, other)
            or comparing(kind, one, one) != comparing(twin, one, one)
        ] == []

    @pytest.mark.parametrize("kind", VALUES, ids=lambda kind: f"{kind.__module__}.{kind.__qualname__}")
    def test_only_values_of_the_very_same_class_are_equal(self, kind: type[Any]) -> None:
        value, cells = made(kind, [1] * MOST), [1] * MOST
        below = made(type("Below", (kind,), {"__slots__": ()}), cells)

        assert value.__eq__(made(kind, cells)) is True
        assert [value.__eq__(other) for other in (below, made(TWINS[kind], cells), 1)] == [NotImplemented] * 3
        assert (value == below, below == value, value != below) == (False, False, True)

    def test_a_field_that_does_not_count_makes_no_difference(self) -> None:
        one, other = Suggestion("1", last_hash="a"), Suggestion("1", last_hash="b")

        assert (one == other, hash(one) == hash(other)) == (True, True)

    def test_a_class_that_says_itself_what_is_equal_is_left_alone(self) -> None:
        @frozen
        class Loose:
            n: int

            def __eq__(self, other: object) -> bool:
                return other == self.n

            def __hash__(self) -> int:
                return self.n

        assert (Loose(1) == 1, hash(Loose(1))) == (True, 1)

    def test_a_class_may_bring_its_hash_alone(self) -> None:
        @frozen
        class Row:
            name: str
            cells: list[int]

            def __hash__(self) -> int:
                return hash(self.name)

        assert {Row("a", [1]): "found"}.get(Row("a", [1])) == "found"
        assert Row("a", [1]) != Row("a", [2])
        assert {kind for kind in VALUES if vars(kind)["__hash__"].__module__ != frozen.__module__} == OWN_HASH

    def test_a_value_is_found_again_in_a_set(self) -> None:
        assert {KEY, TermKey("reply", "Water Bureau"), TermKey("reply")} == {TermKey("reply"), KEY}

    def test_a_value_that_holds_what_cannot_be_hashed_cannot_be_hashed(self) -> None:
        with pytest.raises(TypeError, match="unhashable type: 'list'"):
            hash(made(TermKey, ["reply", [], 1, 1]))


class TestMade:
    """What attrs does otherwise when the class is made."""

    def test_nobody_refers_to_a_value_weakly(self) -> None:
        with pytest.raises(TypeError, match="weak reference"):
            weakref.ref(KEY)

    def test_a_converter_that_many_fields_have_carries_its_signature(self) -> None:
        used = Counter(f.converter for kind in CLASSES for f in attrs.fields(kind) if inspect.isfunction(f.converter))
        often = [converter for converter, times in used.items() if times > 2]

        assert [converter for converter in often if "__signature__" not in vars(converter)] == []
        assert len(often) >= 3

    def test_a_signature_that_is_carried_is_the_converters_own(self) -> None:
        (parameter,) = inspect.signature(day_or_none).parameters.values()

        assert (parameter.name, parameter.annotation) == ("value", day_or_none.__annotations__["value"])
        assert Accept.__init__.__annotations__["on"] == parameter.annotation


class TestShown:
    """What stands in a traceback."""

    @pytest.mark.parametrize(
        "value",
        [
            KEY,
            OFFICE,
            Term(KEY, 2, due_on=day("2026-05-10")),
            Accept(on=day("2026-02-10")),
            rulebook().convention,
        ],
        ids=lambda value: type(value).__name__,
    )
    def test_a_value_is_shown_as_attrs_would_show_it(self, value: Any) -> None:
        kind = type(value)
        by_attrs = attrs.make_class(
            kind.__name__,
            {f.name: attrs.field(default=getattr(value, f.name), repr=f.repr) for f in attrs.fields(kind)},
        )

        assert repr(value) == repr(by_attrs()).replace(f"{by_attrs.__qualname__}(", f"{kind.__qualname__}(", 1)

    def test_a_class_within_a_function_is_shown_by_its_own_name_and_one_with_words_of_its_own_by_those(self) -> None:
        @frozen
        class Inner:
            n: int

        @frozen(eq=False)
        class Spoken:
            n: int

            def __repr__(self) -> str:
                return f"the {self.n}th"

        assert (repr(Inner(1)), repr(Spoken(4)), Spoken(4) == Spoken(4)) == ("Inner(n=1)", "the 4th", False)
