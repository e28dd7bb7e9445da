"""``handleflow check`` and ``handleflow draw``: is a rulebook sound, and what does it look like?"""

from __future__ import annotations

from argparse import Namespace

from handleflow.cli import _screen
from handleflow.core import draw
from handleflow.errors import BrokenRulebook
from handleflow.presets import load


def check_rulebook(asked: Namespace) -> int:
    """Print every finding; 1 when there is one."""
    try:
        rules = load(asked.rulebook)
    except BrokenRulebook as broken:
        for finding in broken.findings:
            _screen.out.print(f"- {finding}", markup=False, soft_wrap=True)
        _screen.err.print(f"{asked.rulebook}: {len(broken.findings)} finding(s)", markup=False)
        return 1
    _screen.out.print(f"{rules.ref}: sound", markup=False)
    return 0


def draw_lifecycle(asked: Namespace) -> int:
    """Print the lifecycle as a Mermaid state diagram."""
    print(draw(load(asked.rulebook).lifecycle, asked.lang), end="")
    return 0
