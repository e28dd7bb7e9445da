"""Due date computation: when is a term due, given all that lengthened, stopped or fixed it?"""

from __future__ import annotations

import datetime

from handleflow.legal_time import Counted, Day, Note, Span, count
from handleflow.legal_time.convention import roll, shift
from handleflow.model import Suggestion
from handleflow.model.term import Extension, Pause
from handleflow.rules import Rulebook, TermRule


def span_of(rule: TermRule, suggestion: Suggestion) -> Span | None:
    """The span that holds: the longer one on the long track, where the rule has one; None without any."""
    return rule.long_span if suggestion.is_long_track and rule.long_span else rule.span


def notice_for(rule: TermRule, suggestion: Suggestion) -> Day | None:
    """The one fixed day a notice set, for the terms a reply meets."""
    return suggestion.notice_on if "replied" in rule.met_by else None


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
    The due day: the span from the anchor, the last extension, the pauses after it, the notice.

    The earlier of notice and statute holds. Pauses are measured in the unit of the term. *note* hears
    each step, so that what explains a day is what reckoned it.

    Raises:
        OutsideCalendar: when the calendar does not reach that far.
    """
    trace = note or _hear_nothing
    counted = count(anchor_on, span, rules.convention, rules.calendar, note)
    unrolled, due, since = counted.unrolled_on, counted.due_on, 0
    for extension in extensions:
        unrolled, due, since = extension.until, extension.until, extension.entry
        trace("extended", due, extension)
    for pause in pauses:
        stopped = stopped_by(rules, pause, span)
        if pause.entry > since and stopped:
            unrolled = shift(unrolled, Span(stopped, "workday" if span.unit == "workday" else "day"), rules.calendar)
            trace("paused", unrolled, pause)
            due = unrolled if span.unit == "workday" else roll(unrolled, rules.convention, rules.calendar)
            if due != unrolled:
                trace("rolled", due, rules.calendar.rest_days_between(unrolled, due))
    if notice_on is not None:
        trace("notice" if notice_on < due else "late_notice", min(notice_on, due), notice_on)
        due = min(notice_on, due)
    return Counted(unrolled, due, counted.is_provisional or not rules.calendar.is_known(due))


def _hear_nothing(what: str, on: Day, about: object) -> None:
    pass


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
