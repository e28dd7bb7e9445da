"""Reading lives back from an SQLite file by the package ``eventsourcing``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from eventsourcing.application import Application

from benchmarks.peers._eventsourced import Matter, lived

NAME = "eventsourcing"


def filled(folder: Path, n: int) -> tuple[Callable[[Any], object], Sequence[Any]]:
    """What reads one of *n* lives, and their ids."""
    environment = {"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": str(folder / "eventsourcing.db")}
    app = Application[Any](env=environment)
    matters = [lived() for _ in range(n)]
    app.save(*matters)
    # The application, which closes its file when nobody holds it, is held by what reads.
    return partial(_read, app), [matter.id for matter in matters]


def _read(app: Application[Any], id: Any) -> Matter:
    matter: Matter = app.repository.get(id)
    return matter
