"""How long does ``import handleflow`` take beside importing the packages it needs, and does it load anything else?"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from tempfile import TemporaryDirectory

from benchmarks._rounds import ROUNDS, Goal, Table, Times

TIMES = {"quick": 1, "default": 2, "full": 4}
LIMIT, OURS = "limit: attrs, pendulum, transitions", "handleflow"
IMPORTS = {LIMIT: "attrs, pendulum, transitions", OURS: "handleflow"}
PEERS = {
    "eventsourcing": "eventsourcing.application",
    "python-statemachine": "statemachine",
    "sismic": "sismic.model",
}
NOT_WANTED = ("sqlalchemy", "rich", "click", "typer", "argparse", "dbos", "psycopg", "hypothesis", "pytest")
"""What a host that only decides does not want to load: databases, command lines, tests."""

CHILD = """
from time import process_time
begun = process_time()
import {what}
took = process_time() - begun
import sys
print(took, *(name for name in {not_wanted} if name in sys.modules))
"""


def import_in_a_process(what: str, compiled: str) -> tuple[float, tuple[str, ...]]:
    """
    Seconds for importing *what* in a process of its own, and what of the unwanted came with it.

    Compiled files lie in a folder of their own, whatever the environment says: no package is installed without them.
    """
    code = CHILD.format(what=what, not_wanted=NOT_WANTED)
    kept = os.environ | {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": compiled}
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=kept)  # noqa: S603  our own
    took, *loaded = run.stdout.split()
    return float(took), tuple(loaded)


def measured(size: str) -> Iterator[Table]:
    """Each in turn, in a new process every time; the first one writes the compiled files."""
    imports = IMPORTS | {name: module for name, module in PEERS.items() if find_spec(module.partition(".")[0])}
    times: Times = {name: [] for name in imports}
    came = dict[str, tuple[str, ...]]()
    with TemporaryDirectory() as compiled:
        for number in range(ROUNDS * TIMES[size] + 1):
            for name, what in imports.items():
                took, came[name] = import_in_a_process(what, compiled)
                if number:
                    times[name].append(took * 1e3)
    missing = tuple((name, f"not installed ({PEERS[name]})") for name in PEERS if name not in imports)
    notes = {name: f"brings {', '.join(loaded)}" for name, loaded in came.items() if loaded}
    table = Table("import", "ms", times, LIMIT, notes, missing=missing)
    yield table.with_goals(
        Goal(f"unwanted modules that {OURS} loads ({', '.join(came[OURS]) or 'none'})", len(came[OURS]), 0),
    )
