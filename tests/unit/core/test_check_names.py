"""Is a rulebook found out by its names? What it lacks, what it shares, and what stands for nothing."""

from __future__ import annotations

from typing import Any

import pytest

from handleflow.core import check
from handleflow.errors import BrokenRulebook
from handleflow.rulebooks import load_preset, names
from tests.beginnings import rulebook

RESERVED = {"id": "commitment", "of": "lead", "anchor": "assigned", "met_by": ["replied"], "span": "2 months"}


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        pytest.param({"name": " "}, "it has no name", id="no name"),
        pytest.param({"version": ""}, "it has no version", id="no version"),
        pytest.param({"backdating": [{"role": "unit", "within": "3 days"}]}, "no citation", id="uncited lateness"),
        pytest.param(
            {"state": [{"name": "(nothing)", "en": "x", "zh": "x"}]},
            "no name for a state",
            id="nothing",
        ),
        pytest.param({"term": [{**RESERVED, "cite": "host"}]}, "keeps that name", id="reserved"),
        pytest.param(
            {"disagreement": [{"term": "none", "en": "x", "cite": "host"}]},
            "disagreement 'none': unknown term",
            id="a remark",
        ),
        pytest.param(
            {"in_force_from": "2026-02-01", "in_force_until": "2026-01-01"}, "in force until", id="backwards"
        ),
        pytest.param(
            {"superseded_by": {"what": "x", "text_of": "2026-02-01", "source": "NONE"}},
            "what supersedes it cites the unknown source 'NONE'",
            id="a newer text without a source",
        ),
        pytest.param(
            {"text_of": "2026-02-01", "superseded_by": {"what": "x", "text_of": "2026-02-01", "source": "DBF25"}},
            "its text is of 2026-02-01, and the one that supersedes it is of 2026-02-01",
            id="a newer text that is none",
        ),
        pytest.param(
            {"lifecycle": {"name": "none", "state": [], "transition": []}, "guard": []},
            "no transition",
            id="no transition",
        ),
    ],
)
def test_what_cannot_be_is_found(change: dict[str, Any], finding: str) -> None:
    with pytest.raises(BrokenRulebook, match=finding):
        rulebook(**change)


@pytest.mark.parametrize("name", names())
def test_every_shipped_rulebook_is_sound(name: str) -> None:
    assert check(load_preset(name)) == ()
