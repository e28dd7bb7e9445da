"""Can a merge that a backup brought to one suggestion alone be made whole, wherever it lies?"""

from __future__ import annotations

import json

import pytest

from handleflow import Engine, MemoryStore, Store
from handleflow.acts import MergeWith, Receive
from handleflow.backup import backup, restore
from handleflow.errors import BrokenBackup, Refused
from handleflow.verification import verify
from tests.beginnings import OFFICE, instant, rulebook

RULES = rulebook()


@pytest.fixture
def store(any_store: Store) -> Store:
    return any_store


def _lines(store: Store) -> list[str]:
    lines: list[str] = []
    backup(store, lines.append, private=True)
    return lines


def _early_and_late() -> tuple[list[str], list[str]]:
    """Backups of one suggestion, and of it and another one that it was merged with."""
    source = Engine(MemoryStore(), [RULES])
    source.execute("B", Receive("Pipes B", "Deputy A"), by=OFFICE, at=instant("2026-02-09"))
    early = _lines(source.store)
    source.execute("A", Receive("Pipes A", "Deputy A"), by=OFFICE, at=instant("2026-02-09"))
    source.execute("A", MergeWith("B"), by=OFFICE, at=instant("2026-02-10"))
    return early, _lines(source.store)


def _half_merged(store: Store) -> Engine:
    """A says that it is merged with B, and B, which came from an older backup, does not."""
    early, late = _early_and_late()
    engine = Engine(store, [RULES])
    restore(engine, early)
    with pytest.raises(BrokenBackup, match="suggestion B is there with only its first 1 entries"):
        restore(engine, late)
    assert [engine.look_up(id).merged_with for id in "AB"] == [("B",), ()]
    return engine


def test_it_is_made_whole_on_the_one_that_lacks_it_and_nothing_is_added_to_the_other(store: Store) -> None:
    engine = _half_merged(store)
    before = engine.history("A")
    whole = engine.execute("B", MergeWith("A"), by=OFFICE, at=instant("2026-03-02"), key="k", expect=1)

    assert (whole.merged_with, engine.look_up("A").merged_with) == (("A",), ("B",))
    assert (engine.history("A"), engine.history("B")[-1].event) == (before, MergeWith("A"))
    assert engine.execute("B", MergeWith("A"), by=OFFICE, at=instant("2026-03-02"), key="k") == whole
    assert (list(verify(store)), sum("suggestion" in json.loads(line) for line in _lines(store))) == ([], 2)


def test_whether_it_would_be_is_answered_alike(store: Store) -> None:
    engine = _half_merged(store)

    assert engine.ask("B", MergeWith("A"), by=OFFICE, at=instant("2026-03-02")) == ()
    assert [reason.rule for reason in engine.ask("A", MergeWith("B"), by=OFFICE)] == ["already_merged"]


def test_where_both_say_it_neither_says_it_again(store: Store) -> None:
    engine = _half_merged(store)
    engine.execute("B", MergeWith("A"), by=OFFICE, at=instant("2026-03-02"))
    for id, other in ("AB", "BA"):
        with pytest.raises(Refused, match=f"merged with {other} already"):
            engine.execute(id, MergeWith(other), by=OFFICE, at=instant("2026-03-03"))

    assert [len(engine.history(id)) for id in "AB"] == [2, 2]
