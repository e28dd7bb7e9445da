"""Are JSON bytes the same, whether the standard library, its encoder in C or orjson (extra ``fast``) writes them?"""

from __future__ import annotations

import enum
import json
import subprocess
import sys
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handleflow.canonical_json import STANDARD, JsonLibrary, canonical, encoder, fastest

FASTEST = fastest()
TEXT = st.text() | st.sampled_from(["\x00\x1f\x7f", "\u2028", '"\\/\b\f\n\r\t', "办理", "\U0001f600", "\ud800"])
WHOLE = st.integers() | st.sampled_from([2**53 + 1, 2**63 - 1, 2**63, 2**64 - 1, 2**64, -(2**63), -(2**63) - 1])


def json_values(leaves: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    """Whatever JSON holds, with such leaves."""
    return st.recursive(
        leaves,
        lambda each: st.lists(each) | st.lists(each).map(tuple) | st.dictionaries(TEXT, each),
        max_leaves=12,
    )


PLAIN = json_values(TEXT | WHOLE | st.booleans() | st.none())


def by_the_book(value: object) -> bytes:
    """What docs/adr/0002 says, in the standard library's words."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sorted_keys(value: object) -> object:
    """*value* with the keys of every dict in order."""
    if isinstance(value, dict):
        return {key: sorted_keys(each) for key, each in sorted(value.items())}
    return [sorted_keys(each) for each in value] if isinstance(value, (list, tuple)) else value


def written(encode: Callable[[object], bytes], value: object) -> bytes | type[Exception]:
    """The bytes, or what is raised instead of them."""
    try:
        return encode(value)
    except Exception as error:
        return type(error)


@given(value=json_values(TEXT | WHOLE | st.floats() | st.booleans() | st.none()))
def test_canonical_bytes_are_those_of_the_standard_library(value: object) -> None:
    assert written(canonical, value) == written(by_the_book, value)


@given(value=PLAIN)
def test_an_encoder_without_c_writes_the_same_text(value: object) -> None:
    slow, quick = encoder(sort_keys=True, make=None), encoder(sort_keys=True)

    assert slow(value) == quick(value)


@pytest.mark.parametrize(
    "library", [pytest.param(STANDARD, id="the standard one"), pytest.param(FASTEST, id="the fastest")]
)
@given(value=PLAIN.map(sorted_keys))
def test_either_library_writes_the_canonical_bytes_and_reads_them_back(library: JsonLibrary, value: object) -> None:
    """Half of a surrogate pair, which no UTF-8 can hold, is refused by both, and by the standard library's words."""
    found = written(library.encode, value)

    assert found == written(by_the_book, value)
    if isinstance(found, bytes) and not has_large_numbers(value):
        assert library.decode(found) == library.decode(found.decode()) == value


def has_large_numbers(value: object) -> bool:
    """Whether some number has more than 64 bits."""
    if isinstance(value, dict):
        return any(map(has_large_numbers, value.values()))
    if isinstance(value, list):
        return any(map(has_large_numbers, value))
    return isinstance(value, int) and not -(2**63) <= value < 2**64


class Own(int):
    """A number of a host's own."""


class Word(str):
    """A text of a host's own."""

    __slots__ = ()


class Colour(enum.StrEnum):
    """A choice of a host's own."""

    RED = "red"


@pytest.mark.parametrize("value", [Own(7), Word("x"), Colour.RED, [Own(7)], {"a": Word("x")}])
def test_subclasses_are_written_as_what_they_stand_for(value: object) -> None:
    assert FASTEST.encode(value) == STANDARD.encode(value) == by_the_book(value)


def test_where_orjson_is_installed_it_is_taken() -> None:
    orjson = pytest.importorskip("orjson")

    assert FASTEST.decode is orjson.loads


@pytest.mark.process
def test_where_orjson_is_not_installed_the_standard_library_is_taken() -> None:
    code = (
        "import sys; sys.modules['orjson'] = None\n"
        "from handleflow.canonical_json import STANDARD, fastest; print(fastest() is STANDARD)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert run.stdout.strip() == "True"
