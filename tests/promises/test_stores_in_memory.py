"""Is a store in memory one store for all threads? SQLite's own is not, and is refused however it is spelled."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from sqlite3 import connect
from typing import Any

import pytest
from sqlalchemy import Engine as Database
from sqlalchemy import create_engine, event
from sqlalchemy.pool import QueuePool

from handleflow import Engine, MemoryStore, Store
from handleflow.acts import Classify, Receive
from handleflow.cli import main
from handleflow.errors import NotAStore
from handleflow.stores.sql import SqlStore
from handleflow.verification import verify
from tests.beginnings import OFFICE, instant, rulebook

RULES = rulebook()
SPELLINGS = [
    ":memory:",
    "sqlite://",
    "sqlite:///",
    "sqlite:///:memory:",
    "sqlite+pysqlite:///:memory:",
    "sqlite:///file::memory:?uri=true",
    "sqlite:///file::memory:?cache=shared&uri=true",
    "sqlite:///file:?uri=true",
    "sqlite:///file:x?vfs=memdb&uri=true",
    "sqlite:///file:/shared?vfs=memdb&uri=true",
]
ODD_NAMES = ["file:a?mode=memory", "file::memory:", "sqlite:///file:a", "sqlite:///file:/a/b.db"]


@pytest.mark.parametrize("where", SPELLINGS)
def test_sqlites_own_memory_is_refused_by_name_with_what_would_work(where: str) -> None:
    with pytest.raises(NotAStore, match="lies in memory, where each thread has a database of its own; give a file"):
        SqlStore(where)


@pytest.mark.filterwarnings("ignore:Selection of the SingletonThreadPool")
@pytest.mark.parametrize("more", ["", "&cache=shared"])
def test_so_it_is_by_its_mode(more: str) -> None:
    with pytest.raises(NotAStore, match="lies in memory"):
        SqlStore(f"sqlite:///file:a?mode=memory&uri=true{more}")


@pytest.mark.parametrize(
    "made",
    [
        pytest.param(lambda: create_engine("sqlite://"), id="as it comes"),
        pytest.param(lambda: create_engine("sqlite:///file::memory:?uri=true", poolclass=QueuePool), id="a pool"),
        pytest.param(lambda: create_engine("sqlite:///file:/a?vfs=memdb&uri=true"), id="memdb"),
        pytest.param(
            lambda: create_engine("sqlite://", creator=lambda: connect("file:/a?vfs=memdb", uri=True)),
            id="memdb by hand",
        ),
    ],
)
def test_so_it_is_when_a_host_made_the_engine(made: Callable[[], Database]) -> None:
    with pytest.raises(NotAStore, match="lies in memory"):
        SqlStore(made())


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("where", ODD_NAMES)
def test_what_would_become_a_file_of_an_odd_name_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(NotAStore, match="would be a file of that name"):
        SqlStore(where)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("where", [*SPELLINGS, *ODD_NAMES])
@pytest.mark.parametrize(
    "command", [["demo"], ["report"], ["health"], ["verify"], ["upgrade"], ["restore", "{file}"]]
)
def test_no_command_takes_one_for_a_store(
    command: list[str],
    where: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.jsonl").write_text('{"backup":"handleflow backup","format":1}\n', encoding="utf-8")
    code = main([*(part.format(file="a.jsonl") for part in command), "--store", where])

    assert (code, [path.name for path in tmp_path.iterdir()]) == (2, ["a.jsonl"])
    assert capsys.readouterr().err.startswith("handleflow: ")


def acts_of_threads(store: Store) -> list[str]:
    """What eight threads did that were there at once, each to a suggestion of its own: the categories found."""
    engine, gate, failed = Engine(store, [RULES]), threading.Barrier(8), list[Exception]()

    def work(id: str) -> None:
        try:
            engine.execute(id, Receive("Pipes", "Deputy A"), by=OFFICE, at=instant("2026-02-09"))
            gate.wait(timeout=30)
            engine.execute(id, Classify(id), by=OFFICE, at=instant("2026-02-09"))
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=work, args=(str(n),)) for n in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert failed == []
    return [suggestion.category or "" for suggestion in store.snapshots()]


def test_the_memory_store_is_one_for_all_threads() -> None:
    store = MemoryStore()

    assert acts_of_threads(store) == list("01234567")
    assert (len(store.feed()), list(verify(store))) == (16, [])


def test_a_file_whose_journal_a_host_keeps_in_memory_lies_in_a_file(tmp_path: Path) -> None:
    database = create_engine(f"sqlite:///{tmp_path / 'a.db'}")

    @event.listens_for(database, "connect")
    def _in_memory(connection: Any, _: Any) -> None:
        connection.execute("PRAGMA journal_mode=MEMORY")

    with closing(SqlStore(database)) as store:
        assert list(store.ids()) == []
    database.dispose()


def test_a_file_is_one_for_all_threads(tmp_path: Path) -> None:
    for where in (tmp_path / "a.db", f"sqlite:///file:{tmp_path / 'b.db'}?uri=true"):
        with closing(SqlStore(str(where))) as store:
            assert acts_of_threads(store) == list("01234567")
            assert (len(store.feed()), list(verify(store))) == (16, [])
