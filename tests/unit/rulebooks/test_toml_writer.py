"""Is what is written as TOML read as the same document?"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from handleflow import Rulebook, load, load_preset
from handleflow.rulebooks import as_toml, names
from handleflow.rulebooks._toml_writer import to_toml
from tests.beginnings import rulebook

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
SCALARS = st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False) | TEXT
VALUES: st.SearchStrategy[Any] = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4), max_leaves=20
)
LONG = {"days": ["2026-10-01"] * 20, "rows": [{"a": 1}, {"b": [{"c": {}}]}], "mixed": [{"a": [1]}, "x"], "empty": []}


def parts(rules: Rulebook) -> dict[str, object]:
    """Every field of a rulebook; of what is compared by identity alone what it is made of."""
    found = {field.name: getattr(rules, field.name) for field in attrs.fields(Rulebook) if field.init}
    return {**found, "lifecycle": attrs.asdict(rules.lifecycle, recurse=False), "calendar": rules.calendar.document}


@given(st.dictionaries(TEXT, VALUES, max_size=5))
def test_any_document_comes_back(document: dict[str, Any]) -> None:
    assert tomllib.loads(to_toml(document)) == document


def test_lists_of_tables_and_long_ones_come_back() -> None:
    assert tomllib.loads(to_toml(LONG)) == LONG
    assert max(map(len, to_toml(LONG).splitlines())) < 40


@pytest.mark.parametrize("name", names())
def test_what_ships_comes_back_equal_with_all_that_it_inherits(name: str, tmp_path: Path) -> None:
    path = tmp_path / "city.toml"
    path.write_text(as_toml(name), encoding="utf-8")
    again, shipped = load(path), load_preset(name)

    assert (again.digest, parts(again)) == (shipped.digest, parts(shipped))
    assert "extends" not in as_toml(name)


def test_a_file_comes_back_too(tmp_path: Path) -> None:
    path = tmp_path / "city.toml"
    path.write_text('name = "test"\nversion = "1"\nextends = "cn.dehui.demo"\n', encoding="utf-8")
    path.write_text(as_toml(path), encoding="utf-8")

    assert load(path).digest == rulebook("cn.dehui.demo").digest
