"""Is a record whole wherever it lies? Moved, checked, folded anew, erased in part, upgraded."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from handleflow import Engine, MemoryStore, Store, load_preset
from handleflow.acts import Assign, Classify, Correct, Receive, TakeOver
from handleflow.backup import backup, restore, rulebooks_in
from handleflow.cli import main
from handleflow.core import replay
from handleflow.engine import rebuild
from handleflow.errors import BrokenBackup, NotAStore
from handleflow.stores.sql import SqlStore, metadata, prepare_sqlite, upgrade
from handleflow.verification import verify
from tests.beginnings import OFFICE, instant, rulebook
from tests.databases import fresh_postgres
from tests.markers import POSTGRES
from tests.paths import DATA

RULES = rulebook()
SCHEMA_1 = (DATA / "schema_1.sql").read_text(encoding="utf-8")
Opening = Callable[[], Store]


@pytest.fixture
def opening(tmp_path: Path) -> Iterator[dict[str, Opening]]:
    """How to open a new store of each kind."""
    opened: list[SqlStore] = []

    def sql(where: str) -> SqlStore:
        opened.append(SqlStore(where))
        return opened[-1]

    yield {
        "memory": MemoryStore,
        "sqlite": lambda: sql(str(tmp_path / f"{len(opened)}.db")),
        "postgres": lambda: sql(fresh_postgres()),
    }
    for store in opened:
        store.close()


def filled(store: Store) -> Engine:
    """Three suggestions: an ordinary one, a confidential one, one taken over."""
    engine = Engine(store, [RULES])
    at = instant("2026-02-09")
    engine.execute("1", Receive("Pipes 🚰", "Deputy A", phone="placeholder"), by=OFFICE, at=at, key="k")
    engine.execute("1", Assign(("Water Bureau",)), by=OFFICE, at=at)
    engine.execute("2", Receive("Secret", "Deputy B", phone="placeholder"), by=OFFICE, at=at)
    engine.execute("2", Classify(is_confidential=True), by=OFFICE, at=at)
    engine.execute("3", TakeOver("Schools", leads=("Schools Bureau",)), by=OFFICE, at=at)
    return engine


def backed_up(store: Store, *, private: bool = True) -> list[str]:
    lines: list[str] = []
    backup(store, lines.append, private=private)
    return lines


KINDS = ["memory", "sqlite", POSTGRES]


class TestMoving:
    """Whole histories, between any two stores."""

    @pytest.mark.parametrize("source", KINDS)
    @pytest.mark.parametrize("target", KINDS)
    def test_a_history_keeps_its_hashes_wherever_it_goes(
        self, opening: dict[str, Opening], source: str, target: str
    ) -> None:
        first, second = filled(opening[source]()), Engine(opening[target](), [RULES])
        done = restore(second, backed_up(first.store))

        assert (done.taken_in, done.there_already) == (3, 0)
        for id in "123":
            assert second.store.entries(id) == first.store.entries(id)
            assert second.store.load(id) == first.store.load(id)
            assert second.store.keys(id) == first.store.keys(id)
        assert list(verify(second.store)) == []

    def test_it_goes_on_living_there(self, opening: dict[str, Opening]) -> None:
        second = Engine(opening["sqlite"](), [RULES])
        restore(second, backed_up(filled(MemoryStore()).store))
        second.execute("1", Classify("roads"), by=OFFICE, at=instant("2026-03-02"))

        assert (second.look_up("1").category, list(verify(second.store))) == ("roads", [])
        assert [id for id, _ in second.sweep(at=instant("2026-06-01")).said] == ["1"]

    def test_a_retry_under_its_key_is_known_there(self, opening: dict[str, Opening]) -> None:
        second = Engine(opening["sqlite"](), [RULES])
        restore(second, backed_up(filled(MemoryStore()).store))
        receive = Receive("Pipes 🚰", "Deputy A", phone="placeholder")
        second.execute("1", receive, by=OFFICE, at=instant("2026-03-02"), key="k")

        assert [entry.kind for entry in second.history("1")].count("received") == 1

    def test_without_asking_private_fields_and_confidential_suggestions_stay_behind(self) -> None:
        lines = backed_up(filled(MemoryStore()).store, private=False)
        second = Engine(MemoryStore(), [RULES])
        restore(second, lines)
        (received, *_) = second.history("1")

        assert ("placeholder" in "".join(lines), "Secret" in "".join(lines)) == (False, False)
        assert (list(second.store.ids()), getattr(received.event, "phone", "?")) == (["1", "3"], None)
        assert (json.loads(lines[-1])["withheld"], list(verify(second.store))) == (1, [])

    def test_broken_off_it_goes_on_where_it_ended(self) -> None:
        lines, second = backed_up(filled(MemoryStore()).store), Engine(MemoryStore(), [RULES])
        with pytest.raises(BrokenBackup, match="it ends after 1 suggestions, and says nothing at its end"):
            restore(second, lines[:4])
        done = restore(second, lines)

        assert (done.taken_in, done.there_already) == (2, 1)

    def test_the_rulebooks_come_with_it(self) -> None:
        kept = list(rulebooks_in(backed_up(filled(MemoryStore()).store)))

        assert [(one.name, one.digest) for one in kept] == [("test", RULES.digest)]
        assert list(rulebooks_in(backed_up(MemoryStore()))) == []

    @pytest.mark.parametrize(
        ("broken", "said"),
        [
            pytest.param(lambda lines: ["{}\n", *lines], "line 1: this is no backup", id="no backup"),
            pytest.param(lambda lines: [*lines[:2], "nonsense", *lines[2:]], "line 3: this is no JSON", id="no JSON"),
            pytest.param(lambda lines: [*lines[:2], "[]", *lines[2:]], "line 3: this is no backup", id="no object"),
            pytest.param(
                lambda lines: [line.replace("Pipes", "Gates") for line in lines],
                "suggestion 1, entry 1: it was changed",
                id="a changed title",
            ),
            pytest.param(
                lambda lines: [line.replace('"suggestion":"1"', '"suggestion":"9"') for line in lines],
                "suggestion 9, entry 1: it was changed",
                id="another id",
            ),
            pytest.param(
                lambda lines: [line.replace("placeholder", "elsewhere") for line in lines],
                "the private field 'phone' is not what was sealed",
                id="a changed telephone number",
            ),
            pytest.param(
                lambda lines: [line.replace("2026-02-09T01", "yesterday T01") for line in lines],
                "line 4: suggestion 1: it cannot be read: instant cannot be read: .*yesterday",
                id="no instant",
            ),
            pytest.param(
                lambda lines: [*lines[:2], '{"suggestion":"0"}', *lines[2:]],
                r"line 3: there is no such line in a backup, but this has \['suggestion'\]",
                id="no entries",
            ),
            pytest.param(
                lambda lines: [*lines[:-1], '{"entries":[],"keys":[],"suggestion":"0"}', lines[-1]],
                "line 8: suggestion 0: it has no entry",
                id="no entry",
            ),
        ],
    )
    def test_what_is_not_whole_is_refused_by_name(self, broken: Callable[[list[str]], list[str]], said: str) -> None:
        lines = broken(backed_up(filled(MemoryStore()).store))
        with pytest.raises(BrokenBackup, match=said):
            restore(Engine(MemoryStore(), [RULES]), lines)

    def test_another_history_under_the_same_id_is_refused(self) -> None:
        second = Engine(MemoryStore(), [RULES])
        second.execute("1", Receive("Other", "Deputy A"), by=OFFICE)
        with pytest.raises(BrokenBackup, match="suggestion 1 is there with another history"):
            restore(second, backed_up(filled(MemoryStore()).store))

        assert second.look_up("1").title == "Other"


TAMPERING = [
    pytest.param("UPDATE {p}entries SET state = 'closed' WHERE number = 2 AND suggestion_id = '1'", "1", id="state"),
    pytest.param("UPDATE {p}entries SET body = replace(body, 'Pipes', 'Gates')", "1", id="body"),
    pytest.param("UPDATE {p}entries SET hash = '' WHERE suggestion_id = '1' AND number = 3", "1", id="no hash"),
    pytest.param("UPDATE {p}private SET value = '\"x\"' WHERE suggestion_id = '1'", "1", id="private field"),
    pytest.param("UPDATE {p}suggestions SET version = 9 WHERE id = '1'", "1", id="version"),
    pytest.param("UPDATE {p}suggestions SET last_hash = 'x' WHERE id = '1'", "1", id="newest hash"),
    pytest.param(
        "UPDATE {p}suggestions SET snapshot = replace(snapshot, '\"Pipes 🚰\"', '\"Gates\"')", "1", id="snapshot"
    ),
    pytest.param("UPDATE {p}entries SET by_id = 'x' WHERE suggestion_id = '2'", "2", id="who told it"),
    pytest.param("UPDATE {p}entries SET calendar_digest = 'x' WHERE suggestion_id = '2'", "2", id="its calendar"),
    pytest.param("UPDATE {p}entries SET salt = zeroblob(16) WHERE suggestion_id = '2'", "2", id="its salt"),
    pytest.param("DELETE FROM {p}entries WHERE suggestion_id = '1' AND number = 3", "1", id="the last one removed"),
    pytest.param("DELETE FROM {p}entries WHERE suggestion_id = '3'", "3", id="a whole history removed"),
    pytest.param("UPDATE {p}suggestions SET is_confidential = 1 WHERE id = '3'", "3", id="what it is looked for by"),
    pytest.param(
        "UPDATE {p}rulebooks SET document = replace(document, '3 months', '9 months')",
        "(rulebook test 1)",
        id="the text of a rulebook",
    ),
    pytest.param(
        "UPDATE {p}calendars SET document = replace(document, '2026-10-01', '2026-10-02')",
        "(calendar cn 2026.1)",
        id="the text of a calendar",
    ),
    pytest.param("UPDATE {p}entries SET \"on\" = 'x' WHERE suggestion_id = '3'", "3", id="a day that is none"),
    pytest.param("DELETE FROM {p}feed WHERE position = 2", "1", id="a position removed"),
    pytest.param(
        "UPDATE {p}feed SET position = 99 WHERE position = 1;"
        "UPDATE {p}feed SET position = 1 WHERE position = 4;"
        "UPDATE {p}feed SET position = 4 WHERE position = 99",
        "(feed)",
        id="two positions changed over",
    ),
    pytest.param(
        "UPDATE {p}feed_tree SET hash = substr(hash, 3) || '00' WHERE level = 1", "(feed)", id="a root changed"
    ),
    pytest.param("DELETE FROM {p}feed_tree WHERE level = 0", "(feed)", id="a root removed"),
    pytest.param("DELETE FROM {p}feed WHERE position >= 6", "3", id="the feed cut off"),
    pytest.param(
        "DELETE FROM {p}feed WHERE position >= 7; DELETE FROM {p}feed_tree WHERE level = 0",
        "3",
        id="the feed cut off together with its tree",
    ),
]


class TestVerifying:
    """What was changed, removed, inserted or cut off is found, and its suggestion named."""

    @pytest.mark.parametrize(("statement", "id"), TAMPERING)
    def test_on_sqlite_it_is_found(self, tmp_path: Path, statement: str, id: str) -> None:
        path = tmp_path / "a.db"
        with closing(SqlStore(str(path))) as store:
            filled(store)
            store.digest()
        with closing(sqlite3.connect(path)) as database:
            database.executescript(statement.format(p="handleflow_"))
        with closing(SqlStore(str(path))) as store:
            faults = list(verify(store))

        assert id in {fault.id for fault in faults}

    @pytest.mark.database
    def test_a_whole_store_has_no_fault_before_and_after_it_was_numbered(self, opening: dict[str, Opening]) -> None:
        store = opening["postgres"]()
        filled(store)
        before = list(verify(store))
        store.digest()

        assert (before, list(verify(store))) == ([], [])

    def test_a_history_cut_off_together_with_its_snapshot_is_found_by_the_feed(self, tmp_path: Path) -> None:
        path = tmp_path / "a.db"
        with closing(SqlStore(str(path))) as store:
            filled(store)
            store.digest()
            older = replay("1", store.history("1")[:1])
            snapshot = store.codec.snapshot_text(older)
        with closing(sqlite3.connect(path)) as database:
            database.execute("DELETE FROM handleflow_entries WHERE suggestion_id = '1' AND number > 1")
            database.execute(
                "UPDATE handleflow_suggestions SET version = 1, snapshot_version = 1, last_hash = ?, snapshot = ? "
                "WHERE id = '1'",
                (older.last_hash, snapshot),
            )
            database.commit()
        with closing(SqlStore(str(path))) as store:
            assert "suggestion 1, entry 2: position 2 of the feed names an entry that is not there" in [
                str(fault) for fault in verify(store)
            ]

    @pytest.mark.parametrize("kind", KINDS)
    def test_erasing_takes_the_private_fields_and_leaves_no_fault(
        self, opening: dict[str, Opening], kind: str
    ) -> None:
        store = opening[kind]()
        filled(store)
        erased = store.erase("1")
        (first, *_) = store.history("1")

        assert (erased, getattr(first.event, "phone", "?"), list(verify(store))) == (1, None, [])
        assert store.erase("404") == 0

    @pytest.mark.database
    def test_what_others_write_meanwhile_is_no_fault(self, opening: dict[str, Opening]) -> None:
        store = opening["postgres"]()
        engine = filled(store)
        store.digest()
        found = verify(store)
        first = next(found, None)
        engine.execute("1", Classify("roads"), by=OFFICE, at=instant("2026-03-02"))
        store.digest()

        assert (first, list(found), list(verify(store))) == (None, [], [])

    def test_a_store_whose_tables_a_migration_made_is_marked_when_it_is_opened(self, tmp_path: Path) -> None:
        made = create_engine(f"sqlite:///{tmp_path / 'a.db'}")
        prepare_sqlite(made)
        metadata().create_all(made)
        store = SqlStore(made, create=False)
        filled(store)
        made.dispose()

        assert (len(store.feed()), list(verify(store))) == (7, [])


class TestRebuilding:
    """Snapshots are derived; the history is the truth."""

    def test_a_version_that_was_changed_is_set_right(self, tmp_path: Path) -> None:
        path = tmp_path / "a.db"
        with closing(SqlStore(str(path))) as store:
            filled(store)
        with closing(sqlite3.connect(path)) as database:
            database.execute("UPDATE handleflow_suggestions SET version = 9, last_hash = 'x' WHERE id = '1'")
            database.commit()
        with closing(SqlStore(str(path))) as store:
            rebuild(Engine(store, [RULES]))

            assert list(verify(store)) == []

    def test_a_damaged_snapshot_is_folded_anew_and_all_that_hangs_on_it(self, tmp_path: Path) -> None:
        path = tmp_path / "a.db"
        with closing(SqlStore(str(path))) as store:
            whole = filled(store).look_up("1")
        with closing(sqlite3.connect(path)) as database:
            database.execute("UPDATE handleflow_suggestions SET snapshot = replace(snapshot, 'Pipes', 'Gates')")
            database.execute("UPDATE handleflow_suggestions SET wakes_at = NULL, title = 'x'")
            database.commit()
        with closing(SqlStore(str(path))) as store:
            engine = Engine(store, [RULES])
            changed = rebuild(engine).changed

            assert (changed, store.load("1"), rebuild(engine).changed) == (("1", "2", "3"), whole, ())
            assert [id for id, _ in engine.sweep(at=instant("2026-06-01")).said] == ["1"]


class TestUpgrading:
    """A store of schema version 1 comes up to this one."""

    @staticmethod
    def old(tmp_path: Path, statement: str = "") -> str:
        path = tmp_path / "old.db"
        with closing(sqlite3.connect(path)) as database:
            database.executescript(SCHEMA_1 + statement)
        return str(path)

    def test_an_older_store_is_refused_with_the_way_to_upgrade_it(self, tmp_path: Path) -> None:
        with pytest.raises(NotAStore, match=r"schema version 1; .* reads version 3; `handleflow upgrade --store`"):
            SqlStore(self.old(tmp_path))

    def test_a_newer_store_is_refused_and_not_touched(self, tmp_path: Path) -> None:
        path = self.old(tmp_path, "UPDATE handleflow_meta SET value = '99';")
        for opened in (SqlStore, upgrade):
            with pytest.raises(NotAStore, match=r"schema version 99; .* a newer handleflow wrote it"):
                opened(path)

    def test_upgraded_it_is_whole_swept_once_and_found_again(self, tmp_path: Path, capsys: object) -> None:
        path = self.old(tmp_path)

        assert main(["upgrade", "--store", path]) == 0
        assert upgrade(path) == ()
        with closing(SqlStore(path)) as store:
            kept = {one.name: one for one in store.rulebooks()}
            assert list(kept) == ["cn.dehui.demo"]
            assert (list(store.ids()), list(verify(store)), len(store.feed())) == (
                ["2026-001", "2026-002", "2026-003"],
                [],
                13,
            )
            assert [s.rung for s in (store.load("2026-001") or replay("", ())).supervisions] == ["reminded"]

    def test_what_is_no_store_cannot_be_upgraded(self, tmp_path: Path) -> None:
        with pytest.raises(NotAStore, match="holds no store to upgrade"):
            upgrade(str(tmp_path / "new.db"))


class TestCommands:
    """As somebody at a terminal does it."""

    @staticmethod
    def stored(tmp_path: Path) -> str:
        path = str(tmp_path / "a.db")
        with closing(SqlStore(path)) as store:
            engine = Engine(store, [load_preset("cn.national")])
            engine.execute("1", Receive("Pipes", "Deputy A", phone="placeholder"), by=OFFICE)
            engine.execute("1", Assign(("Water Bureau",)), by=OFFICE)
        return path

    def test_a_backup_goes_into_a_new_store_and_verifies(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path, file, new = self.stored(tmp_path), str(tmp_path / "a.jsonl"), str(tmp_path / "new.db")
        codes = [
            main(["backup", file, "--store", path]),
            main(["restore", file, "--store", new]),
            main(["verify", "--store", new]),
            main(["rebuild", "--store", new, "--json"]),
        ]
        out = capsys.readouterr().out

        assert codes == [0, 0, 0, 0]
        assert "1 suggestion(s) taken in, 0 were there already" in out
        assert "nothing was changed, removed, inserted or cut off" in out

    def test_a_changed_store_is_named_and_the_exit_code_is_1(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = self.stored(tmp_path)
        with closing(sqlite3.connect(path)) as database:
            database.execute("UPDATE handleflow_entries SET by_name = 'somebody else' WHERE number = 1")
            database.commit()

        assert main(["verify", "--store", path]) == 1
        assert "suggestion 1, entry 1: it was changed" in capsys.readouterr().out
        assert main(["verify", "--store", path, "--json"]) == 1
        assert json.loads(capsys.readouterr().out)["faults"][0]["id"] == "1"

    def test_the_feed_is_json_lines_and_a_cursor_goes_on(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = self.stored(tmp_path)
        main(["feed", "--store", path, "--cursor", "mail"])
        lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        main(["feed", "--store", path, "--cursor", "mail"])
        again = capsys.readouterr().out
        main(["feed", "--store", path, "--after", "2", "--private"])
        last = json.loads(capsys.readouterr().out)

        assert [line["position"] for line in lines] == [1, 2, 3]
        assert (lines[0]["key"], "phone" in lines[0]["event"], again, last["position"]) == ("1/1", False, "", 3)

    @pytest.mark.parametrize(
        ("argv", "said"),
        [
            (["backup", "{file}", "--store", "{store}"], "is there already; name a new file"),
            (["restore", "{missing}", "--store", "{store}"], "there is no file"),
            (["restore", "{file}"], "name a store with --store"),
            (["restore", "{file}", "--store", "{store}"], "this is no backup"),
            (["upgrade"], "name a store with --store"),
        ],
    )
    def test_what_cannot_be_done_says_what_would(
        self, tmp_path: Path, argv: list[str], said: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        file = tmp_path / "a.jsonl"
        file.write_text("{}\n", encoding="utf-8")
        named = {"file": str(file), "missing": str(tmp_path / "no"), "store": self.stored(tmp_path)}

        assert main([part.format(**named) for part in argv]) == 2
        assert said in capsys.readouterr().err


def test_a_correction_of_a_moved_history_still_finds_its_entry() -> None:
    second = Engine(MemoryStore(), [RULES])
    restore(second, backed_up(filled(MemoryStore()).store))
    act = Correct(1, "title", "Gates", "typing error")

    assert second.execute("1", act, by=OFFICE, at=instant("2026-03-02")).title == "Gates"
