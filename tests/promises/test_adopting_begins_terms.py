"""A version is adopted that knows more rules: does what they wait for begin, by the history that any store keeps?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from handleflow import Engine, MemoryStore, Store
from handleflow.acts import Accept, Adopt, Assign, Correct, GiveOpinion, Receive, RejectOpinion
from handleflow.model import Suggestion
from handleflow.stores.sql import SqlStore
from handleflow.verification import verify
from tests.beginnings import OFFICE, SCHOOLS, WATER, instant, rulebook
from tests.databases import fresh_postgres
from tests.markers import POSTGRES

AGAIN = {"id": "opinion_again", "of": "co", "anchor": "opinion_rejected", "met_by": ["opinion_given"]}
INTAKE = {"id": "intake", "of": "whole", "anchor": "received", "met_by": ["assigned"], "applies_to": "in_session"}
BEFORE = rulebook(version="1")
AFTER = rulebook(version="2", term=[{**each, "span": "5 workdays", "cite": "host"} for each in (AGAIN, INTAKE)])


@pytest.fixture(params=["memory", "sqlite", POSTGRES])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "memory":
        yield MemoryStore()
        return
    kept = SqlStore(fresh_postgres() if request.param == "postgres" else str(tmp_path / "a.db"))
    yield kept
    kept.close()


def begun(suggestion: Suggestion, rule: str) -> list[tuple[str, str, str]]:
    return [(t.key.unit, str(t.due_on), t.end) for t in suggestion.terms if t.key.rule == rule]


def test_what_left_no_trace_but_its_entry_begins_the_term_it_would_have_begun(store: Store) -> None:
    engine = Engine(store, [BEFORE, AFTER], clock=lambda: instant("2026-02-16"))
    engine.execute("1", Receive("Pipes", "Deputy A"), by=OFFICE, at=instant("2026-02-09"))
    engine.execute("1", Assign((WATER.name,), (SCHOOLS.name,)), by=OFFICE, at=instant("2026-02-10"))
    for by, act in (
        (WATER, Accept()),
        (SCHOOLS, GiveOpinion("Yes.")),
        (WATER, RejectOpinion(SCHOOLS.name, "Empty.")),
    ):
        engine.execute("1", act, by=by, at=instant("2026-02-12"))
    after = engine.execute("1", Adopt("test", "2"), by=OFFICE)

    assert begun(after, "opinion_again") == [(SCHOOLS.name, "2026-02-26", "running")]
    assert list(verify(store)) == []


def test_a_session_set_right_begins_what_holds_for_it(store: Store) -> None:
    engine = Engine(store, [AFTER], clock=lambda: instant("2026-02-10"))
    engine.execute("1", Receive("Pipes", "Deputy A", in_session=False), by=OFFICE, at=instant("2026-02-09"))
    after = engine.execute("1", Correct(1, "in_session", "true", "it was the last day"), by=OFFICE)

    assert begun(after, "intake") == [("", "2026-02-14", "running")]
    assert list(verify(store)) == []
