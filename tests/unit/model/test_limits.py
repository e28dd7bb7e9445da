"""How long may a name be? As long as every store can keep and look for, and no database is asked to say so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from handleflow import Actor, Engine, MemoryStore, Store
from handleflow.acts import Assign, Classify, Receive
from handleflow.errors import BrokenRulebook, EmptyWords, StoreError, TooLong
from handleflow.model import RulebookRef, TermKey
from handleflow.model.fields import LONGEST_CODE, LONGEST_NAME, LONGEST_VERSION
from handleflow.rulebooks import load
from handleflow.store import IdempotencyKey, Query, find
from handleflow.stores.sql import SqlStore
from tests.databases import fresh_postgres
from tests.markers import POSTGRES

OFFICE = Actor("congress_office", "Standing Committee Office (placeholder)")
RULES = load("cn.national")
WIDEST = "\U0001f6b0"  # four bytes in UTF-8, the most a character takes
NAME = WIDEST * LONGEST_NAME

TOO_LONG: dict[str, Callable[[], object]] = {
    "an id": lambda: Engine(MemoryStore(), [RULES]).execute(NAME + "x", Receive("Pipes", "Deputy A"), by=OFFICE),
    "a key": lambda: IdempotencyKey(NAME + "x", "d", 1, 1),
    "an actor": lambda: Actor("unit", NAME + "x"),
    "a role": lambda: Actor("r" * (LONGEST_CODE + 1), "Water Bureau"),
    "a deputy": lambda: Receive("Pipes", NAME + "x"),
    "a co-signer": lambda: Receive("Pipes", "Deputy A", (NAME + "x",)),
    "a session": lambda: Receive("Pipes", "Deputy A", session=NAME + "x"),
    "a category": lambda: Classify(NAME + "x"),
    "a lead unit": lambda: Assign((NAME + "x",)),
    "a rule": lambda: TermKey("r" * (LONGEST_CODE + 1), "Water Bureau"),
}


@pytest.fixture(params=["memory", "sqlite", POSTGRES])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A new and empty store."""
    if request.param == "memory":
        yield MemoryStore()
        return
    with closing(SqlStore(str(tmp_path / "s.db") if request.param == "sqlite" else fresh_postgres())) as opened:
        yield opened


@pytest.mark.parametrize("what", TOO_LONG)
def test_a_name_that_is_too_long_is_refused_before_a_store_is_asked(what: str) -> None:
    with pytest.raises(TooLong, match="are kept"):
        TOO_LONG[what]()


def test_the_longest_names_of_the_widest_letters_are_kept_and_found(store: Store) -> None:
    engine = Engine(store, [RULES])
    received = Receive("Pipes " * 10_000, NAME, (NAME[1:],), category=NAME, session=NAME, number=NAME, locality=NAME)
    engine.execute(NAME, received, by=Actor("congress_office", NAME), key=NAME)
    engine.execute(NAME, Assign((NAME,)), by=OFFICE)
    store.advance(NAME, 1)
    queries = [Query(category=NAME), Query(session=NAME), Query(deputy=NAME), Query(unit=NAME)]

    assert [[each.id for each in find(store, query).suggestions] for query in queries] == [[NAME]] * len(queries)
    assert (len(engine.recorded_under(NAME, NAME)), store.cursor(NAME)) == (1, 1)


def test_the_longest_names_of_a_rulebook_are_kept_and_counted_by(store: Store) -> None:
    name, version, rung = "n" * LONGEST_VERSION, "v" * LONGEST_VERSION, "r" * LONGEST_CODE
    step = {"id": rung, "term": "reply", "offset": "-15 days", "channel": "phone", "cite": "host"}
    rules = load("cn.national", changes={"name": name, "version": version, "rung": [step]})
    engine = Engine(store, [rules])
    engine.execute(NAME, Receive("Pipes", "Deputy A"), by=OFFICE)
    engine.execute(NAME, Assign((NAME,)), by=OFFICE)
    later = engine.now().add(months=6)
    said = Engine(store, [rules], clock=lambda: later).sweep().said

    assert [page.id for page in find(store, Query(rulebook=f"{name} {version}")).suggestions] == [NAME]
    assert [entry.event.firing_key.rung for _, entry in said if entry.kind == "supervised"] == [rung]  # type: ignore[attr-defined]


def test_a_reader_of_a_name_that_is_too_long_is_refused_by_every_store(store: Store) -> None:
    with pytest.raises(StoreError, match="are kept"):
        store.advance(NAME + "x", 1)


LONG_STATE = {"name": "s" * (LONGEST_CODE + 1), "en": "x", "zh": "x"}


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"name": "n" * (LONGEST_VERSION + 1)}, id="its own"),
        pytest.param({"version": "v" * (LONGEST_VERSION + 1)}, id="its version"),
        pytest.param({"state": [LONG_STATE]}, id="a state's"),
    ],
)
def test_a_rulebook_of_a_name_that_is_too_long_is_refused_when_it_is_loaded(changes: dict[str, Any]) -> None:
    with pytest.raises(BrokenRulebook, match="are kept"):
        load("cn.national", changes=changes)


def test_a_reference_needs_a_name_and_a_version() -> None:
    with pytest.raises(EmptyWords):
        RulebookRef("", "1")
