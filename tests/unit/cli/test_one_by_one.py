"""What does a person at a shell see of a suggestion that cannot be judged or spoken of? Why not, and all others."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from pendulum import DateTime

from handleflow import Act, Actor, Engine, MemoryStore, Promise, Suggestion, load
from handleflow.acts import Accept, Assign, Receive, RecordContact, Reply
from handleflow.cli import main
from handleflow.errors import StoreError
from handleflow.rules import Fact
from tests.beginnings import OFFICE, ROADS, WATER, instant, rulebook

DOWN: set[str] = set()
"""The suggestions a host's own fact fails on at present."""


def visited(suggestion: Suggestion) -> Iterator[Fact]:
    """A host's own fact."""
    if suggestion.id in DOWN:
        raise KeyError("the register of visits")
    yield from ()


class Forgetful(MemoryStore):
    """A store that cannot remember a sweep while it is *full*."""

    full = False

    def record_sweep(self, at: DateTime, *, has_effect: bool) -> None:
        if self.full:
            raise StoreError("the disk is full")
        super().record_sweep(at, has_effect=has_effect)


CHANGES: dict[str, Any] = {
    "name": "city",
    "version": "1",
    "light": [{"colour": "red", "offset": "-5 workdays", "cite": "host"}],
    "rung": [{"id": "visit", "after": "visited", "channel": "phone", "cite": "host"}],
}
RULES = load("cn.national", facts={"visited": visited}, changes=CHANGES)
GONE = rulebook(name="gone")
STORE = Forgetful()
ENGINE = Engine(STORE, [RULES], clock=lambda: instant("2026-06-01"))


def live(id: str, rules: Any, *acts: tuple[Act, Actor]) -> None:
    engine = Engine(STORE, [rules], clock=lambda: instant("2026-02-10"))
    for act, by in ((Receive("Pipes", "Deputy A"), OFFICE), *acts):
        engine.execute(id, act, by=by)


TO_ROADS, TO_WATER = (Assign((ROADS.name,)), OFFICE), (Assign((WATER.name,)), OFFICE)
FAR = Reply("B", "in time", (Promise("a pumping station", "2050-06-01"),))
live("far", RULES, TO_WATER, (Accept(), WATER), (RecordContact("before"), WATER), (FAR, WATER))
live("gone", GONE, TO_ROADS)
live("well", RULES, TO_ROADS)
live("sick", RULES, TO_ROADS)
APP = ("--app", f"{__name__}:ENGINE")


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Any:
    def call(*argv: str) -> tuple[int, str, str]:
        code = main([*argv, *APP])
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


def test_the_board_shows_a_promise_beyond_the_calendar_and_one_under_a_rulebook_nobody_holds(run: Any) -> None:
    code, out, _ = run("board", "--json", "--on", "2026-05-30")
    lines = {line["id"]: line for line in json.loads(out)}
    _, text, err = run("board", "--on", "2026-05-30", "--by", "unit")

    assert (code, {id: bool(line["unjudged"]) for id, line in lines.items()}) == (
        0,
        {"far": True, "gone": True, "well": False, "sick": False},
    )
    assert (lines["far"]["due_on"], lines["well"]["light"]) == ("2050-06-01", "red")
    assert "cannot" in text
    assert [line.split(":")[0] for line in err.splitlines()] == ["gone", "far"]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_units_are_told_with_what_is_not_counted_and_why(run: Any, lang: str) -> None:
    code, out, _ = run("units", "--json", "--on", "2026-05-30")
    _, text, err = run("units", "--on", "2026-05-30", "--lang", lang)
    roads, water = json.loads(out)

    assert (code, roads["open"], list(roads["unjudged"]), water["replied_in_time"]) == (0, 2, ["gone"], 1)
    assert err.startswith({"en": "gone: cannot be judged: ", "zh": "gone：无法判断："}[lang])
    assert "no rulebook gone 1 is held here" in err
    assert "Water" in text


def test_report_and_health_speak_of_all(run: Any) -> None:
    _, report, _ = run("report", "--json")
    code, health, _ = run("health", "--json")

    assert json.loads(report)["total"] == 4
    assert (code, json.loads(health)["is_behind"]) == (1, True)
    assert json.loads(health)["oldest"]["what"].startswith("no rulebook gone 1 is held here")


def test_a_sweep_tells_whom_it_could_not_speak_of_and_what_broke_it_off(run: Any) -> None:
    DOWN.add("sick")
    STORE.full = True
    code, out, err = run("sweep")
    _, again, _ = run("sweep", "--json")
    DOWN.clear()
    STORE.full = False

    why = "KeyError: 'the register of visits'"
    assert (code, "well" in out, f"sick: {why}" in err) == (0, True, True)
    assert "the sweep was broken off: the disk is full" in err
    assert (json.loads(again)["said"], json.loads(again)["failed"]["sick"]) == ([], why)
    assert json.loads(again)["error"] == "the disk is full"
    assert "nothing to say" not in run("sweep")[1]
