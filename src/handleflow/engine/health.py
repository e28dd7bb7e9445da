"""Health check of the scheduler: does the clock live, and what should it have said first?"""

from __future__ import annotations

import datetime

from pendulum import DateTime

from handleflow.core import supervise
from handleflow.engine.held_rulebooks import HeldRulebooks
from handleflow.engine.present import PresentReader
from handleflow.engine.requests import attempted, log_foreign, look_up
from handleflow.errors import in_words
from handleflow.legal_time import Day, day, instant, latest
from handleflow.model import TermKey
from handleflow.store import Store, Waking
from handleflow.values import frozen


@frozen
class OverdueStep:
    """What the clock should have said by a day and has not: a rung's id, ``deadline_missed``, or why it cannot."""

    id: str
    on: Day
    what: str


@frozen
class Health:
    """
    Whether the clock is alive: the *oldest* thing unsaid, on how many suggestions something waits, which
    terms have no day, and when the clock was last let speak and last said something.

    *not_held* are the rulebooks, as ``name version``, that suggestions hang on and that the engine does not hold,
    with how many hang on each: no clock, board or report can judge those. *near_twins* are names in use that are
    nearly the same.

    *clock_skew* is by how much the clock of the host that asks is ahead of the store's time, negative where it is
    behind; None where that is no more than is tolerated, and where there is nothing to compare it with.
    """

    oldest: OverdueStep | None
    waiting: int
    terms_without_day: tuple[tuple[str, TermKey], ...]
    last_sweep_at: DateTime | None
    last_effect_at: DateTime | None
    near_twins: tuple[tuple[str, str], ...] = ()
    not_held: tuple[tuple[str, int], ...] = ()
    clock_skew: datetime.timedelta | None = None


def health_of(
    store: Store,
    held: HeldRulebooks,
    reader: PresentReader,
    at: datetime.datetime | None,
    near_twins: tuple[tuple[str, str], ...] = (),
) -> Health:
    """Whether the clock lives at *at* or now; what cannot be spoken of is told with its reason."""
    present, until, first = reader.due(None, 1)
    if at is not None:
        until = instant(at)
        first = store.due(until, limit=1)
    waiting = store.due_count(until) if first else 0
    last, oldest = store.last_sweep(), _unsaid(store, held, first[0], until) if first else None
    terms, not_held = store.terms_without_day(), held.not_held(store)
    return Health(oldest, waiting, terms, last.at, last.last_effect_at, near_twins, not_held, present.skew)


def _unsaid(store: Store, held: HeldRulebooks, waking: Waking, until: DateTime) -> OverdueStep:
    what = attempted(_first_words, store, held, waking.id, until)
    if isinstance(what, Exception):
        log_foreign(what, f"suggestion {waking.id}")
        what = in_words(what)
    return OverdueStep(waking.id, _day_of(store, held, waking), what)


def _day_of(store: Store, held: HeldRulebooks, waking: Waking) -> Day:
    """The day it waits since, where its rulebook holds; in UTC where that is not held here."""
    found = attempted(lambda: held.deciding(look_up(store, waking.id)).calendar.day_of(waking.at))
    return day(waking.at.date()) if isinstance(found, Exception) else found


def _first_words(store: Store, held: HeldRulebooks, id: str, until: DateTime) -> str:
    """The id of the rung that should speak first, or the kind of what should be said."""
    suggestion = look_up(store, id)
    rules, at = held.deciding(suggestion), latest(until, suggestion.last_at or until)
    entries = supervise(rules, suggestion, at=at, begun_on=rules.calendar.day_of(until)).entries
    firing_key = getattr(entries[0].event, "firing_key", None) if entries else None
    return firing_key.rung if firing_key else entries[0].kind if entries else ""
