"""Is what verify says true? Everything derivable is compared, each suggestion by itself, and nothing is written."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import select

from handleflow import Engine, MemoryStore, Store
from handleflow.acts import Assign, Classify, Receive
from handleflow.backup import backup, restore
from handleflow.cli import main
from handleflow.engine import rebuild
from handleflow.errors import StoreError, WrongSuggestion
from handleflow.hash_chain import SALT_BYTES
from handleflow.store import IdempotencyKey, Query
from handleflow.stores._read_only import nothing_written
from handleflow.stores.sql import SqlStore
from handleflow.verification import verify
from tests.beginnings import OFFICE, later, rulebook
from tests.promises import tampering
from tests.promises.tampering import (
    DUE,
    OWN,
    RULES,
    RUNG,
    T,
    Unfolded,
    engine_on,
    insert_entry,
    lived,
    put_back,
    row_of,
)

Forge = Callable[..., None]


@pytest.fixture
def forge(where: str) -> Forge:
    return lambda *statements, **values: tampering.forge(where, *statements, **values)


def said(store: Store, id: str = "1") -> str:
    """What verify says of a suggestion, or else of the feed; it says nothing of any other."""
    faults = list(verify(store))

    assert {fault.id for fault in faults} <= {id, "(feed)"}
    return "; ".join(fault.what for fault in faults)


def everything(store: SqlStore) -> list[list[object]]:
    """Every row of every table."""
    with store._database.connect() as connection:
        return [list(connection.execute(select(t).order_by(*t.primary_key))) for t in T.metadata.sorted_tables]


SUGGESTION = [
    ("snapshot = ''", "snapshot", "a blank snapshot"),
    ("snapshot = replace(snapshot, 'Pipes', 'Gates')", "snapshot", "another snapshot"),
    ("snapshot_version = 3", "snapshot", "a snapshot said to be an older one"),
    ("snapshot_version = 9", "snapshot", "a snapshot said to be a newer one"),
    ("wakes_at = NULL", "waking instant", "no waking instant"),
    ("state = 'closed'", "state", "another state"),
    ("title = 'Gates'", "title", "another title"),
    ("category = 'x'", "category", "another category"),
    ("session = 'x'", "session", "another session"),
    ("is_key = true", "is_key", "a key suggestion"),
    ("is_confidential = true", "is_confidential", "made confidential"),
    ("due_on = NULL", "due_on", "no day due"),
    ("rulebook = 'x 1'", "rulebook", "another rulebook"),
]
BESIDE = [
    ("DELETE FROM {p}facets WHERE {its} AND kind = 'unit'", "facets", "a unit removed"),
    ("INSERT INTO {p}facets VALUES ('1', 'deputy', 'Deputy Z')", "facets", "a deputy forged"),
    ("DELETE FROM {p}facets WHERE {its} AND kind = 'leader'", "leaders", "a leader removed"),
    ("DELETE FROM {p}terms WHERE {its}", "terms", "terms removed"),
    ("UPDATE {p}terms SET due_on = '2030-01-01' WHERE {its}", "terms", "another day in the terms"),
    ("INSERT INTO {p}terms VALUES ('1', 'x', '', 1, 1, NULL)", "undated terms", "a term without a day"),
    ("DELETE FROM {p}firing_keys WHERE {its}", "firing keys", "a firing key removed"),
    (
        "INSERT INTO {p}firing_keys VALUES ('1', 'x', '', 1, 1, 'reminded', 1, 4)",
        "firing keys",
        "a firing key forged",
    ),
]
DERIVED = [
    *(pytest.param(f"{{set}} {put} WHERE id = '1'", name, id=id) for put, name, id in SUGGESTION),
    *(pytest.param(statement, name, id=id) for statement, name, id in BESIDE),
]


class TestDerived:
    """What is derived of a history is compared with what the history derives, and rebuild mends it."""

    @pytest.mark.parametrize(("statement", "name"), DERIVED)
    def test_whatever_is_derived_and_changed_is_found_by_its_name_and_mended(
        self, store: SqlStore, forge: Forge, statement: str, name: str
    ) -> None:
        engine = lived(store)
        whole = store.load("1")
        forge(statement)
        found, rebuilt = said(store), rebuild(engine)

        assert found == f"its stored {name} is not what its history derives; `handleflow rebuild` sets that right"
        assert (rebuilt.changed, rebuilt.left, said(store), store.load("1")) == (("1",), (), "", whole)
        assert rebuild(engine).changed == ()

    def test_an_older_snapshot_put_back_with_its_version_is_found_and_mended(
        self, store: SqlStore, where: str
    ) -> None:
        engine = lived(store)
        before = row_of(where, "1")
        engine.execute("1", Classify(is_confidential=True), by=OFFICE)
        newest = store.load("1")
        put_back(where, before)

        assert said(store).startswith(
            "it stands behind version 4, the newest that was recorded: somebody inserted it"
        )
        assert (rebuild(engine).changed, said(store), store.load("1")) == (("1",), "", newest)

    def test_another_ones_snapshot_in_its_place_stops_no_list_and_is_mended(
        self, store: SqlStore, forge: Forge, where: str
    ) -> None:
        engine = lived(store)
        whole = list(store.snapshots())
        forge("{set} snapshot = (SELECT snapshot FROM {p}suggestions WHERE id = '2') WHERE id = '1'")

        assert (list(store.snapshots()), list(store.find(Query()).suggestions)) == (whole, whole)
        with closing(SqlStore(where)) as who_held_nothing, pytest.raises(WrongSuggestion):
            who_held_nothing.load("1")
        assert said(store) != ""
        assert (rebuild(engine).changed, said(store), list(store.snapshots())) == (("1",), "", whole)

    def test_a_forged_firing_key_silences_the_clock_no_longer_when_it_is_mended(
        self, store: SqlStore, forge: Forge
    ) -> None:
        engine = engine_on(store)
        engine.execute("1", Receive("Lamps", "Deputy A"), by=OFFICE)
        engine.execute("1", Assign(("Water Bureau",)), by=OFFICE)
        forge("INSERT INTO {p}firing_keys VALUES ('1', 'reply', 'Water Bureau', 1, 1, 'reminded', 1, 1)")
        silenced = later(engine, DUE).sweep()
        rebuild(engine)

        assert (silenced.said, silenced.stale) == ((), ("1",))
        assert [(id, entry.kind) for id, entry in later(engine, DUE).sweep().said] == [("1", "supervised")]

    def test_a_version_that_was_lowered_or_raised_is_found_and_set_right(self, store: SqlStore, forge: Forge) -> None:
        engine = lived(store)
        for version, words in ((1, "its hash is not the one recorded"), (9, "the history ends here, yet entry 9")):
            forge("{set} version = :version WHERE id = '1'", version=version)

            assert words in said(store)
            assert (rebuild(engine).changed, said(store)) == (("1",), "")

    @pytest.mark.parametrize("is_numbered", [True, False])
    def test_a_history_that_was_cut_off_is_left_and_its_version_not_lowered(
        self, store: SqlStore, forge: Forge, where: str, is_numbered: bool
    ) -> None:
        engine = lived(store)
        if is_numbered:
            store.digest()
        forge("DELETE FROM {p}entries WHERE {its} AND number = 4")
        rebuilt = rebuild(engine)

        assert "the history ends here, yet entry 4 was recorded" in said(store)
        assert rebuilt.left == (("1", "suggestion 1: the history ends at 3, yet more was recorded"),)
        assert (rebuilt.changed, row_of(where, "1")["version"]) == ((), 4)

    def test_a_history_that_was_changed_is_left_with_what_is_wrong(self, store: SqlStore, forge: Forge) -> None:
        engine = lived(store)
        forge("UPDATE {p}entries SET by_name = 'x' WHERE {its} AND number = 2")

        assert [(id, "entry 2: it was changed" in why) for id, why in rebuild(engine).left] == [("1", True)]

    def test_a_day_that_is_none_is_mended_where_a_database_takes_it(self, tmp_path: Path) -> None:
        with closing(SqlStore(str(tmp_path / "a.db"))) as store:
            engine = lived(store)
            tampering.forge(f"sqlite:///{tmp_path / 'a.db'}", "{set} wakes_at = 'x' WHERE id = '1'")

            assert said(store).startswith("its stored waking instant is not what its history derives")
            assert (rebuild(engine).changed, said(store)) == (("1",), "")

    def test_a_suggestion_whose_row_was_removed_is_found_and_set_up_anew(self, tmp_path: Path) -> None:
        path = tmp_path / "a.db"
        with closing(SqlStore(str(path))) as store:
            engine = lived(store)
            feed, before = store.feed(), everything(store)
            with closing(sqlite3.connect(path)) as other:  # which asks no foreign keys
                other.execute("DELETE FROM handleflow_suggestions WHERE id = '1'")
                other.execute("DELETE FROM handleflow_facets WHERE suggestion_id = '1'")
                other.commit()

            assert said(store).startswith("its history is there, and it itself was removed")
            assert (rebuild(engine).changed, said(store)) == (("1",), "")
            tampering.forge(f"sqlite:///{path}", "{set} rebuilt = rebuilt - 1 WHERE id = '1'")  # which counts it
            assert (store.feed(), everything(store)) == (feed, before)


class TestForged:
    """What was put in, however well it fits."""

    def test_an_entry_forged_behind_the_version_is_found_and_comes_into_no_feed(
        self, store: SqlStore, where: str
    ) -> None:
        lived(store)
        head, feed = store.digest(), store.feed()
        insert_entry(store, where, "1", Classify("roads"), is_recorded=False)

        assert said(store).startswith("it stands behind version 4, the newest that was recorded")
        assert (store.digest(), store.feed()) == (head, feed)

    def test_an_entry_that_fits_its_chain_and_cannot_be_folded_is_told_of_and_stops_nothing(self, where: str) -> None:
        with closing(SqlStore(where, own=OWN)) as store:
            engine = lived(store)
            insert_entry(store, where, "1", Unfolded(), is_recorded=True)
            tampering.forge(where, "{set} title = 'Gates' WHERE id = '2'")
            faults = [str(fault) for fault in verify(store)]
            rebuilt = rebuild(engine)

        assert faults == [
            "suggestion 1: it cannot be folded: LookupError: there is no such noun",
            "suggestion 2: its stored title is not what its history derives; `handleflow rebuild` sets that right",
        ]
        assert (rebuilt.changed, rebuilt.left) == (
            ("2",),
            (("1", "suggestion 1: it cannot be folded: LookupError: there is no such noun"),),
        )

    def test_a_row_under_an_empty_id_is_found_and_hides_nothing(self, store: SqlStore, where: str) -> None:
        engine = lived(store)
        copy = {**row_of(where, "1"), "id": ""}
        tampering.write(where, lambda connection: connection.execute(T.suggestions.insert().values(copy)))
        tampering.forge(where, "{set} title = 'Gates' WHERE id = '2'")

        assert [fault.what for fault in verify(store) if not fault.id] == [
            "a row without an id; somebody inserted it"
        ]
        assert [fault.id for fault in verify(store)] == ["", "2"]
        assert [s.id for s in store.find(Query()).suggestions] == [s.id for s in store.snapshots()] == ["1", "2", "3"]
        assert [id for id, _ in rebuild(engine).left] == [""]

    @pytest.mark.parametrize(
        ("statement", "words"),
        [
            pytest.param("UPDATE {p}keys SET first = 2, last = 2 WHERE {its}", "'k' stands for no act", id="entry"),
            pytest.param("UPDATE {p}keys SET last = 99 WHERE {its}", "'k' stands for no act", id="no entry"),
            pytest.param("INSERT INTO {p}keys VALUES ('1', 'z', 'x', 1, 1)", "'z' stands for no act", id="a key"),
            pytest.param(
                "INSERT INTO {p}outbox (suggestion_id, number) VALUES ('1', 9)",
                "it waits for a position",
                id="nothing",
            ),
            pytest.param(
                "INSERT INTO {p}outbox (suggestion_id, number) VALUES ('1', 1)", "it waits for a position", id="twice"
            ),
            pytest.param("UPDATE {p}feed SET number = 77 WHERE {its} AND number = 4", "is not there", id="names"),
        ],
    )
    def test_keys_and_positions_that_fit_nothing_are_found(
        self, store: SqlStore, forge: Forge, statement: str, words: str
    ) -> None:
        lived(store)
        store.digest()
        forge(statement)
        faults = [str(fault) for fault in verify(store)]

        assert any(words in fault for fault in faults)

    def test_an_entry_hidden_below_the_first_position_is_found(self, store: SqlStore, forge: Forge) -> None:
        engine = lived(store)
        store.digest()
        engine.execute("1", Classify("roads"), by=OFFICE)
        forge("DELETE FROM {p}outbox", "INSERT INTO {p}feed VALUES (-1, '1', 5)")

        assert said(store) == "it stands before the first position of the feed; somebody inserted it"

    def test_words_moved_from_a_private_value_into_its_salt_are_found(self, store: SqlStore, where: str) -> None:
        lived(store)
        (kept,) = store.entries("1")[0].private
        salt, value = kept.salt + kept.value[:1].encode(), kept.value[1:]
        its = T.private.update().where(T.private.c.suggestion_id == "1")
        tampering.write(where, lambda connection: connection.execute(its.values(salt=salt, value=value)))

        assert sha256(salt + value.encode()).digest() == sha256(kept.salt + kept.value.encode()).digest()
        assert len(kept.salt) == SALT_BYTES
        assert said(store) == f"the salt of the private field 'phone' is of {len(salt)} bytes, not of {SALT_BYTES}"


class TestUnknown:
    """What a store or a verification does not know is never taken for nothing."""

    def test_an_own_fact_is_not_wiped_by_whoever_does_not_know_it(self, where: str) -> None:
        with closing(SqlStore(where, own=OWN)) as knowing, closing(SqlStore(where)) as knowing_nothing:
            lived(knowing)
            tampering.add(knowing, "1", tampering.Noted("seen by the archive"))
            before = (list(verify(knowing)), knowing.load("1"))
            found, rebuilt = said(knowing_nothing), rebuild(engine_on(knowing_nothing))
            after = (list(verify(knowing)), knowing.load("1"))

        assert (after, getattr(before[1], "own", str)("note")) == (before, "seen by the archive")
        assert "entry 5 is of the kind 'noted', which this store does not know" in found
        assert [(id, "of the kind 'noted'" in why) for id, why in rebuilt.left] == [("1", True)]

    def test_what_only_a_rulebook_tells_is_compared_under_the_one_handed_in(
        self, store: SqlStore, where: str
    ) -> None:
        lived(store)
        tampering.forge(where, "DELETE FROM {p}rulebooks")
        faults = [str(fault) for fault in verify(store)]
        tampering.forge(where, "{set} wakes_at = NULL WHERE id = '1'")
        handed_in = [fault.id for fault in verify(store, [RULES])]

        assert [fault.split(":")[0] for fault in faults] == [
            "suggestion (rulebook test 1)",
        ]
        assert "the waking instants and leaders of 3 suggestion(s) were not compared" in faults[0]
        assert handed_in == ["1"]

    def test_a_rulebook_handed_in_that_is_not_the_one_kept_is_named(self, store: SqlStore) -> None:
        lived(store)
        other = rulebook(rung=[{**RUNG, "offset": "-3 days"}])

        assert "suggestion (rulebook test 1): its text is not that of the rulebook handed in" in [
            str(fault) for fault in verify(store, [other])
        ]


class TestReadingOnly:
    """Verifying writes nothing, and needs nothing that can be written."""

    def test_nothing_is_written_in_the_store_or_by_the_command(
        self, store: SqlStore, where: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        lived(store)
        before = everything(store)
        faults, code = list(verify(store)), main(["verify", "--store", where, "--json"])

        assert (faults, code, everything(store), store.digest(numbering=False).position) == ([], 0, before, 0)
        assert '"position": 0' in capsys.readouterr().out

    def test_in_memory_nothing_is_numbered_either(self) -> None:
        store = MemoryStore()
        lived(store)

        assert (list(verify(store)), store.digest(numbering=False).position, store.digest().position) == ([], 0, 9)

    def test_a_place_opened_to_read_takes_no_write(self, store: SqlStore, where: str) -> None:
        engine = lived(store)
        engine.store.digest()
        with closing(SqlStore.read_only(where)) as opened:
            assert (list(verify(opened)), opened.load("1"), len(opened.feed())) == ([], store.load("1"), 9)
            with pytest.raises(StoreError, match=r"(?i)read.?only"):
                engine_on(opened).execute("3", Classify("roads"), by=OFFICE)

    def test_a_copy_beside_which_nothing_can_be_written_is_verified(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path, copy = tmp_path / "a.db", tmp_path / "a copy?#1.db"
        with closing(SqlStore(str(path))) as store:
            lived(store)
            store.digest()
        with closing(sqlite3.connect(path)) as database:
            database.execute("VACUUM INTO ?", (str(copy),))
        before = copy.read_bytes()
        copy.chmod(0o444)

        assert main(["verify", "--store", str(copy)]) == 0
        assert "digest at 9:" in capsys.readouterr().out
        assert (copy.read_bytes(), sorted(p.name for p in tmp_path.iterdir())) == (before, ["a copy?#1.db", "a.db"])

    def test_a_rulebook_whose_text_was_changed_does_not_keep_the_command_from_looking(
        self, store: SqlStore, where: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        lived(store)
        tampering.forge(where, "UPDATE {p}rulebooks SET document = '{{'")

        assert main(["verify", "--store", where]) == 1
        assert "its text is not the one it was kept with" in capsys.readouterr().out

    @pytest.mark.parametrize("place", ["sqlite://", "sqlite:///:memory:", "no url ://", "sqlite:///file:a?uri=true"])
    def test_what_is_no_place_of_its_own_is_left_as_it_is(self, place: str) -> None:
        assert nothing_written(place) == place


def test_a_suggestion_that_becomes_confidential_while_it_is_read_is_not_backed_up() -> None:
    """Backup looks at it again when its line is made."""

    class Hurried(MemoryStore):
        def keys(self, id: str) -> tuple[IdempotencyKey, ...]:
            if id == "1":
                engine.execute("1", Classify(is_confidential=True), by=OFFICE)
            return super().keys(id)

    lines = list[str]()
    engine = lived(Hurried())
    done = backup(engine.store, lines.append)
    second = Engine(MemoryStore(), [RULES])
    restore(second, lines)

    assert (done.suggestions, done.withheld, list(second.store.ids())) == (2, 1, ["2", "3"])
