"""Time correction command: which instants were the right ones, where a clock stood wrong? Nothing is erased."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import attrs

from handleflow.acts._common_checks import calendar_reaches
from handleflow.errors import Reason
from handleflow.legal_time import is_before
from handleflow.model import Act, Provenance, Question, RightTime, Suggestion, reads_the_act
from handleflow.model.changing import changed
from handleflow.model.fields import not_blank
from handleflow.values import frozen


@reads_the_act
def _names_entries_that_are_there(act: CorrectTime, question: Question[CorrectTime]) -> Iterator[Reason]:
    if not act.times:
        yield Reason("no_times", kind="value")
    last = len(question.history)  # misses that are written with this act are not among them
    for right in act.times:
        if not 1 <= right.entry <= last:
            yield Reason("no_such_entry", {"entry": right.entry, "last": last}, "value")


@reads_the_act
def _names_their_days(act: CorrectTime, question: Question[CorrectTime]) -> Iterator[Reason]:
    for right in act.times:
        if (day := question.calendar.day_of(right.at)) != right.on:
            yield Reason("not_its_day", {"entry": right.entry, "on": right.on, "day": day}, "value")
        yield from calendar_reaches(day, question)


@reads_the_act
def _time_does_not_run_back(act: CorrectTime, question: Question[CorrectTime]) -> Iterator[Reason]:
    """Of the entries as they would be corrected, and of this one."""
    instants = [(entry.number, entry.at) for entry in question.history]
    instants.append((question.suggestion.next_entry, question.provenance.at))
    for (before, earlier), (after, later) in pairwise(instants):
        if is_before(later, earlier):
            yield Reason("time_runs_back", {"entry": after, "before": before}, "value")


@frozen
class CorrectTime(Act):
    """
    The office says at which instants entries were really recorded, where a clock stood wrong.

    Each of *times* goes for its entry and for those after it that were recorded at the same instant. From here on
    order, terms, misses and counts go by the corrected instants; the wrong ones stay in the entries, readable and
    under their hashes. What the clock said under a wrong instant was said, and is not said again.
    """

    verb = "correct_time"
    kind = "time_corrected"
    reads_history = True
    checks = (_names_entries_that_are_there, _names_their_days, _time_does_not_run_back)
    times: tuple[RightTime, ...]
    reason: str = attrs.field(validator=not_blank)

    @property
    def right_times(self) -> tuple[RightTime, ...]:
        return self.times

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        return changed(suggestion, right_times=(*suggestion.right_times, *self.times))
