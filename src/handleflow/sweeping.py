"""What did the clock say, and does it live?"""

from __future__ import annotations

from pendulum import DateTime

from handleflow.errors import HandleflowError, StaleSuggestion
from handleflow.legal_time import Day
from handleflow.model import Entry, TermKey
from handleflow.store import Batch
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


class Outcomes:
    """What became of the suggestions of a sweep, one after another."""

    def __init__(self) -> None:
        self.said: list[tuple[str, Entry]] = []
        self._stale: list[str] = []
        self._failed: list[tuple[str, str]] = []

    def add(self, id: str, outcome: list[Batch] | HandleflowError) -> bool:
        """Note what the clock said of *id*, or why it could not; whether it spoke."""
        if isinstance(outcome, StaleSuggestion):
            self._stale.append(id)
        elif isinstance(outcome, HandleflowError):
            self._failed.append((id, str(outcome)))
        else:
            self.said.extend((id, entry) for batch in outcome for entry in batch.entries)
        return isinstance(outcome, list) and bool(outcome)

    def as_sweep(self, remaining: int) -> Sweep:
        """All of it, with how many still wait."""
        return Sweep(tuple(self.said), tuple(self._stale), remaining, tuple(self._failed))


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
