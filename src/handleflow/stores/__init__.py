"""The keepers: memory, and SQL databases by ``handleflow.stores.sql`` (extra ``sql``)."""

from handleflow.codec import Codec
from handleflow.hash_chain import as_instant
from handleflow.stores.memory import MemoryStore

__all__ = ["Codec", "MemoryStore", "as_instant"]
