"""Does what type checkers read also run, and is everything public among it?"""

from __future__ import annotations

from importlib import import_module

import pytest

import handleflow
from tests.paths import ROOT

FILES = sorted(path.stem for path in (ROOT / "tests" / "types").glob("[!_]*.py"))


@pytest.mark.parametrize("name", FILES)
def test_what_checkers_read_runs(name: str) -> None:
    import_module(f"tests.types.{name}")


def test_checkers_read_everything_the_front_door_holds() -> None:
    read = {name for file in FILES for name in vars(import_module(f"tests.types.{file}"))}

    assert [name for name in handleflow.__all__ if name not in read] == []
