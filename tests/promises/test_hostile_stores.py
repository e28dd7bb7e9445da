"""What a hostile reading of the stores found: each by its smallest example, with what should happen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool

from handleflow import Act, Engine, MemoryStore, Provenance, Reason, Request, Suggestion, load
from handleflow.acts import Classify, MergeWith, Receive
from handleflow.backup import backup, restore
from handleflow.codec import Codec
from handleflow.engine import rebuild
from handleflow.errors import BrokenBackup, NotAStore, NoTransaction, StoreError
from handleflow.hash_chain import StoredEntry
from handleflow.model import Entry, Question
from handleflow.store import Query
from handleflow.stores.sql import SqlStore
from handleflow.values import frozen
from handleflow.verification import verify
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


class Spelt(str):
    """Text of a host's own class."""

    __slots__ = ()


class TestKeys:
    """An idempotency key stands for one request, and only for that."""

    def test_a_key_fits_its_act_however_a_value_of_it_was_spelt(self, store: SqlStore) -> None:
        engine, lines = engine_on(store), list[str]()
        engine.execute("1", Receive("Pipes", "Deputy A"), by=OFFICE, key="k0")
        engine.execute("1", Classify(Spelt("roads")), by=OFFICE, key="k1")  # read back as plain text
        backup(store, lines.append, private=True)

        assert list(verify(store)) == []
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
            found = engine.execute_many([request])[0] if is_many else engine._execution.one(request)

            assert isinstance(found, Suggestion)
            assert (found.merged_with, len(others.history("a"))) == (("b",), 2)

    def test_so_it_is_with_a_hosts_own_act_that_two_suggestions_record(self, where: str) -> None:
        transition = {"act": "pair", "source": ["received"], "target": "same", "who": ["congress_office"]}
        rules = load("cn.national", changes={"name": "test", "version": "1", "transition": [transition]}, acts=[Pair])
        with closing(SqlStore(where, own=[Pair])) as others, closing(Between(where, own=[Pair])) as ours:
            other, engine = Engine(others, [rules]), Engine(ours, [rules])
            for id in "ab":
                other.execute(id, Receive("Pipes", "Deputy A"), by=OFFICE)
            ours.meanwhile = lambda: other.execute("a", Pair("b"), by=OFFICE, key="m")

            assert engine.execute("a", Pair("b"), by=OFFICE, key="m").own("pair") == "b"


def _has_no_pair(question: Question[Any]) -> Iterator[Reason]:
    if question.suggestion.own("pair"):
        yield Reason("has_a_pair", en="it has one", zh="已有")


