"""Is one byte or one value that was changed anywhere found by both verifiers, and does nothing surprise them?"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from handleflow.canonical_json import canonical
from tests.by_both import (
    BOTH,
    KEY,
    NEITHER,
    Plain,
    by_hand,
    by_handleflow,
    by_the_other,
    file,
    forgeries,
    plain,
    proved,
    verdicts,
)
from tests.sizes import FLIP_EVERY_BYTE

written = by_hand.written

WORDS = st.text(st.characters(codec="utf-8"), max_size=5)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner, max_size=3)
    ),
    max_leaves=6,
)


def paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where each value stands in what a file says."""
    if path:
        yield path
    for name, each in (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    ):
        yield from paths(each, (*path, name))


def parent(value: Any, path: tuple[Any, ...]) -> Any:
    """What holds the value at *path*."""
    for name in path[:-1]:
        value = value[name]
    return value


PATHS = sorted(paths(proved().plain()), key=repr)


def near(value: Any) -> st.SearchStrategy[Any]:
    """What looks much like *value*."""
    if isinstance(value, bool | None):
        return st.sampled_from([0, 1, "", None, [], {}])
    if isinstance(value, int):
        return st.sampled_from([value + 1, value - 1, -value, float(value), str(value), bool(value), value + 2**64])
    if isinstance(value, str):
        return st.sampled_from(
            [value.upper(), value.lower(), value + " ", value[:-1], value + "0", [value], value[::-1]]
        )
    if isinstance(value, list):
        return st.sampled_from(
            [value[:-1], value[1:], value[::-1], value * 2, dict(enumerate(map(str, value))), [value]]
        )
    return st.sampled_from([{**value, "": 1}, list(value), dict(list(value.items())[1:]), [value]])


def only_withheld(forged: Plain) -> bool:
    """Whether private fields or the newest entries were left out, and nothing else was done: that is no forgery."""
    try:
        kept = len(forged["entries"])
        honest = plain()
        honest["entries"] = honest["entries"][:kept]
        for ours, theirs in zip(honest["entries"], forged["entries"], strict=True):
            if theirs[2][17] == []:
                ours[2][17] = []
        return kept > 0 and canonical(honest) == canonical(forged)
    except Exception:
        return False


SLICES = 8
STEP = SLICES if FLIP_EVERY_BYTE else SLICES * 101


def flipped(original: bytes, place: int) -> bytes:
    """The same with one bit of a byte changed, not the highest: most of it is still text."""
    return original[:place] + bytes([original[place] ^ (1 << place % 7)]) + original[place + 1 :]


def with_its_checksum(text: bytes) -> bytes:
    """A file of that JSON, whatever it is, with a checksum that fits, in its place."""
    checksum = f',"checksum":"{sha256(text).hexdigest()}","digest":'
    return text.replace(b',"digest":', checksum.encode(), 1) + b"\n"


