"""One act on a store by the package ``eventsourcing``: an aggregate with one event for each act."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import ExitStack, closing
from typing import Any

import sqlalchemy as sa
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event

from benchmarks._accepted import OFFICE, WATER
from benchmarks._settings import Setting

NAME, NOTE = "eventsourcing", "one event; no index, no snapshot, no chain, no terms"


class Matter(Aggregate):
    """A suggestion."""

    @event("Received")
    def __init__(self, title: str, deputy: str) -> None:
        self.title, self.deputy, self.told = title, deputy, list[tuple[str, ...]]()

    @event("Told")
    def tell(self, by: str, act: str, how: str, text: str) -> None:
        """Anything that is done to it."""
        self.told.append((by, act, how, text))


def opened(setting: Setting, url: sa.URL, left: ExitStack, numbers: range) -> Callable[[int], None]:
    """What does an act of the n-th suggestion, with the package's own recorder for the database."""
    app = left.enter_context(closing(Application[Any](env=_environment(setting, url))))
    factory: Any = app.factory
    if setting.is_sqlite:
        with factory.datastore.get_connection(commit=True) as connection:  # the only one, in one thread
            connection.cursor().execute(f"PRAGMA synchronous={setting.synchronous}")
    matters = [Matter("Pipes", "Deputy A") for _ in numbers]
    for matter in matters:
        for act in ("distributed", "assigned", "accepted"):
            matter.tell(OFFICE.name, act, "lead", WATER.name)
        app.save(matter)
    ids = [matter.id for matter in matters]

    def run(n: int) -> None:
        matter: Matter = app.repository.get(ids[n])
        matter.tell(WATER.name, "contact recorded", "phone", "of the old pipes")
        app.save(matter)

    return run


def _environment(setting: Setting, url: sa.URL) -> dict[str, str]:
    if setting.is_sqlite:
        return {"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": str(url.database)}
    how = sa.create_engine(url).dialect.create_connect_args(url)[1]
    os.environ["PGOPTIONS"] = how["options"]  # it hands on no options of its own, but the driver reads these
    found = {"dbname": "", "host": "", "port": "5432", "user": "", "password": "", **how}
    found["schema"] = how.pop("options").split()[0].partition("=")[2]
    return {"PERSISTENCE_MODULE": "eventsourcing.postgres"} | {f"POSTGRES_{k.upper()}": v for k, v in found.items()}
