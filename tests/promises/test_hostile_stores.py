"""What a hostile reading of the stores found: each by its smallest example, with what should happen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool

from handleflow import (
    Act,
    Asked,
    Classify,
    Engine,
    MemoryStore,
    MergeWith,
    Reason,
    Receive,
    Request,
    Suggestion,
    load,
)
from handleflow.errors import NotAStore, NoTransaction, StoreError
from handleflow.keeping import backup, rebuild, restore
from handleflow.model import Entry, Question
from handleflow.store import Query
from handleflow.stores.sql import SqlStore
from handleflow.values import frozen
from tests.beginnings import OFFICE, rulebook
from tests.databases import fresh_postgres
from tests.promises import tampering
from tests.promises.tampering import RULES, engine_on, lived


@pytest.fixture
def file(tmp_path: Path) -> Iterator[tuple[SqlStore, str]]:
    """An SQLite file, which keeps whatever is written into it."""
    path = f"sqlite:///{tmp_path / 'a.db'}"
    with closing(SqlStore(path)) as opened:
        yield opened, path


class TestKeys:
    """An idempotency key stands for one request, and only for that."""

    def test_a_key_fits_its_act_however_a_value_of_it_was_spelt(self, store: SqlStore) -> None:
        engine, lines = engine_on(store), list[str]()
        engine.execute("1", Receive("Pipes", "Deputy A"), by=OFFICE, key="k0")
        engine.execute("1", Classify(is_key=1), by=OFFICE, key="k1")  # type: ignore[arg-type]  # read back as true
        backup(store, lines.append, private=True)

        assert list(store.flaws()) == []
        assert restore(Engine(MemoryStore(), [RULES]), lines).taken_in == 1

    @pytest.mark.parametrize("expect", [1, None])
    @pytest.mark.parametrize("is_many", [False, True])
    def test_of_two_copies_of_a_merge_at_once_the_second_gets_what_was_recorded(
        self, where: str, expect: int | None, is_many: bool
    ) -> None:
        with closing(SqlStore(where)) as others, closing(Between(where)) as ours:
            other, engine = engine_on(others), engine_on(ours)
            for id in "ab":
                other.execute(id, Receive("Pipes", "Deputy A"), by=OFFICE)
            request = Request("a", MergeWith("b"), OFFICE, None, expect, "m")
            ours.meanwhile = lambda: other.execute_many([request])
            found = engine.execute_many([request])[0] if is_many else engine._executed(request)

            assert isinstance(found, Suggestion)
            assert (found.merged_with, len(others.history("a"))) == (("b",), 2)

    def test_so_it_is_with_a_hosts_own_act_that_two_suggestions_record(self, where: str) -> None:
        arrow = {"act": "pair", "source": ["received"], "target": "same", "who": ["congress_office"]}
        rules = load("cn.national", changes={"name": "test", "version": "1", "arrow": [arrow]}, acts=[Pair])
        with closing(SqlStore(where, own=[Pair])) as others, closing(Between(where, own=[Pair])) as ours:
            other, engine = Engine(others, [rules]), Engine(ours, [rules])
            for id in "ab":
                other.execute(id, Receive("Pipes", "Deputy A"), by=OFFICE)
            ours.meanwhile = lambda: other.execute("a", Pair("b"), by=OFFICE, key="m")

            assert engine.execute("a", Pair("b"), by=OFFICE, key="m").own("pair") == "b"


def _has_no_pair(question: Question[Any]) -> Iterator[Reason]:
    if question.suggestion.own("pair"):
        yield Reason("has_a_pair", "it has one", "已有")


@frozen
class Pair(Act):
    """A host's own act, which its counterpart refuses the second time."""

    verb = "pair"
    kind = "paired"
    checks = (_has_no_pair,)
    other: str

    def counterpart(self, suggestion: Suggestion) -> tuple[str, Act]:
        return self.other, Pair(suggestion.id)

    def effect(self, suggestion: Suggestion, asked: Asked) -> Suggestion:
        return suggestion.with_own("pair", self.other)


class Between(SqlStore):
    """Lets somebody else act just before the other side of a merge is loaded."""

    meanwhile: Callable[[], object] | None = None

    def load(self, id: str) -> Suggestion | None:
        act, self.meanwhile = (self.meanwhile, None) if id == "b" else (None, self.meanwhile)
        if act is not None:
            act()
        return super().load(id)


