"""What does another system learn of an entry? (CloudEvents 1.0, structured JSON)"""

from __future__ import annotations

import json
from contextlib import closing
from http.client import HTTPConnection
from typing import Any

import attrs
from attrs import frozen
from pendulum import DateTime

from handleflow import Entry, Event, Suggestion
from handleflow.legal_time import utc
from handleflow.views import WITHHELD, entry_text, nobody_sees
from handleflow.words import MessageCatalogue
from mailroom.register import Undelivered, key_of

SOURCE = "//office.example.invalid/suggestions"
PUBLISHED = frozenset({"supervised", "answer_rejected", "deadline_missed"})


@frozen
class Webhook:
    """Posts a notice of what the clock and people say; machines know no working hours."""

    port: int
    path: str = "/notices"
    host: str = "127.0.0.1"
    keeps_hours: bool = False

    def addressees(self, suggestion: Suggestion, entry: Entry) -> tuple[str, ...]:
        """The one other system; what not everybody may see, as the confidential (涉密), is posted to nobody."""
        is_told = entry.kind in PUBLISHED and nobody_sees(suggestion) != WITHHELD
        return (self.path,) if is_told else ()

    def send(
        self, suggestion: Suggestion, entry: Entry, addressee: str, at: DateTime, words: MessageCatalogue
    ) -> None:
        """Post it; any answer but a 2xx says that it was not taken."""
        body = json.dumps(notice(suggestion.id, entry, words), ensure_ascii=False, default=str).encode()
        with closing(HTTPConnection(self.host, self.port, timeout=10)) as connection:
            connection.request("POST", addressee, body, {"Content-Type": "application/cloudevents+json"})
            answer = connection.getresponse()
            answer.read()
        if not 200 <= answer.status < 300:
            raise Undelivered(f"{addressee} answered {answer.status} {answer.reason}")


def notice(id: str, entry: Entry, words: MessageCatalogue) -> dict[str, Any]:
    """The entry as a CloudEvent: its codes and days for programs, and what it says for people, in both languages."""
    says = {lang: entry_text(entry, lang, words) for lang in ("en", "zh")}
    return {
        "specversion": "1.0",
        "id": key_of(id, entry.number),
        "source": SOURCE,
        "type": f"cn.handleflow.{entry.kind}",
        "subject": id,
        "time": utc(entry.at).isoformat(),
        "datacontenttype": "application/json",
        "data": {
            "entry": entry.number,
            "on": entry.on,
            "state": entry.state,
            **_told(entry.without_private().event),
            "says": says,
        },
    }


def _told(event: Event) -> dict[str, Any]:
    """What it says, without what nobody told."""
    return attrs.asdict(event, filter=lambda _, value: value is not None)
