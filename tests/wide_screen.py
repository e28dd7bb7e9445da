"""A screen that folds no cell. A console keeps the width it was made with, whatever COLUMNS says later."""

from __future__ import annotations

import pytest


@pytest.fixture
def wide_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Standard output that folds nothing."""
    from handleflow.cli import _screen  # noqa: PLC0415  its libraries are loaded where a screen is asked for

    monkeypatch.setattr(_screen.out, "_width", 240)
