"""Does a corrected private field lie apart in every store, for those who may read it, and go when it is erased?"""

from __future__ import annotations

import pytest

from handleflow import Engine, Store
from handleflow.acts import Correct, Receive
from handleflow.core import private_values
from handleflow.verification import verify
from tests.beginnings import OFFICE, rulebook


@pytest.fixture
def store(any_store: Store) -> Store:
    """An empty store."""
    return any_store


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
