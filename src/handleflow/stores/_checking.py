"""Was anything done behind the store's back?"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import Protocol

from handleflow.core.evolve import replay
from handleflow.model import Entry, Suggestion
from handleflow.sealing import BEFORE_ALL, Flaw, Sealed, flaws_in_history, headed
from handleflow.store import KeptRulebook


class Checked(Protocol):
    """What of a store is looked at."""

    def ids(self) -> Iterator[str]: ...
    def sealed(self, id: str) -> tuple[Sealed, ...]: ...
    def unsealed(self, sealed: tuple[Sealed, ...]) -> tuple[Entry, ...]: ...
    def load(self, id: str) -> Suggestion | None: ...
    def positions(self) -> Iterator[tuple[int, str, int, str]]: ...
    def waiting(self) -> frozenset[tuple[str, int]]: ...
    def recorded_head(self, id: str) -> tuple[int, str]: ...
    def astray(self, picture: Suggestion) -> tuple[str, ...]: ...
    def kept_rulebooks(self) -> tuple[KeptRulebook, ...]: ...


def flaws(store: Checked) -> Iterator[Flaw]:
    """
    Entries changed, removed, inserted or cut off, pictures that are not their histories', a feed that does not fit.

    Others may write meanwhile: what they add is not taken for a flaw. What it cannot see before a head was published
    elsewhere: a store whose histories, pictures and feed somebody wrote anew from some point on, all together.
    """
    for kept in store.kept_rulebooks():
        if sha256(kept.document.encode()).hexdigest() != kept.digest:
            yield Flaw(f"(rulebook {kept.name} {kept.version})", 0, "its text is not the one it was kept with")
    told_before = max((position for position, *_ in store.positions()), default=0)
    hashes: dict[tuple[str, int], str] = {}
    for id in store.ids():
        try:
            (version, head), picture, sealed = store.recorded_head(id), store.load(id), store.sealed(id)
        except Exception as error:  # whatever was written there, it is a flaw and not the end of looking
            yield Flaw(id, 0, f"it cannot be read: {error}")
            continue
        hashes.update({(id, entry.number): entry.hash for entry in sealed})
        found = tuple(flaws_in_history(id, sealed))
        yield from found or _flaws_beside(store, sealed, (version, head), picture or Suggestion(id))
    waiting = store.waiting()
    yield from _flaws_in_feed(store, hashes, waiting, told_before)


def _flaws_beside(
    store: Checked, sealed: tuple[Sealed, ...], recorded: tuple[int, str], picture: Suggestion
) -> Iterator[Flaw]:
    """A whole chain may still be shorter than what stood beside it before it was read, or tell another story."""
    id, (version, head) = picture.id, recorded
    if version > len(sealed) or not sealed:
        yield Flaw(id, len(sealed), f"the history ends here, yet entry {version} was recorded")
    elif sealed[version - 1].hash != head:
        yield Flaw(id, version, "its hash is not the one recorded beside the picture")
    elif replay(id, store.unsealed(sealed[: picture.version])) != picture:
        yield Flaw(id, 0, "the picture is not what its history says; `handleflow rebuild` folds it anew")
    elif store.load(id) == picture and (astray := store.astray(picture)):
        words = f"it is looked for by another {', '.join(astray)} than its picture's"
        yield Flaw(id, 0, f"{words}; `handleflow rebuild` sets that right")


def _flaws_in_feed(
    store: Checked, hashes: dict[tuple[str, int], str], waiting: frozenset[tuple[str, int]], told_before: int
) -> Iterator[Flaw]:
    unseen, head, expected = dict(hashes), BEFORE_ALL, 1
    for position, id, number, recorded in store.positions():
        hash = unseen.pop((id, number), None)
        if position != expected:
            yield Flaw(id, number, f"position {expected} of the feed is missing before {position}")
        if hash is None and position <= told_before:
            yield Flaw(id, number, f"position {position} of the feed names an entry that is not there")
        elif hash is not None and headed(head, position, id, number, hash) != recorded:
            yield Flaw(id, number, f"the head at position {position} does not fit")
        head, expected = recorded, position + 1
    for id, number in sorted(set(unseen) - waiting):
        yield Flaw(id, number, "it never came into the feed; somebody inserted it")
