"""``handleflow verify``, ``rebuild``, ``backup``, ``restore``, ``feed``, ``upgrade``: is the record whole?"""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING, Any, TextIO

import attrs

from handleflow.backup import backup, restore, rulebooks_in, verify_backup
from handleflow.cli import _screen
from handleflow.cli._new_file import new_file
from handleflow.cli._opening import open_engine, open_store, open_to_verify, seen_by
from handleflow.cli._proving import published_in
from handleflow.cli._stores import plain_entry
from handleflow.engine import Engine, Rebuilt, rebuild
from handleflow.engine.app import engine_at
from handleflow.errors import BrokenBackup, BrokenDigest, NotAStore
from handleflow.evidence.digests import Published, disagreements
from handleflow.evidence.keys import public_key
from handleflow.hash_chain import IntegrityFault
from handleflow.rulebooks import from_document
from handleflow.store import FeedItem, Store
from handleflow.stores.sql import upgrade
from handleflow.verification import verify
from handleflow.words import Message

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def show_faults(args: Namespace) -> int:
    """Print whatever was done behind the store's back, as it is found; 1 when there is something. Writes nothing."""
    named = _published(args)
    store, rulebooks = open_to_verify(args.store, args.app)
    digest = store.digest(numbering=False)  # before all is looked at: so it is among what was
    found = []
    for fault in chain(verify(store, rulebooks), _published_otherwise(store, *named)):
        found.append(fault.as_dict())
        if not args.json:
            _screen.out.print(fault.text(args.lang), markup=False, soft_wrap=True)
    if args.json:
        _screen.print_json({"faults": found, **attrs.asdict(digest)})
        return 1 if found else 0
    _screen.say("cli-verified", args.lang, faults=len(found), position=digest.position, digest=digest.digest)
    return 1 if found else 0


def _published_otherwise(
    store: Store, published: tuple[Published, ...], key: Ed25519PublicKey | None
) -> Iterator[IntegrityFault]:
    """Where the store and the digests of a file are of two minds."""
    hashes = (each.hash or "" for each in store.numbered())
    yield from disagreements(published, hashes, key)


def _published(args: Namespace) -> tuple[tuple[Published, ...], Ed25519PublicKey | None]:
    """The digests and the key that were named."""
    if args.key and not args.published:
        raise BrokenDigest(Message("cli-key_without_published"))
    return published_in(args.published) if args.published else (), public_key(args.key) if args.key else None


def rebuild_snapshots(args: Namespace) -> int:
    """Derive anew what stands beside every history; 1 when a history was left that nothing is folded from."""
    done = _rebuilt(open_engine(args.store, args.app), args.lang)
    if args.json:
        _screen.print_json({"changed": list(done.changed), "left": dict(done.left)})
        return 1 if done.left else 0
    _screen.say("cli-rebuilt", args.lang, changed=len(done.changed))
    for id in done.changed:
        _screen.out.print(f"  {id}", markup=False)
    _print_left(done, args.lang)
    return 1 if done.left else 0


def _rebuilt(engine: Engine, lang: str) -> Rebuilt:
    with _screen.progress("rebuild", lang) as (bar, task):
        return rebuild(engine, lambda _: bar.advance(task))


def _print_left(done: Rebuilt, lang: str) -> None:
    for id, why in done.left:
        _screen.warn("cli-left_as_it_is", lang, id=id, why=why)


def write_backup(args: Namespace) -> int:
    """Write whole histories as JSON lines."""
    engine = open_engine(args.store, args.app)
    sees = seen_by(engine, args).sees
    with new_file(Path(args.file)) as file, _screen.progress("write", args.lang) as (bar, task):

        def written(line: str) -> None:
            file.write(line)
            bar.advance(task)

        done = backup(engine.store, written, private=args.private, sees=sees)
    if args.json:
        counts = {"suggestions": done.suggestions, "withheld": done.withheld}
        _screen.print_json({**counts, **attrs.asdict(done.digest)})
    else:
        _screen.say(
            "cli-backed_up",
            args.lang,
            suggestions=done.suggestions,
            withheld=done.withheld,
            position=done.digest.position,
            digest=done.digest.digest,
        )
    return 0


def take_backup(args: Namespace) -> int:
    """Take whole histories in, each verified by its chain."""
    path = Path(args.file)
    if not path.is_file():
        raise BrokenBackup(Message("cli-no_file", {"path": str(path)}))
    _require_published(args, path)
    engine = _engine_for(args, path)
    with _lines_of(path) as lines, _screen.progress("take_in", args.lang) as (bar, task):
        done = restore(engine, lines, lambda _: bar.advance(task))
    if args.json:
        _screen.print_json(attrs.asdict(done))
    else:
        _screen.say("cli-restored", args.lang, taken_in=done.taken_in, there_already=done.there_already)
    return 0


def _require_published(args: Namespace, path: Path) -> None:
    """Make sure, before anything is taken in, that a backup is the record whose digests were published."""
    published, key = _published(args)
    if published:
        with _lines_of(path) as lines:
            found = next(verify_backup(lines, published, key), None)
        if found is not None:
            raise BrokenBackup(Message("cli-another_record", {"path": str(path), "why": str(found)}))


def _lines_of(path: Path) -> TextIO:
    """The lines of a file. Bytes that are no UTF-8 are refused with the line they stand in, when it is read."""
    try:
        return path.open(encoding="utf-8", errors="surrogateescape", newline="\n")
    except OSError as error:
        raise BrokenBackup(Message("cli-not_read", {"path": str(path), "why": error.strerror})) from None


def _engine_for(args: Namespace, path: Path) -> Engine:
    """An engine on the store, new or old, that holds the rulebooks the backup needs."""
    if args.app is not None:
        return engine_at(args.app)
    if args.store is None:
        raise NotAStore(Message("cli-name_store_or_app"))
    with _lines_of(path) as lines:
        needed = [from_document(kept.document) for kept in rulebooks_in(lines)]
    return Engine(open_store(args.store), needed)


def show_feed(args: Namespace) -> int:
    """Print every entry after a position as JSON lines; go on for ever with --follow."""
    engine = open_engine(args.store, args.app)
    store, seen = engine.store, seen_by(engine, args)
    after = store.cursor(args.cursor) if args.cursor else args.after
    while True:
        items = seen.feed(after)
        for item in items:
            print(json.dumps(_item(item), ensure_ascii=False), flush=True)
            after = item.position
            if args.cursor:
                store.advance(args.cursor, after)
        if not items and not args.follow:
            return 0
        if not items:
            sleep(args.every)


def _item(item: FeedItem) -> dict[str, Any]:
    where = {"position": item.position, "key": item.key, "suggestion": item.suggestion_id}
    return {**where, **plain_entry(item.entry)}


def upgrade_store(args: Namespace) -> int:
    """Bring a store's tables up to this library's version, and fold the snapshots anew."""
    if args.store is None:
        raise NotAStore(Message("cli-name_store"))
    if "://" not in args.store and not Path(args.store).is_file():
        raise NotAStore(Message("cli-no_store_to_upgrade", {"where": args.store}))
    with _screen.progress("upgrade", args.lang) as (bar, task):
        steps = upgrade(args.store, on_each=lambda _: bar.advance(task))
    engine = open_engine(args.store, args.app)
    done = _rebuilt(engine, args.lang)
    for step in steps or (Message("upgrade-not_needed"),):
        _screen.out.print(step.text(args.lang), markup=False, soft_wrap=True)
    _print_left(done, args.lang)
    return 1 if done.left else 0
