"""Does a person who reads a history see which of its instants were set right?"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from handleflow import Engine, load_preset
from handleflow.acts import CorrectTime, Receive
from handleflow.cli import main
from handleflow.model import RightTime
from handleflow.stores.sql import SqlStore
from tests.beginnings import OFFICE, instant


@pytest.mark.parametrize(
    ("lang", "mark"),
    [
        pytest.param("en", "time set right: 2026-02-10 01:00:00+00:00", id="en"),
        pytest.param("zh", "时刻已更正：2026-02-10 01:00:00+00:00", id="zh"),
    ],
)
def test_a_wrong_instant_is_shown_beside_the_right_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], lang: str, mark: str
) -> None:
    right, wrong, where = instant("2026-02-10"), instant("2031-02-10"), str(tmp_path / "a.db")
    with closing(SqlStore(where)) as store:
        rules = [load_preset("cn.national")]
        Engine(store, rules, clock=lambda: wrong).execute("17", Receive("Pipes", "Deputy A"), by=OFFICE)
        correct = CorrectTime((RightTime(1, right, "2026-02-10"),), "the clock stood in 2031")
        Engine(store, rules, clock=lambda: right.add(hours=1)).execute("17", correct, by=OFFICE)

    assert main(["show", "17", "--store", where, "--lang", lang]) == 0

    received = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("   1 "))
    assert received.split()[1] == "2031-02-10"
    assert received.endswith(mark)
