"""Does the house keep its own rules? Linter, formatter, types and layers run with the tests."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.paths import ROOT

pytestmark = pytest.mark.process

BIN = Path(sys.executable).parent


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(["ruff", "check", "."], id="no lint"),
        pytest.param(["ruff", "format", "--check", "."], id="one format"),
        pytest.param(["mypy"], id="every type holds"),
        pytest.param(["pyright", "--pythonpath", sys.executable], id="types hold for pyright too"),
        pytest.param(["lint-imports"], id="no layer is crossed"),
    ],
)
def test_the_house_rules_hold(command: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYRIGHT_PYTHON_IGNORE_WARNINGS", "1")  # or it would ask the network for a newer one
    run = subprocess.run([BIN / command[0], *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False)

    assert run.returncode == 0, run.stdout + run.stderr


def test_the_front_door_loads_no_optional_dependency() -> None:
    """``import handleflow`` must work where only the required packages are installed."""
    asked = "import sys, handleflow; print([m for m in ('sqlalchemy', 'rich', 'pytest') if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)

    assert run.stdout.strip() == "[]"