class TestChanged:
    """One byte, or one value."""

    @pytest.mark.parametrize("first", range(SLICES))
    def test_both_find_each_byte_that_was_changed(self, first: int) -> None:
        places = range(first, len(file()), STEP)
        unseen = [place for place in places if verdicts(flipped(file(), place)) != BOTH]

        assert (len(places) >= len(file()) // STEP, unseen) == (True, [])

    @pytest.mark.parametrize("first", range(SLICES))
    def test_both_find_each_byte_that_was_changed_though_the_checksum_fits(self, first: int) -> None:
        """But for the reckoning of terms, which stands last, and which only handleflow can reckon anew."""
        text = canonical(plain())
        reckoned = text.index(b',"terms":')
        found = {place: verdicts(with_its_checksum(flipped(text, place))) for place in range(first, len(text), STEP)}

        assert with_its_checksum(text) == file()
        assert [place for place, (handleflow, _) in found.items() if not handleflow] == []
        assert [place for place, (_, other) in found.items() if place < reckoned and not other] == []

    @given(st.data())
    def test_both_find_a_byte_that_stands_in_the_place_of_another(self, data: st.DataObject) -> None:
        original = file()
        place = data.draw(st.integers(0, len(original) - 1))
        other = data.draw(st.integers(0, 255).filter(lambda byte: byte != original[place]))

        assert verdicts(original[:place] + bytes([other]) + original[place + 1 :]) == BOTH

    @given(st.data())
    def test_both_find_bytes_that_were_cut_out_or_put_in(self, data: st.DataObject) -> None:
        original = file()
        first = data.draw(st.integers(0, len(original)))
        last = data.draw(st.integers(first, min(first + 3, len(original))))
        other = data.draw(st.binary(max_size=3))
        changed = original[:first] + other + original[last:]
        assume(changed != original)

        assert verdicts(changed) == BOTH

    @given(st.data())
    def test_both_find_a_value_that_was_changed_though_the_checksum_fits(self, data: st.DataObject) -> None:
        forged = plain()
        path = data.draw(st.sampled_from(PATHS))
        here = parent(forged, path)
        here[path[-1]] = data.draw(st.one_of(JSON, near(here[path[-1]])))
        assume(canonical(forged) != canonical(proved().plain()) and not only_withheld(forged))

        found = verdicts(written(forged))
        assert found == BOTH or (found[0] and path[0] == "terms")  # which only handleflow reckons anew


class TestOtherBytes:
    """Evidence is what handleflow writes, byte by byte: nothing hides where two readers of JSON read two things."""

    @pytest.mark.parametrize(
        "write",
        [
            pytest.param(lambda said: json.dumps(said, sort_keys=True, separators=(",", ":")), id="escapes"),
            pytest.param(lambda said: json.dumps(said, ensure_ascii=False, sort_keys=True), id="blanks"),
            pytest.param(lambda said: as_it_stands(dict(reversed(said.items()))), id="order"),
            pytest.param(lambda said: as_it_stands(said).replace("{", '{"format":2,', 1), id="a key twice"),
            pytest.param(lambda said: as_it_stands(said).replace('"format":1', '"format":1e0', 1), id="a fraction"),
            pytest.param(lambda said: as_it_stands(said) + " ", id="a blank more"),
            pytest.param(lambda said: as_it_stands(said) + "\n{}", id="a second line"),
        ],
    )
    def test_the_same_json_in_other_bytes_is_none(self, write: Callable[[Plain], str]) -> None:
        text = as_it_stands(json.loads(file())) + "\n"

        assert (text.encode(), verdicts(text.encode())) == (file(), NEITHER)
        assert verdicts(write(json.loads(file())).encode() + b"\n") == BOTH

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32-le", "gbk"])
    def test_another_encoding_is_none(self, encoding: str) -> None:
        assert verdicts(file().decode().encode(encoding)) == BOTH


def as_it_stands(said: Plain) -> str:
    """JSON without blanks or escapes, in the order in which it is given."""
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


SHAPES: list[Any] = [None, True, 1, "", "x", [], {}]


class TestMalformed:
    """Whatever a file holds, there is an answer."""

    @pytest.mark.parametrize("name", sorted(plain()))
    def test_whatever_stands_in_the_place_of_any_value_is_found(self, name: str) -> None:
        for path in (path for path in PATHS if path[0] == name):
            for shape in SHAPES:
                forged = plain()
                parent(forged, path)[path[-1]] = shape
                if canonical(forged) != canonical(plain()) and not only_withheld(forged):
                    found = verdicts(written(forged))

                    assert found == BOTH or (found[0] and name == "terms"), (path, shape)

    @given(st.binary(max_size=200))
    def test_any_bytes_are_no_evidence(self, junk: bytes) -> None:
        assert verdicts(junk) == BOTH

    @given(JSON)
    def test_any_json_is_no_evidence(self, value: Any) -> None:
        assert verdicts(canonical(value) + b"\n") == BOTH

    @given(st.fixed_dictionaries(dict.fromkeys(sorted(by_hand.evidence()), JSON)))
    def test_any_json_under_its_names_is_no_evidence(self, values: Plain) -> None:
        assert verdicts(written(values)) == BOTH
        assert verdicts(written({**values, "handleflow": "evidence", "format": 1})) == BOTH

    @given(st.sampled_from(range(18)), JSON)
    def test_any_json_in_an_entry_that_is_chained_is_no_surprise(self, place: int, value: Any) -> None:
        forged = plain()
        forged["entries"][0][2][place] = value
        chained_where_it_can_be(forged)
        assume(canonical(forged) != canonical(proved().plain()) and not only_withheld(forged))

        assert verdicts(written(forged)) == BOTH

    @pytest.mark.parametrize("name", ["terms", "entries", "digest", "suggestion", "format", "rulebooks"])
    def test_however_deep_it_is_nested_it_is_no_surprise(self, name: str) -> None:
        found = [
            by_handleflow(nested(name, depth), KEY) for depth in (*range(10, 1200, 13), *range(940, 980), 99_999)
        ]

        assert all(found)
        assert "checksum" not in found[0][0]
        assert (name == "terms") != all(by_the_other(nested(name, depth), KEY) for depth in (10, 500, 960, 99_999))


def nested(name: str, depth: int) -> bytes:
    """A file with lists in lists under *name*, deeper than anything of ours writes, and a checksum that fits."""
    lists = "[" * depth + "]" * depth
    return with_its_checksum(canonical({**plain(), name: "@@"}).replace(b'"@@"', lists.encode()))


def chained_where_it_can_be(forged: Plain) -> None:
    """Hashes that fit, where what stands there can be hashed."""
    try:
        by_hand.chain(forged["suggestion"], forgeries.entries_of(forged))
    except (TypeError, ValueError, AttributeError):
        return
