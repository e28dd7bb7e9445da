"""Workload read model: what does each unit owe, and how did it keep its days?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import attrs

from handleflow.core.due_day import awaits_notice
from handleflow.errors import UnknownRulebook, in_words
from handleflow.legal_time import Day, Span
from handleflow.legal_time.convention import shift
from handleflow.model import Suggestion, Term
from handleflow.party import name_of, plain_party
from handleflow.rules import Rulebook, WithRulebook
from handleflow.values import frozen
from handleflow.views.access import MARK, WITHHELD, Sees, nobody_sees
from handleflow.words import say

SOON = Span(5, "workday")
"""How near a day is for ``due_soon`` where nobody says otherwise; a choice of this library, not of any law."""


WORKLOAD_COLUMNS = (
    "unit",
    "open",
    "due_soon",
    "overdue",
    "in_time",
    "late",
    "contacts",
    "supervised",
    "answers",
    "provisional",
)


@frozen
class UnitWorkload:
    """
    One unit over all suggestions, by its own clocks: what another unit held before does not burden it.

    *open* counts its parts in open suggestions, *due_soon* and *overdue* its running terms whose clock does not
    stand. A day that has passed counts by itself, whether the clock has said so or not. *replied_in_time*
    and *replied_late* count its replies; one it missed and still owes, or was relieved of, is late.
    *contacts_in_time* of *contacts* are the first contacts whose day is over or that were made; *supervised*
    is how often it was urged, *answers_in_time* of *answers* what it answered by the day asked for.

    *provisional* counts its running terms whose day a holiday notice that has not come may still move: none of them
    is overdue, whatever day it is.

    *unjudged* names the suggestions it has or had a part in that are not counted, each with the reason why they could
    not be judged.
    """

    unit: str
    open: int
    due_soon: int
    overdue: int
    replied_in_time: int
    replied_late: int
    contacts: int
    contacts_in_time: int
    supervised: int
    answers: int
    answers_in_time: int
    provisional: int = 0
    unjudged: tuple[tuple[str, str], ...] = ()


_COUNTS = tuple(a.name for a in attrs.fields(UnitWorkload) if a.name not in {"unit", "unjudged"})


def workload(
    suggestions: Iterable[WithRulebook], on: Day, soon: Span = SOON, sees: Sees = nobody_sees
) -> tuple[UnitWorkload, ...]:
    """
    What each unit owes on a day, in the order of their names; a day within *soon* is near.

    Each suggestion is judged by itself; those that cannot be are named in ``unjudged``, without the reason where the
    reader who *sees* them may not.
    """
    tally: Counter[tuple[str, str]] = Counter()
    unjudged: dict[str, list[tuple[str, str]]] = {}
    for rules, suggestion in suggestions:
        try:
            tally.update(_of_one(rules, suggestion, on, soon))
        except Exception as error:  # one that cannot be judged stops no other
            why = MARK if sees(suggestion) == WITHHELD else in_words(error)
            for unit in {a.unit for a in suggestion.assignments}:
                unjudged.setdefault(unit, []).append((suggestion.id, why))
    units = sorted({unit for unit, _ in tally}.union(unjudged))
    return tuple(_of_unit(unit, tally, tuple(unjudged.get(unit, ()))) for unit in units)


def _of_unit(unit: str, tally: Counter[tuple[str, str]], unjudged: tuple[tuple[str, str], ...]) -> UnitWorkload:
    counts = {field: tally[unit, field] for field in _COUNTS}
    return UnitWorkload(unit, **counts, unjudged=unjudged)


def _of_one(
    rules: Rulebook | UnknownRulebook, suggestion: Suggestion, on: Day, soon: Span
) -> tuple[tuple[str, str], ...]:
    """
    What one suggestion counts for.

    Raises:
        Exception: whatever keeps its rulebook from saying so.
    """
    if isinstance(rules, UnknownRulebook):
        raise rules
    return tuple(_counted(rules, suggestion, on, shift(on, soon, rules.calendar)))


def _counted(rules: Rulebook, suggestion: Suggestion, on: Day, soon: Day) -> Iterator[tuple[str, str]]:
    """Everything of one suggestion that counts for a unit, as (unit, what it counts for)."""
    if not rules.is_over(suggestion):
        yield from ((a.unit, "open") for a in suggestion.active())
    for term in suggestion.terms:
        rule = rules.term_rule(term.key.rule)
        if term.key.unit and (rule is None or rule.owed_by == "unit"):
            yield from ((term.key.unit, field) for field in _of_a_term(rules, term, on, soon))
    named = {a.unit for a in suggestion.assignments}
    yield from ((s.unit, "supervised") for s in suggestion.supervisions if s.unit in named)


def _of_a_term(rules: Rulebook, term: Term, on: Day, soon: Day) -> Iterator[str]:
    is_provisional = awaits_notice(rules.calendar, term)
    if is_provisional:
        yield "provisional"
    if term.status(on) == "overdue" and not is_provisional:
        yield "overdue"
    elif term.status(on) in {"not_due", "due_today"} and term.awaited_on is not None and term.awaited_on <= soon:
        yield "due_soon"
    if term.end != "met" and not term.is_missed_on(on):
        return
    rule, is_late = rules.term_rule(term.key.rule), term.is_late_on(on)
    if rule is not None and rule.is_of_a_reply:
        yield "replied_late" if is_late else "replied_in_time"
    for kind, counted in (("contact_recorded", "contacts"), ("supervision_answered", "answers")):
        if rule is not None and kind in rule.met_by:
            yield from (counted,) if is_late else (counted, f"{counted}_in_time")


def workload_data(workloads: Iterable[UnitWorkload]) -> list[dict[str, Any]]:
    """What units owe as plain data, a unit a row."""
    return [{**attrs.asdict(one), "unit": plain_party(one.unit), "unjudged": dict(one.unjudged)} for one in workloads]


def workload_lines(workloads: Iterable[UnitWorkload]) -> Iterator[tuple[str, ...]]:
    """What units owe as rows of words, under ``workload_columns``; of what has a share both numbers."""
    shown = tuple(workloads)
    has_provisional = any(each.provisional for each in shown)
    for a in shown:
        counts = (a.open, a.due_soon, a.overdue, a.replied_in_time, a.replied_late)
        contacts, answers = f"{a.contacts_in_time}/{a.contacts}", f"{a.answers_in_time}/{a.answers}"
        provisional = (str(a.provisional),) if has_provisional else ()
        yield (name_of(a.unit), *map(str, counts), contacts, str(a.supervised), answers, *provisional)


def workload_columns(lang: str = "en", workloads: Iterable[UnitWorkload] = ()) -> tuple[str, ...]:
    """The heads of the columns of what units owe; what is provisional has one where there is any in *workloads*."""
    has_provisional = any(each.provisional for each in workloads)
    named = (name for name in WORKLOAD_COLUMNS if name != "provisional" or has_provisional)
    return tuple(say(f"units-column_{name}", lang) for name in named)
