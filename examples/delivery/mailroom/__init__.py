"""What the clock and people say leaves the house: once, and when the addressee may be disturbed (收发室)."""

from mailroom.dispatch import Dispatch, Way
from mailroom.letters import Mail
from mailroom.loopback import NoticeBoard, PostOffice
from mailroom.notices import Webhook
from mailroom.register import Outgoing, Register, Undelivered

__all__ = ["Dispatch", "Mail", "NoticeBoard", "Outgoing", "PostOffice", "Register", "Undelivered", "Way", "Webhook"]
