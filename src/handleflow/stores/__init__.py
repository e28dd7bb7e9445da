"""The keepers: memory, and SQL databases by ``handleflow.stores.sql`` (extra ``sql``)."""

from handleflow.sealing import as_instant
from handleflow.stores._codec import Codec
from handleflow.stores.memory import MemoryStore

__all__ = ["Codec", "MemoryStore", "as_instant"]
