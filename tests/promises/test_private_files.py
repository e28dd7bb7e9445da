"""Are files with private fields their owner's alone, and do half written ones stay?"""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from handleflow import Engine, MemoryStore, load_preset
from handleflow.acts import Receive
from handleflow.cli import main
from handleflow.cli._new_file import new_file
from handleflow.errors import NotAStore, StoreError
from handleflow.store import FeedDigest
from handleflow.stores.sql import SqlStore
from tests.beginnings import OFFICE
from tests.paths import ROOT

RULES = load_preset("cn.national")
ON_POSIX = pytest.mark.skipif(sys.platform == "win32", reason="rights are others there")


def rights(path: Path) -> str:
    return stat.filemode(path.stat().st_mode)


def stored(path: Path) -> str:
    with closing(SqlStore(str(path))) as store:
        Engine(store, [RULES]).execute("1", Receive("Pipes", "Deputy A", phone="placeholder"), by=OFFICE)
    return str(path)


@pytest.fixture(autouse=True)
def _a_mask_that_lets_others_read() -> Any:
    before = os.umask(0o022)
    yield
    os.umask(before)


@ON_POSIX
class TestRights:
    """0600 for whatever may hold private fields."""

    @pytest.mark.parametrize("private", [[], ["--private"]])
    def test_a_backup_can_be_read_by_its_owner_alone(self, tmp_path: Path, private: list[str]) -> None:
        path = tmp_path / "a.jsonl"

        assert main(["backup", str(path), "--store", stored(tmp_path / "a.db"), *private]) == 0
        assert rights(path) == "-rw-------"

    def test_so_can_it_while_it_is_written(self, tmp_path: Path) -> None:
        with new_file(tmp_path / "a.jsonl") as file:
            file.write("half")
            file.flush()

            assert [rights(path) for path in tmp_path.iterdir()] == ["-rw-------"]

    @pytest.mark.parametrize(
        "where", ["{}", "sqlite:///{}", "sqlite:///file:{}?uri=true", "sqlite:///file:{}?vfs=unix&uri=true"]
    )
    def test_so_can_a_store_in_a_file_and_what_sqlite_lays_beside_it(self, tmp_path: Path, where: str) -> None:
        with closing(SqlStore(where.format(tmp_path / "a%20b.db"))) as store:
            Engine(store, [RULES]).execute("1", Receive("Pipes", "Deputy A", phone="placeholder"), by=OFFICE)
            found = {path.suffix: rights(path) for path in tmp_path.iterdir()}

        assert found == dict.fromkeys([".db", ".db-wal", ".db-shm"], "-rw-------")

    @pytest.mark.parametrize(
        "command",
        [
            ["demo", "--json"],
            ["import", "{ledger}", "--rulebook", "cn.national"],
            ["restore", "{backup}"],
        ],
    )
    def test_so_can_the_store_a_command_makes(self, tmp_path: Path, command: list[str]) -> None:
        ledger, copy, made = tmp_path / "a.csv", tmp_path / "a.jsonl", tmp_path / "made.db"
        ledger.write_text("kind,title\n建议,桥\n", encoding="utf-8")
        main(["backup", str(copy), "--store", stored(tmp_path / "a.db"), "--private"])
        named = {"ledger": str(ledger), "backup": str(copy)}

        assert main([*(part.format(**named) for part in command), "--store", str(made)]) == 0
        assert rights(made) == "-rw-------"

    def test_so_can_one_that_a_link_leads_to(self, tmp_path: Path) -> None:
        (tmp_path / "folder").mkdir()
        (tmp_path / "link.db").symlink_to(Path("folder", "a.db"))
        stored(tmp_path / "link.db")

        assert rights(tmp_path / "folder" / "a.db") == "-rw-------"

    def test_a_link_to_itself_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "a.db").symlink_to("a.db")
        with pytest.raises(StoreError, match="unable to open"):
            SqlStore(str(tmp_path / "a.db"))

    def test_a_file_that_is_there_keeps_the_rights_somebody_gave_it(self, tmp_path: Path) -> None:
        path = tmp_path / "a.db"
        path.touch()
        path.chmod(0o660)
        stored(path)

        assert rights(path) == "-rw-rw----"

    def test_no_file_is_made_where_only_reading_was_asked_for(self, tmp_path: Path) -> None:
        with pytest.raises(NotAStore):
            SqlStore(f"sqlite:///file:{tmp_path / 'a.db'}?mode=ro&uri=true")

        assert list(tmp_path.iterdir()) == []


class Interrupted(MemoryStore):
    """A host's own store that fails in the middle of a backup, in its own way."""

    def digest(self, *, numbering: bool = True) -> FeedDigest:
        raise self.error

    error: BaseException = KeyboardInterrupt()


class Told(Interrupted):
    """A process that is told to end in the middle of a backup, twice where it is in a hurry."""

    signals: tuple[int, ...] = ()

    def digest(self, *, numbering: bool = True) -> FeedDigest:
        for number in self.signals:
            signal.raise_signal(number)
        return super(Interrupted, self).digest(numbering=numbering)


class Full(Interrupted):
    error = OSError(28, "No space left on device")


def failing(kind: type[Interrupted]) -> Engine:
    engine = Engine(kind(), [RULES])
    engine.execute("1", Receive("Pipes", "Deputy A", phone="placeholder"), by=OFFICE)
    return engine


INTERRUPTED, FULL, RECORDED_AT = failing(Interrupted), failing(Full), failing(Told)


