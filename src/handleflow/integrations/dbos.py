"""
Durable scheduling and delivery: which of several hosts lets the clock speak, and which one delivers? DBOS settles
it (extra ``dbos``).

DBOS wakes and delivers; it never holds a case. Of a suggestion its tables see the key of an entry and nothing else,
beside what an error of the host's own function says.
"""

from __future__ import annotations

import logging
import os
import platform
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from handleflow.engine import Engine
from handleflow.errors import HandleflowError, NonsenseError, StoreError
from handleflow.integrations._delivery import Delivery
from handleflow.stores._database import require_transaction

try:
    from dbos import DBOS, DBOSClient, DBOSConfig, EnqueueOptions, SetEnqueueOptions, StepOptions, WorkflowHandle
    from dbos import _dbos as _process
except ImportError as missing:
    raise ImportError("handleflow.integrations.dbos needs DBOS: pip install 'handleflow[dbos]'") from missing

__all__ = ["APPLICATION_VERSION", "Delivery", "Ownership", "Watch", "enqueue_wake", "keep_watch"]

APPLICATION_VERSION = "handleflow-1"
"""Changes only when the steps below change: DBOS takes up what another host left under the same version alone."""

_AT_ONCE = 1000
_PAGE = 100
_ROUNDS_A_HOST = 4
_SWEEP: StepOptions = {"name": "sweep", "retries_allowed": True, "interval_seconds": 1.0, "max_attempts": 3}
_log = logging.getLogger(__name__)


class Ownership(HandleflowError):
    """A process has one DBOS: somebody has it already, or nobody made one and nobody says how."""


