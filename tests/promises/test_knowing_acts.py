"""Does a store know every act of the rulebooks an engine holds? It is asked when the engine is made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from handleflow import Act, Engine, Event, MemoryStore, Store, load, load_preset
from handleflow.errors import UnknownKind
from handleflow.stores.sql import SqlStore
from handleflow.values import frozen
from tests.databases import fresh_postgres
from tests.markers import POSTGRES

Open = Callable[[Iterable[type[Event]]], Store]


@frozen
class Note(Act):
    """A host's own act."""

    verb = "note"
    kind = "noted"


@frozen
class Visit(Act):
    """Another one."""

    verb = "visit"
    kind = "was_visited"


CHANGES = {
    "name": "city",
    "version": "1",
    "transition": [
        {"act": verb, "source": ["received"], "target": "same", "who": ["unit"]} for verb in ("note", "visit")
    ],
}
RULES = load("cn.national", acts=[Note, Visit], changes=CHANGES)


@pytest.fixture(params=["memory", "sqlite", POSTGRES])
def open_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    with ExitStack() as opened:

        def one(own: Iterable[type[Event]]) -> Store:
            if request.param == "memory":
                return MemoryStore(own)
            where = fresh_postgres() if request.param == "postgres" else str(tmp_path / "a.db")
            return opened.enter_context(closing(SqlStore(where, own=own)))

        yield one


def test_an_engine_whose_store_was_not_told_of_an_act_is_not_made_and_every_such_act_is_named(
    open_store: Open,
) -> None:
    store = open_store([])
    with pytest.raises(UnknownKind, match=r"rulebook city 1 knows acts .*: Note, Visit; hand .* own="):
        Engine(store, [load_preset("cn.national"), RULES])
    with pytest.raises(UnknownKind, match="told of: Visit; hand"):
        Engine(open_store([Note]), [RULES])

    assert store.rulebooks() == ()


def test_with_all_of_them_it_is_made(open_store: Open) -> None:
    assert Engine(open_store([Note, Visit]), [RULES]).rulebooks == (RULES,)
