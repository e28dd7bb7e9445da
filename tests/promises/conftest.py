"""Where a promise is tried that each database must keep, unless a module says otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from handleflow import MemoryStore, Store
from handleflow.stores.sql import SqlStore
from tests.databases import fresh_postgres
from tests.markers import POSTGRES


@pytest.fixture(params=["sqlite", POSTGRES])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database."""
    return f"sqlite:///{tmp_path / 'a.db'}" if request.param == "sqlite" else fresh_postgres()


@pytest.fixture
def store(where: str) -> Iterator[SqlStore]:
    """A store in it."""
    with closing(SqlStore(where)) as opened:
        yield opened


STORES = ["memory", "sqlite", POSTGRES]


@contextmanager
def store_of(kind: str, folder: Path) -> Iterator[Store]:
    """A new store of a kind."""
    if kind == "memory":
        yield MemoryStore()
        return
    with closing(SqlStore(fresh_postgres() if kind == "postgres" else str(folder / "a.db"))) as kept:
        yield kept


@pytest.fixture(params=STORES)
def any_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A store of each kind."""
    with store_of(request.param, tmp_path) as made:
        yield made
