"""Was anything done behind the store's back?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from handleflow.core import replay
from handleflow.model import Entry, Suggestion
from handleflow.sealing import BEFORE_ALL, Flaw, Sealed, flaws_in_history, headed


class Checked(Protocol):
    """What of a store is looked at."""

    def ids(self) -> Iterator[str]: ...
    def sealed(self, id: str) -> tuple[Sealed, ...]: ...
    def history(self, id: str) -> tuple[Entry, ...]: ...
    def load(self, id: str) -> Suggestion | None: ...
    def positions(self) -> Iterator[tuple[int, str, int, str]]: ...
    def waiting(self) -> frozenset[tuple[str, int]]: ...
    def recorded_head(self, id: str) -> tuple[int, str]: ...


def flaws(store: Checked) -> Iterator[Flaw]:
    """
    Entries changed, removed, inserted or cut off, pictures that are not their histories', a feed that does not fit.

    What it cannot see before a head was published elsewhere: a store whose histories, pictures and feed somebody
    wrote anew from some point on, all together.
    """
    hashes: dict[tuple[str, int], str] = {}
    for id in store.ids():
        try:
            sealed = store.sealed(id)
        except Exception as error:  # whatever was written there, it is a flaw and not the end of looking
            yield Flaw(id, 0, f"its history cannot be read: {error}")
            continue
        hashes.update({(id, entry.number): entry.hash for entry in sealed})
        found = tuple(flaws_in_history(id, sealed))
        yield from found
        if not found:
            yield from _flaws_beside(store, id, sealed)
    yield from _flaws_in_feed(store, hashes)


def _flaws_beside(store: Checked, id: str, sealed: tuple[Sealed, ...]) -> Iterator[Flaw]:
    """A whole chain may still be shorter than what stands beside it, or tell another story."""
    version, head = store.recorded_head(id)
    if version != len(sealed):
        yield Flaw(id, len(sealed), f"the history ends here, yet entry {version} was recorded")
    elif not sealed or head != sealed[-1].hash:
        yield Flaw(id, len(sealed), "the newest hash is not the one recorded beside the picture")
    elif replay(id, store.history(id)) != store.load(id):
        yield Flaw(id, 0, "the picture is not what its history says; `handleflow rebuild` folds it anew")


def _flaws_in_feed(store: Checked, hashes: dict[tuple[str, int], str]) -> Iterator[Flaw]:
    unseen, head, expected = dict(hashes), BEFORE_ALL, 1
    for position, id, number, recorded in store.positions():
        hash = unseen.pop((id, number), None)
        if position != expected:
            yield Flaw(id, number, f"position {expected} of the feed is missing before {position}")
        if hash is None:
            yield Flaw(id, number, f"position {position} of the feed names an entry that is not there")
        elif headed(head, position, id, number, hash) != recorded:
            yield Flaw(id, number, f"the head at position {position} does not fit")
        head, expected = recorded, position + 1
    for id, number in sorted(set(unseen) - store.waiting()):
        yield Flaw(id, number, "it never came into the feed; somebody inserted it")
