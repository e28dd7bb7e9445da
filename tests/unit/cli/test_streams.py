"""Does a command that reads a whole store keep what it has read?"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from handleflow import Engine, MemoryStore, Suggestion
from handleflow.cli import main
from tests.beginnings import assigned, rulebook
from tests.streams import Watch, suggestions

RULES = rulebook()


class LongStore(MemoryStore):
    """A host's own store, whose suggestions are made when they are read."""

    def __init__(self, like: Suggestion) -> None:
        super().__init__()
        self.like, self.watch = like, Watch()

    def snapshots(self) -> Iterator[Suggestion]:
        return self.watch.over(suggestions(self.like, 1000))


STORES = {command: LongStore(assigned(RULES).suggestion) for command in ("report", "board", "units")}
REPORT, BOARD, UNITS = (Engine(store, [RULES]) for store in STORES.values())


@pytest.mark.parametrize("command", STORES)
def test_a_command_keeps_no_suggestion_it_has_read(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    code = main([command, "--app", f"{__name__}:{command.upper()}", "--json"])

    assert (code, "1000" in capsys.readouterr().out) == (0, command != "board")
    assert 0 < STORES[command].watch.most <= 3  # the one that is looked at, the next, and the generator's own
