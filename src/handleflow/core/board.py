"""How does every open suggestion stand today, and who holds it?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby

from handleflow.core.standing import TermStanding, stands
from handleflow.legal_time import Day, Span, days_later
from handleflow.legal_time.convention import shift
from handleflow.model import Suggestion, Term, TermKey
from handleflow.model.supervision import Supervision
from handleflow.model.term import COMMITMENT
from handleflow.rules import Rulebook
from handleflow.values import frozen

Ruled = tuple[Rulebook, Suggestion]
"""A suggestion with the rulebook it is pinned to."""


@frozen
class BoardLine:
    """
    One unit's part in an open suggestion, or an open suggestion no unit has.

    *waits_for* is the term whose day comes first, of the unit or of the whole, with its day and where that
    stands. *light* is the colour of the days as the rulebook's lights say, *progress* the newest colour
    somebody gave the unit's work. *last_said* is the newest supervision of the unit.
    """

    id: str
    title: str
    state: str
    is_key: bool
    unit: str
    role: str
    leader: str
    waits_for: TermKey | None
    due_on: Day | None
    standing: TermStanding | None
    light: str
    progress: str
    last_said: Supervision | None


def board(ruled: Iterable[Ruled], on: Day) -> tuple[BoardLine, ...]:
    """Every open suggestion as it stands on a day, a line a unit, the most urgent first."""
    lines = [line for rules, s in ruled if not is_over(rules, s) for line in _lines(rules, s, on)]
    return tuple(sorted(lines, key=lambda line: _urgency(line, on)))


def _urgency(line: BoardLine, on: Day) -> tuple[bool, Day, bool, str, str]:
    """What has the nearest day comes first, what waits for nothing last."""
    return line.due_on is None, line.due_on or on, line.waits_for is None, line.id, line.unit


def grouped(
    lines: Iterable[BoardLine], by: Callable[[BoardLine], str]
) -> tuple[tuple[str, tuple[BoardLine, ...]], ...]:
    """The lines of each unit or each leader together, in the order of their names; nobody's come last."""
    named = sorted(lines, key=lambda line: (not by(line), by(line)))
    return tuple((name, tuple(group)) for name, group in groupby(named, by))


def light_of(rules: Rulebook, terms: Iterable[Term], on: Day) -> str:
    """
    The colour the days of *terms* have on a day: the last light any of them has come to.

    Before any, it is the first light, if that is lit by no day of its own.
    """
    reached = [0] if rules.lights and rules.lights[0].offset is None else []
    for term in terms:
        if term.due_on is not None and not term.is_paused:
            reached.extend(
                place
                for place, light in enumerate(rules.lights)
                if light.offset is not None and shift(term.due_on, light.offset, rules.calendar) <= on
            )
    return rules.lights[max(reached)].colour if reached else ""


def days_of_light(rules: Rulebook, colour: str, on: Day) -> tuple[Day | None, Day | None] | None:
    """
    From when to when a nearest day must lie for the light to have *colour* on *on*, None where it is open.

    None where no day gives that colour: people alone do. A suggestion without any day has the first light.
    """
    dated = [light for light in rules.lights if light.offset is not None]
    latest = [_latest_due(rules, light.offset, on) for light in dated if light.offset is not None]
    colours = [light.colour for light in dated]
    if colour in colours:
        place = colours.index(colour)
        after = latest[place + 1] if place + 1 < len(latest) else None
        return (days_later(after) if after else None), latest[place]
    is_first = bool(rules.lights) and rules.lights[0].offset is None and rules.lights[0].colour == colour
    return (days_later(latest[0]) if latest else None, None) if is_first else None


def _latest_due(rules: Rulebook, offset: Span, on: Day) -> Day:
    """The latest due day whose light at *offset* is lit on *on*."""
    found = shift(on, Span(-offset.n, offset.unit), rules.calendar)
    while shift(found, offset, rules.calendar) > on:
        found = days_later(found, -1)
    while shift(days_later(found), offset, rules.calendar) <= on:
        found = days_later(found)
    return found


def is_over(rules: Rulebook, suggestion: Suggestion) -> bool:
    """Whether the suggestion stands where its rulebook's lifecycle ends."""
    return suggestion.state in rules.lifecycle.final_states


def _promised(suggestion: Suggestion, unit: str) -> TermKey | None:
    """What a unit promised without a day, which therefore has no term."""
    promised = next((c for c in suggestion.open_commitments if c.unit == unit), None)
    return TermKey(COMMITMENT, unit, promised.round, promised.number) if promised else None


def _lines(rules: Rulebook, suggestion: Suggestion, on: Day) -> Iterator[BoardLine]:
    parts = [(a.unit, a.role) for a in suggestion.active()] or [("", "")]
    for unit, role in parts:
        running = [t for t in suggestion.running_terms() if t.key.unit in {"", unit} and t.due_on is not None]
        first = min(running, key=lambda term: (term.due_on or on, term.key.rule), default=None)
        said = [s for s in suggestion.supervisions if s.unit == unit or not unit]
        waits_for = first.key if first else _promised(suggestion, unit)
        marks = [mark for mark in suggestion.progress_marks if mark.unit == unit]
        yield BoardLine(
            suggestion.id,
            suggestion.title or "",
            suggestion.state,
            bool(suggestion.is_key),
            unit,
            role,
            rules.leader_of(suggestion, unit) or "",
            waits_for,
            first.due_on if first else None,
            stands(rules.calendar, first, on) if first else None,
            light_of(rules, running, on),
            marks[-1].colour if marks else "",
            said[-1] if said else None,
        )
