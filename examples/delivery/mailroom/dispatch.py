"""Who is told of an entry, when may it go, and what is sent after a crash?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from http.client import HTTPException
from typing import Protocol

import attrs
from attrs import frozen
from pendulum import DateTime

from handleflow import Engine, Entry, HandleflowError, Suggestion
from handleflow.words import MessageCatalogue
from mailroom.register import Outgoing, Register, Undelivered

_TROUBLES = (OSError, HTTPException, Undelivered, HandleflowError)


class Way(Protocol):
    """A way out of the house; one that *keeps_hours* disturbs people, and only when they work."""

    @property
    def keeps_hours(self) -> bool:
        """Whether it waits for working hours."""

    def addressees(self, suggestion: Suggestion, entry: Entry) -> tuple[str, ...]:
        """Who is told of this entry by this way; mostly nobody."""

    def send(
        self, suggestion: Suggestion, entry: Entry, addressee: str, at: DateTime, words: MessageCatalogue
    ) -> None:
        """Hand it over, said by *words*, or raise why not."""


@frozen
class Dispatch:
    """
    Notes what is to go out in the *register*, and sends what may go, by its *ways*.

    Nothing that was said before *since* goes out: whoever opens a mailroom over an old store does not want
    its past in the mail.
    """

    engine: Engine
    register: Register
    ways: Mapping[str, Way]
    clock: Callable[[], DateTime]
    since: DateTime

    def hear(self, suggestion: Suggestion, entry: Entry) -> None:
        """The listener: called after the entry is safe."""
        noted = tuple(self._outgoing(suggestion, entry))
        self.register.note(noted)
        self._send(noted)

    def catch_up(self) -> tuple[Outgoing, ...]:
        """
        Walk the histories, note what nobody noted, send what waits and may go, and return what went.

        Run it at start and every few minutes: it is what recovers from a process that died between the commit
        and the listener, from a dead server, and what lets out in the morning what was said at night.
        """
        for suggestion in self.engine.store.snapshots():
            history = self.engine.history(suggestion.id)
            self.register.note(one for entry in history for one in self._outgoing(suggestion, entry))
        return self._send(self.register.waiting(self.clock()))

    def _outgoing(self, suggestion: Suggestion, entry: Entry) -> Iterator[Outgoing]:
        if entry.at >= self.since:
            for name, way in self.ways.items():
                for addressee in way.addressees(suggestion, entry):
                    yield Outgoing(suggestion.id, entry.number, name, addressee, entry.at)

    def _send(self, waiting: Iterable[Outgoing]) -> tuple[Outgoing, ...]:
        now = self.clock()
        return tuple(attrs.evolve(one, sent_at=now) for one in waiting if self._goes_out(one, now))

    def _goes_out(self, one: Outgoing, now: DateTime) -> bool:
        """Whether it went out now; one that does not stays in the register and stops no other."""
        try:
            way = self.ways.get(one.way)
            if way is None:
                raise Undelivered(f"this mailroom has no way {one.way!r}")
            suggestion = self.engine.look_up(one.id)
            opens = self._opens(way, suggestion, now)
            if opens > now:
                self.register.postpone(one, opens)
                return False
            entry = self.engine.history(one.id)[one.number - 1]
            send = partial(way.send, suggestion, entry, one.addressee, now, self.engine.words_of(entry))
            return self.register.hand_over(one, send, now)
        except _TROUBLES as trouble:
            self.register.complain(one, str(trouble))
            return False

    def _opens(self, way: Way, suggestion: Suggestion, now: DateTime) -> DateTime:
        rules = self.engine.rulebook_of(suggestion)
        hours = rules.working_hours if way.keeps_hours else None
        return hours.next_from(now, rules.calendar) if hours else now
