"""Health check of the scheduler: does the clock live, and what should it have said first?"""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from pendulum import DateTime

from handleflow.core import supervise
from handleflow.core.due_day import awaits_notice
from handleflow.engine.held_rulebooks import HeldRulebooks
from handleflow.engine.present import PresentReader
from handleflow.engine.requests import attempted, log_foreign, look_up
from handleflow.errors import Reason, in_words
from handleflow.legal_time import Day, day, days_later, instant, latest
from handleflow.legal_time.calendar import ENDS_SOON
from handleflow.model import Term, TermKey
from handleflow.rules import Rulebook
from handleflow.rules.in_force import out_of_force
from handleflow.store import Query, Store, Waking, count, find
from handleflow.values import frozen

_PAGE = 200


@frozen
class OverdueStep:
    """What the clock should have said by a day and has not: a rung's id, ``deadline_missed``, or why it cannot."""

    id: str
    on: Day
    what: str


@frozen
class CalendarEnd:
    """
    A calendar that ends soon or has ended: its name and version, its last known day, the days left to that, negative
    where it is past, and on how many suggestions a day has passed that waits for the notice of the year after it.
    """

    calendar: str
    on: Day
    days_left: int
    awaiting_notice: int = 0


@frozen
class Health:
    """
    Whether the clock is alive: the *oldest* thing unsaid, on how many suggestions something waits, which
    terms have no day, and when the clock was last let speak and last said something.

    *not_held* are the rulebooks, as ``name version``, that suggestions hang on and that the engine does not hold,
    with how many hang on each: no clock, board or report can judge those. *near_twins* are names in use that are
    nearly the same.

    *calendar_ends* are the calendars by which new suggestions or old ones are counted here and that end within 60
    days or have ended: days past it are provisional, and a miss of one waits for the notice.

    *out_of_force* warns, once for each reason, that the rulebook for new suggestions does not hold on that day.

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
    calendar_ends: tuple[CalendarEnd, ...] = ()
    out_of_force: tuple[Reason, ...] = ()


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
    ends = tuple(calendar_ends(store, held, until))
    first_one = held.first
    doubts = tuple(out_of_force(first_one, first_one.calendar.day_of(until))) if first_one else ()
    return Health(
        oldest, waiting, terms, last.at, last.last_effect_at, near_twins, not_held, present.skew, ends, doubts
    )


def calendar_ends(store: Store, held: HeldRulebooks, at: DateTime) -> Iterator[CalendarEnd]:
    """The calendars in use that end soon after *at* or have ended, those that end first before."""
    in_use = set(count(store, Query(), "rulebook")) | ({str(held.first.ref)} if held.first else set())
    found: dict[tuple[Day, str], list[Rulebook]] = {}
    for rules in held:
        if str(rules.ref) in in_use:
            key = rules.calendar.known_through, f"{rules.calendar.name} {rules.calendar.version}"
            found.setdefault(key, []).append(rules)
    for (known_through, name), counted_by in sorted(found.items(), key=lambda each: each[0]):
        today = counted_by[0].calendar.day_of(at)
        left = counted_by[0].calendar.days_left(at)
        if left <= ENDS_SOON:
            waiting = sum(_awaiting_notice(store, rules, today) for rules in counted_by) if left < 0 else 0
            yield CalendarEnd(name, known_through, left, waiting)


def _awaiting_notice(store: Store, rules: Rulebook, today: Day) -> int:
    """On how many suggestions under *rules* a day before *today* waits for a notice."""
    query = Query(rulebook=str(rules.ref), due_until=days_later(today, -1))
    page, found = find(store, query, limit=_PAGE), 0
    while True:
        found += sum(any(_has_passed(rules, term, today) for term in each.terms) for each in page.suggestions)
        if page.next is None:
            return found
        page = find(store, query, after=page.next, limit=_PAGE)


def _has_passed(rules: Rulebook, term: Term, today: Day) -> bool:
    return awaits_notice(rules.calendar, term) and term.status(today) == "overdue"


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
