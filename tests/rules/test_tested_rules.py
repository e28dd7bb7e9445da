"""Is what docs/explanation/how-the-shipped-rulebooks-are-tested.md says of the shipped rulebooks still so?"""

from __future__ import annotations

import json
import re

import pytest

from handleflow import load_preset
from handleflow.rulebooks import names
from handleflow.testing.coverage import PARTS, RulebookCoverage
from handleflow.testing.mutation import mutants
from tests.paths import DOCS
from tests.rules.test_every_lifecycle import cannot_be_taken

PAGE = (DOCS / "explanation" / "how-the-shipped-rulebooks-are-tested.md").read_text(encoding="utf-8")
ROWS = {
    name: cells for name, *cells in re.findall(r"^\| `([\w.]+)` \|" + r" (\d+/\d+) \|" * 5 + "$", PAGE, re.MULTILINE)
}
SURVIVORS = re.findall(r"^- `([\w.]+)`: (transition (\w+) to .+)$", PAGE, re.MULTILINE)


def test_every_shipped_rulebook_has_its_row() -> None:
    assert sorted(ROWS) == sorted(names())


@pytest.mark.parametrize("name", names())
def test_the_row_counts_all_the_rulebook_has(name: str) -> None:
    totals = [len(tried.every) for tried in RulebookCoverage(load_preset(name)).tried()]

    assert [int(cell.partition("/")[2]) for cell in ROWS[name]] == totals


@pytest.mark.parametrize("name", names())
def test_nothing_is_untried(name: str) -> None:
    missing = [int(total) - int(ran) for ran, _, total in (cell.partition("/") for cell in ROWS[name])]

    assert missing == [0] * len(PARTS)


@pytest.mark.parametrize(("name", "what", "act"), SURVIVORS)
def test_an_explained_survivor_changes_only_transitions_that_nobody_can_take_there(
    name: str, what: str, act: str
) -> None:
    rules = load_preset(name)
    changed = [transition for transition in rules.lifecycle.transitions if transition.act.verb == act]

    assert [mutant.what for mutant in mutants(json.loads(rules.document), what)] == [what]
    assert [cannot_be_taken(rules, transition) for transition in changed] == [True] * len(changed) != []
