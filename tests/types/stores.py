"""Which stores are stores, and what does one give?"""

from __future__ import annotations

from collections.abc import Iterator
from tempfile import TemporaryDirectory
from typing import assert_type

import pendulum
import sqlalchemy as sa
from pendulum import DateTime

from handleflow import Entry, MemoryStore, Store, Suggestion, load_preset
from handleflow.hash_chain import IntegrityFault, StoredEntry
from handleflow.legal_time import Day
from handleflow.model import TermKey
from handleflow.store import (
    Anchor,
    Catalogue,
    ClockIndex,
    Feed,
    FeedDigest,
    FeedItem,
    Histories,
    IdempotencyKey,
    Indexed,
    IndexedStore,
    LastSweep,
    Numbered,
    Page,
    PageToken,
    Query,
    StoredCalendar,
    StoredRulebook,
    Waking,
    count,
    find,
)
from handleflow.stores.sql import BoundStore, SqlStore, metadata, prepare_sqlite
from handleflow.verification import verify

in_memory: Store = MemoryStore()
its_four_parts: tuple[Histories, ClockIndex, Feed, Catalogue] = (in_memory, in_memory, in_memory, in_memory)
indexed: IndexedStore = MemoryStore()
assert_type(metadata("city_"), sa.MetaData)

with TemporaryDirectory() as folder:
    in_a_file = SqlStore(f"{folder}/city.db")
    in_a_database: IndexedStore = in_a_file
    assert_type(in_a_file.load("1"), Suggestion | None)
    hosts = sa.create_engine(f"sqlite:///{folder}/city.db")
    prepare_sqlite(hosts)
    with hosts.begin() as connection:
        bound = in_a_file.bind(connection)
    hosts.dispose()
    assert_type(bound, BoundStore)
    within_a_transaction: IndexedStore = bound
    in_a_file.close()


def read(store: Store, at: DateTime) -> None:
    """What every store gives."""
    assert_type(store.load("1"), Suggestion | None)
    assert_type(store.history("1"), tuple[Entry, ...])
    assert_type(store.key("1", "key"), IdempotencyKey | None)
    assert_type(store.keys("1"), tuple[IdempotencyKey, ...])
    assert_type(store.due(at), tuple[Waking, ...])
    assert_type(store.due_count(at), int)
    assert_type(store.last_sweep(), LastSweep)
    assert_type(store.last_sweep().at, DateTime | None)
    assert_type(store.terms_without_day(), tuple[tuple[str, TermKey], ...])
    assert_type(store.feed(after=5), tuple[FeedItem, ...])
    assert_type(store.digest(), FeedDigest)
    assert_type(store.cursor("mail"), int)
    assert_type(store.ids(), Iterator[str])
    assert_type(store.entries("1"), tuple[StoredEntry, ...])
    assert_type(verify(store), Iterator[IntegrityFault])
    assert_type(verify(store, [load_preset("cn.national")]), Iterator[IntegrityFault])
    assert_type(store.digest(numbering=False), FeedDigest)
    assert_type(store.numbered(after=5), Iterator[Numbered])
    assert_type(store.erase("1"), int)
    assert_type(store.snapshots(), Iterator[Suggestion])
    assert_type(store.rulebooks(), tuple[StoredRulebook, ...])
    assert_type(store.calendars(), tuple[StoredCalendar, ...])
    assert_type(store.anchors(), tuple[Anchor, ...])


read(in_memory, pendulum.datetime(2026, 2, 10, tz="Asia/Shanghai"))

page = find(in_memory, Query(unit="Water Bureau", due_until=Day(2026, 5, 11)), order="due_on", limit=20)
assert_type(page, Page)
assert_type(page.suggestions, tuple[Suggestion, ...])
assert_type(page.next, PageToken | None)
assert_type(indexed.find(Query(), after=page.next), Page)
assert_type(count(in_memory, Query(is_key=True), by="state"), dict[str, int])
assert_type(indexed.count(Query(), by="unit"), dict[str, int])


class Half:
    """A store that can only load."""

    commits = True

    def load(self, id: str) -> Suggestion | None:
        """Nothing."""


def refused() -> None:
    """What nobody may write."""
    half: Store = Half()  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]
    also_half: Indexed = Half()  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]
    also_half.find("Water Bureau")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    half.find(Query())  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    half.due("2026-02-10")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    half.due(Day(2026, 2, 10))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Query(town="?")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    SqlStore()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    MemoryStore().bind(None)  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
