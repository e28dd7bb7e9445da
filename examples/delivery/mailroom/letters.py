"""What does the letter say that urges a unit, and to whom does it go?"""

from __future__ import annotations

import smtplib
from collections.abc import Mapping
from email.headerregistry import Address
from email.message import EmailMessage

from attrs import frozen
from pendulum import DateTime

from handleflow import Entry, Suggestion
from handleflow.model.supervision import Supervision
from handleflow.party import name_of
from handleflow.views import WITHHELD, nobody_sees, supervision_text
from handleflow.words import MessageCatalogue
from mailroom.register import Undelivered, key_of

SENDER = Address("督办收发室", addr_spec="duban@office.example.invalid")


def urged_by(suggestion: Suggestion, entry: Entry) -> Supervision | None:
    """The supervision that this entry made, by the clock or by people."""
    return next((each for each in suggestion.supervisions if each.entry == entry.number), None)


@frozen
class Mail:
    """Letters by SMTP to the unit and to whom the supervision is addressed; *addresses* is the host's own table."""

    port: int
    addresses: Mapping[str, str]
    host: str = "127.0.0.1"
    keeps_hours: bool = True

    def addressees(self, suggestion: Suggestion, entry: Entry) -> tuple[str, ...]:
        """The unit, and the leader in charge (or whoever else it is addressed to)."""
        urged = urged_by(suggestion, entry)
        return () if urged is None else tuple(dict.fromkeys(name for name in (urged.unit, urged.to) if name))

    def send(
        self, suggestion: Suggestion, entry: Entry, addressee: str, at: DateTime, words: MessageCatalogue
    ) -> None:
        """Hand the letter to the server for this addressee alone: one refused mailbox does not double the other."""
        urged = urged_by(suggestion, entry)
        if urged is None or addressee not in self.addresses:
            raise Undelivered(f"no address of {addressee} is known")
        letter = write(suggestion, urged, at, words)
        letter["To"] = [
            self._address(name, words) for name in self.addressees(suggestion, entry) if name in self.addresses
        ]
        with smtplib.SMTP(self.host, self.port, local_hostname="office.example.invalid", timeout=10) as post:
            post.send_message(letter, SENDER.addr_spec, [self.addresses[addressee]])

    def _address(self, name: str, words: MessageCatalogue) -> Address:
        return Address(words.label(name, "zh", "role"), addr_spec=self.addresses[name])


def write(suggestion: Suggestion, urged: Supervision, at: DateTime, words: MessageCatalogue) -> EmailMessage:
    """The letter in Chinese, without its addressees; of what not everybody may see it names the number alone."""
    letter = EmailMessage()
    letter["Message-ID"] = f"<{key_of(suggestion.id, urged.entry)}@office.example.invalid>"
    letter["From"] = SENDER
    letter["Date"] = at
    letter["Auto-Submitted"] = "auto-generated"
    title = "" if nobody_sees(suggestion) == WITHHELD else " ".join((suggestion.title or "").split())
    letter["Subject"] = f"【{words.label(urged.channel, 'zh', 'channel')}】代表建议 {suggestion.id} {title}".rstrip()
    letter.set_content("\n".join(_lines(suggestion, urged, title, words)))
    return letter


def _lines(suggestion: Suggestion, urged: Supervision, title: str, words: MessageCatalogue) -> list[str]:
    subject = f"代表建议 {suggestion.id}" + (f"《{title}》" if title else "")
    said = "内容请到办公室查阅。" if nobody_sees(suggestion) == WITHHELD else supervision_text(urged, "zh", words)
    answer = f"请于 {urged.answer_by} 前答复（督办第 {urged.number} 号）。" if urged.answer_by else ""
    signed = f"{words.label(urged.issuer or urged.by.role, 'zh', 'role')}  {urged.on}"
    return [f"{name_of(urged.unit)}：", "", f"{subject}：{said}", *([answer] if answer else []), "", signed, ""]
