"""Which rulebook is asked? Tests that take ``rules`` run under each that ships with the life of a suggestion."""

from __future__ import annotations

import pytest

from handleflow import Rulebook, load_preset
from tests.rules.lives import rulebooks_of


@pytest.fixture(params=rulebooks_of())
def rules(request: pytest.FixtureRequest) -> Rulebook:
    """Each shipped rulebook of the lifecycle ``deputy_suggestion``."""
    return load_preset(request.param)
