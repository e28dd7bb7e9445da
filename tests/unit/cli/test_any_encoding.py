"""Is everything said on a terminal whose encoding lacks some of its characters, and is JSON still JSON there?"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import closing, redirect_stderr, redirect_stdout
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path

import pytest

from handleflow import Engine
from handleflow.acts import Assign, Receive
from handleflow.cli import main
from handleflow.stores.sql import SqlStore
from tests.beginnings import OFFICE, instant, rulebook

RARE = "𠮷野路🚰修缮"
ENCODINGS = ["gbk", "ascii"]
READING = [
    "report",
    f"show {RARE}",
    f"explain {RARE}",
    f"explain {RARE} --markdown",
    "board --on 2026-04-28",
    "board --by leader",
    "units --on 2026-04-28",
    "health",
    "verify",
    "rebuild",
    "feed",
    "sweep",
    "backup {folder}/{name}.jsonl",
    "restore {folder}/old.jsonl",
    "import {folder}/a.csv",
]
ALONE = ["due 2026-02-10 3_months", "rulebooks", "draw --lang zh", "check {folder}/a.toml", "show {rare}"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A store, a backup of it, a ledger and a broken rulebook, all with characters beyond the first 65,536."""
    with closing(SqlStore(str(tmp_path / "a.db"))) as store:
        engine = Engine(store, [rulebook()])
        engine.execute(RARE, Receive(RARE, RARE), by=OFFICE, at=instant("2026-02-10"))
        engine.execute(RARE, Assign((RARE,)), by=OFFICE, at=instant("2026-02-10"))
    main(["backup", str(tmp_path / "old.jsonl"), "--store", str(tmp_path / "a.db")])
    (tmp_path / "a.csv").write_text(f"kind,title\n建议,{RARE}\n提案,{RARE}\n", encoding="utf-8")
    (tmp_path / "a.toml").write_text(f'name = "{RARE}"\n"{RARE}" = 1\n', encoding="utf-8")
    return tmp_path


def said(encoding: str, *argv: str) -> tuple[int, str, str]:
    """What a command says on a terminal of that encoding, as bytes that were decoded again."""
    out, err = (TextIOWrapper(BytesIO(), encoding=encoding, errors="strict") for _ in range(2))
    with redirect_stdout(out), redirect_stderr(err):
        code = main(argv)
    assert (out.errors, err.errors) == ("strict", "strict")
    return code, _written(out), _written(err)


def _written(stream: TextIOWrapper) -> str:
    stream.flush()
    assert isinstance(stream.buffer, BytesIO)
    return stream.buffer.getvalue().decode(stream.encoding)


@pytest.mark.parametrize("command", [*READING, *ALONE])
def test_a_command_says_it_all(command: str, folder: Path) -> None:
    at = ["--store", str(folder / "a.db")] if command in READING else []
    for encoding in ENCODINGS:
        parts = [part.replace("_", " ") for part in command.split()]
        argv = [part.format(folder=folder, rare=RARE, name=encoding) for part in parts]
        code, out, err = said(encoding, *argv, *at)

        assert (code in {0, 1} or "name a store" in err, bool(out or err)) == (True, True)


def test_so_does_a_whole_year() -> None:
    code, out, _ = said("ascii", "demo")

    assert (code, r"\u" in out) == (0, True)


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize(
    "command", [f"show {RARE} --json", f"explain {RARE} --json", "board --json", "units --json", "feed"]
)
def test_json_says_the_same_everywhere(command: str, encoding: str, folder: Path) -> None:
    args = [*command.split(), "--store", str(folder / "a.db")]
    found = {
        name: [json.loads(text) for text in (out.splitlines() if command == "feed" else [out])]
        for name in ("utf-8", encoding)
        for _, out, _ in [said(name, *args)]
    }

    assert RARE in json.dumps(found["utf-8"], ensure_ascii=False)
    assert found[encoding] == found["utf-8"]


def test_half_of_a_pair_is_said_as_well(folder: Path) -> None:
    code, _, err = said("utf-8", "show", "\ud842", "--store", str(folder / "a.db"))

    assert (code, r"\ud842" in err) == (2, True)


def test_where_somebody_put_a_stream_of_text_in_its_place_it_is_written_as_it_is(folder: Path) -> None:
    with redirect_stdout(StringIO()) as out:
        assert main(["show", RARE, "--store", str(folder / "a.db")]) == 0
    assert RARE in out.getvalue()


@pytest.mark.process
@pytest.mark.parametrize("encoding", ["gbk", "ascii"])
def test_a_reader_of_the_feed_gets_past_such_an_entry(folder: Path, encoding: str) -> None:
    command = [sys.executable, "-m", "handleflow.cli", "feed", "--cursor", "c", "--store", str(folder / "a.db")]
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    first, second = (subprocess.run(command, env=environment, capture_output=True, check=True) for _ in range(2))
    entries = [json.loads(line) for line in first.stdout.decode(encoding).splitlines()]

    assert ({entry["suggestion"] for entry in entries}, second.stdout) == ({RARE}, b"")
