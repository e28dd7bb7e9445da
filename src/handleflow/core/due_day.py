"""Due date computation: when is a term due, given all that lengthened, stopped or fixed it?"""

from __future__ import annotations

import datetime
from typing import NamedTuple

from handleflow.legal_time import Counted, Day, Note, Span, WorkCalendar, count
from handleflow.legal_time.convention import roll, shift
from handleflow.model import Suggestion, Term
from handleflow.model.changing import changed
from handleflow.model.term import Extension, Pause
from handleflow.rules import Rulebook, TermRule


def span_of(rule: TermRule, suggestion: Suggestion) -> Span | None:
    """The span that holds: the longer one on the long track, where the rule has one; None without any."""
    return rule.long_span if suggestion.is_long_track and rule.long_span else rule.span


def notice_for(rule: TermRule, suggestion: Suggestion) -> Day | None:
    """The one fixed day a notice set, for the terms a reply meets."""
    return suggestion.notice_on if rule.is_of_a_reply else None


def compute_due_day(
    rules: Rulebook,
    anchor_on: Day,
    span: Span,
    notice_on: Day | None = None,
    extensions: tuple[Extension, ...] = (),
    pauses: tuple[Pause, ...] = (),
    note: Note | None = None,
) -> Counted:
    """
    The due day: the later of what the law gives, the span from the anchor and the pauses, and what was granted.

    A granted day takes in what of the pauses comes after the grant, and rolls as the last day of a span does: an
    extension never shortens. Pauses are measured in the unit of the term. The earlier of notice and that day holds.
    *note* hears each step, so that what explains a day is what reckoned it.

    Raises:
        OutsideCalendar: when the calendar does not reach that far.
    """
    trace = note or _hear_nothing
    counted = count(anchor_on, span, rules.convention, rules.calendar, note)
    ends = [_prolonged(rules, span, counted.unrolled_on, counted.due_on, pauses)]
    for extension in extensions:
        rolled = roll(extension.until, rules.convention, rules.calendar)
        ends.append(_prolonged(rules, span, extension.until, rolled, pauses, extension))
    last = max(ends, key=lambda end: end.due_on)
    for what, on, about in last.steps:
        trace(what, on, about)
    if last is ends[0]:
        for extension in extensions:
            trace("not_longer", last.due_on, extension)
    due = last.due_on
    if notice_on is not None:
        trace("notice" if notice_on < due else "late_notice", min(notice_on, due), notice_on)
        due = min(notice_on, due)
    return Counted(last.unrolled_on, due, counted.is_provisional or not rules.calendar.is_known(due))


class _End(NamedTuple):
    """A day that a term may last until, with the steps that led there."""

    unrolled_on: Day
    due_on: Day
    steps: tuple[tuple[str, Day, object], ...]


def _prolonged(
    rules: Rulebook,
    span: Span,
    unrolled: Day,
    due: Day,
    pauses: tuple[Pause, ...],
    extension: Extension | None = None,
) -> _End:
    """The end that lies at *unrolled*, and rolled at *due*, with the pauses that it does not know of yet."""
    steps: list[tuple[str, Day, object]] = [("extended", unrolled, extension)] if extension else []
    is_in_workdays = span.unit == "workday"
    if extension and due != unrolled:
        steps.append(("rolled", due, rules.calendar.rest_days_between(unrolled, due)))
    for pause in pauses:
        stopped = stopped_by(rules, pause if extension is None else _after_the_grant(pause, extension), span)
        if stopped:
            unrolled = shift(unrolled, Span(stopped, "workday" if is_in_workdays else "day"), rules.calendar)
            due = unrolled if is_in_workdays else roll(unrolled, rules.convention, rules.calendar)
            steps.append(("paused", unrolled, pause))
            if due != unrolled:
                steps.append(("rolled", due, rules.calendar.rest_days_between(unrolled, due)))
    return _End(unrolled, due, tuple(steps))


def _after_the_grant(pause: Pause, extension: Extension) -> Pause:
    """What of *pause* nobody could reckon with who granted *extension*: all, where it was told later."""
    if pause.entry > extension.entry or pause.end is None:
        return pause
    granted_on = extension.on or pause.end
    return changed(pause, start=min(pause.end, max(pause.start, granted_on)))


def _hear_nothing(what: str, on: Day, about: object) -> None:
    pass


def awaits_notice(calendar: WorkCalendar, term: Term) -> bool:
    """
    Whether the notice of a year to come may still move the day of a running term, which is provisional till then.

    A day that people named (a promise, an extension until a day, a notice's own) is no calendar's to move, nor is one
    that lies before the calendar ends.
    """
    if not (term.is_provisional and term.is_running) or term.due_on is None or term.due_on <= calendar.known_through:
        return False
    named = (term.notice_on, *(extension.until for extension in term.extensions[-1:]))
    return term.span is not None and term.due_on not in named


def stopped_by(rules: Rulebook, pause: Pause, span: Span) -> int:
    """How many days a closed pause takes out, in working days for a term of working days."""
    if pause.end is None:
        return 0
    if span.unit == "workday":
        return rules.calendar.working_days_between(pause.start, pause.end)
    return pause.end.toordinal() - pause.start.toordinal()


def days_after(late: datetime.date, due: datetime.date) -> int:
    """How many calendar days *late* lies after *due*; 0 when it does not."""
    return max(0, late.toordinal() - due.toordinal())
