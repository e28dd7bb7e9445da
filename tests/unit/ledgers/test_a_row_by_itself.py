"""Does one row on which a host's own check raises stop the others of a ledger?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from handleflow import Engine, MemoryStore, load
from handleflow.errors import Reason
from handleflow.ledgers import take_over
from handleflow.model import Question
from handleflow.values import frozen
from tests.unit.ledgers.test_ledgers import written


@frozen
class IsRegistered:
    """A host's own guard, whose register is down for one title."""

    def __call__(self, question: Question[Any]) -> Iterator[Reason]:
        if getattr(question.act, "title", "") == "桥":
            raise LookupError("the register is down")
        yield from ()


GUARD = {"id": "registered", "ask": "registered", "of": ["take_over"], "cite": "host"}
CHANGES = {"name": "city", "version": "1", "guard": [GUARD]}
RULES = load("cn.national", guards={"registered": IsRegistered}, changes=CHANGES)


def test_it_is_refused_with_what_was_raised_and_the_others_are_recorded(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    rows = [{"kind": "建议", "title": title} for title in ("路", "桥", "灯")]
    taken = take_over(Engine(MemoryStore(), [RULES]), written(tmp_path / "a.csv", rows))

    assert taken.recorded == 2
    assert [(row.line, row.title, row.reason) for row in taken.refused] == [
        (3, "桥", "LookupError: the register is down")
    ]
    assert "in __call__" in caplog.text
