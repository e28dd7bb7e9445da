"""
Who takes what goes out, where no city's servers are?

Two servers on this machine alone, which keep what they get.
"""

from __future__ import annotations

import asyncio
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

HERE = "127.0.0.1"


class _OnAFreePort(Controller):
    """A controller that learns which port it was given before it is first spoken to."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


class PostOffice:
    """An SMTP server; *letters* are pairs of the envelope's address and the message."""

    def __init__(self) -> None:
        self.letters: list[tuple[str, EmailMessage]] = []
        self._server = _OnAFreePort(self, hostname=HERE, port=0, server_hostname="localhost")

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """What aiosmtpd calls for every letter."""
        letter = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        self.letters += [(address, letter) for address in envelope.rcpt_tos]
        return "250 taken"

    @property
    def port(self) -> int:
        """Where it listens, once it does."""
        return self._server.port

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stop()


class _Posted(BaseHTTPRequestHandler):
    """One notice: it is kept, or refused while the board refuses."""

    server: NoticeBoard

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if not self.server.refuses:
            self.server.notices.append((self.headers["Content-Type"], body))
        self.send_response(503 if self.server.refuses else 204)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing on the screen."""


class NoticeBoard(HTTPServer):
    """An HTTP server; *notices* are pairs of content type and body. While it *refuses* it answers 503."""

    def __init__(self) -> None:
        super().__init__((HERE, 0), _Posted)
        self.notices: list[tuple[str, bytes]] = []
        self.refuses = False
        self._thread = Thread(target=self.serve_forever, args=(0.01,), daemon=True)

    @property
    def port(self) -> int:
        """Where it listens."""
        return self.server_port

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()
