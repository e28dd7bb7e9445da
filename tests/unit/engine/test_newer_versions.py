"""When rules or a calendar change, what moves, what stays, and what is left alone?"""

from __future__ import annotations

from typing import Any

import pytest

from handleflow import Assign, Engine, MemoryStore, Receive
from tests.beginnings import OFFICE, instant, rulebook

RULES = rulebook()


class TestReprojecting:
    """When a calendar grows."""

    @staticmethod
    def grown(**year: Any) -> Any:
        known: dict[str, Any] = {"name": "cn", "zone": "Asia/Shanghai", "rest_days": ["sat", "sun"]}
        known |= {"known_from": "2026-01-01", "known_through": "2027-12-31", "version": "2027"}
        return rulebook(version="2", calendar={**known, "year": [{"year": 2027, "source": "host", **year}]})

    @pytest.mark.parametrize(
        ("holidays", "due"),
        [
            pytest.param(["2027-02-08"], "2027-02-09", id="moved by a holiday"),
            pytest.param([], "2027-02-08", id="confirmed"),
        ],
    )
    def test_a_provisional_day_moves_or_becomes_certain_once(self, holidays: list[str], due: str) -> None:
        grown = self.grown(holidays=holidays)
        engine = Engine(MemoryStore(), [RULES, grown])
        engine.execute("1", Receive("Pipes", "Deputy A"), by=OFFICE, at=instant("2026-11-05"))
        engine.execute("1", Assign(("Water Bureau",)), by=OFFICE, at=instant("2026-11-06"))
        moved = engine.reproject("test", "2", by=OFFICE, at=instant("2026-11-10"))
        again = engine.reproject("test", "2", by=OFFICE, at=instant("2026-11-11"))
        (term,) = engine.look_up("1").terms

        assert ([entry.kind for _, entry in moved], again) == (["adopted", "term_moved"], ())
        assert (str(term.due_on), term.is_provisional) == (due, False)

    def test_where_nothing_moves_nothing_is_written(self) -> None:
        engine = Engine(MemoryStore(), [RULES, rulebook(version="2")])
        engine.execute("1", Receive("Pipes", "Deputy A"), by=OFFICE, at=instant("2026-02-10"))
        engine.execute("1", Assign(("Water Bureau",)), by=OFFICE, at=instant("2026-02-10"))

        assert engine.reproject("test", "2", by=OFFICE, at=instant("2026-02-11")) == ()

    def test_other_rulebooks_are_left_alone(self) -> None:
        other = rulebook(name="other")
        engine = Engine(MemoryStore(), [other, RULES])
        engine.execute("1", Receive("Pipes", "Deputy A"), by=OFFICE, at=instant("2026-02-10"))

        assert engine.reproject("test", "1", by=OFFICE) == ()


def test_a_suggestion_under_a_rulebook_not_held_here_does_not_stop_the_sweep() -> None:
    store, newer = MemoryStore(), rulebook(version="2")
    for id, rules in (("a", RULES), ("b", newer)):
        engine = Engine(store, [rules])
        engine.execute(id, Receive("Pipes", "Deputy A"), by=OFFICE, at=instant("2026-02-10"))
        engine.execute(id, Assign(("Water Bureau",)), by=OFFICE, at=instant("2026-02-10"))
    swept = Engine(store, [newer]).sweep(at=instant("2026-06-01"))

    assert ([id for id, _ in swept.said], [id for id, _ in swept.failed]) == (["b"], ["a"])
    assert "no rulebook test 1 is held here" in swept.failed[0][1]
