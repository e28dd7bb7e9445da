"""Which day is it, by a person's word, and whose clock is wrong? What the shell asks and says of clocks."""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from pendulum import DateTime

from handleflow import Engine, MemoryStore, Rulebook, Suggestion
from handleflow.cli import main
from handleflow.legal_time import as_plain_utc, in_utc
from handleflow.store import Waking
from handleflow.stores.sql import SqlStore
from tests.beginnings import instant, rulebook

OFF = datetime.timedelta(hours=3)


class Behind(MemoryStore):
    """A store with a time of its own, by which the host's clock is three hours ahead."""

    keeps_time = True

    def _now(self) -> DateTime:
        return in_utc(as_plain_utc(Engine(MemoryStore(), []).now()) - OFF)

    def load_now(self, ids: Sequence[str]) -> tuple[DateTime | None, dict[str, Suggestion]]:
        return self._now(), self.load_many(ids)

    def due_now(
        self, ago: datetime.timedelta = datetime.timedelta(0), *, limit: int = 500
    ) -> tuple[DateTime, tuple[Waking, ...]]:
        return self._now(), self.due(in_utc(as_plain_utc(self._now()) - ago), limit=limit)


BEHIND = Engine(Behind(), [rulebook()])
APP = ("--app", f"{__name__}:BEHIND")


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Any:
    def call(*argv: str) -> tuple[int, str, str]:
        code = main(argv)
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


def swept(path: Path, *rules: Rulebook) -> tuple[str, str]:
    """A store that was swept in February 2026, and the day it is today, as its place says."""
    with closing(SqlStore(str(path / "a.db"))) as store:
        Engine(store, rules, clock=lambda: instant("2026-02-10")).sweep()
        return str(path / "a.db"), str(Engine(store, rules).today())


def test_long_after_the_last_sweep_the_day_is_to_be_confirmed(run: Any, tmp_path: Path) -> None:
    store, today = swept(tmp_path, rulebook())
    refused, chinese = run("sweep", "--store", store), run("sweep", "--store", store, "--lang", "zh")
    other = run("sweep", "--store", store, "--confirm", "2026-02-11")
    confirmed, again = run("sweep", "--store", store, "--confirm", today), run("sweep", "--store", store)

    assert [code for code, _, _ in (refused, chinese, other, confirmed, again)] == [2, 2, 2, 0, 0]
    assert f"handleflow sweep --confirm {today}" in refused[2]
    assert f"请用 --confirm {today} 确认日期" in chinese[2]
    assert "2026-02-11 was confirmed" in other[2]


@pytest.mark.parametrize(
    ("rules", "begins"), [((rulebook(),), "2026-02-08 16:00:00+00:00"), ((), "2026-02-09 00:00:00+00:00")]
)
def test_a_sweep_is_set_back_to_the_first_instant_of_a_day(
    run: Any, tmp_path: Path, rules: tuple[Rulebook, ...], begins: str
) -> None:
    store, _ = swept(tmp_path, *rules)
    _, out, _ = run("sweep", "--store", store, "--set-back", "2026-02-09")
    _, plain, _ = run("sweep", "--store", store, "--set-back", "2026-02-10", "--json")

    assert out.strip() == f"last swept: {begins}"
    assert json.loads(plain) == {"last_sweep_at": begins.replace(" ", "T")}


def test_where_nothing_was_swept_nothing_is_set_back(run: Any, tmp_path: Path) -> None:
    with closing(SqlStore(str(tmp_path / "a.db"))):
        pass
    _, plain, _ = run("sweep", "--store", str(tmp_path / "a.db"), "--set-back", "2026-02-10", "--json")

    assert json.loads(plain) == {"last_sweep_at": None}


@pytest.mark.parametrize("command", ["sweep", "health"])
def test_a_host_whose_clock_is_ahead_of_the_stores_time_is_told(run: Any, command: str) -> None:
    _, _, err = run(command, *APP)
    _, out, _ = run(command, *APP, "--json")

    assert "10800 second(s) ahead of the store's time" in err.replace("10799", "10800")
    assert abs(json.loads(out)["clock_skew"] - OFF.total_seconds()) < 60
