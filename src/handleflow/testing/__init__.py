"""
What a host needs to test its own parts by (extra ``testing``); ``import handleflow`` never loads it.

A store of your own keeps every promise of ``handleflow.Store`` when this passes; ``IndexedContract`` has those of one
that finds and counts by indexes too, ``LastingContract`` those of one that outlives a process::

    class TestMyStore(StoreContract):
        @pytest.fixture
        def make_store(self, tmp_path):
            numbers = itertools.count()
            return lambda own=(): MyStore(tmp_path / str(next(numbers)), own=own)
"""

import pytest

# Before they are imported: their asserts then tell what was compared, also in a host's own tests.
pytest.register_assert_rewrite(
    "handleflow.testing._clock",
    "handleflow.testing._derived",
    "handleflow.testing._feed_contract",
    "handleflow.testing._finding",
    "handleflow.testing._histories_contract",
    "handleflow.testing._moving",
    "handleflow.testing._verifying",
    "handleflow.testing._writing",
    "handleflow.testing.contract",
)

from handleflow.testing.contract import IndexedContract, LastingContract, StoreContract  # noqa: E402  see above
from handleflow.testing.scenario import (  # noqa: E402
    Outcome,
    Scenario,
    deputy,
    given,
    government,
    leader,
    office,
    unit,
)

__all__ = [
    "IndexedContract",
    "LastingContract",
    "Outcome",
    "Scenario",
    "StoreContract",
    "deputy",
    "given",
    "government",
    "leader",
    "office",
    "unit",
]
