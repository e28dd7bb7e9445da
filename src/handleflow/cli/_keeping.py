"""``handleflow verify``, ``rebuild``, ``backup``, ``restore``, ``feed``, ``upgrade``: is the record whole?"""

from __future__ import annotations

import json
from argparse import Namespace
from pathlib import Path
from time import sleep
from typing import Any, TextIO

import attrs

from handleflow.cli import _screen
from handleflow.cli._new_file import new_file
from handleflow.cli._opening import host_engine, open_engine, open_store, open_to_verify
from handleflow.cli._stores import plain_entry
from handleflow.engine import Engine
from handleflow.errors import BrokenBackup, NotAStore
from handleflow.keeping import Rebuilt, backup, rebuild, restore, rulebooks_in
from handleflow.presets import from_document
from handleflow.store import FeedItem
from handleflow.stores.sql import upgrade


def show_flaws(asked: Namespace) -> int:
    """Print whatever was done behind the store's back, as it is found; 1 when there is something. Writes nothing."""
    store, rulebooks = open_to_verify(asked.store, asked.app)
    position, head = store.head(numbering=False)  # before all is looked at: so it is among what was
    flaws = []
    for flaw in store.flaws(rulebooks):
        flaws.append({"id": flaw.id, "entry": flaw.number or None, "what": flaw.what})
        if not asked.json:
            _screen.out.print(str(flaw), markup=False, soft_wrap=True)
    if asked.json:
        _screen.print_json({"flaws": flaws, "position": position, "head": head})
        return 1 if flaws else 0
    words = f"{len(flaws)} flaw(s)" if flaws else "nothing was changed, removed, inserted or cut off"
    _screen.out.print(f"{words}; head at {position}: {head}", markup=False, soft_wrap=True)
    return 1 if flaws else 0


def rebuild_pictures(asked: Namespace) -> int:
    """Derive anew what stands beside every history; 1 when a history was left that nothing is folded from."""
    done = _rebuilt(open_engine(asked.store, asked.app))
    if asked.json:
        _screen.print_json({"changed": list(done.changed), "left": dict(done.left)})
        return 1 if done.left else 0
    _screen.out.print(f"{len(done.changed)} suggestion(s) were not what their histories say", markup=False)
    for id in done.changed:
        _screen.out.print(f"  {id}", markup=False)
    _print_left(done)
    return 1 if done.left else 0


def _rebuilt(engine: Engine) -> Rebuilt:
    with _screen.progress("folding") as (bar, task):
        return rebuild(engine, lambda _: bar.advance(task))


def _print_left(done: Rebuilt) -> None:
    for id, why in done.left:
        _screen.err.print(f"{id} is left as it is: {why}", markup=False, soft_wrap=True)


def write_backup(asked: Namespace) -> int:
    """Write whole histories as JSON lines."""
    store = open_engine(asked.store, asked.app).store
    with new_file(Path(asked.file)) as file, _screen.progress("writing") as (bar, task):

        def written(line: str) -> None:
            file.write(line)
            bar.advance(task)

        done = backup(store, written, private=asked.private)
    if asked.json:
        _screen.print_json(attrs.asdict(done))
    else:
        left = f", {done.withheld} confidential left out (--private takes them)" if done.withheld else ""
        _screen.out.print(
            f"{done.suggestions} suggestion(s){left}; head at {done.position}: {done.head}", soft_wrap=True
        )
    return 0


def take_backup(asked: Namespace) -> int:
    """Take whole histories in, each verified by its chain."""
    path = Path(asked.file)
    if not path.is_file():
        raise BrokenBackup(f"there is no file {path}")
    engine = _engine_for(asked, path)
    with _lines_of(path) as lines, _screen.progress("taking in") as (bar, task):
        done = restore(engine, lines, lambda _: bar.advance(task))
    if asked.json:
        _screen.print_json(attrs.asdict(done))
    else:
        _screen.out.print(f"{done.taken_in} suggestion(s) taken in, {done.there_already} were there already")
    return 0


def _lines_of(path: Path) -> TextIO:
    """The lines of a file. Bytes that are no UTF-8 are refused with the line they stand in, when it is read."""
    try:
        return path.open(encoding="utf-8", errors="surrogateescape", newline="\n")
    except OSError as error:
        raise BrokenBackup(f"{path} cannot be read: {error.strerror}") from None


def _engine_for(asked: Namespace, path: Path) -> Engine:
    """An engine on the store, new or old, that holds the rulebooks the backup needs."""
    if asked.app is not None:
        return host_engine(asked.app)
    if asked.store is None:
        raise NotAStore("name a store with --store PATH|URL, or a host's own engine with --app")
    with _lines_of(path) as lines:
        needed = [from_document(kept.document) for kept in rulebooks_in(lines)]
    return Engine(open_store(asked.store), needed)


def show_feed(asked: Namespace) -> int:
    """Print every entry after a position as JSON lines; go on for ever with --follow."""
    store = open_engine(asked.store, asked.app).store
    after = store.cursor(asked.cursor) if asked.cursor else asked.after
    while True:
        items = store.feed(after, private=asked.private)
        for item in items:
            print(json.dumps(_item(item, asked.private), ensure_ascii=False), flush=True)
            after = item.position
            if asked.cursor:
                store.advance(asked.cursor, after)
        if not items and not asked.follow:
            return 0
        if not items:
            sleep(asked.every)


def _item(item: FeedItem, private: bool) -> dict[str, Any]:
    head = {"position": item.position, "key": item.key, "suggestion": item.suggestion_id, "head": item.head}
    return {**head, **plain_entry(item.entry, private)}


def upgrade_store(asked: Namespace) -> int:
    """Bring a store's tables up to this library's version, and fold the pictures anew."""
    if asked.store is None:
        raise NotAStore("name a store with --store PATH|URL")
    if "://" not in asked.store and not Path(asked.store).is_file():
        raise NotAStore(f"there is no store at {asked.store}")
    steps = upgrade(asked.store)
    engine = open_engine(asked.store, asked.app)
    done = _rebuilt(engine)
    said = " and ".join(steps) if steps else "it is of this version already"
    _screen.out.print(said, markup=False)
    _print_left(done)
    return 1 if done.left else 0
