"""How much is enough? Small sizes for who waits, full ones for ``scripts/long``."""

from __future__ import annotations

import os

DUE_AT_ONCE = int(os.environ.get("HANDLEFLOW_DUE_AT_ONCE", "2000"))
"""How many suggestions are due when clocks that die sweep together; 10,000 in ``scripts/long``."""

CUT_EVERY_BYTE = os.environ.get("HANDLEFLOW_CUT_EVERY_BYTE", "") == "1"
"""Whether a connection is cut at every byte of a commit; only between its messages, unless in ``scripts/long``."""

STRESS_SECONDS = float(os.environ.get("HANDLEFLOW_STRESS_SECONDS", "10"))
"""How long a crowd is let loose on a store of each kind; five minutes in ``scripts/long``."""

FLIP_EVERY_BYTE = os.environ.get("HANDLEFLOW_FLIP_EVERY_BYTE", "") == "1"
"""Whether every byte of a file of evidence is changed once; only some of them, unless in ``scripts/long``."""
