"""Does an engineer who searches for the field's words find the room?"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.paths import ROOT

SOURCES = ROOT / "src" / "handleflow"
MODULES = sorted(SOURCES.rglob("*.py"))


def first_line(file: Path) -> str:
    """What a module says first of itself."""
    said = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    return said.partition("\n\n")[0].replace("\n", " ")


@pytest.mark.parametrize("file", MODULES, ids=lambda file: str(file.relative_to(SOURCES)))
def test_a_module_that_begins_with_a_question_names_the_standard_term_before_it(file: Path) -> None:
    said = first_line(file)

    assert said
    assert "?" not in said or re.match(r"[^?:]+: ", said)


@pytest.mark.parametrize(
    "word",
    [
        "snapshot",
        "projection",
        "escalation",
        "deadline",
        "optimistic",
        "retry",
        "cursor",
        "replay",
        "aggregate",
        "outbox",
        "cooldown",
        "observer",
    ],
)
def test_a_word_of_the_field_is_found_in_the_sources(word: str) -> None:
    assert any(word in file.read_text(encoding="utf-8").lower() for file in MODULES)


def test_a_file_stem_has_one_meaning() -> None:
    stems = [file.stem.lstrip("_") for file in MODULES if not file.stem.startswith("__")]

    assert sorted(stem for stem in set(stems) if stems.count(stem) > 1) == []
