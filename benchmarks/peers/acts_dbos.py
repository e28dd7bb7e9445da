"""
One act as a durable step of DBOS, on the same database.

The workflow has one step, which gives back what was told; DBOS keeps the workflow, its input, the step and its
output. It decides nothing and keeps no history of a suggestion: what is compared is the price of being durable.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from dbos import DBOS

NAME, NOTE = "DBOS, a workflow of one step", "durable step; no decision, history, chain, index"


class Kind(Protocol):
    """A kind of database."""

    def fresh(self) -> str:
        """The path or URL of an empty one."""


@DBOS.step()
def record(id: str, kind: str, text: str) -> dict[str, str]:
    """One fact; DBOS keeps what it gives back."""
    return {"id": id, "kind": kind, "text": text}


@DBOS.workflow()
def tell(id: str, kind: str, text: str) -> dict[str, str]:
    """One act."""
    return record(id, kind, text)


@contextmanager
def opened(kind: Kind, _: list[str]) -> Iterator[Callable[[str], object]]:
    """What does one act in a new database, as long as DBOS is there."""
    where = kind.fresh()
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
