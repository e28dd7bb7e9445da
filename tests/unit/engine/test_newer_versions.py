"""When rules or a calendar change, what moves, what stays, and what is left alone?"""

from __future__ import annotations

from typing import Any

import pytest

from handleflow import BulkOutcome, Engine, MemoryStore, Refused, Rulebook
from handleflow.acts import Adopt, Assign, Receive
from handleflow.errors import UnknownRulebook
from tests.beginnings import OFFICE, WATER, instant, rulebook

RULES = rulebook()
LONGER = {
    "id": "reply",
    "of": "lead",
    "anchor": "assigned",
    "met_by": ["replied"],
    "span": "4 months",
    "cite": "host",
}
GROWN = rulebook(version="2", term=[LONGER])
"""Another version, in which every reply is due later."""


def adopted_by(role: str, version: str, states: list[str] | None = None) -> Rulebook:
    """A version that lets one role adopt another, in some states alone."""
    transition = {"act": "adopt", "source": states or ["received", "assigned"], "target": "same", "who": [role]}
    return rulebook(version=version, term=[LONGER] if version != "1" else [], transition=[transition])


def test_a_day_missed_before_another_version_is_adopted_was_missed_under_the_one_left() -> None:
    engine = Engine(MemoryStore(), [RULES, GROWN], clock=lambda: instant("2026-06-01"))
    engine.execute("1", Receive("Pipes", "Deputy A"), by=OFFICE, at=instant("2026-02-10"))
    engine.execute("1", Assign(("Water Bureau",)), by=OFFICE, at=instant("2026-02-10"))
    engine.execute("1", Adopt("test", "2"), by=OFFICE)
    entries = [(entry.kind, entry.rulebook.version) for entry in engine.history("1")[-4:]]

    moved = [("adopted", "2"), ("term_moved", "2"), ("miss_rebutted", "2")]
    assert entries == [("deadline_missed", "1"), *moved]


class TestAdoptingAsksBoth:
    """The rulebook left and the one entered: each may refuse, by its own words."""

    ADOPT = Adopt("test", "2")

    @staticmethod
    def begun(leaving: Rulebook, entered: Rulebook) -> Engine:
        engine = Engine(MemoryStore(), [leaving, entered], clock=lambda: instant("2026-02-11"))
        engine.execute("1", Receive("Pipes", "Deputy A"), by=OFFICE, at=instant("2026-02-10", 8))
        engine.execute("1", Assign(("Water Bureau",)), by=OFFICE, at=instant("2026-02-10"))
        return engine

    @pytest.mark.parametrize(
        ("leaving", "entered", "rules"),
        [
            pytest.param("unit", "unit", [], id="both let it"),
            pytest.param("congress_office", "unit", ["wrong_role"], id="the one left does not"),
            pytest.param("unit", "congress_office", ["wrong_role"], id="the one entered does not"),
            pytest.param("deputy", "leader", ["wrong_role", "wrong_role"], id="neither does"),
            pytest.param("deputy", "deputy", ["wrong_role"], id="neither does, in the same words"),
        ],
    )
    def test_who_may(self, leaving: str, entered: str, rules: list[str]) -> None:
        engine = self.begun(adopted_by(leaving, "1"), adopted_by(entered, "2"))
        found = [reason.rule for reason in engine.ask("1", self.ADOPT, by=WATER)]
        moved = engine.adopt_calendar("test", "2", by=WATER)

        assert found == rules
        assert ([id for id, _ in moved.failed], bool(moved.entries)) == (["1"] if rules else [], not rules)

    @pytest.mark.parametrize(
        ("leaving", "entered", "rules"),
        [
            pytest.param(["received"], ["assigned"], ["wrong_state"], id="not open in the one left"),
            pytest.param(["assigned"], ["received"], ["wrong_state"], id="not open in the one entered"),
            pytest.param(["assigned"], ["assigned"], [], id="open in both"),
        ],
    )
    def test_where_it_is_open(self, leaving: list[str], entered: list[str], rules: list[str]) -> None:
        engine = self.begun(adopted_by("unit", "1", leaving), adopted_by("unit", "2", entered))

        assert [reason.rule for reason in engine.ask("1", self.ADOPT, by=WATER)] == rules

    def test_what_is_refused_is_not_written_by_execute(self) -> None:
        engine = self.begun(adopted_by("congress_office", "1"), adopted_by("unit", "2"))
        with pytest.raises(Refused, match="handling unit may not"):
            engine.execute("1", self.ADOPT, by=WATER)

        assert str(engine.look_up("1").rulebook) == "test 1"

    def test_a_rulebook_that_is_left_must_be_held_here(self) -> None:
        engine = self.begun(RULES, GROWN)
        with pytest.raises(UnknownRulebook, match="test 1"):
            Engine(engine.store, [GROWN]).execute("1", self.ADOPT, by=OFFICE)


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
        moved = engine.adopt_calendar("test", "2", by=OFFICE, at=instant("2026-11-10"))
        again = engine.adopt_calendar("test", "2", by=OFFICE, at=instant("2026-11-11"))
        (term,) = engine.look_up("1").terms

        assert ([entry.kind for _, entry in moved.entries], again) == (["adopted", "term_moved"], BulkOutcome(()))
        assert (str(term.due_on), term.is_provisional) == (due, False)

    def test_where_nothing_moves_nothing_is_written(self) -> None:
        engine = Engine(MemoryStore(), [RULES, rulebook(version="2")])
        engine.execute("1", Receive("Pipes", "Deputy A"), by=OFFICE, at=instant("2026-02-10"))
        engine.execute("1", Assign(("Water Bureau",)), by=OFFICE, at=instant("2026-02-10"))

        assert engine.adopt_calendar("test", "2", by=OFFICE, at=instant("2026-02-11")) == BulkOutcome(())

    def test_other_rulebooks_are_left_alone(self) -> None:
        other = rulebook(name="other")
        engine = Engine(MemoryStore(), [other, RULES])
        engine.execute("1", Receive("Pipes", "Deputy A"), by=OFFICE, at=instant("2026-02-10"))

        assert engine.adopt_calendar("test", "1", by=OFFICE) == BulkOutcome(())


def test_a_suggestion_under_a_rulebook_not_held_here_does_not_stop_the_sweep() -> None:
    store, newer = MemoryStore(), rulebook(version="2")
    for id, rules in (("a", RULES), ("b", newer)):
        engine = Engine(store, [rules])
        engine.execute(id, Receive("Pipes", "Deputy A"), by=OFFICE, at=instant("2026-02-10"))
        engine.execute(id, Assign(("Water Bureau",)), by=OFFICE, at=instant("2026-02-10"))
    swept = Engine(store, [newer]).sweep(at=instant("2026-06-01"))

    assert ([id for id, _ in swept.said], [id for id, _ in swept.failed]) == (["b"], ["a"])
    assert "no rulebook test 1 is held here" in swept.failed[0][1]
