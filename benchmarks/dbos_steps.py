"""
What does one act cost as a durable step of DBOS, beside handleflow on the same database?

The workflow has one step, which gives back what was told; DBOS keeps the workflow, its input, the step and its
output. It decides nothing and keeps no history of a suggestion: what is compared is the price of being durable.
Run it alone: python -m benchmarks.dbos_steps [--quick | --full]
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from dbos import DBOS

NAME, NOTE = "DBOS, a workflow of one step", "durable step; no decision, history, chain, index"


@DBOS.step()
def record(id: str, kind: str, text: str) -> dict[str, str]:
    """One fact; DBOS keeps what it gives back."""
    return {"id": id, "kind": kind, "text": text}


@DBOS.workflow()
def tell(id: str, kind: str, text: str) -> dict[str, str]:
    """One act."""
    return record(id, kind, text)


@contextmanager
def opened(where: str) -> Iterator[Callable[[str], object]]:
    """What does one act in a database, as long as DBOS is there."""
    url = where if "://" in where else f"sqlite:///{where}"
    DBOS(
        config={
            "name": "benchmark",
            "system_database_url": url,
            "application_version": "1",
            "executor_id": "benchmark",
            "log_level": "WARNING",
        }
    )
    DBOS.launch()
    try:
        yield lambda each: tell(each, "contact recorded", "of the old pipes")
    finally:
        DBOS.destroy()


if __name__ == "__main__":
    # Imported once more under its name, it would make itself known to DBOS twice.
    sys.modules["benchmarks.dbos_steps"] = sys.modules[__name__]
    from benchmarks import acts
    from benchmarks._rounds import run_alone

    run_alone(acts.beside_peers, __doc__)
