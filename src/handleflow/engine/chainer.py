"""
Hash chaining: how do decided entries come onto a hash chain? The engine chains them, so that all hear the hashes
they got.
"""

from __future__ import annotations

import os

from handleflow.codec import Codec, Entropy, Unrepeated
from handleflow.legal_time import utc
from handleflow.model.changing import changed
from handleflow.store import Batch


class Chainer:
    """
    Chains batches by a store's *codec*, with salts from *entropy*.

    Raises:
        StoreError: when *entropy* gives the same salt twice in a row.
    """

    def __init__(self, codec: Codec, entropy: Entropy = os.urandom) -> None:
        self._codec, self._entropy = codec, Unrepeated(entropy)

    def chained(self, batch: Batch) -> Batch:
        """
        *batch* with its entries as bytes, each chained to the one before, and the hashes they got.

        Raises:
            UnknownKind: when an event's class is not known to the codec.
            StoreError: when what an entry says cannot be written.
        """
        previous, stored = batch.previous, []
        for entry in batch.entries:
            stored.append(self._codec.encode(entry, previous, self._entropy))
            previous = stored[-1].hash
        entries = tuple(changed(e, hash=s.hash) for e, s in zip(batch.entries, stored, strict=True))
        # In UTC, as who reads it hears it: a store may hold what was written, and tells the same of it.
        last_at = None if batch.suggestion.last_at is None else utc(batch.suggestion.last_at)
        suggestion = changed(batch.suggestion, last_hash=previous, last_at=last_at)
        return changed(batch, entries=entries, stored=tuple(stored), suggestion=suggestion)
