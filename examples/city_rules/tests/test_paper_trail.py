"""Does the city's own store keep every promise of a store, and does it write what it says?"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pendulum
import pytest
from city_rules.paper_trail import PaperTrail

from city_rules import RULES
from handleflow import Engine, Event
from handleflow.acts import Assign, Receive
from handleflow.testing import StoreContract, office


class TestPaperTrail(StoreContract):
    """Every promise of ``handleflow.Store``."""

    @pytest.fixture
    def make_store(self) -> Callable[..., PaperTrail]:
        def opened(own: Iterable[type[Event]] = ()) -> PaperTrail:
            return PaperTrail(list[str]().append, own)

        return opened


def test_every_entry_leaves_a_line() -> None:
    lines: list[str] = []
    found = pendulum.datetime(2026, 3, 2, 9, tz="Asia/Shanghai")
    engine = Engine(PaperTrail(lines.append), [RULES], clock=lambda: found)
    engine.execute("2026-017", Receive("Safe drinking water", "Deputy A"), by=office())
    engine.execute("2026-017", Assign(("Water Bureau",)), by=office())

    assert lines == [
        "2026-017 1 2026-03-02 received by Office",
        "2026-017 2 2026-03-02 term_set by Office",
        "2026-017 3 2026-03-02 assigned by Office",
        "2026-017 4 2026-03-02 term_met by Office",
        "2026-017 5 2026-03-02 term_set by Office",
    ]
