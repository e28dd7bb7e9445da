"""What do backups, ledgers and the watch give?"""

from __future__ import annotations

from pathlib import Path
from typing import assert_type

from dbos import WorkflowHandle

from handleflow import Engine, MemoryStore, load_preset
from handleflow.backup import BackedUp, Restored, backup, restore
from handleflow.engine import Rebuilt, rebuild
from handleflow.integrations.dbos import Delivery, Watch, keep_watch
from handleflow.ledgers import RefusedRow, TakenOver, take_over
from handleflow.store import FeedDigest, FeedItem

engine = Engine(MemoryStore(), [load_preset("cn.national")])
written: list[str] = []
backed_up = backup(engine.store, written.append, private=True)
assert_type(backed_up, BackedUp)
assert_type(backed_up.digest, FeedDigest)
assert_type(restore(engine, written), Restored)
assert_type(rebuild(engine), Rebuilt)
assert_type(rebuild(engine).changed, tuple[str, ...])
assert_type(rebuild(engine).left, tuple[tuple[str, str], ...])


def post(item: FeedItem) -> str:
    """Deliver one item."""
    return item.key


to_post = Delivery("post", post, attempts=3)


def read(path: Path) -> None:
    """What is read from files, and kept by a watch."""
    taken_over = take_over(engine, path)
    assert_type(taken_over, TakenOver)
    assert_type(taken_over.refused, tuple[RefusedRow, ...])
    watch = keep_watch(engine, "0 9 * * *", [to_post])
    assert_type(watch, Watch)
    assert_type(watch.wake(), WorkflowHandle[dict[str, int]])


def refused() -> None:
    """What nobody may write."""
    backup(engine, written.append)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    restore(engine, 5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    take_over(engine.store, "ledger.csv")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    keep_watch(engine, "0 9 * * *", to_post)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Delivery("post", written.append)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
