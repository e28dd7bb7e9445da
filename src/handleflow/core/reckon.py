"""When is a term due, given all that lengthened, stopped or fixed it?"""

from __future__ import annotations

import datetime

from handleflow.legal_time import Counted, Day, Span, count
from handleflow.legal_time.convention import roll, shift
from handleflow.model import Suggestion
from handleflow.model.term import Extension, Pause
from handleflow.rules import Rulebook, TermRule


def span_of(rule: TermRule, suggestion: Suggestion) -> Span:
    """The span that holds: the longer one on the long track, where the rule has one."""
    return rule.long_span if suggestion.is_long_track and rule.long_span else rule.span


def notice_for(rule: TermRule, suggestion: Suggestion) -> Day | None:
    """The one fixed day a notice set, for the terms a reply meets."""
    return suggestion.notice_on if "replied" in rule.met_by else None


def reckon(
    rules: Rulebook,
    anchor_on: Day,
    span: Span,
    notice_on: Day | None = None,
    extensions: tuple[Extension, ...] = (),
    pauses: tuple[Pause, ...] = (),
) -> Counted:
    """
    The due day: the span from the anchor, the last extension, the pauses after it, the notice.

    The earlier of notice and statute holds. Pauses are measured in the unit of the term.

    Raises:
        OutsideCalendar: when the calendar does not reach that far.
    """
    counted = count(anchor_on, span, rules.convention, rules.calendar)
    last = extensions[-1] if extensions else None
    unrolled, due = (last.until, last.until) if last else (counted.unrolled_on, counted.due_on)
    after = tuple(p for p in pauses if last is None or p.entry > last.entry)
    stopped = sum(stopped_by(rules, pause, span) for pause in after)
    if stopped:
        unit = "workday" if span.unit == "workday" else "day"
        unrolled = shift(unrolled, Span(stopped, unit), rules.calendar)
        due = unrolled if unit == "workday" else roll(unrolled, rules.convention, rules.calendar)
    if notice_on is not None and notice_on < due:
        due = notice_on
    return Counted(unrolled, due, counted.is_provisional or not rules.calendar.is_known(due))


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
