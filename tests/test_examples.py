"""The examples run as they are, and say what they should."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

EXAMPLES = Path(__file__).parent.parent / "examples"


def test_a_host_adds_a_state_an_act_and_a_guard_of_its_own() -> None:
    run = subprocess.run(
        [sys.executable, EXAMPLES / "legal_review" / "host.py"], capture_output=True, text=True, check=True
    )

    assert run.stdout.splitlines() == [
        "in_legal_review",
        "reply refused for suggestion 2026-017: legal review: names no article [本机关规定 / the office's own rule]",
        "handling",
        "replied",
    ]
