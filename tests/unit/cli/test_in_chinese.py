"""Does who asks in Chinese read no English sentence?"""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from handleflow.cli import main

ENGLISH = re.compile("[a-z]{2,},? [a-z]{2,}")
"""Two words in a row; a name, an option or a command stands alone or between backticks."""
CHINESE = re.compile("[\u4e00-\u9fff]")
RATED = "13"


@pytest.fixture(scope="module")
def dehui(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store in which the year of Dehui was played, a backup of it, and one that was tampered with."""
    folder = tmp_path_factory.mktemp("dehui")
    assert main(["demo", "--store", str(folder / "a.db"), "--json"]) == 0
    assert main(["backup", str(folder / "a.jsonl"), "--store", str(folder / "a.db"), "--json"]) == 0
    assert main(["restore", str(folder / "a.jsonl"), "--store", str(folder / "b.db"), "--json"]) == 0
    with closing(sqlite3.connect(folder / "b.db")) as connection, connection:
        connection.execute("UPDATE handleflow_entries SET body = body || x'20' WHERE number = 2")
    return folder


@pytest.fixture
def said(dehui: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """What a command says in Chinese, without what stands between backticks."""
    monkeypatch.chdir(dehui)
    capsys.readouterr()

    def call(*argv: str) -> list[str]:
        main([*argv, "--lang", "zh"])
        read = capsys.readouterr()
        return re.sub("`[^`]*`", "", read.out + read.err).splitlines()

    return call


@pytest.mark.parametrize(
    "argv",
    [
        pytest.param(("report", "--store", "a.db"), id="report"),
        pytest.param(("board", "--store", "a.db", "--by", "leader"), id="board"),
        pytest.param(("units", "--store", "a.db", "--on", "2025-04-01"), id="units"),
        pytest.param(("show", RATED, "--store", "a.db"), id="show"),
        pytest.param(("explain", RATED, "--store", "a.db"), id="explain"),
        pytest.param(("due", "2026-02-10", "3 months"), id="due"),
        pytest.param(("health", "--store", "a.db"), id="health"),
        pytest.param(("sweep", "--store", "a.db"), id="sweep"),
        pytest.param(("verify", "--store", "a.db"), id="verify"),
        pytest.param(("verify", "--store", "b.db"), id="verify what was tampered with"),
        pytest.param(("rebuild", "--store", "a.db"), id="rebuild"),
        pytest.param(("upgrade", "--store", "a.db"), id="upgrade"),
        pytest.param(("backup", "new.jsonl", "--store", "a.db"), id="backup"),
        pytest.param(("restore", "a.jsonl", "--store", "new.db"), id="restore"),
        pytest.param(("show", "404", "--store", "a.db"), id="no such suggestion"),
        pytest.param(("explain", RATED, "repply", "--store", "a.db"), id="no such term"),
        pytest.param(("due", "2026-02-30", "3 months"), id="no such day"),
        pytest.param(("board", "--store", "none.db"), id="no such store"),
        pytest.param(("board",), id="no store named"),
        pytest.param(("check", "cn.natonal"), id="no such rulebook"),
        pytest.param(("check", "none.toml"), id="no file of a rulebook"),
        pytest.param(("due", "tomorrow", "3 months"), id="no day"),
        pytest.param(("backup", "a.jsonl", "--store", "a.db"), id="a file that is there"),
        pytest.param(("restore", "none.jsonl", "--store", "new.db"), id="no such backup"),
        pytest.param(("verify", "--store", "a.db", "--key", "a.pub"), id="a key for nothing"),
    ],
)
def test_a_command_says_no_english_sentence(said: Any, argv: tuple[str, ...]) -> None:
    lines = said(*argv)

    assert [line for line in lines if ENGLISH.search(line)] == []
    assert [line for line in lines if CHINESE.search(line)] != []