@frozen
class Pair(Act):
    """A host's own act, which its counterpart refuses the second time."""

    verb = "pair"
    kind = "paired"
    checks = (_has_no_pair,)
    other: str

    def mirrored_act(self, suggestion: Suggestion) -> tuple[str, Act]:
        return self.other, Pair(suggestion.id)

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
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
            ("{set} wakes_at = replace(wakes_at, ' ', 'T') WHERE id = '1'", "waking instant"),
            ("{set} wakes_at = substr(wakes_at, 1, 16) WHERE id = '1'", "waking instant"),
            ("{set} due_on = strftime('%Y-W', due_on) || '20-2' WHERE id = '1'", "due_on"),
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
        said = [fault.what for fault in verify(store)]

        assert said == [f"its stored {name} is not what its history derives; `handleflow rebuild` sets that right"]
        assert (rebuild(engine).changed, list(verify(store))) == (("1",), [])

    def test_a_snapshot_that_is_no_text_stops_no_other(self, file: tuple[SqlStore, str]) -> None:
        store, path = file
        engine = lived(store)
        tampering.forge(path, "{set} snapshot = CAST(x'ff' AS TEXT) WHERE id = '1'")

        assert {fault.id for fault in verify(store)} == {"1"}
        assert (rebuild(engine).changed, list(verify(store))) == (("1",), [])

    def test_an_entry_whose_hash_is_none_holds_up_no_other_in_the_feed(self, store: SqlStore, where: str) -> None:
        engine = lived(store)
        tampering.forge(where, "UPDATE {p}entries SET hash = 'nonsense' WHERE {its} AND number = 2")
        engine.execute("4", Receive("Lamps", "Deputy A"), by=OFFICE)

        keys = [item.key for item in store.feed()]
        assert ("1/2" in keys, keys[-1], store.digest().position) == (False, "4/1", len(keys))
        assert [(fault.id, fault.number) for fault in verify(store) if fault.number] == [("1", 2), ("1", 3)]

    def test_a_root_that_is_no_hash_is_told_in_words(self, store: SqlStore, where: str) -> None:
        lived(store).store.digest()
        tampering.forge(where, "UPDATE {p}feed_tree SET hash = 'nonsense'")
        with pytest.raises(StoreError, match="the feed's tree does not fit"):
            store.digest()

    def test_a_version_that_is_no_number_stops_no_other(self, file: tuple[SqlStore, str]) -> None:
        store, where = file
        lived(store)
        tampering.forge(where, "UPDATE {p}suggestions SET version = 'x' WHERE id = '1'")
        with closing(SqlStore(where)) as opened:
            assert [each.id for each in opened.snapshots()] == ["1", "2", "3"]
            assert opened.load("1") == store.load("1")
            assert [fault.id for fault in verify(opened)] == ["1"]

    @pytest.mark.parametrize("what", ["rulebook", "calendar"])
    def test_what_stands_in_the_place_of_a_text_is_found(self, what: str, file: tuple[SqlStore, str]) -> None:
        store, where = file
        lived(store)
        tampering.forge(where, f"UPDATE {{p}}{what}s SET document = X'00'")  # noqa: S608  one of two names

        assert [fault.what for fault in verify(store) if what in fault.id][:1] == [
            "its text is not the one it was kept with"
        ]

    def test_a_calendar_under_another_version_than_its_own_is_found(self, store: SqlStore, where: str) -> None:
        lived(store)
        tampering.forge(where, "UPDATE {p}calendars SET version = '9'")

        assert [fault.what for fault in verify(store)] == [
            f"its text is that of {RULES.calendar.name} {RULES.calendar.version}"
        ]

    def test_rows_of_nobody_are_found(self, file: tuple[SqlStore, str]) -> None:
        store, path = file
        lived(store)
        tampering.forge(path, "INSERT INTO {p}facets VALUES ('ghost', 'unit', 'Water Bureau')")

        assert {fault.id for fault in verify(store)} == {"ghost"}

    def test_a_rulebook_under_another_version_than_its_own_is_found(self, store: SqlStore, where: str) -> None:
        lived(store)
        tampering.forge(where, "UPDATE {p}rulebooks SET version = '7'")

        assert "its text is that of test 1" in {fault.what for fault in verify(store)}

    def test_another_ones_snapshot_stops_no_backup(self, store: SqlStore, where: str) -> None:
        lived(store)
        tampering.forge(where, "{set} snapshot = (SELECT snapshot FROM {p}suggestions WHERE id = '2') WHERE id = '1'")
        lines: list[str] = []

        assert (backup(store, lines.append).suggestions, len(store.find(Query()).suggestions)) == (3, 3)


def test_a_calendar_of_a_backup_that_is_called_otherwise_takes_no_name_in_a_store() -> None:
    lines, there = list[str](), MemoryStore()
    backup(lived(MemoryStore()).store, lines.append)
    kept = f'"calendar":["{RULES.calendar.name}","{RULES.calendar.version}"'
    forged = [line.replace(kept, f'"calendar":["{RULES.calendar.name}","2099.1"') for line in lines]
    with pytest.raises(BrokenBackup, match=r"2099\.1: its text is that of"):
        restore(engine_on(there), forged)

    assert [each.version for each in there.calendars()] == [RULES.calendar.version]


class Late(SqlStore):
    """Somebody opens it with a newer rulebook, and records under it, when it begins to be verified."""

    def ids(self) -> Iterator[str]:
        Engine(self, [rulebook(version="2")]).execute("0", Receive("Lamps", "Deputy B"), by=OFFICE)
        return super().ids()


class Unread(Codec):
    """Entries that nobody can read."""

    def decode(self, stored: StoredEntry) -> Entry:
        raise LookupError(stored.number)


def test_what_cannot_be_folded_is_kept_back_as_a_confidential_one_is() -> None:
    store = MemoryStore()
    store.codec = Unread()
    engine_on(store).execute("1", Receive("Pipes", "Deputy A"), by=OFFICE)
    public, private = (backup(store, list[str]().append, private=each) for each in (False, True))

    assert [(done.suggestions, done.withheld) for done in (public, private)] == [(0, 1), (1, 0)]


def test_a_rulebook_that_comes_while_it_is_verified_is_no_fault(where: str) -> None:
    with closing(Late(where)) as store:
        lived(store)

        assert list(verify(store)) == []
