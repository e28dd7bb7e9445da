"""Which stores are stores, and what does one give?"""

from __future__ import annotations

from collections.abc import Iterator
from tempfile import TemporaryDirectory
from typing import assert_type

import sqlalchemy as sa
from pendulum import DateTime

from handleflow import Entry, MemoryStore, Store, Suggestion, load_preset
from handleflow.legal_time import Day
from handleflow.model import TermKey
from handleflow.sealing import Flaw, Sealed
from handleflow.store import FeedItem, KeptRulebook, Page, Place, Query, Recorded, Swept, Waking
from handleflow.stores.sql import BoundStore, SqlStore, metadata, prepare_sqlite

in_memory: Store = MemoryStore()
assert_type(metadata("city_"), sa.MetaData)

with TemporaryDirectory() as folder:
    in_a_file = SqlStore(f"{folder}/city.db")
    in_a_database: Store = in_a_file
    assert_type(in_a_file.load("1"), Suggestion | None)
    hosts = sa.create_engine(f"sqlite:///{folder}/city.db")
    prepare_sqlite(hosts)
    with hosts.begin() as connection:
        bound = in_a_file.bind(connection)
    hosts.dispose()
    assert_type(bound, BoundStore)
    within_a_transaction: Store = bound
    in_a_file.close()


def read(store: Store, on: Day) -> None:
    """What every store gives."""
    assert_type(store.load("1"), Suggestion | None)
    assert_type(store.history("1"), tuple[Entry, ...])
    assert_type(store.recorded_under("1", "key"), Recorded | None)
    assert_type(store.due(on), tuple[Waking, ...])
    assert_type(store.due_count(on), int)
    assert_type(store.swept(), Swept)
    assert_type(store.swept().at, DateTime | None)
    assert_type(store.unarmed(), tuple[tuple[str, TermKey], ...])
    assert_type(store.feed(after=5), tuple[FeedItem, ...])
    assert_type(store.head(), tuple[int, str])
    assert_type(store.cursor("mail"), int)
    assert_type(store.ids(), Iterator[str])
    assert_type(store.sealed("1"), tuple[Sealed, ...])
    assert_type(store.flaws(), Iterator[Flaw])
    assert_type(store.flaws([load_preset("cn.national")]), Iterator[Flaw])
    assert_type(store.head(numbering=False), tuple[int, str])
    assert_type(store.erase("1"), int)
    assert_type(store.pictures(), Iterator[Suggestion])
    assert_type(store.kept_rulebooks(), tuple[KeptRulebook, ...])


read(in_memory, Day(2026, 2, 10))

page = in_memory.find(Query(unit="Water Bureau", due_until=Day(2026, 5, 11)), order="due_on", limit=20)
assert_type(page, Page)
assert_type(page.suggestions, tuple[Suggestion, ...])
assert_type(page.next, Place | None)
assert_type(in_memory.count(Query(is_key=True), by="state"), dict[str, int])


class Half:
    """A store that can only load."""

    commits = True

    def load(self, id: str) -> Suggestion | None:
        """Nothing."""


def refused() -> None:
    """What nobody may write."""
    half: Store = Half()  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]
    half.find("Water Bureau")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    half.due("2026-02-10")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Query(town="?")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    SqlStore()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    MemoryStore().bind(None)  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