class TestHostsEngines:
    """What would send the store's statements elsewhere, or lend its connection to two at once, is refused by name."""

    @pytest.mark.database
    def test_mapped_schemas(self) -> None:
        database = create_engine(fresh_postgres())
        mapped = database.execution_options(schema_translate_map={None: "tenant_a"})
        with closing(SqlStore(database)) as store:
            with pytest.raises(NotAStore, match="maps schemas"):
                SqlStore(mapped, create=False)
            with (
                mapped.connect() as connection,
                connection.begin(),
                pytest.raises(NoTransaction, match="maps schemas"),
            ):
                store.bind(connection).load("1")

    def test_one_connection_for_all_threads(self, tmp_path: Path) -> None:
        database = create_engine(f"sqlite:///{tmp_path / 'a.db'}", poolclass=StaticPool)

        with pytest.raises(NotAStore, match="one connection for all threads"):
            SqlStore(database)

    def test_what_a_hosts_own_trigger_refuses_is_no_lost_race(self, file: tuple[SqlStore, str]) -> None:
        store, path = file
        engine = lived(store)
        tampering.forge(
            path,
            "CREATE TRIGGER own BEFORE UPDATE ON {p}suggestions BEGIN SELECT RAISE(ABORT, 'not on a Sunday'); END",
        )

        with pytest.raises(StoreError, match="not on a Sunday"):
            engine.execute("1", Classify("roads"), by=OFFICE)


class TestTampering:
    """What one statement at the database changes is found, and stops nobody else."""

    @pytest.mark.parametrize(
        ("statement", "name"),
        [
            ("{set} wakes_on = strftime('%Y-W', wakes_on) || '20-2' WHERE id = '1'", "waking day"),
            ("{set} is_key = 2 WHERE id = '1'", "is_key"),
        ],
    )
    def test_what_reads_as_the_same_and_is_not_looked_for_as_the_same(
        self, file: tuple[SqlStore, str], statement: str, name: str
    ) -> None:
        store, path = file
        engine = lived(store)
        engine.execute("1", Classify(is_key=True), by=OFFICE)
        tampering.forge(path, statement)
        said = [flaw.what for flaw in store.flaws()]

        assert said == [f"its stored {name} is not what its history derives; `handleflow rebuild` sets that right"]
        assert (rebuild(engine).changed, list(store.flaws())) == (("1",), [])

    def test_a_snapshot_that_is_no_text_stops_no_other(self, file: tuple[SqlStore, str]) -> None:
        store, path = file
        engine = lived(store)
        tampering.forge(path, "{set} picture = CAST(x'ff' AS TEXT) WHERE id = '1'")

        assert {flaw.id for flaw in store.flaws()} == {"1"}
        assert (rebuild(engine).changed, list(store.flaws())) == (("1",), [])

    def test_rows_of_nobody_are_found(self, file: tuple[SqlStore, str]) -> None:
        store, path = file
        lived(store)
        tampering.forge(path, "INSERT INTO {p}parties VALUES ('ghost', 'unit', 'Water Bureau')")

        assert {flaw.id for flaw in store.flaws()} == {"ghost"}

    def test_a_rulebook_under_another_version_than_its_own_is_found(self, store: SqlStore, where: str) -> None:
        lived(store)
        tampering.forge(where, "UPDATE {p}rulebooks SET version = '7'")

        assert "its text is that of test 1" in {flaw.what for flaw in store.flaws()}

    def test_another_ones_snapshot_stops_no_backup(self, store: SqlStore, where: str) -> None:
        lived(store)
        tampering.forge(where, "{set} picture = (SELECT picture FROM {p}suggestions WHERE id = '2') WHERE id = '1'")
        lines: list[str] = []

        assert (backup(store, lines.append).suggestions, len(store.find(Query()).suggestions)) == (3, 3)


class Late(SqlStore):
    """Somebody opens it with a newer rulebook, and records under it, when it begins to be verified."""

    def ids(self) -> Iterator[str]:
        Engine(self, [rulebook(version="2")]).execute("0", Receive("Lamps", "Deputy B"), by=OFFICE)
        return super().ids()


class Unfolded(MemoryStore):
    """A history that nobody can read."""

    def history(self, id: str) -> tuple[Entry, ...]:
        raise LookupError(id)


def test_what_cannot_be_folded_is_kept_back_as_a_confidential_one_is() -> None:
    store = Unfolded()
    engine_on(store).execute("1", Receive("Pipes", "Deputy A"), by=OFFICE)
    public, private = (backup(store, list[str]().append, private=each) for each in (False, True))

    assert [(done.suggestions, done.withheld) for done in (public, private)] == [(0, 1), (1, 0)]


def test_a_rulebook_that_comes_while_it_is_verified_is_no_flaw(where: str) -> None:
    with closing(Late(where)) as store:
        lived(store)

        assert list(store.flaws()) == []
