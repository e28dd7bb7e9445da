"""Engine factory of the command line: how does a command come to an engine?"""

from __future__ import annotations

from argparse import ArgumentTypeError, Namespace
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from pathlib import Path

from pendulum import DateTime, timezone

from handleflow.engine import Engine, SeenBy
from handleflow.engine.app import engine_at
from handleflow.errors import NonsenseError, NotAStore, RulebookError
from handleflow.legal_time import Day
from handleflow.model import Actor
from handleflow.rulebooks import from_document
from handleflow.rules import Rulebook
from handleflow.store import Store
from handleflow.stores.sql import SqlStore
from handleflow.words import Message

_closing: ContextVar[ExitStack] = ContextVar("closing")


@contextmanager
def closing_stores() -> Iterator[None]:
    """Close every store that was opened meanwhile, whatever comes of it; a host's own engine is the host's."""
    with ExitStack() as closing:
        token = _closing.set(closing)
        try:
            yield
        finally:
            _closing.reset(token)


def open_store(where: str, *, create: bool = True) -> SqlStore:
    """A store that is closed when the command ends."""
    return _closed_at_the_end(SqlStore(where, create=create))


def _closed_at_the_end(store: SqlStore) -> SqlStore:
    _closing.get().callback(store.close)
    return store


def open_engine(where: str | None, app: str | None = None) -> Engine:
    """
    An engine on a store that exists, with the rulebooks kept there, or the host's own by *app*.

    Raises:
        NotAStore: when there is no store at *where*.
        RulebookError: when a kept rulebook names acts or guards of a host, and no *app* was given.
    """
    if app is not None:
        return engine_at(app)
    store = open_store(_existing(where), create=False)
    try:
        return Engine(store, [from_document(kept.document) for kept in store.rulebooks()])
    except RulebookError as error:
        raise RulebookError(f"{error}\na host's own acts and guards come with --app package.module:engine") from error


def seen_by(engine: Engine, args: Namespace) -> SeenBy:
    """The record as the reader may see it who was named; all of it where ``--private`` asks so."""
    return engine.seen_by(args.reader, private=getattr(args, "private", False))


def reader_of(written: str) -> Actor:
    """
    Who reads, written as ``ROLE:NAME``.

    Raises:
        ArgumentTypeError: when it is written otherwise, or is nobody's role or name.
    """
    role, _, name = written.partition(":")
    try:
        return Actor(role, name)
    except NonsenseError:
        raise ArgumentTypeError(f"{written!r} is nobody: write ROLE:NAME, such as 'unit:Water Bureau'") from None


def open_to_verify(where: str | None, app: str | None) -> tuple[Store, tuple[Rulebook, ...]]:
    """
    A store in which nothing can be written, and the host's own rulebooks by *app*.

    It is opened whatever was done to it; a rulebook whose text was changed is for verification to find.

    Raises:
        NotAStore: when there is no store at *where*.
    """
    if app is not None:
        engine = engine_at(app)
        return engine.store, engine.rulebooks
    return _closed_at_the_end(SqlStore.read_only(_existing(where))), ()


def _existing(where: str | None) -> str:
    if where is None:
        raise NotAStore(Message("cli-name_store_or_app"))
    if "://" not in where and not Path(where).is_file():
        raise NotAStore(Message("cli-no_store", {"where": where}))
    return where


def start_of(engine: Engine, on: Day) -> DateTime:
    """The instant a day begins where the first rulebook of *engine* holds; in UTC where it has none."""
    for rules in engine.rulebooks:
        return rules.calendar.start_of(on)
    return DateTime(on.year, on.month, on.day, tzinfo=timezone("UTC"))
