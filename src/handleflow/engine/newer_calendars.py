"""Calendar rollover: which rulebooks can be counted by a newer calendar that a store keeps, and what moves then?"""

from __future__ import annotations

from collections.abc import Iterator

from handleflow.acts import Adopt
from handleflow.core.adopt_calendar import is_moved
from handleflow.engine.bulk import BulkOutcome, Concerns, Decided, applied
from handleflow.engine.held_rulebooks import HeldRulebooks
from handleflow.engine.optimistic_writer import Decide, OptimisticWriter
from handleflow.engine.present import Present
from handleflow.engine.requests import Outcomes, attempted
from handleflow.errors import AlteredCalendar
from handleflow.legal_time import WorkCalendar
from handleflow.model import Suggestion
from handleflow.rules import Rulebook
from handleflow.rules.newer_calendar import is_newer, kept_calendar, newest_last, own_version, under_calendar
from handleflow.store import Batch, Store, StoredCalendar, StoredRulebook
from handleflow.values import frozen
from handleflow.words import Message


@frozen
class CalendarAdoption:
    """
    A rulebook that is counted by a newer calendar: what it is called now and was before, the calendar, and what
    became of its open suggestions; *moved* are those of which a day moved or became certain.
    """

    rulebook: str
    before: str
    calendar: str
    outcome: BulkOutcome
    moved: tuple[str, ...] = ()


def add_calendar(store: Store, calendar: WorkCalendar) -> bool:
    """
    Keep *calendar* in *store*; whether it is new there.

    Raises:
        AlteredCalendar: when its name and version stand for other content there.
    """
    kept = {
        each.digest for each in store.calendars() if (each.name, each.version) == (calendar.name, calendar.version)
    }
    if kept - {calendar.digest}:
        raise AlteredCalendar(Message("error-altered_calendar", {"calendar": f"{calendar.name} {calendar.version}"}))
    store.add_calendar(StoredCalendar(calendar.name, calendar.version, calendar.digest, calendar.document))
    return not kept


def adopted_calendars(
    store: Store, writer: OptimisticWriter, held: HeldRulebooks, decided: Decided, trial: Present | None
) -> Iterator[CalendarAdoption]:
    """Bring every rulebook that is held under the newest calendar kept of its name; with *trial* write nothing."""
    calendars = sorted((kept_calendar(each.document) for each in store.calendars()), key=newest_last)
    for rules in [each for each in held if each.version == own_version(each.version)]:
        newest = next((each for each in reversed(calendars) if is_newer(each, rules.calendar)), None)
        if newest is None:
            continue
        newer = under_calendar(rules, newest)
        if trial is None:
            store.add_rulebook(StoredRulebook(newer.name, newer.version, newer.digest, newer.document))
            held.take_newer_calendars(store)
            outcome = applied(store, writer, *_adopting(rules, newer, decided))
        else:
            with held.trying(newer):
                outcome = _tried(store, trial, *_adopting(rules, newer, decided))
        moved = tuple(dict.fromkeys(id for id, entry in outcome.entries if is_moved((entry,))))
        yield CalendarAdoption(str(newer.ref), str(rules.ref), f"{newest.name} {newest.version}", outcome, moved)


def _adopting(rules: Rulebook, newer: Rulebook, decided: Decided) -> tuple[Concerns, Decide]:
    """Which suggestions it concerns, and what is decided of each: all that are open, so that new terms count so."""

    def concerns(suggestion: Suggestion) -> bool:
        pinned = suggestion.rulebook
        if pinned is None or pinned.name != rules.name or own_version(pinned.version) != rules.version:
            return False
        return pinned.version != newer.version and not rules.is_over(suggestion)

    def decide(suggestion: Suggestion, present: Present) -> list[Batch]:
        return [decided(suggestion, present, Adopt(newer.name, newer.version))] if concerns(suggestion) else []

    return concerns, decide


def _tried(store: Store, present: Present, concerns: Concerns, decide: Decide) -> BulkOutcome:
    outcomes = Outcomes()
    for suggestion in filter(concerns, store.snapshots()):
        outcomes.add(suggestion.id, attempted(decide, suggestion, present))
    return BulkOutcome(tuple(outcomes.written), (), tuple(outcomes.failed), outcomes.error)
