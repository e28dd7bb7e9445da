"""What did the clock say, and does it live?"""

from __future__ import annotations

from pendulum import DateTime

from handleflow.legal_time import Day
from handleflow.model import Entry, TermKey
from handleflow.values import frozen


@frozen
class Sweep:
    """
    What a sweep said, which suggestions somebody else wrote meanwhile, which could not be spoken of and why
    (a rulebook not held here, a database that refused), and how many still wait.
    """

    said: tuple[tuple[str, Entry], ...]
    stale: tuple[str, ...]
    remaining: int
    failed: tuple[tuple[str, str], ...] = ()


@frozen
class Unsaid:
    """What the clock should have said by a day and has not: a rung's id, ``deadline_missed``, or why it cannot."""

    id: str
    on: Day
    what: str


@frozen
class Health:
    """
    Whether the clock is alive: the *oldest* thing unsaid, on how many suggestions something waits, which
    terms have no day, and when the clock was last let speak and last said something.
    """

    oldest: Unsaid | None
    waiting: int
    unarmed: tuple[tuple[str, TermKey], ...]
    swept_at: DateTime | None
    spoke_at: DateTime | None
