"""
What did the library say before its words were changed? A thousand random lives, recorded with all they left.

Recorded on 28 November 2026 by the library as it was at 45176d7: of 400 lives drawn under each shipped rulebook the
77 in which most kinds of entries stand. ``python -m tests.rules.recorded_lives`` wrote them, and would write other
ones now. Each line of the file is a life: its rulebook, its steps (the day, who, and the act with its fields, or the
clock reading that day), and what each step left: its entries, or the rules that refused it.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import given as drawn
from hypothesis import strategies as st

from handleflow import Entry, Rulebook, load_preset
from handleflow.codec._by_cattrs import event_converter
from handleflow.hash_chain import written
from handleflow.rulebooks import names
from handleflow.testing import Outcome, given
from handleflow.testing.strategies import Life, lives
from tests.paths import DATA

RECORDED = DATA / "lives.jsonl.gz"
DRAWN, KEPT = 400, 77
_SPOKEN_AFTER = (3, 30, 90)


def entry_told(entry: Entry) -> list[Any]:
    """An entry as it is recorded: all that a decision makes of it."""
    body = event_converter().unstructure(entry.event)
    return [
        entry.number,
        entry.kind,
        written(entry.at),
        str(entry.on),
        entry.by.role,
        entry.by.name,
        entry.state,
        body,
    ]


def outcome_told(outcome: Outcome) -> dict[str, Any]:
    """What came of a step: entries, or the rules that refused it."""
    if outcome.is_granted:
        return {"entries": [entry_told(entry) for entry in outcome.entries]}
    return {"refused": list(outcome.rules)}


def played(rules: Rulebook, life: Life) -> Iterator[dict[str, Any]]:
    """The steps of a life with what came of each: now and then the clock reads a day, as it does at the end."""
    story = given(rules)
    for number, (on, by, act) in enumerate(life):
        if story.steps and number % 3 == 0:
            outcome = story.when_the_clock_reads(on)
            yield {"on": str(on), "clock": True, **outcome_told(outcome)}
            story = outcome.and_then()
        outcome = story.when(act, by=by, on=on)
        args = [act.kind, event_converter().unstructure(act)]
        yield {"on": str(on), "by": [by.role, by.name], "act": args, **outcome_told(outcome)}
        story = outcome.and_then()
    on = life[-1][0]
    for days in _SPOKEN_AFTER:
        outcome = story.when_the_clock_reads(on + timedelta(days=days))
        yield {"on": str(on + timedelta(days=days)), "clock": True, **outcome_told(outcome)}
        story = outcome.and_then()


def some_lives(name: str) -> list[Life]:
    """Lives drawn under a shipped rulebook."""
    found: list[Life] = []

    @seed(len(name))
    @settings(
        max_examples=DRAWN,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @drawn(st.data())
    def one_after_another(data: Any) -> None:
        found.append(data.draw(lives(load_preset(name), most=40)))

    one_after_another()
    return found


def how_many_kinds(steps: list[dict[str, Any]]) -> int:
    """Of how many kinds its entries are."""
    return len({entry[1] for step in steps for entry in step.get("entries", ())})


def main() -> None:
    """Record them."""
    with gzip.GzipFile(RECORDED, "wb", mtime=0) as file:
        for name in names():
            told = [list(played(load_preset(name), life)) for life in some_lives(name)]
            for steps in sorted(told, key=how_many_kinds, reverse=True)[:KEPT]:
                file.write(json.dumps({"rulebook": name, "steps": steps}, ensure_ascii=False).encode() + b"\n")


if __name__ == "__main__":
    main()