class Watch:
    """
    A watch that is kept in this process; made by ``keep_watch``.

    *name* is that of its schedule in DBOS: to trigger, pause or delete it there.
    """

    def __init__(
        self, engine: Engine, deliveries: dict[str, Delivery], name: str, chunk: int, patience: float, *, owns: bool
    ) -> None:
        self.name = name
        self._engine, self._deliveries, self._chunk, self._patience = engine, deliveries, chunk, patience
        self._round, self._carry = f"{name}.round", f"{name}.carry"  # the workflows
        self._rounds, self._post = f"{name}.rounds", f"{name}.post"  # the queues they wait on
        self._owns = owns
        self._wake = self._register()

    def wake(self) -> WorkflowHandle[dict[str, int]]:
        """
        Ask for a round now, on whichever host is free first.

        Its result is ``{"said": how many entries, "failed": of how many suggestions the clock could not speak}``;
        deliveries go on after it.
        """
        return DBOS.enqueue_workflow(self._rounds, self._wake, None, None)

    def begin(self, cron: str) -> None:
        """
        Launch DBOS if nobody did, and enter the queues and the schedule; the same again changes nothing.

        Queues that are there stay as they are: a host may set their polling and concurrency in DBOS.
        """
        if not _process._get_dbos_instance()._launched:
            DBOS.launch()
        DBOS.register_queue(self._rounds, worker_concurrency=_ROUNDS_A_HOST, on_conflict="never_update")
        DBOS.register_queue(self._post, on_conflict="never_update")
        held = self._engine.rulebooks
        zone = held[0].calendar.zone_name if held else None
        DBOS.apply_schedules(
            [
                {
                    "schedule_name": self.name,
                    "workflow_fn": self._wake,
                    "schedule": cron,
                    "cron_timezone": zone,
                    "queue_name": self._rounds,
                }
            ]
        )

    def stop(self, *, within: int = 0) -> None:
        """
        Destroy DBOS if this watch made it; a host's own goes on, rounds and all, until the host destroys it.

        It waits up to *within* seconds for what is under way. What is not done then is taken up at the next start, or
        by another host. The schedule stays for the other hosts: ``DBOS.delete_schedule(watch.name)`` ends it for all.
        """
        if self._owns:
            self._owns = False
            DBOS.destroy(workflow_completion_timeout_sec=within)

    def _register(self) -> Callable[[datetime | None, object], Any]:
        """Make the two workflows known to DBOS, and return that of a round."""

        @DBOS.workflow(name=self._carry)
        def carry(name: str) -> int:
            return self._deliver(name)

        @DBOS.workflow(name=self._round)
        def go_round(scheduled_at: datetime | None, context: object) -> dict[str, int]:
            delivered = self._go_round()
            for name in self._deliveries:
                DBOS.run_step({"name": f"relieve {name}"}, self._relieve, name)
                # One run of a delivery at a time, on all hosts together. One that just ends may miss what was written
                # since it last looked; the next round has it.
                with SetEnqueueOptions(deduplication_id=name, duplication_policy="return-existing"):
                    DBOS.enqueue_workflow(self._post, carry, name)
            return delivered

        return go_round

    def _sweep(self) -> dict[str, int]:
        """Sweep one chunk; only counts go to DBOS."""
        swept = self._engine.sweep(limit=self._chunk)
        for id, why in swept.failed:
            _log.warning("the clock could not speak of suggestion %s: %s", id, why)
        if swept.error:
            _log.warning("the sweep was broken off: %s", swept.error)
        return {"said": len(swept.said), "remaining": swept.remaining, "failed": len(swept.failed)}

    def _go_round(self) -> dict[str, int]:
        """Sweep in chunks until nothing remains; how much was said, and of how many it could not be."""
        said, swept = 0, {"remaining": 1, "failed": 0}
        while swept["remaining"]:
            swept = DBOS.run_step(_SWEEP, self._sweep)
            said += swept["said"]
        return {"said": said, "failed": swept["failed"]}

    def _deliver(self, name: str) -> int:
        """
        Deliver what lies after a cursor, each item as a step, and move the cursor after each; how many.

        Run again after a crash it meets the same items in the same order, since the feed never changes behind a
        reader: what is noted as delivered is passed over.
        """
        delivery, store = self._deliveries[name], self._engine.store
        begun = done = DBOS.run_step({"name": "cursor"}, store.cursor, name)
        while done - begun < _AT_ONCE:
            items = store.feed(done, limit=_PAGE, private=delivery.private)
            for item in items:
                DBOS.run_step(delivery.step(item), delivery.hand_over, item)
                store.advance(name, done := item.position)
            if not items:
                break
        return done - begun

    def _relieve(self, name: str) -> None:
        """
        Take a delivery from a host that got nowhere for as long as *patience* lasts.

        DBOS lets only an executor of the same id go on with what a dead one had begun. If it lives after all, DBOS
        stops it at its next step, before it moves the cursor.
        """
        held = DBOS.list_workflows(
            name=self._carry,
            queue_name=self._post,
            status=["ENQUEUED", "PENDING"],
            load_input=False,
            load_output=False,
        )
        for one in held:
            if one.deduplication_id == name and self._is_given_up(one.workflow_id, one.updated_at or 0):
                _log.warning("delivery %s is taken from %s, which got nowhere", name, one.executor_id or "nobody")
                DBOS.cancel_workflow(one.workflow_id)

    def _is_given_up(self, workflow_id: str, updated_at: int) -> bool:
        # Real seconds, whatever the engine's clock says: a host is dead or alive, not a suggestion due.
        too_old = (time.time() - self._patience) * 1000
        if updated_at > too_old:
            return False
        steps = DBOS.list_workflow_steps(workflow_id)
        return all((step["completed_at_epoch_ms"] or 0) <= too_old for step in steps)


