"""A proxy between a client and PostgreSQL that hears what they say, and cuts the connection at a byte it is told."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from attrs import frozen
from sqlalchemy import URL, make_url

ASKS, ANSWERS = "asks", "answers"
"""The two directions: what the client says, and what the server does."""
AT_MOST = 60.0


@frozen
class Cut:
    """Where a connection ends: after so many bytes of one direction; where it *waits*, not before more comes."""

    direction: str
    after: int
    waits: bool = False


class Proxy:
    """Passes on what both say; from ``listen_in`` on it keeps it, and cuts once where it is told."""

    def __init__(self, server: tuple[int, str | tuple[str, int]]) -> None:
        self._server = server
        self._door = socket.create_server(("127.0.0.1", 0))
        self._lock = threading.Lock()
        self._said = {ASKS: bytearray(), ANSWERS: bytearray()}
        self._cut: Cut | None = None
        self._is_cut, self._is_over = threading.Event(), threading.Event()
        self._open: list[socket.socket] = []
        self._half_done: set[socket.socket] = set()
        threading.Thread(target=self._wait, daemon=True).start()

    @property
    def port(self) -> int:
        """Where it is spoken to, on this machine."""
        return int(self._door.getsockname()[1])

    def listen_in(self, cut: Cut | None = None) -> None:
        """Keep what is said from now on, and cut once at *cut*."""
        with self._lock:
            for said in self._said.values():
                said.clear()
            self._cut = cut
            self._is_cut.clear()
            self._is_over.clear()

    def messages(self, direction: str) -> list[tuple[str, int]]:
        """What was said in one direction: each message's letter and its length in bytes."""
        said, found = bytes(self._said[direction]), list[tuple[str, int]]()
        while said:
            length = 1 + int.from_bytes(said[1:5], "big")
            found.append((chr(said[0]), length))
            said = said[length:]
        return found

    def was_cut(self) -> bool:
        """Whether it cut; then the server's process, which may still have been at work, has come to its end."""
        with self._lock:
            self._cut = None
        if self._is_cut.is_set():
            assert self._is_over.wait(AT_MOST), "the server still works"
        return self._is_cut.is_set()

    def close(self) -> None:
        """Close everything."""
        for each in (self._door, *tuple(self._open)):
            _end(each, socket.SHUT_RDWR)
            each.close()

    def _wait(self) -> None:
        while True:
            try:
                client, _ = self._door.accept()
            except OSError:
                return
            family, address = self._server
            server = socket.socket(family)
            server.connect(address)
            self._open += [client, server]
            dead = threading.Event()
            for direction, source, target in ((ASKS, client, server), (ANSWERS, server, client)):
                threading.Thread(target=self._pass_on, args=(direction, source, target, dead), daemon=True).start()

    def _pass_on(self, direction: str, source: socket.socket, target: socket.socket, dead: threading.Event) -> None:
        with suppress(OSError):
            while said := source.recv(65_536):
                self._heard(direction, said, target, dead)
                if dead.is_set():
                    # What was passed on is read to its end, and after it nothing comes; the rest is dropped.
                    _end(source)
                    _end(target)
        _end(target)
        if dead.is_set() and direction == ANSWERS:
            self._is_over.set()
        self._leave(source, target)

    def _leave(self, *ends: socket.socket) -> None:
        """Close both ends when neither direction goes on: who cuts at every byte opens thousands."""
        with self._lock:
            if self._half_done.isdisjoint(ends):
                self._half_done.update(ends)
                return
            self._half_done.difference_update(ends)
            for each in ends:
                each.close()
                self._open.remove(each)

    def _heard(self, direction: str, said: bytes, target: socket.socket, dead: threading.Event) -> None:
        """Pass on as much of *said* as may be, and say when that is the end."""
        with self._lock:
            if dead.is_set():
                return
            cut, room = self._cut, len(said) + 1
            if cut is not None and cut.direction == direction:
                room = cut.after - len(self._said[direction])
            self._said[direction] += said
            target.sendall(said[:room])
            if room < len(said) or (room == len(said) and cut is not None and not cut.waits):
                self._cut = None
                dead.set()
                self._is_cut.set()


def _end(end: socket.socket, how: int = socket.SHUT_WR) -> None:
    """Say nothing more there, or hear nothing either."""
    with suppress(OSError):
        end.shutdown(how)


def address_of(url: URL) -> tuple[int, str | tuple[str, int]]:
    """Where a server listens: a socket in a folder, or a host and a port."""
    host = str(url.query.get("host", url.host))
    port = url.port or 5432
    if host.startswith("/"):
        return socket.AF_UNIX, f"{host}/.s.PGSQL.{port}"
    return socket.AF_INET, (host, port)


@contextmanager
def proxied(where: str) -> Iterator[tuple[Proxy, str]]:
    """A proxy before the database *where*, and the URL that goes by way of it."""
    url = make_url(where)
    proxy = Proxy(address_of(url))
    by_way = url.difference_update_query(["host"]).set(host="127.0.0.1", port=proxy.port)
    by_way = by_way.update_query_dict({"sslmode": "disable", "gssencmode": "disable"})
    try:
        yield proxy, by_way.render_as_string(hide_password=False)
    finally:
        proxy.close()