class TestHalfWritten:
    """It does not stay, and takes nobody's place."""

    @pytest.mark.parametrize(("engine", "code"), [("INTERRUPTED", 130), ("FULL", 2)])
    def test_a_backup_that_broke_off_leaves_nothing(
        self, tmp_path: Path, engine: str, code: int, capsys: pytest.CaptureFixture[str]
    ) -> None:
        args = ["backup", str(tmp_path / "a.jsonl"), "--app", f"{__name__}:{engine}", "--private"]

        assert (main(args), list(tmp_path.iterdir())) == (code, [])
        assert ("No space left on device" in capsys.readouterr().err) == (code == 2)

    @ON_POSIX
    @pytest.mark.parametrize("number", ["SIGTERM", "SIGHUP"])
    def test_nor_does_one_that_was_told_to_end(self, tmp_path: Path, number: str) -> None:
        found, before = getattr(signal, number), signal.getsignal(getattr(signal, number))
        Told.signals = (found,)
        with pytest.raises(SystemExit) as leaving:
            main(["backup", str(tmp_path / "a.jsonl"), "--app", f"{__name__}:RECORDED_AT", "--private"])

        assert (leaving.value.code, list(tmp_path.iterdir())) == (128 + found, [])
        assert signal.getsignal(found) == before == signal.SIG_DFL

    @ON_POSIX
    @pytest.mark.process
    def test_a_backup_that_is_ended_from_outside_leaves_nothing(self, tmp_path: Path) -> None:
        args = ["backup", str(tmp_path / "a.jsonl"), "--app", f"{__name__}:RECORDED_AT", "--private"]
        code = f"from {__name__} import Told, main; Told.signals = (15,); main({args!r})"
        ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False)

        assert (ended.returncode, list(tmp_path.iterdir())) == (143, [])

    @ON_POSIX
    @pytest.mark.process
    def test_a_second_signal_does_not_break_off_the_cleaning_up(self, tmp_path: Path) -> None:
        args = ["backup", str(tmp_path / "a.jsonl"), "--app", f"{__name__}:RECORDED_AT", "--private"]
        code = f"import sys, signal; from {__name__} import Told, main; Told.signals = (signal.SIGTERM,)\n"
        code += "signal.signal(signal.SIGHUP, signal.SIG_DFL)\n"  # who runs the tests may have set it aside, as nohup
        code += "sys.addaudithook(lambda event, _: event == 'os.remove' and signal.raise_signal(signal.SIGHUP))\n"
        ended = subprocess.run([sys.executable, "-c", f"{code}main({args!r})"], cwd=ROOT, check=False)

        assert (ended.returncode, list(tmp_path.iterdir())) == (143, [])

    @ON_POSIX
    def test_a_signal_that_somebody_hears_already_stays_theirs(self, tmp_path: Path) -> None:
        heard: list[int] = []
        before = signal.signal(signal.SIGTERM, lambda number, _: heard.append(number))
        try:
            with new_file(tmp_path / "a.jsonl"):
                signal.raise_signal(signal.SIGTERM)
        finally:
            signal.signal(signal.SIGTERM, before)

        assert (heard, (tmp_path / "a.jsonl").exists()) == ([signal.SIGTERM], True)

    def test_outside_the_main_thread_signals_stay_as_they_are(self, tmp_path: Path) -> None:
        def write() -> None:
            with new_file(tmp_path / "a.jsonl") as file:
                file.write("whole")

        thread = Thread(target=write)
        thread.start()
        thread.join()

        assert (tmp_path / "a.jsonl").read_text(encoding="utf-8") == "whole"

    def test_one_that_cannot_be_begun_is_named(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        args = ["backup", str(tmp_path / "none" / "a.jsonl"), "--store", stored(tmp_path / "a.db")]

        assert main(args) == 2
        assert "a.jsonl cannot be written: No such file or directory" in capsys.readouterr().err

    def test_a_file_that_came_meanwhile_is_not_overwritten(self, tmp_path: Path) -> None:
        path = tmp_path / "a.jsonl"
        with pytest.raises(NotAStore, match="is there already; name a new file"), new_file(path):
            path.write_text("theirs", encoding="utf-8")

        assert [(each.name, each.read_text(encoding="utf-8")) for each in tmp_path.iterdir()] == [
            ("a.jsonl", "theirs")
        ]

    @ON_POSIX
    def test_a_link_to_nowhere_is_there_already(self, tmp_path: Path) -> None:
        (tmp_path / "a.jsonl").symlink_to(tmp_path / "elsewhere")
        with pytest.raises(NotAStore, match="is there already"), new_file(tmp_path / "a.jsonl"):
            pass

        assert not (tmp_path / "elsewhere").exists()


class TestReading:
    """A file that is no backup, for the command."""

    def test_bytes_that_are_no_text_are_named_by_their_line(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        store, path = stored(tmp_path / "a.db"), tmp_path / "a.jsonl"
        main(["backup", str(path), "--store", store])
        *texts, history, positions, last = path.read_bytes().splitlines(keepends=True)
        path.write_bytes(b"".join([*texts, history.replace(b"Pipes", b"P\xffpes"), positions, last]))
        code = main(["restore", str(path), "--store", str(tmp_path / "new.db")])

        assert (code, "handleflow: line 4: suggestion 1: it cannot be read: body" in capsys.readouterr().err) == (
            2,
            True,
        )

    def test_a_folder_is_no_backup(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["restore", str(tmp_path), "--store", str(tmp_path / "new.db")]) == 2
        assert "there is no file" in capsys.readouterr().err
