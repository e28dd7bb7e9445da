"""What goes out to whom, from when on may it, and has it gone? (发文登记簿)"""

from __future__ import annotations

import datetime
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from attrs import frozen
from pendulum import DateTime

from handleflow.legal_time import instant, utc

_TABLE = """
create table if not exists outgoing (
  id text not null, number integer not null, way text not null, addressee text not null,
  not_before text not null, sent_at text, trouble text,
  primary key (id, number, way, addressee)
)"""
_ADD = "insert or ignore into outgoing (id, number, way, addressee, not_before) values (?, ?, ?, ?, ?)"
_SENT = "update outgoing set sent_at = ?, trouble = null"
_NOT_BEFORE = "update outgoing set not_before = ?"
_TROUBLE = "update outgoing set trouble = ?"
_THIS = "where id = ? and number = ? and way = ? and addressee = ? and sent_at is null"
_PATIENCE = 60


class Undelivered(Exception):
    """It could not be handed over, and why."""


def key_of(id: str, number: int) -> str:
    """The key of what an entry sends out: the suggestion's id, fit for a message id, and the entry's number."""
    return f"{quote(id, safe='')}.{number}"


@frozen
class Outgoing:
    """Entry *number* of suggestion *id* goes to one *addressee* by one *way*, *not_before* a moment."""

    id: str
    number: int
    way: str
    addressee: str
    not_before: DateTime
    sent_at: DateTime | None = None
    trouble: str | None = None

    @property
    def place(self) -> tuple[str, int, str, str]:
        """Which line of the register it is."""
        return self.id, self.number, self.way, self.addressee


class Register:
    """
    The host's own table, in an SQLite file of its own.

    Every call opens the file and closes it, so that any thread may ask and nothing is left open.
    """

    def __init__(self, where: Path) -> None:
        self._where = where
        with self._writing() as table:
            table.execute(_TABLE)

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction, which nobody else writes beside."""
        with closing(sqlite3.connect(self._where, timeout=_PATIENCE, isolation_level=None)) as table:
            table.execute("begin immediate")
            try:
                yield table
            except BaseException:
                table.execute("rollback")
                raise
            table.execute("commit")

    def note(self, outgoing: Iterable[Outgoing]) -> None:
        """Write down what is to go out; what stands there already stays as it is."""
        rows = [(*one.place, _written(one.not_before)) for one in outgoing]
        if rows:
            with self._writing() as table:
                table.executemany(_ADD, rows)

    def hand_over(self, one: Outgoing, send: Callable[[], None], at: DateTime) -> bool:
        """
        Let *one* go out by *send*, unless it has gone; False when it has.

        The register is held while it goes, so that two who try at once send it once. When *send* fails,
        it has not gone. Only a process that dies between *send* and the end of this sends it again: for
        that, what goes out carries the same id each time.
        """
        with self._writing() as table:
            if table.execute(f"{_SENT} {_THIS}", (_written(at), *one.place)).rowcount != 1:
                return False
            send()
        return True

    def postpone(self, one: Outgoing, until: DateTime) -> None:
        """It may not go before *until*."""
        with self._writing() as table:
            table.execute(f"{_NOT_BEFORE} {_THIS}", (_written(until), *one.place))

    def complain(self, one: Outgoing, trouble: str) -> None:
        """It did not go, and why; it stays to be sent."""
        with self._writing() as table:
            table.execute(f"{_TROUBLE} {_THIS}", (trouble, *one.place))

    def waiting(self, by: DateTime) -> tuple[Outgoing, ...]:
        """What has not gone and may go by that moment, the oldest first."""
        return self._lines("sent_at is null and not_before <= ?", _written(by))

    def lines(self) -> tuple[Outgoing, ...]:
        """All of it, in the order in which it might go."""
        return self._lines("true")

    def _lines(self, which: str, *given: str) -> tuple[Outgoing, ...]:
        query = f"select * from outgoing where {which} order by not_before, id, number, way, addressee"  # noqa: S608
        with closing(sqlite3.connect(self._where, timeout=_PATIENCE)) as table:
            rows = table.execute(query, given).fetchall()
        return tuple(
            Outgoing(id, number, way, addressee, _read(not_before), _read(sent_at) if sent_at else None, trouble)
            for id, number, way, addressee, not_before, sent_at, trouble in rows
        )


def _written(at: DateTime) -> str:
    return utc(at).isoformat(timespec="microseconds")


def _read(text: str) -> DateTime:
    return instant(datetime.datetime.fromisoformat(text))
