"""Laws that hold for any life, whatever people ask for."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from handleflow import Engine, MemoryStore, Refused, Rulebook, Store, Suggestion, load_preset
from handleflow.acts import ACTS
from handleflow.core import replay, wakes_on
from handleflow.core._machine import table, walk
from handleflow.legal_time import utc
from handleflow.store.projection import build_batch
from handleflow.stores import _row_values
from handleflow.stores._schema import tables
from handleflow.stores.sql import SqlStore
from handleflow.testing.strategies import Life, lives
from tests.beginnings import AFTER_ALL, instant, rulebook
from tests.databases import fresh_postgres

pytestmark = pytest.mark.database

LADDER = [
    {"id": "reminded", "term": "reply", "offset": "-15 days", "channel": "phone", "answer_within": "3 workdays"},
    {"id": "urged", "term": "reply", "offset": "1 day", "channel": "written"},
]
RULES = rulebook(rung=[{**rung, "cite": "host"} for rung in LADDER])
SILENT = rulebook(version="2")
"""Under it the clock misses days and says nothing else."""
SOME = settings(suppress_health_check=list(HealthCheck))

_ids = (f"2026-{n}" for n in count())


@pytest.fixture(scope="module")
def stores() -> Iterator[tuple[Store, ...]]:
    with TemporaryDirectory() as folder:
        # The one reads what it wrote, the other goes on from what it holds.
        databases = [SqlStore(str(Path(folder) / "laws.db"), max_held=0), SqlStore(fresh_postgres())]
        yield MemoryStore(), *databases
        for database in databases:
            database.close()


def lived(engine: Engine, id: str, life: Life) -> Iterator[tuple[Suggestion | None, Suggestion | Refused]]:
    """The suggestion before each act, and what came of it."""
    for day, by, act in life:
        before = engine.store.load(id)
        try:
            yield before, engine.execute(id, act, by=by, at=instant(str(day)))
        except Refused as refused:
            yield before, refused


@SOME
@given(life=lives(RULES))
def test_the_stored_suggestion_is_the_replayed_history(stores: tuple[Store, ...], life: Life) -> None:
    id = next(_ids)
    for store in stores:
        engine = Engine(store, [RULES], clock=lambda: AFTER_ALL)
        list(lived(engine, id, life))
        if store.load(id) is not None:
            assert replay(id, engine.history(id)) == store.load(id)


@SOME
@given(life=lives(RULES))
def test_both_stores_tell_the_same_history(stores: tuple[Store, ...], life: Life) -> None:
    id = next(_ids)
    found = []
    for store in stores:
        list(lived(Engine(store, [RULES], clock=lambda: AFTER_ALL), id, life))
        found.append([(e.number, e.event, e.at, e.on, e.by, e.state, e.rulebook) for e in store.history(id)])

    assert found[0] == found[1]


@SOME
@given(under=st.sampled_from([RULES, SILENT]).flatmap(lambda rules: st.tuples(st.just(rules), lives(rules))))
def test_what_is_derived_act_by_act_is_what_the_whole_history_derives(
    stores: tuple[Store, ...], under: tuple[Rulebook, Life]
) -> None:
    (rules, life), id, t = under, next(_ids), tables()
    for store in (store for store in stores if isinstance(store, SqlStore)):
        list(lived(Engine(store, [rules], clock=lambda: AFTER_ALL), id, life))
        whole = build_batch(rules, Suggestion(id), store.history(id))
        if not whole.entries:
            continue
        rows = {t.terms: _row_values.term_rows(whole), t.facets: _row_values.facet_rows(whole)}
        beside = _row_values.suggestion_row(attrs.evolve(whole, before=None), "")
        rows[t.suggestions] = [{"id": id, **beside, "wakes_at": whole.wakes_at and utc(whole.wakes_at)}]
        with store._connect() as connection:
            for table, derived in rows.items():
                named = table.c.id if table is t.suggestions else table.c.suggestion_id
                read = connection.execute(select(table).where(named == id)).mappings()
                found = [{**row, "snapshot": ""} if "snapshot" in row else dict(row) for row in read]

                assert sorted(map(sorted_row, found)) == sorted(map(sorted_row, derived))


def sorted_row(row: dict[str, Any]) -> list[str]:
    """A row by the names of its columns."""
    return [f"{name}={value}" for name, value in sorted(row.items())]


@SOME
@given(life=lives(RULES))
def test_a_refusal_records_nothing_and_always_has_a_reason(stores: tuple[Store, ...], life: Life) -> None:
    id, store = next(_ids), stores[0]
    for before, outcome in lived(Engine(store, [RULES], clock=lambda: AFTER_ALL), id, life):
        if isinstance(outcome, Refused):
            assert outcome.reasons
            assert store.load(id) in {before, None} or store.load(id) == before


@SOME
@given(life=lives(RULES))
def test_asking_first_foretells_what_executing_does(life: Life) -> None:
    engine = Engine(MemoryStore(), [RULES], clock=lambda: AFTER_ALL)
    for day, by, act in life:
        foretold = engine.ask("1", act, by=by, at=instant(str(day)))
        try:
            engine.execute("1", act, by=by, at=instant(str(day)))
            met: tuple[str, ...] = ()
        except Refused as refused:
            met = refused.rules

        assert tuple(reason.rule for reason in foretold) == met


@SOME
@given(life=lives(RULES))
def test_sweeping_twice_says_nothing_twice_and_every_rung_speaks_once(life: Life) -> None:
    engine = Engine(MemoryStore(), [RULES], clock=lambda: AFTER_ALL)
    for day, by, act in life:
        engine.sweep(at=instant(str(day), 8))
        assert engine.sweep(at=instant(str(day), 8)).said == ()
        try:
            engine.execute("1", act, by=by, at=instant(str(day)))
        except Refused:
            continue
    suggestion = engine.store.load("1")
    firing_keys = suggestion.firing_keys if suggestion else ()

    assert len(set(firing_keys)) == len(firing_keys)


@SOME
@given(life=lives(RULES))
def test_every_running_term_is_exactly_one_of_not_due_due_today_overdue(life: Life) -> None:
    engine = Engine(MemoryStore(), [RULES], clock=lambda: AFTER_ALL)
    for (day, _, _), (_, outcome) in zip(life, lived(engine, "1", life), strict=True):
        if isinstance(outcome, Suggestion):
            on = RULES.calendar.day_of(instant(str(day)))
            stands = [term.status(on) for term in outcome.running_terms()]
            assert set(stands) <= {"not_due", "due_today", "overdue"}


@SOME
@given(life=lives(RULES))
def test_a_suggestion_that_is_over_has_no_running_term_and_never_wakes(life: Life) -> None:
    engine = Engine(MemoryStore(), [RULES], clock=lambda: AFTER_ALL)
    for _, outcome in lived(engine, "1", life):
        if isinstance(outcome, Suggestion) and RULES.is_over(outcome):
            assert (list(outcome.running_terms()), wakes_on(RULES, outcome)) == ([], None)


@SOME
@given(life=lives(RULES))
def test_nobody_is_ever_stuck(life: Life) -> None:
    """In every state that waits for somebody there is somebody to wait for: no deadlock with several leads."""
    engine = Engine(MemoryStore(), [RULES], clock=lambda: AFTER_ALL)
    for _, outcome in lived(engine, "1", life):
        if isinstance(outcome, Suggestion):
            assert _waits_for_somebody(outcome), outcome


def _waits_for_somebody(suggestion: Suggestion) -> bool:
    match suggestion.state:
        case "received":
            return not suggestion.leads
        case "assigned":
            return bool(suggestion.leads) and not any(a.is_accepted for a in suggestion.leads)
        case "handling":
            return bool(suggestion.leads_without_reply)
        case "replied":
            replies = suggestion.current_replies
            return not suggestion.leads_without_reply and any(not suggestion.ratings_of(reply) for reply in replies)
        case "evaluated":
            return not suggestion.leads_without_reply and bool(suggestion.current_replies)
        case _:
            return RULES.is_over(suggestion)


@SOME
@given(life=lives(RULES))
def test_the_compiled_table_and_the_machine_agree_on_every_step(life: Life) -> None:
    engine = Engine(MemoryStore(), [RULES], clock=lambda: AFTER_ALL)
    for (_, by, act), (before, outcome) in zip(life, lived(engine, "1", life), strict=True):
        if isinstance(outcome, Suggestion):
            state = before.state if before else ""
            assert walk(RULES.lifecycle, state, type(act), by.role, outcome) == outcome.state


def test_every_act_of_the_library_has_a_transition_or_is_for_other_laws() -> None:
    """Suspend and Resume belong to lifecycles whose law knows them, Publish to rulebooks that turn it on."""
    lifecycle = load_preset("cn.national").lifecycle
    assert {act.verb for act in ACTS} - {act.verb for act in lifecycle.acts} == {"publish", "suspend", "resume"}


def test_the_table_holds_every_transition_of_the_lifecycle() -> None:
    lifecycle = load_preset("cn.national").lifecycle
    compiled = [transition for transitions in table(lifecycle).values() for transition in transitions]

    assert sorted(map(repr, compiled)) == sorted(map(repr, lifecycle.transitions))
