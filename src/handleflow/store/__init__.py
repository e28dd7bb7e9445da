"""
Repository interfaces: what does a store promise, and in which words? Four protocols, two it may have, and the
values they speak in.
"""

from __future__ import annotations

from handleflow.store.batch import Batch, IdempotencyKey
from handleflow.store.protocols import (
    Catalogue,
    ClockIndex,
    Feed,
    Histories,
    Indexed,
    IndexedStore,
    Store,
    TimeSource,
)
from handleflow.store.queries import COUNTED_BY, ORDERS, Page, PageToken, Query, by_light
from handleflow.store.readings import DerivedRows, FeedDigest, FeedItem, LastSweep, Numbered, Waking
from handleflow.store.search import count, find
from handleflow.store.texts import Anchor, StoredCalendar, StoredRulebook

__all__ = [
    "COUNTED_BY",
    "ORDERS",
    "Anchor",
    "Batch",
    "Catalogue",
    "ClockIndex",
    "DerivedRows",
    "Feed",
    "FeedDigest",
    "FeedItem",
    "Histories",
    "IdempotencyKey",
    "Indexed",
    "IndexedStore",
    "LastSweep",
    "Numbered",
    "Page",
    "PageToken",
    "Query",
    "Store",
    "StoredCalendar",
    "StoredRulebook",
    "TimeSource",
    "Waking",
    "by_light",
    "count",
    "find",
]
