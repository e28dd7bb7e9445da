"""A record whose feed has an order of its own, its backup, and how somebody who holds the file writes it anew."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from handleflow import Engine, MemoryStore, Store
from handleflow.acts import Accept, Assign, Receive, TakeOver
from handleflow.backup import backup, verify_backup
from handleflow.canonical_json import canonical
from handleflow.evidence.digests import Published, digest_of, disagreements
from handleflow.hash_chain import entry_hash, genesis
from handleflow.stores.sql import SqlStore
from handleflow.tree_head import entry_leaf, frontier
from tests.beginnings import OFFICE, WATER, instant, rulebook
from tests.databases import fresh_postgres
from tests.markers import POSTGRES

RULES = rulebook()
AT, LATER = instant("2026-02-09"), instant("2026-03-02")
KINDS = ["memory", "sqlite", POSTGRES]
Opening = Callable[[], Store]
Line = dict[str, Any]
Change = Callable[[list[Line]], object]


@contextmanager
def stores_of(kind: str, folder: Path) -> Iterator[Opening]:
    """How to open a new store of a kind; all are closed in the end."""
    with ExitStack() as opened:
        number = iter(range(99))

        def made() -> Store:
            if kind == "memory":
                return MemoryStore()
            where = fresh_postgres() if kind == "postgres" else str(folder / f"{next(number)}.db")
            return opened.enter_context(closing(SqlStore(where)))

        yield made


def lived(store: Store) -> tuple[Engine, list[Published]]:
    """Suggestions whose entries do not stand in the order of their ids, and what was published after every act."""
    engine, published = Engine(store, [RULES]), list[Published]()

    def did(id: str, *acts: Any, key: str | None = None) -> None:
        for act in acts:
            engine.execute(id, act, by=WATER if isinstance(act, Accept) else OFFICE, at=AT, key=key)
            since = published[-1].position if published else 0
            published.append(digest_of(store, AT, since=since))

    did("3", TakeOver("Schools", leads=("Schools Bureau",)))
    did("1", Receive("Pipes", "Deputy A", phone="placeholder"), key="k")
    did("2", Receive("Lamps", "Deputy B"))
    did("1", Assign(("Water Bureau",)), Accept())
    did("2", Assign(("Roads Bureau",)), key="k")
    return engine, published


def backed_up(store: Store, *, private: bool = True) -> list[str]:
    lines: list[str] = []
    backup(store, lines.append, private=private)
    return lines


def said(store: Store, published: Iterable[Published]) -> list[str]:
    """Where a store and published digests are of two minds."""
    return [fault.what for fault in disagreements(published, [each.hash or "" for each in store.numbered()])]


def order(store: Store) -> list[tuple[str, int]]:
    return [(each.suggestion_id, each.number) for each in store.numbered()]


def found_in(lines: list[str], published: Iterable[Published] = ()) -> list[str]:
    """What a verified backup shows."""
    return [str(fault) for fault in verify_backup(lines, published)]


def plain(lines: Iterable[str]) -> list[Line]:
    return [json.loads(line) for line in lines]


def written(lines: Iterable[Line]) -> list[str]:
    return [canonical(line).decode() + "\n" for line in lines]


def histories(lines: list[Line]) -> dict[str, Line]:
    return {line["suggestion"]: line for line in lines if "suggestion" in line}


def positions(lines: list[Line]) -> list[list[Any]]:
    """The positions, in the one line they stand in."""
    (line,) = [line for line in lines if "positions" in line]
    found: list[list[Any]] = line["entries"]
    return found


SCALARS: list[Any] = [None, True, False, 0, 1, -1, 2**63, 10**30, 1.5, "", " ", "x", "\x00", "\ud800", "9" * 300]
HOSTILE = st.sampled_from([*SCALARS, [], [[]], {}, {"a": 1}, ["x", 1, "0" * 64], "0" * 64, "A" * 64, [1] * 18])


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where in a line something stands."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, each in inner:
        yield (*path, name)
        yield from places(each, (*path, name))


def put(value: Any, path: tuple[Any, ...], there: Any) -> None:
    for name in path[:-1]:
        value = value[name]
    value[path[-1]] = there


def rechained(lines: list[Line]) -> None:
    """Every entry gets the hash that fits, and every position the hash of the entry it names."""
    for id, line in histories(lines).items():
        previous = genesis(id)
        for entry in line["entries"]:
            entry[16] = previous = entry_hash(
                previous, bytes.fromhex(entry[14]), tuple(entry[:14]), entry[15].encode()
            )
    for each in positions(lines):
        entries = histories(lines).get(each[0], {"entries": []})["entries"]
        each[2] = entries[each[1] - 1][16] if 0 < each[1] <= len(entries) else each[2]


def ended(lines: list[Line]) -> None:
    """The end tells of what stands before it."""
    hashes = [each[2] for each in positions(lines)]
    lines[-1]["end"], lines[-1]["position"] = len(histories(lines)), len(hashes)
    lines[-1]["digest"] = frontier(map(entry_leaf, hashes)).head.hex()


def vars_of(digest: Any) -> tuple[int, str]:
    return (digest.position, digest.digest)


def text_and_digest(text: str) -> tuple[str, str]:
    return (sha256(text.encode()).hexdigest(), text)


SOURCE, PUBLISHED = lived(MemoryStore())
LINES = backed_up(SOURCE.store)
NEWEST = SOURCE.store.digest()
