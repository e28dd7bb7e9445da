"""Due date computation: when is a term due, given all that lengthened, stopped or fixed it?"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import NamedTuple

from handleflow.legal_time import Counted, Day, Note, Span, WorkCalendar, count
from handleflow.legal_time.convention import roll, shift
from handleflow.model import Suggestion, Term
from handleflow.model.changing import changed
from handleflow.model.term import Extension, Pause
from handleflow.rules import ExtensionRule, Rulebook, TermRule
from handleflow.rules.builtin_checks import longest


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
    ledger: Term | None = None,
    note: Note | None = None,
) -> Counted:
    """
    The due day: the later of what the law gives, the span from the anchor and the pauses, and what was granted.

    The *ledger* is the term with all that. A granted day takes in what of the pauses comes after the grant, and rolls
    as the last day of a span does: an extension never shortens. One given as a span is added anew to the day that the
    law gives, as far as the rule of the term allows, and comes to no less than it came to when it was given. Pauses
    are measured in the unit of the term. The earlier of notice and that day holds. *note* hears each step, so that
    what explains a day is what reckoned it.

    Raises:
        OutsideCalendar: when the calendar does not reach that far.
    """
    trace = note or _hear_nothing
    counted = count(anchor_on, span, rules.convention, rules.calendar, note)
    if ledger is None:
        return counted
    rule = rules.term_rule(ledger.key.rule)
    reckoning = _Reckoning(rules, anchor_on, span, counted, rule.extension if rule else None, note is not None)
    last = reckoning.last_end(ledger.extensions, ledger.pauses)
    for what, on, about in last.steps:
        trace(what, on, about)
    if not any(what in {"extended", "kept"} for what, *_ in last.steps):
        for extension in ledger.extensions:
            trace("not_longer", last.due_on, extension)
    due, notice_on = last.due_on, ledger.notice_on
    if notice_on is not None:
        trace("notice" if notice_on < due else "late_notice", min(notice_on, due), notice_on)
        due = min(notice_on, due)
    return Counted(last.unrolled_on, due, counted.is_provisional or not rules.calendar.is_known(due))


TracedStep = tuple[str, Day, object]


class _End(NamedTuple):
    """A day that a term may last until, with the steps that led there."""

    unrolled_on: Day
    due_on: Day
    steps: tuple[TracedStep, ...] = ()

    def after(self, calendar: WorkCalendar, *steps: TracedStep) -> _End:
        """The same end, to which *steps* led; and the roll, where its day rests."""
        skipped = calendar.rest_days_between(self.unrolled_on, self.due_on)
        rolled = [("rolled", self.due_on, skipped)] if self.due_on != self.unrolled_on else []
        return _End(self.unrolled_on, self.due_on, (*steps, *rolled))


class _Reckoning(NamedTuple):
    """What the ends of a term are reckoned from: anchor and span, the day they give, and the rule to lengthen it."""

    rules: Rulebook
    anchor_on: Day
    span: Span
    law: Counted
    longer: ExtensionRule | None
    is_heard: bool

    def last_end(self, extensions: tuple[Extension, ...], pauses: tuple[Pause, ...]) -> _End:
        """The latest of the ends that the law and each extension lead to."""
        ends = [self._stopped(_End(self.law.unrolled_on, self.law.due_on), pauses)]
        for number, extension in enumerate(extensions):
            parts = [_parted(pause, extension) for pause in pauses]
            before = self.last_end(extensions[:number], tuple(known for known, _ in parts))
            later = tuple(unknown for _, unknown in parts)
            ends += [self._stopped(end, later) for end in self._extended(before, extension)]
        return max(ends, key=lambda end: end.due_on)

    def _extended(self, before: _End, extension: Extension) -> Iterator[_End]:
        """The day that was given; and, where it was given as a span, what that comes to after the end *before*."""
        rules, within, until = self.rules, extension.within, extension.until
        limit: list[TracedStep] = []
        if self.longer is not None and (within or self.is_heard):
            most = longest(rules, self.longer, self.anchor_on, before.unrolled_on)
            limit = [("longest", most.due_on, self.longer)]
            if within is not None:
                anew = count(before.unrolled_on, within, rules.convention, rules.calendar)
                least = min(anew, most, key=lambda counted: counted.due_on)
                told: TracedStep = ("extended", least.unrolled_on, extension)
                yield _End(least.unrolled_on, least.due_on).after(rules.calendar, *before.steps, *limit, told)
        given = _End(until, roll(until, rules.convention, rules.calendar))
        told = ("extended" if within is None else "kept", until, extension)
        yield given.after(rules.calendar, *limit, told)

    def _stopped(self, end: _End, pauses: tuple[Pause, ...]) -> _End:
        """*end* with the *pauses* that it does not know of yet."""
        rules, unit = self.rules, "workday" if self.span.unit == "workday" else "day"
        for pause in pauses:
            if stopped := stopped_by(rules, pause, self.span):
                unrolled = shift(end.unrolled_on, Span(stopped, unit), rules.calendar)
                due = unrolled if unit == "workday" else roll(unrolled, rules.convention, rules.calendar)
                end = _End(unrolled, due).after(rules.calendar, *end.steps, ("paused", unrolled, pause))
        return end


def _parted(pause: Pause, extension: Extension) -> tuple[Pause, Pause]:
    """What of *pause* was over when *extension* was given, and what came later: all of one that was told later."""
    if pause.end is None:
        return pause, pause
    given_on = pause.start if pause.entry > extension.entry else extension.on or pause.end
    cut = min(pause.end, max(pause.start, given_on))
    return changed(pause, end=cut), changed(pause, start=cut)


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
    named = (term.notice_on, *(extension.until for extension in term.extensions[-1:] if extension.within is None))
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