def keep_watch(
    engine: Engine,
    cron: str,
    deliveries: Iterable[Delivery] = (),
    *,
    config: DBOSConfig | None = None,
    name: str = "handleflow",
    chunk: int = 200,
    patience: float = 600.0,
) -> Watch:
    """
    Let one of the hosts that call this sweep at each tick of *cron*, and one at a time make each delivery.

    A tick runs once on all hosts together. It sweeps in chunks of at most *chunk* suggestions until nothing remains,
    then starts the *deliveries*, of about a thousand items each at most; the rest follows at the next tick. *cron*
    has five fields, or six with seconds first, and is read in the zone of the engine's first rulebook. Hosts that
    share a store and a *name* share the watch.

    Where the process has a DBOS already, that one is used, launched if it was not, and never destroyed: call this
    before its ``launch()``, and pin an ``application_version`` in its configuration. Otherwise *config* says how to
    make one: it must say where DBOS keeps its own tables, and may say anything else; ``application_version`` is
    ``APPLICATION_VERSION`` and ``executor_id`` the machine's name if it says nothing of them. Several processes on
    one machine need an ``executor_id`` each, which they keep when they are started again.

    After *patience* seconds without a step, a delivery is taken from the host that has it. It should be longer than
    the longest delivery of an item, repeats and all, or a slow host's item is delivered by another one too.

    Raises:
        Ownership: when the process has a DBOS and *config* was given, or has none and *config* says not where.
        NonsenseError: when *chunk* is less than 1, *patience* negative, or two deliveries have one name.
        DBOSException: when DBOS cannot read *cron*.
    """
    made = tuple(deliveries)
    known = {delivery.name: delivery for delivery in made}
    if chunk < 1 or patience < 0 or len(known) != len(made):
        raise NonsenseError("a chunk holds 1 or more, patience is not negative, and no two deliveries have one name")
    owns = _make_sure_of_one(config)
    try:
        watch = Watch(engine, known, name, chunk, patience, owns=owns)
        watch.begin(cron)
    except BaseException:
        if owns:
            DBOS.destroy()
        raise
    return watch


def _make_sure_of_one(config: DBOSConfig | None) -> bool:
    """Whether this process had no DBOS, so that one was made."""
    # DBOS tells nobody whether it was made, and hands out the old one for a new configuration. The extra is pinned
    # below version 4, and a test fails where this name is gone.
    if _process._dbos_global_instance is not None:
        if config is not None:
            raise Ownership("this process has a DBOS already, which would not hear of this config; leave it out")
        return False
    if config is None or not (config.get("system_database_url") or config.get("system_database_engine")):
        raise Ownership("this process has no DBOS: make one first, or give a config with a system_database_url")
    whole: DBOSConfig = {
        "name": "handleflow",
        "application_version": APPLICATION_VERSION,
        "executor_id": os.environ.get("DBOS__VMID") or platform.node(),
        "log_level": "WARNING",
        **config,
    }
    DBOS(config=whole)
    return True


def enqueue_wake(client: DBOSClient, connection: Connection, *, name: str = "handleflow") -> str:
    """
    Ask for a round in the host's own open transaction, and return its workflow id: it comes if that one commits.

    For acts through ``store.bind(connection)``, which no listener hears of. This process needs no watch, but one is
    kept somewhere under *name*. *connection* must reach the database that holds DBOS's tables: on PostgreSQL the
    database of the store (DBOS's tables lie in a schema of their own), on SQLite the very file of the store. Where
    DBOS has a file or database beside the store's, nothing can join; then wake after the commit, by ``Watch.wake``.

    Raises:
        NoTransaction: when *connection* is in none, or in autocommit mode.
        StoreError: when DBOS's tables are not there. The host's own work in the transaction stands.
    """
    require_transaction(connection)
    # No deduplication: a wake that waits already may run before this transaction commits, and see nothing of it.
    options: EnqueueOptions = {"workflow_name": f"{name}.round", "queue_name": f"{name}.rounds"}
    try:
        with connection.begin_nested():
            handle: WorkflowHandle[dict[str, int]] = client.enqueue_in_transaction(connection, options, None, None)
    except SQLAlchemyError as error:
        raise StoreError(f"no wake-up was enqueued; does this connection reach DBOS's tables? {error}") from error
    return handle.workflow_id
