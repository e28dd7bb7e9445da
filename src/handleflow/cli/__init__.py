"""
The command line.

Exit codes: 0 all is well; 1 a rulebook has findings, the clock is behind, or a record has faults; 2 something asked
for cannot be done, and standard error says what would work.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from handleflow.cli._escaping import escaping


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; *argv* without the program's name, by default the process's own."""
    with escaping():
        return _answered(argv)


def _answered(argv: Sequence[str] | None) -> int:
    try:
        from handleflow.cli._commands import run  # noqa: PLC0415  its libraries are an extra; this error says which
    except ImportError as missing:
        print(f"handleflow: {missing}; install handleflow[cli]", file=sys.stderr)
        return 2
    try:
        return run(argv)
    except BrokenPipeError:
        return 0
    except KeyboardInterrupt:
        return 130
