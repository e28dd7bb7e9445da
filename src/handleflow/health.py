"""Does the clock live, and what should it have said first?"""

from __future__ import annotations

from pendulum import DateTime

from handleflow.core import supervise
from handleflow.errors import in_words
from handleflow.held_rulebooks import HeldRulebooks
from handleflow.legal_time import Day, latest
from handleflow.model import TermKey
from handleflow.requests import attempted, log_foreign, look_up
from handleflow.store import Store, Waking
from handleflow.values import frozen


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


def health_of(store: Store, held: HeldRulebooks, now: DateTime) -> Health:
    """Whether the clock lives at *now*; what cannot be spoken of is told with its reason."""
    on = held.latest_day(now)
    waiting = store.due_count(on) if on else 0
    first = store.due(on, limit=1) if on and waiting else ()
    swept, oldest = store.swept(), _unsaid(store, held, first[0], now) if first else None
    return Health(oldest, waiting, store.unarmed(), swept.at, swept.spoke_at)


def _unsaid(store: Store, held: HeldRulebooks, waking: Waking, now: DateTime) -> Unsaid:
    what = attempted(_first_words, store, held, waking.id, now)
    if isinstance(what, Exception):
        log_foreign(what, f"suggestion {waking.id}")
        what = in_words(what)
    return Unsaid(waking.id, waking.on, what)


def _first_words(store: Store, held: HeldRulebooks, id: str, now: DateTime) -> str:
    """The id of the rung that should speak first, or the kind of what should be said."""
    suggestion = look_up(store, id)
    entries = supervise(held.deciding(suggestion), suggestion, at=latest(now, suggestion.last_at or now))
    claim = getattr(entries[0].event, "claim", None) if entries else None
    return claim.rung if claim else entries[0].kind if entries else ""
