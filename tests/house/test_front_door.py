"""Does the front door open where only the required packages are installed?"""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.process


def test_the_front_door_loads_no_optional_dependency() -> None:
    loaded = (
        "import sys, handleflow; print([m for m in ('orjson', 'sqlalchemy', 'rich', 'pytest') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)

    assert run.stdout.strip() == "[]"
