"""Do the library's own stores keep what every store promises, and would a broken one be found out?"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from inspect import signature
from itertools import count, product
from pathlib import Path
from typing import Any

import pytest
from attrs import define, field

from handleflow import Event, HandleflowError, MemoryStore, Store
from handleflow.store import Indexed
from handleflow.stores.sql import SqlStore
from handleflow.testing import IndexedContract, LastingContract, StoreContract
from tests.databases import fresh_postgres
from tests.promises.faults.broken_clocks_and_counts import FINDS

FAILURES = (AssertionError, pytest.fail.Exception, HandleflowError)


@define
class Opening:
    """Opens new stores and the same ones again, and closes them all in the end."""

    new_place: Callable[[], str]
    opened: dict[SqlStore, str] = field(factory=dict)

    def new(self, own: Iterable[type[Event]] = ()) -> SqlStore:
        return self.at(self.new_place(), own)

    def at(self, place: str, own: Iterable[type[Event]] = ()) -> SqlStore:
        store = SqlStore(place, own=own)
        self.opened[store] = place
        return store

    def again(self, store: SqlStore) -> SqlStore:
        store.close()
        return self.at(self.opened[store])


def opening(new_place: Callable[[], str]) -> Iterator[Opening]:
    stores = Opening(new_place)
    yield stores
    for store in stores.opened:
        store.close()


class TestMemory(IndexedContract):
    @pytest.fixture
    def make_store(self) -> type[MemoryStore]:
        return MemoryStore


class Unindexed:
    """A store that keeps the promises of one, and has nothing of what an index does better."""

    def __init__(self, own: Iterable[type[Event]] = ()) -> None:
        self._kept = MemoryStore(own)

    def __getattr__(self, name: str) -> Any:
        if name in vars(Indexed):
            raise AttributeError(name)
        return getattr(self._kept, name)


class TestUnindexed(StoreContract):
    @pytest.fixture
    def make_store(self) -> type[Unindexed]:
        return Unindexed

    def test_it_is_none_that_is_indexed(self) -> None:
        """Without this the others would prove nothing."""
        assert (isinstance(Unindexed(), Indexed), isinstance(MemoryStore(), Indexed)) == (False, True)


class OnDisk(LastingContract, IndexedContract):
    @pytest.fixture
    def make_store(self, stores: Opening) -> Callable[..., SqlStore]:
        return stores.new

    @pytest.fixture
    def reopen(self, stores: Opening) -> Callable[[SqlStore], SqlStore]:
        return stores.again


class TestSqlite(OnDisk):
    @pytest.fixture
    def stores(self, tmp_path: Path) -> Iterator[Opening]:
        numbers = count()
        yield from opening(lambda: str(tmp_path / f"{next(numbers)}.db"))


@pytest.mark.database
class TestPostgres(OnDisk):
    @pytest.fixture
    def stores(self) -> Iterator[Opening]:
        yield from opening(fresh_postgres)


PROMISES = {name: getattr(IndexedContract, name) for name in dir(IndexedContract) if name.startswith("test_")}
LASTING = {name: test for name, test in vars(LastingContract).items() if name.startswith("test_")}


def tried(name: str, make_store: Callable[..., Store], reopen: Callable[[Store], Store]) -> None:
    """One test of the contract, with every set of its parameters, each on a store of its own."""
    test = {**PROMISES, **LASTING}[name]
    marks = [mark.args for mark in getattr(test, "pytestmark", ()) if mark.name == "parametrize"]
    for chosen in product(*([sets_of(names, value) for value in values] for names, values in marks)):
        given = {key: value for each in chosen for key, value in each.items()}
        fixtures = {"make_store": make_store, "reopen": reopen, "store": make_store()}
        wanted = {key: value for key, value in fixtures.items() if key in signature(test).parameters}
        test(OnDisk(), **wanted, **given)


def sets_of(names: str | Iterable[str], value: Any) -> dict[str, Any]:
    """The parameters a test is given by one line of ``parametrize``."""
    keys = names.split(",") if isinstance(names, str) else list(names)
    values = getattr(value, "values", None)
    return dict(zip(keys, values if values is not None else [value] if len(keys) == 1 else value, strict=True))


def named(parameter: type | str) -> str:
    return parameter if isinstance(parameter, str) else parameter.__name__


class TestBrokenStores:
    """For every promise there is a store that breaks it, and its test fails there."""

    @pytest.mark.parametrize("name", [*PROMISES, *LASTING])
    def test_every_promise_is_kept_by_a_store_that_is_whole(self, name: str) -> None:
        """Without this the others would prove nothing."""
        tried(name, MemoryStore, lambda store: store)

    @pytest.mark.parametrize(
        ("broken", "name"), [(broken, name) for broken, names in FINDS for name in names], ids=named
    )
    def test_a_broken_promise_is_found_out_by_its_test(self, broken: type[MemoryStore], name: str) -> None:
        with pytest.raises(FAILURES):
            tried(name, broken, lambda store: store)

    @pytest.mark.parametrize("name", LASTING)
    def test_a_store_that_forgets_when_it_is_closed_is_found_out(self, name: str) -> None:
        with pytest.raises(FAILURES):
            tried(name, MemoryStore, lambda _: MemoryStore())

    def test_no_promise_is_without_a_store_that_breaks_it(self) -> None:
        assert {name for _, names in FINDS for name in names} == set(PROMISES)

    def test_what_a_store_in_memory_cannot_promise_is_not_asked_of_it(self) -> None:
        assert [(hasattr(TestMemory, name), hasattr(OnDisk, name)) for name in LASTING] == [(False, True)] * 3


@pytest.mark.process
def test_the_front_door_does_not_load_the_kit() -> None:
    code = "import sys, handleflow, handleflow.stores.sql; print('handleflow.testing' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert run.stdout.strip() == "False"
