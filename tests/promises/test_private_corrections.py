"""Does a corrected private field lie apart in every store, for those who may read it, and go when it is erased?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from handleflow import Engine, MemoryStore, Store
from handleflow.acts import Correct, Receive
from handleflow.core import private_values
from handleflow.stores.sql import SqlStore
from handleflow.verification import verify
from tests.beginnings import OFFICE, rulebook
from tests.databases import fresh_postgres
from tests.markers import POSTGRES


@pytest.fixture(params=["memory", "sqlite", POSTGRES])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    if request.param == "memory":
        yield MemoryStore()
        return
    with closing(SqlStore(fresh_postgres() if request.param == "postgres" else str(tmp_path / "a.db"))) as opened:
        yield opened


def test_it_is_found_by_who_may_and_by_nobody_once_it_is_erased(store: Store) -> None:
    engine = Engine(store, [rulebook()])
    engine.execute("1", Receive("Pipes", "Deputy A", phone="first placeholder"), by=OFFICE)
    engine.execute("1", Correct(1, "phone", None, "typo", private_value="second placeholder"), by=OFFICE)

    assert private_values(engine.history("1")) == {(1, "phone"): "second placeholder"}
    assert [b"placeholder" in entry.body for entry in store.entries("1")] == [False, False]
    assert private_values([item.entry for item in store.feed()]) == {}
    assert private_values([item.entry for item in store.feed(private=True)]) == {(1, "phone"): "second placeholder"}
    assert store.erase("1") == 2
    assert (private_values(engine.history("1")), list(verify(store))) == ({}, [])
